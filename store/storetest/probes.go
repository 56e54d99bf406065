package storetest

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// probe tries a method, in a tenant that has nothing, with the ids of another.
// An error says that something of the other was reached.
type probe = func(ctx context.Context, tx store.Tx) error

var probes = merged(orderProbes, deliveryProbes, billingProbes, inboxProbes, codeProbes)

func merged(parts ...map[string]probe) map[string]probe {
	out := map[string]probe{}
	for _, p := range parts {
		maps.Copy(out, p)
	}
	return out
}

// orderProbes are those of everything up to the order, and of the ports.
var orderProbes = map[string]probe{
	"Partners.Get": func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Partners().Get(ctx, samplePartner(1).ID)
		return wantErr(err, partner.ErrNotFound)
	},
	"Partners.Find": func(ctx context.Context, tx store.Tx) error {
		for _, q := range []partner.Query{{}, {Number: samplePartner(1).Number}, {Words: "lemaux"}, {Type: partner.Dealer}} {
			q.Page.Count = true
			page, err := tx.Partners().Find(ctx, q)
			if err := wantNone(len(page.Rows), page.Total, err); err != nil {
				return err
			}
		}
		return nil
	},
	"Partners.Save": func(ctx context.Context, tx store.Tx) error {
		return saved(tx.Partners().Save(ctx, samplePartner(1)))
	},
	"Products.Get": func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Products().Get(ctx, sampleProduct(1).ID)
		return wantErr(err, catalog.ErrNotFound)
	},
	"Products.GetMany": func(ctx context.Context, tx store.Tx) error {
		m, err := tx.Products().GetMany(ctx, []catalog.ID{sampleProduct(1).ID, sampleProduct(2).ID})
		return wantNone(len(m), nil, err)
	},
	"Products.BySKU": func(ctx context.Context, tx store.Tx) error {
		m, err := tx.Products().BySKU(ctx, []catalog.SKU{sampleProduct(1).SKU})
		return wantNone(len(m), nil, err)
	},
	"Products.Find": func(ctx context.Context, tx store.Tx) error {
		yes := true
		for _, q := range []catalog.Query{{}, {SKUPrefix: "065"}, {Tag: "steel"}, {Online: &yes}} {
			q.Page.Count = true
			page, err := tx.Products().Find(ctx, q)
			if err := wantNone(len(page.Rows), page.Total, err); err != nil {
				return err
			}
		}
		return nil
	},
	"Products.Availability": func(ctx context.Context, tx store.Tx) error {
		m, err := tx.Products().Availability(ctx, []catalog.ID{sampleStock(1).Product})
		return wantNone(len(m), nil, err)
	},
	"Products.Save": func(ctx context.Context, tx store.Tx) error {
		return saved(tx.Products().Save(ctx, sampleProduct(1)))
	},
	"Products.SaveAvailability": func(ctx context.Context, tx store.Tx) error {
		return saved(tx.Products().SaveAvailability(ctx, sampleStock(1)))
	},
	"Carts.Get": func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Carts().Get(ctx, sampleCart(1).ID)
		return wantErr(err, cart.ErrNotFound)
	},
	"Carts.Find": func(ctx context.Context, tx store.Tx) error {
		no := false
		for _, q := range []cart.Query{{}, {Partner: "p0001"}, {Name: sampleCart(1).Name}, {Default: &no}} {
			q.Page.Count = true
			page, err := tx.Carts().Find(ctx, q)
			if err := wantNone(len(page.Rows), page.Total, err); err != nil {
				return err
			}
		}
		return nil
	},
	"Carts.Save":   func(ctx context.Context, tx store.Tx) error { return saved(tx.Carts().Save(ctx, sampleCart(1))) },
	"Carts.Delete": func(ctx context.Context, tx store.Tx) error { return tx.Carts().Delete(ctx, sampleCart(2).ID, 1) },
	"Orders.Get": func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Orders().Get(ctx, sampleOrder(1).ID)
		return wantErr(err, order.ErrNotFound)
	},
	"Orders.ByRef": func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Orders().ByRef(ctx, sampleOrder(1).Ref)
		return wantErr(err, order.ErrNotFound)
	},
	"Orders.Find": func(ctx context.Context, tx store.Tx) error {
		for _, q := range []order.Query{{}, {All: true}, {Ref: sampleOrder(1).Ref}, {SKU: "065000001"}, {Consumer: "lemaux"},
			{Partner: "p0001"}, {InsertedBy: "m1"}, {Sort: order.ByRef}, {From: dawn}} {
			q.Page.Count = true
			page, err := tx.Orders().Find(ctx, q)
			if err := wantNone(len(page.Rows), page.Total, err); err != nil {
				return err
			}
		}
		return nil
	},
	"Orders.Save":   func(ctx context.Context, tx store.Tx) error { return saved(tx.Orders().Save(ctx, sampleOrder(1))) },
	"Orders.Delete": func(ctx context.Context, tx store.Tx) error { return tx.Orders().Delete(ctx, sampleOrder(2).ID, 1) },
	"Orders.ByERP": func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Orders().ByERP(ctx, sampleOrder(1).ERP.ID)
		return wantErr(err, order.ErrNotFound)
	},
	"Orders.Holds": func(ctx context.Context, tx store.Tx) error {
		held, err := tx.Orders().Holds(ctx, sampleOrder(1).Files[0].Hash)
		return wantNot(held, err)
	},
	"Outbox.Append": func(ctx context.Context, tx store.Tx) error {
		return tx.Outbox().Append(ctx, event.Facts, sampleEvent("order/1", 1))
	},
	"Counters.Next": func(ctx context.Context, tx store.Tx) error {
		n, err := tx.Counters().Next(ctx, "s")
		if err == nil && n != 1 {
			err = fmt.Errorf("the series goes on at %d", n)
		}
		return err
	},
	"Keys.Reserve": func(ctx context.Context, tx store.Tx) error {
		prior, err := tx.Keys().Reserve(ctx, "scope", "key", [32]byte{7})
		return wantNone(len(prior), nil, err)
	},
	"Keys.Fulfil": func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.Keys().Reserve(ctx, "scope", "key", [32]byte{7}); err != nil {
			return err
		}
		return tx.Keys().Fulfil(ctx, "scope", "key", []byte("other"))
	},
	"Prefetch": func(ctx context.Context, tx store.Tx) error {
		if err := tx.Prefetch(ctx, uow.Ref{Kind: order.DocKind, ID: string(sampleOrder(1).ID)}); err != nil {
			return err
		}
		_, err := tx.Orders().Get(ctx, sampleOrder(1).ID)
		return wantErr(err, order.ErrNotFound)
	},
}

