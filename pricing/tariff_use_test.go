package pricing_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// The lowest price is the lowest also where one list is stated net and another
// gross, in either order.
func TestLowestOfNetAndGross(t *testing.T) {
	for _, c := range []struct{ net, gross, want string }{{"100", "108", "90.00 EUR"}, {"90", "120", "90.00 EUR"}, {"100", "132", "100.00 EUR"}} {
		for _, first := range []string{"a", "b"} {
			p := pricing.EN16931()
			p.Lists = pricing.LowestPrice
			tf := tariff(t, p)
			tf.Lists = []pricing.PriceList{{Code: "a", Currency: money.EUR}, {Code: "b", Stated: catalog.Gross, Currency: money.EUR}}
			tf.Prices = []pricing.PriceRow{rowOf("a", "product-1", c.net, money.EUR), rowOf("b", "product-1", c.gross, money.EUR)}
			b := basket(money.EUR, line{price: "999", quantity: "1", class: "standard"})
			b.Lists = map[string][]string{"a": {"a", "b"}, "b": {"b", "a"}}[first]
			require.Equal(t, c.want, quote(t, engine(t, tf), b).Net.String(), "%v, %s first", c, first)
		}
	}
}

// What a record known later says is in no offer, as it is in no quote.
func TestOffersAreAsKnownAtTheInstant(t *testing.T) {
	row := rowOf("a", "x", "100", money.EUR)
	row.Breaks = append(row.Breaks, catalog.Break{From: money.QuantityOf(10), Price: money.MustPrice("90", money.EUR)})
	row.Gone = noon.Add(time.Hour)
	later := rowOf("a", "x", "110", money.EUR)
	later.Known = noon.Add(time.Hour)
	tf := tariff(t, pricing.EN16931())
	tf.Lists = []pricing.PriceList{{Code: "a", Currency: money.EUR, For: pricing.Audience{Everyone: true}},
		{Code: "late", Currency: money.EUR, For: pricing.Audience{Everyone: true}, Span: pricing.Span{Known: noon.Add(time.Hour)}}}
	tf.Prices = []pricing.PriceRow{row, later}
	e, p := engine(t, tf), catalog.Product{ID: "x", SKU: "x", Tax: "standard"}
	var was []pricing.ProductOffers
	for _, known := range []time.Time{noon, {}} {
		b := pricing.Basket{Partner: "p", Country: "FR", Currency: money.EUR, At: noon, Known: known}
		require.Equal(t, []string{"a", ""}, e.Lists(b))
		got, err := e.Offers(t.Context(), b, []catalog.Product{p})
		require.NoError(t, err)
		require.Len(t, got[0].Offers, 2)
		require.Equal(t, "10", got[0].Offers[1].From.String())
		if was != nil {
			require.Equal(t, was, got)
		}
		was = got
	}
}

// What checking a tariff costs is in proportion to its lists.
func TestManyListsCompile(t *testing.T) {
	tf := tariff(t, pricing.EN16931())
	for i := range 40_000 {
		l := pricing.PriceList{Code: fmt.Sprint("list-of-partner-", i), Currency: money.EUR}
		if i > 0 {
			l.Fallback = "list-of-partner-0"
		}
		tf.Lists = append(tf.Lists, l)
	}
	at := time.Now()
	require.NoError(t, tf.Check())
	require.Less(t, time.Since(at), 10*time.Second) // by comparing each with each, half as many took 11 s
}

// A clone is written to and the quote stays.
func TestQuoteCloneSharesNothing(t *testing.T) {
	two := money.MustAmount("0.11", money.EUR)
	q := pricing.Quote{Payable: &two, Codes: []pricing.CodeOutcome{{Missing: &pricing.Missing{Amount: &two}}},
		Conflicts: []pricing.Conflict{{Rules: []string{"A", "B"}, Lines: []pricing.LineID{"1"}}}}
	c := q.Clone()
	require.Equal(t, q, c)
	*c.Payable = money.MustAmount("99", money.EUR)
	*c.Codes[0].Missing.Amount = *c.Payable
	c.Codes[0].Missing.Ref, c.Conflicts[0].Rules[0], c.Conflicts[0].Lines[0] = "x", "x", "x"
	require.Equal(t, "0.11 EUR", q.Payable.String())
	require.Equal(t, pricing.Missing{Amount: &two}, *q.Codes[0].Missing)
	require.Equal(t, pricing.Conflict{Rules: []string{"A", "B"}, Lines: []pricing.LineID{"1"}}, q.Conflicts[0])
}

// A line that rules of tax cannot decide is named.
func TestTaxCaseNamesTheLine(t *testing.T) {
	tf := tariff(t, pricing.EN16931())
	tf.TaxRules = pricing.EUTaxRules(nil)
	b := basket(money.EUR, line{price: "1", quantity: "1", class: "standard"}, line{price: "1", quantity: "1"})
	_, err := engine(t, tf).Quote(t.Context(), b)
	require.ErrorIs(t, err, pricing.ErrTaxCase)
	require.Equal(t, "lines[1].class", fault.IssuesOf(err)[0].Path)
}

// An exclusive rule that is bounded, of a currency, or competes by what it gives
// leaves room for others: they are not unreachable.
func TestLintDoesNotTakeRoomForNone(t *testing.T) {
	b := off("B", "50", pricing.OnLine, 1)
	b.Goods.Products = []catalog.ID{"product-2"}
	for name, c := range map[string]struct {
		lines  pricing.Stacking
		change func(a *pricing.Rule)
	}{
		"bounded":  {pricing.Stacking{}, func(a *pricing.Rule) { a.Most = euros("1") }},
		"best for": {pricing.Stacking{Mode: pricing.BestFor}, func(*pricing.Rule) {}},
		"one lane": {pricing.Stacking{Mode: pricing.Lanes}, func(a *pricing.Rule) { a.Lane = "x" }},
	} {
		p := pricing.EN16931()
		p.Lines = c.lines
		a := off("A", "10", pricing.OnLine, 2)
		a.Exclusive = true
		c.change(&a)
		b.Lane = a.Lane
		tf := tariff(t, p, a, b)
		require.Empty(t, lint(t, tf), name)
		q := quote(t, engine(t, tf), basket(money.EUR, line{price: "1000", quantity: "1", class: "standard"}, line{price: "1", quantity: "1", class: "standard"}))
		require.Equal(t, "0.50 EUR", q.Lines[1].Net.String(), name)
	}
}
