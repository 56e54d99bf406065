package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

func outboxCases() []Case {
	return []Case{
		{"outbox/atomic", "events reach the queue exactly when their transaction commits, and never when it does not", outboxAtomic},
		{"outbox/fields", "every field of an event comes back as it went in, its data byte for byte", outboxFields},
		{"outbox/incomplete", "an event without id, type, subject or schema, or with data that is not JSON, is refused with all the others of the call", outboxIncomplete},
		{"outbox/duplicate", "an id is taken once per topic, as long as its event is unfinished or dead", outboxDuplicate},
		{"queue/subject_order", "of each subject only the first unfinished event is handed out, by version and index", queueSubjectOrder},
		{"queue/sibling", "while an event of a subject is leased no other is handed out, not even a revived or late one that comes before it", queueSibling},
		{"queue/claim_order", "subjects that became due together are served oldest event first, up to the limit", queueClaimOrder},
		{"queue/turn", "whoever has been due for longest goes first: many old events that are retried again and again keep none from its turn", queueTurn},
		{"queue/topics", "topics do not mix", queueTopics},
		{"queue/oldest", "the depth tells the time of the oldest unfinished event, leased or not, and of no dead letter", queueOldest},
		{"queue/race", "of many workers on many subjects each event is handed to one worker, in order within its subject", queueRace},
	}
}

func (e *env) emit(t store.Tenanted, topic event.Topic, events ...event.Event) {
	e.Helper()
	e.update(t, func(ctx context.Context, tx store.Tx) error { return tx.Outbox().Append(ctx, topic, events...) })
}

func (e *env) claim(t store.Tenanted, topic event.Topic, limit int) []event.Delivery {
	e.Helper()
	ds, err := t.Queue().Claim(e.ctx, event.Claim{Topic: topic, Limit: limit, Lease: time.Minute})
	e.must(err)
	return ds
}

func (e *env) claimOne(t store.Tenanted, topic event.Topic) event.Delivery {
	e.Helper()
	ds := e.claim(t, topic, 1)
	e.true(len(ds) == 1, "claimed %d events, want 1", len(ds))
	return ds[0]
}

func (e *env) nothingDue(t store.Tenanted, topic event.Topic, what string) {
	e.Helper()
	ds := e.claim(t, topic, 10)
	e.true(len(ds) == 0, "%s: claimed %v, want nothing", what, eventIDs(ds))
}

func (e *env) depth(t store.Tenanted, topic event.Topic, want event.Depth) {
	e.Helper()
	got, err := t.Queue().Depth(e.ctx, topic)
	e.must(err)
	got.Oldest = want.Oldest
	e.same(got, want, "depth of "+string(topic))
}

func eventIDs(ds []event.Delivery) []string {
	out := []string{}
	for _, d := range ds {
		out = append(out, d.ID)
	}
	return out
}

func outboxAtomic(e *env) {
	t := e.tenant()
	queue := t.Queue()
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Outbox().Append(ctx, event.Facts, sampleEvent("order/1", 1)); err != nil {
			return err
		}
		// A list sends what is buffered; even then nobody else sees it.
		if err := saveOrder(ctx, tx, sampleOrder(1)); err != nil {
			return err
		}
		if _, err := ordersInAll(ctx, tx); err != nil {
			return err
		}
		finish := e.meanwhile(func() error {
			d, err := queue.Depth(e.ctx, event.Facts)
			if err == nil && d.Waiting != 0 {
				err = fmt.Errorf("%d events are in the queue before the commit", d.Waiting)
			}
			ds, err2 := queue.Claim(e.ctx, event.Claim{Topic: event.Facts, Lease: time.Minute})
			switch {
			case len(ds) != 0:
				err2 = fmt.Errorf("event %s was claimed before the commit", ds[0].ID)
			case errors.Is(err2, uow.ErrBusy):
				err2 = nil // an engine of one writer cannot claim meanwhile
			}
			return errors.Join(err, err2)
		})
		finish()
		return nil
	})
	e.depth(t, event.Facts, event.Depth{Waiting: 1})
	for _, end := range []string{"error", "panic", "refusal"} {
		func() {
			defer func() { _ = recover() }()
			err := t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
				if err := tx.Outbox().Append(ctx, event.Facts, sampleEvent("order/2", 1)); err != nil {
					return err
				}
				switch end {
				case "panic":
					panic("as the test wants")
				case "refusal":
					return saveOrder(ctx, tx, sampleOrder(1))
				}
				return errUndo
			})
			e.true(err != nil, "the Update with the %s went through", end)
		}()
		e.depth(t, event.Facts, event.Depth{Waiting: 1})
	}
	d := e.claimOne(t, event.Facts)
	e.same(d.Event, sampleEvent("order/1", 1), "event")
	e.must(queue.Done(e.ctx, d))
	e.depth(t, event.Facts, event.Depth{})
	e.nothingDue(t, event.Facts, "after Done")
}

func ordersInAll(ctx context.Context, tx store.Tx) (int, error) {
	rows, err := tx.Orders().Find(ctx, order.Query{All: true})
	return len(rows.Rows), err
}

