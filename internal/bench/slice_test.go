package bench

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/money"
)

// BenchmarkSlice cuts the money of parts of lines and of tax rows, and looks
// at chained invoices of ten lines.
func BenchmarkSlice(b *testing.B) {
	bed := memoryBed(b)
	g := bed.delivered(0)
	last := g.order.Lines[len(g.order.Lines)-1]
	b.Run("line", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := g.order.NextSlice(last.ID, money.QuantityOf(3)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("tax", func(b *testing.B) {
		row := g.order.Quote.Taxes[0]
		base := money.FromMinor(row.Base.Minor()/3, row.Base.Currency())
		b.ReportAllocs()
		for b.Loop() {
			if _, _, err := g.order.NextTax(row.Category, row.Rate, base); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkVerify walks a chain of invoices of ten lines through the service.
// An operation is the whole chain.
func BenchmarkVerify(b *testing.B) {
	const chain = 200
	for _, e := range engines {
		b.Run(e.name, func(b *testing.B) {
			bed := e.open(b)
			bed.billed(bed.deliveries(chain))
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				v, err := bed.bills.Verify(bed.ctx, operator, sellerID(0), billing.InvoiceSeries)
				require.NoError(b, err)
				require.Nil(b, v.Broken)
				require.EqualValues(b, chain, v.Records)
			}
			reportRate(b, chain*b.N, "invoices/s")
		})
	}
}
