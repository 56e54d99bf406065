package storetest

import (
	"context"
	"errors"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// writeAll writes something of everything: a document of each kind, a change
// and a deletion, events, a number and the result of a key.
func writeAll(ctx context.Context, tx store.Tx) error {
	for _, k := range kinds() {
		if _, err := k.save(ctx, tx, k.sample(7)); err != nil {
			return err
		}
		old, err := k.get(ctx, tx, k.id(k.sample(1)))
		if err != nil {
			return err
		}
		if _, err := k.save(ctx, tx, k.edit(old, 7)); err != nil {
			return err
		}
		if k.remove != nil {
			if err := k.remove(ctx, tx, k.id(k.sample(2)), 1); err != nil {
				return err
			}
		}
	}
	// Lists force what was written so far on its way.
	if _, err := tx.Orders().Find(ctx, order.Query{Page: uow.PageRequest{Count: true}}); err != nil {
		return err
	}
	if _, err := tx.Keys().Reserve(ctx, "scope", "key", keyInput); err != nil {
		return err
	}
	if err := tx.Outbox().Append(ctx, event.Facts, sampleEvent("order/7", 1), sampleEvent("order/7", 2)); err != nil {
		return err
	}
	if err := tx.Outbox().Append(ctx, event.ERP, sampleEvent("order/7", 1)); err != nil {
		return err
	}
	if err := moveOn(ctx, tx, "page 2"); err != nil {
		return err
	}
	if err := errors.Join(tx.Inbox().Park(ctx, sampleParked(7)), tx.Inbox().Unpark(ctx, sampleParked(2).ID, 5)); err != nil {
		return err
	}
	if _, err := tx.Counters().Next(ctx, "s"); err != nil {
		return err
	}
	return tx.Keys().Fulfil(ctx, "scope", "key", []byte(`"done"`))
}

// moveOn moves the cursor of the stream to a place.
func moveOn(ctx context.Context, tx store.Tx, to string) error {
	c, err := tx.Inbox().Cursor(ctx, stream)
	if err != nil {
		return err
	}
	c.Value, c.At, c.Changes = []byte(to), dawn, 3
	return tx.Inbox().Move(ctx, c)
}

// plant gives a tenant what writeAll needs.
func (e *env) plant(t store.Tenanted) {
	e.Helper()
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		for _, k := range kinds() {
			for n := 1; n <= 3; n++ {
				if _, err := k.save(ctx, tx, k.sample(n)); err != nil {
					return err
				}
			}
		}
		if err := tx.Outbox().Append(ctx, event.Facts, sampleEvent("order/1", 1)); err != nil {
			return err
		}
		if err := moveOn(ctx, tx, "page 1"); err != nil {
			return err
		}
		for n := 1; n <= 3; n++ {
			if err := tx.Inbox().Park(ctx, sampleParked(n)); err != nil {
				return err
			}
		}
		_, err := tx.Counters().Next(ctx, "s")
		return err
	})
}
