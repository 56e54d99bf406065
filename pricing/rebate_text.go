package pricing

import (
	"fmt"
)

// Text returns the proposal in plain lines, as a person would check it: the
// turnover, how it earns, what was granted, what is due, on which invoices, and
// what the next step would bring. Amounts are as money.Amount prints them.
func (p RebateProposal) Text() []string {
	out := []string{fmt.Sprintf("%s: turnover of %s from %s to %s is %s", p.Plan, p.Partner, p.From, p.Until, p.Turnover)}
	for _, s := range p.Slices {
		out = append(out, fmt.Sprintf("%s %% of %s is %s", s.Percent, s.Amount, s.Earned))
	}
	if len(p.Slices) == 0 {
		out = append(out, "no step is reached that earns something")
	}
	if !p.Granted.IsZero() {
		out = append(out, fmt.Sprintf("earned %s, granted before %s", p.Earned, p.Granted))
	}
	switch p.Due.Sign() {
	case 0:
		out = append(out, "nothing is due")
	case 1:
		out = append(out, fmt.Sprintf("due %s", p.Due))
	default:
		out = append(out, fmt.Sprintf("to be taken back %s", p.Due.Neg()))
	}
	for _, s := range p.Shares {
		out = append(out, fmt.Sprintf("%s of %s: %s on %s", s.Document.name(), s.Day, s.Amount, s.Net))
	}
	if !p.Rest.IsZero() {
		out = append(out, fmt.Sprintf("on no invoice: %s", p.Rest))
	}
	if n := p.Next; n != nil {
		out = append(out, fmt.Sprintf("%s more reach %s %% from %s and earn %s more", n.Missing, n.Percent, n.From, n.Saves))
	}
	return out
}

func (d TurnoverDocument) name() string {
	if d.Number != "" {
		return d.Number
	}
	return d.Kind + " " + d.ID
}
