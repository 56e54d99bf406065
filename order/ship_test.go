package order_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// 2 of 3 and then the rest: deliveries have the order's number and a counter,
// and the delivery axis follows.
func TestShipInParts(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(3, 0)
	d := s.ship(order.ShipInput{Order: o.ID, Lines: some(o, 2), Carrier: "Nordfracht", Tracking: "NF 77", Note: "by noon"})
	require.Equal(t, string(o.Ref)+"-1", d.Number)
	require.Equal(t, order.Shipped, d.State)
	require.Equal(t, order.Outgoing, d.Kind)
	require.Equal(t, []order.DeliveryLine{{Line: o.Lines[0].ID, SKU: "OV-1", Name: "The oven", Unit: "C62", Quantity: pieces(2)}}, d.Lines)
	require.Equal(t, "2026-11-22", d.Date.String())
	require.Equal(t, operator.Stamp(), d.CreatedBy)
	now := s.get(o.ID)
	require.Equal(t, [6]string{"1", "0", "2", "0", "0", "0"}, stands(now.Lines[0]))
	require.Equal(t, order.PartlyDelivered, now.Delivered())
	require.Equal(t, o.Version+1, now.Version)
	require.Equal(t, order.Entry{At: s.clock(), By: operator.Stamp(), What: "shipped", To: order.Confirmed, From: order.Confirmed, Note: d.Number}, now.History[len(now.History)-1])
	facts := s.events(event.Facts)
	require.Equal(t, []string{"delivery.shipped", "order.axes_changed"}, types(facts, ""))
	require.Equal(t, "delivery/"+string(d.ID), facts[0].Subject)
	told := one[order.DeliveryShipped](s, facts)
	require.Equal(t, o.ID, told.Order)
	require.Equal(t, d.Lines, told.Lines)
	require.Equal(t, now.Axes(), one[order.AxesChanged](s, facts).Axes)

	d = s.ship(order.ShipInput{Order: o.ID, Date: partner.MustDate("2026-11-20")})
	require.Equal(t, string(o.Ref)+"-2", d.Number)
	require.Equal(t, pieces(1), d.Lines[0].Quantity)
	require.Equal(t, "2026-11-20", d.Date.String())
	require.Equal(t, order.FullyDelivered, s.get(o.ID).Delivered())
	s.refused(o.ID, "order.nothing_left", func() error {
		_, err := s.orders.Ship(s.ctx, operator, order.ShipInput{Order: o.ID})
		return err
	})
	all, err := s.orders.Deliveries(s.ctx, buyer, o.ID)
	require.NoError(t, err)
	require.Len(t, all, 2)
	require.Equal(t, d, all[1])
}

// What the ERP reserved leaves first.
func TestShipTakesTheReservedFirst(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(5, 0)
	s.report(order.Report{Order: o.ID, Sequence: 1, Lines: []order.LineReport{{Line: o.Lines[0].ID, Reserved: pieces(2)}}})
	s.ship(order.ShipInput{Order: o.ID, Lines: some(o, 1)})
	require.Equal(t, [6]string{"3", "1", "1", "0", "0", "0"}, stands(s.get(o.ID).Lines[0]))
	s.ship(order.ShipInput{Order: o.ID, Lines: some(o, 2)})
	require.Equal(t, [6]string{"2", "0", "3", "0", "0", "0"}, stands(s.get(o.ID).Lines[0]))
	s.ship(order.ShipInput{Order: o.ID})
	require.Equal(t, [6]string{"0", "0", "5", "0", "0", "0"}, stands(s.get(o.ID).Lines[0]))
}

// Issue 3: over-delivery entered here is refused, with every line and nothing
// changed.
func TestShipRefusesOverDelivery(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(3, 2)
	is := s.refused(o.ID, "order.over_delivery", func() error {
		_, err := s.orders.Ship(s.ctx, operator, order.ShipInput{Order: o.ID, Lines: some(o, 4, 3)})
		return err
	})
	require.Len(t, is, 2)
	require.Equal(t, "lines[1].quantity", is[1].Path)
	_, err := s.orders.CancelRest(s.ctx, operator, order.CancelRestInput{Order: o.ID, Lines: some(o, 1), Reason: "gone"})
	require.NoError(t, err)
	is = s.refused(o.ID, "order.over_delivery", func() error {
		_, err := s.orders.Ship(s.ctx, operator, order.ShipInput{Order: o.ID, Lines: some(o, 3, 2)})
		return err
	})
	require.Len(t, is, 1, "what was cancelled does not leave")
}

