package pricing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// A code whose discount rounding leaves nothing of is not used: it is told why, and
// no cart or order spends it. One that moves the total by a unit is.
func TestCodesThatTakeNothingAreNotApplied(t *testing.T) {
	for _, level := range []pricing.RoundLevel{pricing.RoundLine, pricing.RoundUnit, pricing.RoundDocument, pricing.RoundPrecise} {
		for _, on := range []pricing.Bearer{pricing.OnLine, pricing.OnOrder} {
			for _, gross := range []bool{false, true} {
				for percent, left := range map[string]string{"1": "0.40", "2": "0.39"} {
					what := string(level) + " " + string(on) + " " + percent
					r := off("WELCOME", percent, on, 1)
					r.When.Campaign = "welcome"
					e := engine(t, tariff(t, pricing.Policy{Level: level}, r))
					b := basket(money.EUR, line{"0.40", "1", "zero", gross})
					b.Codes = []pricing.UsedCode{{Code: "W-1", Campaign: "welcome"}}
					q := quote(t, e, b)
					require.Equal(t, left, q.Gross.Text(), what)
					require.Equal(t, left == "0.39", q.Codes[0].Applied, what)
					require.Equal(t, left == "0.39", len(q.Adjustments) == 1 || q.Lines[0].Discount.Sign() > 0, what)
					if left == "0.40" {
						require.Equal(t, pricing.ConditionNotMet, q.Codes[0].Reason, what)
						require.Equal(t, pricing.LackEffect, q.Codes[0].Missing.What, what)
					}
				}
			}
		}
	}
}

// Of a price with tax a unit may be taken and no net: what is to be paid has moved
// all the same, unless no tax is due.
func TestCodesThatTakeTaxAlone(t *testing.T) {
	for country, applied := range map[string]bool{"FR": true, "CH": false} {
		unit := money.FromMinor(1, money.EUR)
		r := pricing.Rule{Code: "CENT", On: pricing.OnOrder, When: pricing.When{Campaign: "welcome"}, Give: pricing.Effect{Amount: &unit}}
		b := basket(money.EUR, line{"1.00", "1", "standard", true}) // 0.83 net, as 0.99 is
		b.Country = country2(country)
		b.Codes = []pricing.UsedCode{{Code: "W-1", Campaign: "welcome"}}
		before := quote(t, engine(t, tariff(t, pricing.EN16931())), b)
		q := quote(t, engine(t, tariff(t, pricing.EN16931(), r)), b)
		require.Equal(t, before.Net, q.Net)
		require.Equal(t, applied, q.Codes[0].Applied, country)
		require.Equal(t, applied, q.Gross != before.Gross, country)
	}
}
