package billing_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/uow"
)

// The people of the tests.
var (
	buyer     = access.Actor{ID: "bruno", Name: "Bruno", Partner: "nord", Roles: []access.Role{access.Purchaser}}
	designer  = access.Actor{ID: "odile", Name: "Odile", Partner: "nord", Roles: []access.Role{access.Designer}}
	stranger  = access.Actor{ID: "mara", Name: "Mara", Partner: "sud", Roles: []access.Role{access.Purchaser}}
	operator  = access.Actor{ID: "vera", Name: "Vera", Roles: []access.Role{access.Operator}}
	machine   = access.Machine("relay")
	startTime = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
)

// acme sells and issues its documents here.
var acme = billing.Seller{ID: "acme", Name: "Acme SAS", VATID: "FR87900123456", Registration: "900123456",
	Address: partner.Address{Company: "Acme SAS", Street: "1 quai du Port", Postcode: "33000", City: "Bordeaux", Country: "FR"}}

// here are options under which everything is issued here.
func here() *billing.Options {
	return &billing.Options{Sellers: []billing.Seller{acme}, Issuers: []billing.IssuerRule{{Issuer: billing.Here}}}
}

// testing is what both testing.TB and rapid.T are.
type tester interface {
	require.TestingT
	Helper()
	Cleanup(func())
}

// settings are what a shop of the tests is made with; nil fields are defaults.
type settings struct {
	bills  *billing.Options // default here()
	orders *order.Options
	// adjust are the allowances and charges of every quote.
	adjust []pricing.Adjustment
}

// shop is a tenant with two partners, a handful of products and a clock of its
// own.
type shop struct {
	t      tester
	ctx    context.Context
	store  store.Tenanted
	carts  *cart.Service
	orders *order.Service
	bills  *billing.Service

	mu  sync.Mutex
	now time.Time
	ids atomic.Int64
}

func newShop(t tester, with settings) *shop {
	t.Helper()
	s := &shop{t: t, ctx: context.Background(), now: startTime}
	st := memstore.New(&memstore.Options{Now: s.clock})
	t.Cleanup(func() { require.NoError(t, st.Close()) })
	var err error
	s.store, err = st.For("fr")
	require.NoError(t, err)
	taxes, err := pricing.NewTaxTable(
		pricing.TaxRow{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20)},
		pricing.TaxRow{Country: "FR", Class: "reduced", Category: pricing.StandardRated, Rate: money.MustRate("5.5")},
		pricing.TaxRow{Country: "FR", Class: "exempt", Category: pricing.Exempt},
	)
	require.NoError(t, err)
	var pricer pricing.Pricer = pricing.NewListPricer(taxes, nil)
	if len(with.adjust) > 0 {
		pricer = pricing.WithAdjustments(pricer, func(pricing.Quote) ([]pricing.Adjustment, error) { return with.adjust, nil })
	}
	carts := &cart.Options{Now: s.clock, NewID: s.newID, Currency: money.EUR}
	carts.Limits.Carts = 400
	s.carts = cart.NewService(uow.Narrow(s.store, func(tx store.Tx) cart.Tx { return tx }), pricer, carts)
	if with.orders == nil {
		with.orders = &order.Options{}
	}
	with.orders.Now, with.orders.NewID = s.clock, s.newID
	s.orders = order.NewService(uow.Narrow(s.store, func(tx store.Tx) order.Tx { return tx }), s.carts, with.orders)
	if with.bills == nil {
		with.bills = here()
	}
	with.bills.Now, with.bills.NewID = s.clock, s.newID
	s.bills, err = billing.NewService(uow.Narrow(s.store, func(tx store.Tx) billing.Tx { return tx }), s.orders, with.bills)
	require.NoError(t, err)
	s.seed()
	return s
}

func (s *shop) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// pass lets days go by.
func (s *shop) pass(days int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.AddDate(0, 0, days)
}

func (s *shop) newID() string { return fmt.Sprintf("%032x", s.ids.Add(1)) }

