package pricing

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/access"
)

// ReturnTx gives the uses of an order back that is cancelled, rejected or
// deleted, inside the transaction that does it, unless their campaigns keep
// them. Given back twice they are given back once. It asks for no permission.
func (s *Codes) ReturnTx(ctx context.Context, tx CodeTx, by access.ActorID, o OrderID) ([]Redemption, error) {
	return s.returnUses(ctx, tx, by, o, func(Redemption) bool { return true })
}

// ReturnCodesTx is ReturnTx for some codes of an order, which takes nothing off
// by them any more since it was revised.
func (s *Codes) ReturnCodesTx(ctx context.Context, tx CodeTx, by access.ActorID, o OrderID, codes []UsedCode) ([]Redemption, error) {
	return s.returnUses(ctx, tx, by, o, func(r Redemption) bool { return slices.Contains(codes, r.Used()) })
}

func (s *Codes) returnUses(ctx context.Context, tx CodeTx, by access.ActorID, o OrderID, which func(Redemption) bool) ([]Redemption, error) {
	all, err := tx.Redemptions().OfOrder(ctx, o)
	if err != nil {
		return nil, err
	}
	var out []Redemption
	for _, r := range all {
		if r.State != CodeConfirmed || !which(r) {
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
