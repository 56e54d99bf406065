package catalog

import (
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/money"
)

// OrNet returns the statement with the default filled in.
func (s Stated) OrNet() Stated {
	if s == "" {
		return Net
	}
	return s
}

// Currency returns the currency of the breaks, none when there are none.
func (l ListPrice) Currency() money.Currency {
	if len(l.Breaks) == 0 {
		return money.Currency{}
	}
	return l.Breaks[0].Price.Currency()
}

// Covers reports whether the price is valid at an instant: From included,
// Until excluded.
func (l ListPrice) Covers(at time.Time) bool {
	return (l.From.IsZero() || !at.Before(l.From)) && (l.Until.IsZero() || at.Before(l.Until))
}

// Break returns the step of the scale that q falls on: the last that starts
// at or below it. It is false for a quantity below the first step.
func (l ListPrice) Break(q money.Quantity) (Break, bool) {
	for i := len(l.Breaks) - 1; i >= 0; i-- {
		if l.Breaks[i].From.Cmp(q) <= 0 {
			return l.Breaks[i], true
		}
	}
	return Break{}, false
}

// FindPrice returns the price of q units at an instant, in one currency, from
// the first of the lists that has one; no lists means the seller's default
// list alone. Among prices of one list the first that is valid wins. It reads
// the prices once and allocates nothing.
func FindPrice(prices []ListPrice, lists []string, cur money.Currency, at time.Time, q money.Quantity) (ListPrice, Break, bool) {
	best, bestRank := -1, len(lists)
	if len(lists) == 0 {
		bestRank = 1
	}
	var step Break
	for i := range prices {
		rank := rankOf(lists, prices[i].List)
		if rank >= bestRank || prices[i].Currency() != cur || !prices[i].Covers(at) {
			continue
		}
		if b, ok := prices[i].Break(q); ok {
			best, bestRank, step = i, rank, b
		}
	}
	if best < 0 || cur.IsZero() {
		return ListPrice{}, Break{}, false
	}
	return prices[best], step, true
}

// rankOf is a list's place in the order of choice; beyond the end when it
// does not apply.
func rankOf(lists []string, list string) int {
	if len(lists) == 0 {
		if list == "" {
			return 0
		}
		return 1
	}
	if i := slices.Index(lists, list); i >= 0 {
		return i
	}
	return len(lists)
}

// check notes what is wrong with one list price.
func (l ListPrice) check(is *fault.Issues, path string) {
	check.Line(is, fault.Join(path, "list"), l.List, maxText)
	if s := l.Stated.OrNet(); s != Net && s != Gross {
		is.Add(fault.Join(path, "stated"), "price.stated", "is neither net nor gross")
	}
	if !l.From.IsZero() && !l.Until.IsZero() && !l.From.Before(l.Until) {
		is.Add(fault.Join(path, "until"), "price.validity", "ends before it begins")
	}
	if len(l.Breaks) == 0 {
		is.Add(fault.Join(path, "breaks"), "required", "is missing")
		return
	}
	for i, b := range l.Breaks {
		at := fault.Join(path, indexed("breaks", i))
		switch {
		case b.Price.IsNone():
			is.Add(at+".price", "price.currency", "has no currency")
		case b.Price.Currency() != l.Currency():
			is.Add(at+".price", "price.currency", "is in %s, the first break in %s", b.Price.Currency(), l.Currency())
		}
		if b.Price.Sign() <= 0 {
			is.Add(at+".price", "price.positive", "must be above zero")
		}
		switch {
		case i == 0 && !b.From.IsZero():
			is.Add(at+".from", "price.first_break", "the first break starts at 0")
		case i > 0 && b.From.Cmp(l.Breaks[i-1].From) <= 0:
			is.Add(at+".from", "price.break_order", "does not start above the break before it")
		}
	}
}

// checkOverlaps notes pairs of prices that would both apply.
func checkOverlaps(is *fault.Issues, path string, prices []ListPrice) {
	for i, b := range prices {
		for j, a := range prices[:i] {
			same := a.List == b.List && a.Stated.OrNet() == b.Stated.OrNet() && a.Currency() == b.Currency()
			if same && overlap(a, b) {
				is.Add(indexed(path, i), "price.overlap", "is valid at the same time as price %d of the list", j)
				break
			}
		}
	}
}

func overlap(a, b ListPrice) bool {
	return (a.Until.IsZero() || b.From.Before(a.Until)) && (b.Until.IsZero() || a.From.Before(b.Until))
}
