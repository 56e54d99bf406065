package erpsync

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store"
)

// resyncing is a Resync that is under way: a step is about as much work as a
// page of a stream.
type resyncing struct {
	p     *Puller
	began time.Time
	// left are the streams that are still to be compared, of which the first is.
	left []erp.Stream
	at   *rollCall
	gone int
	errs []error
}

func (p *Puller) newResync() *resyncing {
	return &resyncing{p: p, began: p.o.Now(), left: p.lists()}
}

// step does a part of the work. It answers whether all is done, and then what
// failed; before that only what ends it at once.
func (c *resyncing) step(ctx context.Context) (done bool, err error) {
	if len(c.left) > 0 {
		if c.at == nil {
			c.at = &rollCall{p: c.p, stream: c.left[0], began: c.p.o.Now(), more: true, most: -1}
		}
		was := c.at.gone
		over, err := c.at.step(ctx)
		c.gone += c.at.gone - was
		if err != nil && (ctx.Err() != nil || errors.Is(err, ErrFenced)) {
			return false, err
		}
		if err != nil {
			c.errs = append(c.errs, fmt.Errorf("%s: %w", c.left[0], err))
		}
		if over || err != nil {
			c.left, c.at = c.left[1:], nil
		}
	}
	if len(c.left) > 0 {
		return false, nil
	}
	return true, errors.Join(c.errs...)
}

// rollCall is the comparison of one stream. What is held is read before the list is, in
// parts: rows that come meanwhile are not among it.
type rollCall struct {
	p      *Puller
	stream erp.Stream
	began  time.Time
	// most is how many rows may be missing, -1 what may be without a person's word.
	// With person they are marked at once.
	most   int
	person bool

	// part are the rows of the part under way that the list has not named yet,
	// nil before it is read; next is where the one behind it begins, if there are
	// more; list is how far the list was read for it.
	part map[string]event.Cursor
	next string
	more bool
	list erp.Cursor

	known   int
	missing []event.Cursor
	// todo is what is to be noted of rows. Once the list is through it is judged, and
	// many is why what is missing was not believed.
	todo   []finding
	judged bool
	many   error
	gone   int
	// refused is why the books did not end rows, each with its id. Such a row is found
	// again by the next comparison.
	refused []error
}

// finding is a row, and whether the list has named it.
type finding struct {
	row    event.Cursor
	listed bool
}

// step reads a part of what is held, or a page of the list, or notes what was found
// of some rows. It answers whether that was the last.
func (c *rollCall) step(ctx context.Context) (done bool, err error) {
	switch {
	case c.part != nil:
		err = c.page(ctx)
	case c.more:
		err = c.read(ctx)
	default:
		err = c.note(ctx)
	}
	if err == nil && c.part == nil && !c.more {
		if !c.judged {
			c.judge()
		}
		if done = len(c.todo) == 0; done {
			err = errors.Join(append([]error{c.many}, c.refused...)...)
		}
	}
	if err != nil || done && c.gone > 0 {
		c.p.o.Observe(Pulled{Stream: c.stream, Gone: c.gone, Err: err})
	}
	return done, err
}

// read reads the next part of what is held.
func (c *rollCall) read(ctx context.Context) (err error) {
	c.part, c.next, c.more, err = c.p.heldOf(ctx, c.stream, c.next)
	for _, row := range c.part {
		if !heldAt(row).Ended {
			c.known++
		}
	}
	if len(c.part) == 0 {
		c.part = nil
	}
	return err
}

