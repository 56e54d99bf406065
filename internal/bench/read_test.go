package bench

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/uow"
)

// reading are the two durable engines, loaded.
func reading(b *testing.B, fn func(b *testing.B, bed *bed, raw rawReader, n int)) {
	n := orderCount()
	b.Run("sqlite", func(b *testing.B) {
		bed := sqliteBed(b)
		raw := newRawSQLite(b, bed)
		raw.load(b, n)
		fn(b, bed, raw, n)
	})
	b.Run("postgres", func(b *testing.B) {
		bed := postgresBed(b)
		raw := newRawPostgres(b, bed)
		raw.load(b, n)
		fn(b, bed, raw, n)
	})
}

// rawReader reads the same rows by prepared statements of its own.
type rawReader interface {
	document(table, id string) ([]byte, error)
	// list prepares a page of rows behind a place; its arguments are the
	// values of the filters, of the sort and the id.
	list(k keyset) func(args ...any) (int, error)
}

// keyset selects rows by filters of one value each, descending, before a place.
type keyset struct {
	table, columns string
	where, sort    []string
}

func (k keyset) text(mark func(int) string) string {
	text, n := "select id, "+k.columns+" from "+k.table+" where tenant = "+mark(1), 1
	for _, col := range k.where {
		n++
		text += " and " + col + " = " + mark(n)
	}
	keys := append(slices.Clone(k.sort), "id")
	marks := make([]string, len(keys))
	for i := range marks {
		n++
		marks[i] = mark(n)
	}
	return text + " and (" + strings.Join(keys, ", ") + ") < (" + strings.Join(marks, ", ") + ") order by " + strings.Join(keys, " desc, ") + " desc limit 51"
}

// headerColumns are what an order's header is made of, beside the id.
const headerColumns = "version, ref, state, partner, customer_number, customer_name, customer_type, placed_at, gross, currency, lines, tickets, direct, " +
	"erp_number, title, source, language, product, updated_at, delivered, invoiced, paid, progress, payment, invoice, follow, held, released"

// BenchmarkRead reads orders of ten lines and lists pages of fifty headers
// among orderCount orders, one client, in no order. "raw" selects the document
// by its key, without decoding it, and the headers by keyset.
func BenchmarkRead(b *testing.B) { reading(b, benchRead) }

func benchRead(b *testing.B, bed *bed, raw rawReader, n int) {
	at := func(i int) int { return scatter(i+1, n) }
	b.Run("get/comptoir", func(b *testing.B) {
		bed.wire.reset()
		timed(b, func(i int) error {
			o, err := bed.orders.Get(bed.ctx, operator, order.ID(loadedID(at(i))))
			if err == nil && len(o.Lines) != lines {
				err = fmt.Errorf("%d lines", len(o.Lines))
			}
			return err
		})
		bed.wire.report(b)
	})
	b.Run("get/raw", func(b *testing.B) {
		timed(b, func(i int) error {
			doc, err := raw.document("orders", loadedID(at(i)))
			if err == nil && len(doc) < 100 {
				err = fmt.Errorf("%d bytes", len(doc))
			}
			return err
		})
	})
	b.Run("list", func(b *testing.B) { benchList(b, bed, raw, n) })
}

// filters are the declared filters of a list of orders.
var filters = []struct {
	name  string
	query order.Query
}{
	{"all", order.Query{All: true}},
	{"running", order.Query{}},
	{"state", order.Query{States: []order.State{order.Awaiting}}},
	{"partner", order.Query{All: true, Partner: partnerID(7)}},
	{"partner_running", order.Query{Partner: partnerID(7)}},
	{"person", order.Query{All: true, InsertedBy: "mara"}},
	{"type", order.Query{All: true, CustomerType: "dealer"}},
	{"sku", order.Query{All: true, SKU: "065600042"}},
	{"consumer", order.Query{All: true, Consumer: "atelier 77"}},
	{"word", order.Query{All: true, Text: "065600042"}},
	{"to_invoice", order.Query{Invoicings: []order.Invoiced{order.NotInvoiced, order.PartlyInvoiced}}},
	{"erp_number", order.Query{All: true, ERPNumber: "SO000000099"}},
}

var sorts = []struct {
	name string
	sort order.Sort
}{{"newest", order.NewestFirst}, {"oldest", order.OldestFirst}, {"ref", order.ByRef}, {"ref_desc", order.ByRefDesc}}

func benchList(b *testing.B, bed *bed, raw rawReader, n int) {
	for _, f := range filters {
		for _, s := range sorts {
			q := f.query
			q.Sort = s.sort
			leaf(b, f.name+"/"+s.name+"/comptoir", func(page uow.PageRequest) (string, error) {
				q.Page = page
				found, err := bed.orders.Find(bed.ctx, operator, q)
				return found.Next, err
			})
		}
	}
	all := raw.list(keyset{table: "orders", columns: headerColumns, sort: []string{"placed_at"}})
	b.Run("all/newest/raw", func(b *testing.B) {
		timed(b, func(i int) error {
			_, err := all(loadedAt(scatter(i, n)), loadedID(scatter(i, n)))
			return err
		})
	})
	of := raw.list(keyset{table: "orders", columns: headerColumns, where: []string{"partner"}, sort: []string{"placed_at"}})
	b.Run("partner/newest/raw", func(b *testing.B) {
		timed(b, func(i int) error {
			_, err := of(string(partnerID(7)), loadedAt(scatter(i, n)), loadedID(scatter(i, n)))
			return err
		})
	})
}

// walk goes through a list and returns the cursors of up to 64 places between
// its beginning and its end, the beginning among them.
func walk(b *testing.B, page func(uow.PageRequest) (next string, err error)) []string {
	b.Helper()
	cursors := []string{""}
	every, pages := 1, 0
	for after := ""; ; {
		next, err := page(uow.PageRequest{After: after, Limit: uow.MaxPage})
		require.NoError(b, err)
		if next == "" {
			return cursors
		}
		after = next
		if pages++; pages%every == 0 {
			cursors = append(cursors, after)
		}
		if len(cursors) > 64 {
			for i := range len(cursors) / 2 {
				cursors[i] = cursors[2*i]
			}
			cursors, every = cursors[:len(cursors)/2], 2*every
		}
	}
}

// leaf measures a list at many places of it.
func leaf(b *testing.B, name string, page func(uow.PageRequest) (next string, err error)) {
	var cursors []string
	b.Run(name, func(b *testing.B) {
		if cursors == nil {
			cursors = walk(b, page)
		}
		timed(b, func(i int) error {
			_, err := page(uow.PageRequest{After: cursors[scatter(i, len(cursors))]})
			return err
		})
	})
}
