package erpsync_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/thread"
	"github.com/comptoir-go/comptoir/uow"
)

// acme sells, and where invoices are made here, issues them.
var acme = billing.Seller{ID: "acme", Name: "Acme SAS", VATID: "FR87900123456", Registration: "900123456",
	Address: partner.Address{Company: "Acme SAS", Street: "1 quai du Port", Postcode: "33000", City: "Bordeaux", Country: "FR"}}

// here are the settings of a company that makes its invoices here.
func here(up setup) setup {
	up.books.InvoicedElsewhere = true
	up.bills = &billing.Options{Sellers: []billing.Seller{acme}, Issuers: []billing.IssuerRule{{Issuer: billing.Here}}}
	return up
}

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func eur(d decimal.Decimal) money.Amount {
	a, err := money.AmountFromDecimal(d, money.EUR, money.HalfAwayFromZero)
	if err != nil {
		panic(err)
	}
	return a
}

// sync lets relay and puller work until both are at rest, time passing. What
// fails on the way is tried again.
func (w *world) sync() {
	w.t.Helper()
	for quiet, turn := 0, 0; quiet < 2; turn++ {
		if turn > 40 && len(w.letters()) > 0 {
			return // the rest waits for what a person has to settle
		}
		if turn == 480 {
			w.drain()
		}
		require.Less(w.t, turn, 500, "relay and puller never rest: %v", w.handled)
		n := w.step()
		rows, err := w.puller.Step(w.ctx)
		if w.up.books.Overlap > 0 {
			rows = 0 // it always tells some again; a step goes to the end
		}
		if quiet++; n > 0 || rows > 0 || err != nil || w.depth().Waiting > 0 {
			quiet = 0
		}
		if n == 0 && rows == 0 {
			w.pass(time.Minute)
		}
	}
}

// pulls lets the puller work once, without an error.
func (w *world) pulls() {
	w.t.Helper()
	_, err := w.puller.Step(w.ctx)
	require.NoError(w.t, err)
}

// confirmed places an order and leads it to the ERP's confirmation.
func (w *world) confirmed(ovens, gaskets int64) order.ID {
	w.t.Helper()
	id := w.placed(ovens, gaskets)
	w.sync()
	w.validate(id)
	w.sync()
	require.Equal(w.t, order.Confirmed, w.get(id).State)
	return id
}

// key is the ERP's key of a line.
func (w *world) key(id order.ID, line int) string {
	return erpsync.Key(tenant, w.get(id).Lines[line].ID)
}

// of is a quantity of a line of an order for the ERP's people.
func (w *world) of(id order.ID, line int, quantity string) erp.LineQuantity {
	return erp.LineQuantity{Key: w.key(id, line), Quantity: dec(quantity)}
}

// posts posts all drafts that the ERP has of an order.
func (w *world) posts(id order.ID) {
	for _, draft := range w.books.Drafts(w.twin(id).ID) {
		w.books.Post(draft)
	}
}

// goods is where a line stands, "open reserved shipped cancelled returned".
func (w *world) goodsOf(id order.ID, line int) string {
	l := w.get(id).Lines[line]
	g := l.Goods
	return fmt.Sprint(l.Open(), " ", g.Reserved, " ", g.Shipped, " ", g.Cancelled, " ", g.Returned)
}

// docs are our invoices and credit notes, oldest first.
func (w *world) docs() []billing.Document {
	w.t.Helper()
	page, err := w.bills.Find(w.ctx, operator, billing.Query{Sort: billing.OldestFirst, Page: uow.PageRequest{Limit: 500}})
	require.NoError(w.t, err)
	var out []billing.Document
	for _, h := range page.Rows {
		d, err := w.bills.Get(w.ctx, operator, h.ID)
		require.NoError(w.t, err)
		out = append(out, d)
	}
	return out
}

// doc is the document of a number.
func (w *world) doc(number string) billing.Document {
	w.t.Helper()
	all := w.docs()
	i := slices.IndexFunc(all, func(d billing.Document) bool { return d.Number == number })
	require.GreaterOrEqual(w.t, i, 0, number)
	return all[i]
}

// payments are ours, oldest first.
func (w *world) payments() []billing.Payment {
	w.t.Helper()
	page, err := w.bills.FindPayments(w.ctx, operator, billing.PaymentQuery{Sort: billing.OldestFirst, Page: uow.PageRequest{Limit: 500}})
	require.NoError(w.t, err)
	return page.Rows
}

// paid records a payment of an invoice here, which is there.
func (w *world) paid(d billing.Document, amount decimal.Decimal) billing.Payment {
	w.t.Helper()
	p, err := w.bills.Pay(w.ctx, buyer, billing.PayInput{Amount: eur(amount), Method: billing.Transfer, Invoices: []billing.PayFor{{Document: d.ID}}})
	require.NoError(w.t, err)
	p, err = w.bills.Advance(w.ctx, operator, billing.PaymentAdvanceInput{Payment: p.ID, On: billing.Confirm})
	require.NoError(w.t, err)
	return p
}

