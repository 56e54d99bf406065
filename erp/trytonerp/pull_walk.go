package trytonerp

import (
	"context"
	"encoding/json"

	"github.com/comptoir-go/comptoir/erp"
)

// Streams whose documents are made of very many changes (stock of moves), or all
// change with a rule (prices with a list), are begun by a walk through the
// records that they are listed by; from then on they follow the changes.

// walk is the cursor of a stream that is being begun.
type walk struct {
	// From is from where the changes are followed afterwards.
	From json.RawMessage `json:"from"`
	// Rules is as of when the rules are, As how they are.
	Rules int64  `json:"l,omitempty"`
	As    uint64 `json:"h,omitempty"`
	// Last is the last record that is through; of the next so many documents are.
	Last int64 `json:"i"`
	Part int   `json:"n,omitempty"`
}

// windowMax is how many changes are noted before a walk, lest they come again
// after it.
const windowMax = 20_000

// pullWalked answers a page of a feed that is begun by a walk, and again when
// its rules are others than the cursor knows.
func pullWalked[R any](ctx context.Context, a *Adapter, f feed[R], after erp.Cursor, limit int) (erp.Page[R], error) {
	w := walk{}
	if len(after) > 0 {
		if err := json.Unmarshal(after, &w); err != nil || w.Part < 0 {
			return erp.Page[R]{Next: after}, erp.NewError(erp.Contract, f.op, "this is no cursor of the adapter", err)
		}
	}
	// What is told by other rules is of a later time than what was told before.
	same := w.As == f.as
	if same && len(after) > 0 {
		f.rules = w.Rules
	} else if len(after) > 0 {
		f.rules = max(f.rules, w.Rules+1)
	}
	switch {
	case len(after) > 0 && same && w.From == nil:
		return pull(ctx, a, f, after, limit)
	case len(after) == 0 || !same:
		from, err := f.now(ctx, a)
		if err != nil {
			return erp.Page[R]{Next: after}, err
		}
		w = walk{From: json.RawMessage(from), Rules: f.rules, As: f.as}
	}
	return f.walk(ctx, a, w, after, limit)
}

// now is the position at which all changes that there are were told.
func (f feed[R]) now(ctx context.Context, a *Adapter) (erp.Cursor, error) {
	last, err := a.newest(ctx, f.op, f.sources)
	if err != nil {
		return nil, err
	}
	p := position{floor: max(0, last-overlap), rules: f.rules, as: f.as}
	all, _, err := a.changes(ctx, f.op, f.sources, p, windowMax)
	for _, c := range all {
		p.note(c)
	}
	if err != nil {
		return nil, err
	}
	return p.cursor()
}

// walk goes on through the records.
func (f feed[R]) walk(ctx context.Context, a *Adapter, w walk, after erp.Cursor, limit int) (erp.Page[R], error) {
	page, s := erp.Page[R]{Next: after}, f.listed[0]
	n := max(1, limit/max(1, f.each))
	for {
		ids, err := a.idsBehind(ctx, f.op, s, w.Last, n+1)
		if err != nil {
			return page, err
		}
		more := len(ids) > n
		subjects := make([]subject, min(n, len(ids)))
		for i := range subjects {
			subjects[i] = subject{s.model, ids[i]}
		}
		docs := map[subject]read[R]{}
		if len(subjects) > 0 {
			if docs, err = f.read(ctx, subjects); err != nil {
				return page, err
			}
		}
		for _, of := range subjects {
			d := docs[of]
			rows := stamped(f, d.rows, max(d.at, f.rules))
			rows = rows[min(w.Part, len(rows)):]
			room := limit - len(page.Rows)
			if page.Rows = append(page.Rows, rows[:min(room, len(rows))]...); len(rows) > room {
				w.Part, more = w.Part+room, true
				break
			}
			w.Last, w.Part = of.id, 0
		}
		if more && len(page.Rows) == 0 {
			continue
		}
		next, err := json.Marshal(w)
		if !more {
			next, err = f.walked(ctx, a, w)
		}
		if err != nil || len(page.Rows) > 0 {
			page.More, page.Next = true, next
			return page, err
		}
		// A page without rows keeps the cursor.
		got, err := pull(ctx, a, f, next, limit)
		if len(got.Rows) == 0 {
			got.Next = after
		}
		return got, err
	}
}

// walked is the position behind the walk. It may have told changes that were
// made meanwhile; they are told again.
func (f feed[R]) walked(ctx context.Context, a *Adapter, w walk) (erp.Cursor, error) {
	p, err := readPosition(f.op, erp.Cursor(w.From))
	if err != nil {
		return nil, err
	}
	last, err := a.newest(ctx, f.op, f.sources)
	if err != nil {
		return nil, err
	}
	if last > p.last() {
		p.walked = last
	}
	return p.cursor()
}

// idsBehind are the first ids of a source behind one.
func (a *Adapter) idsBehind(ctx context.Context, op erp.Op, s source, last int64, n int) ([]int64, error) {
	var rows []struct{ ID int64 }
	err := a.allRead(ctx, op, s.model, append([]any{[]any{"id", ">", last}}, s.domain...), []string{"id"}, n, byID, &rows)
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	return ids, err
}

// newest is the time of the last change of the sources, zero where there is none.
func (a *Adapter) newest(ctx context.Context, op erp.Op, sources []source) (int64, error) {
	last := int64(0)
	for _, s := range sources {
		for _, field := range stampFields {
			some, err := a.stamped(ctx, op, s, []any{field, "!=", nil}, 1, [][2]string{{field, "DESC"}})
			if err != nil {
				return 0, err
			}
			for _, c := range some {
				last = max(last, c.at)
			}
		}
	}
	return last, nil
}
