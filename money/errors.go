package money

import "github.com/comptoir-go/comptoir/fault"

// The errors of this package. All are of kind fault.Invalid: the input, or
// the pair of values put together, is wrong; nothing is worth repeating.
var (
	// ErrOverflow: the result does not fit into 63 bits and a sign.
	ErrOverflow = fault.Define(fault.Invalid, "money.overflow", "the result is out of range")
	// ErrCurrencyMismatch: two currencies in one operation, or a value without one.
	ErrCurrencyMismatch = fault.Define(fault.Invalid, "money.currency_mismatch", "the currencies differ")
	// ErrSyntax: the text is not "-?digits[.digits]", or the JSON has another shape.
	ErrSyntax = fault.Define(fault.Invalid, "money.syntax", "not a plain decimal number")
	// ErrPrecision: more decimals than the currency or the type holds.
	ErrPrecision = fault.Define(fault.Invalid, "money.precision", "too many decimals")
	// ErrTooLong: more than 19 digits, or a text far longer than a number.
	ErrTooLong = fault.Define(fault.Invalid, "money.too_long", "the number is too long")
	// ErrUnknownCurrency: no such alphabetic or numeric code in ISO 4217.
	ErrUnknownCurrency = fault.Define(fault.Invalid, "money.unknown_currency", "the currency is unknown")
	// ErrUnknownPolicy: no rounding or apportionment of that name.
	ErrUnknownPolicy = fault.Define(fault.Invalid, "money.unknown_policy", "the policy is unknown")
	// ErrWeights: weights that nothing can be shared over.
	ErrWeights = fault.Define(fault.Invalid, "money.weights", "the weights cannot carry the amount")
	// ErrStep: a rounding step that is not positive.
	ErrStep = fault.Define(fault.Invalid, "money.step", "the step is not positive")
	// ErrBase: a price base that is not above zero, or above 1 000 000 000.
	ErrBase = fault.Define(fault.Invalid, "money.base", "the base quantity is out of range")
	// ErrRate: a rate of -100 % or less, which leaves nothing to divide by.
	ErrRate = fault.Define(fault.Invalid, "money.rate", "the rate is out of range")
)

// mismatch stays out of line so that the arithmetic before it can be inlined.
//
//go:noinline
func mismatch(a, b Currency) error {
	return ErrCurrencyMismatch.With("the currencies %s and %s do not go together", a.orNone(), b.orNone())
}
