package money_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/money"
)

func TestParseAmount(t *testing.T) {
	for _, c := range []struct {
		text string
		cur  money.Currency
		want int64
		code string
	}{
		{"49.96", money.EUR, 4996, ""},
		{"12.5", money.EUR, 1250, ""},
		{"12", money.EUR, 1200, ""},
		{"-0.01", money.EUR, -1, ""},
		{"-0", money.EUR, 0, ""},
		{"007.10", money.EUR, 710, ""},
		{"500", money.JPY, 500, ""},
		{"1.234", money.BHD, 1234, ""},
		{"1.2345", money.CLF, 12345, ""},
		{"92233720368547758.07", money.EUR, math.MaxInt64, ""},
		{"-92233720368547758.07", money.EUR, -math.MaxInt64, ""},
		{"9223372036854775807", money.JPY, math.MaxInt64, ""},
		{"92233720368547758.08", money.EUR, 0, "money.overflow"},
		{"-9223372036854775808", money.JPY, 0, "money.overflow"},
		{"9999999999999999999", money.EUR, 0, "money.overflow"},
		{"1900000000000000000", money.EUR, 0, "money.overflow"},
		{"922337203685477581", money.EUR, 0, "money.overflow"},
		{"12345678901234567890", money.JPY, 0, "money.too_long"},
		{"0000000000000000000000", money.EUR, 0, "money.too_long"},
		{"12.345", money.EUR, 0, "money.precision"},
		{"12.340", money.EUR, 0, "money.precision"},
		{"1.0", money.JPY, 0, "money.precision"},
		{"", money.EUR, 0, "money.syntax"},
		{"-", money.EUR, 0, "money.syntax"},
		{".", money.EUR, 0, "money.syntax"},
		{".5", money.EUR, 0, "money.syntax"},
		{"5.", money.EUR, 0, "money.syntax"},
		{"-.5", money.EUR, 0, "money.syntax"},
		{"+5", money.EUR, 0, "money.syntax"},
		{"--5", money.EUR, 0, "money.syntax"},
		{"1e3", money.EUR, 0, "money.syntax"},
		{"1,5", money.EUR, 0, "money.syntax"},
		{"1.2.3", money.EUR, 0, "money.syntax"},
		{" 1", money.EUR, 0, "money.syntax"},
		{"1 ", money.EUR, 0, "money.syntax"},
		{"0x10", money.EUR, 0, "money.syntax"},
		{"NaN", money.EUR, 0, "money.syntax"},
		{"١٢", money.EUR, 0, "money.syntax"},
		{"1", money.Currency{}, 0, "money.currency_mismatch"},
	} {
		got, err := money.ParseAmount(c.text, c.cur)
		if c.code != "" {
			requireCode(t, c.code, err)
			require.Equal(t, money.Amount{}, got)
			continue
		}
		require.NoError(t, err, c.text)
		require.Equal(t, money.FromMinor(c.want, c.cur), got, c.text)
	}
	require.Panics(t, func() { money.MustAmount("1,5", money.EUR) })
}

func TestAmountText(t *testing.T) {
	for want, a := range map[string]money.Amount{
		"49.96 EUR":                 money.FromMinor(4996, money.EUR),
		"-0.01 EUR":                 money.FromMinor(-1, money.EUR),
		"0.00 EUR":                  money.Zero(money.EUR),
		"500 JPY":                   money.FromMinor(500, money.JPY),
		"0.005 BHD":                 money.FromMinor(5, money.BHD),
		"1.0010 CLF":                money.FromMinor(10010, money.CLF),
		"-92233720368547758.07 EUR": money.FromMinor(-math.MaxInt64, money.EUR),
		"":                          {},
	} {
		require.Equal(t, want, a.String())
		if a.IsNone() {
			require.Equal(t, "", a.Text())
			continue
		}
		require.Equal(t, want, a.Text()+" "+a.Currency().Code())
		require.Equal(t, a.Text(), string(a.AppendNumber(nil)))
		require.Equal(t, a.Text(), a.Decimal().StringFixed(int32(a.Currency().Digits())))
	}
}

