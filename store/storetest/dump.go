package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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

// dump prints all that a tenant holds, line by line: every document, the
// next number of the series "s", the result under the key ("scope", "key"),
// and how full the topics are. It changes nothing.
func (e *env) dump(t store.Tenanted) string {
	e.Helper()
	var b strings.Builder
	e.view(t, func(ctx context.Context, tx store.Tx) error {
		b.Reset()
		return dumpDocs(ctx, tx, &b)
	})
	err := t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
		n, err := tx.Counters().Next(ctx, "s")
		if err != nil {
			return err
		}
		result, err := tx.Keys().Reserve(ctx, "scope", "key", keyInput)
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "next %d\nkey %q\n", n, result)
		return errUndo
	})
	if !errors.Is(err, errUndo) {
		e.Fatalf("reading counter and key: %v", err)
	}
	for _, topic := range []event.Topic{event.Facts, event.ERP} {
		d, err := t.Queue().Depth(e.ctx, topic)
		e.must(err)
		fmt.Fprintf(&b, "depth %s %d %d\n", topic, d.Waiting, d.Dead)
	}
	return b.String()
}

// keyInput is the input under which dump looks the key up.
var keyInput = [32]byte{1, 2, 3}

func dumpDocs(ctx context.Context, tx store.Tx, b *strings.Builder) error {
	partners, err := all(func(p uow.PageRequest) (uow.Page[partner.Header], error) {
		return tx.Partners().Find(ctx, partner.Query{Page: p})
	})
	if err != nil {
		return err
	}
	for _, h := range partners {
		v, err := tx.Partners().Get(ctx, h.ID)
		if err := line(b, v, err); err != nil {
			return err
		}
	}
	products, err := all(func(p uow.PageRequest) (uow.Page[catalog.Header], error) {
		return tx.Products().Find(ctx, catalog.Query{Page: p})
	})
	if err != nil {
		return err
	}
	for _, h := range products {
		v, err := tx.Products().Get(ctx, h.ID)
		if err := line(b, v, err); err != nil {
			return err
		}
		stock, err := tx.Products().Availability(ctx, []catalog.ID{h.ID})
		if err := line(b, stock, err); err != nil {
			return err
		}
	}
	carts, err := all(func(p uow.PageRequest) (uow.Page[cart.Header], error) {
		return tx.Carts().Find(ctx, cart.Query{Page: p})
	})
	if err != nil {
		return err
	}
	for _, h := range carts {
		v, err := tx.Carts().Get(ctx, h.ID)
		if err := line(b, v, err); err != nil {
			return err
		}
	}
	orders, err := all(func(p uow.PageRequest) (uow.Page[order.Header], error) {
		return tx.Orders().Find(ctx, order.Query{All: true, Sort: order.ByRef, Page: p})
	})
	if err != nil {
		return err
	}
	for _, h := range orders {
		v, err := tx.Orders().Get(ctx, h.ID)
		if err := line(b, v, err); err != nil {
			return err
		}
	}
	return dumpLater(ctx, tx, b)
}

func line(b *strings.Builder, v any, err error) error {
	if err != nil {
		return err
	}
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "%T %s\n", v, text)
	return nil
}

// all reads a list page by page.
func all[H any](page func(uow.PageRequest) (uow.Page[H], error)) ([]H, error) {
	return paged(uow.MaxPage, page)
}

// errEndless stops a list whose cursors never come to an end.
var errEndless = errors.New("the list's pages do not end")

func paged[H any](limit int, page func(uow.PageRequest) (uow.Page[H], error)) ([]H, error) {
	var out []H
	req := uow.PageRequest{Limit: limit}
	for range 25_000 {
		p, err := page(req)
		if err != nil {
			return nil, err
		}
		if size := req.Size(); len(p.Rows) > size || p.Next != "" && len(p.Rows) < size {
			return nil, fmt.Errorf("a page of %d has %d rows and the next cursor %q", size, len(p.Rows), p.Next)
		}
		out = append(out, p.Rows...)
		if p.Next == "" {
			return out, nil
		}
		req.After = p.Next
	}
	return nil, errEndless
}

// drain claims and finishes everything in a topic and returns the events in
// the order of the answers.
func (e *env) drain(t store.Tenanted, topic event.Topic) []event.Event {
	e.Helper()
	var out []event.Event
	for range 10_000 {
		ds, err := t.Queue().Claim(e.ctx, event.Claim{Topic: topic, Limit: 100, Lease: time.Minute})
		e.must(err)
		if len(ds) == 0 {
			return out
		}
		for _, d := range ds {
			out = append(out, d.Event)
			e.must(t.Queue().Done(e.ctx, d))
		}
	}
	e.Fatalf("the topic %s does not run dry", topic)
	return nil
}

// unchanged wants a tenant to hold what it held.
func (e *env) unchanged(t store.Tenanted, before, what string) {
	e.Helper()
	if after := e.dump(t); after != before {
		was, is := strings.Split(before, "\n"), strings.Split(after, "\n")
		e.Fatalf("%s: the store has changed\ngone:\n%s\nnew:\n%s", what, without(was, is), without(is, was))
	}
}

// without prints the lines of a that b has not.
func without(a, b []string) string {
	var out []string
	for _, line := range a {
		if !slices.Contains(b, line) {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}
