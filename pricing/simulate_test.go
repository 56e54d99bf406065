package pricing_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

var simulatedAt = &pricing.SimulateOptions{Now: func() time.Time { return noon.Add(48 * time.Hour) }}

func simulate(t require.TestingT, was, would *pricing.Engine, opts *pricing.SimulateOptions, quotes ...pricing.Past) pricing.Simulation {
	s, err := pricing.Simulate(context.Background(), was, would, pastOf(quotes), opts)
	require.NoError(t, err)
	return s
}

func pastOf(quotes []pricing.Past) iter.Seq2[pricing.Past, error] {
	return func(yield func(pricing.Past, error) bool) {
		for _, p := range quotes {
			if !yield(p, nil) {
				return
			}
		}
	}
}

// drawTariff is a tariff with a list that overrides some prices of the lines' own,
// rules, a floor and a charge.
func drawTariff(t *rapid.T, name string, rows []pricing.TaxRow, cur money.Currency) pricing.Tariff {
	tf := pricing.Tariff{Name: name, Seller: "FR", Taxes: rows}
	tf.Policy = rapid.SampledFrom(pricing.Presets()).Draw(t, "preset")
	if rapid.IntRange(0, 4).Draw(t, "level") == 0 {
		tf.Policy.Level, tf.Policy.Tax = pricing.RoundPrecise, pricing.TaxPerDocument
	}
	tf.Lists = []pricing.PriceList{{Code: "vip", Currency: cur, Stated: rapid.SampledFrom([]catalog.Stated{catalog.Net, catalog.Gross}).Draw(t, "stated"), Fallback: "all"},
		{Code: "all", Currency: cur}}
	for k := range 12 {
		for _, list := range []string{"vip", "all"} {
			if list == "vip" && rapid.Bool().Draw(t, "missing") {
				continue
			}
			p, err := money.PriceFromMicros(drawMicros(t), cur)
			require.NoError(t, err)
			tf.Prices = append(tf.Prices, pricing.PriceRow{List: list, Product: catalog.ID(fmt.Sprint("product-", k+1)), Breaks: []catalog.Break{{Price: p}}})
		}
	}
	for n := range rapid.IntRange(0, 5).Draw(t, "rules") {
		tf.Rules = append(tf.Rules, drawRule(t, n, cur))
	}
	if rapid.Bool().Draw(t, "charge") {
		fixed := money.FromMinor(rapid.Int64Range(1, 5000).Draw(t, "fixed"), cur)
		tf.Charges = []pricing.ChargeRule{{Code: "SHIP", Kind: "shipping", Amount: pricing.ChargeAmount{Fixed: &fixed}}}
	}
	return tf
}

func drawPast(t *rapid.T, e *pricing.Engine, n int, cur money.Currency) []pricing.Past {
	var out []pricing.Past
	for i := range n {
		b := drawBasket(t)
		b.Partner = access.PartnerID(rapid.SampledFrom([]string{"nord", "sud", "ouest"}).Draw(t, "partner"))
		b.Currency, b.Lists = cur, []string{"vip"}
		for k := range b.Lines {
			b.Lines[k].Prices = nil
			b.Lines[k].Family = rapid.SampledFrom([]catalog.Family{{}, {Super: "Cooking"}, {Super: "Cooking", Family: "Ovens"}, {Super: "Cold"}}).Draw(t, "family")
		}
		if q, err := e.Quote(t.Context(), b); err == nil {
			out = append(out, pricing.Past{Ref: fmt.Sprintf("FR-%03d", i), Quote: q})
		}
	}
	return out
}

func plus(t require.TestingT, a, b pricing.Shift) pricing.Shift {
	add := func(x, y money.Amount) money.Amount {
		s, err := x.Add(y)
		require.NoError(t, err)
		return s
	}
	return pricing.Shift{Was: add(a.Was, b.Was), Would: add(a.Would, b.Would), Difference: add(a.Difference, b.Difference)}
}

