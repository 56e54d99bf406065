package erptest_test

import (
	"context"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

// westward reads a day as midnight in UTC and writes it in a zone behind it.
func westward(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.In(time.FixedZone("", -5*3600)).Format(time.DateOnly)
}

// ahead writes an instant in another zone and forgets to say so.
func ahead(at string) string {
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return at
	}
	return t.Add(time.Hour).UTC().Format(time.RFC3339)
}

// shared answers every call that comes while another is under way with the
// other's answer, and in the cases all racers with that of the first.
type shared[R any] struct {
	cases []string
	all   *meeting
	mu    sync.Mutex
	now   *flight[R]
}

type flight[R any] struct {
	done chan struct{}
	r    R
	err  error
}

func (s *shared[R]) do(key string, call func() (R, error)) (R, error) {
	s.mu.Lock()
	full := s.all.arrive(key, s.cases...)
	if f := s.now; f != nil {
		s.mu.Unlock()
		<-f.done
		return f.r, f.err
	}
	f := &flight[R]{done: make(chan struct{})}
	s.now = f
	s.mu.Unlock()
	if full != nil {
		<-full // the others come
	}
	f.r, f.err = call()
	s.mu.Lock()
	s.now = nil
	s.mu.Unlock()
	close(f.done)
	return f.r, f.err
}

type digitsOf struct{ declared, kept int }

// keeping declares decimals of quantities and of prices, and keeps so many of them.
func keeping(quantities, prices digitsOf) func(whole) mutant {
	return func(w whole) mutant {
		return mutant{
			describe: func(d erp.Description) erp.Description {
				d.QuantityDigits, d.PriceDigits = quantities.declared, prices.declared
				return d
			},
			push: func(ctx context.Context, o erp.Order) (erp.Receipt, error) {
				o = o.Clone()
				for i, l := range o.Lines {
					o.Lines[i].Quantity, o.Lines[i].UnitPrice = l.Quantity.Truncate(int32(quantities.kept)), l.UnitPrice.Truncate(int32(prices.kept))
				}
				return w.PushOrder(ctx, o)
			}}
	}
}

func exactMutants() map[string]breakage {
	return map[string]breakage{
		"pushes at once get one answer": {caught: []string{"push_many"}, keys: memerp.IdempotentKeys,
			make: func(w whole) mutant {
				s := shared[erp.Receipt]{cases: []string{"push_many"}, all: newMeeting()}
				return mutant{push: func(ctx context.Context, o erp.Order) (erp.Receipt, error) {
					r, err := s.do(o.Key, func() (erp.Receipt, error) { return w.PushOrder(ctx, o) })
					r.Key = ""
					return r, err
				}}
			}},
		"documents at once get one answer": {caught: docs("many"), keys: memerp.IdempotentKeys,
			make: func(w whole) mutant {
				s := shared[erp.DocReceipt]{cases: docs("many"), all: newMeeting()}
				return mutant{docs: docHooks{push: func(_ mutant, _ erp.Op, key string, push, _ docCall) (erp.DocReceipt, error) {
					r, err := s.do(key, push)
					r.Key = ""
					return r, err
				}}}
			}},
		"quantities of three decimals": {caught: []string{"digits"},
			make: pushing(func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error) {
				o = o.Clone()
				for i := range o.Lines {
					o.Lines[i].Quantity = o.Lines[i].Quantity.Round(3)
				}
				return w.PushOrder(ctx, o)
			})},
		"quantities counted by way of a float": {caught: []string{"digits"},
			make: pushing(func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error) {
				o = o.Clone()
				for i, l := range o.Lines {
					o.Lines[i].Quantity = decimal.New(int64(l.Quantity.InexactFloat64()*10_000), -4)
				}
				return w.PushOrder(ctx, o)
			})},
		"prices of five decimals, six declared":  {caught: []string{"digits"}, make: keeping(digitsOf{4, 4}, digitsOf{6, 5})},
		"whole quantities, one decimal declared": {caught: []string{"digits"}, make: keeping(digitsOf{1, 0}, digitsOf{4, 4})},
		"payments counted in cents by way of a float": {caught: []string{"payment_exact"},
			make: func(whole) mutant {
				return mutant{goods: goodsHooks{payment: func(p *erp.Payment) { p.Amount = decimal.New(int64(p.Amount.InexactFloat64()*100), -2) }}}
			}},
		"prices of three decimals": {caught: []string{"digits"},
			make: pushing(func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error) {
				o = o.Clone()
				for i := range o.Lines {
					o.Lines[i].UnitPrice = o.Lines[i].UnitPrice.Round(3)
				}
				return w.PushOrder(ctx, o)
			})},
		"day of an order by another zone": {caught: []string{"order_day"},
			make: pushing(func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error) {
				o.Date = westward(o.Date)
				return w.PushOrder(ctx, o)
			})},
		"day of a payment by another zone": {caught: []string{"payment_day"},
			make: func(whole) mutant {
				return mutant{goods: goodsHooks{payment: func(p *erp.Payment) { p.Date = westward(p.Date) }}}
			}},
		"due day of an invoice by another zone": {caught: []string{"invoice_day"},
			make: func(whole) mutant {
				return mutant{goods: goodsHooks{invoice: func(i *erp.Invoice) { i.Due = westward(i.Due) }}}
			}},
		"instants of messages by another zone": {caught: []string{"instants"},
			make: func(whole) mutant {
				return mutant{goods: goodsHooks{message: func(m *erp.Message) { m.At = ahead(m.At) }}}
			}},
		"instants of stock by another zone": {caught: []string{"instants"},
			make: func(whole) mutant {
				return mutant{goods: goodsHooks{stock: func(r *erp.Stock) { r.At = ahead(r.At) }}}
			}},
		"credentials in an error": {caught: []string{"secrets"},
			make: func(w whole) mutant {
				return mutant{find: func(ctx context.Context, key string) (erp.Receipt, error) {
					r, err := w.FindOrder(ctx, key)
					if erp.ClassOf(err) == erp.NotFound {
						err = erp.NewError(erp.NotFound, erp.OpFind, "no "+key+" at erp?key="+wireToken, nil)
					}
					return r, err
				}}
			}},
		"credentials in an answer": {caught: []string{"secrets"},
			make: pushing(func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error) {
				r, err := w.PushOrder(ctx, o)
				r.Version += "?key=" + wireToken
				return r, err
			})},
		"credentials in what an error wraps": {caught: []string{"secrets"},
			make: func(w whole) mutant {
				return mutant{find: func(ctx context.Context, key string) (erp.Receipt, error) {
					r, err := w.FindOrder(ctx, key)
					if erp.ClassOf(err) == erp.NotFound {
						err = erp.NewError(erp.NotFound, erp.OpFind, "", quiet{leak{}})
					}
					return r, err
				}}
			}},
	}
}

// leak shows the token only to who unwraps quiet.
type (
	leak  struct{}
	quiet struct{ error }
)

func (leak) Error() string    { return "GET /?t=" + wireToken }
func (quiet) Error() string   { return "GET" }
func (q quiet) Unwrap() error { return q.error }
