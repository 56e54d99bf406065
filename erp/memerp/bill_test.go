package memerp_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

func billed(i erp.Invoice) string {
	s := i.Number + " " + i.Totals.Net.StringFixed(2) + " " + i.Totals.Tax.StringFixed(2) + " " + i.Totals.Gross.StringFixed(2)
	if i.Corrects != "" {
		s += " corrects " + i.Corrects
	}
	return s + " owed " + i.Residual.StringFixed(2)
}

// postAll posts every draft of the order.
func postAll(t require.TestingT, books *memerp.ERP, id string) {
	for _, d := range books.Drafts(id) {
		require.True(t, books.Post(d))
	}
}

// One invoice for each delivery; drafts are not told of. The order (3 × 33.33,
// 7 × 12.50 per 100, 10.00 at 5.5 %, less 1.00) is 130.39 with its tax.
func TestInvoicePerDelivery(t *testing.T) {
	books, _ := open(t, nil)
	id := confirmed(t, books, "K", 3)
	d, _ := books.Order(id)
	require.Equal(t, "109.87 20.52 130.39", d.Totals.Net.StringFixed(2)+" "+d.Totals.Tax.StringFixed(2)+" "+d.Totals.Gross.StringFixed(2))
	books.Pick(id, lines("L1", "2", "L3", "1")...)
	require.Empty(t, books.Invoices())
	require.Equal(t, []string{"1"}, books.Drafts(id))
	postAll(t, books, id)
	books.Pick(id)
	postAll(t, books, id)
	require.Equal(t, []string{"INV-00001 75.97 13.74 89.71 owed 89.71", "INV-00002 33.90 6.78 40.68 owed 40.68"}, each(books.Invoices(), billed))
	d, _ = books.Order(id)
	require.Equal(t, erp.StateDone, d.State)
	for _, i := range books.Invoices() {
		require.NoError(t, i.Check())
		require.Equal(t, id, i.Lines[0].Order)
		require.NotEmpty(t, i.Due)
	}
	require.True(t, books.Post("1"), "it is posted already")
	require.False(t, books.Post("9"))
}

func TestInvoicePerOrder(t *testing.T) {
	books, _ := open(t, &memerp.Options{InvoicePerOrder: true})
	id := confirmed(t, books, "K", 3)
	books.Pick(id, lines("L1", "2")...)
	require.Empty(t, books.Drafts(id))
	books.Pick(id)
	postAll(t, books, id)
	d, _ := books.Order(id)
	require.Equal(t, []string{fmt.Sprintf("INV-00001 %s %s %s owed %s", d.Totals.Net.StringFixed(2), d.Totals.Tax.StringFixed(2),
		d.Totals.Gross.StringFixed(2), d.Totals.Gross.StringFixed(2))}, each(books.Invoices(), billed))
	require.Equal(t, erp.StateDone, d.State)

	books, _ = open(t, &memerp.Options{InvoicedElsewhere: true})
	id = confirmed(t, books, "K", 1)
	books.Pick(id)
	require.Empty(t, books.Drafts(id))
	d, _ = books.Order(id)
	require.Equal(t, erp.StateDone, d.State)
}

func TestReturnIsCredited(t *testing.T) {
	books, _ := open(t, nil)
	id := confirmed(t, books, "K", 3)
	_, ok := books.Return(id, "broken", lines("L1", "1")...)
	require.False(t, ok, "nothing was shipped")
	books.Pick(id, lines("L1", "1")...)
	books.Pick(id)
	_, ok = books.Return(id, "broken", lines("L1", "2")...)
	require.True(t, ok)
	require.Equal(t, []string{"1", "2", "3", "4"}, books.Drafts(id))
	require.False(t, books.Post("3"), "the invoice it corrects is a draft")
	for _, i := range []string{"2", "1", "3", "4"} {
		require.True(t, books.Post(i))
	}
	require.Equal(t, []string{
		"INV-00002 33.03 6.61 39.64 owed 39.64", "INV-00001 76.84 13.92 90.76 owed 90.76",
		"CN-00001 33.03 6.61 39.64 corrects 1 owed 39.64", "CN-00002 33.03 6.61 39.64 corrects 2 owed 39.64",
	}, each(books.Invoices(), billed))
	back := books.Deliveries()[2]
	require.Equal(t, "3 IN/00001 done L1:2 broken", told(back)+" "+back.Reason)
	require.True(t, back.Return)
	_, ok = books.Return(id, "again", lines("L1", "2")...)
	require.False(t, ok, "more than is left there")
	require.False(t, books.Void("1"), "it was credited")
}

