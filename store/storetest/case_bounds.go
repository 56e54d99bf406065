package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/thread"
	"github.com/comptoir-go/comptoir/uow"
)

// longText is text of n bytes that no engine can compress.
func longText(n int, seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 7))
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/"
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[r.IntN(len(letters))]
	}
	return string(b)
}

// indexedTexts makes a document with the texts that stand in an index.
type indexedTexts struct {
	paths []string
	make  func(text func(i int) string) any
}

// spread gives every indexed text of a document n bytes, each different.
var spread = map[string]indexedTexts{
	partner.DocKind: {[]string{"id", "number"}, func(text func(int) string) any {
		p := samplePartner(1)
		p.ID, p.Number = partner.ID(text(0)), text(1)
		return p
	}},
	catalog.DocKind: {[]string{"id", "sku", "family.super", "family.family", "family.sub"}, func(text func(int) string) any {
		g := sampleProduct(1)
		g.ID, g.SKU = catalog.ID(text(0)), catalog.SKU(text(1))
		g.Family = catalog.Family{Super: text(2), Family: text(3), Sub: text(4)}
		return g
	}},
	catalog.AvailabilityKind: {[]string{"id"}, func(text func(int) string) any {
		a := sampleStock(1)
		a.Product = catalog.ID(text(0))
		return a
	}},
	cart.DocKind: {[]string{"id", "partner", "name"}, func(text func(int) string) any {
		c := sampleCart(1)
		c.ID, c.Partner, c.Name = cart.ID(text(0)), partner.ID(text(1)), text(2)
		return c
	}},
	order.DocKind: {[]string{"id", "ref", "customer.partner", "inserted_by.id", "erp.number", "erp.id"}, func(text func(int) string) any {
		o := sampleOrder(1)
		o.ID, o.Ref, o.Customer.Partner = order.ID(text(0)), order.Ref(text(1)), partner.ID(text(2))
		o.InsertedBy.ID, o.ERP.Number, o.ERP.ID = access.ActorID(text(3)), text(4), text(5)
		return o
	}},
	order.DeliveryDocKind: {[]string{"id", "order", "partner", "number", "tracking", "erp.id"}, func(text func(int) string) any {
		d := sampleDelivery(1)
		d.ID, d.Order, d.Partner = order.DeliveryID(text(0)), order.ID(text(1)), partner.ID(text(2))
		d.Number, d.Tracking, d.ERP.ID = text(3), text(4), text(5)
		return d
	}},
	thread.DocKind: {[]string{"id", "partner"}, func(text func(int) string) any {
		th := sampleThread(1)
		th.ID, th.Partner = thread.ID(text(0)), access.PartnerID(text(1))
		return th
	}},
	billing.DocKind: {[]string{"id", "number", "seller.id", "partner", "buyer.id", "corrects.document", "erp.id"}, func(text func(int) string) any {
		d := sampleInvoice(1)
		d.ID, d.Number, d.Seller.ID, d.Chain = billing.ID(text(0)), text(1), billing.SellerID(text(2)), billing.Chain{}
		d.Partner, d.Buyer.ID = partner.ID(text(3)), partner.CounterpartyID(text(4))
		d.Corrects, d.ERP.ID = &billing.Reference{Document: billing.ID(text(5))}, text(6)
		return d
	}},
	billing.SeriesDocKind: {[]string{"id"}, func(text func(int) string) any {
		h := sampleHead(1)
		h.ID = billing.HeadID(text(0))
		return h
	}},
	pricing.TurnoverKind: {[]string{"id", "partner", "document.kind", "document.id"}, func(text func(int) string) any {
		e := sampleTurnover(1)
		e.ID, e.Partner = pricing.TurnoverID(text(0)), partner.ID(text(1))
		e.Document.Kind, e.Document.ID = text(2), text(3)
		return e
	}},
	billing.PaymentDocKind: {[]string{"id", "number", "partner", "buyer", "state", "erp.id"}, func(text func(int) string) any {
		p := samplePayment(1)
		p.ID, p.Number, p.Partner = billing.PaymentID(text(0)), text(1), partner.ID(text(2))
		p.Buyer, p.State, p.ERP.ID = partner.CounterpartyID(text(3)), order.PaymentState(text(4)), text(5)
		return p
	}},
}

