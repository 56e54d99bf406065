package order_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

func (s *shop) ledger() *pricing.Turnovers {
	return pricing.NewTurnovers(uow.Narrow(s.store, func(tx store.Tx) pricing.TurnoverTx { return tx }), &pricing.TurnoverOptions{Now: s.clock})
}

// turnover is what nord bought; a query without a window is all of it.
func (s *shop) turnover(q pricing.TurnoverQuery) money.Amount {
	s.t.Helper()
	q.Partner, q.Currency = "nord", money.EUR
	if q.Window.Kind == "" {
		q.Window, q.Day = pricing.Window{Kind: pricing.DaysWindow, Days: 3660}, partner.MustDate("2030-12-31")
	}
	sum, err := s.ledger().Of(s.ctx, operator, q)
	require.NoError(s.t, err)
	return sum
}

func on(day string) pricing.TurnoverQuery {
	return pricing.TurnoverQuery{Window: pricing.Window{Kind: pricing.DaysWindow, Days: 1}, Day: partner.MustDate(day)}
}

func TestTurnoverOfDeliveries(t *testing.T) {
	s := newShop(t, &order.Options{Turnover: pricing.TurnoverDelivered})
	o := s.sold(2, 3) // at 640.00 and 9.45
	s.ship(order.ShipInput{Order: o.ID, Lines: some(o, 1, 2), Date: partner.MustDate("2026-11-20")})
	s.ship(order.ShipInput{Order: o.ID, Date: partner.MustDate("2026-11-21")})
	require.Equal(t, int64(640_00+18_90), s.turnover(on("2026-11-20")).Minor())
	require.Equal(t, int64(640_00+9_45), s.turnover(on("2026-11-21")).Minor())
	s.sendBack(order.ReturnInput{Order: o.ID, Lines: some(o, 0, 1), Date: partner.MustDate("2026-11-22")})
	require.Equal(t, int64(-9_45), s.turnover(on("2026-11-22")).Minor())
	require.Equal(t, int64(2*640_00+2*9_45), s.turnover(pricing.TurnoverQuery{}).Minor())

	page, err := s.ledger().Find(s.ctx, buyer, pricing.TurnoverSearch{Kind: pricing.DeliveryTurnover, Oldest: true})
	require.NoError(t, err)
	require.Len(t, page.Rows, 3)
	require.Equal(t, string(o.Ref)+"-1", page.Rows[0].Document.Number)

	made, err := s.orders.RecordTurnover(s.ctx, machine, o.ID)
	require.NoError(t, err)
	require.Empty(t, made, "all is recorded")
}

// A delivery that the ERP corrects, moves to another day and cancels.
func TestTurnoverOfReportedDeliveries(t *testing.T) {
	s := newShop(t, &order.Options{Turnover: pricing.TurnoverDelivered})
	o := s.sold(2, 3)
	in := order.DeliveryReport{Order: o.ID, Twin: order.Twin{ID: "p1", Number: "OUT/1", Sequence: 1}, State: order.Planned, Lines: some(o, 2, 3),
		Date: partner.MustDate("2026-11-20")}
	report := func(want int64) {
		t.Helper()
		in.Twin.Sequence++
		s.delivered(in)
		require.Equal(t, want, s.turnover(pricing.TurnoverQuery{}).Minor())
	}
	report(0)
	in.State = order.Shipped
	report(2*640_00 + 3*9_45)
	in.Lines = some(o, 1, 3)
	report(640_00 + 3*9_45)
	in.Date = partner.MustDate("2026-11-25")
	report(640_00 + 3*9_45)
	require.True(t, s.turnover(on("2026-11-20")).IsZero())
	in.Lines = some(o, 9, 9) // beyond the order
	report(2*640_00 + 3*9_45)
	in.State = order.Void
	report(0)
}

