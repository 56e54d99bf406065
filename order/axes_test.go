package order_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
)

// line makes a line of so many requested, shipped, cancelled, returned and
// excess, of which so many are invoiced and credited.
func line(n ...int64) order.Line {
	q := make([]money.Quantity, 7)
	for i := range n {
		q[i] = pieces(n[i])
	}
	return order.Line{ID: "1", Quantity: q[0], Goods: order.Goods{Shipped: q[1], Cancelled: q[2], Returned: q[3], Excess: q[4]},
		Billed: order.Billed{Invoiced: q[5], Credited: q[6]}}
}

func TestDeliveryAxis(t *testing.T) {
	for want, cases := range map[order.Delivered][][]order.Line{
		order.NotDelivered:     {{line(3)}, {line(3, 0, 2)}, {line(3), line(2, 0, 2)}},
		order.PartlyDelivered:  {{line(3, 1)}, {line(3, 3), line(1)}, {line(3, 1, 1)}, {line(3, 2, 0, 2)}},
		order.FullyDelivered:   {{line(3, 3)}, {line(3, 1, 2)}, {line(3, 3, 0, 2)}, {line(3, 3), line(2, 0, 2)}, {line(1, 1, 0, 1), line(1, 1)}},
		order.AllReturned:      {{line(3, 3, 0, 3)}, {line(3, 1, 2, 1), line(2, 0, 2)}},
		order.NothingToDeliver: {{line(3, 0, 3)}, {line(3, 0, 3), line(1, 0, 1)}, {}},
		order.OverDelivered:    {{line(3, 3, 0, 0, 1)}, {line(3, 0, 3, 0, 1)}, {line(3), line(1, 1, 0, 0, 2)}},
	} {
		for _, lines := range cases {
			require.Equal(t, want, order.Order{Lines: lines}.Delivered(), "%v", lines)
		}
	}
}

func TestInvoiceAxis(t *testing.T) {
	for _, c := range []struct {
		line      order.Line
		delivered order.Invoiced // under OnDelivery
		ordered   order.Invoiced // under OnOrder
		to        int64          // to invoice under OnDelivery
		ahead     int64          // under OnOrder
	}{
		{line(3), order.NotInvoiced, order.NotInvoiced, 0, 3},
		{line(3, 2), order.NotInvoiced, order.NotInvoiced, 2, 3},
		{line(3, 2, 0, 0, 0, 2), order.PartlyInvoiced, order.PartlyInvoiced, 0, 1},
		{line(3, 3, 0, 0, 0, 3), order.FullyInvoiced, order.FullyInvoiced, 0, 0},
		{line(3, 0, 0, 0, 0, 3), order.ToCredit, order.FullyInvoiced, -3, 0},
		{line(3, 2, 1, 0, 0, 2), order.FullyInvoiced, order.FullyInvoiced, 0, 0},
		{line(3, 3, 0, 1, 0, 3), order.ToCredit, order.ToCredit, -1, -1},
		{line(3, 3, 0, 1, 0, 3, 1), order.FullyInvoiced, order.FullyInvoiced, 0, 0},
		{line(3, 3, 0, 3, 0, 3, 3), order.NothingDue, order.NothingDue, 0, 0},
		{line(3, 3, 0, 0, 0, 3, 3), order.NotInvoiced, order.NotInvoiced, 3, 3},
		{line(3, 0, 3), order.NothingDue, order.NothingDue, 0, 0},
		{line(3, 3, 0, 0, 2, 3), order.FullyInvoiced, order.FullyInvoiced, 0, 0},
	} {
		o := order.Order{Policy: order.OnDelivery, Lines: []order.Line{c.line}}
		require.Equal(t, c.delivered, o.Invoiced(), "%v", c.line)
		require.Equal(t, pieces(c.to), c.line.ToInvoice(order.OnDelivery), "%v", c.line)
		o.Policy = order.OnOrder
		require.Equal(t, c.ordered, o.Invoiced(), "%v", c.line)
		require.Equal(t, pieces(c.ahead), c.line.ToInvoice(order.OnOrder), "%v", c.line)
		b := c.line.Billed
		for _, p := range []order.InvoicePolicy{order.OnDelivery, order.OnOrder} {
			require.Equal(t, c.line.Basis(p).Units(), b.Invoiced.Units()-b.Credited.Units()+c.line.ToInvoice(p).Units(), "basis = invoiced - credited + to invoice")
		}
	}
	// One line to credit is what somebody has to see, whatever the others want.
	require.Equal(t, order.ToCredit, order.Order{Lines: []order.Line{line(3, 3), line(1, 0, 0, 0, 0, 1)}}.Invoiced())
}

