package billing_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
)

// mirrors are options under which the ERP issues everything.
func mirrors() *billing.Options { return &billing.Options{Sellers: []billing.Seller{acme}} }

func (s *shop) mirrored(in billing.InvoiceReport) billing.Document {
	s.t.Helper()
	d, err := s.bills.ReportInvoice(s.ctx, machine, in)
	require.NoError(s.t, err)
	return d
}

func TestMirrorOfAnInvoice(t *testing.T) {
	s := newShop(t, settings{bills: mirrors()})
	o := s.sold(buyer, "3 THIRD", "1 OVEN")
	s.ship(o.ID)
	s.events(event.Facts)
	in := report(o, "E1", "2", "1")
	d := s.mirrored(in)
	require.Equal(t, billing.ByERP, d.Issuer)
	require.Equal(t, "ERP-E1", d.Number)
	require.Equal(t, in.Totals.Gross, d.Totals.Payable, "what the ERP does not tell follows")
	require.Equal(t, eur("706.66"), d.Totals.Lines)
	require.Empty(t, d.ERP.Problem)
	require.NoError(t, d.Check())
	require.Zero(t, d.Chain, "a mirror is in no chain of ours")
	require.Equal(t, d, s.doc(d.ID))
	require.Equal(t, []string{"invoice.mirrored"}, types(s.events(event.Facts), "invoice."))
	require.Empty(t, types(s.events(event.ERP), "invoice."), "what comes from the ERP does not go back")

	o = s.get(o.ID)
	require.Equal(t, money.QuantityOf(2), o.Lines[0].Billed.Invoiced)
	require.Empty(t, o.Lines[0].Billed.Taken)
	require.Equal(t, order.PartlyInvoiced, o.Invoiced())
	require.Equal(t, d.Totals.Gross, o.Bills[0].Gross)
	got, err := s.bills.GetByERP(s.ctx, buyer, "E1")
	require.NoError(t, err)
	require.Equal(t, d, got)

	// The same again, the same with a lower sequence, the same without one.
	require.Equal(t, d, s.mirrored(in))
	in.Twin.Sequence = 0
	require.Equal(t, d.Record, s.mirrored(in).Record)
	require.Len(t, s.get(o.ID).Bills, 1)
	require.Empty(t, types(s.events(event.Facts), "invoice."))
}

// A changed document takes its first effect back; an older change is ignored;
// a void one has no effect, and may come back.
func TestMirrorFollowsItsTwin(t *testing.T) {
	s := newShop(t, settings{bills: mirrors()})
	o := s.sold(buyer, "3 THIRD")
	s.ship(o.ID)
	d := s.mirrored(report(o, "E1", "3"))
	changed := report(o, "E1", "2")
	changed.Twin.Sequence = 5
	s.mirrored(changed)
	require.Equal(t, money.QuantityOf(2), s.get(o.ID).Lines[0].Billed.Invoiced)
	require.Len(t, s.get(o.ID).Bills, 1)
	require.Equal(t, eur("79.99"), s.get(o.ID).Bills[0].Gross)

	old := report(o, "E1", "3")
	old.Twin.Sequence = 4
	require.Equal(t, money.QuantityOf(2), s.mirrored(old).Lines[0].Quantity)

	s.events(event.Facts)
	void := report(o, "E1")
	void.Twin.Sequence, void.Void, void.Twin.State = 6, true, "cancelled"
	d = s.mirrored(void)
	require.True(t, d.Void)
	require.Len(t, d.Lines, 1, "the record of what was cancelled stays")
	require.Equal(t, []string{"invoice.voided"}, types(s.events(event.Facts), "invoice."))
	require.Empty(t, s.get(o.ID).Bills)
	require.Zero(t, s.get(o.ID).Lines[0].Billed.Invoiced)
	require.True(t, d.Left().IsZero())

	again := report(o, "E1", "3")
	again.Twin.Sequence = 7
	again.Lines[0].ID = "10"
	d = s.mirrored(again)
	require.Equal(t, "10", d.Lines[0].ID, "the ERP's own line ids stay")
	require.False(t, d.Void)
	require.Equal(t, order.FullyInvoiced, s.get(o.ID).Invoiced())
}

