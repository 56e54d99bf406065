package trytonerp

import "strings"

// Where Tryton has no field for a key of ours, the key stands in a text before
// the rest: "comptoir:pay-7 Merci". So stand line keys in the notes of sale
// lines (and from there of invoice lines), keys of payments in the descriptions
// of moves, keys of messages in notes.

const markPrefix = "comptoir:"

// mark writes a key before a text.
func mark(key, text string) string {
	if text == "" {
		return markPrefix + key
	}
	return markPrefix + key + " " + text
}

// unmark reads what mark wrote; a text of somebody else has no key.
func unmark(marked string) (key, text string) {
	rest, ours := strings.CutPrefix(marked, markPrefix)
	if !ours {
		return "", marked
	}
	key, text, _ = strings.Cut(rest, " ")
	return key, text
}

// marked says that a text bears the mark of the key.
func marked(text, key string) bool {
	of, _ := unmark(text)
	return of == key
}

// markedBy is the domain of the records whose field has the mark of a key, in some
// databases also of one that differs in the case of letters.
func markedBy(field, key string) []any {
	return []any{"OR", []any{field, "=", markPrefix + key}, []any{field, "like", likely(markPrefix+key) + " %"}}
}

// likely keeps the letters that mean something in a pattern.
func likely(s string) string {
	return strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(s)
}
