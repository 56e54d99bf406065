package order_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

// invoice makes an order's part of an invoice of our own: the next slices of so
// many of the first lines, with their tax.
func invoice(t testing.TB, o order.Order, id order.BillID, n ...int64) order.BillInput {
	t.Helper()
	in := order.BillInput{Order: o.ID, Bill: order.Bill{Document: id, Number: "INV-" + string(id), Issued: partner.MustDate("2026-11-22")}}
	net := money.Zero(money.EUR)
	for i, q := range n {
		s, err := o.NextSlice(o.Lines[i].ID, pieces(q))
		require.NoError(t, err)
		in.Lines = append(in.Lines, order.BilledLine{Line: s.Line, Quantity: s.Quantity, Stretches: s.Stretches})
		base, err := s.Base()
		require.NoError(t, err)
		net = sum(t, net, base)
	}
	tax, box, err := o.NextTax(pricing.StandardRated, money.RateOf(20), net)
	require.NoError(t, err)
	in.Boxes = []order.Box{box}
	in.Bill.Net, in.Bill.Tax, in.Bill.Gross = net, tax, sum(t, net, tax)
	return in
}

// credit makes the credit note for a whole invoice.
func credit(in order.BillInput, id order.BillID) order.BillInput {
	in.Bill.Document, in.Bill.Number, in.Bill.Credit = id, "CN-"+string(id), true
	return in
}

func sum(t testing.TB, a, b money.Amount) money.Amount {
	t.Helper()
	c, err := a.Add(b)
	require.NoError(t, err)
	return c
}

// Two invoices for 2 of 3 and the rest, a credit note for the first: the
// billing ledger, the stretches, the axes and the events.
func TestBillAndCredit(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(3, 0)
	require.Equal(t, order.OnDelivery, o.Policy)
	s.ship(order.ShipInput{Order: o.ID, Lines: some(o, 2)})
	require.Equal(t, pieces(2), s.get(o.ID).Lines[0].ToInvoice(o.Policy))
	s.events(event.Facts)

	first := invoice(t, s.get(o.ID), "1", 2)
	now, err := s.bill(first)
	require.NoError(t, err)
	require.Equal(t, document(t, now), document(t, s.get(o.ID)))
	require.Equal(t, []order.Stretch{{From: 0, To: 20_000}}, now.Lines[0].Billed.Taken)
	require.Equal(t, []order.Stretch{{From: 0, To: 128_000}}, now.Boxes[0].Taken)
	require.True(t, now.Lines[0].ToInvoice(now.Policy).IsZero())
	require.Equal(t, order.Axes{Delivered: order.PartlyDelivered, Invoiced: order.PartlyInvoiced, Paid: order.Unpaid}, now.Axes())
	facts := s.events(event.Facts)
	require.Equal(t, []string{"order.billed", "order.axes_changed"}, types(facts, ""))
	require.Equal(t, now.Bills[0], one[order.BillAdded](s, facts).Bill)
	require.True(t, now.Bills[0].Settled.IsZero())
	require.Equal(t, "EUR", now.Bills[0].Settled.Currency().Code())
	require.Equal(t, "INV-1", now.History[len(now.History)-1].Note)

	s.ship(order.ShipInput{Order: o.ID})
	now, err = s.bill(invoice(t, s.get(o.ID), "2", 1))
	require.NoError(t, err)
	require.Equal(t, []order.Stretch{{From: 0, To: 30_000}}, now.Lines[0].Billed.Taken, "what touches is one")
	require.Equal(t, order.FullyInvoiced, now.Invoiced())

	s.sendBack(order.ReturnInput{Order: o.ID, Lines: some(o, 2)})
	require.Equal(t, pieces(-2), s.get(o.ID).Lines[0].ToInvoice(now.Policy))
	require.Equal(t, order.ToCredit, s.get(o.ID).Invoiced())
	now, err = s.bill(credit(first, "c1"))
	require.NoError(t, err)
	require.Equal(t, []order.Stretch{{From: 20_000, To: 30_000}}, now.Lines[0].Billed.Taken)
	require.Equal(t, []order.Stretch{{From: 128_000, To: 192_000}}, now.Boxes[0].Taken)
	require.Equal(t, order.Billed{Invoiced: pieces(3), Credited: pieces(2), Taken: now.Lines[0].Billed.Taken}, now.Lines[0].Billed)
	require.Equal(t, order.FullyInvoiced, now.Invoiced())
	require.Equal(t, "credited", now.History[len(now.History)-1].What)
}

