package pricing

import (
	"hash/maphash"

	"github.com/comptoir-go/comptoir/fault"
)

// check refuses what no rule can price, with every issue. A basket with more
// than MaxLines is not looked into.
func (s *scratch) check(b *Basket, seed maphash.Seed) error {
	var is fault.Issues
	if b.Currency.IsZero() {
		is.Add("currency", issueCurrency, "a basket has a currency")
	}
	if b.At.IsZero() {
		is.Add("at", issueInstant, "prices hold at an instant")
	}
	if b.Country != "" && !b.Country.Valid() {
		is.Add("country", issueCountry, "%q is not a country", b.Country)
	}
	if len(b.Lines) > MaxLines {
		is.Add("lines", issueTooMany, "at most %d lines are priced at once, not %d", MaxLines, len(b.Lines))
		return is.Err(ErrBasket)
	}
	apart := ascend(b.Lines)
	if !apart {
		s.forget(len(b.Lines))
	}
	for i := range b.Lines {
		l := &b.Lines[i]
		if l.ID == "" {
			is.Add(linePath(i)+".id", issueLineID, "a line has an id")
		} else if !apart {
			if first := s.meet(b.Lines, i, seed); first != i {
				is.Add(linePath(i)+".id", issueLineTwice, "lines[%d] has the same id %q", first, l.ID)
			}
		}
		if l.Quantity.Sign() <= 0 {
			is.Add(linePath(i)+".quantity", issueQuantity, "a quantity is above zero, not %s", l.Quantity)
		}
	}
	return is.Err(ErrBasket)
}

// ascend reports whether the ids of lines stand in order, as those do that were
// given as lines were added: then no two are alike, and no table is needed.
func ascend(lines []Line) bool {
	for i := 1; i < len(lines); i++ {
		if lines[i].ID <= lines[i-1].ID {
			return false
		}
	}
	return true
}

// forget empties the table of line ids for n lines, at most half full.
func (s *scratch) forget(n int) {
	size := 16
	for size < 2*n {
		size *= 2
	}
	if cap(s.seen) < size {
		s.seen = make([]int32, size)
		return
	}
	s.seen = s.seen[:size]
	clear(s.seen)
}

// meet notes the id of line i and returns the first line that has it.
func (s *scratch) meet(lines []Line, i int, seed maphash.Seed) int {
	id, mask := lines[i].ID, uint64(len(s.seen)-1)
	for at := maphash.String(seed, string(id)) & mask; ; at = (at + 1) & mask {
		switch j := int(s.seen[at]) - 1; {
		case j < 0:
			s.seen[at] = int32(i + 1)
			return i
		case lines[j].ID == id:
			return j
		}
	}
}
