package billing

import (
	"context"
	"fmt"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// IssueInput asks for an invoice: from deliveries, for single lines, or for
// what orders have to invoice, together on one document.
type IssueInput struct {
	// Key makes the call repeatable: the same key gives the first invoice.
	Key string `json:"key,omitempty"`
	// Orders are invoiced as far as their policy says, less what Deliveries
	// and Lines take of them.
	Orders []OrderVersion `json:"orders,omitempty"`
	// Deliveries are invoiced as far as they are not yet.
	Deliveries []order.DeliveryID `json:"deliveries,omitempty"`
	// Lines are single quantities, at most what is to invoice of the line.
	Lines []IssueLine `json:"lines,omitempty"`
	// Seller is who issues, where Options.SellerOf does not say; "" is the
	// default seller. Series is one of his, "" the first.
	Seller SellerID `json:"seller,omitempty"`
	Series SeriesID `json:"series,omitempty"`
	// Issued is the issue date, none is today; Due none is Options.DueDays
	// later.
	Issued partner.Date `json:"issued,omitzero"`
	Due    partner.Date `json:"due,omitzero"`
	// Note stands on the document, at most 2000 characters.
	Note string `json:"note,omitempty"`
}

// OrderVersion names an order and the version that the caller saw.
type OrderVersion struct {
	Order   order.ID `json:"order"`
	Version int64    `json:"version,omitempty"` // 0 expects any
}

// IssueLine is a quantity of one line of an order.
type IssueLine struct {
	Order    order.ID       `json:"order"`
	Line     order.LineID   `json:"line"`
	Quantity money.Quantity `json:"quantity"`
}

// The bounds of a command's input.
const (
	maxSources = 500
	maxNote    = 2000
)

// Issue makes an invoice, in one transaction with its number, its place in
// the chain, the ledgers of the orders and of turnover, the events and the work
// for the relay.
//
// Every line carries the exact slice of its order's line, see order.Slice;
// adjustments stand on document level, one per order, code, category and rate;
// VAT is rounded as Options.Tax says. Several orders share a document when
// seller, partner, buying entity and currency are the same. What orders name
// as nothing to invoice is refused, so that nothing is left out unnoticed; a
// delivery cannot be invoiced twice.
//
// Errors, in order of the checks: ErrInvalid for input that names nothing or
// too much; order.ErrNotFound, order.ErrNoDelivery; uow.ErrKeyReused;
// uow.ErrVersion; access.ErrForbidden without invoice.issue; ErrMixed with
// every issue; ErrIssuer; ErrTooEarly with an issue per order that is not
// validated; ErrInvalid with every issue of series, dates and note;
// ErrNothingDue with an issue per order or delivery; ErrTooMuch with an issue
// per line; those of the series' numbers, see Series.
func (s *Service) Issue(ctx context.Context, a access.Actor, in IssueInput) (Document, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Document, error) { return s.IssueTx(ctx, tx, a, in) })
}

// IssueTx is Issue inside a transaction of the caller's. An error means that
// the transaction has to be abandoned.
func (s *Service) IssueTx(ctx context.Context, tx Tx, a access.Actor, in IssueInput) (Document, error) {
	if err := in.check(); err != nil {
		return Document{}, err
	}
	w, err := s.sources(ctx, tx, a, in)
	if err != nil {
		return Document{}, err
	}
	return uow.Once(ctx, tx.Keys(), scope("issue", a), in.Key, in, func() (Document, error) {
		for _, want := range in.Orders {
			if o := w.part(want.Order).o; want.Version != 0 && want.Version != o.Version {
				return Document{}, uow.Conflict(order.DocKind, string(o.ID), want.Version, o.Version)
			}
		}
		for _, p := range w.parts {
			of := access.Owner{Partner: p.o.Customer.Partner}
			if err := s.policy.Check(a, access.InvoiceIssue, access.InvoiceRead, of, order.ErrNotFound); err != nil {
				return Document{}, err
			}
		}
		return s.issue(ctx, tx, a, in, w)
	})
}

func (in IssueInput) check() error {
	var is fault.Issues
	if n := len(in.Orders) + len(in.Deliveries) + len(in.Lines); n == 0 {
		is.Add("orders", "required", "name orders, deliveries or lines")
	} else if n > maxSources {
		is.Add("orders", "range", "at most %d orders, deliveries and lines, not %d", maxSources, n)
	}
	orders := map[order.ID]bool{}
	for i, o := range in.Orders {
		if orders[o.Order] {
			is.Add(fmt.Sprintf("orders[%d]", i), "repeated", "order %s is named twice", o.Order)
		}
		orders[o.Order] = true
	}
	deliveries := map[order.DeliveryID]bool{}
	for i, d := range in.Deliveries {
		if deliveries[d] {
			is.Add(fmt.Sprintf("deliveries[%d]", i), "repeated", "delivery %s is named twice", d)
		}
		deliveries[d] = true
	}
	return is.Err(ErrInvalid)
}

