package storetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

func inboxCases() []Case {
	return []Case{
		{"inbox/cursor", "a stream's cursor starts at nothing, comes back byte for byte and counts its moves; a stale one is uow.ErrVersion", inboxCursor},
		{"inbox/cursors", "the cursors of a prefix are listed by stream, each once, in pages", inboxCursors},
		{"inbox/atomic", "a cursor commits with the page it stands for: a rollback loses both", inboxAtomic},
		{"inbox/race", "of N readers of one page exactly one applies it, the others get uow.ErrVersion", inboxRace},
		{"inbox/parked", "a parked change comes back as it came to whoever has what it awaits, oldest first, and in pages", inboxParked},
		{"inbox/sequence", "the same change again replaces the parked one unless that is later; Unpark forgets none that is later", inboxSequence},
	}
}

func cursorOf(e *env, t store.Tenanted, of string) event.Cursor {
	e.Helper()
	return read(e, t, func(ctx context.Context, tx store.Tx) (event.Cursor, error) { return tx.Inbox().Cursor(ctx, of) })
}

func inboxCursor(e *env) {
	t := e.tenant()
	move := func(c event.Cursor) error {
		return t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error { return tx.Inbox().Move(ctx, c) })
	}
	e.same(cursorOf(e, t, stream), event.Cursor{Stream: stream}, "the cursor of a stream never read")
	e.is(move(event.Cursor{Stream: stream, Version: 3}), uow.ErrVersion, "a move from a version that never was")
	at := dawn.Add(999 * time.Nanosecond)
	c := event.Cursor{Stream: stream, Value: []byte("\x00\xff{} \"page\" 1"), At: at, Changes: 7}
	e.must(move(c))
	want := c
	want.Version, want.At = 1, cut(at)
	e.same(cursorOf(e, t, stream), want, "the cursor after a move")
	e.same(cursorOf(e, t, "another"), event.Cursor{Stream: "another"}, "the cursor of another stream")
	for _, stale := range []int64{0, 2, 9} {
		c.Version = stale
		e.is(move(c), uow.ErrVersion, fmt.Sprintf("a move from version %d of 1", stale))
	}
	// Bytes are copied in and out, and a value may go back to nothing.
	value := []byte("page 2")
	e.must(move(event.Cursor{Stream: stream, Version: 1, Value: value}))
	clear(value)
	got := cursorOf(e, t, stream)
	e.true(string(got.Value) == "page 2" && got.Version == 2, "the cursor is %+v", got)
	clear(got.Value)
	e.must(move(event.Cursor{Stream: stream, Version: 2}))
	e.same(cursorOf(e, t, stream), event.Cursor{Stream: stream, Version: 3}, "the cursor after it was moved to nothing")
	// Several moves in one transaction, each read back.
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		for n := range 3 {
			if err := moveOn(ctx, tx, fmt.Sprint("page ", n)); err != nil {
				return err
			}
		}
		return nil
	})
	got = cursorOf(e, t, stream)
	e.true(got.Version == 6 && string(got.Value) == "page 2", "the cursor after three moves is %+v", got)
}

func inboxCursors(e *env) {
	t := e.tenant()
	names := []string{"prices", "prices.7", "prices/", "prices/1", "prices/10", "prices/2", "prices/é", "prices0", "stock/1", "Prices/1"}
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		for _, name := range names {
			if err := tx.Inbox().Move(ctx, event.Cursor{Stream: name, Value: []byte(name), At: dawn, Changes: 1}); err != nil {
				return err
			}
		}
		got, err := tx.Inbox().Cursors(ctx, "stock", "", 5)
		e.true(err != nil || len(got) == 1 && got[0].Stream == "stock/1", "in its transaction stock has %+v", got)
		return err
	})
	for _, size := range []int{1, 2, 3, 4, 500} {
		var got []string
		after := ""
		for {
			some := read(e, t, func(ctx context.Context, tx store.Tx) ([]event.Cursor, error) {
				return tx.Inbox().Cursors(ctx, "prices/", after, size)
			})
			for _, c := range some {
				got, after = append(got, c.Stream), c.Stream
				e.same(c, event.Cursor{Stream: c.Stream, Version: 1, Value: []byte(c.Stream), At: dawn, Changes: 1}, "a cursor of a list")
			}
			if len(some) < size {
				break
			}
		}
		e.same(got, []string{"prices/1", "prices/10", "prices/2", "prices/é"}, fmt.Sprintf("the cursors of a prefix in pages of %d", size))
	}
	for _, none := range []string{"prices/1/", "z", "\x00", "\xff"} {
		e.true(len(read(e, t, func(ctx context.Context, tx store.Tx) ([]event.Cursor, error) {
			return tx.Inbox().Cursors(ctx, none, "", 9)
		})) == 0, "%q begins a cursor", none)
	}
	for _, limit := range []int{0, -1, uow.MaxPage + 1} {
		err := t.View(e.ctx, func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Inbox().Cursors(ctx, "prices/", "", limit)
			return err
		})
		e.is(err, uow.ErrPage, fmt.Sprintf("a page of %d cursors", limit))
	}
}

