// Package locale reads and prints amounts and numbers as people of a language
// write them: "49,96", "9,45 €", "72.00 EUR", "1 234,56", "1.234,56",
// "1,234.56". Systems talk to each other with the strict forms of package
// money; this package stands where a person types or reads.
//
//	fr, err := locale.For("fr-FR")
//	a, err := fr.Parse("1 234,56 €", money.EUR) // 1234.56 EUR
//	fr.Format(a)                                // "1 234,56 €"
//
// # Reading
//
// A number is digits 0-9 with at most one decimal separator ("." or ",") and
// groups of three set off by one kind of separator: ".", ",", an apostrophe
// (' or ’) or a space (plain, no-break, narrow no-break, thin). Where the
// language groups by two (hi, en-IN) "12,34,567" is read too. The minus is
// "-" or "−" and comes first; the currency is its ISO 4217 code or a usual
// symbol, before or after.
//
// Most texts can mean one thing only and are read in any language: "49,96",
// "1 234.5", "1.234,56", "1,234,567". One separator with one to three digits
// before it (no leading zero) and exactly three after, "1.234" or "1,234",
// can mean two things that differ by a factor of a thousand. The language
// decides where it knows the separator: in "de" "1.234" is 1234 and "1,234"
// is 1.234. Where it does not ("." in "fr"), or the language is empty, "und"
// or not one of Languages, the text is refused with ErrAmbiguous.
//
// The text is at most 64 bytes and the number at most 19 digits; nothing is
// rounded: more decimals than the currency has are money.ErrPrecision.
//
// # Printing
//
// Separators and grouping follow Unicode CLDR (golang.org/x/text), the minus
// is always "-", digits are 0-9, and spaces within an amount do not break. A symbol
// that several currencies share ($, kr, ¥) is used only where it is the
// language's own; others print as their code. In an unknown language an
// amount prints as money does, "1234.56 EUR".
package locale
