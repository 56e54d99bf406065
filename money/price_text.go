package money

// ParsePrice reads "-?digits[.digits]" strictly, with at most 6 decimals, as
// the price of one unit; PerBase sets another base. Errors: ErrSyntax,
// ErrPrecision, ErrTooLong, ErrOverflow, and ErrCurrencyMismatch for the zero
// Currency.
func ParsePrice(text string, c Currency) (Price, error) {
	if c.IsZero() {
		return Price{}, mismatch(c, c)
	}
	v, err := parseFixed(text, priceScale)
	if err != nil {
		return Price{}, err
	}
	return Price{micro: v, cur: c}, nil
}

// MustPrice is ParsePrice for literals; it panics on an error.
func MustPrice(text string, c Currency) Price {
	p, err := ParsePrice(text, c)
	if err != nil {
		panic("money.MustPrice: " + err.Error())
	}
	return p
}

// Text returns the number with the decimals of the currency at least and no
// trailing zeros beyond, "12.50" or "12.34567"; "" for the zero Price.
func (p Price) Text() string {
	if p.IsNone() {
		return ""
	}
	var buf [24]byte
	return string(appendFixed(buf[:0], p.micro, priceScale, p.cur.Digits()))
}

// String returns number, code and base, "12.50 EUR / 100", without the base
// when it is 1; "" for the zero Price.
func (p Price) String() string {
	if p.IsNone() {
		return ""
	}
	var buf [64]byte
	b := append(appendFixed(buf[:0], p.micro, priceScale, p.cur.Digits()), ' ')
	b = append(b, p.cur.Code()...)
	if p.base != 0 {
		b = append(b, " / "...)
		b = appendFixed(b, p.base, quantityScale, 0)
	}
	return string(b)
}

// MarshalJSON writes {"price":"12.5","base":"100","currency":"EUR"}, without
// trailing zeros and without a base of 1; null for the zero Price.
func (p Price) MarshalJSON() ([]byte, error) {
	if p.IsNone() {
		return []byte("null"), nil
	}
	b := make([]byte, 0, 80)
	b = append(b, `{"price":"`...)
	b = appendFixed(b, p.micro, priceScale, 0)
	if p.base != 0 {
		b = append(b, `","base":"`...)
		b = appendFixed(b, p.base, quantityScale, 0)
	}
	b = append(b, `","currency":"`...)
	b = append(b, p.cur.Code()...)
	return append(b, `"}`...), nil
}

// UnmarshalJSON reads what MarshalJSON writes; numbers are strings. Errors:
// ErrSyntax for another shape, and those of ParseCurrency, ParsePrice,
// ParseQuantity and PerBase.
func (p *Price) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*p = Price{}
		return nil
	}
	in := [3]member{{key: "price"}, {key: "base"}, {key: "currency"}}
	if err := readMembers(data, in[:]); err != nil {
		return ErrSyntax.With(`a price is {"price":"12.5","base":"100","currency":"EUR"}`).Because(err)
	}
	c, err := ParseCurrency(string(in[2].value))
	if err != nil {
		return err
	}
	v, err := ParsePrice(string(in[0].value), c)
	if err != nil {
		return err
	}
	if in[1].value != nil {
		q, err := ParseQuantity(string(in[1].value))
		if err != nil {
			return err
		}
		if v, err = v.PerBase(q); err != nil {
			return err
		}
	}
	*p = v
	return nil
}