func TestShipNamesEveryMistake(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(3, 2)
	l := o.Lines[0].ID
	is := s.refused(o.ID, "order.invalid", func() error {
		_, err := s.orders.Ship(s.ctx, operator, order.ShipInput{Order: o.ID, Carrier: strings.Repeat("x", 101), Tracking: "a\nb", Note: "\x00",
			Lines: []order.LineQuantity{{Line: "none", Quantity: pieces(1)}, {Line: l, Quantity: pieces(9)}, {Line: l, Quantity: pieces(1)}, {Line: o.Lines[1].ID}}})
		return err
	})
	var got []string
	for _, i := range is {
		got = append(got, i.Path+" "+i.Code)
	}
	require.Equal(t, []string{"carrier text.long", "tracking text.control", "note text.control",
		"lines[0] unknown", "lines[2] repeated", "lines[3].quantity range", "lines[1].quantity too_much"}, got)
}

// Goods leave from an order that is confirmed, or validated where no ERP has
// it to confirm.
func TestShipByState(t *testing.T) {
	for _, st := range order.DefaultLife().States() {
		s := newShop(t, nil)
		o := s.inState(st)
		_, err := s.orders.Ship(s.ctx, operator, order.ShipInput{Order: o.ID})
		if st == order.Confirmed || st == order.Validated {
			require.NoError(t, err, st)
			continue
		}
		require.ErrorIs(t, err, order.ErrPhase, st)
	}
	s := newShop(t, nil)
	o := s.inState(order.Validated)
	s.report(order.Report{Order: o.ID, Sending: 1})
	s.refused(o.ID, "order.phase", func() error {
		_, err := s.orders.Ship(s.ctx, operator, order.ShipInput{Order: o.ID})
		return err
	})
}

func TestGoodsMoveByRole(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(9, 0)
	s.ship(order.ShipInput{Order: o.ID, Lines: some(o, 4)})
	calls := map[string]func(a access.Actor) error{
		"ship": func(a access.Actor) error {
			_, err := s.orders.Ship(s.ctx, a, order.ShipInput{Order: o.ID, Lines: some(o, 1)})
			return err
		},
		"return": func(a access.Actor) error {
			_, err := s.orders.Return(s.ctx, a, order.ReturnInput{Order: o.ID, Lines: some(o, 1)})
			return err
		},
		"cancel": func(a access.Actor) error {
			_, err := s.orders.CancelRest(s.ctx, a, order.CancelRestInput{Order: o.ID, Lines: some(o, 1), Reason: "because"})
			return err
		},
	}
	for name, call := range calls {
		require.ErrorIs(t, call(stranger), order.ErrNotFound, name)
		require.ErrorIs(t, call(access.Actor{}), order.ErrNotFound, name)
		for role, mark := range marks {
			err := call(actorOf(role))
			if strings.Contains("OA", mark) {
				require.NoError(t, err, "%s by %s", name, role)
				continue
			}
			require.ErrorIs(t, err, access.ErrForbidden, "%s by %s", name, role)
		}
	}
	for _, mark := range []access.Actor{buyer, operator} {
		_, err := s.orders.ReportDelivery(s.ctx, mark, order.DeliveryReport{Order: o.ID, Twin: order.Twin{ID: "1"}, State: order.Shipped})
		require.ErrorIs(t, err, access.ErrForbidden)
	}
}

