package pricing

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
)

// What a look-up looks at, counted: the lists asked, the rows of the product and
// the rules found are the same however much the tariff has for others.
func TestLookUpsDoNotGrowWithTheTariff(t *testing.T) {
	for _, n := range []int{1, 10, 3000} {
		tf := Tariff{Seller: "FR", Taxes: []TaxRow{{Country: "FR", Class: "standard", Category: StandardRated, Rate: money.RateOf(20)}},
			Lists: []PriceList{{Code: "base", Currency: money.EUR, For: Audience{Everyone: true}}}}
		row := func(list string, product catalog.ID) {
			tf.Prices = append(tf.Prices, PriceRow{List: list, Product: product, Breaks: []catalog.Break{{Price: money.MustPrice("9.45", money.EUR)}}})
		}
		row("base", "mine")
		row("base", "bare")
		for k := range n {
			id := fmt.Sprint(k)
			who := Audience{Partners: []access.PartnerID{access.PartnerID("p" + id)}, Groups: []string{"g" + id}}
			tf.Lists = append(tf.Lists, PriceList{Code: "of " + id, Currency: money.EUR, For: who})
			product := catalog.ID("product-" + id)
			if k == 0 {
				product = "mine"
			}
			row("base", product+"x")
			row("of "+id, product)
			tf.Rules = append(tf.Rules,
				Rule{Code: "P" + id, On: OnLine, Priority: 3*k + 1, When: When{Partners: who.Partners}, Give: Effect{Percent: money.RateOf(1)}},
				Rule{Code: "G" + id, On: OnLine, Priority: 3*k + 2, When: When{Groups: who.Groups}, Give: Effect{Percent: money.RateOf(1)}},
				Rule{Code: "S" + id, On: OnLine, Priority: 3*k + 3, Goods: Goods{Products: []catalog.ID{product}}, Give: Effect{Percent: money.RateOf(1)}})
		}
		e, err := Compile(tf, nil)
		require.NoError(t, err)
		b := Basket{Partner: "p0", Currency: money.EUR, At: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC), Lines: []Line{
			{ID: "1", Product: "mine", Quantity: money.QuantityOf(1), Tax: "standard"}, {ID: "2", Product: "bare", Quantity: money.QuantityOf(1), Tax: "standard"}}}

		rows := func(p catalog.ID) int { return int(e.prices[p].until - e.prices[p].from) }
		require.Equal(t, []int{2, 1, 0}, []int{rows("mine"), rows("bare"), rows("nothing")}, "rows of a product with %d lists", n)
		q := Quote{Lines: make([]QuotedLine, 2)}
		j := &job{slot: make([]int32, len(e.rules)), held: free}
		j.start(e, &b, &q)
		require.NoError(t, e.resolve(j))
		require.Len(t, j.turns, 3, "the partner's list, the base list and the default, of %d", n)
		e.candidates(j)
		var found []string
		for _, c := range j.cands {
			found = append(found, c.rule.Code)
		}
		require.Equal(t, []string{"S0", "P0"}, found, "of %d rules", len(e.rules))
		require.Len(t, tf.Prices, 2+2*n)
	}
}

// A product that many lists price is looked up in those of the buyer alone.
func TestLookUpsDoNotGrowWithTheListsOfAProduct(t *testing.T) {
	for _, n := range []int{2, 100, 3000} {
		tf := Tariff{Taxes: []TaxRow{{Country: "FR", Class: "standard", Category: StandardRated, Rate: money.RateOf(20)}}}
		for k := range n {
			code := fmt.Sprint("of ", k)
			tf.Lists = append(tf.Lists, PriceList{Code: code, Currency: money.EUR})
			tf.Prices = append(tf.Prices, PriceRow{List: code, Product: "p", Breaks: []catalog.Break{{Price: money.MustPrice(fmt.Sprint(k+1), money.EUR)}}})
		}
		e, err := Compile(tf, nil)
		require.NoError(t, err)
		for k := range n {
			r := e.rowsOf(e.prices["p"], e.codes[tf.Lists[k].Code])
			require.Equal(t, int32(1), r.until-r.from, "of %d lists", n)
			require.Equal(t, &tf.Prices[k], e.rows[r.from].PriceRow)
		}
		require.Equal(t, rowRange{}, e.rowsOf(e.prices["none"], 0))
	}
}
