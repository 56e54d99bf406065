package money_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/money"
)

func TestCurrencyTable(t *testing.T) {
	all := money.Currencies()
	require.Greater(t, len(all), 150)
	last := ""
	for _, c := range all {
		require.Greater(t, c.Code(), last, "sorted and unique")
		last = c.Code()
		require.Len(t, c.Code(), 3)
		require.Len(t, c.Numeric(), 3)
		require.Contains(t, []int{0, 2, 3, 4}, c.Digits(), c.Code())
		got, err := money.ParseCurrency(c.Code())
		require.NoError(t, err)
		require.Equal(t, c, got)
		if byNumber, err := money.ParseCurrency(c.Numeric()); c.Withdrawn() {
			require.NoError(t, err)
			require.Equal(t, c.Numeric(), byNumber.Numeric())
		} else {
			require.NoError(t, err)
			require.Equal(t, c, byNumber, "numbers in force are unique")
		}
	}
}

// The rows where a constant two decimals would be wrong, and some where it is
// right, from ISO 4217 list one.
func TestCurrencyDigits(t *testing.T) {
	for _, c := range []struct {
		code, numeric string
		digits        int
	}{
		{"EUR", "978", 2}, {"USD", "840", 2}, {"ALL", "008", 2}, {"MGA", "969", 2}, {"MRU", "929", 2},
		{"JPY", "392", 0}, {"KRW", "410", 0}, {"ISK", "352", 0}, {"UYI", "940", 0}, {"CLP", "152", 0}, {"XPF", "953", 0},
		{"BHD", "048", 3}, {"KWD", "414", 3}, {"TND", "788", 3}, {"JOD", "400", 3}, {"IQD", "368", 3},
		{"CLF", "990", 4}, {"UYW", "927", 4}, {"XCG", "532", 2}, {"ZWG", "924", 2}, {"SLE", "925", 2},
	} {
		got, err := money.ParseCurrency(c.numeric)
		require.NoError(t, err)
		require.Equal(t, c.code, got.Code())
		require.Equal(t, c.digits, got.Digits(), c.code)
		require.Equal(t, c.numeric, got.Numeric())
		require.False(t, got.Withdrawn())
	}
	require.True(t, money.MustCurrency("HRK").Withdrawn())
}

func TestParseCurrencyRefuses(t *testing.T) {
	for _, code := range []string{"", "E", "EU", "EURO", "eur", "XXX", "XAU", "ZZZ", "AAA", "000", "97", "9780",
		"€", "\xff\xfe\xfd", "EUR ", "abcdefghijklmnopqrstuvwxyz"} {
		_, err := money.ParseCurrency(code)
		requireCode(t, "money.unknown_currency", err)
	}
	require.Panics(t, func() { money.MustCurrency("eur") })
}

func TestCurrencyZeroAndText(t *testing.T) {
	var none money.Currency
	require.True(t, none.IsZero())
	require.Equal(t, "", none.Code()+none.Numeric()+none.String())
	require.Zero(t, none.Digits())
	out, err := json.Marshal(map[string]money.Currency{"a": money.EUR, "b": none})
	require.NoError(t, err)
	require.Equal(t, `{"a":"EUR","b":""}`, string(out))
	var back map[string]money.Currency
	require.NoError(t, json.Unmarshal(out, &back))
	require.Equal(t, map[string]money.Currency{"a": money.EUR, "b": none}, back)
	got := money.EUR
	requireCode(t, "money.unknown_currency", got.UnmarshalText([]byte("nope")))
	require.Equal(t, money.EUR, got, "a refused text changes nothing")
}
