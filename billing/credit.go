package billing

import (
	"context"
	"fmt"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// CreditInput asks for a credit note on one of our own invoices.
type CreditInput struct {
	// Key makes the call repeatable: the same key gives the first credit note.
	Key string `json:"key,omitempty"`
	// Document is the invoice.
	Document ID    `json:"document"`
	Version  int64 `json:"version,omitempty"` // 0 expects any
	// Lines are what is credited; none is everything that is left.
	Lines []CreditLine `json:"lines,omitempty"`
	// Reason is 1 to 2000 characters; it stands on the document.
	Reason string `json:"reason"`
	// Series is one of the seller's for credit notes, "" the first.
	Series SeriesID `json:"series,omitempty"`
	// Issued is the issue date, none is today.
	Issued partner.Date `json:"issued,omitzero"`
}

// CreditLine is a quantity of one line of the invoice.
type CreditLine struct {
	Line     string         `json:"line"` // Line.ID of the invoice
	Quantity money.Quantity `json:"quantity"`
}

// Credit makes a credit note for all or a part of an invoice that was issued
// here, in one transaction with its number, its place in the chain, the
// invoice's Credits, the ledgers of the orders and of turnover, the events and
// the work for the relay.
//
// A part gives back exactly the highest stretches of what the line has left, in
// net and shares, and likewise of the tax boxes: whatever the parts, credit
// notes over the whole invoice sum to it in every figure. Lines keep the ids
// that they have on the invoice. What the invoice has left to pay is set off
// at once; the rest of the credit note is owed to the customer.
//
// Errors, in order of the checks: ErrNotFound; uow.ErrKeyReused;
// uow.ErrVersion; ErrNotInvoice for a credit note or a void document;
// ErrIssuer for an invoice of the ERP's, or when credit notes are; access.
// ErrForbidden without invoice.issue; ErrInvalid with every issue of lines,
// reason and series; ErrTooMuch with an issue per line; ErrNothingDue when
// nothing is left; those of the series' numbers, see Series.
func (s *Service) Credit(ctx context.Context, a access.Actor, in CreditInput) (Document, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Document, error) { return s.CreditTx(ctx, tx, a, in) })
}

// CreditTx is Credit inside a transaction of the caller's. An error means that
// the transaction has to be abandoned.
func (s *Service) CreditTx(ctx context.Context, tx Tx, a access.Actor, in CreditInput) (Document, error) {
	d, err := s.see(ctx, tx, a, in.Document)
	if err != nil {
		return Document{}, err
	}
	return uow.Once(ctx, tx.Keys(), scope("credit", a), in.Key, in, func() (Document, error) {
		if err := at(d, in.Version); err != nil {
			return Document{}, err
		}
		if d.Kind != Invoice || d.Void {
			return Document{}, ErrNotInvoice
		}
		if d.Issuer != Here {
			return Document{}, ErrIssuer.With("%s was made by the ERP, which credits it", d.Number)
		}
		if err := s.mayIssue(d.Seller.ID, CreditNote); err != nil {
			return Document{}, err
		}
		if err := s.policy.Check(a, access.InvoiceIssue, access.InvoiceRead, owner(d), ErrNotFound); err != nil {
			return Document{}, err
		}
		return s.credit(ctx, tx, a, d, in)
	})
}

func (s *Service) credit(ctx context.Context, tx Tx, a access.Actor, inv Document, in CreditInput) (Document, error) {
	var is fault.Issues
	check.Reason(&is, "reason", in.Reason, maxNote)
	series := s.seriesOf(&is, inv.Seller.ID, CreditNote, in.Series)
	if in.Issued.IsZero() {
		in.Issued = s.today()
	}
	if in.Issued.Before(inv.Issued) {
		is.Add("issued", "range", "an invoice of %s cannot be credited on %s", inv.Issued, in.Issued)
	}
	gives, err := inv.gives(&is, in.Lines)
	if err != nil {
		return Document{}, err
	}
	c := Document{ID: ID(s.newID()), Record: Record{Kind: CreditNote, Seller: inv.Seller, Partner: inv.Partner, Customer: inv.Customer,
		Buyer: inv.Buyer, ShipTo: inv.ShipTo, Currency: inv.Currency, Tax: inv.Tax, Issued: in.Issued, Reason: in.Reason,
		Corrects: &Reference{Document: inv.ID, Number: inv.Number, Issued: inv.Issued}}}
	w := &crediting{s: s, inv: inv, gives: gives}
	if err := w.price(ctx, tx, &c); err != nil {
		return Document{}, err
	}
	s.begin(&c, a)
	turnover, err := s.draftTurnover(ctx, tx, c, true, nil)
	if err != nil {
		return Document{}, err
	}
	if err := s.freeze(ctx, tx, &c, series); err != nil {
		return Document{}, err
	}
	if _, err := turnover.SaveTx(ctx, tx, c.Number); err != nil {
		return Document{}, err
	}
	t := c.Totals
	c, err = s.save(ctx, tx, c, Credited{About: about(c, a), Corrects: *c.Corrects, Reason: c.Reason, Net: t.Net, Tax: t.Tax, Gross: t.Gross})
	if err != nil {
		return Document{}, err
	}
	if err := s.bill(ctx, tx, a, c); err != nil {
		return Document{}, err
	}
	if err := s.pushDocument(ctx, tx, c); err != nil {
		return Document{}, err
	}
	inv.note(w.gives)
	return s.setOffNew(ctx, tx, a, c, inv)
}

