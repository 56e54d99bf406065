package locale_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/money/locale"
)

func requireCode(t testing.TB, code string, err error) {
	t.Helper()
	require.Error(t, err)
	require.Equal(t, code, fault.CodeOf(err))
	require.Equal(t, fault.Invalid, fault.KindOf(err))
}

// What can mean one thing only is read the same in every language, and in none.
func TestParseUnambiguous(t *testing.T) {
	for text, want := range map[string]string{
		"49,96":                "49.96",
		"49.96":                "49.96",
		"9,45 €":               "9.45",
		"9,45€":                "9.45",
		"9,45\u00a0€":          "9.45",
		"€9.45":                "9.45",
		"€ 9,45":               "9.45",
		"72.00 EUR":            "72.00",
		"EUR 72.00":            "72.00",
		"72.00EUR":             "72.00",
		"72 eur":               "72.00",
		"1 234,56":             "1234.56",
		"1\u00a0234,56":        "1234.56",
		"1\u202f234,56 €":      "1234.56",
		"1\u2009234,56":        "1234.56",
		"1 234.56":             "1234.56",
		"1 234":                "1234.00",
		"1.234,56":             "1234.56",
		"1,234.56":             "1234.56",
		"1'234.56":             "1234.56",
		"1’234’567.5":          "1234567.50",
		"1.234.567":            "1234567.00",
		"1,234,567":            "1234567.00",
		"12 345 678,9":         "12345678.90",
		"1234,5":               "1234.50",
		"-49,96":               "-49.96",
		"−49,96 €":             "-49.96",
		"- 49,96":              "-49.96",
		"-€49.96":              "-49.96",
		"€-49.96":              "-49.96",
		"€ - 49.96":            "-49.96",
		"  49,96  ":            "49.96",
		"0,5":                  "0.50",
		"007,50":               "7.50",
		"-0":                   "0.00",
		"5":                    "5.00",
		"92233720368547758,07": "92233720368547758.07",
	} {
		for _, lang := range append(locale.Languages(), "", "und", "tlh") {
			a, err := locale.Parse(text, lang, money.EUR)
			require.NoError(t, err, "%q in %q", text, lang)
			require.Equal(t, money.MustAmount(want, money.EUR), a, "%q in %q", text, lang)
		}
	}
}

// One separator with three digits behind it means what the language says, and
// nothing where the language says nothing.
func TestParseAmbiguous(t *testing.T) {
	const refused = "money.ambiguous"
	for _, c := range []struct{ lang, point, comma string }{
		{"", refused, refused},
		{"und", refused, refused},
		{"tlh", refused, refused},
		{"en", "1.234", "1234.000"},
		{"en-IN", "1.234", "1234.000"},
		{"ja", "1.234", "1234.000"},
		{"de", "1234.000", "1.234"},
		{"it", "1234.000", "1.234"},
		{"pt-BR", "1234.000", "1.234"},
		{"es-MX", "1.234", "1234.000"},
		{"fr", refused, "1.234"}, // groups are spaces, the point is foreign
		{"sv", refused, "1.234"},
		{"no", refused, "1.234"},
		{"de-CH", "1.234", refused},
		{"en-ZA", refused, "1.234"},
	} {
		for text, want := range map[string]string{"1.234": c.point, "1,234": c.comma} {
			a, err := locale.Parse(text, c.lang, money.BHD)
			if want == refused {
				requireCode(t, refused, err)
				require.ErrorIs(t, err, locale.ErrAmbiguous)
				continue
			}
			require.NoError(t, err, "%q in %q", text, c.lang)
			require.Equal(t, want, a.Text(), "%q in %q", text, c.lang)
		}
	}
	for _, text := range []string{"12.345", "123,456", "999.999 BHD"} {
		_, err := locale.Parse(text, "", money.BHD)
		requireCode(t, refused, err)
	}
	for text, want := range map[string]string{"0.234": "0.234", "0,234": "0.234", "012.345": "12.345", "1234.567": "1234.567"} {
		a, err := locale.Parse(text, "", money.BHD)
		require.NoError(t, err, "no group can stand in %q", text)
		require.Equal(t, want, a.Text())
	}
	_, err := locale.Parse("1.234", "en", money.EUR)
	requireCode(t, "money.precision", err)
}

