package money_test

import (
	"encoding/json"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
)

func Example() {
	price, _ := money.MustPrice("12.50", money.EUR).PerBase(money.QuantityOf(100))
	line, _ := price.Mul(money.QuantityOf(250), money.HalfAwayFromZero)
	tax, _ := line.Percent(money.RateOf(20), money.HalfAwayFromZero)
	gross, _ := line.Add(tax)
	fmt.Println(price, "|", line, "+", tax, "=", gross)
	// Output: 12.50 EUR / 100 | 31.25 EUR + 6.25 EUR = 37.50 EUR
}

func ExampleParseCurrency() {
	byCode, _ := money.ParseCurrency("BHD")
	byNumber, _ := money.ParseCurrency("392")
	_, err := money.ParseCurrency("eur")
	fmt.Println(byCode, byCode.Digits(), byNumber, byNumber.Digits(), fault.CodeOf(err))
	// Output: BHD 3 JPY 0 money.unknown_currency
}

func ExampleMustCurrency() {
	fmt.Println(money.MustCurrency("NOK").Numeric())
	// Output: 578
}

func ExampleCurrencies() {
	fmt.Println(money.Currencies()[0])
	// Output: AED
}

func ExampleParseAmount() {
	a, _ := money.ParseAmount("12.5", money.EUR)
	_, err := money.ParseAmount("12.345", money.EUR)
	fmt.Println(a, fault.CodeOf(err))
	// Output: 12.50 EUR money.precision
}

func ExampleMustAmount() {
	fmt.Println(money.MustAmount("0.05", money.CHF))
	// Output: 0.05 CHF
}

func ExampleFromMinor() {
	fmt.Println(money.FromMinor(4996, money.EUR), money.FromMinor(500, money.JPY))
	// Output: 49.96 EUR 500 JPY
}

func ExampleZero() {
	fmt.Println(money.Zero(money.EUR), money.Zero(money.EUR) == money.Amount{})
	// Output: 0.00 EUR false
}

func ExampleAmountFromDecimal() {
	a, _ := money.AmountFromDecimal(decimal.RequireFromString("12.345"), money.EUR, money.HalfEven)
	fmt.Println(a)
	// Output: 12.34 EUR
}

func ExampleSum() {
	net, _ := money.Sum(money.EUR, money.MustAmount("84.00", money.EUR), money.MustAmount("49.96", money.EUR))
	_, err := money.Sum(money.EUR, money.MustAmount("1", money.USD))
	fmt.Println(net, fault.CodeOf(err))
	// Output: 133.96 EUR money.currency_mismatch
}

func ExampleAmount_MarshalJSON() {
	out, _ := json.Marshal(money.MustAmount("49.96", money.EUR))
	fmt.Println(string(out))
	// Output: {"amount":"49.96","currency":"EUR"}
}

func ExampleAmount_RoundTo() {
	a, _ := money.MustAmount("12.33", money.CHF).RoundTo(money.MustAmount("0.05", money.CHF), money.HalfAwayFromZero)
	fmt.Println(a)
	// Output: 12.35 CHF
}

func ExampleParseQuantity() {
	q, _ := money.ParseQuantity("6.0")
	fmt.Println(q, q.MultipleOf(money.MustQuantity("1.5")))
	// Output: 6 true
}

func ExampleQuantityOf() {
	fmt.Println(money.QuantityOf(3).Units())
	// Output: 30000
}

func ExampleMustQuantity() {
	fmt.Println(money.MustQuantity("1.50"))
	// Output: 1.5
}

func ExampleQuantityFromUnits() {
	q, _ := money.QuantityFromUnits(15_000)
	fmt.Println(q)
	// Output: 1.5
}

func ExampleQuantityFromDecimal() {
	_, err := money.QuantityFromDecimal(decimal.RequireFromString("0.00001"))
	fmt.Println(fault.CodeOf(err))
	// Output: money.precision
}

func ExampleParseRate() {
	r, _ := money.ParseRate("5.50")
	fmt.Println(r)
	// Output: 5.5
}

func ExampleMustRate() {
	fmt.Println(money.MustRate("2.1").Cmp(money.RateOf(2)))
	// Output: 1
}

func ExampleRateOf() {
	fmt.Println(money.RateOf(20))
	// Output: 20
}

func ExampleRateFromUnits() {
	r, _ := money.RateFromUnits(55_000)
	fmt.Println(r)
	// Output: 5.5
}

func ExampleRateFromDecimal() {
	r, _ := money.RateFromDecimal(decimal.RequireFromString("19.00"))
	fmt.Println(r)
	// Output: 19
}

func ExampleParsePrice() {
	p, _ := money.ParsePrice("12.34567", money.EUR)
	a, _ := p.Amount(money.HalfAwayFromZero)
	fmt.Println(p, a)
	// Output: 12.34567 EUR 12.35 EUR
}

func ExampleMustPrice() {
	fmt.Println(money.MustPrice("0.125", money.EUR))
	// Output: 0.125 EUR
}

func ExamplePriceFromAmount() {
	p, _ := money.PriceFromAmount(money.MustAmount("9.45", money.EUR))
	fmt.Println(p.Micros())
	// Output: 9450000
}

func ExamplePriceFromMicros() {
	p, _ := money.PriceFromMicros(125_000, money.EUR)
	fmt.Println(p)
	// Output: 0.125 EUR
}

func ExamplePriceFromDecimal() {
	p, _ := money.PriceFromDecimal(decimal.RequireFromString("1.23456789"), money.EUR, money.HalfAwayFromZero)
	fmt.Println(p)
	// Output: 1.234568 EUR
}

func ExamplePrice_PerBase() {
	p, _ := money.MustPrice("12.50", money.EUR).PerBase(money.QuantityOf(100))
	c, _ := p.Cmp(money.MustPrice("0.125", money.EUR))
	fmt.Println(p, c)
	// Output: 12.50 EUR / 100 0
}

func ExamplePrice_Net() {
	net, _ := money.MustPrice("1000", money.EUR).Net(money.RateOf(21))
	fmt.Println(net)
	// Output: 826.446281 EUR
}

func ExampleApportionment_Split() {
	shares, _ := money.LargestRemainder.Split(money.MustAmount("2.99", money.EUR), []int64{4300, 1400, 2300})
	fmt.Println(shares)
	// Output: [1.61 EUR 0.52 EUR 0.86 EUR]
}

func ExampleApportionment_SplitInto() {
	weights := []int64{1, 1, 1}
	dst := make([]int64, 3, 6)
	_ = money.LargestRemainderLast.SplitInto(dst, 100, weights)
	fmt.Println(dst)
	// Output: [33 33 34]
}

func ExampleParseApportionment() {
	p, _ := money.ParseApportionment("cumulative")
	fmt.Println(p, p.Claims().OrderIndependent)
	// Output: cumulative false
}

func ExampleParseRounding() {
	r, _ := money.ParseRounding("half_even")
	a, _ := money.MustAmount("0.25", money.EUR).Percent(money.RateOf(10), r)
	fmt.Println(r, a)
	// Output: half_even 0.02 EUR
}
