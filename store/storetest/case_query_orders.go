package storetest

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

var orderStates = []order.State{order.Draft, order.Awaiting, order.Validated, order.Confirmed, order.Rejected, order.Cancelled, order.Closed}

// ended are the states that a list leaves out unless it is asked for them.
var ended = []order.State{order.Cancelled, order.Rejected, order.Closed}

func matchOrder(o order.Order, q order.Query) bool {
	return (q.Partner == "" || o.Customer.Partner == q.Partner) &&
		startsWords(q.Consumer, o.Customer.Name, o.Customer.Number) &&
		(q.Ref == "" || o.Ref == q.Ref) &&
		startsWords(q.Note, o.Note) &&
		(q.ERPNumber == "" || o.ERP.Number == q.ERPNumber) &&
		matchState(o.State, q) &&
		(q.Ticket == "" || slices.ContainsFunc(o.Lines, func(l order.Line) bool { return l.Ticket == q.Ticket })) &&
		(q.SKU == "" || slices.ContainsFunc(o.Lines, func(l order.Line) bool { return l.SKU == q.SKU })) &&
		(q.CustomerType == "" || o.Customer.Type == q.CustomerType) &&
		(q.InsertedBy == "" || o.InsertedBy.ID == q.InsertedBy) &&
		(q.Direct == nil || o.Direct == *q.Direct) &&
		(q.From.IsZero() || !o.PlacedAt.Before(q.From)) &&
		(q.Until.IsZero() || o.PlacedAt.Before(q.Until))
}

func matchState(s order.State, q order.Query) bool {
	if len(q.States) > 0 {
		return slices.Contains(q.States, s)
	}
	return q.All || !slices.Contains(ended, s)
}

func compareOrders(a, b order.Order, q order.Query) int {
	byTime := cmp.Or(a.PlacedAt.Compare(b.PlacedAt), cmp.Compare(a.ID, b.ID))
	byRef := cmp.Compare(a.Ref, b.Ref)
	switch q.Sort {
	case order.OldestFirst:
		return byTime
	case order.ByRef:
		return byRef
	case order.ByRefDesc:
		return -byRef
	}
	return -byTime
}

func headOrder(o order.Order) order.Header {
	return order.Header{
		ID: o.ID, Version: 1, Ref: o.Ref, State: o.State, Partner: o.Customer.Partner, Customer: o.Customer.Number,
		CustomerName: o.Customer.Name, CustomerType: o.Customer.Type, InsertedBy: o.InsertedBy.ID, PlacedAt: o.PlacedAt,
		Gross: o.Quote.Gross, Lines: len(o.Lines), Direct: o.Direct, ERPNumber: o.ERP.Number,
		Tickets: slices.ContainsFunc(o.Lines, func(l order.Line) bool { return l.Ticket != "" }),
	}
}

