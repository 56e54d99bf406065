package erptest_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erptest"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

func pushing(wrap func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error)) func(whole) mutant {
	return func(w whole) mutant {
		return mutant{push: func(ctx context.Context, o erp.Order) (erp.Receipt, error) { return wrap(w, ctx, o) }}
	}
}

// finding changes what look-ups answer.
func finding(wrap func(r erp.Receipt, err error) (erp.Receipt, error)) func(whole) mutant {
	return func(w whole) mutant {
		return mutant{find: func(ctx context.Context, key string) (erp.Receipt, error) { return wrap(w.FindOrder(ctx, key)) }}
	}
}

// meeting is where the racers of a case wait for each other, so that all have
// looked when the first pushes, however busy the machine is.
type meeting struct {
	mu   sync.Mutex
	came map[string]int
	full map[string]chan struct{}
}

func newMeeting() *meeting { return &meeting{came: map[string]int{}, full: map[string]chan struct{}{}} }

// wait waits for the others, in one of the cases, and there until all were there once.
func (m *meeting) wait(key string, cases ...string) {
	if full := m.arrive(key, cases...); full != nil {
		<-full
	}
}

// arrive counts a racer; what it answers is closed when all have come, and nil in
// another case.
func (m *meeting) arrive(key string, cases ...string) <-chan struct{} {
	name, _, _ := strings.Cut(key, "-")
	if !slices.Contains(cases, name) {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.came[name] == 0 {
		m.full[name] = make(chan struct{})
	}
	if m.came[name]++; m.came[name] == 8 {
		close(m.full[name])
	}
	return m.full[name]
}

// tally counts what an adapter was asked by key, and what it answered.
type tally struct {
	mu                          sync.Mutex
	looked, found, pushed, done map[string]int
}

func newTally() *tally {
	return &tally{looked: map[string]int{}, found: map[string]int{}, pushed: map[string]int{}, done: map[string]int{}}
}

func (t *tally) count(of map[string]int, key string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	of[key]++
	return of[key]
}

func (t *tally) of(of map[string]int, key string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return of[key]
}

// counted counts look-ups and pushes. Refuses says of which duplicates the ERP
// is taken to refuse the order, others which document found is answered under
// another id, either nil for none.
func counted(refuses, others func(t *tally, key string) bool) func(whole) mutant {
	return func(w whole) mutant {
		t, all := newTally(), newMeeting()
		return mutant{
			push: func(ctx context.Context, o erp.Order) (erp.Receipt, error) {
				t.count(t.pushed, o.Key)
				r, err := w.PushOrder(ctx, o)
				switch {
				case err == nil:
					t.count(t.done, o.Key)
				case erp.ClassOf(err) == erp.Duplicate && refuses != nil && refuses(t, o.Key):
					return r, erp.Reject(erp.OpPush, "something went wrong")
				}
				return r, err
			},
			find: func(ctx context.Context, key string) (erp.Receipt, error) {
				t.count(t.looked, key)
				r, err := w.FindOrder(ctx, key)
				switch {
				case err != nil:
					all.wait(key, "ensure_race")
				case t.count(t.found, key) == 1 && others != nil && others(t, key):
					r.ID += "0"
				}
				return r, err
			}}
	}
}

func pushMutants() map[string]breakage {
	return map[string]breakage{
		"key ignored by the ERP": {keys: memerp.NoKeys,
			caught: append(docs("twice", "race", "lost_answer", "lost_request", "told"),
				"push_twice", "ensure_twice", "ensure_race", "lost_answer", "lost_request", "rival", "order_told"),
			make: func(w whole) mutant {
				return mutant{describe: func(d erp.Description) erp.Description { d.Keys = erp.NativeIdempotency; return d }}
			}},
		"key cut to 34 characters": {caught: []string{"key_whole"},
			make: pushing(func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error) {
				o.Key = o.Key[:min(len(o.Key), 34)]
				r, err := w.PushOrder(ctx, o)
				if erp.ClassOf(err) == erp.Duplicate {
					return w.FindOrder(ctx, o.Key)
				}
				return r, err
			})},
		"looked up, then pushed, no unique key": {keys: memerp.NoKeys, caught: []string{"ensure_race", "rival"},
			inside: func(books *memerp.ERP, w whole) mutant {
				find := func(ctx context.Context, key string) (erp.Receipt, error) {
					if r, err := w.FindOrder(ctx, key); erp.ClassOf(err) != erp.NotFound {
						return r, err
					}
					for _, d := range books.Orders() {
						if d.Order.Key == key {
							return erp.Receipt{ID: d.ID, Number: d.Number, State: d.State}, nil
						}
					}
					return erp.Receipt{}, erp.NoSuch(erp.OpFind)
				}
				all := newMeeting()
				return mutant{
					describe: func(d erp.Description) erp.Description { d.Keys = erp.LookupByKey; return d },
					has:      func(op erp.Op) bool { return op == erp.OpFind || op != erp.OpPullOrders && w.Has(op) },
					find:     find,
					push: func(ctx context.Context, o erp.Order) (erp.Receipt, error) {
						if _, err := find(ctx, o.Key); err == nil {
							return erp.Receipt{}, erp.NewError(erp.Duplicate, erp.OpPush, "", nil)
						}
						all.wait(o.Key, "ensure_race")
						return w.PushOrder(ctx, o)
					}}
			}},
		"order for another customer": {caught: []string{"push_content", "invoice_lines"},
			make: pushing(func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error) {
				o.Customer = "WEB"
				return w.PushOrder(ctx, o)
			})},
		"SKU as a number": {caught: []string{"push_content"},
			make: pushing(func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error) {
				o = o.Clone()
				o.Lines[0].SKU = strings.TrimLeft(o.Lines[0].SKU, "0")
				return w.PushOrder(ctx, o)
			})},
		"caller's lines changed": {caught: []string{"push_untouched"},
			make: pushing(func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error) {
				r, err := w.PushOrder(ctx, o)
				o.Lines[0].SKU = "x"
				return r, err
			})},
		"discounts dropped": {caught: []string{"push_totals"},
			make: pushing(func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error) {
				o.Discounts = nil
				return w.PushOrder(ctx, o)
			})},
		"price base ignored": {caught: []string{"push_totals", "invoice_lines"},
			make: pushing(func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error) {
				o = o.Clone()
				for i := range o.Lines {
					o.Lines[i].PriceBase = decimal.Zero
				}
				return w.PushOrder(ctx, o)
			})},
		"pushed and confirmed at once": {
			caught: []string{"push_draft", "revise_draft", "revise_again", "revise_stale", "lost_change", "advance_wrong", "cancel_draft", "cancel_twice"},
			make: pushing(func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error) {
				r, err := w.PushOrder(ctx, o)
				if err != nil {
					return r, err
				}
				return w.AdvanceOrder(ctx, r.ID, erp.StateConfirmed)
			})},
		"push told as another revision": {caught: []string{"push_draft"},
			make: pushing(func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error) {
				r, err := w.PushOrder(ctx, o)
				r.Revision++
				return r, err
			})},
		"duplicate called a refusal": {caught: []string{"push_twice", "ensure_race", "rival"}, make: counted(func(*tally, string) bool { return true }, nil)},
		"duplicate of what was not looked up called a refusal": {caught: []string{"push_twice"},
			make: counted(func(t *tally, key string) bool { return t.of(t.looked, key) == 0 }, nil)},
		"third of a key called a refusal": {caught: []string{"ensure_race"},
			make: counted(func(t *tally, key string) bool { return t.of(t.pushed, key) > 2 }, nil)},
		"duplicate of another's called a refusal": {caught: []string{"rival"},
			make: counted(func(t *tally, key string) bool { return t.of(t.pushed, key) == 1 }, nil)},
		"absent key answered empty": {caught: []string{"find_absent"}, keys: memerp.IdempotentKeys,
			make: finding(func(r erp.Receipt, err error) (erp.Receipt, error) {
				if erp.ClassOf(err) == erp.NotFound {
					return erp.Receipt{}, nil
				}
				return r, err
			})},
		"looked up by the beginning of a key": {caught: []string{"find_absent"},
			inside: func(books *memerp.ERP, w whole) mutant {
				return mutant{find: func(ctx context.Context, key string) (erp.Receipt, error) {
					for _, d := range books.Orders() {
						if strings.HasPrefix(d.Order.Key, key) {
							r, err := w.FindOrder(ctx, d.Order.Key)
							r.Key = ""
							return r, err
						}
					}
					return w.FindOrder(ctx, key)
				}}
			}},
		"look-up that answers the last order": {caught: []string{"find_absent", "find_same", "key_whole"},
			inside: func(books *memerp.ERP, w whole) mutant {
				return mutant{find: func(ctx context.Context, key string) (erp.Receipt, error) {
					if all := books.Orders(); len(all) > 0 {
						key = all[len(all)-1].Order.Key
					}
					r, err := w.FindOrder(ctx, key)
					r.Key = ""
					return r, err
				}}
			}},
		"failed look-up called absence": {caught: []string{"find_lost"},
			make: func(w whole) mutant {
				return mutant{find: func(ctx context.Context, key string) (erp.Receipt, error) {
					r, err := w.FindOrder(ctx, key)
					if erp.ClassOf(err) == erp.Retryable && ctx.Err() == nil {
						return r, erp.NoSuch(erp.OpFind)
					}
					return r, err
				}}
			}},
		"totals told as asked for": {caught: []string{"totals_own"},
			make: pushing(func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error) {
				r, err := w.PushOrder(ctx, o)
				if r.Totals != nil {
					r.Totals = &erp.Totals{Net: o.Net, Tax: o.Tax, Gross: o.Gross}
				}
				return r, err
			})},
		"draft found as confirmed": {caught: []string{"find_same"},
			make: finding(func(r erp.Receipt, err error) (erp.Receipt, error) {
				if r.State == erp.StateDraft {
					r.State = erp.StateConfirmed
				}
				return r, err
			})},
		"first look-up answers another id": {caught: []string{"find_same", "ensure_twice", "ensure_race", "lost_answer", "lost_request"},
			make: counted(nil, func(*tally, string) bool { return true })},
		"second look-up answers another id": {caught: []string{"ensure_twice"},
			make: counted(nil, func(t *tally, key string) bool {
				return t.of(t.looked, key) == 2 && t.of(t.pushed, key) == 1 && t.of(t.done, key) == 1
			})},
	}
}

