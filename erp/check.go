package erp

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/fault"
)

var (
	keyShape     = regexp.MustCompile(`^[A-Za-z0-9._-]{1,35}$`)
	countryShape = regexp.MustCompile(`^[A-Z]{2}$`)
)

// Check validates the order against itself and against what the ERP takes.
// It returns nil or ErrInvalidDocument with all issues: key shape, missing
// fields, decimals beyond the declared digits or the currency's, and sums
// (lines plus discounts is the net, net plus tax the gross, to the last
// digit). Line amounts are not recomputed from price and quantity: how the
// price was rounded is the seller's business, and what the ERP makes of it is
// a matter of Receipt.Drift.
func (o Order) Check(d Description) error {
	var is fault.Issues
	o.checkHead(&is)
	seen := map[string]bool{}
	for i, l := range o.Lines {
		path := fmt.Sprintf("lines[%d]", i)
		checkUnique(&is, path, l.Key, seen)
		l.check(&is, path, d)
	}
	for i, a := range o.Discounts {
		path := fmt.Sprintf("discounts[%d]", i)
		checkUnique(&is, path, a.Key, seen)
		checkRate(&is, path, a.TaxRate)
	}
	if n := len(o.Lines) + len(o.Discounts); d.MaxLines > 0 && n > d.MaxLines {
		is.Add("lines", "lines.too_many", "%d lines and discounts, the ERP takes %d", n, d.MaxLines)
	}
	o.checkAmounts(&is)
	return is.Err(ErrInvalidDocument)
}

func (o Order) checkHead(is *fault.Issues) {
	checkKey(is, "key", o.Key)
	if o.Revision < 1 {
		is.Add("revision", "revision.range", "revisions count from 1")
	}
	checkText(is, "reference", o.Reference)
	checkText(is, "customer", o.Customer)
	if _, err := time.Parse(time.DateOnly, o.Date); err != nil {
		is.Add("date", "date.shape", "%q is no day of the form 2006-01-02", o.Date)
	}
	checkCountry(is, "invoice_to.country", o.InvoiceTo.Country)
	checkCountry(is, "ship_to.country", o.ShipTo.Country)
	if len(o.Lines) == 0 {
		is.Add("lines", "lines.empty", "an order has at least one line")
	}
}

func (l OrderLine) check(is *fault.Issues, path string, d Description) {
	checkText(is, fault.Join(path, "sku"), l.SKU)
	if !l.Quantity.IsPositive() {
		is.Add(fault.Join(path, "quantity"), "quantity.range", "the quantity is above zero")
	}
	if l.UnitPrice.IsNegative() {
		is.Add(fault.Join(path, "unit_price"), "price.range", "a price is not negative")
	}
	if l.PriceBase.IsNegative() {
		is.Add(fault.Join(path, "price_base"), "price_base.range", "a base quantity is above zero, or zero for 1")
	}
	checkDigits(is, fault.Join(path, "quantity"), "quantity.digits", l.Quantity, d.QuantityDigits)
	checkDigits(is, fault.Join(path, "price_base"), "price_base.digits", l.PriceBase, d.QuantityDigits)
	checkDigits(is, fault.Join(path, "unit_price"), "price.digits", l.UnitPrice, d.PriceDigits)
	checkRate(is, path, l.TaxRate)
	switch l.Warranty {
	case WarrantyNone, WarrantyIn, WarrantyOut:
	default:
		is.Add(fault.Join(path, "warranty"), "warranty.unknown", "%q is no warranty", l.Warranty)
	}
}

// checkAmounts looks at the digits first: sums of unbounded numbers are not
// even tried.
func (o Order) checkAmounts(is *fault.Issues) {
	digits := checkCurrency(is, o.Currency)
	fits := checkDigits(is, "net", "amount.digits", o.Net, digits)
	fits = checkDigits(is, "tax", "amount.digits", o.Tax, digits) && fits
	fits = checkDigits(is, "gross", "amount.digits", o.Gross, digits) && fits
	sum := summed{ok: fits}
	for i, l := range o.Lines {
		sum.add(is, fmt.Sprintf("lines[%d].net", i), l.Net, digits)
	}
	for i, a := range o.Discounts {
		sum.add(is, fmt.Sprintf("discounts[%d].amount", i), a.Amount, digits)
	}
	if !sum.ok {
		return
	}
	sum.equal(is, "net", "net.sum", "lines and discounts", o.Net)
	if total := o.Net.Add(o.Tax); !total.Equal(o.Gross) {
		is.Add("gross", "gross.sum", "net and tax sum to %s, not %s", text(total), text(o.Gross))
	}
}

func checkKey(is *fault.Issues, path, key string) {
	if !keyShape.MatchString(key) {
		is.Add(path, "key.shape", "a key has 1 to %d characters out of A-Z a-z 0-9 - _ and the full stop", KeyMax)
	}
}

func checkUnique(is *fault.Issues, path, key string, seen map[string]bool) {
	checkKey(is, fault.Join(path, "key"), key)
	if seen[key] {
		is.Add(fault.Join(path, "key"), "key.repeated", "the key %q stands twice", key)
	}
	seen[key] = true
}

func checkText(is *fault.Issues, path, s string) {
	if strings.TrimSpace(s) == "" {
		is.Add(path, path[strings.LastIndex(path, ".")+1:]+".missing", "must not be empty")
	}
}

func checkCountry(is *fault.Issues, path, s string) {
	if s != "" && !countryShape.MatchString(s) {
		is.Add(path, "country.shape", "%q is no ISO 3166-1 alpha-2 code", s)
	}
}

func checkRate(is *fault.Issues, path string, r decimal.Decimal) {
	checkRateAt(is, fault.Join(path, "tax_rate"), r)
}

func checkRateAt(is *fault.Issues, path string, r decimal.Decimal) {
	if checkDigits(is, path, "tax_rate.digits", r, maxDigits) &&
		(r.IsNegative() || r.GreaterThan(decimal.NewFromInt(100))) {
		is.Add(path, "tax_rate.range", "a tax rate is between 0 and 100 percent")
	}
}

// checkDigits refuses what the ERP would round, and what is too long to be
// anybody's figure. Trailing zeros do not count: 1.500 fits one decimal.
func checkDigits(is *fault.Issues, path, code string, v decimal.Decimal, digits int) bool {
	if !bounded(v) {
		is.Add(path, "number.size", "a number has at most %d digits", maxDigits)
		return false
	}
	if !v.Equal(v.Truncate(int32(digits))) {
		is.Add(path, code, "%s has more than %d decimals", text(v), digits)
		return false
	}
	return true
}
