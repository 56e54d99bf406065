package pricing

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/comptoir-go/comptoir/fault"
)

// jsonLevel is an object or a list that a text is within.
type jsonLevel struct {
	path string
	list bool
	at   int      // of a list, the place of the item
	keys []string // of an object, those met
}

// jsonTwice notes keys that an object of valid JSON has more than once, where the
// decoder would let the last one win. As the decoder does, it takes names that
// differ in case alone as one.
func jsonTwice(is *fault.Issues, data []byte) {
	var levels []jsonLevel
	for i := 0; i < len(data) && len(*is) < mostJSONIssues; i++ {
		switch c := data[i]; c {
		case '{', '[':
			levels = append(levels, jsonLevel{path: jsonPath(levels), list: c == '['})
		case '}', ']':
			levels = levels[:len(levels)-1]
		case ',':
			levels[len(levels)-1].at++
		case '"':
			end := stringEnd(data, i)
			if l := len(levels); l > 0 && !levels[l-1].list && isKey(data, end) {
				levels[l-1].key(is, data[i:end])
			}
			i = end - 1
		}
	}
}

// jsonPath is the path of the value at hand.
func jsonPath(levels []jsonLevel) string {
	if len(levels) == 0 {
		return ""
	}
	l := &levels[len(levels)-1]
	if l.list {
		return indexedPath(l.path, l.at)
	}
	return fault.Join(l.path, l.keys[len(l.keys)-1])
}

// stringEnd is behind the string that begins at a place.
func stringEnd(data []byte, from int) int {
	i := from + 1
	for data[i] != '"' {
		if data[i] == '\\' {
			i++
		}
		i++
	}
	return i + 1
}

// isKey reports whether a colon follows.
func isKey(data []byte, at int) bool {
	for data[at] == ' ' || data[at] == '\t' || data[at] == '\n' || data[at] == '\r' {
		at++
	}
	return data[at] == ':'
}

func (l *jsonLevel) key(is *fault.Issues, quoted []byte) {
	var name string
	_ = json.Unmarshal(quoted, &name) // the text is valid
	if slices.ContainsFunc(l.keys, func(k string) bool { return strings.EqualFold(k, name) }) {
		is.Add(fault.Join(l.path, name), issueTwice, "is there twice")
	}
	l.keys = append(l.keys, name)
}