func orderFilters(docs []order.Order) map[string]func(*rand.Rand, *order.Query) {
	// A quarter of the instants fall a little beside a stored one.
	instant := func(r *rand.Rand) time.Time {
		at := pick(r, docs...).PlacedAt
		if at.IsZero() {
			at = dawn
		}
		return at.Add(pick[time.Duration](r, 0, 0, 0, 1, -1, time.Microsecond, time.Hour))
	}
	return map[string]func(*rand.Rand, *order.Query){
		"Partner":   func(r *rand.Rand, q *order.Query) { q.Partner = pick[partner.ID](r, "p0", "p1", "p2", "none") },
		"Consumer":  func(r *rand.Rand, q *order.Query) { q.Consumer = pick(r, beginnings(r), "fr1", "FR") },
		"Ref":       func(r *rand.Rand, q *order.Query) { q.Ref = pick(r, docs...).Ref },
		"Note":      func(r *rand.Rand, q *order.Query) { q.Note = beginnings(r) },
		"ERPNumber": func(r *rand.Rand, q *order.Query) { q.ERPNumber = pick(r, "SO1", "SO2", "so1", "none") },
		"States": func(r *rand.Rand, q *order.Query) {
			q.States = pick(r, orderStates[:1], orderStates[3:], []order.State{"none"}, []order.State{order.Closed, order.Closed})
		},
		"All":          func(r *rand.Rand, q *order.Query) { q.All = true },
		"Ticket":       func(r *rand.Rand, q *order.Query) { q.Ticket = pick[cart.TicketID](r, "t1", "t2", "T1") },
		"SKU":          func(r *rand.Rand, q *order.Query) { q.SKU = pick[catalog.SKU](r, "0001", "0002", "1", "0001x") },
		"CustomerType": func(r *rand.Rand, q *order.Query) { q.CustomerType = pick(r, partner.Dealer, partner.Studio) },
		"InsertedBy":   func(r *rand.Rand, q *order.Query) { q.InsertedBy = pick[access.ActorID](r, "m1", "m2", "M1") },
		"Direct":       func(r *rand.Rand, q *order.Query) { q.Direct = pick(r, new(true), new(false)) },
		"From":         func(r *rand.Rand, q *order.Query) { q.From = instant(r) },
		"Until":        func(r *rand.Rand, q *order.Query) { q.Until = instant(r) },
		"Sort": func(r *rand.Rand, q *order.Query) {
			q.Sort = pick(r, order.NewestFirst, order.OldestFirst, order.ByRef, order.ByRefDesc)
		},
	}
}

func variedOrder(r *rand.Rand, n int) order.Order {
	o := sampleOrder(n)
	o.Ref = order.Ref(oddNumber(n))
	o.State = pick(r, orderStates...)
	o.Customer.Partner = partner.ID(fmt.Sprint("p", r.IntN(3)))
	o.Customer.Name, o.Customer.Number = someWords(r, 1+r.IntN(2)), fmt.Sprint("FR", r.IntN(20))
	o.Customer.Type = pick(r, partner.Dealer, partner.Studio)
	o.Note = someWords(r, r.IntN(3))
	o.ERP.Number = pick(r, "", "SO1", "SO2")
	o.InsertedBy.ID = pick[access.ActorID](r, "m1", "m2")
	o.Direct = r.IntN(2) == 0
	// Several orders of one instant, instants a microsecond apart, some before
	// 1970 and some of no instant, which come before all others.
	o.PlacedAt = pick(r, dawn, dawn.Add(time.Microsecond), dawn.AddDate(0, 0, n), dawn.AddDate(-70, 0, n), time.Time{})
	cur := money.MustCurrency(pick(r, "EUR", "JPY", "KWD"))
	o.Quote.Gross = money.FromMinor(int64(r.IntN(2000)-1000), cur)
	o.Lines = o.Lines[:0]
	for i := range r.IntN(4) {
		o.Lines = append(o.Lines, order.Line{ID: order.LineID(fmt.Sprint(i)), SKU: pick[catalog.SKU](r, "0001", "0002", "1"),
			Ticket: pick[cart.TicketID](r, "", "", "t1", "t2"), Quantity: quantity(1)})
	}
	return o
}

func queryOrders(e *env) {
	t := e.tenant()
	r := rand.New(rand.NewPCG(4, 4))
	s := search[order.Order, order.Query, order.Header]{
		find: func(ctx context.Context, tx store.Tx, q order.Query) (uow.Page[order.Header], error) {
			return tx.Orders().Find(ctx, q)
		},
		page:   func(q *order.Query) *uow.PageRequest { return &q.Page },
		match:  matchOrder,
		header: headOrder,
		less:   compareOrders,
	}
	for n := range 96 {
		o := variedOrder(r, n)
		s.docs = append(s.docs, o)
	}
	plantAll(e, t, kinds()[4], s.docs)
	s.filters = orderFilters(s.docs)
	s.run(e, t)
}

func queryUnknownSort(e *env) {
	t := e.tenant()
	for _, sort := range []order.Sort{"no such sort", "placed_at; drop table orders", "oldest "} {
		err := t.View(e.ctx, func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Orders().Find(ctx, order.Query{Sort: sort})
			return err
		})
		e.kind(err, fault.Invalid, "an unknown sort")
	}
}
