package pricing

import (
	"context"

	"github.com/comptoir-go/comptoir/partner"
)

// StandingTx tells which codes of a cart ConfirmTx would confirm now, all of
// them together, and why it would not the others, in the order given; one named
// twice is told once. It changes nothing and asks for no permission.
func (s *Codes) StandingTx(ctx context.Context, tx CodeTx, p partner.ID, cart CartID, codes []UsedCode) ([]UsedCode, []*CodeRefused, error) {
	if len(codes) == 0 {
		return nil, nil, nil
	}
	open, err := tx.Redemptions().OfCart(ctx, cart)
	if err != nil {
		return nil, nil, err
	}
	now := s.now()
	try := trial{CodeTx: tx, tallies: trialTallies{TallyRepository: tx.Tallies(), saved: map[TallyID]Tally{}}}
	var standing []UsedCode
	var refused []*CodeRefused
	var done []Redemption
	for _, u := range codes {
		f, no, err := s.resolve(ctx, tx, u.Code)
		if err != nil {
			return nil, nil, err
		}
		if no != nil {
			refused = append(refused, no)
			continue
		}
		if has(done, f.code.ID) {
			continue
		}
		r := ofCart(open, f, p, cart)
		ad, err := s.admit(ctx, try, f, &r, open, now)
		if err != nil {
			return nil, nil, err
		}
		done = append(done, r)
		if ad.no != nil {
			refused = append(refused, ad.no)
			continue
		}
		use(ad, r, now)
		if err := keep(ctx, try, ad.rooms); err != nil {
			return nil, nil, err
		}
		r.State = CodeConfirmed
		open, standing = replaced(open, r), append(standing, r.Used())
	}
	return standing, refused, nil
}

// trial is a transaction whose counts are written to memory.
type trial struct {
	CodeTx
	tallies trialTallies
}

func (t trial) Tallies() TallyRepository { return t.tallies }

type trialTallies struct {
	TallyRepository
	saved map[TallyID]Tally
}

func (t trialTallies) GetMany(ctx context.Context, ids []TallyID) (map[TallyID]Tally, error) {
	kept, err := t.TallyRepository.GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[TallyID]Tally, len(ids))
	for _, id := range ids {
		if one, ok := t.saved[id]; ok {
			out[id] = one
		} else if one, ok := kept[id]; ok {
			out[id] = one
		}
	}
	return out, nil
}

func (t trialTallies) Save(_ context.Context, one Tally) (Tally, error) {
	t.saved[one.ID] = one
	return one, nil
}