func (s *Service) issue(ctx context.Context, tx Tx, a access.Actor, in IssueInput, w *work) (Document, error) {
	seller, err := s.together(w, in.Seller)
	if err != nil {
		return Document{}, err
	}
	if err := s.mayIssue(seller.ID, Invoice); err != nil {
		return Document{}, err
	}
	if err := w.billable(); err != nil {
		return Document{}, err
	}
	d := w.header()
	d.ID, d.Kind, d.Seller, d.Note, d.Tax = ID(s.newID()), Invoice, seller, in.Note, s.opts.Tax
	var is fault.Issues
	series := s.seriesOf(&is, seller.ID, Invoice, in.Series)
	s.date(&is, &d, in.Issued, in.Due)
	check.Note(&is, "note", in.Note, maxNote)
	if err := is.Err(ErrInvalid); err != nil {
		return Document{}, err
	}
	if err := w.take(ctx, tx, in); err != nil {
		return Document{}, err
	}
	if err := w.price(&d); err != nil {
		return Document{}, err
	}
	supplied, err := w.supplied(ctx, tx, in)
	if err != nil {
		return Document{}, err
	}
	d.Supplied = supplied
	number(d.Lines)
	s.begin(&d, a)
	turnover, err := s.draftTurnover(ctx, tx, d, true, w.products())
	if err != nil {
		return Document{}, err
	}
	if err := s.freeze(ctx, tx, &d, series); err != nil {
		return Document{}, err
	}
	if _, err := turnover.SaveTx(ctx, tx, d.Number); err != nil {
		return Document{}, err
	}
	t := d.Totals
	saved, err := s.save(ctx, tx, d, Issued{About: about(d, a), Issued: d.Issued, Due: d.Due, Net: t.Net, Tax: t.Tax, Gross: t.Gross})
	if err != nil {
		return Document{}, err
	}
	if err := s.bill(ctx, tx, a, saved); err != nil {
		return Document{}, err
	}
	return saved, s.pushDocument(ctx, tx, saved)
}

// date sets issue and due date.
func (s *Service) date(is *fault.Issues, d *Document, issued, due partner.Date) {
	if issued.IsZero() {
		issued = s.today()
	}
	if due.IsZero() {
		due = issued.AddDays(max(s.opts.DueDays, 0))
	}
	if due.Before(issued) {
		is.Add("due", "range", "an invoice of %s cannot be due on %s", issued, due)
	}
	d.Issued, d.Due = issued, due
}

// begin sets what every new document of our own starts with.
func (s *Service) begin(d *Document, a access.Actor) {
	now := s.now()
	d.Issuer, d.Version = Here, 0
	d.Paid, d.SetOff = money.Zero(d.Currency), money.Zero(d.Currency)
	d.CreatedBy, d.CreatedAt, d.UpdatedAt = a.Stamp(), now, now
}

// bill tells the orders what a document has of them.
func (s *Service) bill(ctx context.Context, tx Tx, a access.Actor, d Document) error {
	for _, in := range d.bills() {
		if _, err := s.orders.BillTx(ctx, tx, a, in); err != nil {
			return err
		}
	}
	return nil
}

// bills are what the document takes of its orders, or gives back to them.
func (d Document) bills() []order.BillInput {
	out := make([]order.BillInput, len(d.Orders))
	for i, p := range d.Orders {
		in := order.BillInput{Order: p.Order, Boxes: p.Boxes, Mirror: d.Issuer == ByERP, Bill: order.Bill{Document: d.ID, Number: d.Number,
			Credit: d.Kind == CreditNote, Issued: d.Issued, Net: p.Net, Tax: p.Tax, Gross: p.Gross, Settled: money.Zero(d.Currency)}}
		at := map[order.LineID]int{}
		for _, l := range d.Lines {
			if l.Order != p.Order || l.OrderLine == "" {
				continue
			}
			k, ok := at[l.OrderLine]
			if !ok {
				at[l.OrderLine] = len(in.Lines)
				in.Lines = append(in.Lines, order.BilledLine{Line: l.OrderLine, Quantity: l.Quantity, Stretches: l.Stretches})
				continue
			}
			// What stands on one document was checked against the order's line.
			sum, err := in.Lines[k].Quantity.Add(l.Quantity)
			if err == nil {
				in.Lines[k].Quantity, in.Lines[k].Stretches = sum, join(in.Lines[k].Stretches, l.Stretches)
			}
		}
		out[i] = in
	}
	return out
}

// pushDocument asks the relay to book a document of our own in the ERP.
func (s *Service) pushDocument(ctx context.Context, tx Tx, d Document) error {
	return s.tell(ctx, tx, event.ERP, DocKind+"/"+string(d.ID), d.Version, InvoicePushRequested{Document: d.ID})
}
