package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// draft is next year's tariff as it is thought of: ovens cost 3 % more, in every
// list; six ovens give 8 %; the frame gives 3 %; what is cleared goes for a
// quarter less; delivery in France is free from 3000.00 on.
func draft(t *pricing.Tariff) error {
	t.Name = "maison-2027"
	for i := range t.Prices {
		r := &t.Prices[i]
		if r.Product != "oven-alba" && r.Product != "oven-borea" {
			continue
		}
		for k := range r.Breaks {
			up, err := r.Breaks[k].Price.Percent(money.RateOf(103), money.HalfAwayFromZero)
			if err != nil {
				return err
			}
			r.Breaks[k].Price = up
		}
	}
	for i := range t.Rules {
		switch r := &t.Rules[i]; r.Code {
		case "OVENS":
			r.Give.Tiers.Steps[1].Percent = money.RateOf(8)
		case "FRAME":
			r.Give.Percent = money.RateOf(3)
		case "CLEARANCE":
			r.Give.Percent = money.RateOf(25)
		}
	}
	free := money.MustAmount("3000.00", money.EUR)
	t.Charges[0].Amount.FreeFrom = &free
	return nil
}

// past hands out quotes as a store would: one after the other, each under the
// reference of the order that it became.
func (s *shop) past(ctx context.Context) iter.Seq2[pricing.Past, error] {
	orders := []struct {
		ref     string
		partner access.PartnerID
		day     time.Time
		items   []item
	}{
		{"FR-0412", "atelier-brun", today.AddDate(0, 0, -60), []item{{"oven-alba", 2}, {"hob-cinq", 2}, {"hood-vela", 1}}},
		{"FR-0433", "atelier-brun", today.AddDate(0, 0, -41), []item{{"oven-borea", 6}, {"dish-lago", 4}}},
		{"BE-0091", "keuken-delta", today.AddDate(0, 0, -33), []item{{"oven-borea", 1}, {"hob-induo", 5}, {"fridge-norde", 2}}},
		{"FR-0458", "cuisines-ollier", today.AddDate(0, 0, -20), []item{{"oven-alba", 1}, {"hob-cinq", 1}, {"hood-vela", 1}, {"filter-vela", 10}}},
		{"FR-0470", "atelier-brun", today.AddDate(0, 0, -9), []item{{"fridge-norde", 3}, {"screws", 1000}}},
		{"FR-0471", "cuisines-ollier", today.AddDate(0, 0, -9), []item{{"knob-brass", 12}, {"screws", 300}}},
	}
	return func(yield func(pricing.Past, error) bool) {
		for _, o := range orders {
			q, err := s.quote(ctx, o.partner, o.day, o.items)
			if !yield(pricing.Past{Ref: o.ref, Quote: q}, err) {
				return
			}
		}
	}
}

func (s *shop) quote(ctx context.Context, id access.PartnerID, at time.Time, items []item) (pricing.Quote, error) {
	b, err := s.basket(id, at)
	if err != nil {
		return pricing.Quote{}, err
	}
	if b.Lines, err = s.lines(items); err != nil {
		return pricing.Quote{}, err
	}
	return s.engine.Quote(ctx, b)
}

// whatIf prices what was sold by the tariff and by the draft.
func (s *shop) whatIf(ctx context.Context, would *pricing.Engine) (pricing.Simulation, error) {
	return pricing.Simulate(ctx, s.engine, would, s.past(ctx), &pricing.SimulateOptions{Now: func() time.Time { return today }})
}

// printWhatIf looks at the draft first, then at what it would have changed.
func (s *shop) printWhatIf(ctx context.Context, w io.Writer) error {
	t, would, err := compile(draft)
	if err != nil {
		return err
	}
	if err := s.printLint(ctx, w, t); err != nil {
		return err
	}
	sim, err := s.whatIf(ctx, would)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "\n%s", sim)
	return err
}
