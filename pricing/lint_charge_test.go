package pricing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// Charges that overlap by weight are found before a delivery is refused for
// them, and so are weights between them at which nothing is charged.
func TestLintCharges(t *testing.T) {
	kg := func(from, until string) func(*pricing.ChargeRule) {
		return func(r *pricing.ChargeRule) {
			r.When.Weight = &pricing.QuantityRange{From: money.MustQuantity(from), Until: money.MustQuantity(until)}
		}
	}
	worth := func(from, until string) func(*pricing.ChargeRule) {
		return func(r *pricing.ChargeRule) {
			r.When.Goods = &pricing.AmountRange{From: euros(from), Until: euros(until)}
		}
	}
	const overlap = `ambiguous S1, S2: both are charges of kind "shipping" with priority 0, and a delivery that both fit is refused`
	for name, c := range map[string]struct {
		charges []pricing.ChargeRule
		want    []string
	}{
		"overlap":                 {[]pricing.ChargeRule{ship("S1", "5", kg("0", "20")), ship("S2", "7", kg("10", "30"))}, []string{overlap}},
		"gap":                     {[]pricing.ChargeRule{ship("S1", "5", kg("0", "10")), ship("S2", "7", kg("20", "30"))}, []string{`gap S1, S2: 10 kg lie between them, and nothing of kind "shipping" is charged`}},
		"gap by amount":           {[]pricing.ChargeRule{ship("S1", "5", worth("0", "100")), ship("S2", "7", worth("200", "500"))}, []string{`gap S1, S2: goods of 100.00 EUR lie between them, and nothing of kind "shipping" is charged`}},
		"amounts that meet":       {[]pricing.ChargeRule{ship("S1", "5", worth("0", "100")), ship("S2", "7", worth("100", "500"))}, nil},
		"filled by weight":        {[]pricing.ChargeRule{ship("S1", "5", worth("0", "100")), ship("S2", "7", worth("200", "500")), ship("S3", "9", kg("0", "30"), prior(-1))}, nil},
		"amounts apart in weight": {[]pricing.ChargeRule{ship("S1", "5", worth("0", "100"), kg("0", "10")), ship("S2", "7", worth("200", "500"), kg("10", "20"))}, nil},
		"one after another":       {[]pricing.ChargeRule{ship("S1", "5", kg("0", "10")), ship("S2", "7", kg("10", "30"))}, nil},
		"one below all":           {[]pricing.ChargeRule{ship("S1", "5", kg("0", "10")), ship("S2", "7", kg("20", "30")), ship("S3", "9", prior(-1))}, nil},
		"by rank":                 {[]pricing.ChargeRule{ship("S1", "5", kg("0", "20"), prior(1)), ship("S2", "7", kg("10", "30"))}, nil},
	} {
		tf := tariff(t, pricing.EN16931(), off("ALL", "10", pricing.OnOrder, 1)) // the witness pays so much more
		tf.Charges = c.charges
		fs, err := pricing.Lint(t.Context(), tf, nil)
		require.NoError(t, err)
		var got []string
		for _, f := range fs {
			got = append(got, f.String())
			require.NotNil(t, f.Witness, name)
			q, err := engine(t, tf).Quote(t.Context(), *f.Witness)
			if f.Kind == pricing.Ambiguous {
				require.Equal(t, "pricing.charges", fault.CodeOf(err))
			} else {
				require.NoError(t, err)
				require.Len(t, q.Adjustments, 1, "the rule's, and no charge")
			}
		}
		require.Equal(t, c.want, got, name)
	}
}

// A scale with a hole is found; one that ends with nothing is meant so.
func TestLintScales(t *testing.T) {
	step := func(from, percent int64) pricing.Tier {
		return pricing.Tier{Quantity: money.QuantityOf(from), Percent: money.RateOf(percent)}
	}
	r := off("A", "5", pricing.OnLine, 1)
	r.Give = pricing.Effect{Tiers: &pricing.Tiers{By: pricing.ByQuantity, Steps: []pricing.Tier{step(1, 0), step(10, 5), step(20, 0), step(30, 7)}}}
	require.Equal(t, []string{"gap A: step 3 of its scale gives nothing, between steps that do"}, lint(t, tariff(t, pricing.EN16931(), r)))
	r.Give.Tiers.Steps = r.Give.Tiers.Steps[:3]
	require.Empty(t, lint(t, tariff(t, pricing.EN16931(), r)))
}
