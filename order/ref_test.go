package order_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/order"
)

func day(year int, month time.Month) time.Time {
	return time.Date(year, month, 15, 12, 0, 0, 0, time.UTC)
}

func TestNumberingPrintsAndReads(t *testing.T) {
	for _, c := range []struct {
		pattern, customer string
		at                time.Time
		seq               int64
		want              order.Ref
	}{
		{"", "FR10002527", day(2019, 10), 474, "FR10002527190474"},
		{"", "FR10002527", day(2019, 10), 475, "FR10002527190475"},
		{"", "FRFR008", day(2019, 1), 13597, "FRFR0081913597"},
		{"", "FR10015195", day(2019, 1), 1, "FR10015195190001"},
		{"{yyyy}-{mm}-{seq:5}/{customer}", "C1", day(2026, 3), 7, "2026-03-00007/C1"},
		{"SO{seq:1}", "ignored", day(2026, 3), 12, "SO12"},
	} {
		n, err := order.NewNumbering(c.pattern)
		require.NoError(t, err)
		require.Equal(t, c.want, n.Ref(c.customer, c.at, c.seq))
		parts, err := n.Parse(c.want, c.customer)
		require.NoError(t, err, c.want)
		require.Equal(t, c.seq, parts.Seq)
	}
}

func TestNumberingRefusesPatterns(t *testing.T) {
	for _, bad := range []string{"{customer}", "{seq:4}{seq:4}", "{seq}", "{seq:0}", "{seq:99}", "{year}{seq:4}", "{seq:4", "{yy:2}{seq:4}"} {
		_, err := order.NewNumbering(bad)
		require.ErrorIs(t, err, order.ErrRef, bad)
	}
}

func TestNumberingRefusesForeignReferences(t *testing.T) {
	n, err := order.NewNumbering("")
	require.NoError(t, err)
	for _, bad := range []struct {
		ref      order.Ref
		customer string
	}{
		{"FR10002527190474", "FR1000252"},   // the rest is no plain sequence
		{"FR10002527190474", ""},            // unaided there are many readings
		{"FR1000252719047", "FR10002527"},   // too short a sequence
		{"FR10002527190000", "FR10002527"},  // sequences count from 1
		{"FR100025271900474", "FR10002527"}, // padded beyond the width
		{"FR10002527190474 ", "FR10002527"}, // trailing text
		{"FR10002527+90474", "FR10002527"},  // signs are no digits
		{"XX10002527190474", "FR10002527"},  // another customer
		{"FR1000252719０４７４", "FR10002527"},  // other digits
	} {
		_, err := n.Parse(bad.ref, bad.customer)
		if bad.customer == "FR1000252" {
			// Readable, but as another year and number: this is why the
			// customer has to be known.
			require.NoError(t, err)
			continue
		}
		require.ErrorIs(t, err, order.ErrRef, "%q of %q", bad.ref, bad.customer)
	}
}

// Without the customer the seven sample references have many readings.
func TestReferencesAreAmbiguousWithoutTheCustomer(t *testing.T) {
	n, err := order.NewNumbering("")
	require.NoError(t, err)
	for _, ref := range []order.Ref{"FR10002527190474", "FR10015195190001", "FRFR0081913597", "FR10002255190563", "FR10010239190471"} {
		readings := 0
		for cut := 1; cut < len(ref); cut++ {
			if _, err := n.Parse(ref, string(ref[:cut])); err == nil {
				readings++
			}
		}
		require.Greater(t, readings, 1, ref)
	}
}

func TestSeriesCountPerCustomerAndYear(t *testing.T) {
	n, err := order.NewNumbering("")
	require.NoError(t, err)
	a := n.Series("C1", day(2025, 12))
	require.NotEqual(t, a, n.Series("C1", day(2026, 1)))
	require.NotEqual(t, a, n.Series("C2", day(2025, 12)))
	require.Equal(t, a, n.Series("C1", day(2025, 1)))
}

func TestNumberingRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.SampledFrom([]string{"", "{customer}-{yyyy}{mm}-{seq:6}", "{yy}{seq:3}X{customer}", "A{seq:2}B"}).Draw(t, "pattern")
		customer := rapid.StringMatching(`[A-Z0-9]{1,12}`).Draw(t, "customer")
		at := day(rapid.IntRange(2000, 2099).Draw(t, "year"), time.Month(rapid.IntRange(1, 12).Draw(t, "month")))
		seq := rapid.Int64Range(1, 1e15).Draw(t, "seq")
		n, err := order.NewNumbering(pattern)
		require.NoError(t, err)
		ref := n.Ref(customer, at, seq)
		parts, err := n.Parse(ref, customer)
		require.NoError(t, err)
		require.Equal(t, seq, parts.Seq)
		if strings.Contains(pattern, "yyyy") || pattern == "" {
			require.Equal(t, at.Year(), parts.Year)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("FR10002527190474", "FR10002527", "")
	f.Add("2026-03-00007/C1", "C1", "{yyyy}-{mm}-{seq:5}/{customer}")
	f.Fuzz(func(t *testing.T, ref, customer, pattern string) {
		n, err := order.NewNumbering(pattern)
		if err != nil {
			return
		}
		parts, err := n.Parse(order.Ref(ref), customer)
		if err != nil {
			require.ErrorIs(t, err, order.ErrRef)
			return
		}
		month := time.Month(max(parts.Month, 1))
		if parts.Year < 1 {
			return
		}
		// What was read prints the same again, but for a year that the
		// pattern states twice in different ways.
		again, err := n.Parse(n.Ref(customer, day(parts.Year, month), parts.Seq), customer)
		require.NoError(t, err)
		require.Equal(t, parts.Seq, again.Seq)
	})
}
