package erptest_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"sort"
	"strings"
	"sync"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erptest"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/internal/memsubject"
)

// whole is what a full adapter of memerp implements.
type whole interface {
	erp.Adapter
	erp.Partial
	memsubject.Whole
}

// mutant is an adapter with one thing broken; a nil function is the ERP's own.
type mutant struct {
	whole
	describe func(erp.Description) erp.Description
	ping     func(ctx context.Context) error
	push     func(ctx context.Context, o erp.Order) (erp.Receipt, error)
	find     func(ctx context.Context, key string) (erp.Receipt, error)
	revise   func(ctx context.Context, id string, o erp.Order) (erp.Receipt, error)
	cancel   func(ctx context.Context, id, reason string) (erp.Receipt, error)
	advance  func(ctx context.Context, id string, to erp.OrderState) (erp.Receipt, error)
	rest     func(ctx context.Context, id string, lines []erp.LineQuantity) (erp.Receipt, error)
	has      func(op erp.Op) bool
	list     func(ctx context.Context, s erp.Stream, after erp.Cursor, limit int) (erp.Page[string], error)
	docs     docHooks
	goods    goodsHooks
	pulls    pullHooks
}

func (m mutant) Describe() erp.Description {
	if m.describe != nil {
		return m.describe(m.whole.Describe())
	}
	return m.whole.Describe()
}

func (m mutant) Ping(ctx context.Context) error {
	if m.ping != nil {
		return m.ping(ctx)
	}
	return m.whole.Ping(ctx)
}

func (m mutant) PushOrder(ctx context.Context, o erp.Order) (erp.Receipt, error) {
	if m.push != nil {
		return m.push(ctx, o)
	}
	return m.whole.PushOrder(ctx, o)
}

func (m mutant) FindOrder(ctx context.Context, key string) (erp.Receipt, error) {
	if m.find != nil {
		return m.find(ctx, key)
	}
	return m.whole.FindOrder(ctx, key)
}

func (m mutant) ReviseOrder(ctx context.Context, id string, o erp.Order) (erp.Receipt, error) {
	if m.revise != nil {
		return m.revise(ctx, id, o)
	}
	return m.whole.ReviseOrder(ctx, id, o)
}

func (m mutant) CancelOrder(ctx context.Context, id, reason string) (erp.Receipt, error) {
	if m.cancel != nil {
		return m.cancel(ctx, id, reason)
	}
	return m.whole.CancelOrder(ctx, id, reason)
}

func (m mutant) AdvanceOrder(ctx context.Context, id string, to erp.OrderState) (erp.Receipt, error) {
	if m.advance != nil {
		return m.advance(ctx, id, to)
	}
	return m.whole.AdvanceOrder(ctx, id, to)
}

// reclassed passes an error on in another class.
func reclassed(r erp.Receipt, err error, from, to erp.Class) (erp.Receipt, error) {
	if erp.ClassOf(err) == from {
		return erp.Receipt{}, erp.NewError(to, erp.OpPush, "something went wrong", nil)
	}
	return r, err
}

// breakage is one mutant and the cases that must catch it.
type breakage struct {
	caught []string
	only   bool // no other case may fail
	keys   memerp.Keys
	make   func(w whole) mutant
	// overlap is that of the ERP's pages, declared what the harness says of it;
	// wire breaks the adapter over HTTP in place of the one in memory.
	overlap, declared int
	wire              quirks
}

func pushing(wrap func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error)) func(whole) mutant {
	return func(w whole) mutant {
		return mutant{push: func(ctx context.Context, o erp.Order) (erp.Receipt, error) { return wrap(w, ctx, o) }}
	}
}

func pushErrors(from, to erp.Class) func(whole) mutant {
	return pushing(func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error) {
		r, err := w.PushOrder(ctx, o)
		return reclassed(r, err, from, to)
	})
}

func mutants() map[string]breakage {
	all := orderMutants()
	maps.Copy(all, docMutants())
	maps.Copy(all, goodsMutants())
	maps.Copy(all, pullMutants())
	maps.Copy(all, exactMutants())
	maps.Copy(all, timeMutants())
	maps.Copy(all, listMutants())
	maps.Copy(all, wireMutants())
	return all
}

