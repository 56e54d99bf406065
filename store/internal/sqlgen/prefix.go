package sqlgen

import "unicode/utf8"

// after returns the smallest text that is greater than every text starting
// with prefix, in binary collation; ok is false when there is none. A range
// is used instead of LIKE: it needs no escaping, uses any index, and may pass
// a row-level security policy, which holds LIKE back.
func after(prefix string) (end string, ok bool) {
	for prefix != "" {
		r, size := utf8.DecodeLastRuneInString(prefix)
		head := prefix[:len(prefix)-size]
		switch r {
		case utf8.MaxRune:
			prefix = head
		case 0xD7FF: // the surrogates follow, which text cannot hold
			return head + "\uE000", true
		default:
			return head + string(r+1), true
		}
	}
	return "", false
}