// deletions must fail: the other tenant's things are not there.
var deletions = map[string]bool{"Carts.Delete": true, "Orders.Delete": true}

func wantNot(found bool, err error) error {
	if err == nil && found {
		err = errors.New("found")
	}
	return err
}

func wantErr(err, want error) error {
	if errors.Is(err, want) {
		return nil
	}
	return fmt.Errorf("got %v, want %v", err, want)
}

func wantNone(n int, total *uow.Total, err error) error {
	if err == nil && (n != 0 || total != nil && *total != uow.Total{}) {
		err = fmt.Errorf("reached %d, total %+v", n, total)
	}
	return err
}

// saved keeps the error of a Save.
func saved[V any](_ V, err error) error { return err }

// queueProbes are the probes of the queue; d is a delivery and dead the id of
// a letter of the other tenant.
var queueProbes = map[string]func(e *env, q event.Queue, d event.Delivery, dead string) error{
	"Queue.Claim": func(e *env, q event.Queue, _ event.Delivery, _ string) error {
		ds, err := q.Claim(e.ctx, event.Claim{Topic: event.Facts, Limit: 100, Lease: 1})
		return wantNone(len(ds), nil, err)
	},
	"Queue.Done": func(e *env, q event.Queue, d event.Delivery, _ string) error {
		return wantErr(q.Done(e.ctx, d), event.ErrLeaseLost)
	},
	"Queue.Retry": func(e *env, q event.Queue, d event.Delivery, _ string) error {
		return wantErr(q.Retry(e.ctx, d, e.clock.now(), "other"), event.ErrLeaseLost)
	},
	"Queue.Release": func(e *env, q event.Queue, d event.Delivery, _ string) error {
		return wantErr(q.Release(e.ctx, d, e.clock.now(), "other"), event.ErrLeaseLost)
	},
	"Queue.Bury": func(e *env, q event.Queue, d event.Delivery, _ string) error {
		return wantErr(q.Bury(e.ctx, d, "other"), event.ErrLeaseLost)
	},
	"Queue.Dead": func(e *env, q event.Queue, _ event.Delivery, _ string) error {
		ls, _, err := q.Dead(e.ctx, event.Facts, "", 100)
		return wantNone(len(ls), nil, err)
	},
	"Queue.Revive": func(e *env, q event.Queue, _ event.Delivery, dead string) error {
		return wantErr(q.Revive(e.ctx, event.Facts, dead), event.ErrNoLetter)
	},
	"Queue.Drop": func(e *env, q event.Queue, _ event.Delivery, dead string) error {
		return wantErr(q.Drop(e.ctx, event.Facts, dead), event.ErrNoLetter)
	},
	"Queue.Depth": func(e *env, q event.Queue, _ event.Delivery, _ string) error {
		d, err := q.Depth(e.ctx, event.Facts)
		return wantNone(int(d.Waiting+d.Dead), nil, err)
	},
}
