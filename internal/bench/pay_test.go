package bench

import (
	"testing"

	"github.com/comptoir-go/comptoir/billing"
)

// BenchmarkConfirm is billing.Service.Advance to confirmed of a payment on one
// invoice of ten lines: payment, invoice, the order's ledger and the events in
// one durable transaction.
func BenchmarkConfirm(b *testing.B) {
	for _, e := range engines {
		b.Run(e.name, func(b *testing.B) {
			bed := e.open(b)
			for _, clients := range clientCounts {
				b.Run(named(clients), func(b *testing.B) {
					waiting := bed.billed(bed.deliveries(b.N))
					bed.settle()
					bed.wire.reset()
					insist(b, clients, func(i int) error {
						_, err := bed.bills.Advance(bed.ctx, operator, billing.PaymentAdvanceInput{Payment: waiting[i].ID, On: billing.Confirm})
						return err
					})
					reportRate(b, b.N, "payments/s")
					bed.wire.report(b)
				})
			}
		})
	}
}
