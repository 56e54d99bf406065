package mapping

import (
	"slices"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store/internal/engine"
)

// termOrder is an order that a document bills; termDocument a document that a
// payment pays.
const (
	termOrder    = "order"
	termDocument = "document"
)

var (
	lastIssued  = engine.Sort{Columns: []string{"issued", "created_at"}, Desc: true}
	firstIssued = engine.Sort{Columns: []string{"issued", "created_at"}}
	byDue       = engine.Sort{Columns: []string{"due", "created_at"}}
)

var invoices = &engine.Table{
	Name: "invoices",
	Kind: billing.DocKind,
	Columns: []engine.Column{
		{Name: "kind", Type: engine.Text},
		{Name: "issuer", Type: engine.Text},
		{Name: "number", Type: engine.Text},
		{Name: "seller", Type: engine.Text, Path: "seller.id"},
		{Name: "partner", Type: engine.Text},
		{Name: "customer", Type: engine.Text},
		{Name: "buyer", Type: engine.Text, Path: "buyer.id"},
		{Name: "name", Type: engine.Text},   // the buyer's
		{Name: "issued", Type: engine.Text}, // ISO 8601
		{Name: "due", Type: engine.Text},    // ISO 8601, "" without one
		{Name: "currency", Type: engine.Text},
		{Name: "net", Type: engine.Int},       // minor units of currency
		{Name: "tax", Type: engine.Int},       // minor units of currency
		{Name: "gross", Type: engine.Int},     // minor units of currency
		{Name: "payable", Type: engine.Int},   // minor units of currency
		{Name: "remaining", Type: engine.Int}, // not yet paid, set off or paid back
		{Name: "open", Type: engine.Bool},     // something remains
		{Name: "corrects", Type: engine.Text, Path: "corrects.document"},
		{Name: "payment", Type: engine.Text},
		{Name: "void", Type: engine.Bool},
		// The head of the series, "" for documents in no chain.
		{Name: "head", Type: engine.Text, Path: "series", Sparse: true},
		{Name: "place", Type: engine.Int, Path: "chain.position"},
		{Name: "erp_id", Type: engine.Text, Path: "erp.id", Sparse: true},
		{Name: "created_at", Type: engine.Time},
	},
	Unique: [][]string{{"seller", "number"}, {"head", "place"}, {"erp_id"}},
	Sorts:  []engine.Sort{lastIssued, firstIssued},
	Indexes: [][]string{
		{"partner", "issued", "created_at"}, {"buyer", "issued", "created_at"},
		{"open", "due", "created_at"}, {"number"}, {"corrects"},
	},
	Terms:    true,
	NotFound: billing.ErrNotFound,
	Exists:   billing.ErrExists,
}

var invoiceCodec = codec[billing.Document]{
	table: invoices,
	key:   func(d *billing.Document) (string, *int64) { return string(d.ID), &d.Version },
	copy:  copyInvoice,
	cols:  invoiceCols,
	terms: func(d *billing.Document) []engine.Term {
		ts := make([]engine.Term, 0, len(d.Orders))
		for i := range d.Orders {
			ts = addTerm(ts, termOrder, string(d.Orders[i].Order))
		}
		return ts
	},
}

func copyInvoice(d *billing.Document) {
	d.CreatedAt, d.UpdatedAt = clock.Cut(d.CreatedAt), clock.Cut(d.UpdatedAt)
	cutTwin(&d.ERP)
	copyAddress(&d.Seller.Address)
	d.ShipTo = pointer(d.ShipTo)
	d.Corrects = pointer(d.Corrects)
	d.Residual = pointer(d.Residual)
	d.Spread, d.Promised = other(d.Spread), other(d.Promised)
	d.Lines = slices.Clone(d.Lines)
	for i := range d.Lines {
		l := &d.Lines[i]
		l.Shares, l.Stretches = some(l.Shares), some(l.Stretches)
		if l.Price.IsZero() { // its JSON leaves 0.00 out
			l.Price = money.Price{}
		}
	}
	d.Adjustments = some(d.Adjustments)
	d.Taxes = slices.Clone(d.Taxes)
	d.Orders = some(d.Orders)
	for i := range d.Orders {
		d.Orders[i].Boxes = copyBoxes(d.Orders[i].Boxes)
	}
	d.Credits = some(d.Credits)
	for i := range d.Credits {
		d.Credits[i].Stretches = some(d.Credits[i].Stretches)
	}
	d.Uses = some(d.Uses)
}

func invoiceCols(d *billing.Document) []any {
	t := &d.Totals
	var head, corrects string
	if d.Chain.Position > 0 {
		head = string(d.Seller.ID) + "/" + string(d.Series)
	}
	if d.Corrects != nil {
		corrects = string(d.Corrects.Document)
	}
	left := d.Left().Minor()
	return []any{string(d.Kind), string(d.Issuer), d.Number, string(d.Seller.ID), string(d.Partner), d.Customer,
		string(d.Buyer.ID), d.Buyer.Name, d.Issued.String(), d.Due.String(), t.Payable.Currency().Code(),
		t.Net.Minor(), t.Tax.Minor(), t.Gross.Minor(), t.Payable.Minor(), left, left != 0,
		corrects, string(d.Payment), d.Void, head, d.Chain.Position, d.ERP.ID, sortable(d.CreatedAt)}
}

func invoiceHeader(r engine.Row) (billing.Header, error) {
	c := cells{row: r}
	h := billing.Header{
		ID:       billing.ID(r.ID),
		Version:  r.Version,
		Kind:     billing.Kind(c.text()),
		Issuer:   billing.Issuer(c.text()),
		Number:   c.text(),
		Seller:   billing.SellerID(c.text()),
		Partner:  partner.ID(c.text()),
		Customer: c.text(),
		Buyer:    partner.CounterpartyID(c.text()),
		Name:     c.text(),
		Issued:   c.date(),
		Due:      c.date(),
	}
	cur := c.currency()
	h.Net, h.Tax, h.Gross = c.amount(cur), c.amount(cur), c.amount(cur)
	h.Payable, h.Left = c.amount(cur), c.amount(cur)
	c.skip() // open
	h.Corrects = billing.ID(c.text())
	h.Payment = order.PaymentState(c.text())
	h.Void = c.bool()
	return h, c.err(invoices)
}
