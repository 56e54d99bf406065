package erpsync

import (
	"context"
	"errors"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
)

// ErrChange refuses a change whose figures or dates cannot be read.
var ErrChange = fault.Define(fault.Invalid, "erpsync.change", "the ERP's change cannot be read")

// unkey is the id that a key was made of, "" for a key that does not tell.
func unkey(key string) string {
	if len(key) != 32 || strings.Trim(key, "0123456789abcdef") != "" {
		return ""
	}
	return key[:8] + "-" + key[8:12] + "-" + key[12:16] + "-" + key[16:20] + "-" + key[20:]
}

// twinOf finds the order of a change: by the ERP's id, or else by our key, as
// the relay may not have told the order its id yet.
func (p *Puller) twinOf(ctx context.Context, tx store.Tx, erpID, key string) (order.Order, error) {
	if erpID != "" {
		o, err := tx.Orders().ByERP(ctx, erpID)
		if !errors.Is(err, order.ErrNotFound) {
			return o, err
		}
	}
	for _, id := range []string{unkey(key), key} {
		if id == "" {
			continue
		}
		o, err := tx.Orders().Get(ctx, order.ID(id))
		if !errors.Is(err, order.ErrNotFound) {
			return o, err
		}
	}
	return order.Order{}, order.ErrNotFound
}

// linesByKey gives the order's line ids by the keys that the ERP knows.
func linesByKey(t access.Tenant, o order.Order) map[string]order.LineID {
	out := make(map[string]order.LineID, len(o.Lines))
	for _, l := range o.Lines {
		out[lineKey(t, l.ID)] = l.ID
	}
	return out
}

// order applies a change of an order. One that is none of ours is left: the
// ERP has others.
func (p *Puller) order(ctx context.Context, tx store.Tx, c erp.OrderChange) error {
	o, err := p.twinOf(ctx, tx, c.ID, c.Key)
	if errors.Is(err, order.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	in := order.Report{Order: o.ID, ID: c.ID, Number: c.Number, State: string(c.State), Revision: c.Revision, Sequence: c.Sequence}
	if in.Revision > o.Revision {
		return ErrChange.With("the ERP holds revision %d of %s, which is at %d", c.Revision, o.Ref, o.Revision)
	}
	if c.Totals != nil {
		in.Gross = amount(c.Totals.Gross, o.Currency)
	}
	ids := linesByKey(p.tenant, o)
	var is fault.Issues
	for _, l := range c.Lines {
		id, ours := ids[l.Key]
		if !ours {
			continue
		}
		in.Lines = append(in.Lines, order.LineReport{Line: id,
			Reserved: count(&is, l.Key+".reserved", l.Reserved), Cancelled: count(&is, l.Key+".cancelled", l.Cancelled)})
	}
	if err := is.Err(ErrChange); err != nil {
		return err
	}
	_, err = p.books.Orders.ReportERPTx(ctx, tx, p.actor, in)
	return err
}

// delivery applies a delivery or a return.
func (p *Puller) delivery(ctx context.Context, tx store.Tx, c erp.Delivery) error {
	o, err := p.twinOf(ctx, tx, c.Order, "")
	if err != nil {
		return awaits("order", c.Order, err)
	}
	in := order.DeliveryReport{Order: o.ID, Kind: order.Outgoing, State: order.Planned,
		Twin:    order.Twin{ID: c.ID, Number: c.Number, State: string(c.State), Sequence: c.Sequence},
		Carrier: c.Carrier, Tracking: c.Tracking, BackOrderOf: c.BackOrderOf, Reason: c.Reason}
	if c.Return {
		in.Kind = order.Return
	}
	switch c.State {
	case erp.DeliveryDone:
		in.State = order.Shipped
	case erp.DeliveryCancelled:
		in.State = order.Void
	}
	var is fault.Issues
	in.Date = day(&is, "date", c.Date)
	ids := linesByKey(p.tenant, o)
	at := map[order.LineID]int{}
	for _, l := range c.Lines {
		id, ours := ids[l.Key]
		if !ours {
			continue // goods that the ERP's people added to the order
		}
		q := count(&is, l.Key+".quantity", l.Quantity)
		if i, twice := at[id]; twice { // from two places of the warehouse
			sum, err := in.Lines[i].Quantity.Add(q)
			if err != nil {
				return err
			}
			in.Lines[i].Quantity = sum
			continue
		}
		at[id] = len(in.Lines)
		in.Lines = append(in.Lines, order.LineQuantity{Line: id, Quantity: q})
	}
	if err := is.Err(ErrChange); err != nil {
		return err
	}
	_, err = p.books.Orders.ReportDeliveryTx(ctx, tx, p.actor, in)
	return err
}

// count reads a quantity of the ERP exactly.
func count(is *fault.Issues, path string, d decimal.Decimal) money.Quantity {
	q, err := money.QuantityFromDecimal(trim(d))
	switch {
	case err != nil:
		is.AddUnder(path, err)
	case q.Sign() < 0:
		is.Add(path, "negative", "%s is below zero", q)
	}
	return q
}

// day reads a date of the ERP; "" is none.
func day(is *fault.Issues, path, text string) partner.Date {
	if text == "" {
		return partner.Date{}
	}
	d, err := partner.ParseDate(text)
	if err != nil {
		is.AddUnder(path, err)
	}
	return d
}

// exact reads an amount of the ERP that has to fit the currency's digits.
func exact(is *fault.Issues, path string, d decimal.Decimal, c money.Currency) money.Amount {
	a, err := money.AmountFromDecimal(d, c, money.HalfAwayFromZero)
	switch {
	case err != nil:
		is.AddUnder(path, err)
		return money.Zero(c)
	case !a.Decimal().Equal(d):
		is.Add(path, "digits", "%s has more digits than %s", d.StringFixed(-d.Exponent()), c.Code())
	}
	return a
}

// lineKey is the key under which the ERP knows a line of an order.
func lineKey(t access.Tenant, id order.LineID) string { return Key(t, order.ID(id)) }
