package cart

import (
	"context"
	"errors"
	"slices"

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

// find reads one product; one that is not there becomes an issue.
func find(ctx context.Context, tx Tx, is *fault.Issues, id catalog.ID, sku catalog.SKU) (catalog.Product, error) {
	switch {
	case id != "":
		p, err := tx.Products().Get(ctx, id)
		if errors.Is(err, catalog.ErrNotFound) {
			is.Add("product", catalog.ErrNotFound.FaultCode(), "there is no product %q", id)
			return catalog.Product{}, nil
		}
		return p, err
	case sku != "":
		found, err := tx.Products().BySKU(ctx, []catalog.SKU{sku})
		if err != nil {
			return catalog.Product{}, err
		}
		p, ok := found[sku]
		if !ok {
			is.Add("sku", catalog.ErrNotFound.FaultCode(), "there is no product %q", sku)
		}
		return p, nil
	}
	is.Add("product", "required", "is missing")
	return catalog.Product{}, nil
}

// checkOrderable notes under the path why the partner may not order a product.
func checkOrderable(is *fault.Issues, path string, p catalog.Product, who partner.ID) {
	is.AddUnder(path, p.OrderableBy(who))
}

// checkQuantity notes under the path a quantity that is not above zero or
// breaks the product's rule.
func checkQuantity(is *fault.Issues, path string, p catalog.Product, q money.Quantity) {
	is.AddUnder(path, p.Quantity.Check(q))
}

// quantityPositive is the code of a quantity that is not above zero, the same
// as in the catalog's rules.
const quantityPositive = "quantity.positive"
