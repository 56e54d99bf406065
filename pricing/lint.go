package pricing

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/catalog"
)

// FindingKind says what is wrong with a rule, or between two.
type FindingKind string

// The kinds of findings.
const (
	// Unreachable: no basket is given the rule.
	Unreachable FindingKind = "unreachable"
	// Ambiguous: two rules of equal rank may fit one line, and their order decides.
	Ambiguous FindingKind = "ambiguous"
	// Blocking: a rule of higher rank keeps another from goods that both are about;
	// where each keeps the other, depending on the basket, there are two findings.
	Blocking FindingKind = "blocking"
	// BelowFloor: the rule would take a product below its floor, and is cut short.
	BelowFloor FindingKind = "below_floor"
	// Gap: between two steps of a scale, or two charges by weight, there is nothing.
	Gap FindingKind = "gap"
	// ForeignCurrency: a rule, floor or charge is in a currency that no price list is
	// in, so that it meets prices only that lines bring along.
	ForeignCurrency FindingKind = "foreign_currency"
)

// Finding is one result of Lint.
type Finding struct {
	Kind FindingKind `json:"kind"`
	// Rules are the codes, of two the one of higher rank first.
	Rules []string `json:"rules"`
	// Path is the record in the tariff that a ForeignCurrency is in.
	Path string `json:"path,omitempty"`
	// Text says it in English.
	Text string `json:"text"`
	// Confirmed says that the engine did as the finding says with Witness, or,
	// where there is none, that it follows from the rule alone. What is
	// not confirmed is possible.
	Confirmed bool    `json:"confirmed"`
	Witness   *Basket `json:"witness,omitempty"`
}

// String prints "ambiguous A, B: …".
func (f Finding) String() string {
	s := string(f.Kind)
	for i, r := range f.Rules {
		if i > 0 {
			s += ","
		}
		s += " " + r
	}
	if len(f.Rules) == 0 {
		s += " " + f.Path
	}
	s += ": " + f.Text
	if !f.Confirmed {
		s += " (possible)"
	}
	return s
}

// LintOptions bound a run; the zero value is the default.
type LintOptions struct {
	// At is the instant as of which rules are looked at; those that begin later
	// are looked at too, those that have ended or are gone are not. Zero takes all
	// that stand.
	At time.Time
	// Most is how many findings there are at most, 1000 by default; the last one
	// then says that there are more.
	Most int
	// Products say of which family and tags products are, which does not stand in a
	// tariff. Of one that is not among them a finding that hangs on it is possible.
	Products []catalog.Product
}

const defaultFindings = 1000

// Lint looks for rules of a tariff that can never apply, contradict or block
// each other, or would go below a floor, for charges that may apply together,
// and for gaps in scales and in charges by weight or amount. Every pair that can answer ErrConflict
// at run time is among the findings; some pairs are found that no basket brings
// together, and stay unconfirmed. Witnesses are baskets for the tariff: a buyer,
// products, quantities and facts that meet the rules.
//
// Rules are compared within their rank and bearer, and only where buyers and
// goods may meet, so that what it costs does not grow with the square of rules
// that have nothing in common but for rules for everyone and everything.
//
// Errors: ErrTariff for a tariff that does not compile; that of ctx when it is
// done.
func Lint(ctx context.Context, t Tariff, opts *LintOptions) ([]Finding, error) {
	report := t
	report.fill()
	report.Policy.reportConflicts()
	for i := range report.Policies {
		report.Policies[i].Policy.reportConflicts()
	}
	e, err := Compile(report, &EngineOptions{Brief: true, NoBasis: true})
	if err != nil {
		return nil, err
	}
	l := &linter{ctx: ctx, e: e, t: &report, most: defaultFindings, products: map[catalog.ID]*catalog.Product{}}
	if opts != nil {
		l.at = opts.At
		l.most = cmp.Or(max(opts.Most, 0), defaultFindings)
		for i := range opts.Products {
			l.products[opts.Products[i].ID] = &opts.Products[i]
		}
	}
	for _, r := range e.rules {
		if l.stands(r) {
			l.rules = append(l.rules, r)
		}
	}
	for _, step := range []func(){l.unreachable, l.scales, l.pairs, l.floors, l.charges, l.currencies} {
		if step(); ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return l.found, nil
}

// linter is one run.
type linter struct {
	ctx   context.Context
	e     *Engine
	t     *Tariff
	at    time.Time
	most  int
	rules []*rule // by rank
	found []Finding
	dead  map[*rule]bool

	products     map[catalog.ID]*catalog.Product
	floorsByName []int32 // by families or tags
}

// stands reports whether a rule is looked at.
func (l *linter) stands(r *rule) bool {
	return l.holds(r.Span)
}

// full reports whether enough was found.
func (l *linter) full() bool { return len(l.found) >= l.most || l.ctx.Err() != nil }

// add notes a finding; the last one that fits says that there are more.
func (l *linter) add(f Finding) {
	switch n := len(l.found); {
	case n+1 < l.most:
		l.found = append(l.found, f)
	case n+1 == l.most:
		f.Text += fmt.Sprintf("; there is more than the %d findings asked for", l.most)
		l.found = append(l.found, f)
	}
}

// unreachable finds rules that nothing leads to.
func (l *linter) unreachable() {
	l.dead = map[*rule]bool{}
	for _, r := range l.rules {
		if why := l.whyNever(r); why != "" && !l.full() {
			l.dead[r] = true
			l.add(Finding{Kind: Unreachable, Rules: []string{r.Code}, Text: why, Confirmed: true})
		}
	}
}

// whyNever says why no basket is given the rule, "" when one may be.
func (l *linter) whyNever(r *rule) string {
	w := &r.When
	switch {
	case r.Discount != "" && !slices.ContainsFunc(r.links, func(k link) bool { return k.Gone.IsZero() && spansMeet(k.Span, r.Span) }):
		return fmt.Sprintf("no action grants the discount %q while the rule holds", r.Discount)
	case len(r.Rule.Goods.Products) > 0 && len(r.Rule.Goods.Families)+len(r.Rule.Goods.Tags) == 0 && r.exceptsAll():
		return "every product that it names is excepted"
	case w.Basket != nil && w.Basket.Until != nil && w.Amount != nil && w.Amount.From != nil && !amountBelow(w.Amount.From, w.Basket.Until):
		return "its goods have to be worth what the basket must not"
	}
	return ""
}

// spansMeet reports whether two records hold at one instant.
func spansMeet(a, b Span) bool { return meet(a.From, a.Until, b.From, b.Until) }

// exceptsAll reports whether the exceptions name every product of the rule.
func (r *rule) exceptsAll() bool {
	if r.goods.except == nil {
		return false
	}
	for _, p := range r.Rule.Goods.Products {
		if _, ok := r.goods.except.products[p]; !ok {
			return false
		}
	}
	return true
}
