package bench

import (
	"fmt"
	"testing"
)

// BenchmarkIssue is billing.Service.Issue of a delivered order of ten lines:
// idempotency key, number and place in the chain, invoice, the order's ledger,
// events and the work for the ERP in one durable transaction; all invoices in
// one series, or in eight. "raw" writes the very same rows by hand, a statement
// each, and hashes the document behind the hash that it has read from the head
// of the series; "committed" does so in READ COMMITTED, where writers wait for
// the head instead of trying again.
func BenchmarkIssue(b *testing.B) {
	b.Run("memory", func(b *testing.B) { benchIssue(b, memoryBed(b), nil) })
	b.Run("sqlite", func(b *testing.B) {
		bed := sqliteBed(b)
		raw := newRawSQLite(b, bed)
		benchIssue(b, bed, []rawIssuer{{"raw", nil, newSQLiteIssuer(b, bed, raw).issue}})
	})
	b.Run("postgres", func(b *testing.B) {
		bed := postgresBed(b)
		raw := newRawPostgres(b, bed)
		one := newPostgresIssuer(b, bed, raw)
		benchIssue(b, bed, []rawIssuer{{"raw", raw.wire, one.serializable}, {"committed", raw.wire, one.committed}})
	})
}

// rawIssuer invoices one order by hand in a series.
type rawIssuer struct {
	name  string
	wire  *wire
	issue func(g goods, series int) error
}

func benchIssue(b *testing.B, bed *bed, raw []rawIssuer) {
	for _, series := range []int{1, sellers} {
		for _, clients := range clientCounts {
			b.Run(fmt.Sprintf("series=%d/%s", series, named(clients)), func(b *testing.B) {
				b.Run("comptoir", func(b *testing.B) {
					issueAll(b, bed, bed.wire, clients, func(i int, g goods) error {
						_, err := bed.bills.Issue(bed.ctx, operator, issueInput(g.order, sellerID(spread(i, series))))
						return err
					})
				})
				for _, r := range raw {
					b.Run(r.name, func(b *testing.B) {
						issueAll(b, bed, r.wire, clients, func(i int, g goods) error { return r.issue(g, spread(i, series)) })
					})
				}
			})
		}
	}
}

func issueAll(b *testing.B, bed *bed, w *wire, clients int, issue func(i int, g goods) error) {
	ready := bed.deliveries(b.N)
	bed.settle()
	w.reset()
	insist(b, clients, func(i int) error { return issue(i, ready[i]) })
	reportRate(b, b.N, "invoices/s")
	w.report(b)
}