// Returned in whatever pieces, everything credited is everything invoiced, net
// by net; VAT per document may be a cent a document off, as real ERPs have it.
func TestCreditsSumToInvoices(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		books := memerp.New(nil)
		n := rapid.IntRange(1, 5).Draw(t, "quantity")
		id := confirmed(t, books, "K", n)
		for range n {
			books.Pick(id, lines("L1", "1")...)
			postAll(t, books, id)
		}
		books.Pick(id)
		postAll(t, books, id)
		left := map[string]int{"L1": n, "L2": 7, "L3": 1}
		for left["L1"]+left["L2"]+left["L3"] > 0 {
			key := rapid.SampledFrom([]string{"L1", "L2", "L3"}).Draw(t, "line")
			if left[key] == 0 {
				continue
			}
			q := rapid.IntRange(1, left[key]).Draw(t, "back")
			left[key] -= q
			_, ok := books.Return(id, "r", lines(key, fmt.Sprint(q))...)
			require.True(t, ok)
			postAll(t, books, id)
		}
		net, tax, credits := decimal.Zero, decimal.Zero, int64(0)
		for _, i := range books.Invoices() {
			require.NoError(t, i.Check())
			sign := decimal.NewFromInt(1)
			if i.Credit {
				sign, credits = sign.Neg(), credits+1
			}
			net, tax = net.Add(i.Totals.Net.Mul(sign)), tax.Add(i.Totals.Tax.Mul(sign))
		}
		require.True(t, net.IsZero(), net.String())
		require.False(t, tax.Abs().GreaterThan(decimal.New(2*credits+2*int64(n)+2, -2)), tax.String())
	})
}

func pay(amount string, parts ...erp.PaymentPart) erp.Payment {
	return erp.Payment{Customer: "C0002", Currency: "EUR", Amount: dec(amount), Method: "transfer", Allocations: parts}
}

// A19: one payment over several invoices and the reverse, partial, too much,
// taken back.
func TestPayments(t *testing.T) {
	books, _ := open(t, nil)
	id := confirmed(t, books, "K", 3)
	books.Pick(id, lines("L1", "2", "L3", "1")...)
	books.Pick(id)
	postAll(t, books, id) // 89.71 and 40.68
	part := func(id, number, amount string) erp.PaymentPart {
		return erp.PaymentPart{Invoice: id, Number: number, Amount: dec(amount)}
	}
	one, err := books.Pay(pay("100.00", part("1", "", "80.00"), part("", "INV-00002", "20.00")))
	require.NoError(t, err)
	_, err = books.Pay(pay("30.00", part("2", "", "20.68")))
	require.NoError(t, err)
	owed := func() string {
		return books.Invoices()[0].Residual.StringFixed(2) + " " + books.Invoices()[1].Residual.StringFixed(2)
	}
	require.Equal(t, "9.71 0.00", owed())
	for name, bad := range map[string]erp.Payment{
		"more than is owed":      pay("50.00", part("1", "", "9.72")),
		"in two parts":           pay("50.00", part("1", "", "5.00"), part("", "INV-00001", "4.72")),
		"more than it has":       pay("5.00", part("1", "", "9.71")),
		"nothing":                pay("0"),
		"no such invoice":        pay("5.00", part("9", "", "5.00")),
		"a part of nothing":      pay("5.00", part("1", "", "0")),
		"a refund of an invoice": {Refund: true, Customer: "C0002", Currency: "EUR", Amount: dec("1"), Allocations: []erp.PaymentPart{part("1", "", "1")}},
		"another customer":       {Customer: "C0003", Currency: "EUR", Amount: dec("1"), Allocations: []erp.PaymentPart{part("1", "", "1")}},
		"another currency":       {Customer: "C0002", Currency: "CHF", Amount: dec("1"), Allocations: []erp.PaymentPart{part("1", "", "1")}},
	} {
		_, err := books.Pay(bad)
		require.ErrorIs(t, err, erp.ErrRejected, name)
	}
	require.Equal(t, "9.71 0.00", owed())
	require.False(t, books.Void("1"), "it is paid in part")
	require.True(t, books.TakeBack(one, erp.PaymentFailed))
	require.True(t, books.TakeBack(one, erp.PaymentFailed))
	require.False(t, books.TakeBack(one, erp.PaymentCancelled))
	require.False(t, books.TakeBack(one, erp.PaymentPosted))
	require.Equal(t, "89.71 20.00", owed())
	require.True(t, books.Void("1"))
	require.Equal(t, "0.00 20.00", owed())
	for _, p := range books.Payments() {
		require.NoError(t, p.Check())
	}
}

