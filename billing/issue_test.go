package billing_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

func issuesOf(err error) []string {
	var out []string
	for _, i := range fault.IssuesOf(err) {
		out = append(out, i.Path+" "+i.Code)
	}
	return out
}

func TestInvoiceFollowsTheDelivery(t *testing.T) {
	s := newShop(t, settings{})
	o := s.sold(buyer, "3 THIRD", "1 OVEN")
	first := s.ship(o.ID, "2")
	d, err := s.bills.Issue(s.ctx, operator, billing.IssueInput{Deliveries: []order.DeliveryID{first.ID}, Note: "thank you"})
	require.NoError(t, err)
	require.NoError(t, d.Check())
	require.Equal(t, "INV-2026-000001", d.Number)
	require.Equal(t, billing.Here, d.Issuer)
	require.Equal(t, acme, d.Seller)
	require.Equal(t, "2026-11-22", d.Issued.String())
	require.Equal(t, "2026-12-22", d.Due.String())
	require.Equal(t, first.Date, d.Supplied)
	require.Equal(t, o.Customer.Counterparty, d.Buyer)
	require.Equal(t, o.ShipTo, *d.ShipTo)
	require.Equal(t, int64(1), d.Chain.Position)
	require.Len(t, d.Lines, 1)
	require.Equal(t, first.ID, d.Lines[0].Delivery)
	require.Equal(t, eur("66.66"), d.Totals.Net)
	require.Equal(t, eur("13.33"), d.Totals.Tax)
	require.Equal(t, d, s.doc(d.ID))

	o = s.get(o.ID)
	require.Equal(t, money.QuantityOf(2), o.Lines[0].Billed.Invoiced)
	require.Equal(t, order.PartlyInvoiced, o.Invoiced())
	require.Equal(t, order.Unpaid, o.Paid())
	require.Equal(t, d.Number, o.Bills[0].Number)
	require.Equal(t, d.Totals.Gross, o.Bills[0].Gross)

	_, err = s.bills.Issue(s.ctx, operator, billing.IssueInput{Deliveries: []order.DeliveryID{first.ID}})
	require.ErrorIs(t, err, billing.ErrNothingDue, "a delivery is invoiced once")
	require.Equal(t, []string{"deliveries[0] nothing_due"}, issuesOf(err))

	s.ship(o.ID)
	rest := s.issued(o.ID)
	require.Equal(t, eur("673.33"), rest.Totals.Net)
	o = s.get(o.ID)
	require.Equal(t, order.FullyInvoiced, o.Invoiced())
	_, err = s.bills.Issue(s.ctx, operator, billing.IssueInput{Orders: []billing.OrderVersion{{Order: o.ID}}})
	require.ErrorIs(t, err, billing.ErrNothingDue)
	require.Equal(t, []string{"orders[0] nothing_due"}, issuesOf(err))
}

// A delivery of which goods came back is invoiced as far as it is due, and an
// invoiced one that was credited may be invoiced again.
func TestDeliveryIsInvoicedAsFarAsItIsDue(t *testing.T) {
	s := newShop(t, settings{})
	o := s.sold(buyer, "5 THIRD")
	first := s.ship(o.ID, "3")
	second := s.ship(o.ID, "2")
	back := s.back(o.ID, "1")
	_, err := s.bills.Issue(s.ctx, operator, billing.IssueInput{Deliveries: []order.DeliveryID{back.ID}})
	require.ErrorIs(t, err, billing.ErrNothingDue)
	require.Equal(t, []string{"deliveries[0] return"}, issuesOf(err))

	d, err := s.bills.Issue(s.ctx, operator, billing.IssueInput{Deliveries: []order.DeliveryID{first.ID, second.ID}})
	require.NoError(t, err)
	require.Equal(t, []string{"3", "1"}, []string{d.Lines[0].Quantity.String(), d.Lines[1].Quantity.String()})
	require.Equal(t, eur("133.32"), d.Totals.Net)
	s.credited(d.ID, "", "1")
	again, err := s.bills.Issue(s.ctx, operator, billing.IssueInput{Deliveries: []order.DeliveryID{second.ID}})
	require.NoError(t, err)
	require.Equal(t, money.QuantityOf(1), again.Lines[0].Quantity)
	require.Equal(t, second.ID, again.Lines[0].Delivery)
	_, err = s.bills.Issue(s.ctx, operator, billing.IssueInput{Deliveries: []order.DeliveryID{first.ID}})
	require.ErrorIs(t, err, billing.ErrNothingDue)

	// One of three credited is one to invoice, of that delivery and of no other.
	s.credited(d.ID, "1")
	_, err = s.bills.Issue(s.ctx, operator, billing.IssueInput{Deliveries: []order.DeliveryID{first.ID}})
	require.NoError(t, err)

	// What is due of the order is not due of a delivery that has its invoice.
	s.credited(again.ID)
	_, err = s.bills.Issue(s.ctx, operator, billing.IssueInput{Deliveries: []order.DeliveryID{first.ID}})
	require.ErrorIs(t, err, billing.ErrNothingDue)
}

