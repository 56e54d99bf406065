package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

func tenantCases() []Case {
	return []Case{
		{"tenant/names", "a tenant is 1 to 64 bytes of letters, digits, '-', '_' and '.'; anything else is store.ErrTenant", tenantNames},
		{"tenant/isolation", "no method of any repository, outbox, queue, counter or key reaches another tenant's things, with the very same ids", tenantIsolation},
		{"tenant/list", "Tenants lists, sorted, the tenants that have written anything, whatever it was", tenantList},
		{"tenant/second_wall", "a statement that forgets the tenant reaches only the session's own tenant", tenantSecondWall},
	}
}

func tenantNames(e *env) {
	s := e.store()
	for _, bad := range []access.Tenant{"", access.Tenant(strings.Repeat("x", 65)), "a b", "é", "a/b", "a\x00", "a'b", "\xff", "a\n", "a:b", "*", "%"} {
		_, err := s.For(bad)
		e.is(err, store.ErrTenant, fmt.Sprintf("the tenant %q", bad))
	}
	good := []access.Tenant{"a", "A", access.Tenant(strings.Repeat("x", 64)), "a.b", "a-b", "a_b", ".", "0", "a.", "axb"}
	for i, name := range good {
		p := samplePartner(1)
		p.Region = fmt.Sprint(i)
		e.mustPut(e.of(s, name), kinds()[0], p)
	}
	for i, name := range good {
		p := read(e, e.of(s, name), func(ctx context.Context, tx store.Tx) (partner.Partner, error) {
			return tx.Partners().Get(ctx, samplePartner(1).ID)
		})
		e.true(p.Region == fmt.Sprint(i), "tenant %q holds what belongs to tenant number %s", name, p.Region)
	}
}

func tenantIsolation(e *env) {
	s := e.store()
	theirs := e.of(s, "theirs")
	e.plant(theirs)
	e.emit(theirs, event.Facts, sampleEvent("order/3", 1), sampleEvent("order/4", 1))
	buried := e.claimOne(theirs, event.Facts)
	e.must(theirs.Queue().Bury(e.ctx, buried, "no"))
	leased := e.claimOne(theirs, event.Facts)
	e.update(theirs, func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.Keys().Reserve(ctx, "scope", "key", keyInput); err != nil {
			return err
		}
		return tx.Keys().Fulfil(ctx, "scope", "key", []byte("theirs"))
	})
	before, letters := e.dump(theirs), e.letters(theirs, event.Facts)

	for _, m := range queueMethods(theirs.Queue()) {
		probe := queueProbes[m.name]
		e.true(probe != nil, "the suite does not probe %s; add it to queueProbes", m.name)
		if err := probe(e, e.of(s, "ours").Queue(), leased, buried.ID); err != nil {
			e.Fatalf("%s reaches another tenant: %v", m.name, err)
		}
	}
	var names []string
	e.view(theirs, func(_ context.Context, tx store.Tx) error {
		names = nil
		for _, m := range methods(tx) {
			names = append(names, m.name)
		}
		return nil
	})
	for i, name := range names {
		probe := probes[name]
		e.true(probe != nil, "the suite does not probe %s; add it to probes", name)
		ours := e.of(s, access.Tenant(fmt.Sprint("ours-", i)))
		err := ours.Update(e.ctx, probe)
		if deletions[name] {
			err = wantErr(err, uow.ErrVersion)
		}
		if err != nil {
			e.Fatalf("%s reaches another tenant: %v", name, err)
		}
	}
	e.unchanged(theirs, before, "after another tenant used the same ids")
	e.same(e.letters(theirs, event.Facts), letters, "letters after another tenant used the same ids")
	e.must(theirs.Queue().Done(e.ctx, leased))
	// A cursor is worth nothing elsewhere either: it may only lead to nothing.
	page := read(e, theirs, func(ctx context.Context, tx store.Tx) (uow.Page[order.Header], error) {
		return tx.Orders().Find(ctx, order.Query{Page: uow.PageRequest{Limit: 1}})
	})
	err := e.of(s, "ours").View(e.ctx, func(ctx context.Context, tx store.Tx) error {
		rest, err := tx.Orders().Find(ctx, order.Query{Page: uow.PageRequest{After: page.Next}})
		return wantNone(len(rest.Rows), nil, err)
	})
	e.true(err == nil || errors.Is(err, uow.ErrPage), "another tenant's cursor: %v", err)
}

func tenantList(e *env) {
	s := e.store()
	list := func(want ...access.Tenant) {
		e.Helper()
		got, err := s.Tenants(e.ctx)
		e.must(err)
		if d := looseDifference(got, want); d != "" {
			e.Fatalf("tenants: %s", d)
		}
	}
	list()
	seen := e.of(s, "aaa-only-read")
	e.view(seen, func(ctx context.Context, tx store.Tx) error { _, err := ordersInAll(ctx, tx); return err })
	e.nothingDue(seen, event.Facts, "an empty tenant")
	e.update(seen, func(context.Context, store.Tx) error { return nil })
	err := seen.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(saveOrder(ctx, tx, sampleOrder(1)), errUndo)
	})
	e.true(errors.Is(err, errUndo), "%v", err)
	list()
	var want []access.Tenant
	for i, fn := range []closure{
		func(ctx context.Context, tx store.Tx) error {
			return tx.Outbox().Append(ctx, event.ERP, sampleEvent("order/1", 1))
		},
		func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Partners().Save(ctx, samplePartner(1))
			return err
		},
		func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Products().Save(ctx, sampleProduct(1))
			return err
		},
		func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Products().SaveAvailability(ctx, sampleStock(1))
			return err
		},
		func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Carts().Save(ctx, sampleCart(1))
			return err
		},
		func(ctx context.Context, tx store.Tx) error { return saveOrder(ctx, tx, sampleOrder(1)) },
		func(ctx context.Context, tx store.Tx) error { return tx.Inbox().Park(ctx, sampleParked(1)) },
		func(ctx context.Context, tx store.Tx) error { return moveOn(ctx, tx, "page 1") },
		func(ctx context.Context, tx store.Tx) error { _, err := tx.Counters().Next(ctx, "s"); return err },
		func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Keys().Reserve(ctx, "scope", "key", keyInput)
			return errors.Join(err, tx.Keys().Fulfil(ctx, "scope", "key", []byte("1")))
		},
	} {
		name := access.Tenant(fmt.Sprintf("t%02d", i))
		e.update(e.of(s, name), fn)
		want = append(want, name)
		list(want...)
	}
	e.mustPut(e.of(s, "Z"), kinds()[0], samplePartner(1))
	e.mustPut(e.of(s, "-"), kinds()[0], samplePartner(1))
	list(append([]access.Tenant{"-", "Z"}, want...)...)
}

func tenantSecondWall(e *env) {
	e.hook(e.h.SecondWall != nil, "SecondWall")
	s := e.store()
	e.plant(e.of(s, "theirs"))
	e.plant(e.of(s, "ours"))
	for _, w := range []struct {
		as, other access.Tenant
		want      int
	}{{"ours", "theirs", 0}, {"theirs", "ours", 0}, {"ours", "ours", 3}, {"nobody", "ours", 0}} {
		got := e.h.SecondWall(e.TB, s, w.as, w.other)
		e.true(got == w.want, "a session of %q reaches %d partners of %q, want %d", w.as, got, w.other, w.want)
	}
}
