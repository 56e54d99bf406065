package pricing_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// drawAdjustments makes allowances and charges that the quote can bear, down
// to nothing; none where nothing has a price.
func drawAdjustments(t *rapid.T, q pricing.Quote) []pricing.Adjustment {
	left := q.Net.Minor()
	if left == 0 {
		return nil
	}
	var out []pricing.Adjustment
	for i := range rapid.IntRange(1, 4).Draw(t, "adjustments") {
		amount := rapid.OneOf(rapid.Int64Range(-3, 3), rapid.Int64Range(-left, left), rapid.Just(-left)).Draw(t, "amount")
		if amount = max(amount, -left); amount == 0 {
			continue
		}
		if amount < 0 { // charges count first, so what allowances may take is bounded by the net and the charges before
			left += amount
		}
		out = append(out, pricing.Adjustment{Code: string(rune('A' + i)), Text: "n° " + string(rune('1'+i)), Amount: money.FromMinor(amount, q.Currency)})
	}
	return out
}

// checkAdjusted holds the laws of an adjusted quote, against the plain one.
func checkAdjusted(t require.TestingT, plain, q pricing.Quote, adj []pricing.Adjustment) {
	cur := plain.Currency
	sums, bases, taxes := make([]int64, len(adj)), map[string]int64{}, map[string]int64{}
	for i, l := range q.Lines {
		was := plain.Lines[i]
		require.Equal(t, []any{was.ID, was.Quantity, was.Price, was.List, was.Discount, was.Net}, []any{l.ID, l.Quantity, l.Price, l.List, l.Discount, l.Net})
		require.Len(t, l.Shares, len(adj))
		base := l.Net.Minor()
		for k, s := range l.Shares {
			require.Equal(t, cur, s.Currency())
			if l.Net.IsZero() {
				require.True(t, s.IsZero(), "no net, no share")
			}
			base += s.Minor()
			sums[k] += s.Minor()
		}
		require.GreaterOrEqual(t, base, int64(0))
		require.GreaterOrEqual(t, l.Tax.Minor(), int64(0))
		require.Equal(t, l.Gross.Minor(), base+l.Tax.Minor(), "net + shares + tax = gross")
		key := string(l.Category) + l.Rate.String()
		bases[key] += base
		taxes[key] += l.Tax.Minor()
	}
	net, tax := plain.Net.Minor(), int64(0)
	for k, a := range adj {
		require.Equal(t, a.Amount.Minor(), sums[k], "the shares of an adjustment sum to it")
		net += a.Amount.Minor()
	}
	for k, r := range q.Taxes {
		key := string(r.Category) + r.Rate.String()
		require.Equal(t, bases[key], r.Base.Minor(), "a row's base is what its lines have left")
		require.Equal(t, taxes[key], r.Tax.Minor(), "a row's tax is the sum of its lines'")
		tax += r.Tax.Minor()
		beyond := func(r pricing.Tax) int64 {
			full, err := r.Base.Percent(r.Rate, money.HalfAwayFromZero)
			require.NoError(t, err)
			return r.Tax.Minor() - full.Minor()
		}
		if r.Tax.Sign() > 0 {
			require.Equal(t, beyond(plain.Taxes[k]), beyond(r), "what gross prices contain beyond the rate stays")
		}
	}
	require.Equal(t, []int64{net, tax, net + tax}, []int64{q.Net.Minor(), q.Tax.Minor(), q.Gross.Minor()})
	require.Equal(t, adj, q.Adjustments)
	require.NoError(t, q.Check())
	require.NoError(t, q.Verify())
}

func TestLawAdjustedFiguresAddUp(t *testing.T) {
	p := pricing.NewListPricer(table(t), nil)
	rapid.Check(t, func(t *rapid.T) {
		_, plain := priced(t, p)
		adj := drawAdjustments(t, plain)
		before := plain.Clone()
		q := adjust(t, plain, adj...)
		require.Equal(t, before, plain, "the quote given stays")
		checkAdjusted(t, plain, q, adj)
		require.NoError(t, Replay(q))
		if len(adj) > 0 {
			require.NotEqual(t, plain.Seal, q.Seal)
			require.Error(t, pricing.Unmoved(plain, q))
		}

		data, err := json.Marshal(q)
		require.NoError(t, err)
		var back pricing.Quote
		require.NoError(t, json.Unmarshal(data, &back))
		require.Equal(t, q, back)
		require.NoError(t, back.Verify())
		require.NoError(t, pricing.Unmoved(q, back))
	})
}

