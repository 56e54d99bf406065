package erpsync

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// theirs makes holdings of the ERP's documents, each with ours of the same
// document, if there is one.
type theirs struct {
	ours
	// shared: other portals write into the same ERP.
	shared bool
	// waits are the causes of parked changes, by "stream/id".
	waits map[string]string
	// known remembers whether a customer's code is known here.
	known map[string]bool
}

// byKey finds a document of ours by a key that tells of its id.
func byKey[ID ~string, D any](ctx context.Context, key string, get func(context.Context, ID) (D, error), none error) (D, bool, error) {
	var zero D
	for _, id := range idsOf[ID](key) {
		if d, is, err := found(get(ctx, id))(none); is || err != nil {
			return d, is, err
		}
	}
	return zero, false, nil
}

// found is the answer of a repository, whether there is one, and what else
// went wrong.
func found[D any](d D, err error) func(none error) (D, bool, error) {
	return func(none error) (D, bool, error) {
		if errors.Is(err, none) {
			return d, false, nil
		}
		return d, err == nil, err
	}
}

// order is an order. One with a key of ours ought to be here, unless other
// portals write into the same ERP; of a key that does not tell of its id that is
// known only while it waits.
func (x *theirs) order(ctx context.Context, tx store.Tx, c erp.OrderChange) (Holding, *Holding, error) {
	h := Holding{Kind: OrderDoc, ID: c.ID, Key: c.Key, Name: c.Number, State: string(c.State), Ended: c.State == erp.StateCancelled,
		Own: c.Sequence, Heard: int64(c.Revision), Hears: c.Revision > 0, Lists: []string{"reserved", "cancelled"}}
	h.Waits = x.waits[string(erp.Orders)+"/"+c.ID]
	h.Due = !x.shared && ourKey(c.Key) && (!hashedKey(c.Key) || h.Waits != "")
	if c.State == erp.StateUnknown {
		h.State = ""
	}
	h.text("number", c.Number, false)
	if c.Totals != nil {
		h.Amount = c.Totals.Gross
		h.Figures = append(h.Figures, Sums{c.Totals.Net, c.Totals.Tax, c.Totals.Gross}.figures(false)...)
	}
	for _, l := range c.Lines {
		if discountKey(l.Key) {
			continue // it travels as a line where the ERP has no discounts
		}
		if l.Ordered != nil {
			h.Figures = append(h.Figures, Figure{Line: l.Key, Field: "ordered", Value: *l.Ordered})
			if !slices.Contains(h.Lists, "ordered") {
				h.Lists = append(h.Lists, "ordered")
			}
		}
		h.Figures = append(h.Figures, Figure{Line: l.Key, Field: "reserved", Value: l.Reserved}, Figure{Line: l.Key, Field: "cancelled", Value: l.Cancelled})
	}
	o, is, err := found(tx.Orders().ByERP(ctx, c.ID))(order.ErrNotFound)
	if !is && err == nil {
		o, is, err = byKey(ctx, c.Key, tx.Orders().Get, order.ErrNotFound)
	}
	if !is || err != nil {
		return h, nil, err
	}
	ours, err := x.ours.order(o)
	return h, &ours, err
}

// delivery is a delivery of an order of ours; others are none of our business.
func (x *theirs) delivery(ctx context.Context, tx store.Tx, c erp.Delivery) (Holding, *Holding, error) {
	h := Holding{Kind: DeliveryDoc, ID: c.ID, Name: c.Number, State: string(c.State), Ended: c.State == erp.DeliveryCancelled, Own: c.Sequence,
		Lists: []string{"quantity"}, Waits: x.waits[string(erp.Deliveries)+"/"+c.ID]}
	h.text("carrier", c.Carrier, false)
	h.text("tracking", c.Tracking, false)
	h.text("date", c.Date, false)
	for _, l := range c.Lines {
		h.add(Figure{Line: cmp.Or(l.Key, l.SKU), Field: "quantity", Value: l.Quantity})
		h.Due = h.Due || ourKey(l.Key)
	}
	d, is, err := found(tx.Deliveries().ByERP(ctx, c.ID))(order.ErrNoDelivery)
	switch {
	case err != nil:
		return h, nil, err
	case is:
		ours := x.ours.delivery(d)
		return h, &ours, nil
	}
	// That of an order which is not here is not missing: the order is.
	_, here, err := found(tx.Orders().ByERP(ctx, c.Order))(order.ErrNotFound)
	h.Due = h.Due && (here || h.Waits != "" && !x.shared)
	return h, nil, err
}