func (s *shop) seed() {
	home := partner.Address{Company: "Nord SARL", Street: "12 rue des Tanneurs", Postcode: "59000", City: "Lille", Country: "FR"}
	gent := partner.Address{Company: "Gent BV", Street: "Veldstraat 1", Postcode: "9000", City: "Gent", Country: "BE"}
	legal := partner.Counterparty{ID: "legal", Name: "Nord SARL", Country: "FR", VATID: "FR87900123456", Invoice: home, Default: true}
	branch := partner.Counterparty{ID: "branch", Name: "Nord Lille", Country: "FR", VATID: "FR87900123456", Invoice: home}
	s.update(func(ctx context.Context, tx store.Tx) error {
		for _, p := range []partner.Partner{
			{ID: "nord", Number: "FR10002527", Name: "Studio Nord", Type: partner.Studio, Active: true, Counterparties: []partner.Counterparty{legal, branch}},
			{ID: "sud", Number: "FR10015195", Name: "Sud", Type: partner.Dealer, Active: true, Counterparties: []partner.Counterparty{legal}},
			{ID: "gent", Number: "BE10000001", Name: "Gent", Type: partner.Dealer, Active: true, Counterparties: []partner.Counterparty{
				{ID: "gent", Name: "Gent BV", Country: "BE", VATID: "BE0403448140", Invoice: gent, Default: true}}},
		} {
			if _, err := tx.Partners().Save(ctx, p); err != nil {
				return err
			}
		}
		for _, p := range []catalog.Product{
			product("oven", "640.00", "standard"), product("gasket", "9.45", "standard"), product("third", "33.33", "standard"),
			product("bolt", "0.03", "standard"), product("book", "12.34", "reduced"), product("stamp", "1.16", "exempt"),
			product("fee", "84.00", "standard"), product("spare", "49.96", "standard"), product("fault", "72.00", "standard"),
			grossly("lamp", "38.23"),
		} {
			if _, err := tx.Products().Save(ctx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *shop) update(fn func(ctx context.Context, tx store.Tx) error) {
	s.t.Helper()
	require.NoError(s.t, s.store.Update(s.ctx, fn))
}

func product(id catalog.ID, price string, class catalog.TaxClass) catalog.Product {
	return catalog.Product{ID: id, SKU: catalog.SKU(strings.ToUpper(string(id))), Names: map[string]string{"en": "The " + string(id)},
		Unit: "C62", Family: catalog.Family{Super: "goods", Family: string(id)}, Tax: class, Online: true, Sale: catalog.SaleFree,
		Prices: []catalog.ListPrice{{Stated: catalog.Net, Breaks: []catalog.Break{{Price: money.MustPrice(price, money.EUR)}}}}}
}

// grossly is a product whose price contains the tax.
func grossly(id catalog.ID, price string) catalog.Product {
	p := product(id, price, "standard")
	p.Prices[0].Stated = catalog.Gross
	return p
}

// sold places an order of lines such as "2 OVEN" and leads it to confirmed.
func (s *shop) sold(a access.Actor, lines ...string) order.Order {
	s.t.Helper()
	o := s.placed(a, lines...)
	for _, step := range []struct {
		by access.Actor
		on order.Trigger
	}{{operator, order.Validate}, {machine, order.Confirm}} {
		_, err := s.orders.Advance(s.ctx, step.by, order.AdvanceInput{Order: o.ID, On: step.on})
		require.NoError(s.t, err)
	}
	return s.get(o.ID)
}

// placed places an order of lines such as "2 OVEN".
func (s *shop) placed(a access.Actor, lines ...string) order.Order {
	s.t.Helper()
	c, err := s.carts.Create(s.ctx, a, cart.CreateInput{Name: "Cart " + s.newID()})
	require.NoError(s.t, err)
	for _, l := range lines {
		n, sku, _ := strings.Cut(l, " ")
		c, err = s.carts.Put(s.ctx, a, cart.PutInput{Cart: c.ID, SKU: catalog.SKU(sku), Quantity: money.MustQuantity(n)})
		require.NoError(s.t, err)
	}
	priced, err := s.carts.Recalculate(s.ctx, a, cart.RecalculateInput{Cart: c.ID})
	require.NoError(s.t, err)
	r, err := s.orders.Place(s.ctx, a, order.PlaceInput{Cart: c.ID, Seal: priced.Quote.Seal})
	require.NoError(s.t, err)
	return s.get(r.Order)
}

// ship lets quantities of an order's lines leave, "" leaving a line out; none
// are all.
func (s *shop) ship(id order.ID, quantities ...string) order.Delivery {
	s.t.Helper()
	d, err := s.orders.Ship(s.ctx, operator, order.ShipInput{Order: id, Lines: s.quantities(id, quantities)})
	require.NoError(s.t, err)
	return d
}

// back brings quantities of an order's lines back.
func (s *shop) back(id order.ID, quantities ...string) order.Delivery {
	s.t.Helper()
	d, err := s.orders.Return(s.ctx, operator, order.ReturnInput{Order: id, Lines: s.quantities(id, quantities), Reason: "damaged"})
	require.NoError(s.t, err)
	return d
}

func (s *shop) quantities(id order.ID, quantities []string) []order.LineQuantity {
	var out []order.LineQuantity
	for i, q := range quantities {
		if q != "" {
			out = append(out, order.LineQuantity{Line: s.get(id).Lines[i].ID, Quantity: money.MustQuantity(q)})
		}
	}
	return out
}

// get reads an order as it is stored.
func (s *shop) get(id order.ID) order.Order {
	s.t.Helper()
	o, err := s.orders.Get(s.ctx, operator, id)
	require.NoError(s.t, err)
	return o
}

// doc reads a document as it is stored.
func (s *shop) doc(id billing.ID) billing.Document {
	s.t.Helper()
	d, err := s.bills.Get(s.ctx, operator, id)
	require.NoError(s.t, err)
	return d
}

// issued invoices what orders have to invoice.
func (s *shop) issued(ids ...order.ID) billing.Document {
	s.t.Helper()
	in := billing.IssueInput{}
	for _, id := range ids {
		in.Orders = append(in.Orders, billing.OrderVersion{Order: id})
	}
	d, err := s.bills.Issue(s.ctx, operator, in)
	require.NoError(s.t, err)
	require.NoError(s.t, d.Check())
	return d
}

// credited credits an invoice, all that is left or quantities of its lines.
func (s *shop) credited(id billing.ID, quantities ...string) billing.Document {
	s.t.Helper()
	in := billing.CreditInput{Document: id, Reason: "damaged"}
	for i, q := range quantities {
		if q != "" {
			in.Lines = append(in.Lines, billing.CreditLine{Line: fmt.Sprint(i + 1), Quantity: money.MustQuantity(q)})
		}
	}
	d, err := s.bills.Credit(s.ctx, operator, in)
	require.NoError(s.t, err)
	require.NoError(s.t, d.Check())
	return d
}

// events drains a topic in order.
func (s *shop) events(topic event.Topic) []event.Delivery {
	s.t.Helper()
	var out []event.Delivery
	for {
		ds, err := s.store.Queue().Claim(s.ctx, event.Claim{Topic: topic, Limit: 100, Lease: time.Minute})
		require.NoError(s.t, err)
		if len(ds) == 0 {
			return out
		}
		for _, d := range ds {
			require.NoError(s.t, s.store.Queue().Done(s.ctx, d))
		}
		out = append(out, ds...)
	}
}

// types names the events of a prefix.
func types(ds []event.Delivery, prefix string) []string {
	var out []string
	for _, d := range ds {
		if strings.HasPrefix(d.Type, prefix) {
			out = append(out, d.Type)
		}
	}
	return out
}

func eur(text string) money.Amount { return money.MustAmount(text, money.EUR) }

// advance leads a placed order to confirmed.
func (s *shop) advance(id order.ID) {
	s.t.Helper()
	_, err := s.orders.Advance(s.ctx, operator, order.AdvanceInput{Order: id, On: order.Validate})
	require.NoError(s.t, err)
	_, err = s.orders.Advance(s.ctx, machine, order.AdvanceInput{Order: id, On: order.Confirm})
	require.NoError(s.t, err)
}

// entitle gives an order a title behind everyone's back.
func (s *shop) entitle(id order.ID, title string) {
	s.t.Helper()
	s.update(func(ctx context.Context, tx store.Tx) error {
		o, err := tx.Orders().Get(ctx, id)
		if err != nil {
			return err
		}
		o.Title = title
		_, err = tx.Orders().Save(ctx, o)
		return err
	})
}

func sorted(in []string) []string {
	slices.Sort(in)
	return in
}

// report is the mirror of an invoice in the ERP over quantities of an order's
// lines, at the order's own figures.
func report(o order.Order, erpID string, quantities ...string) billing.InvoiceReport {
	in := billing.InvoiceReport{Twin: order.Twin{ID: erpID, State: "posted", Sequence: 1}, Kind: billing.Invoice, Number: "ERP-" + erpID,
		Partner: o.Customer.Partner, Customer: o.Customer.Number, Buyer: o.Customer.Counterparty,
		Issued: partner.MustDate("2026-11-22"), Due: partner.MustDate("2026-12-22"), Currency: o.Currency}
	net := int64(0)
	for i, q := range quantities {
		if q == "" {
			continue
		}
		sl, err := o.NextSlice(o.Lines[i].ID, money.MustQuantity(q))
		if err != nil {
			panic(err)
		}
		net += sl.Net.Minor()
		in.Lines = append(in.Lines, billing.Line{Order: o.ID, OrderLine: o.Lines[i].ID, SKU: o.Lines[i].SKU, Name: o.Lines[i].Name,
			Quantity: sl.Quantity, Net: sl.Net, Category: pricing.StandardRated, Rate: money.RateOf(20)})
	}
	base := money.FromMinor(net, o.Currency)
	tax, _ := base.Percent(money.RateOf(20), money.HalfAwayFromZero)
	gross, _ := base.Add(tax)
	in.Taxes = []pricing.Tax{{Category: pricing.StandardRated, Rate: money.RateOf(20), Base: base, Tax: tax}}
	in.Totals = billing.Totals{Net: base, Tax: tax, Gross: gross}
	return in
}

// only names quantities of an order's lines without reading it.
func (s *shop) only(o order.Order, quantities ...string) []order.LineQuantity {
	var out []order.LineQuantity
	for i, q := range quantities {
		out = append(out, order.LineQuantity{Line: o.Lines[i].ID, Quantity: money.MustQuantity(q)})
	}
	return out
}
