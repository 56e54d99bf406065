package bench

import (
	"context"
	"fmt"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/store"
)

// pulled is how many deliveries a page has.
const pulled = 200

// warehouse is an ERP that tells of the deliveries of orders.
type warehouse struct {
	orders []order.Order
}

func (*warehouse) Describe() erp.Description {
	return erp.Description{Name: "bench", Keys: erp.LookupByKey, PriceDigits: 4, QuantityDigits: 4}
}

// PullDeliveries has a cursor that counts the deliveries told.
func (w *warehouse) PullDeliveries(_ context.Context, after erp.Cursor, limit int) (erp.Page[erp.Delivery], error) {
	from, _ := strconv.Atoi(string(after))
	until := min(len(w.orders), from+limit)
	page := erp.Page[erp.Delivery]{Next: erp.Cursor(strconv.Itoa(until)), More: until < len(w.orders)}
	for _, o := range w.orders[from:until] {
		d := erp.Delivery{Head: erp.Head{ID: "D" + o.ERP.ID, Number: "WH/OUT/" + o.ERP.ID, Sequence: 1}, Order: o.ERP.ID, State: erp.DeliveryDone,
			Date: "2026-11-20", Carrier: "DHL", Tracking: "00340434161094042557"}
		for _, l := range o.Lines {
			d.Lines = append(d.Lines, erp.DeliveryLine{Key: erpsync.Key(tenant, l.ID), SKU: string(l.SKU), Quantity: l.Quantity.Decimal()})
		}
		page.Rows = append(page.Rows, d)
	}
	return page, nil
}

// BenchmarkPull applies pages of 200 deliveries, each of ten lines and of an
// order of its own; an operation is a page.
func BenchmarkPull(b *testing.B) {
	for _, e := range engines {
		b.Run(e.name, func(b *testing.B) {
			bed := e.open(b)
			sample, err := bed.orders.Get(bed.ctx, operator, bed.confirmed(0))
			require.NoError(b, err)
			b.Run("deliveries", func(b *testing.B) {
				w := &warehouse{orders: bed.held(sample, pulled*b.N)}
				p := erpsync.NewPuller(tenant, bed.store, erpsync.Books{Orders: bed.orders, Billing: bed.bills}, erp.NewClient(w, nil), nil)
				require.NoError(b, p.Restart(bed.ctx, erp.Deliveries))
				bed.settle()
				bed.wire.reset()
				drive(b, 1, func(int) error {
					did, err := p.Pull(bed.ctx, erp.Deliveries)
					if err == nil && (did.Rows != pulled || did.Parked > 0) {
						err = fmt.Errorf("%d rows, %d parked", did.Rows, did.Parked)
					}
					return err
				})
				reportRate(b, pulled*b.N, "rows/s")
				bed.wire.report(b)
			})
		})
	}
}

// held stores n copies of a confirmed order that the ERP knows.
func (s *shop) held(sample order.Order, n int) []order.Order {
	s.b.Helper()
	all := make([]order.Order, n)
	for from := 0; from < n; from += saved {
		s.update(func(ctx context.Context, tx store.Tx) error {
			for i := from; i < min(n, from+saved); i++ {
				o := s.copied(goods{order: sample}).order
				o.ERP.ID = strconv.Itoa(int(s.made.Add(1)))
				o.ERP.Number = "SO" + o.ERP.ID
				var err error
				if all[i], err = tx.Orders().Save(ctx, o); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return all
}
