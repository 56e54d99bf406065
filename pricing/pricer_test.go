package pricing_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

func country2(code string) partner.Country { return partner.Country(code) }

func TestListPricerTotals(t *testing.T) {
	net := func(price, q, class string) line { return line{price, q, class, false} }
	gross := func(price, q, class string) line { return line{price, q, class, true} }
	eur, jpy, bhd := money.EUR, money.JPY, money.BHD
	cases := []struct {
		name            string
		cur             money.Currency
		seller          string
		lines           []line
		net, tax, gross string
	}{
		{"service portal, one part", eur, "FR", []line{net("9.45", "1", "standard")}, "9.45", "1.89", "11.34"},
		{"service portal, three parts", eur, "FR", []line{net("84.00", "1", "standard"), net("49.96", "1", "standard"), net("0", "1", "standard")}, "133.96", "26.79", "160.75"},
		{"service portal, 72", eur, "FR", []line{net("72.00", "1", "standard")}, "72.00", "14.40", "86.40"},
		{"Flamingo, tax on the sum", eur, "DE", []line{net("14.71", "1", "standard"), net("10.18", "1", "standard")}, "24.89", "4.73", "29.62"},
		{"GOBL, round per rate then sum", eur, "FR", []line{net("9.42", "1", "24"), net("9.42", "1", "13")}, "18.84", "3.48", "22.32"},
		{"GOBL, 10 × 29.00 incl. 6 %", eur, "FR", []line{gross("29.00", "10", "6")}, "273.58", "16.42", "290.00"},
		{"gross is not rebuilt from a rounded net", eur, "FR", []line{gross("38.23", "10", "standard")}, "318.58", "63.72", "382.30"},
		{"no drift per unit", eur, "FR", []line{net("3.99", "25", "10")}, "99.75", "9.98", "109.73"},
		{"whole yen", jpy, "FR", []line{net("333", "1.5", "10"), net("99.5", "1", "10")}, "600", "60", "660"},
		{"thousandths of a dinar", bhd, "FR", []line{net("12.34567", "1", "10")}, "12.346", "1.235", "13.581"},
		{"net and gross in one rate", eur, "FR", []line{net("0.13", "1", "standard"), gross("0.13", "1", "standard")}, "0.24", "0.05", "0.29"},
		{"nothing", eur, "FR", nil, "0.00", "0.00", "0.00"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := pricing.NewListPricer(table(t), &pricing.Options{Seller: country2(c.seller)})
			b := basket(c.cur, c.lines...)
			b.Country = ""
			q := quote(t, p, b)
			require.Equal(t, []string{c.net, c.tax, c.gross}, []string{q.Net.Text(), q.Tax.Text(), q.Gross.Text()})
			checkQuote(t, b, q)
		})
	}
}

func TestLineTaxIsApportioned(t *testing.T) {
	p := pricing.NewListPricer(table(t), nil)
	q := quote(t, p, basket(money.EUR, line{"0.02", "1", "standard", false}, line{"0.02", "1", "standard", false}, line{"0.04", "1", "standard", false}))
	// 20 % of 0.08 is 0.02; alone the lines would carry 0.00, 0.00 and 0.01.
	require.Equal(t, "0.02", q.Tax.Text())
	require.Equal(t, []string{"0.01", "0.00", "0.01"}, []string{q.Lines[0].Tax.Text(), q.Lines[1].Tax.Text(), q.Lines[2].Tax.Text()})
}

func TestOptions(t *testing.T) {
	b := basket(money.EUR, line{"0.025", "1", "standard", false})
	q := quote(t, pricing.NewListPricer(table(t), nil), b)
	require.Equal(t, "list-1", q.Rules)
	require.Equal(t, noon.Add(24*time.Hour), q.Until)
	require.Equal(t, "0.03", q.Net.Text())
	require.NotEmpty(t, q.Lines[0].Why)
	require.False(t, q.Expired(q.Until.Add(-1)))
	require.True(t, q.Expired(q.Until))

	q = quote(t, pricing.NewListPricer(table(t), &pricing.Options{Validity: time.Hour, Rules: "spring", Rounding: money.HalfDown, Brief: true}), b)
	require.Equal(t, "spring", q.Rules)
	require.Equal(t, noon.Add(time.Hour), q.Until)
	require.Equal(t, "0.02", q.Net.Text())
	require.Empty(t, q.Lines[0].Why)
}

