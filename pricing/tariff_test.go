package pricing_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// All that is wrong is told at once, each with its path.
func TestBadTariff(t *testing.T) {
	usd, minus := money.MustAmount("5", money.USD), money.MustAmount("-5", money.EUR)
	tf := tariff(t, pricing.Policy{Level: "cent"},
		pricing.Rule{Code: "A", On: "basket", Give: pricing.Effect{Percent: money.RateOf(120)}},
		pricing.Rule{Code: "A", On: pricing.OnLine, Discount: "summer ", Give: pricing.Effect{Amount: &minus}, Most: &usd,
			Span: pricing.Span{From: noon, Until: noon}},
		pricing.Rule{Code: "T", On: pricing.OnLine, Give: pricing.Effect{Tiers: &pricing.Tiers{By: pricing.ByQuantity, Steps: []pricing.Tier{
			{Quantity: money.QuantityOf(5), Percent: money.RateOf(5)}, {Quantity: money.QuantityOf(5), Percent: money.RateOf(-1)}}}}})
	tf.Zone = "Mars/Base"
	tf.Discounts = []pricing.Discount{{Name: "Summer"}}
	tf.Lists = []pricing.PriceList{{Code: "a", Currency: money.EUR, Fallback: "b"}, {Code: "b", Currency: money.EUR, Fallback: "a"}}
	tf.Prices = []pricing.PriceRow{{List: "c", Product: "p"}, {List: "a", Product: "p", Breaks: []catalog.Break{{Price: money.MustPrice("-1", money.USD)}}}}
	_, err := pricing.Compile(tf, nil)
	require.ErrorIs(t, err, pricing.ErrTariff)
	found := map[string]string{}
	for _, i := range fault.IssuesOf(err) {
		found[i.Path] = i.Code
	}
	for path, code := range map[string]string{
		"zone": "pricing.zone", "policy.level": "pricing.policy", "lists[0].fallback": "pricing.cycle",
		"prices[0].list": "pricing.unknown", "prices[0].breaks": "pricing.required", "prices[1].breaks[0].price": "pricing.negative_price",
		"rules[0].on": "pricing.unknown", "rules[0].give.percent": "pricing.rate", "rules[1].until": "pricing.window",
		"rules[1].discount": "pricing.unknown", "rules[1].give.amount": "pricing.no_amount",
		"rules[1].most":                         "pricing.currency",
		"rules[2].give.tiers.steps[1].quantity": "pricing.tier", "rules[2].give.tiers.steps[1].percent": "pricing.rate",
	} {
		require.Equal(t, code, found[path], path)
	}
}

// A code says what became of it, with the reason.
func TestCodesTellTheirFate(t *testing.T) {
	from := money.MustAmount("150", money.EUR)
	r := off("WELCOME", "10", pricing.OnOrder, 1)
	r.When.Campaign, r.When.Basket = "welcome", &pricing.AmountRange{From: &from}
	e := engine(t, tariff(t, pricing.EN16931(), r))
	b := basket(money.EUR, line{"100", "1", "standard", false})
	b.Codes = []pricing.UsedCode{{Code: "W-1", Campaign: "welcome"}, {Code: "X-1", Campaign: "other"}}
	q := quote(t, e, b)
	require.Equal(t, pricing.MinimumNotReached, q.Codes[0].Reason)
	require.Equal(t, "50.00 EUR more in the basket and it gives 10 %", q.Codes[0].Missing.String())
	require.Equal(t, pricing.NoRule, q.Codes[1].Reason)
	b.Lines[0].Quantity = money.QuantityOf(2)
	q = quote(t, e, b)
	require.True(t, q.Codes[0].Applied)
	require.Equal(t, "180.00 EUR", q.Net.String())
}