func minus(t require.TestingT, a, b pricing.Shift) pricing.Shift {
	return plus(t, a, pricing.Shift{Was: b.Was.Neg(), Would: b.Would.Neg(), Difference: b.Difference.Neg()})
}

// The parts of a simulation sum to its total, which is that of the quotes priced
// by each tariff; the same tariff changes nothing; the order of quotes is nothing.
func TestLawSimulationSums(t *testing.T) {
	rows := table(t).Rows()
	rapid.Check(t, func(t *rapid.T) {
		cur := rapid.SampledFrom([]money.Currency{money.EUR, money.JPY}).Draw(t, "currency")
		was, would := engine(t, drawTariff(t, "was", rows, cur)), engine(t, drawTariff(t, "would", rows, cur))
		past := drawPast(t, was, rapid.IntRange(0, 8).Draw(t, "quotes"), cur)
		s := simulate(t, was, would, simulatedAt, past...)
		require.Equal(t, len(past), s.Read)
		left := 0
		for _, r := range s.Reasons {
			left += r.Quotes
		}
		require.Equal(t, s.Read, s.Priced+left)

		zero := pricing.Shift{Was: money.Zero(cur), Would: money.Zero(cur), Difference: money.Zero(cur)}
		priced := zero // by the public way
		for _, p := range past {
			as := pricing.AsOf{Valid: p.Quote.At, Known: s.Known}
			before, err := was.Requote(t.Context(), p.Quote, &as)
			require.NoError(t, err)
			if after, err := would.Requote(t.Context(), p.Quote, &as); err == nil {
				d, err := after.Gross.Sub(before.Gross)
				require.NoError(t, err)
				priced = plus(t, priced, pricing.Shift{Was: before.Gross, Would: after.Gross, Difference: d})
			}
		}
		if s.Priced > 0 {
			require.Len(t, s.Currencies, 1)
		}
		for _, c := range s.Currencies {
			require.Equal(t, priced, c.Total.Gross)
			require.Equal(t, c.Total.Gross, plus(t, c.Total.Net, c.Total.Tax))
			sum := pricing.SimulatedTotals{Net: zero, Tax: zero, Gross: zero}
			for _, p := range c.Partners {
				sum.Quotes, sum.Dearer, sum.Cheaper, sum.Equal = sum.Quotes+p.Quotes, sum.Dearer+p.Dearer, sum.Cheaper+p.Cheaper, sum.Equal+p.Equal
				sum.Net, sum.Tax, sum.Gross = plus(t, sum.Net, p.Net), plus(t, sum.Tax, p.Tax), plus(t, sum.Gross, p.Gross)
			}
			require.Equal(t, c.Total, sum)
			require.Equal(t, s.Priced, c.Total.Quotes)
			families := zero
			for _, f := range c.Families {
				families = plus(t, families, f.Net)
			}
			require.Equal(t, c.Total.Net, families)
			made := c.List // list values, less rules, and charges
			for _, r := range c.Rules {
				require.GreaterOrEqual(t, min(r.Net.Was.Sign(), r.Net.Would.Sign()), 0)
				if r.Charge {
					made = plus(t, made, r.Net)
				} else {
					made = minus(t, made, r.Net)
				}
			}
			require.Equal(t, c.Total.Net, made)
			require.Len(t, c.Largest, min(10, c.Total.Dearer+c.Total.Cheaper))
		}
		other := slices.Clone(past)
		if len(other) > 1 {
			other = rapid.Permutation(other).Draw(t, "order")
		}
		mixed := simulate(t, was, would, simulatedAt, other...)
		mixed.Left = s.Left
		require.Equal(t, s, mixed)

		same := simulate(t, was, was, simulatedAt, past...)
		for _, c := range same.Currencies {
			require.Zero(t, c.Total.Dearer+c.Total.Cheaper)
			shifts := []pricing.Shift{c.Total.Net, c.Total.Tax, c.Total.Gross, c.List}
			for _, p := range c.Partners {
				shifts = append(shifts, p.Net, p.Tax, p.Gross)
			}
			for _, f := range c.Families {
				shifts = append(shifts, f.Net)
			}
			for _, r := range c.Rules {
				shifts = append(shifts, r.Net)
			}
			for _, x := range shifts {
				require.True(t, x.Difference.IsZero(), x)
			}
			require.Empty(t, c.Largest)
		}
	})
}

