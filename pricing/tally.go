package pricing

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"
)

// TallyDocKind names tallies in stores and conflicts.
const TallyDocKind = "tally"

// LimitKind names one of a campaign's Limits.
type LimitKind string

// The limits that are counted.
const (
	LimitCode    LimitKind = "code"
	LimitTotal   LimitKind = "total"
	LimitPartner LimitKind = "partner"
	LimitPeriod  LimitKind = "period"
)

// Tally counts the uses under one limit: of a code, of a campaign, of a partner
// or of a period. Everybody who races for the limit writes the one row; a limit
// that is not set has none.
type Tally struct {
	ID       TallyID    `json:"id"`
	Version  int64      `json:"version"`
	Campaign CampaignID `json:"campaign"`
	Limit    LimitKind  `json:"limit"`
	// Of is the code, partner or period ("2026-11") counted.
	Of string `json:"of,omitempty"`
	// Used are the confirmed uses.
	Used int64 `json:"used"`
	// Held are the reserved ones by the instant at which they lapse, the
	// earliest first. A lapsed one does not count, whether it was swept or not.
	Held []Held `json:"held,omitempty"`
}

// Held are reservations that lapse together.
type Held struct {
	Until time.Time `json:"until"`
	Uses  int64     `json:"uses"`
}

// longOf is the length, in bytes, from which on a tally's id holds a hash.
const longOf = 200

// tallyID names a tally; ids stay within what stores can index.
func tallyID(c Campaign, l LimitKind, of string) TallyID {
	if len(of) > longOf {
		sum := sha256.Sum256([]byte(of))
		of = "sha256:" + hex.EncodeToString(sum[:])
	}
	return TallyID(fmt.Sprintf("%s/%d/%s/%s", c.ID, c.Generation, l, of))
}

// prune drops what has lapsed. Once it is dropped, the reservations of that
// instant are not held any more, whatever another process's clock says.
func (t *Tally) prune(now time.Time) {
	t.Held = slices.DeleteFunc(slices.Clone(t.Held), func(h Held) bool { return !h.Until.After(now) })
}

// held sums the reservations.
func (t *Tally) held() (n int64) {
	for _, h := range t.Held {
		n += h.Uses
	}
	return n
}

func (t *Tally) has(until time.Time) bool {
	return slices.ContainsFunc(t.Held, func(h Held) bool { return h.Until.Equal(until) })
}

// hold takes one use until an instant.
func (t *Tally) hold(until time.Time) {
	at, found := slices.BinarySearchFunc(t.Held, until, func(h Held, u time.Time) int { return h.Until.Compare(u) })
	if found {
		t.Held[at].Uses++
		return
	}
	t.Held = slices.Insert(t.Held, at, Held{Until: until, Uses: 1})
}

// drop gives one use back that is held until an instant; it reports whether
// there was one.
func (t *Tally) drop(until time.Time) bool {
	at := slices.IndexFunc(t.Held, func(h Held) bool { return h.Until.Equal(until) })
	if at < 0 {
		return false
	}
	if t.Held[at].Uses--; t.Held[at].Uses <= 0 {
		t.Held = slices.Delete(t.Held, at, at+1)
	}
	return true
}