func TestSingleLinesUpToWhatIsDue(t *testing.T) {
	s := newShop(t, settings{orders: &order.Options{Invoice: order.OnOrder}})
	o := s.sold(buyer, "3 THIRD", "2 OVEN", "1 BOOK")
	issue := func(ls ...billing.IssueLine) (billing.Document, error) {
		return s.bills.Issue(s.ctx, operator, billing.IssueInput{Lines: ls})
	}
	at := func(i int, q string) billing.IssueLine {
		return billing.IssueLine{Order: o.ID, Line: o.Lines[i].ID, Quantity: money.MustQuantity(q)}
	}
	_, err := issue(at(0, "3.0001"), at(1, "1"), at(1, "1.5"))
	require.ErrorIs(t, err, billing.ErrTooMuch)
	require.Equal(t, []string{"lines[0].quantity too_much", "lines[2].quantity too_much"}, issuesOf(err))
	_, err = issue(at(0, "0"), at(1, "-1"), billing.IssueLine{Order: o.ID, Line: "nowhere", Quantity: money.QuantityOf(1)})
	require.ErrorIs(t, err, billing.ErrInvalid)
	require.Equal(t, []string{"lines[0].quantity positive", "lines[1].quantity positive", "lines[2].line unknown"}, issuesOf(err))
	require.Empty(t, s.get(o.ID).Bills, "what is refused leaves no trace")

	d, err := issue(at(1, "1"), at(0, "2"), at(1, "1"))
	require.NoError(t, err)
	require.Len(t, d.Lines, 2, "one line for what is named twice, in the order's sequence")
	require.Equal(t, []order.LineID{o.Lines[0].ID, o.Lines[1].ID}, []order.LineID{d.Lines[0].OrderLine, d.Lines[1].OrderLine})
	require.Equal(t, money.QuantityOf(2), d.Lines[1].Quantity)
	require.Equal(t, eur("1346.66"), d.Totals.Net)

	// What lines take, the order does not invoice again.
	d, err = s.bills.Issue(s.ctx, operator, billing.IssueInput{Lines: []billing.IssueLine{at(2, "1")}, Orders: []billing.OrderVersion{{Order: o.ID}}})
	require.NoError(t, err)
	require.Equal(t, eur("45.67"), d.Totals.Net)
	require.Equal(t, order.FullyInvoiced, s.get(o.ID).Invoiced())
}