// Records made after the quotes count, at the instants that the options name.
func TestSimulationInstants(t *testing.T) {
	was, would := off("P", "10", pricing.OnLine, 1), off("P", "25", pricing.OnLine, 1)
	day := 24 * time.Hour
	was.Gone, would.Known = noon.Add(day), noon.Add(day)
	next := off("Q", "50", pricing.OnOrder, 1)
	next.From = noon.Add(30 * day)
	e := engine(t, tariff(t, pricing.EN16931(), was, would, next))
	old := engine(t, tariff(t, pricing.EN16931()))
	q := quote(t, e, basket(money.EUR, line{"100", "1", "standard", false}))
	require.Equal(t, "90.00 EUR", q.Net.String())
	for _, c := range []struct {
		opts *pricing.SimulateOptions
		want string
	}{
		{simulatedAt, "75.00 EUR"},
		{&pricing.SimulateOptions{Known: noon}, "90.00 EUR"},
		{&pricing.SimulateOptions{Known: noon.Add(day)}, "75.00 EUR"},
		{&pricing.SimulateOptions{Known: noon.Add(day), Valid: noon.Add(30 * day)}, "37.50 EUR"},
		{nil, "75.00 EUR"},
	} {
		s := simulate(t, old, e, c.opts, pricing.Past{Ref: "A", Quote: q})
		require.Equal(t, c.want, s.Currencies[0].Total.Net.Would.String())
		require.Equal(t, "100.00 EUR", s.Currencies[0].Total.Net.Was.String())
	}
}

// What a rule took is counted once, however many codes without effect were tried.
func TestSimulationCountsARuleOnce(t *testing.T) {
	rules := []pricing.Rule{off("TEN", "10", pricing.OnLine, 3)}
	b := basket(money.EUR, line{"10.00", "1", "zero", false})
	for k, campaign := range []string{"A", "B"} {
		idle := off("IDLE-"+campaign, "0.01", pricing.OnLine, k)
		idle.When.Campaign = campaign
		rules = append(rules, idle)
		b.Codes = append(b.Codes, pricing.UsedCode{Code: campaign + "-1", Campaign: campaign})
	}
	e := engine(t, tariff(t, pricing.Policy{Level: pricing.RoundDocument}, rules...))
	s := simulate(t, e, e, simulatedAt, pricing.Past{Ref: "A", Quote: quote(t, e, b)})
	require.Len(t, s.Currencies[0].Rules, 1)
	require.Equal(t, "1.00 EUR", s.Currencies[0].Rules[0].Net.Was.String())
	require.Equal(t, "1.00 EUR", s.Currencies[0].Rules[0].Net.Would.String())
}

