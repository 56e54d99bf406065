package comptoir_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir"
	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/erp/erptest"
	"github.com/comptoir-go/comptoir/erp/trytonerp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/internal/testtryton"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/sqlitestore"
	"github.com/comptoir-go/comptoir/uow"
)

// killer carries requests to a Tryton and kills it (kill -9) while it works on
// one of them; then it is started again.
type killer struct {
	server *testtryton.Instance
	to     *http.Transport

	mu sync.Mutex
	// of is a word of the request to die of, so long after it came.
	of     string
	after  time.Duration
	deaths int
	err    error
}

// next has the server die of the next request that has the word.
func (k *killer) next(of string, after time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.of, k.after = of, after
}

// CloseIdleConnections gives up what the transport keeps.
func (k *killer) CloseIdleConnections() { k.to.CloseIdleConnections() }

// RoundTrip implements http.RoundTripper.
func (k *killer) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.of == "" || !bytes.Contains(body, []byte(k.of)) {
		return k.to.RoundTrip(r)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if res, err := k.to.RoundTrip(r); err == nil {
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
		}
	}()
	time.Sleep(k.after)
	k.server.Kill()
	<-done
	k.of = ""
	k.deaths++
	k.err = errors.Join(k.err, k.server.Restart())
	return nil, errors.New("the server was killed")
}

// trytonSide is a counter with a real ERP behind it.
type trytonSide struct {
	*comptoir.Counter
	t      *testing.T
	server *testtryton.Instance
	killer *killer
	client *erp.Client
	relay  *erpsync.Relay
	puller *erpsync.Puller
	ahead  *atomic.Int64 // how far our clock runs ahead
}

// besideTryton opens a counter over an embedded store, with a client of a Tryton
// of its own.
func besideTryton(t *testing.T) *trytonSide {
	t.Helper()
	server := testtryton.Start(t, nil)
	u, err := url.Parse(server.Address)
	require.NoError(t, err)
	s := &trytonSide{t: t, server: server, killer: &killer{server: server, to: &http.Transport{}}, ahead: &atomic.Int64{}}
	proxy, err := erptest.NewProxy("http://"+u.Host, &erptest.ProxyOptions{Transport: s.killer})
	require.NoError(t, err)
	t.Cleanup(proxy.Close)
	password, _ := u.User.Password()
	adapter, err := trytonerp.New(trytonerp.Options{URL: proxy.URL(), Database: strings.Trim(u.Path, "/"), User: u.User.Username(), Password: password})
	require.NoError(t, err)
	t.Cleanup(adapter.Close)

	now := func() time.Time { return time.Now().Add(time.Duration(s.ahead.Load())) }
	st, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "c.db"), &sqlitestore.Options{Now: now})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, st.Close()) })
	s.Counter = trytonCounter(t, st, now, "fr", "C0002")
	s.client = s.ERP(adapter, &erp.Options{Attempts: 2, BaseDelay: time.Millisecond, BreakerFailures: 1000})
	s.relay = s.Relay(s.client, &erpsync.Options{HoldConfirm: true, Poll: time.Second, MaxPoll: time.Second,
		Observe: func(h erpsync.Handled) { t.Logf("relay: %s %s %v", h.Verdict, h.Note, h.Err) }})
	s.puller = s.Puller(s.client, &erpsync.PullOptions{Observe: func(p erpsync.Pulled) { t.Logf("pull: %+v", p) }})
	return s
}

// openTryton opens a tenant's counter for what the ERP sells.
func openTryton(t *testing.T, st store.Store, now func() time.Time, as access.Tenant) *comptoir.Counter {
	t.Helper()
	taxes, err := pricing.NewTaxTable(pricing.TaxRow{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20)},
		pricing.TaxRow{Country: "FR", Class: "reduced", Category: pricing.StandardRated, Rate: money.MustRate("5.5")})
	require.NoError(t, err)
	c, err := comptoir.Open(t.Context(), st, &comptoir.Options{Now: now, Settings: comptoir.Settings{Pricer: pricing.NewListPricer(taxes, nil), Currency: money.EUR}})
	require.NoError(t, err)
	k, err := c.For(as)
	require.NoError(t, err)
	return k
}

// trytonCounter opens a tenant's counter, whose partner and products are the
// ERP's.
func trytonCounter(t *testing.T, st store.Store, now func() time.Time, as access.Tenant, customer string) *comptoir.Counter {
	t.Helper()
	k := openTryton(t, st, now, as)
	home := partner.Address{Company: "Cuisines Léonie", Street: "3, quai d'Amont", Postcode: "29200", City: "Brest", Country: "FR"}
	_, err := k.Partners.Register(t.Context(), boss, partner.RegisterInput{Partner: partner.Partner{ID: "nord", Number: customer, Name: "Cuisines Léonie",
		Type: partner.Studio, Active: true, Counterparties: []partner.Counterparty{{ID: "legal", Name: "Cuisines Léonie SARL", Country: "FR",
			VATID: "FR87900123456", Invoice: home, Default: true}}}})
	require.NoError(t, err)
	for sku, p := range map[catalog.SKU]catalog.Product{
		"KETTLE-1": {ID: "kettle", Unit: "C62", Tax: "standard", Prices: at("84.92")},
		"BOOK-1":   {ID: "book", Unit: "C62", Tax: "reduced", Prices: at("8.50")},
	} {
		p.SKU, p.Names, p.Online, p.Sale = sku, map[string]string{"en": string(sku)}, true, catalog.SaleFree
		_, err := k.Catalog.Save(t.Context(), boss, catalog.SaveInput{Product: p})
		require.NoError(t, err)
	}
	return k
}