func TestAmountJSON(t *testing.T) {
	type doc struct {
		Total money.Amount  `json:"total"`
		Extra *money.Amount `json:"extra,omitempty"`
	}
	in := doc{Total: money.MustAmount("49.96", money.EUR)}
	out, err := json.Marshal(in)
	require.NoError(t, err)
	require.JSONEq(t, `{"total":{"amount":"49.96","currency":"EUR"}}`, string(out))
	var back doc
	require.NoError(t, json.Unmarshal(out, &back))
	require.Equal(t, in, back)

	out, err = json.Marshal(money.Amount{})
	require.NoError(t, err)
	require.Equal(t, "null", string(out))
	back = in
	require.NoError(t, json.Unmarshal([]byte(`{"total":null}`), &back))
	require.True(t, back.Total.IsNone())

	for body, code := range map[string]string{
		`{"amount":49.96,"currency":"EUR"}`:    "money.syntax",
		`"49.96 EUR"`:                          "money.syntax",
		`{"amount":"49,96","currency":"EUR"}`:  "money.syntax",
		`{"amount":"49.967","currency":"EUR"}`: "money.precision",
		`{"amount":"49.96","currency":"EUX"}`:  "money.unknown_currency",
		`{"amount":"49.96"}`:                   "money.unknown_currency",
	} {
		got := in.Total
		requireCode(t, code, json.Unmarshal([]byte(body), &got))
		require.Equal(t, in.Total, got, "a refused text changes nothing")
	}
}

func TestAmountArithmetic(t *testing.T) {
	a, b := money.MustAmount("10.00", money.EUR), money.MustAmount("-2.50", money.EUR)
	sum, err := a.Add(b)
	require.NoError(t, err)
	require.Equal(t, "7.50 EUR", sum.String())
	diff, err := a.Sub(b)
	require.NoError(t, err)
	require.Equal(t, "12.50 EUR", diff.String())
	total, err := money.Sum(money.EUR, a, b, b)
	require.NoError(t, err)
	require.Equal(t, "5.00 EUR", total.String())
	none, err := money.Sum(money.EUR)
	require.NoError(t, err)
	require.Equal(t, money.Zero(money.EUR), none)
	c, err := a.Cmp(b)
	require.NoError(t, err)
	require.Equal(t, 1, c)
	require.Equal(t, "2.50 EUR", b.Abs().String())
	require.Equal(t, []int{1, -1, 0}, []int{a.Sign(), b.Sign(), money.Zero(money.EUR).Sign()})
	require.True(t, money.Zero(money.EUR).IsZero())
	require.False(t, money.Zero(money.EUR).IsNone())
	part, err := a.Part(3, 7, money.HalfAwayFromZero)
	require.NoError(t, err)
	require.Equal(t, "4.29 EUR", part.String())
}

// A mix of currencies, or none at all, is an error in every operation.
func TestAmountMismatch(t *testing.T) {
	eur, usd, none := money.MustAmount("1", money.EUR), money.MustAmount("1", money.USD), money.Amount{}
	for _, pair := range [][2]money.Amount{{eur, usd}, {eur, none}, {none, eur}, {none, none}} {
		a, b := pair[0], pair[1]
		_, err := a.Add(b)
		requireCode(t, "money.currency_mismatch", err)
		_, err = a.Sub(b)
		requireCode(t, "money.currency_mismatch", err)
		_, err = a.Cmp(b)
		requireCode(t, "money.currency_mismatch", err)
		_, err = a.RoundTo(b, money.Up)
		requireCode(t, "money.currency_mismatch", err)
		_, err = money.Sum(money.EUR, a, b)
		requireCode(t, "money.currency_mismatch", err)
	}
	for _, err := range []error{
		second(none.Percent(money.RateOf(1), money.Up)),
		second(none.Part(1, 2, money.Up)),
		second(money.LargestRemainder.Split(none, []int64{1})),
		second(money.Sum(money.Currency{})),
		second(money.AmountFromDecimal(decimal.New(1, 0), money.Currency{}, money.Up)),
		second(money.ParsePrice("1", money.Currency{})),
		second(money.PriceFromMicros(1, money.Currency{})),
		second(money.PriceFromDecimal(decimal.New(1, 0), money.Currency{}, money.Up)),
		second(money.PriceFromAmount(none)),
		second(money.Price{}.Mul(money.QuantityOf(1), money.Up)),
		second(money.Price{}.Times(money.QuantityOf(1), money.Up)),
		second(money.Price{}.Percent(money.RateOf(1), money.Up)),
		second(money.Price{}.Add(money.Price{})),
		second(money.Price{}.Cmp(money.Price{})),
		second(money.Price{}.Net(money.RateOf(1))),
		second(money.Price{}.Gross(money.RateOf(1))),
	} {
		requireCode(t, "money.currency_mismatch", err)
	}
}

