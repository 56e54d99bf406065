package engine_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/store/internal/mapping"
	"github.com/comptoir-go/comptoir/uow"
)

func conflict(t *testing.T, err error) uow.VersionConflict {
	t.Helper()
	require.ErrorIs(t, err, uow.ErrVersion)
	var f *fault.Error
	require.True(t, errors.As(err, &f))
	return f.Data().(uow.VersionConflict)
}

func TestSaveAndReadBack(t *testing.T) {
	_, shop := open(t, nil)
	in := dealer("1")
	in.CreatedAt = time.Date(2026, 1, 2, 3, 4, 5, 678901234, time.FixedZone("CET", 3600))
	update(t, shop, func(ctx context.Context, tx store.Tx) error {
		saved, err := tx.Partners().Save(ctx, in)
		require.NoError(t, err)
		require.EqualValues(t, 1, saved.Version)
		require.Equal(t, time.Date(2026, 1, 2, 2, 4, 5, 678901000, time.UTC), saved.CreatedAt)
		saved.Addresses[0].City, in.Addresses[0].Street = "changed", "changed"
		got, err := tx.Partners().Get(ctx, "1")
		require.NoError(t, err)
		require.Equal(t, partner.Address{City: "Lyon"}, got.Addresses[0])
		got.Addresses[0].City = "changed"
		return nil
	})
	got, err := read(t, shop, "1")
	require.NoError(t, err)
	require.Equal(t, "Lyon", got.Addresses[0].City)
	require.EqualValues(t, 1, got.Version)
}

func TestVersions(t *testing.T) {
	_, shop := open(t, nil)
	save(t, shop, dealer("1"))
	first, _ := read(t, shop, "1")
	save(t, shop, first)

	stale := func(known bool) error {
		return shop.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
			if known {
				_, err := tx.Partners().Get(ctx, "1")
				require.NoError(t, err)
				_, err = tx.Partners().Save(ctx, first)
				require.ErrorIs(t, err, uow.ErrVersion, "a version known to be stale is told at once")
				return err
			}
			_, err := tx.Partners().Save(ctx, first)
			return err
		})
	}
	for _, known := range []bool{true, false} {
		require.Equal(t, uow.VersionConflict{Kind: "partner", ID: "1", Want: 1, Found: 2}, conflict(t, stale(known)))
	}
	gone := dealer("9")
	gone.Version = 4
	err := shop.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Partners().Save(ctx, gone)
		return err
	})
	require.Equal(t, uow.VersionConflict{Kind: "partner", ID: "9", Want: 4}, conflict(t, err))
	for _, again := range []partner.Partner{dealer("1"), {ID: "2", Number: "N-1"}} {
		err = shop.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Partners().Save(ctx, again)
			return err
		})
		require.ErrorIs(t, err, partner.ErrExists)
	}
	update(t, shop, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Partners().Get(ctx, "1")
		require.NoError(t, err)
		_, err = tx.Partners().Save(ctx, dealer("1"))
		require.ErrorIs(t, err, partner.ErrExists)
		return nil // refused early, the transaction is still good
	})
}

func TestSavesOfOneDocumentMerge(t *testing.T) {
	_, shop := open(t, nil)
	update(t, shop, func(ctx context.Context, tx store.Tx) error {
		p, err := tx.Partners().Save(ctx, dealer("1"))
		require.NoError(t, err)
		p.Name = "second"
		p, err = tx.Partners().Save(ctx, p)
		require.NoError(t, err)
		require.EqualValues(t, 2, p.Version)
		page, err := tx.Partners().Find(ctx, partner.Query{Words: "second"})
		require.NoError(t, err)
		require.Len(t, page.Rows, 1, "a list sees the transaction's own writes")
		p.Name = "third"
		_, err = tx.Partners().Save(ctx, p)
		return err
	})
	p, err := read(t, shop, "1")
	require.NoError(t, err)
	require.Equal(t, "third", p.Name)
	require.EqualValues(t, 3, p.Version)
}

