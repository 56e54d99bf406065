package money_test

import (
	"encoding/json"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/money"
)

func per(t testing.TB, text, base string, c money.Currency) money.Price {
	t.Helper()
	p, err := money.MustPrice(text, c).PerBase(money.MustQuantity(base))
	require.NoError(t, err)
	return p
}

func TestPriceTextAndJSON(t *testing.T) {
	for _, c := range []struct {
		p          money.Price
		text, json string
	}{
		{per(t, "12.50", "100", money.EUR), "12.50 EUR / 100", `{"price":"12.5","base":"100","currency":"EUR"}`},
		{per(t, "12.50", "1", money.EUR), "12.50 EUR", `{"price":"12.5","currency":"EUR"}`},
		{money.MustPrice("12.34567", money.EUR), "12.34567 EUR", `{"price":"12.34567","currency":"EUR"}`},
		{money.MustPrice("-3", money.JPY), "-3 JPY", `{"price":"-3","currency":"JPY"}`},
		{per(t, "0.000001", "0.5", money.CLF), "0.000001 CLF / 0.5", `{"price":"0.000001","base":"0.5","currency":"CLF"}`},
	} {
		require.Equal(t, c.text, c.p.String())
		out, err := json.Marshal(c.p)
		require.NoError(t, err)
		require.Equal(t, c.json, string(out))
		var back money.Price
		require.NoError(t, json.Unmarshal(out, &back))
		require.Equal(t, c.p, back)
	}
	require.Equal(t, "", money.Price{}.String()+money.Price{}.Text())
	require.Equal(t, "12.50", money.MustPrice("12.5", money.EUR).Text())
	out, err := json.Marshal(money.Price{})
	require.NoError(t, err)
	require.Equal(t, "null", string(out))
	p := money.MustPrice("1", money.EUR)
	require.NoError(t, json.Unmarshal(out, &p))
	require.True(t, p.IsNone())
	for body, code := range map[string]string{
		`{"price":12.5,"currency":"EUR"}`:              "money.syntax",
		`{"price":"1.2345678","currency":"EUR"}`:       "money.precision",
		`{"price":"1","base":"0","currency":"EUR"}`:    "money.base",
		`{"price":"1","base":"","currency":"EUR"}`:     "money.syntax",
		`{"price":"1","base":"1","currency":"nope"}`:   "money.unknown_currency",
		`{"price":"1","base":"1e3","currency":"EUR"}`:  "money.syntax",
		`{"price":"9999999999999","currency":"EUR"}`:   "money.overflow",
		`{"price":"1","base":"-1","currency":"EUR"}`:   "money.base",
		`{"price":"1","base":"1.1.","currency":"EUR"}`: "money.syntax",
	} {
		var got money.Price
		requireCode(t, code, json.Unmarshal([]byte(body), &got))
	}
}

// Flamingo price_test: 12.34567 in currencies of two, three and four decimals.
func TestPriceAmountFlamingo(t *testing.T) {
	for cur, want := range map[money.Currency]string{money.EUR: "12.35", money.BHD: "12.346", money.CLF: "12.3457", money.JPY: "12"} {
		a, err := money.MustPrice("12.34567", cur).Amount(money.HalfAwayFromZero)
		require.NoError(t, err)
		require.Equal(t, want, a.Text())
	}
}

