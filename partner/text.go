package partner

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/comptoir-go/comptoir/fault"
)

// maxText bounds every free text of a partner, in characters.
const maxText = 255

// checkText notes a text that no store or print should carry: too long, not
// UTF-8, with control characters.
func checkText(is *fault.Issues, path, s string) {
	switch {
	case !utf8.ValidString(s):
		is.Add(path, "text.encoding", "is not valid UTF-8")
	case utf8.RuneCountInString(s) > maxText:
		is.Add(path, "text.long", "has more than %d characters", maxText)
	case strings.ContainsFunc(s, unicode.IsControl):
		is.Add(path, "text.control", "holds control characters")
	}
}

// needText is checkText for a field that may not be blank.
func needText(is *fault.Issues, path, s string) {
	if strings.TrimSpace(s) == "" {
		is.Add(path, "required", "is missing")
		return
	}
	checkText(is, path, s)
}

// checkLang notes what does not have the shape of a BCP 47 tag: subtags of
// letters and digits, the first of two to eight letters.
func checkLang(is *fault.Issues, path, tag string) {
	if tag == "" {
		return
	}
	for i, sub := range strings.Split(tag, "-") {
		if len(sub) > 8 || len(sub) < 1 || !allASCII(sub, i > 0) || i == 0 && len(sub) < 2 {
			is.Add(path, "lang.shape", "is not a BCP 47 language tag")
			return
		}
	}
}

// allASCII reports letters only, or letters and digits.
func allASCII(s string, digits bool) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (!digits || c < '0' || c > '9') {
			return false
		}
	}
	return true
}
