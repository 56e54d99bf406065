package erpsync_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/internal/memsubject"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// watch collects what the puller tells.
func watch(up *setup) *[]erpsync.Pulled {
	var told []erpsync.Pulled
	up.pull.Observe = func(p erpsync.Pulled) { told = append(told, p) }
	return &told
}

// sum adds up what was told.
func sum(told []erpsync.Pulled) (parked, released int) {
	for _, p := range told {
		parked, released = parked+p.Parked, released+p.Released
	}
	return parked, released
}

// A payment, a message and a price come before what they are about: they wait,
// and are released when that arrives (R: parents that have not arrived yet are
// parked, not lost).
func TestChildrenBeforeTheirParents(t *testing.T) {
	up := setup{}
	up.pull.Articles.Create = func(p erp.Product) (catalog.Product, bool) {
		return catalog.Product{ID: "new", Tax: "standard", Sale: catalog.SaleFree}, true
	}
	told := watch(&up)
	w := newWorld(t, up)
	id := w.confirmed(1, 1)
	w.books.SaveProduct(erp.Product{SKU: "NEW-1", Names: map[string]string{"en": "New"}, Unit: "C62", Active: true})
	w.books.SetPrice(erp.Price{SKU: "NEW-1", List: "standard", Currency: "EUR", Breaks: []erp.PriceBreak{{UnitPrice: dec("5")}}})
	w.picks(w.twin(id).ID)
	w.posts(id)
	invoice := w.books.Invoices()[0]
	w.paysThere(invoice, dec("100"))
	_, ok := w.books.Say(erp.Message{Kind: "invoice", Document: invoice.ID, Text: "Please pay."})
	require.True(t, ok)
	for _, s := range []erp.Stream{erp.Products, erp.Invoices} {
		w.books.Fail(erp.PullOf(s), 1, memerp.Lagging)
	}
	w.pulls()
	waits := map[string]string{}
	for _, k := range w.parked() {
		waits[k.Stream] = k.Awaits
	}
	require.Equal(t, map[string]string{"prices": "product/NEW-1", "payments": "invoice/" + invoice.ID, "messages": "invoice/" + invoice.ID}, waits)
	w.pulls()
	require.Empty(t, w.parked())
	parked, released := sum(*told)
	require.Equal(t, []int{3, 3}, []int{parked, released})
	w.inStep()
	require.True(t, w.doc(invoice.Number).Paid.Decimal().Equal(dec("100")))
	require.Len(t, w.product("NEW-1").Prices, 1)
}

// A whole chain waits for an order whose push was lost on an ERP without keys:
// the person's word releases all of it.
func TestChainOfParkedChanges(t *testing.T) {
	w := newWorld(t, modes["no keys"])
	w.books.Fail(erp.OpPush, 1, memerp.AnswerLost)
	id := w.place()
	w.sync()
	there := w.books.Orders()[0].ID
	w.books.Confirm(there)
	_, ok := w.books.Pick(there)
	require.True(t, ok)
	w.posts(id)
	w.paysThere(w.books.Invoices()[0], dec("10"))
	w.books.Say(erp.Message{Kind: "order", Document: there, Text: "Here already."})
	w.sync()
	require.Len(t, w.parked(), 5, "order, delivery, invoice, payment, message")
	require.Empty(t, w.docs())
	w.person()
	w.validate(id)
	w.sync()
	require.Empty(t, w.parked())
	w.inStep()
	require.Equal(t, order.Axes{Delivered: order.FullyDelivered, Invoiced: order.FullyInvoiced, Paid: order.PartlyPaid}, w.get(id).Axes())
}

