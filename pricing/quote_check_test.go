package pricing_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

func TestQuoteCheck(t *testing.T) {
	eur := func(text string) money.Amount { return money.MustAmount(text, money.EUR) }
	chf := money.MustAmount("1", money.CHF)
	good := quote(t, pricing.NewListPricer(table(t), nil), basket(money.EUR,
		line{"9.45", "3", "standard", false}, line{"38.23", "10", "standard", true}, line{"1.00", "1", "reduced", false}))
	require.NoError(t, good.Check())
	for _, c := range []struct {
		name string
		edit func(q *pricing.Quote)
		want []string
	}{
		{"a line's gross", func(q *pricing.Quote) { q.Lines[0].Gross = eur("1.00") }, []string{"lines[0].gross pricing.sum"}},
		{"a line's net", func(q *pricing.Quote) { q.Lines[0].Net = eur("1.00") },
			[]string{"lines[0].gross pricing.sum", "taxes[0].base pricing.sum", "net pricing.sum"}},
		{"a negative line", func(q *pricing.Quote) {
			q.Lines[0].Net, q.Lines[0].Tax, q.Lines[0].Gross = eur("-28.35"), eur("-5.67"), eur("-34.02")
		}, []string{"lines[0].net pricing.negative", "lines[0].tax pricing.negative", "lines[0].gross pricing.negative",
			"taxes[0].base pricing.sum", "net pricing.sum"}},
		{"a negative discount", func(q *pricing.Quote) { q.Lines[0].Discount = eur("-1.00") }, []string{"lines[0].discount pricing.negative"}},
		{"a row's tax", func(q *pricing.Quote) { q.Taxes[1].Tax = eur("0.00") }, []string{"tax pricing.sum"}},
		{"a row's base", func(q *pricing.Quote) { q.Taxes[1].Base = eur("0.00") }, []string{"taxes[1].base pricing.sum"}},
		{"a row is missing", func(q *pricing.Quote) { q.Taxes = q.Taxes[:1] }, []string{"lines[2] pricing.row", "tax pricing.sum"}},
		{"a row twice", func(q *pricing.Quote) {
			q.Taxes = append(q.Taxes, pricing.Tax{Category: q.Taxes[0].Category, Rate: q.Taxes[0].Rate, Base: eur("0"), Tax: eur("0")})
		}, []string{"taxes[2] pricing.row"}},
		{"a row of no line", func(q *pricing.Quote) {
			q.Taxes = append(q.Taxes, pricing.Tax{Category: "Z", Base: eur("0"), Tax: eur("0")})
		}, []string{"taxes[2] pricing.row"}},
		{"totals", func(q *pricing.Quote) { q.Net, q.Tax, q.Gross = eur("1"), eur("1"), eur("1") },
			[]string{"net pricing.sum", "tax pricing.sum", "gross pricing.sum"}},
		{"the gross alone", func(q *pricing.Quote) { q.Gross = eur("0.01") }, []string{"gross pricing.sum"}},
		{"another currency on a line", func(q *pricing.Quote) { q.Lines[2].Tax = chf }, []string{"lines[2].tax pricing.currency", "lines[2].gross pricing.sum"}},
		{"a price in another currency", func(q *pricing.Quote) { q.Lines[2].Price = money.MustPrice("1", money.CHF) }, []string{"lines[2].price pricing.currency"}},
		{"another currency in a row", func(q *pricing.Quote) { q.Taxes[1].Base = chf }, []string{"taxes[1].base pricing.currency"}},
		{"another currency as total", func(q *pricing.Quote) { q.Gross = chf }, []string{"gross pricing.currency"}},
		{"an offer that is over at once", func(q *pricing.Quote) { q.Until = q.At }, []string{"until pricing.window"}},
		{"out of range", func(q *pricing.Quote) { q.Lines[0].Net = money.FromMinor(math.MaxInt64, money.EUR) },
			[]string{"lines[0].gross money.overflow", "lines[0].gross pricing.sum", "lines[1].net money.overflow", "lines[1].net money.overflow",
				"lines[2].net money.overflow", "taxes[0].base pricing.sum", "net pricing.sum"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := good.Clone()
			c.edit(&q)
			err := q.Check()
			require.ErrorIs(t, err, pricing.ErrQuote)
			require.Equal(t, fault.Internal, fault.KindOf(err))
			require.Equal(t, "pricing.quote", fault.CodeOf(err))
			var got []string
			for _, i := range fault.IssuesOf(err) {
				got = append(got, i.Path+" "+i.Code)
			}
			require.Equal(t, c.want, got)
		})
	}
	require.Error(t, pricing.Quote{}.Check())
}

