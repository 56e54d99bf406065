package pricing

import (
	"context"

	"github.com/comptoir-go/comptoir/money"
)

// WithAdjustments makes a pricer that asks p and then the rule which
// allowances and charges the whole bears: "5 % from 500.00 on", "5.00 for
// small orders". The rule only reads the quote; what it returns is made by
// Adjust, with the rounding and apportionment of p where that is a ListPricer, an
// Engine, a Live or rests on one, else with the defaults. No adjustments leave the
// quote as it is, and so does a nil rule.
//
// The pricer asks for the facts that p asks for, and is Exchanged as p is. It is
// Pure if p is; the rule must then depend on the quote alone.
//
// Errors of its Quote: those of p; what the rule answers, as it is; those of
// Adjust.
func WithAdjustments(p Pricer, rule func(Quote) ([]Adjustment, error)) Pricer {
	if rule == nil {
		return p
	}
	a := adjuster{p: p, rule: rule}
	if pure, ok := p.(Pure); ok {
		return pureAdjuster{adjuster: a, Pure: pure}
	}
	return a
}

// sharing is implemented by pricers with policies of their own.
type sharing interface {
	sharing(q *Quote) (money.Apportionment, money.Rounding)
}

func (p *ListPricer) sharing(*Quote) (money.Apportionment, money.Rounding) {
	return p.opts.Apportionment, p.opts.Rounding
}

type adjuster struct {
	p    Pricer
	rule func(Quote) ([]Adjustment, error)
}

func (a adjuster) sharing(q *Quote) (how money.Apportionment, rounding money.Rounding) {
	if s, ok := a.p.(sharing); ok {
		return s.sharing(q)
	}
	return how, rounding
}

// now is a pricer whose rules stay the same.
func now(p Pricer) Pricer {
	if x, ok := p.(Exchanged); ok {
		return x.Now()
	}
	return p
}

// Now implements Exchanged: the rule over what p is now.
func (a adjuster) Now() Pricer { return WithAdjustments(now(a.p), a.rule) }

// Asks implements Asking: what p asks for.
func (a adjuster) Asks() Asks {
	if p, ok := a.p.(Asking); ok {
		return p.Asks()
	}
	return Asks{}
}

// Quote implements Pricer.
func (a adjuster) Quote(ctx context.Context, b Basket) (Quote, error) {
	a.p = now(a.p) // one set of rules prices and shares
	q, err := a.p.Quote(ctx, b)
	if err != nil {
		return Quote{}, err
	}
	adj, err := a.rule(q)
	if err != nil {
		return Quote{}, err
	}
	how, rounding := a.sharing(&q)
	return Adjust(q, adj, how, rounding)
}

type pureAdjuster struct {
	adjuster
	Pure
}
