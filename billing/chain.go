package billing

import (
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"strconv"
	"strings"

	"github.com/comptoir-go/comptoir/partner"
)

// hashOf is the hash of a document whose Chain names its position and the
// record before: the form, a colon and the SHA-256 of both in hex.
func hashOf(d Document) string {
	h := sha256.New()
	h.Write([]byte(d.Chain.Previous))
	h.Write(canonical(d))
	return canonicalForm + ":" + hex.EncodeToString(h.Sum(nil))
}

// Breach says what is wrong with a record of a chain.
type Breach string

// The breaches, in the order in which a record is looked at.
const (
	// BreachGap: another record, or none, stands where this one should.
	BreachGap Breach = "gap"
	// BreachUnreadable: the store holds a record that cannot be read.
	BreachUnreadable Breach = "unreadable"
	// BreachSeries: the record is not one of this seller and series.
	BreachSeries Breach = "series"
	// BreachPrevious: it does not follow the record before it.
	BreachPrevious Breach = "previous"
	// BreachForm: its hash is of a form that this version does not know.
	BreachForm Breach = "form"
	// BreachHash: its content is not what was hashed.
	BreachHash Breach = "hash"
	// BreachRepeat: its number stands on an earlier record.
	BreachRepeat Breach = "number_repeated"
	// BreachNumber: numbers were left out before it.
	BreachNumber Breach = "number_gap"
	// BreachDate: it was issued before the record before it.
	BreachDate Breach = "date_back"
	// BreachHead: all records are right, and where the series stands is not
	// where they end.
	BreachHead Breach = "head"
)

// Broken names the first record at which a chain is broken.
type Broken struct {
	// Position is where the record stands or is missing; Document and Number
	// are what was found there, "" for nothing.
	Position int64  `json:"position"`
	Document ID     `json:"document,omitempty"`
	Number   string `json:"number,omitempty"`
	What     Breach `json:"what"`
	// Want and Found are what should be there and what is.
	Want  string `json:"want,omitempty"`
	Found string `json:"found,omitempty"`
}

// Verification is what came out of looking at a chain.
type Verification struct {
	// Records is how many were found right, from the first on.
	Records int64 `json:"records"`
	// Hash and Issued are those of the last of them. Whoever keeps Records and
	// Hash elsewhere (prints them, sends them to an auditor) can tell later
	// that the chain still runs through that record, and so that its end was
	// neither cut off nor made anew.
	Hash   string       `json:"hash,omitempty"`
	Issued partner.Date `json:"issued,omitzero"`
	// Broken is nil when all is well.
	Broken *Broken `json:"broken,omitempty"`
}

// VerifyChain looks at all records of a series, in the order of their
// positions, as an archive holds them, and compares the end with the head. A
// byte changed in any record, also one whose hash was made anew, a record left
// out, put in or moved, and a head that was turned back are found; the first
// record that does not fit is named. Whoever can rewrite every record from
// there on and the head can make another chain, which only a hash kept
// elsewhere tells from the first.
//
// Numbers are held to run on without a gap as far as the series' pattern, as
// it is now, can read them.
func VerifyChain(series Series, head Head, records iter.Seq[Document]) Verification {
	w := newWalk(series)
	for d := range records {
		if !w.step(d) {
			return w.found
		}
	}
	w.end(head)
	return w.found
}

// walk goes along a chain.
type walk struct {
	series Series
	found  Verification
	// counter is that of the last number, 0 when it could not be read.
	counter int64
	numbers map[string]struct{}
}

func newWalk(series Series) *walk {
	return &walk{series: series, numbers: make(map[string]struct{})}
}

func (w *walk) next() int64 { return w.found.Records + 1 }

// step looks at the next record; false when it is broken.
func (w *walk) step(d Document) bool {
	counter, read := w.series.counterOf(d.Number, d.Issued)
	_, repeated := w.numbers[d.Number]
	form, _, _ := strings.Cut(d.Chain.Hash, ":")
	owner := HeadOf(d.Seller.ID, d.Series)
	ours := HeadOf(w.series.Seller, w.series.ID)
	switch {
	case d.Chain.Position != w.next():
		return w.broken(d, BreachGap, place(w.next()), place(d.Chain.Position))
	case d.Issuer != Here || owner != ours:
		return w.broken(d, BreachSeries, string(Here)+" "+string(ours), string(d.Issuer)+" "+string(owner))
	case d.Chain.Previous != w.found.Hash:
		return w.broken(d, BreachPrevious, w.found.Hash, d.Chain.Previous)
	case form != canonicalForm:
		return w.broken(d, BreachForm, canonicalForm, form)
	case d.Chain.Hash != hashOf(d):
		return w.broken(d, BreachHash, hashOf(d), d.Chain.Hash)
	case repeated:
		return w.broken(d, BreachRepeat, "", d.Number)
	case read && !w.follows(counter, d.Issued):
		return w.broken(d, BreachNumber, place(w.counter+1), place(counter))
	case d.Issued.Before(w.found.Issued):
		return w.broken(d, BreachDate, w.found.Issued.String(), d.Issued.String())
	}
	w.numbers[d.Number] = struct{}{}
	w.counter = counter // 0 unless read
	w.found.Records, w.found.Hash, w.found.Issued = d.Chain.Position, d.Chain.Hash, d.Issued
	return true
}

// follows reports whether a counter may come after the last one: it is the
// next, or the first of another month or year. Which resets were in force then
// is not known.
func (w *walk) follows(counter int64, day partner.Date) bool {
	switch {
	case w.found.Records == 0:
		return counter == 1
	case w.counter == 0 || counter == w.counter+1:
		return true
	}
	last := w.found.Issued
	return counter == 1 && (day.Year() != last.Year() || day.Month() != last.Month())
}

// end compares the head with the last record.
func (w *walk) end(h Head) {
	last, f := Head{Position: w.found.Records, Counter: w.counter, Issued: w.found.Issued, Hash: w.found.Hash}, w.found
	if last.Counter == 0 {
		last.Counter = h.Counter
	}
	switch {
	case h.Position > f.Records:
		w.broken(Document{}, BreachGap, place(w.next()), "")
	case h.Position != last.Position || h.Counter != last.Counter || h.Issued != last.Issued || h.Hash != last.Hash:
		w.found.Broken = &Broken{Position: f.Records, What: BreachHead, Want: last.text(), Found: h.text()}
	}
}

func (h Head) text() string {
	return strings.Join([]string{place(h.Position), place(h.Counter), h.Issued.String(), h.Hash}, " ")
}

func (w *walk) broken(d Document, what Breach, want, found string) bool {
	w.found.Broken = &Broken{Position: w.next(), Document: d.ID, Number: d.Number, What: what, Want: want, Found: found}
	return false
}

func place(n int64) string { return strconv.FormatInt(n, 10) }
