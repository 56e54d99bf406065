package order_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
)

// erpDelivery is a report of one delivery of the ERP.
func erpDelivery(o order.Order, id string, seq int64, st order.DeliveryState, n ...int64) order.DeliveryReport {
	return order.DeliveryReport{Order: o.ID, Twin: order.Twin{ID: id, Sequence: seq}, State: st, Lines: some(o, n...)}
}

func erpReturn(o order.Order, id string, seq int64, st order.DeliveryState, n ...int64) order.DeliveryReport {
	in := erpDelivery(o, id, seq, st, n...)
	in.Kind = order.Return
	return in
}

// A delivery of the ERP counts once it left, whatever was told before, and its
// back order is a delivery of its own.
func TestReportDeliveryFromPlanToDone(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(3, 0)
	in := erpDelivery(o, "50", 1, order.Planned, 3)
	in.Twin.Number, in.Twin.State = "OUT/50", "assigned"
	d := s.delivered(in)
	require.Equal(t, "OUT/50", d.Number)
	require.Equal(t, order.Twin{ID: "50", Number: "OUT/50", State: "assigned", Sequence: 1, At: s.clock()}, d.ERP)
	require.True(t, d.Date.IsZero())
	require.Equal(t, document(t, o), document(t, s.get(o.ID)), "a plan moves nothing")
	require.Equal(t, []string{"delivery.planned"}, types(s.events(event.Facts), ""))

	s.pass(time.Hour)
	in = erpDelivery(o, "50", 2, order.Shipped, 2)
	in.Carrier, in.Tracking, in.Date = "Nordfracht", "NF 1", partner.MustDate("2026-11-21")
	d = s.delivered(in)
	require.Equal(t, []string{"OUT/50", "Nordfracht", "NF 1", "2026-11-21", "assigned"}, []string{d.Number, d.Carrier, d.Tracking, d.Date.String(), d.ERP.State})
	require.Equal(t, [6]string{"1", "0", "2", "0", "0", "0"}, stands(s.get(o.ID).Lines[0]))
	require.Equal(t, []string{"delivery.shipped", "order.axes_changed"}, types(s.events(event.Facts), ""))

	rest := erpDelivery(o, "51", 1, order.Shipped, 1)
	rest.BackOrderOf = "OUT/50"
	d = s.delivered(rest)
	require.Equal(t, "OUT/50", d.BackOrderOf)
	require.Equal(t, string(o.Ref)+"-2", d.Number, "until the ERP gives one")
	require.Equal(t, "2026-11-22", d.Date.String())
	require.Equal(t, order.FullyDelivered, s.get(o.ID).Delivered())
	require.Empty(t, s.events(event.ERP), "what comes from the ERP asks nothing of the relay")
}

// The same change twice and an older one after a newer have no effect.
func TestReportDeliveryTwiceAndLate(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(3, 0)
	d := s.delivered(erpDelivery(o, "50", 7, order.Shipped, 2))
	s.events(event.Facts)
	was := s.get(o.ID)
	for _, late := range []order.DeliveryReport{erpDelivery(o, "50", 7, order.Shipped, 2), erpDelivery(o, "50", 7, order.Shipped, 3),
		erpDelivery(o, "50", 6, order.Planned, 3), erpDelivery(o, "50", 1, order.Void)} {
		s.pass(time.Minute)
		require.Equal(t, d, s.delivered(late))
	}
	same := erpDelivery(o, "50", 0, order.Shipped, 2)
	require.Equal(t, d, s.delivered(same), "without a counter the same again is no news either")
	require.Equal(t, document(t, was), document(t, s.get(o.ID)))
	require.Empty(t, s.events(event.Facts))

	newer := s.delivered(erpDelivery(o, "50", 8, order.Shipped, 2))
	require.Equal(t, int64(8), newer.ERP.Sequence)
	require.Empty(t, s.events(event.Facts), "only the counter moved")
	require.Equal(t, document(t, was), document(t, s.get(o.ID)))
	require.Equal(t, order.Planned, s.delivered(erpDelivery(o, "50", 0, order.Planned, 2)).State, "without a counter it is the newest")
}

