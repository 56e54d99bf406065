package pricing_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// asked is a context that is done once it was asked so many times whether it is.
type asked struct {
	context.Context
	left int
}

func (c *asked) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

// coded is a tariff of codes that take something together, that others eat, and
// that move what is to be paid.
func coded(t testing.TB) pricing.Tariff {
	small, eaten, whole := off("SMALL", "0.2", pricing.OnLine, 9), off("EATEN", "10", pricing.OnLine, 8), off("WHOLE", "5", pricing.OnOrder, 3)
	small.When.Campaign, eaten.When.Campaign, whole.When.Campaign = "SMALL", "EATEN", "WHOLE"
	eaten.Goods.Products = []catalog.ID{"product-1"}
	eight := money.MustPrice("8", money.EUR)
	fixed := pricing.Rule{Code: "EIGHT", On: pricing.OnLine, Priority: 7, Goods: pricing.Goods{Products: []catalog.ID{"product-1"}}, Give: pricing.Effect{Price: &eight}}
	alone := off("ALONE", "3", pricing.OnLine, 6)
	alone.Exclusive, alone.Goods.Products = true, []catalog.ID{"product-3"}
	many := off("MANY", "1.5", pricing.OnLine, 4)
	many.When.Quantity = &pricing.QuantityRange{From: money.QuantityOf(20)}
	tf := tariff(t, pricing.EN16931(), small, eaten, fixed, alone, many, whole)
	tf.Charges = []pricing.ChargeRule{{Code: "SHIP", Kind: "shipping", Amount: pricing.ChargeAmount{Fixed: euros("7.5"), FreeFrom: euros("900")}}}
	return tf
}

// codedBasket has so many lines, and of the codes those that are set in which.
func codedBasket(lines, which int) pricing.Basket {
	var of []line
	for i := range lines {
		of = append(of, line{fmt.Sprintf("%d.%02d", 10+i%7, i%100), fmt.Sprint(1 + i%4), []string{"standard", "reduced", "zero"}[i%3], i%5 == 4})
	}
	b := basket(money.EUR, of...)
	for k, campaign := range []string{"SMALL", "EATEN", "WHOLE"} {
		if which>>k&1 == 1 {
			b.Codes = append(b.Codes, pricing.UsedCode{Code: campaign + "-1", Campaign: campaign})
		}
	}
	return b
}

// A context that is done while a quote with codes is made gives its error, at
// whatever pass, and no quote of which some codes were not looked at; nor an
// explanation of which some hints were not.
func TestCancelledBetweenPasses(t *testing.T) {
	e := engine(t, coded(t))
	for which := range 8 {
		b := codedBasket(3, which)
		want, tree, err := e.Explain(t.Context(), b)
		require.NoError(t, err)
		for why, done := range []bool{false, false} {
			for n := 0; !done; n++ {
				require.Less(t, n, 1000, "a quote asks so often")
				ctx := &asked{t.Context(), n}
				var q pricing.Quote
				var x pricing.Node
				if why == 0 {
					q, err = e.Quote(ctx, b)
				} else {
					q, x, err = e.Explain(ctx, b)
				}
				if done = ctx.left >= 0; !done {
					require.ErrorIs(t, err, context.Canceled, "codes %b, asked %d times", which, n)
					require.Zero(t, q)
					require.Zero(t, x)
					continue
				}
				require.NoError(t, err)
				require.Equal(t, want, q)
				if why == 1 {
					require.Equal(t, tree, x)
				}
			}
		}
	}
}

// failing is a decider that panics once it was asked so many times.
type failing struct {
	pricing.TaxDecider
	left int
}

func (d *failing) DecideTax(c pricing.TaxCase) (pricing.TaxDecision, error) {
	if d.left--; d.left == 0 {
		panic("no taxes today")
	}
	return d.TaxDecider.DecideTax(c)
}

// After a panic of a decider that somebody has caught, at whatever pass, quotes and
// explanations are those of an engine that has seen none.
func TestPanicsLeaveNothingBehind(t *testing.T) {
	rules, err := pricing.NewRuledTaxes(table(t), pricing.EUTaxRules(nil)...)
	require.NoError(t, err)
	compiled := func(d pricing.TaxDecider) *pricing.Engine {
		e, err := pricing.Compile(coded(t), &pricing.EngineOptions{Decider: d})
		require.NoError(t, err)
		return e
	}
	d := &failing{TaxDecider: rules}
	e, b := compiled(d), codedBasket(3, 0b111)
	want, tree, err := compiled(rules).Explain(t.Context(), b)
	require.NoError(t, err)
	products := []catalog.Product{{ID: "product-1", SKU: "1", Tax: "standard", Prices: b.Lines[0].Prices}}
	for name, use := range map[string]func() error{
		"quote":   func() error { _, err := e.Quote(t.Context(), b); return err },
		"explain": func() error { _, _, err := e.Explain(t.Context(), b); return err },
		"offers":  func() error { _, err := e.Offers(t.Context(), b, products); return err },
		"simulate": func() error {
			_, err := pricing.Simulate(t.Context(), e, e, pastOf([]pricing.Past{{Quote: want}}), nil)
			return err
		},
	} {
		panicked := true
		for n := 1; panicked; n++ {
			require.Less(t, n, 1000, "taxes are asked for so often")
			func() {
				defer func() { panicked = recover() != nil }()
				d.left = n
				require.NoError(t, use(), name)
			}()
			d.left = 0
			for range 2 { // of the memory that the pool has
				q, err := e.Quote(t.Context(), b)
				require.NoError(t, err)
				require.Equal(t, want, q, "%s, panic %d", name, n)
			}
			q, x, err := e.Explain(t.Context(), b)
			require.NoError(t, err)
			require.Equal(t, want, q, "%s, panic %d", name, n)
			require.Equal(t, tree, x, "%s, panic %d", name, n)
		}
	}
}