// GOBL bill/line_calculate_test: the same line rounded to the currency and
// kept precise.
func TestPriceGOBL(t *testing.T) {
	p := money.MustPrice("12.5934", money.EUR)
	line, err := p.Mul(money.QuantityOf(3), money.HalfAwayFromZero)
	require.NoError(t, err)
	require.Equal(t, "37.78", line.Text())
	off, err := line.Percent(money.RateOf(7), money.HalfAwayFromZero)
	require.NoError(t, err)
	require.Equal(t, "2.64", off.Text())
	rest, err := line.Sub(off)
	require.NoError(t, err)
	require.Equal(t, "35.14", rest.Text())

	precise, err := p.Times(money.QuantityOf(3), money.HalfAwayFromZero)
	require.NoError(t, err)
	require.Equal(t, "37.7802", precise.Text())
	preciseOff, err := precise.Percent(money.RateOf(7), money.HalfAwayFromZero)
	require.NoError(t, err)
	require.Equal(t, "2.644614", preciseOff.Text(), "2.6446 at the four decimals GOBL keeps")
	preciseRest, err := precise.Sub(preciseOff)
	require.NoError(t, err)
	require.Equal(t, "35.135586", preciseRest.Text(), "35.1356 at four")

	p = money.MustPrice("90.3324", money.EUR)
	line, err = p.Mul(money.QuantityOf(20), money.HalfAwayFromZero)
	require.NoError(t, err)
	off, err = line.Percent(money.RateOf(10), money.HalfAwayFromZero)
	require.NoError(t, err)
	rest, err = line.Sub(off)
	require.NoError(t, err)
	require.Equal(t, []string{"1806.65", "180.67", "1625.98"}, []string{line.Text(), off.Text(), rest.Text()})
	precise, err = p.Times(money.QuantityOf(20), money.HalfAwayFromZero)
	require.NoError(t, err)
	preciseOff, err = precise.Percent(money.RateOf(10), money.HalfAwayFromZero)
	require.NoError(t, err)
	preciseRest, err = precise.Sub(preciseOff)
	require.NoError(t, err)
	require.Equal(t, "1625.9832", preciseRest.Text())
}

// GOBL TestRemoveIncludedTax, and the price list of a shop that states gross:
// the net keeps six decimals, so the gross comes back.
func TestPriceNetGross(t *testing.T) {
	net, err := money.MustPrice("1000", money.EUR).Net(money.RateOf(21))
	require.NoError(t, err)
	require.Equal(t, "826.446281", net.Text())
	off, err := net.Percent(money.RateOf(10), money.HalfAwayFromZero)
	require.NoError(t, err)
	line, err := net.Sub(off)
	require.NoError(t, err)
	require.Equal(t, "743.801653", line.Text())
	amount, err := line.Amount(money.HalfAwayFromZero)
	require.NoError(t, err)
	require.Equal(t, "743.80", amount.Text())

	net, err = money.MustPrice("38.23", money.EUR).Net(money.RateOf(20))
	require.NoError(t, err)
	gross, err := net.Gross(money.RateOf(20))
	require.NoError(t, err)
	total, err := gross.Mul(money.QuantityOf(10), money.HalfAwayFromZero)
	require.NoError(t, err)
	require.Equal(t, "382.30", total.Text())

	based, err := per(t, "121", "100", money.EUR).Net(money.RateOf(21))
	require.NoError(t, err)
	require.Equal(t, "100.00 EUR / 100", based.String())
	for _, rate := range []string{"-100", "-150"} {
		_, err = net.Net(money.MustRate(rate))
		requireCode(t, "money.rate", err)
		_, err = net.Gross(money.MustRate(rate))
		requireCode(t, "money.rate", err)
	}
}

// Figures of several systems that come down to one product and one rounding.
func TestPriceVectors(t *testing.T) {
	half := money.HalfAwayFromZero
	for _, c := range []struct{ source, price, qty, rate, want string }{
		{"commercetools, line level: 1.08 x 3 at 19 %", "1.08", "3", "19", "3.24+0.62"},
		{"Flamingo: 14.71 at 19 %", "14.71", "1", "19", "14.71+2.79"},
		{"Flamingo: 10.18 at 19 %", "10.18", "1", "19", "10.18+1.93"},
		{"Flamingo: on the sum", "24.89", "1", "19", "24.89+4.73"},
		{"GOBL: 9.42 at 24 %", "9.42", "1", "24", "9.42+2.26"},
		{"GOBL: 9.42 at 13 %", "9.42", "1", "13", "9.42+1.22"},
		{"Vendure: 1.23 at 20 %", "1.23", "1", "20", "1.23+0.25"},
		{"Vendure: 3 x 1.23 at 20 %", "1.23", "3", "20", "3.69+0.74"},
		{"Vendure: 83.33 less 50 %", "83.33", "1", "50", "83.33+41.67"},
		{"Vendure: 1558.80 less 10 %", "1558.80", "1", "10", "1558.80+155.88"},
		{"service portal: 133.96 at 20 %", "133.96", "1", "20", "133.96+26.79"},
		{"service portal: 72.00 at 20 %", "72.00", "1", "20", "72.00+14.40"},
		{"service portal: 9.45 at 20 %", "9.45", "1", "20", "9.45+1.89"},
		{"Vendure: 25 x 3.99, 10 %", "3.99", "25", "10", "99.75+9.98"},
	} {
		line, err := money.MustPrice(c.price, money.EUR).Mul(money.MustQuantity(c.qty), half)
		require.NoError(t, err)
		tax, err := line.Percent(money.MustRate(c.rate), half)
		require.NoError(t, err)
		require.Equal(t, c.want, line.Text()+"+"+tax.Text(), c.source)
	}
	// commercetools, unit level: the gross unit 1.29, three times.
	gross, err := money.MustPrice("1.08", money.EUR).Gross(money.RateOf(19))
	require.NoError(t, err)
	unit, err := gross.Amount(half)
	require.NoError(t, err)
	p, err := money.PriceFromAmount(unit)
	require.NoError(t, err)
	total, err := p.Mul(money.QuantityOf(3), half)
	require.NoError(t, err)
	require.Equal(t, "3.87", total.Text())
}