func TestSeveralOrdersOnOneInvoice(t *testing.T) {
	s := newShop(t, settings{orders: &order.Options{Invoice: order.OnOrder}})
	a, b := s.sold(buyer, "1 FEE", "1 SPARE"), s.sold(buyer, "1 FAULT")
	d := s.issued(a.ID, b.ID)
	// A17 V3: 133.96 and 72.00 are 205.96, with 20 % 41.19, together 247.15.
	require.Equal(t, []money.Amount{eur("205.96"), eur("41.19"), eur("247.15")}, []money.Amount{d.Totals.Net, d.Totals.Tax, d.Totals.Gross})
	require.Len(t, d.Orders, 2)
	require.Equal(t, eur("160.75"), d.Orders[0].Gross)
	require.Equal(t, eur("86.40"), d.Orders[1].Gross)
	require.Equal(t, []string{"1", "2", "3"}, []string{d.Lines[0].ID, d.Lines[1].ID, d.Lines[2].ID})
	for i, id := range []order.ID{a.ID, b.ID} {
		require.Equal(t, d.Orders[i].Gross, s.get(id).Bills[0].Gross)
		require.Equal(t, order.FullyInvoiced, s.get(id).Invoiced())
	}
}

func TestOrdersThatCannotShareAnInvoice(t *testing.T) {
	opts := here()
	opts.Sellers = append(opts.Sellers, billing.Seller{ID: "other", Name: "Other SAS"})
	opts.SellerOf = func(o order.Order) billing.SellerID {
		if o.Title == "other" {
			return "other"
		}
		return ""
	}
	s := newShop(t, settings{bills: opts, orders: &order.Options{Invoice: order.OnOrder}})
	first, second := s.sold(buyer, "1 OVEN"), s.sold(stranger, "1 OVEN")
	issue := func(seller billing.SellerID, ids ...order.ID) error {
		in := billing.IssueInput{Seller: seller}
		for _, id := range ids {
			in.Orders = append(in.Orders, billing.OrderVersion{Order: id})
		}
		_, err := s.bills.Issue(s.ctx, operator, in)
		return err
	}
	err := issue("", first.ID, second.ID)
	require.ErrorIs(t, err, billing.ErrMixed)
	require.Equal(t, []string{"orders[1] partner"}, issuesOf(err))

	// The same partner, but another seller and another legal entity.
	branch := s.placed(buyer, "1 OVEN")
	entity := partner.CounterpartyID("branch")
	_, err = s.orders.Revise(s.ctx, buyer, order.ReviseInput{Order: branch.ID, Counterparty: &entity})
	require.NoError(t, err)
	s.advance(branch.ID)
	s.entitle(branch.ID, "other")
	err = issue("", first.ID, branch.ID)
	require.ErrorIs(t, err, billing.ErrMixed)
	require.Equal(t, []string{"orders[1] seller", "orders[1] buyer"}, issuesOf(err))

	require.ErrorIs(t, issue("acme", branch.ID), billing.ErrMixed, "the order's own rule says another seller")
	require.ErrorIs(t, issue("nobody", first.ID), billing.ErrMixed)
	require.NoError(t, issue("other", first.ID), "the rule is silent on this one")
	d, err := s.bills.GetByNumber(s.ctx, operator, "other", "INV-2026-000001")
	require.NoError(t, err)
	require.Equal(t, billing.SellerID("other"), d.Seller.ID)
	require.NoError(t, issue("", branch.ID))
}

func TestOnlyValidatedOrdersAreInvoiced(t *testing.T) {
	s := newShop(t, settings{orders: &order.Options{Invoice: order.OnOrder}})
	o := s.placed(buyer, "1 OVEN")
	in := billing.IssueInput{Orders: []billing.OrderVersion{{Order: o.ID}}}
	_, err := s.bills.Issue(s.ctx, operator, in)
	require.ErrorIs(t, err, billing.ErrTooEarly)
	require.Equal(t, fault.Precondition, fault.KindOf(err))
	s.advance(o.ID)
	s.issued(o.ID)

	// Of a cancelled order nothing is invoiced that was not shipped.
	gone := s.sold(buyer, "1 OVEN")
	_, err = s.orders.Advance(s.ctx, access.Actor{ID: "anna", Roles: []access.Role{access.Admin}}, order.AdvanceInput{Order: gone.ID, On: order.Cancel, Reason: "fire"})
	require.NoError(t, err)
	_, err = s.bills.Issue(s.ctx, operator, billing.IssueInput{Orders: []billing.OrderVersion{{Order: gone.ID}}})
	require.ErrorIs(t, err, billing.ErrTooEarly)
}

