package erpsync

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/store"
)

// Resync names the full comparison among the streams of a Schedule.
const Resync erp.Stream = "resync"

// ErrManyGone: so much of a stream is listed no more that the list may not be
// whole. A person looks, and says by Parking.Gone that it is.
var ErrManyGone = fault.Define(fault.Precondition, "erpsync.many_gone", "the ERP lists much less than it did")

// ManyGone is the data of ErrManyGone.
type ManyGone struct {
	Stream erp.Stream `json:"stream"`
	// Known rows of the ERP are held here, Gone of them it lists no more.
	Known int `json:"known"`
	Gone  int `json:"gone"`
}

// Sizes of a comparison: how many rows held here are remembered at once, by some
// 100 bytes each, for which the ERP's list is read once; and how many are marked
// in one transaction.
const (
	resyncKnown = 100_000
	resyncMarks = 50
)

// lists are the streams of which deletions are looked for. Documents are not among
// them: one that is gone there stays here, and Drift tells of it.
func (p *Puller) lists() (out []erp.Stream) {
	if !p.client.Supports(erp.OpListIDs) {
		return nil
	}
	for _, s := range p.Streams() {
		if s == erp.Products || s == erp.Prices || s == erp.Stocks {
			out = append(out, s)
		}
	}
	return out
}

// Resync compares what is held here of the ERP's articles, prices and stock with
// what the ERP lists now, and marks what it lists no more as gone: the product is
// taken off the portal, the price ended, the stock none. It answers how many rows
// that were. What was never the ERP's is not touched, and orders, deliveries,
// invoices and payments never are: Drift tells of those that are lost.
//
// An ERP that lists none, or so much less that PullOptions.Gone is passed, is not
// believed: ErrManyGone with ManyGone. A stream that fails does not stop the
// others; their errors are joined.
func (p *Puller) Resync(ctx context.Context) (int, error) {
	total := 0
	var errs []error
	for _, s := range p.lists() {
		n, err := p.resync(ctx, s, -1)
		total += n
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", s, err))
		}
		if ctx.Err() != nil {
			return total, ctx.Err()
		}
	}
	return total, errors.Join(errs...)
}

// resync compares one stream and marks at most so many rows, or with -1 what may
// be marked without a person's word.
func (p *Puller) resync(ctx context.Context, s erp.Stream, most int) (n int, err error) {
	known, gone, err := p.missing(ctx, s)
	if err == nil && len(gone) > 0 {
		if most < 0 {
			most = min(max(int(p.o.Gone*float64(known)), 1), known-1)
		}
		if len(gone) > most {
			err = ErrManyGone.With("of %d rows of %s the ERP lists %d no more", known, s, len(gone)).Noting(ManyGone{s, known, len(gone)})
		} else {
			n, err = p.mark(ctx, s, gone)
		}
	}
	if n > 0 || err != nil {
		p.o.Observe(Pulled{Stream: s, Gone: n, Err: err})
	}
	return n, err
}

// missing answers how many rows of a stream are held here, and those that the ERP
// does not list. Rows that come meanwhile are not among them: what is held is read
// before the list is.
func (p *Puller) missing(ctx context.Context, s erp.Stream) (known int, gone []event.Cursor, err error) {
	for after, more := "", true; more; {
		var some map[string]event.Cursor
		if some, after, more, err = p.heldOf(ctx, s, after); err != nil || len(some) == 0 {
			return known, gone, err
		}
		known += len(some)
		if err := p.unlist(ctx, s, some); err != nil {
			return known, gone, err
		}
		for _, c := range some {
			gone = append(gone, c)
		}
	}
	return known, gone, nil
}

// heldOf reads the rows of a stream that are held here, by their ids in the ERP.
func (p *Puller) heldOf(ctx context.Context, s erp.Stream, after string) (rows map[string]event.Cursor, next string, more bool, err error) {
	const page = 500
	rows, more = map[string]event.Cursor{}, true
	for more && len(rows) < resyncKnown {
		var some []event.Cursor
		err := p.store.View(ctx, func(ctx context.Context, tx store.Tx) (err error) {
			some, err = tx.Inbox().Cursors(ctx, string(s)+"/", after, page)
			return err
		})
		if err != nil {
			return nil, "", false, err
		}
		for _, c := range some {
			if after = c.Stream; heldAt(c) != nil {
				rows[strings.TrimPrefix(c.Stream, string(s)+"/")] = c
			}
		}
		more = len(some) == page
	}
	return rows, after, more, nil
}