// What cannot be compared is counted and named with its reason.
func TestSimulationLeavesOut(t *testing.T) {
	was := tariff(t, pricing.EN16931())
	was.Lists = []pricing.PriceList{{Code: "l", Currency: money.EUR, For: pricing.Audience{Everyone: true}}}
	for _, p := range []catalog.ID{"a", "b", "c", "d", "e"} {
		was.Prices = append(was.Prices, pricing.PriceRow{List: "l", Product: p, Breaks: []catalog.Break{{Price: money.MustPrice("10", money.EUR)}}})
	}
	would := was
	would.Prices = was.Prices[:1]
	would.Rules = []pricing.Rule{off("T", "1", pricing.OnLine, 1), off("F", "1", pricing.OnLine, 2), off("E", "1", pricing.OnLine, 3)}
	would.Rules[0].When.Turnover = &pricing.TurnoverIs{Window: pricing.Window{Kind: pricing.YearWindow}, Family: catalog.Family{Super: "Cold"},
		AmountRange: pricing.AmountRange{From: euros("5")}}
	would.Rules[1].When.First, would.Rules[2].When.Attended = true, "fair"
	former, changed := engine(t, was), engine(t, would)
	bare, err := pricing.Compile(was, &pricing.EngineOptions{NoBasis: true})
	require.NoError(t, err)
	basketOf := func(products ...string) pricing.Basket {
		b := pricing.Basket{Partner: "p1", Country: "FR", Currency: money.EUR, At: noon}
		for _, p := range products {
			b.Lines = append(b.Lines, pricing.Line{ID: pricing.LineID(p), Product: catalog.ID(p), SKU: catalog.SKU(p), Quantity: money.QuantityOf(1), Tax: "standard"})
		}
		return b
	}
	unknown := quote(t, former, basketOf("a"))
	unknown.Basis.Lines[0].Product = "x"
	s := simulate(t, former, changed, &pricing.SimulateOptions{Known: noon, Left: 3},
		pricing.Past{Ref: "1", Quote: quote(t, former, basketOf("a"))},
		pricing.Past{Ref: "2", Quote: quote(t, former, basketOf("a", "b", "c", "d", "e"))},
		pricing.Past{Ref: "3", Quote: quote(t, former, basketOf("c"))},
		pricing.Past{Ref: "4", Quote: quote(t, bare, basketOf("a"))},
		pricing.Past{Ref: "5", Quote: unknown})
	require.Equal(t, []int{5, 1, 1}, []int{s.Read, s.Priced, s.NoBasis})
	require.Equal(t, []pricing.SimulatedReason{{Side: pricing.SideWould, Code: "pricing.no_price", Quotes: 2}, {Code: "pricing.no_basis", Quotes: 1},
		{Side: pricing.SideWas, Code: "pricing.no_price", Quotes: 1}}, s.Reasons)
	require.Len(t, s.Left, 3, "the first only")
	require.Equal(t, "50.00 EUR", s.Left[0].Net.String())
	require.Equal(t, s.Was+" → "+s.Would+`
prices that hold at the instant of each quote, as known on 2026-03-02T12:00:00Z
5 quotes, 1 priced by both
left out: 2 that can no longer be priced (pricing.no_price)
left out: 1 without basis (pricing.no_basis)
left out: 1 that the former tariff cannot price (pricing.no_price)
  2 of p1: lines[1]: no price of "b" in EUR for 1 at 2026-03-02T12:00:00Z; lines[2]: no price of "c" in EUR for 1 at 2026-03-02T12:00:00Z; lines[3]: no price of "d" in EUR for 1 at 2026-03-02T12:00:00Z; and 1 more
  3 of p1: lines[0]: no price of "c" in EUR for 1 at 2026-03-02T12:00:00Z
  4 of p1: pricing.no_basis: the quote carries no basis to price it again
not in the quotes, counted as none: turnover in year of Cold
not in the quotes, counted as none: first orders
not in the quotes, counted as none: attendance of events

EUR: 0 dearer, 0 cheaper, 1 equal
                    was  would  difference
  at list prices  10.00  10.00        0.00
  net             10.00  10.00        0.00
  tax              2.00   2.00        0.00
  gross           12.00  12.00        0.00

  partner  quotes  dearer  cheaper    was  would  difference
  p1            1       0        0  10.00  10.00        0.00

  family    was  would  difference
  (none)  10.00  10.00        0.00
`, s.String())
	data, err := json.Marshal(s)
	require.NoError(t, err)
	var back pricing.Simulation
	require.NoError(t, json.Unmarshal(data, &back))
	require.Equal(t, s, back)
}