func TestIssueChecksInOrder(t *testing.T) {
	s := newShop(t, settings{orders: &order.Options{Invoice: order.OnOrder}})
	o := s.sold(buyer, "2 OVEN")
	in := billing.IssueInput{Key: "k1", Orders: []billing.OrderVersion{{Order: o.ID, Version: o.Version + 1}}}
	_, err := s.bills.Issue(s.ctx, operator, billing.IssueInput{})
	require.Equal(t, []string{"orders required"}, issuesOf(err))
	_, err = s.bills.Issue(s.ctx, stranger, in)
	require.ErrorIs(t, err, order.ErrNotFound)
	_, err = s.bills.Issue(s.ctx, operator, in)
	require.ErrorIs(t, err, uow.ErrVersion)
	in.Orders[0].Version = o.Version
	_, err = s.bills.Issue(s.ctx, designer, in)
	require.ErrorIs(t, err, order.ErrNotFound, "who may not see invoices")
	_, err = s.bills.Issue(s.ctx, buyer, in)
	require.ErrorIs(t, err, access.ErrForbidden)
	in.Due, in.Series, in.Note = partner.MustDate("2026-11-01"), "nowhere", string([]byte{0xff})
	_, err = s.bills.Issue(s.ctx, operator, in)
	require.ErrorIs(t, err, billing.ErrInvalid)
	require.Equal(t, []string{"series unknown", "due range", "note text.encoding"}, issuesOf(err))

	in.Due, in.Series, in.Note = partner.Date{}, "", ""
	d, err := s.bills.Issue(s.ctx, operator, in)
	require.NoError(t, err)
	again, err := s.bills.Issue(s.ctx, operator, in)
	require.NoError(t, err)
	require.Equal(t, d, again, "the same key gives the first invoice")
	in.Note = "other"
	_, err = s.bills.Issue(s.ctx, operator, in)
	require.ErrorIs(t, err, uow.ErrKeyReused)
	_, err = s.bills.Issue(s.ctx, operator, billing.IssueInput{Deliveries: []order.DeliveryID{"nowhere"}})
	require.ErrorIs(t, err, order.ErrNoDelivery)
	parcel := s.ship(o.ID)
	_, err = s.bills.Issue(s.ctx, stranger, billing.IssueInput{Deliveries: []order.DeliveryID{parcel.ID}})
	require.ErrorIs(t, err, order.ErrNoDelivery, "nor does another's delivery exist")
	require.NotErrorIs(t, err, order.ErrNotFound)
	_, err = s.bills.Issue(s.ctx, operator, billing.IssueInput{Orders: []billing.OrderVersion{{Order: o.ID}, {Order: o.ID}}, Deliveries: []order.DeliveryID{"x", "x"}})
	require.Equal(t, []string{"orders[1] repeated", "deliveries[1] repeated"}, issuesOf(err))
}

func TestIssueTellsTheWorldAndTheRelay(t *testing.T) {
	s := newShop(t, settings{orders: &order.Options{Invoice: order.OnOrder}})
	o := s.sold(buyer, "2 OVEN")
	s.events(event.Facts)
	s.events(event.ERP)
	d := s.issued(o.ID)
	require.Equal(t, []string{"invoice.issued"}, types(s.events(event.Facts), "invoice."))
	require.Equal(t, []string{"invoice.push_requested"}, types(s.events(event.ERP), "invoice."))
	s.credited(d.ID)
	require.Equal(t, []string{"invoice.credited", "invoice.set_off", "invoice.settled", "invoice.settled"}, sorted(types(s.events(event.Facts), "invoice.")))
	require.Equal(t, []string{"invoice.push_requested"}, types(s.events(event.ERP), "invoice."))
}

