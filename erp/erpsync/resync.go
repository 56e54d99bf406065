package erpsync

import (
	"context"
	"strings"
	"time"

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
	// Rows are some of those, at most 20, by their ids in the ERP.
	Rows []GoneRow `json:"rows"`
}

// GoneRow is a row that the ERP lists no more: its id there, the article it spoke
// of, and of a price our list.
type GoneRow struct {
	ID   string `json:"id"`
	SKU  string `json:"sku"`
	List string `json:"list,omitempty"`
}

// resyncSure is how long a row must be missing until it is gone.
const resyncSure = time.Hour

// Sizes of a comparison: how many rows held here are remembered at once, by some
// 100 bytes each, for which the ERP's list is read once; how many are changed in
// one transaction; and how many ErrManyGone names.
const (
	resyncKnown = 100_000
	resyncMarks = 50
	resyncNames = 20
)

// lists are the streams of which deletions are looked for. Documents are not among
// them: one that is gone there stays here, and Drift tells of it.
func (p *Puller) lists() (out []erp.Stream) {
	if !p.client.Supports(erp.OpListIDs) {
		return nil
	}
	for _, s := range p.Streams() {
		if s == erp.Parties || s == erp.Products || s == erp.Prices || s == erp.Stocks {
			out = append(out, s)
		}
	}
	return out
}

// Resync compares what is held here of the ERP's customers, articles, prices and
// stock with what the ERP lists now. What two comparisons at least an hour apart do
// not find listed, and none between them, is gone: the partner is no longer active,
// the product taken off the portal, the price ended, the stock none. It answers how
// many rows that were. What is listed again, or comes again, is taken back: the
// partner is active and the product on line again, and of prices and stock the
// stream is read anew. What was entered anew under another id of the ERP is another row:
// the partner or product that was ended is put back by people. What was never the
// ERP's is not touched, and
// orders, deliveries, invoices and payments never are: Drift tells of those that
// are lost.
//
// An ERP that lists none, or so much less that PullOptions.GoneShare is passed, is
// not believed: ErrManyGone with ManyGone. A row that the books refuse to end does not
// stop the others: their error is joined with its id, and the next comparison tries
// again. A stream that fails does not stop the
// others; their errors are joined, each with the name of its stream, so that
// errors.As finds the first.
func (p *Puller) Resync(ctx context.Context) (int, error) {
	c := p.newResync()
	for {
		if done, err := c.step(ctx); done || err != nil {
			return c.gone, err
		}
	}
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
				rows[rowID(s, c)] = c
			}
		}
		more = len(some) == page
	}
	return rows, after, more, nil
}

// rowID is the id in the ERP of a row of a stream.
func rowID(s erp.Stream, c event.Cursor) string { return strings.TrimPrefix(c.Stream, string(s)+"/") }

// end takes back what a row brought, unless another row has taken its place. It
// answers whether a product was on line or a partner active until then.
func (p *Puller) end(ctx context.Context, tx store.Tx, s erp.Stream, name string, was held) (takenOff bool, err error) {
	if of, err := tx.Inbox().Cursor(ctx, was.place(s)); err != nil || string(of.Value) != name {
		return false, err
	}
	if s == erp.Parties {
		return p.endParty(ctx, tx, was.SKU)
	}
	have, err := tx.Products().BySKU(ctx, []catalog.SKU{catalog.SKU(was.SKU)})
	product, here := have[catalog.SKU(was.SKU)]
	if err != nil || !here {
		return false, err
	}
	switch s {
	case erp.Products:
		if !product.Online {
			return false, nil
		}
		product.Online, takenOff = false, true
		_, err = p.books.Catalog.SaveTx(ctx, tx, p.actor, catalog.SaveInput{Product: product})
	case erp.Prices:
		err = p.savePrice(ctx, tx, product, was.Currency, catalog.ListPrice{List: was.List, From: was.From, Until: was.Until}, false)
	case erp.Stocks:
		// As of the count that is taken back: one that comes is younger.
		err = p.saveStock(ctx, tx, product.ID, erp.Stock{At: "1970-01-01T00:00:00Z"}, true)
	}
	return takenOff, err
}

// Gone compares a stream with the ERP's list now and marks as gone at once what is
// listed no more, up to most rows: a person has looked, and says that so many are.
// It answers how many were. The next comparison of a Schedule is due at once then.
// Errors: access.ErrForbidden; ErrManyGone when there are more; those of rows
// that the books refuse to end, joined, after the others ended; erp.ErrUnsupported
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
		c := &rollCall{p: k.p, stream: s, began: k.p.o.Now(), more: true, person: true, most: max(most, 0)}
		for {
			if done, err := c.step(ctx); err != nil {
				return c.gone, err
			} else if done {
				break
			}
		}
		return c.gone, k.p.store.Update(ctx, func(ctx context.Context, tx store.Tx) error {
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
