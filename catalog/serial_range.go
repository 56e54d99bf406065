package catalog

import "strings"

// Digits returns the serial number's digits without leading zeros, "0" when
// all are zero, "" when it has none. Ranges compare their numeric value.
func (s Serial) Digits() string {
	all := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s.raw)
	if trimmed := strings.TrimLeft(all, "0"); trimmed != "" || all == "" {
		return trimmed
	}
	return "0"
}

// CompareNumber returns -1, 0 or 1 by the numeric value of the digits, however
// many there are. A serial number without digits comes before all others. The
// decade does not count.
func (s Serial) CompareNumber(b Serial) int {
	x, y := s.Digits(), b.Digits()
	if len(x) != len(y) {
		if len(x) < len(y) {
			return -1
		}
		return 1
	}
	return strings.Compare(x, y)
}

// SerialRange is a span of serial numbers by the numeric value of their
// digits, both ends included; a zero end is open.
type SerialRange struct {
	From  Serial `json:"from,omitzero"`
	Until Serial `json:"until,omitzero"`
}

// Contains reports whether the serial number lies in the range. One without
// digits lies in none, not even an open one.
func (r SerialRange) Contains(s Serial) bool {
	if s.Digits() == "" {
		return false
	}
	return (r.From.IsZero() || s.CompareNumber(r.From) >= 0) && (r.Until.IsZero() || s.CompareNumber(r.Until) <= 0)
}
