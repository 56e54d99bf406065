package pricing_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/catalog"
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

// Of two codes that take something together and nothing alone one applies, the
// first; so does one that takes nothing before what follows on the whole is taken.
func TestCodesThatTakeSomethingTogether(t *testing.T) {
	code := func(name, percent string, on pricing.Bearer, rank int) pricing.Rule {
		r := off(name, percent, on, rank)
		r.When.Campaign = name
		return r
	}
	both := []pricing.UsedCode{{Code: "A-1", Campaign: "A"}, {Code: "B-1", Campaign: "B"}}
	for _, on := range []pricing.Bearer{pricing.OnLine, pricing.OnOrder} {
		p := pricing.Policy{Level: pricing.RoundDocument}
		b := basket(money.EUR, line{"10.006", "1", "zero", false})
		require.Equal(t, "10.01", quote(t, engine(t, tariff(t, p)), b).Gross.Text())
		b.Codes = both
		q := quote(t, engine(t, tariff(t, p, code("A", "0.04", on, 2), code("B", "0.04", on, 1))), b)
		require.Equal(t, "10.00", q.Gross.Text(), on)
		require.True(t, q.Codes[0].Applied, on)
		require.False(t, q.Codes[1].Applied, on)
		require.Equal(t, pricing.LackEffect, q.Codes[1].Missing.What, on)
	}

	p := pricing.Policy{Level: pricing.RoundDocument} // 10.0104 and 10.0094 are 10.01, but half of them 5.01 and 5.00
	b := basket(money.EUR, line{"10.0104", "1", "zero", false})
	half := off("HALF", "50", pricing.OnOrder, 1)
	require.Equal(t, "5.01", quote(t, engine(t, tariff(t, p, half)), b).Gross.Text())
	b.Codes = both[:1]
	q := quote(t, engine(t, tariff(t, p, code("A", "0.01", pricing.OnLine, 2), half)), b)
	require.Equal(t, "5.00", q.Gross.Text())
	require.True(t, q.Codes[0].Applied)
}

// A code of which rounding leaves nothing, and which holds back another of which it
// leaves nothing either, does not stand because without it the other would keep
// a discount from the whole: both are as if they had not been entered.
func TestCodesThatHoldBackAnother(t *testing.T) {
	coded := func(name string, rank int) pricing.Rule {
		r := off(name, "1", pricing.OnLine, rank)
		r.When.Campaign = name
		return r
	}
	only := coded("B", 2) // not after A, and no discount on the whole after it
	only.Exclusive = true
	e := engine(t, tariff(t, pricing.Policy{Level: pricing.RoundDocument}, coded("A", 3), only, off("HALF", "50", pricing.OnOrder, 1)))
	a, b := pricing.UsedCode{Code: "A-1", Campaign: "A"}, pricing.UsedCode{Code: "B-1", Campaign: "B"}
	for _, codes := range [][]pricing.UsedCode{nil, {a}, {b}, {a, b}, {b, a}} {
		basket := basket(money.EUR, line{"0.40", "1", "zero", false})
		basket.Codes = codes
		q := quote(t, e, basket)
		require.Equal(t, "0.20", q.Gross.Text(), codes)
		for _, c := range q.Codes {
			require.Equal(t, pricing.CodeOutcome{UsedCode: c.UsedCode, Reason: pricing.ConditionNotMet, Missing: &pricing.Missing{What: pricing.LackEffect}}, c, codes)
		}
	}
}