// What paid a document that the ERP voids is money owed again.
func TestVoidMirrorGivesItsMoneyBack(t *testing.T) {
	s := newShop(t, settings{bills: mirrors()})
	o := s.sold(buyer, "3 THIRD")
	s.ship(o.ID)
	d := s.mirrored(report(o, "E1", "3"))
	p, err := s.bills.Pay(s.ctx, operator, billing.PayInput{Amount: eur("50.00"), Method: billing.Transfer, Invoices: []billing.PayFor{{Document: d.ID}}})
	require.NoError(t, err)
	_, err = s.bills.Advance(s.ctx, operator, billing.PaymentAdvanceInput{Payment: p.ID, On: billing.Confirm})
	require.NoError(t, err)
	credit := report(o, "C1", "1")
	credit.Kind, credit.Corrects = billing.CreditNote, "E1"
	c := s.mirrored(credit)
	require.Equal(t, eur("40.00"), c.SetOff)

	void := report(o, "C1")
	void.Kind, void.Twin.Sequence, void.Void = billing.CreditNote, 2, true
	c = s.mirrored(void)
	require.True(t, c.SetOff.IsZero())
	require.Empty(t, c.Uses)
	require.True(t, s.doc(d.ID).SetOff.IsZero())
	require.Equal(t, eur("50.00"), s.get(o.ID).Bills[0].Settled)

	void = report(o, "E1")
	void.Twin.Sequence, void.Void = 2, true
	d = s.mirrored(void)
	require.True(t, d.Paid.IsZero())
	p, err = s.bills.GetPayment(s.ctx, operator, p.ID)
	require.NoError(t, err)
	require.Empty(t, p.Allocations)
	require.Equal(t, eur("50.00"), p.Rest())
	require.Empty(t, s.get(o.ID).Bills)
}

func TestMirroredCreditNote(t *testing.T) {
	s := newShop(t, settings{bills: mirrors()})
	o := s.sold(buyer, "3 THIRD")
	s.ship(o.ID)
	s.back(o.ID, "1")
	in := report(o, "C1", "1")
	in.Kind, in.Corrects, in.Reason = billing.CreditNote, "E1", "damaged"
	_, err := s.bills.ReportInvoice(s.ctx, machine, in)
	require.ErrorIs(t, err, billing.ErrAwaits, "the invoice is not here yet")
	inv := s.mirrored(report(o, "E1", "3"))
	require.Equal(t, order.ToCredit, s.get(o.ID).Invoiced())

	// The ERP says that the credit note is not used.
	in.Residual = &in.Totals.Gross
	c := s.mirrored(in)
	require.Equal(t, billing.Reference{Document: inv.ID, Number: inv.Number, Issued: inv.Issued}, *c.Corrects)
	require.True(t, c.SetOff.IsZero())
	require.Equal(t, order.FullyInvoiced, s.get(o.ID).Invoiced())
	require.Equal(t, money.QuantityOf(1), s.get(o.ID).Lines[0].Billed.Credited)

	// Now it is, in part; then wholly, and telling it twice does nothing more.
	rest := eur("10.00")
	in.Residual, in.Twin.Sequence = &rest, 2
	require.True(t, s.mirrored(in).SetOff.IsZero(), "it may have been paid back, and the payment is not here yet")
	for range 2 {
		_, err = s.bills.FollowUse(s.ctx, operator, c.ID)
		require.ErrorIs(t, err, access.ErrForbidden)
		used, err := s.bills.FollowUse(s.ctx, machine, c.ID)
		require.NoError(t, err)
		require.Equal(t, eur("30.00"), used.SetOff)
	}
	in.Residual, in.Twin.Sequence = nil, 3
	require.Equal(t, eur("40.00"), s.mirrored(in).SetOff)
	in.Twin.Sequence = 4
	require.Equal(t, eur("40.00"), s.mirrored(in).SetOff)
	require.Equal(t, eur("79.99"), s.doc(inv.ID).Left())
	require.Equal(t, eur("40.00"), s.get(o.ID).Bills[0].Settled)
}

