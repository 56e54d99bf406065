package erp

import (
	"regexp"
	"strings"
	"unicode"
)

// TextMax is the most runes of an ERP's words that an error keeps.
const TextMax = 500

var (
	urlLogin = regexp.MustCompile(`(?i)([a-z][a-z0-9+.-]*://)[^/\s@]+@`)
	header   = regexp.MustCompile(`(?i)\b(authorization\W{1,4}[a-z]+)\s+[^\s"']+`)
	bearer   = regexp.MustCompile(`(?i)\b(bearer|basic|session|token)\s+[A-Za-z0-9+/=._:~-]{16,}`)
	secret   = regexp.MustCompile(`(?i)(["']?\b[a-z_-]*(?:passw(?:or)?d|passwd|pwd|secret|token|api[_-]?key|session(?:[_-]?id)?)\b["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s,;&}\])<]+)`)
	element  = regexp.MustCompile(`(?i)(<[^<>/]*(?:passw|pwd|secret|token|api[_-]?key)[^<>/]*>)[^<]+`)
)

// Redact makes foreign text fit for an error and a log: logins in URLs,
// tokens and the values of password-like fields and elements become ***, line breaks and
// control characters become spaces, and it is cut at TextMax runes.
func Redact(text string) string {
	text = urlLogin.ReplaceAllString(cut(text, 8*TextMax), "${1}***@")
	text = header.ReplaceAllString(text, "${1} ***")
	text = bearer.ReplaceAllString(text, "${1} ***")
	text = secret.ReplaceAllString(text, "${1}***")
	text = element.ReplaceAllString(text, "${1}***")
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\uFFFD' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, " "))
	return cut(strings.Join(strings.Fields(text), " "), TextMax)
}

func cut(s string, runes int) string {
	if len(s) <= runes {
		return s
	}
	n := 0
	for i := range s {
		if n == runes {
			return s[:i] + "…"
		}
		n++
	}
	return s
}
