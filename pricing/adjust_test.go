package pricing_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// adjust is Adjust with the usual policies, of adjustments that fit.
func adjust(t require.TestingT, q pricing.Quote, adj ...pricing.Adjustment) pricing.Quote {
	out, err := pricing.Adjust(q, adj, money.LargestRemainder, money.HalfAwayFromZero)
	require.NoError(t, err)
	return out
}

// amounts makes adjustments with the codes A, B, C.
func amounts(texts ...string) []pricing.Adjustment {
	var out []pricing.Adjustment
	for i, text := range texts {
		out = append(out, pricing.Adjustment{Code: string(rune('A' + i)), Amount: money.MustAmount(text, money.EUR)})
	}
	return out
}

func TestAdjust(t *testing.T) {
	p := pricing.NewListPricer(table(t), nil)
	for _, c := range []struct {
		name   string
		lines  []line
		adj    []string
		shares [][]string // of each line
		tax    []string   // of each line
		rows   []string   // rate, base, tax
		totals string     // net, tax, gross
	}{
		{"an allowance over two rates", []line{{"60.00", "1", "standard", false}, {"40.00", "1", "reduced", false}}, []string{"-10.00"},
			[][]string{{"-6.00"}, {"-4.00"}}, []string{"10.80", "1.98"}, []string{"20 54.00 10.80", "5.5 36.00 1.98"}, "90.00 12.78 102.78"},
		{"a charge", []line{{"60.00", "1", "standard", false}, {"40.00", "1", "reduced", false}}, []string{"5.00"},
			[][]string{{"3.00"}, {"2.00"}}, []string{"12.60", "2.31"}, []string{"20 63.00 12.60", "5.5 42.00 2.31"}, "105.00 14.91 119.91"},
		{"cents to the largest remainder", []line{{"33.33", "1", "standard", false}, {"33.33", "1", "standard", false}, {"33.33", "1", "standard", false}}, []string{"-0.10"},
			[][]string{{"-0.04"}, {"-0.03"}, {"-0.03"}}, []string{"6.66", "6.66", "6.66"}, []string{"20 99.89 19.98"}, "99.89 19.98 119.87"},
		{"everything", []line{{"33.33", "1", "standard", false}, {"66.67", "1", "reduced", false}}, []string{"-100.00"},
			[][]string{{"-33.33"}, {"-66.67"}}, []string{"0.00", "0.00"}, []string{"20 0.00 0.00", "5.5 0.00 0.00"}, "0.00 0.00 0.00"},
		{"everything, in two goes on lines of a cent: the second goes where something is left",
			[]line{{"0.01", "1", "standard", false}, {"0.01", "1", "standard", false}}, []string{"-0.01", "-0.01"},
			[][]string{{"-0.01", "0.00"}, {"0.00", "-0.01"}}, []string{"0.00", "0.00"}, []string{"20 0.00 0.00"}, "0.00 0.00 0.00"},
		{"a charge makes room for an allowance, wherever it stands", []line{{"10.00", "1", "standard", false}}, []string{"-12.00", "5.00"},
			[][]string{{"-12.00", "5.00"}}, []string{"0.60"}, []string{"20 3.00 0.60"}, "3.00 0.60 3.60"},
		{"a line free of charge bears nothing", []line{{"0", "1", "standard", false}, {"10.00", "1", "standard", false}}, []string{"-1.00"},
			[][]string{{"0.00"}, {"-1.00"}}, []string{"0.00", "1.80"}, []string{"20 9.00 1.80"}, "9.00 1.80 10.80"},
		{"stated gross, what the price contains beyond the rate stays", []line{{"38.23", "10", "standard", true}}, []string{"-18.58"},
			[][]string{{"-18.58"}}, []string{"60.00"}, []string{"20 300.00 60.00"}, "300.00 60.00 360.00"},
		{"stated gross, nothing left is taxed with nothing", []line{{"0.09", "1", "standard", true}}, []string{"-0.08"},
			[][]string{{"-0.08"}}, []string{"0.00"}, []string{"20 0.00 0.00"}, "0.00 0.00 0.00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			plain := quote(t, p, basket(money.EUR, c.lines...))
			before := plain.Clone()
			q := adjust(t, plain, amounts(c.adj...)...)
			require.Equal(t, before, plain, "the quote given stays")
			for i, l := range q.Lines {
				require.Len(t, l.Shares, len(c.adj))
				for k, s := range l.Shares {
					require.Equal(t, c.shares[i][k], s.Text(), "line %d, share %d", i, k)
				}
				require.Equal(t, c.tax[i], l.Tax.Text(), "line %d", i)
			}
			var rows []string
			for _, r := range q.Taxes {
				rows = append(rows, r.Rate.String()+" "+r.Base.Text()+" "+r.Tax.Text())
			}
			require.Equal(t, c.rows, rows)
			require.Equal(t, c.totals, q.Net.Text()+" "+q.Tax.Text()+" "+q.Gross.Text())
			require.NoError(t, q.Check())
			require.NoError(t, q.Verify())
			require.NoError(t, Replay(q))
		})
	}
}

func TestAdjustKeepsWhatGrossPricesContain(t *testing.T) {
	// 0.09 incl. 20 % is 0.08 + 0.01, and 20 % of 0.08 is 0.02: a unit less.
	q := quote(t, pricing.NewListPricer(table(t), nil), basket(money.EUR, line{"0.09", "1", "standard", true}))
	require.Equal(t, "0.08 0.01", q.Taxes[0].Base.Text()+" "+q.Taxes[0].Tax.Text())
	more := adjust(t, q, amounts("1.00")...)
	require.Equal(t, "1.08 0.21", more.Taxes[0].Base.Text()+" "+more.Taxes[0].Tax.Text(), "20 % of 1.08 is 0.22")
	less := adjust(t, q, amounts("-0.06")...)
	require.Equal(t, "0.02 0.00", less.Taxes[0].Base.Text()+" "+less.Taxes[0].Tax.Text(), "and no tax is below zero")
}

func TestAdjustWithNothing(t *testing.T) {
	q := quote(t, pricing.NewListPricer(table(t), nil), basket(money.EUR, line{"9.45", "3", "standard", false}))
	same, err := pricing.Adjust(q, nil, money.LargestRemainder, money.HalfAwayFromZero)
	require.NoError(t, err)
	require.Equal(t, q, same)
	adjusted := adjust(t, q, amounts("-1.00")...)
	same, err = pricing.Adjust(adjusted, nil, money.LargestRemainder, money.HalfAwayFromZero)
	require.NoError(t, err)
	require.Equal(t, adjusted, same)
}

func TestAdjustRefuses(t *testing.T) {
	plain := quote(t, pricing.NewListPricer(table(t), nil), basket(money.EUR, line{"60.00", "1", "standard", false}, line{"40.00", "1", "reduced", false}))
	free := quote(t, pricing.NewListPricer(table(t), nil), basket(money.EUR, line{"0", "1", "standard", false}))
	empty := quote(t, pricing.NewListPricer(table(t), nil), basket(money.EUR))
	huge := pricing.Adjustment{Code: "H", Amount: money.FromMinor(math.MaxInt64, money.EUR)}
	many := make([]pricing.Adjustment, pricing.MaxAdjustments+1)
	for _, c := range []struct {
		name string
		q    pricing.Quote
		adj  []pricing.Adjustment
		want []string
	}{
		{"more than there is", plain, amounts("-100.01"), []string{"adjustments[0].amount pricing.negative"}},
		{"the second of two", plain, amounts("-60.00", "-40.01"), []string{"adjustments[1].amount pricing.negative"}},
		{"by code, not by place", plain, []pricing.Adjustment{{Code: "B", Amount: money.MustAmount("-60", money.EUR)}, {Code: "A", Amount: money.MustAmount("-50", money.EUR)}},
			[]string{"adjustments[0].amount pricing.negative"}},
		{"each by itself", plain, amounts("-101.00", "-99.00", "-102.00"), []string{"adjustments[0].amount pricing.negative", "adjustments[2].amount pricing.negative"}},
		{"what is wrong in itself, all at once", plain, []pricing.Adjustment{
			{Code: "", Amount: money.MustAmount("1", money.EUR)},
			{Code: "A", Amount: money.Zero(money.EUR)},
			{Code: "A", Amount: money.MustAmount("1", money.CHF)},
			{Code: strings.Repeat("é", 65), Amount: money.MustAmount("1", money.EUR)},
			{Code: strings.Repeat("é", 64), Text: "a\nb", Amount: money.Amount{}},
			{Code: "a\x00", Text: strings.Repeat("x", 256), Amount: money.MustAmount("1", money.EUR)},
		}, []string{"adjustments[0].code pricing.no_code", "adjustments[1].amount pricing.no_amount", "adjustments[2].code pricing.code_twice",
			"adjustments[2].amount pricing.currency", "adjustments[3].code pricing.text", "adjustments[4].text pricing.text",
			"adjustments[4].amount pricing.currency", "adjustments[5].code pricing.text", "adjustments[5].text pricing.text"}},
		{"nothing to share over", free, amounts("1.00"), []string{"adjustments[0].amount money.weights"}},
		{"no lines", empty, amounts("1.00"), []string{"adjustments[0].amount money.weights"}},
		{"out of range", plain, []pricing.Adjustment{huge}, []string{"adjustments[0].amount money.overflow"}},
		{"adjusted already", adjust(t, plain, amounts("1.00")...), amounts("1.00"), []string{"adjustments pricing.adjusted"}},
		{"too many", plain, many, []string{"adjustments pricing.too_many_adjustments"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			q, err := pricing.Adjust(c.q, c.adj, money.LargestRemainder, money.HalfAwayFromZero)
			require.ErrorIs(t, err, pricing.ErrAdjustment)
			require.Equal(t, fault.Invalid, fault.KindOf(err))
			require.Equal(t, "pricing.adjustment", fault.CodeOf(err))
			require.Equal(t, pricing.Quote{}, q)
			var got []string
			for _, i := range fault.IssuesOf(err) {
				got = append(got, i.Path+" "+i.Code)
			}
			require.Equal(t, c.want, got)
		})
	}
	wrong := plain.Clone()
	wrong.Lines[0].Net = money.MustAmount("1", money.EUR)
	_, err := pricing.Adjust(wrong, amounts("1.00"), money.LargestRemainder, money.HalfAwayFromZero)
	require.ErrorIs(t, err, pricing.ErrQuote)
}

