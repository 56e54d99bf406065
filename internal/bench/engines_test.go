package bench

import (
	"bytes"
	"context"
	"net"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/internal/testpg"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/store/pgstore"
	"github.com/comptoir-go/comptoir/store/sqlitestore"
)

// conns is the size of every pool: the largest number of clients and some.
const conns = 20

// bed is a shop and how to reach its tables by hand.
type bed struct {
	*shop
	// file is SQLite's, dsn PostgreSQL's.
	file, dsn string
	wire      *wire
	pool      *pgxpool.Pool
}

// settle does what the server does by itself a minute later: it gathers the
// statistics of what was just loaded.
func (s *bed) settle() {
	if s.pool != nil {
		_, err := s.pool.Exec(s.ctx, "analyze")
		require.NoError(s.b, err)
	}
}

func memoryBed(b testing.TB) *bed {
	st := memstore.New(nil)
	b.Cleanup(func() { require.NoError(b, st.Close()) })
	return &bed{shop: newShop(b, st)}
}

func sqliteBed(b testing.TB) *bed {
	file := filepath.Join(b.TempDir(), "bench.db")
	st, err := sqlitestore.Open(context.Background(), file, nil)
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, st.Close()) })
	return &bed{shop: newShop(b, st), file: file}
}

func postgresBed(b testing.TB) *bed {
	dsn := testpg.Schema(b)
	w := &wire{}
	pool := w.pool(b, dsn)
	st, err := pgstore.New(context.Background(), pool, nil)
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, st.Close()) })
	return &bed{shop: newShop(b, st), dsn: dsn, wire: w, pool: pool}
}

// engines are all that Comptoir has.
var engines = []struct {
	name string
	open func(b testing.TB) *bed
}{{"memory", memoryBed}, {"sqlite", sqliteBed}, {"postgres", postgresBed}}

// wire counts what goes over connections: a round trip is a write, or several
// in a row, after something was read.
type wire struct {
	trips, refused atomic.Int64
}

func (w *wire) pool(b testing.TB, dsn string) *pgxpool.Pool {
	b.Helper()
	cfg, err := pgxpool.ParseConfig(dsn)
	require.NoError(b, err)
	cfg.MaxConns = conns
	dial := cfg.ConnConfig.DialFunc
	cfg.ConnConfig.DialFunc = func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return &wiredConn{Conn: conn, w: w}, nil
	}
	pool, err := pgxpool.NewWithConfig(context.Background(), cfg)
	require.NoError(b, err)
	b.Cleanup(pool.Close)
	return pool
}

// reset begins to count, report tells; neither does anything where nothing
// goes over a wire.
func (w *wire) reset() {
	if w != nil {
		w.trips.Store(0)
		w.refused.Store(0)
	}
}

func (w *wire) report(b *testing.B) {
	if w == nil {
		return
	}
	b.ReportMetric(float64(w.trips.Load())/float64(b.N), "roundtrips/op")
	b.ReportMetric(float64(w.refused.Load())/float64(b.N), "retries/op")
}

type wiredConn struct {
	net.Conn
	w     *wire
	asked atomic.Bool
}

func (c *wiredConn) Write(p []byte) (int, error) {
	if c.asked.CompareAndSwap(false, true) {
		c.w.trips.Add(1)
	}
	return c.Conn.Write(p)
}

// serialization is how a refusal to serialize looks in the stream.
var serialization = []byte("C40001\x00")

func (c *wiredConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.asked.Store(false)
		c.w.refused.Add(int64(bytes.Count(p[:n], serialization)))
	}
	return n, err
}
