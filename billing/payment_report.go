package billing

import (
	"context"
	"errors"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// PaymentReport is a payment as it stands in the ERP, whole.
type PaymentReport struct {
	// Payment names one of ours that comes back; "" for one of the ERP's own,
	// which is found by the id of its twin.
	Payment PaymentID `json:"payment,omitempty"`
	// Twin has the ERP's ID, and where it tells them its Number, State and
	// Sequence.
	Twin      order.Twin             `json:"twin"`
	Direction Direction              `json:"direction"`
	State     order.PaymentState     `json:"state"`
	Seller    SellerID               `json:"seller,omitempty"` // "" is the default
	Partner   partner.ID             `json:"partner"`
	Buyer     partner.CounterpartyID `json:"buyer,omitempty"`
	Method    Method                 `json:"method,omitempty"` // "" is OtherMethod
	Cheque    string                 `json:"cheque,omitempty"`
	Reference string                 `json:"reference,omitempty"`
	Amount    money.Amount           `json:"amount"`
	Date      partner.Date           `json:"date"`
	// Back is the day on which a confirmed payment was taken back; zero is
	// today.
	Back        partner.Date       `json:"back,omitzero"`
	Allocations []AllocationReport `json:"allocations,omitempty"`
}

// AllocationReport is the part of a reported payment that goes to one
// document.
type AllocationReport struct {
	// ERPID is the document's id in the ERP, Number its number; one of them is
	// enough.
	ERPID  string       `json:"erp_id,omitempty"`
	Number string       `json:"number,omitempty"`
	Amount money.Amount `json:"amount"`
}

// ReportPayment records a payment as the ERP tells it. One of the ERP's own is
// mirrored: state, amount and allocations are what the ERP says, at every
// report anew, and settle what they are for. What does not fit (an allocation
// of more than is left, or to a document of another account) stays credit owed,
// is noted as the twin's Problem, and given when a later report makes room.
//
// One of ours that comes back is the same payment: its twin is linked, its
// state follows where the life cycle has a way, allocations that the ERP made
// beyond ours are added; what then differs is noted as the twin's Problem, and
// ours stays.
//
// A report of the same or an older Sequence changes nothing, nor does the same
// report again.
//
// Errors, in the order of the checks: ErrInvalid with every issue;
// ErrNoPayment; access.ErrForbidden without payment.report; ErrPaymentExists for
// one of ours that is another payment there already; *Awaits (Precondition,
// billing.awaits) for an allocation to a document that is not here yet.
func (s *Service) ReportPayment(ctx context.Context, a access.Actor, in PaymentReport) (Payment, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Payment, error) { return s.ReportPaymentTx(ctx, tx, a, in) })
}

// ReportPaymentTx is ReportPayment inside a transaction of the caller's. An
// error means that the transaction has to be abandoned, but for *Awaits: then
// nothing was written.
func (s *Service) ReportPaymentTx(ctx context.Context, tx Tx, a access.Actor, in PaymentReport) (Payment, error) {
	in.fill(s.opts.Sellers[0].ID)
	if err := in.check(); err != nil {
		return Payment{}, err
	}
	p, err := s.reported(ctx, tx, in)
	if err != nil {
		return Payment{}, err
	}
	if err := s.policy.Check(a, access.PaymentReport, access.PaymentRead, p.owner(), ErrNoPayment); err != nil {
		return Payment{}, err
	}
	ours := p.Version > 0 && !p.Mirror()
	if ours && another(p.ERP, in.Twin) {
		return Payment{}, ErrPaymentExists.With("%s is %s in the ERP, not %s", p.Number, p.ERP.ID, in.Twin.ID)
	}
	if p.Version > 0 && in.Twin.Sequence > 0 && in.Twin.Sequence <= p.ERP.Sequence {
		return p, nil
	}
	docs, err := s.named(ctx, tx, in)
	if err != nil {
		return Payment{}, err
	}
	apply := s.mirrorPayment
	if ours {
		apply = s.comeBack
	}
	now, err := apply(ctx, tx, a, p, in, docs)
	if err != nil {
		return Payment{}, err
	}
	return s.freed(ctx, tx, a, p, now)
}

func (in *PaymentReport) fill(seller SellerID) {
	if in.Seller == "" {
		in.Seller = seller
	}
	if in.Method == "" {
		in.Method = OtherMethod
	}
}

func (in PaymentReport) check() error {
	var is fault.Issues
	check.Need(&is, "twin.id", in.Twin.ID, 200)
	check.Line(&is, "twin.number", in.Twin.Number, 200)
	check.Need(&is, "partner", string(in.Partner), 200)
	check.Line(&is, "method", string(in.Method), maxMethod)
	check.Line(&is, "cheque", in.Cheque, 200)
	check.Line(&is, "reference", in.Reference, 2000)
	checkAmount(&is, "amount", in.Amount, money.Currency{})
	if in.Direction != Incoming && in.Direction != Refund {
		is.Add("direction", "unknown", "%q is no direction", in.Direction)
	}
	if !paymentLife.Has(in.State) {
		is.Add("state", "unknown", "%q is no state of a payment", in.State)
	}
	if in.Date.IsZero() {
		is.Add("date", "required", "is missing")
	}
	if len(in.Allocations) > maxAllocations {
		is.Add("allocations", "too_many", "%d allocations, at most %d", len(in.Allocations), maxAllocations)
	}
	for _, al := range in.Allocations {
		if al.ERPID == "" && al.Number == "" {
			is.Add("allocations", "required", "name the document")
		}
		checkAmount(&is, "allocations", al.Amount, in.Amount.Currency())
	}
	return is.Err(ErrInvalid)
}

// reported is the payment that a report is about: one of ours, a mirror, or a
// new one of Version 0.
func (s *Service) reported(ctx context.Context, tx Tx, in PaymentReport) (Payment, error) {
	if in.Payment != "" {
		return tx.Payments().Get(ctx, in.Payment)
	}
	p, err := tx.Payments().ByERP(ctx, in.Twin.ID)
	if errors.Is(err, ErrNoPayment) {
		return Payment{Partner: in.Partner}, nil
	}
	return p, err
}

// named reads the documents that the allocations name.
func (s *Service) named(ctx context.Context, tx Tx, in PaymentReport) ([]Document, error) {
	docs := make([]Document, len(in.Allocations))
	for i, al := range in.Allocations {
		d, err := Document{}, error(ErrNotFound)
		if al.ERPID != "" {
			d, err = tx.Invoices().ByERP(ctx, al.ERPID)
		}
		if errors.Is(err, ErrNotFound) && al.Number != "" {
			d, err = tx.Invoices().ByNumber(ctx, in.Seller, al.Number)
		}
		if errors.Is(err, ErrNotFound) {
			name := al.ERPID
			if name == "" {
				name = al.Number
			}
			return nil, &Awaits{Document: name}
		}
		if err != nil {
			return nil, err
		}
		docs[i] = d
	}
	return docs, nil
}