// Everything again from the beginning changes nothing.
func TestRestartChangesNothing(t *testing.T) {
	w := newWorld(t, setup{pull: erpsync.PullOptions{Limit: 2}})
	cash(w, w.settled)
	want, calls := w.ledger(), w.books.Calls(erp.OpPullOrders)
	versions := func() (all []int64) {
		for _, d := range w.docs() {
			all = append(all, d.Version)
		}
		for _, p := range w.payments() {
			all = append(all, p.Version)
		}
		for _, d := range w.books.Orders() {
			if o, err := w.orders.GetByERP(w.ctx, operator, d.ID); err == nil {
				all = append(all, o.Version)
			}
		}
		return all
	}
	before := versions()
	for _, s := range w.puller.Streams() {
		require.NoError(t, w.puller.Restart(w.ctx, s))
		require.NoError(t, w.puller.Restart(w.ctx, s), "a stream never read has nothing to forget")
	}
	w.sync()
	require.Greater(t, w.books.Calls(erp.OpPullOrders), calls+2)
	require.Equal(t, want, w.ledger())
	require.Equal(t, before, versions())
}

// Of many pullers with the same page one applies it.
func TestPullersRace(t *testing.T) {
	const n = 8
	w := newWorld(t, setup{})
	id := w.confirmed(1, 1)
	w.books.Cancel(w.twin(id).ID, "out of range")
	version := w.get(id).Version
	w.books.Fail(erp.OpPullOrders, n, memerp.Slow(time.Second))
	var all sync.WaitGroup
	all.Add(n)
	w.atERP = func(context.Context) error { all.Done(); all.Wait(); return nil }
	errs := make(chan error, n)
	for range n {
		p := w.newPuller()
		go func() {
			_, err := p.Pull(w.ctx, erp.Orders)
			errs <- err
		}()
	}
	won := 0
	for range n {
		if err := <-errs; err == nil {
			won++
		} else {
			require.ErrorIs(t, err, erpsync.ErrOvertaken)
		}
	}
	require.Equal(t, 1, won)
	require.Equal(t, version+1, w.get(id).Version)
	w.atERP = nil

	// Whole steps side by side do no harm either, and none fails.
	other := w.confirmed(3, 3)
	w.picks(w.twin(other).ID, w.of(other, 0, "1"))
	w.posts(other)
	p := w.newPuller()
	for range n {
		go func() {
			_, err := p.Step(w.ctx)
			errs <- err
		}()
	}
	for range n {
		require.NoError(t, <-errs)
	}
	w.inStep()
}

// By default customers and articles that are not here are the ERP's own
// business; a restart brings their documents once they are registered.
func TestStrangersAreLeftOut(t *testing.T) {
	var up setup
	told := watch(&up)
	w := newWorld(t, up)
	walkIn := w.byPhone("X-77")
	w.picks(walkIn, erp.LineQuantity{Key: "A", Quantity: dec("1")})
	for _, d := range w.books.Drafts(walkIn) {
		w.books.Post(d)
	}
	w.paysThere(w.books.Invoices()[0], dec("5"))
	w.books.SetPrice(erp.Price{SKU: "UNKNOWN-1", List: "standard", Currency: "EUR", Breaks: []erp.PriceBreak{{UnitPrice: dec("5")}}})
	w.books.SetStock("UNKNOWN-1", dec("3"), "")
	w.sync()
	require.Empty(t, w.parked())
	require.Empty(t, w.docs())
	left := map[erp.Stream]int{}
	for _, p := range *told {
		left[p.Stream] += p.Left
	}
	require.Equal(t, 1, left[erp.Invoices])
	require.Equal(t, 1, left[erp.Payments])
	require.Equal(t, 1, left[erp.Prices])
	require.Equal(t, 1, left[erp.Stocks])

	w.customer("walk-in", "X-77")
	require.NoError(t, w.puller.Restart(w.ctx, erp.Invoices))
	require.NoError(t, w.puller.Restart(w.ctx, erp.Payments))
	w.pulls()
	require.Len(t, w.docs(), 1)
	require.Equal(t, "5.00", w.docs()[0].Paid.Decimal().StringFixed(2))
	require.Empty(t, w.parked())
}

