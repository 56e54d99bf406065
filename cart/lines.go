package cart

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/uow"
)

// PutInput asks to put a product into a cart.
type PutInput struct {
	Cart    ID     `json:"cart"`
	Version int64  `json:"version,omitempty"`
	Key     string `json:"key,omitempty"`
	// Product or SKU names the product; Product wins.
	Product  catalog.ID     `json:"product,omitempty"`
	SKU      catalog.SKU    `json:"sku,omitempty"`
	Quantity money.Quantity `json:"quantity"`
	Note     string         `json:"note,omitempty"`
	// Ticket and Warranty tie the line to a service ticket, both or none.
	Ticket   TicketID `json:"ticket,omitempty"`
	Warranty Warranty `json:"warranty,omitempty"`
	// Apart asks for a line of its own, even where one of the same product,
	// ticket and note is there.
	Apart bool `json:"apart,omitempty"`
}

// ChangeInput asks for another quantity on a line.
type ChangeInput struct {
	Cart     ID             `json:"cart"`
	Version  int64          `json:"version,omitempty"`
	Key      string         `json:"key,omitempty"`
	Line     LineID         `json:"line"`
	Quantity money.Quantity `json:"quantity"`
}

// RemoveInput asks that lines go away.
type RemoveInput struct {
	Cart    ID       `json:"cart"`
	Version int64    `json:"version,omitempty"`
	Key     string   `json:"key,omitempty"`
	Lines   []LineID `json:"lines,omitempty"`
	// All empties the cart, whatever Lines says.
	All bool `json:"all,omitempty"`
}

// AnnotateLineInput asks for another note on a line; "" removes it.
type AnnotateLineInput struct {
	Cart    ID     `json:"cart"`
	Version int64  `json:"version,omitempty"`
	Key     string `json:"key,omitempty"`
	Line    LineID `json:"line"`
	Note    string `json:"note"`
}

// Put adds a product. Where a line of the same product, ticket and note is
// there its quantity grows, unless Apart is set. The cart's calculation is
// removed, as by every change of lines.
//
// A product that is offline, blocked or for other customers does not exist for
// the partner side (catalog.not_found), unless the cart has a line of it; the
// seller's staff (catalog.SeesAll) gets the reason.
//
// Errors: those of every command of the holder (ErrNotFound, uow.ErrVersion,
// access.ErrForbidden, ErrNotHolder); ErrInvalid with an issue for each fault
// of the input, an unknown product, one that the partner may not order and a
// broken quantity rule among them (step and minimum on the line, the maximum
// over all lines of the product); ErrTickets and the port's own errors;
// *MergeConflict when the line to grow has the other warranty mark; ErrLimit.
func (s *Service) Put(ctx context.Context, a access.Actor, in PutInput) (Cart, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Cart, error) { return s.PutTx(ctx, tx, a, in) })
}

// PutTx is Put within the caller's transaction.
func (s *Service) PutTx(ctx context.Context, tx Tx, a access.Actor, in PutInput) (Cart, error) {
	if in.Product != "" {
		if err := s.warm(ctx, tx, []ID{in.Cart}, in.Product); err != nil {
			return Cart{}, err
		}
	}
	return s.edit(ctx, tx, a, target{"put", in.Cart, in.Version, in.Key, in}, func(c *Cart) (What, error) {
		return Filled, s.put(ctx, tx, a, c, in)
	})
}

func (s *Service) put(ctx context.Context, tx Tx, a access.Actor, c *Cart, in PutInput) error {
	var is fault.Issues
	check.Note(&is, "note", in.Note, s.limits.Note)
	if in.Ticket != "" || in.Warranty != "" {
		s.checkMark(&is, in.Ticket, in.Warranty)
	}
	p, err := find(ctx, tx, &is, in.Product, in.SKU, func(p catalog.Product) bool { return s.hidden(a, c, p) })
	if err != nil {
		return err
	}
	l := Line{ID: LineID(s.newID()), Product: p.ID, SKU: p.SKU, Quantity: in.Quantity,
		Note: in.Note, Ticket: in.Ticket, Warranty: in.Warranty}
	into := -1
	if !in.Apart {
		into = c.twin(l)
	}
	total, line := in.Quantity, l.ID
	switch {
	case in.Quantity.Sign() <= 0:
		is.Add("quantity", quantityPositive, "must be above zero")
	case into >= 0:
		line = c.Lines[into].ID
		if total, err = c.Lines[into].Quantity.Add(in.Quantity); err != nil {
			is.AddUnder("quantity", err)
		}
	}
	if p.ID != "" {
		checkOrderable(&is, "", p, c.Partner)
		if in.Quantity.Sign() > 0 {
			c.checkQuantity(&is, "", p, line, total)
		}
	}
	if err := is.Err(ErrInvalid); err != nil {
		return err
	}
	if in.Ticket != "" {
		if err := s.ticketOpen(ctx, tx, a, in.Ticket); err != nil {
			return err
		}
	}
	if into < 0 {
		return s.grow(c, l)
	}
	if twin := c.Lines[into]; twin.Warranty != in.Warranty {
		var clash MergeConflict
		clash.add(ClashMark, l.ID, twin.ID, "%s is on ticket %s with the mark %q already", p.SKU, in.Ticket, twin.Warranty)
		return clash.err()
	}
	c.Lines[into].Quantity = total
	c.Quote = nil
	return nil
}