func inboxAtomic(e *env) {
	t := e.tenant()
	e.plant(t)
	before := e.dump(t)
	err := t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(writeAll(ctx, tx), errUndo)
	})
	e.true(errors.Is(err, errUndo), "%v", err)
	e.unchanged(t, before, "after a page that was rolled back")
	// A page that another reader has applied meanwhile is lost with all its
	// changes.
	err = t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
		if err := saveOrder(ctx, tx, sampleOrder(30)); err != nil {
			return err
		}
		return errors.Join(tx.Inbox().Park(ctx, sampleParked(9)), tx.Inbox().Move(ctx, event.Cursor{Stream: stream, Version: 7, Value: []byte("late")}))
	})
	e.is(err, uow.ErrVersion, "a page read from a stale cursor")
	e.unchanged(t, before, "after a page read from a stale cursor")
}

func inboxRace(e *env) {
	t := e.tenant()
	for round := range count(3, 30) {
		from := cursorOf(e, t, stream)
		errs := crowd(count(16, 64), func(i int) error {
			return patient(func() error {
				return t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
					o := sampleOrder(100*round + i)
					if err := saveOrder(ctx, tx, o); err != nil {
						return err
					}
					c := from
					c.Value = []byte(o.ID)
					return tx.Inbox().Move(ctx, c)
				})
			})
		})
		e.onlyOne(errs, uow.ErrVersion, "one page applied by many")
		now := cursorOf(e, t, stream)
		e.true(now.Version == from.Version+1, "the cursor went from %d to %d", from.Version, now.Version)
		ids := read(e, t, ordersInAll)
		e.true(ids == round+1, "%d pages have left %d orders", round+1, ids)
	}
}

func parkedIDs(ps []event.Parked) string {
	var ids []string
	for _, p := range ps {
		ids = append(ids, p.ID)
	}
	return strings.Join(ids, " ")
}

func awaiting(e *env, t store.Tenanted, what string) []event.Parked {
	e.Helper()
	return read(e, t, func(ctx context.Context, tx store.Tx) ([]event.Parked, error) { return tx.Inbox().Awaiting(ctx, what) })
}

