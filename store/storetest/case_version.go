package storetest

import (
	"context"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

func versionCases() []Case {
	return []Case{
		{"version/stale", "Save and Delete are compare-and-swap: a stale version is uow.ErrVersion with the version found, the store unchanged", versionStale},
		{"version/race", "of N savers of one version exactly one wins, the others get uow.ErrVersion with the version found", versionRace},
		{"version/insert_race", "of N inserts of one id exactly one wins, the others get Exists", versionInsertRace},
		{"version/counts", "the version counts the saves, also several in one transaction", versionCounts},
		{"unique/id", "a second insert of an id is the package's ErrExists", uniqueID},
		{"unique/number", "partner, article, invoice and payment numbers, order references, places in a chain, twins in the ERP and a partner's cart names are unique, also under races", uniqueNumber},
		{"unique/missing", "twins and places in a chain are unique only among the documents that have one, which may come, change and go", uniqueMissing},
		{"unique/freed", "a unique text is free again once its holder changed it or was deleted, also within one transaction", uniqueFreed},
		{"unique/order", "saves of one transaction take effect in their order, however they are sent", uniqueOrder},
	}
}

// conflict wants an ErrVersion that names the document and both versions.
func (e *env) conflict(err error, k kind, id string, want, found int64) {
	e.Helper()
	e.is(err, uow.ErrVersion, k.name+" at a stale version")
	data, ok := dataOf[uow.VersionConflict](err)
	e.true(ok, "the conflict carries no uow.VersionConflict: %v", err)
	e.same(data, uow.VersionConflict{Kind: k.name, ID: id, Want: want, Found: found}, "conflict")
}

// put saves a document in an Update of its own.
func (e *env) put(t store.Tenanted, k kind, v any) (any, error) {
	return uow.Do(e.ctx, t, func(ctx context.Context, tx store.Tx) (any, error) { return k.save(ctx, tx, v) })
}

func (e *env) mustPut(t store.Tenanted, k kind, v any) any {
	e.Helper()
	out, err := e.put(t, k, v)
	e.must(err)
	return out
}

// plantAll saves many documents of one kind in one Update.
func plantAll[V any](e *env, t store.Tenanted, k kind, docs []V) {
	e.Helper()
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		for _, v := range docs {
			if _, err := k.save(ctx, tx, v); err != nil {
				return err
			}
		}
		return nil
	})
}

func versionStale(e *env) {
	t := e.tenant()
	for _, k := range kinds() {
		v := k.sample(1)
		id := k.id(v)
		_, err := e.put(t, k, k.at(v, 7))
		e.conflict(err, k, id, 7, 0)
		v = e.mustPut(t, k, v)
		v2 := e.mustPut(t, k, k.edit(v, 2))
		before := e.dump(t)
		for _, stale := range []int64{1, 3, 99} {
			_, err = e.put(t, k, k.edit(k.at(v, stale), 3))
			e.conflict(err, k, id, stale, 2)
			// The same after the document was read in the transaction.
			err = t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
				if _, err := k.get(ctx, tx, id); err != nil {
					return err
				}
				_, err := k.save(ctx, tx, k.edit(k.at(v, stale), 3))
				return err
			})
			e.conflict(err, k, id, stale, 2)
			if k.remove != nil {
				err = t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error { return k.remove(ctx, tx, id, stale) })
				e.conflict(err, k, id, stale, 2)
			}
		}
		e.unchanged(t, before, "after refused saves of a "+k.name)
		if k.remove == nil {
			continue
		}
		e.update(t, func(ctx context.Context, tx store.Tx) error { return k.remove(ctx, tx, id, 2) })
		_, err = e.put(t, k, k.edit(v2, 4))
		e.conflict(err, k, id, 2, 0)
		err = t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error { return k.remove(ctx, tx, id, 2) })
		e.conflict(err, k, id, 2, 0)
	}
}

func versionRace(e *env) {
	t := e.tenant()
	racers := count(16, 64)
	for _, k := range kinds() {
		v := e.mustPut(t, k, k.sample(1))
		for round := range count(2, 20) {
			errs := crowd(racers, func(i int) error {
				return patient(func() error {
					_, err := e.put(t, k, k.edit(v, 100*round+i))
					return err
				})
			})
			winner := -1
			for i, err := range errs {
				if err != nil {
					e.conflict(err, k, k.id(v), k.version(v), k.version(v)+1)
					continue
				}
				e.true(winner < 0, "%s: racers %d and %d both won", k.name, winner, i)
				winner = i
			}
			e.true(winner >= 0, "%s: nobody won: %v", k.name, errs[0])
			got := read(e, t, func(ctx context.Context, tx store.Tx) (any, error) { return k.get(ctx, tx, k.id(v)) })
			v = k.at(k.edit(v, 100*round+winner), k.version(v)+1)
			e.same(got, v, k.name+" after the race")
		}
	}
}

// onlyOne wants exactly one nil and everything else to be want.
func (e *env) onlyOne(errs []error, want *fault.Error, what string) {
	e.Helper()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		e.is(err, want, what)
	}
	e.true(won == 1, "%s: %d won, want exactly 1", what, won)
}

func versionInsertRace(e *env) {
	t := e.tenant()
	for _, k := range kinds() {
		for round := range count(2, 20) {
			errs := crowd(count(16, 64), func(i int) error {
				return patient(func() error {
					_, err := e.put(t, k, k.edit(k.sample(round), i))
					return err
				})
			})
			e.onlyOne(errs, k.exists, k.name+" inserted by many")
		}
	}
}

func versionCounts(e *env) {
	t := e.tenant()
	for _, k := range kinds() {
		v := k.sample(1)
		for want := int64(1); want <= 3; want++ {
			v = e.mustPut(t, k, k.edit(v, int(want)))
			e.true(k.version(v) == want, "%s: save %d returned version %d", k.name, want, k.version(v))
		}
		v = wrote(e, t, func(ctx context.Context, tx store.Tx) (any, error) {
			v := v
			for want := int64(4); want <= 6; want++ {
				var err error
				if v, err = k.save(ctx, tx, k.edit(v, int(want))); err != nil {
					return nil, err
				}
				e.true(k.version(v) == want, "%s: save in one transaction returned version %d, want %d", k.name, k.version(v), want)
			}
			return v, nil
		})
		got := read(e, t, func(ctx context.Context, tx store.Tx) (any, error) { return k.get(ctx, tx, k.id(v)) })
		e.same(got, v, k.name+" after six saves")
		_, err := e.put(t, k, k.at(v, 5))
		e.conflict(err, k, k.id(v), 5, 6)
	}
}
