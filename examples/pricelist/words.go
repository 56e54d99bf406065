package main

import (
	"slices"
	"strings"

	"github.com/comptoir-go/comptoir/pricing"
)

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
// off it yet: X with Y, one of three free. What has a row of its own is left out.
func elsewhere(why pricing.Node, rows []pricing.Offer) []string {
	var out []string
	for _, n := range why.Children {
		if n.Kind != pricing.NodeRule || n.Missing == nil {
			continue
		}
		switch n.Missing.What {
		case pricing.LackEffect, pricing.LackWith, pricing.LackNext:
			if !slices.ContainsFunc(rows, func(o pricing.Offer) bool { return !o.Only && slices.Contains(o.Rules, n.Ref) }) {
				out = append(out, "+ "+n.Text+"?")
			}
		}
	}
	return out
}
