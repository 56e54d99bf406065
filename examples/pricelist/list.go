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
	"github.com/comptoir-go/comptoir/pricing"
)

// printList prints what everything costs that the partner may order: at the
// least quantity and at each from which on it costs something else. Discounts on
// the whole order and shipping depend on the rest of a basket, and are not in it.
// A portal with a store asks cart.Service.Offers for a page of it.
func (s *shop) printList(ctx context.Context, w io.Writer, b pricing.Basket) error {
	fmt.Fprintf(w, "Prices of %s in %s without VAT, each; lists in their order: %s\n\n",
		b.At.Format(time.DateOnly), b.Currency.Code(), strings.Join(named(s.engine.Lists(b)), ", "))
	t := table{{"<SKU", "<Article", ">Catalog", ">From", "<List", ">Price", ">Off %", ">Net", "<Why"}}
	goods := slices.DeleteFunc(slices.Clone(s.products), func(p catalog.Product) bool { return p.OrderableBy(b.Partner) != nil })
	public, err := s.engine.Offers(ctx, pricing.Basket{Currency: b.Currency, At: b.At}, goods)
	if err != nil {
		return err
	}
	list, err := s.engine.Offers(ctx, b, goods)
	if err != nil {
		return err
	}
	for i, p := range list {
		catalogPrice := ""
		if offers := public[i].Offers; len(offers) > 0 {
			catalogPrice = offers[0].Full.Text()
		}
		sku, name := string(p.SKU), s.name(p.Product)
		switch p.Refused {
		case "":
		case pricing.ErrNoPrice.FaultCode():
			t.add(sku, name, catalogPrice, "", "", "", "", "", "on request")
		default:
			return errors.New(p.Refused)
		}
		for _, o := range p.Offers {
			if o.Only && o.From != p.Offers[0].From {
				continue // no price of each: the reason says what may be had
			}
			t.add(sku, name, catalogPrice, o.From.String(), o.List, o.Full.Text(), off(o), o.Net.Text(), whyOf(o, p.Offers))
			sku, name, catalogPrice = "", "", ""
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

// off is what an offer takes off in percent, "" for nothing.
func off(o pricing.Offer) string {
	full, net := o.Full.Decimal(), o.Net.Decimal()
	if net.Equal(full) {
		return ""
	}
	return full.Sub(net).Shift(2).DivRound(full, 1).StringFixed(1)
}

// whyOf says in few words what made the price, and what might make it better.
func whyOf(o pricing.Offer, rows []pricing.Offer) string {
	return strings.TrimSpace(reasons(*o.Why, 0) + " " + strings.Join(elsewhere(*o.Why, rows), " "))
}
