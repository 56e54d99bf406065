package pricing

import (
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
)

// Step is one reason in the explanation of a line. The steps of a line, with
// its quantity and the way its price is stated, re-evaluate to its figures:
//
//	list   Ref is the list's code, Value its price before breaks: "12.50 EUR / 100"
//	break  Ref is "from 10", Value the unit price from that quantity on
//	rule   Ref is the code of a discount on the line, Value what it took off the stated
//	       value, "-1.50 EUR"
//	round  Ref is the money.Rounding, Value quantity × unit price, net or gross as stated
//	untax  Ref is the seller's rate at home, "20", which a price stated gross contains and
//	       which is not due; Value the line's share of the net without it
//	tax    Ref is category and rate, "S 20", Value the line's share of that row's tax
//	adjust Ref is an adjustment's code, Value the line's share of it, "-1.50 EUR"; behind
//	       the last share stands another tax, the one with all of them
type Step struct {
	// Code is stable: "list", "break", "round", "rule", "untax", "tax",
	// "adjust".
	Code string `json:"code"`
	// Ref names the list, break or rule.
	Ref string `json:"ref,omitempty"`
	// Value is the figure that resulted, as text with its unit.
	Value string `json:"value"`
}

// The codes of steps.
const (
	StepList   = "list"
	StepBreak  = "break"
	StepRound  = "round"
	StepRule   = "rule"
	StepUntax  = "untax"
	StepTax    = "tax"
	StepAdjust = "adjust"
)

// mostSteps is how many steps a line has at most before it is adjusted.
const mostSteps = 5

// usualSteps is how many most lines have: neither break nor untax.
const usualSteps = 3

// explainer makes the steps of a quote out of few allocations: texts and steps
// are cut from common blocks, each made for the lines that are left.
type explainer struct {
	on    bool
	block textBlock
	steps []Step
}

// price explains how the stated amount came about and leaves room for the tax.
func (e *explainer) price(list *catalog.ListPrice, applied catalog.Break, r money.Rounding, value money.Amount, untax bool, left int) []Step {
	if cap(e.steps)-len(e.steps) < mostSteps {
		room := mostSteps * left
		if e.steps == nil { // most lines have no break
			room = usualSteps*left + 2
		}
		e.steps = make([]Step, 0, room)
	}
	from := len(e.steps)
	e.block.reserve(left)
	e.steps = append(e.steps, Step{Code: StepList, Ref: list.List, Value: e.block.price(list.Breaks[0].Price)})
	if applied.From != list.Breaks[0].From {
		e.steps = append(e.steps, Step{Code: StepBreak, Ref: e.block.from(applied.From), Value: e.block.price(applied.Price)})
	}
	e.steps = append(e.steps, Step{Code: StepRound, Ref: r.String(), Value: e.block.amount(value)})
	if untax {
		e.steps = append(e.steps, Step{Code: StepUntax})
	}
	e.steps = append(e.steps, Step{Code: StepTax})
	return e.steps[from:len(e.steps):len(e.steps)]
}

// tax completes the last steps of a line.
func (e *explainer) tax(l *QuotedLine, ref string, home money.Rate, left int) {
	e.block.reserve(left)
	if k := len(l.Why) - 2; l.Why[k].Code == StepUntax {
		l.Why[k].Ref, l.Why[k].Value = home.String(), e.block.amount(l.Net)
	}
	s := &l.Why[len(l.Why)-1]
	s.Ref, s.Value = ref, e.block.amount(l.Tax)
}
