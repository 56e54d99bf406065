package trytonerp

import (
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/erp"
)

// Tryton stamps a record with the time at which the transaction began that
// changed it. So a change may come to light after one of a later time was told,
// and what lies less than the overlap before the last change told is read again.
// What of it was told is noted in the cursor, so that it is not told twice. Of a
// transaction that took longer than the overlap changes may be missed, until
// everything is read again.

// overlap is in microseconds, as all times of the cursor.
const overlap = int64(2 * time.Minute / time.Microsecond)

// toldMax bounds what the cursor notes. Beyond it the oldest is let go, and the
// overlap is shorter.
const toldMax = 1500

// position is how far a stream was read.
type position struct {
	// floor is the time up to which all was told that there is.
	floor int64
	// told is what was told behind the floor, in order.
	told []told
	// raised are the sequences of subjects that were told in part, or once more
	// although none of their records had a later time.
	raised map[string]int64
	// part is the change whose documents were told in part.
	part part
	// rules is the time of the rules by which the documents were made, later where
	// they changed without one; as is how they were.
	rules int64
	as    uint64
	// walked is the time up to which a walk may have told changes, too.
	walked int64
}

// part says that of the documents of a change the first were told: done.
type part struct {
	at     int64
	source int
	id     int64
	done   int
}

// done is how many documents of a change were told.
func (p position) done(c change) int {
	if p.part.at == c.at && p.part.source == c.source && p.part.id == c.id {
		return p.part.done
	}
	return 0
}

// told notes that of the changes of one time in one source, which come from one
// transaction and to light at once, those of ids up to last were told: count.
type told struct {
	at     int64
	source int
	last   int64
	count  int
}

// wirePosition is the cursor; of each told are its time after the floor, its
// source, the last id and the count.
type wirePosition struct {
	Floor  int64            `json:"f"`
	Told   [][4]int64       `json:"t"`
	Raised map[string]int64 `json:"r,omitempty"`
	Part   *[4]int64        `json:"p,omitempty"`
	Rules  int64            `json:"l,omitempty"`
	As     uint64           `json:"h,omitempty"`
	Walked int64            `json:"w,omitempty"`
}

func readPosition(op erp.Op, c erp.Cursor) (position, error) {
	p := position{raised: map[string]int64{}}
	if len(c) == 0 {
		return p, nil
	}
	var w wirePosition
	if err := json.Unmarshal(c, &w); err != nil {
		return p, erp.NewError(erp.Contract, op, "this is no cursor of the adapter", err)
	}
	p.floor, p.rules, p.as, p.walked = w.Floor, w.Rules, w.As, w.Walked
	for subject, sequence := range w.Raised {
		p.raised[subject] = sequence
	}
	if w.Part != nil {
		p.part = part{w.Part[0], int(w.Part[1]), w.Part[2], int(w.Part[3])}
		if p.part.done < 0 {
			return p, erp.NewError(erp.Contract, op, "this is no cursor of the adapter", nil)
		}
	}
	for _, t := range w.Told {
		p.told = append(p.told, told{w.Floor + t[0], int(t[1]), t[2], int(t[3])})
	}
	if p.floor < 0 || !slices.IsSortedFunc(p.told, func(a, b told) int { return a.change().compare(b.change()) }) {
		return p, erp.NewError(erp.Contract, op, "this is no cursor of the adapter", errors.New("it is out of order"))
	}
	return p, nil
}

// cursor writes the position, with no more of the past than the overlap needs.
func (p position) cursor() (erp.Cursor, error) {
	if floor := p.last() - overlap; floor > p.floor {
		p.floor = floor
	}
	if n := len(p.told) - toldMax; n > 0 {
		p.floor = max(p.floor, p.told[n-1].at)
	}
	w := wirePosition{Floor: p.floor, Rules: p.rules, As: p.as, Told: [][4]int64{}, Raised: map[string]int64{}}
	for _, t := range p.told {
		if t.at > p.floor {
			w.Told = append(w.Told, [4]int64{t.at - p.floor, int64(t.source), t.last, int64(t.count)})
		}
	}
	for subject, sequence := range p.raised {
		if sequence > p.floor {
			w.Raised[subject] = sequence
		}
	}
	if p.walked > p.floor {
		w.Walked = p.walked
	}
	if p.part.done > 0 {
		w.Part = &[4]int64{p.part.at, int64(p.part.source), p.part.id, int64(p.part.done)}
	}
	return json.Marshal(w)
}

// last is the time of the last change that was told.
func (p position) last() int64 {
	if n := len(p.told); n > 0 {
		return p.told[n-1].at
	}
	return p.floor
}

// find is where the notes of the change's time and source are, or belong.
func (p position) find(c change) (int, bool) {
	return slices.BinarySearchFunc(p.told, c, func(t told, c change) int {
		return change{at: t.at, source: t.source}.compare(change{at: c.at, source: c.source})
	})
}

// knows reports whether the change was told.
func (p position) knows(c change) bool {
	if c.at <= p.floor {
		return true
	}
	i, ok := p.find(c)
	return ok && c.id <= p.told[i].last
}

// note notes that the change was told. Of its subject nothing more waits that was
// told in part: it has changed since, and is told anew.
func (p *position) note(c change) {
	if p.done(c) > 0 || p.part.done > 0 && p.raised[c.subject.String()] > 0 {
		p.part = part{}
	}
	i, ok := p.find(c)
	if !ok {
		p.told = slices.Insert(p.told, i, told{at: c.at, source: c.source})
	}
	p.told[i].last = max(p.told[i].last, c.id)
	p.told[i].count++
}

// count is how many changes of a source were told behind the floor.
func (p position) count(source int) int {
	n := 0
	for _, t := range p.told {
		if t.source == source {
			n += t.count
		}
	}
	return n
}

func (t told) change() change { return change{at: t.at, source: t.source, id: t.last} }
