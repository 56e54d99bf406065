package erpsync

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/store"
)

var (
	// ErrOvertaken: another puller applied the page first.
	ErrOvertaken = fault.Define(fault.Conflict, "erpsync.overtaken", "another puller has applied this page")
	// ErrBroken: a change on which the books panic. It is parked for a person.
	ErrBroken = fault.Define(fault.Internal, "erpsync.broken", "the change cannot be applied")
)

// feed is one stream and how its changes are applied.
type feed interface {
	operation() erp.Op
	pull(ctx context.Context, p *Puller) (Pulled, error)
	// again applies a change that was parked, and answers what it may be
	// waited for as.
	again(ctx context.Context, tx store.Tx, data json.RawMessage) (gives []string, err error)
	// leave takes back what a change brought elsewhere that was parked for a person and
	// has to wait now, or is left out; false: rows of the stream never do.
	leave(ctx context.Context, tx store.Tx, data json.RawMessage) (does bool, err error)
}

// change is a row of a stream.
type change interface {
	// Check looks at its shape.
	Check() error
}

// stream is the feed of rows of one type.
type stream[R change] struct {
	name erp.Stream
	op   erp.Op
	page func(ctx context.Context, after erp.Cursor, limit int) (erp.Page[R], error)
	head func(R) erp.Head
	// apply changes the store; after an error the transaction is abandoned.
	apply func(ctx context.Context, tx store.Tx, row R) error
	// leaves takes back what a row brought elsewhere that now has to wait, or is left
	// out. nil: nothing.
	leaves func(ctx context.Context, tx store.Tx, row R) error
	// takes says which rows are ours; the shape of others does not matter. nil: all.
	takes func(R) bool
	// gives names what the row may be waited for as: "order/17". nil: nothing.
	gives func(R) []string
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
	page, err := safePage(func() (erp.Page[R], error) { return f.page(ctx, at.Value, p.o.Limit) })
	if err != nil || len(page.Rows) == 0 { // an empty page keeps the cursor
		return Pulled{}, err
	}
	did, err := f.take(ctx, p, at, page)
	if err != nil {
		return Pulled{}, err
	}
	did.More = page.More
	var gave []string
	for _, row := range page.Rows {
		gave = append(gave, f.given(row)...)
	}
	did.Released, err = p.arrived(ctx, gave)
	return did, err
}

func (f *stream[R]) given(row R) []string {
	if f.gives == nil {
		return nil
	}
	return f.gives(row)
}

// take applies a page and moves the cursor, in one transaction. A row that
// cannot be applied has the whole attempt abandoned, since it may have written
// something, and is parked in the next one: so one bad row neither holds up the
// stream nor leaves a part of itself behind.
func (f *stream[R]) take(ctx context.Context, p *Puller, at event.Cursor, page erp.Page[R]) (Pulled, error) {
	set := map[int]error{} // rows to be parked, and why
	for {
		var did Pulled
		var found map[int]error
		err := p.store.Update(ctx, func(ctx context.Context, tx store.Tx) error {
			did, found = Pulled{Rows: len(page.Rows), Parked: len(set)}, map[int]error{}
			now, err := tx.Inbox().Cursor(ctx, string(f.name))
			if err != nil {
				return err
			}
			if now.Version != at.Version {
				return ErrOvertaken
			}
			if did.Left, err = f.rows(ctx, p, tx, page.Rows, set, found); err != nil {
				return err
			}
			return tx.Inbox().Move(ctx, event.Cursor{Stream: string(f.name), Version: at.Version, Value: page.Next, At: p.o.Now(), Changes: len(page.Rows)})
		})
		if err == nil {
			return did, nil
		}
		if len(found) == 0 {
			return did, err
		}
		for i, why := range found {
			if !parks(why) {
				return did, why
			}
			set[i] = why
		}
	}
}

