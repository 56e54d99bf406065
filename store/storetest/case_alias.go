package storetest

import (
	"context"
	"reflect"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store"
)

func aliasCases() []Case {
	return []Case{
		{"alias/documents", "documents are copied in and out: changing what went in or came out changes nothing stored, nor what the same transaction reads again", aliasDocuments},
		{"alias/lists", "maps and headers that lists and many-document reads return are the caller's own", aliasLists},
		{"alias/events", "event data and key results are copied in and out", aliasEvents},
	}
}

// spoil overwrites everything that other copies of v could share with it.
func spoil(v any) {
	x := reflect.New(reflect.TypeOf(v)).Elem()
	x.Set(reflect.ValueOf(v))
	scramble(x, false)
}

func aliasDocuments(e *env) {
	t := e.tenant()
	for _, k := range kinds() {
		in, want := k.full(e, 1, 2), k.at(k.settle(k.full(e, 1, 2)), 1)
		id := k.id(in)
		e.update(t, func(ctx context.Context, tx store.Tx) error {
			out, err := k.save(ctx, tx, in)
			if err != nil {
				return err
			}
			spoil(in)
			e.same(out, want, k.name+" that Save returned, after its input was changed")
			for range 3 {
				got, err := k.get(ctx, tx, id)
				if err != nil {
					return err
				}
				e.same(got, want, k.name+" read again in its transaction, after earlier copies were changed")
				spoil(got)
				spoil(out)
			}
			// For a second run of the closure.
			in = k.full(e, 1, 2)
			return nil
		})
		spoil(in)
		e.view(t, func(ctx context.Context, tx store.Tx) error {
			for range 3 {
				got, err := k.get(ctx, tx, id)
				if err != nil {
					return err
				}
				e.same(got, want, k.name+" read twice in a later transaction")
				spoil(got)
			}
			return nil
		})
		got := read(e, t, func(ctx context.Context, tx store.Tx) (any, error) { return k.get(ctx, tx, id) })
		e.same(got, want, k.name+" read after every copy was changed")
	}
}

func aliasLists(e *env) {
	t := e.tenant()
	g := filled[catalog.Product](e, 1, 2)
	g.Version = 0
	a := filled[catalog.Availability](e, 2, 2)
	a.Version, a.Product = 0, g.ID
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.Products().Save(ctx, g); err != nil {
			return err
		}
		_, err := tx.Products().SaveAvailability(ctx, a)
		return err
	})
	want, stock := settled(filled[catalog.Product](e, 1, 2)), settled(a)
	want.Version, stock.Version = 1, 1
	look := func(ctx context.Context, tx store.Tx) error {
		for range 2 {
			many, err := tx.Products().GetMany(ctx, []catalog.ID{g.ID, "missing", g.ID})
			if err != nil {
				return err
			}
			e.same(many, map[catalog.ID]catalog.Product{g.ID: want}, "GetMany")
			spoil(many[g.ID])
			clear(many)
			skus, err := tx.Products().BySKU(ctx, []catalog.SKU{g.SKU, "missing"})
			if err != nil {
				return err
			}
			e.same(skus, map[catalog.SKU]catalog.Product{g.SKU: want}, "BySKU")
			spoil(skus[g.SKU])
			clear(skus)
			stocks, err := tx.Products().Availability(ctx, []catalog.ID{g.ID, "missing"})
			if err != nil {
				return err
			}
			e.same(stocks, map[catalog.ID]catalog.Availability{g.ID: stock}, "Availability")
			clear(stocks)
			page, err := tx.Products().Find(ctx, catalog.Query{})
			if err != nil {
				return err
			}
			e.true(len(page.Rows) == 1, "Find has %d rows, want 1", len(page.Rows))
			e.same(page.Rows[0].Names, want.Names, "names in a list")
			spoil(page.Rows[0])
		}
		return nil
	}
	e.view(t, look)
	e.update(t, look)
	e.view(t, look)
}

func aliasEvents(e *env) {
	t := e.tenant()
	result := []byte(`{"a":1}`)
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		evs := []event.Event{sampleEvent("order/1", 1)}
		if err := tx.Outbox().Append(ctx, event.Facts, evs...); err != nil {
			return err
		}
		clear(evs[0].Data)
		evs[0] = event.Event{}
		if _, err := tx.Keys().Reserve(ctx, "scope", "key", keyInput); err != nil {
			return err
		}
		mine := append([]byte(nil), result...)
		if err := tx.Keys().Fulfil(ctx, "scope", "key", mine); err != nil {
			return err
		}
		clear(mine)
		return nil
	})
	for range 2 {
		e.update(t, func(ctx context.Context, tx store.Tx) error {
			for range 2 {
				got, err := tx.Keys().Reserve(ctx, "scope", "key", keyInput)
				if err != nil {
					return err
				}
				e.same(string(got), string(result), "result of a key")
				clear(got)
			}
			return nil
		})
	}
	want := sampleEvent("order/1", 1)
	for range 2 {
		d := e.claimOne(t, event.Facts)
		e.same(d.Event, want, "event")
		clear(d.Data)
		e.must(t.Queue().Retry(e.ctx, d, e.clock.now(), "again"))
	}
	d := e.claimOne(t, event.Facts)
	e.must(t.Queue().Bury(e.ctx, d, "enough"))
	for range 2 {
		letters, _, err := t.Queue().Dead(e.ctx, event.Facts, "", 0)
		e.must(err)
		e.true(len(letters) == 1, "there are %d dead letters, want 1", len(letters))
		e.same(letters[0].Event, want, "event of a dead letter")
		clear(letters[0].Data)
	}
}
