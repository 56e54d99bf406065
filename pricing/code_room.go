package pricing

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// room is one limit with its count.
type room struct {
	kind   LimitKind
	max    int64
	tally  Tally
	period period // of LimitPeriod
	// known says that the count is kept, or was made anew from the redemptions.
	known bool
}

// limitsOf lists the limits that bound a use, those that are set.
func (s *Codes) limitsOf(c Campaign, r Redemption) []room {
	var out []room
	add := func(k LimitKind, of string, most int64, p period) {
		if most > 0 {
			out = append(out, room{kind: k, max: most, period: p,
				tally: Tally{ID: tallyID(c, k, of), Campaign: c.ID, Limit: k, Of: of}})
		}
	}
	add(LimitCode, string(r.Code), c.Limits.PerCode, period{})
	add(LimitTotal, "", c.Limits.Total, period{})
	add(LimitPartner, string(r.Partner), c.Limits.PerPartner, period{})
	if c.Limits.Period.Uses > 0 {
		p := periodOf(c.Limits.Period.Kind, r.ReservedAt, s.zone)
		add(LimitPeriod, p.name, c.Limits.Period.Uses, p)
	}
	return out
}

// rooms reads the counts that a use stands in, in one round trip. A limit that
// was there from the campaign's beginning starts to count at nothing; one that
// came later is counted from the redemptions, once, if count says so.
func (s *Codes) rooms(ctx context.Context, tx CodeTx, c Campaign, r Redemption, now time.Time, count bool) ([]room, error) {
	out := s.limitsOf(c, r)
	if len(out) == 0 {
		return nil, nil
	}
	asked := make([]TallyID, len(out))
	for i := range out {
		asked[i] = out[i].tally.ID
	}
	kept, err := tx.Tallies().GetMany(ctx, asked)
	if err != nil {
		return nil, err
	}
	for i := range out {
		t, ok := kept[out[i].tally.ID]
		switch {
		case ok:
			out[i].tally, out[i].known = t, true
		case count && c.Generation > 0:
			if err := s.count(ctx, tx, &out[i], now); err != nil {
				return nil, err
			}
			out[i].known = true
		default:
			out[i].known = count
		}
	}
	return out, nil
}

// count makes a tally from what was reserved and confirmed before the limit
// was set.
func (s *Codes) count(ctx context.Context, tx CodeTx, r *room, now time.Time) error {
	q := RedemptionQuery{Campaign: r.tally.Campaign, States: []RedemptionState{CodeReserved, CodeConfirmed},
		Page: uow.PageRequest{Limit: uow.MaxPage}}
	switch r.kind {
	case LimitCode:
		q.Code = CodeID(r.tally.Of)
	case LimitPartner:
		q.Partner = partner.ID(r.tally.Of)
	case LimitPeriod:
		q.From, q.Until = r.period.from, r.period.until
	}
	for {
		page, err := tx.Redemptions().Find(ctx, q)
		if err != nil {
			return err
		}
		for _, one := range page.Rows {
			switch {
			case one.State == CodeConfirmed:
				r.tally.Used++
			case one.Live(now):
				r.tally.hold(one.Until)
			}
		}
		if page.Next == "" {
			return nil
		}
		q.Page.After = page.Next
	}
}

// stands reports whether a reservation still holds its use: its time is not up,
// and no count has dropped it.
func stands(r Redemption, rooms []room, now time.Time) bool {
	if !r.Live(now) {
		return false
	}
	for i := range rooms {
		if !rooms[i].tally.has(r.Until) {
			return false
		}
	}
	return true
}

// full says why no further use is to be had, nil when one is free. What has
// lapsed is dropped first. A limit that is used up for good is told before one
// that reservations fill.
func full(f found, rooms []room, now time.Time) *CodeRefused {
	var held *CodeRefused
	for i := range rooms {
		r := &rooms[i]
		r.tally.prune(now)
		if r.tally.Used+r.tally.held() < r.max {
			continue
		}
		no := &CodeRefused{Code: f.code.Text, Campaign: f.campaign.ID, Limit: r.kind, Max: r.max, Used: r.tally.Used, Held: r.tally.held()}
		if r.tally.Used >= r.max {
			no.Reason = CodeUsedUp
			switch r.kind {
			case LimitPartner:
				no.Reason = CodeUsedUpPartner
			case LimitPeriod:
				no.Reason, no.Until = CodeUsedUpPeriod, r.period.until
			}
			return no
		}
		if held == nil {
			no.Reason, no.Until = ReservedElsewhere, r.tally.Held[0].Until
			held = no
		}
	}
	return held
}

// spent says why not even a use that is held may be had: a limit is confirmed
// away, as one can be that was lowered.
func spent(f found, rooms []room, now time.Time) *CodeRefused {
	for i := range rooms {
		if r := &rooms[i]; r.tally.Used >= r.max {
			return full(f, rooms[i:i+1], now)
		}
	}
	return nil
}

// keep saves the counts that are known.
func keep(ctx context.Context, tx CodeTx, rooms []room) error {
	for i := range rooms {
		if !rooms[i].known {
			continue
		}
		if _, err := tx.Tallies().Save(ctx, rooms[i].tally); err != nil {
			return err
		}
	}
	return nil
}
