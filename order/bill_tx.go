package order

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
)

// The errors of billing an order.
var (
	// ErrInvoicing: a document does not fit what the order knows of its
	// invoices. Its issues name the lines and boxes.
	ErrInvoicing = fault.Define(fault.Precondition, "order.invoicing", "the document does not fit the order's billing ledger")
	// ErrInvoiced: what stands on an invoice that is not wholly credited stays.
	ErrInvoiced = fault.Define(fault.Precondition, "order.invoiced", "an invoiced order can be neither deleted nor cancelled")
)

// BillInput is an order's part of one invoice or credit note.
type BillInput struct {
	Order ID   `json:"order"`
	Bill  Bill `json:"bill"`
	// Lines are what the document bills, or credits, of the order's lines;
	// Boxes the stretches of tax bases it takes, or gives back.
	Lines []BilledLine `json:"lines"`
	Boxes []Box        `json:"boxes,omitempty"`
	// Mirror says that the ERP made the document. Its documents change and
	// arrive in any order: more may be credited than is invoiced.
	Mirror bool `json:"mirror,omitempty"`
}

// BilledLine is how much of one line is on a document.
type BilledLine struct {
	Line LineID `json:"line"`
	// Quantity is zero or more, on credit notes too.
	Quantity money.Quantity `json:"quantity"`
	// Stretches are the pieces of the line that the document has, as long as
	// Quantity; documents of the ERP have none.
	Stretches []Stretch `json:"stretches,omitempty"`
}

// BillTx puts a document of package billing into the order's ledgers: an
// invoice adds what it bills, a credit note subtracts. It is for billing, which
// has checked who may, and runs in its transaction; it refuses what would break
// the ledger but does not ask whether the quantity is due: an ERP may invoice
// more than was delivered, and ToInvoice is then below zero. An order bears it
// in any state.
//
// Errors: ErrNotFound; ErrInvoicing (Precondition, order.invoicing) with every
// issue: a document that is there already, an unknown line, more credited than
// invoiced but by a Mirror, stretches that are taken, not taken, or not of the line or box,
// amounts in another currency or that do not add up.
func (s *Service) BillTx(ctx context.Context, tx Tx, a access.Actor, in BillInput) (Order, error) {
	return s.billing(ctx, tx, a, in.Order, func(o *Order) (string, event.Payload, error) {
		if err := o.bill(in); err != nil {
			return "", nil, err
		}
		what := "invoiced"
		if in.Bill.Credit {
			what = "credited"
		}
		o.note(s.now(), a.Stamp(), what, o.State, in.Bill.Number)
		return what, BillAdded{About: about(*o, a), Bill: o.Bills[len(o.Bills)-1]}, nil
	})
}

// UnbillTx takes back a BillTx: the ERP voided the document, or changed it and
// tells it anew. The input is that of the BillTx.
//
// Errors: ErrNotFound; ErrInvoicing (Precondition, order.invoicing) with every
// issue: a document that is not there, and but for a Mirror an invoice of which
// more is credited than would stay invoiced.
func (s *Service) UnbillTx(ctx context.Context, tx Tx, a access.Actor, in BillInput) (Order, error) {
	return s.billing(ctx, tx, a, in.Order, func(o *Order) (string, event.Payload, error) {
		i := o.billed(in.Bill.Document)
		if i < 0 {
			return "", nil, ErrInvoicing.With("%s has no document %s", o.Ref, in.Bill.Document)
		}
		in.Bill = o.Bills[i]
		if err := o.unbill(in); err != nil {
			return "", nil, err
		}
		o.note(s.now(), a.Stamp(), "voided", o.State, in.Bill.Number)
		return "voided", BillRemoved{About: about(*o, a), Bill: in.Bill}, nil
	})
}

// SettleBillInput is how far one document of an order is settled.
type SettleBillInput struct {
	Order    ID     `json:"order"`
	Document BillID `json:"document"`
	// Settled is the whole of what is paid, set off or paid back of the order's
	// part, from zero to its Gross; not what was added.
	Settled money.Amount `json:"settled"`
	// Payment is the state of the last payment on the document; "" without one.
	Payment PaymentState `json:"payment,omitempty"`
}

// SettleBillTx writes how far a document is settled, for billing and in its
// transaction, as BillTx. What does not change anything answers the order as
// it is.
//
// Errors: ErrNotFound; ErrInvoicing (Precondition, order.invoicing) for a
// document that the order does not have, and for more than its Gross.
func (s *Service) SettleBillTx(ctx context.Context, tx Tx, a access.Actor, in SettleBillInput) (Order, error) {
	return s.billing(ctx, tx, a, in.Order, func(o *Order) (string, event.Payload, error) {
		i := o.billed(in.Document)
		if i < 0 {
			return "", nil, ErrInvoicing.With("%s has no document %s", o.Ref, in.Document)
		}
		b := o.Bills[i]
		if !settles(in.Settled, b.Gross) {
			return "", nil, ErrInvoicing.With("%s of %s cannot be settled on %s", in.Settled, b.Gross, b.Number)
		}
		b.Settled, b.Payment = in.Settled, in.Payment
		if b == o.Bills[i] {
			return "", nil, nil
		}
		o.Bills = slices.Clone(o.Bills)
		o.Bills[i] = b
		o.UpdatedAt = s.now()
		return "settled", BillSettled{About: about(*o, a), Bill: b}, nil
	})
}

// billing runs one change of an order's bills and tells of it.
func (s *Service) billing(ctx context.Context, tx Tx, a access.Actor, id ID, do func(*Order) (string, event.Payload, error)) (Order, error) {
	o, err := tx.Orders().Get(ctx, id)
	if err != nil {
		return Order{}, err
	}
	before := o.Axes()
	done, fact, err := do(&o)
	if err != nil {
		return Order{}, err
	}
	if done == "" {
		return o, nil
	}
	return s.save(ctx, tx, o, nil, append([]event.Payload{fact}, turned(before, o, a)...)...)
}

// billed is the place of a document among the bills, below zero for none.
func (o *Order) billed(id BillID) int {
	return slices.IndexFunc(o.Bills, func(b Bill) bool { return b.Document == id })
}

// settles reports whether an amount is a part of a gross, either sign alike.
func settles(settled, gross money.Amount) bool {
	left, err := gross.Sub(settled)
	return err == nil && settled.Sign()*gross.Sign() >= 0 && left.Sign()*gross.Sign() >= 0 &&
		(gross.Sign() != 0 || settled.Sign() == 0)
}