func TestPriceBaseAndOrder(t *testing.T) {
	a, b := per(t, "12.50", "100", money.EUR), money.MustPrice("0.125", money.EUR)
	require.NotEqual(t, a, b)
	c, err := a.Cmp(b)
	require.NoError(t, err)
	require.Zero(t, c)
	require.Equal(t, "100", a.Base().String())
	require.Equal(t, "1", b.Base().String())
	require.Equal(t, per(t, "0.125", "1", money.EUR), b, "a base of 1 has one form")
	amount, err := a.Mul(money.QuantityOf(250), money.HalfAwayFromZero)
	require.NoError(t, err)
	require.Equal(t, "31.25 EUR", amount.String())
	_, err = a.Add(b)
	requireCode(t, "money.base", err)
	_, err = a.Add(money.MustPrice("1", money.USD))
	requireCode(t, "money.currency_mismatch", err)
	for _, base := range []string{"0", "-1", "1000000000.0001"} {
		_, err = a.PerBase(money.MustQuantity(base))
		requireCode(t, "money.base", err)
	}
	top, err := money.PriceFromMicros(1<<63-1, money.JPY)
	require.NoError(t, err)
	for _, err := range []error{
		second(top.Mul(money.QuantityOf(1_000_001), money.Down)),
		second(top.Times(money.QuantityOf(2), money.Down)),
		second(top.Gross(money.RateOf(1))),
		second(top.Add(top)),
		second(top.Percent(money.RateOf(200), money.Down)),
		second(money.ParsePrice("9223372036854.775808", money.EUR)),
		second(money.PriceFromDecimal(decimal.New(1, 20), money.EUR, money.Up)),
	} {
		requireCode(t, "money.overflow", err)
	}
	biggest, err := top.PerBase(money.QuantityOf(1_000_000_000))
	require.NoError(t, err)
	got, err := biggest.Mul(money.QuantityOf(1_000_000_000), money.Down)
	require.NoError(t, err)
	require.EqualValues(t, 9223372036854, got.Minor())
	fine, err := money.PriceFromDecimal(decimal.RequireFromString("1.2345675"), money.EUR, money.HalfEven)
	require.NoError(t, err)
	require.Equal(t, "1.234568", fine.Text())
	require.True(t, fine.Decimal().Equal(decimal.RequireFromString("1.234568")))
	require.Equal(t, -1, fine.Neg().Sign())
	require.True(t, money.MustPrice("0", money.EUR).IsZero())
	require.Panics(t, func() { money.MustPrice("x", money.EUR) })
	require.Equal(t, money.EUR, fine.Currency())
	require.EqualValues(t, 1_234_568, fine.Micros())
}

func TestPriceCmpLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) (money.Price, int64, int64) {
			micro := anyInt64().Draw(t, label)
			base := rapid.OneOf(rapid.Just(int64(10_000)), rapid.Int64Range(1, 10_000_000_000_000)).Draw(t, label+" base")
			p, err := money.PriceFromMicros(micro, money.EUR)
			require.NoError(t, err)
			q, err := money.QuantityFromUnits(base)
			require.NoError(t, err)
			p, err = p.PerBase(q)
			require.NoError(t, err)
			return p, micro, base
		}
		a, am, ab := draw("a")
		b, bm, bb := draw("b")
		got, err := a.Cmp(b)
		require.NoError(t, err)
		require.Equal(t, mulBig(am, bb).Cmp(mulBig(bm, ab)), got)
	})
}
