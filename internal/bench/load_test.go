package bench

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
)

// orderCount is how many orders reading and listing are measured among.
func orderCount() int {
	if n, err := strconv.Atoi(os.Getenv("COMPTOIR_BENCH_ORDERS")); err == nil && n > 0 {
		return n
	}
	if os.Getenv("COMPTOIR_SOAK") != "" {
		return 1_000_000
	}
	return 100_000
}

// loadedID is the id of the n-th loaded order.
func loadedID(n int) string { return fmt.Sprintf("0190a5d2-ac96-774b-bcc0-%012d", n) }

var (
	loadStart = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	people    = []string{"bruno", "odile", "mara", "henri", "lucie"}
	types     = []partner.Type{partner.Studio, partner.Dealer, partner.ServiceCenter, partner.Internal}
)

// scatter spreads neighbours, so that no column follows another.
func scatter(n, over int) int { return n * 7919 % over }

// loadState has one order in five in a running state.
func loadState(n int) order.State {
	switch k := scatter(n, 100); {
	case k < 1:
		return order.Draft
	case k < 3:
		return order.Awaiting
	case k < 5:
		return order.Validated
	case k < 20:
		return order.Confirmed
	case k < 22:
		return order.Rejected
	case k < 24:
		return order.Cancelled
	}
	return order.Closed
}

// copier makes orders that are copies of the sample but for what lists filter
// and sort by.
type copier[V any] struct {
	s       *sampleRows[V]
	text    func(string) V
	instant func(time.Time) V
	doc     string
	old     order.Receipt
}

func (c *copier[V]) order(n int) row[V] {
	o := c.s.order
	o.values = append([]V(nil), o.values...)
	set := func(col string, v V) { o.values[indexOf(o.cols, col)] = v }
	p := scatter(n, partners)
	id, ref, state := loadedID(n), fmt.Sprintf("FR%08d25%04d", p, n/partners), string(loadState(n))
	at := loadStart.Add(time.Duration(n) * time.Second)
	set("id", c.text(id))
	set("ref", c.text(ref))
	set("state", c.text(state))
	set("partner", c.text(string(partnerID(p))))
	set("customer_number", c.text(fmt.Sprintf("FR%08d", p)))
	set("customer_name", c.text(fmt.Sprintf("Atelier Nord %d", p)))
	set("customer_type", c.text(string(types[n/7%len(types)])))
	set("inserted_by", c.text(people[n/3%len(people)]))
	set("placed_at", c.instant(at))
	set("updated_at", c.instant(at))
	if state == string(order.Confirmed) || state == string(order.Closed) {
		set("erp_number", c.text(fmt.Sprintf("SO%09d", n)))
	}
	set("doc", c.text(strings.NewReplacer(string(c.old.Order), id, string(c.old.Ref), ref).Replace(c.doc)))
	return o
}

// terms are the sample's, with article numbers of 5000.
func (c *copier[V]) terms(n int, isSKU func(row[V]) bool) []row[V] {
	out := make([]row[V], len(c.s.terms))
	for i, t := range c.s.terms {
		t = t.with("id", c.text(loadedID(n)))
		if isSKU(t) {
			t = t.with("value", c.text(fmt.Sprintf("0656%05d", scatter(n+i*37, 5000))))
		}
		out[i] = t
	}
	return out
}

func indexOf(cols []string, col string) int {
	for i, c := range cols {
		if c == col {
			return i
		}
	}
	panic("no column " + col)
}

func (r *rawSQLite) load(b *testing.B, n int) {
	b.Helper()
	c := &copier[any]{s: &r.plan.rows, old: r.receipt, doc: r.plan.rows.order.value("doc").(string),
		text: func(s string) any { return s }, instant: func(t time.Time) any { return t.UnixMicro() }}
	insert := r.plan.rows.terms[0].insert(r.mark)
	for from := 0; from < n; from += 10_000 {
		tx, err := r.db.Begin()
		require.NoError(b, err)
		orders, terms := prepare(b, tx, r.plan.order), prepare(b, tx, insert)
		for i := from; i < min(n, from+10_000); i++ {
			_, err := orders.Exec(c.order(i).values...)
			require.NoError(b, err)
			for _, t := range c.terms(i, func(t row[any]) bool { return t.value("kind") == "sku" }) {
				_, err := terms.Exec(t.values...)
				require.NoError(b, err)
			}
		}
		require.NoError(b, tx.Commit())
	}
}

func prepare(b *testing.B, tx *sql.Tx, text string) *sql.Stmt {
	st, err := tx.Prepare(text)
	require.NoError(b, err)
	return st
}

// load copies into temporary tables, since COPY does not go with row-level
// security, and inserts from there.
func (r *rawPostgres) load(b *testing.B, n int) {
	b.Helper()
	c := &copier[*string]{s: &r.plan.rows, old: r.receipt, doc: *r.plan.rows.order.value("doc"),
		text: func(s string) *string { return &s }, instant: func(t time.Time) *string { s := t.Format(time.RFC3339); return &s }}
	conn, err := r.pool.Acquire(r.ctx)
	require.NoError(b, err)
	defer conn.Release()
	exec := func(text string) {
		_, err := conn.Exec(r.ctx, text)
		require.NoError(b, err)
	}
	copied := func(table string, rows *bytes.Buffer) {
		_, err := conn.Conn().PgConn().CopyFrom(r.ctx, rows, "copy load_"+table+" from stdin")
		require.NoError(b, err)
		exec("insert into " + table + " select * from load_" + table)
		exec("truncate load_" + table)
	}
	for _, t := range []string{"orders", "orders_terms"} {
		exec("create temporary table load_" + t + " (like " + t + ")")
	}
	for from := 0; from < n; from += 10_000 {
		var orders, terms bytes.Buffer
		for i := from; i < min(n, from+10_000); i++ {
			copyLine(&orders, c.order(i))
			for _, t := range c.terms(i, func(t row[*string]) bool { return *t.value("kind") == "sku" }) {
				copyLine(&terms, t)
			}
		}
		copied("orders", &orders)
		copied("orders_terms", &terms)
	}
	exec("drop table load_orders, load_orders_terms")
	exec("vacuum (analyze) orders")
	exec("vacuum (analyze) orders_terms")
}

var copyEscape = strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`)

func copyLine(w *bytes.Buffer, r row[*string]) {
	for i, v := range r.values {
		if i > 0 {
			w.WriteByte('\t')
		}
		if v == nil {
			w.WriteString(`\N`)
			continue
		}
		_, _ = copyEscape.WriteString(w, *v)
	}
	w.WriteByte('\n')
}
