package bench

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// BenchmarkCash reads invoices of ten lines and lists pages of fifty invoices,
// payments and deliveries among orderCount of each, at most 100 000, one client,
// in no order.
// "raw" selects the document by its key, without decoding it, and the rows by
// keyset; those of payments with their documents, since their list has them.
func BenchmarkCash(b *testing.B) {
	n := min(orderCount(), 100_000)
	b.Run("sqlite", func(b *testing.B) {
		bed := sqliteBed(b)
		raw := newRawSQLite(b, bed)
		raw.loadCash(b, bed, n)
		benchCash(b, bed, raw, n)
	})
	b.Run("postgres", func(b *testing.B) {
		bed := postgresBed(b)
		raw := newRawPostgres(b, bed)
		raw.loadCash(b, bed, n)
		benchCash(b, bed, raw, n)
	})
}

func benchCash(b *testing.B, bed *bed, raw rawReader, n int) {
	at := func(i int) int { return scatter(i+1, n) }
	b.Run("get/comptoir", func(b *testing.B) {
		bed.wire.reset()
		timed(b, func(i int) error {
			d, err := bed.bills.Get(bed.ctx, operator, loadedBill(at(i)))
			if err == nil && len(d.Lines) != lines {
				err = fmt.Errorf("%d lines", len(d.Lines))
			}
			return err
		})
		bed.wire.report(b)
	})
	b.Run("get/raw", func(b *testing.B) {
		timed(b, func(i int) error {
			doc, err := raw.document("invoices", string(loadedBill(at(i))))
			if err == nil && len(doc) < 100 {
				err = fmt.Errorf("%d bytes", len(doc))
			}
			return err
		})
	})
	b.Run("invoices", func(b *testing.B) { listInvoices(b, bed, raw, n) })
	b.Run("payments", func(b *testing.B) { listPayments(b, bed, raw, n) })
	b.Run("deliveries", func(b *testing.B) { listDeliveries(b, bed, raw, n) })
}

const (
	invoiceColumns = "version, kind, issuer, number, seller, partner, customer, buyer, name, issued, due, currency, net, tax, gross, payable, " +
		"remaining, corrects, payment, void, created_at"
	deliveryColumns = "version, order_id, order_ref, partner, kind, state, number, carrier, tracking, lines, moved_on, created_at"
)

// rawPage measures a page by hand before many places; of are the values of the
// filters.
func rawPage(b *testing.B, name string, raw rawReader, k keyset, n int, behind func(i int) []any, of ...any) {
	page := raw.list(k)
	b.Run(name, func(b *testing.B) {
		timed(b, func(i int) error {
			_, err := page(append(append([]any(nil), of...), behind(scatter(i, n))...)...)
			return err
		})
	})
}

func listInvoices(b *testing.B, bed *bed, raw rawReader, n int) {
	open := true
	for _, f := range []struct {
		name  string
		query billing.Query
	}{
		{"all/newest", billing.Query{}},
		{"all/oldest", billing.Query{Sort: billing.OldestFirst}},
		{"partner/newest", billing.Query{Partner: partnerID(7)}},
		{"partner/oldest", billing.Query{Partner: partnerID(7), Sort: billing.OldestFirst}},
		{"open/due", billing.Query{Open: &open, Sort: billing.ByDue}},
		{"payment/newest", billing.Query{Payments: []order.PaymentState{order.PaymentRefused}}},
		{"order/newest", billing.Query{Order: order.ID(loadedID(77))}},
		{"number/newest", billing.Query{Number: "INV-2024-000077"}},
	} {
		leaf(b, f.name+"/comptoir", func(page uow.PageRequest) (string, error) {
			f.query.Page = page
			found, err := bed.bills.Find(bed.ctx, operator, f.query)
			return found.Next, err
		})
	}
	k := keyset{table: "invoices", columns: invoiceColumns, sort: []string{"issued", "created_at"}}
	behind := func(i int) []any { return []any{loadedDay(i), loadedAt(i), string(loadedBill(i))} }
	rawPage(b, "all/newest/raw", raw, k, n, behind)
	k.where = []string{"partner"}
	rawPage(b, "partner/newest/raw", raw, k, n, behind, string(partnerID(7)))
}