// The ERP's figures are the books: within the tolerance of EN 16931 they are
// taken, beyond it they are taken and noted.
func TestMirrorOfFiguresThatDoNotAddUp(t *testing.T) {
	s := newShop(t, settings{bills: mirrors()})
	o := s.sold(buyer, "3 THIRD")
	s.ship(o.ID)
	in := report(o, "E1", "3")
	in.Taxes[0].Tax, in.Totals.Tax, in.Totals.Gross = eur("20.99"), eur("20.99"), eur("120.98")
	d := s.mirrored(in)
	require.Empty(t, d.ERP.Problem, "a VAT that is less than 1.00 off passes")
	require.Equal(t, eur("120.98"), s.get(o.ID).Bills[0].Gross)

	in.Twin.Sequence, in.Totals.Gross = 2, eur("121.00")
	d = s.mirrored(in)
	require.Contains(t, d.ERP.Problem, "BR-CO-15")
	require.Equal(t, eur("121.00"), d.Totals.Payable)
	require.Equal(t, eur("120.98"), s.get(o.ID).Bills[0].Gross, "net and tax")

	in.Twin.Sequence, in.Taxes[0].Tax, in.Totals.Tax, in.Totals.Gross = 3, eur("21.00"), eur("21.00"), eur("120.99")
	require.Contains(t, s.mirrored(in).ERP.Problem, "BR-CO-17")
}

// The parts of several orders, and of lines without one, sum to the totals.
func TestMirrorOverSeveralOrders(t *testing.T) {
	s := newShop(t, settings{bills: mirrors()})
	a, b := s.sold(buyer, "3 THIRD"), s.sold(buyer, "1 GASKET", "2 OVEN")
	s.ship(a.ID)
	s.ship(b.ID)
	in := report(a, "E1", "3")
	more := report(b, "E1", "1", "2")
	in.Lines = append(in.Lines, more.Lines...)
	in.Lines = append(in.Lines, billing.Line{Name: "Freight", Quantity: money.QuantityOf(1), Net: eur("7.01"), Category: "S", Rate: money.RateOf(20)})
	in.Adjustments = []billing.Adjustment{{Code: "promo", Amount: eur("-10.00"), Category: "S", Rate: money.RateOf(20)}}
	in.Taxes[0].Base, in.Taxes[0].Tax = eur("1386.45"), eur("277.29")
	in.Totals = billing.Totals{Net: eur("1386.45"), Tax: eur("277.29"), Gross: eur("1663.74")}
	d := s.mirrored(in)
	require.Empty(t, d.ERP.Problem)
	require.Len(t, d.Orders, 2)
	require.Equal(t, []string{"99.27", "19.86", "119.13"}, []string{d.Orders[0].Net.Text(), d.Orders[0].Tax.Text(), d.Orders[0].Gross.Text()})
	require.Equal(t, []string{"1280.22", "256.04", "1536.26"}, []string{d.Orders[1].Net.Text(), d.Orders[1].Tax.Text(), d.Orders[1].Gross.Text()})
	// 19.8549…, 256.0432… and 1.3919… of the VAT: the unit left goes to the
	// largest remainder, and the freight keeps 6.96 and 1.39.
	require.Equal(t, order.FullyInvoiced, s.get(a.ID).Invoiced())
	require.Equal(t, order.FullyInvoiced, s.get(b.ID).Invoiced())
}