// What shrinks or is cancelled in the ERP is given back.
func TestReportDeliveryGivesBack(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(5, 0)
	s.delivered(erpDelivery(o, "50", 1, order.Shipped, 4))
	s.delivered(erpDelivery(o, "50", 2, order.Shipped, 1))
	require.Equal(t, [6]string{"4", "0", "1", "0", "0", "0"}, stands(s.get(o.ID).Lines[0]))
	s.events(event.Facts)
	s.delivered(erpDelivery(o, "50", 3, order.Void, 1))
	now := s.get(o.ID)
	require.Equal(t, [6]string{"5", "0", "0", "0", "0", "0"}, stands(now.Lines[0]))
	require.Equal(t, order.NotDelivered, now.Delivered())
	require.Equal(t, "delivery_corrected", now.History[len(now.History)-1].What)
	require.Equal(t, []string{"delivery.cancelled", "order.axes_changed"}, types(s.events(event.Facts), ""))
}

// Issue 3: over-delivery reported by the ERP is recorded as excess, flagged,
// with one event; what comes back takes from the excess first.
func TestReportDeliveryBeyondTheOrder(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(3, 0)
	s.delivered(erpDelivery(o, "50", 1, order.Shipped, 2))
	s.events(event.Facts)
	d := s.delivered(erpDelivery(o, "51", 1, order.Shipped, 4))
	require.Equal(t, pieces(3), d.Lines[0].Excess)
	now := s.get(o.ID)
	require.Equal(t, [6]string{"0", "0", "3", "0", "0", "3"}, stands(now.Lines[0]))
	require.Equal(t, order.OverDelivered, now.Delivered())
	require.Equal(t, pieces(3), now.Lines[0].Basis(order.OnDelivery), "the excess is not to be billed")
	facts := s.events(event.Facts)
	require.Equal(t, []string{"delivery.shipped", "order.over_delivered", "order.axes_changed"}, types(facts, ""))
	told := one[order.OverDeliveryNoted](s, facts)
	require.Equal(t, d.ID, told.Delivery)
	require.Equal(t, pieces(3), told.Excess)

	s.delivered(erpDelivery(o, "51", 2, order.Shipped, 4))
	require.Empty(t, s.events(event.Facts), "told once")
	back := s.sendBack(order.ReturnInput{Order: o.ID, Lines: some(o, 2)})
	require.Zero(t, back.Lines[0].Excess)
	require.Equal(t, [6]string{"0", "0", "3", "0", "0", "1"}, stands(s.get(o.ID).Lines[0]))
	s.sendBack(order.ReturnInput{Order: o.ID, Lines: some(o, 2)})
	require.Equal(t, [6]string{"0", "0", "3", "0", "1", "0"}, stands(s.get(o.ID).Lines[0]))
	require.NotContains(t, types(s.events(event.Facts), ""), "order.over_delivered")

	// The first delivery was a mistake: the excess was none.
	s.delivered(erpDelivery(o, "50", 2, order.Void))
	require.Equal(t, [6]string{"0", "0", "3", "0", "3", "0"}, stands(s.get(o.ID).Lines[0]))
	ds, err := s.orders.Deliveries(s.ctx, operator, o.ID)
	require.NoError(t, err)
	require.Equal(t, pieces(1), ds[1].Lines[0].Excess, "4 left, 3 were wanted")
}