func inboxParked(e *env) {
	t := e.tenant()
	for _, bad := range []event.Parked{{}, {ID: "x", Stream: "s"}, {ID: "x", Awaits: "a"}, {Stream: "s", Awaits: "a"}} {
		err := t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error { return tx.Inbox().Park(ctx, bad) })
		e.is(err, event.ErrParked, fmt.Sprintf("parking %+v", bad))
	}
	const n = 9
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		for i := n - 1; i >= 0; i-- {
			if err := tx.Inbox().Park(ctx, sampleParked(i)); err != nil {
				return err
			}
		}
		got, err := tx.Inbox().Awaiting(ctx, "order/1")
		e.true(err != nil || parkedIDs(got) == "deliveries/1 deliveries/4 deliveries/7", "in its transaction order/1 is awaited by %s", parkedIDs(got))
		return err
	})
	got := awaiting(e, t, "order/2")
	e.true(parkedIDs(got) == "deliveries/2 deliveries/5 deliveries/8", "order/2 is awaited by %s", parkedIDs(got))
	e.true(bytes.Equal(got[1].Data, sampleParked(5).Data), "the data came back as %s", got[1].Data)
	e.same(got[1], sampleParked(5), "a parked change")
	waits := func(id string) (p event.Parked, is bool) {
		e.Helper()
		e.view(t, func(ctx context.Context, tx store.Tx) (err error) {
			p, is, err = tx.Inbox().Waits(ctx, id)
			return err
		})
		return p, is
	}
	one, is := waits("deliveries/5")
	e.true(is, "deliveries/5 does not wait")
	e.same(one, sampleParked(5), "a parked change by its id")
	for _, none := range []string{"", "deliveries/", "deliveries/99", "\x00", "\xff"} {
		one, is := waits(none)
		e.true(!is, "%q waits", none)
		e.same(one, event.Parked{}, "what does not wait")
	}
	clear(got[1].Data)
	e.same(awaiting(e, t, "order/2")[1], sampleParked(5), "a parked change after another copy was changed")
	for _, none := range []string{"", "order/9", "order/", "\x00", "\xff"} {
		e.true(len(awaiting(e, t, none)) == 0, "%q is awaited", none)
	}
	for _, size := range []int{1, 4, n, n + 1, 0} {
		rows := read(e, t, func(ctx context.Context, tx store.Tx) ([]event.Parked, error) {
			return paged(size, func(p uow.PageRequest) (page uow.Page[event.Parked], err error) {
				page.Rows, page.Next, err = tx.Inbox().Parked(ctx, p.After, p.Limit)
				return page, err
			})
		})
		e.true(len(rows) == n, "pages of %d hold %d changes, want %d", size, len(rows), n)
		for i, p := range rows {
			e.same(p, sampleParked(i), fmt.Sprintf("change %d in pages of %d", i, size))
		}
	}
	err := t.View(e.ctx, func(ctx context.Context, tx store.Tx) error {
		_, _, err := tx.Inbox().Parked(ctx, "damaged", 5)
		return err
	})
	e.is(err, uow.ErrPage, "a damaged cursor")
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(tx.Inbox().Unpark(ctx, "deliveries/5", 5), tx.Inbox().Unpark(ctx, "deliveries/5", 5),
			tx.Inbox().Unpark(ctx, "never there", 99), tx.Inbox().Unpark(ctx, "\x00", 99))
	})
	_, is = waits("deliveries/5")
	e.true(!is, "deliveries/5 waits after it was applied")
	got = awaiting(e, t, "order/2")
	e.true(parkedIDs(got) == "deliveries/2 deliveries/8", "after one was applied order/2 is awaited by %s", parkedIDs(got))
}

func inboxSequence(e *env) {
	t := e.tenant()
	park := func(sequence int64, awaits string) {
		e.Helper()
		p := sampleParked(1)
		p.Sequence, p.Awaits, p.Data = sequence, awaits, json.RawMessage(fmt.Sprint(sequence))
		e.update(t, func(ctx context.Context, tx store.Tx) error { return tx.Inbox().Park(ctx, p) })
	}
	waits := func(what, want string) {
		e.Helper()
		got := ""
		for _, p := range awaiting(e, t, what) {
			got += string(p.Data)
		}
		e.true(got == want, "%s is awaited by %q, want %q", what, got, want)
	}
	unpark := func(upto int64) {
		e.Helper()
		e.update(t, func(ctx context.Context, tx store.Tx) error { return tx.Inbox().Unpark(ctx, sampleParked(1).ID, upto) })
	}
	park(5, "order/1")
	park(4, "order/2")
	waits("order/1", "5")
	waits("order/2", "")
	park(5, "order/2")
	waits("order/1", "")
	waits("order/2", "5")
	park(6, "order/3")
	waits("order/2", "")
	unpark(5)
	waits("order/3", "6")
	unpark(6)
	waits("order/3", "")
	// Once forgotten, an earlier one may wait again.
	park(1, "order/1")
	waits("order/1", "1")
	// All of it within one transaction.
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		p := sampleParked(1)
		p.Sequence = 9
		in := tx.Inbox()
		return errors.Join(in.Unpark(ctx, p.ID, 1), in.Park(ctx, p), in.Unpark(ctx, p.ID, 8), in.Unpark(ctx, p.ID, 9),
			in.Park(ctx, sampleParked(1)))
	})
	e.same(awaiting(e, t, "order/1"), []event.Parked{sampleParked(1)}, "what waits after parking and unparking in one transaction")
}