// What does not fit is refused, all of it at once, and changes nothing.
func TestBillRefusesWhatBreaksTheLedger(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(3, 2)
	first := invoice(t, o, "1", 2)
	_, err := s.bill(first)
	require.NoError(t, err)
	l := o.Lines[0].ID
	plain := func(id order.BillID, lines ...order.BilledLine) order.BillInput {
		zero := money.Zero(money.EUR)
		return order.BillInput{Order: o.ID, Bill: order.Bill{Document: id, Net: zero, Tax: zero, Gross: zero}, Lines: lines}
	}
	with := func(in order.BillInput, change func(*order.BillInput)) order.BillInput { change(&in); return in }
	chf := money.Zero(money.MustCurrency("CHF"))
	for name, c := range map[string]struct {
		in   order.BillInput
		want []string
	}{
		"the same document": {first, []string{"bill.document repeated", "lines[0].stretches taken", "boxes[0] taken"}},
		"no document":       {plain(""), []string{"bill.document required"}},
		"an unknown line":   {plain("2", order.BilledLine{Line: "none"}), []string{"lines[0] unknown"}},
		"below zero":        {plain("2", order.BilledLine{Line: l, Quantity: pieces(-1)}), []string{"lines[0].quantity range"}},
		"more than invoiced": {with(plain("2", order.BilledLine{Line: l, Quantity: pieces(3)}), func(in *order.BillInput) { in.Bill.Credit = true }),
			[]string{"lines[0].quantity credited"}},
		"more than invoiced, in two": {with(plain("2", order.BilledLine{Line: l, Quantity: pieces(1)}, order.BilledLine{Line: l, Quantity: pieces(2)}),
			func(in *order.BillInput) { in.Bill.Credit = true }), []string{"lines[1].quantity credited"}},
		"stretches beyond the line": {plain("2", order.BilledLine{Line: l, Quantity: pieces(2), Stretches: []order.Stretch{{From: 20_000, To: 40_000}}}),
			[]string{"lines[0].stretches range"}},
		"stretches of another length": {plain("2", order.BilledLine{Line: l, Quantity: pieces(1), Stretches: []order.Stretch{{From: 20_000, To: 29_999}}}),
			[]string{"lines[0].stretches range"}},
		"credit of what is not taken": {with(plain("2", order.BilledLine{Line: l, Quantity: pieces(1), Stretches: []order.Stretch{{From: 15_000, To: 25_000}}}),
			func(in *order.BillInput) { in.Bill.Credit = true }), []string{"lines[0].stretches taken"}},
		"an unknown box": {with(plain("2"), func(in *order.BillInput) {
			in.Boxes = []order.Box{{Category: "Z", Taken: []order.Stretch{{From: 0, To: 1}}}}
		}),
			[]string{"boxes[0] range"}},
		"a box beyond the base": {with(plain("2"), func(in *order.BillInput) {
			in.Boxes = []order.Box{{Category: "S", Rate: money.RateOf(20), Taken: []order.Stretch{{From: 0, To: 193_891}}}}
		}), []string{"boxes[0] range"}},
		"another currency":       {with(plain("2"), func(in *order.BillInput) { in.Bill.Net, in.Bill.Tax, in.Bill.Gross = chf, chf, chf }), []string{"bill.gross currency"}},
		"sums that are none":     {with(plain("2"), func(in *order.BillInput) { in.Bill.Net = money.MustAmount("0.01", money.EUR) }), []string{"bill.gross sums"}},
		"settled before it came": {with(plain("2"), func(in *order.BillInput) { in.Bill.Settled = money.MustAmount("0.01", money.EUR) }), []string{"bill.settled range"}},
	} {
		is := s.refused(o.ID, "order.invoicing", func() error { _, err := s.bill(c.in); return err })
		var got []string
		for _, i := range is {
			got = append(got, i.Path+" "+i.Code)
		}
		require.Equal(t, c.want, got, name)
	}
	_, err = s.bill(order.BillInput{Order: "none"})
	require.ErrorIs(t, err, order.ErrNotFound)
}