// There is one issuer for each seller and kind; the other path is refused.
func TestOneIssuerPerSellerAndKind(t *testing.T) {
	opts := &billing.Options{Sellers: []billing.Seller{acme, {ID: "mill", Name: "Mill"}}, Issuers: []billing.IssuerRule{
		{Kind: billing.CreditNote, Issuer: billing.Here}, {Seller: "acme", Issuer: billing.Here}, {Seller: "acme", Kind: billing.CreditNote, Issuer: billing.ByERP},
	}}
	s := newShop(t, settings{bills: opts, orders: &order.Options{Invoice: order.OnOrder}})
	require.Equal(t, billing.Here, s.bills.IssuerOf("acme", billing.Invoice))
	require.Equal(t, billing.ByERP, s.bills.IssuerOf("acme", billing.CreditNote), "the rule that names seller and kind goes first")
	require.Equal(t, billing.ByERP, s.bills.IssuerOf("mill", billing.Invoice), "the default")
	require.Equal(t, billing.Here, s.bills.IssuerOf("mill", billing.CreditNote))

	o := s.sold(buyer, "2 OVEN")
	_, err := s.bills.Issue(s.ctx, operator, billing.IssueInput{Orders: []billing.OrderVersion{{Order: o.ID}}, Seller: "mill"})
	require.ErrorIs(t, err, billing.ErrIssuer)
	d := s.issued(o.ID)
	_, err = s.bills.Credit(s.ctx, operator, billing.CreditInput{Document: d.ID, Reason: "x"})
	require.ErrorIs(t, err, billing.ErrIssuer)
	_, err = s.bills.ReportInvoice(s.ctx, machine, report(o, "E1", "1"))
	require.ErrorIs(t, err, billing.ErrIssuer, "invoices of acme are made here")
}

// A16 F3: the month stands in front of one counter that runs on; F4: the order
// of invoices is not that of the orders.
func TestNumbersWithAMonthInFrontRunOn(t *testing.T) {
	opts := here()
	opts.Series = []billing.Series{{ID: "main", Seller: "acme", Kind: billing.Invoice, Pattern: "{year}-{month}-{seq:9}"}}
	s := newShop(t, settings{bills: opts, orders: &order.Options{Invoice: order.OnOrder}})
	s.now = time.Date(2013, 1, 4, 9, 0, 0, 0, time.UTC)
	var orders []order.Order
	for range 9 {
		orders = append(orders, s.sold(buyer, "1 OVEN"))
	}
	var got []string
	for i, day := range []string{"2013-01-04", "2013-01-08", "2013-01-09", "2013-01-20", "2013-01-31", "2013-02-01", "2013-02-28", "2013-03-01"} {
		at, err := time.Parse(time.DateOnly, day)
		require.NoError(t, err)
		s.now = at
		got = append(got, s.issued(orders[8-i].ID).Number)
	}
	require.Equal(t, []string{"2013-01-000000005", "2013-02-000000006", "2013-02-000000007", "2013-03-000000008"}, got[4:])
	require.Equal(t, order.NotInvoiced, s.get(orders[0].ID).Invoiced(), "the first order has no invoice, later ones have")

	_, err := s.bills.Issue(s.ctx, operator, billing.IssueInput{Orders: []billing.OrderVersion{{Order: orders[0].ID}}, Issued: partner.MustDate("2013-02-28")})
	require.ErrorIs(t, err, billing.ErrDateBack)
}

func TestVectors(t *testing.T) {
	for _, v := range []struct {
		name            string
		lines           []string
		net, tax, gross string
	}{
		{"V1", []string{"1 FEE", "1 SPARE"}, "133.96", "26.79", "160.75"},
		{"V2", []string{"1 FAULT"}, "72.00", "14.40", "86.40"},
		{"V4", []string{"1 GASKET"}, "9.45", "1.89", "11.34"},
		{"three rows of 33.33", []string{"3 THIRD"}, "99.99", "20.00", "119.99"},
		{"gross stated, 10 × 38.23", []string{"10 LAMP"}, "318.58", "63.72", "382.30"},
		{"three categories", []string{"1 STAMP", "1 BOOK", "1 GASKET"}, "22.95", "2.57", "25.52"},
	} {
		t.Run(v.name, func(t *testing.T) {
			s := newShop(t, settings{orders: &order.Options{Invoice: order.OnOrder}})
			o := s.sold(buyer, v.lines...)
			d := s.issued(o.ID)
			require.Equal(t, []money.Amount{eur(v.net), eur(v.tax), eur(v.gross)}, []money.Amount{d.Totals.Net, d.Totals.Tax, d.Totals.Gross})
			require.Equal(t, o.Quote.Taxes, d.Taxes)
		})
	}
}

