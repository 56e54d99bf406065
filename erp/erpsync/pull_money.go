package erpsync

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// customer finds who is meant by a customer code of the ERP.
func (p *Puller) customer(ctx context.Context, tx store.Tx, code string) (partner.Partner, partner.Counterparty, error) {
	page, err := tx.Partners().Find(ctx, partner.Query{Code: code, Page: uow.PageRequest{Limit: 2}})
	if err != nil {
		return partner.Partner{}, partner.Counterparty{}, err
	}
	switch len(page.Rows) {
	case 0:
		return partner.Partner{}, partner.Counterparty{}, &waiting{what: "customer/" + code, err: partner.ErrNotFound}
	case 1:
	default:
		return partner.Partner{}, partner.Counterparty{}, ErrChange.With("more than one partner is the customer %q", code)
	}
	who, err := tx.Partners().Get(ctx, page.Rows[0].ID)
	if err != nil {
		return partner.Partner{}, partner.Counterparty{}, err
	}
	entity, _ := who.Counterparty("")
	if who.CustomerCode(entity) != code {
		for _, c := range who.Counterparties {
			if who.CustomerCode(c) == code {
				entity = c
				break
			}
		}
	}
	return who, entity, nil
}

// invoice applies an invoice or credit note. Lines whose key has the form of
// ours belong to an order of ours, and wait for it; others are the ERP's own
// business, and then the customer's code says whose the invoice is.
func (p *Puller) invoice(ctx context.Context, tx store.Tx, c erp.Invoice) error {
	cur, err := money.ParseCurrency(c.Currency)
	if err != nil {
		return ErrChange.Because(err)
	}
	r := reading{cur: cur}
	in := billing.InvoiceReport{
		Twin: order.Twin{ID: c.ID, Number: c.Number, State: string(c.State), Sequence: c.Sequence},
		Kind: billing.Invoice, Void: c.State == erp.InvoiceCancelled, Number: c.Number, Seller: billing.SellerID(c.Seller), Customer: c.Customer,
		Issued: day(&r.is, "date", c.Date), Due: day(&r.is, "due", c.Due), Currency: cur, Corrects: c.Corrects, Reason: c.Reason,
		Totals: billing.Totals{Net: r.amount("totals.net", c.Totals.Net), Tax: r.amount("totals.tax", c.Totals.Tax), Gross: r.amount("totals.gross", c.Totals.Gross)},
	}
	if c.Credit {
		in.Kind = billing.CreditNote
	}
	ours, err := ourInvoice(ctx, tx, c.Key)
	if err != nil {
		return err
	}
	if is, err := second("invoice", c.ID, ours.Number, ours.ERP, in.Void); is {
		return err
	}
	in.Key = ours.ID
	var last order.Order
	only := true // all lines are of one order
	type lines struct {
		order order.ID
		byKey map[string]order.LineID
	}
	orders := map[string]lines{}
	for i, l := range c.Lines {
		line := r.line("lines["+strconv.Itoa(i)+"]", l)
		if ourKey(l.Key) {
			of, known := orders[l.Order]
			if !known {
				o, err := p.twinOf(ctx, tx, l.Order, "")
				if err != nil {
					return awaits("order", l.Order, err)
				}
				if len(orders) > 0 && o.Customer.Partner != last.Customer.Partner {
					return ErrChange.With("%s and %s are orders of two partners, on one invoice", last.Ref, o.Ref)
				}
				of = lines{o.ID, linesByKey(p.tenant, o)}
				orders[l.Order], last = of, o
			}
			if id, ours := of.byKey[l.Key]; ours {
				line.Order, line.OrderLine = of.order, id
			}
		}
		in.Lines = append(in.Lines, line)
		only = only && line.Order != "" && line.Order == in.Lines[0].Order
	}
	for i, d := range c.Adjustments {
		path := "adjustments[" + strconv.Itoa(i) + "]"
		one := billing.Adjustment{Code: d.Code, Text: d.Text, Amount: r.amount(path, d.Amount), Category: category(d.TaxCategory, d.TaxRate), Rate: r.rate(path, d.TaxRate)}
		if only && len(in.Lines) > 0 { // else it is shared by net
			one.Order = in.Lines[0].Order
		}
		in.Adjustments = append(in.Adjustments, one)
	}
	for i, t := range c.Taxes {
		path := "taxes[" + strconv.Itoa(i) + "]"
		in.Taxes = append(in.Taxes, pricing.Tax{Category: category(t.Category, t.Rate), Rate: r.rate(path, t.Rate),
			Base: r.amount(path+".base", t.Base), Tax: r.amount(path+".tax", t.Tax)})
	}
	if c.Residual != nil {
		left := r.amount("residual", *c.Residual)
		in.Residual = &left
	}
	if err := r.is.Err(ErrChange); err != nil {
		return err
	}
	if len(orders) > 0 {
		in.Partner, in.Buyer = last.Customer.Partner, last.Customer.Counterparty
	} else if in.Partner, in.Buyer, err = p.buyer(ctx, tx, c); err != nil {
		return err
	}
	_, err = p.books.Billing.ReportInvoiceTx(ctx, tx, p.actor, in)
	return awaitsDocument(err)
}

