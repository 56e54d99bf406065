package order

import (
	"slices"

	"github.com/comptoir-go/comptoir/money"
)

// Length is how much stretches that do not overlap cover.
func Length(st []Stretch) int64 {
	var n int64
	for _, s := range st {
		n += s.To - s.From
	}
	return n
}

// CutTop divides ascending stretches into the highest n and those below: what
// a credit note gives back of an invoice, and what stays on it. Where there is
// less than n, all of it is top. The results share no memory with st.
func CutTop(st []Stretch, n int64) (top, rest []Stretch) {
	rest = slices.Clone(st)
	for i := len(rest) - 1; i >= 0 && n > 0; i-- {
		s := &rest[i]
		if length := s.To - s.From; length <= n {
			top = append(top, *s)
			rest = rest[:i]
			n -= length
			continue
		}
		top = append(top, Stretch{From: s.To - n, To: s.To})
		s.To -= n
		n = 0
	}
	slices.Reverse(top)
	return top, rest
}

// lowest returns the n lowest marks of a whole that are not taken, false where
// there are not so many.
func lowest(taken []Stretch, whole, n int64) (st []Stretch, ok bool) {
	from := int64(0)
	for i := 0; i <= len(taken) && n > 0; i++ {
		until, next := whole, whole
		if i < len(taken) {
			until, next = taken[i].From, taken[i].To
		}
		if room := min(until-from, n); room > 0 {
			st = append(st, Stretch{From: from, To: from + room})
			n -= room
		}
		from = next
	}
	return st, n == 0
}

// within reports whether stretches are ascending pieces of a whole.
func within(st []Stretch, whole int64) bool {
	from := int64(0)
	for _, s := range st {
		if s.From < from || s.To <= s.From || s.To > whole {
			return false
		}
		from = s.To
	}
	return true
}

// join makes one of ascending stretches that touch. The result shares no
// memory with st.
func join(st []Stretch) []Stretch {
	var out []Stretch
	for _, s := range st {
		if k := len(out) - 1; k >= 0 && out[k].To == s.From {
			out[k].To = s.To
			continue
		}
		out = append(out, s)
	}
	return out
}

// measure is the part of an amount that lies on the stretches of a ruler: at
// the mark x there lies amount · x / length, rounded half away from zero.
func measure(a money.Amount, length int64, st []Stretch) (money.Amount, error) {
	sum := money.Zero(a.Currency())
	for _, s := range st {
		until, err := a.Part(s.To, length, money.HalfAwayFromZero)
		if err != nil {
			return money.Amount{}, err
		}
		from, err := a.Part(s.From, length, money.HalfAwayFromZero)
		if err != nil {
			return money.Amount{}, err
		}
		part, err := until.Sub(from)
		if err != nil {
			return money.Amount{}, err
		}
		if sum, err = sum.Add(part); err != nil {
			return money.Amount{}, err
		}
	}
	return sum, nil
}
