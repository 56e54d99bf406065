package fsm

// index finds the place of a name without allocation. A life cycle has a
// handful of short names, so length, first and last byte nearly always tell
// them apart: cheaper than the hash of a Go map, and where they do not, one
// more comparison does (linear probing).
type index struct {
	slots []slot
	mask  uint
}

type slot struct {
	name string
	at   int // -1: free, and the name is empty
}

func newIndex(names []string) index {
	size := 8
	for size < 4*len(names) {
		size *= 2
	}
	x := index{slots: make([]slot, size), mask: uint(size - 1)}
	for i := range x.slots {
		x.slots[i].at = -1
	}
	for at, name := range names {
		i := hash(name) & x.mask
		for x.slots[i].at >= 0 {
			i = (i + 1) & x.mask
		}
		x.slots[i] = slot{name, at}
	}
	return x
}

// find returns -1 for an unknown name, and for every name in the zero index.
// The loop ends because at most a quarter of the slots is taken.
func (x *index) find(name string) int {
	for i := hash(name); ; i++ {
		at := i & x.mask
		if at >= uint(len(x.slots)) {
			return -1
		}
		s := &x.slots[at]
		if s.name == name {
			return s.at
		}
		if s.at < 0 {
			return -1
		}
	}
}

func hash(s string) uint {
	n := uint(len(s))
	if n == 0 {
		return 0
	}
	return n*7 + uint(s[0]) + uint(s[n-1])*29
}