// An ERP may invoice more than was delivered: it is then to be credited.
func TestBillOfTheERPMayExceedTheBasis(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(3, 0)
	gross := money.MustAmount("768.00", money.EUR)
	in := order.BillInput{Order: o.ID, Bill: order.Bill{Document: "m1", Number: "F-9", Net: money.MustAmount("640.00", money.EUR), Tax: money.MustAmount("128.00", money.EUR), Gross: gross},
		Lines: []order.BilledLine{{Line: o.Lines[0].ID, Quantity: pieces(1)}}}
	now, err := s.bill(in)
	require.NoError(t, err)
	require.Equal(t, pieces(-1), now.Lines[0].ToInvoice(now.Policy))
	require.Equal(t, order.ToCredit, now.Invoiced())
	require.Empty(t, now.Lines[0].Billed.Taken)
	s.ship(order.ShipInput{Order: o.ID, Lines: some(o, 1)})
	require.Equal(t, order.PartlyInvoiced, s.get(o.ID).Invoiced())

	// It voids the document: as if it had never been.
	s.events(event.Facts)
	now, err = s.unbill(order.BillInput{Order: o.ID, Bill: order.Bill{Document: "m1"}, Lines: in.Lines})
	require.NoError(t, err)
	require.Empty(t, now.Bills)
	require.Equal(t, order.Axes{Delivered: order.PartlyDelivered, Invoiced: order.NotInvoiced, Paid: order.NothingBilled}, now.Axes())
	facts := s.events(event.Facts)
	require.Equal(t, []string{"order.unbilled", "order.axes_changed"}, types(facts, ""))
	require.Equal(t, gross, one[order.BillRemoved](s, facts).Bill.Gross)
	s.refused(o.ID, "order.invoicing", func() error { _, err := s.unbill(in); return err })
}

// Taking a document out again leaves the ledgers as they were before it.
func TestUnbillUndoesBill(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(3, 2)
	first := invoice(t, o, "1", 2, 1)
	_, err := s.bill(first)
	require.NoError(t, err)
	second := invoice(t, s.get(o.ID), "2", 1)
	_, err = s.bill(second)
	require.NoError(t, err)
	before := s.get(o.ID)
	_, err = s.bill(credit(first, "c"))
	require.NoError(t, err)
	s.refused(o.ID, "order.invoicing", func() error { _, err := s.unbill(first); return err })
	now, err := s.unbill(credit(first, "c"))
	require.NoError(t, err)
	require.Equal(t, before.Lines, now.Lines)
	require.Equal(t, before.Boxes, now.Boxes)
	require.Equal(t, before.Bills, now.Bills)
	now, err = s.unbill(first)
	require.NoError(t, err)
	require.Equal(t, []order.Stretch{{From: 20_000, To: 30_000}}, now.Lines[0].Billed.Taken)
	require.Empty(t, now.Lines[1].Billed.Taken)
}

func TestSettleBill(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(1, 0)
	_, err := s.bill(invoice(t, o, "1", 1))
	require.NoError(t, err)
	s.events(event.Facts)
	eur := func(text string) money.Amount { return money.MustAmount(text, money.EUR) }
	settle := func(id order.BillID, amount string, st order.PaymentState) (order.Order, error) {
		return s.settle(order.SettleBillInput{Order: o.ID, Document: id, Settled: eur(amount), Payment: st})
	}
	now, err := settle("1", "0.00", order.PaymentAwaiting)
	require.NoError(t, err)
	require.Equal(t, order.Unpaid, now.Paid())
	require.Equal(t, order.PaymentAwaiting, now.Payment())
	require.Equal(t, []string{"order.bill_settled"}, types(s.events(event.Facts), ""))
	now, err = settle("1", "500.00", order.PaymentConfirmed)
	require.NoError(t, err)
	require.Equal(t, order.PartlyPaid, now.Paid())
	facts := s.events(event.Facts)
	require.Equal(t, []string{"order.bill_settled", "order.axes_changed"}, types(facts, ""))
	require.Equal(t, eur("500.00"), one[order.BillSettled](s, facts).Bill.Settled)
	again, err := settle("1", "500.00", order.PaymentConfirmed)
	require.NoError(t, err)
	require.Equal(t, document(t, now), document(t, again))
	require.Empty(t, s.events(event.Facts), "the same again is no news")
	now, err = settle("1", "768.00", order.PaymentConfirmed)
	require.NoError(t, err)
	require.Equal(t, order.FullyPaid, now.Paid())
	require.Equal(t, order.PaymentConfirmed, now.Payment())
	s.events(event.Facts)
	for id, amount := range map[order.BillID]string{"1": "768.01", "2": "1.00"} {
		s.refused(o.ID, "order.invoicing", func() error { _, err := settle(id, amount, ""); return err })
	}
	s.refused(o.ID, "order.invoicing", func() error { _, err := settle("1", "-0.01", ""); return err })
	now, err = settle("1", "0.00", order.PaymentRefused)
	require.NoError(t, err)
	require.Equal(t, order.Unpaid, now.Paid(), "a payment may bounce")
}