func TestMoneyAxis(t *testing.T) {
	bill := func(credit bool, gross, settled int64) order.Bill {
		return order.Bill{Credit: credit, Gross: money.FromMinor(gross, money.EUR), Settled: money.FromMinor(settled, money.EUR)}
	}
	for _, c := range []struct {
		bills []order.Bill
		want  order.Paid
	}{
		{nil, order.NothingBilled},
		{[]order.Bill{bill(true, 100, 0)}, order.NothingBilled},
		{[]order.Bill{bill(false, 100, 0)}, order.Unpaid},
		{[]order.Bill{bill(false, 100, 1)}, order.PartlyPaid},
		{[]order.Bill{bill(false, 100, 100), bill(false, 50, 0)}, order.PartlyPaid},
		{[]order.Bill{bill(false, 100, 100), bill(true, 50, 0)}, order.FullyPaid},
		{[]order.Bill{bill(false, 0, 0)}, order.FullyPaid},
	} {
		require.Equal(t, c.want, order.Order{Bills: c.bills}.Paid(), "%v", c.bills)
	}
}

// Impossible states are not written: each way of breaking the ledgers is found
// and named.
func TestCheckLedgers(t *testing.T) {
	good := line(5, 3, 1, 2, 1, 4, 2)
	good.Goods.Reserved = pieces(1)
	require.NoError(t, order.Order{Lines: []order.Line{good}}.CheckLedgers())
	minus := pieces(-1)
	for path, breaks := range map[string][]func(*order.Order, *order.Line){
		"lines[0].goods": {
			func(_ *order.Order, l *order.Line) { l.Goods.Reserved = pieces(2) },
			func(_ *order.Order, l *order.Line) { l.Goods.Cancelled = pieces(6) },
			func(_ *order.Order, l *order.Line) { l.Goods.Reserved = minus },
			func(_ *order.Order, l *order.Line) { l.Goods.Excess = minus },
			func(_ *order.Order, l *order.Line) { l.Goods.Forgone = pieces(2) },
			func(_ *order.Order, l *order.Line) { l.Goods.Told.Reserved = minus },
			func(_ *order.Order, l *order.Line) { l.Quantity = pieces(4) },
		},
		"lines[0].goods.returned": {
			func(_ *order.Order, l *order.Line) { l.Goods.Returned = pieces(4) },
			func(_ *order.Order, l *order.Line) { l.Goods.Returned = minus },
		},
		"lines[0].billed": {
			func(_ *order.Order, l *order.Line) { l.Billed.Invoiced = minus },
			func(_ *order.Order, l *order.Line) { l.Billed.Credited = minus },
		},
		"lines[0].billed.taken": {
			func(_ *order.Order, l *order.Line) { l.Billed.Taken = []order.Stretch{{From: 0, To: 50_001}} },
			func(_ *order.Order, l *order.Line) {
				l.Billed.Taken = []order.Stretch{{From: 5, To: 7}, {From: 6, To: 8}}
			},
		},
		"boxes[0]": {func(o *order.Order, _ *order.Line) { o.Boxes = []order.Box{{Taken: []order.Stretch{{From: 5, To: 5}}}} }},
		"bills[1]": {func(o *order.Order, _ *order.Line) { o.Bills = []order.Bill{{Document: "1"}, {Document: "1"}} }},
	} {
		for _, do := range breaks {
			o := order.Order{Lines: []order.Line{good}}
			do(&o, &o.Lines[0])
			err := o.CheckLedgers()
			require.Equal(t, fault.Internal, fault.KindOf(err), path)
			require.Equal(t, path, fault.IssuesOf(err)[0].Path)
		}
	}
}
