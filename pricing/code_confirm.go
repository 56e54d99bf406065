package pricing

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/partner"
)

// ConfirmInput names the codes that an order uses.
type ConfirmInput struct {
	Partner partner.ID `json:"partner"`
	Cart    CartID     `json:"cart"`
	Order   OrderID    `json:"order"`
	Codes   []UsedCode `json:"codes"`
}

// ConfirmTx turns what a cart has reserved into uses of its order, inside the
// transaction that places it; of the codes named none is left out. A reservation
// that has lapsed is taken up again if a use is still free. It asks for no
// permission: whoever may order the cart may.
//
// Errors: ErrCodeInput; *CodeRefused for the first code that does not apply any
// more.
func (s *Codes) ConfirmTx(ctx context.Context, tx CodeTx, by access.Stamp, in ConfirmInput) ([]Redemption, error) {
	if err := checkBuyer(in.Partner, in.Cart); err != nil {
		return nil, err
	}
	open, err := tx.Redemptions().OfCart(ctx, in.Cart)
	if err != nil {
		return nil, err
	}
	var out []Redemption
	for _, u := range in.Codes {
		f, no, err := s.resolve(ctx, tx, u.Code)
		if err != nil {
			return nil, err
		}
		if no != nil {
			return nil, no
		}
		r, err := s.confirm(ctx, tx, by, f, ofCart(open, f, in.Partner, in.Cart), open, in.Order)
		if err != nil {
			return nil, err
		}
		open, out = replaced(open, r), append(out, r)
	}
	return out, nil
}

func (s *Codes) confirm(ctx context.Context, tx CodeTx, by access.Stamp, f found, r Redemption, open []Redemption, o OrderID) (Redemption, error) {
	now := s.now()
	ad, err := s.admit(ctx, tx, f, &r, open, now)
	if err != nil {
		return Redemption{}, err
	}
	if r.State == "" && ad.no == nil {
		// Entered, released behind the cart's back, and still free.
		if err := fire(&r, ReserveCode, RedemptionFacts{}, nil); err != nil {
			return Redemption{}, err
		}
		r.ID, r.By, r.Until = RedemptionID(s.newID()), by, f.campaign.holdUntil(now)
	}
	if ad.no == nil {
		ad.no = use(f, ad, r, now)
	}
	if err := refusedOr(&r, ad.no); err != nil {
		return Redemption{}, err
	}
	if err := keep(ctx, tx, ad.rooms); err != nil {
		return Redemption{}, err
	}
	r.Order, r.ConfirmedAt = o, now
	return s.saveUse(ctx, tx, r, RedemptionConfirmed{aboutCode(r, by.ID)})
}

// refusedOr confirms a redemption, unless it is refused.
func refusedOr(r *Redemption, no *CodeRefused) error {
	if no != nil && r.State == "" {
		return no
	}
	return fire(r, ConfirmCode, RedemptionFacts{}, no)
}

// use counts a use as confirmed. A limit that was lowered below what is used
// refuses reservations, too.
func use(f found, ad admission, r Redemption, now time.Time) *CodeRefused {
	if ad.held {
		for i := range ad.rooms {
			ad.rooms[i].tally.drop(r.Until)
		}
		for i := range ad.rooms {
			if one := &ad.rooms[i]; one.tally.Used >= one.max {
				return full(f, ad.rooms[i:i+1], now)
			}
		}
	}
	for i := range ad.rooms {
		ad.rooms[i].tally.prune(now)
		ad.rooms[i].tally.Used++
	}
	return nil
}

// replaced is the list with one redemption as it is now.
func replaced(open []Redemption, r Redemption) []Redemption {
	for i := range open {
		if open[i].Code == r.Code {
			open[i] = r
			return open
		}
	}
	return append(open, r)
}

// StandingTx tells which codes of a cart apply now, reserved or to be taken up
// again, and why the others do not, in the order given. It changes nothing and
// asks for no permission.
func (s *Codes) StandingTx(ctx context.Context, tx CodeTx, p partner.ID, cart CartID, codes []UsedCode) ([]UsedCode, []*CodeRefused, error) {
	if len(codes) == 0 {
		return nil, nil, nil
	}
	open, err := tx.Redemptions().OfCart(ctx, cart)
	if err != nil {
		return nil, nil, err
	}
	now := s.now()
	var standing []UsedCode
	var refused []*CodeRefused
	for _, u := range codes {
		f, no, err := s.resolve(ctx, tx, u.Code)
		if err != nil {
			return nil, nil, err
		}
		if no != nil {
			refused = append(refused, no)
			continue
		}
		r := ofCart(open, f, p, cart)
		ad, err := s.admit(ctx, tx, f, &r, open, now)
		switch {
		case err != nil:
			return nil, nil, err
		case ad.no != nil:
			refused = append(refused, ad.no)
			continue
		}
		r.State, r.Until = CodeReserved, f.campaign.holdUntil(now)
		open, standing = replaced(open, r), append(standing, r.Used())
	}
	return standing, refused, nil
}

// ReturnTx gives the uses of an order back that is cancelled, rejected or
// deleted, inside the transaction that does it, unless their campaigns keep
// them. Given back twice they are given back once. It asks for no permission.
func (s *Codes) ReturnTx(ctx context.Context, tx CodeTx, by access.ActorID, o OrderID) ([]Redemption, error) {
	all, err := tx.Redemptions().OfOrder(ctx, o)
	if err != nil {
		return nil, err
	}
	var out []Redemption
	for _, r := range all {
		if r.State != CodeConfirmed {
			continue
		}
		c, err := tx.Campaigns().Get(ctx, r.Campaign)
		if err != nil {
			return nil, err
		}
		if c.OnCancel == KeepUse {
			continue
		}
		err = s.giveBack(ctx, tx, r, func(t *Tally) bool {
			t.Used = max(0, t.Used-1)
			return true
		})
		if err != nil {
			return nil, err
		}
		if err := fire(&r, ReturnCode, RedemptionFacts{}, nil); err != nil {
			return nil, err
		}
		r.EndedAt = s.now()
		saved, err := s.saveUse(ctx, tx, r, RedemptionReturned{aboutCode(r, by)})
		if err != nil {
			return nil, err
		}
		out = append(out, saved)
	}
	return out, nil
}
