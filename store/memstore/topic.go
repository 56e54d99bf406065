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
	// due is when it may be claimed, zero at once; held and until are its
	// lease.
	due   time.Time
	held  bool
	until time.Time

	dead   bool
	buried time.Time

	// wake is the key under which it sleeps; in names the tree that holds it.
	wake time.Time
	in   *btree.BTreeG[*item]
}

// free is when the item may be claimed next.
func (it *item) free() time.Time {
	if it.held && it.until.After(it.due) {
		return it.until
	}
	return it.due
}

// topic is one stream. Of each subject only the first unfinished item, its
// head, stands in ready or asleep, so a claim looks at nothing else.
type topic struct {
	items    map[string]*item
	subjects map[string][]*item // unfinished, in order
	ready    *btree.BTreeG[*item]
	asleep   *btree.BTreeG[*item]
	dead     *btree.BTreeG[*item]
}

func newTopic() *topic {
	alone := btree.Options{NoLocks: true}
	return &topic{
		items:    make(map[string]*item),
		subjects: make(map[string][]*item),
		ready:    btree.NewBTreeGOptions(byTime, alone),
		asleep:   btree.NewBTreeGOptions(byWake, alone),
		dead:     btree.NewBTreeGOptions(byBurial, alone),
	}
}

// inSubject is the order within a subject.
func inSubject(a, b *item) int {
	return cmp.Or(cmp.Compare(a.Version, b.Version), cmp.Compare(a.Index, b.Index), cmp.Compare(a.ID, b.ID))
}

// byTime is the order in which heads are claimed.
func byTime(a, b *item) bool {
	return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Subject, b.Subject), inSubject(a, b)) < 0
}

func byWake(a, b *item) bool {
	return cmp.Or(a.wake.Compare(b.wake), cmp.Compare(a.ID, b.ID)) < 0
}

func byBurial(a, b *item) bool {
	return cmp.Or(a.buried.Compare(b.buried), cmp.Compare(a.ID, b.ID)) < 0
}

// join puts an unfinished item into its subject.
func (t *topic) join(it *item) {
	lane := t.subjects[it.Subject]
	i, _ := slices.BinarySearchFunc(lane, it, inSubject)
	if i == 0 && len(lane) > 0 {
		lane[0].lift()
	}
	lane = slices.Insert(lane, i, it)
	t.subjects[it.Subject] = lane
	t.settle(lane[0])
}

// leave takes an item out of its subject; the next one becomes its head.
func (t *topic) leave(it *item) {
	it.lift()
	lane := t.subjects[it.Subject]
	i, _ := slices.BinarySearchFunc(lane, it, inSubject)
	lane = slices.Delete(lane, i, i+1)
	if len(lane) == 0 {
		delete(t.subjects, it.Subject)
		return
	}
	t.subjects[it.Subject] = lane
	t.settle(lane[0])
}

// lift takes an item out of ready or asleep.
func (it *item) lift() {
	if it.in != nil {
		it.in.Delete(it)
		it.in = nil
	}
}

// settle puts a head where it belongs after a change; other items stay out.
func (t *topic) settle(it *item) {
	it.lift()
	if t.subjects[it.Subject][0] != it {
		return
	}
	it.wake = it.free()
	it.in = t.asleep
	if it.wake.IsZero() {
		it.in = t.ready
	}
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
		if !it.free().After(now) {
			out = append(out, it)
		}
		return len(out) < limit
	})
	return out
}
