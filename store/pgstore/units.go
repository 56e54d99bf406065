package pgstore

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/comptoir-go/comptoir/internal/ids"
	"github.com/comptoir-go/comptoir/uow"
)

const (
	insertUnit = "insert into comptoir_units (tenant, id) values ($1, $2)"
	voidUnit   = "insert into comptoir_units (tenant, id, void) values ($1, $2, true) on conflict (tenant, id) do nothing"
	readUnit   = "select void from comptoir_units where tenant = $1 and id = $2"
	dropUnits  = "delete from comptoir_units where tenant = $1 and id = any($2)"
	dropOld    = "delete from comptoir_units where tenant = $1 and id < $2"
)

// units removes the keys of units of work whose outcome is known. They are
// removed many at a time, in transactions of their own: within the serializable
// one the delete would be a read, and collide with everybody else's inserts.
type units struct {
	d    *driver
	mu   sync.Mutex
	done map[string][]string // by tenant
	n    int
}

const (
	// unitsKept is how many known keys wait for their removal.
	unitsKept = 256
	// unitsAge is when the keys of a process that died are removed. It is far
	// longer than Options.Resolve and any network's memory.
	unitsAge = 24 * time.Hour
)

// known notes that a unit's outcome has been told, and sweeps now and then.
func (u *units) known(tenant, id string) {
	u.mu.Lock()
	if u.done == nil {
		u.done = make(map[string][]string)
	}
	u.done[tenant] = append(u.done[tenant], id)
	u.n++
	full := u.n >= unitsKept
	var batch map[string][]string
	if full {
		batch = u.take()
	}
	u.mu.Unlock()
	if full {
		u.d.loose.Add(1)
		go func() {
			defer u.d.loose.Done()
			u.drop(context.Background(), batch)
		}()
	}
}

func (u *units) take() map[string][]string {
	batch := u.done
	u.done, u.n = nil, 0
	return batch
}

// sweep removes what is known.
func (u *units) sweep(ctx context.Context) {
	u.mu.Lock()
	batch := u.take()
	u.mu.Unlock()
	u.drop(ctx, batch)
}

// drop is a nicety: keys that it cannot remove are removed a day later.
func (u *units) drop(ctx context.Context, batch map[string][]string) {
	ctx, cancel := context.WithTimeout(ctx, endWait)
	defer cancel()
	for tenant, keys := range batch {
		_ = u.exec(ctx, tenant, dropUnits, tenant, keys)
	}
}

// dropOld removes what processes that died have left of a tenant.
func (u *units) dropOld(tenant string) {
	u.d.loose.Add(1)
	go func() {
		defer u.d.loose.Done()
		ctx, cancel := context.WithTimeout(context.Background(), endWait)
		defer cancel()
		_ = u.exec(ctx, tenant, dropOld, tenant, ids.V7(u.d.opts.Now().Add(-unitsAge)))
	}()
}

func (u *units) exec(ctx context.Context, tenant, sql string, args ...any) error {
	return u.d.short(ctx, tenant, func(b *pgx.Batch) { b.Queue(sql, args...) },
		func(br pgx.BatchResults) error { _, err := br.Exec(); return err })
}

// resolve finds out whether a unit of work was committed, on connections of
// its own. The insert waits for a transaction that is still deciding; where it
// finds none it takes the key away from it. When no connection answers in
// time the outcome is uow.ErrUnknown.
func (u *units) resolve(ctx context.Context, tenant, id string) (committed bool, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), u.d.opts.Resolve)
	defer cancel()
	for nap := 5 * time.Millisecond; ; nap = min(2*nap, 250*time.Millisecond) {
		void, err := u.settle(ctx, tenant, id)
		if err == nil {
			return !void, nil
		}
		select {
		case <-time.After(nap):
		case <-ctx.Done():
			return false, uow.ErrUnknown.Because(wrap(err))
		}
	}
}

func (u *units) settle(ctx context.Context, tenant, id string) (void bool, err error) {
	err = u.d.short(ctx, tenant, func(b *pgx.Batch) {
		b.Queue(voidUnit, tenant, id)
		b.Queue(readUnit, tenant, id)
	}, func(br pgx.BatchResults) error {
		if _, err := br.Exec(); err != nil {
			return err
		}
		return br.QueryRow().Scan(&void)
	})
	return void, err
}
