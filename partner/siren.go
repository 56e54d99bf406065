package partner

import (
	"fmt"

	"github.com/comptoir-go/comptoir/fault"
)

// The errors of French registry numbers.
var (
	ErrSiren = fault.Define(fault.Invalid, "partner.siren", "not a SIREN of nine digits with a right check digit")
	ErrSiret = fault.Define(fault.Invalid, "partner.siret", "not a SIRET of fourteen digits with a right check digit")
)

// sirenLaPoste is the one company whose establishments may follow another
// rule than the Luhn formula.
const sirenLaPoste = "356000000"

// ParseSiren reads a SIREN, the nine-digit number of a company in the French
// register: blanks, dots and dashes are dropped, the last digit is checked by
// the Luhn formula (ISO/IEC 7812-1, used by INSEE). It returns the bare
// digits; anything else is ErrSiren (Invalid, partner.siren).
func ParseSiren(text string) (string, error) {
	s := compact(text)
	if len(s) != 9 || !allDigits(s) || s == "000000000" || luhn(s) != 0 {
		return "", ErrSiren
	}
	return s, nil
}

// ParseSiret reads a SIRET, the number of one establishment: the SIREN and
// five digits, the whole again by the Luhn formula. The establishments of La
// Poste (SIREN 356 000 000) that were numbered past that formula are taken
// when their digits sum up to a multiple of five, as INSEE lays down. It
// returns the bare digits; anything else is ErrSiret (Invalid, partner.siret).
func ParseSiret(text string) (string, error) {
	s := compact(text)
	if len(s) != 14 || !allDigits(s) {
		return "", ErrSiret
	}
	if _, err := ParseSiren(s[:9]); err != nil {
		return "", ErrSiret
	}
	if luhn(s) == 0 || s[:9] == sirenLaPoste && digitSum(s)%5 == 0 {
		return s, nil
	}
	return "", ErrSiret
}

// FrenchVATID returns the French VAT id that belongs to a SIREN:
// "FR", the key (12 + 3 · (SIREN mod 97)) mod 97 as two digits, the SIREN.
// Errors: ErrSiren.
func FrenchVATID(siren string) (string, error) {
	s, err := ParseSiren(siren)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("FR%02d%s", (12+3*(number(s)%97))%97, s), nil
}

// luhn returns the Luhn sum modulo 10, 0 when the last digit is right.
func luhn(s string) int {
	sum := 0
	for i := 0; i < len(s); i++ {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			d *= 2
			if d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum % 10
}

func digitSum(s string) int {
	sum := 0
	for i := 0; i < len(s); i++ {
		sum += int(s[i] - '0')
	}
	return sum
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// number reads digits that are known to be digits, at most 18 of them.
func number(s string) int64 {
	var n int64
	for i := 0; i < len(s); i++ {
		n = n*10 + int64(s[i]-'0')
	}
	return n
}
