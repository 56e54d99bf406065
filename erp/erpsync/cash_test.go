package erpsync_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/store"
)

// The main job with an ERP that invoices: A19, A21, A22. Ledgers, bills, axes
// and balance are right at every step.
func TestOrderToCash(t *testing.T) {
	for name, keys := range map[string]memerp.Keys{"unique keys": memerp.UniqueKeys, "idempotent keys": memerp.IdempotentKeys, "no keys": memerp.NoKeys} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, setup{books: memerp.Options{Keys: keys}})
			w.books.SetStock(oven, dec("2"), "2026-12-01")
			w.sync()
			id := w.placed(3, 2)
			w.sync()
			require.Equal(t, "3 0 0 0 0", w.goodsOf(id, 0))
			w.validate(id)
			w.sync()
			require.Equal(t, "1 2 0 0 0", w.goodsOf(id, 0), "two of three are there")
			require.Equal(t, "0 2 0 0 0", w.goodsOf(id, 1))
			require.Equal(t, order.Axes{Delivered: order.NotDelivered, Invoiced: order.NotInvoiced, Paid: order.NothingBilled}, w.get(id).Axes())
			there := w.twin(id).ID

			first, ok := w.books.Pick(there)
			require.True(t, ok)
			w.books.Ship(first, "DPD", "0512")
			w.sync()
			require.Equal(t, "1 0 2 0 0", w.goodsOf(id, 0))
			ds, err := w.orders.Deliveries(w.ctx, buyer, id)
			require.NoError(t, err)
			require.Len(t, ds, 2)
			require.Equal(t, []order.DeliveryState{order.Shipped, order.Planned}, []order.DeliveryState{ds[0].State, ds[1].State})
			require.Equal(t, "0512", ds[0].Tracking)
			require.Equal(t, ds[0].Number, ds[1].BackOrderOf)
			require.Empty(t, w.docs(), "a draft is not told of")
			w.posts(id)
			w.sync()
			w.inStep()
			require.Equal(t, order.Axes{Delivered: order.PartlyDelivered, Invoiced: order.PartlyInvoiced, Paid: order.Unpaid}, w.get(id).Axes())

			w.books.SetStock(oven, dec("5"), "")
			w.sync()
			require.Equal(t, "0 1 2 0 0", w.goodsOf(id, 0))
			_, ok = w.books.Pick(there)
			require.True(t, ok)
			w.posts(id)
			w.sync()
			w.inStep()
			o := w.get(id)
			require.Equal(t, order.Axes{Delivered: order.FullyDelivered, Invoiced: order.FullyInvoiced, Paid: order.Unpaid}, o.Axes())
			require.Equal(t, order.Closed, o.State)
			invoices := w.books.Invoices()
			require.Len(t, invoices, 2)
			require.Equal(t, invoices[0].Totals.Gross.Add(invoices[1].Totals.Gross).StringFixed(2), o.Quote.Gross.Decimal().StringFixed(2))

			w.paysThere(invoices[0], invoices[0].Totals.Gross)
			w.sync()
			w.inStep()
			require.Equal(t, order.PartlyPaid, w.get(id).Axes().Paid)
			w.paid(w.doc(invoices[1].Number), invoices[1].Totals.Gross)
			w.sync()
			w.inStep()
			require.Equal(t, order.FullyPaid, w.get(id).Axes().Paid)
			require.Len(t, w.books.Payments(), 2)
			require.Equal(t, "0.00", w.statement().Closing.Decimal().StringFixed(2))

			_, ok = w.books.Return(there, "damaged", w.of(id, 0, "1"))
			require.True(t, ok)
			w.sync()
			require.Equal(t, order.ToCredit, w.get(id).Axes().Invoiced)
			w.posts(id)
			w.sync()
			w.inStep()
			require.Equal(t, "0 0 3 0 1", w.goodsOf(id, 0))
			require.Equal(t, order.FullyInvoiced, w.get(id).Axes().Invoiced)
			credit := w.books.Invoices()[2]
			require.Equal(t, w.doc(invoices[0].Number).ID, w.doc(credit.Number).Corrects.Document)
			require.Equal(t, "-768.00", w.statement().Closing.Decimal().StringFixed(2), "credit owed")
			w.paysThere(credit, credit.Totals.Gross)
			w.sync()
			w.inStep()
			require.Equal(t, "0.00", w.statement().Closing.Decimal().StringFixed(2))

			w.writes(buyer, id, "Where is the third?")
			w.sync()
			_, ok = w.books.Say(erp.Message{Kind: "order", Document: there, Author: "Olga", Text: "Delivered on Monday."})
			require.True(t, ok)
			_, ok = w.books.Say(erp.Message{Kind: "delivery", Document: first, Text: "Left at the door."})
			require.True(t, ok)
			_, ok = w.books.Say(erp.Message{Kind: "invoice", Document: invoices[0].ID, Text: "Paid.", Internal: true})
			require.True(t, ok)
			w.sync()
			w.inStep()
			said := w.said(order.DocOf(id))
			require.Len(t, said, 2)
			require.Equal(t, "Olga", said[1].By.Name)
			require.Len(t, w.said(order.DeliveryDocOf(ds[0].ID)), 1)
			require.True(t, w.said(billing.DocOf(w.doc(invoices[0].Number).ID))[0].Internal)
			require.Empty(t, w.parked())
			require.Empty(t, w.letters())
			require.Zero(t, w.depth())
		})
	}
}

