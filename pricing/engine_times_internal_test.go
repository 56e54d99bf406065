package pricing

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
)

// What a tree finds is what asking every record finds, ends included.
func TestLawTimedFindsWhatHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := func(name string) time.Time {
			d := rapid.IntRange(0, 12).Draw(t, name)
			if d == 0 {
				return time.Time{}
			}
			return time.Date(2026, 1, d, 0, 0, 0, rapid.SampledFrom([]int{0, 0, 1, 1000}).Draw(t, "nanoseconds"), time.UTC)
		}
		var spans []Span
		var stays []stay
		var some timed
		for i := range rapid.IntRange(0, 150).Draw(t, "records") {
			s := Span{From: day("from"), Until: day("until"), Known: day("known"), Gone: day("gone")}
			spans, stays, some.at = append(spans, s), append(stays, stayOf(s)), append(some.at, int32(i))
		}
		some.byBegin(stays)
		for range 5 {
			at := time.Date(2026, 1, rapid.IntRange(1, 13).Draw(t, "at"), 0, 0, 0, rapid.IntRange(0, 2).Draw(t, "microseconds")*1000, time.UTC)
			known := time.Date(2026, 1, rapid.IntRange(1, 13).Draw(t, "as known at"), 0, 0, 0, 0, time.UTC)
			n := instant{at: at.UnixMicro(), known: known.UnixMicro()}
			var want []int32
			for i, s := range spans {
				if s.Covers(at, known) {
					want = append(want, int32(i))
				}
			}
			got := some.find(nil, stays, n)
			first, ok := some.first(stays, n)
			require.Equal(t, len(got) > 0, ok)
			if ok {
				require.Equal(t, got[0], first)
			}
			slices.Sort(got)
			require.Equal(t, want, got)
			n.every = true
			require.Len(t, some.find(nil, stays, n), len(spans))
		}
	})
}

// Rules, floors and members of a lane that ended, are yet to come or were taken
// back are not looked at, however many there are.
func TestLookUpsDoNotGrowWithTime(t *testing.T) {
	for _, n := range []int{10, 4000} {
		tf := Tariff{Seller: "FR", Taxes: []TaxRow{{Country: "FR", Class: "standard", Category: StandardRated, Rate: money.RateOf(20)}}}
		tf.Policy.Lines = Stacking{Mode: Lanes, Across: Compounded}
		now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
		least := money.MustPrice("1", money.EUR)
		add := func(code string, priority int, s Span) {
			r := Rule{Code: code, On: OnLine, Lane: "a", Priority: priority, Give: Effect{Percent: money.RateOf(1)}, Span: s}
			named := r
			named.Code, named.Lane, named.Goods = "of p "+code, "b", Goods{Products: []catalog.ID{"p"}}
			tf.Rules = append(tf.Rules, r, named)
			tf.Floors = append(tf.Floors, Floor{Goods: named.Goods, Price: &least, Span: s})
		}
		for k := range n {
			day := now.AddDate(0, 0, -k-2)
			spans := []Span{{From: day, Until: day.AddDate(0, 0, 1)}, {From: now.AddDate(0, 0, k+1)}, {Known: day, Gone: day.AddDate(0, 0, 1)}}
			add(fmt.Sprint("E", k), 7, spans[k%3])
		}
		add("LIVE", 3, Span{})
		e, err := Compile(tf, nil)
		require.NoError(t, err)
		b := Basket{Currency: money.EUR, At: now, Known: now, Lines: []Line{{ID: "1", Product: "p", Quantity: money.QuantityOf(1), Tax: "standard",
			Prices: []catalog.ListPrice{{Breaks: []catalog.Break{{Price: least}}}}}}}
		q := Quote{Lines: make([]QuotedLine, 1)}
		j := &job{slot: make([]int32, len(e.rules)), held: free}
		j.start(e, &b, &q)
		require.NoError(t, e.resolve(j))
		e.candidates(j)
		var found []string
		for _, c := range j.cands {
			found = append(found, c.rule.Code)
		}
		require.Equal(t, []string{"LIVE", "of p LIVE"}, found, "of %d rules", len(e.rules))
		require.Equal(t, 3, e.lanePriority(j, j.cands[0].rule))
		require.Equal(t, "1.00 EUR", e.floorFor(j, 0).String())
		require.Len(t, j.found, 1, "of %d floors", len(e.floors))
		looked := 0
		lane := e.lanesOf[laneKey{OnLine, "a"}]
		for k := lane.next(min(1, len(lane.tree)), j.now); k > 0; k = lane.next(lane.after(k), j.now) {
			looked++
		}
		require.LessOrEqual(t, looked, 3, "blocks of a lane of %d rules", n+1)
	}
}
