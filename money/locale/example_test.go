package locale_test

import (
	"fmt"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/money/locale"
)

func ExampleFor() {
	ch, _ := locale.For("de-CH")
	a, _ := ch.Parse("1’234.50", money.CHF)
	fmt.Printf("%s %q", a, ch.Format(a))
	// Output: 1234.50 CHF "CHF\u00a01’234.50"
}

func ExampleParse() {
	a, _ := locale.Parse("9,45 €", "fr", money.EUR)
	b, _ := locale.Parse("1.234", "de", money.EUR)
	_, err := locale.Parse("1.234", "", money.EUR)
	fmt.Println(a, b, fault.CodeOf(err))
	// Output: 9.45 EUR 1234.00 EUR money.ambiguous
}

func ExampleParseQuantity() {
	q, _ := locale.ParseQuantity("2,5", "fr")
	fmt.Println(q)
	// Output: 2.5
}

func ExampleParseDecimal() {
	d, _ := locale.ParseDecimal("1.234.567,25", "it")
	fmt.Println(d)
	// Output: 1234567.25
}

func ExampleFormat() {
	fmt.Printf("%q", locale.Format(money.MustAmount("1049.96", money.EUR), "fr"))
	// Output: "1\u00a0049,96\u00a0€"
}

func ExampleLanguages() {
	fmt.Println(len(locale.Languages()) > 30)
	// Output: true
}
