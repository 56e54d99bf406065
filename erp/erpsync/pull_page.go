package erpsync

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/store"
)

// ErrOvertaken: another puller applied the page first.
var ErrOvertaken = fault.Define(fault.Conflict, "erpsync.overtaken", "another puller has applied this page")

// feed is one stream and how its changes are applied.
type feed interface {
	operation() erp.Op
	pull(ctx context.Context, p *Puller) (Pulled, error)
	// again applies a change that was parked.
	again(ctx context.Context, tx store.Tx, data json.RawMessage) error
}

// stream is the feed of rows of one type.
type stream[R any] struct {
	name erp.Stream
	op   erp.Op
	page func(ctx context.Context, after erp.Cursor, limit int) (erp.Page[R], error)
	head func(R) erp.Head
	// apply changes the store. A missing parent is *waiting and comes before
	// anything was written.
	apply func(ctx context.Context, tx store.Tx, row R) error
	// gives names what the row may be waited for as: "order/17".
	gives func(R) string
}

// waiting says that a change has to wait for its parent.
type waiting struct {
	what string
	err  error
}

func (w *waiting) Error() string { return fmt.Sprintf("waits for %s: %v", w.what, w.err) }
func (w *waiting) Unwrap() error { return w.err }

// awaits turns a missing parent into *waiting.
func awaits(kind, id string, err error) error {
	if fault.KindOf(err) == fault.NotFound {
		return &waiting{what: kind + "/" + id, err: err}
	}
	return err
}

func (f *stream[R]) operation() erp.Op { return f.op }

func (f *stream[R]) pull(ctx context.Context, p *Puller) (Pulled, error) {
	var at event.Cursor
	err := p.store.View(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		at, err = tx.Inbox().Cursor(ctx, string(f.name))
		return err
	})
	if err != nil {
		return Pulled{}, err
	}
	page, err := f.page(ctx, at.Value, p.o.Limit)
	if err != nil {
		return Pulled{}, err
	}
	if len(page.Rows) == 0 {
		return Pulled{}, nil // an empty page keeps the cursor
	}
	did, err := f.take(ctx, p, at, page)
	if err != nil {
		return Pulled{}, err
	}
	did.More = page.More
	for _, row := range page.Rows {
		if what := f.gives(row); what != "" {
			n, err := p.arrived(ctx, what)
			did.Released += n
			if err != nil {
				return did, err
			}
		}
	}
	return did, nil
}

// take applies a page and moves the cursor, in one transaction. A row that the
// books refuse is parked for a person in the next attempt, so that one bad
// row does not hold up the stream.
func (f *stream[R]) take(ctx context.Context, p *Puller, at event.Cursor, page erp.Page[R]) (Pulled, error) {
	refused := map[int]error{}
	for {
		did, bad := Pulled{}, -1
		err := p.store.Update(ctx, func(ctx context.Context, tx store.Tx) error {
			did, bad = Pulled{Rows: len(page.Rows)}, -1
			now, err := tx.Inbox().Cursor(ctx, string(f.name))
			if err != nil {
				return err
			}
			if now.Version != at.Version {
				return ErrOvertaken
			}
			for i, row := range page.Rows {
				parked, err := f.row(ctx, p, tx, row, refused[i])
				if err != nil {
					bad = i
					return err
				}
				if parked {
					did.Parked++
				}
			}
			return tx.Inbox().Move(ctx, event.Cursor{Stream: string(f.name), Version: at.Version, Value: page.Next, At: p.o.Now(), Changes: len(page.Rows)})
		})
		if err == nil || bad < 0 || refused[bad] != nil || !refusal(err) {
			return did, err
		}
		refused[bad] = err
	}
}

// row applies one row or parks it.
func (f *stream[R]) row(ctx context.Context, p *Puller, tx store.Tx, row R, refused error) (parked bool, err error) {
	if refused != nil {
		return true, f.park(ctx, p, tx, row, forPerson, refused)
	}
	err = f.apply(ctx, tx, row)
	var w *waiting
	switch {
	case errors.As(err, &w):
		return true, f.park(ctx, p, tx, row, w.what, w)
	case err != nil:
		return false, err
	}
	// What was parked of the document is older than this.
	return false, tx.Inbox().Unpark(ctx, f.id(row), f.head(row).Sequence)
}

func (f *stream[R]) id(row R) string { return string(f.name) + "/" + f.head(row).ID }

func (f *stream[R]) park(ctx context.Context, p *Puller, tx store.Tx, row R, what string, cause error) error {
	data, err := json.Marshal(row)
	if err != nil {
		return err
	}
	return tx.Inbox().Park(ctx, event.Parked{ID: f.id(row), Stream: string(f.name), Sequence: f.head(row).Sequence, Awaits: what, Data: data, Cause: cause.Error(), Since: p.o.Now()})
}

func (f *stream[R]) again(ctx context.Context, tx store.Tx, data json.RawMessage) error {
	var row R
	if err := json.Unmarshal(data, &row); err != nil {
		return ErrWork.Because(err)
	}
	return f.apply(ctx, tx, row)
}

// refusal reports whether an error is about the change itself: trying again
// would meet it again. What the store or the clock is to blame for is not.
func refusal(err error) bool {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.NotFound, fault.Exists, fault.Precondition, fault.Forbidden, fault.Unsupported:
		return true
	}
	return false
}