func TestParseRefuses(t *testing.T) {
	for text, code := range map[string]string{
		"":                            "money.syntax",
		"   ":                         "money.syntax",
		"€":                           "money.syntax",
		"abc":                         "money.syntax",
		".5":                          "money.syntax",
		"5.":                          "money.syntax",
		"5,":                          "money.syntax",
		"+5":                          "money.syntax",
		"--5":                         "money.syntax",
		"-€-5":                        "money.syntax",
		"5-":                          "money.syntax",
		"(5)":                         "money.syntax",
		"1e3":                         "money.syntax",
		"0x10":                        "money.syntax",
		"1..2":                        "money.syntax",
		"1.,2":                        "money.syntax",
		"1,2,3":                       "money.syntax",
		"1.23.456":                    "money.syntax",
		"12.34.567":                   "money.syntax",
		"1.234,567,89":                "money.syntax",
		"1.234 567":                   "money.syntax",
		"1 234'567":                   "money.syntax",
		"1 23":                        "money.syntax",
		"1  234":                      "money.syntax",
		"1234 567":                    "money.syntax",
		"0.123.456":                   "money.syntax",
		"1\t234":                      "money.syntax",
		"5\n":                         "money.syntax",
		"5 €€":                        "money.syntax",
		"€5€":                         "money.syntax",
		"5 EU":                        "money.syntax",
		"5 XYZ":                       "money.syntax",
		"5%":                          "money.syntax",
		"٥":                           "money.syntax",
		"5\xff":                       "money.syntax",
		"5 USD":                       "money.currency_mismatch",
		"5 $":                         "money.currency_mismatch",
		"£5":                          "money.currency_mismatch",
		"1,23456":                     "money.precision",
		"99999999999999999999":        "money.too_long",
		"92233720368547758,08":        "money.overflow",
		strings.Repeat(" ", 64) + "1": "money.too_long",
		strings.Repeat("9", 1<<16):    "money.too_long",
	} {
		for _, lang := range []string{"", "fr", "en", "de-CH"} {
			a, err := locale.Parse(text, lang, money.EUR)
			require.Error(t, err, "%q in %q", text, lang)
			require.Equal(t, code, fault.CodeOf(err), "%q in %q", text, lang)
			require.Equal(t, money.Amount{}, a)
		}
	}
	for _, lang := range []string{"!", "french please", strings.Repeat("a", 100), "en_"} {
		_, err := locale.Parse("1", lang, money.EUR)
		requireCode(t, "money.language", err)
		_, err = locale.ParseDecimal("1", lang)
		requireCode(t, "money.language", err)
		_, err = locale.ParseQuantity("1", lang)
		requireCode(t, "money.language", err)
	}
}

// Without an expected currency the text has to name it for certain.
func TestParseFindsTheCurrency(t *testing.T) {
	for _, c := range []struct{ text, lang, want string }{
		{"9,45 €", "fr", "9.45 EUR"},
		{"9,45 €", "", "9.45 EUR"},
		{"500 JPY", "", "500 JPY"},
		{"12,5 zł", "", "12.50 PLN"},
		{"$5.00", "en", "5.00 USD"},
		{"$5.00", "en-US", "5.00 USD"},
		{"$5.00", "en-CA", "5.00 CAD"},
		{"5,00 $", "fr-CA", "5.00 CAD"},
		{"5,00 kr", "sv", "5.00 SEK"},
		{"5,00 kr", "nb", "5.00 NOK"},
		{"5,00 kr.", "da", "5.00 DKK"},
		{"¥500", "ja", "500 JPY"},
		{"¥5.00", "zh", "5.00 CNY"},
		{"CHF 5.00", "de-CH", "5.00 CHF"},
		{"Fr. 5.00", "de-CH", "5.00 CHF"},
		{"US$ 5", "de", "5.00 USD"},
		{"5", "fr", "money.unknown_currency"},
		{"$5.00", "", "money.unknown_currency"},
		{"$5.00", "de", "money.unknown_currency"},
		{"5 kr", "fi", "money.unknown_currency"},
	} {
		a, err := locale.Parse(c.text, c.lang, money.Currency{})
		if strings.HasPrefix(c.want, "money.") {
			requireCode(t, c.want, err)
			continue
		}
		require.NoError(t, err, c)
		require.Equal(t, c.want, a.String(), c)
	}
	a, err := locale.Parse("5 $", "fr", money.USD)
	require.NoError(t, err, "expected, so the sign is enough")
	require.Equal(t, "5.00 USD", a.String())
}

func TestParseNumbers(t *testing.T) {
	d, err := locale.ParseDecimal("1 234,567890", "fr")
	require.NoError(t, err)
	require.Equal(t, "1234.56789", d.String())
	d, err = locale.ParseDecimal("-1.234.567,5", "")
	require.NoError(t, err)
	require.Equal(t, "-1234567.5", d.String())
	q, err := locale.ParseQuantity("1,5", "fr")
	require.NoError(t, err)
	require.Equal(t, money.MustQuantity("1.5"), q)
	q, err = locale.ParseQuantity("12,34,567.25", "en-IN")
	require.NoError(t, err)
	require.Equal(t, money.MustQuantity("1234567.25"), q)
	for text, code := range map[string]string{
		"5 €": "money.syntax", "": "money.syntax", "1.234": "money.ambiguous", "12345678901234567890": "money.too_long",
		"12,34,567.25": "money.syntax",
	} {
		_, err = locale.ParseDecimal(text, "fr")
		requireCode(t, code, err)
		_, err = locale.ParseQuantity(text, "fr")
		requireCode(t, code, err)
	}
	_, err = locale.ParseQuantity("1,23456", "fr")
	requireCode(t, "money.precision", err)
}
