package pricing_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

func engine(t require.TestingT, tariff pricing.Tariff) *pricing.Engine {
	e, err := pricing.Compile(tariff, nil)
	require.NoError(t, err)
	return e
}

func tariff(t testing.TB, p pricing.Policy, rules ...pricing.Rule) pricing.Tariff {
	return pricing.Tariff{Name: "test", Seller: "FR", Policy: p, Taxes: table(t).Rows(), Rules: rules}
}

func off(code, percent string, on pricing.Bearer, priority int) pricing.Rule {
	return pricing.Rule{Code: code, On: on, Priority: priority, Give: pricing.Effect{Percent: money.MustRate(percent)}}
}

// Without rules an engine is a list pricer, to the figure.
func TestLawEngineIsListPricer(t *testing.T) {
	list, e := pricing.NewListPricer(table(t), nil), engine(t, tariff(t, pricing.EN16931()))
	rapid.Check(t, func(t *rapid.T) {
		b := drawBasket(t)
		want, err := list.Quote(t.Context(), b)
		require.NoError(t, err)
		got, err := e.Quote(t.Context(), b)
		require.NoError(t, err)
		require.Empty(t, pricing.Diff(want, got))
	})
}

func drawRule(t *rapid.T, n int, cur money.Currency) pricing.Rule {
	r := pricing.Rule{Code: fmt.Sprint("R", n), Priority: 100 - n, On: pricing.OnLine,
		Exclusive: rapid.IntRange(0, 5).Draw(t, "exclusive") == 0, Stop: rapid.IntRange(0, 5).Draw(t, "stop") == 0,
		Lane: rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "lane")}
	if rapid.Bool().Draw(t, "order") {
		r.On = pricing.OnOrder
	}
	for k := range 4 {
		if rapid.IntRange(0, 3).Draw(t, "product") == 0 {
			r.Goods.Products = append(r.Goods.Products, catalog.ID(fmt.Sprint("product-", k+1)))
		}
	}
	amount := func(name string) *money.Amount {
		a := money.FromMinor(rapid.Int64Range(1, 100_000).Draw(t, name), cur)
		return &a
	}
	percent := func() money.Rate {
		p, _ := money.RateFromUnits(rapid.SampledFrom([]int64{1_000_000, 50_000, 333_333, 100_000, rapid.Int64Range(1, 1_000_000).Draw(t, "units")}).Draw(t, "percent"))
		return p
	}
	switch rapid.IntRange(0, 6).Draw(t, "effect") {
	case 0, 1:
		r.Give.Percent = percent()
	case 2:
		r.Give.Amount, r.Give.Per = amount("amount"), rapid.SampledFrom([]pricing.Per{pricing.PerGoods, pricing.PerLine, pricing.PerUnit}).Draw(t, "per")
	case 3:
		p := money.MustPrice("1.25", cur)
		r.Give.Price = &p
	case 4:
		r.Give.Cheapest = &pricing.Cheapest{Of: 3, Free: 1}
	case 5:
		r.Give.Item = &pricing.FreeItem{Product: "product-2", Quantity: money.QuantityOf(1), For: money.QuantityOf(2)}
	case 6:
		r.Give.Tiers = &pricing.Tiers{By: pricing.ByQuantity, Across: rapid.Bool().Draw(t, "across"), Marginal: rapid.Bool().Draw(t, "marginal"),
			Steps: []pricing.Tier{{Percent: money.RateOf(1)}, {Quantity: money.QuantityOf(10), Percent: percent()}, {Quantity: money.QuantityOf(50), Percent: percent()}}}
	}
	if rapid.IntRange(0, 3).Draw(t, "most") == 0 {
		r.Most = amount("most amount")
	}
	return r
}

