package cart

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
)

// Portion is a line, or a part of its quantity, that goes elsewhere.
type Portion struct {
	Line LineID `json:"line"`
	// Quantity is how much of it; zero means all.
	Quantity money.Quantity `json:"quantity,omitzero"`
}

// transfer moves portions between two carts in memory, or lists what clashes.
func (s *Service) transfer(ctx context.Context, tx Tx, from, to *Cart, portions []Portion, apart bool) error {
	if err := from.checkPortions(portions); err != nil {
		return err
	}
	products, err := tx.Products().GetMany(ctx, from.productsOf(portions))
	if err != nil {
		return err
	}
	var clash MergeConflict
	if from.Currency != to.Currency {
		clash.add(ClashCurrency, "", "", "the carts are in %s and %s", from.Currency.Code(), to.Currency.Code())
	}
	var touched []touch
	for _, p := range portions {
		moved, err := from.give(p, s.newID)
		if err != nil {
			return err
		}
		touched = append(touched, touch{from, p.Line, p.Line})
		if into := to.accept(&clash, moved, p.Line, apart, s.newID); into != "" {
			touched = append(touched, touch{to, p.Line, into})
		}
	}
	// Rules hold for what the lines end up with, not on the way there.
	for i, t := range touched {
		if !slices.ContainsFunc(touched[i+1:], func(u touch) bool { return u.cart == t.cart && u.line == t.line }) {
			clash.rule(products, t, t.cart == to)
		}
	}
	if n := len(to.Lines); n > s.limits.Lines {
		clash.add(ClashLines, "", "", "the cart would have %d lines, at most %d are allowed", n, s.limits.Lines)
	}
	from.Quote, to.Quote = nil, nil
	return clash.err()
}

// touch is a line that a portion came from or went to.
type touch struct {
	cart *Cart
	// was is the portion's line.
	was, line LineID
}

// give takes a portion out; a part of a line gets an id of its own.
func (c *Cart) give(p Portion, newID func() string) (Line, error) {
	l, err := c.line(p.Line)
	if err != nil {
		return Line{}, err
	}
	moved := *l
	if p.Quantity.IsZero() || p.Quantity == l.Quantity {
		c.discard([]LineID{p.Line})
		return moved, nil
	}
	moved.ID, moved.Quantity = LineID(newID()), p.Quantity
	l.Quantity, err = l.Quantity.Sub(p.Quantity)
	return moved, err
}

// accept takes one line in, as a part of its twin where there is one, and
// names the line it became; "" when it clashes.
func (c *Cart) accept(clash *MergeConflict, l Line, was LineID, apart bool, newID func() string) LineID {
	into := -1
	if !apart {
		into = c.twin(l)
	}
	if into < 0 {
		if _, err := c.line(l.ID); err == nil {
			l.ID = LineID(newID())
		}
		c.Lines = append(c.Lines, l)
		return l.ID
	}
	twin := &c.Lines[into]
	if twin.Warranty != l.Warranty {
		clash.add(ClashMark, was, twin.ID, "ticket %s is marked %q on one line and %q on the other", l.Ticket, l.Warranty, twin.Warranty)
		return ""
	}
	sum, err := twin.Quantity.Add(l.Quantity)
	if err != nil {
		clash.add(ClashQuantity, was, twin.ID, "%s: the quantity is out of range", l.SKU)
		return ""
	}
	twin.Quantity = sum
	return twin.ID
}

// rule notes a quantity that the product does not allow, on the line or, where
// lines came in, together with the others of the product. A line that is gone
// as a whole is fine, and a product that is gone rules nothing: ordering will
// say so.
func (e *MergeConflict) rule(products map[catalog.ID]catalog.Product, t touch, sum bool) {
	l, err := t.cart.line(t.line)
	if err != nil {
		return
	}
	p, ok := products[l.Product]
	if !ok {
		return
	}
	into := t.line
	if into == t.was {
		into = ""
	}
	err = p.Quantity.Check(l.Quantity)
	if err == nil && sum {
		err = t.cart.checkSum(p, l.ID, l.Quantity)
	}
	if err != nil {
		e.add(ClashQuantity, t.was, into, "%s: %s would break the quantity rule: %s", l.SKU, l.Quantity, explain(err))
	}
}

// explain gives the message of an error without its code.
func explain(err error) string {
	var is fault.Issues
	is.AddUnder("", err)
	text := ""
	for i, issue := range is {
		if i > 0 {
			text += ", "
		}
		text += issue.Message
	}
	return text
}

func (c *Cart) checkPortions(portions []Portion) error {
	var is fault.Issues
	if len(portions) == 0 {
		is.Add("lines", "required", "name at least one line")
	}
	seen := make(map[LineID]bool, len(portions))
	for i, p := range portions {
		l, err := c.line(p.Line)
		switch {
		case err != nil:
			is.Add(index("lines", i), ErrLine.FaultCode(), "the cart has no line %q", p.Line)
			continue
		case seen[p.Line]:
			is.Add(index("lines", i), "twice", "line %q is named twice", p.Line)
		case p.Quantity.Sign() < 0:
			is.Add(index("lines", i)+".quantity", quantityPositive, "must be above zero")
		case p.Quantity.Cmp(l.Quantity) > 0:
			is.Add(index("lines", i)+".quantity", "too_much", "the line has %s only", l.Quantity)
		}
		seen[p.Line] = true
	}
	return is.Err(ErrInvalid)
}

func (c *Cart) productsOf(portions []Portion) []catalog.ID {
	ids := make([]catalog.ID, 0, len(portions))
	for _, p := range portions {
		if l, err := c.line(p.Line); err == nil && !slices.Contains(ids, l.Product) {
			ids = append(ids, l.Product)
		}
	}
	return ids
}