func at(price string) []catalog.ListPrice {
	return []catalog.ListPrice{{Stated: catalog.Net, Breaks: []catalog.Break{{Price: money.MustPrice(price, money.EUR)}}}}
}

// work lets relay and puller work until done, our clock running ahead.
func (s *trytonSide) work(done func() bool) {
	s.t.Helper()
	for turn := 0; ; turn++ {
		_, err := s.relay.Step(s.t.Context())
		require.NoError(s.t, err)
		_, pulled := s.puller.Step(s.t.Context())
		if pulled == nil && done() {
			return
		}
		if turn == 60 {
			letters, _, err := s.Letters.List(s.t.Context(), boss, "", 10)
			require.FailNow(s.t, "relay and puller do not come to it", "%v; pulled: %v; letters: %v", err, pulled, letters)
		}
		s.ahead.Add(int64(time.Minute))
	}
}

// places orders four kettles and two books.
func (s *trytonSide) places(name string) order.ID {
	s.t.Helper()
	ctx := s.t.Context()
	c, err := s.Carts.Create(ctx, bruno, cart.CreateInput{Name: name})
	require.NoError(s.t, err)
	for sku, n := range map[catalog.SKU]int64{"KETTLE-1": 4, "BOOK-1": 2} {
		_, err = s.Carts.Put(ctx, bruno, cart.PutInput{Cart: c.ID, SKU: sku, Quantity: money.QuantityOf(n)})
		require.NoError(s.t, err)
	}
	p, err := s.Carts.Recalculate(ctx, bruno, cart.RecalculateInput{Cart: c.ID})
	require.NoError(s.t, err)
	r, err := s.Orders.Place(ctx, bruno, order.PlaceInput{Cart: c.ID, Seal: p.Quote.Seal})
	require.NoError(s.t, err)
	return r.Order
}

func (s *trytonSide) get(id order.ID) order.Order {
	s.t.Helper()
	o, err := s.Orders.Get(s.t.Context(), boss, id)
	require.NoError(s.t, err)
	return o
}

// twin is the one sale of an order.
func (s *trytonSide) twin(id order.ID) testtryton.Sale {
	s.t.Helper()
	ids, err := s.server.Sales(s.t.Context(), erpsync.Key(s.Tenant, id))
	require.NoError(s.t, err)
	require.Len(s.t, ids, 1, "one sale for the order")
	sale, err := s.server.Sale(s.t.Context(), ids[0])
	require.NoError(s.t, err)
	return sale
}

func same(t *testing.T, want string, got money.Amount) {
	t.Helper()
	require.True(t, decimal.RequireFromString(want).Equal(got.Decimal()), "%s there, %s here", want, got)
}

// inStep checks that an order and its invoices are the same on both sides.
func (s *trytonSide) inStep(id order.ID) {
	s.t.Helper()
	o, sale := s.get(id), s.twin(id)
	require.NoError(s.t, o.CheckLedgers())
	require.Equal(s.t, strconv.Itoa(sale.ID), o.ERP.ID)
	require.Equal(s.t, sale.Number, o.ERP.Number)
	require.Empty(s.t, o.ERP.Problem)
	same(s.t, string(sale.Total), o.Quote.Gross)
	require.Len(s.t, o.Bills, len(sale.Invoices))
	for _, b := range o.Bills {
		d, err := s.Billing.Get(s.t.Context(), boss, b.Document)
		require.NoError(s.t, err)
		n, err := strconv.Atoi(d.ERP.ID)
		require.NoError(s.t, err)
		require.Contains(s.t, sale.Invoices, n)
		i, err := s.server.Invoice(s.t.Context(), n)
		require.NoError(s.t, err)
		require.Equal(s.t, i.Number, d.Number)
		require.Empty(s.t, d.ERP.Problem)
		same(s.t, string(i.Total), d.Totals.Gross)
		same(s.t, string(i.Due), d.Left())
	}
}

// atRest checks that nothing waits, for a person or otherwise.
func (s *trytonSide) atRest() {
	s.t.Helper()
	ctx := s.t.Context()
	d, err := s.Store.Queue().Depth(ctx, event.ERP)
	require.NoError(s.t, err)
	require.Zero(s.t, d)
	parked, _, err := erpsync.NewParking(s.puller, nil).List(ctx, boss, "", 10)
	require.NoError(s.t, err)
	require.Empty(s.t, parked)
	report, err := s.Drift(s.client, nil).Run(ctx)
	require.NoError(s.t, err)
	require.Empty(s.t, report.Differences)
	require.NoError(s.t, s.killer.err)
}

