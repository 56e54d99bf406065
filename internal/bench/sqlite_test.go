package bench

import (
	"database/sql"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/order"

	_ "modernc.org/sqlite"
)

// rawSQLite writes to the store's own file with one writer, the same pragmas
// and prepared statements.
type rawSQLite struct {
	db   *sql.DB
	plan *plan[any]
	n    atomic.Int64
	// receipt is the sample's.
	receipt order.Receipt
	stmt    map[string]*sql.Stmt
}

func newRawSQLite(b testing.TB, bed *bed) *rawSQLite {
	db, err := sql.Open("sqlite", "file:"+bed.file+"?_pragma=busy_timeout(200)&_pragma=temp_store(memory)&_pragma=cache_size(-16000)"+
		"&_txlock=immediate&_pragma=journal_mode(wal)&_pragma=synchronous(full)")
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, db.Close()) })
	db.SetMaxOpenConns(1)
	r := &rawSQLite{db: db, stmt: map[string]*sql.Stmt{}}
	j, receipt := bed.sample()
	r.receipt = receipt
	r.plan = captureRows(b, string(j.in.Cart), string(receipt.Order), j.in.Key, r.read).plan(r.mark)
	_, err = db.Exec("create table bare_orders (tenant text not null, id text not null, doc text not null, primary key (tenant, id))")
	require.NoError(b, err)
	for _, text := range r.plan.texts() {
		r.stmt[text], err = db.Prepare(text)
		require.NoError(b, err, text)
	}
	return r
}

func (*rawSQLite) mark(int) string { return "?" }

// read returns the rows that a condition selects, with their columns.
func (r *rawSQLite) read(b testing.TB, table, where string, args ...any) []row[any] {
	for i := range args {
		where = strings.Replace(where, fmt.Sprintf("$%d", i+1), "?", 1)
	}
	rows, err := r.db.Query("select * from "+table+" where "+where, args...)
	require.NoError(b, err)
	defer func() { require.NoError(b, rows.Close()) }()
	cols, err := rows.Columns()
	require.NoError(b, err)
	var out []row[any]
	for rows.Next() {
		values, dest := make([]any, len(cols)), make([]any, len(cols))
		for i := range values {
			dest[i] = &values[i]
		}
		require.NoError(b, rows.Scan(dest...))
		out = append(out, row[any]{table: table, cols: cols, values: values})
	}
	require.NoError(b, rows.Err())
	return out
}

func (r *rawSQLite) variants() []rawVariant {
	return []rawVariant{
		{"raw", func(b *testing.B, clients int, hot bool) { r.place(b, clients, hot, false) }},
		{"bare", func(b *testing.B, clients int, hot bool) { r.place(b, clients, hot, true) }},
	}
}

func (r *rawSQLite) place(b *testing.B, clients int, hot, bare bool) {
	first := int(r.n.Add(int64(b.N))) - b.N
	r.carts(b, first, b.N)
	drive(b, clients, func(i int) error { return r.once(rawID(first+i), series(i, hot), bare) })
	reportRate(b, b.N, "orders/s")
}

func (r *rawSQLite) once(id, series string, bare bool) error {
	tx, err := r.db.Begin()
	if err != nil {
		return err
	}
	err = r.plan.each(id, series, bare, func(text string, args []any) error {
		_, err := tx.Stmt(r.stmt[text]).Exec(args...)
		return err
	})
	if err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// carts stores the carts that are going to be emptied.
func (r *rawSQLite) carts(b testing.TB, first, n int) {
	c := r.plan.rows.full
	tx, err := r.db.Begin()
	require.NoError(b, err)
	st, err := tx.Prepare(c.insert(r.mark))
	require.NoError(b, err)
	for i := first; i < first+n; i++ {
		_, err := st.Exec(c.with("id", rawID(i)).with("name_folded", rawID(i)).values...)
		require.NoError(b, err)
	}
	require.NoError(b, tx.Commit())
}

func (r *rawSQLite) document(table, id string) (doc []byte, err error) {
	st, err := r.cached("select doc from " + table + " where tenant = ? and id = ?")
	if err != nil {
		return nil, err
	}
	err = st.QueryRow(string(tenant), id).Scan(&doc)
	return doc, err
}

func (r *rawSQLite) list(k keyset) func(args ...any) (int, error) {
	text := k.text(r.mark)
	return func(args ...any) (int, error) {
		st, err := r.cached(text)
		if err != nil {
			return 0, err
		}
		args = append([]any{string(tenant)}, args...)
		for i, a := range args {
			if t, ok := a.(time.Time); ok {
				args[i] = t.UnixMicro()
			}
		}
		rows, err := st.Query(args...)
		if err != nil {
			return 0, err
		}
		defer func() { _ = rows.Close() }()
		cols, err := rows.Columns()
		if err != nil {
			return 0, err
		}
		values, dest := make([]any, len(cols)), make([]any, len(cols))
		for i := range values {
			dest[i] = &values[i]
		}
		count := 0
		for ; rows.Next(); count++ {
			if err := rows.Scan(dest...); err != nil {
				return 0, err
			}
		}
		return count, rows.Err()
	}
}

// cached prepares a statement once.
func (r *rawSQLite) cached(text string) (*sql.Stmt, error) {
	st, ok := r.stmt[text]
	if !ok {
		var err error
		if st, err = r.db.Prepare(text); err != nil {
			return nil, err
		}
		r.stmt[text] = st
	}
	return st, nil
}
