package bench

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// BenchmarkPlace is order.Service.Place of carts of ten lines: idempotency
// key, order with its search terms, three events, counter and cart in one
// durable transaction. "raw" and "pgbench" write the very same rows by hand, a
// statement each; "bare" writes no search terms and an order's document into
// a table without further indexes.
func BenchmarkPlace(b *testing.B) {
	b.Run("memory", func(b *testing.B) { benchPlace(b, memoryBed(b), nil) })
	b.Run("sqlite", func(b *testing.B) {
		bed := sqliteBed(b)
		benchPlace(b, bed, newRawSQLite(b, bed))
	})
	b.Run("postgres", func(b *testing.B) {
		bed := postgresBed(b)
		benchPlace(b, bed, newRawPostgres(b, bed))
	})
}

// rawPlacer sends by hand what Place sends.
type rawPlacer interface {
	variants() []rawVariant
}

// rawVariant places b.N orders with a number of clients, drawing from a
// counter for each customer or from one for all.
type rawVariant struct {
	name string
	run  func(b *testing.B, clients int, hot bool)
}

func benchPlace(b *testing.B, bed *bed, raw rawPlacer) {
	for _, mode := range []struct {
		name string
		hot  bool
	}{{"spread", false}, {"hot", true}} {
		b.Run(mode.name, func(b *testing.B) {
			for _, clients := range clientCounts {
				b.Run(named(clients), func(b *testing.B) {
					b.Run("comptoir", func(b *testing.B) { placeOurs(b, bed, clients, mode.hot) })
					if raw == nil {
						return
					}
					for _, v := range raw.variants() {
						b.Run(v.name, func(b *testing.B) { v.run(b, clients, mode.hot) })
					}
				})
			}
		})
	}
}

func placeOurs(b *testing.B, bed *bed, clients int, hot bool) {
	jobs := bed.prepare(b.N, hot)
	bed.settle()
	bed.wire.reset()
	insist(b, clients, func(i int) error {
		_, err := bed.place(jobs[i])
		return err
	})
	reportRate(b, b.N, "orders/s")
	bed.wire.report(b)
}

// batch is how many orders BenchmarkPlaceBatch places per transaction.
const batch = 100

// BenchmarkPlaceBatch is PlaceTx a hundred times in one transaction, whose
// documents are asked for together first. An operation is a transaction.
func BenchmarkPlaceBatch(b *testing.B) {
	for _, e := range engines {
		b.Run(e.name, func(b *testing.B) {
			bed := e.open(b)
			for _, keyed := range []bool{true, false} {
				b.Run(map[bool]string{true: "keys", false: "nokeys"}[keyed], func(b *testing.B) { placeBatches(b, bed, keyed) })
			}
		})
	}
}

func placeBatches(b *testing.B, bed *bed, keyed bool) {
	jobs := bed.prepare(batch*b.N, false)
	bed.settle()
	if !keyed {
		for i := range jobs {
			jobs[i].in.Key = ""
		}
	}
	bed.wire.reset()
	drive(b, 1, func(i int) error { return bed.placeAll(jobs[i*batch : (i+1)*batch]) })
	reportRate(b, b.N*batch, "orders/s")
	bed.wire.report(b)
}

// placeAll places many orders in one transaction.
func (s *shop) placeAll(jobs []job) error {
	refs := make([]uow.Ref, 0, 2*len(jobs)+products)
	for i := range products {
		refs = append(refs, uow.Ref{Kind: catalog.DocKind, ID: string(productID(i))})
	}
	for _, j := range jobs {
		refs = append(refs, uow.Ref{Kind: cart.DocKind, ID: string(j.in.Cart)}, uow.Ref{Kind: partner.DocKind, ID: string(j.actor.Partner)})
	}
	return s.store.Update(s.ctx, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Prefetch(ctx, refs...); err != nil {
			return err
		}
		for _, j := range jobs {
			if _, err := s.orders.PlaceTx(ctx, tx, j.actor, j.in); err != nil {
				return err
			}
		}
		return nil
	})
}

// sample places one order of ten lines and returns what it was; a cart like
// its own stays as it is.
func (s *shop) sample() (job, order.Receipt) {
	s.b.Helper()
	j := s.prepare(2, false)[0]
	r, err := s.place(j)
	require.NoError(s.b, err)
	return j, r
}
