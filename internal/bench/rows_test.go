package bench

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// row is one stored row as the engine's driver reads it.
type row[V any] struct {
	table  string
	cols   []string
	values []V
}

// with returns the row with another value in a column.
func (r row[V]) with(col string, v V) row[V] {
	r.values = slices.Clone(r.values)
	r.values[slices.Index(r.cols, col)] = v
	return r
}

// clone may be changed by put.
func (r row[V]) clone() row[V] {
	r.values = slices.Clone(r.values)
	return r
}

func (r row[V]) put(col string, v V) {
	i := slices.Index(r.cols, col)
	if i < 0 {
		panic("no column " + col)
	}
	r.values[i] = v
}

func (r row[V]) value(col string) V { return r.values[slices.Index(r.cols, col)] }

func (r row[V]) insert(mark func(int) string) string {
	marks := make([]string, len(r.cols))
	for i := range marks {
		marks[i] = mark(i + 1)
	}
	return "insert into " + r.table + " (" + strings.Join(r.cols, ", ") + ") values (" + strings.Join(marks, ", ") + ")"
}

// sampleRows are the rows that placing one order wrote, taken from the tables
// afterwards. Written again under other keys they are "the same rows".
type sampleRows[V any] struct {
	key, order, emptied row[V]
	terms, events       []row[V]
	// full is the cart before it was emptied.
	full row[V]
}

type reader[V any] func(b testing.TB, table, where string, args ...any) []row[V]

// captureRows reads what placing wrote. The sample's cart has a sibling that
// was not ordered: the offer, which gives the row before.
func captureRows[V any](b testing.TB, cart, order, key string, read reader[V]) sampleRows[V] {
	b.Helper()
	one := func(table, where string, args ...any) row[V] {
		b.Helper()
		rows := read(b, table, where, args...)
		if len(rows) != 1 {
			b.Fatalf("%s: %d rows, want 1", table, len(rows))
		}
		return rows[0]
	}
	s := sampleRows[V]{
		key:     one("comptoir_keys", "key = $1", key),
		order:   one("orders", "id = $1", order),
		emptied: one("carts", "id = $1", cart),
		terms:   read(b, "orders_terms", "id = $1", order),
		events:  read(b, "comptoir_outbox", "subject in ($1, $2)", "order/"+order, "cart/"+cart),
	}
	full := read(b, "carts", "name like 'kitchen %' and lines > 0 limit 1")
	if len(full) != 1 || len(s.terms) == 0 || len(s.events) != 3 {
		b.Fatalf("placing wrote %d terms and %d events, %d cart is left", len(s.terms), len(s.events), len(full))
	}
	s.full = full[0]
	return s
}

// sqlCounter takes a number as the stores do.
const sqlCounter = "insert into comptoir_counters (tenant, series, value) values (%s, %s, 1)" +
	" on conflict (tenant, series) do update set value = comptoir_counters.value + 1"

func counterText(mark func(int) string) string { return fmt.Sprintf(sqlCounter, mark(1), mark(2)) }

// bareText inserts an order's document alone.
func bareText(mark func(int) string) string {
	return fmt.Sprintf("insert into bare_orders (tenant, id, doc) values (%s, %s, %s)", mark(1), mark(2), mark(3))
}

// update replaces a cart: all columns, by key and version.
func (r row[V]) update(mark func(int) string) string {
	var set []string
	for i, c := range r.cols {
		set = append(set, c+" = "+mark(i+1))
	}
	n := len(r.cols)
	return "update " + r.table + " set " + strings.Join(set, ", ") + " where tenant = " + mark(n+1) + " and id = " + mark(n+2) + " and version = 1"
}

// inserts makes one statement for rows of one table.
func inserts[V any](rows []row[V], mark func(int) string) string {
	text := rows[0].insert(mark)
	head := text[:strings.Index(text, " values ")]
	n := 0
	tuples := make([]string, len(rows))
	for i, r := range rows {
		marks := make([]string, len(r.cols))
		for j := range marks {
			n++
			marks[j] = mark(n)
		}
		tuples[i] = "(" + strings.Join(marks, ", ") + ")"
	}
	return head + " values " + strings.Join(tuples, ", ")
}

// plan is what one placing sends, in its order. The texts are made once.
type plan[V any] struct {
	rows                                             sampleRows[V]
	key, order, bare, terms, event, emptied, counter string
}

func (s sampleRows[V]) plan(mark func(int) string) *plan[V] {
	return &plan[V]{rows: s, key: s.key.insert(mark), order: s.order.insert(mark), bare: bareText(mark), terms: inserts(s.terms, mark),
		event: s.events[0].insert(mark), emptied: s.emptied.update(mark), counter: counterText(mark)}
}

func (p *plan[V]) texts() []string {
	return []string{p.key, p.order, p.bare, p.terms, p.event, p.emptied, p.counter}
}

// each hands out the statements of one placing under a new key, a statement a
// row; the search terms are one statement. Bare leaves out terms and indexes.
func (p *plan[V]) each(id, series string, bare bool, send func(text string, args []any) error) error {
	var err error
	do := func(text string, args []any) {
		if err == nil {
			err = send(text, args)
		}
	}
	s := &p.rows
	tenant := any(s.order.value("tenant"))
	do(p.key, with(s.key, "key", id))
	if bare {
		do(p.bare, []any{tenant, id, s.order.value("doc")})
	} else {
		do(p.order, set(with(s.order, "id", id), s.order, "ref", "REF"+id))
		var args []any
		for _, t := range s.terms {
			args = append(args, with(t, "id", id)...)
		}
		do(p.terms, args)
	}
	for i, e := range s.events {
		do(p.event, set(with(e, "id", id+string(rune('a'+i))), e, "subject", string(rune('a'+i/2))+id))
	}
	do(p.emptied, append(set(with(s.emptied, "id", id), s.emptied, "name_folded", id), tenant, id))
	do(p.counter, []any{tenant, series})
	return err
}

func set[V any](args []any, r row[V], col string, v any) []any {
	args[slices.Index(r.cols, col)] = v
	return args
}

func anys[V any](r row[V]) []any {
	out := make([]any, len(r.values), len(r.values)+2)
	for i, v := range r.values {
		out[i] = v
	}
	return out
}

func with[V any](r row[V], col string, v any) []any { return set(anys(r), r, col, v) }

// rawID looks like the ids that the services make: 36 bytes that grow.
func rawID(n int) string { return fmt.Sprintf("0190a5d2-ac96-774b-bcce-%012d", n) }

// series names the counter of the i-th order.
func series(i int, hot bool) string {
	if hot {
		return "hot"
	}
	return fmt.Sprintf("FR%08d26", i%partners)
}
