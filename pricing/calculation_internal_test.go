package pricing

import (
	"context"
	"time"
)

// Calculate prices the basket and returns how long that took from the chosen prices
// on: discounts, their shares, taxes and totals.
func (e *Engine) Calculate(ctx context.Context, b Basket) (took time.Duration, err error) {
	j := e.pool.Get().(*job)
	defer e.pool.Put(j)
	j.basket = b
	defer j.end()
	q := &j.quote
	if err := j.check(&j.basket, e.seed); err != nil {
		return 0, err
	}
	q.Partner, q.Currency, q.Lines = b.Partner, b.Currency, make([]QuotedLine, len(b.Lines))
	j.start(e, &j.basket, q)
	if err := e.resolve(j); err != nil {
		return 0, err
	}
	begun := time.Now()
	if err := e.discount(j); err != nil {
		return 0, err
	}
	err = e.settle(j)
	return time.Since(begun), err
}