// A code that takes something off lines is spent only where that moves what is to be
// paid: what others take all the same is theirs. Where it moves it upwards, because
// the tariff lets it keep others out, it applies.
func TestCodesThatOthersEat(t *testing.T) {
	eight := money.MustPrice("8", money.EUR)
	fixed := pricing.Rule{Code: "EIGHT", On: pricing.OnLine, Priority: 1, Give: pricing.Effect{Price: &eight}}
	exclusive := off("CODE", "10", pricing.OnLine, 2)
	exclusive.Exclusive = true
	for _, c := range []struct {
		name        string
		price       string
		code, plain pricing.Rule
		left        string
		applied     bool
	}{
		{"all is free", "10", off("CODE", "10", pricing.OnLine, 2), off("FREE", "100", pricing.OnOrder, 1), "0.00", false},
		{"a price follows", "10", off("CODE", "10", pricing.OnLine, 2), fixed, "8.00", false},
		{"a price follows, and it is higher", "10", off("CODE", "30", pricing.OnLine, 2), fixed, "7.00", true},
		{"half of it is rounded away", "0.03", off("CODE", "30", pricing.OnLine, 2), off("HALF", "50", pricing.OnOrder, 1), "0.01", false},
		{"half of it is left", "10", off("CODE", "10", pricing.OnLine, 2), off("HALF", "50", pricing.OnOrder, 1), "4.50", true},
		{"it keeps a greater one out", "10", exclusive, off("HALF", "50", pricing.OnOrder, 1), "9.00", true},
	} {
		c.code.When.Campaign = "A"
		b := basket(money.EUR, line{c.price, "1", "zero", false})
		b.Codes = []pricing.UsedCode{{Code: "A-1", Campaign: "A"}, {Code: "A-2", Campaign: "A"}}
		q := quote(t, engine(t, tariff(t, pricing.EN16931(), c.code, c.plain)), b)
		require.Equal(t, c.left, q.Gross.Text(), c.name)
		require.Equal(t, c.applied, q.Codes[0].Applied, c.name)
		if !c.applied {
			require.Equal(t, pricing.LackEffect, q.Codes[0].Missing.What, c.name)
			require.Equal(t, pricing.CodeBeaten, q.Codes[1].Reason, c.name)
			require.Equal(t, quote(t, engine(t, tariff(t, pricing.EN16931(), c.plain)), b).Lines, q.Lines, c.name)
		}
	}
}

// So it may be with a charge that goods made cheaper are no longer free of.
func TestCodesThatCostAFreeDelivery(t *testing.T) {
	tf := tariff(t, pricing.EN16931(), off("CODE", "10", pricing.OnLine, 1))
	tf.Rules[0].When.Campaign = "A"
	tf.Charges = []pricing.ChargeRule{{Code: "SHIP", Kind: "shipping", Amount: pricing.ChargeAmount{Fixed: euros("15"), FreeFrom: euros("18")}}}
	b := basket(money.EUR, line{"18.90", "1", "zero", false})
	require.Equal(t, "18.90", quote(t, engine(t, tf), b).Gross.Text())
	b.Codes = []pricing.UsedCode{{Code: "A-1", Campaign: "A"}}
	q := quote(t, engine(t, tf), b)
	require.Equal(t, "32.01", q.Gross.Text())
	require.True(t, q.Codes[0].Applied)
}

// Of two codes that do the same the one of the first rule is spent.
func TestCodesThatDoTheSame(t *testing.T) {
	a, b := off("A", "10", pricing.OnLine, 2), off("B", "10", pricing.OnLine, 1)
	a.When.Campaign, b.When.Campaign = "A", "B"
	best := pricing.EN16931()
	best.Lines.Mode = pricing.BestFor
	e := engine(t, tariff(t, best, a, b))
	basket := basket(money.EUR, line{"10", "1", "zero", false})
	basket.Codes = []pricing.UsedCode{{Code: "B-1", Campaign: "B"}, {Code: "A-1", Campaign: "A"}}
	q := quote(t, e, basket)
	require.Equal(t, "9.00", q.Gross.Text())
	require.Equal(t, pricing.CodeOutcome{UsedCode: basket.Codes[0], Reason: pricing.CodeBeaten, By: "A"}, q.Codes[0])
	require.True(t, q.Codes[1].Applied)
}

// Percents that are summed do not get those of a code without effect: four percent
// of a unit price of 0.10 are nothing, eight of 100 such lines would be a tenth.
func TestCodesWithoutEffectAreNotSummed(t *testing.T) {
	for on, lines := range map[pricing.Bearer]int{pricing.OnLine: 100, pricing.OnOrder: 1} {
		summed := pricing.Stacking{Mode: pricing.Additive}
		coded, plain := off("CODED", "4", on, 2), off("PLAIN", "4", on, 1)
		coded.When.Campaign = "A"
		e := engine(t, tariff(t, pricing.Policy{Level: pricing.RoundLine, Lines: summed, Orders: summed}, coded, plain))
		b := basket(money.EUR)
		for range lines {
			b.Lines = append(b.Lines, basket(money.EUR, line{"0.10", "1", "zero", false}).Lines...)
			b.Lines[len(b.Lines)-1].ID = pricing.LineID(fmt.Sprint(len(b.Lines)))
		}
		want := quote(t, e, b).Gross.Text()
		b.Codes = []pricing.UsedCode{{Code: "A-1", Campaign: "A"}}
		q := quote(t, e, b)
		require.False(t, q.Codes[0].Applied, on)
		require.Equal(t, pricing.LackEffect, q.Codes[0].Missing.What, on)
		require.Equal(t, want, q.Gross.Text(), on)
	}
}

