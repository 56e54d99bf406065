package money

import "encoding/json"

// member is one string of a JSON object, nil when the object lacks it.
type member struct {
	key   string
	value []byte
}

// plainMembers reads an object that holds nothing but the given members, each
// at most once, as strings without escapes: what the marshalers here and the
// stores write. It reports false for anything else, which the JSON package
// then reads; documents hold many amounts, and this is several times faster.
// The values are parts of data.
func plainMembers(data []byte, members []member) bool {
	i, ok := expect(data, 0, '{')
	for n := 0; ok; n++ {
		if n > 0 {
			if end, last := expect(data, i, '}'); last {
				return end == len(data)
			}
			if i, ok = expect(data, i, ','); !ok {
				return false
			}
		}
		var key, value []byte
		if key, i, ok = plainString(data, i); !ok {
			return false
		}
		if i, ok = expect(data, i, ':'); !ok {
			return false
		}
		if value, i, ok = plainString(data, i); !ok || !put(members, key, value) {
			return false
		}
	}
	return false
}

func put(members []member, key, value []byte) bool {
	for k := range members {
		if members[k].key == string(key) {
			if members[k].value != nil {
				return false
			}
			members[k].value = value
			return true
		}
	}
	return false
}

// expect passes blanks and then one byte.
func expect(data []byte, i int, b byte) (int, bool) {
	for i < len(data) && (data[i] == ' ' || data[i] == '\n' || data[i] == '\t' || data[i] == '\r') {
		i++
	}
	if i < len(data) && data[i] == b {
		return i + 1, true
	}
	return i, false
}

// plainString reads a string of printable ASCII without escapes.
func plainString(data []byte, i int) ([]byte, int, bool) {
	i, ok := expect(data, i, '"')
	if !ok {
		return nil, i, false
	}
	for j := i; j < len(data); j++ {
		switch c := data[j]; {
		case c == '"':
			return data[i:j:j], j + 1, true
		case c == '\\', c < ' ', c > '~':
			return nil, i, false
		}
	}
	return nil, i, false
}

// readMembers reads an object with these string members; others are passed
// over, and what is no string is an error.
func readMembers(data []byte, members []member) error {
	if plainMembers(data, members) {
		return nil
	}
	var in map[string]json.RawMessage
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	for k := range members {
		members[k].value = nil
		raw, ok := in[members[k].key]
		if !ok {
			continue
		}
		var v *string
		if err := json.Unmarshal(raw, &v); err != nil {
			return err
		}
		if v != nil {
			members[k].value = []byte(*v)
		}
	}
	return nil
}
