package memstore

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/uow"
)

// plainQueue says in the plainest way what the queue means.
type plainQueue struct{ items []*plainItem }

type plainItem struct {
	e          event.Event
	token      int64
	attempts   int
	cause      string
	due        time.Time
	held, dead bool
	buried     time.Time
}

func (q *plainQueue) sort() {
	slices.SortFunc(q.items, func(a, b *plainItem) int {
		return cmp.Or(a.due.Compare(b.due), a.e.Time.Compare(b.e.Time), cmp.Compare(a.e.Subject, b.e.Subject),
			cmp.Compare(a.e.Version, b.e.Version), cmp.Compare(a.e.Index, b.e.Index), cmp.Compare(a.e.ID, b.e.ID))
	})
}

// first reports whether no unfinished item of the subject comes before it, and
// none is leased.
func (q *plainQueue) first(it *plainItem, now time.Time) bool {
	for _, o := range q.items {
		if o.e.Subject == it.e.Subject && o.held && o.due.After(now) {
			return false
		}
		if o != it && !o.dead && o.e.Subject == it.e.Subject && cmp.Or(cmp.Compare(o.e.Version, it.e.Version),
			cmp.Compare(o.e.Index, it.e.Index), cmp.Compare(o.e.ID, it.e.ID)) < 0 {
			return false
		}
	}
	return true
}

func (q *plainQueue) claim(now time.Time, c event.Claim) []event.Delivery {
	q.sort()
	var picked []*plainItem
	for _, it := range q.items {
		if len(picked) < c.Limit && !it.dead && !it.due.After(now) && q.first(it, now) {
			picked = append(picked, it)
		}
	}
	var out []event.Delivery
	for _, it := range picked {
		it.token++
		it.attempts++
		it.held, it.due = true, now.Add(c.Lease)
		out = append(out, event.Delivery{Event: it.e, Topic: c.Topic, Token: it.token, Attempt: it.attempts, Until: it.due, Cause: it.cause})
	}
	return out
}

func (q *plainQueue) find(id string) *plainItem {
	for _, it := range q.items {
		if it.e.ID == id {
			return it
		}
	}
	return nil
}

func (q *plainQueue) remove(id string) {
	q.items = slices.DeleteFunc(q.items, func(it *plainItem) bool { return it.e.ID == id })
}

func (q *plainQueue) held(d event.Delivery) *plainItem {
	if it := q.find(d.ID); it != nil && it.held && !it.dead && it.token == d.Token {
		it.held = false
		return it
	}
	return nil
}

func TestQueueAgainstPlainOne(t *testing.T) {
	for seed := range uint64(30) {
		runQueue(t, rand.New(rand.NewPCG(seed, 1)))
	}
}