func second[T any](_ T, err error) error { return err }

func TestAmountOverflow(t *testing.T) {
	top, one := money.FromMinor(math.MaxInt64, money.EUR), money.FromMinor(1, money.EUR)
	for _, err := range []error{
		second(top.Add(one)),
		second(top.Neg().Sub(one)),
		second(money.Sum(money.EUR, top, one)),
		second(top.Percent(money.RateOf(101), money.Down)),
		second(top.Part(2, 1, money.Down)),
		second(money.AmountFromDecimal(decimal.New(1, 40), money.EUR, money.Up)),
		second(money.AmountFromDecimal(decimal.New(1, math.MaxInt32), money.EUR, money.Up)),
		second(money.AmountFromDecimal(decimal.New(math.MaxInt64, 0), money.EUR, money.Up)),
		second(money.PriceFromAmount(top)),
		second(money.QuantityFromUnits(math.MinInt64)),
		second(money.RateFromUnits(math.MinInt64)),
		second(money.PriceFromMicros(math.MinInt64, money.EUR)),
	} {
		requireCode(t, "money.overflow", err)
	}
	for _, r := range roundings() { // products at the edges of 64 and 128 bits
		requireCode(t, "money.overflow", second(money.FromMinor(1<<62, money.EUR).Percent(money.RateOf(400), r)))
		rate, err := money.RateFromUnits(1<<32 - 1)
		require.NoError(t, err)
		got, err := money.FromMinor(1<<32+1, money.EUR).Percent(rate, r)
		require.NoError(t, err)
		require.EqualValues(t, 18446744073709, got.Minor()-map[bool]int64{true: 1}[r != money.Down && r != money.Floor], r)
	}
	full, err := top.Percent(money.RateOf(100), money.HalfEven)
	require.NoError(t, err, "128 bits carry the product")
	require.Equal(t, top, full)
	require.True(t, money.FromMinor(math.MinInt64, money.EUR).IsNone(), "it has no negative")
	require.True(t, money.FromMinor(1, money.Currency{}).IsNone())
	require.Panics(t, func() { money.QuantityOf(math.MaxInt64) })
	require.Panics(t, func() { money.RateOf(math.MinInt64) })
	_, err = one.Part(1, 0, money.Up)
	requireCode(t, "money.weights", err)
}

func TestAmountFromDecimal(t *testing.T) {
	huge := decimal.NewFromBigInt(mulBig(7, 1), 0)
	for range 400 {
		huge = huge.Mul(decimal.New(11, 0))
	}
	_, err := money.AmountFromDecimal(huge, money.EUR, money.Up)
	requireCode(t, "money.too_long", err)
	for _, c := range []struct {
		in   decimal.Decimal
		r    money.Rounding
		want string
	}{
		{decimal.New(1, math.MinInt32), money.HalfAwayFromZero, "0.00"},
		{decimal.New(1, math.MinInt32), money.Up, "0.01"},
		{decimal.New(-1, -5000), money.Floor, "-0.01"},
		{decimal.New(0, math.MaxInt32), money.Up, "0.00"},
		{decimal.New(12345, -3), money.HalfAwayFromZero, "12.35"},
		{decimal.New(12345, -3), money.HalfEven, "12.34"},
		{decimal.New(12, 3), money.HalfEven, "12000.00"},
	} {
		got, err := money.AmountFromDecimal(c.in, money.EUR, c.r)
		require.NoError(t, err)
		require.Equal(t, c.want, got.Text())
	}
}

// The variables of decimal that change its results for a whole process do not
// reach this package.
func TestDecimalSettingsDoNotReachUs(t *testing.T) {
	precision, bare := decimal.DivisionPrecision, decimal.MarshalJSONWithoutQuotes
	defer func() { decimal.DivisionPrecision, decimal.MarshalJSONWithoutQuotes = precision, bare }()
	decimal.DivisionPrecision, decimal.MarshalJSONWithoutQuotes = 0, true

	p, err := money.MustPrice("10", money.EUR).Net(money.MustRate("21"))
	require.NoError(t, err)
	out, err := json.Marshal([]any{money.MustAmount("1.50", money.EUR), money.MustQuantity("1.50"), p})
	require.NoError(t, err)
	require.Equal(t, `[{"amount":"1.50","currency":"EUR"},"1.5",{"price":"8.264463","currency":"EUR"}]`, string(out))
}
