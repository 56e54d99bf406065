package storetest

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/internal/fold"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

func queryCases() []Case {
	return []Case{
		{"query/partners", "partner lists: every filter alone and combined, the header's fields, the order, the total", queryPartners},
		{"query/products", "product lists: every filter alone and combined, the header's fields, the order, the total", queryProducts},
		{"query/carts", "cart lists: every filter alone and combined, the header's fields, the order, the total", queryCarts},
		{"query/orders", "order lists: every filter alone and combined, every sort, the header's fields, the total", queryOrders},
		{"query/deliveries", "delivery lists: every filter alone and combined, the header's fields, the order, the total", queryDeliveries},
		{"query/threads", "thread lists: every filter alone and combined, shared messages apart, the header's fields, the total", queryThreads},
		{"query/invoices", "invoice lists: every filter alone and combined, every sort, the header's fields, the total", queryInvoices},
		{"query/payments", "payment lists: every filter alone and combined, every sort, whole payments, the total", queryPayments},
		{"query/turnover", "lists of turnover: every filter alone and combined, both orders, families without their articles, the total", queryTurnover},
		{"query/lookups", "documents are found by their twin in the ERP, by number, by order and along their chain, and blobs by who names them; what is missing is NotFound", queryLookups},
		{"query/follows", "a list follows what was changed and deleted, in every filter", queryFollows},
		{"query/unknown_sort", "an unknown sort is refused as Invalid", queryUnknownSort},
	}
}

func queryPartners(e *env) {
	t := e.tenant()
	r := rand.New(rand.NewPCG(1, 1))
	s := search[partner.Partner, partner.Query, partner.Header]{
		find: func(ctx context.Context, tx store.Tx, q partner.Query) (uow.Page[partner.Header], error) {
			return tx.Partners().Find(ctx, q)
		},
		page: func(q *partner.Query) *uow.PageRequest { return &q.Page },
		match: func(p partner.Partner, q partner.Query) bool {
			return (q.Number == "" || p.Number == q.Number) && (q.Type == "" || p.Type == q.Type) &&
				(q.Code == "" || slices.Contains(customerCodes(p), q.Code)) &&
				startsWords(q.Words, p.Name, p.Number)
		},
		header: func(p partner.Partner) partner.Header {
			return partner.Header{ID: p.ID, Number: p.Number, Name: p.Name, Type: p.Type, Active: p.Active}
		},
		less: func(a, b partner.Partner, _ partner.Query) int { return cmp.Compare(a.Number, b.Number) },
		filters: map[string]func(*rand.Rand, *partner.Query){
			"Number": func(r *rand.Rand, q *partner.Query) { q.Number = oddNumber(r.IntN(70)) },
			"Code":   func(r *rand.Rand, q *partner.Query) { q.Code = pick(r, "C1", "C2", "c1", oddNumber(r.IntN(70))) },
			"Type": func(r *rand.Rand, q *partner.Query) {
				q.Type = pick(r, partner.Dealer, partner.Studio, partner.ServiceCenter, "none")
			},
			"Words": func(r *rand.Rand, q *partner.Query) { q.Words = pick(r, beginnings(r), oddNumber(r.IntN(60))) },
		},
	}
	for n := range 60 {
		p := samplePartner(n)
		p.Number, p.Name = oddNumber(n), someWords(r, 1+r.IntN(3))
		p.Type, p.Active = pick(r, partner.Dealer, partner.Studio, partner.ServiceCenter), r.IntN(2) == 0
		for range r.IntN(3) {
			p.Counterparties = append(p.Counterparties, partner.Counterparty{Code: pick(r, "", "C1", "C2")})
		}
		s.docs = append(s.docs, p)
	}
	plantAll(e, t, kinds()[0], s.docs)
	s.run(e, t)
}

// customerCodes are the codes of a partner's legal entities in the ERP.
func customerCodes(p partner.Partner) []string {
	if len(p.Counterparties) == 0 {
		return []string{p.Number}
	}
	var out []string
	for _, c := range p.Counterparties {
		out = append(out, cmp.Or(c.Code, p.Number))
	}
	return out
}

// oddNumber makes texts whose order differs between byte order and what
// languages or case folding make of it.
func oddNumber(n int) string {
	return []string{"a", "B", "É", "Z", "_", "é", "z", "10", "9", "ß", "😀", "-"}[n%12] + fmt.Sprint(n/12)
}

