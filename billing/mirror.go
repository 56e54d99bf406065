package billing

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/uow"
)

// InvoiceReport is an invoice or credit note as the ERP tells it. Amounts are
// positive on credit notes too.
type InvoiceReport struct {
	// Twin has the ERP's id, its state and the sequence of the change; its
	// Number may be empty.
	Twin order.Twin `json:"twin"`
	// Key is our id of the document where the ERP says that it came from us.
	Key  ID   `json:"key,omitempty"`
	Kind Kind `json:"kind"`
	// Void says that the ERP cancelled it.
	Void   bool   `json:"void,omitempty"`
	Number string `json:"number"`
	// Seller is one of Options.Sellers, "" the default.
	Seller   SellerID             `json:"seller,omitempty"`
	Partner  partner.ID           `json:"partner"`
	Customer string               `json:"customer,omitempty"`
	Buyer    partner.Counterparty `json:"buyer"`
	Issued   partner.Date         `json:"issued"`
	Due      partner.Date         `json:"due,omitzero"`
	Currency money.Currency       `json:"currency"`
	// Lines name our orders and their lines where they belong to some, and
	// Adjustments an order; those that name none are shared by net.
	Lines       []Line        `json:"lines"`
	Adjustments []Adjustment  `json:"adjustments,omitempty"`
	Taxes       []pricing.Tax `json:"taxes"`
	// Totals need Net, Tax and Gross; the others follow from the rest when they
	// are none.
	Totals Totals `json:"totals"`
	// Corrects is the ERP's id, or the number, of the invoice that a credit
	// note corrects.
	Corrects string `json:"corrects,omitempty"`
	Reason   string `json:"reason,omitempty"`
	// Residual is what is left to pay as the ERP sees it, nil unknown.
	Residual *money.Amount `json:"residual,omitempty"`
}

// ReportInvoice records an invoice or credit note that the ERP made, changed or
// cancelled: a mirror with the ERP's number and figures, its quantities in the
// ledgers of the orders that its lines name. A document is known by its twin's
// id. The same report again changes nothing, and neither does one whose
// Sequence is not above the one applied last (0 is unknown and applies). A
// changed document takes its first effect on the orders back, a void one has
// none. The ledger of turnover gets the difference.
//
// The ERP's figures are the books: those that break EN 16931 beyond its
// tolerance, see Document.Check, are noted as the twin's Problem and not
// refused. A mirrored credit note without a Residual is set off against the
// invoice that it corrects, as far as both have something left; for one with a
// Residual see FollowUse.
//
// A document of our own that comes back, by Key or number, is a report on its
// twin, as ReportInvoiceTwin; that the ERP cancelled it, or has another total,
// is noted as a Problem.
//
// Errors: ErrNotFound and access.ErrForbidden without invoice.report;
// ErrInvalid with every issue; ErrIssuer when these documents are made here;
// *Awaits (Precondition, billing.awaits) for an invoice corrected that is not
// here; order.ErrNotFound and order.ErrInvoicing for orders and lines that the
// document does not fit; ErrExists when its number belongs to another twin.
func (s *Service) ReportInvoice(ctx context.Context, a access.Actor, in InvoiceReport) (Document, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Document, error) { return s.ReportInvoiceTx(ctx, tx, a, in) })
}

// ReportInvoiceTx is ReportInvoice inside a transaction of the caller's. An
// error means that the transaction has to be abandoned.
func (s *Service) ReportInvoiceTx(ctx context.Context, tx Tx, a access.Actor, in InvoiceReport) (Document, error) {
	if in.Seller == "" {
		in.Seller = s.opts.Sellers[0].ID
	}
	old, err := in.known(ctx, tx)
	if err != nil {
		return Document{}, err
	}
	if old.Issuer == Here {
		return s.ReportInvoiceTwinTx(ctx, tx, a, old.ID, in.ofOurs(old))
	}
	of := access.Owner{Partner: in.Partner}
	if old.ID != "" {
		of = owner(old)
	}
	if err := s.policy.Check(a, access.InvoiceReport, access.InvoiceRead, of, ErrNotFound); err != nil {
		return Document{}, err
	}
	if old.ID != "" && in.Twin.Sequence != 0 && in.Twin.Sequence <= old.ERP.Sequence {
		return old, nil
	}
	if err := s.mayMirror(in.Seller, in.Kind); err != nil && old.ID == "" {
		return Document{}, err
	}
	if err := in.check(s); err != nil {
		return Document{}, err
	}
	d, err := s.mirrored(ctx, tx, a, in, old)
	if err != nil {
		return Document{}, err
	}
	return s.mirror(ctx, tx, a, old, d)
}

