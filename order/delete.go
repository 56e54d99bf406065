package order

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
)

// DeleteInput removes an order that is not validated yet.
type DeleteInput struct {
	Order   ID     `json:"order"`
	Version int64  `json:"version,omitempty"` // 0 expects any
	Reason  string `json:"reason,omitempty"`
}

// Delete removes an order for good, until it is validated; a draft of it in
// the ERP is cancelled by the relay. Its reference is not given again.
// Deleting is repeatable by nature: what is gone already is ErrNotFound.
//
// Errors, in order of the checks: ErrNotFound, uow.ErrVersion, ErrLocked,
// access.ErrForbidden, ErrInvalid for the reason, ErrInvoiced for an order that
// stands on an invoice of the ERP's already, ErrPhase for one of which the ERP
// shipped something. Else what is invoiced or shipped is validated, and so
// ErrLocked.
func (s *Service) Delete(ctx context.Context, a access.Actor, in DeleteInput) error {
	return s.run.Update(ctx, func(ctx context.Context, tx Tx) error { return s.DeleteTx(ctx, tx, a, in) })
}

// DeleteTx is Delete inside a transaction of the caller's. An error means that
// the transaction has to be abandoned.
func (s *Service) DeleteTx(ctx context.Context, tx Tx, a access.Actor, in DeleteInput) error {
	o, err := s.see(ctx, tx, a, in.Order)
	if err != nil {
		return err
	}
	if err := at(o, in.Version); err != nil {
		return err
	}
	if !o.Editable() {
		return ErrLocked
	}
	if err := s.policy.Check(a, access.OrderCancel, access.OrderRead, owner(o), ErrNotFound); err != nil {
		return err
	}
	if err := boundReason(in.Reason); err != nil {
		return err
	}
	if err := fault.Issues(o.invoices()).Err(ErrInvoiced); err != nil {
		return err
	}
	if slices.ContainsFunc(o.Lines, func(l Line) bool { return l.Returnable().Sign() > 0 || l.Goods.Returned.Sign() > 0 }) {
		return ErrPhase.With("goods of %s have left", o.Ref)
	}
	if err := tx.Orders().Delete(ctx, o.ID, o.Version); err != nil {
		return err
	}
	if err := s.returnCodes(ctx, tx, o, a.ID); err != nil {
		return err
	}
	o.Version++
	var sync *SyncRequested
	if o.submitted() {
		sync = withdrawal(o, in.Reason)
	}
	return s.tell(ctx, tx, o, sync, Deleted{About: about(o, a), Reason: in.Reason})
}