// What the ERP ships after it was cancelled here is excess, and no longer once
// the ERP takes less of it back than it gave up.
func TestReportDeliveryOfWhatWasCancelled(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(5, 0)
	_, err := s.orders.CancelRest(s.ctx, operator, order.CancelRestInput{Order: o.ID, Lines: some(o, 3), Reason: "gone"})
	require.NoError(t, err)
	s.delivered(erpDelivery(o, "50", 1, order.Shipped, 4))
	require.Equal(t, [6]string{"0", "0", "2", "3", "0", "2"}, stands(s.get(o.ID).Lines[0]))
	line := func(seq, cancelled int64) order.Order {
		return s.report(order.Report{Order: o.ID, Sequence: seq, Lines: []order.LineReport{{Line: o.Lines[0].ID, Cancelled: pieces(cancelled)}}})
	}
	require.Equal(t, [6]string{"0", "0", "2", "3", "0", "2"}, stands(line(1, 0).Lines[0]), "it had not heard of it yet")
	require.Equal(t, [6]string{"0", "0", "2", "3", "0", "2"}, stands(line(2, 3).Lines[0]))
	s.events(event.Facts)
	require.Equal(t, [6]string{"0", "0", "4", "1", "0", "0"}, stands(line(3, 1).Lines[0]), "it took two up again")
	require.Equal(t, []string{"delivery.changed", "order.goods_changed", "order.axes_changed"}, types(s.events(event.Facts), ""))
	ds, err := s.orders.Deliveries(s.ctx, operator, o.ID)
	require.NoError(t, err)
	require.Zero(t, ds[0].Lines[0].Excess)
}

// What comes back beyond what was shipped never breaks the ledger: it stands on
// the return, is told, and counts once the delivery arrives.
func TestReportReturnBeforeItsDelivery(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(3, 0)
	back := s.delivered(erpReturn(o, "r1", 1, order.Shipped, 2))
	require.Equal(t, pieces(2), back.Lines[0].Excess)
	require.Equal(t, [6]string{"3", "0", "0", "0", "0", "0"}, stands(s.get(o.ID).Lines[0]))
	facts := s.events(event.Facts)
	require.Equal(t, []string{"delivery.returned"}, types(facts, "delivery"))
	told := one[order.OverReturnNoted](s, facts)
	require.Equal(t, pieces(2), told.Excess)
	require.Equal(t, o.Lines[0].ID, told.Line)

	s.delivered(erpDelivery(o, "50", 1, order.Shipped, 3))
	require.Equal(t, [6]string{"0", "0", "3", "0", "2", "0"}, stands(s.get(o.ID).Lines[0]))
	d, err := s.orders.GetDelivery(s.ctx, operator, back.ID)
	require.NoError(t, err)
	require.Zero(t, d.Lines[0].Excess)
}

// The facts of an ERP are recorded in every state but a draft's.
func TestReportDeliveryByState(t *testing.T) {
	for _, st := range order.DefaultLife().States() {
		s := newShop(t, nil)
		o := s.inState(st)
		in := erpDelivery(o, "50", 1, order.Shipped, 1, 2)
		if st == order.Draft {
			s.refused(o.ID, "order.phase", func() error { _, err := s.orders.ReportDelivery(s.ctx, machine, in); return err })
			continue
		}
		s.delivered(in)
		now := s.get(o.ID)
		require.Equal(t, st, now.State, "the agreement does not follow from goods")
		require.Equal(t, order.FullyDelivered, now.Delivered())
	}
}

func TestReportDeliveryNamesEveryMistake(t *testing.T) {
	s := newShop(t, nil)
	o, other := s.sold(3, 0), s.sold(1, 0)
	report := func(in order.DeliveryReport) func() error {
		return func() error { _, err := s.orders.ReportDelivery(s.ctx, machine, in); return err }
	}
	is := s.refused(o.ID, "order.invalid", report(order.DeliveryReport{Order: o.ID, Kind: "odd", State: "odd",
		Lines: []order.LineQuantity{{Line: "none", Quantity: pieces(1)}, {Line: o.Lines[0].ID, Quantity: pieces(-1)}}}))
	var got []string
	for _, i := range is {
		got = append(got, i.Path+" "+i.Code)
	}
	require.Equal(t, []string{"twin.id required", "kind unknown", "state unknown", "lines[0] unknown", "lines[1].quantity range"}, got)
	s.delivered(erpDelivery(o, "50", 1, order.Shipped, 1))
	s.refused(other.ID, "order.invalid", report(erpDelivery(other, "50", 2, order.Shipped, 1)))
	s.refused(o.ID, "order.invalid", report(erpReturn(o, "50", 2, order.Shipped, 1)))
	huge, err := money.QuantityFromUnits(1<<63 - 1)
	require.NoError(t, err)
	in := erpDelivery(o, "51", 1, order.Shipped)
	in.Lines = []order.LineQuantity{{Line: o.Lines[0].ID, Quantity: huge}}
	s.refused(o.ID, fault.CodeOf(money.ErrOverflow), report(in))
	_, err = s.orders.ReportDelivery(s.ctx, machine, erpDelivery(order.Order{ID: "none"}, "9", 1, order.Shipped))
	require.ErrorIs(t, err, order.ErrNotFound)
}