// grow appends lines within the limit.
func (s *Service) grow(c *Cart, lines ...Line) error {
	if len(c.Lines)+len(lines) > s.limits.Lines {
		return hit("lines", s.limits.Lines)
	}
	c.Lines = append(c.Lines, lines...)
	c.Quote = nil
	return nil
}

// Change sets the quantity of a line.
//
// Errors: those of every command of the holder; ErrLine; ErrInvalid for a
// quantity that is not above zero or breaks the product's rule.
func (s *Service) Change(ctx context.Context, a access.Actor, in ChangeInput) (Cart, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Cart, error) { return s.ChangeTx(ctx, tx, a, in) })
}

// ChangeTx is Change within the caller's transaction.
func (s *Service) ChangeTx(ctx context.Context, tx Tx, a access.Actor, in ChangeInput) (Cart, error) {
	return s.edit(ctx, tx, a, target{"change", in.Cart, in.Version, in.Key, in}, func(c *Cart) (What, error) {
		l, err := c.line(in.Line)
		if err != nil {
			return "", err
		}
		var is fault.Issues
		p, err := find(ctx, tx, &is, l.Product, "", func(catalog.Product) bool { return false })
		if err != nil {
			return "", err
		}
		if p.ID != "" {
			c.checkQuantity(&is, "", p, l.ID, in.Quantity)
		}
		l.Quantity = in.Quantity
		c.Quote = nil
		return Filled, is.Err(ErrInvalid)
	})
}

// Remove takes lines out.
//
// Errors: those of every command of the holder; ErrLine with an issue for
// each line that is not there.
func (s *Service) Remove(ctx context.Context, a access.Actor, in RemoveInput) (Cart, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Cart, error) { return s.RemoveTx(ctx, tx, a, in) })
}

// RemoveTx is Remove within the caller's transaction.
func (s *Service) RemoveTx(ctx context.Context, tx Tx, a access.Actor, in RemoveInput) (Cart, error) {
	return s.edit(ctx, tx, a, target{"remove", in.Cart, in.Version, in.Key, in}, func(c *Cart) (What, error) {
		c.Quote = nil
		if in.All {
			c.Lines = nil
			return Filled, nil
		}
		var is fault.Issues
		for i, id := range in.Lines {
			if _, err := c.line(id); err != nil {
				is.Add(index("lines", i), "unknown", "the cart has no line %q", id)
			}
		}
		c.discard(in.Lines)
		return Filled, is.Err(ErrLine)
	})
}

// AnnotateLine replaces the note of a line.
//
// Errors: those of every command of the holder; ErrLine; ErrInvalid.
func (s *Service) AnnotateLine(ctx context.Context, a access.Actor, in AnnotateLineInput) (Cart, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Cart, error) { return s.AnnotateLineTx(ctx, tx, a, in) })
}

// AnnotateLineTx is AnnotateLine within the caller's transaction.
func (s *Service) AnnotateLineTx(ctx context.Context, tx Tx, a access.Actor, in AnnotateLineInput) (Cart, error) {
	return s.edit(ctx, tx, a, target{"annotate_line", in.Cart, in.Version, in.Key, in}, func(c *Cart) (What, error) {
		l, err := c.line(in.Line)
		if err != nil {
			return "", err
		}
		var is fault.Issues
		check.Note(&is, "note", in.Note, s.limits.Note)
		l.Note = in.Note
		c.Quote = nil
		return LineNoted, is.Err(ErrInvalid)
	})
}