// rows applies rows, those in set excepted, which are parked, and counts those
// of strangers, which are left out. What it finds to be parked it notes in
// found, and answers an error then. It goes on behind rows that have surely
// written nothing, to find them all at once.
func (f *stream[R]) rows(ctx context.Context, p *Puller, tx store.Tx, rows []R, set, found map[int]error) (left int, err error) {
	for i, row := range rows {
		if why := set[i]; why != nil {
			var w *waiting
			if errors.As(why, &w) {
				if err := f.left(ctx, tx, row); err != nil {
					found[i] = err
					return left, err
				}
			}
			if err := f.park(ctx, p, tx, row, why); err != nil {
				return left, err
			}
			continue
		}
		bad := f.safely(ctx, tx, row)
		if p.stranger(bad) {
			left++
			if bad = f.left(ctx, tx, row); bad != nil {
				found[i] = bad
				return left, bad
			}
		}
		if bad == nil {
			// What was parked of the document is older than this.
			bad = tx.Inbox().Unpark(ctx, f.id(row), f.head(row).Sequence)
		}
		if bad == nil {
			continue
		}
		found[i], err = bad, bad
		var w *waiting
		if !errors.As(bad, &w) && !errors.Is(bad, erp.ErrInvalidDocument) && !errors.Is(bad, ErrChange) {
			return left, err
		}
	}
	return left, err
}

// stranger reports whether a row waits for a customer or an article that is not
// here and need not come.
func (p *Puller) stranger(err error) bool {
	var w *waiting
	if p.o.Strangers || !errors.As(err, &w) {
		return false
	}
	kind, _, _ := strings.Cut(w.what, "/")
	return kind == "customer" || kind == "product" && p.o.Articles.Create == nil
}

// safely applies one row and turns a panic into an error.
func (f *stream[R]) safely(ctx context.Context, tx store.Tx, row R) (err error) {
	defer caught(&err)
	if f.takes == nil || f.takes(row) {
		if err := row.Check(); err != nil {
			return err
		}
	}
	return f.apply(ctx, tx, row)
}

// left takes back what a row brought elsewhere, and turns a panic into an error.
func (f *stream[R]) left(ctx context.Context, tx store.Tx, row R) (err error) {
	if f.leaves == nil {
		return nil
	}
	defer caught(&err)
	return f.leaves(ctx, tx, row)
}

// safePage asks the adapter for a page and turns a panic into an error.
func safePage[R any](ask func() (erp.Page[R], error)) (page erp.Page[R], err error) {
	defer caught(&err)
	return ask()
}

// caught is deferred around what may call functions of the integrator's.
func caught(err *error) {
	if r := recover(); r != nil {
		*err = ErrBroken.With("panic: %v", r)
	}
}

// id is the change's identity in the inbox; what no store should carry is
// replaced by its hash.
func (f *stream[R]) id(row R) string { return parkedID(f.name, f.head(row).ID) }

func parkedID(s erp.Stream, id string) string {
	if brief(id, idMax) != id {
		id = hashed("H", id)
	}
	return string(s) + "/" + id
}

func (f *stream[R]) park(ctx context.Context, p *Puller, tx store.Tx, row R, why error) error {
	data, err := json.Marshal(row)
	if err != nil { // what came cannot even be kept; a person reads what it was
		data, err = json.Marshal(fmt.Sprintf("%+v", row))
	}
	if err != nil {
		return err
	}
	return tx.Inbox().Park(ctx, event.Parked{ID: f.id(row), Stream: string(f.name), Sequence: f.head(row).Sequence, Awaits: awaited(why),
		Data: data, Cause: brief(why.Error(), causeMax), Since: p.o.Now()})
}

func (f *stream[R]) again(ctx context.Context, tx store.Tx, data json.RawMessage) ([]string, error) {
	var row R
	if err := json.Unmarshal(data, &row); err != nil {
		return nil, ErrChange.Because(err)
	}
	return f.given(row), f.safely(ctx, tx, row)
}

func (f *stream[R]) leave(ctx context.Context, tx store.Tx, data json.RawMessage) (bool, error) {
	var row R
	if f.leaves == nil {
		return false, nil
	}
	if err := json.Unmarshal(data, &row); err != nil {
		return true, ErrChange.Because(err)
	}
	return true, f.left(ctx, tx, row)
}

// parks reports whether a row with this error is parked: it waits, or the error
// is about the row itself, so that trying again would meet it again. What the
// store or the clock is to blame for, and rights that the puller does not have,
// hold the stream up instead.
func parks(err error) bool {
	var w *waiting
	if errors.As(err, &w) {
		return true
	}
	var known fault.Faulty
	if !errors.As(err, &known) {
		return false
	}
	switch known.FaultKind() {
	case fault.Invalid, fault.NotFound, fault.Exists, fault.Precondition, fault.Unsupported, fault.Internal:
		return true
	}
	return false
}

// awaited is what a parked row waits for.
func awaited(why error) string {
	var w *waiting
	if errors.As(why, &w) {
		return w.what
	}
	return forPerson
}
