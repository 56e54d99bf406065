package erpsync

import (
	"crypto/sha256"
	"encoding/binary"

	"github.com/shopspring/decimal"
)

// seen remembers which documents the ERP has told of, in bounded room: of those
// whose hash has the remainder rest by mod. When they are too many it keeps every
// other one and leaves the rest to a further reading. Mod is a power of two.
type seen struct {
	mod, rest uint64
	most      int
	docs      map[uint64]counted
	// left are the remainders that were given up on the way.
	left []seen
}

// counted is what a document adds to the sums.
type counted struct {
	code   string
	amount decimal.Decimal
	counts bool
}

func newSeen(most int) *seen { return &seen{mod: 1, most: most, docs: map[uint64]counted{}} }

func hashOf(id string) uint64 {
	sum := sha256.Sum256([]byte(id))
	return binary.BigEndian.Uint64(sum[:8])
}

// covers reports whether the document's fate is told by this reading.
func (s *seen) covers(id string) bool { return hashOf(id)%s.mod == s.rest }

func (s *seen) add(id string, c counted) {
	h := hashOf(id)
	if h%s.mod != s.rest {
		return
	}
	s.docs[h] = c
	for len(s.docs) > s.most {
		s.left = append(s.left, seen{mod: 2 * s.mod, rest: s.rest + s.mod, most: s.most})
		s.mod *= 2
		for h := range s.docs {
			if h%s.mod != s.rest {
				delete(s.docs, h)
			}
		}
	}
}

func (s *seen) has(id string) bool {
	_, is := s.docs[hashOf(id)]
	return is
}
