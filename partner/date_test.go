package partner_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/partner"
)

func TestParseDate(t *testing.T) {
	d, err := partner.ParseDate("2024-02-29")
	require.NoError(t, err)
	require.Equal(t, 2024, d.Year())
	require.Equal(t, time.February, d.Month())
	require.Equal(t, 29, d.Day())
	for _, in := range []string{"", "2026-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "0000-01-01", "2026-1-01",
		"2026/01/01", "2026-01-01T00:00:00Z", "+026-01-01", "２026-01-1"} {
		_, err := partner.ParseDate(in)
		require.ErrorIs(t, err, partner.ErrDate, in)
	}
	require.Panics(t, func() { partner.MustDate("x") })
}

// A day agrees with package time: text, order, and counting on.
func TestDateAgainstTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) (partner.Date, time.Time) {
			at := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 3_652_058).Draw(t, label))
			return partner.MustDate(at.Format(time.DateOnly)), at
		}
		a, at := draw("a")
		b, bt := draw("b")
		require.Equal(t, at.Compare(bt), a.Compare(b))
		require.Equal(t, at.Before(bt), a.Before(b))
		require.Equal(t, at.After(bt), a.After(b))
		require.Equal(t, a, partner.DateOf(at.Add(23*time.Hour), time.UTC))
		require.Equal(t, b, a.AddDays(int((bt.Unix()-at.Unix())/86_400)))
		text, err := json.Marshal(a)
		require.NoError(t, err)
		var back partner.Date
		require.NoError(t, json.Unmarshal(text, &back))
		require.Equal(t, a, back)
	})
}

func TestZeroDate(t *testing.T) {
	var d partner.Date
	require.True(t, d.IsZero())
	require.Empty(t, d.String())
	require.Equal(t, d, d.AddDays(3))
	require.Equal(t, d, partner.MustDate("9999-12-31").AddDays(1))
	require.Equal(t, d, partner.MustDate("2026-01-01").AddDays(1<<40))
	require.Equal(t, d, partner.DateOf(time.Time{}, nil))
	require.True(t, d.Before(partner.MustDate("0001-01-01")))
	require.NoError(t, json.Unmarshal([]byte(`""`), &d))
	require.ErrorIs(t, json.Unmarshal([]byte(`"1.1.26"`), &d), partner.ErrDate)
	b, err := json.Marshal(partner.Contract{Validity: partner.Validity{From: partner.MustDate("2026-01-01")}})
	require.NoError(t, err)
	require.JSONEq(t, `{"id":"","number":"","counterparty":"","from":"2026-01-01"}`, string(b))
}

// A day is that of the zone: 23:30 UTC is tomorrow in Paris.
func TestDateOfZone(t *testing.T) {
	paris := time.FixedZone("CET", 3600)
	at := time.Date(2025, 12, 31, 23, 30, 0, 0, time.UTC)
	require.Equal(t, "2025-12-31", partner.DateOf(at, nil).String())
	require.Equal(t, "2026-01-01", partner.DateOf(at, paris).String())
}

func TestValidityCovers(t *testing.T) {
	v := partner.Validity{From: partner.MustDate("2026-01-01"), Until: partner.MustDate("2026-01-31")}
	for text, want := range map[string]bool{"2025-12-31": false, "2026-01-01": true, "2026-01-15": true,
		"2026-01-31": true, "2026-02-01": false} {
		require.Equal(t, want, v.Covers(partner.MustDate(text)), text)
	}
	require.False(t, v.Covers(partner.Date{}))
	require.False(t, partner.Validity{}.Covers(partner.Date{}))
	require.True(t, partner.Validity{}.Covers(partner.MustDate("2026-01-01")))
	require.True(t, partner.Validity{From: v.From}.Covers(partner.MustDate("9999-12-31")))
	require.True(t, partner.Validity{Until: v.Until}.Covers(partner.MustDate("0001-01-01")))
}