// paysThere books a payment by hand in the ERP.
func (w *world) paysThere(invoice erp.Invoice, amount decimal.Decimal) string {
	w.t.Helper()
	id, err := w.books.Pay(erp.Payment{Customer: invoice.Customer, Amount: amount, Currency: "EUR", Method: "transfer", Refund: invoice.Credit,
		Allocations: []erp.PaymentPart{{Invoice: invoice.ID, Amount: amount}}})
	require.NoError(w.t, err)
	return id
}

// said is what stands in a thread.
func (w *world) said(doc thread.Doc) []thread.Message {
	w.t.Helper()
	if doc.Kind == thread.OnInvoice {
		t, err := w.bills.Thread(w.ctx, operator, billing.ID(doc.ID))
		require.NoError(w.t, err)
		return t.Messages
	}
	t, err := w.orders.Thread(w.ctx, operator, doc)
	require.NoError(w.t, err)
	return t.Messages
}

func (w *world) writes(a access.Actor, id order.ID, text string) {
	w.t.Helper()
	_, err := w.orders.Post(w.ctx, a, order.PostInput{Doc: order.DocOf(id), PostInput: thread.PostInput{Text: text}})
	require.NoError(w.t, err)
}

// parked lists what the puller could not apply.
func (w *world) parked() []event.Parked {
	w.t.Helper()
	all, next, err := erpsync.NewParking(w.puller, nil).List(w.ctx, admin, "", 500)
	require.NoError(w.t, err)
	require.Empty(w.t, next)
	return all
}

// balance is what the customer owes in the ERP's books.
func (w *world) balance() decimal.Decimal {
	sum := decimal.Zero
	for _, i := range w.books.Invoices() {
		switch {
		case i.State != erp.InvoicePosted:
		case i.Credit:
			sum = sum.Sub(i.Totals.Gross)
		default:
			sum = sum.Add(i.Totals.Gross)
		}
	}
	for _, p := range w.books.Payments() {
		switch {
		case p.State != erp.PaymentPosted:
		case p.Refund:
			sum = sum.Add(p.Amount)
		default:
			sum = sum.Sub(p.Amount)
		}
	}
	return sum
}

func (w *world) statement() billing.Statement {
	w.t.Helper()
	s, err := w.bills.Statement(w.ctx, operator, billing.StatementInput{Partner: "nord", Currency: money.EUR})
	require.NoError(w.t, err)
	return s
}

// inStep checks that both sides hold the same: nothing lost, nothing doubled,
// quantities and sums equal.
func (w *world) inStep() {
	w.t.Helper()
	t := w.t
	for _, d := range w.books.Orders() {
		o, err := w.orders.GetByERP(w.ctx, operator, d.ID)
		if d.State == erp.StateCancelled && errors.Is(err, order.ErrNotFound) {
			continue // withdrawn before its id was known here
		}
		require.NoError(t, err, "order %s", d.ID)
		require.Len(t, w.twins(o.ID), 1, "one document for %s", o.Ref)
		require.NoError(t, o.CheckLedgers())
		for i, g := range d.Goods {
			ours := o.Lines[i].Goods
			equal := func(what string, q money.Quantity, theirs decimal.Decimal) {
				t.Helper()
				require.True(t, q.Decimal().Equal(theirs), "%s line %d: %s is %s here and %s there", o.Ref, i+1, what, q, theirs)
			}
			shipped, err := ours.Shipped.Add(ours.Excess)
			require.NoError(t, err)
			equal("shipped", shipped, g.Shipped)
			equal("returned", ours.Returned, g.Returned)
			equal("reserved", ours.Reserved, g.Reserved)
			if d.State == erp.StateCancelled { // and with it all that has not left
				g.Cancelled = g.Ordered.Sub(g.Shipped)
			}
			equal("cancelled", ours.Cancelled, g.Cancelled)
		}
	}
	w.sameMoney()
	w.noDrift()
	var ours int
	for _, m := range w.books.Messages() {
		if o, err := w.orders.GetByERP(w.ctx, operator, m.Document); err == nil && m.Kind == "order" {
			ours++
			require.True(t, slices.ContainsFunc(w.said(order.DocOf(o.ID)), func(x thread.Message) bool { return x.ERP == m.ID && x.Text == m.Text }))
		}
	}
	page, err := w.orders.Find(w.ctx, operator, order.Query{All: true, Page: uow.PageRequest{Limit: 500}})
	require.NoError(t, err)
	for _, h := range page.Rows {
		// On an order that ended before its twin was known, nothing is told there.
		o := w.get(h.ID)
		for _, m := range w.said(order.DocOf(o.ID)) {
			if m.ERP != "" || o.State != order.Cancelled {
				ours--
			}
		}
	}
	require.Zero(t, ours, "messages on orders")
}