func TestPushedPaymentsMayWait(t *testing.T) {
	for _, wait := range []bool{false, true} {
		books := memerp.New(&memerp.Options{PaymentsWait: wait})
		id := confirmed(t, books, "K", 1)
		books.Pick(id)
		postAll(t, books, id)
		p := pay("10.00", erp.PaymentPart{Invoice: "1", Amount: dec("10.00")})
		p.Key, p.Date = "P-1", "2026-01-05"
		r, err := books.Adapter().(erp.PaymentPusher).PushPayment(bg, p)
		require.NoError(t, err)
		if wait {
			require.Equal(t, "draft ", r.State+" "+r.Number)
			require.Equal(t, "50.40", books.Invoices()[0].Residual.StringFixed(2))
			require.True(t, books.Book(r.ID))
		} else {
			require.Equal(t, "posted PAY-00001", r.State+" "+r.Number)
		}
		require.Equal(t, "40.40", books.Invoices()[0].Residual.StringFixed(2))
		require.False(t, books.Book("7"))
	}
}

// Whoever ends an order by hand invoices what has left, with its part of the
// discounts.
func TestAFinishedOrderIsInvoicedAsFarAsItWent(t *testing.T) {
	books, _ := open(t, &memerp.Options{InvoicePerOrder: true})
	id := confirmed(t, books, "K", 3)
	books.Pick(id, lines("L1", "2")...)
	require.True(t, books.Finish(id))
	postAll(t, books, id)
	require.Equal(t, []string{"INV-00001 66.06 13.21 79.27 owed 79.27"}, each(books.Invoices(), billed))
	require.NoError(t, books.Invoices()[0].Check())
}

// What the company invoices elsewhere is pushed with its own number, into
// books that hold a hundred older documents.
func TestPushedInvoices(t *testing.T) {
	books := memerp.New(&memerp.Options{InvoicedElsewhere: true, Start: 100})
	a := books.Adapter().(erp.InvoicePusher)
	i := erp.Invoice{Head: erp.Head{Key: "I-1", Number: "2026-1"}, State: erp.InvoicePosted, Customer: "C0002", Date: "2026-01-05", Currency: "EUR",
		Lines:  []erp.InvoiceLine{{Text: "x", Quantity: dec("1"), UnitPrice: dec("10"), Net: dec("10"), TaxRate: dec("20")}},
		Taxes:  []erp.InvoiceTax{{Rate: dec("20"), Base: dec("10"), Tax: dec("2")}},
		Totals: erp.Totals{Net: dec("10"), Tax: dec("2"), Gross: dec("12")}}
	r, err := a.PushInvoice(bg, i)
	require.NoError(t, err)
	require.Equal(t, "101 I-1 2026-1 posted 12", r.ID+" "+r.Key+" "+r.Number+" "+r.State+" "+r.Gross.String())
	require.True(t, books.Post(r.ID), "it is posted already")
	_, err = a.PushInvoice(bg, i)
	require.ErrorIs(t, err, erp.ErrDuplicate)
	again := i.Clone()
	again.Key = "I-2"
	_, err = a.PushInvoice(bg, again)
	require.ErrorIs(t, err, erp.ErrRejected, "the number is taken")
	again.Number, again.Lines[0].Order = "2026-2", "5"
	_, err = a.PushInvoice(bg, again)
	require.ErrorIs(t, err, erp.ErrRejected, "no such order")
	again.Lines[0].Order, again.Corrects, again.Credit = "", "7", true
	_, err = a.PushInvoice(bg, again)
	require.ErrorIs(t, err, erp.ErrRejected, "nothing to correct")
	require.NoError(t, books.Invoices()[0].Check())
	_, err = books.Pay(pay("12", erp.PaymentPart{Number: "2026-1", Amount: dec("12")}))
	require.NoError(t, err)
	require.True(t, books.Invoices()[0].Residual.IsZero())
}
