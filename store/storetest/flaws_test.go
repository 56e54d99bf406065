package storetest_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/store/storetest"
	"github.com/comptoir-go/comptoir/uow"
)

func lostRollback() flaw {
	return flaw{update: func(inner store.Tenanted, ctx context.Context, fn closure) error {
		var kept error
		err := inner.Update(ctx, func(ctx context.Context, tx store.Tx) error {
			kept = fn(ctx, tx)
			return nil
		})
		return errors.Join(kept, err)
	}}
}

func commitOnPanic() flaw {
	return flaw{update: func(inner store.Tenanted, ctx context.Context, fn closure) error {
		var thrown any
		err := inner.Update(ctx, func(ctx context.Context, tx store.Tx) (err error) {
			defer func() { thrown = recover() }()
			return fn(ctx, tx)
		})
		if thrown != nil {
			panic(thrown)
		}
		return err
	}}
}

func sharedValues() flaw {
	shared := &cachingProducts{mu: &sync.Mutex{}, cache: map[catalog.ID]catalog.Product{}}
	return flaw{tx: func(tx store.Tx) store.Tx {
		return parts{Tx: tx, products: &cachingProducts{tx.Products(), shared.mu, shared.cache}}
	}}
}

func noCompare() flaw {
	return onSave(func(ctx context.Context, r partner.Repository, p partner.Partner) (partner.Partner, error) {
		if now, err := r.Get(ctx, p.ID); err == nil && p.Version != 0 {
			p.Version = now.Version
		}
		return r.Save(ctx, p)
	})
}

func mute() flaw {
	return onSave(func(ctx context.Context, r partner.Repository, p partner.Partner) (partner.Partner, error) {
		if now, err := r.Get(ctx, p.ID); p.Version != 0 && (err != nil || now.Version != p.Version) {
			return p, uow.ErrVersion
		}
		return r.Save(ctx, p)
	})
}

func oneTenant() flaw {
	return flaw{tenant: func(access.Tenant) access.Tenant { return "all" }}
}

func unsorted() flaw {
	return flaw{tenants: func(ts []access.Tenant) []access.Tenant {
		slices.Reverse(ts)
		return ts
	}}
}

func earlyEvents() flaw {
	return flaw{update: func(inner store.Tenanted, ctx context.Context, fn closure) error {
		var all []event.Event
		emitted := false
		emit := func() {
			_ = inner.Update(ctx, func(ctx context.Context, tx store.Tx) error { return tx.Outbox().Append(ctx, event.Facts, all...) })
		}
		defer func() {
			if !emitted {
				emit()
			}
		}()
		err := inner.Update(ctx, func(ctx context.Context, tx store.Tx) error {
			return fn(ctx, parts{Tx: tx, outbox: &appending{tx.Outbox(),
				func(ctx context.Context, o event.Outbox, topic event.Topic, evs []event.Event) error {
					all = append(all, evs...)
					return o.Append(ctx, topic, evs...)
				}}})
		})
		emitted = err == nil
		return err
	}}
}

func writableView() flaw {
	return flaw{view: func(inner store.Tenanted, ctx context.Context, fn closure) error { return inner.Update(ctx, fn) }}
}

// movingView reads every list in a View of its own.
func movingView() flaw {
	return flaw{view: func(inner store.Tenanted, ctx context.Context, fn closure) error {
		return inner.View(ctx, func(marked context.Context, tx store.Tx) error {
			return fn(marked, parts{Tx: tx, orders: &findingOrders{tx.Orders(),
				func(_ context.Context, _ order.Repository, q order.Query) (page uow.Page[order.Header], err error) {
					err = inner.View(ctx, func(ctx context.Context, tx store.Tx) error {
						page, err = tx.Orders().Find(ctx, q)
						return err
					})
					return page, err
				}}})
		})
	}}
}

// skew reads from a snapshot and compares versions only of what it writes, as
// snapshot isolation does.
func skew() flaw {
	return flaw{update: func(inner store.Tenanted, ctx context.Context, fn closure) error {
		var saves []partner.Partner
		err := inner.View(ctx, func(ctx context.Context, tx store.Tx) error {
			saves = nil
			return fn(ctx, parts{Tx: tx, partners: &savingPartners{tx.Partners(),
				func(_ context.Context, _ partner.Repository, p partner.Partner) (partner.Partner, error) {
					saves = append(saves, p)
					return p, nil
				}}})
		})
		if err != nil {
			return err
		}
		return inner.Update(ctx, func(ctx context.Context, tx store.Tx) error {
			for _, p := range saves {
				if _, err := tx.Partners().Save(ctx, p); err != nil {
					return err
				}
			}
			return nil
		})
	}}
}

func doubled() flaw {
	return flaw{update: func(inner store.Tenanted, ctx context.Context, fn closure) error {
		var seen []event.Event
		return inner.Update(ctx, func(ctx context.Context, tx store.Tx) error {
			return fn(ctx, parts{Tx: tx, outbox: &appending{tx.Outbox(),
				func(ctx context.Context, o event.Outbox, topic event.Topic, evs []event.Event) error {
					again := slices.Clone(seen)
					for i := range again {
						again[i].ID += "-again"
					}
					seen = append(seen, evs...)
					return o.Append(ctx, topic, slices.Concat(again, evs)...)
				}}})
		})
	}}
}

func stubborn() storetest.Harness {
	h := harness(flaw{})
	h.Inject = func(s store.Store, fn func(string) error) (store.Store, bool) {
		return engine.Inject(s.(broken).Store, func(point string) error {
			if err := fn(point); err != nil {
				return errors.New("for good")
			}
			return nil
		})
	}
	return h
}

