package pricing

import (
	"strconv"
	"time"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/partner"
)

// failures collects what is wrong with lines; the basket's own faults
// (wrong) come before missing prices, and these before missing taxes.
type failures struct {
	wrong           fault.Issues
	missing         fault.Issues
	prices, taxless int
}

func (f *failures) noPrice(i int, l *Line, b *Basket) {
	f.prices++
	f.missing.Add(linePath(i), ErrNoPrice.FaultCode(), "no price of %q in %s for %s at %s", l.SKU, b.Currency, l.Quantity,
		b.At.Format(time.RFC3339))
}

func (f *failures) noTax(i int, l *Line, seller partner.Country) {
	f.taxless++
	f.missing.Add(linePath(i), ErrNoTax.FaultCode(), "no tax rate for class %q sold from %q", l.Tax, seller)
}

func (f *failures) err() error {
	switch {
	case len(f.wrong) > 0:
		return f.wrong.Err(ErrBasket)
	case f.prices > 0:
		return f.missing.Err(ErrNoPrice)
	}
	return f.missing.Err(ErrNoTax)
}

func linePath(i int) string { return "lines[" + strconv.Itoa(i) + "]" }