func outboxFields(e *env) {
	t := e.tenant()
	for salt := 1; salt <= 3; salt++ {
		ev := filled[event.Event](e, salt, 1)
		e.emit(t, event.Facts, ev)
		d := e.claimOne(t, event.Facts)
		e.same(d.Event, settled(ev), "event")
		e.must(t.Queue().Done(e.ctx, d))
	}
	for i, data := range []string{"", "null", "{}", ` {"b" : 1.10, "a":"\u00e9\/" , "a":2}` + "\n", `"` + strings.Repeat("漢", 30_000) + `"`, `12345678901234567890.0100`} {
		ev := sampleEvent("data", int64(i))
		ev.Data = json.RawMessage(data)
		e.emit(t, event.Facts, ev)
		d := e.claimOne(t, event.Facts)
		if data == "" {
			data = "null"
		}
		e.true(string(d.Data) == data, "data %.100q came back as %.100q", data, d.Data)
		e.must(t.Queue().Done(e.ctx, d))
	}
	e.emit(t, "shop.own-topic é", sampleEvent("order/1", 1))
	d := e.claimOne(t, "shop.own-topic é")
	e.true(d.Topic == "shop.own-topic é" && d.Attempt == 1 && d.Token > 0 && d.Cause == "", "delivery %+v", d)
	e.true(d.Until.Equal(e.clock.now().Add(time.Minute)), "the lease ends at %s, want a minute from %s", d.Until, e.clock.now())
}

func outboxIncomplete(e *env) {
	t := e.tenant()
	for what, spoil := range map[string]func(*event.Event){
		"id": func(ev *event.Event) { ev.ID = "" }, "type": func(ev *event.Event) { ev.Type = "" },
		"subject": func(ev *event.Event) { ev.Subject = "" }, "schema": func(ev *event.Event) { ev.Schema = 0 },
		"negative schema": func(ev *event.Event) { ev.Schema = -1 },
		"data":            func(ev *event.Event) { ev.Data = json.RawMessage(`{"a":`) },
	} {
		bad := sampleEvent("order/1", 2)
		spoil(&bad)
		err := t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
			return tx.Outbox().Append(ctx, event.Facts, sampleEvent("order/1", 1), bad)
		})
		e.is(err, event.ErrIncomplete, "an event with a bad "+what)
	}
	err := t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
		return tx.Outbox().Append(ctx, "", sampleEvent("order/1", 1))
	})
	e.is(err, event.ErrIncomplete, "an event without a topic")
	// The closure may go on after the refusal, and nothing of the call stays.
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		bad := sampleEvent("order/1", 2)
		bad.ID = ""
		e.is(tx.Outbox().Append(ctx, event.Facts, sampleEvent("order/1", 1), bad), event.ErrIncomplete, "an event without id")
		return tx.Outbox().Append(ctx, event.Facts)
	})
	e.depth(t, event.Facts, event.Depth{})
}

func outboxDuplicate(e *env) {
	t := e.tenant()
	ev := sampleEvent("order/1", 1)
	again := func(topic event.Topic, evs ...event.Event) error {
		return t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error { return tx.Outbox().Append(ctx, topic, evs...) })
	}
	e.is(again(event.Facts, ev, sampleEvent("order/2", 1), ev), event.ErrExists, "an id twice in one call")
	e.is(t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Outbox().Append(ctx, event.Facts, ev); err != nil {
			return err
		}
		return tx.Outbox().Append(ctx, event.Facts, ev)
	}), event.ErrExists, "an id twice in one transaction")
	e.depth(t, event.Facts, event.Depth{})
	e.must(again(event.Facts, ev))
	e.must(again(event.ERP, ev))
	other := sampleEvent("order/9", 1)
	other.ID = ev.ID
	e.is(again(event.Facts, other), event.ErrExists, "a waiting id under another subject")
	d := e.claimOne(t, event.Facts)
	e.is(again(event.Facts, ev), event.ErrExists, "a claimed id")
	e.must(t.Queue().Bury(e.ctx, d, "no"))
	e.is(again(event.Facts, ev), event.ErrExists, "a dead id")
	e.must(t.Queue().Drop(e.ctx, event.Facts, ev.ID))
	e.must(again(event.Facts, ev))
	errs := crowd(count(8, 32), func(int) error {
		return patient(func() error { return again(event.Facts, sampleEvent("order/3", 1)) })
	})
	e.onlyOne(errs, event.ErrExists, "one event id appended by many")
}

func queueOldest(e *env) {
	t := e.tenant()
	oldest := func(want time.Time, what string) {
		e.Helper()
		d, err := t.Queue().Depth(e.ctx, event.Facts)
		e.must(err)
		e.same(d.Oldest, want, "the oldest "+what)
	}
	oldest(time.Time{}, "of none")
	first, second := sampleEvent("order/1", 1), sampleEvent("order/2", 1)
	first.Time, second.Time = cut(dawn), cut(dawn.Add(-time.Hour))
	e.emit(t, event.Facts, first, second)
	e.emit(t, event.ERP, sampleEvent("order/3", 1))
	oldest(second.Time, "of two")
	for range 2 {
		d := e.claimOne(t, event.Facts)
		oldest(second.Time, "while it is leased")
		if d.ID == second.ID {
			e.must(t.Queue().Bury(e.ctx, d, "no"))
			break
		}
		e.must(t.Queue().Retry(e.ctx, d, e.clock.now().Add(time.Hour), "later"))
	}
	oldest(first.Time, "beside a dead letter")
}