// orders taken by phone belong to the ERP: they and their deliveries are left,
// their invoices and payments are the customer's (A21, A22).
func TestForeignOrders(t *testing.T) {
	for mode, up := range map[string]setup{"keys": {}, "no keys": modes["no keys"]} {
		t.Run(mode, func(t *testing.T) {
			up.pull.Strangers = true
			w := newWorld(t, up)
			phone := w.byPhone("FR10002527")
			w.picks(phone, erp.LineQuantity{Key: "A", Quantity: dec("1")})
			for _, d := range w.books.Drafts(phone) {
				w.books.Post(d)
			}
			invoice := w.books.Invoices()[0]
			w.paysThere(invoice, dec("40"))
			w.sync()
			require.Empty(t, w.parked())
			w.sameMoney()
			d := w.doc(invoice.Number)
			require.Empty(t, d.Orders)
			require.Equal(t, partner.ID("nord"), d.Partner)
			require.Equal(t, "80.00", d.Left().Decimal().StringFixed(2))
			page, err := w.orders.Find(w.ctx, operator, order.Query{All: true})
			require.NoError(t, err)
			require.Empty(t, page.Rows)

			// A customer who is not here yet is waited for.
			walkIn := w.byPhone("X-77")
			w.picks(walkIn, erp.LineQuantity{Key: "A", Quantity: dec("1")})
			for _, d := range w.books.Drafts(walkIn) {
				w.books.Post(d)
			}
			w.sync()
			require.Len(t, w.parked(), 1)
			require.Equal(t, "customer/X-77", w.parked()[0].Awaits)
			w.customer("walk-in", "X-77")
			w.pulls()
			require.Empty(t, w.parked())
			require.Len(t, w.docs(), 2)

			// Two of one code are for a person, who has one of them mended.
			w.customer("twin", "X-77")
			w.paysThere(w.books.Invoices()[1], dec("5"))
			w.sync()
			require.Len(t, w.parked(), 1, "the payment; whose the invoice is, is known")
			require.Contains(t, w.parked()[0].Cause, "more than one partner")
			w.recode("twin", "X-78")
			require.NoError(t, erpsync.NewParking(w.puller, nil).Retry(w.ctx, admin, w.parked()[0]))
			require.Empty(t, w.parked())
		})
	}
}

// byPhone enters an order of the ERP's own and confirms it.
func (w *world) byPhone(customer string) string {
	w.t.Helper()
	e := w.books.Adapter().(erp.OrderPusher)
	got, err := e.PushOrder(w.ctx, erp.Order{Key: "PHONE-" + customer, Revision: 1, Customer: customer, Currency: "EUR",
		Lines: []erp.OrderLine{{Key: "A", SKU: oven, Quantity: dec("3"), UnitPrice: dec("100"), PriceBase: dec("1"), TaxCategory: "S", TaxRate: dec("20"), Net: dec("300")}}})
	require.NoError(w.t, err)
	require.True(w.t, w.books.Confirm(got.ID))
	return got.ID
}

func (w *world) customer(id partner.ID, code string) {
	w.t.Helper()
	home := partner.Address{Company: string(id), Street: "1 rue", Postcode: "59000", City: "Lille", Country: "FR"}
	require.NoError(w.t, w.store.Update(w.ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Partners().Save(ctx, partner.Partner{ID: id, Number: "N-" + string(id), Name: string(id), Type: partner.Dealer, Active: true,
			Counterparties: []partner.Counterparty{{ID: "one", Code: code, Name: string(id), Country: "FR", Invoice: home, Default: true}}})
		return err
	}))
}

func (w *world) recode(id partner.ID, code string) {
	w.t.Helper()
	require.NoError(w.t, w.store.Update(w.ctx, func(ctx context.Context, tx store.Tx) error {
		p, err := tx.Partners().Get(ctx, id)
		if err != nil {
			return err
		}
		p.Counterparties[0].Code = code
		_, err = tx.Partners().Save(ctx, p)
		return err
	}))
}

// whole is an adapter with everything.
type whole interface {
	erp.Adapter
	erp.Partial
	memsubject.Whole
}

// tampered changes the invoices that are pulled.
type tampered struct {
	whole
	invoice func(*erp.Invoice)
}

func (a *tampered) PullInvoices(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Invoice], error) {
	page, err := a.whole.PullInvoices(ctx, after, limit)
	for i := range page.Rows {
		if a.invoice != nil {
			a.invoice(&page.Rows[i])
		}
	}
	return page, err
}

func tamper(up setup) (setup, *tampered) {
	a := &tampered{}
	up.wrap = func(_ *world, in erp.Adapter) erp.Adapter { a.whole = in.(whole); return a }
	return up, a
}