func TestDelete(t *testing.T) {
	_, shop := open(t, nil)
	orders := func(fn func(ctx context.Context, r order.Repository) error) error {
		return shop.Update(t.Context(), func(ctx context.Context, tx store.Tx) error { return fn(ctx, tx.Orders()) })
	}
	insert := func(ctx context.Context, r order.Repository) error {
		_, err := r.Save(ctx, someOrder("1", "R1"))
		return err
	}
	require.NoError(t, orders(insert))
	// Unknown, stale and missing versions.
	err := orders(func(ctx context.Context, r order.Repository) error { return r.Delete(ctx, "1", 7) })
	require.Equal(t, uow.VersionConflict{Kind: "order", ID: "1", Want: 7, Found: 1}, conflict(t, err))
	err = orders(func(ctx context.Context, r order.Repository) error { return r.Delete(ctx, "2", 1) })
	require.Equal(t, uow.VersionConflict{Kind: "order", ID: "2", Want: 1}, conflict(t, err))
	err = orders(func(ctx context.Context, r order.Repository) error { return r.Delete(ctx, "1", 0) })
	conflict(t, err)
	// Delete, make anew, change, delete, in one transaction and seen there.
	require.NoError(t, orders(func(ctx context.Context, r order.Repository) error {
		require.NoError(t, r.Delete(ctx, "1", 1))
		_, err := r.Get(ctx, "1")
		require.ErrorIs(t, err, order.ErrNotFound)
		conflict(t, r.Delete(ctx, "1", 1))
		require.NoError(t, insert(ctx, r))
		o, err := r.ByRef(ctx, "R1")
		require.NoError(t, err)
		require.EqualValues(t, 1, o.Version)
		o, err = r.Save(ctx, o)
		require.NoError(t, err)
		require.NoError(t, r.Delete(ctx, "1", o.Version))
		_, err = r.ByRef(ctx, "R1")
		require.ErrorIs(t, err, order.ErrNotFound)
		return insert(ctx, r)
	}))
	// An insert that is deleted again must still have been right.
	err = orders(func(ctx context.Context, r order.Repository) error {
		require.NoError(t, insert(ctx, r))
		return r.Delete(ctx, "1", 1)
	})
	require.ErrorIs(t, err, order.ErrExists)
	require.NoError(t, orders(func(ctx context.Context, r order.Repository) error {
		_, err := r.Save(ctx, someOrder("3", "R3"))
		require.NoError(t, err)
		return r.Delete(ctx, "3", 1)
	}))
	require.NoError(t, shop.View(t.Context(), func(ctx context.Context, tx store.Tx) error {
		page, err := tx.Orders().Find(ctx, order.Query{})
		require.Len(t, page.Rows, 1)
		return err
	}))
}

func TestDriverErrorsPoisonTheTransaction(t *testing.T) {
	_, shop := open(t, nil)
	save(t, shop, dealer("1"))
	err := shop.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Partners().Save(ctx, dealer("1"))
		require.NoError(t, err, "not known yet")
		_, err = tx.Partners().Find(ctx, partner.Query{})
		require.ErrorIs(t, err, partner.ErrExists)
		_, err = tx.Carts().Get(ctx, "1")
		require.ErrorIs(t, err, partner.ErrExists)
		return nil
	})
	require.ErrorIs(t, err, partner.ErrExists, "swallowed, but not committed")
}

func TestManyAtOnce(t *testing.T) {
	st, shop := open(t, nil)
	update(t, shop, func(ctx context.Context, tx store.Tx) error {
		for _, id := range []catalog.ID{"1", "2", "3"} {
			_, err := tx.Products().Save(ctx, catalog.Product{ID: id, SKU: "S" + catalog.SKU(id)})
			require.NoError(t, err)
			_, err = tx.Products().SaveAvailability(ctx, catalog.Availability{Product: id})
			require.NoError(t, err)
		}
		return nil
	})
	loads := map[string]int{}
	counted, ok := engine.Inject(st, func(point string) error { loads[point]++; return nil })
	require.True(t, ok)
	shop = tenantOf(t, counted)
	require.NoError(t, shop.View(t.Context(), func(ctx context.Context, tx store.Tx) error {
		require.NoError(t, tx.Prefetch(ctx, uow.Ref{Kind: catalog.DocKind, ID: "1"}, uow.Ref{Kind: catalog.DocKind, ID: "none"},
			uow.Ref{Kind: catalog.AvailabilityKind, ID: "1"}, uow.Ref{Kind: "strange", ID: "1"}, uow.Ref{Kind: catalog.DocKind, ID: "\xff"}))
		require.Equal(t, 1, loads[engine.AtLoad])
		_, err := tx.Products().Get(ctx, "1")
		require.NoError(t, err)
		_, err = tx.Products().Get(ctx, "none")
		require.ErrorIs(t, err, catalog.ErrNotFound)
		require.Equal(t, 1, loads[engine.AtLoad], "answered from memory")
		many, err := tx.Products().GetMany(ctx, []catalog.ID{"3", "1", "3", "none", "a\x00"})
		require.NoError(t, err)
		require.Len(t, many, 2)
		stock, err := tx.Products().Availability(ctx, []catalog.ID{"1", "2"})
		require.NoError(t, err)
		require.Len(t, stock, 2)
		require.Equal(t, 3, loads[engine.AtLoad])
		found, err := tx.Products().BySKU(ctx, []catalog.SKU{"S2", "S2", "none", "\xff"})
		require.NoError(t, err)
		require.Len(t, found, 1)
		require.EqualValues(t, "2", found["S2"].ID)
		_, err = tx.Products().Get(ctx, "2")
		require.NoError(t, err)
		require.Equal(t, 3, loads[engine.AtLoad], "a find with documents is remembered")
		return nil
	}))
}

