package trytonerp

import (
	"context"
	"sync"

	"github.com/comptoir-go/comptoir/erp"
)

// keyLocks keep two pushes of one key of this adapter apart, where Tryton has
// no key that it would refuse twice.
type keyLocks struct {
	mu   sync.Mutex
	held map[string]chan struct{}
}

func newKeyLocks() *keyLocks { return &keyLocks{held: map[string]chan struct{}{}} }

// lock waits for the key, or gives up with the context. The caller calls the
// function when it is done.
func (l *keyLocks) lock(ctx context.Context, op erp.Op, key string) (func(), error) {
	for {
		l.mu.Lock()
		busy, ok := l.held[key]
		if !ok {
			mine := make(chan struct{})
			l.held[key] = mine
			l.mu.Unlock()
			return func() {
				l.mu.Lock()
				defer l.mu.Unlock()
				delete(l.held, key)
				close(mine)
			}, nil
		}
		l.mu.Unlock()
		select {
		case <-busy:
		case <-ctx.Done():
			return nil, erp.Unsent(op, ctx.Err())
		}
	}
}
