package pricing

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// ReserveInput asks to hold a use of a code for a cart.
type ReserveInput struct {
	Key string `json:"key,omitempty"`
	// Code is as a person typed it; CodeText says how it is read.
	Code string `json:"code"`
	// Partner and Cart are who buys and what with: that the cart is the
	// partner's is the caller's to know. A code that another partner has open in
	// the cart is refused as NotForYou.
	Partner partner.ID `json:"partner"`
	Cart    CartID     `json:"cart"`
}

// Reserve holds one use of a code for a cart until the answer's Until, for as
// long as the campaign says. Reserved again by the same cart it is the same use,
// held longer; lapsed in between, it is taken up again if one is free.
//
// Of all who race for a last use exactly one has it.
//
// Errors, in the order of the checks: ErrCodeInput; access.ErrForbidden;
// uow.ErrKeyReused; *CodeRefused with the Reason.
func (s *Codes) Reserve(ctx context.Context, a access.Actor, in ReserveInput) (Redemption, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx CodeTx) (Redemption, error) { return s.ReserveTx(ctx, tx, a, in) })
}

// ReserveTx is Reserve inside a transaction of the caller's. An error means that
// the transaction has to be abandoned.
func (s *Codes) ReserveTx(ctx context.Context, tx CodeTx, a access.Actor, in ReserveInput) (Redemption, error) {
	if err := checkBuyer(in.Partner, in.Cart); err != nil {
		return Redemption{}, err
	}
	if !s.policy.May(a, access.CodeUse, access.Owner{Partner: in.Partner}) {
		return Redemption{}, access.Denied(access.CodeUse)
	}
	return uow.Once(ctx, tx.Keys(), codeScope("reserve", a), in.Key, in, func() (Redemption, error) {
		f, no, err := s.resolve(ctx, tx, in.Code)
		if err != nil {
			return Redemption{}, err
		}
		if no != nil {
			return Redemption{}, no
		}
		open, err := tx.Redemptions().OfCart(ctx, in.Cart)
		if err != nil {
			return Redemption{}, err
		}
		return s.reserve(ctx, tx, a, f, ofCart(open, f, in.Partner, in.Cart), open)
	})
}

func checkBuyer(p partner.ID, cart CartID) error {
	var is fault.Issues
	check.Need(&is, "partner", string(p), maxName)
	check.Need(&is, "cart", string(cart), maxName)
	return is.Err(ErrCodeInput)
}

func (s *Codes) reserve(ctx context.Context, tx CodeTx, a access.Actor, f found, r Redemption, open []Redemption) (Redemption, error) {
	now := s.now()
	ad, err := s.admit(ctx, tx, f, &r, open, now)
	if err != nil {
		return Redemption{}, err
	}
	if err := fire(&r, ReserveCode, RedemptionFacts{Live: true}, ad.no); err != nil {
		return Redemption{}, err
	}
	until := f.campaign.holdUntil(now)
	if ad.held && !until.After(r.Until) {
		return r, nil // held as long as that already
	}
	for i := range ad.rooms {
		t := &ad.rooms[i].tally
		if ad.held {
			t.drop(r.Until)
			t.prune(now)
		}
		t.hold(until)
	}
	if err := keep(ctx, tx, ad.rooms); err != nil {
		return Redemption{}, err
	}
	if r.ID == "" {
		r.ID, r.By = RedemptionID(s.newID()), a.Stamp()
	}
	r.Until = until
	return s.saveUse(ctx, tx, r, RedemptionReserved{AboutCode: aboutCode(r, a.ID), Until: until})
}

// saveUse writes a redemption and tells of it.
func (s *Codes) saveUse(ctx context.Context, tx CodeTx, r Redemption, fact event.Payload) (Redemption, error) {
	saved, err := tx.Redemptions().Save(ctx, r)
	if err != nil {
		return Redemption{}, err
	}
	return saved, s.tell(ctx, tx, RedemptionDocKind+"/"+string(saved.ID), saved.Version, fact)
}