func TestKeys(t *testing.T) {
	_, shop := open(t, nil)
	one, two := sha256.Sum256([]byte("1")), sha256.Sum256([]byte("2"))
	keys := func(fn func(ctx context.Context, k uow.Keys)) {
		t.Helper()
		update(t, shop, func(ctx context.Context, tx store.Tx) error { fn(ctx, tx.Keys()); return nil })
	}
	reserve := func(ctx context.Context, k uow.Keys, input [32]byte, want string) {
		t.Helper()
		prior, err := k.Reserve(ctx, "place", "k", input)
		require.NoError(t, err)
		require.Equal(t, want, string(prior))
		require.Equal(t, want == "", prior == nil)
	}
	keys(func(ctx context.Context, k uow.Keys) {
		require.ErrorIs(t, k.Fulfil(ctx, "place", "k", nil), engine.ErrNoClaim)
		reserve(ctx, k, one, "")
		reserve(ctx, k, one, "")
		_, err := k.Reserve(ctx, "place", "k", two)
		require.ErrorIs(t, err, uow.ErrKeyReused)
	})
	// Committed without a result: bound to its input, free to be taken over.
	keys(func(ctx context.Context, k uow.Keys) {
		_, err := k.Reserve(ctx, "place", "k", two)
		require.ErrorIs(t, err, uow.ErrKeyReused)
		reserve(ctx, k, one, "")
		require.NoError(t, k.Fulfil(ctx, "place", "k", []byte("result")))
		require.ErrorIs(t, k.Fulfil(ctx, "place", "k", []byte("other")), engine.ErrNoClaim)
		reserve(ctx, k, one, "result")
	})
	keys(func(ctx context.Context, k uow.Keys) {
		reserve(ctx, k, one, "result")
		require.ErrorIs(t, k.Fulfil(ctx, "place", "k", []byte("other")), engine.ErrNoClaim)
		_, err := k.Reserve(ctx, "other scope", "k", two)
		require.NoError(t, err)
		require.NoError(t, k.Fulfil(ctx, "other scope", "k", nil))
		for _, bad := range []string{"", string(make([]byte, 256))} {
			_, err = k.Reserve(ctx, "place", bad, one)
			require.ErrorIs(t, err, uow.ErrKeyLong)
		}
		_, err = k.Reserve(ctx, "place", "\xff", one)
		require.ErrorIs(t, err, store.ErrText)
	})
	keys(func(ctx context.Context, k uow.Keys) {
		prior, err := k.Reserve(ctx, "other scope", "k", two)
		require.NoError(t, err)
		require.Equal(t, "null", string(prior), "an empty result is a result")
	})
}

func TestOutbox(t *testing.T) {
	_, shop := open(t, nil)
	noID, noJSON, badText := fact("", "s", 1), fact("5", "s", 1), fact("6", "s\x00", 1)
	noJSON.Data = json.RawMessage("{")
	bare := fact("4", "s2", 1)
	bare.Data, bare.Time = nil, time.Unix(1, 999).UTC()
	update(t, shop, func(ctx context.Context, tx store.Tx) error {
		o := tx.Outbox()
		require.ErrorIs(t, o.Append(ctx, "facts", fact("9", "s", 1), noID), event.ErrIncomplete)
		require.ErrorIs(t, o.Append(ctx, "", fact("9", "s", 1)), event.ErrIncomplete)
		require.ErrorIs(t, o.Append(ctx, "facts", noJSON), event.ErrIncomplete)
		require.ErrorIs(t, o.Append(ctx, "facts", badText), store.ErrText)
		require.NoError(t, o.Append(ctx, "facts", fact("1", "s", 1), bare))
		require.ErrorIs(t, o.Append(ctx, "facts", fact("2", "s", 1), fact("1", "s", 1)), event.ErrExists)
		require.ErrorIs(t, o.Append(ctx, "facts", fact("2", "s", 1), fact("2", "s", 1)), event.ErrExists)
		return o.Append(ctx, "erp", fact("1", "s", 1))
	})
	err := shop.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		return tx.Outbox().Append(ctx, "facts", fact("1", "s", 2))
	})
	require.ErrorIs(t, err, event.ErrExists)
	got, err := shop.Queue().Claim(t.Context(), event.Claim{Topic: "facts", Limit: 9, Lease: time.Minute})
	require.NoError(t, err)
	require.Len(t, got, 2, "what was refused left nothing")
	require.Equal(t, "1", got[0].ID)
	require.Equal(t, "null", string(got[1].Data))
	require.Equal(t, time.Unix(1, 0).UTC(), got[1].Time)
}

