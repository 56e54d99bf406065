package money

// ParseAmount reads "-?digits[.digits]" strictly: no exponent, no sign plus,
// no grouping, at most 19 digits and no more decimals than the currency has.
// Fewer are fine: "12.5" is 12.50 EUR. For text a person typed see package
// money/locale. Errors: ErrSyntax, ErrPrecision, ErrTooLong, ErrOverflow, and
// ErrCurrencyMismatch for the zero Currency.
func ParseAmount(text string, c Currency) (Amount, error) {
	if c.IsZero() {
		return Amount{}, mismatch(c, c)
	}
	v, err := parseFixed(text, c.Digits())
	if err != nil {
		return Amount{}, err
	}
	return Amount{minor: v, cur: c}, nil
}

// MustAmount is ParseAmount for literals; it panics on an error.
func MustAmount(text string, c Currency) Amount {
	a, err := ParseAmount(text, c)
	if err != nil {
		panic("money.MustAmount: " + err.Error())
	}
	return a
}

// AppendNumber appends the number with all decimals of the currency, "49.96".
func (a Amount) AppendNumber(b []byte) []byte {
	return appendFixed(b, a.minor, a.cur.Digits(), a.cur.Digits())
}

// Text returns the number with all decimals of the currency, "49.96"; "" for
// the zero Amount.
func (a Amount) Text() string {
	if a.IsNone() {
		return ""
	}
	var buf [24]byte
	return string(a.AppendNumber(buf[:0]))
}

// String returns number and code, "49.96 EUR"; "" for the zero Amount.
func (a Amount) String() string {
	if a.IsNone() {
		return ""
	}
	var buf [32]byte
	b := append(a.AppendNumber(buf[:0]), ' ')
	return string(append(b, a.cur.Code()...))
}

// MarshalJSON writes {"amount":"49.96","currency":"EUR"}, null for the zero
// Amount.
func (a Amount) MarshalJSON() ([]byte, error) {
	if a.IsNone() {
		return []byte("null"), nil
	}
	b := make([]byte, 0, 56)
	b = append(b, `{"amount":"`...)
	b = a.AppendNumber(b)
	b = append(b, `","currency":"`...)
	b = append(b, a.cur.Code()...)
	return append(b, `"}`...), nil
}

// UnmarshalJSON reads what MarshalJSON writes. The amount is a string; a JSON
// number is refused, since many writers of JSON numbers lose digits. Errors:
// ErrSyntax for another shape, and those of ParseCurrency and ParseAmount.
func (a *Amount) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*a = Amount{}
		return nil
	}
	in := [2]member{{key: "amount"}, {key: "currency"}}
	if err := readMembers(data, in[:]); err != nil {
		return ErrSyntax.With(`an amount is {"amount":"49.96","currency":"EUR"}`).Because(err)
	}
	c, err := ParseCurrency(string(in[1].value))
	if err != nil {
		return err
	}
	p, err := ParseAmount(string(in[0].value), c)
	if err != nil {
		return err
	}
	*a = p
	return nil
}
