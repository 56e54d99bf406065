package pricing_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

func rowOf(list, product, price string, cur money.Currency) pricing.PriceRow {
	return pricing.PriceRow{List: list, Product: catalog.ID(product), Breaks: []catalog.Break{{Price: money.MustPrice(price, cur)}}}
}

// goodTariff has some of each kind of record.
func goodTariff(t testing.TB) pricing.Tariff {
	tf := tariff(t, pricing.EN16931(), off("SUMMER", "5", pricing.OnLine, 2))
	tf.Discounts = []pricing.Discount{{ID: "d1", Name: "Summer"}}
	tf.Actions = []pricing.Action{{ID: "d1", Agreement: "A1"}}
	tf.Lists = []pricing.PriceList{{Code: "base", Currency: money.EUR}, {Code: "dealer", Currency: money.EUR, Fallback: "base"},
		{Code: "us", Currency: money.USD}}
	tf.Prices = []pricing.PriceRow{rowOf("base", "oven", "100", money.EUR), rowOf("dealer", "oven", "90", money.EUR), rowOf("us", "oven", "110", money.USD)}
	return tf
}

// badCase spoils a tariff by a record more; one issue follows, at a path.
type badCase struct {
	name, path, code string
	spoil            func(tf *pricing.Tariff)
}

func addRule(r pricing.Rule, change func(r *pricing.Rule)) func(tf *pricing.Tariff) {
	return func(tf *pricing.Tariff) {
		r := r
		change(&r)
		tf.Rules = append(tf.Rules, r)
	}
}

func addRow(r pricing.PriceRow, change func(r *pricing.PriceRow)) func(tf *pricing.Tariff) {
	return func(tf *pricing.Tariff) {
		r := r
		r.Breaks = slices.Clone(r.Breaks)
		change(&r)
		tf.Prices = append(tf.Prices, r)
	}
}

func addCharge(r pricing.ChargeRule, change func(r *pricing.ChargeRule)) func(tf *pricing.Tariff) {
	return func(tf *pricing.Tariff) {
		r := r
		r.Kind = "kind of " + r.Code
		change(&r)
		tf.Charges = append(tf.Charges, r)
	}
}

// steps is a scale by quantity.
func steps(from ...int64) *pricing.Tiers {
	s := &pricing.Tiers{By: pricing.ByQuantity}
	for i, n := range from {
		s.Steps = append(s.Steps, pricing.Tier{Quantity: money.QuantityOf(n), Percent: money.RateOf(int64(i + 1))})
	}
	return s
}

var reversed = pricing.Span{From: noon, Until: noon.Add(-time.Hour)}

