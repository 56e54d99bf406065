package storetest

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/thread"
	"github.com/comptoir-go/comptoir/uow"
)

func queryDeliveries(e *env) {
	t := e.tenant()
	r := rand.New(rand.NewPCG(5, 5))
	s := search[order.Delivery, order.DeliveryQuery, order.DeliveryHeader]{
		find: func(ctx context.Context, tx store.Tx, q order.DeliveryQuery) (uow.Page[order.DeliveryHeader], error) {
			return tx.Deliveries().Find(ctx, q)
		},
		page: func(q *order.DeliveryQuery) *uow.PageRequest { return &q.Page },
		match: func(d order.Delivery, q order.DeliveryQuery) bool {
			return (q.Partner == "" || d.Partner == q.Partner) && (q.Order == "" || d.Order == q.Order) &&
				(q.Number == "" || d.Number == q.Number) && (q.Tracking == "" || d.Tracking == q.Tracking) &&
				(q.Kind == "" || d.Kind == q.Kind) && oneOf(q.States, d.State) &&
				(q.From.IsZero() || !d.CreatedAt.Before(q.From)) && (q.Until.IsZero() || d.CreatedAt.Before(q.Until))
		},
		header: func(d order.Delivery) order.DeliveryHeader {
			return order.DeliveryHeader{ID: d.ID, Version: 1, Order: d.Order, OrderRef: d.OrderRef, Partner: d.Partner, Kind: d.Kind,
				State: d.State, Number: d.Number, Carrier: d.Carrier, Tracking: d.Tracking, Lines: len(d.Lines), Date: d.Date,
				CreatedAt: d.CreatedAt}
		},
		less: func(a, b order.Delivery, _ order.DeliveryQuery) int {
			return -cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
		},
		filters: map[string]func(*rand.Rand, *order.DeliveryQuery){
			"Partner":  func(r *rand.Rand, q *order.DeliveryQuery) { q.Partner = pick[partner.ID](r, "p0", "p1", "P0") },
			"Order":    func(r *rand.Rand, q *order.DeliveryQuery) { q.Order = pick[order.ID](r, "o0", "o1", "none") },
			"Number":   func(r *rand.Rand, q *order.DeliveryQuery) { q.Number = fmt.Sprint("OUT/", r.IntN(40)) },
			"Tracking": func(r *rand.Rand, q *order.DeliveryQuery) { q.Tracking = pick(r, "T1", "T2", "t1") },
			"Kind":     func(r *rand.Rand, q *order.DeliveryQuery) { q.Kind = pick(r, order.Outgoing, order.Return, "none") },
			"States": func(r *rand.Rand, q *order.DeliveryQuery) {
				q.States = pick(r, []order.DeliveryState{order.Planned}, []order.DeliveryState{order.Shipped, order.Void, order.Shipped})
			},
			"From": func(r *rand.Rand, q *order.DeliveryQuery) { q.From = dawn.AddDate(0, 0, r.IntN(40)-5) },
			"Until": func(r *rand.Rand, q *order.DeliveryQuery) {
				q.Until = dawn.AddDate(0, 0, r.IntN(40)-5).Add(time.Duration(r.IntN(3)))
			},
		},
	}
	for n := range 60 {
		d := sampleDelivery(n)
		// Two numbers may be the same; twins are not, or there is none.
		d.Number, d.Tracking, d.ERP.ID = fmt.Sprint("OUT/", r.IntN(30)), pick(r, "", "T1", "T2"), pick(r, "", d.ERP.ID)
		d.Partner, d.Order = partner.ID(fmt.Sprint("p", r.IntN(2))), order.ID(fmt.Sprint("o", r.IntN(3)))
		d.Kind, d.State = pick(r, order.Outgoing, order.Return), pick(r, order.Planned, order.Shipped, order.Void)
		d.CreatedAt = pick(r, dawn, dawn.AddDate(0, 0, n/2), time.Time{})
		d.Date = pick(r, d.Date, partner.Date{})
		d.Lines = slices.Repeat(d.Lines, r.IntN(4))
		s.docs = append(s.docs, d)
	}
	plantAll(e, t, kinds()[atDeliveries], s.docs)
	s.run(e, t)
}

// lastMessage is the time of the last message, of the shared ones if asked.
func lastMessage(t thread.Thread, shared bool) (at time.Time, n, internal int) {
	for _, m := range t.Messages {
		if m.Internal {
			internal++
		} else {
			n++
		}
		if !m.Internal || !shared {
			at = m.At
		}
	}
	return at, n, internal
}

func queryThreads(e *env) {
	t := e.tenant()
	r := rand.New(rand.NewPCG(6, 6))
	s := search[thread.Thread, thread.Query, thread.Header]{
		find: func(ctx context.Context, tx store.Tx, q thread.Query) (uow.Page[thread.Header], error) {
			return tx.Threads().Find(ctx, q)
		},
		page: func(q *thread.Query) *uow.PageRequest { return &q.Page },
		match: func(t thread.Thread, q thread.Query) bool {
			_, shared, _ := lastMessage(t, true)
			return (q.Partner == "" || t.Partner == q.Partner) && (q.Kind == "" || t.Doc.Kind == q.Kind) && (!q.Shared || shared > 0)
		},
		less: func(a, b thread.Thread, q thread.Query) int {
			x, _, _ := lastMessage(a, q.Shared)
			y, _, _ := lastMessage(b, q.Shared)
			return -cmp.Or(x.Compare(y), cmp.Compare(a.ID, b.ID))
		},
		filters: map[string]func(*rand.Rand, *thread.Query){
			"Partner": func(r *rand.Rand, q *thread.Query) { q.Partner = pick[access.PartnerID](r, "p0", "p1", "none") },
			"Kind":    func(r *rand.Rand, q *thread.Query) { q.Kind = pick(r, "order", "invoice", "none") },
			"Shared":  func(r *rand.Rand, q *thread.Query) { q.Shared = true },
		},
	}
	for n := range 50 {
		th := sampleThread(n)
		th.Doc.Kind, th.Partner = pick(r, "order", "invoice"), access.PartnerID(fmt.Sprint("p", r.IntN(2)))
		th.ID, th.Messages = th.Doc.Thread(), nil
		for i := range r.IntN(4) {
			at := dawn.AddDate(0, 0, r.IntN(5)).Add(time.Duration(i) * time.Second)
			th.Messages = append(th.Messages, thread.Message{ID: thread.MessageID(fmt.Sprint(i)), At: at, Internal: r.IntN(2) == 0})
		}
		slices.SortStableFunc(th.Messages, func(a, b thread.Message) int { return a.At.Compare(b.At) })
		s.docs = append(s.docs, th)
	}
	plantAll(e, t, kinds()[atThreads], s.docs)
	for _, shared := range []bool{false, true} {
		s.header = func(t thread.Thread) thread.Header {
			at, n, internal := lastMessage(t, shared)
			return thread.Header{ID: t.ID, Doc: t.Doc, Partner: t.Partner, Shared: n, Internal: internal, LastAt: at}
		}
		own := s
		own.match = func(t thread.Thread, q thread.Query) bool { q.Shared = shared; return s.match(t, q) }
		own.less = func(a, b thread.Thread, q thread.Query) int { q.Shared = shared; return s.less(a, b, q) }
		own.find = func(ctx context.Context, tx store.Tx, q thread.Query) (uow.Page[thread.Header], error) {
			q.Shared = shared
			return s.find(ctx, tx, q)
		}
		own.run(e, t)
	}
}