// setOffNew sets a new credit note off against what its invoice has left, and
// saves the invoice either way.
func (s *Service) setOffNew(ctx context.Context, tx Tx, a access.Actor, c, inv Document) (Document, error) {
	if n := min(c.free(), inv.left()); n > 0 {
		err := s.setOffTx(ctx, tx, a, &c, &inv, money.FromMinor(n, c.Currency))
		return c, err
	}
	inv.UpdatedAt = s.now()
	_, err := s.save(ctx, tx, inv)
	return c, err
}

// give is what is credited of one line of an invoice.
type give struct {
	line     *Line
	quantity money.Quantity
	top      []stretch // what is given back
}

// gives decides what is credited of which line.
func (d Document) gives(is *fault.Issues, lines []CreditLine) ([]give, error) {
	var much fault.Issues
	want := map[string]int64{}
	for i, l := range lines {
		path := fmt.Sprintf("lines[%d]", i)
		at := slices.IndexFunc(d.Lines, func(x Line) bool { return x.ID == l.Line })
		_, twice := want[l.Line]
		switch {
		case at < 0:
			is.Add(path+".line", "unknown", "%s has no line %q", d.Number, l.Line)
		case twice:
			is.Add(path+".line", "repeated", "line %s is named twice", l.Line)
		case l.Quantity.Sign() <= 0:
			is.Add(path+".quantity", "positive", "must be above 0")
		default:
			want[l.Line] = l.Quantity.Units()
			if left := d.open(d.Lines[at]); want[l.Line] > left {
				rest, _ := money.QuantityFromUnits(left)
				much.Add(path+".quantity", "too_much", "%s is left to credit of line %s, not %s", rest, l.Line, l.Quantity)
			}
		}
	}
	if err := is.Err(ErrInvalid); err != nil {
		return nil, err
	}
	if err := much.Err(ErrTooMuch); err != nil {
		return nil, err
	}
	var out []give
	for i := range d.Lines {
		l := &d.Lines[i]
		n := want[l.ID]
		if len(lines) == 0 {
			n = d.open(*l)
		}
		if n == 0 {
			continue
		}
		q, err := money.QuantityFromUnits(n)
		if err != nil {
			return nil, err
		}
		out = append(out, give{line: l, quantity: q})
	}
	if len(out) == 0 {
		return nil, ErrNothingDue.With("%s is wholly credited", d.Number)
	}
	return out, nil
}

// credited is what credit notes have taken of a line.
func (d Document) credited(line string) Credit {
	for _, c := range d.Credits {
		if c.Line == line {
			return c
		}
	}
	return Credit{Line: line}
}

// open is what is left to credit of a line, in ten-thousandths.
func (d Document) open(l Line) int64 { return l.Quantity.Units() - d.credited(l.ID).Quantity.Units() }

// note enters what was given back.
func (d *Document) note(gives []give) {
	d.Credits = slices.Clone(d.Credits)
	for _, g := range gives {
		c := d.credited(g.line.ID)
		// At most the line's own quantity, so this cannot overflow.
		if sum, err := c.Quantity.Add(g.quantity); err == nil {
			c.Quantity = sum
		}
		c.Stretches = join(c.Stretches, g.top)
		if at := slices.IndexFunc(d.Credits, func(x Credit) bool { return x.Line == c.Line }); at >= 0 {
			d.Credits[at] = c
		} else {
			d.Credits = append(d.Credits, c)
		}
	}
}
