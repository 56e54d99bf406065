package partner

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/comptoir-go/comptoir/fault"
)

// ErrVATID refuses a VAT id of a wrong form or with wrong check digits.
var ErrVATID = fault.Define(fault.Invalid, "partner.vat_id", "the VAT id is not valid")

// maxVATID bounds what is looked at, in bytes, before blanks are dropped.
const maxVATID = 64

// ParseVATID brings a VAT id to its stored form and verifies it. Blanks, dots
// and dashes are dropped, letters become capitals, the Greek prefix becomes
// EL, and the leading zero that old Belgian numbers lack is filled in.
//
// The form is that of the VIES system of the European Commission for the
// member states, XI (Northern Ireland) and GB. The check digits are verified
// for AT, BE, DE, DK, ES, FR, GB and XI, IT, LU, NL, PL and PT. Of other
// countries the id is the country's alpha-2 code and 2 to 18 letters or
// digits ("CHE123456788MWST"). Whether somebody is registered under the id is
// a question for VIES, not asked here.
//
// Anything else is ErrVATID (Invalid, partner.vat_id).
func ParseVATID(text string) (string, error) {
	if len(text) > maxVATID {
		return "", ErrVATID
	}
	id := strings.ToUpper(compact(text))
	if len(id) < 4 {
		return "", ErrVATID
	}
	prefix, body := id[:2], id[2:]
	if prefix == "GR" {
		prefix = "EL"
	}
	if prefix == "BE" && len(body) == 9 {
		body = "0" + body
	}
	rule, ok := findVATRule(prefix)
	switch {
	case ok && !rule.form.MatchString(body):
		return "", ErrVATID.With("the VAT id does not have the form of %s", prefix)
	case ok && rule.check != nil && !rule.check(body):
		return "", ErrVATID.With("the check digits of the VAT id are wrong")
	case !ok && (!Country(prefix).Valid() || !otherVATForm.MatchString(body)):
		return "", ErrVATID
	}
	return prefix + body, nil
}

// VATIDCountry returns the country of a VAT id's prefix: GR for EL, GB for
// XI, "" where the prefix is no country's. It does not verify the id.
func VATIDCountry(id string) Country {
	if len(id) < 2 {
		return ""
	}
	switch id[:2] {
	case "EL":
		return "GR"
	case "XI":
		return "GB"
	}
	if c := Country(id[:2]); c.Valid() {
		return c
	}
	return ""
}

// VATPrefix returns the prefix that the country's VAT ids begin with: the
// alpha-2 code, but EL for Greece, and the prefix of the country whose VAT
// area they belong to for Monaco (FR) and the Isle of Man (GB), after article
// 7 of Directive 2006/112/EC and the United Kingdom's customs union with the
// Isle of Man. It is "" for what is not Valid.
func (c Country) VATPrefix() string {
	switch {
	case c == "GR":
		return "EL"
	case c == "MC":
		return "FR"
	case c == "IM":
		return "GB"
	case !c.Valid():
		return ""
	}
	return string(c)
}

// InEUVAT reports whether the country lies in the VAT area of the European
// Union: the 27 member states and Monaco (Directive 2006/112/EC, articles 5
// to 7). Territories with a code of their own (Åland, Martinique) do not, nor
// does Northern Ireland, which has none.
func (c Country) InEUVAT() bool {
	if len(c) != 2 {
		return false
	}
	prefix := c.VATPrefix()
	if prefix == "" || prefix == "GB" {
		return false
	}
	_, ok := findVATRule(prefix)
	return ok
}

// vatRule is how the VAT ids of one prefix look after the prefix.
type vatRule struct {
	prefix string
	form   *regexp.Regexp
	check  func(body string) bool // nil: the form is all that is verified
}

var otherVATForm = regexp.MustCompile(`^[0-9A-Z]{2,18}$`)

// vatRules lists the member states, XI and GB in the order of their prefixes.
var vatRules = [...]vatRule{
	{"AT", regexp.MustCompile(`^U[0-9]{8}$`), checkAT},
	{"BE", regexp.MustCompile(`^[01][0-9]{9}$`), checkBE},
	{"BG", regexp.MustCompile(`^[0-9]{9,10}$`), nil},
	{"CY", regexp.MustCompile(`^[0-9]{8}[A-Z]$`), nil},
	{"CZ", regexp.MustCompile(`^[0-9]{8,10}$`), nil},
	{"DE", regexp.MustCompile(`^[1-9][0-9]{8}$`), checkDE},
	{"DK", regexp.MustCompile(`^[1-9][0-9]{7}$`), checkDK},
	{"EE", regexp.MustCompile(`^[0-9]{9}$`), nil},
	{"EL", regexp.MustCompile(`^[0-9]{9}$`), nil},
	{"ES", regexp.MustCompile(`^([0-9A-Z][0-9]{7}[A-Z]|[A-Z][0-9]{8})$`), checkES},
	{"FI", regexp.MustCompile(`^[0-9]{8}$`), nil},
	{"FR", regexp.MustCompile(`^[0-9A-HJ-NP-Z]{2}[0-9]{9}$`), checkFR},
	{"GB", regexp.MustCompile(`^([0-9]{9}|[0-9]{12}|GD[0-4][0-9]{2}|HA[5-9][0-9]{2})$`), checkGB},
	{"HR", regexp.MustCompile(`^[0-9]{11}$`), nil},
	{"HU", regexp.MustCompile(`^[0-9]{8}$`), nil},
	{"IE", regexp.MustCompile(`^([0-9]{7}[A-W][A-I]?|[0-9][A-Z+*][0-9]{5}[A-W])$`), nil},
	{"IT", regexp.MustCompile(`^[0-9]{11}$`), checkIT},
	{"LT", regexp.MustCompile(`^([0-9]{9}|[0-9]{12})$`), nil},
	{"LU", regexp.MustCompile(`^[0-9]{8}$`), checkLU},
	{"LV", regexp.MustCompile(`^[0-9]{11}$`), nil},
	{"MT", regexp.MustCompile(`^[0-9]{8}$`), nil},
	{"NL", regexp.MustCompile(`^[0-9]{9}B[0-9]{2}$`), checkNL},
	{"PL", regexp.MustCompile(`^[0-9]{10}$`), checkPL},
	{"PT", regexp.MustCompile(`^[1-9][0-9]{8}$`), checkPT},
	{"RO", regexp.MustCompile(`^[1-9][0-9]{1,9}$`), nil},
	{"SE", regexp.MustCompile(`^[0-9]{10}01$`), nil},
	{"SI", regexp.MustCompile(`^[1-9][0-9]{7}$`), nil},
	{"SK", regexp.MustCompile(`^[1-9][0-9]{9}$`), nil},
	{"XI", regexp.MustCompile(`^([0-9]{9}|[0-9]{12}|GD[0-4][0-9]{2}|HA[5-9][0-9]{2})$`), checkGB},
}

func findVATRule(prefix string) (vatRule, bool) {
	for _, r := range vatRules {
		if r.prefix == prefix {
			return r, true
		}
	}
	return vatRule{}, false
}

// compact drops white space, dots, dashes and slashes.
func compact(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("./-\u2010\u2011\u2012\u2013", r) {
			return -1
		}
		return r
	}, s)
}
