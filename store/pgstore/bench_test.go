package pgstore

import (
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/store/internal/mapping"
	"github.com/comptoir-go/comptoir/store/internal/sqlgen/sample"
)

// docSize is about that of an order of 10 lines with its calculation, in
// bytes.
const docSize = 6000

// BenchmarkPlace writes the rows of an order: idempotency key, order, terms,
// two events, counter, cart.
func BenchmarkPlace(b *testing.B) {
	for _, clients := range []int{1, 4, 16} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) {
			d := openTest(b, Options{}, func(c *pgxpool.Config) { c.MaxConns = 20 })
			tables := mapping.Tables()
			carts, orders := tables[3], tables[4]
			const customers = 200
			for n := range customers {
				require.NoError(b, update(b, d, "fr", engine.Write{Op: engine.Insert, Table: carts, Row: sample.Row(carts, n, 1, docSize)}))
			}
			var next, retries atomic.Int64
			b.SetParallelism(max(1, clients/2))
			b.ReportAllocs()
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					n := int(next.Add(1))
					for {
						err := place(d, carts, orders, n, rand.IntN(customers))
						if err == nil {
							break
						}
						if !d.Retryable(err) {
							b.Error(err)
							return
						}
						retries.Add(1)
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "placings/s")
			b.ReportMetric(float64(retries.Load())/float64(b.N), "retries/op")
		})
	}
}

func place(d *driver, carts, orders *engine.Table, n, customer int) error {
	raw, err := d.Begin(ctx, "fr", true)
	if err != nil {
		return err
	}
	defer raw.Rollback() // nothing is left to end after the Commit
	if _, err = raw.Reserve(ctx, "place", sample.ID(n), []byte("0123456789abcdef0123456789abcdef")); err != nil {
		return err
	}
	rows, err := raw.Load(ctx, []engine.Want{{Table: carts, IDs: []string{sample.ID(customer)}}})
	if err != nil {
		return err
	}
	if _, err = raw.Next(ctx, sample.ID(customer)); err != nil {
		return err
	}
	was := rows[0][0].Version
	cart := sample.Row(carts, customer, was+1, docSize)
	erp := sample.Emit(n)
	erp.Topic = "erp"
	ws := []engine.Write{
		{Op: engine.Insert, Table: orders, Row: sample.Row(orders, n, 1, docSize)},
		sample.Emit(n), erp,
		{Op: engine.Replace, Table: carts, Want: was, Row: cart},
		{Op: engine.Fulfil, Scope: "place", Key: sample.ID(n), Result: []byte(`{"id":"1"}`)},
	}
	return raw.Commit(ctx, ws)
}

// BenchmarkGet reads one document in a View; BenchmarkPage a page of 50 slim
// rows.
func BenchmarkGet(b *testing.B) {
	d, orders := filled(b, 5000)
	b.ReportAllocs()
	for b.Loop() {
		raw, _ := d.Begin(ctx, "fr", false)
		rows, err := raw.Load(ctx, []engine.Want{{Table: orders, IDs: []string{sample.ID(rand.IntN(5000))}}})
		raw.Rollback()
		require.NoError(b, err)
		require.Len(b, rows[0], 1)
	}
}

func BenchmarkPage(b *testing.B) {
	d, orders := filled(b, 5000)
	b.ReportAllocs()
	for b.Loop() {
		raw, _ := d.Begin(ctx, "fr", false)
		rows, err := raw.Find(ctx, engine.Select{Table: orders, Sort: engine.Sort{Columns: []string{"placed_at"}, Desc: true}, Limit: 50,
			After: []any{sample.Start.Add(2500e9), sample.ID(2500)}})
		raw.Rollback()
		require.NoError(b, err)
		require.Len(b, rows, 50)
	}
}

func filled(b *testing.B, n int) (*driver, *engine.Table) {
	d := openTest(b, Options{}, nil)
	orders := mapping.Tables()[4]
	for from := 0; from < n; from += 500 {
		var ws []engine.Write
		for i := from; i < from+500; i++ {
			ws = append(ws, engine.Write{Op: engine.Insert, Table: orders, Row: sample.Row(orders, i, 1, docSize)})
		}
		require.NoError(b, update(b, d, "fr", ws...))
	}
	_, err := d.pool.Exec(ctx, "analyze")
	require.NoError(b, err)
	return d, orders
}
