package billing

import (
	"context"
	"strings"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// RefundInput promises to pay credit back.
type RefundInput struct {
	Key string `json:"key,omitempty"`
	// Document is the credit note, or Payment the confirmed payment, whose rest
	// is paid back: one of the two. Version is its version; 0 expects any.
	Document ID        `json:"document,omitempty"`
	Payment  PaymentID `json:"payment,omitempty"`
	Version  int64     `json:"version,omitempty"`
	// Amount is above zero and at most what is there and not promised already;
	// none means all of that.
	Amount money.Amount `json:"amount,omitzero"`
	Method Method       `json:"method"`
	// Cheque may be told when the refund is confirmed.
	Cheque    string `json:"cheque,omitempty"`
	Reference string `json:"reference,omitempty"`
	// Date is the day on which it is to be paid; zero is today.
	Date   partner.Date `json:"date,omitzero"`
	Reason string       `json:"reason"` // 1 to 2000 characters, the refund's Note
}

// Refund promises to pay back what a credit note or a payment has left. It
// makes a payment of direction Refund in the state awaiting and reserves the
// credit at once: it can be promised no second time, and no longer be set off
// or allocated. Advance executes it (Confirm) or gives it up (Cancel), which
// frees the credit.
//
// Errors, in the order of the checks: ErrNotFound or ErrNoPayment;
// uow.ErrKeyReused; uow.ErrVersion; ErrUnconfirmed for a payment that is not
// confirmed or is a refund itself; access.ErrForbidden without payment.settle;
// ErrInvalid with every issue; ErrLeft (Precondition, billing.left) for more
// than is there.
func (s *Service) Refund(ctx context.Context, a access.Actor, in RefundInput) (Payment, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Payment, error) { return s.RefundTx(ctx, tx, a, in) })
}

// RefundTx is Refund inside a transaction of the caller's. An error means that
// the transaction has to be abandoned.
func (s *Service) RefundTx(ctx context.Context, tx Tx, a access.Actor, in RefundInput) (Payment, error) {
	if (in.Document == "") == (in.Payment == "") {
		var is fault.Issues
		is.Add("document", "required", "name either a credit note or a payment")
		return Payment{}, is.Err(ErrInvalid)
	}
	if in.Document != "" {
		return s.refundCredit(ctx, tx, a, in)
	}
	return s.refundPayment(ctx, tx, a, in)
}

func (s *Service) refundCredit(ctx context.Context, tx Tx, a access.Actor, in RefundInput) (Payment, error) {
	d, err := s.see(ctx, tx, a, in.Document)
	if err != nil {
		return Payment{}, err
	}
	return uow.Once(ctx, tx.Keys(), scope("refund", a), in.Key, in, func() (Payment, error) {
		if err := at(d, in.Version); err != nil {
			return Payment{}, err
		}
		all := money.Zero(d.Currency) // of an invoice nothing is paid back
		if d.Kind == CreditNote {
			all = money.FromMinor(d.free(), d.Currency)
		}
		p := in.payment(d.account(), all)
		if err := s.mayRefund(a, &p, in, all, d.Number); err != nil {
			return Payment{}, err
		}
		p.Allocations = []Allocation{{Document: d.ID, Number: d.Number, Amount: p.Amount, On: later(p.Date, d.Issued)}}
		p.State = order.PaymentAwaiting
		if err := s.promise(ctx, tx, a, p, &d); err != nil {
			return Payment{}, err
		}
		return s.record(ctx, tx, a, p, opPromise, "promised")
	})
}

func (s *Service) refundPayment(ctx context.Context, tx Tx, a access.Actor, in RefundInput) (Payment, error) {
	src, err := s.seePayment(ctx, tx, a, in.Payment)
	if err != nil {
		return Payment{}, err
	}
	return uow.Once(ctx, tx.Keys(), scope("refund", a), in.Key, in, func() (Payment, error) {
		if err := paymentAt(src, in.Version); err != nil {
			return Payment{}, err
		}
		if src.Direction != Incoming || src.State != order.PaymentConfirmed {
			return Payment{}, ErrUnconfirmed.With("%s %s is %s", src.Direction, src.Number, src.State)
		}
		p := in.payment(src.account(), src.Rest())
		if err := s.mayRefund(a, &p, in, src.Rest(), src.Number); err != nil {
			return Payment{}, err
		}
		p.Allocations = []Allocation{{Payment: src.ID, Number: src.Number, Amount: p.Amount, On: later(p.Date, src.Date)}}
		p, err := s.record(ctx, tx, a, p, opPromise, "promised")
		if err != nil {
			return Payment{}, err
		}
		src.reserve(p, p.Amount, p.Allocations[0].On)
		src.UpdatedAt = s.now()
		_, err = s.savePayment(ctx, tx, src)
		return p, err
	})
}

// payment is the refund that the input asks for, all of the credit for none.
func (in RefundInput) payment(of account, all money.Amount) Payment {
	p := Payment{Direction: Refund, Seller: of.seller, Partner: of.partner, Buyer: of.buyer, Method: in.Method, Cheque: in.Cheque,
		Reference: in.Reference, Amount: in.Amount, Date: in.Date, Note: in.Reason}
	if p.Amount.IsNone() {
		p.Amount = all
	}
	return p
}

// mayRefund checks the permission, that there is anything, the input and that
// there is enough, in this order. all is what may be paid back of a source,
// named for people.
func (s *Service) mayRefund(a access.Actor, p *Payment, in RefundInput, all money.Amount, source string) error {
	if !s.policy.May(a, access.PaymentSettle, p.owner()) {
		return access.Denied(access.PaymentSettle)
	}
	short := ErrLeft.With("%s has %s left that is not promised", source, all)
	if all.Sign() <= 0 {
		return short
	}
	if p.Date.IsZero() {
		p.Date = s.today()
	}
	var is fault.Issues
	p.check(&is, s.today(), all.Currency())
	needNote(&is, "reason", in.Reason, maxPaymentNote)
	if err := is.Err(ErrInvalid); err != nil {
		return err
	}
	if p.Amount.Minor() > all.Minor() {
		return short
	}
	return nil
}

// needNote notes a text of several lines that is missing or cannot be kept.
func needNote(is *fault.Issues, path, text string, most int) {
	if strings.TrimSpace(text) == "" {
		is.Add(path, "required", "is missing")
		return
	}
	check.Note(is, path, text, most)
}
