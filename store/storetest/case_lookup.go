package storetest

import (
	"context"
	"fmt"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/thread"
)

// finders look a document up by something else than its id: of number n, or
// of the text given.
type finder struct {
	name     string
	by       func(n int) string
	find     func(ctx context.Context, tx store.Tx, text string) (any, error)
	want     func(n int) any
	notFound *fault.Error
}

func finders() []finder {
	ks := kinds()
	of := func(i int) func(int) any { return func(n int) any { return ks[i].at(ks[i].sample(n), 1) } }
	return []finder{
		{"Orders.ByERP", func(n int) string { return sampleOrder(n).ERP.ID },
			func(ctx context.Context, tx store.Tx, s string) (any, error) { return tx.Orders().ByERP(ctx, s) }, of(atOrders), order.ErrNotFound},
		{"Orders.ByRef", func(n int) string { return string(sampleOrder(n).Ref) },
			func(ctx context.Context, tx store.Tx, s string) (any, error) {
				return tx.Orders().ByRef(ctx, order.Ref(s))
			}, of(atOrders), order.ErrNotFound},
		{"Deliveries.ByERP", func(n int) string { return sampleDelivery(n).ERP.ID },
			func(ctx context.Context, tx store.Tx, s string) (any, error) { return tx.Deliveries().ByERP(ctx, s) }, of(atDeliveries), order.ErrNoDelivery},
		{"Invoices.ByERP", func(n int) string { return sampleInvoice(n).ERP.ID },
			func(ctx context.Context, tx store.Tx, s string) (any, error) { return tx.Invoices().ByERP(ctx, s) }, of(atInvoices), billing.ErrNotFound},
		{"Invoices.ByNumber", func(n int) string { return sampleInvoice(n).Number },
			func(ctx context.Context, tx store.Tx, s string) (any, error) {
				return tx.Invoices().ByNumber(ctx, "acme", s)
			}, of(atInvoices), billing.ErrNotFound},
		{"Payments.ByERP", func(n int) string { return samplePayment(n).ERP.ID },
			func(ctx context.Context, tx store.Tx, s string) (any, error) { return tx.Payments().ByERP(ctx, s) }, of(atPayments), billing.ErrNoPayment},
	}
}

func queryLookups(e *env) {
	t := e.tenant()
	ks := kinds()
	plain := func(n int) []any { // documents without a twin, a number or a place in a chain
		o, d, i, p := sampleOrder(n), sampleDelivery(n), sampleInvoice(n), samplePayment(n)
		o.ERP.ID, d.ERP.ID, i.ERP.ID, i.Chain, p.ERP.ID = "", "", "", billing.Chain{}, ""
		return []any{o, d, sampleThread(n), i, sampleHead(n), p, sampleTurnover(n)}
	}
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		for n := range 8 {
			docs := []any{sampleOrder(n), sampleDelivery(n), sampleThread(n), sampleInvoice(n), sampleHead(n), samplePayment(n), sampleTurnover(n)}
			if n > 5 {
				docs = plain(n)
			}
			for i, v := range docs {
				if _, err := ks[atOrders+i].save(ctx, tx, v); err != nil {
					return err
				}
			}
		}
		return nil
	})
	e.view(t, func(ctx context.Context, tx store.Tx) error {
		for _, f := range finders() {
			for _, n := range []int{0, 3, 5} {
				got, err := f.find(ctx, tx, f.by(n))
				e.must(err)
				e.same(got, f.want(n), f.name)
			}
			for _, none := range []string{"", "none", f.by(3) + "x", f.by(20), "\x00", "\xff"} {
				_, err := f.find(ctx, tx, none)
				e.is(err, f.notFound, fmt.Sprintf("%s of %q", f.name, none))
			}
		}
		_, err := tx.Invoices().ByNumber(ctx, "other", sampleInvoice(1).Number)
		e.is(err, billing.ErrNotFound, "a number of another seller")
		lookLists(e, ctx, tx)
		return nil
	})
}

// lookLists reads the deliveries of an order, a chain, and who names a blob.
func lookLists(e *env, ctx context.Context, tx store.Tx) {
	e.Helper()
	ds, err := tx.Deliveries().OfOrder(ctx, "o0001")
	e.must(err)
	e.true(len(ds) == 8, "the order has %d deliveries, want 8", len(ds))
	for n, d := range ds {
		e.true(d.ID == sampleDelivery(n).ID, "delivery %d of the order is %s", n, d.ID)
	}
	for _, none := range []order.ID{"o0002", "", "\x00"} {
		ds, err := tx.Deliveries().OfOrder(ctx, none)
		e.must(wantNone(len(ds), nil, err))
	}
	lookTurnover(e, ctx, tx)
	for _, c := range []struct {
		head     billing.HeadID
		from     int64
		limit    int
		firstAt  int64
		lastAt   int64
		expected int
	}{{"acme/inv", 1, 100, 1, 6, 6}, {"acme/inv", 0, 2, 1, 2, 2}, {"acme/inv", 3, 2, 3, 4, 2}, {"acme/inv", 6, 5, 6, 6, 1},
		{"acme/inv", 7, 5, 0, 0, 0}, {"acme/other", 1, 5, 0, 0, 0}, {"", 0, 5, 0, 0, 0}, {"/", 0, 5, 0, 0, 0}, {"\xff", 0, 5, 0, 0, 0}} {
		docs, err := tx.Invoices().Chain(ctx, c.head, c.from, c.limit)
		e.must(err)
		e.true(len(docs) == c.expected, "chain %q from %d: %d records, want %d", c.head, c.from, len(docs), c.expected)
		for i, d := range docs {
			e.true(d.Chain.Position == c.firstAt+int64(i), "chain %q from %d: record %d stands at %d", c.head, c.from, i, d.Chain.Position)
		}
	}
	for n, want := range map[int]bool{0: true, 5: true, 30: false} {
		held, err := tx.Threads().Holds(ctx, hashOf(n))
		e.must(err)
		e.true(held == want, "a blob in messages: held %v", held)
		held, err = tx.Orders().Holds(ctx, hashOf(1000+n))
		e.must(err)
		e.true(held == want, "a blob in orders: held %v", held)
		held, err = tx.Orders().Holds(ctx, hashOf(n))
		e.must(err)
		e.true(!held, "a blob of a message is held by an order")
	}
	for _, none := range []blob.Hash{"", "\x00", "ab"} {
		held, err := tx.Threads().Holds(ctx, none)
		e.must(wantNot(held, err))
	}
	_, err = tx.Threads().Get(ctx, "order/none")
	e.is(err, thread.ErrNotFound, "a thread that nobody wrote in")
}