// The same job where the invoices are made here and booked there: one issuer,
// design §5.
func TestOrderToCashInvoicedHere(t *testing.T) {
	for name, keys := range map[string]memerp.Keys{"unique keys": memerp.UniqueKeys, "idempotent keys": memerp.IdempotentKeys, "no keys": memerp.NoKeys} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, here(setup{books: memerp.Options{Keys: keys}}))
			id := w.confirmed(3, 2)
			there := w.twin(id).ID
			_, ok := w.books.Pick(there, w.of(id, 0, "2"))
			require.True(t, ok)
			w.sync()
			one := w.issued(id)
			w.sync()
			w.inStep()
			require.Equal(t, one.Number, w.books.Invoices()[0].Number)
			_, ok = w.books.Pick(there)
			require.True(t, ok)
			w.sync()
			two := w.issued(id)
			// The payment waits for its invoice.
			pay := w.paid(two, two.Totals.Gross.Decimal())
			w.sync()
			w.inStep()
			require.Equal(t, order.FullyInvoiced, w.get(id).Axes().Invoiced)
			require.Equal(t, pay.Amount.Decimal().StringFixed(2), w.books.Payments()[0].Amount.StringFixed(2))
			require.Equal(t, w.books.Invoices()[1].ID, w.books.Payments()[0].Allocations[0].Invoice)

			_, ok = w.books.Return(there, "damaged", w.of(id, 0, "1"))
			require.True(t, ok)
			w.sync()
			note, err := w.bills.Credit(w.ctx, operator, billing.CreditInput{Document: one.ID, Reason: "damaged",
				Lines: []billing.CreditLine{{Line: "1", Quantity: w.get(id).Lines[0].Goods.Returned}}})
			require.NoError(t, err)
			w.sync()
			w.inStep()
			booked := w.books.Invoices()[2]
			require.True(t, booked.Credit)
			require.Equal(t, note.Number, booked.Number)
			require.Equal(t, w.books.Invoices()[0].ID, booked.Corrects)
			require.Equal(t, "768.00", w.statement().Closing.Decimal().StringFixed(2))
			require.Empty(t, w.parked())
			require.Empty(t, w.letters())
		})
	}
}

// issued makes the invoice of what an order has to invoice.
func (w *world) issued(id order.ID) billing.Document {
	w.t.Helper()
	d, err := w.bills.Issue(w.ctx, operator, billing.IssueInput{Orders: []billing.OrderVersion{{Order: id}}})
	require.NoError(w.t, err)
	return d
}

// Articles, prices and stock follow the ERP; what is late changes nothing.
func TestArticlesFollow(t *testing.T) {
	w := newWorld(t, setup{pull: erpsync.PullOptions{Articles: erpsync.Articles{Create: func(p erp.Product) (catalog.Product, bool) {
		return catalog.Product{ID: catalog.ID("new-" + p.SKU), Tax: "standard", Online: true, Sale: catalog.SaleFree}, p.SKU != "SCRAP"
	}, List: func(theirs string) string {
		if theirs == "standard" {
			return ""
		}
		return theirs
	}}}})
	names := func(name string) map[string]string { return map[string]string{"en": name} }
	w.books.SaveProduct(erp.Product{SKU: oven, Names: names("The oven"), Unit: "C62", Active: true})
	w.books.SaveProduct(erp.Product{SKU: "NEW-1", Names: names("The new one"), Unit: "C62", Active: true})
	w.books.SaveProduct(erp.Product{SKU: "SCRAP", Names: names("Scrap"), Active: true})
	price := func(sku, list, amount string) {
		w.books.SetPrice(erp.Price{SKU: sku, List: list, Currency: "EUR", Breaks: []erp.PriceBreak{{From: dec("1"), UnitPrice: dec(amount)}}})
	}
	price(oven, "standard", "650.00")
	price(oven, "dealers", "600.00")
	price("NEW-1", "standard", "12.345678")
	w.books.SetStock(oven, dec("7"), "2026-12-24")
	w.books.SetStock(oven, dec("6"), "")
	w.pulls()
	require.Empty(t, w.parked())
	p := w.product(oven)
	require.Equal(t, "The oven", p.Names["en"])
	require.Len(t, p.Prices, 2)
	require.Equal(t, "650", p.Prices[0].Breaks[0].Price.Decimal().String())
	require.Equal(t, "12.345678", w.product("NEW-1").Prices[0].Breaks[0].Price.Decimal().String())
	require.Equal(t, "6", w.onHand(oven))
	w.books.SetStock(oven, dec("-2"), "")
	w.books.SetPrice(erp.Price{SKU: oven, List: "dealers", Currency: "EUR"})
	w.pulls()
	require.Equal(t, "0", w.onHand(oven), "in the same second as before, and below zero is none")
	require.Len(t, w.product(oven).Prices, 1, "no prices end the list")
	_, known := w.find("SCRAP")
	require.False(t, known)
	version := w.product(oven).Version
	for _, s := range w.puller.Streams() {
		require.NoError(t, w.puller.Restart(w.ctx, s))
	}
	w.pulls()
	require.Equal(t, version, w.product(oven).Version, "nothing is applied twice")
	require.Empty(t, w.parked())
}

