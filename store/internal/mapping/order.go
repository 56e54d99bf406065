package mapping

import (
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store/internal/engine"
)

// The kinds of an order's search terms: the article numbers and tickets of
// its lines, exact; the folded words of its note and of its customer.
const (
	termSKU      = "sku"
	termTicket   = "ticket"
	termNote     = "note"
	termCustomer = "customer"
)

var (
	newestFirst = engine.Sort{Columns: []string{"placed_at"}, Desc: true}
	oldestFirst = engine.Sort{Columns: []string{"placed_at"}}
	byRef       = engine.Sort{Columns: []string{"ref"}}
	byRefDesc   = engine.Sort{Columns: []string{"ref"}, Desc: true}
)

var orders = &engine.Table{
	Name: "orders",
	Kind: order.DocKind,
	Columns: []engine.Column{
		{Name: "ref", Type: engine.Text},
		{Name: "state", Type: engine.Text},
		{Name: "partner", Type: engine.Text, Path: "customer.partner"},
		{Name: "customer_number", Type: engine.Text},
		{Name: "customer_name", Type: engine.Text},
		{Name: "customer_type", Type: engine.Text, Path: "customer.type"},
		{Name: "inserted_by", Type: engine.Text, Path: "inserted_by.id"},
		{Name: "placed_at", Type: engine.Time},
		{Name: "net", Type: engine.Int},   // minor units of currency
		{Name: "tax", Type: engine.Int},   // minor units of currency
		{Name: "gross", Type: engine.Int}, // minor units of currency
		{Name: "currency", Type: engine.Text},
		{Name: "lines", Type: engine.Int},
		{Name: "tickets", Type: engine.Bool},
		{Name: "direct", Type: engine.Bool},
		{Name: "erp_number", Type: engine.Text, Path: "erp.number"},
		{Name: "erp_id", Type: engine.Text},
		{Name: "updated_at", Type: engine.Time},
	},
	Unique: [][]string{{"ref"}},
	Sorts:  []engine.Sort{newestFirst, oldestFirst, byRef, byRefDesc},
	Indexes: [][]string{
		{"partner", "placed_at"}, {"partner", "ref"},
		{"state", "placed_at"}, {"state", "ref"},
		{"inserted_by", "placed_at"}, {"inserted_by", "ref"},
		{"customer_type", "placed_at"}, {"customer_type", "ref"},
		{"erp_number"},
	},
	Terms:    true,
	NotFound: order.ErrNotFound,
	Exists:   order.ErrExists,
}

var orderCodec = codec[order.Order]{
	table: orders,
	key:   func(o *order.Order) (string, *int64) { return string(o.ID), &o.Version },
	copy: func(o *order.Order) {
		o.PlacedAt, o.UpdatedAt, o.ERP.At = clock.Cut(o.PlacedAt), clock.Cut(o.UpdatedAt), clock.Cut(o.ERP.At)
		o.ERP.SentAt = clock.Cut(o.ERP.SentAt)
		o.Lines = slices.Clone(o.Lines)
		copyQuote(&o.Quote)
		o.History = slices.Clone(o.History)
		for i := range o.History {
			o.History[i].At = clock.Cut(o.History[i].At)
		}
		if o.ERP.Drift.IsZero() { // its JSON leaves 0.00 out
			o.ERP.Drift = money.Amount{}
		}
	},
	cols:  orderCols,
	terms: orderTerms,
}

func orderCols(o *order.Order) []any {
	tickets := false
	for i := range o.Lines {
		tickets = tickets || o.Lines[i].Ticket != ""
	}
	q := &o.Quote
	return []any{string(o.Ref), string(o.State), string(o.Customer.Partner), o.Customer.Number,
		o.Customer.Name, string(o.Customer.Type), string(o.InsertedBy.ID), sortable(o.PlacedAt),
		q.Net.Minor(), q.Tax.Minor(), q.Gross.Minor(), q.Gross.Currency().Code(), int64(len(o.Lines)),
		tickets, o.Direct, o.ERP.Number, o.ERP.ID, o.UpdatedAt}
}

func orderTerms(o *order.Order) []engine.Term {
	ts := make([]engine.Term, 0, len(o.Lines)+8)
	for i := range o.Lines {
		ts = addTerm(ts, termSKU, string(o.Lines[i].SKU))
		ts = addTerm(ts, termTicket, string(o.Lines[i].Ticket))
	}
	ts = wordTerms(ts, termNote, o.Note)
	return wordTerms(ts, termCustomer, o.Customer.Name, o.Customer.Number)
}

func orderHeader(r engine.Row) (order.Header, error) {
	c := cells{row: r}
	h := order.Header{
		ID:           order.ID(r.ID),
		Version:      r.Version,
		Ref:          order.Ref(c.text()),
		State:        order.State(c.text()),
		Partner:      partner.ID(c.text()),
		Customer:     c.text(),
		CustomerName: c.text(),
		CustomerType: partner.Type(c.text()),
		InsertedBy:   access.ActorID(c.text()),
		PlacedAt:     unsortable(c.time()),
	}
	c.skip() // net
	c.skip() // tax
	minor, code := c.int(), c.text()
	if code != "" {
		cur, err := money.ParseCurrency(code)
		if err != nil {
			return order.Header{}, broken(orders, r.ID, err)
		}
		h.Gross = money.FromMinor(minor, cur)
	}
	h.Lines = int(c.int())
	h.Tickets = c.bool()
	h.Direct = c.bool()
	h.ERPNumber = c.text()
	return h, c.err(orders)
}

// floor stands for the zero time in a column that rows are sorted by: there
// it must not be NULL, whose place in an order differs between engines.
var floor = time.Time{}.Add(time.Microsecond)

func sortable(t time.Time) time.Time {
	if t.IsZero() {
		return floor
	}
	return t
}

func unsortable(t time.Time) time.Time {
	if t.Equal(floor) {
		return time.Time{}
	}
	return t
}
