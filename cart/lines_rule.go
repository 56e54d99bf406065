package cart

import (
	"context"
	"errors"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
)

// line returns the line of an id, to be changed in place.
func (c *Cart) line(id LineID) (*Line, error) {
	for i := range c.Lines {
		if c.Lines[i].ID == id {
			return &c.Lines[i], nil
		}
	}
	return nil, ErrLine.With("the cart has no line %q", id)
}

// discard takes lines out; an empty cart has nil lines, as a stored one has.
func (c *Cart) discard(ids []LineID) {
	c.Lines = slices.DeleteFunc(c.Lines, func(l Line) bool { return slices.Contains(ids, l.ID) })
	if len(c.Lines) == 0 {
		c.Lines = nil
	}
}

// twin finds the line that another of the same product, ticket and note would
// become part of, -1 if there is none.
func (c *Cart) twin(l Line) int {
	return slices.IndexFunc(c.Lines, func(t Line) bool {
		return t.Product == l.Product && t.Ticket == l.Ticket && t.Note == l.Note
	})
}

// find reads one product; one that is not there, for whom hidden asks, becomes
// an issue and is zero.
func find(ctx context.Context, tx Tx, is *fault.Issues, id catalog.ID, sku catalog.SKU, hidden func(catalog.Product) bool) (catalog.Product, error) {
	var p catalog.Product
	path, name, ok := "product", string(id), false
	switch {
	case id != "":
		found, err := tx.Products().Get(ctx, id)
		if err != nil && !errors.Is(err, catalog.ErrNotFound) {
			return catalog.Product{}, err
		}
		p, ok = found, err == nil
	case sku != "":
		found, err := tx.Products().BySKU(ctx, []catalog.SKU{sku})
		if err != nil {
			return catalog.Product{}, err
		}
		path, name = "sku", string(sku)
		p, ok = found[sku]
	default:
		is.Add(path, "required", "is missing")
		return catalog.Product{}, nil
	}
	if !ok || hidden(p) {
		is.Add(path, catalog.ErrNotFound.FaultCode(), "there is no product %q", name)
		return catalog.Product{}, nil
	}
	return p, nil
}

// checkOrderable notes under the path why the partner may not order a product.
func checkOrderable(is *fault.Issues, path string, p catalog.Product, who partner.ID) {
	is.AddUnder(path, p.OrderableBy(who))
}

// hidden reports whether a product does not exist for the actor: it may not
// order it, is not of those who see all of the catalog, and learns nothing of
// it from a line that is in the cart already.
func (s *Service) hidden(a access.Actor, c *Cart, p catalog.Product) bool {
	return p.OrderableBy(c.Partner) != nil && !catalog.SeesAll(s.policy, a) &&
		!slices.ContainsFunc(c.Lines, func(l Line) bool { return l.Product == p.ID })
}

// checkQuantity notes under the path a quantity of one line that is not above
// zero or breaks the product's rule, together with the other lines of the
// product.
func (c *Cart) checkQuantity(is *fault.Issues, path string, p catalog.Product, line LineID, q money.Quantity) {
	is.AddUnder(path, p.Quantity.Check(q))
	if !p.Quantity.Max.IsZero() && q.Cmp(p.Quantity.Max) <= 0 {
		is.AddUnder(path, c.checkSum(p, line, q))
	}
}

// checkSum asks whether the product's lines together, that one with another
// quantity, are within its rule.
func (c *Cart) checkSum(p catalog.Product, line LineID, q money.Quantity) error {
	sum, err := q, error(nil)
	for _, l := range c.Lines {
		if l.Product != p.ID || l.ID == line {
			continue
		}
		if sum, err = sum.Add(l.Quantity); err != nil {
			return err
		}
	}
	return p.Quantity.CheckSum(sum)
}

// quantityPositive is the code of a quantity that is not above zero, the same
// as in the catalog's rules.
const quantityPositive = "quantity.positive"
