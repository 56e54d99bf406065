package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

func pageCases() []Case {
	return []Case{
		{"page/sizes", "pages of any size put together are the whole list; 0 means the default", pageSizes},
		{"page/stable", "rows added or removed between pages neither repeat nor hide another row", pageStable},
		{"page/bad", "a damaged or foreign cursor and a bad limit are uow.ErrPage", pageBad},
		{"page/totals", "totals are exact up to uow.MaxCount, beyond it they say that there are more", pageTotals},
	}
}

func pageSizes(e *env) {
	t := e.tenant()
	const n = uow.DefaultPage*2 + 1
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		for i := range n {
			if _, err := tx.Orders().Save(ctx, sampleOrder(i)); err != nil {
				return err
			}
		}
		return nil
	})
	e.view(t, func(ctx context.Context, tx store.Tx) error {
		for _, sort := range []order.Sort{order.NewestFirst, order.OldestFirst, order.ByRef, order.ByRefDesc} {
			var want []order.Header
			for _, limit := range []int{uow.MaxPage, 0, 1, 7, 33, n - 1, n, n + 1} {
				if limit == 1 && sort != order.NewestFirst && !soaking() {
					continue
				}
				rows, err := paged(limit, func(p uow.PageRequest) (uow.Page[order.Header], error) {
					return tx.Orders().Find(ctx, order.Query{Sort: sort, Page: p})
				})
				if err != nil {
					return err
				}
				if want == nil {
					want = rows
					e.true(len(want) == n, "%d rows, want %d", len(want), n)
				}
				e.same(rows, want, fmt.Sprintf("sort %q in pages of %d", sort, limit))
			}
		}
		page, err := tx.Orders().Find(ctx, order.Query{})
		e.true(err != nil || len(page.Rows) == uow.DefaultPage, "a page has %d rows by default", len(page.Rows))
		none, err2 := tx.Orders().Find(ctx, order.Query{Ref: "none", Page: uow.PageRequest{Count: true}})
		e.true(err2 != nil || len(none.Rows) == 0 && none.Next == "" && *none.Total == uow.Total{}, "an empty list is %+v", none)
		if err == nil {
			err = err2
		}
		return err
	})
}

func pageStable(e *env) {
	for _, sort := range []order.Sort{order.NewestFirst, order.OldestFirst, order.ByRef, order.ByRefDesc} {
		t := e.tenant()
		const n = 20
		var docs []order.Order
		for i := range n {
			docs = append(docs, sampleOrder(10*i))
		}
		plantAll(e, t, kinds()[4], docs)
		gone := sampleOrder(10 * (n / 2))
		var seen []order.ID
		req := uow.PageRequest{Limit: 4}
		for pages := 0; ; pages++ {
			page := read(e, t, func(ctx context.Context, tx store.Tx) (uow.Page[order.Header], error) {
				return tx.Orders().Find(ctx, order.Query{Sort: sort, Page: req})
			})
			for _, h := range page.Rows {
				seen = append(seen, h.ID)
			}
			if page.Next == "" {
				break
			}
			req.After = page.Next
			// One row more before and one after the cursor each time; the row
			// that the cursor stands on goes away once.
			e.mustPut(t, kinds()[4], sampleOrder(10*pages+1))
			e.mustPut(t, kinds()[4], sampleOrder(10*(n-pages)-1))
			if pages == 1 {
				gone = sampleOrder(0)
				gone.ID = seen[len(seen)-1]
				e.update(t, func(ctx context.Context, tx store.Tx) error { return tx.Orders().Delete(ctx, gone.ID, 1) })
			}
		}
		for i := range n {
			id := sampleOrder(10 * i).ID
			times := len(slices.DeleteFunc(slices.Clone(seen), func(x order.ID) bool { return x != id }))
			e.true(times == 1, "sort %q: order %s was listed %d times, want once", sort, id, times)
		}
	}
}