func TestPriceChoice(t *testing.T) {
	price := func(list, text string, cur money.Currency, from, until time.Time) catalog.ListPrice {
		return catalog.ListPrice{List: list, Breaks: []catalog.Break{{Price: money.MustPrice(text, cur)}}, From: from, Until: until}
	}
	eur, always := money.EUR, time.Time{}
	scale := catalog.ListPrice{Breaks: []catalog.Break{
		{Price: money.MustPrice("10", eur)},
		{From: money.QuantityOf(10), Price: money.MustPrice("9", eur)},
		{From: money.QuantityOf(100), Price: money.MustPrice("8", eur)},
	}}
	late := catalog.ListPrice{Breaks: []catalog.Break{{From: money.QuantityOf(5), Price: money.MustPrice("7", eur)}}}
	cases := []struct {
		name   string
		lists  []string
		q      string
		prices []catalog.ListPrice
		want   string // "" is none
	}{
		{"the first list that has a price", []string{"a", "b"}, "1", []catalog.ListPrice{price("b", "2", eur, always, always), price("a", "1", eur, always, always)}, "1.00 EUR"},
		{"the next when it has none", []string{"a", "b"}, "1", []catalog.ListPrice{price("b", "2", eur, always, always)}, "2.00 EUR"},
		{"no lists mean the default list", nil, "1", []catalog.ListPrice{price("b", "2", eur, always, always), price("", "3", eur, always, always)}, "3.00 EUR"},
		{"the default list is no fallback", []string{"a"}, "1", []catalog.ListPrice{price("", "3", eur, always, always)}, ""},
		{"another currency", nil, "1", []catalog.ListPrice{price("", "3", money.USD, always, always)}, ""},
		{"from is included", nil, "1", []catalog.ListPrice{price("", "3", eur, noon, always)}, "3.00 EUR"},
		{"not yet", nil, "1", []catalog.ListPrice{price("", "3", eur, noon.Add(time.Microsecond), always)}, ""},
		{"until is excluded", nil, "1", []catalog.ListPrice{price("", "3", eur, always, noon)}, ""},
		{"the window that holds", nil, "1", []catalog.ListPrice{price("", "3", eur, always, noon), price("", "4", eur, noon, always)}, "4.00 EUR"},
		{"below a break", nil, "9.9999", []catalog.ListPrice{scale}, "10.00 EUR"},
		{"at a break", nil, "10", []catalog.ListPrice{scale}, "9.00 EUR"},
		{"beyond the last", nil, "5000", []catalog.ListPrice{scale}, "8.00 EUR"},
		{"below the first", nil, "4", []catalog.ListPrice{late}, ""},
		{"no prices", nil, "1", nil, ""},
	}
	p := pricing.NewListPricer(table(t), nil)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := basket(eur, line{"1", c.q, "standard", false})
			b.Lists, b.Lines[0].Prices = c.lists, c.prices
			q, err := p.Quote(t.Context(), b)
			if c.want == "" {
				require.ErrorIs(t, err, pricing.ErrNoPrice)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, q.Lines[0].Price.String())
		})
	}
}

func TestEveryIssueIsReported(t *testing.T) {
	paths := func(err error) (out []string) {
		for _, i := range fault.IssuesOf(err) {
			out = append(out, i.Path+" "+i.Code)
		}
		return out
	}
	ok := line{"1", "1", "standard", false}
	huge := line{"9223372036854", "900000000000000", "standard", false}
	cases := []struct {
		name string
		mend func(*pricing.Basket)
		is   error
		kind fault.Kind
		want []string
	}{
		{"basket", func(b *pricing.Basket) {
			b.Currency, b.At, b.Country = money.Currency{}, time.Time{}, "XX"
			b.Lines[1].ID = ""
			b.Lines[2].ID = b.Lines[0].ID
			b.Lines[2].Quantity = money.Quantity{}
			b.Lines[3].Quantity = money.QuantityOf(-1)
		}, pricing.ErrBasket, fault.Invalid, []string{"currency pricing.no_currency", "at pricing.no_instant", "country pricing.country",
			"lines[1].id pricing.no_line_id", "lines[2].id pricing.line_twice", "lines[2].quantity pricing.quantity", "lines[3].quantity pricing.quantity"}},
		{"no price and no tax", func(b *pricing.Basket) {
			b.Lines[0].Prices = nil
			b.Lines[2].Prices, b.Lines[2].Tax = nil, "luxury"
			b.Lines[3].Tax = "luxury"
		}, pricing.ErrNoPrice, fault.Precondition, []string{"lines[0] pricing.no_price", "lines[2] pricing.no_tax", "lines[2] pricing.no_price", "lines[3] pricing.no_tax"}},
		{"no tax alone", func(b *pricing.Basket) { b.Lines[1].Tax = "" },
			pricing.ErrNoTax, fault.Precondition, []string{"lines[1] pricing.no_tax"}},
		{"negative price", func(b *pricing.Basket) {
			b.Lines[1].Prices[0].Breaks[0].Price = money.MustPrice("-1", money.EUR)
		}, pricing.ErrBasket, fault.Invalid, []string{"lines[1] pricing.negative_price"}},
		{"overflow of a line", func(b *pricing.Basket) { b.Lines[1] = basket(money.EUR, ok, huge).Lines[1] },
			pricing.ErrBasket, fault.Invalid, []string{"lines[1] money.overflow"}},
		{"a scale in two currencies", func(b *pricing.Basket) {
			breaks := &b.Lines[1].Prices[0].Breaks
			*breaks = append(*breaks, catalog.Break{From: money.QuantityOf(1), Price: money.MustPrice("1", money.CHF)})
		}, pricing.ErrBasket, fault.Invalid, []string{"lines[1] money.currency_mismatch"}},
		{"stated otherwise", func(b *pricing.Basket) { b.Lines[1].Prices[0].Stated = "brutto" },
			pricing.ErrBasket, fault.Invalid, []string{"lines[1] pricing.stated"}},
	}
	p := pricing.NewListPricer(table(t), nil)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := basket(money.EUR, ok, ok, ok, ok)
			c.mend(&b)
			q, err := p.Quote(t.Context(), b)
			require.ErrorIs(t, err, c.is)
			require.Equal(t, c.kind, fault.KindOf(err))
			require.Equal(t, c.want, paths(err))
			require.Equal(t, pricing.Quote{}, q, "nothing is priced in part")
		})
	}
}

