package main

import (
	"strings"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// unit is an amount per one of a quantity, at six decimals. Under a policy that
// rounds the unit it is what each one is charged at, to the cent; under one that
// rounds lines it may have more decimals.
func unit(a money.Amount, q money.Quantity) (money.Price, error) {
	p, err := money.PriceFromAmount(a)
	if err != nil {
		return money.Price{}, err
	}
	if p, err = p.PerBase(q); err != nil {
		return money.Price{}, err
	}
	return p.Times(money.QuantityOf(1), money.HalfAwayFromZero)
}

// orderable rounds a quantity up to the product's step.
func orderable(p catalog.Product, q money.Quantity) money.Quantity {
	step := p.Quantity.Step
	if step.IsZero() {
		step = money.QuantityOf(1)
	}
	up, err := money.QuantityFromUnits((q.Units() + step.Units() - 1) / step.Units() * step.Units())
	if err != nil {
		return q
	}
	return up
}

// reasons says in few words what took something off a line. A rule that a floor,
// or its own bound, cut short is marked.
func reasons(why pricing.Node, line int) string {
	var out []string
	for _, n := range why.Children[line].Children {
		if n.Kind != pricing.NodeRule || n.Verdict != pricing.Applied {
			continue
		}
		text := n.Text
		for _, r := range why.Children {
			if r.Kind == pricing.NodeRule && r.Ref == n.Ref && len(r.Children) > 0 {
				text += " (capped)"
			}
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

// elsewhere names the rules that a product alone meets, but that take nothing
// off it yet: X with Y, one of three free.
func elsewhere(why pricing.Node) []string {
	var out []string
	for _, n := range why.Children {
		if n.Kind == pricing.NodeRule && n.Missing != nil && n.Missing.What == pricing.LackEffect {
			out = append(out, "+ "+n.Text+"?")
		}
	}
	return out
}
