package locale_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/internal/golden"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/money/locale"
)

// regions are those whose habits differ from their language's own.
func tags() []string {
	return append(locale.Languages(), "de-AT", "de-CH", "de-LI", "en-CA", "en-GB", "en-IE", "en-IN", "en-ZA",
		"es-419", "es-AR", "es-MX", "fr-BE", "fr-CA", "fr-CH", "fr-LU", "it-CH", "nl-BE", "pt-BR", "pt-PT", "ro-MD", "zh-TW")
}

func currencies() []money.Currency {
	return []money.Currency{money.EUR, money.USD, money.GBP, money.CHF, money.SEK, money.PLN, money.JPY, money.BHD,
		money.CLF, money.MustCurrency("CAD"), money.MustCurrency("DKK"), money.MustCurrency("INR")}
}

// The golden shows every language as it prints; spaces that do not break are
// written as "_" (U+00A0) and "~" (U+202F).
func TestFormatGolden(t *testing.T) {
	show := strings.NewReplacer("\u00a0", "_", "\u202f", "~")
	var b strings.Builder
	for _, lang := range append(tags(), "und", "tlh") {
		fmt.Fprintf(&b, "%-7s", lang)
		for _, a := range []money.Amount{
			money.MustAmount("1234567.89", money.EUR), money.MustAmount("-1234.50", money.USD),
			money.MustAmount("1234", money.JPY), money.MustAmount("9.45", money.SEK), money.MustAmount("0.005", money.BHD),
		} {
			fmt.Fprintf(&b, " | %s", show.Replace(locale.Format(a, lang)))
		}
		b.WriteByte('\n')
	}
	golden.Check(t, "testdata/formats.txt", []byte(b.String()))
}

func TestFormat(t *testing.T) {
	a := money.MustAmount("-1234.56", money.EUR)
	require.Equal(t, "-1\u00a0234,56\u00a0€", locale.Format(a, "fr"))
	require.Equal(t, "-€1,234.56", locale.Format(a, "en"))
	require.Equal(t, "-1234.56 EUR", locale.Format(a, ""))
	require.Equal(t, "-1234.56 EUR", locale.Format(a, "not a tag"))
	require.Equal(t, "", locale.Format(money.Amount{}, "fr"))
	require.Equal(t, "1234,56\u00a0€", locale.Format(a.Neg(), "es"), "Spanish groups from five digits on")
	in, err := locale.For("en-IN")
	require.NoError(t, err)
	require.Equal(t, "₹12,34,567.00", in.Format(money.MustAmount("1234567", money.MustCurrency("INR"))))
	fr, err := locale.For("fr")
	require.NoError(t, err)
	require.Equal(t, "1\u00a0234,5", fr.FormatQuantity(money.MustQuantity("1234.5")))
	require.Equal(t, "-5,5", fr.FormatRate(money.MustRate("-5.5")))
	require.Equal(t, "5.5", locale.Locale{}.FormatRate(money.MustRate("5.5")))
	require.False(t, fr.IsZero())
	require.True(t, locale.Locale{}.IsZero())
}

// Law: what a language prints, the same language reads, with the currency
// expected; so it does for quantities and decimals.
func TestLawFormatParse(t *testing.T) {
	langs := tags()
	rapid.Check(t, func(t *rapid.T) {
		lang := rapid.SampledFrom(langs).Draw(t, "language")
		c := rapid.SampledFrom(currencies()).Draw(t, "currency")
		minor := rapid.OneOf(rapid.Int64Range(-10_000_000, 10_000_000), rapid.Int64Range(-math.MaxInt64, math.MaxInt64)).Draw(t, "minor")
		l, err := locale.For(lang)
		require.NoError(t, err)
		a := money.FromMinor(minor, c)
		back, err := l.Parse(l.Format(a), c)
		require.NoError(t, err, "%q", l.Format(a))
		require.Equal(t, a, back)

		q, err := money.QuantityFromUnits(minor)
		require.NoError(t, err)
		printed := l.FormatQuantity(q)
		read, err := l.ParseQuantity(printed)
		require.NoError(t, err, "%q", printed)
		require.Equal(t, q, read)
		d, err := l.ParseDecimal(printed)
		require.NoError(t, err)
		require.True(t, d.Equal(q.Decimal()))
	})
}

// FuzzLocaleParse: whatever is read in no language is read alike in every
// language; what is read prints and reads back; nothing panics.
func FuzzLocaleParse(f *testing.F) {
	for _, s := range []string{"49,96", "9,45 €", "72.00 EUR", "1 234,56", "1.234", "1,234.56", "-€5", "1’234.5",
		"12,34,567", "−5 kr", "€", "5\xff", "１", "1\u202f234,5"} {
		f.Add(s, uint8(0), uint8(0))
		f.Add(s, uint8(12), uint8(7))
	}
	langs, curs := tags(), currencies()
	f.Fuzz(func(t *testing.T, s string, lang, cur uint8) {
		l, err := locale.For(langs[int(lang)%len(langs)])
		require.NoError(t, err)
		c := curs[int(cur)%len(curs)]
		a, err := l.Parse(s, c)
		if plain, perr := (locale.Locale{}).Parse(s, c); perr == nil {
			require.NoError(t, err, "%q", s)
			require.Equal(t, plain, a)
		}
		if err != nil {
			require.Equal(t, money.Amount{}, a)
			return
		}
		require.Equal(t, c, a.Currency())
		back, err := l.Parse(l.Format(a), c)
		if err != nil { // padded with decimals, the number may pass 19 digits
			require.ErrorIs(t, err, money.ErrTooLong)
			return
		}
		require.Equal(t, a, back)
	})
}

func BenchmarkLocale(b *testing.B) {
	fr, err := locale.For("fr")
	require.NoError(b, err)
	a := money.MustAmount("1234.56", money.EUR)
	text := fr.Format(a)
	b.Run("Format", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			_ = fr.Format(a)
		}
	})
	b.Run("Parse", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			_, _ = fr.Parse(text, money.EUR)
		}
	})
	b.Run("For", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			_, _ = locale.For("fr")
		}
	})
}
