package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/store/internal/sqlgen"
	"github.com/comptoir-go/comptoir/uow"
)

type driver struct {
	opts               Options
	writerDB, readerDB *sql.DB
	writer, readers    *pool
	tables             *sqlgen.Cache
	outbox             sqlgen.Outbox
	plain              sqlgen.Plain
	// tenants are those known to be noted.
	tenants sync.Map
}

// Begin implements engine.Driver.
func (d *driver) Begin(ctx context.Context, tenant string, write bool) (engine.Raw, error) {
	if write {
		s, err := d.beginWrite(ctx)
		if err != nil {
			return nil, err
		}
		return &tx{d: d, s: s, home: d.writer, tenant: tenant}, nil
	}
	s, err := d.beginRead(ctx)
	if err != nil {
		return nil, err
	}
	return &tx{d: d, s: s, home: d.readers, tenant: tenant}, nil
}

// The waits between attempts to get the lock that another process holds.
const (
	firstNap = time.Millisecond
	lastNap  = 25 * time.Millisecond
)

// beginWrite takes the writer and the file's lock.
func (d *driver) beginWrite(ctx context.Context) (*session, error) {
	bound := time.NewTimer(d.opts.Wait)
	defer bound.Stop()
	s, err := d.writer.get(ctx)
	if err != nil {
		return nil, err
	}
	for nap := firstNap; ; nap = min(2*nap, lastNap) {
		_, err := s.exec(ctx, "begin immediate")
		if err == nil {
			return s, nil
		}
		if !isBusy(err) {
			s.rollback()
			d.writer.put(s)
			return nil, wrap(err)
		}
		if err := pause(ctx, nap, bound.C); err != nil {
			d.writer.put(s)
			return nil, err
		}
	}
}

// pause waits before the next attempt; the context's end comes before the
// bound's, and the bound's before the pause's.
func pause(ctx context.Context, nap time.Duration, bound <-chan time.Time) error {
	timer := time.NewTimer(nap)
	defer timer.Stop()
	var err error
	select {
	case <-timer.C:
	case <-ctx.Done():
	case <-bound:
		err = uow.ErrBusy
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

func (d *driver) beginRead(ctx context.Context) (*session, error) {
	s, err := d.readers.get(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := s.exec(ctx, "begin"); err != nil {
		s.rollback()
		d.readers.put(s)
		return nil, wrap(err)
	}
	return s, nil
}

// Queue implements engine.Driver.
func (d *driver) Queue(tenant string) event.Queue { return &queue{d: d, tenant: tenant} }

// Tenants implements engine.Driver.
func (d *driver) Tenants(ctx context.Context) ([]string, error) {
	s, err := d.readers.get(ctx)
	if err != nil {
		return nil, err
	}
	defer d.readers.put(s)
	rows, err := s.query(ctx, d.plain.Tenants)
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { _ = rows.Close() }()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, wrap(err)
		}
		names = append(names, name)
	}
	return names, wrap(rows.Err())
}

// SweepKeys implements engine.Driver.
func (d *driver) SweepKeys(ctx context.Context, tenant string, before time.Time) (n int64, err error) {
	err = (&queue{d: d, tenant: tenant}).write(ctx, func(s *session) (err error) {
		n, err = s.exec(ctx, d.plain.Sweep, tenant, before.UnixMicro())
		return err
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// Retryable implements engine.Driver: with one writer nothing has to run
// again, and the wait for another process is over when it is reported.
func (d *driver) Retryable(error) bool { return false }

// Close implements engine.Driver. The last connection folds the write-ahead
// log into the file.
func (d *driver) Close() error {
	d.readers.close()
	d.writer.close()
	return wrap(errors.Join(d.readerDB.Close(), d.writerDB.Close()))
}
