package storetest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// pool is how many documents of a kind there are at most.
const pool = 6

// varied makes the next content of a document.
func (d *duel) varied(k kind, n int) any {
	d.n++
	switch v := k.sample(n).(type) {
	case partner.Partner:
		v.Name, v.Type = someWords(d.r, 2), pick(d.r, partner.Dealer, partner.Studio)
		v.Number = oddNumber(d.r.IntN(2)*pool + n)
		return v
	case catalog.Product:
		v.Tags, v.Online = []string{pick(d.r, "steel", "é")}, d.r.IntN(2) == 0
		v.SKU = catalog.SKU(oddNumber(d.r.IntN(2)*pool + n))
		return v
	case cart.Cart:
		v.Name, v.Default = fmt.Sprint("Küche ", d.r.IntN(2)*pool+n), d.r.IntN(2) == 0
		v.Partner = partner.ID(fmt.Sprint("p", d.r.IntN(2)))
		return v
	case order.Order:
		o := variedOrder(d.r, n)
		o.Ref = order.Ref(oddNumber(d.r.IntN(2)*pool + n))
		o.ERP.ID, o.Files = pick(d.r, "", fmt.Sprint("sale/", d.r.IntN(2)*pool+n)), nil
		return o
	default:
		return d.variedLater(k, v)
	}
}

// acts makes the acts of one transaction against the oracle's present state;
// what it holds is followed, so that most writes are good ones.
func (d *duel) acts() []act {
	d.e.Helper()
	now := map[string]int64{} // the version of each document there is
	key := func(k kind, n int) string { return k.name + "/" + k.id(k.sample(n)) }
	d.e.view(d.oracle, func(ctx context.Context, tx store.Tx) error {
		for _, k := range kinds() {
			for n := range pool {
				if v, err := k.get(ctx, tx, k.id(k.sample(n))); err == nil {
					now[key(k, n)] = k.version(v)
				}
			}
		}
		return nil
	})
	var out []act
	for range 1 + d.r.IntN(6) {
		if d.r.IntN(5) > 1 {
			out = append(out, d.other())
			continue
		}
		k, n := pick(d.r, kinds()...), d.r.IntN(pool)
		id, version := k.id(k.sample(n)), now[key(k, n)]
		switch luck := d.r.IntN(20); {
		case luck == 0: // a stale version or a taken id
			version += int64(pick(d.r, -1, 1))
			if version < 0 {
				version = 3
			}
			v := k.at(d.varied(k, n), version)
			return append(out, act{fmt.Sprint("save stale ", id, " at ", version), saving(k, v)})
		case luck < 5 && k.remove != nil && version > 0:
			delete(now, key(k, n))
			out = append(out, act{fmt.Sprint("delete ", id), func(ctx context.Context, tx store.Tx) (any, error) {
				return nil, k.remove(ctx, tx, id, version)
			}})
		default:
			now[key(k, n)] = version + 1
			out = append(out, act{fmt.Sprint("save ", id, " at ", version), saving(k, k.at(d.varied(k, n), version))})
		}
	}
	return out
}

func saving(k kind, v any) func(context.Context, store.Tx) (any, error) {
	return func(ctx context.Context, tx store.Tx) (any, error) { return k.save(ctx, tx, v) }
}