// badCases are what a tariff may be spoilt by, sort by sort.
func badCases() []badCase {
	usd := money.MustAmount("5", money.USD)
	scale := func(s *pricing.Tiers) pricing.Effect { return pricing.Effect{Tiers: s} }
	rule := func(code string) pricing.Rule { return off(code, "5", pricing.OnOrder, 1) }
	return []badCase{
		{"overlapping steps", "rules[1].give.tiers.steps[2].quantity", "pricing.tier",
			addRule(rule("TIER"), func(r *pricing.Rule) { r.Give = scale(steps(5, 10, 10)) })},
		{"overlapping steps by amount", "rules[1].give.tiers.steps[1].amount", "pricing.tier", addRule(rule("WORTH"), func(r *pricing.Rule) {
			r.Priority = 11
			r.Give = scale(&pricing.Tiers{By: pricing.ByAmount, Steps: []pricing.Tier{{Amount: euros("9"), Percent: money.RateOf(1)}, {Amount: euros("8"), Percent: money.RateOf(2)}}})
		})},
		{"overlapping breaks", "prices[3].breaks[1].from", "pricing.break", addRow(rowOf("base", "hob", "9", money.EUR), func(r *pricing.PriceRow) {
			r.Breaks = append(r.Breaks, r.Breaks[0])
		})},
		{"overlapping prices", "prices[3]", "pricing.overlap", addRow(rowOf("base", "oven", "9", money.EUR), func(r *pricing.PriceRow) { r.From = noon })},
		{"overlapping lists", "lists[3]", "pricing.overlap", func(tf *pricing.Tariff) {
			tf.Lists = append(tf.Lists, pricing.PriceList{Code: "us", Currency: money.USD, Span: pricing.Span{From: noon}})
		}},
		{"a gap in a scale", "rules[1].give.tiers.steps[1].amount", "pricing.tier", addRule(rule("GAP"), func(r *pricing.Rule) {
			r.Priority = 12
			r.Give = scale(&pricing.Tiers{By: pricing.ByAmount, Steps: []pricing.Tier{{Percent: money.RateOf(1)}, {Percent: money.RateOf(2)}}})
		})},
		{"a row without a price", "prices[3].breaks", "pricing.required", addRow(rowOf("us", "hob", "9", money.USD), func(r *pricing.PriceRow) { r.Breaks = nil })},
		{"a negative price", "prices[3].breaks[0].price", "pricing.negative_price", addRow(rowOf("dealer", "hob", "-9", money.EUR), func(*pricing.PriceRow) {})},
		{"a negative break", "prices[3].breaks[0].from", "pricing.break", addRow(rowOf("dealer", "hood", "9", money.EUR), func(r *pricing.PriceRow) { r.Breaks[0].From = money.QuantityOf(-1) })},
		{"a negative percent", "rules[1].give.percent", "pricing.rate", addRule(rule("MINUS"), func(r *pricing.Rule) { r.Give.Percent = money.RateOf(-5) })},
		{"more than all", "rules[1].give.percent", "pricing.rate", addRule(rule("MORE"), func(r *pricing.Rule) { r.Give.Percent = money.MustRate("100.0001") })},
		{"a step of more than all", "rules[1].give.tiers.steps[0].percent", "pricing.rate", addRule(rule("ALL"), func(r *pricing.Rule) {
			s := steps(1)
			s.Steps[0].Percent = money.RateOf(101)
			r.Give = scale(s)
		})},
		{"a negative amount off", "rules[1].give.amount", "pricing.no_amount", addRule(rule("OFF"), func(r *pricing.Rule) { r.Give = pricing.Effect{Amount: euros("-1")} })},
		{"a negative bound", "rules[1].when.basket.from", "pricing.negative", addRule(rule("FROM"), func(r *pricing.Rule) {
			r.When.Basket = &pricing.AmountRange{From: euros("-1")}
		})},
		{"a reversed bound", "rules[1].when.amount.until", "pricing.range", addRule(rule("RANGE"), func(r *pricing.Rule) {
			r.When.Amount = &pricing.AmountRange{From: euros("9"), Until: euros("8")}
		})},
		{"a margin of all", "floors[0].margin", "pricing.margin", func(tf *pricing.Tariff) {
			tf.Floors = append(tf.Floors, pricing.Floor{Cost: perKg("5"), Margin: money.RateOf(100)})
		}},
		{"a tax above all", "taxes[0].rate", "pricing.rate", func(tf *pricing.Tariff) {
			tf.Taxes = append(tf.Taxes[:0:0], tf.Taxes...)
			tf.Taxes[0].Rate = money.RateOf(101)
		}},
		{"a charge above all", "charges[0].amount.percent", "pricing.rate", addCharge(ship("PCT", "1"), func(r *pricing.ChargeRule) { r.Amount = pricing.ChargeAmount{Percent: money.RateOf(101)} })},
		{"a negative charge", "charges[0].amount.fixed", "pricing.negative", addCharge(ship("NEG", "-1"), func(*pricing.ChargeRule) {})},
		{"a bound of nothing", "charges[0].when.goods", "pricing.condition", addCharge(ship("NIL", "1"), func(r *pricing.ChargeRule) { r.When.Goods = &pricing.AmountRange{} })},
		{"a cycle", "lists[3].fallback", "pricing.cycle", func(tf *pricing.Tariff) {
			tf.Lists = append(tf.Lists, pricing.PriceList{Code: "loop", Currency: money.EUR, Fallback: "loop"})
		}},
		{"rules of equal rank", "rules[3]", "pricing.ambiguous", func(tf *pricing.Tariff) {
			a, b, c := off("A", "5", pricing.OnLine, 1), off("B", "6", pricing.OnLine, 1), off("C", "7", pricing.OnLine, 1)
			a.Until, b.From, c.From, c.Until = noon, noon, noon.Add(-2*time.Hour), noon.Add(-time.Hour)
			tf.Rules = append(tf.Rules, a, b, c)
		}},
		{"charges of equal rank", "charges[2]", "pricing.ambiguous", func(tf *pricing.Tariff) {
			tf.Charges = append(tf.Charges, ship("S1", "1", func(r *pricing.ChargeRule) { r.Until = noon }),
				ship("S2", "2", func(r *pricing.ChargeRule) { r.From = noon }), ship("S3", "3", func(r *pricing.ChargeRule) { r.Until = noon.Add(-time.Hour) }))
		}},
		{"a code twice", "rules[1].code", "pricing.twice", addRule(rule("SUMMER"), func(*pricing.Rule) {})},
		{"an unknown list of a price", "prices[3].list", "pricing.unknown", addRow(rowOf("none", "oven", "9", money.EUR), func(*pricing.PriceRow) {})},
		{"an unknown fallback", "lists[3].fallback", "pricing.unknown", func(tf *pricing.Tariff) {
			tf.Lists = append(tf.Lists, pricing.PriceList{Code: "lost", Currency: money.EUR, Fallback: "none"})
		}},
		{"an unknown discount, but to the eye", "rules[1].discount", "pricing.unknown", addRule(rule("NAME"), func(r *pricing.Rule) { r.Discount = "summer" })},
		{"an unknown discount of an action", "actions[1]", "pricing.unknown", func(tf *pricing.Tariff) {
			tf.Actions = append(tf.Actions, pricing.Action{Name: "Winter", Agreement: "A1"})
		}},
		{"an unknown rule of a charge", "charges[0].off[0].rule", "pricing.unknown", addCharge(ship("RUL", "1"), func(r *pricing.ChargeRule) {
			r.Off = []pricing.ChargeOff{{Amount: euros("1"), Rule: "NONE"}}
		})},
		{"an unknown bearer", "rules[1].on", "pricing.unknown", addRule(rule("ON"), func(r *pricing.Rule) { r.On = "basket" })},
		{"a seller without a tax row", "seller", "pricing.required", func(tf *pricing.Tariff) { tf.Seller = "PL" }},
		{"an unknown zone", "zone", "pricing.zone", func(tf *pricing.Tariff) { tf.Zone = "Mars/Base" }},
		{"an unknown country", "charges[0].when.to.countries[0]", "pricing.country", addCharge(ship("PLC", "1"), func(r *pricing.ChargeRule) {
			r.When.To.Countries = []partner.Country{"XX"}
		})},
		{"a price in another currency", "prices[3].breaks[0].price", "pricing.currency", addRow(rowOf("us", "hood", "9", money.EUR), func(*pricing.PriceRow) {})},
		{"a list in two currencies", "lists[3].currency", "pricing.currency", func(tf *pricing.Tariff) {
			tf.Lists = append(tf.Lists, pricing.PriceList{Code: "base", Currency: money.USD, Span: pricing.Span{Known: noon.Add(time.Hour)}})
			tf.Lists[0].Gone = noon.Add(time.Hour)
		}},
		{"a fallback in another currency", "lists[3].fallback", "pricing.currency", func(tf *pricing.Tariff) {
			tf.Lists = append(tf.Lists, pricing.PriceList{Code: "uk", Currency: money.GBP, Fallback: "us"})
		}},
		{"a list without a currency", "lists[3].currency", "pricing.no_currency", func(tf *pricing.Tariff) {
			tf.Lists = append(tf.Lists, pricing.PriceList{Code: "bare"})
		}},
		{"a bound in another currency", "rules[1].most", "pricing.currency", addRule(rule("MOST"), func(r *pricing.Rule) {
			r.Give, r.Most = pricing.Effect{Amount: euros("1")}, &usd
		})},
		{"a charge in two currencies", "charges[0].amount.max", "pricing.currency", addCharge(ship("CUR", "1"), func(r *pricing.ChargeRule) { r.Amount.Max = &usd })},
		{"a rule that ends first", "rules[1].until", "pricing.window", addRule(rule("LATE"), func(r *pricing.Rule) { r.Span = reversed })},
		{"a price that ends first", "prices[3].until", "pricing.window", addRow(rowOf("us", "knob", "9", money.USD), func(r *pricing.PriceRow) { r.Span = reversed })},
		{"a list that ends first", "lists[3].until", "pricing.window", func(tf *pricing.Tariff) {
			tf.Lists = append(tf.Lists, pricing.PriceList{Code: "short", Currency: money.EUR, Span: reversed})
		}},
		{"a discount that ends first", "discounts[1].until", "pricing.window", func(tf *pricing.Tariff) {
			tf.Discounts = append(tf.Discounts, pricing.Discount{Name: "Autumn", Span: reversed})
		}},
		{"an action that ends first", "actions[1].until", "pricing.window", func(tf *pricing.Tariff) {
			tf.Actions = append(tf.Actions, pricing.Action{ID: "d1", Agreement: "A2", Span: reversed})
		}},
		{"a floor that ends first", "floors[0].until", "pricing.window", func(tf *pricing.Tariff) {
			tf.Floors = append(tf.Floors, pricing.Floor{Price: perKg("5"), Span: reversed})
		}},
		{"a charge that ends first", "charges[0].until", "pricing.window", addCharge(ship("END", "1"), func(r *pricing.ChargeRule) { r.Span = reversed })},
		{"gone before it was known", "rules[1].gone", "pricing.window", addRule(rule("GONE"), func(r *pricing.Rule) {
			r.Known, r.Gone = noon, noon.Add(-time.Hour)
		})},
		{"hours that are none", "rules[1].when.hours.until", "pricing.hours", addRule(rule("HOURS"), func(r *pricing.Rule) {
			r.When.Hours = &pricing.Hours{From: "08:00", Until: "08:00"}
		})},
	}
}

