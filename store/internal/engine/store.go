package engine

import (
	"context"
	"sync"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// Store is a store.Store over a driver. Stores of the library return it, or
// embed it.
type Store struct {
	d     Driver
	bind  func(*Session) store.Tx
	opts  Options
	gate  *gate
	lanes *lanes
}

// New makes a store of a driver; bind makes the repositories of one
// transaction (mapping.Bind).
func New(d Driver, bind func(*Session) store.Tx, o *Options) *Store {
	return &Store{d: d, bind: bind, opts: o.filled(), gate: newGate(), lanes: new(lanes)}
}

// For implements store.Store.
func (s *Store) For(t access.Tenant) (store.Tenanted, error) {
	if err := CheckTenant(t); err != nil {
		return nil, err
	}
	if s.gate.isClosed() {
		return nil, store.ErrClosed
	}
	return &tenanted{s: s, tenant: string(t)}, nil
}

const maxTenant = 64

func validTenant(t string) bool {
	if t == "" || len(t) > maxTenant {
		return false
	}
	for i := 0; i < len(t); i++ {
		switch c := t[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '.':
		default:
			return false
		}
	}
	return true
}

// Tenants implements store.Store.
func (s *Store) Tenants(ctx context.Context) ([]access.Tenant, error) {
	if err := s.enter(ctx); err != nil {
		return nil, err
	}
	defer s.gate.leave()
	names, err := s.d.Tenants(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]access.Tenant, len(names))
	for i, n := range names {
		out[i] = access.Tenant(n)
	}
	return out, nil
}

// Sweep implements store.Sweeper.
func (s *Store) Sweep(ctx context.Context, before time.Time) (int64, error) {
	if err := s.enter(ctx); err != nil {
		return 0, err
	}
	defer s.gate.leave()
	names, err := s.d.Tenants(ctx)
	if err != nil {
		return 0, err
	}
	var total int64
	for _, name := range names {
		n, err := s.d.SweepKeys(ctx, name, clock.Cut(before))
		total += n
		if err != nil {
			return total, err
		}
	}
	return total, nil
}

// Close implements store.Store. Called from inside a closure it would wait
// for itself.
func (s *Store) Close() error {
	if !s.gate.close() {
		return nil
	}
	return s.d.Close()
}

// enter admits one call; the caller leaves the gate after it.
func (s *Store) enter(ctx context.Context) error {
	if uow.Marked(ctx) {
		return uow.ErrNested
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if !s.gate.enter() {
		return store.ErrClosed
	}
	return nil
}

// tenanted is the store of one tenant.
type tenanted struct {
	s      *Store
	tenant string
}

// Queue implements store.Tenanted.
func (t *tenanted) Queue() event.Queue {
	return &queue{s: t.s, q: t.s.d.Queue(t.tenant)}
}

// gate counts what is running, so that Close can wait for it.
type gate struct {
	mu      sync.Mutex
	running int
	closed  bool
	empty   chan struct{} // closed when closed and running is 0
}

func newGate() *gate { return &gate{empty: make(chan struct{})} }

func (g *gate) isClosed() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.closed
}

func (g *gate) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.running++
	return true
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.running--
	if g.closed && g.running == 0 {
		close(g.empty)
	}
}

// close shuts the gate and waits until nothing runs; only the first call
// does, and answers true.
func (g *gate) close() bool {
	g.mu.Lock()
	if g.closed {
		g.mu.Unlock()
		return false
	}
	g.closed = true
	if g.running == 0 {
		close(g.empty)
	}
	g.mu.Unlock()
	<-g.empty
	return true
}
