package pricing

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The bounds of codes, in characters of the normal form.
const (
	MinCode = 3
	MaxCode = 40
	// maxTyped bounds, in bytes, what is looked at.
	maxTyped = 400
)

// codeAlphabet is what generated codes are made of: digits and capitals
// without 0, 1, I, L and O, which are taken for one another. Their number, 31,
// is prime; the check character rests on that.
const codeAlphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

// lookAlikes are capitals of the Greek and Cyrillic scripts that cannot be told
// from Latin ones in print, as phones and copied texts bring them.
var lookAlikes = map[rune]rune{
	'Α': 'A', 'Β': 'B', 'Ε': 'E', 'Ζ': 'Z', 'Η': 'H', 'Ι': 'I', 'Κ': 'K', 'Μ': 'M', 'Ν': 'N', 'Ο': 'O', 'Ρ': 'P', 'Τ': 'T', 'Υ': 'Y', 'Χ': 'X',
	'А': 'A', 'В': 'B', 'Е': 'E', 'К': 'K', 'М': 'M', 'Н': 'H', 'О': 'O', 'Р': 'P', 'С': 'C', 'Т': 'T', 'У': 'Y', 'Х': 'X', 'І': 'I', 'Ј': 'J', 'Ѕ': 'S',
}

// CodeText brings what a person typed into the normal form of codes: capital
// letters A to Z and digits. Case, blanks, dashes, points and underscores do not
// count; full-width characters and the Greek and Cyrillic capitals that look
// like Latin ones become these. The normal form is its own normal form.
//
// Errors: ErrCodeText (Invalid, pricing.code_text) for any other character, and
// for fewer than MinCode or more than MaxCode that remain.
func CodeText(typed string) (string, error) {
	text, ok := normalCode(typed)
	if !ok || len(text) < MinCode || len(text) > MaxCode {
		return "", ErrCodeText
	}
	return text, nil
}

func normalCode(typed string) (string, bool) {
	if len(typed) > maxTyped || !utf8.ValidString(typed) {
		return "", false
	}
	var b strings.Builder
	for _, r := range typed {
		if r >= '！' && r <= '～' {
			r -= '！' - '!'
		}
		r = unicode.ToUpper(r)
		if latin, ok := lookAlikes[r]; ok {
			r = latin
		}
		switch {
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case separates(r):
		default:
			return "", false
		}
	}
	return b.String(), true
}

// separates reports whether a character only parts a code for the eye, or is
// not seen at all.
func separates(r rune) bool {
	return r == '_' || r == '.' || r == '\u00ad' || r == '\u2060' || r == '\ufeff' || r >= '\u200b' && r <= '\u200d' ||
		unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || r == '\u2212'
}

// KeyOf returns the key of a code in normal form: 0 for O, 1 for I and L, as in
// Crockford's base 32. Codes that differ in nothing else are one code.
func KeyOf(text string) CodeID {
	return CodeID(strings.Map(func(r rune) rune {
		switch r {
		case 'O':
			return '0'
		case 'I', 'L':
			return '1'
		}
		return r
	}, text))
}

// checkRadix makes 31 a modulus for the pure systems of ISO 7064: the sum of
// value(i) × radix^(n−i) is 1 modulo 31. 3 is a primitive root of the prime 31,
// so that no two places less than 30 apart weigh the same.
const checkRadix = 3

// CheckCharacter returns the character that completes the random part of a
// generated code. The system is that of ISO 7064's pure systems (MOD 37-2, MOD
// 97-10), with modulus 31 and radix 3 over the 31 characters of generated codes:
// it detects every single wrong character and every swap of two characters less
// than 30 places apart, neighbours above all. Characters outside the alphabet
// are ErrCodeText.
func CheckCharacter(body string) (byte, error) {
	sum, ok := checkSum(body)
	if !ok {
		return 0, ErrCodeText
	}
	n := len(codeAlphabet)
	return codeAlphabet[((1-sum*checkRadix)%n+n)%n], nil
}

// Checked reports whether a text, the part of a generated code behind its
// prefix, ends with its check character.
func Checked(text string) bool {
	sum, ok := checkSum(text)
	return ok && len(text) > 1 && sum == 1
}

func checkSum(text string) (sum int, ok bool) {
	for i := range len(text) {
		v := strings.IndexByte(codeAlphabet, text[i])
		if v < 0 {
			return 0, false
		}
		sum = (sum*checkRadix + v) % len(codeAlphabet)
	}
	return sum, true
}