// A19: what is on hold does not leave.
func TestShipWaitsForHolds(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(3, 2)
	_, err := s.orders.Hold(s.ctx, operator, order.HoldInput{Order: o.ID, Lines: []order.LineID{o.Lines[0].ID}, Reason: "change control"})
	require.NoError(t, err)
	ship := func(lines []order.LineQuantity) error {
		_, err := s.orders.Ship(s.ctx, operator, order.ShipInput{Order: o.ID, Lines: lines})
		return err
	}
	is := s.refused(o.ID, "order.held", func() error { return ship(nil) })
	require.Len(t, is, 1)
	s.refused(o.ID, "order.held", func() error { return ship(some(o, 1, 1)) })
	require.NoError(t, ship(some(o, 0, 1)), "the other line may leave")
	_, err = s.orders.Resume(s.ctx, operator, order.ResumeInput{Order: o.ID, Lines: []order.LineID{o.Lines[0].ID}})
	require.NoError(t, err)
	_, err = s.orders.Hold(s.ctx, operator, order.HoldInput{Order: o.ID, Reason: "unpaid"})
	require.NoError(t, err)
	s.refused(o.ID, "order.held", func() error { return ship(some(o, 0, 1)) })
}

func TestShipOnceByKeyAndByVersion(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(3, 0)
	in := order.ShipInput{Key: "k", Order: o.ID, Version: o.Version, Lines: some(o, 1)}
	d := s.ship(in)
	again := s.ship(in)
	require.Equal(t, d, again)
	require.Equal(t, pieces(1), s.get(o.ID).Lines[0].Goods.Shipped)
	in.Lines = some(o, 2)
	_, err := s.orders.Ship(s.ctx, operator, in)
	require.ErrorIs(t, err, uow.ErrKeyReused)
	in.Key = ""
	_, err = s.orders.Ship(s.ctx, operator, in)
	require.ErrorIs(t, err, uow.ErrVersion)
	_, err = s.orders.Return(s.ctx, operator, order.ReturnInput{Order: o.ID, Version: o.Version})
	require.ErrorIs(t, err, uow.ErrVersion)
	_, err = s.orders.CancelRest(s.ctx, operator, order.CancelRestInput{Order: o.ID, Version: o.Version, Reason: "x"})
	require.ErrorIs(t, err, uow.ErrVersion)
}

// Of many who ship the last piece one does.
func TestRaceForTheLastPiece(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(1, 0)
	const racers = 16
	var wg sync.WaitGroup
	errs := make([]error, racers)
	for i := range racers {
		wg.Go(func() {
			_, errs[i] = s.orders.Ship(s.ctx, operator, order.ShipInput{Order: o.ID, Lines: some(o, 1)})
		})
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		require.Equal(t, "order.over_delivery", fault.CodeOf(err))
	}
	require.Equal(t, 1, won)
	ds, err := s.orders.Deliveries(s.ctx, operator, o.ID)
	require.NoError(t, err)
	require.Len(t, ds, 1)
	require.Equal(t, [6]string{"0", "0", "1", "0", "0", "0"}, stands(s.get(o.ID).Lines[0]))
}

// Of shipping, cancelling and the ERP's word on one piece, every outcome keeps
// the ledger.
func TestRaceOfShippingAndCancelling(t *testing.T) {
	for range 10 {
		s := newShop(t, nil)
		o := s.sold(1, 0)
		var wg sync.WaitGroup
		var shipped, cancelled error
		wg.Go(func() { _, shipped = s.orders.Ship(s.ctx, operator, order.ShipInput{Order: o.ID, Lines: some(o, 1)}) })
		wg.Go(func() {
			_, cancelled = s.orders.CancelRest(s.ctx, operator, order.CancelRestInput{Order: o.ID, Lines: some(o, 1), Reason: "gone"})
		})
		wg.Wait()
		require.True(t, (shipped == nil) != (cancelled == nil), "exactly one: %v %v", shipped, cancelled)
		require.NoError(t, s.get(o.ID).CheckLedgers())
	}
}

