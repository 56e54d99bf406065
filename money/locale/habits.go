package locale

import (
	"golang.org/x/text/currency"
	"golang.org/x/text/language"
)

// languages are those whose printed form has been read and kept as a golden.
var languages = [...]string{"bg", "bs", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fi", "fr",
	"ga", "gl", "hi", "hr", "hu", "is", "it", "ja", "ko", "lt", "lv", "mk", "mt", "nb", "nl", "no", "pl",
	"pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "tr", "uk", "zh"}

// placeOf follows the standard currency patterns of Unicode CLDR.
func placeOf(base, region string) place {
	switch base {
	case "en", "ga", "hi", "ja", "ko", "mt", "tr", "zh":
		return before
	case "nl":
		return beforeSpace
	case "de", "it":
		if region == "AT" && base == "de" || region == "CH" || region == "LI" {
			return beforeSpace
		}
	case "pt":
		if region == "BR" {
			return beforeSpace
		}
	case "es":
		if latin(base, region) {
			return before
		}
	}
	return after
}

// latin reports whether Spanish of the region is that of Latin America.
func latin(base, region string) bool {
	return base == "es" && region != "ES" && region != "EA" && region != "IC" && region != "GQ" && region != "PH"
}

// homeCurrency is the tender of a region, as far as it decides what "$", "kr"
// and "¥" mean there.
func homeCurrency(region language.Region) string {
	unit, ok := currency.FromRegion(region)
	if !ok {
		return ""
	}
	return unit.String()
}

// symbol is one usual sign of a currency. A sign that several currencies share
// is printed only at home.
type symbol struct {
	code, sign string
	shared     bool
}

// symbols has, for each currency, the sign to print first; the others are
// read only. Longer signs stand before those they contain.
var symbols = [...]symbol{
	{"EUR", "€", false},
	{"GBP", "£", false},
	{"USD", "$", true}, {"USD", "US$", false},
	{"CAD", "$", true}, {"CAD", "CA$", false},
	{"AUD", "$", true}, {"AUD", "A$", false},
	{"NZD", "$", true}, {"NZD", "NZ$", false},
	{"MXN", "$", true}, {"MXN", "MX$", false},
	{"BRL", "R$", false},
	{"CHF", "CHF", false}, {"CHF", "Fr.", true}, {"CHF", "SFr.", false},
	{"JPY", "¥", true}, {"JPY", "￥", true},
	{"CNY", "¥", true}, {"CNY", "￥", true},
	{"SEK", "kr", true}, {"NOK", "kr", true},
	{"DKK", "kr.", true}, {"DKK", "kr", true},
	{"ISK", "kr.", true}, {"ISK", "kr", true},
	{"PLN", "zł", false}, {"CZK", "Kč", false}, {"HUF", "Ft", false},
	{"RON", "lei", true}, {"RSD", "дин.", false},
	{"TRY", "₺", false}, {"RUB", "₽", false}, {"UAH", "₴", false},
	{"ILS", "₪", false}, {"INR", "₹", false}, {"KRW", "₩", false}, {"VND", "₫", false},
}