// A change that the books refuse is parked with its cause, the rest of its page
// is applied, and nothing of it stays behind: the ledger is as it was.
func TestRefusedRowLeavesNothingBehind(t *testing.T) {
	up, a := tamper(setup{})
	told := watch(&up)
	w := newWorld(t, up)
	id := w.confirmed(2, 2)
	w.picks(w.twin(id).ID)
	w.posts(id)
	_, ok := w.books.Return(w.twin(id).ID, "damaged", w.of(id, 0, "1"))
	require.True(t, ok)
	w.posts(id)
	w.sync()
	credit := w.docs()[1]
	require.Equal(t, "1", w.get(id).Lines[0].Billed.Credited.String())

	// The credit note comes again, in a currency that is not the order's: its old
	// effect is taken back before the new one is refused.
	a.invoice = func(i *erp.Invoice) {
		if i.ID == credit.ERP.ID {
			i.Currency = "USD"
		}
	}
	w.paysThere(w.books.Invoices()[0], dec("1"))
	w.paysThere(w.books.Invoices()[1], dec("1"))
	*told = nil
	w.pulls()
	require.Len(t, w.parked(), 1)
	k := w.parked()[0]
	require.Equal(t, []string{"invoices/" + credit.ERP.ID, "person"}, []string{k.ID, k.Awaits})
	require.Contains(t, k.Cause, "order.invoicing")
	require.Equal(t, credit.Lines, w.doc(credit.Number).Lines)
	require.Equal(t, "1", w.get(id).Lines[0].Billed.Credited.String())
	require.Equal(t, "1.00", w.docs()[0].Paid.Decimal().StringFixed(2), "the rest of the page is applied")
	parked, _ := sum(*told)
	require.Equal(t, 1, parked)

	// The next change of the document, mended there, takes the parked one's place.
	a.invoice = nil
	w.paysThere(w.books.Invoices()[1], dec("1"))
	w.pulls()
	require.Empty(t, w.parked())
	w.inStep()
}

// Parking: list, retry, drop; for admins alone.
func TestParking(t *testing.T) {
	up, a := tamper(setup{bills: &billing.Options{Sellers: []billing.Seller{acme}}})
	w := newWorld(t, up)
	id := w.confirmed(2, 2)
	a.invoice = func(i *erp.Invoice) { i.Seller = "nordic" }
	w.picks(w.twin(id).ID, w.of(id, 0, "1"))
	w.picks(w.twin(id).ID, w.of(id, 1, "1"))
	w.posts(id)
	w.paysThere(w.books.Invoices()[0], dec("3"))
	w.sync()
	parking := erpsync.NewParking(w.puller, nil)
	page, next, err := parking.List(w.ctx, admin, "", 2)
	require.NoError(t, err)
	require.Len(t, page, 2)
	require.NotEmpty(t, next)
	more, next, err := parking.List(w.ctx, admin, next, 2)
	require.NoError(t, err)
	require.Empty(t, next)
	require.Len(t, more, 1)
	all := w.parked()
	byID := map[string]int{}
	for i, k := range all {
		byID[k.ID] = i
	}
	one, two := all[byID["invoices/1"]], all[byID["invoices/2"]]
	require.Contains(t, one.Cause, "seller")
	require.Equal(t, "person", one.Awaits)
	require.Equal(t, "invoice/1", all[byID["payments/1"]].Awaits)

	for _, who := range []access.Actor{operator, buyer, {}, access.Machine("erp-pull")} {
		_, _, err := parking.List(w.ctx, who, "", 10)
		require.ErrorIs(t, err, access.ErrForbidden)
		require.ErrorIs(t, parking.Retry(w.ctx, who, one), access.ErrForbidden)
		require.ErrorIs(t, parking.Drop(w.ctx, who, one), access.ErrForbidden)
	}
	require.ErrorIs(t, parking.Retry(w.ctx, admin, one), billing.ErrInvalid, "nothing is mended yet")
	require.Len(t, w.parked(), 3)
	forged := one
	forged.Sequence++
	require.ErrorIs(t, parking.Retry(w.ctx, admin, forged), erpsync.ErrNotParked)
	forged.Stream = "weather"
	require.ErrorIs(t, parking.Retry(w.ctx, admin, forged), erp.ErrUnsupported)

	// The seller is entered, and what waited for the invoice follows it.
	w.up.bills = &billing.Options{Sellers: []billing.Seller{acme, {ID: "nordic", Name: "Nordic AB"}}}
	w.bills, w.puller = w.billing(w.store, w.orders), w.newPuller()
	parking = erpsync.NewParking(w.puller, nil)
	require.NoError(t, parking.Retry(w.ctx, admin, one))
	require.ErrorIs(t, parking.Retry(w.ctx, admin, one), erpsync.ErrNotParked)
	require.Equal(t, billing.SellerID("nordic"), w.docs()[0].Seller.ID)
	require.NoError(t, parking.Drop(w.ctx, admin, two))
	require.ErrorIs(t, parking.Drop(w.ctx, admin, two), erpsync.ErrNotParked)
	require.Len(t, w.docs(), 1)
	for _, k := range w.parked() {
		require.Equal(t, "payments", k.Stream, fmt.Sprint(k.ID, k.Awaits, k.Cause))
	}
}