// A code that is told as not applied moves nothing: the quote is the one without
// it. Only what it was told of the code is its own. One that applied moves what is to
// be paid.
func TestLawCodesThatDoNotApplyMoveNothing(t *testing.T) {
	rows := table(t).Rows()
	rapid.Check(t, func(t *rapid.T) {
		b := drawBasket(t)
		tf := pricing.Tariff{Seller: "FR", Policy: drawPolicy(t), Taxes: rows, Rules: drawRules(t, b.Currency, nil), Charges: drawShipping(t, b.Currency)}
		if rapid.Bool().Draw(t, "summed") { // on many lines of small prices
			tf.Policy.Lines, tf.Policy.Orders = pricing.Stacking{Mode: pricing.Additive}, pricing.Stacking{Mode: pricing.Additive}
			tf.Rules = append(tf.Rules, off("CODED", "4", pricing.OnLine, 22), off("PLAIN", "4", pricing.OnLine, 21), off("WHOLE", "4", pricing.OnOrder, 20))
			small, err := money.PriceFromMicros(rapid.Int64Range(1, 200_000).Draw(t, "small price"), b.Currency)
			require.NoError(t, err)
			for i := range b.Lines {
				b.Lines[i].Quantity = money.QuantityOf(1)
				b.Lines[i].Prices = []catalog.ListPrice{{Stated: catalog.Net, Breaks: []catalog.Break{{Price: small}}}}
			}
		}
		campaigns := []string{"", "A", "B", "C"}
		for k := range tf.Rules {
			r := &tf.Rules[k]
			r.When.Campaign = rapid.SampledFrom(campaigns).Draw(t, "campaign")
			if rapid.Bool().Draw(t, "small") { // of what rounding may leave nothing
				small, err := money.RateFromUnits(rapid.Int64Range(1, 1000).Draw(t, "units of a small rate"))
				require.NoError(t, err)
				r.Give, r.Most = pricing.Effect{Percent: small}, nil
			}
		}
		for k := range tf.Charges {
			tf.Charges[k].Off = []pricing.ChargeOff{{Campaign: "A", Percent: money.RateOf(50)}}
		}
		for _, c := range rapid.Permutation(append(campaigns[1:], "A")).Draw(t, "codes")[:rapid.IntRange(1, 4).Draw(t, "how many")] {
			b.Codes = append(b.Codes, pricing.UsedCode{Code: fmt.Sprint(c, len(b.Codes)), Campaign: c})
		}
		e := engine(t, tf)
		q, err := e.Quote(t.Context(), b)
		if err != nil {
			require.ErrorIs(t, err, pricing.ErrAdjustment)
			return
		}
		require.NoError(t, q.Check())
		without := b.Clone()
		without.Codes = nil
		for _, c := range q.Codes {
			if c.Applied {
				without.Codes = append(without.Codes, c.UsedCode)
			}
		}
		w, err := e.Quote(t.Context(), without)
		require.NoError(t, err)
		for _, c := range w.Codes {
			require.True(t, c.Applied)
		}
		w.Codes, w.Basis, w.Seal = q.Codes, q.Basis, q.Seal
		require.Equal(t, q, w)
		for _, c := range without.Codes {
			less := without.Clone()
			less.Codes = slices.DeleteFunc(less.Codes, func(u pricing.UsedCode) bool { return u.Campaign == c.Campaign })
			o, err := e.Quote(t.Context(), less)
			if err == nil && !slices.ContainsFunc(o.Codes, func(c pricing.CodeOutcome) bool { return !c.Applied }) {
				require.NotEqual(t, o.Gross, q.Gross, c)
			}
		}
	})
}
