// Package money holds the numbers of trade as immutable, comparable values in
// fixed point: no float, no allocation in arithmetic, no silent wrap.
//
//	Amount    whole minor units of a Currency      49.96 EUR
//	Price     unit price, 6 decimals, with a base  12.50 EUR / 100
//	Quantity  units of measure, 4 decimals         1.5
//	Rate      percent, 4 decimals                  5.5
//	Currency  ISO 4217, with its 0, 2, 3 or 4 decimals
//
// A line of an order:
//
//	price := money.MustPrice("12.50", money.EUR)
//	price, err := price.PerBase(money.QuantityOf(100)) // 12.50 EUR for 100 pieces
//	line, err := price.Mul(money.QuantityOf(250), money.HalfAwayFromZero) // 31.25 EUR
//	tax, err := line.Percent(money.RateOf(20), money.HalfAwayFromZero)    // 6.25 EUR
//	gross, err := line.Add(tax)                                           // 37.50 EUR
//
// # Range and errors
//
// Values are int64 within ±(2^63-1), intermediate products 128 bits wide.
// What does not fit is ErrOverflow, two currencies in one operation are
// ErrCurrencyMismatch. The zero Amount{} and Price{} have no currency: they
// mean "none", and arithmetic with them is a mismatch too. All errors are of
// kind fault.Invalid.
//
// # Rounding
//
// Where digits are lost the caller names a Rounding; its zero value,
// HalfAwayFromZero, is the commercial rule. Each operation computes exactly
// and rounds once. RoundTo does cash rounding (0.05 CHF).
//
// # Sharing
//
// An Apportionment shares an amount over lines to the exact sum. The default
// is LargestRemainder; the others reproduce other systems to the cent, and
// Claims says which laws each keeps.
//
//	shares, err := money.LargestRemainder.Split(discount, []int64{4000, 2000, 2000})
//
// # Text, JSON, decimal
//
// Parsers are strict and bounded: "-?digits[.digits]", at most 19 digits, no
// exponent, never rounding. JSON carries numbers as strings. Text a person
// typed, with commas and symbols, is the job of money/locale. Where another
// system speaks decimal.Decimal there are constructors and Decimal accessors;
// nothing here uses decimal's division, text or JSON, which variables of the
// whole process may change.
package money
