package bench

import (
	"bytes"
	"fmt"
	"os"
	"slices"
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

func loadedRef(n int) string { return fmt.Sprintf("FR%08d25%04d", scatter(n, partners), n/partners) }

// loadedAt is when the n-th document was made.
func loadedAt(n int) time.Time { return loadStart.Add(time.Duration(n) * time.Second) }

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
	v   values[V]
	s   *sampleRows[V]
	old order.Receipt
}

func (c *copier[V]) order(n int) row[V] {
	o := c.s.order.clone()
	set := o.put
	p := scatter(n, partners)
	id, ref, state := loadedID(n), loadedRef(n), string(loadState(n))
	at := loadedAt(n)
	set("id", c.v.text(id))
	set("ref", c.v.text(ref))
	set("state", c.v.text(state))
	set("partner", c.v.text(string(partnerID(p))))
	set("customer_number", c.v.text(fmt.Sprintf("FR%08d", p)))
	set("customer_name", c.v.text(fmt.Sprintf("Atelier Nord %d", p)))
	set("customer_type", c.v.text(string(types[n/7%len(types)])))
	set("inserted_by", c.v.text(people[n/3%len(people)]))
	set("placed_at", c.v.instant(at))
	set("updated_at", c.v.instant(at))
	if state == string(order.Confirmed) || state == string(order.Closed) {
		set("erp_number", c.v.text(fmt.Sprintf("SO%09d", n)))
	}
	if state == string(order.Closed) {
		set("delivered", c.v.text(string(order.FullyDelivered)))
		set("invoiced", c.v.text(string(order.FullyInvoiced)))
	}
	set("doc", c.v.text(strings.NewReplacer(string(c.old.Order), id, string(c.old.Ref), ref).Replace(c.v.said(c.s.order.value("doc")))))
	return o
}

// terms are the sample's, with article numbers of 5000 and the words of the
// reference, of the article numbers and of the customer's number.
func (c *copier[V]) terms(n int) []row[V] {
	out := make([]row[V], len(c.s.terms))
	words := map[string]string{strings.ToLower(string(c.old.Ref)): strings.ToLower(loadedRef(n))}
	for i, t := range c.s.terms {
		if c.v.said(t.value("kind")) == "sku" {
			words[c.v.said(t.value("value"))] = fmt.Sprintf("0656%05d", scatter(n+i*37, 5000))
		}
	}
	for i, t := range c.s.terms {
		value := c.v.said(t.value("value"))
		if word, ok := words[value]; ok {
			value = word
		}
		out[i] = t.with("id", c.v.text(loadedID(n))).with("value", c.v.text(value))
	}
	return out
}

// rows are an order with all that is written of it.
func (c *copier[V]) rows(n int) []row[V] { return append(c.terms(n), c.order(n)) }

func (r *rawSQLite) load(b *testing.B, n int) {
	b.Helper()
	c := &copier[any]{v: sqliteValues, s: &r.plan.rows, old: r.receipt}
	r.fill(b, n, c.rows)
}

// fill inserts what rows makes of the numbers below n, with more memory and less
// care than what is measured has.
func (r *rawSQLite) fill(b *testing.B, n int, rows func(i int) []row[any]) {
	b.Helper()
	pragmas := func(text string) {
		_, err := r.db.Exec(text)
		require.NoError(b, err)
	}
	pragmas("pragma synchronous = off; pragma cache_size = -262144")
	defer pragmas("pragma synchronous = full; pragma cache_size = -16000; pragma wal_checkpoint(truncate)")
	for from := 0; from < n; from += 10_000 {
		tx, err := r.db.Begin()
		require.NoError(b, err)
		byTable := map[string][]row[any]{}
		for i := from; i < min(n, from+10_000); i++ {
			for _, one := range rows(i) {
				byTable[one.table] = append(byTable[one.table], one)
			}
		}
		for _, all := range byTable {
			for part := range slices.Chunk(all, 50) {
				var args []any
				for _, one := range part {
					args = append(args, one.values...)
				}
				_, err := tx.Exec(inserts(part, r.mark), args...)
				require.NoError(b, err)
			}
		}
		require.NoError(b, tx.Commit())
	}
}

func (r *rawPostgres) load(b *testing.B, n int) {
	b.Helper()
	c := &copier[*string]{v: postgresValues, s: &r.plan.rows, old: r.receipt}
	r.fill(b, n, c.rows)
}

// fill copies into temporary tables, since COPY does not go with row-level
// security, and inserts from there.
func (r *rawPostgres) fill(b *testing.B, n int, rows func(i int) []row[*string]) {
	b.Helper()
	conn, err := r.pool.Acquire(r.ctx)
	require.NoError(b, err)
	defer conn.Release()
	exec := func(text string) {
		_, err := conn.Exec(r.ctx, text)
		require.NoError(b, err)
	}
	into := map[string]*bytes.Buffer{}
	for from := 0; from < n; from += 10_000 {
		for i := from; i < min(n, from+10_000); i++ {
			for _, one := range rows(i) {
				if into[one.table] == nil {
					exec("create temporary table load_" + one.table + " (like " + one.table + ")")
					into[one.table] = &bytes.Buffer{}
				}
				copyLine(into[one.table], one)
			}
		}
		for table, lines := range into {
			_, err := conn.Conn().PgConn().CopyFrom(r.ctx, lines, "copy load_"+table+" from stdin")
			require.NoError(b, err)
			exec("insert into " + table + " select * from load_" + table)
			exec("truncate load_" + table)
			lines.Reset()
		}
	}
	for table := range into {
		exec("drop table load_" + table)
		exec("vacuum (analyze) " + table)
	}
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
