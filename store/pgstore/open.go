package pgstore

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/internal/ids"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/store/internal/mapping"
	"github.com/comptoir-go/comptoir/store/internal/sqlgen"
)

// Options tune Open and New; nil and zero fields mean the defaults.
type Options struct {
	// Now is the clock of leases; nil is the machine's.
	Now func() time.Time
	// NewID makes the keys of units of work; nil makes UUIDv7s. They must be
	// unique over all processes, and sort by time.
	NewID func() string
	// MaxConns bounds the pool that Open makes; 0 keeps the connection
	// string's pool_max_conns, or one for each processor, at least 4.
	MaxConns int
	// Wait bounds the wait for a free connection; 0 means 5 seconds. Beyond
	// it: uow.ErrBusy.
	Wait time.Duration
	// Resolve bounds the search for the outcome of a COMMIT whose answer was
	// lost; 0 means 10 seconds. Beyond it: uow.ErrUnknown.
	Resolve time.Duration
	// NoMigrate refuses a database that lacks migrations instead of running
	// them.
	NoMigrate bool
	// AllowBypass takes a role that is a superuser or has BYPASSRLS, which is
	// ErrRole otherwise. The store's statements still name their tenant, but
	// PostgreSQL does not enforce it a second time.
	AllowBypass bool
}

func (o *Options) filled() Options {
	var f Options
	if o != nil {
		f = *o
	}
	f.Now = clock.Or(f.Now)
	f.NewID = ids.Or(f.NewID, f.Now)
	if f.Wait <= 0 {
		f.Wait = 5 * time.Second
	}
	if f.Resolve <= 0 {
		f.Resolve = 10 * time.Second
	}
	return f
}

// Open connects to a database and runs its pending migrations. A connection
// string that cannot be read is ErrDSN, a server that does not answer
// ErrConnection, one that does not let the role in ErrLogin, a role exempt from
// row-level security ErrRole. A database of a later release is store.schema_newer, one with other tables of our names in
// the first schema of the search_path store.schema_taken, both of kind
// Precondition. Closing the store closes its connections.
func Open(ctx context.Context, dsn string, opts *Options) (store.Store, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, ErrDSN
	}
	if opts != nil && opts.MaxConns > 0 {
		cfg.MaxConns = int32(min(opts.MaxConns, 10_000))
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, wrap(err)
	}
	d := newDriver(pool, opts.filled(), true)
	return start(ctx, d)
}

// New makes a store of a pool that the caller keeps: closing the store leaves
// it open. Options.MaxConns does not apply.
func New(ctx context.Context, pool *pgxpool.Pool, opts *Options) (store.Store, error) {
	return start(ctx, newDriver(pool, opts.filled(), false))
}

func start(ctx context.Context, d *driver) (store.Store, error) {
	all, err := sqlgen.Migrations(Migrations())
	if err == nil {
		err = d.checkRole(ctx)
	}
	if err == nil {
		err = d.migrate(ctx, all)
	}
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return engine.New(d, mapping.Cached(), &engine.Options{Now: d.opts.Now}), nil
}

const roleExempt = "select current_user, rolsuper or rolbypassrls from pg_roles where rolname = current_user"

// checkRole refuses a role on which row-level security has no hold.
func (d *driver) checkRole(ctx context.Context) error {
	if d.opts.AllowBypass {
		return nil
	}
	conn, err := d.acquire(ctx)
	if err != nil {
		return err
	}
	defer d.release(conn, rollback)
	var (
		name   string
		exempt bool
	)
	if err := conn.QueryRow(ctx, roleExempt).Scan(&name, &exempt); err != nil {
		return wrap(err)
	}
	if exempt {
		return ErrRole.With("the role %s is a superuser or has BYPASSRLS; connect as another role, or set Options.AllowBypass", name)
	}
	return nil
}
