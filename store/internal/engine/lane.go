package engine

import (
	"context"
	"errors"
	"sync"

	"github.com/comptoir-go/comptoir/uow"
)

// lanes line up the transactions of a tenant that have failed once.
//
// First runs go side by side. When they meet, on a counter that everybody
// takes, say, all but one fail; run again at once, they would only fail each
// other. So whoever failed runs again in the tenant's lane, one at a time and
// first come, first served. And as long as somebody stands in the lane for a
// counter, a first run that comes to the same counter lines up behind instead
// of getting in the way: it has only read so far. A hot row then costs
// waiting, not attempts.
type lanes struct{ byTenant sync.Map }

func (l *lanes) of(tenant string) *lane {
	if have, ok := l.byTenant.Load(tenant); ok {
		return have.(*lane)
	}
	have, _ := l.byTenant.LoadOrStore(tenant, &lane{place: make(chan struct{}, 1)})
	return have.(*lane)
}

type lane struct {
	place chan struct{} // holds whoever runs

	mu      sync.Mutex
	waiting int // whoever runs included
	hot     map[string]struct{}
}

// errLineUp ends a first run that came to a counter others stand in line for.
var errLineUp = errors.New("engine: lined up for a counter")

// take waits for the lane within the patience; the caller gives it back. The
// series are those that the failed run had taken a number of.
func (l *lane) take(ctx context.Context, p *patience, cause error, series []string) error {
	l.mu.Lock()
	l.waiting++
	for _, s := range series {
		if l.hot == nil {
			l.hot = make(map[string]struct{})
		}
		l.hot[s] = struct{}{}
	}
	l.mu.Unlock()
	var err error
	select {
	case l.place <- struct{}{}:
		return nil
	case <-p.elapsed.C:
		err = uow.ErrBusy.Because(cause)
	case <-ctx.Done():
		err = ctx.Err()
	}
	l.leave()
	return err
}

func (l *lane) give() {
	<-l.place
	l.leave()
}

func (l *lane) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waiting--; l.waiting == 0 {
		l.hot = nil
	}
}

// isHot reports whether somebody stands in line for a counter.
func (l *lane) isHot(series string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, ok := l.hot[series]
	return ok
}
