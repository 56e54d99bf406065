package billing_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
)

// creditOf is the mirror of a credit note that names no invoice.
func creditOf(o order.Order, erpID string, quantities ...string) billing.InvoiceReport {
	in := report(o, erpID, quantities...)
	in.Kind, in.Reason = billing.CreditNote, "damaged"
	return in
}

// A credit note that names no invoice may arrive before it: both count, and
// the order ends where it would have ended the other way round.
func TestCreditNoteArrivesBeforeItsInvoice(t *testing.T) {
	s := newShop(t, settings{bills: mirrors()})
	o := s.sold(buyer, "3 THIRD")
	s.ship(o.ID)
	s.back(o.ID, "1")
	s.mirrored(creditOf(o, "C1", "1"))
	got := s.get(o.ID)
	require.Equal(t, order.Billed{Credited: money.QuantityOf(1)}, got.Lines[0].Billed)
	require.Equal(t, order.NotInvoiced, got.Invoiced())
	require.Equal(t, "-40.00", s.statement(billing.StatementInput{}).Closing.Text())
	s.audit()

	s.mirrored(report(o, "E1", "3"))
	got = s.get(o.ID)
	require.Equal(t, order.Billed{Invoiced: money.QuantityOf(3), Credited: money.QuantityOf(1)}, got.Lines[0].Billed)
	require.Equal(t, order.FullyInvoiced, got.Invoiced())
	require.Equal(t, "79.99", s.statement(billing.StatementInput{}).Closing.Text())
	s.audit()
}

// An order on which the ERP booked a credit note is on its books, also while
// the invoice has not arrived.
func TestCreditedOrderIsNotDeleted(t *testing.T) {
	s := newShop(t, settings{bills: mirrors()})
	o := s.placed(buyer, "3 THIRD")
	s.mirrored(creditOf(o, "C1", "1"))
	err := s.orders.Delete(s.ctx, operator, order.DeleteInput{Order: o.ID, Reason: "wrong"})
	require.ErrorIs(t, err, order.ErrInvoiced)
	require.Contains(t, fault.IssuesOf(err)[0].Message, "ERP-C1")
}

// The ERP voids an invoice, or makes it smaller, before it does the same with
// the credit note on it: the void one asks for no money from then on.
func TestInvoiceGoesBeforeItsCreditNote(t *testing.T) {
	s := newShop(t, settings{bills: mirrors()})
	o := s.sold(buyer, "3 THIRD")
	s.ship(o.ID)
	s.mirrored(report(o, "E1", "3"))
	credit := creditOf(o, "C1", "2")
	credit.Corrects = "E1"
	s.mirrored(credit)

	less := report(o, "E1", "1")
	less.Twin.Sequence = 2
	s.mirrored(less)
	require.Equal(t, order.Billed{Invoiced: money.QuantityOf(1), Credited: money.QuantityOf(2)}, s.get(o.ID).Lines[0].Billed)
	s.audit()

	less.Void, less.Twin.Sequence = true, 3
	inv := s.mirrored(less)
	require.True(t, inv.Left().IsZero())
	require.Equal(t, order.Billed{Credited: money.QuantityOf(2)}, s.get(o.ID).Lines[0].Billed)
	require.Equal(t, "79.99", s.owed().Owed.Text(), "the credit note stands until the ERP takes it back")
	s.audit()

	credit.Void, credit.Twin.Sequence = true, 2
	s.mirrored(credit)
	require.Equal(t, order.Billed{}, s.get(o.ID).Lines[0].Billed)
	require.Equal(t, "0.00", s.statement(billing.StatementInput{}).Closing.Text())
	s.audit()
}

