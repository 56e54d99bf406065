package trytonerp

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// again writes a value and reads it.
func again[V any](t require.TestingT, v V) V {
	b, err := json.Marshal(v)
	require.NoError(t, err)
	var got V
	require.NoError(t, json.Unmarshal(b, &got), string(b))
	return got
}

func TestValuesComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := decimal.New(rapid.Int64().Draw(t, "number"), -rapid.Int32Range(0, 8).Draw(t, "digits"))
		require.True(t, d.Equal(again(t, exact{d}).Decimal))
		q := d.Round(6)
		require.True(t, q.Equal(again(t, quantity{q}).Decimal))
		at := time.UnixMicro(rapid.Int64Range(-1e15, 1e16).Draw(t, "instant")).UTC()
		require.True(t, at.Equal(again(t, instant{at}).Time))
		require.Equal(t, day(at.Format(time.DateOnly)), again(t, day(at.Format(time.DateOnly))))
	})
}

func TestValuesAsTrytonWritesThem(t *testing.T) {
	b, err := json.Marshal([]any{exact{decimal.RequireFromString("12.50")}, day("2026-11-22"), instant{time.Date(2026, 11, 22, 9, 8, 7, 6000, time.UTC)}, quantity{decimal.RequireFromString("2.50")}, day(""), instant{}})
	require.NoError(t, err)
	require.JSONEq(t, `[{"__class__":"Decimal","decimal":"12.50"},{"__class__":"date","year":2026,"month":11,"day":22},
		{"__class__":"datetime","year":2026,"month":11,"day":22,"hour":9,"minute":8,"second":7,"microsecond":6},2.50,null,null]`, string(b))
	var zero exact
	require.NoError(t, json.Unmarshal([]byte(`null`), &zero))
	require.NoError(t, json.Unmarshal([]byte(`{"__class__":"Decimal","decimal":"0E-10"}`), &zero))
	require.True(t, zero.IsZero())
	var noisy quantity
	require.NoError(t, json.Unmarshal([]byte(`0.30000000000000004`), &noisy))
	require.Equal(t, "0.3", noisy.Decimal.String())
	require.NoError(t, json.Unmarshal([]byte(`1e-05`), &noisy))
	require.Equal(t, "0.00001", noisy.Decimal.String())
}

func TestValuesThatAreNone(t *testing.T) {
	for text, v := range map[string]any{
		`{"__class__":"Decimal","decimal":"1e999999999"}`: new(exact),
		`{"__class__":"Decimal","decimal":"NaN"}`:         new(exact),
		`{"__class__":"date","decimal":"1"}`:              new(exact),
		`12.5`:                                            new(exact),
		`"2"`:                                             new(quantity),
		`{"__class__":"date","year":2026,"month":2,"day":30}`: new(day),
		`"2026-02-03"`: new(day),
		`{"__class__":"datetime","year":2026,"month":2,"day":3,"hour":25,"minute":0,"second":0,"microsecond":0}`: new(instant),
		`{"__class__":"date","year":2026,"month":2,"day":3}`:                                                     new(instant),
	} {
		require.Error(t, json.Unmarshal([]byte(text), v), text)
	}
}

func TestMarks(t *testing.T) {
	for _, c := range [][3]string{{"L1", "", "comptoir:L1"}, {"L1", "left of the door", "comptoir:L1 left of the door"}} {
		require.Equal(t, c[2], mark(c[0], c[1]))
		key, text := unmark(c[2])
		require.Equal(t, c[:2], []string{key, text})
	}
	key, text := unmark("pick first")
	require.Equal(t, []string{"", "pick first"}, []string{key, text})
	require.Equal(t, `a\_b\%c\\`, likely(`a_b%c\`))
}
