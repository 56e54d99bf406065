package pricing

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/comptoir-go/comptoir/fault"
)

// Exchanged is a pricer whose rules can be exchanged while it is in use. Whoever
// asks it more than once about one basket, for its Asks and then for a quote,
// asks what Now returns, whose rules stay the same.
type Exchanged interface{ Now() Pricer }

// Live is a pricer whose tariff can be exchanged while it is in use. A quote is
// made by one tariff from beginning to end; one that was offered before and is
// asked for again after an exchange answers what moved. It is Pure: what it
// answers depends on the basket and the tariff alone.
type Live struct {
	engine atomic.Pointer[Engine]
	swap   sync.Mutex
}

// NewLive makes a pricer that starts with e, which is not nil.
func NewLive(e *Engine) *Live {
	if e == nil {
		panic("pricing.NewLive: an engine is required")
	}
	l := new(Live)
	l.engine.Store(e)
	return l
}

// Swap compiles a tariff and takes it into use at once, with the options that
// are in use. A tariff that is not valid changes nothing. Of swaps at one time
// one follows the other.
//
// What has no history stays: Policy (another is a record in Policies), Seller and
// Zone. A tariff of others is another one, for another Live; stored quotes would
// come to other figures by it. So they do where an import edits or leaves out records
// in place of marking them as gone, see Span: that is not looked at.
//
// Errors: those of Compile; ErrTariff with an issue pricing.changed at "policy",
// "seller" or "zone".
func (l *Live) Swap(t Tariff) error {
	l.swap.Lock()
	defer l.swap.Unlock()
	was := l.Engine()
	e, err := Compile(t, &was.opts)
	if err != nil {
		return err
	}
	if err := was.unchanged(e); err != nil {
		return err
	}
	l.engine.Store(e)
	return nil
}

// Engine returns the engine in use.
func (l *Live) Engine() *Engine { return l.engine.Load() }

// Now implements Exchanged: the engine in use.
func (l *Live) Now() Pricer { return l.Engine() }

// PurePricer implements Pure.
func (l *Live) PurePricer() {}

// Asks says which facts the rules in use ask for.
func (l *Live) Asks() Asks { return l.Engine().Asks() }

// Quote implements Pricer; see Engine.Quote.
func (l *Live) Quote(ctx context.Context, b Basket) (Quote, error) { return l.Engine().Quote(ctx, b) }

// unchanged reports what an engine has no history of and another has otherwise.
func (e *Engine) unchanged(o *Engine) error {
	var is fault.Issues
	if !e.policy.same(o.policy) {
		is.Add("policy", issueChanged, "is not as it was: what it is to be is recorded in policies")
	}
	if e.seller != o.seller {
		is.Add("seller", issueChanged, "is %q and was %q", o.seller, e.seller)
	}
	if e.zone.String() != o.zone.String() {
		is.Add("zone", issueChanged, "is %q and was %q", o.zone, e.zone)
	}
	return is.Err(ErrTariff)
}

// same reports whether two policies make the same of every basket.
func (p Policy) same(o Policy) bool {
	cash := p.Cash == o.Cash || p.Cash != nil && o.Cash != nil && *p.Cash == *o.Cash
	p.Preset, o.Preset, p.Cash, o.Cash = "", "", nil, nil
	return cash && p == o
}