func (w *world) find(sku catalog.SKU) (catalog.Product, bool) {
	w.t.Helper()
	var p catalog.Product
	var ok bool
	require.NoError(w.t, w.store.View(w.ctx, func(ctx context.Context, tx store.Tx) error {
		have, err := tx.Products().BySKU(ctx, []catalog.SKU{sku})
		p, ok = have[sku]
		return err
	}))
	return p, ok
}

func (w *world) product(sku catalog.SKU) catalog.Product {
	w.t.Helper()
	p, ok := w.find(sku)
	require.True(w.t, ok, sku)
	return p
}

func (w *world) onHand(sku catalog.SKU) string {
	w.t.Helper()
	id := w.product(sku).ID
	have, err := w.goods.Availability(w.ctx, operator, []catalog.ID{id})
	require.NoError(w.t, err)
	return have[id].OnHand.String()
}

// overdue tells of one article, its price and its stock twice, the older change
// last.
type overdue struct {
	whole
	turn int
}

func (a *overdue) head(seq int64) (erp.Head, erp.Cursor) {
	return erp.Head{ID: "1", Sequence: seq}, erp.Cursor{byte('0' + a.turn)}
}

func (a *overdue) PullProducts(context.Context, erp.Cursor, int) (erp.Page[erp.Product], error) {
	name := []string{"Newer", "Older"}[a.turn]
	h, next := a.head(int64(5 - a.turn))
	return erp.Page[erp.Product]{Rows: []erp.Product{{Head: h, SKU: oven, Names: map[string]string{"en": name}, Active: true}}, Next: next}, nil
}

func (a *overdue) PullPrices(context.Context, erp.Cursor, int) (erp.Page[erp.Price], error) {
	h, next := a.head(int64(5 - a.turn))
	price := erp.PriceBreak{UnitPrice: dec([]string{"650", "600"}[a.turn])}
	return erp.Page[erp.Price]{Rows: []erp.Price{{Head: h, SKU: oven, List: "dealers", Currency: "EUR", Breaks: []erp.PriceBreak{price}}}, Next: next}, nil
}

func (a *overdue) PullStock(context.Context, erp.Cursor, int) (erp.Page[erp.Stock], error) {
	h, next := a.head(int64(5 - a.turn))
	return erp.Page[erp.Stock]{Rows: []erp.Stock{{Head: h, SKU: oven, Available: dec([]string{"7", "8"}[a.turn])}}, Next: next}, nil
}

// An article's change that comes after a later one changes nothing, though
// articles keep no sequence of their own.
func TestLateArticleChangesNothing(t *testing.T) {
	a := &overdue{}
	w := newWorld(t, setup{wrap: func(_ *world, in erp.Adapter) erp.Adapter { a.whole = in.(whole); return a }})
	for a.turn = range 2 {
		w.pass(time.Hour)
		for _, s := range []erp.Stream{erp.Products, erp.Prices, erp.Stocks} {
			_, err := w.puller.Pull(w.ctx, s)
			require.NoError(t, err)
		}
		p := w.product(oven)
		require.Equal(t, "Newer", p.Names["en"])
		require.Equal(t, "650", p.Prices[len(p.Prices)-1].Breaks[0].Price.Decimal().String())
		require.Equal(t, "7", w.onHand(oven))
	}
}

// Money on an invoice and money back on its credit note, both on their way: what
// is left there is less on both, and nothing was set off.
func TestPaymentAndRefundAreNoSetOff(t *testing.T) {
	w := newWorld(t, setup{})
	id := w.confirmed(2, 1)
	w.picks(w.twin(id).ID, w.of(id, 0, "2"))
	w.posts(id)
	_, ok := w.books.Return(w.twin(id).ID, "damaged", w.of(id, 0, "1"))
	require.True(t, ok)
	w.posts(id)
	w.sync()
	for _, i := range w.books.Invoices() {
		w.paysThere(i, dec("100"))
	}
	w.sync()
	w.inStep()
	for _, d := range w.docs() {
		require.True(t, d.SetOff.IsZero())
		require.Equal(t, "100.00", d.Paid.Decimal().StringFixed(2))
	}
}