func runQueue(t *testing.T, rng *rand.Rand) {
	now := time.UnixMicro(1_000_000).UTC()
	d := newDriver()
	d.now = func() time.Time { return now }
	q, model := d.Queue("t").(*queue), &plainQueue{}
	var given []event.Delivery
	pick := func() event.Delivery { return given[rng.IntN(len(given))] }
	lost := func(it *plainItem, err error) bool {
		if it == nil {
			require.ErrorIs(t, err, event.ErrLeaseLost)
			return true
		}
		require.NoError(t, err)
		return false
	}
	for step := range 300 {
		ctx := t.Context()
		now = now.Add(time.Duration(rng.IntN(14)-5) * time.Millisecond) // sometimes back
		action := rng.IntN(11)
		if len(given) == 0 && (action >= 5 && action <= 7 || action == 10) {
			action = 0
		}
		switch action {
		case 0, 1, 2:
			e := event.Event{ID: fmt.Sprintf("e%03d", rng.IntN(200)), Type: "x", Schema: 1, Subject: fmt.Sprintf("s%d", rng.IntN(5)),
				Version: rng.Int64N(4), Index: rng.IntN(2), Time: time.UnixMicro(rng.Int64N(3)).UTC(), Data: []byte(`{}`)}
			if model.find(e.ID) == nil {
				q.t.mu.Lock()
				q.push("a", e, now)
				q.t.mu.Unlock()
				model.items = append(model.items, &plainItem{e: e, due: now})
			}
			require.True(t, q.has("a", e.ID))
		case 3, 4:
			c := event.Claim{Topic: "a", Limit: 1 + rng.IntN(3), Lease: time.Duration(1+rng.IntN(10)) * time.Millisecond}
			got, err := q.Claim(ctx, c)
			require.NoError(t, err)
			require.Equal(t, model.claim(now, c), got, "step %d", step)
			given = append(given, got...)
		case 5:
			dl := pick()
			if !lost(model.held(dl), q.Done(ctx, dl)) {
				model.remove(dl.ID)
			}
		case 6:
			dl, at := pick(), now.Add(time.Duration(rng.IntN(5))*time.Millisecond)
			if it := model.held(dl); !lost(it, q.Retry(ctx, dl, at, "again")) {
				it.due, it.cause = at, "again"
			}
		case 10:
			dl, at := pick(), now.Add(time.Duration(rng.IntN(5))*time.Millisecond)
			if it := model.held(dl); !lost(it, q.Release(ctx, dl, at, "later")) {
				it.due, it.cause = at, "later"
				it.attempts--
			}
		case 7:
			dl := pick()
			if it := model.held(dl); !lost(it, q.Bury(ctx, dl, "no")) {
				it.dead, it.cause, it.buried = true, "no", now
			}
		case 8:
			id := fmt.Sprintf("e%03d", rng.IntN(200))
			it, err := model.find(id), q.Revive(ctx, "a", id)
			if it == nil || !it.dead {
				require.ErrorIs(t, err, event.ErrNoLetter)
			} else {
				require.NoError(t, err)
				it.dead, it.attempts, it.cause, it.due = false, 0, "", now
			}
		case 9:
			id := fmt.Sprintf("e%03d", rng.IntN(200))
			it, err := model.find(id), q.Drop(ctx, "a", id)
			if it == nil || !it.dead {
				require.ErrorIs(t, err, event.ErrNoLetter)
			} else {
				require.NoError(t, err)
				model.remove(id)
			}
		}
		checkLetters(t, q, model)
	}
	require.NotEmpty(t, given)
}

// checkLetters compares depth and dead letters, read in pages of two.
func checkLetters(t *testing.T, q *queue, model *plainQueue) {
	t.Helper()
	var want []event.Letter
	for _, it := range model.items {
		if it.dead {
			want = append(want, event.Letter{Event: it.e, Attempts: it.attempts, Cause: it.cause, Buried: it.buried})
		}
	}
	slices.SortFunc(want, func(a, b event.Letter) int { return cmp.Or(a.Buried.Compare(b.Buried), cmp.Compare(a.ID, b.ID)) })
	depth, err := q.Depth(t.Context(), "a")
	require.NoError(t, err)
	depth.Oldest = time.Time{} // a case of the suite
	require.Equal(t, event.Depth{Waiting: int64(len(model.items) - len(want)), Dead: int64(len(want))}, depth)
	var got []event.Letter
	for after := ""; ; {
		page, next, err := q.Dead(t.Context(), "a", after, 2)
		require.NoError(t, err)
		got = append(got, page...)
		if after = next; after == "" {
			break
		}
		require.Len(t, page, 2)
	}
	require.Equal(t, want, got)
}

func TestDeadRefusesForeignCursors(t *testing.T) {
	q := newDriver().Queue("t")
	for _, after := range []string{"x", "AAAA", "!", letterCursor(time.Now(), "")} {
		_, _, err := q.Dead(t.Context(), "a", after, 5)
		require.ErrorIs(t, err, uow.ErrPage, after)
		require.Equal(t, fault.Invalid, fault.KindOf(err))
	}
}
