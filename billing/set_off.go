package billing

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/uow"
)

// SetOffInput uses a credit note, or what is left of one, to pay an invoice.
type SetOffInput struct {
	Key string `json:"key,omitempty"`
	// Credit and Invoice are of one account: seller, partner, buyer, currency.
	Credit ID `json:"credit"`
	// Version is the credit note's; 0 expects any.
	Version int64 `json:"version,omitempty"`
	Invoice ID    `json:"invoice"`
	// Amount is above zero; none means as much as both have left.
	Amount money.Amount `json:"amount,omitzero"`
}

// SetOff sets a credit note off against an invoice and returns the credit
// note. It counts from the later of both issue dates on. What a refund was
// promised from cannot be set off any more.
//
// Errors, in the order of the checks: ErrNotFound for either document;
// uow.ErrKeyReused; uow.ErrVersion; access.ErrForbidden without payment.settle;
// ErrInvalid with every issue: kinds that do not fit, a voided document,
// another account, an amount that is not above zero; ErrLeft (Precondition,
// billing.left) for more than either document has left.
func (s *Service) SetOff(ctx context.Context, a access.Actor, in SetOffInput) (Document, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Document, error) { return s.SetOffTx(ctx, tx, a, in) })
}

// SetOffTx is SetOff inside a transaction of the caller's. An error means that
// the transaction has to be abandoned.
func (s *Service) SetOffTx(ctx context.Context, tx Tx, a access.Actor, in SetOffInput) (Document, error) {
	credit, err := s.see(ctx, tx, a, in.Credit)
	if err != nil {
		return Document{}, err
	}
	invoice, err := s.see(ctx, tx, a, in.Invoice)
	if err != nil {
		return Document{}, err
	}
	return uow.Once(ctx, tx.Keys(), scope("set_off", a), in.Key, in, func() (Document, error) {
		if err := at(credit, in.Version); err != nil {
			return Document{}, err
		}
		if !s.policy.May(a, access.PaymentSettle, owner(credit)) {
			return Document{}, access.Denied(access.PaymentSettle)
		}
		if err := in.check(credit, invoice); err != nil {
			return Document{}, err
		}
		amount := in.Amount
		if amount.IsNone() {
			amount = money.FromMinor(min(credit.free(), invoice.left()), credit.Currency)
		}
		err := s.setOffTx(ctx, tx, a, &credit, &invoice, amount)
		return credit, err
	})
}

func (in SetOffInput) check(credit, invoice Document) error {
	var is fault.Issues
	if credit.Kind != CreditNote {
		is.Add("credit", "kind", "%s is no credit note", credit.Number)
	}
	if invoice.Kind != Invoice {
		is.Add("invoice", "kind", "%s is no invoice", invoice.Number)
	}
	if credit.Void {
		is.Add("credit", "void", "%s was cancelled", credit.Number)
	}
	if invoice.Void {
		is.Add("invoice", "void", "%s was cancelled", invoice.Number)
	}
	if credit.account() != invoice.account() {
		is.Add("invoice", "account", "%s and %s are not of one seller, partner, buyer and currency", credit.Number, invoice.Number)
	}
	if !in.Amount.IsNone() {
		checkAmount(&is, "amount", in.Amount, credit.Currency)
	}
	return is.Err(ErrInvalid)
}

// setOffTx moves amount from a credit note to an invoice of the same account,
// saves both and tells their orders, which must have been billed; the caller
// has checked kinds and permission. Both documents come back as saved. An
// amount that is not above zero or more than either has left is ErrLeft.
func (s *Service) setOffTx(ctx context.Context, tx Tx, a access.Actor, credit, invoice *Document, amount money.Amount) error {
	n := amount.Minor()
	if n <= 0 || n > credit.free() || n > invoice.left() {
		return ErrLeft.With("%s has %s left and %s %s; %s cannot be set off", credit.Number,
			money.FromMinor(credit.free(), credit.Currency), invoice.Number, invoice.Left(), amount)
	}
	on := later(credit.Issued, invoice.Issued)
	of, to := credit.left(), invoice.left()
	credit.add(&credit.SetOff, n)
	credit.Uses = append(credit.Uses, Use{Document: invoice.ID, Number: invoice.Number, Amount: amount, On: on})
	invoice.add(&invoice.SetOff, n)
	invoice.Uses = append(invoice.Uses, Use{Document: credit.ID, Number: credit.Number, Amount: amount, On: on})
	fact := OffSet{About: about(*credit, a), Against: invoice.ID, AgainstNumber: invoice.Number, Amount: amount}
	if err := s.settle(ctx, tx, a, credit, of, fact); err != nil {
		return err
	}
	return s.settle(ctx, tx, a, invoice, to)
}

// undoUses takes back every set-off of a document on the other side, and on
// this one without saving it.
func (s *Service) undoUses(ctx context.Context, tx Tx, a access.Actor, d *Document) error {
	done := map[ID]bool{}
	for _, u := range d.Uses {
		if done[u.Document] {
			continue
		}
		done[u.Document] = true
		other, err := tx.Invoices().Get(ctx, u.Document)
		if err != nil {
			return err
		}
		was := other.left()
		other.Uses = slices.DeleteFunc(other.Uses, func(back Use) bool {
			if back.Document == d.ID {
				other.add(&other.SetOff, -back.Amount.Minor())
			}
			return back.Document == d.ID
		})
		if err := s.settle(ctx, tx, a, &other, was); err != nil {
			return err
		}
		if err := s.catchUp(ctx, tx, a, other.ID); err != nil {
			return err
		}
	}
	d.Uses, d.SetOff = nil, money.Zero(d.Currency)
	return nil
}
