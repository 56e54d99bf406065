package bench

import (
	"fmt"
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
	document(id string) ([]byte, error)
	// headers reads a page of slim rows, newest first, before an instant.
	headers(partner string, n int) (int, error)
}

// headerColumns are what a header is made of, beside the id.
const headerColumns = "version, ref, state, partner, customer_number, customer_name, customer_type, placed_at, gross, currency, lines, tickets, direct"

// BenchmarkRead reads orders of ten lines and lists pages of fifty headers
// among orderCount orders, one client, in no order. "raw" selects the document
// by its key, without decoding it, and the headers by keyset.
func BenchmarkRead(b *testing.B) { reading(b, benchRead) }

func benchRead(b *testing.B, bed *bed, raw rawReader, n int) {
	at := func(i int) int { return scatter(i+1, n) }
	b.Run("get/comptoir", func(b *testing.B) {
		if bed.wire != nil {
			bed.wire.reset()
		}
		timed(b, func(i int) error {
			o, err := bed.orders.Get(bed.ctx, operator, order.ID(loadedID(at(i))))
			if err == nil && len(o.Lines) != lines {
				err = fmt.Errorf("%d lines", len(o.Lines))
			}
			return err
		})
		if bed.wire != nil {
			bed.wire.report(b)
		}
	})
	b.Run("get/raw", func(b *testing.B) {
		timed(b, func(i int) error {
			doc, err := raw.document(loadedID(at(i)))
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
			var cursors []string
			b.Run(f.name+"/"+s.name+"/comptoir", func(b *testing.B) {
				if cursors == nil {
					cursors = walk(b, bed, q)
				}
				timed(b, func(i int) error {
					q.Page = uow.PageRequest{After: cursors[scatter(i, len(cursors))]}
					_, err := bed.orders.Find(bed.ctx, operator, q)
					return err
				})
			})
		}
	}
	for name, partner := range map[string]string{"all": "", "partner": string(partnerID(7))} {
		b.Run(name+"/newest/raw", func(b *testing.B) {
			timed(b, func(i int) error {
				_, err := raw.headers(partner, scatter(i, n))
				return err
			})
		})
	}
}

// walk goes through a list and returns the cursors of up to 64 places between
// its beginning and its end, the beginning among them.
func walk(b *testing.B, bed *bed, q order.Query) []string {
	b.Helper()
	cursors := []string{""}
	every, pages := 1, 0
	for after := ""; ; {
		q.Page = uow.PageRequest{After: after, Limit: uow.MaxPage}
		p, err := bed.orders.Find(bed.ctx, operator, q)
		require.NoError(b, err)
		if p.Next == "" {
			return cursors
		}
		after = p.Next
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