func TestReturn(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(3, 2)
	s.ship(order.ShipInput{Order: o.ID, Lines: some(o, 2)})
	s.events(event.Facts)
	is := s.refused(o.ID, "order.over_return", func() error {
		_, err := s.orders.Return(s.ctx, operator, order.ReturnInput{Order: o.ID, Lines: some(o, 3, 1)})
		return err
	})
	require.Len(t, is, 2)
	d := s.sendBack(order.ReturnInput{Order: o.ID, Lines: some(o, 1), Reason: "scratched", Note: "box 4"})
	require.Equal(t, order.Return, d.Kind)
	require.Equal(t, string(o.Ref)+"-2", d.Number)
	require.Equal(t, "scratched", d.Reason)
	require.Equal(t, []string{"delivery.returned"}, types(s.events(event.Facts), ""), "the axis is where it was")
	require.Equal(t, [6]string{"1", "0", "2", "0", "1", "0"}, stands(s.get(o.ID).Lines[0]))
	s.ship(order.ShipInput{Order: o.ID})
	require.Equal(t, order.FullyDelivered, s.get(o.ID).Delivered())
	s.report(order.Report{Order: o.ID, State: "done"})
	s.sendBack(order.ReturnInput{Order: o.ID})
	now := s.get(o.ID)
	require.Equal(t, order.Closed, now.State, "goods come back to a closed order, too")
	require.Equal(t, order.AllReturned, now.Delivered())
	require.Equal(t, "returned", now.History[len(now.History)-1].What)
	s.refused(o.ID, "order.nothing_left", func() error {
		_, err := s.orders.Return(s.ctx, operator, order.ReturnInput{Order: o.ID})
		return err
	})
	s.refused(o.ID, "order.invalid", func() error {
		_, err := s.orders.Return(s.ctx, operator, order.ReturnInput{Order: o.ID, Reason: strings.Repeat("x", 2001)})
		return err
	})
}

func TestCancelRest(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(5, 2)
	s.report(order.Report{Order: o.ID, Sequence: 1, Lines: []order.LineReport{{Line: o.Lines[0].ID, Reserved: pieces(2)}}})
	s.ship(order.ShipInput{Order: o.ID, Lines: some(o, 1)})
	s.events(event.Facts)
	cancel := func(lines []order.LineQuantity, reason string) (order.Order, error) {
		return s.orders.CancelRest(s.ctx, operator, order.CancelRestInput{Order: o.ID, Lines: lines, Reason: reason})
	}
	s.refused(o.ID, "order.invalid", func() error { _, err := cancel(nil, " "); return err })
	s.refused(o.ID, "order.invalid", func() error { _, err := cancel(nil, strings.Repeat("x", 2001)); return err })
	s.refused(o.ID, "order.over_cancel", func() error { _, err := cancel(some(o, 5), "x"); return err })

	s.pass(time.Hour)
	now, err := cancel(nil, "no longer made")
	require.NoError(t, err)
	require.Equal(t, document(t, now), document(t, s.get(o.ID)))
	require.Equal(t, [6]string{"0", "1", "1", "3", "0", "0"}, stands(now.Lines[0]), "what is reserved stays unless it is named")
	require.Equal(t, order.PartlyDelivered, now.Delivered())
	require.Equal(t, s.clock(), now.UpdatedAt)
	facts := s.events(event.Facts)
	require.Equal(t, []string{"order.rest_cancelled"}, types(facts, ""))
	told := one[order.RestCancelled](s, facts)
	require.Equal(t, some(o, 3, 2), told.Lines)
	require.Equal(t, "no longer made", told.Reason)
	require.Empty(t, s.events(event.ERP), "no ERP has it")

	now, err = cancel(some(o, 1), "all of it")
	require.NoError(t, err)
	require.Equal(t, [6]string{"0", "0", "1", "4", "0", "0"}, stands(now.Lines[0]))
	require.Equal(t, order.FullyDelivered, now.Delivered())
	s.refused(o.ID, "order.nothing_left", func() error { _, err := cancel(nil, "x"); return err })
}

