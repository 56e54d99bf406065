package main

import (
	"context"
	"fmt"

	"github.com/comptoir-go/comptoir/erp/erpsync"
)

// compare holds both sides against each other: what the people's own books say
// of the order, and what the library's comparison finds.
func (of *office) compare(ctx context.Context) error {
	here, err := of.sums(ctx)
	if err != nil {
		return err
	}
	there, err := of.people.sums(ctx, of.twin)
	if err != nil {
		return err
	}
	fmt.Fprintf(of.say, "\nHere:       %s\nIn the ERP: %s\n", here, there)
	if !here.equal(there) {
		return fmt.Errorf("the books differ: %s here, %s in the ERP", here, there)
	}
	// In a shared ERP others have orders, too.
	report, err := of.Drift(of.client, &erpsync.DriftOptions{Shared: true}).Run(ctx)
	if err != nil {
		return err
	}
	ours, err := of.documents(ctx)
	if err != nil {
		return err
	}
	others := 0
	for _, d := range report.Differences {
		if ours[d.ID] {
			return fmt.Errorf("the %s %s differs: %s: %q here, %q in the ERP, %s", d.Document, d.Name, d.Field, d.Ours, d.Theirs, d.Cause)
		}
		others++
	}
	fmt.Fprintf(of.say, "The comparison of the books finds no difference about the order and its %d documents", len(ours)-1)
	if others > 0 {
		fmt.Fprintf(of.say, ", and %d about others", others)
	}
	fmt.Fprintln(of.say)
	return nil
}

// documents are our ids of the order and of what belongs to it.
func (of *office) documents(ctx context.Context) (map[string]bool, error) {
	s, err := of.state(ctx)
	if err != nil {
		return nil, err
	}
	ids := map[string]bool{string(of.order): true}
	for _, d := range s.Deliveries {
		ids[string(d.ID)] = true
	}
	for _, d := range s.Invoices {
		ids[string(d.ID)] = true
	}
	for _, p := range s.Payments {
		ids[string(p.ID)] = true
	}
	return ids, nil
}

// sums is what our books say of the order.
func (of *office) sums(ctx context.Context) (sums, error) {
	o, err := of.Orders.Get(ctx, clara, of.order)
	if err != nil {
		return sums{}, err
	}
	s := sums{ordered: o.Quote.Gross.Decimal()}
	for _, b := range o.Bills {
		d, err := of.Billing.Get(ctx, clara, b.Document)
		if err != nil {
			return sums{}, err
		}
		gross, left := b.Gross.Decimal(), d.Left().Decimal()
		if b.Credit {
			gross, left = gross.Neg(), left.Neg()
		}
		s.invoiced, s.left = s.invoiced.Add(gross), s.left.Add(left)
	}
	return s, nil
}
