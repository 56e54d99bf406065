package erptest_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/comptoir-go/comptoir/erp"
)

func advancing(wrap func(id string, to erp.OrderState, r erp.Receipt, err error) (erp.Receipt, error)) func(whole) mutant {
	return func(w whole) mutant {
		return mutant{advance: func(ctx context.Context, id string, to erp.OrderState) (erp.Receipt, error) {
			r, err := w.AdvanceOrder(ctx, id, to)
			return wrap(id, to, r, err)
		}}
	}
}

func cancelling(wrap func(id string, r erp.Receipt, err error) (erp.Receipt, error)) func(whole) mutant {
	return func(w whole) mutant {
		return mutant{cancel: func(ctx context.Context, id, reason string) (erp.Receipt, error) {
			r, err := w.CancelOrder(ctx, id, reason)
			return wrap(id, r, err)
		}}
	}
}

func stateMutants() map[string]breakage {
	return map[string]breakage{
		"confirmation told as asked for": {caught: []string{"advance_wrong"},
			make: advancing(func(_ string, to erp.OrderState, r erp.Receipt, err error) (erp.Receipt, error) {
				r.State = to
				return r, err
			})},
		"cancellation told as asked for": {caught: []string{"cancel_confirmed"},
			make: cancelling(func(_ string, r erp.Receipt, err error) (erp.Receipt, error) {
				r.State = erp.StateCancelled
				return r, err
			})},
		"state told before the button": {caught: []string{"advance_confirm"},
			make: func(w whole) mutant {
				asked := map[string]bool{}
				return mutant{advance: func(ctx context.Context, id string, to erp.OrderState) (erp.Receipt, error) {
					r, err := w.AdvanceOrder(ctx, id, to)
					if !asked[id] && r.State == to {
						r.State = erp.StateDraft
					}
					asked[id] = true
					return r, err
				}}
			}},
		"cancel does nothing": {caught: []string{"cancel_draft", "cancel_twice", "lost_change", "advance_wrong", "refused_change"},
			make: func(w whole) mutant {
				return mutant{cancel: func(ctx context.Context, id, _ string) (erp.Receipt, error) {
					return w.AdvanceOrder(ctx, id, erp.StateDraft)
				}}
			}},
		"second cancellation told as a draft": {caught: []string{"cancel_twice"},
			make: func(w whole) mutant {
				done := map[string]bool{}
				return mutant{cancel: func(ctx context.Context, id, reason string) (erp.Receipt, error) {
					r, err := w.CancelOrder(ctx, id, reason)
					if done[id] {
						r.State = erp.StateDraft
					}
					done[id] = err == nil
					return r, err
				}}
			}},
		"cancelled order told as a draft": {caught: []string{"cancel_draft", "cancel_twice"},
			make: func(w whole) mutant {
				asked := map[string]bool{}
				return mutant{cancel: func(ctx context.Context, id, reason string) (erp.Receipt, error) {
					r, err := w.CancelOrder(ctx, id, reason)
					if !asked[id] && r.State == erp.StateCancelled {
						r.State = erp.StateDraft
					}
					asked[id] = true
					return r, err
				}}
			}},
		"unknown id is a success": {caught: []string{"unknown_id"},
			make: cancelling(func(id string, r erp.Receipt, err error) (erp.Receipt, error) {
				if erp.ClassOf(err) == erp.NotFound {
					return erp.Receipt{ID: id, State: erp.StateCancelled}, nil
				}
				return r, err
			})},
		"number changes at each read": {caught: []string{"number_later"},
			make: func(w whole) mutant {
				var n atomic.Int64
				return mutant{find: func(ctx context.Context, key string) (erp.Receipt, error) {
					r, err := w.FindOrder(ctx, key)
					if read := n.Add(1); r.Number != "" {
						r.Number = fmt.Sprint(r.Number, read)
					}
					return r, err
				}}
			}},
		"no ping": {caught: []string{"ping"},
			make: func(w whole) mutant {
				return mutant{ping: func(context.Context) error { return erp.Unsent(erp.OpPing, nil) }}
			}},
		"capability that comes and goes": {caught: []string{"unsupported"},
			make: func(w whole) mutant {
				var asked atomic.Int64
				return mutant{has: func(op erp.Op) bool {
					if op == erp.OpPing {
						return asked.Add(1)%2 == 0
					}
					return w.Has(op)
				}}
			}},
		"description without a name": {caught: []string{"describe"},
			make: func(w whole) mutant {
				return mutant{describe: func(d erp.Description) erp.Description { d.Name = ""; return d }}
			}},
	}
}

func revising(wrap func(w whole, ctx context.Context, id string, o erp.Order) (erp.Receipt, error)) func(whole) mutant {
	return func(w whole) mutant {
		return mutant{revise: func(ctx context.Context, id string, o erp.Order) (erp.Receipt, error) { return wrap(w, ctx, id, o) }}
	}
}

func reviseMutants() map[string]breakage {
	return map[string]breakage{
		"revision adds its lines": {caught: []string{"revise_draft", "revise_again", "revise_stale", "lost_change"},
			make: revising(func(w whole, ctx context.Context, id string, o erp.Order) (erp.Receipt, error) {
				o.Lines = append(o.Clone().Lines, o.Lines...)
				return w.ReviseOrder(ctx, id, o)
			})},
		"version that stays": {caught: []string{"revise_draft"},
			make: func(w whole) mutant {
				var first sync.Map // versions by id
				return mutant{
					push: func(ctx context.Context, o erp.Order) (erp.Receipt, error) {
						r, err := w.PushOrder(ctx, o)
						first.Store(r.ID, r.Version)
						return r, err
					},
					revise: func(ctx context.Context, id string, o erp.Order) (erp.Receipt, error) {
						r, err := w.ReviseOrder(ctx, id, o)
						if v, ok := first.Load(r.ID); ok {
							r.Version = v.(string)
						}
						return r, err
					}}
			}},
		"repeated revision adds a line": {caught: []string{"revise_again"},
			make: func(w whole) mutant {
				done := 0
				return mutant{revise: func(ctx context.Context, id string, o erp.Order) (erp.Receipt, error) {
					if done > 0 {
						o = o.Clone()
						o.Revision++
						o.Lines = append(o.Lines, o.Lines[0])
					}
					r, err := w.ReviseOrder(ctx, id, o)
					if err == nil {
						done++
					}
					return r, err
				}}
			}},
		"older revision wins": {caught: []string{"revise_stale"},
			make: func(w whole) mutant {
				n := 10
				return mutant{revise: func(ctx context.Context, id string, o erp.Order) (erp.Receipt, error) {
					told := o.Revision
					n++
					o.Revision = n
					r, err := w.ReviseOrder(ctx, id, o)
					if r.State == erp.StateDraft {
						r.Revision = told
					}
					return r, err
				}}
			}},
		"frozen revision told as done": {caught: []string{"revise_frozen"},
			make: revising(func(w whole, ctx context.Context, id string, o erp.Order) (erp.Receipt, error) {
				r, err := w.ReviseOrder(ctx, id, o)
				if r.State != erp.StateDraft {
					r.Revision = o.Revision
				}
				return r, err
			})},
	}
}