// Three invoices of 33.33 at 20 %: cumulative VAT sums to the order's 20.00;
// per document each is 6.67, and the one unit too much is reported.
func TestTaxOfPartsSumsToTheWhole(t *testing.T) {
	for _, c := range []struct {
		mode           billing.TaxMode
		taxes, spreads []string
	}{
		{billing.TaxCumulative, []string{"6.67", "6.66", "6.67"}, []string{"", "", ""}},
		{billing.TaxPerDocument, []string{"6.67", "6.67", "6.67"}, []string{"", "0.01", ""}},
	} {
		t.Run(string(c.mode), func(t *testing.T) {
			opts := here()
			opts.Tax = c.mode
			s := newShop(t, settings{bills: opts})
			o := s.sold(buyer, "3 THIRD")
			var taxes, spreads []string
			for range 3 {
				s.ship(o.ID, "1")
				d := s.issued(o.ID)
				require.Equal(t, c.mode, d.Tax)
				taxes, spreads = append(taxes, d.Totals.Tax.Text()), append(spreads, d.Spread.Text())
			}
			require.Equal(t, c.taxes, taxes)
			require.Equal(t, c.spreads, spreads)
		})
	}
}

// Allowances and charges of the order stand on document level, one per code,
// category and rate, and partial invoices carry them exactly.
func TestAdjustmentsOnPartialInvoices(t *testing.T) {
	s := newShop(t, settings{adjust: []pricing.Adjustment{
		{Code: "promo", Text: "Spring", Amount: eur("-10.00")}, {Code: "freight", Amount: eur("5.01")}}})
	o := s.sold(buyer, "3 THIRD", "3 BOOK", "3 STAMP")
	sums := map[string]int64{}
	net, tax := int64(0), int64(0)
	for range 3 {
		s.ship(o.ID, "1", "1", "1")
		d := s.issued(o.ID)
		seen := map[string]bool{}
		for _, a := range d.Adjustments {
			k := fmt.Sprint(a.Code, " ", a.Category, " ", a.Rate)
			require.False(t, seen[k], "%s stands twice", k)
			seen[k] = true
			sums[a.Code] += a.Amount.Minor()
			require.Equal(t, o.ID, a.Order)
		}
		require.Equal(t, "Spring", d.Adjustments[0].Text)
		net, tax = net+d.Totals.Net.Minor(), tax+d.Totals.Tax.Minor()
	}
	require.Equal(t, map[string]int64{"promo": -1000, "freight": 501}, sums)
	require.Equal(t, []int64{o.Quote.Net.Minor(), o.Quote.Tax.Minor()}, []int64{net, tax})
}

// A row that bears nothing of an adjustment is not named.
func TestAdjustmentsOfNothingAreLeftOut(t *testing.T) {
	s := newShop(t, settings{orders: &order.Options{Invoice: order.OnOrder}, adjust: []pricing.Adjustment{{Code: "promo", Amount: eur("-0.01")}}})
	d := s.issued(s.sold(buyer, "1 OVEN", "1 STAMP").ID)
	require.Len(t, d.Taxes, 2)
	require.Len(t, d.Adjustments, 1)
	require.Equal(t, pricing.StandardRated, d.Adjustments[0].Category)
}