func orderMutants() map[string]breakage {
	return map[string]breakage{
		"key ignored by the ERP": {keys: memerp.NoKeys, caught: []string{"push_twice", "ensure_twice", "ensure_race", "lost_answer", "rival"},
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
		"price base ignored": {caught: []string{"push_totals"},
			make: pushing(func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error) {
				o = o.Clone()
				for i := range o.Lines {
					o.Lines[i].PriceBase = decimal.Zero
				}
				return w.PushOrder(ctx, o)
			})},
		"pushed and confirmed at once": {caught: []string{"push_draft", "revise_draft"},
			make: pushing(func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error) {
				r, err := w.PushOrder(ctx, o)
				if err != nil {
					return r, err
				}
				return w.AdvanceOrder(ctx, r.ID, erp.StateConfirmed)
			})},
		"context ignored": {caught: []string{"cancelled"},
			make: pushing(func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error) {
				return w.PushOrder(context.WithoutCancel(ctx), o)
			})},
		"push repeated blindly": {keys: memerp.NoKeys, caught: []string{"blind_park"},
			make: func(w whole) mutant {
				return mutant{
					describe: func(d erp.Description) erp.Description { d.Keys = erp.Neither; return d },
					push: func(ctx context.Context, o erp.Order) (erp.Receipt, error) {
						r, err := w.PushOrder(ctx, o)
						if erp.ClassOf(err) == erp.OutcomeUnknown {
							return w.PushOrder(ctx, o)
						}
						return r, err
					}}
			}},
		"lost answer called a refusal":  {caught: []string{"lost_answer", "lost_request"}, make: pushErrors(erp.OutcomeUnknown, erp.Rejected)},
		"lost answer called retryable":  {caught: []string{"lost_answer"}, make: pushErrors(erp.OutcomeUnknown, erp.Retryable)},
		"refusal called retryable":      {caught: []string{"refused"}, make: pushErrors(erp.Rejected, erp.Retryable)},
		"refusal without its words":     {caught: []string{"refused"}, make: pushErrors(erp.Rejected, erp.Rejected)},
		"duplicate called a refusal":    {caught: []string{"push_twice", "rival"}, make: pushErrors(erp.Duplicate, erp.Rejected)},
		"busy called a contract breach": {caught: []string{"busy"}, make: pushErrors(erp.Retryable, erp.Contract)},
		"bad login called retryable":    {caught: []string{"bad_login"}, make: pushErrors(erp.Auth, erp.Retryable)},
		"absent key answered empty": {caught: []string{"find_absent", "ensure_race"},
			make: func(w whole) mutant {
				return mutant{find: func(ctx context.Context, key string) (erp.Receipt, error) {
					r, err := w.FindOrder(ctx, key)
					if erp.ClassOf(err) == erp.NotFound {
						return erp.Receipt{}, nil
					}
					return r, err
				}}
			}},
		"first look-up answers another id": {caught: []string{"find_same", "ensure_twice"},
			make: func(w whole) mutant {
				var mu sync.Mutex
				first := map[string]bool{}
				return mutant{find: func(ctx context.Context, key string) (erp.Receipt, error) {
					mu.Lock()
					defer mu.Unlock()
					r, err := w.FindOrder(ctx, key)
					if err == nil && !first[key] {
						first[key] = true
						r.ID += "0"
					}
					return r, err
				}}
			}},
		"no-op told as the state asked for": {caught: []string{"advance_wrong", "cancel_confirmed"},
			make: func(w whole) mutant {
				return mutant{
					advance: func(ctx context.Context, id string, to erp.OrderState) (erp.Receipt, error) {
						r, err := w.AdvanceOrder(ctx, id, to)
						r.State = to
						return r, err
					},
					cancel: func(ctx context.Context, id, reason string) (erp.Receipt, error) {
						r, err := w.CancelOrder(ctx, id, reason)
						r.State = erp.StateCancelled
						return r, err
					}}
			}},
		"state told before the button": {caught: []string{"advance_confirm"},
			make: func(w whole) mutant {
				return mutant{advance: func(ctx context.Context, id string, to erp.OrderState) (erp.Receipt, error) {
					r, err := w.AdvanceOrder(ctx, id, to)
					r.State = erp.StateDraft
					return r, err
				}}
			}},
		"cancel does nothing": {caught: []string{"cancel_draft", "cancel_twice"},
			make: func(w whole) mutant {
				return mutant{cancel: func(ctx context.Context, id, _ string) (erp.Receipt, error) {
					return w.AdvanceOrder(ctx, id, erp.StateDraft)
				}}
			}},
		"unknown id is a success": {caught: []string{"unknown_id"},
			make: func(w whole) mutant {
				return mutant{cancel: func(ctx context.Context, id, reason string) (erp.Receipt, error) {
					r, err := w.CancelOrder(ctx, id, reason)
					if erp.ClassOf(err) == erp.NotFound {
						return erp.Receipt{ID: id, State: erp.StateCancelled}, nil
					}
					return r, err
				}}
			}},
		"revision adds its lines": {caught: []string{"revise_draft"},
			make: func(w whole) mutant {
				return mutant{revise: func(ctx context.Context, id string, o erp.Order) (erp.Receipt, error) {
					o.Lines = append(o.Clone().Lines, o.Lines...)
					return w.ReviseOrder(ctx, id, o)
				}}
			}},
		"repeated revision adds a line": {caught: []string{"revise_again"},
			make: func(w whole) mutant {
				seen := 0
				return mutant{revise: func(ctx context.Context, id string, o erp.Order) (erp.Receipt, error) {
					if seen++; seen > 1 {
						o = o.Clone()
						o.Revision++
						o.Lines = append(o.Lines, o.Lines[0])
					}
					return w.ReviseOrder(ctx, id, o)
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
					r.Revision = told
					return r, err
				}}
			}},
		"frozen revision told as done": {caught: []string{"revise_frozen"},
			make: func(w whole) mutant {
				return mutant{revise: func(ctx context.Context, id string, o erp.Order) (erp.Receipt, error) {
					r, err := w.ReviseOrder(ctx, id, o)
					r.Revision = o.Revision
					return r, err
				}}
			}},
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
		"number changes at each read": {caught: []string{"number_later"},
			make: func(w whole) mutant {
				n := 0
				return mutant{find: func(ctx context.Context, key string) (erp.Receipt, error) {
					r, err := w.FindOrder(ctx, key)
					if n++; r.Number != "" {
						r.Number = fmt.Sprint(r.Number, n)
					}
					return r, err
				}}
			}},
		"no ping": {caught: []string{"ping"},
			make: func(w whole) mutant {
				return mutant{ping: func(context.Context) error { return erp.Unsent(erp.OpPing, nil) }}
			}},
		"capability that comes and goes": {only: true, caught: []string{"unsupported"},
			make: func(w whole) mutant {
				asked := 0
				return mutant{has: func(op erp.Op) bool {
					if op == erp.OpPing {
						asked++
						return asked%2 == 0
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

// TestMutant runs the suite on the mutant that the environment names; alone
// it does nothing.
func TestMutant(t *testing.T) {
	name := os.Getenv("ERPTEST_MUTANT")
	if name == "" {
		t.Skip("run by TestTheSuiteCatchesMutants")
	}
	m, ok := mutants()[name]
	require.True(t, ok, name)
	o := &memerp.Options{Keys: m.keys, Overlap: m.overlap}
	if m.wire != (quirks{}) {
		erptest.Run(t, overTheWire(o, m.wire))
		return
	}
	h := harness(o)
	h.Overlap = m.declared
	h.New = func(*testing.T) erptest.Subject {
		books, s := memsubject.Open(o)
		adapter := func() erp.Adapter {
			w := books.Adapter().(whole)
			if m.make == nil {
				return w
			}
			broken := m.make(w)
			broken.whole, broken.docs.books = w, books
			return broken
		}
		s.Adapter, s.Reopen = adapter(), adapter
		return s
	}
	erptest.Run(t, h)
}

// TestExceptions runs the suite with exceptions that must not pass.
func TestExceptions(t *testing.T) {
	except := map[string]string{"push_twize": "a slip of the pen", "ping": " "}
	if os.Getenv("ERPTEST_MUTANT") == "exceptions" {
		erptest.Run(t, erptest.Harness{Except: except, New: func(*testing.T) erptest.Subject {
			return erptest.Subject{Adapter: memerp.New(nil).Adapter()}
		}})
		return
	}
	out := mustFail(t, "TestExceptions", "exceptions")
	require.Contains(t, out, `Harness.Except names "push_twize", which is no case`)
	require.Contains(t, out, `Harness.Except gives no reason for "ping"`)
}

// mustFail runs one test of this binary in a process of its own and returns
// what it printed.
func mustFail(t *testing.T, test, mutant string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+test+"$", "-test.count=1", "-test.timeout=30s")
	cmd.Env = append(os.Environ(), "ERPTEST_MUTANT="+mutant)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit, "it passed:\n%s", out)
	return string(out)
}

var failedCase = regexp.MustCompile(`(?m)^\s+--- FAIL: TestMutant/(\w+)`)

// A claim that no mutant violates could be a case that cannot fail.
func TestEveryClaimHasAMutant(t *testing.T) {
	caught := map[string]bool{}
	for _, m := range mutants() {
		for _, c := range m.caught {
			caught[c] = true
		}
	}
	for _, c := range erptest.Claims() {
		require.True(t, caught[c.Case], "%s is violated by no mutant", c.Case)
	}
}

func TestTheSuiteCatchesMutants(t *testing.T) {
	all := mutants()
	var names []string
	for name := range all {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := mustFail(t, "TestMutant", name)
			failed := map[string]bool{}
			for _, m := range failedCase.FindAllStringSubmatch(out, -1) {
				failed[m[1]] = true
			}
			for _, c := range all[name].caught {
				require.True(t, failed[c], "%s did not catch it:\n%s", c, out)
			}
			if all[name].only {
				require.Len(t, failed, len(all[name].caught), "%v failed too:\n%s", failed, out)
			}
			require.Contains(t, out, "the claim: ")
			t.Logf("caught by %d cases", len(failed))
		})
	}
}
