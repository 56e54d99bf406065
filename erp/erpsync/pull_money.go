package erpsync

import (
	"cmp"
	"context"
	"errors"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
)

// customer finds who is meant by a customer code of the ERP.
func (p *Puller) customer(ctx context.Context, tx store.Tx, code string) (partner.Partner, partner.Counterparty, error) {
	page, err := tx.Partners().Find(ctx, partner.Query{Code: code})
	if err != nil {
		return partner.Partner{}, partner.Counterparty{}, err
	}
	if len(page.Rows) == 0 {
		return partner.Partner{}, partner.Counterparty{}, &waiting{what: "customer/" + code, err: partner.ErrNotFound}
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

// invoice applies an invoice or credit note. Lines that carry our key belong
// to an order of ours, and wait for it; others are the ERP's own business.
func (p *Puller) invoice(ctx context.Context, tx store.Tx, c erp.Invoice) error {
	cur, err := money.ParseCurrency(c.Currency)
	if err != nil {
		return ErrChange.Because(err)
	}
	r := reading{cur: cur}
	in := billing.InvoiceReport{
		Twin: order.Twin{ID: c.ID, Number: c.Number, State: string(c.State), Sequence: c.Sequence}, Key: billing.ID(cmp.Or(unkey(c.Key), c.Key)),
		Kind: billing.Invoice, Void: c.State == erp.InvoiceCancelled, Number: c.Number, Seller: billing.SellerID(c.Seller), Customer: c.Customer,
		Issued: day(&r.is, "date", c.Date), Due: day(&r.is, "due", c.Due), Currency: cur, Corrects: c.Corrects, Reason: c.Reason,
		Totals: billing.Totals{Net: r.amount("totals.net", c.Totals.Net), Tax: r.amount("totals.tax", c.Totals.Tax), Gross: r.amount("totals.gross", c.Totals.Gross)},
	}
	if c.Credit {
		in.Kind = billing.CreditNote
	}
	var last order.Order
	orders := map[string]order.Order{}
	for i, l := range c.Lines {
		line := r.line("lines["+strconv.Itoa(i)+"]", l)
		if l.Key != "" {
			o, known := orders[l.Order]
			if !known {
				if o, err = p.twinOf(ctx, tx, l.Order, ""); err != nil {
					return awaits("order", l.Order, err)
				}
				orders[l.Order], last = o, o
			}
			if id, ours := linesByKey(p.tenant, o)[l.Key]; ours {
				line.Order, line.OrderLine = o.ID, id
			}
		}
		in.Lines = append(in.Lines, line)
	}
	for i, d := range c.Adjustments {
		path := "adjustments[" + strconv.Itoa(i) + "]"
		one := billing.Adjustment{Code: d.Code, Text: d.Text, Amount: r.amount(path, d.Amount), Category: category(d.TaxCategory, d.TaxRate), Rate: r.rate(path, d.TaxRate)}
		if len(orders) == 1 {
			one.Order = last.ID
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
	} else {
		who, entity, err := p.customer(ctx, tx, c.Customer)
		if err != nil {
			return err
		}
		in.Partner, in.Buyer = who.ID, entity
	}
	_, err = p.books.Billing.ReportInvoiceTx(ctx, tx, p.actor, in)
	return awaitsDocument(err)
}

// awaitsDocument turns an invoice that is missing into what is waited for.
func awaitsDocument(err error) error {
	var missing *billing.Awaits
	if errors.As(err, &missing) {
		return &waiting{what: "invoice/" + missing.Document, err: err}
	}
	return err
}

// payment applies a payment.
func (p *Puller) payment(ctx context.Context, tx store.Tx, c erp.Payment) error {
	cur, err := money.ParseCurrency(c.Currency)
	if err != nil {
		return ErrChange.Because(err)
	}
	r := reading{cur: cur}
	in := billing.PaymentReport{
		Twin:      order.Twin{ID: c.ID, Number: c.Number, State: string(c.State), Sequence: c.Sequence},
		Direction: billing.Incoming, Method: billing.Method(c.Method), Cheque: c.Cheque, Reference: c.Reference,
		Amount: r.amount("amount", c.Amount), Date: day(&r.is, "date", c.Date), State: order.PaymentAwaiting,
	}
	if c.Refund {
		in.Direction = billing.Refund
	}
	switch c.State {
	case erp.PaymentPosted:
		in.State = order.PaymentConfirmed
	case erp.PaymentFailed:
		in.State = order.PaymentRefused
	case erp.PaymentCancelled:
		in.State = order.PaymentCancelled
	}
	for i, al := range c.Allocations {
		in.Allocations = append(in.Allocations, billing.AllocationReport{ERPID: al.Invoice, Number: al.Number,
			Amount: r.amount("allocations["+strconv.Itoa(i)+"]", al.Amount)})
	}
	if err := r.is.Err(ErrChange); err != nil {
		return err
	}
	for _, id := range []string{unkey(c.Key), c.Key} {
		if id == "" {
			continue
		}
		ours, err := tx.Payments().Get(ctx, billing.PaymentID(id))
		if err == nil {
			in.Payment, in.Partner, in.Buyer = ours.ID, ours.Partner, ours.Buyer
			break
		}
		if !errors.Is(err, billing.ErrNoPayment) {
			return err
		}
	}
	if in.Payment == "" {
		who, entity, err := p.customer(ctx, tx, c.Customer)
		if err != nil {
			return err
		}
		in.Partner, in.Buyer = who.ID, entity.ID
	}
	_, err = p.books.Billing.ReportPaymentTx(ctx, tx, p.actor, in)
	return awaitsDocument(err)
}

// reading collects what cannot be read of a document of the ERP.
type reading struct {
	is  fault.Issues
	cur money.Currency
}

func (r *reading) amount(path string, d decimal.Decimal) money.Amount {
	return exact(&r.is, path, d, r.cur)
}

func (r *reading) rate(path string, d decimal.Decimal) money.Rate {
	rate, err := money.RateFromDecimal(trim(d))
	r.is.AddUnder(path+".rate", err)
	return rate
}

func (r *reading) line(path string, l erp.InvoiceLine) billing.Line {
	price, err := money.PriceFromDecimal(trim(l.UnitPrice), r.cur, money.HalfAwayFromZero)
	r.is.AddUnder(path+".unit_price", err)
	if base := count(&r.is, path+".price_base", l.PriceBase); err == nil && base.Sign() > 0 {
		price, err = price.PerBase(base)
		r.is.AddUnder(path+".price_base", err)
	}
	return billing.Line{SKU: catalog.SKU(l.SKU), Name: cmp.Or(l.Text, l.SKU), Unit: l.Unit, Quantity: count(&r.is, path+".quantity", l.Quantity),
		Price: price, Stated: catalog.Net, Net: r.amount(path+".net", l.Net), Category: category(l.TaxCategory, l.TaxRate), Rate: r.rate(path, l.TaxRate)}
}

// category is the ERP's, or else what its rate says.
func category(text string, rate decimal.Decimal) pricing.Category {
	switch {
	case text != "":
		return pricing.Category(text)
	case rate.IsPositive():
		return pricing.StandardRated
	}
	return pricing.ZeroRated
}