// The breakdown has one row per category and rate over all orders, in the order
// of the categories, higher rates first.
func TestBreakdownOverSeveralOrders(t *testing.T) {
	s := newShop(t, settings{orders: &order.Options{Invoice: order.OnOrder}})
	d := s.issued(s.sold(buyer, "1 STAMP").ID, s.sold(buyer, "1 BOOK").ID, s.sold(buyer, "1 THIRD", "1 STAMP").ID)
	require.Equal(t, []pricing.Tax{
		{Category: pricing.StandardRated, Rate: money.RateOf(20), Base: eur("33.33"), Tax: eur("6.67")},
		{Category: pricing.StandardRated, Rate: money.MustRate("5.5"), Base: eur("12.34"), Tax: eur("0.68")},
		{Category: pricing.Exempt, Base: eur("2.32"), Tax: eur("0.00")},
	}, d.Taxes)
}

// A sale into another country of the Union carries no VAT, in category K.
func TestIntraCommunityInvoice(t *testing.T) {
	s := newShop(t, settings{orders: &order.Options{Invoice: order.OnOrder}})
	jan := access.Actor{ID: "jan", Partner: "gent", Roles: []access.Role{access.Purchaser}}
	d := s.issued(s.sold(jan, "2 OVEN", "1 BOOK").ID)
	require.Equal(t, []pricing.Tax{{Category: pricing.IntraCommunity, Base: eur("1292.34"), Tax: eur("0.00")}}, d.Taxes)
	require.Equal(t, "BE0403448140", d.Buyer.VATID)
}

// Of several orders the document has the buyer as of the one placed last, an
// address of delivery when it is the same, and the day of the last delivery.
func TestHeadOfAnInvoiceOverSeveralOrders(t *testing.T) {
	s := newShop(t, settings{})
	early := s.sold(buyer, "1 OVEN")
	s.pass(1)
	s.update(func(ctx context.Context, tx store.Tx) error {
		p, err := tx.Partners().Get(ctx, "nord")
		if err != nil {
			return err
		}
		p.Counterparties[0].Name = "Nord SAS"
		p.Counterparties[0].Invoice.Street = "14 rue des Tanneurs"
		_, err = tx.Partners().Save(ctx, p)
		return err
	})
	late := s.sold(buyer, "1 OVEN")
	other := s.placed(buyer, "1 OVEN")
	to := other.ShipTo
	to.City = "Roubaix"
	_, err := s.orders.Revise(s.ctx, buyer, order.ReviseInput{Order: other.ID, ShipTo: &to})
	require.NoError(t, err)
	s.advance(other.ID)
	s.now = s.now.AddDate(0, 0, 3)
	last := s.ship(late.ID)
	d, err := s.orders.Ship(s.ctx, operator, order.ShipInput{Order: early.ID, Date: partner.MustDate("2026-11-23")})
	require.NoError(t, err)
	require.True(t, d.Date.Before(last.Date))
	s.ship(other.ID)

	for _, ids := range [][]order.ID{{early.ID, late.ID}, {late.ID, early.ID}} {
		inv := s.issued(ids...)
		require.Equal(t, "Nord SAS", inv.Buyer.Name)
		require.Equal(t, "14 rue des Tanneurs", inv.Buyer.Invoice.Street)
		require.Equal(t, last.Date, inv.Supplied)
		require.Equal(t, early.ShipTo.Street == late.ShipTo.Street, inv.ShipTo != nil)
		s.credited(inv.ID)
	}
	require.Nil(t, s.issued(late.ID, other.ID).ShipTo, "two addresses")
	require.Equal(t, early.ShipTo, *s.issued(early.ID).ShipTo)
}

// Credit notes may be made here where the ERP makes the invoices, but not on
// its invoices: nothing is known of their stretches.
func TestMirroredInvoicesAreNotCreditedHere(t *testing.T) {
	opts := &billing.Options{Sellers: []billing.Seller{acme}, Issuers: []billing.IssuerRule{{Kind: billing.CreditNote, Issuer: billing.Here}}}
	s := newShop(t, settings{bills: opts})
	o := s.sold(buyer, "3 THIRD")
	d := s.mirrored(report(o, "E1", "3"))
	_, err := s.bills.Credit(s.ctx, operator, billing.CreditInput{Document: d.ID, Reason: "x"})
	require.ErrorIs(t, err, billing.ErrIssuer)
}