// page takes what a page of the ERP's list names out of the part. Besides it renews
// the lease, where there is one.
func (c *rollCall) page(ctx context.Context) error {
	page, err := safePage(func() (erp.Page[string], error) { return c.p.client.ListIDs(ctx, c.stream, c.list, c.p.o.Limit) })
	if err != nil {
		return err
	}
	for _, id := range page.Rows {
		row, here := c.part[id]
		if !here {
			continue
		}
		delete(c.part, id)
		if is := heldAt(row); is.Ended && !is.Listed || !is.Missing.IsZero() {
			c.todo = append(c.todo, finding{row, true})
		}
	}
	if c.list = page.Next; !page.More {
		for _, row := range c.part {
			switch is := heldAt(row); {
			case !is.Ended:
				c.missing = append(c.missing, row)
			case is.Listed:
				c.todo = append(c.todo, finding{row, false})
			}
		}
		c.part, c.list = nil, nil
	}
	return c.p.store.Update(ctx, func(context.Context, store.Tx) error { return nil })
}

// judge says which rows that are missing are believed to be.
func (c *rollCall) judge() {
	c.judged = true
	most := c.most
	if most < 0 {
		most = max(min(max(int(c.p.o.GoneShare*float64(c.known)), 1), c.known-1), 0)
		if c.p.o.GoneShare < 0 {
			most = 0
		}
	}
	if n := len(c.missing); n > most {
		slices.SortFunc(c.missing, func(a, b event.Cursor) int { return cmp.Compare(a.Stream, b.Stream) })
		data := ManyGone{Stream: c.stream, Known: c.known, Gone: n}
		for _, row := range c.missing[:min(n, resyncNames)] {
			is := heldAt(row)
			data.Rows = append(data.Rows, GoneRow{rowID(c.stream, row), is.SKU, is.List})
		}
		c.many = ErrManyGone.With("of %d rows of %s the ERP lists %d no more", c.known, c.stream, n).Noting(data)
		return
	}
	for _, row := range c.missing {
		if is := heldAt(row); c.sure(*is) || is.Missing.IsZero() {
			c.todo = append(c.todo, finding{row, false})
		}
	}
}

// sure reports whether a row that is missing is gone.
func (c *rollCall) sure(is held) bool {
	return c.person || !is.Missing.IsZero() && c.began.Sub(is.Missing) >= resyncSure
}

// note notes what was found of some rows that were not heard of since.
func (c *rollCall) note(ctx context.Context) error {
	some := c.todo[:min(resyncMarks, len(c.todo))]
	err := c.noteOf(ctx, some)
	if !parks(err) {
		return err
	}
	for i := range some { // one that the books refuse does not stop the others
		if err := c.noteOf(ctx, some[i:i+1]); parks(err) {
			c.todo = c.todo[1:]
			c.refused = append(c.refused, fmt.Errorf("%s: %w", rowID(c.stream, some[i].row), err))
		} else if err != nil {
			return err
		}
	}
	return nil
}

// noteOf notes what was found of the first rows of todo, in one transaction.
func (c *rollCall) noteOf(ctx context.Context, some []finding) error {
	gone := 0
	err := c.p.store.Update(ctx, func(ctx context.Context, tx store.Tx) error {
		gone = 0
		for _, f := range some {
			now, err := tx.Inbox().Cursor(ctx, f.row.Stream)
			if err != nil {
				return err
			}
			is := heldAt(now)
			if is == nil || now.Version != f.row.Version {
				continue
			}
			switch {
			case is.Ended:
				if is.Listed = f.listed; f.listed {
					err = restart(ctx, tx, c.stream, c.p.o.Now())
				}
			case f.listed:
				is.Missing = time.Time{}
			case c.sure(*is):
				gone++
				is.Ended, is.Missing = true, time.Time{}
				is.TakenOff, err = c.p.end(ctx, tx, c.stream, now.Stream, *is)
			default:
				is.Missing = c.p.o.Now() // when the list was through
			}
			if err != nil {
				return err
			}
			if now.Value, err = json.Marshal(is); err != nil {
				return err
			}
			now.At = c.p.o.Now()
			if err := tx.Inbox().Move(ctx, now); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		c.todo, c.gone = c.todo[len(some):], c.gone+gone
	}
	return err
}
