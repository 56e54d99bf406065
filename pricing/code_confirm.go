package pricing

import (
	"context"
	"slices"
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
// transaction that places it; of the codes named none is left out, and one named
// twice, or confirmed by the order before, counts once. A reservation that has
// lapsed is taken up again if a use is still free. It asks for no permission:
// whoever may order the cart may.
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
	out := make([]Redemption, 0, len(in.Codes))
	for _, u := range in.Codes {
		f, no, err := s.resolve(ctx, tx, u.Code)
		if err != nil {
			return nil, err
		}
		if no != nil {
			return nil, no
		}
		if has(out, f.code.ID) {
			continue // named twice, used once
		}
		r := ofCart(open, f, in.Partner, in.Cart)
		if r.State == "" {
			if r, err = used(ctx, tx, r, in.Order); err != nil {
				return nil, err
			}
		}
		if r.State != CodeConfirmed {
			if r, err = s.confirm(ctx, tx, by, f, r, open, in.Order); err != nil {
				return nil, err
			}
		}
		open, out = replaced(open, r), append(out, r)
	}
	return out, nil
}

func has(list []Redemption, code CodeID) bool {
	return slices.ContainsFunc(list, func(r Redemption) bool { return r.Code == code })
}

// used is the use of r's code that its order has confirmed before, r where there
// is none.
func used(ctx context.Context, tx CodeTx, r Redemption, o OrderID) (Redemption, error) {
	all, err := tx.Redemptions().OfOrder(ctx, o)
	if err != nil {
		return r, err
	}
	for _, was := range all {
		if was.Code == r.Code && was.Cart == r.Cart && was.State == CodeConfirmed {
			return was, nil
		}
	}
	return r, nil
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
	if err := refusedOr(&r, ad.no); err != nil {
		return Redemption{}, err
	}
	use(ad, r, now)
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

// use counts a use as confirmed.
func use(ad admission, r Redemption, now time.Time) {
	for i := range ad.rooms {
		t := &ad.rooms[i].tally
		if ad.held {
			t.drop(r.Until)
		}
		t.prune(now)
		t.Used++
	}
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