func TestTurnoverOfOlderDeliveries(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(1, 0)
	s.ship(order.ShipInput{Order: o.ID})
	made, err := s.orders.RecordTurnover(s.ctx, machine, o.ID)
	require.NoError(t, err)
	require.Empty(t, made, "what is invoiced counts")
	require.True(t, s.turnover(pricing.TurnoverQuery{}).IsZero())

	now := order.NewService(uow.Narrow(s.store, func(tx store.Tx) order.Tx { return tx }), s.carts,
		&order.Options{Now: s.clock, NewID: s.newID, Turnover: pricing.TurnoverDelivered})
	_, err = now.RecordTurnover(s.ctx, stranger, o.ID)
	require.ErrorIs(t, err, order.ErrNotFound)
	_, err = now.RecordTurnover(s.ctx, buyer, o.ID)
	require.ErrorIs(t, err, access.ErrForbidden)
	for _, want := range []int{1, 0} {
		made, err = now.RecordTurnover(s.ctx, machine, o.ID)
		require.NoError(t, err)
		require.Len(t, made, want)
	}
	require.Equal(t, int64(640_00), s.turnover(pricing.TurnoverQuery{}).Minor())
}

var asked = pricing.Asks{First: true, Attended: true, Windows: []pricing.AskedWindow{
	{Window: pricing.Window{Kind: pricing.YearWindow}}, {Window: pricing.Window{Kind: pricing.AgreementWindow, Agreement: "a1"}}}}

func (s *shop) facts(f *order.BuyerFacts, asks pricing.Asks, at time.Time) pricing.Facts {
	s.t.Helper()
	nord := partner.Partner{ID: "nord", Agreements: []partner.Agreement{{ID: "a1", Validity: partner.Validity{From: partner.MustDate("2024-11-22")}}}}
	var out pricing.Facts
	require.NoError(s.t, s.store.View(s.ctx, func(ctx context.Context, tx store.Tx) (err error) {
		out, err = f.FactsTx(ctx, tx, nord, asks, at)
		return err
	}))
	return out
}

func TestFactsOfABuyer(t *testing.T) {
	s := newShop(t, &order.Options{Turnover: pricing.TurnoverDelivered})
	attended := func(_ context.Context, _ cart.Tx, p partner.Partner, at time.Time) ([]string, error) {
		return []string{string(p.ID) + " " + at.Format(time.DateOnly)}, nil
	}
	f := order.NewFacts(s.ledger(), &order.FactsOptions{Attended: attended})
	require.Equal(t, pricing.Facts{First: true, Attended: []string{"nord 2026-11-22"}}, s.facts(f, asked, startTime))

	o := s.sold(1, 0)
	s.ship(order.ShipInput{Order: o.ID, Date: partner.MustDate("2026-11-21")})
	s.pass(time.Hour)
	got := s.facts(f, asked, startTime.Add(time.Hour))
	require.False(t, got.First)
	require.Equal(t, []pricing.WindowTurnover{{Window: "year", Amount: money.MustAmount("640", money.EUR)}}, got.Turnover, "the agreement's year began today")
	require.Equal(t, pricing.Facts{}, s.facts(order.NewFacts(s.ledger(), nil), asked, startTime.Add(-time.Second)), "turnover as it was known then, the first order as it is now")
	require.Equal(t, pricing.Facts{}, s.facts(f, pricing.Asks{}, startTime))
}

// A draft, and what was given up or refused, is no order for First.
func TestFactsFirst(t *testing.T) {
	for state, first := range map[order.State]bool{order.Draft: true, order.Cancelled: true, order.Rejected: true,
		order.Awaiting: false, order.Validated: false, order.Confirmed: false, order.Closed: false} {
		s := newShop(t, nil)
		s.inState(state)
		s.pass(time.Minute)
		got := s.facts(order.NewFacts(s.ledger(), nil), pricing.Asks{First: true}, startTime.Add(time.Minute))
		require.Equal(t, first, got.First, state)
	}
}

func TestFactsNeedOrders(t *testing.T) {
	_, err := order.NewFacts(pricing.NewTurnovers(nil, nil), nil).FactsTx(context.Background(), nil, partner.Partner{}, asked, startTime)
	require.ErrorIs(t, err, order.ErrFacts)
}
