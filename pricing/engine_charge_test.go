package pricing_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

// Shipping is taxed with the lines that bear it, after discounts on the whole:
// Medusa totals.ts, 2 × 50 − 20 + shipping 25 − 2 at 10 %, is 113.30.
func TestShippingIsTaxedWithItsBearers(t *testing.T) {
	tf := tariff(t, pricing.EN16931(), amountOff("A", "20.00"))
	tf.Charges = []pricing.ChargeRule{{Code: "SHIP", Kind: "shipping", Amount: pricing.ChargeAmount{Fixed: euros("25.00")},
		Off: []pricing.ChargeOff{{Amount: euros("2.00"), Rule: "A"}}}}
	q := quote(t, engine(t, tf), basket(money.EUR, line{"50", "2", "10", false}))
	require.Equal(t, "113.30 EUR", q.Gross.String())
	require.Equal(t, "23.00 EUR", q.Adjustments[1].Amount.String())

	for by, want := range map[pricing.ChargeTax]string{ // 10.00 on 100.00 at 20 % and 300.00 at 5.5 %
		pricing.ByNet: "447.41 EUR", pricing.HighestRate: "448.50 EUR", pricing.LowestRate: "447.05 EUR", pricing.MainRate: "447.05 EUR",
	} {
		tf = tariff(t, pricing.EN16931())
		tf.Charges = []pricing.ChargeRule{{Code: "SHIP", Kind: "shipping", Amount: pricing.ChargeAmount{Fixed: euros("10.00")}, TaxBy: by}}
		q = quote(t, engine(t, tf), basket(money.EUR, line{"100", "1", "standard", false}, line{"300", "1", "reduced", false}))
		require.Equal(t, want, q.Gross.String(), "by %q", by)
	}
	tf.Charges[0].Code = "A"
	tf.Rules = []pricing.Rule{amountOff("A", "1.00")}
	_, err := pricing.Compile(tf, nil)
	require.ErrorIs(t, err, pricing.ErrTariff, "a rule and a charge of one code")
}

// Goods that cost nothing are brought for what bringing them costs: by their list
// values, and for samples by the first line of the highest rate.
func TestFreeGoodsBearShipping(t *testing.T) {
	for _, tax := range []pricing.TaxLevel{pricing.TaxPerDocument, pricing.TaxPerLine} {
		p := pricing.EN16931()
		p.Tax = tax
		tf := tariff(t, p, off("ALL", "100", pricing.OnOrder, 1))
		tf.Charges = []pricing.ChargeRule{{Code: "SHIP", Kind: "shipping", Amount: pricing.ChargeAmount{Fixed: euros("4.00")}}}
		e := engine(t, tf)
		q := quote(t, e, basket(money.EUR, line{"30", "1", "standard", false}, line{"10", "1", "reduced", false}))
		require.Equal(t, "4.00 EUR 0.66 EUR 4.66 EUR", fmt.Sprint(q.Net, q.Tax, q.Gross), "3.00 at 20 % and 1.00 at 5.5 %")
		q = quote(t, e, basket(money.EUR, line{"0", "1", "reduced", false}, line{"0", "1", "standard", false}))
		require.Equal(t, "4.00 EUR 0.80 EUR 4.80 EUR", fmt.Sprint(q.Net, q.Tax, q.Gross))
		require.NoError(t, q.Check())
	}
}

// Parties and the tariff's rules decide the tax, and the quote says why none is
// due.
func TestTaxRulesOfATariff(t *testing.T) {
	for _, c := range []struct {
		country, id string
		rules       []pricing.TaxRule
		gross, code string
	}{
		{"FR", "", nil, "120.00 EUR", ""},
		{"DE", "DE136695976", nil, "100.00 EUR", "VATEX-EU-IC"},
		{"CH", "", nil, "100.00 EUR", "VATEX-EU-G"},
		{"DE", "", nil, "120.00 EUR", ""},
		{"DE", "", pricing.EUTaxRules(&pricing.EUTaxOptions{OneStopShop: true}), "119.00 EUR", ""},
		{"FR", "FR40303265045", pricing.EUTaxRules(&pricing.EUTaxOptions{ReverseCharge: []pricing.ReverseChargeOf{{Country: "FR", Class: "standard"}}}),
			"100.00 EUR", "VATEX-EU-AE"},
	} {
		tf := tariff(t, pricing.EN16931())
		tf.TaxRules = c.rules
		b := basket(money.EUR, line{"100", "1", "standard", false})
		b.Country, b.VATID = partner.Country(c.country), c.id
		q := quote(t, engine(t, tf), b)
		require.Equal(t, c.gross, q.Gross.String(), "%s %q", c.country, c.id)
		if c.code == "" {
			require.Empty(t, q.Reasons)
		} else {
			require.Equal(t, c.code, q.Reasons[0].Exemption.Code)
		}
	}
}
