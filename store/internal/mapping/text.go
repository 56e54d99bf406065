package mapping

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/store"
)

// checkText reports the fields of a document that hold text no engine could
// keep, as store.ErrText. It reads the encoder's output instead of the value:
// encoding/json writes NUL as \u0000, a byte that is not UTF-8 as \ufffd, and
// the real U+FFFD as it is, so no field can be forgotten.
func checkText(doc []byte) error {
	if !suspicious(doc) {
		return nil
	}
	var v any
	// Marked so, bad text survives decoding and can be told from U+FFFD.
	marked := mark(bytes.ToValidUTF8(doc, []byte(`\u0000`)))
	if err := json.Unmarshal(marked, &v); err != nil {
		return store.ErrText.Because(err)
	}
	var is fault.Issues
	walk(&is, "", v)
	return is.Err(store.ErrText)
}

func suspicious(doc []byte) bool {
	if !utf8.Valid(doc) {
		return true
	}
	for rest := doc; ; {
		i := bytes.IndexByte(rest, '\\')
		if i < 0 || i+1 >= len(rest) {
			return false
		}
		if isMark(rest[i:]) {
			return true
		}
		rest = rest[i+2:]
	}
}

func isMark(s []byte) bool {
	return bytes.HasPrefix(s, []byte(`\u0000`)) || bytes.HasPrefix(s, []byte(`\ufffd`))
}

// mark turns every \ufffd into \u0000.
func mark(doc []byte) []byte {
	out := make([]byte, 0, len(doc))
	for i := 0; i < len(doc); {
		switch {
		case doc[i] != '\\':
			out = append(out, doc[i])
			i++
		case isMark(doc[i:]):
			out = append(out, `\u0000`...)
			i += len(`\u0000`)
		default:
			out = append(out, doc[i:i+2]...)
			i += 2
		}
	}
	return out
}

func walk(is *fault.Issues, path string, v any) {
	switch v := v.(type) {
	case string:
		if strings.IndexByte(v, 0) >= 0 {
			is.Add(path, "text", "is not valid UTF-8 without NUL")
		}
	case []any:
		for i, x := range v {
			walk(is, fmt.Sprintf("%s[%d]", path, i), x)
		}
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			if strings.IndexByte(k, 0) >= 0 {
				is.Add(path, "text", "has a key that is not valid UTF-8 without NUL")
				continue
			}
			walk(is, fault.Join(path, k), v[k])
		}
	}
}