func TestSimulationEnds(t *testing.T) {
	e := engine(t, tariff(t, pricing.EN16931()))
	huge := quote(t, e, basket(money.EUR, line{"9000000000000", "9000", "zero", false}))
	_, err := pricing.Simulate(t.Context(), e, e, pricing.PastQuotes(huge, huge), nil)
	require.ErrorIs(t, err, money.ErrOverflow)
	broken := errors.New("the disk is gone")
	_, err = pricing.Simulate(t.Context(), e, e, func(yield func(pricing.Past, error) bool) { yield(pricing.Past{}, broken) }, nil)
	require.ErrorIs(t, err, broken)
	ended, end := context.WithCancel(t.Context())
	end()
	_, err = pricing.Simulate(ended, e, e, pricing.PastQuotes(huge), nil)
	require.ErrorIs(t, err, context.Canceled)
	require.Panics(t, func() { _, _ = pricing.Simulate(t.Context(), nil, e, pricing.PastQuotes(), nil) })
	seals := 0
	for p := range pricing.PastQuotes(huge, huge) {
		require.Equal(t, huge.Seal, p.Ref)
		seals++
		break
	}
	require.Equal(t, 1, seals)
}

// The ten largest changes are named, by size, then by name.
func TestSimulationNamesTheLargest(t *testing.T) {
	was, would := engine(t, tariff(t, pricing.EN16931())), engine(t, tariff(t, pricing.EN16931(), off("R", "10", pricing.OnLine, 1)))
	var past []pricing.Past
	for i := range 30 {
		past = append(past, pricing.Past{Ref: fmt.Sprintf("%02d", i), Quote: quote(t, was, basket(money.EUR, line{fmt.Sprint(100 * (i % 15)), "1", "zero", false}))})
	}
	var got []string
	for _, q := range simulate(t, was, would, &pricing.SimulateOptions{Known: noon, Largest: 5}, past...).Currencies[0].Largest {
		got = append(got, q.Ref+" "+q.Net.Difference.String())
	}
	require.Equal(t, []string{"14 -140.00 EUR", "29 -140.00 EUR", "13 -130.00 EUR", "28 -130.00 EUR", "12 -120.00 EUR"}, got)
	require.Len(t, simulate(t, was, would, simulatedAt, past...).Currencies[0].Largest, 10)
}

// What a simulation holds does not grow with the quotes.
func TestSimulationMemoryIsBounded(t *testing.T) {
	was, would := engine(t, tariff(t, pricing.EN16931())), engine(t, tariff(t, pricing.EN16931(), off("R", "10", pricing.OnLine, 1)))
	q := quote(t, was, basket(money.EUR, line{"100", "1", "standard", false}))
	heap := func() int64 {
		runtime.GC()
		runtime.GC() // pools let go in the second
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	const many = 20_000
	var early, late int64
	s, err := pricing.Simulate(t.Context(), was, would, func(yield func(pricing.Past, error) bool) {
		for i := range many {
			switch i {
			case 1000:
				early = heap()
			case many - 1:
				late = heap()
			}
			p := pricing.Past{Ref: fmt.Sprint("ref ", i), Quote: q}
			if i%2 == 0 {
				p.Quote.Basis = nil
			}
			if !yield(p, nil) {
				return
			}
		}
	}, nil)
	require.NoError(t, err)
	require.Equal(t, many/2, s.Priced)
	require.Less(t, late-early, int64(300_000), "19 000 more quotes were read")
}

func BenchmarkSimulate(b *testing.B) {
	in := benchBasket(10)
	tf := tariff(b, pricing.EN16931(), off("R", "5", pricing.OnLine, 1), off("S", "2", pricing.OnOrder, 1))
	e := engine(b, tf)
	q, err := e.Quote(b.Context(), in)
	require.NoError(b, err)
	past := pricing.PastQuotes(slices.Repeat([]pricing.Quote{q}, 1000)...)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := pricing.Simulate(b.Context(), e, e, past, simulatedAt); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/quote")
}