// sameMoney checks invoices, payments and the balance.
func (w *world) sameMoney() {
	w.t.Helper()
	t := w.t
	theirs, docs := w.books.Invoices(), w.docs()
	require.Len(t, docs, len(theirs), "as many invoices on both sides")
	for _, i := range theirs {
		at := slices.IndexFunc(docs, func(d billing.Document) bool { return d.ERP.ID == i.ID })
		require.GreaterOrEqual(t, at, 0, "%s is not here", i.Number)
		d := docs[at]
		require.Equal(t, i.Number, d.Number)
		require.Empty(t, d.ERP.Problem)
		require.Equal(t, i.State == erp.InvoiceCancelled, d.Void)
		require.True(t, d.Totals.Gross.Decimal().Equal(i.Totals.Gross))
		if d.Issuer == billing.ByERP {
			require.True(t, d.Left().Decimal().Equal(*i.Residual), "%s: left %s here, %s there", d.Number, d.Left(), i.Residual)
		}
	}
	booked := w.books.Payments()
	ours := slices.DeleteFunc(w.payments(), func(p billing.Payment) bool { return p.ERP.ID == "" && p.State != order.PaymentConfirmed })
	require.Len(t, ours, len(booked), "as many payments on both sides")
	for _, b := range booked {
		at := slices.IndexFunc(ours, func(p billing.Payment) bool { return p.ERP.ID == b.ID })
		require.GreaterOrEqual(t, at, 0, "payment %s is not here", b.ID)
		require.True(t, ours[at].Amount.Decimal().Equal(b.Amount))
		require.Equal(t, b.State == erp.PaymentPosted, ours[at].State == order.PaymentConfirmed)
	}
	require.True(t, w.statement().Closing.Decimal().Equal(w.balance()), "balance: %s here, %s there", w.statement().Closing, w.balance())
}

// ledger is all that both sides hold in the end, but for ids made here and
// times.
func (w *world) ledger() string {
	w.t.Helper()
	var b strings.Builder
	for _, d := range w.books.Orders() {
		fmt.Fprintf(&b, "ERP order %s %s %s\n", d.ID, d.Number, d.State)
		for _, g := range d.Goods {
			fmt.Fprintf(&b, "  %s %s %s %s %s %s\n", g.SKU, g.Ordered, g.Reserved, g.Shipped, g.Cancelled, g.Returned)
		}
	}
	for _, d := range w.books.Deliveries() {
		fmt.Fprintf(&b, "ERP delivery %s %s %s\n", d.Number, d.State, d.BackOrderOf)
	}
	for _, i := range w.books.Invoices() {
		fmt.Fprintf(&b, "ERP invoice %s %s %s left %s\n", i.Number, i.State, i.Totals.Gross.StringFixed(2), i.Residual.StringFixed(2))
	}
	for _, p := range w.books.Payments() {
		fmt.Fprintf(&b, "ERP payment %s %s %s %v\n", p.Number, p.State, p.Amount.StringFixed(2), p.Allocations)
	}
	for _, m := range w.books.Messages() {
		fmt.Fprintf(&b, "ERP message %s on %s %s: %s\n", m.ID, m.Kind, m.Document, m.Text)
	}
	page, err := w.orders.Find(w.ctx, operator, order.Query{Page: uow.PageRequest{Limit: 500}, All: true})
	require.NoError(w.t, err)
	for _, h := range page.Rows {
		o := w.get(h.ID)
		fmt.Fprintf(&b, "order %s %s %v twin %s %s problem %q\n", o.Ref, o.State, o.Axes(), o.ERP.Number, o.ERP.State, o.ERP.Problem)
		for i := range o.Lines {
			fmt.Fprintf(&b, "  %s %v\n", w.goodsOf(o.ID, i), o.Lines[i].Billed.Invoiced)
		}
		for _, m := range w.said(order.DocOf(o.ID)) {
			fmt.Fprintf(&b, "  %s: %s %s\n", m.By.Name, m.Text, m.ERP)
		}
		ds, err := w.orders.Deliveries(w.ctx, operator, o.ID)
		require.NoError(w.t, err)
		for _, d := range ds {
			fmt.Fprintf(&b, "  delivery %s %s %s\n", d.Number, d.State, d.ERP.ID)
		}
	}
	for _, d := range w.docs() {
		fmt.Fprintf(&b, "%s %s %s left %s void %v twin %s problem %q\n", d.Kind, d.Number, d.Totals.Gross, d.Left(), d.Void, d.ERP.ID, d.ERP.Problem)
	}
	for _, p := range w.payments() {
		fmt.Fprintf(&b, "payment %s %s %s rest %s twin %s open %v problem %q\n", p.Number, p.State, p.Amount, p.Rest(), p.ERP.ID, !p.ERP.SentAt.IsZero(), p.ERP.Problem)
	}
	d := w.depth()
	fmt.Fprintf(&b, "balance %s, waiting %d, dead %d, parked %d\n", w.statement().Closing, d.Waiting, d.Dead, len(w.parked()))
	return b.String()
}

func quantity(text string) money.Quantity { return money.MustQuantity(text) }

// decoded is the payload of an event.
func decoded[P any](t testing.TB, e event.Event) P {
	t.Helper()
	var p P
	require.NoError(t, json.Unmarshal(e.Data, &p))
	return p
}
