package memstore

import (
	"cmp"
	"slices"
	"time"

	"github.com/tidwall/btree"

	"github.com/comptoir-go/comptoir/event"
)

// item is one event in a topic until it is done or dropped.
type item struct {
	event.Event
	token    int64
	attempts int
	cause    string
	// due is when it may be claimed next: the end of its lease while it is
	// held.
	due  time.Time
	held bool

	dead   bool
	buried time.Time

	// wake is the key under which it sleeps; in names the tree that holds it.
	wake time.Time
	in   *btree.BTreeG[*item]
}

// lane is a subject: its unfinished items in order, and those among them that
// a worker holds. Mostly the first is the only one held; a letter revived, or
// an earlier version that comes late, may come before one.
type lane struct {
	items, held []*item
}

// free is when the first item may be claimed.
func (l *lane) free() time.Time {
	at := l.items[0].due
	for _, it := range l.held {
		if it.due.After(at) {
			at = it.due
		}
	}
	return at
}

// topic is one stream. Of each subject only the first unfinished item, its
// head, stands in ready or asleep, so a claim looks at nothing else.
type topic struct {
	items    map[string]*item
	subjects map[string]*lane
	ready    *btree.BTreeG[*item] // in the order of claims
	asleep   *btree.BTreeG[*item]
	dead     *btree.BTreeG[*item]
}

func newTopic() *topic {
	alone := btree.Options{NoLocks: true}
	return &topic{
		items:    make(map[string]*item),
		subjects: make(map[string]*lane),
		ready:    btree.NewBTreeGOptions(byTurn, alone),
		asleep:   btree.NewBTreeGOptions(byWake, alone),
		dead:     btree.NewBTreeGOptions(byBurial, alone),
	}
}

// inSubject is the order within a subject.
func inSubject(a, b *item) int {
	return cmp.Or(cmp.Compare(a.Version, b.Version), cmp.Compare(a.Index, b.Index), cmp.Compare(a.ID, b.ID))
}

// byTurn is the order in which heads are claimed.
func byTurn(a, b *item) bool {
	return cmp.Or(a.due.Compare(b.due), a.Time.Compare(b.Time), cmp.Compare(a.Subject, b.Subject), inSubject(a, b)) < 0
}

func byWake(a, b *item) bool {
	return cmp.Or(a.wake.Compare(b.wake), cmp.Compare(a.ID, b.ID)) < 0
}

func byBurial(a, b *item) bool {
	return cmp.Or(a.buried.Compare(b.buried), cmp.Compare(a.ID, b.ID)) < 0
}

// join puts an unfinished item into its subject.
func (t *topic) join(it *item) {
	l := t.subjects[it.Subject]
	if l == nil {
		l = &lane{}
		t.subjects[it.Subject] = l
	}
	i, _ := slices.BinarySearchFunc(l.items, it, inSubject)
	if i == 0 && len(l.items) > 0 {
		l.items[0].lift()
	}
	l.items = slices.Insert(l.items, i, it)
	t.settle(it.Subject)
}

// leave takes an item out of its subject; the next one becomes its head.
func (t *topic) leave(it *item) {
	it.lift()
	l := t.subjects[it.Subject]
	i, _ := slices.BinarySearchFunc(l.items, it, inSubject)
	if l.items = slices.Delete(l.items, i, i+1); len(l.items) == 0 {
		delete(t.subjects, it.Subject)
		return
	}
	t.settle(it.Subject)
}

// hold gives the head of a subject to a worker.
func (t *topic) hold(it *item, until time.Time) {
	it.lift() // while it is where its old time has put it
	l := t.subjects[it.Subject]
	if !it.held {
		l.held = append(l.held, it)
	}
	it.held, it.due = true, until
	t.settle(it.Subject)
}

// unhold takes an item back from its worker; the caller settles the subject.
func (t *topic) unhold(it *item) {
	l := t.subjects[it.Subject]
	l.held = slices.DeleteFunc(l.held, func(x *item) bool { return x == it })
	it.held = false
	it.lift()
}

// lift takes an item out of ready or asleep.
func (it *item) lift() {
	if it.in != nil {
		it.in.Delete(it)
		it.in = nil
	}
}

// settle puts the head of a subject where it belongs after a change.
func (t *topic) settle(subject string) {
	l := t.subjects[subject]
	it := l.items[0]
	it.lift()
	it.wake, it.in = l.free(), t.asleep
	it.in.Set(it)
}

// claimable returns the heads that may be claimed now, in order.
func (t *topic) claimable(now time.Time, limit int) []*item {
	for {
		it, ok := t.asleep.Min()
		if !ok || it.wake.After(now) {
			break
		}
		it.lift()
		it.in = t.ready
		t.ready.Set(it)
	}
	var out []*item
	t.ready.Scan(func(it *item) bool {
		// A clock that was set back may have woken an item too early.
		if !it.wake.After(now) {
			out = append(out, it)
		}
		return len(out) < limit
	})
	return out
}
