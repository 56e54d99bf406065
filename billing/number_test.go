package billing_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/partner"
)

// codes are "path:code" of every issue of an error.
func codes(err error) string {
	var out []string
	for _, i := range fault.IssuesOf(err) {
		out = append(out, i.Path+":"+i.Code)
	}
	return strings.Join(out, " ")
}

func TestSeriesCheck(t *testing.T) {
	for _, c := range []struct {
		pattern string
		reset   billing.Reset
		want    string
	}{
		{"{year}-{month}-{seq:9}", billing.NeverReset, ""},
		{"INV-{year}-{seq:6}", billing.YearlyReset, ""},
		{"{yy}{month}{seq:4}", billing.MonthlyReset, ""},
		{"{seq:12}", billing.NeverReset, ""},
		{"a+b-c_d/{seq:1}", billing.NeverReset, ""},
		{strings.Repeat("X", 29) + "{seq:6}", billing.NeverReset, ""},

		{"", billing.NeverReset, "pattern:required"},
		{"INV", billing.NeverReset, "pattern:pattern.seq"},
		{"{seq:3}{seq:3}", billing.NeverReset, "pattern:pattern.seq"},
		{"{seq}", billing.NeverReset, "pattern:pattern.width"},
		{"{seq:0}", billing.NeverReset, "pattern:pattern.width"},
		{"{seq:13}", billing.NeverReset, "pattern:pattern.width"},
		{"{seq:06}", billing.NeverReset, "pattern:pattern.width"},
		{"{seq:+6}", billing.NeverReset, "pattern:pattern.width"},
		{"{day}{seq:6}", billing.NeverReset, "pattern:pattern.field"},
		{"{seq:6", billing.NeverReset, "pattern:pattern.brace pattern:pattern.seq"},
		{"{seq:6}}", billing.NeverReset, "pattern:pattern.letters"},
		{"INV {seq:6}", billing.NeverReset, "pattern:pattern.letters"},
		{"N°{seq:6}", billing.NeverReset, "pattern:pattern.letters"},
		{"A.{seq:6}", billing.NeverReset, "pattern:pattern.letters"},
		{strings.Repeat("X", 30) + "{seq:6}", billing.NeverReset, "pattern:pattern.long"},
		{"INV-{seq:6}", billing.YearlyReset, "reset:reset.year"},
		{"INV-{month}-{seq:6}", billing.YearlyReset, "reset:reset.year"},
		{"INV-{year}-{seq:6}", billing.MonthlyReset, "reset:reset.month"},
		{"INV-{month}-{seq:6}", billing.MonthlyReset, "reset:reset.month"},
		{"INV-{year}-{seq:6}", "week", "reset:unknown"},
		{"é {day}{seq:99}{seq:1}", billing.MonthlyReset,
			"pattern:pattern.field pattern:pattern.width pattern:pattern.letters pattern:pattern.seq reset:reset.month"},
	} {
		t.Run(c.pattern+" "+string(c.reset), func(t *testing.T) {
			err := billing.Series{Pattern: c.pattern, Reset: c.reset}.Check()
			require.Equal(t, c.want, codes(err))
			if c.want != "" {
				require.ErrorIs(t, err, billing.ErrSeries)
			}
		})
	}
}

func TestSeriesNumber(t *testing.T) {
	day := partner.MustDate("2026-03-09")
	for _, c := range []struct {
		pattern string
		counter int64
		want    string
	}{
		{"{year}-{month}-{seq:9}", 8, "2026-03-000000008"},
		{"INV-{year}-{seq:6}", 1, "INV-2026-000001"},
		{"{yy}/{month}/{seq:2}", 99, "26/03/99"},
		{"{yy}/{month}/{seq:2}", 100, "26/03/100"},
		{"{seq:1}-{yy}", 7, "7-26"},
		{"{seq:12}", 9223372036854775807, "9223372036854775807"},
	} {
		s := billing.Series{Pattern: c.pattern}
		got, err := s.Number(day, c.counter)
		require.NoError(t, err)
		require.Equal(t, c.want, got)
		n, ok := s.CounterOf(got, day)
		require.True(t, ok)
		require.Equal(t, c.counter, n)
	}
	s := billing.Series{ID: "x", Pattern: strings.Repeat("X", 30) + "{seq:5}"}
	_, err := s.Number(day, 99_999)
	require.NoError(t, err)
	_, err = s.Number(day, 100_000)
	require.ErrorIs(t, err, billing.ErrSeriesFull)
	_, err = s.Number(day, 0)
	require.ErrorIs(t, err, billing.ErrSeries)
	_, err = billing.Series{Pattern: "{seq}"}.Number(day, 1)
	require.ErrorIs(t, err, billing.ErrSeries)
	for _, bad := range []string{"1999-12-31", "2100-01-01"} { // BR-FR-03
		_, err = s.Number(partner.MustDate(bad), 1)
		require.ErrorIs(t, err, billing.ErrIssued)
	}
	_, err = s.Number(partner.Date{}, 1)
	require.ErrorIs(t, err, billing.ErrIssued)
}