func pageBad(e *env) {
	t := e.tenant()
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		for _, k := range kinds() {
			for i := range 4 {
				if _, err := k.save(ctx, tx, k.sample(i)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	yes := true
	lists := map[string]func(context.Context, store.Tx, uow.PageRequest) (string, error){
		"partners": func(ctx context.Context, tx store.Tx, p uow.PageRequest) (string, error) {
			out, err := tx.Partners().Find(ctx, partner.Query{Page: p})
			return out.Next, err
		},
		"partners by type": func(ctx context.Context, tx store.Tx, p uow.PageRequest) (string, error) {
			out, err := tx.Partners().Find(ctx, partner.Query{Type: partner.Dealer, Page: p})
			return out.Next, err
		},
		"products": func(ctx context.Context, tx store.Tx, p uow.PageRequest) (string, error) {
			out, err := tx.Products().Find(ctx, catalog.Query{Page: p})
			return out.Next, err
		},
		"products online": func(ctx context.Context, tx store.Tx, p uow.PageRequest) (string, error) {
			out, err := tx.Products().Find(ctx, catalog.Query{Online: &yes, Page: p})
			return out.Next, err
		},
		"carts": func(ctx context.Context, tx store.Tx, p uow.PageRequest) (string, error) {
			out, err := tx.Carts().Find(ctx, cart.Query{Page: p})
			return out.Next, err
		},
	}
	for _, sort := range []order.Sort{order.NewestFirst, order.OldestFirst, order.ByRef, order.ByRefDesc} {
		lists["orders "+string(sort)] = func(ctx context.Context, tx store.Tx, p uow.PageRequest) (string, error) {
			out, err := tx.Orders().Find(ctx, order.Query{Sort: sort, Page: p})
			return out.Next, err
		}
	}
	try := func(name, after string, limit int) (string, error) {
		return uow.Ask(e.ctx, t, func(ctx context.Context, tx store.Tx) (string, error) {
			return lists[name](ctx, tx, uow.PageRequest{After: after, Limit: limit})
		})
	}
	next := map[string]string{}
	for name := range lists {
		cursor, err := try(name, "", 1)
		e.must(err)
		e.true(cursor != "", "%s have no second page", name)
		next[name] = cursor
	}
	for name := range lists {
		for other, cursor := range next {
			_, err := try(name, cursor, 1)
			if name == other {
				e.must(err)
				continue
			}
			e.is(err, uow.ErrPage, fmt.Sprintf("%s with the cursor of %s", name, other))
		}
		for _, bad := range damaged(next[name]) {
			_, err := try(name, bad, 1)
			e.is(err, uow.ErrPage, fmt.Sprintf("%s with the damaged cursor %.80q", name, bad))
		}
		for _, limit := range []int{-1, uow.MaxPage + 1, 1 << 40} {
			_, err := try(name, "", limit)
			e.is(err, uow.ErrPage, fmt.Sprintf("%s with a limit of %d", name, limit))
		}
	}
}

func damaged(cursor string) []string {
	out := []string{"x", " ", "\x00", "\xff", "null", "e30", "W10", cursor + "A", cursor + "=", " " + cursor, cursor + cursor,
		cursor[:len(cursor)-1], cursor[1:], strings.ToUpper(cursor) + "x", strings.Repeat("A", 1<<20)}
	for i := 0; i < len(cursor); i += 1 + len(cursor)/count(40, 400) {
		swapped := []byte(cursor)
		swapped[i] = 'A'
		if cursor[i] == 'A' {
			swapped[i] = 'B'
		}
		out = append(out, string(swapped))
	}
	return out
}

func pageTotals(e *env) {
	t := e.tenant()
	c := sampleCart(0)
	c.Lines = nil
	add := func(from, to int) {
		e.Helper()
		e.update(t, func(ctx context.Context, tx store.Tx) error {
			for i := from; i < to; i++ {
				c := c
				c.ID, c.Name = cart.ID(fmt.Sprint("c", i)), fmt.Sprint("Cuisine ", i)
				if _, err := tx.Carts().Save(ctx, c); err != nil {
					return err
				}
			}
			return nil
		})
	}
	want := func(want uow.Total) {
		e.Helper()
		page := read(e, t, func(ctx context.Context, tx store.Tx) (uow.Page[cart.Header], error) {
			return tx.Carts().Find(ctx, cart.Query{Partner: c.Partner, Page: uow.PageRequest{Limit: 1, Count: true}})
		})
		e.true(page.Total != nil, "there is no total")
		e.same(*page.Total, want, "total")
	}
	want(uow.Total{})
	add(0, 3)
	want(uow.Total{N: 3})
	for n := 3; n < uow.MaxCount; n = min(n+1000, uow.MaxCount) {
		add(n, min(n+1000, uow.MaxCount))
	}
	want(uow.Total{N: uow.MaxCount})
	add(uow.MaxCount, uow.MaxCount+1)
	want(uow.Total{N: uow.MaxCount, AtLeast: true})
	add(uow.MaxCount+1, uow.MaxCount+50)
	want(uow.Total{N: uow.MaxCount, AtLeast: true})
}