// invoice is an invoice or credit note of a customer that is known here.
func (x *theirs) invoice(ctx context.Context, tx store.Tx, c erp.Invoice) (Holding, *Holding, error) {
	h := Holding{Kind: InvoiceDoc, ID: c.ID, Key: c.Key, Name: c.Number, State: string(c.State), Ended: c.State == erp.InvoiceCancelled, Own: c.Sequence,
		Currency: c.Currency, Amount: c.Totals.Gross, Minus: c.Credit, Lists: []string{"quantity", "net"}, Waits: x.waits[string(erp.Invoices)+"/"+c.ID]}
	h.text("number", c.Number, false)
	h.text("customer", c.Customer, false)
	h.text("date", c.Date, false)
	h.Figures = append(h.Figures, Sums{c.Totals.Net, c.Totals.Tax, c.Totals.Gross}.figures(false)...)
	if c.Residual != nil {
		h.Figures = append(h.Figures, Figure{Field: "left", Value: *c.Residual, Money: true})
	}
	for _, l := range c.Lines {
		line := cmp.Or(l.SKU, l.Text)
		if ourKey(l.Key) {
			line = l.Key
		}
		h.add(Figure{Line: line, Field: "quantity", Value: l.Quantity})
		h.add(Figure{Line: line, Field: "net", Value: l.Net, Money: true})
		h.Calc = append(h.Calc, CalcLine{Quantity: l.Quantity, Price: l.UnitPrice, Base: l.PriceBase, Net: l.Net, Category: l.TaxCategory, Rate: l.TaxRate})
	}
	for _, a := range c.Adjustments {
		h.Calc = append(h.Calc, CalcLine{Net: a.Amount, Category: a.TaxCategory, Rate: a.TaxRate})
	}
	d, is, err := found(tx.Invoices().ByERP(ctx, c.ID))(billing.ErrNotFound)
	if !is && err == nil {
		d, is, err = byKey(ctx, c.Key, tx.Invoices().Get, billing.ErrNotFound)
	}
	if err != nil {
		return h, nil, err
	}
	if is {
		ours := x.ours.invoice(d)
		return h, &ours, nil
	}
	h.Due, err = x.knows(ctx, tx, c.Customer)
	return h, nil, err
}

// payment is money of a customer that is known here.
func (x *theirs) payment(ctx context.Context, tx store.Tx, c erp.Payment) (Holding, *Holding, error) {
	h := Holding{Kind: PaymentDoc, ID: c.ID, Key: c.Key, Name: c.Number, State: string(c.State), Own: c.Sequence,
		Ended:    c.State == erp.PaymentFailed || c.State == erp.PaymentCancelled,
		Currency: c.Currency, Amount: c.Amount, Minus: c.Refund, Lists: []string{"allocated"}, Waits: x.waits[string(erp.Payments)+"/"+c.ID]}
	direction := billing.Incoming
	if c.Refund {
		direction = billing.Refund
	}
	h.text("direction", string(direction), false)
	h.Figures = append(h.Figures, Figure{Field: "amount", Value: c.Amount, Money: true})
	for _, al := range c.Allocations {
		name := al.Number
		if al.Invoice != "" {
			d, is, err := found(tx.Invoices().ByERP(ctx, al.Invoice))(billing.ErrNotFound)
			if err != nil {
				return h, nil, err
			}
			if name = cmp.Or(al.Number, al.Invoice); is {
				name = d.Number
			}
		}
		h.add(Figure{Line: name, Field: "allocated", Value: al.Amount, Money: true})
	}
	p, is, err := found(tx.Payments().ByERP(ctx, c.ID))(billing.ErrNoPayment)
	if !is && err == nil {
		p, is, err = byKey(ctx, c.Key, tx.Payments().Get, billing.ErrNoPayment)
	}
	if err != nil {
		return h, nil, err
	}
	if is {
		ours := x.ours.payment(p)
		return h, &ours, nil
	}
	h.Due, err = x.knows(ctx, tx, c.Customer)
	return h, nil, err
}

// knownMax is how many customers' codes are remembered.
const knownMax = 10_000

// knows reports whether a customer's code is one of our partners'.
func (x *theirs) knows(ctx context.Context, tx store.Tx, code string) (bool, error) {
	if is, asked := x.known[code]; asked {
		return is, nil
	}
	page, err := tx.Partners().Find(ctx, partner.Query{Code: code, Page: uow.PageRequest{Limit: 1}})
	if err != nil {
		return false, err
	}
	if len(x.known) >= knownMax {
		clear(x.known)
	}
	x.known[code] = len(page.Rows) > 0
	return x.known[code], nil
}