// other makes an act that is not the saving of a document.
func (d *duel) other() act {
	n := d.r.IntN(pool)
	switch d.r.IntN(12) {
	case 10, 11:
		return d.inbox(n)
	case 0, 1:
		k := pick(d.r, kinds()...)
		id := k.id(k.sample(n))
		return act{"get " + id, func(ctx context.Context, tx store.Tx) (any, error) { return k.get(ctx, tx, id) }}
	case 2:
		d.n++
		topic := pick(d.r, event.Facts, event.ERP)
		ev := sampleEvent(fmt.Sprint("order/", n), int64(d.r.IntN(1000)))
		ev.ID = fmt.Sprint("e", d.n-d.r.IntN(20)/19)
		ev.Time = dawn.Add(time.Duration(d.r.IntN(3)) * time.Second)
		return act{"append " + ev.ID, func(ctx context.Context, tx store.Tx) (any, error) {
			return nil, tx.Outbox().Append(ctx, topic, ev)
		}}
	case 3:
		series := pick(d.r, "s", "other")
		return act{"next " + series, func(ctx context.Context, tx store.Tx) (any, error) { return tx.Counters().Next(ctx, series) }}
	case 4:
		name, input := fmt.Sprint("k", d.r.IntN(12)), d.r.IntN(3)/2
		return act{fmt.Sprint("once ", name, input), func(ctx context.Context, tx store.Tx) (any, error) {
			return uow.Once(ctx, tx.Keys(), "random", name, input, func() (int64, error) { return tx.Counters().Next(ctx, "keys") })
		}}
	case 5:
		var refs []uow.Ref
		for _, k := range kinds() {
			refs = append(refs, uow.Ref{Kind: k.name, ID: k.id(k.sample(n))})
		}
		return act{"prefetch", func(ctx context.Context, tx store.Tx) (any, error) { return nil, tx.Prefetch(ctx, refs...) }}
	default:
		return d.list(n)
	}
}

// list makes a random list or look-up by number.
func (d *duel) list(n int) act {
	limit := pick(d.r, 1, 2, 0, uow.MaxPage)
	switch d.r.IntN(11) {
	case 7, 8, 9, 10:
		return d.listLater(n, limit)
	case 0:
		q := partner.Query{Words: pick(d.r, "", beginnings(d.r)), Type: pick(d.r, "", partner.Dealer), Number: pick(d.r, "", "", oddNumber(n))}
		return act{fmt.Sprintf("partners %+v", q), func(ctx context.Context, tx store.Tx) (any, error) {
			return paged(limit, func(p uow.PageRequest) (uow.Page[partner.Header], error) {
				q.Page = p
				return tx.Partners().Find(ctx, q)
			})
		}}
	case 1:
		q := catalog.Query{SKUPrefix: pick(d.r, "", "a", "É"), Tag: pick(d.r, "", "steel"), Online: pick(d.r, nil, new(true))}
		return act{fmt.Sprintf("products %+v", q), func(ctx context.Context, tx store.Tx) (any, error) {
			return paged(limit, func(p uow.PageRequest) (uow.Page[catalog.Header], error) {
				q.Page = p
				return tx.Products().Find(ctx, q)
			})
		}}
	case 2:
		q := cart.Query{Partner: pick[partner.ID](d.r, "", "p0", "p1"), Name: pick(d.r, "", fmt.Sprint("kuche ", n)), Default: pick(d.r, nil, new(true))}
		return act{fmt.Sprintf("carts %+v", q), func(ctx context.Context, tx store.Tx) (any, error) {
			return paged(limit, func(p uow.PageRequest) (uow.Page[cart.Header], error) {
				q.Page = p
				return tx.Carts().Find(ctx, q)
			})
		}}
	case 3:
		skus := []catalog.SKU{catalog.SKU(oddNumber(n)), catalog.SKU(oddNumber(n + pool)), "none"}
		return act{fmt.Sprint("by sku ", skus), func(ctx context.Context, tx store.Tx) (any, error) { return tx.Products().BySKU(ctx, skus) }}
	case 4:
		ref := order.Ref(oddNumber(n))
		return act{fmt.Sprint("by ref ", ref), func(ctx context.Context, tx store.Tx) (any, error) { return tx.Orders().ByRef(ctx, ref) }}
	default:
		var q order.Query
		filters := orderFilters([]order.Order{sampleOrder(n), sampleOrder(0)})
		names := slices.Sorted(maps.Keys(filters))
		for range d.r.IntN(3) {
			filters[names[d.r.IntN(len(names))]](d.r, &q)
		}
		return act{fmt.Sprintf("orders %+v", q), func(ctx context.Context, tx store.Tx) (any, error) {
			totals := ""
			rows, err := paged(limit, func(p uow.PageRequest) (uow.Page[order.Header], error) {
				q.Page, q.Page.Count = p, p.After == ""
				page, err := tx.Orders().Find(ctx, q)
				if page.Total != nil {
					totals += fmt.Sprint(*page.Total)
				}
				return page, err
			})
			return []any{rows, totals}, err
		}}
	}
}