// Where the ERP has the order the relay tells it, totals in the order itself.
func TestCancelRestTellsTheERP(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(5, 2)
	s.report(order.Report{Order: o.ID, Revision: 1, ID: "77", State: "confirmed"})
	s.events(event.ERP)
	now, err := s.orders.CancelRest(s.ctx, operator, order.CancelRestInput{Order: o.ID, Reason: "no longer made"})
	require.NoError(t, err)
	require.Equal(t, order.NothingToDeliver, now.Delivered())
	work := s.events(event.ERP)
	require.Equal(t, order.RestCancelRequested{Order: o.ID, Ref: o.Ref, Revision: 1}, one[order.RestCancelRequested](s, work))
	require.Equal(t, "order/"+string(o.ID), work[0].Subject)
	require.Equal(t, now.Version, work[0].Version)
}

func TestTrack(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(1, 0)
	d := s.ship(order.ShipInput{Order: o.ID, Note: "by noon"})
	s.events(event.Facts)
	carrier, number := "Nordfracht", "NF 77"
	in := order.TrackInput{Delivery: d.ID, Version: d.Version, Carrier: &carrier, Tracking: &number}
	got, err := s.orders.Track(s.ctx, operator, in)
	require.NoError(t, err)
	require.Equal(t, []string{carrier, number, "by noon"}, []string{got.Carrier, got.Tracking, got.Note})
	facts := s.events(event.Facts)
	require.Equal(t, []string{"delivery.changed"}, types(facts, ""))
	require.Equal(t, number, one[order.DeliveryChanged](s, facts).Tracking)
	_, err = s.orders.Track(s.ctx, operator, in)
	require.ErrorIs(t, err, uow.ErrVersion)
	in.Version = 0
	again, err := s.orders.Track(s.ctx, operator, in)
	require.NoError(t, err)
	require.Equal(t, got, again, "twice is once")
	require.Empty(t, s.events(event.Facts))
	_, err = s.orders.Track(s.ctx, buyer, in)
	require.ErrorIs(t, err, access.ErrForbidden)
	_, err = s.orders.Track(s.ctx, stranger, in)
	require.ErrorIs(t, err, order.ErrNoDelivery)
	bad := "\x01"
	_, err = s.orders.Track(s.ctx, operator, order.TrackInput{Delivery: d.ID, Carrier: &bad, Tracking: &bad, Note: &bad})
	require.ErrorIs(t, err, order.ErrInvalid)
	require.Len(t, fault.IssuesOf(err), 3)
}

func TestReadDeliveries(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(3, 0)
	d := s.ship(order.ShipInput{Order: o.ID, Lines: some(o, 1), Tracking: "T1"})
	s.pass(time.Minute)
	back := s.sendBack(order.ReturnInput{Order: o.ID})
	for _, a := range []access.Actor{buyer, designer, operator, machine} {
		got, err := s.orders.GetDelivery(s.ctx, a, d.ID)
		require.NoError(t, err)
		require.Equal(t, d, got)
		page, err := s.orders.FindDeliveries(s.ctx, a, order.DeliveryQuery{})
		require.NoError(t, err)
		require.Len(t, page.Rows, 2)
		require.Equal(t, back.ID, page.Rows[0].ID, "the newest first")
	}
	_, err := s.orders.GetDelivery(s.ctx, stranger, d.ID)
	require.ErrorIs(t, err, order.ErrNoDelivery)
	_, err = s.orders.Deliveries(s.ctx, stranger, o.ID)
	require.ErrorIs(t, err, order.ErrNotFound)
	for _, q := range []order.DeliveryQuery{{}, {Partner: "nord"}, {Order: o.ID}} {
		page, err := s.orders.FindDeliveries(s.ctx, stranger, q)
		require.NoError(t, err)
		require.Empty(t, page.Rows)
	}
	page, err := s.orders.FindDeliveries(s.ctx, buyer, order.DeliveryQuery{Tracking: "T1", Kind: order.Outgoing, States: []order.DeliveryState{order.Shipped}})
	require.NoError(t, err)
	require.Len(t, page.Rows, 1)
	require.Equal(t, d.Number, page.Rows[0].Number)
	_, err = s.orders.FindDeliveries(s.ctx, buyer, order.DeliveryQuery{Kind: "odd", States: []order.DeliveryState{"odd"}, From: s.clock(), Until: s.clock()})
	require.Len(t, fault.IssuesOf(err), 3)
}
