package pricing

import (
	"slices"

	"github.com/comptoir-go/comptoir/money"
)

// pair is where one adjustment stands in two quotes.
type pair struct {
	code    string
	was, is int
}

// common pairs the adjustments of two quotes by code, in the older one's
// order.
func common(was, is []Adjustment) []pair {
	var out []pair
	for i := range was {
		if k := adjustment(is, was[i].Code); k >= 0 {
			out = append(out, pair{was[i].Code, i, k})
		}
	}
	return out
}

// adjustment is where the code stands, -1 for nowhere.
func adjustment(all []Adjustment, code string) int {
	return slices.IndexFunc(all, func(a Adjustment) bool { return a.Code == code })
}

// shares compares a line's shares of the adjustments that both quotes have. A
// quote that lacks a share, which none that passes its Check does, has none.
func (d *diff) shares(was, is *QuotedLine) {
	at := func(l *QuotedLine, k int) Figure {
		if k >= len(l.Shares) {
			return Figure{}
		}
		return Figure{Amount: l.Shares[k]}
	}
	for _, p := range d.common {
		d.adjusted(ShareChanged, p.code, at(was, p.was), at(is, p.is))
	}
}

// adjustments compares allowances and charges by code.
func (d *diff) adjustments(was, is []Adjustment) {
	for i := range was {
		now := money.Amount{}
		if k := adjustment(is, was[i].Code); k >= 0 {
			now = is[k].Amount
		}
		d.adjusted(AdjustmentChanged, was[i].Code, Figure{Amount: was[i].Amount}, Figure{Amount: now})
	}
	for i := range is {
		if adjustment(was, is[i].Code) < 0 {
			d.adjusted(AdjustmentChanged, is[i].Code, Figure{}, Figure{Amount: is[i].Amount})
		}
	}
}

func (d *diff) adjusted(w What, code string, was, is Figure) {
	if was != is {
		d.changes = append(d.changes, Change{What: w, Line: d.line, Adjustment: code, Old: was, New: is})
	}
}