// Our own credit notes stay within what is invoiced: nothing of the above lets
// a line be credited twice here.
func TestOwnDocumentsKeepTheLedger(t *testing.T) {
	opts := here()
	opts.Issuers = []billing.IssuerRule{{Kind: billing.Invoice, Issuer: billing.Here}, {Kind: billing.CreditNote, Issuer: billing.ByERP}}
	s := newShop(t, settings{bills: opts})
	o := s.sold(buyer, "3 THIRD")
	s.ship(o.ID)
	s.mirrored(creditOf(o, "C1", "2"))
	d := s.issued(o.ID)
	require.Equal(t, money.QuantityOf(3), d.Lines[0].Quantity, "no more than the line has")
	_, err := s.bills.Issue(s.ctx, operator, billing.IssueInput{Orders: []billing.OrderVersion{{Order: o.ID}}})
	require.ErrorIs(t, err, billing.ErrNothingDue)
	_, made, err := s.bills.AndInvoice(s.ctx, operator, "", func(context.Context, order.Tx) (order.ID, error) { return o.ID, nil })
	require.NoError(t, err)
	require.False(t, made)
	s.audit()
}

// A document that the ERP books on another account takes no money along that
// was paid on the first one.
func TestMirrorThatChangesItsAccount(t *testing.T) {
	for name, change := range map[string]func(*billing.InvoiceReport){
		"partner":  func(in *billing.InvoiceReport) { in.Partner = "sud" },
		"buyer":    func(in *billing.InvoiceReport) { in.Buyer.ID = "branch" },
		"currency": func(in *billing.InvoiceReport) { inDollars(in) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, settings{bills: mirrors()})
			o := s.sold(buyer, "3 THIRD")
			in := report(o, "E1", "3")
			in.Lines[0].Order, in.Lines[0].OrderLine = "", ""
			d := s.mirrored(in)
			p := s.arrived("50.00", d)
			in.Twin.Sequence = 2
			change(&in)
			d = s.mirrored(in)
			require.True(t, d.Paid.IsZero())
			require.Equal(t, d.Currency, d.Paid.Currency())
			require.Equal(t, d.Totals.Payable, d.Left())
			require.Equal(t, eur("50.00"), s.payment(p.ID).Rest())
			require.Equal(t, "-50.00", s.statement(billing.StatementInput{Buyer: "legal"}).Closing.Text())
			require.Equal(t, d.Left().Minor(), s.doc(d.ID).Left().Minor())
		})
	}
}

func inDollars(in *billing.InvoiceReport) {
	usd := func(x *money.Amount) { *x = money.FromMinor(x.Minor(), money.USD) }
	in.Currency = money.USD
	usd(&in.Lines[0].Net)
	usd(&in.Taxes[0].Base)
	usd(&in.Taxes[0].Tax)
	usd(&in.Totals.Net)
	usd(&in.Totals.Tax)
	usd(&in.Totals.Gross)
}

// What stands on document level and names its order is that order's alone, in
// net and VAT; what names none is shared by net.
func TestMirroredAdjustmentsStayWithTheirOrder(t *testing.T) {
	s := newShop(t, settings{bills: mirrors()})
	a, b := s.sold(buyer, "3 THIRD"), s.sold(buyer, "1 OVEN")
	in := report(a, "E1", "3")
	in.Lines = append(in.Lines, report(b, "E1", "1").Lines...)
	in.Adjustments = []billing.Adjustment{{Order: b.ID, Code: "promo", Amount: eur("-40.00"), Category: "S", Rate: money.RateOf(20)}}
	in.Taxes[0].Base, in.Taxes[0].Tax = eur("699.99"), eur("140.00")
	in.Totals = billing.Totals{Net: eur("699.99"), Tax: eur("140.00"), Gross: eur("839.99")}
	d := s.mirrored(in)
	require.Empty(t, d.ERP.Problem)
	require.Equal(t, []string{"99.99", "20.00", "119.99"}, []string{d.Orders[0].Net.Text(), d.Orders[0].Tax.Text(), d.Orders[0].Gross.Text()})
	require.Equal(t, []string{"600.00", "120.00", "720.00"}, []string{d.Orders[1].Net.Text(), d.Orders[1].Tax.Text(), d.Orders[1].Gross.Text()})
}