// Eight at once over one engine, with baskets that grow and shrink, codes,
// explanations, contexts that are done on the way and baskets that are refused: what
// each is told is what an engine tells that nobody has used before.
func TestConcurrentReuse(t *testing.T) {
	tf := coded(t)
	e := engine(t, tf)
	type answer struct {
		quote pricing.Quote
		tree  pricing.Node
		err   error
	}
	ask := func(e *pricing.Engine, ctx context.Context, b pricing.Basket, why bool) (a answer) {
		if why {
			a.quote, a.tree, a.err = e.Explain(ctx, b)
		} else {
			a.quote, a.err = e.Quote(ctx, b)
		}
		return a
	}
	var baskets []pricing.Basket
	for _, lines := range []int{40, 1, 17, 0, 64, 3} {
		for which := range 8 {
			baskets = append(baskets, codedBasket(lines, which))
		}
	}
	for _, spoil := range []func(*pricing.Basket){
		func(b *pricing.Basket) { b.Lines[7].ID = b.Lines[6].ID },
		func(b *pricing.Basket) { b.Lines[9].Prices = nil },
		func(b *pricing.Basket) { b.Lines[2].Tax = "none" },
		func(b *pricing.Basket) { b.Lines[4].Quantity = money.Quantity{} },
	} {
		b := codedBasket(12, 0b101)
		spoil(&b)
		baskets = append(baskets, b)
	}
	want := make([][2]answer, len(baskets))
	for i, b := range baskets {
		for k := range want[i] {
			want[i][k] = ask(engine(t, tf), t.Context(), b, k == 1)
		}
	}
	kept := make([][]answer, 8)
	at := make([][]int, 8)
	var wg sync.WaitGroup
	for g := range kept {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(g)))
			for range 60 {
				i, why := random.IntN(len(baskets)), random.IntN(4)/3
				if random.IntN(4) == 0 {
					ask(e, &asked{t.Context(), random.IntN(12)}, baskets[i], why == 1)
					continue
				}
				kept[g], at[g] = append(kept[g], ask(e, t.Context(), baskets[i], why == 1)), append(at[g], 2*i+why)
			}
		})
	}
	wg.Wait()
	for g := range kept {
		for n, a := range kept[g] {
			w := want[at[g][n]/2][at[g][n]%2]
			require.Equal(t, w.quote, a.quote)
			require.Equal(t, w.tree, a.tree)
			require.Equal(t, fmt.Sprint(w.err), fmt.Sprint(a.err))
		}
	}
}

// Whatever rules there are: the memory of the quotes before, of whatever size, moves
// nothing of a quote, of its explanation, or of what it is refused for.
func TestLawReuseMovesNothing(t *testing.T) {
	rows := table(t).Rows()
	rapid.Check(t, func(t *rapid.T) {
		first := drawBasket(t)
		tf := drawTariff(t, "reuse", rows, first.Currency)
		tf.Policy = drawPolicy(t)
		tf.Policy.Lists = rapid.SampledFrom([]pricing.ListStrategy{pricing.FirstList, pricing.MergeLists, pricing.LowestPrice}).Draw(t, "strategy")
		for k := range tf.Rules {
			tf.Rules[k].When.Campaign = rapid.SampledFrom([]string{"", "", "A", "B"}).Draw(t, "campaign")
		}
		e, err := pricing.Compile(tf, nil)
		if err != nil {
			t.Skip(err)
		}
		for range rapid.IntRange(2, 5).Draw(t, "quotes") {
			b := drawBasket(t)
			b.Currency = rapid.SampledFrom([]money.Currency{first.Currency, first.Currency, b.Currency}).Draw(t, "again")
			if rapid.Bool().Draw(t, "by the tariff") {
				b.Lists = []string{"vip"}
				for i := range b.Lines {
					b.Lines[i].Prices = nil
				}
			}
			for _, c := range []string{"A", "B"}[:rapid.IntRange(0, 2).Draw(t, "codes")] {
				b.Codes = append(b.Codes, pricing.UsedCode{Code: c + "-1", Campaign: c})
			}
			ask := e.Explain
			if rapid.Bool().Draw(t, "figures alone") {
				ask = func(ctx context.Context, b pricing.Basket, _ ...string) (q pricing.Quote, x pricing.Node, err error) {
					q, err = e.Quote(ctx, b)
					return q, x, err
				}
			}
			q, x, err := ask(t.Context(), b)
			want, tree, err2 := engine(t, tf).Explain(t.Context(), b)
			require.Equal(t, fmt.Sprint(err2), fmt.Sprint(err))
			require.Equal(t, want, q)
			if x.Kind != "" {
				require.Equal(t, tree, x)
			}
		}
	})
}