func faultMutants() map[string]breakage {
	return map[string]breakage{
		"context ignored": {caught: []string{"cancelled"},
			make: pushing(func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error) {
				if ctx.Err() != nil {
					ctx = context.WithoutCancel(ctx)
				}
				return w.PushOrder(ctx, o)
			})},
		"push repeated blindly": {keys: memerp.NoKeys, caught: []string{"blind_park"},
			make: func(w whole) mutant {
				return mutant{
					describe: func(d erp.Description) erp.Description { d.Keys = erp.Neither; return d },
					push: func(ctx context.Context, o erp.Order) (erp.Receipt, error) {
						r, err := w.PushOrder(ctx, o)
						if erp.ClassOf(err) == erp.OutcomeUnknown && ctx.Err() == nil {
							return w.PushOrder(ctx, o)
						}
						return r, err
					}}
			}},
		"lost answer called a refusal": {caught: []string{"lost_answer", "lost_request"}, make: pushErrors(erp.OutcomeUnknown, erp.Rejected)},
		"lost answer called retryable": {caught: []string{"lost_answer"}, make: pushErrors(erp.OutcomeUnknown, erp.Retryable)},
		"lost request called done": {caught: []string{"lost_request"},
			make: pushing(func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error) {
				r, err := w.PushOrder(ctx, o)
				if erp.ClassOf(err) != erp.OutcomeUnknown || ctx.Err() != nil {
					return r, err
				}
				if _, absent := w.FindOrder(ctx, o.Key); absent != nil {
					return erp.Receipt{ID: "0", State: erp.StateDraft}, nil
				}
				return r, err
			})},
		"refusal called retryable":      {caught: []string{"refused", "refused_field"}, make: pushErrors(erp.Rejected, erp.Retryable)},
		"refusal without its words":     {caught: []string{"refused", "refused_field"}, make: pushErrors(erp.Rejected, erp.Rejected)},
		"busy called a contract breach": {caught: []string{"busy"}, make: pushErrors(erp.Retryable, erp.Contract)},
		"bad login called retryable":    {caught: []string{"bad_login"}, make: pushErrors(erp.Auth, erp.Retryable)},
		"refused change without its words": {caught: []string{"refused_change"},
			make: cancelling(func(_ string, r erp.Receipt, err error) (erp.Receipt, error) {
				if erp.ClassOf(err) == erp.Rejected {
					return r, erp.Reject(erp.OpCancel, "something went wrong")
				}
				return r, err
			})},
		"bad login of a look-up called retryable": {caught: []string{"bad_login"},
			make: finding(func(r erp.Receipt, err error) (erp.Receipt, error) {
				if erp.ClassOf(err) == erp.Auth {
					return r, erp.NewError(erp.Retryable, erp.OpFind, "", nil)
				}
				return r, err
			})},
		"refusal without its field": {caught: []string{"refused_field"},
			make: refusals(func(text string) string { return strings.ReplaceAll(text, erptest.RefusedField, "") })},
		"refusal without a field without its words": {caught: []string{"refused"},
			make: refusals(func(text string) string {
				if strings.Contains(text, erptest.RefusedField) {
					return text
				}
				return "something went wrong"
			})},
		"lost change called done": {caught: []string{"lost_change"},
			make: func(w whole) mutant {
				return mutant{cancel: func(ctx context.Context, id, reason string) (erp.Receipt, error) {
					r, err := w.CancelOrder(ctx, id, reason)
					if erp.ClassOf(err) == erp.OutcomeUnknown {
						return erp.Receipt{ID: id, State: erp.StateCancelled}, nil
					}
					return r, err
				}}
			}},
	}
}

// pushErrors passes errors of a class on in another, but to who has left.
func pushErrors(from, to erp.Class) func(whole) mutant {
	return pushing(func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error) {
		r, err := w.PushOrder(ctx, o)
		if erp.ClassOf(err) == from && ctx.Err() == nil {
			return erp.Receipt{}, erp.NewError(to, erp.OpPush, "something went wrong", nil)
		}
		return r, err
	})
}

// refusals changes the words of refusals.
func refusals(words func(string) string) func(whole) mutant {
	return pushing(func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error) {
		r, err := w.PushOrder(ctx, o)
		var e *erp.Error
		if errors.As(err, &e) && e.Class == erp.Rejected {
			return r, erp.Reject(erp.OpPush, words(e.Text))
		}
		return r, err
	})
}
