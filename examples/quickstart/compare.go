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
	for _, d := range report.Differences {
		if d.ID == string(of.order) {
			return fmt.Errorf("the order differs: %s: %s here, %s in the ERP, %s", d.Field, d.Ours, d.Theirs, d.Cause)
		}
	}
	fmt.Fprintln(of.say, "The comparison of the books finds no difference about the order")
	return nil
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