// foreign is a pricer of somebody else's, not Pure.
type foreign struct{ pricing.Pricer }

func (f foreign) Quote(ctx context.Context, b pricing.Basket) (pricing.Quote, error) {
	return f.Pricer.Quote(ctx, b)
}

func TestWithAdjustments(t *testing.T) {
	list := pricing.NewListPricer(table(t), &pricing.Options{Rounding: money.Down, Apportionment: money.LargestRemainderLast})
	in := basket(money.EUR, line{"33.33", "1", "standard", false}, line{"33.33", "1", "standard", false})
	welcome := func(pricing.Quote) ([]pricing.Adjustment, error) { return amounts("-0.01"), nil }

	p := pricing.WithAdjustments(list, welcome)
	_, pure := p.(pricing.Pure)
	require.True(t, pure)
	q := quote(t, p, in)
	require.Equal(t, "-0.01", q.Lines[1].Shares[0].Text(), "shared as the list pricer shares")
	require.Equal(t, "13.33", q.Tax.Text(), "and rounded as it rounds: 13.33 of 13.33")
	require.NoError(t, q.Verify())

	_, pure = pricing.WithAdjustments(foreign{list}, welcome).(pricing.Pure)
	require.False(t, pure)
	q = quote(t, pricing.WithAdjustments(foreign{list}, welcome), in)
	require.Equal(t, "-0.01", q.Lines[0].Shares[0].Text(), "the default shares ties from the first")

	none := func(pricing.Quote) ([]pricing.Adjustment, error) { return nil, nil }
	require.Equal(t, quote(t, list, in), quote(t, pricing.WithAdjustments(list, none), in))
	require.Equal(t, quote(t, p, in), quote(t, pricing.WithAdjustments(p, none), in), "one around the other")
	require.Equal(t, pricing.Pricer(list), pricing.WithAdjustments(list, nil))

	own := errors.New("the promotion is being changed")
	_, err := pricing.WithAdjustments(list, func(pricing.Quote) ([]pricing.Adjustment, error) { return nil, own }).Quote(t.Context(), in)
	require.Equal(t, own, err)
	_, err = pricing.WithAdjustments(p, welcome).Quote(t.Context(), in)
	require.ErrorIs(t, err, pricing.ErrAdjustment)
	in.Lines[0].Prices = nil
	_, err = p.Quote(t.Context(), in)
	require.ErrorIs(t, err, pricing.ErrNoPrice)
}

// Over a pricer whose tariff is exchanged adjustments are shared by the policy that
// priced, also while it is exchanged; and whoever holds on to what is there now is
// asked for facts and priced by the same rules.
func TestWithAdjustmentsOverLive(t *testing.T) {
	in := basket(money.EUR, line{"33.33", "1", "standard", false}, line{"33.33", "1", "standard", false})
	tf := tariff(t, pricing.Policy{Rounding: money.Down, Apportionment: money.LargestRemainderLast})
	other := tariff(t, tf.Policy, pricing.Rule{Code: "NEW", On: pricing.OnLine, When: pricing.When{First: true}, Give: pricing.Effect{Percent: money.RateOf(1)}})
	other.Policies = []pricing.PolicyRecord{{Policy: pricing.Solidus()}}
	live := pricing.NewLive(engine(t, tf))
	swap := false
	rule := func(pricing.Quote) ([]pricing.Adjustment, error) {
		if swap {
			require.NoError(t, live.Swap(other))
		}
		return amounts("-0.01"), nil
	}
	p := pricing.WithAdjustments(pricing.WithAdjustments(live, nil), rule)
	want := quote(t, pricing.WithAdjustments(engine(t, tf), rule), in)
	require.Equal(t, "-0.01", want.Lines[1].Shares[0].Text())
	require.Equal(t, want, quote(t, p, in))

	before := p.(pricing.Exchanged).Now()
	_, pure := before.(pricing.Pure)
	require.True(t, pure)
	swap = true
	require.Equal(t, want, quote(t, p, in), "exchanged in between")
	swap = false
	require.Equal(t, want, quote(t, before, in))
	require.True(t, before.(pricing.Asking).Asks().IsZero())
	require.True(t, p.(pricing.Asking).Asks().First)
	require.Equal(t, quote(t, pricing.WithAdjustments(engine(t, other), rule), in), quote(t, p, in))
}
