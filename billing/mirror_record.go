package billing

import (
	"context"
	"errors"
	"fmt"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
)

// mirrored makes the document of a report; old is what it was.
func (s *Service) mirrored(ctx context.Context, tx Tx, a access.Actor, in InvoiceReport, old Document) (Document, error) {
	d, now := old, s.now()
	if old.ID == "" {
		d = Document{ID: ID(s.newID()), Paid: money.Zero(in.Currency), SetOff: money.Zero(in.Currency), CreatedBy: a.Stamp(), CreatedAt: now}
	}
	d.Void, d.Residual, d.UpdatedAt = in.Void, in.Residual, now
	if !in.Void || old.ID == "" {
		r, err := s.recordOf(ctx, tx, in)
		if err != nil {
			return Document{}, err
		}
		d.Record = r
		d.add(&d.Paid, 0) // in the currency that it has now
		d.add(&d.SetOff, 0)
	}
	var is fault.Issues
	d.Record.checkSums(&is)
	d.ERP = order.Twin{ID: in.Twin.ID, Number: in.Twin.Number, State: in.Twin.State, Sequence: in.Twin.Sequence, At: now, Problem: is.String()}
	return d, nil
}

// recordOf is the record of a mirror.
func (s *Service) recordOf(ctx context.Context, tx Tx, in InvoiceReport) (Record, error) {
	seller, _ := s.opts.seller(in.Seller)
	r := Record{Kind: in.Kind, Issuer: ByERP, Number: in.Number, Seller: seller, Partner: in.Partner, Customer: in.Customer, Buyer: in.Buyer,
		Issued: in.Issued, Due: in.Due, Currency: in.Currency, Lines: in.Lines, Adjustments: in.Adjustments, Taxes: in.Taxes, Reason: in.Reason}
	r.Lines = append([]Line(nil), in.Lines...)
	if !distinct(r.Lines) {
		number(r.Lines)
	}
	if err := r.complete(in.Totals); err != nil {
		return r, err
	}
	if in.Corrects != "" {
		ref, err := s.corrected(ctx, tx, in)
		if err != nil {
			return r, err
		}
		r.Corrects = &ref
	}
	var err error
	r.Orders, err = shareOut(ctx, tx, r)
	return r, err
}

// corrected finds the invoice that a credit note corrects.
func (s *Service) corrected(ctx context.Context, tx Tx, in InvoiceReport) (Reference, error) {
	d, err := tx.Invoices().ByERP(ctx, in.Corrects)
	if errors.Is(err, ErrNotFound) {
		d, err = tx.Invoices().ByNumber(ctx, in.Seller, in.Corrects)
	}
	if errors.Is(err, ErrNotFound) {
		return Reference{}, &Awaits{Document: in.Corrects}
	}
	return Reference{Document: d.ID, Number: d.Number, Issued: d.Issued}, err
}

// complete fills in the totals that the ERP does not tell.
func (r *Record) complete(told Totals) error {
	var t tally
	sums := totalsOf(&t, *r)
	or := func(x *money.Amount, y money.Amount) {
		if x.IsNone() {
			*x = y
		}
	}
	or(&told.Lines, sums.Lines)
	or(&told.Allowances, sums.Allowances)
	or(&told.Charges, sums.Charges)
	or(&told.Prepaid, sums.Prepaid)
	or(&told.Rounding, sums.Rounding)
	if told.Payable.IsNone() {
		told.Payable = told.Gross
		t.sub(&told.Payable, told.Prepaid)
		t.add(&told.Payable, told.Rounding)
	}
	r.Totals = told
	return t.err
}

// distinct reports whether every line has an id of its own.
func distinct(lines []Line) bool {
	seen := map[string]bool{}
	for _, l := range lines {
		if l.ID == "" || seen[l.ID] {
			return false
		}
		seen[l.ID] = true
	}
	return true
}

// ofOurs is what a report says of the twin of a document of our own.
func (in InvoiceReport) ofOurs(d Document) order.Twin {
	t := in.Twin
	drift := ""
	switch gross := in.Totals.Gross; {
	case in.Void:
		drift = "the ERP cancelled it"
	case !gross.IsNone() && gross != d.Totals.Gross:
		drift = fmt.Sprintf("the ERP's total is %s, not %s", gross, d.Totals.Gross)
	}
	t.Problem = joined("; ", t.Problem, drift)
	return t
}
