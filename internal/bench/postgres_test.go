package bench

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/order"
)

// rawPostgres writes to the store's own tables with prepared statements, each
// a round trip, in one SERIALIZABLE transaction; values travel as text.
type rawPostgres struct {
	ctx  context.Context
	dsn  string
	pool *pgxpool.Pool
	wire *wire
	plan *plan[*string]
	n    atomic.Int64
	// receipt is the sample's.
	receipt order.Receipt
}

func newRawPostgres(b testing.TB, bed *bed) *rawPostgres {
	r := &rawPostgres{ctx: context.Background(), dsn: bed.dsn, wire: &wire{}}
	r.pool = r.wire.pool(b, bed.dsn+" comptoir.tenant="+string(tenant))
	j, receipt := bed.sample()
	r.receipt = receipt
	r.plan = captureRows(b, string(j.in.Cart), string(receipt.Order), j.in.Key, r.read).plan(r.mark)
	r.exec(b, "create table bare_orders (tenant text not null, id text collate \"C\" not null, doc jsonb not null, primary key (tenant, id))")
	return r
}

func (*rawPostgres) mark(n int) string { return fmt.Sprintf("$%d", n) }

func (r *rawPostgres) exec(b testing.TB, text string, args ...any) {
	b.Helper()
	_, err := r.pool.Exec(r.ctx, text, args...)
	require.NoError(b, err)
}

// read returns the rows that a condition selects, as text.
func (r *rawPostgres) read(b testing.TB, table, where string, args ...any) []row[*string] {
	b.Helper()
	rows, err := r.pool.Query(r.ctx, "select column_name::text from information_schema.columns where table_schema = current_schema and table_name = $1 order by ordinal_position", table)
	require.NoError(b, err)
	cols, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(b, err)
	text := "select "
	for i, c := range cols {
		text += []string{", ", ""}[max(0, 1-i)] + c + "::text"
	}
	rows, err = r.pool.Query(r.ctx, text+" from "+table+" where "+where, args...)
	require.NoError(b, err)
	out, err := pgx.CollectRows(rows, func(found pgx.CollectableRow) (row[*string], error) {
		values, dest := make([]*string, len(cols)), make([]any, len(cols))
		for i := range values {
			dest[i] = &values[i]
		}
		return row[*string]{table: table, cols: cols, values: values}, found.Scan(dest...)
	})
	require.NoError(b, err)
	return out
}

func (r *rawPostgres) variants() []rawVariant {
	return []rawVariant{
		{"raw", func(b *testing.B, clients int, hot bool) { r.place(b, clients, hot, false) }},
		{"pgbench", r.pgbench},
		{"bare", func(b *testing.B, clients int, hot bool) { r.place(b, clients, hot, true) }},
	}
}

func (r *rawPostgres) place(b *testing.B, clients int, hot, bare bool) {
	first := int(r.n.Add(int64(b.N))) - b.N
	r.carts(b, fmt.Sprintf("'%s' || lpad((%d + g)::text, 12, '0')", rawID(0)[:24], first), b.N, 1)
	r.exec(b, "analyze")
	r.wire.reset()
	drive(b, clients, func(i int) error {
		for {
			err := r.once(rawID(first+i), series(i, hot), bare)
			if refused := new(pgconn.PgError); !errors.As(err, &refused) || refused.Code != "40001" {
				return err
			}
		}
	})
	reportRate(b, b.N, "orders/s")
	r.wire.report(b)
}

func (r *rawPostgres) once(id, series string, bare bool) error {
	return r.transact("begin isolation level serializable", func(do func(text string, args []any) error, _ func(text string, args []any, to ...any) error) error {
		return r.plan.each(id, series, bare, do)
	})
}

// transact runs one transaction; do executes a statement and ask reads a row.
func (r *rawPostgres) transact(begin string, fn func(do func(text string, args []any) error, ask func(text string, args []any, to ...any) error) error) error {
	conn, err := r.pool.Acquire(r.ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	c := conn.Conn()
	do := func(text string, args []any) error {
		_, err := c.Exec(r.ctx, text, args...)
		return err
	}
	if err := do(begin, nil); err != nil {
		return err
	}
	err = fn(do, func(text string, args []any, to ...any) error { return c.QueryRow(r.ctx, text, args...).Scan(to...) })
	if err == nil {
		err = do("commit", nil)
	}
	if c.PgConn().TxStatus() != 'I' {
		_ = do("rollback", nil)
	}
	return err
}

// carts stores the carts that are going to be emptied, g running from 0 to n-1
// and c over the clients.
func (r *rawPostgres) carts(b testing.TB, id string, n, clients int) {
	full := r.plan.rows.full
	text, from := "insert into carts (", " select "
	for i, col := range full.cols {
		comma := []string{", ", ""}[max(0, 1-i)]
		text += comma + col
		if col == "id" || col == "name_folded" {
			from += comma + id
		} else {
			from += comma + "f." + col
		}
	}
	text += ")" + from + " from carts f, generate_series(0, $2::int - 1) g, generate_series(0, $3::int - 1) c where f.id = $1"
	r.exec(b, text, full.value("id"), n, clients)
}

func (r *rawPostgres) document(table, id string) (doc []byte, err error) {
	err = r.pool.QueryRow(r.ctx, "select doc from "+table+" where tenant = $1 and id = $2", string(tenant), id).Scan(&doc)
	return doc, err
}

func (r *rawPostgres) list(k keyset) func(args ...any) (int, error) {
	text := k.text(r.mark)
	return func(args ...any) (int, error) {
		rows, err := r.pool.Query(r.ctx, text, append([]any{string(tenant)}, args...)...)
		if err != nil {
			return 0, err
		}
		defer rows.Close()
		count := 0
		for ; rows.Next(); count++ {
			if _, err := rows.Values(); err != nil {
				return 0, err
			}
		}
		return count, rows.Err()
	}
}