func TestMirrorChecks(t *testing.T) {
	s := newShop(t, settings{bills: mirrors()})
	o := s.sold(buyer, "3 THIRD")
	in := report(o, "E1", "3")
	_, err := s.bills.ReportInvoice(s.ctx, operator, in)
	require.ErrorIs(t, err, access.ErrForbidden)
	_, err = s.bills.ReportInvoice(s.ctx, stranger, in)
	require.ErrorIs(t, err, billing.ErrNotFound)
	bad := billing.InvoiceReport{Seller: "x", Residual: &in.Totals.Net, Lines: []billing.Line{{Order: o.ID}}}
	_, err = s.bills.ReportInvoice(s.ctx, machine, bad)
	require.ErrorIs(t, err, billing.ErrInvalid)
	require.Equal(t, []string{"twin.id required", "number required", "partner required", "kind unknown", "seller unknown", "issued required",
		"currency required", "residual amount.currency", "lines[0] order"}, issuesOf(err))
	bad = in
	bad.Totals.Net, bad.Totals.Rounding = money.MustAmount("1", money.USD), money.MustAmount("1", money.USD)
	_, err = s.bills.ReportInvoice(s.ctx, machine, bad)
	require.Equal(t, []string{"totals.net amount.currency", "totals.rounding amount.currency"}, issuesOf(err))
	bad = in
	bad.Lines = append([]billing.Line(nil), in.Lines...)
	bad.Lines[0].Order = "nowhere"
	_, err = s.bills.ReportInvoice(s.ctx, machine, bad)
	require.ErrorIs(t, err, order.ErrNotFound)
	bad.Lines[0].Order, bad.Lines[0].OrderLine = o.ID, "nowhere"
	_, err = s.bills.ReportInvoice(s.ctx, machine, bad)
	require.ErrorIs(t, err, order.ErrInvoicing)
	s.mirrored(in)
	other := report(o, "E2", "1")
	other.Number = in.Number
	_, err = s.bills.ReportInvoice(s.ctx, machine, other)
	require.ErrorIs(t, err, billing.ErrExists, "the number belongs to another twin")
	_, err = s.bills.Issue(s.ctx, operator, billing.IssueInput{Orders: []billing.OrderVersion{{Order: o.ID}}})
	require.ErrorIs(t, err, billing.ErrIssuer)
	d, err := s.bills.GetByERP(s.ctx, machine, "E1")
	require.NoError(t, err)
	_, err = s.bills.Credit(s.ctx, operator, billing.CreditInput{Document: d.ID, Reason: "x"})
	require.ErrorIs(t, err, billing.ErrIssuer)
	_, err = s.bills.ReportInvoiceTwin(s.ctx, machine, d.ID, order.Twin{ID: "E1"})
	require.ErrorIs(t, err, billing.ErrIssuer)
}

// A document of our own that comes back from the ERP is a report on its twin:
// no mirror, nothing invoiced twice.
func TestOurOwnDocumentComesBack(t *testing.T) {
	s := newShop(t, settings{orders: &order.Options{Invoice: order.OnOrder}})
	o := s.sold(buyer, "3 THIRD")
	d := s.issued(o.ID)
	leaving := s.now.Add(time.Second)
	_, err := s.bills.ReportInvoiceTwin(s.ctx, operator, d.ID, order.Twin{SentAt: leaving})
	require.ErrorIs(t, err, access.ErrForbidden)
	sent, err := s.bills.ReportInvoiceTwin(s.ctx, machine, d.ID, order.Twin{SentAt: leaving, Problem: "asleep"})
	require.NoError(t, err)
	require.Equal(t, leaving, sent.ERP.SentAt)

	byNumber := report(o, "E1", "3")
	byNumber.Number = d.Number
	byKey := report(o, "E1", "3")
	byKey.Key, byKey.Number, byKey.Twin.Sequence = d.ID, "other", 2
	byKey.Twin.Number = "MOVE/7"
	for _, in := range []billing.InvoiceReport{byNumber, byKey, byKey} {
		back := s.mirrored(in)
		require.Equal(t, d.ID, back.ID)
		require.Equal(t, d.Record, back.Record)
		require.Equal(t, d.Chain, back.Chain)
		require.Equal(t, "E1", back.ERP.ID)
		require.Zero(t, back.ERP.SentAt)
		require.Empty(t, back.ERP.Problem)
	}
	require.Equal(t, "MOVE/7", s.doc(d.ID).ERP.Number)
	require.Len(t, s.get(o.ID).Bills, 1)
	v := s.doc(d.ID).Version
	s.mirrored(byKey)
	require.Equal(t, v, s.doc(d.ID).Version, "the same again changes nothing")
	_, err = s.bills.ReportInvoiceTwin(s.ctx, machine, d.ID, order.Twin{Problem: "cannot be read"})
	require.NoError(t, err)
	require.Equal(t, v, s.doc(d.ID).Version, "a push that is over is no news")

	// What drifts is a problem for a person, and changes no record.
	byKey.Twin.Sequence, byKey.Totals.Gross = 3, eur("120.00")
	require.Equal(t, "the ERP's total is 120.00 EUR, not 119.99 EUR", s.mirrored(byKey).ERP.Problem)
	byKey.Twin.Sequence, byKey.Void = 4, true
	require.Equal(t, "the ERP cancelled it", s.mirrored(byKey).ERP.Problem)
	require.False(t, s.doc(d.ID).Void)
	byKey.Twin.Sequence, byKey.Void, byKey.Totals.Gross = 5, false, eur("119.99")
	require.Empty(t, s.mirrored(byKey).ERP.Problem)
	require.Equal(t, d.Record, s.doc(d.ID).Record)
	verified, err := s.bills.Verify(s.ctx, operator, "acme", "invoices")
	require.NoError(t, err)
	require.Nil(t, verified.Broken, "what happens to a document does not touch its record")
}

