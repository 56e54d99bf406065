package partner

import "strings"

// The check digits of VAT ids. Each function gets a body whose form has been
// verified; the algorithms are those published by the tax administrations and
// collected in the European Commission's VIES check-digit notes.

// checkAT: digits 2, 4, 6 doubled with their own digits summed, the others
// added; the check digit is (96 - sum) mod 10.
func checkAT(body string) bool {
	d := body[1:]
	sum := 0
	for i := 0; i < 7; i++ {
		v := int(d[i] - '0')
		if i%2 == 1 {
			v = v*2/10 + v*2%10
		}
		sum += v
	}
	return (96-sum)%10 == int(d[7]-'0')
}

// checkBE: the last two digits are 97 - (the first eight mod 97).
func checkBE(body string) bool { return 97-number(body[:8])%97 == number(body[8:]) }

// checkDE: ISO/IEC 7064, MOD 11,10.
func checkDE(body string) bool {
	p := 10
	for i := 0; i < 8; i++ {
		s := (p + int(body[i]-'0')) % 10
		if s == 0 {
			s = 10
		}
		p = 2 * s % 11
	}
	return (11-p)%10 == int(body[8]-'0')
}

// checkDK: the weighted sum is a multiple of 11.
func checkDK(body string) bool { return weigh(body, 2, 7, 6, 5, 4, 3, 2, 1)%11 == 0 }

// checkES tells persons (DNI, NIE and the K, L, M series: a letter by the
// number mod 23) from companies (CIF: a Luhn digit or the letter that stands
// for it; the tax agency's rule on which form wants which is not uniform, so
// both are taken).
func checkES(body string) bool {
	const persons, digits = "TRWAGMYFPDXBNJZSQVHLCKE", "JABCDEFGHI"
	first, middle, last := body[0], body[1:8], body[8]
	if i := strings.IndexByte("XYZ", first); i >= 0 {
		return persons[(int64(i)*10_000_000+number(middle))%23] == last
	}
	switch {
	case first >= '0' && first <= '9':
		return persons[number(body[:8])%23] == last
	case strings.IndexByte("KLM", first) >= 0:
		return persons[number(middle)%23] == last
	case strings.IndexByte("ABCDEFGHJNPQRSUVW", first) < 0:
		return false
	}
	check := (10 - luhn(middle+"0")) % 10
	return last == byte('0'+check) || last == digits[check]
}

// checkFR: a key of two digits is the SIREN followed by 12, mod 97; a key
// with letters is counted in base 34 without I and O. The SIREN carries its
// Luhn digit, except in Monaco, whose numbers begin with 000.
func checkFR(body string) bool {
	key, siren := body[:2], body[2:]
	if siren[:3] != "000" {
		if _, err := ParseSiren(siren); err != nil {
			return false
		}
	}
	if allDigits(key) {
		return number(key) == (number(siren)*100+12)%97
	}
	const base34 = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	a, b := int64(strings.IndexByte(base34, key[0])), int64(strings.IndexByte(base34, key[1]))
	v := a*34 + b - 100
	if a < 10 {
		v = a*24 + b - 10
	}
	return (number(siren)+1+v/11)%11 == v%11
}

// checkGB: weights 8 to 2 and the last two of the nine digits as a number;
// the sum is a multiple of 97 (old series) or 42 or 55 above one (the series
// in use since 2010, from 100 on). Government departments (GD) and health authorities
// (HA) have no check digit.
func checkGB(body string) bool {
	if len(body) == 5 {
		return true
	}
	rest := weigh(body[:9], 8, 7, 6, 5, 4, 3, 2, 10, 1) % 97
	return rest == 0 || number(body[:3]) >= 100 && (rest == 42 || rest == 55)
}

// checkIT: the Luhn formula over a company number that is not zero and the
// number of the issuing office (001 to 100, 120, 121, 888 or 999).
func checkIT(body string) bool {
	office := number(body[7:10])
	known := office >= 1 && office <= 100 || office == 120 || office == 121 || office == 888 || office == 999
	return body[:7] != "0000000" && known && luhn(body) == 0
}

// checkLU: the last two digits are the first six mod 89.
func checkLU(body string) bool { return number(body[:6])%89 == number(body[6:]) }

// checkNL: companies carry the eleven-test of their nine digits, sole traders
// since 2020 ISO/IEC 7064 MOD 97-10 over "NL" and the whole; either is right.
func checkNL(body string) bool {
	if body[:9] != "000000000" && (weigh(body[:8], 9, 8, 7, 6, 5, 4, 3, 2)-int(body[8]-'0'))%11 == 0 {
		return true
	}
	rest := int64(0)
	for _, c := range "NL" + body {
		if c >= 'A' {
			rest = (rest*100 + int64(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int64(c-'0')) % 97
		}
	}
	return rest == 1
}

// checkPL: the weighted sum mod 11 is the last digit; 10 is never given out.
func checkPL(body string) bool {
	return weigh(body[:9], 6, 5, 7, 2, 3, 4, 5, 6, 7)%11 == int(body[9]-'0')
}

// checkPT: 11 minus the weighted sum mod 11, 10 and 11 written as 0.
func checkPT(body string) bool {
	return (11-weigh(body[:8], 9, 8, 7, 6, 5, 4, 3, 2)%11)%11%10 == int(body[8]-'0')
}

// weigh sums digit by weight.
func weigh(s string, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += w * int(s[i]-'0')
	}
	return sum
}
