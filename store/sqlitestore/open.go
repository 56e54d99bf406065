package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	// The driver named "sqlite" of database/sql.
	_ "modernc.org/sqlite"

	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/store/internal/mapping"
	"github.com/comptoir-go/comptoir/store/internal/sqlgen"
)

// Options tune Open; nil and zero fields mean the defaults.
type Options struct {
	// Now is the clock of leases; nil is the machine's.
	Now func() time.Time
	// Wait bounds the wait for the one writer, of this process or another,
	// and for a free reader; 0 means 5 seconds. Beyond it: uow.ErrBusy.
	Wait time.Duration
	// Readers is the number of reading connections; 0 means one for each
	// processor, at least 4.
	Readers int
	// NoMigrate refuses a database that lacks migrations instead of running
	// them.
	NoMigrate bool
}

func (o *Options) filled() Options {
	var f Options
	if o != nil {
		f = *o
	}
	f.Now = clock.Or(f.Now)
	if f.Wait <= 0 {
		f.Wait = 5 * time.Second
	}
	if f.Readers <= 0 {
		f.Readers = max(4, runtime.GOMAXPROCS(0))
	}
	return f
}

// Open opens the store in a file, which is made when it is missing; its
// folder must exist. Pending migrations are run first. A file that cannot be
// opened is ErrDisk, one that is no database ErrCorrupt, one of a later
// release store.schema_newer (kind Precondition); the message begins with the
// path.
func Open(ctx context.Context, path string, opts *Options) (store.Store, error) {
	d, err := open(ctx, path, opts.filled())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return engine.New(d, mapping.Cached(), &engine.Options{Now: d.opts.Now}), nil
}

func open(ctx context.Context, path string, opts Options) (*driver, error) {
	d, err := connect(path, opts)
	if err != nil {
		return nil, err
	}
	if err := d.prepare(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// connect makes a driver without touching the file.
func connect(path string, opts Options) (*driver, error) {
	if path == "" || strings.Contains(path, ":memory:") {
		return nil, ErrPath
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, ErrPath.Because(err)
	}
	// Waiting for another process is done in Go, where it hears the context;
	// SQLite's own wait covers only the moments outside of a transaction.
	const common = "_pragma=busy_timeout(10)&_pragma=temp_store(memory)&_pragma=cache_size(-16000)"
	writer, err := sql.Open("sqlite", address(abs, common+
		"&_txlock=immediate&_pragma=journal_mode(wal)&_pragma=synchronous(full)"))
	if err != nil {
		return nil, wrap(err)
	}
	reader, err := sql.Open("sqlite", address(abs, common+"&_pragma=query_only(1)"))
	if err != nil {
		return nil, errors.Join(wrap(err), writer.Close())
	}
	return &driver{
		opts: opts, writerDB: writer, readerDB: reader,
		writer:  newPool(writer, 1, opts.Wait),
		readers: newPool(reader, opts.Readers, opts.Wait),
		tables:  sqlgen.NewCache(sqlgen.SQLite),
		outbox:  sqlgen.SQLite.Outbox(),
		plain:   sqlgen.SQLite.Plain(),
	}, nil
}

func address(abs, query string) string {
	p := filepath.ToSlash(abs)
	if !strings.HasPrefix(p, "/") {
		p = "/" + p
	}
	u := url.URL{Scheme: "file", Path: p, RawQuery: query}
	return u.String()
}