// The main job against a real ERP, which is killed again and again while it
// works on what was sent to it: from the cart to the money, with its people
// confirming, delivering in parts, invoicing and booking a payment. In the end
// both sides hold the same, and everything once.
func TestTrytonIsKilledInTheMiddle(t *testing.T) {
	t.Parallel()
	s, ctx := besideTryton(t), t.Context()
	var ids []order.ID
	for n, after := range []time.Duration{0, 30 * time.Millisecond, 200 * time.Millisecond} {
		s.killer.next("model.sale.sale.create", after)
		ids = append(ids, s.places(fmt.Sprint("Kitchen ", n)))
		s.work(func() bool { return s.get(ids[n]).ERP.State == "draft" })
		s.inStep(ids[n])
	}
	require.Equal(t, 3, s.killer.deaths)

	id := ids[2]
	_, err := s.Orders.Advance(ctx, clerk, order.AdvanceInput{Order: id, On: order.Validate})
	require.NoError(t, err)
	require.NoError(t, s.server.Confirm(ctx, s.twin(id).ID))
	s.killer.next("model.sale.sale.search_read", 5*time.Millisecond)
	s.work(func() bool { return s.get(id).State == order.Confirmed })
	require.NotEmpty(t, s.get(id).ERP.Number)

	// Two kettles leave, then the rest.
	for n, items := range [][]testtryton.Item{{{Code: "KETTLE-1", Quantity: "2"}}, nil} {
		_, err = s.server.Deliver(ctx, s.twin(id).ID, items...)
		require.NoError(t, err)
		posted, err := s.server.PostInvoices(ctx, s.twin(id).ID)
		require.NoError(t, err)
		require.Len(t, posted, 1)
		s.killer.next([]string{"model.stock.", "model.account.invoice."}[n], 5*time.Millisecond)
		s.work(func() bool { return len(s.get(id).Bills) == n+1 && s.get(id).Delivered() != order.NotDelivered })
		s.inStep(id)
	}
	require.Equal(t, order.FullyDelivered, s.get(id).Delivered())
	require.Equal(t, order.FullyInvoiced, s.get(id).Invoiced())

	// The first invoice is paid here in two parts, the second there.
	first, err := s.Billing.Get(ctx, clerk, s.get(id).Bills[0].Document)
	require.NoError(t, err)
	part := money.MustAmount("100.00", money.EUR)
	rest, err := first.Left().Sub(part)
	require.NoError(t, err)
	for n, amount := range []money.Amount{part, rest} {
		p, err := s.Billing.Pay(ctx, bruno, billing.PayInput{Amount: amount, Method: billing.Transfer, Invoices: []billing.PayFor{{Document: first.ID}}})
		require.NoError(t, err)
		_, err = s.Billing.Advance(ctx, clerk, billing.PaymentAdvanceInput{Payment: p.ID, On: billing.Confirm})
		require.NoError(t, err)
		s.killer.next([]string{`"pay"`, `"choice"`}[n], 20*time.Millisecond)
		s.work(func() bool {
			p, err := s.Billing.GetPayment(ctx, clerk, p.ID)
			require.NoError(t, err)
			return p.ERP.ID != "" && p.ERP.SentAt.IsZero()
		})
		moves, err := s.server.Search(ctx, "account.move", []any{"description", "like", "comptoir:" + erpsync.Key(s.Tenant, p.ID) + "%"})
		require.NoError(t, err)
		require.Len(t, moves, 1, "the money is booked once")
	}
	second, err := s.Billing.Get(ctx, clerk, s.get(id).Bills[1].Document)
	require.NoError(t, err)
	n, err := strconv.Atoi(second.ERP.ID)
	require.NoError(t, err)
	due, err := s.server.Invoice(ctx, n)
	require.NoError(t, err)
	require.NoError(t, s.server.Pay(ctx, n, due.Due, "cheque 0815"))
	s.killer.next("model.account.move.", 5*time.Millisecond)
	s.work(func() bool { return s.get(id).Paid() == order.FullyPaid && s.get(id).ERP.State == "done" })

	s.inStep(id)
	sale := s.twin(id)
	require.Equal(t, []string{"done", "sent", "paid"}, []string{sale.State, sale.Shipped, sale.Invoiced})
	statement, err := s.Billing.Statement(ctx, clerk, billing.StatementInput{Partner: "nord", Currency: money.EUR})
	require.NoError(t, err)
	require.True(t, statement.Closing.IsZero(), "%s", statement.Closing)
	payments, err := s.Billing.FindPayments(ctx, clerk, billing.PaymentQuery{Page: uow.PageRequest{Limit: 50}})
	require.NoError(t, err)
	require.Len(t, payments.Rows, 3)
	s.atRest()
	require.Equal(t, 9, s.killer.deaths)
}
