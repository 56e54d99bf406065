package locale

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/money"
)

// maxText bounds what is read: far more than 19 digits with separators and a
// currency need.
const maxText = 64

// Parse reads an amount in the habits of lang; see Locale.Parse. Errors also
// ErrLanguage.
func Parse(text, lang string, cur money.Currency) (money.Amount, error) {
	l, err := For(lang)
	if err != nil {
		return money.Amount{}, err
	}
	return l.Parse(text, cur)
}

// ParseDecimal reads a number without a currency in the habits of lang; see
// Locale.ParseDecimal. Errors also ErrLanguage.
func ParseDecimal(text, lang string) (decimal.Decimal, error) {
	l, err := For(lang)
	if err != nil {
		return decimal.Decimal{}, err
	}
	return l.ParseDecimal(text)
}

// ParseQuantity reads a quantity in the habits of lang; see
// Locale.ParseQuantity. Errors also ErrLanguage.
func ParseQuantity(text, lang string) (money.Quantity, error) {
	l, err := For(lang)
	if err != nil {
		return money.Quantity{}, err
	}
	return l.ParseQuantity(text)
}

// Parse reads an amount of cur. The text may name the currency, by code or by
// one of its signs; another currency than cur is money.ErrCurrencyMismatch.
// With the zero Currency the text must name it, by a code or by a sign that
// means one currency only, or is the language's own: else
// money.ErrUnknownCurrency. Errors also: money.ErrSyntax, money.ErrTooLong,
// money.ErrPrecision, money.ErrOverflow, ErrAmbiguous.
func (l Locale) Parse(text string, cur money.Currency) (money.Amount, error) {
	body, mark, neg, err := dissect(text)
	if err != nil {
		return money.Amount{}, err
	}
	if cur, err = l.currencyOf(mark, cur); err != nil {
		return money.Amount{}, err
	}
	plain, err := l.plain(body, neg)
	if err != nil {
		return money.Amount{}, err
	}
	return money.ParseAmount(plain, cur)
}

// ParseDecimal reads a number of at most 19 digits, without a currency.
// Errors: money.ErrSyntax, money.ErrTooLong, ErrAmbiguous.
func (l Locale) ParseDecimal(text string) (decimal.Decimal, error) {
	plain, err := l.number(text)
	if err != nil {
		return decimal.Decimal{}, err
	}
	if len(plain)-strings.Count(plain, "-")-strings.Count(plain, ".") > 19 {
		return decimal.Decimal{}, money.ErrTooLong
	}
	d, err := decimal.NewFromString(plain)
	if err != nil {
		return decimal.Decimal{}, money.ErrSyntax.Because(err)
	}
	return d, nil
}

// ParseQuantity reads a quantity. Errors: money.ErrSyntax, money.ErrTooLong,
// money.ErrPrecision beyond 4 decimals, money.ErrOverflow, ErrAmbiguous.
func (l Locale) ParseQuantity(text string) (money.Quantity, error) {
	plain, err := l.number(text)
	if err != nil {
		return money.Quantity{}, err
	}
	return money.ParseQuantity(plain)
}

func (l Locale) number(text string) (string, error) {
	body, mark, neg, err := dissect(text)
	if err != nil {
		return "", err
	}
	if mark != "" {
		return "", money.ErrSyntax
	}
	return l.plain(body, neg)
}

// dissect takes a text apart: the number from its first digit to its last,
// the currency mark before or after it, and the minus before either.
func dissect(text string) (body, mark string, neg bool, err error) {
	if len(text) > maxText {
		return "", "", false, money.ErrTooLong.With("the text has more than %d bytes", maxText)
	}
	isDigit := func(r rune) bool { return r >= '0' && r <= '9' }
	first, last := strings.IndexFunc(text, isDigit), strings.LastIndexFunc(text, isDigit)
	if first < 0 {
		return "", "", false, money.ErrSyntax
	}
	lead, body, tail := text[:first], text[first:last+1], text[last+1:]
	lead, minuses := cutMinus(trim(lead))
	tail = trim(tail)
	if minuses > 1 || lead != "" && tail != "" {
		return "", "", false, money.ErrSyntax
	}
	return body, lead + tail, minuses == 1, nil
}

// cutMinus takes the minus off both ends of what stands before the number:
// "-", "-€", "€ -".
func cutMinus(lead string) (rest string, minuses int) {
	for _, sign := range [...]string{"-", "−"} {
		if s, ok := strings.CutPrefix(lead, sign); ok {
			lead, minuses = trim(s), minuses+1
		}
		if s, ok := strings.CutSuffix(lead, sign); ok {
			lead, minuses = trim(s), minuses+1
		}
	}
	return lead, minuses
}

func trim(s string) string { return strings.TrimFunc(s, isSpace) }

// isSpace knows the spaces that set off groups and currencies; a line break
// or a tab is none of them.
func isSpace(r rune) bool { return r == ' ' || r == '\u00a0' || r == '\u202f' || r == '\u2009' }

// currencyOf decides the currency from what the text names and what the
// caller expects.
func (l Locale) currencyOf(mark string, want money.Currency) (money.Currency, error) {
	if mark == "" {
		if want.IsZero() {
			return want, money.ErrUnknownCurrency.With("the text names no currency")
		}
		return want, nil
	}
	var only money.Currency
	known := false
	if isCode(mark) {
		if c, err := money.ParseCurrency(strings.ToUpper(mark)); err == nil {
			known, only = true, c
		}
	}
	for _, s := range symbols {
		if s.sign != mark {
			continue
		}
		known = true
		if s.code == want.Code() {
			return want, nil
		}
		if !s.shared || s.code == l.home {
			only = money.MustCurrency(s.code)
		}
	}
	switch {
	case !known:
		return want, money.ErrSyntax
	case !only.IsZero() && (want.IsZero() || want == only):
		return only, nil
	case want.IsZero():
		return want, money.ErrUnknownCurrency.With("several currencies are written %q", mark)
	}
	return want, money.ErrCurrencyMismatch.With("the text is not in %s", want)
}

func isCode(s string) bool {
	return len(s) == 3 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == ""
}