// drawPolicy makes policies that may be compiled: a preset, at any level, and any
// stacking.
func drawPolicy(t *rapid.T) pricing.Policy {
	p := rapid.SampledFrom(pricing.Presets()).Draw(t, "preset")
	p.Level = rapid.SampledFrom([]pricing.RoundLevel{pricing.RoundLine, pricing.RoundUnit, pricing.RoundDocument, pricing.RoundPrecise}).Draw(t, "level")
	if p.Level == pricing.RoundPrecise {
		p.Tax = pricing.TaxPerDocument
	}
	modes := []pricing.Stacking{{Mode: pricing.Compounded}, {Mode: pricing.OffBase}, {Mode: pricing.Additive}, {Mode: pricing.Exclusively},
		{Mode: pricing.BestFor}, {Mode: pricing.Lanes, Across: pricing.Compounded}}
	p.Lines = rapid.SampledFrom(modes).Draw(t, "lines")
	p.Orders = rapid.SampledFrom(modes).Draw(t, "orders")
	return p
}

// Laws 4, 7 and 8, whatever rules take: net and tax make up the gross of the line,
// the rate and the document, the breakdown sums to the tax, no line is below zero
// nor bears what is not about it, and the quote is priced again to the same figures.
func TestLawEngineFiguresAgree(t *testing.T) {
	rows := table(t).Rows()
	rapid.Check(t, func(t *rapid.T) {
		b := drawBasket(t)
		p := drawPolicy(t)
		tf := pricing.Tariff{Seller: "FR", Policy: p, Taxes: rows}
		for n := range rapid.IntRange(0, 6).Draw(t, "rules") {
			tf.Rules = append(tf.Rules, drawRule(t, n, b.Currency))
		}
		floor := money.MustPrice("0.5", b.Currency)
		if rapid.Bool().Draw(t, "floor") {
			tf.Floors = []pricing.Floor{{Goods: pricing.Goods{Products: []catalog.ID{"product-1"}}, Price: &floor}}
		}
		if rapid.Bool().Draw(t, "shipping") {
			fixed := money.FromMinor(rapid.Int64Range(1, 5000).Draw(t, "fixed"), b.Currency)
			tf.Charges = []pricing.ChargeRule{{Code: "SHIP", Kind: "shipping", Amount: pricing.ChargeAmount{Fixed: &fixed},
				TaxBy: rapid.SampledFrom([]pricing.ChargeTax{pricing.ByNet, pricing.HighestRate, pricing.LowestRate, pricing.MainRate}).Draw(t, "tax by")}}
		}
		e := engine(t, tf)
		q, err := e.Quote(t.Context(), b)
		if len(tf.Charges) > 0 && errors.Is(err, pricing.ErrAdjustment) {
			tf.Charges = nil // there is nothing that could bear it
			e = engine(t, tf)
			free, err := e.Quote(t.Context(), b)
			require.NoError(t, err)
			require.True(t, free.Net.IsZero())
			return
		}
		require.NoError(t, err)
		require.NoError(t, q.Check())
		require.NoError(t, q.Verify())
		for k, a := range q.Adjustments {
			at := slices.IndexFunc(tf.Rules, func(r pricing.Rule) bool { return r.Code == a.Code })
			if at < 0 || tf.Rules[at].Give.Item != nil || len(tf.Rules[at].Goods.Products) == 0 {
				continue
			}
			for _, l := range q.Lines {
				require.True(t, l.Shares[k].IsZero() || slices.Contains(tf.Rules[at].Goods.Products, l.Product), "line %s bears %s of %s", l.ID, l.Shares[k], a.Code)
			}
		}
		again, err := e.Requote(t.Context(), q, nil)
		require.NoError(t, err)
		require.Empty(t, pricing.Diff(q, again))
		require.Equal(t, q.Seal, again.Seal)
	})
}