// Quotes and exchanges of the tariff go on side by side; every quote is of one
// tariff.
func TestLiveUnderUse(t *testing.T) {
	a, b := tariff(t, pricing.EN16931(), off("A", "10", pricing.OnLine, 1)), tariff(t, pricing.EN16931(), off("B", "20", pricing.OnLine, 1))
	live := pricing.NewLive(engine(t, a))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 200 {
				q, err := live.Quote(t.Context(), basket(money.EUR, line{"100", "1", "standard", false}, line{"100", "1", "reduced", false}))
				if err != nil || q.Net.Minor() != 18000 && q.Net.Minor() != 16000 {
					t.Error(q.Net, err)
				}
			}
		})
	}
	for i := range 50 {
		require.NoError(t, live.Swap([]pricing.Tariff{a, b}[i%2]))
	}
	wg.Wait()
}

// A tariff that is exchanged keeps what has no history: what is stored is priced
// again by it.
func TestLiveKeepsWhatHasNoHistory(t *testing.T) {
	step := money.MustAmount("0.05", money.EUR)
	tf := tariff(t, pricing.EN16931())
	tf.Policy.Cash = &step
	for _, c := range []struct {
		change func(t *pricing.Tariff)
		want   []string
	}{
		{func(t *pricing.Tariff) { t.Policy.Level = pricing.RoundDocument }, []string{"policy pricing.changed"}},
		{func(t *pricing.Tariff) { t.Policy.Cash = nil }, []string{"policy pricing.changed"}},
		{func(t *pricing.Tariff) { ten := money.MustAmount("0.10", money.EUR); t.Policy.Cash = &ten }, []string{"policy pricing.changed"}},
		{func(t *pricing.Tariff) { t.Seller, t.Zone = "DE", "Europe/Berlin" }, []string{"seller pricing.changed", "zone pricing.changed"}},
		{func(t *pricing.Tariff) { same := step; t.Policy.Preset, t.Policy.Cash, t.Name = "", &same, "next" }, nil},
		{func(t *pricing.Tariff) { t.Policies = []pricing.PolicyRecord{{Policy: pricing.Odoo()}} }, nil},
	} {
		e := engine(t, tf)
		live := pricing.NewLive(e)
		next := tf
		c.change(&next)
		err := live.Swap(next)
		require.Equal(t, c.want, issuesAt(err))
		if c.want != nil {
			require.ErrorIs(t, err, pricing.ErrTariff)
		}
		require.Equal(t, c.want != nil, live.Engine() == e)
	}
}

