package bench

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

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

func newRawPostgres(b *testing.B, bed *bed) *rawPostgres {
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
	if err := do("begin isolation level serializable", nil); err != nil {
		return err
	}
	err = r.plan.each(id, series, bare, do)
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
func (r *rawPostgres) carts(b *testing.B, id string, n, clients int) {
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

func (r *rawPostgres) document(id string) (doc []byte, err error) {
	err = r.pool.QueryRow(r.ctx, "select doc from orders where tenant = $1 and id = $2", string(tenant), id).Scan(&doc)
	return doc, err
}

func (r *rawPostgres) headers(partner string, n int) (int, error) {
	text := "select id, " + headerColumns + " from orders where tenant = $1 and (placed_at, id) < ($2, $3)%s order by placed_at desc, id desc limit 51"
	args := []any{string(tenant), loadStart.Add(time.Duration(n) * time.Second), loadedID(n)}
	if partner == "" {
		text = fmt.Sprintf(text, "")
	} else {
		text, args = fmt.Sprintf(text, " and partner = $4"), append(args, partner)
	}
	rows, err := r.pool.Query(r.ctx, text, args...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	count := 0
	var (
		texts [8]string
		ints  [3]int64
		marks [2]bool
		at    time.Time
	)
	for ; rows.Next(); count++ {
		err := rows.Scan(&texts[0], &ints[0], &texts[1], &texts[2], &texts[3], &texts[4], &texts[5], &texts[6], &at, &ints[1], &texts[7], &ints[2], &marks[0], &marks[1])
		if err != nil {
			return 0, err
		}
	}
	return count, rows.Err()
}