// A document that the ERP makes smaller than what was paid gives the money back
// first: what is settled never exceeds what is payable.
func TestMirrorThatShrinksBelowWhatWasPaid(t *testing.T) {
	s := newShop(t, settings{bills: mirrors()})
	o := s.sold(buyer, "3 THIRD")
	s.ship(o.ID)
	d := s.mirrored(report(o, "E1", "3"))
	p, err := s.bills.Pay(s.ctx, operator, billing.PayInput{Amount: eur("100.00"), Method: billing.Transfer, Invoices: []billing.PayFor{{Document: d.ID}}})
	require.NoError(t, err)
	_, err = s.bills.Advance(s.ctx, operator, billing.PaymentAdvanceInput{Payment: p.ID, On: billing.Confirm})
	require.NoError(t, err)
	in := report(o, "E1", "2")
	in.Twin.Sequence = 2
	d = s.mirrored(in)
	require.Equal(t, eur("79.99"), d.Left())
	require.True(t, s.get(o.ID).Bills[0].Settled.IsZero())
	p, err = s.bills.GetPayment(s.ctx, operator, p.ID)
	require.NoError(t, err)
	require.Equal(t, eur("100.00"), p.Rest())
}

// Where the ERP does not say which line is taxed how, its VAT is shared by net.
func TestMirrorWithoutTaxCategories(t *testing.T) {
	s := newShop(t, settings{bills: mirrors()})
	a, b := s.sold(buyer, "3 THIRD"), s.sold(buyer, "1 OVEN")
	in := report(a, "E1", "3")
	in.Lines = append(in.Lines, report(b, "E1", "1").Lines...)
	for i := range in.Lines {
		in.Lines[i].Category, in.Lines[i].Rate = "", money.Rate{}
	}
	in.Taxes = nil
	in.Totals = billing.Totals{Net: eur("739.99"), Tax: eur("148.00"), Gross: eur("887.99")}
	d := s.mirrored(in)
	require.Equal(t, []string{"20.00", "128.00"}, []string{d.Orders[0].Tax.Text(), d.Orders[1].Tax.Text()})
	require.Contains(t, d.ERP.Problem, "BR-CO-14")
}

// A document that grows keeps what was paid on it, on its orders too.
func TestMirrorThatGrowsStaysPaid(t *testing.T) {
	s := newShop(t, settings{bills: mirrors()})
	o := s.sold(buyer, "3 THIRD")
	s.ship(o.ID)
	d := s.mirrored(report(o, "E1", "2"))
	p, err := s.bills.Pay(s.ctx, operator, billing.PayInput{Amount: eur("79.99"), Method: billing.Transfer, Invoices: []billing.PayFor{{Document: d.ID}}})
	require.NoError(t, err)
	_, err = s.bills.Advance(s.ctx, operator, billing.PaymentAdvanceInput{Payment: p.ID, On: billing.Confirm})
	require.NoError(t, err)
	in := report(o, "E1", "3")
	in.Twin.Sequence = 2
	d = s.mirrored(in)
	require.Equal(t, eur("40.00"), d.Left())
	require.Equal(t, eur("79.99"), s.get(o.ID).Bills[0].Settled)
	require.Equal(t, order.PartlyPaid, s.get(o.ID).Paid())
}
