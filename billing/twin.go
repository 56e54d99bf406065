package billing

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/uow"
)

// ReportInvoiceTwin records what is known of the twin that a document of our
// own has in the ERP. Id, number and state that are empty keep what is known;
// SentAt and Problem are as told: a relay gives SentAt before a push leaves and
// none once it was answered. A SentAt is a claim: of two for one push the
// second is refused, unless it brings the Problem of the first. A report without
// the id of a twin that is known is about a push that is over: it changes
// nothing, as do a Sequence below the one known and telling the same again.
//
// Errors: ErrNotFound; access.ErrForbidden without invoice.report; ErrIssuer for
// a mirror; order.ErrSending for a claim while another push is open or the twin
// is known; ErrExists when another document has the twin, or this one has
// another.
func (s *Service) ReportInvoiceTwin(ctx context.Context, a access.Actor, id ID, twin order.Twin) (Document, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Document, error) { return s.ReportInvoiceTwinTx(ctx, tx, a, id, twin) })
}

// ReportInvoiceTwinTx is ReportInvoiceTwin inside a transaction of the
// caller's.
func (s *Service) ReportInvoiceTwinTx(ctx context.Context, tx Tx, a access.Actor, id ID, twin order.Twin) (Document, error) {
	d, err := s.see(ctx, tx, a, id)
	if err != nil {
		return Document{}, err
	}
	if err := s.policy.Check(a, access.InvoiceReport, access.InvoiceRead, owner(d), ErrNotFound); err != nil {
		return Document{}, err
	}
	if d.Issuer != Here {
		return Document{}, ErrIssuer.With("%s is the ERP's own", d.Number)
	}
	if err := claim(d.ERP, twin, d.Number); err != nil {
		return Document{}, err
	}
	if another(d.ERP, twin) {
		return Document{}, ErrExists.With("%s is %s in the ERP, not %s", d.Number, d.ERP.ID, twin.ID)
	}
	next := twinned(d.ERP, twin)
	if next == d.ERP {
		return d, nil
	}
	news := next.ID != d.ERP.ID || next.Number != d.ERP.Number || next.State != d.ERP.State || next.Problem != d.ERP.Problem
	d.UpdatedAt = s.now()
	next.At = d.UpdatedAt
	d.ERP = next
	if !news {
		return s.save(ctx, tx, d)
	}
	return s.save(ctx, tx, d, Linked{About: about(d, a), ERPID: next.ID, ERPNumber: next.Number, State: next.State, Problem: next.Problem})
}

// another reports whether a report is about a second document of ours in the
// ERP, which never takes the place of the first while that stands.
func another(have, told order.Twin) bool {
	return have.ID != "" && told.ID != "" && told.ID != have.ID && have.State != "cancelled"
}

// over reports whether a report is about a push whose document is known to have
// arrived.
func over(have, told order.Twin) bool { return have.ID != "" && told.ID == "" }

// claim refuses that a document leaves for the ERP while it may be on its way
// or is there. A Problem leaves the claim that is open as it is.
func claim(have, told order.Twin, number string) error {
	at := clock.Cut(told.SentAt)
	switch {
	case at.IsZero() || told.Problem != "" && at.Equal(have.SentAt):
		return nil
	case have.ID != "":
		return order.ErrSending.With("the ERP holds %s as %s", number, have.ID)
	case !have.SentAt.IsZero():
		return order.ErrSending.With("%s has been leaving since %s", number, have.SentAt.Format(time.RFC3339))
	}
	return nil
}

// twinned is what is known of a twin after a report on it.
func twinned(have, told order.Twin) order.Twin {
	if over(have, told) || told.Sequence != 0 && told.Sequence < have.Sequence {
		return have
	}
	next := have
	if told.ID != "" {
		next.ID = told.ID
	}
	if told.Number != "" {
		next.Number = told.Number
	}
	if told.State != "" {
		next.State = told.State
	}
	next.Sequence = max(have.Sequence, told.Sequence)
	next.SentAt, next.Problem = clock.Cut(told.SentAt), told.Problem
	return next
}