func TestStackingModes(t *testing.T) {
	for mode, want := range map[pricing.StackMode]string{ // of 100.00, 20 % and 10 %
		pricing.Compounded: "72.00 EUR", pricing.OffBase: "70.00 EUR", pricing.Additive: "70.00 EUR",
		pricing.Exclusively: "80.00 EUR", pricing.BestFor: "80.00 EUR",
	} {
		for _, on := range []pricing.Bearer{pricing.OnLine, pricing.OnOrder} {
			s := pricing.Stacking{Mode: mode}
			q := quote(t, engine(t, tariff(t, pricing.Policy{Lines: s, Orders: s}, off("A", "20", on, 2), off("B", "10", on, 1))),
				basket(money.EUR, line{"100", "1", "standard", false}))
			require.Equal(t, want, q.Net.String(), "%s on %s", mode, on)
		}
	}
}

func amountOff(code, amount string) pricing.Rule {
	a := money.MustAmount(amount, money.EUR)
	return pricing.Rule{Code: code, On: pricing.OnOrder, Give: pricing.Effect{Amount: &a}}
}

// Rules of equal rank whose order decides are refused, or reported.
func TestEqualRankIsNoCoinToss(t *testing.T) {
	b := basket(money.EUR, line{"100", "1", "standard", false})
	named := off("A", "20", pricing.OnLine, 1)
	named.Goods.Products = []catalog.ID{"product-1"}
	tf := tariff(t, pricing.EN16931(), named, off("B", "10", pricing.OnLine, 1))
	_, err := engine(t, tf).Quote(t.Context(), b)
	require.ErrorIs(t, err, pricing.ErrConflict)
	require.Len(t, fault.IssuesOf(err), 1)
	tf.Policy.Conflicts = pricing.ReportConflicts
	q := quote(t, engine(t, tf), b)
	require.Equal(t, []pricing.Conflict{{Rules: []string{"A", "B"}, Lines: []pricing.LineID{"1"}}}, q.Conflicts)

	_, err = pricing.Compile(tariff(t, pricing.EN16931(), off("A", "20", pricing.OnLine, 1), off("B", "10", pricing.OnLine, 1)), nil)
	require.ErrorIs(t, err, pricing.ErrTariff, "what always fits together is found at once")
}

// A name binds by its bytes; the action decides who gets the discount, and when.
func TestDiscountsBindByExactName(t *testing.T) {
	r := off("S", "10", pricing.OnLine, 1)
	r.Discount = "Summer"
	tf := tariff(t, pricing.EN16931(), r)
	_, err := pricing.Compile(tf, nil)
	require.ErrorIs(t, err, pricing.ErrTariff)
	tf.Discounts = []pricing.Discount{{ID: "d1", Name: "Summer"}}
	tf.Actions = []pricing.Action{{ID: "d1", Agreement: "A1", Span: pricing.Span{Until: noon.Add(time.Hour)}}}
	e := engine(t, tf)
	b := basket(money.EUR, line{"100", "1", "standard", false})
	require.Equal(t, "100.00 EUR", quote(t, e, b).Net.String())
	b.Agreements = append(b.Agreements, "A1")
	require.Equal(t, "90.00 EUR", quote(t, e, b).Net.String())
	b.At = noon.Add(time.Hour)
	require.Equal(t, "100.00 EUR", quote(t, e, b).Net.String())
}

// A correction recorded later does not change what was known before.
func TestQuotesArePricedAgainAsKnown(t *testing.T) {
	was, now := off("P", "10", pricing.OnLine, 1), off("P", "25", pricing.OnLine, 1)
	b := basket(money.EUR, line{"100", "1", "standard", false})
	old := quote(t, engine(t, tariff(t, pricing.EN16931(), was)), b)
	later := noon.Add(24 * time.Hour)
	was.Gone, now.Known = later, later
	e := engine(t, tariff(t, pricing.EN16931(), was, now))
	again, err := e.Requote(t.Context(), old, nil)
	require.NoError(t, err)
	require.Equal(t, old.Net, again.Net)
	corrected, err := e.Requote(t.Context(), old, &pricing.AsOf{Valid: noon, Known: later})
	require.NoError(t, err)
	require.Equal(t, "75.00 EUR", corrected.Net.String())
	_, err = e.Requote(t.Context(), pricing.Quote{}, nil)
	require.ErrorIs(t, err, pricing.ErrNoBasis)
}
