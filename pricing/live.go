package pricing

import (
	"context"
	"sync"
	"sync/atomic"
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
// Errors: those of Compile.
func (l *Live) Swap(t Tariff) error {
	l.swap.Lock()
	defer l.swap.Unlock()
	opts := l.Engine().opts
	e, err := Compile(t, &opts)
	if err != nil {
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
