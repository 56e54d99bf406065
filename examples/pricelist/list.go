package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// offer is what one of a product costs a buyer from a quantity on, net.
type offer struct {
	from money.Quantity
	list string // that has the price
	// price is that of the list, net what is left of it after discounts.
	price, net money.Price
	off        string // percent, "" for none
	why        string
}

// printList prints what everything costs that the partner may order: at the
// least quantity and at each from which on it costs something else. Discounts on
// the whole order and shipping depend on the rest of a basket, and are not in it.
func (s *shop) printList(ctx context.Context, w io.Writer, b pricing.Basket) error {
	fmt.Fprintf(w, "Prices of %s in %s without VAT, each; lists in their order: %s\n\n",
		b.At.Format(time.DateOnly), b.Currency.Code(), strings.Join(named(s.engine.Lists(b)), ", "))
	t := table{{"<SKU", "<Article", ">Catalog", ">From", "<List", ">Price", ">Off %", ">Net", "<Why"}}
	anyone := pricing.Basket{Currency: b.Currency, At: b.At}
	for _, p := range s.products {
		if p.OrderableBy(b.Partner) != nil {
			continue
		}
		catalogPrice := ""
		public, _, err := s.offer(ctx, anyone, p, p.Quantity.Default())
		if err == nil {
			catalogPrice = public.price.Text()
		} else if !errors.Is(err, pricing.ErrNoPrice) {
			return err
		}
		offers, err := s.offers(ctx, b, p)
		switch {
		case errors.Is(err, pricing.ErrNoPrice):
			t.add(string(p.SKU), s.name(p.ID), catalogPrice, "", "", "", "", "", "on request")
			continue
		case err != nil:
			return err
		}
		for i, o := range offers {
			sku, name := string(p.SKU), s.name(p.ID)
			if i > 0 {
				sku, name, catalogPrice = "", "", ""
			}
			t.add(sku, name, catalogPrice, o.from.String(), o.list, o.price.Text(), o.off, o.net.Text(), o.why)
		}
	}
	t.write(w)
	fmt.Fprintln(w, "\n(capped): a floor, or its own bound, cuts a discount short. + …?: with other goods, or more of them.")
	return nil
}

// named leaves out the default list, which has no name: the prices that products
// carry themselves.
func named(lists []string) []string {
	return slices.DeleteFunc(lists, func(code string) bool { return code == "" })
}

// offers prices one product at its least quantity and at every other at which
// its price may change, and keeps those at which it does. It is complete for
// breaks of lists and for rules by quantity. What depends on other goods is told
// with the reason; rules by amount are not walked through.
func (s *shop) offers(ctx context.Context, b pricing.Basket, p catalog.Product) ([]offer, error) {
	todo := []money.Quantity{p.Quantity.Default()}
	more := func(quantities []money.Quantity) {
		for _, q := range quantities {
			if q = orderable(p, q); q.Cmp(todo[0]) <= 0 || p.Quantity.Check(q) != nil {
				continue
			}
			if at, known := slices.BinarySearchFunc(todo, q, money.Quantity.Cmp); !known {
				todo = slices.Insert(todo, at, q)
			}
		}
	}
	more(s.breaks(b, p))
	var out []offer
	var none error
	for ; len(todo) > 0; todo = todo[1:] {
		o, why, err := s.offer(ctx, b, p, todo[0])
		switch {
		case errors.Is(err, pricing.ErrNoPrice): // its lists may begin further up
			none = err
			continue
		case err != nil:
			return nil, err
		case len(out) == 0:
			more(s.steps(b, why))
		case o.net == out[len(out)-1].net:
			continue
		}
		out = append(out, o)
	}
	if len(out) == 0 {
		return nil, none
	}
	return out, nil
}

// breaks are the quantities at which a price of the buyer's lists begins.
func (s *shop) breaks(b pricing.Basket, p catalog.Product) []money.Quantity {
	lists := s.engine.Lists(b)
	var out []money.Quantity
	add := func(list string, breaks []catalog.Break) {
		if slices.Contains(lists, list) {
			for _, k := range breaks {
				out = append(out, k.From)
			}
		}
	}
	for i := range s.tariff.Prices {
		if r := &s.tariff.Prices[i]; r.Product == p.ID && r.Covers(b.At, b.Known) {
			add(r.List, r.Breaks)
		}
	}
	for _, l := range p.Prices {
		add(l.List, l.Breaks)
	}
	return out
}

// steps are the quantities at which rules begin, end or give something else: of
// those that an explanation names, so that a large tariff costs no more than a
// small one.
func (s *shop) steps(b pricing.Basket, why pricing.Node) []money.Quantity {
	var out []money.Quantity
	for _, n := range why.Children {
		if n.Kind != pricing.NodeRule {
			continue
		}
		for _, r := range s.rules[n.Ref] {
			if !r.Covers(b.At, b.Known) {
				continue
			}
			if q := r.When.Quantity; q != nil {
				out = append(out, q.From, q.Until)
			}
			if t := r.Give.Tiers; t != nil && t.By == pricing.ByQuantity {
				for _, k := range t.Steps {
					out = append(out, k.Quantity)
				}
			}
		}
	}
	return out
}

// offer prices one quantity of a product alone.
func (s *shop) offer(ctx context.Context, b pricing.Basket, p catalog.Product, q money.Quantity) (offer, pricing.Node, error) {
	b.Lines = []pricing.Line{line("1", p, q)}
	quote, why, err := s.engine.Explain(ctx, b)
	if err != nil {
		return offer{}, pricing.Node{}, err
	}
	l := quote.Lines[0]
	o := offer{from: q, list: why.Children[0].Children[0].Ref, why: reasons(why, 0)}
	if may := elsewhere(why); len(may) > 0 {
		o.why = strings.TrimSpace(o.why + " " + strings.Join(may, " "))
	}
	value, err := l.Net.Add(l.Discount) // net also where the list is stated gross
	if err != nil {
		return o, why, err
	}
	if l.Discount.Sign() > 0 {
		o.off = l.Discount.Decimal().Shift(2).DivRound(value.Decimal(), 1).StringFixed(1)
	}
	if o.price, err = unit(value, q); err != nil {
		return o, why, err
	}
	o.net, err = unit(l.Net, q)
	return o, why, err
}