func queryProducts(e *env) {
	t := e.tenant()
	r := rand.New(rand.NewPCG(2, 2))
	s := search[catalog.Product, catalog.Query, catalog.Header]{
		find: func(ctx context.Context, tx store.Tx, q catalog.Query) (uow.Page[catalog.Header], error) {
			return tx.Products().Find(ctx, q)
		},
		page: func(q *catalog.Query) *uow.PageRequest { return &q.Page },
		match: func(p catalog.Product, q catalog.Query) bool {
			return strings.HasPrefix(string(p.SKU), q.SKUPrefix) &&
				(q.Family.Super == "" || p.Family.Super == q.Family.Super) &&
				(q.Family.Family == "" || p.Family.Family == q.Family.Family) &&
				(q.Family.Sub == "" || p.Family.Sub == q.Family.Sub) &&
				(q.Tag == "" || slices.Contains(p.Tags, q.Tag)) &&
				(q.Online == nil || p.Online == *q.Online) &&
				(q.Buyer == nil || p.OrderableBy(*q.Buyer) == nil)
		},
		header: func(p catalog.Product) catalog.Header {
			return catalog.Header{ID: p.ID, SKU: p.SKU, Names: p.Names, Unit: p.Unit, Family: p.Family, Online: p.Online, Sale: p.Sale}
		},
		less: func(a, b catalog.Product, _ catalog.Query) int { return cmp.Compare(a.SKU, b.SKU) },
		filters: map[string]func(*rand.Rand, *catalog.Query){
			"SKUPrefix": func(r *rand.Rand, q *catalog.Query) {
				q.SKUPrefix = pick(r, "0", "a", "A", "É", "%", "_", "a1", "0%", "\\", "😀", "zz", "\U0010ffff")
			},
			"Family.Super":  func(r *rand.Rand, q *catalog.Query) { q.Family.Super = pick(r, "s0", "s1", "S0") },
			"Family.Family": func(r *rand.Rand, q *catalog.Query) { q.Family.Family = pick(r, "f0", "f1", "f9") },
			"Family.Sub":    func(r *rand.Rand, q *catalog.Query) { q.Family.Sub = pick(r, "u0", "u1", "u9") },
			"Tag":           func(r *rand.Rand, q *catalog.Query) { q.Tag = pick(r, "steel", "Steel", "é", "%", "none") },
			"Online":        func(r *rand.Rand, q *catalog.Query) { q.Online = pick(r, new(true), new(false)) },
			"Buyer": func(r *rand.Rand, q *catalog.Query) {
				q.Buyer = new(pick[access.PartnerID](r, "", "p0", "p1", "none", "all"))
			},
		},
	}
	for n := range 72 {
		p := sampleProduct(n)
		p.SKU = catalog.SKU([]string{"0", "00", "a", "A", "É", "%", "_", "a1", "0%", `\`, "😀", "\U0010ffff"}[n%12] + fmt.Sprint(n/12))
		p.Names = map[string]string{"fr": someWords(r, 2), "en": fmt.Sprint(n)}
		p.Family = catalog.Family{Super: fmt.Sprint("s", r.IntN(2)), Family: fmt.Sprint("f", r.IntN(2)), Sub: fmt.Sprint("u", r.IntN(2))}
		p.Tags = []string{pick(r, "steel", "Steel"), pick(r, "é", "%"), "steel"}
		p.Online, p.Sale = r.IntN(2) == 0, pick(r, catalog.SaleFree, catalog.SaleBlocked, catalog.SaleReferenced)
		p.Referenced = pick(r, nil, []access.PartnerID{"p0"}, []access.PartnerID{"p0", "p1"})
		s.docs = append(s.docs, p)
	}
	plantAll(e, t, kinds()[1], s.docs)
	s.run(e, t)
}

func queryCarts(e *env) {
	t := e.tenant()
	r := rand.New(rand.NewPCG(3, 3))
	s := search[cart.Cart, cart.Query, cart.Header]{
		find: func(ctx context.Context, tx store.Tx, q cart.Query) (uow.Page[cart.Header], error) {
			return tx.Carts().Find(ctx, q)
		},
		page: func(q *cart.Query) *uow.PageRequest { return &q.Page },
		match: func(c cart.Cart, q cart.Query) bool {
			return (q.Partner == "" || c.Partner == q.Partner) && (q.Default == nil || c.Default == *q.Default) &&
				(q.Name == "" || fold.Text(c.Name) == fold.Text(q.Name))
		},
		header: func(c cart.Cart) cart.Header {
			return cart.Header{ID: c.ID, Partner: c.Partner, Name: c.Name, Default: c.Default, Lines: len(c.Lines),
				Holder: c.Baton.Holder, Role: c.Baton.Role, UpdatedAt: c.UpdatedAt}
		},
		less: func(a, b cart.Cart, _ cart.Query) int {
			return cmp.Or(cmp.Compare(fold.Text(a.Name), fold.Text(b.Name)), cmp.Compare(a.ID, b.ID))
		},
		filters: map[string]func(*rand.Rand, *cart.Query){
			"Partner": func(r *rand.Rand, q *cart.Query) { q.Partner = pick[partner.ID](r, "p0", "p1", "p2", "P0") },
			"Name": func(r *rand.Rand, q *cart.Query) {
				q.Name = pick(r, "KÜCHE 3", "kuche  3", "Straße 4", "STRASSE 4", "none")
			},
			"Default": func(r *rand.Rand, q *cart.Query) { q.Default = pick(r, new(true), new(false)) },
		},
	}
	for n := range 60 {
		c := sampleCart(n)
		c.Partner, c.Default = partner.ID(fmt.Sprint("p", n%3)), r.IntN(2) == 0
		// The same name in several partners' hands, so that ids decide.
		c.Name = fmt.Sprint([]string{"Küche ", "Straße ", "a", "B"}[n/3%4], n/12)
		if n%2 == 0 {
			c.Name = strings.ToUpper(c.Name)
		}
		c.Baton = pick(r, cart.Baton{Holder: "m1"}, cart.Baton{Role: "purchaser"}, cart.Baton{})
		c.Lines = slices.Repeat(c.Lines, r.IntN(4))
		c.UpdatedAt = pick(r, dawn, time.Time{}, dawn.AddDate(0, n, 0))
		s.docs = append(s.docs, c)
	}
	plantAll(e, t, kinds()[3], s.docs)
	s.run(e, t)
}

// queryFollows changes and deletes documents and looks for them by what they
// were and by what they are.
func queryFollows(e *env) {
	t := e.tenant()
	e.plant(t)
	look := func(q order.Query) []order.ID {
		e.Helper()
		rows := read(e, t, func(ctx context.Context, tx store.Tx) ([]order.Header, error) {
			page, err := tx.Orders().Find(ctx, q)
			return page.Rows, err
		})
		var ids []order.ID
		for _, h := range rows {
			ids = append(ids, h.ID)
		}
		return ids
	}
	o := sampleOrder(1)
	o.Version = 1
	o.Note, o.Lines[0].SKU, o.Lines[0].Ticket = "new words", "newsku", "t1"
	o.State, o.Customer.Name, o.Customer.Partner = order.Closed, "Nouvelle Cuisine", "p0009"
	e.mustPut(t, kinds()[4], o)
	for what, q := range map[string]order.Query{
		"state": {}, "customer": {All: true, Consumer: "lemaux", States: []order.State{order.Closed}},
		"article": {States: []order.State{order.Closed}, SKU: "065000001"}, "partner": {Partner: "p0001", States: []order.State{order.Closed}},
	} {
		e.true(!slices.Contains(look(q), o.ID), "the order is still found by its former %s", what)
	}
	for what, q := range map[string]order.Query{
		"state": {States: []order.State{order.Closed}}, "customer": {All: true, Consumer: "nouv"}, "article": {All: true, SKU: "newsku"},
		"ticket": {All: true, Ticket: "t1"}, "note": {All: true, Note: "WORDS new"}, "partner": {All: true, Partner: "p0009"},
	} {
		e.same(look(q), []order.ID{o.ID}, "orders by the new "+what)
	}
	e.update(t, func(ctx context.Context, tx store.Tx) error { return tx.Orders().Delete(ctx, o.ID, 2) })
	for _, q := range []order.Query{{All: true, SKU: "newsku"}, {All: true, Ticket: "t1"}, {All: true, Note: "words"}, {All: true, Ref: o.Ref}} {
		e.true(len(look(q)) == 0, "the deleted order is found by %+v", q)
	}
	// A new order in its place does not inherit its search terms.
	fresh := sampleOrder(1)
	e.mustPut(t, kinds()[4], fresh)
	e.true(len(look(order.Query{All: true, SKU: "newsku"})) == 0, "a new order is found by its predecessor's article")
	e.same(look(order.Query{All: true, Ref: fresh.Ref}), []order.ID{fresh.ID}, "the new order by its reference")
}