func TestLawAdjustedFiguresAddUpForEveryPolicy(t *testing.T) {
	p := pricing.NewListPricer(table(t), nil)
	rapid.Check(t, func(t *rapid.T) {
		_, plain := priced(t, p)
		adj := drawAdjustments(t, plain)
		how := rapid.SampledFrom([]money.Apportionment{money.LargestRemainder, money.LargestRemainderLast, money.Cumulative, money.FirstTakesRest}).Draw(t, "apportionment")
		q, err := pricing.Adjust(plain, adj, how, money.HalfAwayFromZero)
		require.NoError(t, err)
		checkAdjusted(t, plain, q, adj)
	})
}

// TestLawOrderOfAdjustments: the order in which adjustments are given moves
// their shares along and no figure.
func TestLawOrderOfAdjustments(t *testing.T) {
	p := pricing.NewListPricer(table(t), nil)
	rapid.Check(t, func(t *rapid.T) {
		_, plain := priced(t, p)
		adj := drawAdjustments(t, plain)
		other := rapid.Permutation(adj).Draw(t, "order")
		q, moved := adjust(t, plain, adj...), adjust(t, plain, other...)
		require.Empty(t, pricing.Diff(q, moved))
		require.Equal(t, []money.Amount{q.Net, q.Tax, q.Gross}, []money.Amount{moved.Net, moved.Tax, moved.Gross})
		require.Equal(t, q.Taxes, moved.Taxes)
	})
}

// TestLawOneAdjustmentIsSharedWithinAUnit: a single one is shared as its
// apportionment promises; the repair of rounding is for several.
func TestLawOneAdjustmentIsSharedWithinAUnit(t *testing.T) {
	p := pricing.NewListPricer(table(t), nil)
	rapid.Check(t, func(t *rapid.T) {
		_, plain := priced(t, p)
		adj := drawAdjustments(t, plain)
		if len(adj) == 0 {
			return
		}
		q := adjust(t, plain, adj[0])
		weights := make([]int64, len(plain.Lines))
		for i, l := range plain.Lines {
			weights[i] = l.Net.Minor()
		}
		want, err := money.LargestRemainder.Split(adj[0].Amount, weights)
		require.NoError(t, err)
		for i, l := range q.Lines {
			require.Equal(t, want[i], l.Shares[0])
		}
	})
}

// TestLawMoreThanTheNetIsRefused: exactly what takes the net below zero is.
func TestLawMoreThanTheNetIsRefused(t *testing.T) {
	p := pricing.NewListPricer(table(t), nil)
	rapid.Check(t, func(t *rapid.T) {
		_, plain := priced(t, p)
		if plain.Net.IsZero() {
			return
		}
		var adj []pricing.Adjustment
		sum := plain.Net.Minor()
		for i := range rapid.IntRange(1, 4).Draw(t, "adjustments") {
			amount := rapid.Int64Range(-plain.Net.Minor(), plain.Net.Minor()/2).Draw(t, "amount")
			if amount == 0 {
				continue
			}
			sum += amount
			adj = append(adj, pricing.Adjustment{Code: string(rune('A' + i)), Amount: money.FromMinor(amount, plain.Currency)})
		}
		q, err := pricing.Adjust(plain, adj, money.LargestRemainder, money.HalfAwayFromZero)
		if sum < 0 {
			require.ErrorIs(t, err, pricing.ErrAdjustment)
			return
		}
		require.NoError(t, err)
		if len(adj) > 0 {
			checkAdjusted(t, plain, q, adj)
		}
	})
}

// TestLawDiffOfAdjustedAgreesWithSeal: of adjusted quotes of one basket, with
// their adjustments in one order and the same texts, exactly those with equal
// seals do not differ.
func TestLawDiffOfAdjustedAgreesWithSeal(t *testing.T) {
	p := pricing.NewListPricer(table(t), nil)
	rapid.Check(t, func(t *rapid.T) {
		_, plain := priced(t, p)
		adj := drawAdjustments(t, plain)
		other := adj
		if rapid.Bool().Draw(t, "other") {
			other = drawAdjustments(t, plain)
		}
		hows := []money.Apportionment{money.LargestRemainder, money.LargestRemainderLast}
		q := adjust(t, plain, adj...)
		fresh, err := pricing.Adjust(plain, other, rapid.SampledFrom(hows).Draw(t, "apportionment"), money.HalfAwayFromZero)
		require.NoError(t, err)
		require.Equal(t, q.Seal == fresh.Seal, len(pricing.Diff(q, fresh)) == 0)
		require.Equal(t, len(pricing.Diff(q, fresh)), len(pricing.Diff(fresh, q)), "seen from the other side")
	})
}
