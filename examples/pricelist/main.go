// Pricelist: a tariff as a file, and what a dealer portal shows of it. It prints
// a partner's price list with every break and the reason of every price, a
// basket's quote with its explanation and what would make it cheaper, what the
// linter says of the tariff, and what a draft for next year would have made of
// past quotes.
//
//	go run ./examples/pricelist
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/pricing"
)

// today is fixed, so that the figures are the same whenever it runs. A portal
// takes its clock.
var today = time.Date(2026, time.May, 18, 10, 20, 0, 0, time.UTC)

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "pricelist:", err)
		os.Exit(1)
	}
}

func run(w io.Writer) error {
	ctx := context.Background()
	shop, err := open()
	if err != nil {
		return err
	}
	brun, err := shop.basket("atelier-brun", today)
	if err != nil {
		return err
	}
	steps := []struct {
		title string
		show  func() error
	}{
		{"The price list of Atelier Brun", func() error { return shop.printList(ctx, w, brun) }},
		{"A kitchen for Atelier Brun", func() error { return shop.printQuote(ctx, w, brun) }},
		{"Is the tariff sound?", func() error { return shop.printLint(ctx, w, shop.tariff) }},
		{"What would the draft for 2027 have cost?", func() error { return shop.printWhatIf(ctx, w) }},
	}
	for i, s := range steps {
		fmt.Fprintf(w, "%d. %s\n\n", i+1, s.title)
		if err := s.show(); err != nil {
			return fmt.Errorf("%s: %w", s.title, err)
		}
		fmt.Fprintln(w)
	}
	return nil
}

// printQuote prices a basket, explains every figure of it, and says what the
// buyer might add to pay less.
func (s *shop) printQuote(ctx context.Context, w io.Writer, b pricing.Basket) error {
	b.Codes = []pricing.UsedCode{{Code: "SPRING-4711", Campaign: "spring-26"}}
	var err error
	b.Lines, err = s.lines([]item{{"oven-alba", 4}, {"hob-cinq", 1}, {"hood-vela", 2}, {"fridge-norde", 1}, {"knob-brass", 4}, {"screws", 900}})
	if err != nil {
		return err
	}
	quote, why, err := s.engine.Explain(ctx, b)
	if err != nil {
		return err
	}
	t := table{{"<SKU", "<Article", ">Quantity", ">Net", "<Why"}}
	for i, l := range quote.Lines {
		t.add(string(l.SKU), s.name(l.Product), l.Quantity.String(), l.Net.Text(), reasons(why, i))
	}
	for _, a := range quote.Adjustments {
		t.add("", a.Text, "", a.Amount.Text(), a.Code)
	}
	t.add("", "Net", "", quote.Net.Text(), "")
	t.add("", "VAT", "", quote.Tax.Text(), "")
	t.add("", "To pay, "+quote.Currency.Code(), "", quote.Gross.Text(), "")
	t.write(w)
	fmt.Fprintln(w, "\nThis would change it:")
	for _, n := range why.Children {
		if h := hint(n); h != "" {
			fmt.Fprintf(w, "  %-10s %s\n", n.Ref, h)
		}
	}
	fmt.Fprint(w, "\nThe whole explanation:\n")
	for l := range strings.Lines(why.String()) {
		indent := len(l) - len(strings.TrimLeft(l, " "))
		fmt.Fprintln(w, wrap(l, l[:indent], 100))
	}
	return nil
}

// hint is what a buyer can do about a rule or a charge, "" for nothing. It
// leaves out what more goods or more turnover do not change: the hour, a code,
// whom a rule is for.
func hint(n pricing.Node) string {
	m := n.Next
	if m == nil {
		m = n.Missing
	}
	if m == nil {
		return ""
	}
	switch m.What {
	case pricing.LackNext, pricing.LackQuantity, pricing.LackAmount, pricing.LackBasket, pricing.LackComposition, pricing.LackWith, pricing.LackItem, pricing.LackTurnover:
		return m.String()
	}
	return ""
}

func (s *shop) printLint(ctx context.Context, w io.Writer, t pricing.Tariff) error {
	found, err := pricing.Lint(ctx, t, &pricing.LintOptions{At: today, Products: s.products})
	if err != nil {
		return err
	}
	if len(found) == 0 {
		fmt.Fprintf(w, "%s: %d rules, nothing found\n", t.Name, len(t.Rules))
		return nil
	}
	fmt.Fprintf(w, "%s: %d rules, of which\n", t.Name, len(t.Rules))
	for _, f := range found {
		fmt.Fprintln(w, wrap(f.String(), "  ", 100))
		if f.Witness != nil {
			fmt.Fprintln(w, "  for example:", witness(*f.Witness))
		}
	}
	return nil
}

// witness is the basket that shows a finding.
func witness(b pricing.Basket) string {
	l := b.Lines[0]
	return fmt.Sprintf("%s of %s on %s", l.Quantity, l.Product, b.At.Format(time.DateOnly))
}
