package billing_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
)

// history is a random life of a few orders: goods leave, come back and are
// given up, invoices are made of deliveries, lines and orders, and credited in
// parts.
type history struct {
	*shop
	rt      *rapid.T
	mode    billing.TaxMode
	orders  []order.ID
	parcels []order.DeliveryID
	bills   []billing.Document // as issued
	tally   map[billing.ID]sums
	done    map[string]int
}

// Whatever happens: every document keeps the rules of EN 16931; what stands on
// invoices less credit notes is exactly the money of the order's taken
// stretches and boxes, and the quote's when all is taken; the billing ledger
// agrees with the documents; what is refused changes nothing; and credit notes
// over a whole invoice sum to it in every figure.
func TestDocumentsSumToTheirOrders(t *testing.T) {
	done := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		h := newHistory(rt, done)
		for range rapid.IntRange(1, 14).Draw(rt, "steps") {
			h.step()
			h.agree()
		}
		h.creditAll()
		h.agree()
	})
	t.Log(done)
	for _, what := range []string{"ship", "back", "rest", "orders", "delivery", "lines", "credit", "credit all", "whole order"} {
		require.Positive(t, done[what], "no history tried %q with success", what)
	}
}

func newHistory(rt *rapid.T, done map[string]int) *history {
	opts := here()
	opts.Tax = rapid.SampledFrom([]billing.TaxMode{billing.TaxCumulative, billing.TaxPerDocument}).Draw(rt, "mode")
	policy := rapid.SampledFrom([]order.InvoicePolicy{order.OnDelivery, order.OnOrder}).Draw(rt, "policy")
	with := settings{bills: opts, orders: &order.Options{Invoice: policy}}
	if n := rapid.Int64Range(-20, 20).Draw(rt, "allowance"); n != 0 {
		with.adjust = append(with.adjust, pricing.Adjustment{Code: "promo", Amount: money.FromMinor(min(n, -1), money.EUR)})
	}
	if n := rapid.Int64Range(0, 999).Draw(rt, "charge"); n != 0 {
		with.adjust = append(with.adjust, pricing.Adjustment{Code: "freight", Amount: money.FromMinor(n, money.EUR)})
	}
	h := &history{shop: newShop(rt, with), rt: rt, mode: opts.Tax, tally: map[billing.ID]sums{}, done: done}
	for range rapid.IntRange(1, 3).Draw(rt, "orders") {
		skus := rapid.Permutation([]string{"THIRD", "BOOK", "STAMP", "BOLT", "LAMP", "GASKET"}).Draw(rt, "skus")
		lines := []string{"1 SPARE"}
		for _, sku := range skus[:rapid.IntRange(0, 3).Draw(rt, "lines")] {
			lines = append(lines, fmt.Sprint(rapid.IntRange(1, 7).Draw(rt, "n"), " ", sku))
		}
		h.orders = append(h.orders, h.sold(buyer, lines...).ID)
	}
	return h
}

// part draws a part of a quantity, in quarters.
func (h *history) part(whole int64) money.Quantity {
	q, err := money.QuantityFromUnits(rapid.Int64Range(1, max(1, whole/2500)+1).Draw(h.rt, "quarters") * 2500)
	require.NoError(h.rt, err)
	return q
}

func (h *history) some(o order.Order, of func(order.Line) money.Quantity) []order.LineQuantity {
	var out []order.LineQuantity
	for _, l := range o.Lines {
		if rapid.Bool().Draw(h.rt, "line") {
			out = append(out, order.LineQuantity{Line: l.ID, Quantity: h.part(of(l).Units())})
		}
	}
	return out
}

func (h *history) step() {
	id := rapid.SampledFrom(h.orders).Draw(h.rt, "order")
	o := h.get(id)
	var err error
	what := rapid.SampledFrom([]string{"ship", "ship", "back", "rest", "orders", "delivery", "lines", "credit", "credit"}).Draw(h.rt, "what")
	switch what {
	case "ship":
		var d order.Delivery
		d, err = h.shop.orders.Ship(h.ctx, operator, order.ShipInput{Order: id, Lines: h.some(o, order.Line.Open)})
		if err == nil {
			h.parcels = append(h.parcels, d.ID)
		}
	case "back":
		_, err = h.shop.orders.Return(h.ctx, operator, order.ReturnInput{Order: id, Reason: "damaged",
			Lines: h.some(o, func(l order.Line) money.Quantity { return l.Goods.Shipped })})
	case "rest":
		_, err = h.shop.orders.CancelRest(h.ctx, operator, order.CancelRestInput{Order: id, Reason: "gone", Lines: h.some(o, order.Line.Open)})
	case "orders":
		in := billing.IssueInput{Orders: []billing.OrderVersion{{Order: id}}}
		if other := rapid.SampledFrom(h.orders).Draw(h.rt, "other"); other != id {
			in.Orders = append(in.Orders, billing.OrderVersion{Order: other})
		}
		err = h.issue(in)
	case "delivery":
		if len(h.parcels) > 0 {
			err = h.issue(billing.IssueInput{Deliveries: []order.DeliveryID{rapid.SampledFrom(h.parcels).Draw(h.rt, "delivery")}})
		}
	case "lines":
		in := billing.IssueInput{}
		for _, l := range h.some(o, func(l order.Line) money.Quantity { return l.ToInvoice(o.Policy) }) {
			in.Lines = append(in.Lines, billing.IssueLine{Order: id, Line: l.Line, Quantity: l.Quantity})
		}
		err = h.issue(in)
	case "credit":
		err = h.credit()
	}
	if err != nil {
		require.Contains(h.rt, []fault.Kind{fault.Precondition, fault.Invalid}, fault.KindOf(err), "%s: %v", what, err)
		return
	}
	h.done[what]++
}