// FuzzTariff reads rule files: whatever they hold is refused or gives quotes
// whose figures agree.
func FuzzTariff(f *testing.F) {
	f.Add(kitchens)
	f.Add(`{"taxes":[{"country":"FR","class":"standard","category":"S","rate":"20"}],"rules":[{"code":"A","on":"order","give":{"percent":"33.3333"}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		tf, err := pricing.ReadTariff(strings.NewReader(text))
		if err != nil {
			return
		}
		e, err := pricing.Compile(tf, nil)
		if err != nil {
			return
		}
		q, err := e.Quote(t.Context(), basket(money.EUR, line{"9.45", "3", "standard", false}, line{"38.23", "10", "standard", true}))
		if err == nil {
			require.NoError(t, q.Check())
		}
	})
}

// BenchmarkEngine is the whole Quote against tariffs of different sizes: its
// cost does not depend on the prices and rules that do not match, but for what the
// caches of the processor have no room for. Two rules match.
func BenchmarkEngine(b *testing.B) {
	for _, size := range []struct{ prices, rules int }{{1000, 10}, {1_000_000, 10_000}} {
		tf := benchTariff(b, size.prices, size.rules)
		tf.Rules = append(tf.Rules, off("PARTNER", "5", pricing.OnLine, 3), off("ORDER", "2", pricing.OnOrder, 1))
		for _, brief := range []bool{true, false} {
			e, err := pricing.Compile(tf, &pricing.EngineOptions{Brief: brief, NoBasis: true})
			require.NoError(b, err)
			for _, n := range benchSizes {
				b.Run(fmt.Sprintf("prices=%d/brief=%v/%d", size.prices, brief, n), func(b *testing.B) { benchQuote(b, e, n, size.prices) })
			}
		}
	}
}

// BenchmarkEngineCalculation is the part of BenchmarkEngine that BenchmarkEnginePeer
// has too: from chosen prices to the gross, without choice, checks and seal.
func BenchmarkEngineCalculation(b *testing.B) {
	tf := benchTariff(b, 1000, 10)
	tf.Rules = append(tf.Rules, off("PARTNER", "5", pricing.OnLine, 3), off("ORDER", "2", pricing.OnOrder, 1))
	e, err := pricing.Compile(tf, &pricing.EngineOptions{Brief: true, NoBasis: true})
	require.NoError(b, err)
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			in, sum := benchBasket(n), time.Duration(0)
			for b.Loop() {
				took, err := e.Calculate(b.Context(), in)
				if err != nil {
					b.Fatal(err)
				}
				sum += took
			}
			b.ReportMetric(float64(n)*float64(b.N)/sum.Seconds(), "lines/s")
		})
	}
}

// BenchmarkEngineRules is the Quote of a hundred lines with so many rules that
// match: with none what the kernel costs (prices found, tax, totals and the seal,
// of which BenchmarkSeal is the cost alone), beyond that what each rule adds.
func BenchmarkEngineRules(b *testing.B) {
	for _, on := range []pricing.Bearer{pricing.OnLine, pricing.OnOrder} {
		for _, rules := range []int{0, 1, 2, 4, 8} {
			tf := benchTariff(b, 1000, 10)
			for i := range rules {
				tf.Rules = append(tf.Rules, off(fmt.Sprint("R", i), "3", on, 10+i))
			}
			e, err := pricing.Compile(tf, &pricing.EngineOptions{Brief: true, NoBasis: true})
			require.NoError(b, err)
			b.Run(fmt.Sprintf("%s/%d", on, rules), func(b *testing.B) { benchQuote(b, e, 100, 1000) })
		}
	}
}

// benchTariff has prices for the products of benchBasket, and rules for others.
func benchTariff(b *testing.B, prices, rules int) pricing.Tariff {
	tf := tariff(b, pricing.EN16931())
	tf.Lists = []pricing.PriceList{{Currency: money.EUR, For: pricing.Audience{Everyone: true}}}
	for i := range prices {
		p, _ := money.PriceFromMicros(int64(9_450_000+i*10_000), money.EUR)
		tf.Prices = append(tf.Prices, pricing.PriceRow{Product: catalog.ID(fmt.Sprintf("product-%08d", i)), Breaks: []catalog.Break{{Price: p}}})
	}
	for i := range rules {
		r := off(fmt.Sprint("N", i), "1", pricing.OnLine, 2)
		r.Goods.Products = []catalog.ID{catalog.ID(fmt.Sprintf("other-%08d", i))}
		tf.Rules = append(tf.Rules, r)
	}
	return tf
}

// benchQuote prices carts of n lines by the engine, of products strewn over a tariff
// of so many; cpu-ns/line is the time of processors that the process took, of all its
// threads.
func benchQuote(b *testing.B, e *pricing.Engine, n, prices int) {
	in, products := benchBasket(n), make([]catalog.ID, prices)
	for i := range products {
		products[i] = catalog.ID(fmt.Sprintf("product-%08d", i*7919%prices))
	}
	for i := range in.Lines {
		in.Lines[i].Prices = nil
	}
	b.ReportAllocs()
	from, next := cpuTime(), 0
	for b.Loop() {
		for i := range in.Lines {
			in.Lines[i].Product = products[next]
			if next++; next == prices {
				next = 0
			}
		}
		if _, err := e.Quote(b.Context(), in); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(cpuTime()-from)/float64(n)/float64(b.N), "cpu-ns/line")
	reportLines(b, n)
}
