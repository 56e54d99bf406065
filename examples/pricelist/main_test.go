package main

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/internal/golden"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

func opened(t *testing.T) *shop {
	t.Helper()
	s, err := open()
	require.NoError(t, err)
	return s
}

func TestPricelistGolden(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(&out))
	golden.Check(t, "testdata/output.txt", out.Bytes())
	for l := range strings.Lines(out.String()) {
		require.LessOrEqual(t, utf8.RuneCountInString(strings.TrimSuffix(l, "\n")), 100, l)
	}
}

// The data is as a portal would save it.
func TestDataIsValid(t *testing.T) {
	s := opened(t)
	for _, p := range s.products {
		require.NoError(t, p.Validate(), p.ID)
	}
	for _, p := range s.partners {
		require.NoError(t, p.Validate(), p.ID)
	}
	_, err := s.basket("nobody", today)
	require.ErrorContains(t, err, "nobody")
	_, err = s.lines([]item{{"nothing", 1}})
	require.ErrorContains(t, err, "nothing")
}

// Of every quantity that may be ordered the list says what one of it costs, for
// all partners: a row holds until the next one, and what is charged is its net
// times the quantity.
func TestListHoldsForEveryQuantity(t *testing.T) {
	s, ctx := opened(t), context.Background()
	rows := map[access.PartnerID]int{}
	for _, p := range s.partners {
		b, err := s.basket(p.ID, today)
		require.NoError(t, err)
		for _, g := range s.products {
			if g.ID == "knob-brass" || g.ID == "island" || g.OrderableBy(p.ID) != nil {
				continue // three for two is no matter of a break; the island has no price
			}
			list, err := s.engine.Offers(ctx, b, []catalog.Product{g})
			require.NoError(t, err, g.ID)
			if g.ID == "show-duo" {
				require.Equal(t, "pricing.no_price", list[0].Refused)
				continue
			}
			offers := list[0].Offers
			rows[p.ID] += len(offers)
			q, at := g.Quantity.Default(), 0
			for range 15 {
				if at+1 < len(offers) && offers[at+1].From.Cmp(q) <= 0 {
					at++
				}
				b.Lines = []pricing.Line{pricing.LineOf("1", g, q)}
				quote, err := s.engine.Quote(ctx, b)
				require.NoError(t, err)
				charged, err := offers[at].Net.Mul(q, money.HalfAwayFromZero)
				require.NoError(t, err)
				require.Equal(t, charged, quote.Lines[0].Net, "%s × %s for %s", g.ID, q, p.ID)
				q, err = q.Add(g.Quantity.Default())
				require.NoError(t, err)
			}
			require.Equal(t, len(offers)-1, at, "every row was reached")
		}
	}
	require.Equal(t, map[access.PartnerID]int{"atelier-brun": 17, "keuken-delta": 18, "cuisines-ollier": 11}, rows)
}

// A list whose first break lies above the least quantity is shown from there on.
func TestListThatBeginsFurtherUp(t *testing.T) {
	s := opened(t)
	var err error
	s.tariff, s.engine, err = compile(func(t *pricing.Tariff) error {
		for i := range t.Prices {
			if r := &t.Prices[i]; r.Product == "filter-vela" {
				r.Breaks = r.Breaks[1:]
			}
		}
		return nil
	})
	require.NoError(t, err)
	b, err := s.basket("atelier-brun", today)
	require.NoError(t, err)
	at := slices.IndexFunc(s.products, func(p catalog.Product) bool { return p.ID == "filter-vela" })
	require.GreaterOrEqual(t, at, 0)
	list, err := s.engine.Offers(context.Background(), b, s.products[at:at+1])
	require.NoError(t, err)
	require.Len(t, list[0].Offers, 1)
	require.Equal(t, "10", list[0].Offers[0].From.String())
	require.Equal(t, "21.50", list[0].Offers[0].Net.Text())
}

// What a hint promises comes true: two more ovens give 6 %.
func TestHintsComeTrue(t *testing.T) {
	s, ctx := opened(t), context.Background()
	b, err := s.basket("atelier-brun", today)
	require.NoError(t, err)
	for units, want := range map[int64]string{4: "2 more and it gives 6 %, saving 90.72 EUR", 6: ""} {
		b.Lines, err = s.lines([]item{{"oven-alba", units}})
		require.NoError(t, err)
		quote, why, err := s.engine.Explain(ctx, b)
		require.NoError(t, err)
		at := slices.IndexFunc(why.Children, func(n pricing.Node) bool { return n.Ref == "OVENS" })
		require.GreaterOrEqual(t, at, 0)
		require.Equal(t, want, hint(why.Children[at]))
		require.Equal(t, map[int64]string{4: "1955.52", 6: "2842.56"}[units], quote.Lines[0].Net.Text())
	}
}

// The table of differences is that of the quotes, priced one by one.
func TestWhatIfSumsTheQuotes(t *testing.T) {
	s, ctx := opened(t), context.Background()
	_, would, err := compile(draft)
	require.NoError(t, err)
	sim, err := s.whatIf(ctx, would)
	require.NoError(t, err)
	sum := money.Zero(money.EUR)
	for p, err := range s.past(ctx) {
		require.NoError(t, err)
		now, err := would.Requote(ctx, p.Quote, nil)
		require.NoError(t, err)
		more, err := now.Net.Sub(p.Quote.Net)
		require.NoError(t, err)
		sum, err = sum.Add(more)
		require.NoError(t, err)
	}
	require.Equal(t, sum, sim.Currencies[0].Total.Net.Difference)
	require.False(t, sum.IsZero())
}

// In force two discounts meet the floor of the steam oven; the draft takes the
// fridge below its floor, too.
func TestLintOfBoth(t *testing.T) {
	s := opened(t)
	rules := func(t *testing.T, tf pricing.Tariff) (out []string) {
		found, err := pricing.Lint(context.Background(), tf, &pricing.LintOptions{At: today, Products: s.products})
		require.NoError(t, err)
		for _, f := range found {
			require.Equal(t, pricing.BelowFloor, f.Kind)
			require.True(t, f.Confirmed)
			out = append(out, f.Rules...)
		}
		return out
	}
	require.ElementsMatch(t, []string{"SHOWROOM", "LOYAL"}, rules(t, s.tariff))
	next, _, err := compile(draft)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"CLEARANCE", "SHOWROOM", "LOYAL"}, rules(t, next))
}