func TestQueueCallsAreChecked(t *testing.T) {
	_, shop := open(t, nil)
	q, ctx := shop.Queue(), t.Context()
	for _, c := range []event.Claim{{Lease: 1}, {Topic: "x"}, {Topic: "x", Lease: -1}, {Topic: "x", Lease: 1, Limit: -1}} {
		_, err := q.Claim(ctx, c)
		require.ErrorIs(t, err, event.ErrLease)
	}
	_, err := q.Claim(ctx, event.Claim{Topic: "\xff", Lease: 1})
	require.ErrorIs(t, err, store.ErrText)
	require.ErrorIs(t, q.Revive(ctx, "x", "\x00"), event.ErrNoLetter)
	require.ErrorIs(t, q.Drop(ctx, "x", "none"), event.ErrNoLetter)
	_, _, err = q.Dead(ctx, "x", "\xff", 1)
	require.ErrorIs(t, err, uow.ErrPage)

	update(t, shop, func(ctx context.Context, tx store.Tx) error {
		return tx.Outbox().Append(ctx, "x", fact("1", "s", 1))
	})
	got, err := q.Claim(ctx, event.Claim{Topic: "x", Lease: time.Minute})
	require.NoError(t, err)
	require.Len(t, got, 1, "no limit is one")
	require.NoError(t, q.Bury(ctx, got[0], "a\x00b\xff"))
	letters, next, err := q.Dead(ctx, "x", "", 0)
	require.NoError(t, err)
	require.Empty(t, next)
	require.Equal(t, "ab", letters[0].Cause)
	require.ErrorIs(t, q.Done(ctx, got[0]), event.ErrLeaseLost)
	require.ErrorIs(t, q.Retry(ctx, got[0], time.Time{}, ""), event.ErrLeaseLost)
	require.NoError(t, q.Revive(ctx, "x", "1"))
	got, err = q.Claim(ctx, event.Claim{Topic: "x", Lease: time.Minute})
	require.NoError(t, err)
	require.Equal(t, 1, got[0].Attempt)
	require.EqualValues(t, 2, got[0].Token)
}

func TestCartNamesAreUniqueIgnoringCase(t *testing.T) {
	_, shop := open(t, nil)
	add := func(id cart.ID, of partner.ID, name string) error {
		return shop.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Carts().Save(ctx, cart.Cart{ID: id, Partner: of, Name: name})
			return err
		})
	}
	require.NoError(t, add("1", "p", "Café"))
	require.ErrorIs(t, add("2", "p", "CAFE"), cart.ErrExists)
	require.NoError(t, add("2", "q", "CAFE"))
}

func TestJoin(t *testing.T) {
	raw := &recorder{}
	tx, finish := engine.Join(raw, mapping.Bind)
	require.NoError(t, tx.Outbox().Append(t.Context(), "x", fact("1", "s", 1)))
	require.Empty(t, raw.sent)
	require.NoError(t, finish(t.Context()))
	require.Len(t, raw.sent, 1)
	require.ErrorIs(t, finish(t.Context()), uow.ErrDone)
	require.ErrorIs(t, tx.Outbox().Append(t.Context(), "x", fact("2", "s", 1)), uow.ErrDone)

	raw = &recorder{err: errOwn}
	tx, finish = engine.Join(raw, mapping.Bind)
	_, err := tx.Partners().Get(t.Context(), "1")
	require.ErrorIs(t, err, errOwn)
	require.ErrorIs(t, finish(t.Context()), errOwn)
	require.Empty(t, raw.sent)
	require.NoError(t, engine.CheckTenant("de"))
	require.ErrorIs(t, engine.CheckTenant(""), store.ErrTenant)
}