func TestQuoteCheckOfAdjustments(t *testing.T) {
	eur := func(text string) money.Amount { return money.MustAmount(text, money.EUR) }
	good := adjust(t, quote(t, pricing.NewListPricer(table(t), nil), basket(money.EUR,
		line{"60.00", "1", "standard", false}, line{"40.00", "1", "reduced", false})),
		pricing.Adjustment{Code: "A", Amount: eur("-10.00")}, pricing.Adjustment{Code: "B", Amount: eur("5.00")})
	require.NoError(t, good.Check())
	for _, c := range []struct {
		name string
		edit func(q *pricing.Quote)
		want []string
	}{
		{"an amount", func(q *pricing.Quote) { q.Adjustments[0].Amount = eur("-9.00") },
			[]string{"adjustments[0].amount pricing.sum", "net pricing.sum"}},
		{"no amount", func(q *pricing.Quote) { q.Adjustments[0].Amount = eur("0") },
			[]string{"adjustments[0].amount pricing.no_amount", "adjustments[0].amount pricing.sum", "net pricing.sum"}},
		{"another currency", func(q *pricing.Quote) { q.Adjustments[1].Amount = money.MustAmount("5.00", money.CHF) },
			[]string{"adjustments[1].amount pricing.currency", "net pricing.sum"}},
		{"one code for two", func(q *pricing.Quote) { q.Adjustments[1].Code = "A" }, []string{"adjustments[1].code pricing.code_twice"}},
		{"no code", func(q *pricing.Quote) { q.Adjustments[1].Code = " " }, []string{"adjustments[1].code pricing.no_code"}},
		{"a share", func(q *pricing.Quote) { q.Lines[0].Shares[0] = eur("-5.00") },
			[]string{"lines[0].gross pricing.sum", "adjustments[0].amount pricing.sum", "taxes[0].base pricing.sum"}},
		{"a share in another currency", func(q *pricing.Quote) { q.Lines[0].Shares[1] = money.MustAmount("3.00", money.CHF) },
			[]string{"lines[0].shares pricing.currency", "lines[0].gross pricing.sum", "adjustments[1].amount pricing.sum", "taxes[0].base pricing.sum"}},
		{"a share less", func(q *pricing.Quote) { q.Lines[0].Shares = q.Lines[0].Shares[:1] },
			[]string{"lines[0].gross pricing.sum", "lines[0].shares pricing.shares", "adjustments[1].amount pricing.sum", "taxes[0].base pricing.sum"}},
		{"more than the line", func(q *pricing.Quote) {
			q.Lines[0].Shares[0], q.Lines[1].Shares[0] = eur("-64.00"), eur("54.00")
		}, []string{"lines[0].shares pricing.negative", "lines[0].gross pricing.sum", "lines[1].gross pricing.sum", "taxes[0].base pricing.sum", "taxes[1].base pricing.sum"}},
		{"shares of nothing", func(q *pricing.Quote) { q.Adjustments = nil },
			[]string{"lines[0].shares pricing.shares", "lines[1].shares pricing.shares", "net pricing.sum"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := good.Clone()
			c.edit(&q)
			err := q.Check()
			require.ErrorIs(t, err, pricing.ErrQuote)
			var got []string
			for _, i := range fault.IssuesOf(err) {
				got = append(got, i.Path+" "+i.Code)
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestLawListPricersPassTheirCheck(t *testing.T) {
	p := pricing.NewListPricer(table(t), nil)
	rapid.Check(t, func(t *rapid.T) {
		_, q := priced(t, p)
		require.NoError(t, q.Check())
	})
}
