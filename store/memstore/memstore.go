package memstore

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/store/internal/mapping"
	"github.com/comptoir-go/comptoir/uow"
)

// Options tune New; nil and zero fields mean the defaults.
type Options struct {
	// Now is the clock of leases and dead letters; nil is the machine's.
	Now func() time.Time
	// Wait bounds how long an Update waits for the tenant's writer before it
	// is uow.ErrBusy; 0 means 5 seconds.
	Wait time.Duration
}

const defaultWait = 5 * time.Second

// New makes an empty store.
func New(o *Options) store.Store {
	if o == nil {
		o = &Options{}
	}
	d := &driver{
		shapes:  shapesOf(mapping.Tables()),
		now:     clock.Or(o.Now),
		wait:    o.Wait,
		tenants: make(map[string]*tenant),
	}
	if d.wait <= 0 {
		d.wait = defaultWait
	}
	return engine.New(d, mapping.Cached(), &engine.Options{Now: o.Now})
}

// driver implements engine.Driver.
type driver struct {
	shapes  shapes
	now     func() time.Time
	wait    time.Duration
	mu      sync.Mutex
	tenants map[string]*tenant
}

// tenant is what one tenant holds.
type tenant struct {
	// writer is held by the one open Update.
	writer chan struct{}
	// mu guards what follows; nothing under it waits.
	mu    sync.Mutex
	data  *data // immutable, replaced at commit
	wrote bool
	queue *queue
}

func (d *driver) tenant(name string) *tenant {
	d.mu.Lock()
	defer d.mu.Unlock()
	t := d.tenants[name]
	if t == nil {
		t = &tenant{writer: make(chan struct{}, 1), data: d.shapes.empty()}
		t.queue = &queue{t: t, now: d.now, topics: make(map[event.Topic]*topic)}
		d.tenants[name] = t
	}
	return t
}

// Begin implements engine.Driver.
func (d *driver) Begin(ctx context.Context, name string, write bool) (engine.Raw, error) {
	t := d.tenant(name)
	if write {
		if err := t.lock(ctx, d.wait); err != nil {
			return nil, err
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return &raw{t: t, shapes: d.shapes, write: write, work: t.data.open()}, nil
}

func (t *tenant) lock(ctx context.Context, wait time.Duration) error {
	select {
	case t.writer <- struct{}{}:
		return nil
	default:
	}
	limit := time.NewTimer(wait)
	defer limit.Stop()
	select {
	case t.writer <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-limit.C:
		return uow.ErrBusy.With("another transaction held the tenant for %s", wait)
	}
}

// Queue implements engine.Driver.
func (d *driver) Queue(name string) event.Queue { return d.tenant(name).queue }

// Tenants implements engine.Driver.
func (d *driver) Tenants(context.Context) ([]string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var names []string
	for name, t := range d.tenants {
		t.mu.Lock()
		if t.wrote {
			names = append(names, name)
		}
		t.mu.Unlock()
	}
	slices.Sort(names)
	return names, nil
}

// SweepKeys implements engine.Driver.
func (d *driver) SweepKeys(ctx context.Context, name string, before time.Time) (int64, error) {
	r, err := d.Begin(ctx, name, true)
	if err != nil {
		return 0, err
	}
	w := r.(*raw)
	var old []string
	w.work.keys.m.Scan(func(k string, row keyRow) bool {
		if row.created.Before(before) {
			old = append(old, k)
		}
		return true
	})
	for _, k := range old {
		w.work.keys.edit().Delete(k)
		w.changed = true
	}
	if err := w.Commit(ctx, nil); err != nil {
		return 0, err
	}
	return int64(len(old)), nil
}

// Retryable implements engine.Driver: one writer never collides.
func (d *driver) Retryable(error) bool { return false }

// Close implements engine.Driver.
func (d *driver) Close() error { return nil }