// A19 R24: once invoiced an order can be neither cancelled nor deleted, until
// all of it is credited; the ERP's own word is recorded all the same.
func TestInvoicedOrdersStay(t *testing.T) {
	s := newShop(t, nil)
	o := s.sold(2, 0)
	first := invoice(t, o, "1", 1)
	_, err := s.bill(first)
	require.NoError(t, err)
	cancel := func() error {
		_, err := s.orders.Advance(s.ctx, admin, order.AdvanceInput{Order: o.ID, On: order.Cancel, Reason: "because"})
		return err
	}
	is := s.refused(o.ID, "order.invoiced", cancel)
	require.Len(t, is, 1)
	require.Contains(t, is[0].Message, "INV-1")
	err = cancel()
	require.ErrorIs(t, err, order.ErrInvoiced)
	require.ErrorIs(t, err, fsm.ErrGuard)
	options, err := s.orders.Allowed(s.ctx, admin, o.ID)
	require.NoError(t, err)
	for _, opt := range options {
		require.Equal(t, opt.On != order.Cancel, opt.Ready, opt.On)
	}
	_, err = s.bill(credit(first, "c"))
	require.NoError(t, err)
	require.NoError(t, cancel(), "all of it is credited")

	o = s.sold(2, 0)
	_, err = s.bill(invoice(t, o, "2", 1))
	require.NoError(t, err)
	require.Equal(t, order.Cancelled, s.report(order.Report{Order: o.ID, State: "cancelled"}).State)

	o = s.asked(2, 0)
	_, err = s.bill(invoice(t, o, "3", 1))
	require.NoError(t, err)
	s.refused(o.ID, "order.invoiced", func() error { return s.orders.Delete(s.ctx, buyer, order.DeleteInput{Order: o.ID}) })
	s.refused(o.ID, "order.invoiced", func() error {
		_, err := s.orders.Advance(s.ctx, buyer, order.AdvanceInput{Order: o.ID, On: order.Cancel})
		return err
	})
}

// The policy is frozen at placing, with title, source and the buyer's language.
func TestPlacingFreezesThePolicy(t *testing.T) {
	s := newShop(t, &order.Options{Invoice: order.OnOrder})
	c, q := s.offer(buyer)
	r, err := s.orders.Place(s.ctx, buyer, order.PlaceInput{Cart: c.ID, Seal: q.Seal, Title: "Kitchen 4", Source: "portal"})
	require.NoError(t, err)
	o := s.get(r.Order)
	require.Equal(t, order.OnOrder, o.Policy)
	require.Equal(t, []string{"Kitchen 4", "portal"}, []string{o.Title, o.Source})
	require.Equal(t, pieces(2), o.Lines[1].ToInvoice(o.Policy), "before anything is shipped")
}

func TestPlaceBoundsTitleAndSource(t *testing.T) {
	s := newShop(t, nil)
	c, q := s.offer(buyer)
	place := func(title, source string) error {
		_, err := s.orders.Place(s.ctx, buyer, order.PlaceInput{Cart: c.ID, Seal: q.Seal, Title: title, Source: source})
		return err
	}
	err := place(strings.Repeat("x", 201), strings.Repeat("x", 61))
	require.ErrorIs(t, err, order.ErrInvalid)
	require.Len(t, fault.IssuesOf(err), 2)
	require.NoError(t, place(strings.Repeat("ü", 200), strings.Repeat("ü", 60)))
}
