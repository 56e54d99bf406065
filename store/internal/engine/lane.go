package engine

import (
	"context"
	"sync"

	"github.com/comptoir-go/comptoir/uow"
)

// lanes line up the transactions of a tenant that have failed once.
//
// First runs go side by side. When they meet, on a counter that everybody
// takes, say, all but one fail; run again at once, they would only fail each
// other. So whoever failed runs again in the tenant's lane, one at a time and
// first come, first served: a hot row then costs waiting, not attempts.
type lanes struct{ byTenant sync.Map }

// lane is a place for one.
type lane chan struct{}

func (l *lanes) of(tenant string) lane {
	if have, ok := l.byTenant.Load(tenant); ok {
		return have.(lane)
	}
	have, _ := l.byTenant.LoadOrStore(tenant, make(lane, 1))
	return have.(lane)
}

// take waits for the lane within the patience; the caller gives it back.
func (l lane) take(ctx context.Context, p *patience, cause error) error {
	select {
	case l <- struct{}{}:
		return nil
	case <-p.elapsed.C:
		return uow.ErrBusy.Because(cause)
	case <-ctx.Done():
		return p.given(ctx, cause)
	}
}

func (l lane) give() { <-l }
