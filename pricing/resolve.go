package pricing

import (
	"strconv"
	"time"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
)

// defaultLists is what a basket without lists is priced by.
var defaultLists = []string{""}

// findPrice returns the price that applies and the index of its break: that
// of the first list that has one in the currency, valid at the instant and
// with a break at or below the quantity. nil is none.
func findPrice(prices []catalog.ListPrice, lists []string, cur money.Currency, at time.Time, q money.Quantity) (*catalog.ListPrice, int) {
	if len(lists) == 0 {
		lists = defaultLists
	}
	for _, code := range lists {
		for i := range prices {
			p := &prices[i]
			if p.List != code || !p.From.IsZero() && at.Before(p.From) || !p.Until.IsZero() && !at.Before(p.Until) {
				continue
			}
			if b := findBreak(p.Breaks, cur, q); b >= 0 {
				return p, b
			}
		}
	}
	return nil, 0
}

// findBreak returns the last break at or below the quantity, -1 if there is
// none or it is in another currency. Breaks ascend.
func findBreak(breaks []catalog.Break, cur money.Currency, q money.Quantity) int {
	best := -1
	for i := range breaks {
		if breaks[i].From.Cmp(q) > 0 {
			break
		}
		best = i
	}
	if best >= 0 && breaks[best].Price.Currency() != cur {
		return -1
	}
	return best
}

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

func (f *failures) negative(i int, p money.Price) {
	f.wrong.Add(linePath(i), issueNegativePrice, "the price %s is negative", p)
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
