package storetest_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// looseInbox is a sound inbox but for what is set.
type looseInbox struct {
	event.Inbox
	list   func(ctx context.Context, in event.Inbox, prefix, after string, limit int) ([]event.Cursor, error)
	move   func(context.Context, event.Inbox, event.Cursor) error
	park   func(context.Context, event.Inbox, event.Parked) error
	unpark func(context.Context, event.Inbox, string, int64) error
}

func (i *looseInbox) Cursors(ctx context.Context, prefix, after string, limit int) ([]event.Cursor, error) {
	if i.list == nil {
		return i.Inbox.Cursors(ctx, prefix, after, limit)
	}
	return i.list(ctx, i.Inbox, prefix, after, limit)
}

func (i *looseInbox) Move(ctx context.Context, c event.Cursor) error {
	if i.move == nil {
		return i.Inbox.Move(ctx, c)
	}
	return i.move(ctx, i.Inbox, c)
}

func (i *looseInbox) Park(ctx context.Context, p event.Parked) error {
	if i.park == nil {
		return i.Inbox.Park(ctx, p)
	}
	return i.park(ctx, i.Inbox, p)
}

func (i *looseInbox) Unpark(ctx context.Context, id string, upto int64) error {
	if i.unpark == nil {
		return i.Inbox.Unpark(ctx, id, upto)
	}
	return i.unpark(ctx, i.Inbox, id, upto)
}

func onInbox(loose looseInbox) flaw {
	return flaw{tx: func(tx store.Tx) store.Tx {
		own := loose
		own.Inbox = tx.Inbox()
		return parts{Tx: tx, inbox: &own}
	}}
}

// anyCursor moves a cursor whatever its version.
func anyCursor() flaw {
	return onInbox(looseInbox{move: func(ctx context.Context, in event.Inbox, c event.Cursor) error {
		now, err := in.Cursor(ctx, c.Stream)
		c.Version = now.Version
		return errors.Join(err, in.Move(ctx, c))
	}})
}

// longCursors lists the cursors to the end, whatever they begin with.
func longCursors() flaw {
	return onInbox(looseInbox{list: func(ctx context.Context, in event.Inbox, prefix, after string, limit int) ([]event.Cursor, error) {
		return in.Cursors(ctx, "", max(prefix, after), limit)
	}})
}

// earlyCursor moves the cursor in a transaction of its own, ahead of the page.
func earlyCursor() flaw {
	return flaw{update: func(inner store.Tenanted, ctx context.Context, fn closure) error {
		var moved *event.Cursor
		err := inner.Update(ctx, func(ctx context.Context, tx store.Tx) error {
			return fn(ctx, parts{Tx: tx, inbox: &looseInbox{Inbox: tx.Inbox(), move: func(_ context.Context, _ event.Inbox, c event.Cursor) error {
				moved = &c
				return nil
			}}})
		})
		if moved == nil {
			return err
		}
		return errors.Join(err, inner.Update(ctx, func(ctx context.Context, tx store.Tx) error { return tx.Inbox().Move(ctx, *moved) }))
	}}
}

// lateComer lets an earlier change take the place of a later one.
func lateComer() flaw {
	return onInbox(looseInbox{park: func(ctx context.Context, in event.Inbox, p event.Parked) error {
		if p.ID == "" {
			return in.Park(ctx, p)
		}
		return errors.Join(in.Unpark(ctx, p.ID, 1<<62), in.Park(ctx, p))
	}})
}

// forgetfulInbox forgets a change that is later than the one applied.
func forgetfulInbox() flaw {
	return onInbox(looseInbox{unpark: func(ctx context.Context, in event.Inbox, id string, _ int64) error {
		return in.Unpark(ctx, id, 1<<62)
	}})
}

// tidyInbox brings what it parks into a form of its own.
func tidyInbox() flaw {
	return onInbox(looseInbox{park: func(ctx context.Context, in event.Inbox, p event.Parked) error {
		var v any
		if json.Unmarshal(p.Data, &v) == nil {
			p.Data, _ = json.Marshal(v)
		}
		return in.Park(ctx, p)
	}})
}

type looseInvoices struct {
	billing.Repository
	save  func(context.Context, billing.Repository, billing.Document) (billing.Document, error)
	find  func(context.Context, billing.Repository, billing.Query) (uow.Page[billing.Header], error)
	chain func(context.Context, billing.Repository, billing.HeadID, int64, int) ([]billing.Document, error)
}

func (r *looseInvoices) Save(ctx context.Context, d billing.Document) (billing.Document, error) {
	if r.save == nil {
		return r.Repository.Save(ctx, d)
	}
	return r.save(ctx, r.Repository, d)
}

func (r *looseInvoices) Find(ctx context.Context, q billing.Query) (uow.Page[billing.Header], error) {
	if r.find == nil {
		return r.Repository.Find(ctx, q)
	}
	return r.find(ctx, r.Repository, q)
}

func (r *looseInvoices) Chain(ctx context.Context, id billing.HeadID, from int64, limit int) ([]billing.Document, error) {
	if r.chain == nil {
		return r.Repository.Chain(ctx, id, from, limit)
	}
	return r.chain(ctx, r.Repository, id, from, limit)
}

func onInvoices(loose looseInvoices) flaw {
	return flaw{tx: func(tx store.Tx) store.Tx {
		own := loose
		own.Repository = tx.Invoices()
		return parts{Tx: tx, invoices: &own}
	}}
}

// twoOfOnePlace lets two documents stand at one place of a chain: it keeps the
// place of the second for itself and gives it back when asked.
func twoOfOnePlace() flaw {
	var mu sync.Mutex
	places := map[string]billing.Chain{}
	return onInvoices(looseInvoices{save: func(ctx context.Context, r billing.Repository, d billing.Document) (billing.Document, error) {
		mu.Lock()
		defer mu.Unlock()
		places[string(d.ID)], d.Chain = d.Chain, billing.Chain{}
		out, err := r.Save(ctx, d)
		out.Chain = places[string(d.ID)]
		return out, err
	}})
}

func openOrNot() flaw {
	return onInvoices(looseInvoices{find: func(ctx context.Context, r billing.Repository, q billing.Query) (uow.Page[billing.Header], error) {
		q.Open = nil
		return r.Find(ctx, q)
	}})
}

func wholeChain() flaw {
	return onInvoices(looseInvoices{chain: func(ctx context.Context, r billing.Repository, id billing.HeadID, from int64, limit int) ([]billing.Document, error) {
		return r.Chain(ctx, id, min(from, 1), limit)
	}})
}

type carelessOrders struct{ order.Repository }

func (carelessOrders) Holds(context.Context, blob.Hash) (bool, error) { return false, nil }

// sweeping says that no order names a file.
func sweeping() flaw {
	return flaw{tx: func(tx store.Tx) store.Tx { return parts{Tx: tx, orders: carelessOrders{tx.Orders()}} }}
}
