package erp_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/fault"
)

func codes(err error) []string {
	var all []string
	for _, i := range fault.IssuesOf(err) {
		all = append(all, i.Path+" "+i.Code)
	}
	return all
}

func TestCheck(t *testing.T) {
	require.NoError(t, small("K").Check(about))
	for _, c := range []struct {
		name string
		mend func(o *erp.Order)
		want []string
	}{
		{"key empty", func(o *erp.Order) { o.Key = "" }, []string{"key key.shape"}},
		{"key of 36", func(o *erp.Order) { o.Key = strings.Repeat("k", 36) }, []string{"key key.shape"}},
		{"key of 35", func(o *erp.Order) { o.Key = strings.Repeat("A-z_0.9", 5) }, nil},
		{"key with accent", func(o *erp.Order) { o.Key = "clé" }, []string{"key key.shape"}},
		{"key with line end", func(o *erp.Order) { o.Key = "K\n" }, []string{"key key.shape"}},
		{"line key missing", func(o *erp.Order) { o.Lines[1].Key = "" }, []string{"lines[1].key key.shape"}},
		{"line key twice", func(o *erp.Order) { o.Lines[1].Key = "L1" }, []string{"lines[1].key key.repeated"}},
		{"discount key of a line", func(o *erp.Order) { o.Discounts[0].Key = "L2" }, []string{"discounts[0].key key.repeated"}},
		{"revision", func(o *erp.Order) { o.Revision = 0 }, []string{"revision revision.range"}},
		{"texts", func(o *erp.Order) { o.Reference, o.Customer, o.Lines[0].SKU = "", " ", "" },
			[]string{"reference reference.missing", "customer customer.missing", "lines[0].sku sku.missing"}},
		{"currency", func(o *erp.Order) { o.Currency = "EURO" }, []string{"currency currency.unknown"}},
		{"numeric currency", func(o *erp.Order) { o.Currency = "978" }, []string{"currency currency.unknown"}},
		{"date", func(o *erp.Order) { o.Date = "2026-02-30" }, []string{"date date.shape"}},
		{"country", func(o *erp.Order) { o.InvoiceTo.Country, o.ShipTo.Country = "FRA", "fr" },
			[]string{"invoice_to.country country.shape", "ship_to.country country.shape"}},
		{"no lines", func(o *erp.Order) { o.Lines = nil }, []string{"lines lines.empty", "net net.sum"}},
		{"quantity zero", func(o *erp.Order) { o.Lines[0].Quantity = dec("0") }, []string{"lines[0].quantity quantity.range"}},
		{"quantity too fine", func(o *erp.Order) { o.Lines[0].Quantity = dec("1.2345") }, []string{"lines[0].quantity quantity.digits"}},
		{"trailing zeros fit", func(o *erp.Order) { o.Lines[0].Quantity = dec("2.00000") }, nil},
		{"price negative", func(o *erp.Order) { o.Lines[0].UnitPrice = dec("-1") }, []string{"lines[0].unit_price price.range"}},
		{"price too fine", func(o *erp.Order) { o.Lines[0].UnitPrice = dec("1.23456") }, []string{"lines[0].unit_price price.digits"}},
		{"price of 4 digits", func(o *erp.Order) { o.Lines[0].UnitPrice = dec("49.9600") }, nil},
		{"base negative", func(o *erp.Order) { o.Lines[0].PriceBase = dec("-100") }, []string{"lines[0].price_base price_base.range"}},
		{"base too fine", func(o *erp.Order) { o.Lines[0].PriceBase = dec("0.0001") }, []string{"lines[0].price_base price_base.digits"}},
		{"tax rate", func(o *erp.Order) { o.Lines[0].TaxRate, o.Discounts[0].TaxRate = dec("100.01"), dec("-1") },
			[]string{"lines[0].tax_rate tax_rate.range", "discounts[0].tax_rate tax_rate.range"}},
		{"warranty", func(o *erp.Order) { o.Lines[0].Warranty = "maybe" }, []string{"lines[0].warranty warranty.unknown"}},
		{"warranty in", func(o *erp.Order) { o.Lines[0].Ticket, o.Lines[0].Warranty = "SAV-1", erp.WarrantyIn }, nil},
		{"line off by a cent", func(o *erp.Order) { o.Lines[0].Net = dec("99.93") }, []string{"net net.sum"}},
		{"discount forgotten", func(o *erp.Order) { o.Discounts = nil }, []string{"net net.sum"}},
		{"gross off by a cent", func(o *erp.Order) { o.Gross = dec("151.41") }, []string{"gross gross.sum"}},
		{"amount too fine for euros", func(o *erp.Order) { o.Tax = dec("25.234") }, []string{"tax amount.digits"}},
		{"yen have no decimals", func(o *erp.Order) { o.Currency = "JPY" },
			[]string{"net amount.digits", "tax amount.digits", "gross amount.digits", "lines[0].net amount.digits", "lines[1].net amount.digits"}},
		{"dinars have three", func(o *erp.Order) {
			o.Currency, o.Tax, o.Gross = "BHD", dec("25.234"), dec("151.404")
		}, nil},
		{"a number that would fill the memory", func(o *erp.Order) { o.Net = dec("1e9999").Shift(1 << 30) }, []string{"net number.size"}},
		{"a quantity beyond reason", func(o *erp.Order) { o.Lines[0].Quantity = dec("1e40") }, []string{"lines[0].quantity number.size"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := small("K")
			c.mend(&o)
			err := o.Check(about)
			require.Equal(t, c.want, codes(err))
			if c.want != nil {
				require.ErrorIs(t, err, erp.ErrInvalidDocument)
				require.Equal(t, fault.Invalid, fault.KindOf(err))
			}
		})
	}
}

func TestCheckCollectsAllIssues(t *testing.T) {
	require.Equal(t, []string{
		"key key.shape", "revision revision.range", "reference reference.missing", "customer customer.missing",
		"date date.shape", "lines lines.empty", "currency currency.unknown",
	}, codes(erp.Order{}.Check(about)))
}

func TestCheckHoldsTheERPsLimits(t *testing.T) {
	d := about
	d.MaxLines = 2
	require.Equal(t, []string{"lines lines.too_many"}, codes(small("K").Check(d)))
	d.MaxLines = 3
	require.NoError(t, small("K").Check(d))
	d.PriceDigits = 1
	require.Equal(t, []string{"lines[0].unit_price price.digits"}, codes(small("K").Check(d)))
}

func TestDrift(t *testing.T) {
	o := small("K")
	_, drifted := erp.Receipt{}.Drift(o)
	require.False(t, drifted, "no totals told")
	same := erp.Receipt{Totals: &erp.Totals{Net: dec("126.170"), Tax: o.Tax, Gross: o.Gross}}
	_, drifted = same.Drift(o)
	require.False(t, drifted)
	other := erp.Receipt{Totals: &erp.Totals{Net: o.Net, Tax: dec("25.24"), Gross: dec("151.41")}}
	d, drifted := other.Drift(o)
	require.True(t, drifted)
	require.Equal(t, "0.00 0.01 0.01", d.Net.StringFixed(2)+" "+d.Tax.StringFixed(2)+" "+d.Gross.StringFixed(2))
}

func TestCloneSharesNothing(t *testing.T) {
	o := small("K")
	c := o.Clone()
	c.Lines[0].SKU, c.Discounts[0].Code = "x", "x"
	require.Equal(t, small("K"), o)
}
