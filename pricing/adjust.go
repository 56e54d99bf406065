package pricing

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
)

// Adjustment is an allowance or a charge on a whole basket: EN 16931 BG-20,
// BG-21. Its amount is shared over the lines in proportion to their nets, so
// that the tax of each category and rate bears its part, and so that a part of
// the order can be delivered, invoiced or given back with exactly its share.
type Adjustment struct {
	// Code is the rule or promotion it comes from, unique within the quote.
	Code string `json:"code"`
	Text string `json:"text,omitempty"`
	// Amount is what it adds to the net: an allowance of 5.00 is -5.00. Never
	// zero.
	Amount money.Amount `json:"amount"`
}

// The bounds of adjustments; the texts are counted in characters.
const (
	MaxAdjustments    = 100
	maxAdjustmentCode = 64
	maxAdjustmentText = 255
)

// Adjust returns the quote with allowances and charges on the whole, in the
// order given; q stays as it is. Without any it returns q.
//
// Shares. Each amount is shared over the lines by their nets, by how. A line
// of no net bears nothing. Charges count before allowances, and these by their
// codes, so that the figures do not depend on the order given. Where the units
// that rounding puts on a line would take its base (net and shares) below
// zero, the other lines bear them, in proportion to what they have left.
//
// Taxes. A row's base is what its lines have left, its tax rate × base, rounded
// by r. A row with prices stated gross deviates from rate × base by what those
// contain beyond it; the deviation stays, except where it would take the tax below
// zero; a base of zero has no tax. The rows' taxes are shared over their lines by
// their bases. Then net + shares + tax = gross on every line, and the lines sum
// to the rows and these to the quote, exactly. The result is sealed.
//
// Explained lines gain a step for each share, and one for the tax they lead to.
//
// Errors: ErrAdjustment (Invalid, pricing.adjustment) with an issue for each
// adjustment that is wrong (no code, a code twice or longer than 64
// characters, a text beyond 255, an amount of zero or in another currency),
// that takes the net below zero, or that no line can bear; for more than
// MaxAdjustments; and for a quote that has adjustments already, because what
// its rows and lines were without them is not known to the unit: adjust the
// quote it was made from. ErrQuote (Internal, pricing.quote) for a quote whose
// figures do not agree.
func Adjust(q Quote, adj []Adjustment, how money.Apportionment, r money.Rounding) (Quote, error) {
	if len(adj) == 0 {
		return q, nil
	}
	if err := q.mayAdjust(adj); err != nil {
		return Quote{}, err
	}
	a := adjusting{q: q, how: how, rounding: r}
	a.q.Lines, a.q.Taxes, a.q.Adjustments = slices.Clone(q.Lines), slices.Clone(q.Taxes), slices.Clone(adj)
	if err := a.share(); err != nil {
		return Quote{}, err
	}
	if err := a.settle(); err != nil {
		var is fault.Issues
		is.AddUnder("adjustments", err)
		return Quote{}, is.Err(ErrAdjustment)
	}
	a.explain()
	a.q.Seal = a.q.ComputeSeal()
	return a.q, nil
}

// mayAdjust lists what is wrong before anything is shared.
func (q *Quote) mayAdjust(adj []Adjustment) error {
	var is fault.Issues
	if len(q.Adjustments) > 0 {
		is.Add("adjustments", issueAdjusted, "the quote has adjustments already")
	}
	if len(adj) > MaxAdjustments {
		is.Add("adjustments", issueTooManyAdjustments, "at most %d adjustments, not %d", MaxAdjustments, len(adj))
	}
	if err := is.Err(ErrAdjustment); err != nil {
		return err
	}
	checkAdjustments(&is, adj, q.Currency)
	if err := is.Err(ErrAdjustment); err != nil {
		return err
	}
	return q.Check()
}

// checkAdjustments notes what is wrong with adjustments in themselves.
func checkAdjustments(is *fault.Issues, adj []Adjustment, cur money.Currency) {
	for i := range adj {
		a, path := &adj[i], adjustmentPath(i)
		switch {
		case strings.TrimSpace(a.Code) == "":
			is.Add(path+".code", issueNoCode, "an adjustment has a code")
		case !oneLine(a.Code, maxAdjustmentCode):
			is.Add(path+".code", issueText, "a code is one line of at most %d characters", maxAdjustmentCode)
		default:
			if k := slices.IndexFunc(adj[:i], func(b Adjustment) bool { return b.Code == a.Code }); k >= 0 {
				is.Add(path+".code", issueCodeTwice, "adjustments[%d] has the same code %q", k, a.Code)
			}
		}
		if !oneLine(a.Text, maxAdjustmentText) {
			is.Add(path+".text", issueText, "a text is one line of at most %d characters", maxAdjustmentText)
		}
		switch {
		case a.Amount.Currency() != cur:
			is.Add(path+".amount", issueForeign, "is in %q, the quote in %q", a.Amount.Currency().Code(), cur.Code())
		case a.Amount.IsZero():
			is.Add(path+".amount", issueNoAmount, "an adjustment of zero is none")
		}
	}
}

func oneLine(s string, most int) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= most && !strings.ContainsFunc(s, unicode.IsControl)
}

func adjustmentPath(i int) string { return "adjustments[" + strconv.Itoa(i) + "]" }

// turns are the places of the adjustments in the order in which they are
// shared: charges, then allowances, each by code.
func (q *Quote) turns() []int {
	out := make([]int, len(q.Adjustments))
	for i := range out {
		out[i] = i
	}
	slices.SortFunc(out, func(i, k int) int {
		a, b := &q.Adjustments[i], &q.Adjustments[k]
		return cmp.Or(cmp.Compare(b.Amount.Sign(), a.Amount.Sign()), cmp.Compare(a.Code, b.Code))
	})
	return out
}
