package erp

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
)

// Check validates an invoice or credit note of the ERP: a posted one has a
// number and a day, amounts have the currency's digits and are positive in
// sum, and everything adds up to the last digit: lines and adjustments to the
// net, the tax rows' bases to the net and their taxes to the tax, net and tax
// to the gross. An ERP that rounds otherwise tells the rest as an adjustment.
// That a tax is its rate of the base is not checked: the ERP's figure stands.
func (i Invoice) Check() error {
	var is fault.Issues
	i.Head.check(&is)
	i.check(&is)
	return is.Err(ErrInvalidDocument)
}

// sendable is Check for an invoice of ours, with what the ERP takes.
func (i Invoice) sendable(d Description) error {
	var is fault.Issues
	checkOurs(&is, i.Head)
	check.Line(&is, "number", i.Number, wordMax)
	i.check(&is)
	for n, l := range i.Lines {
		path := fmt.Sprintf("lines[%d]", n)
		checkDigits(&is, fault.Join(path, "quantity"), "quantity.digits", l.Quantity, d.QuantityDigits)
		checkDigits(&is, fault.Join(path, "price_base"), "price_base.digits", l.PriceBase, d.QuantityDigits)
		checkDigits(&is, fault.Join(path, "unit_price"), "price.digits", l.UnitPrice, d.PriceDigits)
	}
	if n := len(i.Lines) + len(i.Adjustments); d.MaxLines > 0 && n > d.MaxLines {
		is.Add("lines", "lines.too_many", "%d lines and adjustments, the ERP takes %d", n, d.MaxLines)
	}
	return is.Err(ErrInvalidDocument)
}

func (i Invoice) check(is *fault.Issues) {
	switch i.State {
	case InvoicePosted, InvoiceCancelled:
	default:
		is.Add("state", "state.unknown", "%q is no state of an invoice", i.State)
	}
	checkText(is, "number", i.Number)
	check.Need(is, "customer", i.Customer, wordMax)
	check.Line(is, "seller", i.Seller, wordMax)
	checkDay(is, "date", i.Date, true)
	checkDay(is, "due", i.Due, false)
	check.Line(is, "corrects", i.Corrects, wordMax)
	check.Note(is, "reason", i.Reason, textMax)
	digits := checkCurrency(is, i.Currency)
	sum := i.checkLines(is, digits)
	base, tax := summed{ok: true}, summed{ok: true}
	for n, t := range i.Taxes {
		path := fmt.Sprintf("taxes[%d]", n)
		checkRateAt(is, fault.Join(path, "rate"), t.Rate)
		base.add(is, fault.Join(path, "base"), t.Base, digits)
		tax.add(is, fault.Join(path, "tax"), t.Tax, digits)
	}
	if i.Totals.check(is, digits) {
		sum.equal(is, "totals.net", "net.sum", "lines and adjustments", i.Totals.Net)
		base.equal(is, "taxes", "base.sum", "the bases", i.Totals.Net)
		tax.equal(is, "totals.tax", "tax.sum", "the taxes", i.Totals.Tax)
		if i.Totals.Gross.IsNegative() {
			is.Add("totals.gross", "gross.range", "amounts are positive, on credit notes too")
		}
	}
	if i.Residual != nil && checkNotNegative(is, "residual", "residual", *i.Residual, digits) &&
		bounded(i.Totals.Gross) && i.Residual.GreaterThan(i.Totals.Gross) {
		is.Add("residual", "residual.range", "more is left to pay than the gross")
	}
}

func (i Invoice) checkLines(is *fault.Issues, digits int) summed {
	sum := summed{ok: true}
	if len(i.Lines) == 0 {
		is.Add("lines", "lines.empty", "an invoice has at least one line")
	}
	for n, l := range i.Lines {
		path := fmt.Sprintf("lines[%d]", n)
		if l.Order != "" && l.Key != "" {
			checkKey(is, fault.Join(path, "key"), l.Key)
		}
		check.Line(is, fault.Join(path, "order"), l.Order, wordMax)
		check.Line(is, fault.Join(path, "sku"), l.SKU, wordMax)
		check.Note(is, fault.Join(path, "text"), l.Text, textMax)
		check.Line(is, fault.Join(path, "unit"), l.Unit, wordMax)
		checkDigits(is, fault.Join(path, "quantity"), "quantity.digits", l.Quantity, maxDigits)
		checkDigits(is, fault.Join(path, "unit_price"), "price.digits", l.UnitPrice, maxDigits)
		checkNotNegative(is, fault.Join(path, "price_base"), "price_base", l.PriceBase, maxDigits)
		checkRate(is, path, l.TaxRate)
		sum.add(is, fault.Join(path, "net"), l.Net, digits)
	}
	for n, a := range i.Adjustments {
		path := fmt.Sprintf("adjustments[%d]", n)
		check.Line(is, fault.Join(path, "code"), a.Code, wordMax)
		check.Note(is, fault.Join(path, "text"), a.Text, textMax)
		checkRate(is, path, a.TaxRate)
		sum.add(is, fault.Join(path, "amount"), a.Amount, digits)
	}
	return sum
}

// check looks at the digits, and when they fit at the sum.
func (t Totals) check(is *fault.Issues, digits int) bool {
	fits := checkDigits(is, "totals.net", "amount.digits", t.Net, digits)
	fits = checkDigits(is, "totals.tax", "amount.digits", t.Tax, digits) && fits
	fits = checkDigits(is, "totals.gross", "amount.digits", t.Gross, digits) && fits
	if sum := t.Net.Add(t.Tax); fits && !sum.Equal(t.Gross) {
		is.Add("totals.gross", "gross.sum", "net and tax sum to %s, not %s", text(sum), text(t.Gross))
	}
	return fits
}

// summed adds amounts up as long as all of them can be added.
type summed struct {
	total decimal.Decimal
	ok    bool
}

func (s *summed) add(is *fault.Issues, path string, v decimal.Decimal, digits int) {
	if s.ok = checkDigits(is, path, "amount.digits", v, digits) && s.ok; s.ok {
		s.total = s.total.Add(v)
	}
}

func (s summed) equal(is *fault.Issues, path, code, what string, want decimal.Decimal) {
	if s.ok && !s.total.Equal(want) {
		is.Add(path, code, "%s sum to %s, not %s", what, text(s.total), text(want))
	}
}
