package catalog

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/comptoir-go/comptoir/fault"
)

// The bounds of texts.
const (
	maxSKU  = 64  // bytes
	maxText = 255 // characters
)

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

// langShape reports whether a text has the shape of a BCP 47 tag: subtags of
// letters and digits, the first of two to eight letters.
func langShape(tag string) bool {
	for i, sub := range strings.Split(tag, "-") {
		if len(sub) < 1 || len(sub) > 8 || i == 0 && len(sub) < 2 {
			return false
		}
		for j := 0; j < len(sub); j++ {
			c := sub[j] | 0x20
			if (c < 'a' || c > 'z') && (i == 0 || sub[j] < '0' || sub[j] > '9') {
				return false
			}
		}
	}
	return true
}

func indexed(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }
