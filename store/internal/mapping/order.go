package mapping

import (
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/internal/fold"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store/internal/engine"
)

// The kinds of an order's search terms: the article numbers and tickets of
// its lines, the numbers of its bills and the hashes of its files, exact; the
// folded words of its note, of its customer and of what else people look for.
const (
	termSKU      = "sku"
	termTicket   = "ticket"
	termInvoice  = "invoice"
	termBlob     = "blob"
	termNote     = "note"
	termCustomer = "customer"
	termText     = "text"
)

var (
	newestFirst = engine.Sort{Columns: []string{"placed_at"}, Desc: true}
	oldestFirst = engine.Sort{Columns: []string{"placed_at"}}
	byRef       = engine.Sort{Columns: []string{"ref"}}
	byRefDesc   = engine.Sort{Columns: []string{"ref"}, Desc: true}
)

// These sorts have no index: what the filters pass is sorted. An index of the
// last change would be written with every save, the others tempt an engine
// away from the few orders that are running.
var (
	byCustomer     = engine.Sort{Columns: []string{"customer_number", "ref"}}
	byCustomerDesc = engine.Sort{Columns: []string{"customer_number", "ref"}, Desc: true}
	byTitle        = engine.Sort{Columns: []string{"title_folded", "ref"}}
	byTitleDesc    = engine.Sort{Columns: []string{"title_folded", "ref"}, Desc: true}
	byProduct      = engine.Sort{Columns: []string{"product", "ref"}}
	byProductDesc  = engine.Sort{Columns: []string{"product", "ref"}, Desc: true}
	byChange       = engine.Sort{Columns: []string{"updated_at", "ref"}}
	byChangeDesc   = engine.Sort{Columns: []string{"updated_at", "ref"}, Desc: true}
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
		{Name: "erp_id", Type: engine.Text, Path: "erp.id"},
		{Name: "updated_at", Type: engine.Time},
		{Name: "title", Type: engine.Text},
		{Name: "title_folded", Type: engine.Text, Path: "title"},
		{Name: "source", Type: engine.Text},
		{Name: "language", Type: engine.Text},
		{Name: "product", Type: engine.Text}, // the first line's SKU
		{Name: "delivered", Type: engine.Text},
		{Name: "invoiced", Type: engine.Text},
		{Name: "paid", Type: engine.Text},
		{Name: "progress", Type: engine.Text},
		{Name: "payment", Type: engine.Text},
		{Name: "invoice", Type: engine.Text}, // the last bill's number
		{Name: "follow", Type: engine.Bool},
		{Name: "held", Type: engine.Bool},
		{Name: "released", Type: engine.Bool},
	},
	Unique: [][]string{{"ref"}},
	Sorts:  []engine.Sort{newestFirst, oldestFirst, byRef, byRefDesc},
	Indexes: [][]string{
		{"partner", "placed_at"}, {"partner", "ref"},
		{"state", "placed_at"}, {"state", "ref"},
		{"inserted_by", "placed_at"}, {"inserted_by", "ref"},
		{"customer_type", "placed_at"}, {"customer_type", "ref"},
		{"erp_number"}, {"erp_id"},
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
		o.ERP.Drift = other(o.ERP.Drift)
		o.Lines, o.Codes = slices.Clone(o.Lines), some(o.Codes)
		for i := range o.Lines {
			l := &o.Lines[i]
			l.Billed.Taken = some(l.Billed.Taken)
			l.Hold = copyHold(l.Hold)
		}
		copyQuote(&o.Quote)
		o.History = slices.Clone(o.History)
		for i := range o.History {
			o.History[i].At = clock.Cut(o.History[i].At)
		}
		o.Hold, o.Released = copyHold(o.Hold), copyRelease(o.Released)
		o.Progress = some(o.Progress)
		for i := range o.Progress {
			o.Progress[i].At = clock.Cut(o.Progress[i].At)
		}
		o.Files = some(o.Files)
		for i := range o.Files {
			f := &o.Files[i]
			f.At, f.Certified = clock.Cut(f.At), copyRelease(f.Certified)
		}
		o.Bills, o.Boxes = some(o.Bills), copyBoxes(o.Boxes)
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
		tickets, o.Direct, o.ERP.Number, o.ERP.ID, sortable(o.UpdatedAt),
		o.Title, fold.Text(o.Title), o.Source, o.Language, firstSKU(o),
		string(o.Delivered()), string(o.Invoiced()), string(o.Paid()), string(o.Step()), string(o.Payment()),
		lastBill(o), o.Follow, o.Held(), o.Released != nil}
}

func firstSKU(o *order.Order) string {
	if len(o.Lines) == 0 {
		return ""
	}
	return string(o.Lines[0].SKU)
}

func lastBill(o *order.Order) string {
	if len(o.Bills) == 0 {
		return ""
	}
	return o.Bills[len(o.Bills)-1].Number
}

func orderTerms(o *order.Order) []engine.Term {
	ts := make([]engine.Term, 0, 2*len(o.Lines)+16)
	for i := range o.Lines {
		ts = addTerm(ts, termSKU, string(o.Lines[i].SKU))
		ts = addTerm(ts, termTicket, string(o.Lines[i].Ticket))
	}
	for i := range o.Bills {
		ts = addTerm(ts, termInvoice, o.Bills[i].Number)
	}
	for i := range o.Files {
		ts = addTerm(ts, termBlob, string(o.Files[i].Hash))
	}
	ts = wordTerms(ts, termNote, o.Note)
	ts = wordTerms(ts, termCustomer, o.Customer.Name, o.Customer.Number)
	ts = wordTerms(ts, termText, string(o.Ref), o.Title, o.CustomerNo, o.ERP.Number)
	for i := range o.Lines {
		ts = wordTerms(ts, termText, string(o.Lines[i].SKU))
	}
	return ts
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
	minor := c.int()
	h.Gross = money.FromMinor(minor, c.currency())
	h.Lines = int(c.int())
	h.Tickets = c.bool()
	h.Direct = c.bool()
	h.ERPNumber = c.text()
	c.skip() // erp_id
	h.UpdatedAt = unsortable(c.time())
	h.Title = c.text()
	c.skip() // title_folded
	h.Source, h.Language, h.Product = c.text(), c.text(), catalog.SKU(c.text())
	h.Delivered, h.Invoiced, h.Paid = order.Delivered(c.text()), order.Invoiced(c.text()), order.Paid(c.text())
	h.Progress, h.Payment, h.Invoice = order.Step(c.text()), order.PaymentState(c.text()), c.text()
	h.Follow, h.Held, h.Released = c.bool(), c.bool(), c.bool()
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