// unlist takes what the ERP lists out of rows. Between its pages it renews the
// lease, where there is one.
func (p *Puller) unlist(ctx context.Context, s erp.Stream, rows map[string]event.Cursor) error {
	for after, more := erp.Cursor(nil), true; more; {
		page, err := p.client.ListIDs(ctx, s, after, p.o.Limit)
		if err != nil {
			return err
		}
		for _, id := range page.Rows {
			delete(rows, id)
		}
		after, more = page.Next, page.More
		if err := p.store.Update(ctx, func(context.Context, store.Tx) error { return nil }); err != nil {
			return err
		}
	}
	return nil
}

// mark marks rows as gone that were not heard of since, and forgets them: what
// comes again is applied.
func (p *Puller) mark(ctx context.Context, s erp.Stream, gone []event.Cursor) (n int, err error) {
	for len(gone) > 0 {
		some := gone[:min(resyncMarks, len(gone))]
		gone = gone[len(some):]
		marked := 0
		err := p.store.Update(ctx, func(ctx context.Context, tx store.Tx) error {
			marked = 0
			for _, c := range some {
				now, err := tx.Inbox().Cursor(ctx, c.Stream)
				if err != nil {
					return err
				}
				was := heldAt(now)
				if was == nil || now.Version != c.Version {
					continue
				}
				if err := p.end(ctx, tx, s, now.Stream, *was); err != nil {
					return err
				}
				if err := tx.Inbox().Move(ctx, event.Cursor{Stream: now.Stream, Version: now.Version, At: p.o.Now()}); err != nil {
					return err
				}
				marked++
			}
			return nil
		})
		if err != nil {
			return n, err
		}
		n += marked
	}
	return n, nil
}

// end takes back what a row brought, unless another row has taken its place.
func (p *Puller) end(ctx context.Context, tx store.Tx, s erp.Stream, name string, was held) error {
	if of, err := tx.Inbox().Cursor(ctx, was.place(s)); err != nil || string(of.Value) != name {
		return err
	}
	have, err := tx.Products().BySKU(ctx, []catalog.SKU{catalog.SKU(was.SKU)})
	product, here := have[catalog.SKU(was.SKU)]
	if err != nil || !here {
		return err
	}
	switch s {
	case erp.Products:
		if !product.Online {
			return nil
		}
		product.Online = false
		_, err = p.books.Catalog.SaveTx(ctx, tx, p.actor, catalog.SaveInput{Product: product})
	case erp.Prices:
		err = p.savePrice(ctx, tx, product, was.Currency, catalog.ListPrice{List: was.List, From: was.From, Until: was.Until}, false)
	case erp.Stocks:
		err = p.saveStock(ctx, tx, product.ID, erp.Stock{})
	}
	return err
}

// Gone compares a stream with the ERP's list now and marks as gone what is listed
// no more, up to most rows: a person has looked, and says that so many are. It
// answers how many were. The next comparison of a Schedule is due at once then.
// Errors: access.ErrForbidden; ErrManyGone when there are more; erp.ErrUnsupported
// for a stream of which no deletions are looked for; those of the ERP and of the
// store.
func (k *Parking) Gone(ctx context.Context, a access.Actor, s erp.Stream, most int) (int, error) {
	if err := k.may(a); err != nil {
		return 0, err
	}
	for _, listed := range k.p.lists() {
		if listed != s {
			continue
		}
		n, err := k.p.resync(ctx, s, max(most, 0))
		if err != nil {
			return n, err
		}
		return n, k.p.store.Update(ctx, func(ctx context.Context, tx store.Tx) error {
			c, is, err := readLease(ctx, tx, Resync)
			if err != nil || is.Failures == 0 {
				return err
			}
			is.Next = k.p.o.Now()
			return moveLease(ctx, tx, c, is, k.p.o.Now())
		})
	}
	return 0, erp.ErrUnsupported.With("no deletions are looked for in the stream %q", s)
}
