package pricing

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/uow"
)

// ReleaseInput lets a code go that a cart has reserved.
type ReleaseInput struct {
	Key  string `json:"key,omitempty"`
	Code string `json:"code"` // read as CodeText reads it
	Cart CartID `json:"cart"`
}

// Release gives the use back that a cart holds of a code; it is free for others
// at once.
//
// Errors, in the order of the checks: ErrNoRedemption where the cart has no open
// use of the code, or for whoever may not see it; access.ErrForbidden;
// uow.ErrKeyReused.
func (s *Codes) Release(ctx context.Context, a access.Actor, in ReleaseInput) (Redemption, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx CodeTx) (Redemption, error) { return s.ReleaseTx(ctx, tx, a, in) })
}

// ReleaseTx is Release inside a transaction of the caller's. An error means that
// the transaction has to be abandoned.
func (s *Codes) ReleaseTx(ctx context.Context, tx CodeTx, a access.Actor, in ReleaseInput) (Redemption, error) {
	text, bad := CodeText(in.Code)
	// A repeated release finds nothing any more; only its key can tell.
	return uow.Once(ctx, tx.Keys(), codeScope("release", a), in.Key, in, func() (Redemption, error) {
		if bad != nil {
			return Redemption{}, ErrNoRedemption
		}
		open, err := tx.Redemptions().OfCart(ctx, in.Cart)
		if err != nil {
			return Redemption{}, err
		}
		at := slices.IndexFunc(open, func(r Redemption) bool { return r.Code == KeyOf(text) })
		if at < 0 {
			return Redemption{}, ErrNoRedemption
		}
		r := open[at]
		if err := s.policy.Check(a, access.CodeUse, access.CodeRead, access.Owner{Partner: r.Partner}, ErrNoRedemption); err != nil {
			return Redemption{}, err
		}
		return s.release(ctx, tx, a.ID, r)
	})
}

// ReleaseCartTx gives back every use that a cart holds, inside the transaction
// that deletes it. It asks for no permission: whoever may delete the cart may.
func (s *Codes) ReleaseCartTx(ctx context.Context, tx CodeTx, by access.ActorID, cart CartID) error {
	open, err := tx.Redemptions().OfCart(ctx, cart)
	if err != nil {
		return err
	}
	for _, r := range open {
		if _, err := s.release(ctx, tx, by, r); err != nil {
			return err
		}
	}
	return nil
}

func (s *Codes) release(ctx context.Context, tx CodeTx, by access.ActorID, r Redemption) (Redemption, error) {
	if r.State == CodeReserved {
		if err := s.giveBack(ctx, tx, r, func(t *Tally) bool { return t.drop(r.Until) }); err != nil {
			return Redemption{}, err
		}
	}
	if err := fire(&r, ReleaseCode, RedemptionFacts{}, nil); err != nil {
		return Redemption{}, err
	}
	r.EndedAt = s.now()
	return s.saveUse(ctx, tx, r, RedemptionReleased{aboutCode(r, by)})
}

// giveBack changes those counts of a use that are kept; what change did not
// touch is not written.
func (s *Codes) giveBack(ctx context.Context, tx CodeTx, r Redemption, change func(*Tally) bool) error {
	c, err := tx.Campaigns().Get(ctx, r.Campaign)
	if err != nil {
		return err
	}
	rooms, err := s.rooms(ctx, tx, c, r, s.now(), false)
	if err != nil {
		return err
	}
	for i := range rooms {
		rooms[i].known = rooms[i].known && change(&rooms[i].tally)
	}
	return keep(ctx, tx, rooms)
}