func forgetful() storetest.Harness {
	h := harness(flaw{})
	h.Reopen = func(t testing.TB, _ store.Store, o storetest.Options) store.Store { return h.Open(t, o) }
	return h
}

func noFence() flaw {
	var mu sync.Mutex
	newest := map[string]int64{}
	return flaw{queue: func(q event.Queue) event.Queue {
		return &claiming{q,
			func(ctx context.Context, q event.Queue, c event.Claim) ([]event.Delivery, error) {
				ds, err := q.Claim(ctx, c)
				mu.Lock()
				defer mu.Unlock()
				for _, d := range ds {
					newest[d.ID] = d.Token
				}
				return ds, err
			},
			func(ctx context.Context, q event.Queue, d event.Delivery) error {
				mu.Lock()
				d.Token = newest[d.ID]
				mu.Unlock()
				return q.Done(ctx, d)
			}}
	}}
}

func longLease() flaw {
	return flaw{queue: func(q event.Queue) event.Queue {
		return &claiming{Queue: q, claim: func(ctx context.Context, q event.Queue, c event.Claim) ([]event.Delivery, error) {
			c.Lease += time.Millisecond
			return q.Claim(ctx, c)
		}}
	}}
}

func noSubjects() flaw {
	return flaw{
		tx: func(tx store.Tx) store.Tx {
			return parts{Tx: tx, outbox: &appending{tx.Outbox(),
				func(ctx context.Context, o event.Outbox, topic event.Topic, evs []event.Event) error {
					evs = slices.Clone(evs)
					for i := range evs {
						evs[i].Subject += "#" + evs[i].ID
					}
					return o.Append(ctx, topic, evs...)
				}}}
		},
		queue: func(q event.Queue) event.Queue {
			return &claiming{Queue: q, claim: func(ctx context.Context, q event.Queue, c event.Claim) ([]event.Delivery, error) {
				ds, err := q.Claim(ctx, c)
				for i := range ds {
					ds[i].Subject, _, _ = strings.Cut(ds[i].Subject, "#")
				}
				return ds, err
			}}
		},
	}
}

// deadWaits tells the time of a dead letter as that of what waits longest.
func deadWaits() flaw {
	return flaw{queue: func(q event.Queue) event.Queue { return deadToo{q} }}
}

type deadToo struct{ event.Queue }

func (q deadToo) Depth(ctx context.Context, topic event.Topic) (event.Depth, error) {
	d, err := q.Queue.Depth(ctx, topic)
	letters, _, fail := q.Dead(ctx, topic, "", 500)
	for _, l := range letters {
		if l.Time.Before(d.Oldest) {
			d.Oldest = l.Time
		}
	}
	return d, errors.Join(err, fail)
}

// impatient serves what it failed before everybody else.
func impatient() flaw {
	return flaw{queue: func(q event.Queue) event.Queue {
		return &claiming{Queue: q, claim: func(ctx context.Context, q event.Queue, c event.Claim) ([]event.Delivery, error) {
			limit := c.Limit
			c.Limit = 1000
			ds, err := q.Claim(ctx, c)
			slices.SortStableFunc(ds, func(a, b event.Delivery) int { return a.Time.Compare(b.Time) })
			for len(ds) > max(limit, 1) {
				last := ds[len(ds)-1]
				err = errors.Join(err, q.Release(ctx, last, time.Time{}, last.Cause))
				ds = ds[:len(ds)-1]
			}
			return ds, err
		}}
	}}
}

func looseNumbers() flaw {
	var mu sync.Mutex
	last := map[string]int64{}
	return flaw{tx: func(tx store.Tx) store.Tx {
		return parts{Tx: tx, counters: &counting{func(_ context.Context, series string) (int64, error) {
			mu.Lock()
			defer mu.Unlock()
			last[series]++
			return last[series], nil
		}}}
	}}
}

func anyInput() flaw {
	return flaw{tx: func(tx store.Tx) store.Tx { return parts{Tx: tx, keys: &carelessKeys{tx.Keys()}} }}
}

func shortPages() flaw {
	return onFind(func(ctx context.Context, r order.Repository, q order.Query) (uow.Page[order.Header], error) {
		page, err := r.Find(ctx, q)
		if page.Next != "" {
			page.Rows = page.Rows[:len(page.Rows)-1]
		}
		return page, err
	})
}

func blind() flaw {
	return onFind(func(ctx context.Context, r order.Repository, q order.Query) (uow.Page[order.Header], error) {
		q.Direct, q.All = nil, true
		return r.Find(ctx, q)
	})
}

func forgottenField() flaw {
	return onSave(func(ctx context.Context, r partner.Repository, p partner.Partner) (partner.Partner, error) {
		p.Contracts = slices.Clone(p.Contracts)
		for i := range p.Contracts {
			p.Contracts[i].Until = partner.Date{}
		}
		return r.Save(ctx, p)
	})
}

func anyText() flaw {
	return onSave(func(ctx context.Context, r partner.Repository, p partner.Partner) (partner.Partner, error) {
		p.Region = strings.ReplaceAll(strings.ToValidUTF8(p.Region, "?"), "\x00", "?")
		return r.Save(ctx, p)
	})
}

func unmarked() flaw {
	return flaw{view: func(inner store.Tenanted, _ context.Context, fn closure) error {
		return inner.View(context.Background(), fn)
	}}
}

func neverClosed() flaw {
	return flaw{close: func(store.Store) error { return nil }}
}