// A mapping that panics is a parked change, and its page goes on.
func TestPanickingMappingIsParked(t *testing.T) {
	up := setup{}
	bad := true
	up.pull.Articles.Change = func(p erp.Product, _ *catalog.Product) {
		if bad && p.SKU == oven {
			panic("nil map")
		}
	}
	w := newWorld(t, up)
	w.books.SaveProduct(erp.Product{SKU: oven, Names: map[string]string{"en": "The oven"}, Active: true})
	w.books.SaveProduct(erp.Product{SKU: gasket, Names: map[string]string{"en": "The gasket"}, Active: true})
	w.pulls()
	require.Len(t, w.parked(), 1)
	require.Contains(t, w.parked()[0].Cause, "panic: nil map")
	require.Equal(t, "The gasket", w.product(gasket).Names["en"])
	bad = false
	require.NoError(t, erpsync.NewParking(w.puller, nil).Retry(w.ctx, admin, w.parked()[0]))
	require.Equal(t, "The oven", w.product(oven).Names["en"])
}

// What no store can carry does not hold the stream up, and its text is bounded.
func TestUnreadableRowsAreKept(t *testing.T) {
	up, a := tamper(setup{})
	w := newWorld(t, up)
	id := w.confirmed(1, 1)
	a.invoice = func(i *erp.Invoice) {
		i.ID, i.Currency = "bad\x00id", string(make([]byte, 100_000))
	}
	w.picks(w.twin(id).ID, w.of(id, 0, "1"))
	w.posts(id)
	w.pulls()
	k := w.parked()[0]
	require.NotContains(t, k.ID, "\x00")
	require.LessOrEqual(t, len(k.Cause), 8000)
	require.NotContains(t, k.Cause, "\x00")
	require.Equal(t, "person", k.Awaits)
	a.invoice = nil
	w.picks(w.twin(id).ID, w.of(id, 1, "1"))
	w.posts(id)
	w.pulls()
	require.Len(t, w.docs(), 1, "the stream went on")
}

// A puller without rights stops, with everything still before it.
func TestPullerWithoutRights(t *testing.T) {
	w := newWorld(t, setup{})
	id := w.confirmed(1, 1)
	w.picks(w.twin(id).ID, w.of(id, 0, "1"))
	reader := access.NewPolicy(access.Grant{Role: access.System, Scopes: []access.Scope{access.Own, access.Others}, Actions: []access.Action{access.OrderRead}})
	orders := order.NewService(uow.Narrow(w.store, func(tx store.Tx) order.Tx { return tx }), w.carts, &order.Options{Now: w.clock, NewID: w.newID, Policy: reader})
	p := erpsync.NewPuller(tenant, w.store, erpsync.Books{Orders: orders}, w.client, &erpsync.PullOptions{Now: w.clock})
	_, err := p.Step(w.ctx)
	require.ErrorIs(t, err, access.ErrForbidden)
	require.Empty(t, w.parked())
	w.pulls()
	w.inStep()
}
