package mapping

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/uow"
)

var (
	lastPaid  = engine.Sort{Columns: []string{"paid_on", "created_at"}, Desc: true}
	firstPaid = engine.Sort{Columns: []string{"paid_on", "created_at"}}
)

var payments = &engine.Table{
	Name: "payments",
	Kind: billing.PaymentDocKind,
	Columns: []engine.Column{
		{Name: "number", Type: engine.Text},
		{Name: "direction", Type: engine.Text},
		{Name: "seller", Type: engine.Text},
		{Name: "partner", Type: engine.Text},
		{Name: "buyer", Type: engine.Text},
		{Name: "state", Type: engine.Text},
		{Name: "method", Type: engine.Text},
		{Name: "cheque", Type: engine.Text},
		{Name: "amount", Type: engine.Int}, // minor units of currency
		{Name: "currency", Type: engine.Text},
		{Name: "paid_on", Type: engine.Text, Path: "date"}, // ISO 8601
		{Name: "erp_id", Type: engine.Text, Path: "erp.id", Sparse: true},
		{Name: "created_at", Type: engine.Time},
	},
	Unique:   [][]string{{"number"}, {"erp_id"}},
	Sorts:    []engine.Sort{lastPaid, firstPaid},
	Indexes:  [][]string{{"partner", "paid_on", "created_at"}, {"buyer", "paid_on", "created_at"}, {"state", "paid_on", "created_at"}},
	Terms:    true,
	NotFound: billing.ErrNoPayment,
	Exists:   billing.ErrPaymentExists,
}

var paymentCodec = codec[billing.Payment]{
	table: payments,
	key:   func(p *billing.Payment) (string, *int64) { return string(p.ID), &p.Version },
	copy: func(p *billing.Payment) {
		p.CreatedAt, p.UpdatedAt = clock.Cut(p.CreatedAt), clock.Cut(p.UpdatedAt)
		cutTwin(&p.ERP)
		p.Allocations, p.Pending = some(p.Allocations), some(p.Pending)
		p.History = slices.Clone(p.History)
		for i := range p.History {
			p.History[i].At = clock.Cut(p.History[i].At)
		}
	},
	cols: func(p *billing.Payment) []any {
		return []any{p.Number, string(p.Direction), string(p.Seller), string(p.Partner), string(p.Buyer), string(p.State),
			string(p.Method), p.Cheque, p.Amount.Minor(), p.Amount.Currency().Code(), p.Date.String(), p.ERP.ID,
			sortable(p.CreatedAt)}
	},
	terms: func(p *billing.Payment) []engine.Term {
		ts := make([]engine.Term, 0, len(p.Allocations))
		for i := range p.Allocations {
			ts = addTerm(ts, termDocument, string(p.Allocations[i].Document))
		}
		for i := range p.Pending {
			ts = addTerm(ts, termDocument, string(p.Pending[i].Document))
		}
		return ts
	},
}

func compilePayments(q billing.PaymentQuery) (engine.Select, error) {
	by := lastPaid
	switch q.Sort {
	case billing.NewestFirst:
	case billing.OldestFirst:
		by = firstPaid
	default:
		return engine.Select{}, uow.ErrPage.With("a list of payments has no such sort")
	}
	b := selecting(payments, by)
	b.sel.Docs = true
	b.text("partner", "partner", string(q.Partner))
	b.text("buyer", "buyer", string(q.Buyer))
	b.text("seller", "seller", string(q.Seller))
	b.text("direction", "direction", string(q.Direction))
	b.any("states", "state", anys(distinct(q.States)))
	b.text("method", "method", string(q.Method))
	b.text("number", "number", q.Number)
	b.text("cheque", "cheque", q.Cheque)
	b.since("paid_on", q.From)
	b.upto("paid_on", q.Until)
	b.term("document", termDocument, string(q.Document))
	return b.done()
}

type paymentRepo tx

func (r paymentRepo) Get(ctx context.Context, id billing.PaymentID) (billing.Payment, error) {
	return paymentCodec.get(ctx, tx(r), string(id))
}

func (r paymentRepo) ByERP(ctx context.Context, erpID string) (billing.Payment, error) {
	return paymentCodec.by(ctx, tx(r), "erp_id", erpID)
}

func (r paymentRepo) Save(ctx context.Context, p billing.Payment) (billing.Payment, error) {
	return paymentCodec.save(ctx, r.s, p)
}

func (r paymentRepo) Find(ctx context.Context, q billing.PaymentQuery) (uow.Page[billing.Payment], error) {
	sel, err := compilePayments(q)
	return page(ctx, r.s, sel, err, q.Page, func(row engine.Row) (billing.Payment, error) {
		return paymentCodec.read(tx(r), row)
	})
}
