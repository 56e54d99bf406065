package cart

import (
	"context"
	"fmt"
	"strings"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// Origin says which order a cart was made from.
type Origin struct {
	Order OrderID `json:"order"`
	// Files says that the order's files go with the new order, too.
	Files bool `json:"files,omitempty"`
}

// FromOrder is what a cart is made of that repeats an order.
type FromOrder struct {
	Partner partner.ID
	// Name is the cart's; without one it is Like, with a counter where the
	// partner has a cart of that name.
	Name     string
	Like     string
	Currency money.Currency
	// Terms name a legal entity and an address as they were; an entity that the
	// partner no longer has is left out and told.
	Terms Terms
	// Lines have their products, quantities and notes; ids are given anew.
	Lines  []Line
	Origin Origin
}

// Left is what could not be taken over into a cart.
type Left struct {
	// Line is the line's id in the order, "" for what is no line.
	Line LineID      `json:"line,omitempty"`
	SKU  catalog.SKU `json:"sku,omitempty"`
	// Code is stable: that of the catalog's refusal or of a quantity rule,
	// cart.limit, or counterparty.unknown; Message is for a person.
	Code    string `json:"code"`
	Message string `json:"message"`
}

// FromOrderTx makes a cart of the content of an order, within the caller's
// transaction; package order calls it. The actor is the holder. What the
// partner may no longer order, or not in this quantity, stays behind and is
// told.
//
// Errors: as Create; ErrLines, with an issue for each, when no line at all can
// be taken over.
func (s *Service) FromOrderTx(ctx context.Context, tx Tx, a access.Actor, in FromOrder) (Cart, []Left, error) {
	if err := ctx.Err(); err != nil {
		return Cart{}, nil, err
	}
	if !s.policy.May(a, access.CartRead, owner(in.Partner)) {
		return Cart{}, nil, partner.ErrNotFound
	}
	p, err := tx.Partners().Get(ctx, in.Partner)
	if err != nil {
		return Cart{}, nil, err
	}
	if err := s.mayCreate(a, p); err != nil {
		return Cart{}, nil, err
	}
	c := Cart{Partner: p.ID, Name: strings.TrimSpace(in.Name), Currency: in.Currency, Terms: in.Terms.normal()}
	if in.Origin.Order != "" {
		c.Origin = &in.Origin
	}
	left, err := s.refill(ctx, tx, &c, in.Lines)
	if err != nil {
		return Cart{}, nil, err
	}
	if len(in.Lines) > 0 && len(c.Lines) == 0 {
		return Cart{}, nil, refused(left)
	}
	if _, ok := p.Counterparty(c.Terms.Counterparty); !ok && c.Terms.Counterparty != "" {
		left = append(left, Left{Code: "counterparty.unknown", Message: fmt.Sprintf("the partner no longer has the legal entity %s", c.Terms.Counterparty)})
		c.Terms.Counterparty = ""
	}
	if err := c.Terms.check(); err != nil {
		return Cart{}, nil, err
	}
	if c.Name == "" {
		if c.Name, err = s.freeName(ctx, tx, p.ID, in.Like); err != nil {
			return Cart{}, nil, err
		}
	}
	c, err = s.insert(ctx, tx, a, c)
	return c, left, err
}

// refill puts lines into a cart as far as they may be ordered, and tells what
// stays behind.
func (s *Service) refill(ctx context.Context, tx Tx, c *Cart, lines []Line) ([]Left, error) {
	products, err := tx.Products().GetMany(ctx, Cart{Lines: lines}.products())
	if err != nil {
		return nil, err
	}
	var left []Left
	for _, l := range lines {
		var is fault.Issues
		p, ok := products[l.Product]
		if !ok {
			is.Add("", catalog.ErrNotFound.FaultCode(), "there is no product %s any more", l.SKU)
		} else if checkOrderable(&is, "", p, c.Partner); len(is) == 0 {
			c.checkQuantity(&is, "", p, "", l.Quantity)
		}
		if len(is) == 0 && len(c.Lines) >= s.limits.Lines {
			is.Add("", ErrLimit.FaultCode(), "at most %d lines are allowed", s.limits.Lines)
		}
		if len(is) > 0 {
			left = append(left, Left{Line: l.ID, SKU: l.SKU, Code: is[0].Code, Message: is[0].Message})
			continue
		}
		c.Lines = append(c.Lines, Line{ID: LineID(s.newID()), Product: p.ID, SKU: p.SKU, Quantity: l.Quantity, Note: l.Note})
	}
	return left, nil
}

func refused(left []Left) error {
	var is fault.Issues
	for i, l := range left {
		is.Add(index("lines", i), l.Code, "%s", l.Message)
	}
	return is.Err(ErrLines)
}

// freeName finds a name that no cart of the partner has: the text itself, or
// with the first counter from 2 that is free.
func (s *Service) freeName(ctx context.Context, tx Tx, p partner.ID, like string) (string, error) {
	base := []rune(strings.TrimSpace(like))
	name := string(base[:min(len(base), s.limits.Name)])
	for n := 2; ; n++ {
		page, err := tx.Carts().Find(ctx, Query{Partner: p, Name: name, Page: uow.PageRequest{Limit: 1}})
		if err != nil || len(page.Rows) == 0 {
			return name, err
		}
		counter := fmt.Sprintf(" (%d)", n)
		room := max(0, s.limits.Name-len([]rune(counter)))
		name = strings.TrimSpace(string(base[:min(len(base), room)])) + counter
	}
}