func TestOverflowOfSums(t *testing.T) {
	p := pricing.NewListPricer(table(t), nil)
	most := line{"92233720368.54", "1000000", "standard", false} // 2^63-1 minor units and a little less
	for name, b := range map[string]pricing.Basket{
		"tax on top": basket(money.EUR, most),
		"two lines":  basket(money.EUR, most, most),
		"two rates":  basket(money.EUR, most, line{most.price, most.quantity, "zero", false}),
	} {
		_, err := p.Quote(t.Context(), b)
		require.ErrorIs(t, err, pricing.ErrBasket, name)
		require.Equal(t, "money.overflow", fault.IssuesOf(err)[0].Code, name)
	}
}

func TestTooManyLines(t *testing.T) {
	p := pricing.NewListPricer(table(t), &pricing.Options{Brief: true})
	b := basket(money.EUR, line{"1", "1", "standard", false})
	one := b.Lines[0]
	b.Lines = nil
	for i := range pricing.MaxLines {
		one.ID = pricing.LineID(fmt.Sprint(i))
		b.Lines = append(b.Lines, one)
	}
	require.Equal(t, "10000.00", quote(t, p, b).Net.Text())
	one.ID = "more"
	b.Lines = append(b.Lines, one)
	_, err := p.Quote(t.Context(), b)
	require.ErrorIs(t, err, pricing.ErrBasket)
	require.Equal(t, "lines", fault.IssuesOf(err)[0].Path)
}

func TestContextDone(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := pricing.NewListPricer(table(t), nil).Quote(ctx, basket(money.EUR))
	require.ErrorIs(t, err, context.Canceled)
}

func TestUnknownPolicyIsAnError(t *testing.T) {
	p := pricing.NewListPricer(table(t), &pricing.Options{Apportionment: 99})
	_, err := p.Quote(t.Context(), basket(money.EUR, line{"1", "1", "standard", false}))
	require.Error(t, err)
	require.Equal(t, "money.unknown_policy", fault.IssuesOf(err)[0].Code)
}

func TestInstantsAreUTCMicroseconds(t *testing.T) {
	b := basket(money.EUR, line{"1", "1", "standard", false})
	b.At = noon.Add(1999 * time.Nanosecond).In(time.FixedZone("x", 3600))
	q := quote(t, pricing.NewListPricer(table(t), &pricing.Options{Validity: time.Second + 1}), b)
	require.Equal(t, noon.Add(time.Microsecond), q.At)
	require.Equal(t, noon.Add(time.Second+time.Microsecond), q.Until)
	data, err := json.Marshal(q)
	require.NoError(t, err)
	var back pricing.Quote
	require.NoError(t, json.Unmarshal(data, &back))
	require.Equal(t, q, back)
	require.NoError(t, back.Verify())
}

func TestQuotesShareNothing(t *testing.T) {
	p := pricing.NewListPricer(table(t), nil)
	var _ pricing.Pure = p
	b := basket(money.EUR, line{"9.45", "3", "standard", false}, line{"1.234567", "2", "reduced", true})
	first := quote(t, p, b)
	want := first.Clone()
	for i := range 5 { // the same scratch memory, other texts
		quote(t, p, basket(money.EUR, line{fmt.Sprint(i), "7", "zero", false}))
	}
	require.Equal(t, want, first)
	c := first.Clone()
	c.Lines[0].Why[0].Value, c.Lines[1].SKU, c.Taxes[0].Rate = "x", "x", money.RateOf(1)
	require.Equal(t, want, first)

	copied := b.Clone()
	copied.Lines[0].Prices[0].Breaks[0].Price = money.MustPrice("1", money.EUR)
	copied.Lines[1].SKU = "x"
	require.Equal(t, want, quote(t, p, b))
}

func TestConcurrentQuotes(t *testing.T) {
	p := pricing.NewListPricer(table(t), nil)
	b := basket(money.EUR, line{"9.45", "3", "standard", false}, line{"1.23", "2", "reduced", true})
	want := quote(t, p, b)
	errs := make(chan error, 16)
	for range cap(errs) {
		go func() {
			for range 50 {
				q, err := p.Quote(context.Background(), b)
				if err == nil && q.Seal != want.Seal {
					err = errors.New("another seal")
				}
				if err != nil {
					errs <- err
					return
				}
			}
			errs <- nil
		}()
	}
	for range cap(errs) {
		require.NoError(t, <-errs)
	}
}