// queue makes one call of the queue on both sides.
func (d *duel) queue() {
	d.e.Helper()
	topic := pick(d.r, event.Facts, event.ERP)
	o, q, ctx := d.oracle.Queue(), d.engine.Queue(), d.e.ctx
	same := func(what string, got, want any, err, wantErr error) {
		d.e.Helper()
		d.e.true(code(err) == code(wantErr), "%s: got error %v, the oracle %v", what, err, wantErr)
		d.e.same(got, want, what)
	}
	switch d.r.IntN(9) {
	case 0, 1, 2:
		c := event.Claim{Topic: topic, Limit: d.r.IntN(4), Lease: time.Duration(1+d.r.IntN(60)) * time.Second}
		want, wantErr := o.Claim(ctx, c)
		got, err := q.Claim(ctx, c)
		for i := range min(len(want), len(got)) {
			d.held = append(d.held, held{want[i], got[i]})
		}
		same(fmt.Sprintf("%+v", c), tokenless(got), tokenless(want), err, wantErr)
	case 3, 4, 5:
		if len(d.held) == 0 {
			return
		}
		i := d.r.IntN(len(d.held))
		h := d.held[i]
		if d.r.IntN(4) > 0 {
			d.held = slices.Delete(d.held, i, i+1)
		}
		at := d.e.clock.now().Add(time.Duration(d.r.IntN(30)-5) * time.Second)
		switch d.r.IntN(4) {
		case 0:
			same("Done "+h.oracle.ID, nil, nil, q.Done(ctx, h.engine), o.Done(ctx, h.oracle))
		case 1:
			same("Retry "+h.oracle.ID, nil, nil, q.Retry(ctx, h.engine, at, "again"), o.Retry(ctx, h.oracle, at, "again"))
		case 2:
			same("Release "+h.oracle.ID, nil, nil, q.Release(ctx, h.engine, at, "later"), o.Release(ctx, h.oracle, at, "later"))
		default:
			same("Bury "+h.oracle.ID, nil, nil, q.Bury(ctx, h.engine, "no"), o.Bury(ctx, h.oracle, "no"))
		}
	case 6:
		want, _, wantErr := o.Dead(ctx, topic, "", 500)
		got, _, err := q.Dead(ctx, topic, "", 500)
		same("Dead", got, want, err, wantErr)
		if len(want) == 0 {
			return
		}
		id := want[d.r.IntN(len(want))].ID
		if d.r.IntN(3) == 0 {
			same("Drop "+id, nil, nil, q.Drop(ctx, topic, id), o.Drop(ctx, topic, id))
			return
		}
		same("Revive "+id, nil, nil, q.Revive(ctx, topic, id), o.Revive(ctx, topic, id))
	case 7:
		want, wantErr := o.Depth(ctx, topic)
		got, err := q.Depth(ctx, topic)
		same("Depth", got, want, err, wantErr)
	default:
		d.e.clock.add(time.Duration(d.r.IntN(40)) * time.Second)
	}
}

// tokenless leaves out what an engine numbers in its own way.
func tokenless(ds []event.Delivery) string {
	var b strings.Builder
	for _, x := range ds {
		x.Token = 0
		fmt.Fprintf(&b, "%+v %s\n", x, x.Data)
	}
	return b.String()
}