// Moves of the same line are summed, moves of nothing left out.
func TestReportDeliverySumsItsMoves(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(3, 1)
	in := erpDelivery(o, "50", 1, order.Shipped)
	in.Lines = []order.LineQuantity{{Line: o.Lines[0].ID, Quantity: money.MustQuantity("0.5")}, {Line: o.Lines[1].ID}, {Line: o.Lines[0].ID, Quantity: pieces(2)}}
	d := s.delivered(in)
	require.Len(t, d.Lines, 1)
	require.Equal(t, "2.5", d.Lines[0].Quantity.String())
	require.Equal(t, "0.5", s.get(o.ID).Lines[0].Open().String())
}

// Many who report one delivery make one, which counts once.
func TestRaceOfReports(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(3, 0)
	var wg sync.WaitGroup
	errs := make([]error, 12)
	for i := range errs {
		wg.Go(func() {
			_, errs[i] = s.orders.ReportDelivery(s.ctx, machine, erpDelivery(o, "50", int64(1+i%3), order.Shipped, int64(1+i%3)))
		})
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	ds, err := s.orders.Deliveries(s.ctx, operator, o.ID)
	require.NoError(t, err)
	require.Len(t, ds, 1)
	require.Equal(t, int64(3), ds[0].ERP.Sequence)
	require.Equal(t, [6]string{"0", "0", "3", "0", "0", "0"}, stands(s.get(o.ID).Lines[0]))
}

// An order has so many deliveries and no more, so that all of them are counted.
func TestDeliveriesAreBounded(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(3, 0)
	require.NoError(t, s.store.Update(s.ctx, func(ctx context.Context, tx store.Tx) error {
		for range order.MaxDeliveries {
			id := s.newID()
			if _, err := tx.Deliveries().Save(ctx, order.Delivery{ID: order.DeliveryID(id), Order: o.ID, Number: id, State: order.Planned, Kind: order.Outgoing, CreatedAt: s.clock()}); err != nil {
				return err
			}
		}
		return nil
	}))
	for name, do := range map[string]func() error{
		"by hand": func() error { _, err := s.orders.Ship(s.ctx, operator, order.ShipInput{Order: o.ID}); return err },
		"by the ERP": func() error {
			_, err := s.orders.ReportDelivery(s.ctx, machine, erpDelivery(o, "1", 1, order.Shipped, 1))
			return err
		},
	} {
		require.ErrorIs(t, do(), order.ErrFull, name)
	}
	require.Equal(t, document(t, o), document(t, s.get(o.ID)))
}

// Reserved and cancelled are the ERP's totals; what shipping overtook is
// clipped, an older change ignored.
func TestReportLines(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(5, 0)
	l := o.Lines[0].ID
	line := func(seq, reserved, cancelled int64) order.Order {
		return s.report(order.Report{Order: o.ID, Sequence: seq, State: "confirmed", Lines: []order.LineReport{{Line: l, Reserved: pieces(reserved), Cancelled: pieces(cancelled)}}})
	}
	require.Equal(t, [6]string{"1", "4", "0", "0", "0", "0"}, stands(line(5, 4, 0).Lines[0]))
	facts := s.events(event.Facts)
	require.Equal(t, []string{"order.linked", "order.goods_changed"}, types(facts, ""))
	require.Equal(t, []order.LineGoods{{Line: l, Open: pieces(1), Reserved: pieces(4)}}, one[order.GoodsChanged](s, facts).Lines)
	was := s.get(o.ID)
	require.Equal(t, document(t, was), document(t, line(5, 0, 0)), "the same change again")
	require.Equal(t, document(t, was), document(t, line(4, 0, 5)), "an older change")
	s.report(order.Report{Order: o.ID, Sequence: 3, State: "draft"})
	require.Equal(t, "confirmed", s.get(o.ID).ERP.State)
	require.Empty(t, s.events(event.Facts))

	// The order's change came first and counts the delivery that comes now.
	s.delivered(erpDelivery(o, "50", 1, order.Shipped, 3))
	require.Equal(t, [6]string{"0", "2", "3", "0", "0", "0"}, stands(s.get(o.ID).Lines[0]))
	require.Equal(t, [6]string{"1", "1", "3", "0", "0", "0"}, stands(line(6, 1, 0).Lines[0]))
	require.Equal(t, [6]string{"0", "1", "3", "1", "0", "0"}, stands(line(7, 1, 1).Lines[0]))
	require.Equal(t, [6]string{"0", "0", "3", "2", "0", "0"}, stands(line(8, 4, 4).Lines[0]), "it shipped 3, so it did not cancel 4")
	require.Equal(t, [6]string{"2", "0", "3", "0", "0", "0"}, stands(line(9, 0, 0).Lines[0]), "and may take all of it up again")
	now := line(10, 0, 0)
	require.Equal(t, int64(10), now.ERP.Sequence, "the counter is kept, so that an older change stays one")
	require.Equal(t, [6]string{"2", "0", "3", "0", "0", "0"}, stands(now.Lines[0]))
}

func TestReportLinesRefused(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(5, 0)
	report := func(in order.Report) func() error {
		in.Order = o.ID
		return func() error { _, err := s.orders.ReportERP(s.ctx, machine, in); return err }
	}
	is := s.refused(o.ID, "order.invalid", report(order.Report{Sequence: 1, Revision: 1, Lines: []order.LineReport{
		{Line: "none"}, {Line: o.Lines[0].ID, Reserved: pieces(-1)}}}))
	require.Len(t, is, 2)
	late := s.report(order.Report{Order: o.ID, Sequence: 1, Lines: []order.LineReport{{Line: "none"}}})
	require.Equal(t, int64(1), late.ERP.Sequence, "a line of an older revision than ours is no mistake")
}

func TestGetByERP(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(1, 0)
	s.report(order.Report{Order: o.ID, Revision: 1, ID: "77"})
	for _, a := range []access.Actor{machine, operator, buyer} {
		got, err := s.orders.GetByERP(s.ctx, a, "77")
		require.NoError(t, err)
		require.Equal(t, o.ID, got.ID)
	}
	for id, a := range map[string]access.Actor{"77": stranger, "78": machine, "": machine} {
		_, err := s.orders.GetByERP(s.ctx, a, id)
		require.ErrorIs(t, err, order.ErrNotFound)
	}
}

// Before validation the ERP may have done something with its draft: the buyer
// cannot take away what is used, and nobody deletes what was shipped.
func TestReviseKeepsWhatIsUsed(t *testing.T) {
	s := newShop(t, nil)
	o := s.asked(3, 2)
	s.report(order.Report{Order: o.ID, Lines: []order.LineReport{{Line: o.Lines[0].ID, Reserved: pieces(1), Cancelled: pieces(1)}}})
	s.delivered(erpDelivery(o, "50", 1, order.Shipped, 1))
	revise := func(n int64, remove bool) error {
		q := pieces(n)
		_, err := s.orders.Revise(s.ctx, buyer, order.ReviseInput{Order: o.ID, Lines: []order.LineChange{{Line: o.Lines[0].ID, Quantity: &q, Remove: remove}}})
		return err
	}
	s.refused(o.ID, "order.invalid", func() error { return revise(1, true) })
	require.NoError(t, revise(2, false))
	require.Equal(t, [6]string{"0", "0", "1", "1", "0", "0"}, stands(s.get(o.ID).Lines[0]))
	require.NoError(t, revise(1, false))
	require.Equal(t, [6]string{"0", "0", "1", "0", "0", "0"}, stands(s.get(o.ID).Lines[0]))
	s.refused(o.ID, "order.phase", func() error { return s.orders.Delete(s.ctx, buyer, order.DeleteInput{Order: o.ID}) })
}
