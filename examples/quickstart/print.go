package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/comptoir-go/comptoir/order"
)

// printOrder shows the order as its buyer would read it.
func printOrder(w io.Writer, o order.Order) {
	fmt.Fprintf(w, "\nOrder %s of %s (%s), placed %s by %s, your number %s\n", o.Ref, o.Customer.Name, o.Customer.Number,
		o.PlacedAt.Format("2006-01-02"), o.InsertedBy.Name, o.CustomerNo)
	to := o.ShipTo
	fmt.Fprintf(w, "To: %s, %s, %s %s, %s\n\n", to.Company, to.Street, to.Postcode, to.City, to.Country)
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "code\tdescription\tquantity\tprice\tnet\tVAT\ttotal\t")
	for i, l := range o.Lines {
		q := o.Quote.Lines[i]
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s %%\t%s\t\n", l.SKU, l.Name, l.Quantity, q.Price, q.Net.Text(), q.Rate, q.Gross.Text())
	}
	t.Flush()
	for _, x := range o.Quote.Taxes {
		fmt.Fprintf(w, "VAT %s %% on %s: %s\n", x.Rate, x.Base, x.Tax)
	}
	fmt.Fprintf(w, "Net %s, VAT %s, to pay %s\n\n", o.Quote.Net, o.Quote.Tax, o.Quote.Gross)
	fmt.Fprintf(w, "State: %s; ERP number %s, state %s\n", o.State, o.ERP.Number, o.ERP.State)
	for _, e := range o.History {
		fmt.Fprintf(w, "  %-10s %-10s → %-20s %s\n", e.What, e.From, e.To, e.By.Name)
	}
}
