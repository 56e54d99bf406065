package bench

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/store"
)

// The ids of the n-th loaded documents.
func loadedBill(n int) billing.ID { return billing.ID(fmt.Sprintf("0190a5d3-ac96-774b-bcc0-%012d", n)) }
func loadedPay(n int) billing.PaymentID {
	return billing.PaymentID(fmt.Sprintf("0190a5d4-ac96-774b-bcc0-%012d", n))
}
func loadedParcel(n int) order.DeliveryID {
	return order.DeliveryID(fmt.Sprintf("0190a5d5-ac96-774b-bcc0-%012d", n))
}

// loadedDay is the day of the n-th document: a thousand a day.
func loadedDay(n int) string { return loadStart.AddDate(0, 0, n/1000).Format(time.DateOnly) }

// cash are a delivery, its invoice and a payment on it, and copies of them.
type cash[V any] struct {
	v       values[V]
	parcel  row[V]
	bill    row[V]
	payment row[V]
	terms   []row[V] // of the invoice and of the payment
	// the sample's
	goods goods
	doc   billing.Document
	pay   billing.Payment
}

// newCash goes through one sale and takes its rows from the tables.
func newCash[V any](b testing.TB, bed *bed, v values[V], read reader[V]) *cash[V] {
	b.Helper()
	c := &cash[V]{v: v, goods: bed.deliveries(1)[0]}
	c.doc, c.pay = bed.paid(c.goods)
	one := func(table, id string) row[V] {
		rows := read(b, table, "id = $1", id)
		require.Len(b, rows, 1, table)
		return rows[0]
	}
	c.parcel, c.bill, c.payment = one("deliveries", string(c.goods.parcel.ID)), one("invoices", string(c.doc.ID)), one("payments", string(c.pay.ID))
	c.terms = append(read(b, "invoices_terms", "id = $1", string(c.doc.ID)), read(b, "payments_terms", "id = $1", string(c.pay.ID))...)
	require.Len(b, c.terms, 2)
	return c
}

// rows are the n-th delivery, invoice and payment. One invoice in ten is open.
func (c *cash[V]) rows(n int) []row[V] {
	v, at := c.v, loadedAt(n)
	p := scatter(n, partners)
	bill, pay, parcel := string(loadedBill(n)), string(loadedPay(n)), string(loadedParcel(n))
	number, paid := fmt.Sprintf("INV-2024-%06d", n), fmt.Sprintf("P-2024-%06d", n)
	open, state := scatter(n, 10) == 0, order.PaymentConfirmed
	if open {
		state = []order.PaymentState{order.PaymentAwaiting, order.PaymentRefused}[n/10%2]
	}
	names := strings.NewReplacer(string(c.doc.ID), bill, string(c.pay.ID), pay, string(c.goods.parcel.ID), parcel,
		string(c.goods.order.ID), loadedID(n), c.doc.Number, number, c.pay.Number, paid, string(c.doc.Partner), string(partnerID(p)))
	renamed := func(r row[V], id string) row[V] {
		r = r.clone()
		r.put("id", v.text(id))
		r.put("partner", v.text(string(partnerID(p))))
		r.put("created_at", v.instant(at))
		r.put("doc", v.text(names.Replace(v.said(r.value("doc")))))
		return r
	}
	d := renamed(c.parcel, parcel)
	d.put("order_id", v.text(loadedID(n)))
	d.put("order_ref", v.text(loadedRef(n)))
	d.put("number", v.text(loadedRef(n)+"-1"))
	d.put("tracking", v.text(fmt.Sprintf("00340%015d", n)))
	d.put("moved_on", v.text(loadedDay(n)))
	i := renamed(c.bill, bill)
	i.put("number", v.text(number))
	i.put("customer", v.text(fmt.Sprintf("FR%08d", p)))
	i.put("issued", v.text(loadedDay(n)))
	i.put("due", v.text(loadedDay(n+30_000)))
	i.put("open", v.truth(open))
	i.put("payment", v.text(string(state)))
	i.put("place", v.number(int64(n+1)))
	i.put("head", v.text("loaded/invoices"))
	m := renamed(c.payment, pay)
	m.put("number", v.text(paid))
	m.put("state", v.text(string(state)))
	m.put("paid_on", v.text(loadedDay(n+10_000)))
	out := []row[V]{d, i, m}
	for _, t := range c.terms {
		of, value := bill, loadedID(n)
		if t.table == "payments_terms" {
			of, value = pay, bill
		}
		out = append(out, t.with("id", v.text(of)).with("value", v.text(value)))
	}
	return out
}

func (r *rawSQLite) loadCash(b *testing.B, bed *bed, n int) {
	r.fill(b, n, newCash(b, bed, sqliteValues, r.read).rows)
}

func (r *rawPostgres) loadCash(b *testing.B, bed *bed, n int) {
	r.fill(b, n, newCash(b, bed, postgresValues, r.read).rows)
}

// billed invoices delivered orders and records a payment on each, many in one
// transaction.
func (s *shop) billed(all []goods) []billing.Payment {
	s.b.Helper()
	out := make([]billing.Payment, len(all))
	for from := 0; from < len(all); from += saved / 4 {
		s.update(func(ctx context.Context, tx store.Tx) error {
			for i := from; i < min(len(all), from+saved/4); i++ {
				d, err := s.bills.IssueTx(ctx, tx, operator, issueInput(all[i].order, sellerID(0)))
				if err != nil {
					return err
				}
				out[i], err = s.bills.PayTx(ctx, tx, operator, billing.PayInput{Amount: d.Totals.Payable, Method: billing.Transfer,
					Reference: d.Number, Invoices: []billing.PayFor{{Document: d.ID}}})
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	return out
}

// paid leads one order to the confirmed payment.
func (s *shop) paid(g goods) (billing.Document, billing.Payment) {
	s.b.Helper()
	p := s.billed([]goods{g})[0]
	p, err := s.bills.Advance(s.ctx, operator, billing.PaymentAdvanceInput{Payment: p.ID, On: billing.Confirm})
	require.NoError(s.b, err)
	d, err := s.bills.Get(s.ctx, operator, p.Allocations[0].Document)
	require.NoError(s.b, err)
	return d, p
}