func TestForeignNumbersHaveNoCounter(t *testing.T) {
	day := partner.MustDate("2026-03-09")
	s := billing.Series{Pattern: "A{year}-{seq:3}-Z"}
	for _, text := range []string{"", "A2026-001", "A2025-001-Z", "A2026-01-Z", "A2026-0001-Z", "A2026-000-Z", "A2026-00x-Z",
		"A2026--01-Z", "A2026-99999999999999999999-Z", "A2026-Z"} {
		_, ok := s.CounterOf(text, day)
		require.False(t, ok, text)
	}
	_, ok := billing.Series{}.CounterOf("1", day)
	require.False(t, ok)
}

func TestClashes(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"INV-{year}-{seq:6}", "CN-{year}-{seq:6}", false},
		{"INV-{year}-{seq:6}", "INV-{year}-{seq:6}", true},
		{"INV-{year}-{seq:6}", "INV-{year}-{seq:3}", true},
		{"INV-{year}-{seq:6}", "INV-{seq:6}", false},
		{"INV{year}{seq:6}", "INV{seq:6}", true},
		{"{year}-{month}-{seq:9}", "{year}-{seq:6}", false},
		{"{yy}{month}{seq:1}", "{year}{seq:1}", true},
		{"{seq:3}1", "{seq:3}2", false},
		{"A{seq:1}", "B{seq:1}", false},
		{"1999{seq:1}", "{year}{seq:1}", false},
		{"{seq:3}-A", "{seq:3}", false},
	} {
		a, b := billing.Series{Pattern: c.a}, billing.Series{Pattern: c.b}
		require.Equal(t, c.want, a.Clashes(b), "%s and %s", c.a, c.b)
		require.Equal(t, c.want, b.Clashes(a), "%s and %s", c.b, c.a)
	}
}

func drawPattern(t *rapid.T, label string) string {
	text := rapid.SampledFrom([]string{"", "A", "0", "20", "-", "/", "{year}", "{yy}", "{month}"})
	return text.Draw(t, label) + text.Draw(t, label) + fmt.Sprintf("{seq:%d}", rapid.IntRange(1, 4).Draw(t, label)) + text.Draw(t, label)
}

func drawDay(t *rapid.T, label string) partner.Date {
	at := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 36_524).Draw(t, label))
	return partner.DateOf(at, nil)
}

// Patterns that are said not to clash never make the same number.
func TestClashIsNeverOverlooked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := billing.Series{Pattern: drawPattern(t, "a")}, billing.Series{Pattern: drawPattern(t, "b")}
		x, err := a.Number(drawDay(t, "day a"), rapid.Int64Range(1, 30_000).Draw(t, "n"))
		require.NoError(t, err)
		for range 5 {
			day := drawDay(t, "day b")
			if n, ok := b.CounterOf(x, day); ok {
				y, err := b.Number(day, n)
				require.NoError(t, err)
				require.Equal(t, x, y)
				require.True(t, a.Clashes(b), "%s and %s both make %s", a.Pattern, b.Pattern, x)
			}
		}
		require.True(t, a.Clashes(a))
	})
}

// A number is read back as it was written, and holds only what BR-FR-01 allows.
func TestNumberThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := billing.Series{Pattern: drawPattern(t, "pattern")}
		day, n := drawDay(t, "day"), rapid.Int64Min(1).Draw(t, "n")
		text, err := s.Number(day, n)
		if err != nil {
			require.ErrorIs(t, err, billing.ErrSeriesFull)
			return
		}
		require.LessOrEqual(t, len(text), 35)
		require.Empty(t, strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-_/"))
		back, ok := s.CounterOf(text, day)
		require.True(t, ok)
		require.Equal(t, n, back)
	})
}

// A pattern is refused or makes numbers; nothing in between, and no panic.
func FuzzSeries(f *testing.F) {
	for _, p := range []string{"{year}-{month}-{seq:9}", "INV-{year}-{seq:6}", "{seq:1}", "{", "}", "{}", "{seq:}", "é{yy}"} {
		f.Add(p, "month", int64(8))
	}
	f.Fuzz(func(t *testing.T, pattern, reset string, n int64) {
		s := billing.Series{Pattern: pattern, Reset: billing.Reset(reset)}
		day := partner.MustDate("2026-03-09")
		text, err := s.Number(day, n)
		if s.Check() != nil {
			require.ErrorIs(t, err, billing.ErrSeries)
			require.NotEmpty(t, fault.IssuesOf(err))
			return
		}
		if err != nil {
			require.True(t, n < 1 || fault.CodeOf(err) == "billing.series_full")
			return
		}
		back, ok := s.CounterOf(text, day)
		require.True(t, ok)
		require.Equal(t, n, back)
		s.CounterOf(pattern, day)
		require.True(t, s.Clashes(s))
	})
}