// buyer is whose an invoice without an order of ours is. That of a document
// that is here already stays, as long as the ERP's code does.
func (p *Puller) buyer(ctx context.Context, tx store.Tx, c erp.Invoice) (partner.ID, partner.Counterparty, error) {
	d, err := tx.Invoices().ByERP(ctx, c.ID)
	if err == nil && d.Customer == c.Customer {
		return d.Partner, d.Buyer, nil
	}
	if err != nil && !errors.Is(err, billing.ErrNotFound) {
		return "", partner.Counterparty{}, err
	}
	who, entity, err := p.customer(ctx, tx, c.Customer)
	return who.ID, entity, err
}

// ourInvoice is the document of ours that a key was made of, a zero one for a
// key that does not tell; such a document is known by its number.
func ourInvoice(ctx context.Context, tx store.Tx, key string) (billing.Document, error) {
	for _, id := range idsOf[billing.ID](key) {
		if d, err := tx.Invoices().Get(ctx, id); !errors.Is(err, billing.ErrNotFound) {
			return d, err
		}
	}
	return billing.Document{}, nil
}

// awaitsDocument turns an invoice that is missing into what is waited for.
func awaitsDocument(err error) error {
	var missing *billing.Awaits
	if errors.As(err, &missing) {
		return &waiting{what: "invoice/" + missing.Document, err: err}
	}
	return err
}

// followUses brings the credit notes of the ERP into step with what it has used
// of them, but for those that a parked payment may be about: until all payments are
// here that the ERP knew when it told what is left, one of them may be what was used.
// still, if any, is asked in each transaction whether that is so.
func (p *Puller) followUses(ctx context.Context, still func(ctx context.Context, tx store.Tx) error) error {
	var used []billing.Document
	err := p.store.View(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if used, err = behind(ctx, tx); err != nil || len(used) == 0 {
			return err
		}
		return eachParked(ctx, tx, erp.Payments, func(k event.Parked) error {
			may, err := p.mayUse(ctx, tx, k)
			if err == nil {
				used = slices.DeleteFunc(used, may)
			}
			return err
		})
	})
	for _, d := range used {
		err = errors.Join(err, p.store.Update(ctx, func(ctx context.Context, tx store.Tx) error {
			if still != nil {
				if err := still(ctx, tx); err != nil {
					return err
				}
			}
			_, err := p.books.Billing.FollowUseTx(ctx, tx, p.actor, d.ID)
			return err
		}))
	}
	return err
}

// mayUse tells of which credit notes a parked payment may use some: its
// customer's, and those that it names; of all when it cannot be read.
func (p *Puller) mayUse(ctx context.Context, tx store.Tx, k event.Parked) (func(billing.Document) bool, error) {
	var c erp.Payment
	if json.Unmarshal(k.Data, &c) != nil {
		return func(billing.Document) bool { return true }, nil
	}
	who, _, err := p.customer(ctx, tx, c.Customer)
	if err != nil && !parks(err) {
		return nil, err
	}
	return func(d billing.Document) bool {
		return d.Partner == who.ID || d.Customer == c.Customer || slices.ContainsFunc(c.Allocations, func(al erp.PaymentPart) bool {
			return al.Invoice == d.ERP.ID || al.Invoice == "" && al.Number == d.Number
		})
	}, nil
}

// behind are the credit notes of the ERP of which it has used more than here.
func behind(ctx context.Context, tx store.Tx) (out []billing.Document, err error) {
	open := true
	q := billing.Query{Kind: billing.CreditNote, Open: &open, Page: uow.PageRequest{Limit: 200}}
	for {
		page, err := tx.Invoices().Find(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, h := range page.Rows {
			d, err := tx.Invoices().Get(ctx, h.ID)
			if err != nil {
				return nil, err
			}
			if d.Issuer == billing.ByERP && d.Residual != nil && d.Residual.Minor() < d.Left().Minor() {
				out = append(out, d)
			}
		}
		if q.Page.After = page.Next; page.Next == "" {
			return out, nil
		}
	}
}
