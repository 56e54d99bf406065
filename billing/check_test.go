package billing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

// Each rule names itself when it is broken, and none else is named.
func TestCheckNamesTheRule(t *testing.T) {
	s := newShop(t, settings{orders: &order.Options{Invoice: order.OnOrder},
		adjust: []pricing.Adjustment{{Code: "promo", Amount: eur("-10.00")}, {Code: "freight", Amount: eur("5.00")}}})
	good := s.issued(s.sold(buyer, "3 THIRD", "1 STAMP").ID)
	cent := func(x *money.Amount) { *x, _ = x.Add(eur("0.01")) }
	whole := func(x *money.Amount, d ...*money.Amount) {
		for _, y := range append(d, x) {
			*y, _ = y.Add(eur("1.00"))
		}
	}
	for rule, spoil := range map[string]func(d *billing.Document){
		"BR-02":    func(d *billing.Document) { d.Number = "" },
		"BR-03":    func(d *billing.Document) { d.Issued = partner.Date{} },
		"BR-06":    func(d *billing.Document) { d.Seller.Name = "" },
		"BR-07":    func(d *billing.Document) { d.Buyer.Name = "" },
		"BR-55":    func(d *billing.Document) { d.Corrects = &billing.Reference{} },
		"BR-CO-25": func(d *billing.Document) { d.Due = partner.Date{} },
		"BR-CO-10": func(d *billing.Document) {
			cent(&d.Totals.Lines)
			cent(&d.Totals.Net)
			cent(&d.Totals.Gross)
			cent(&d.Totals.Payable)
		},
		"BR-CO-11": func(d *billing.Document) {
			cent(&d.Totals.Allowances)
			for _, x := range []*money.Amount{&d.Totals.Net, &d.Totals.Gross, &d.Totals.Payable} {
				*x, _ = x.Sub(eur("0.01"))
			}
		},
		"BR-CO-12": func(d *billing.Document) {
			cent(&d.Totals.Charges)
			cent(&d.Totals.Net)
			cent(&d.Totals.Gross)
			cent(&d.Totals.Payable)
		},
		"BR-CO-13": func(d *billing.Document) { cent(&d.Totals.Net); cent(&d.Totals.Gross); cent(&d.Totals.Payable) },
		"BR-CO-14": func(d *billing.Document) { cent(&d.Totals.Tax); cent(&d.Totals.Gross); cent(&d.Totals.Payable) },
		"BR-CO-15": func(d *billing.Document) { cent(&d.Totals.Gross); cent(&d.Totals.Payable) },
		"BR-CO-16": func(d *billing.Document) { cent(&d.Totals.Payable) },
		"BR-CO-17": func(d *billing.Document) { whole(&d.Taxes[0].Tax, &d.Totals.Tax, &d.Totals.Gross, &d.Totals.Payable) },
		"BR-S-08":  func(d *billing.Document) { whole(&d.Taxes[0].Base) },
		"BR-E-08":  func(d *billing.Document) { cent(&d.Taxes[1].Base) },
		"BR-E-09": func(d *billing.Document) {
			cent(&d.Taxes[1].Tax)
			cent(&d.Totals.Tax)
			cent(&d.Totals.Gross)
			cent(&d.Totals.Payable)
		},
	} {
		t.Run(rule, func(t *testing.T) {
			d := s.doc(good.ID)
			spoil(&d)
			err := d.Check()
			require.ErrorIs(t, err, billing.ErrSums)
			is := fault.IssuesOf(err)
			require.Len(t, is, 1, "%v", err)
			require.Equal(t, rule, is[0].Code)
		})
	}
	d := good
	d.Lines, d.Taxes = nil, nil
	got := map[string]bool{}
	for _, i := range fault.IssuesOf(d.Check()) {
		got[i.Code] = true
	}
	require.True(t, got["BR-16"] && got["BR-CO-18"], "%v", got)
	require.NoError(t, good.Check())
}

// What the norm tolerates passes: less than one unit of the currency on the VAT
// and the base of a standard-rated row.
func TestCheckTolerates(t *testing.T) {
	s := newShop(t, settings{orders: &order.Options{Invoice: order.OnOrder}})
	d := s.issued(s.sold(buyer, "3 THIRD").ID)
	for _, x := range []*money.Amount{&d.Taxes[0].Tax, &d.Totals.Tax, &d.Totals.Gross, &d.Totals.Payable, &d.Taxes[0].Base} {
		*x, _ = x.Add(eur("0.80"))
	}
	require.NoError(t, d.Check())
}

func TestSettings(t *testing.T) {
	s := newShop(t, settings{bills: &billing.Options{}})
	require.Equal(t, []billing.Seller{{ID: billing.MainSeller}}, s.bills.Sellers())
	require.Equal(t, billing.ByERP, s.bills.IssuerOf(billing.MainSeller, billing.Invoice))
	require.Empty(t, s.bills.Series(billing.MainSeller))
	s = newShop(t, settings{})
	require.Equal(t, []billing.Series{
		{ID: billing.InvoiceSeries, Seller: "acme", Kind: billing.Invoice, Pattern: billing.DefaultInvoices, Reset: billing.YearlyReset},
		{ID: billing.CreditSeries, Seller: "acme", Kind: billing.CreditNote, Pattern: billing.DefaultCredits, Reset: billing.YearlyReset},
	}, s.bills.Series("acme"))

	_, err := billing.NewService(nil, nil, &billing.Options{
		Sellers: []billing.Seller{{ID: "a/b"}, {ID: "acme", Name: "Acme"}, {ID: "acme", Name: "Acme", VATID: "\n"}},
		Issuers: []billing.IssuerRule{{Issuer: billing.Here}, {Issuer: billing.ByERP}, {Seller: "x", Kind: "y", Issuer: "z"}},
		Series: []billing.Series{{ID: "one", Seller: "acme", Kind: billing.Invoice, Pattern: "A{seq:3}"}, {ID: "one", Seller: "acme", Kind: "x", Pattern: "A{seq:3}"},
			{ID: "", Seller: "x", Kind: billing.CreditNote, Pattern: "{year}"}},
		Tax: "x", DueDays: 4000, PaymentPattern: "P",
	})
	require.ErrorIs(t, err, billing.ErrSettings)
	for _, want := range []string{"sellers[0].id id.shape", "sellers[0].name required", "sellers[2].id repeated", "sellers[2].vat_id text.control",
		"issuers[1] repeated", "issuers[2].seller unknown", "issuers[2].kind unknown", "issuers[2].issuer unknown",
		"series[1].id repeated", "series[1].pattern repeated", "series[1].kind unknown", "series[2].id id.shape", "series[2].seller unknown",
		"tax unknown", "due_days range"} {
		require.Contains(t, issuesOf(err), want)
	}
	require.Contains(t, err.Error(), "payments.pattern")
	require.Contains(t, err.Error(), "series[2].pattern")
}

func TestDueDays(t *testing.T) {
	for days, want := range map[int]string{0: "2026-12-22", 10: "2026-12-02", -1: "2026-11-22"} {
		opts := here()
		opts.DueDays = days
		s := newShop(t, settings{bills: opts, orders: &order.Options{Invoice: order.OnOrder}})
		require.Equal(t, want, s.issued(s.sold(buyer, "1 OVEN").ID).Due.String())
	}
}
