package billing

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/uow"
)

// RecordTurnover enters what a document counts for into the ledger of turnover,
// as every command here that makes or changes one does in its own transaction.
// It is for documents from before the ledger was kept: what is recorded already
// adds nothing. It answers the entries that were made, none where turnover is
// what was delivered.
//
// Errors: ErrNotFound; access.ErrForbidden without invoice.report;
// money.ErrOverflow.
func (s *Service) RecordTurnover(ctx context.Context, a access.Actor, id ID) ([]pricing.TurnoverEntry, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) ([]pricing.TurnoverEntry, error) {
		return s.RecordTurnoverTx(ctx, tx, a, id)
	})
}

// RecordTurnoverTx is RecordTurnover inside a transaction of the caller's.
func (s *Service) RecordTurnoverTx(ctx context.Context, tx Tx, a access.Actor, id ID) ([]pricing.TurnoverEntry, error) {
	d, err := s.see(ctx, tx, a, id)
	if err != nil {
		return nil, err
	}
	if err := s.policy.Check(a, access.InvoiceReport, access.InvoiceRead, owner(d), ErrNotFound); err != nil {
		return nil, err
	}
	draft, err := s.draftTurnover(ctx, tx, d, false, nil)
	if err != nil {
		return nil, err
	}
	return draft.SaveTx(ctx, tx, d.Number)
}

// draftTurnover is what a document adds to the ledger: nothing where what is
// delivered counts. It reads and writes nothing, so that it goes before the
// document's number is taken. fresh promises that the document is new; products
// are those of lines, where they are known.
func (s *Service) draftTurnover(ctx context.Context, tx Tx, d Document, fresh bool, products map[lineKey]catalog.ID) (pricing.TurnoverDraft, error) {
	if s.opts.Turnover != pricing.TurnoverInvoiced {
		return pricing.TurnoverDraft{}, nil
	}
	in := pricing.TurnoverInput{Document: pricing.TurnoverDocument{Kind: pricing.InvoiceTurnover, ID: string(d.ID), Number: d.Number},
		Partner: d.Partner, Day: d.Issued, Net: d.Totals.Net, Back: d.Kind == CreditNote, New: fresh}
	if d.Corrects != nil {
		in.Document.Corrects = string(d.Corrects.Document)
	}
	if d.Void {
		in.Net = money.Zero(d.Currency)
		return s.turnovers.DraftTx(ctx, tx, in)
	}
	var t tally
	for _, l := range d.Lines {
		in.Lines = append(in.Lines, pricing.TurnoverLine{SKU: l.SKU, Product: products[lineKey{l.Order, l.OrderLine}], Net: t.base(l)})
	}
	if t.err != nil {
		return pricing.TurnoverDraft{}, t.err
	}
	return s.turnovers.DraftTx(ctx, tx, in)
}

// lineKey is a line of an order.
type lineKey struct {
	order order.ID
	line  order.LineID
}

// products are those of the orders' lines.
func (w *work) products() map[lineKey]catalog.ID {
	out := map[lineKey]catalog.ID{}
	for _, p := range w.parts {
		for _, l := range p.o.Lines {
			out[lineKey{p.o.ID, l.ID}] = l.Product
		}
	}
	return out
}

// checkTurnover notes a basis that there is not.
func (o Options) checkTurnover(is *fault.Issues) {
	if o.Turnover != pricing.TurnoverInvoiced && o.Turnover != pricing.TurnoverDelivered {
		is.Add("turnover", "unknown", "%q is no basis of turnover", o.Turnover)
	}
}
