// Package check holds the checks of text that every document shares: what no
// store, print or list should carry is noted as an issue of the field.
//
// Codes: required, text.encoding, text.long, text.control, lang.shape.
package check

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/comptoir-go/comptoir/fault"
)

// Line notes what is wrong with a text of one line: not UTF-8, longer than
// most characters, control characters.
func Line(is *fault.Issues, path, text string, most int) { check(is, path, text, most, "") }

// Note is Line for a text that may hold line breaks and tabs.
func Note(is *fault.Issues, path, text string, most int) { check(is, path, text, most, "\n\r\t") }

// Need is Line for a text that may not be blank.
func Need(is *fault.Issues, path, text string, most int) {
	if strings.TrimSpace(text) == "" {
		is.Add(path, "required", "is missing")
		return
	}
	Line(is, path, text, most)
}

// Reason is Note for the reason of an act, which may not be blank.
func Reason(is *fault.Issues, path, text string, most int) {
	if strings.TrimSpace(text) == "" {
		is.Add(path, "required", "say why")
	}
	Note(is, path, text, most)
}

func check(is *fault.Issues, path, text string, most int, except string) {
	if !utf8.ValidString(text) {
		is.Add(path, "text.encoding", "is not valid UTF-8")
		return
	}
	if n := utf8.RuneCountInString(text); n > most {
		is.Add(path, "text.long", "has %d characters, at most %d fit", n, most)
	}
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune(except, r) }) {
		is.Add(path, "text.control", "holds control characters")
	}
}

// Lang notes what does not have the shape of a BCP 47 tag: subtags of one to
// eight letters and digits, the first of two letters or more. "" passes.
func Lang(is *fault.Issues, path, tag string) {
	if tag != "" && !LangShape(tag) {
		is.Add(path, "lang.shape", "is not a BCP 47 language tag")
	}
}

// LangShape reports whether a text has the shape that Lang asks for.
func LangShape(tag string) bool {
	for i, sub := range strings.Split(tag, "-") {
		if len(sub) < 1 || len(sub) > 8 || i == 0 && len(sub) < 2 {
			return false
		}
		for j := 0; j < len(sub); j++ {
			c := sub[j] | 0x20
			letter := c >= 'a' && c <= 'z'
			if !letter && (i == 0 || sub[j] < '0' || sub[j] > '9') {
				return false
			}
		}
	}
	return true
}