var placed = regexp.MustCompile(`\[\d+\]`)

// What is wrong with a tariff has a code and a path, one by one and all at
// once; nothing is made of it, and what is in use stays.
func TestBadInput(t *testing.T) {
	good, err := pricing.Compile(goodTariff(t), nil)
	require.NoError(t, err)
	live := pricing.NewLive(good)
	all := goodTariff(t)
	var want []string
	for _, c := range badCases() {
		tf := goodTariff(t)
		c.spoil(&tf)
		e, err := pricing.Compile(tf, nil)
		require.Nil(t, e, c.name)
		require.ErrorIs(t, err, pricing.ErrTariff, c.name)
		var found []string
		for _, i := range fault.IssuesOf(err) {
			require.NotEmpty(t, i.Message)
			found = append(found, i.Path+" "+i.Code)
		}
		require.Equal(t, []string{c.path + " " + c.code}, found, c.name)
		require.ErrorIs(t, live.Swap(tf), pricing.ErrTariff)
		require.Same(t, good, live.Engine())
		c.spoil(&all)
		want = append(want, placed.ReplaceAllString(c.path, "[]")+" "+c.code)
	}
	_, err = pricing.Compile(all, nil)
	var found []string
	for _, i := range fault.IssuesOf(err) {
		found = append(found, placed.ReplaceAllString(i.Path, "[]")+" "+i.Code)
	}
	require.ElementsMatch(t, want, found)
}

// A file that does not say what its fields ask for is told in every place.
func TestBadFiles(t *testing.T) {
	for text, want := range map[string][]string{
		`{"taxes": [{"country": "FR", "rate": "a lot"}], "lists": [{"code": 7, "currency": "EURO"}, {"curency": "EUR"}],
		  "prices": {"list": "x"}, "rules": [{"give": {"percent": "5", "with": {"products": "oven"}}, "from": "tomorrow", "most": {"amount": "1", "currency": "EUR"}}],
		  "extra": 1}`: {
			"extra pricing.unknown", "lists[0].code pricing.json", "lists[0].currency pricing.json", "lists[1].curency pricing.unknown", "prices pricing.json",
			"rules[0].from pricing.json", "rules[0].give.with.products pricing.json", "taxes[0].rate pricing.json"},
		`{"rules": [`:          {" pricing.json"},
		`{} {}`:                {" pricing.json"},
		`[]`:                   {" pricing.json"},
		`{"NAME": 5}`:          {"NAME pricing.json"},
		`{"rules": [null, 3]}`: {"rules[1] pricing.json"},
	} {
		tf, err := pricing.ReadTariff(strings.NewReader(text))
		require.ErrorIs(t, err, pricing.ErrTariff, text)
		require.Equal(t, pricing.Tariff{}, tf)
		require.Equal(t, want, issuesAt(err), text)
	}
}
