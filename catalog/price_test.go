package catalog_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
)

func TestFindPrice(t *testing.T) {
	later := noon.AddDate(0, 1, 0)
	prices := []catalog.ListPrice{
		{Breaks: []catalog.Break{{Price: eur("10")}, {From: qty("10"), Price: eur("9")}, {From: qty("100"), Price: eur("8")}}},
		{List: "PRO", Breaks: []catalog.Break{{Price: eur("7")}}, From: later},
		{List: "EXPORT", Breaks: []catalog.Break{{Price: money.MustPrice("12", money.USD)}}},
		{List: "OLD", Breaks: []catalog.Break{{Price: eur("5")}}, Until: noon},
		{List: "BULK", Breaks: []catalog.Break{{From: qty("50"), Price: eur("6")}}},
	}
	for _, c := range []struct {
		name  string
		lists []string
		cur   money.Currency
		at    time.Time
		q     string
		want  string // "" is none
	}{
		{"default list", nil, money.EUR, noon, "1", "10"},
		{"below a break", nil, money.EUR, noon, "9.9999", "10"},
		{"on a break", nil, money.EUR, noon, "10", "9"},
		{"last break", nil, money.EUR, noon, "5000", "8"},
		{"from is included", []string{"PRO", ""}, money.EUR, later, "1", "7"},
		{"before from", []string{"PRO", ""}, money.EUR, later.Add(-1), "1", "10"},
		{"until is excluded", []string{"OLD", ""}, money.EUR, noon, "1", "10"},
		{"before until", []string{"OLD", ""}, money.EUR, noon.Add(-1), "1", "5"},
		{"order of lists, not of prices", []string{"OLD", ""}, money.EUR, noon.Add(-1), "1", "5"},
		{"the first list wins though dearer", []string{"", "OLD"}, money.EUR, noon.Add(-1), "1", "10"},
		{"no price in the lists", []string{"NONE"}, money.EUR, noon, "1", ""},
		{"the default list is not implied", []string{"PRO"}, money.EUR, noon, "1", ""},
		{"currency", []string{"EXPORT", ""}, money.EUR, noon, "1", "10"},
		{"other currency", []string{"EXPORT", ""}, money.USD, noon, "1", "12"},
		{"no such currency", nil, money.CHF, noon, "1", ""},
		{"no currency", nil, money.Currency{}, noon, "1", ""},
		{"a list that starts above the quantity", []string{"BULK", ""}, money.EUR, noon, "49", "9"},
		{"and one that does not", []string{"BULK", ""}, money.EUR, noon, "50", "6"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, b, ok := catalog.FindPrice(prices, c.lists, c.cur, c.at, qty(c.q))
			require.Equal(t, c.want != "", ok)
			if ok {
				require.Equal(t, money.MustPrice(c.want, c.cur), b.Price)
			}
		})
	}
	_, _, ok := catalog.FindPrice([]catalog.ListPrice{{}}, nil, money.Currency{}, noon, qty("1"))
	require.False(t, ok, "a price without breaks")
}

// FindPrice agrees with the rule read aloud: for each list in turn, the first
// valid price with a break for the quantity.
func TestFindPriceAgainstTheRule(t *testing.T) {
	names := []string{"", "A", "B", "C"}
	rapid.Check(t, func(t *rapid.T) {
		prices := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) catalog.ListPrice {
			l := catalog.ListPrice{List: rapid.SampledFrom(names).Draw(t, "list")}
			cur := rapid.SampledFrom([]money.Currency{money.EUR, money.USD}).Draw(t, "cur")
			from := int64(0)
			for i := range rapid.IntRange(0, 3).Draw(t, "breaks") {
				from += rapid.Int64Range(int64(min(i, 1)), 3).Draw(t, "from")
				l.Breaks = append(l.Breaks, catalog.Break{From: money.QuantityOf(from), Price: money.MustPrice(fmt.Sprint(i+1), cur)})
			}
			if rapid.Bool().Draw(t, "bounded") {
				l.From = noon.Add(time.Duration(rapid.IntRange(-2, 2).Draw(t, "start")) * time.Hour)
				l.Until = l.From.Add(time.Duration(rapid.IntRange(1, 3).Draw(t, "hours")) * time.Hour)
			}
			return l
		}), 0, 6).Draw(t, "prices")
		lists := rapid.SliceOfNDistinct(rapid.SampledFrom(names), 0, 3, rapid.ID[string]).Draw(t, "lists")
		q := money.QuantityOf(rapid.Int64Range(0, 8).Draw(t, "q"))

		got, step, ok := catalog.FindPrice(prices, lists, money.EUR, noon, q)
		order := lists
		if len(order) == 0 {
			order = []string{""}
		}
		for _, name := range order {
			for _, l := range prices {
				b, has := l.Break(q)
				if l.List == name && l.Currency() == money.EUR && l.Covers(noon) && has {
					require.True(t, ok)
					require.Equal(t, l, got)
					require.Equal(t, b, step)
					return
				}
			}
		}
		require.False(t, ok)
	})
}

func TestFindPriceAllocatesNothing(t *testing.T) {
	p := hinge()
	lists := []string{"PRO", ""}
	q := qty("12")
	require.Zero(t, testing.AllocsPerRun(100, func() {
		if _, _, ok := catalog.FindPrice(p.Prices, lists, money.EUR, noon, q); !ok {
			t.Fatal("no price")
		}
	}))
}

func BenchmarkFindPrice(b *testing.B) {
	p := hinge()
	lists := []string{"PRO", ""}
	q := qty("12")
	b.ReportAllocs()
	for b.Loop() {
		if _, _, ok := catalog.FindPrice(p.Prices, lists, money.EUR, noon, q); !ok {
			b.Fatal("no price")
		}
	}
}
