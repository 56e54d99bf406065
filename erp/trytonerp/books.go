package trytonerp

import (
	"sync"
	"time"

	"github.com/comptoir-go/comptoir/internal/clock"
)

// books remember which id of Tryton's a code of ours is, for a while. What is
// not found is not remembered: it may be entered the next minute.
type books struct {
	keep time.Duration
	now  func() time.Time
	mu   sync.Mutex
	rows map[string]noted
}

type noted struct {
	value any
	until time.Time
}

// booksMax bounds the rows; then all are forgotten.
const booksMax = 50_000

func newBooks(keep time.Duration) *books {
	return &books{keep: keep, now: clock.Or(nil), rows: map[string]noted{}}
}

// known returns what was noted, if it is not too old.
func known[V any](b *books, key string) (V, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n, ok := b.rows[key]
	if v, is := n.value.(V); ok && is && b.now().Before(n.until) {
		return v, true
	}
	var none V
	return none, false
}

func (b *books) note(key string, value any) {
	if b.keep <= 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.rows) >= booksMax {
		clear(b.rows)
	}
	b.rows[key] = noted{value, b.now().Add(b.keep)}
}

// forget forgets all, as after a refusal that may come from an old id.
func (b *books) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.rows)
}