func (h *history) issue(in billing.IssueInput) error {
	d, err := h.shop.bills.Issue(h.ctx, operator, in)
	if err == nil {
		require.NoError(h.rt, d.Check())
		h.bills = append(h.bills, d)
	}
	return err
}

func (h *history) credit() error {
	if len(h.bills) == 0 {
		return nil
	}
	inv := rapid.SampledFrom(h.bills).Draw(h.rt, "invoice")
	in := billing.CreditInput{Document: inv.ID, Reason: "wrong"}
	for _, l := range inv.Lines {
		if rapid.Bool().Draw(h.rt, "line") {
			in.Lines = append(in.Lines, billing.CreditLine{Line: l.ID, Quantity: h.part(l.Quantity.Units())})
		}
	}
	return h.note(inv.ID, in)
}

// note credits and keeps the sums.
func (h *history) note(id billing.ID, in billing.CreditInput) error {
	c, err := h.shop.bills.Credit(h.ctx, operator, in)
	if err != nil {
		return err
	}
	require.NoError(h.rt, c.Check())
	if h.tally[id] == nil {
		h.tally[id] = newSums()
	}
	h.tally[id].add(c, 1)
	return nil
}

// creditAll credits what every invoice has left.
func (h *history) creditAll() {
	for _, inv := range h.bills {
		err := h.note(inv.ID, billing.CreditInput{Document: inv.ID, Reason: "all"})
		if err != nil {
			require.ErrorIs(h.rt, err, billing.ErrNothingDue)
		}
		want := newSums()
		want.add(inv, 1)
		require.Equal(h.rt, want, h.tally[inv.ID], "credit notes over the whole of %s", inv.Number)
		h.done["credit all"]++
	}
}

// agree holds the orders against the documents.
func (h *history) agree() {
	h.turnoverAgrees()
	got := newSums()
	spread := map[order.ID]int64{}
	for _, inv := range h.bills {
		got.add(inv, 1)
		page, err := h.shop.bills.Find(h.ctx, operator, billing.Query{Corrects: inv.ID})
		require.NoError(h.rt, err)
		stored := h.doc(inv.ID)
		require.Equal(h.rt, inv.Record, stored.Record, "a record never changes")
		for _, row := range page.Rows {
			got.add(h.doc(row.ID), -1)
		}
		require.LessOrEqual(h.rt, stored.SetOff.Minor(), stored.Totals.Payable.Minor())
	}
	for _, id := range h.orders {
		o := h.get(id)
		net, tax, whole := int64(0), int64(0), true
		for _, l := range o.Lines {
			sl, err := o.SliceOf(l.ID, l.Billed.Taken)
			require.NoError(h.rt, err)
			base, err := sl.Base()
			require.NoError(h.rt, err)
			net += base.Minor()
			whole = whole && sl.Quantity == l.Quantity
			require.Equal(h.rt, got[fmt.Sprint("net ", id, l.ID)], sl.Net.Minor())
			for i, share := range sl.Shares {
				require.Equal(h.rt, got[fmt.Sprint("share ", i, " ", id, l.ID)], share.Minor())
			}
			require.Equal(h.rt, got[fmt.Sprint("quantity ", id, l.ID)], l.Billed.Invoiced.Units()-l.Billed.Credited.Units())
			require.Equal(h.rt, sl.Quantity.Units(), l.Billed.Invoiced.Units()-l.Billed.Credited.Units())
		}
		for _, b := range o.Boxes {
			x, err := o.TaxOf(b)
			require.NoError(h.rt, err)
			tax += x.Minor()
			require.Equal(h.rt, got[fmt.Sprint("box ", id, b.Category, b.Rate)], order.Length(b.Taken))
		}
		require.Equal(h.rt, net, got[fmt.Sprint("order net ", id)])
		if h.mode == billing.TaxCumulative {
			require.Equal(h.rt, tax, got[fmt.Sprint("order tax ", id)])
		}
		if whole {
			require.Equal(h.rt, o.Quote.Net.Minor(), net)
			require.Equal(h.rt, o.Quote.Tax.Minor(), tax)
			h.done["whole order"]++
		}
		spread[id] = got[fmt.Sprint("order tax ", id)] - tax
	}
	h.spreadAgrees(spread)
}

// spreadAgrees: what documents report as their Spread is what their VAT differs
// by from the orders' own.
func (h *history) spreadAgrees(of map[order.ID]int64) {
	var want, got int64
	for _, n := range of {
		want += n
	}
	for _, inv := range h.bills {
		got += inv.Spread.Minor()
		page, err := h.shop.bills.Find(h.ctx, operator, billing.Query{Corrects: inv.ID})
		require.NoError(h.rt, err)
		for _, row := range page.Rows {
			got -= h.doc(row.ID).Spread.Minor()
		}
	}
	require.Equal(h.rt, want, got)
}
