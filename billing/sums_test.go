package billing_test

import (
	"fmt"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/order"
)

// sums adds up every figure of documents, in minor units: totals, rows, lines
// by order and line, adjustments and the orders' parts.
type sums map[string]int64

func newSums() sums { return sums{} }

// add adds a document, or takes it off with sign -1. Zeros leave no trace.
func (s sums) add(d billing.Document, sign int64) {
	s.put("lines", sign*d.Totals.Lines.Minor())
	s.put("adjusted", sign*(d.Totals.Charges.Minor()-d.Totals.Allowances.Minor()))
	s.put("net", sign*d.Totals.Net.Minor())
	s.put("tax", sign*d.Totals.Tax.Minor())
	s.put("gross", sign*d.Totals.Gross.Minor())
	for _, x := range d.Taxes {
		s.put(fmt.Sprint("base ", x.Category, x.Rate), sign*x.Base.Minor())
		s.put(fmt.Sprint("tax ", x.Category, x.Rate), sign*x.Tax.Minor())
	}
	for _, a := range d.Adjustments {
		s.put(fmt.Sprint("adjustment ", a.Order, a.Code, a.Category, a.Rate), sign*a.Amount.Minor())
	}
	for _, l := range d.Lines {
		s.put(fmt.Sprint("quantity ", l.Order, l.OrderLine), sign*l.Quantity.Units())
		s.put(fmt.Sprint("net ", l.Order, l.OrderLine), sign*l.Net.Minor())
		for i, share := range l.Shares {
			s.put(fmt.Sprint("share ", i, " ", l.Order, l.OrderLine), sign*share.Minor())
		}
	}
	for _, p := range d.Orders {
		s.put(fmt.Sprint("order net ", p.Order), sign*p.Net.Minor())
		s.put(fmt.Sprint("order tax ", p.Order), sign*p.Tax.Minor())
		s.put(fmt.Sprint("order gross ", p.Order), sign*p.Gross.Minor())
		for _, b := range p.Boxes {
			s.put(fmt.Sprint("box ", p.Order, b.Category, b.Rate), sign*order.Length(b.Taken))
		}
	}
}

func (s sums) put(key string, n int64) {
	if s[key] += n; s[key] == 0 {
		delete(s, key)
	}
}