// known finds the document of a report: by the twin's id, by our key, by the
// number; a zero Document when there is none.
func (in InvoiceReport) known(ctx context.Context, tx Tx) (Document, error) {
	d, err := tx.Invoices().ByERP(ctx, in.Twin.ID)
	if errors.Is(err, ErrNotFound) && in.Key != "" {
		d, err = tx.Invoices().Get(ctx, in.Key)
	}
	if errors.Is(err, ErrNotFound) && in.Number != "" {
		// A mirror of the same number is another document, for Save to refuse.
		if d, err = tx.Invoices().ByNumber(ctx, in.Seller, in.Number); d.Issuer != Here {
			d = Document{}
		}
	}
	if errors.Is(err, ErrNotFound) {
		return Document{}, nil
	}
	return d, err
}

// mirror brings the orders and the other documents into step with a mirror and
// saves it.
func (s *Service) mirror(ctx context.Context, tx Tx, a access.Actor, old, d Document) (Document, error) {
	same, err := sameRecord(old, d)
	if err != nil {
		return Document{}, err
	}
	moved := !same || old.Void != d.Void
	var turnover pricing.TurnoverDraft
	if moved {
		if turnover, err = s.draftTurnover(ctx, tx, d, old.ID == "", nil); err != nil {
			return Document{}, err
		}
	}
	if old.ID != "" && (d.Void && !old.Void || d.Kind != old.Kind || d.account() != old.account() ||
		d.Totals.Payable.Minor() < d.Paid.Minor()+d.SetOff.Minor()) {
		if err := s.releaseTx(ctx, tx, a, &d); err != nil {
			return Document{}, err
		}
	}
	if moved && old.ID != "" && !old.Void {
		for _, in := range old.bills() {
			if _, err := s.orders.UnbillTx(ctx, tx, a, in); err != nil {
				return Document{}, err
			}
		}
	}
	d, err = s.save(ctx, tx, d, mirrorFacts(old, d, a, moved)...)
	if err != nil {
		return Document{}, err
	}
	if _, err := turnover.SaveTx(ctx, tx, d.Number); err != nil {
		return Document{}, err
	}
	if moved && !d.Void {
		if err := s.bill(ctx, tx, a, d); err != nil {
			return Document{}, err
		}
		if err := s.tellOrders(ctx, tx, a, d); err != nil {
			return Document{}, err
		}
	}
	if moved && old.ID != "" && !d.Void {
		if err := s.catchUp(ctx, tx, a, d.ID); err != nil {
			return Document{}, err
		}
		if d, err = tx.Invoices().Get(ctx, d.ID); err != nil {
			return Document{}, err
		}
	}
	if d.Residual != nil {
		return d, nil // its payments come first: see FollowUse
	}
	return s.followUse(ctx, tx, a, d)
}

// mirrorFacts are the news of a report.
func mirrorFacts(old, d Document, a access.Actor, moved bool) []event.Payload {
	switch {
	case d.Void && (old.ID == "" || !old.Void):
		return []event.Payload{Voided{About: about(d, a), ERPID: d.ERP.ID}}
	case moved:
		return []event.Payload{Mirrored{About: about(d, a), ERPID: d.ERP.ID, Gross: d.Totals.Gross, Changed: old.ID != "", Problem: d.ERP.Problem}}
	}
	return nil
}

func sameRecord(a, b Document) (bool, error) {
	x, err := json.Marshal(a.Record)
	if err != nil {
		return false, err
	}
	y, err := json.Marshal(b.Record)
	return bytes.Equal(x, y), err
}