func textLong(e *env) {
	t := e.tenant()
	for _, k := range kinds() {
		s, ok := spread[k.name]
		if !ok {
			s, ok = codeSpread[k.name]
		}
		e.true(ok, "the suite does not know the indexed texts of %s", k.name)
		for bad := range s.paths {
			v := s.make(func(i int) string {
				if i == bad {
					return longText(store.MaxText+1, uint64(i))
				}
				return longText(20, uint64(i))
			})
			err := t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
				_, err := k.save(ctx, tx, v)
				return err
			})
			e.is(err, store.ErrLong, fmt.Sprintf("%s with a long %s", k.name, s.paths[bad]))
			e.true(slices.ContainsFunc(fault.IssuesOf(err), func(is fault.Issue) bool { return is.Path == s.paths[bad] }),
				"%s: the issues %v do not name %s", k.name, fault.IssuesOf(err), s.paths[bad])
		}
		// All at the bound at once, with other text far beyond.
		v := s.make(func(i int) string { return longText(store.MaxText, uint64(i)) })
		e.update(t, func(ctx context.Context, tx store.Tx) error {
			_, err := k.save(ctx, tx, v)
			return err
		})
		e.view(t, func(ctx context.Context, tx store.Tx) error {
			_, err := k.get(ctx, tx, k.id(v))
			e.must(err)
			_, err = k.get(ctx, tx, longText(9000, 1))
			e.is(err, k.notFound, k.name+" by an id of 9000 bytes")
			return nil
		})
	}
	free := sampleOrder(2)
	free.Customer.Name, free.Note = longText(9000, 1), longText(100_000, 2)
	e.update(t, func(ctx context.Context, tx store.Tx) error { return saveOrder(ctx, tx, free) })
	for what, fn := range badCalls(longText(store.MaxText+1, 1)) {
		switch what {
		case "event data":
			e.update(t, fn)
		case "key":
			e.is(t.Update(e.ctx, fn), uow.ErrKeyLong, what+" of 513 bytes")
		default:
			e.is(t.Update(e.ctx, fn), store.ErrLong, what+" of 513 bytes")
		}
	}
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		ev := event.Event{ID: longText(store.MaxText, 3), Type: longText(store.MaxText, 4), Schema: 1, Subject: longText(store.MaxText, 5), Time: dawn}
		_, err := tx.Counters().Next(ctx, longText(store.MaxText, 6))
		_, err2 := tx.Keys().Reserve(ctx, longText(store.MaxText, 7), longText(uow.MaxKey, 8), keyInput)
		return errors.Join(err, err2, tx.Outbox().Append(ctx, event.Topic(longText(store.MaxText, 9)), ev))
	})
	d := e.claimOne(t, event.Topic(longText(store.MaxText, 9)))
	e.must(t.Queue().Done(e.ctx, d))
}

func serialDeadline(e *env) {
	t := e.tenant()
	next := func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Counters().Next(ctx, "hot")
		return err
	}
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		e.must(next(ctx, tx))
		finish := e.meanwhile(func() error {
			short, cancel := context.WithTimeout(e.ctx, 50*time.Millisecond)
			defer cancel()
			err := t.Update(short, next)
			if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, uow.ErrBusy) || fault.KindOf(err) != fault.Unavailable {
				return fmt.Errorf("the answer at the caller's deadline is %v of kind %s", err, fault.KindOf(err))
			}
			short, stop := context.WithCancel(e.ctx)
			time.AfterFunc(50*time.Millisecond, stop)
			if err := t.Update(short, next); !errors.Is(err, context.Canceled) || fault.KindOf(err) != fault.Unavailable {
				return fmt.Errorf("the answer to a caller who left is %v of kind %s", err, fault.KindOf(err))
			}
			return nil
		})
		finish()
		return nil
	})
	n := wrote(e, t, func(ctx context.Context, tx store.Tx) (int64, error) { return tx.Counters().Next(ctx, "hot") })
	e.true(n == 2, "the next number is %d, want 2: nothing of the others may stay", n)
}

func keySweep(e *env) {
	s := e.store() // sweeping reaches all tenants
	sweeper, ok := s.(store.Sweeper)
	if !ok {
		e.Logf("%s cannot sweep; it is not asked to", e.h.Name)
		return
	}
	a, b := e.of(s, "a"), e.of(s, "b")
	once := func(t store.Tenanted, key string) (fresh bool) {
		e.Helper()
		e.update(t, func(ctx context.Context, tx store.Tx) error {
			fresh = false
			_, err := uow.Once(ctx, tx.Keys(), "order.place", key, "input", func() (string, error) {
				fresh = true
				return "result of " + key, nil
			})
			return err
		})
		return fresh
	}
	sweep := func(before time.Time) int64 {
		e.Helper()
		n, err := sweeper.Sweep(e.ctx, before)
		e.must(err)
		return n
	}
	e.true(sweep(e.clock.now()) == 0, "an empty store was swept")
	e.true(once(a, "old") && once(a, "old too") && once(b, "old"), "a new key is not new")
	start := e.clock.now()
	e.clock.add(24 * time.Hour)
	e.true(!once(a, "old"), "using a key again must not renew it")
	e.true(once(a, "young") && once(b, "young"), "a new key is not new")
	e.true(sweep(start) == 0, "keys of that very instant were removed")
	n := sweep(start.Add(time.Microsecond))
	e.true(n == 3, "%d keys were removed, want 3", n)
	e.true(!once(a, "young") && !once(b, "young"), "a young key was removed")
	e.true(once(a, "old") && once(b, "old"), "an old key is still there")
	e.true(sweep(start.Add(time.Microsecond)) == 0, "keys made anew were removed")
	e.update(a, func(ctx context.Context, _ store.Tx) error {
		_, err := sweeper.Sweep(ctx, start)
		e.is(err, uow.ErrNested, "Sweep inside a transaction")
		return nil
	})
	e.must(s.Close())
	_, err := sweeper.Sweep(e.ctx, start)
	e.is(err, store.ErrClosed, "Sweep after Close")
}