func listPayments(b *testing.B, bed *bed, raw rawReader, n int) {
	for _, f := range []struct {
		name  string
		query billing.PaymentQuery
	}{
		{"all/newest", billing.PaymentQuery{}},
		{"partner/newest", billing.PaymentQuery{Partner: partnerID(7)}},
		{"state/newest", billing.PaymentQuery{States: []order.PaymentState{order.PaymentAwaiting}}},
		{"document/newest", billing.PaymentQuery{Document: loadedBill(77)}},
	} {
		leaf(b, f.name+"/comptoir", func(page uow.PageRequest) (string, error) {
			f.query.Page = page
			found, err := bed.bills.FindPayments(bed.ctx, operator, f.query)
			return found.Next, err
		})
	}
	k := keyset{table: "payments", columns: "version, doc", sort: []string{"paid_on", "created_at"}}
	behind := func(i int) []any { return []any{loadedDay(i + 10_000), loadedAt(i), string(loadedPay(i))} }
	rawPage(b, "all/newest/raw", raw, k, n, behind)
	k.where = []string{"partner"}
	rawPage(b, "partner/newest/raw", raw, k, n, behind, string(partnerID(7)))
}

func listDeliveries(b *testing.B, bed *bed, raw rawReader, n int) {
	for _, f := range []struct {
		name  string
		query order.DeliveryQuery
	}{
		{"all/newest", order.DeliveryQuery{}},
		{"partner/newest", order.DeliveryQuery{Partner: partnerID(7)}},
		{"order/newest", order.DeliveryQuery{Order: order.ID(loadedID(77))}},
		{"tracking/newest", order.DeliveryQuery{Tracking: "00340000000000000077"}},
	} {
		leaf(b, f.name+"/comptoir", func(page uow.PageRequest) (string, error) {
			f.query.Page = page
			found, err := bed.orders.FindDeliveries(bed.ctx, operator, f.query)
			return found.Next, err
		})
	}
	k := keyset{table: "deliveries", columns: deliveryColumns, sort: []string{"created_at"}}
	behind := func(i int) []any { return []any{loadedAt(i), string(loadedParcel(i))} }
	rawPage(b, "all/newest/raw", raw, k, n, behind)
	k.where = []string{"partner"}
	rawPage(b, "partner/newest/raw", raw, k, n, behind, string(partnerID(7)))
}

// account is how many documents and payments the account of a statement has,
// half of them each.
const account = 1000

// BenchmarkStatement writes the statement of an account.
func BenchmarkStatement(b *testing.B) {
	for _, e := range engines {
		b.Run(e.name, func(b *testing.B) {
			bed := e.open(b)
			bed.fillAccount(account / 2)
			bed.settle()
			in := billing.StatementInput{Partner: partnerID(0), Seller: sellerID(0), Currency: money.EUR}
			bed.wire.reset()
			timed(b, func(int) error {
				st, err := bed.bills.Statement(bed.ctx, operator, in)
				if err == nil && len(st.Rows) != account {
					err = fmt.Errorf("%d rows", len(st.Rows))
				}
				return err
			})
			b.ReportMetric(account*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
			bed.wire.report(b)
		})
	}
}

// fillAccount copies one paid invoice with its payment.
func (s *bed) fillAccount(n int) {
	s.b.Helper()
	d, p := s.paid(s.deliveries(1)[0])
	for from := 1; from < n; from += saved {
		s.update(func(ctx context.Context, tx store.Tx) error {
			for i := from; i < min(n, from+saved); i++ {
				d, p := d, p
				d.ID, d.Version, d.Number, d.Chain.Position = loadedBill(i), 0, fmt.Sprintf("INV-2026-%06d", i+1), int64(i+1)
				p.ID, p.Version, p.Number = loadedPay(i), 0, fmt.Sprintf("P-2026-%06d", i+1)
				d.Issued = partner.DateOf(loadStart.AddDate(0, 0, i), time.UTC)
				p.Allocations = []billing.Allocation{p.Allocations[0]}
				p.Allocations[0].Document, p.Allocations[0].Number = d.ID, d.Number
				if _, err := tx.Invoices().Save(ctx, d); err != nil {
					return err
				}
				if _, err := tx.Payments().Save(ctx, p); err != nil {
					return err
				}
			}
			return nil
		})
	}
}
