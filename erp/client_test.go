package erp_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/fault"
)

// every calls each operation once.
func every(c *erp.Client) map[erp.Op]func(context.Context) error {
	drop := func(_ erp.Receipt, err error) error { return err }
	return map[erp.Op]func(context.Context) error{
		erp.OpPing:    c.Ping,
		erp.OpPush:    func(ctx context.Context) error { return drop(c.PushOrder(ctx, small("K"))) },
		erp.OpFind:    func(ctx context.Context) error { return drop(c.FindOrder(ctx, "K")) },
		erp.OpRevise:  func(ctx context.Context) error { return drop(c.ReviseOrder(ctx, "1", small("K"))) },
		erp.OpCancel:  func(ctx context.Context) error { return drop(c.CancelOrder(ctx, "1", "why")) },
		erp.OpAdvance: func(ctx context.Context) error { return drop(c.AdvanceOrder(ctx, "1", erp.StateConfirmed)) },
	}
}

var ops = []erp.Op{erp.OpPing, erp.OpPush, erp.OpFind, erp.OpRevise, erp.OpCancel, erp.OpAdvance}

func reads(op erp.Op) bool { return op == erp.OpPing || op == erp.OpFind }

// What is repeated: reads after any passing fault, writes only when they did
// not leave. Everything else is answered after one call.
func TestWhatIsRepeated(t *testing.T) {
	classes := []erp.Class{erp.NotSent, erp.Retryable, erp.OutcomeUnknown, erp.Rejected, erp.NeedsConfirmation,
		erp.Duplicate, erp.Conflict, erp.NotFound, erp.Contract}
	for _, op := range ops {
		for _, class := range classes {
			t.Run(fmt.Sprintf("%s/%s", op, class), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					failure := erp.NewError(class, op, "the ERP's words", nil)
					a := newScript(map[erp.Op][]error{op: {failure, failure, failure, failure, failure}})
					c := erp.NewClient(a, &erp.Options{BreakerFailures: 100, Now: time.Now})
					err := every(c)[op](t.Context())
					wantCalls, wantClass := 1, class
					if class == erp.NotSent || reads(op) && (class == erp.Retryable || class == erp.OutcomeUnknown) {
						wantCalls = 4
					}
					if class == erp.OutcomeUnknown && reads(op) {
						wantClass = erp.Retryable
					}
					require.Equal(t, wantCalls, a.calls(op))
					require.Equal(t, wantClass, erp.ClassOf(err))
					var e *erp.Error
					require.ErrorAs(t, err, &e)
					require.Equal(t, "fake", e.Adapter)
					require.Equal(t, op, e.Op)
					require.Equal(t, "the ERP's words", e.Text)
				})
			})
		}
	}
}

func TestRepeatsAreSpacedWithFullJitter(t *testing.T) {
	failure := erp.Unsent(erp.OpPush, nil)
	asked := erp.Unsent(erp.OpPush, nil)
	asked.RetryAfter = 3 * time.Second
	tooLong := erp.Unsent(erp.OpPush, nil)
	tooLong.RetryAfter = time.Minute
	for _, c := range []struct {
		name   string
		random func() float64
		fail   []error
		want   []time.Duration
		fails  bool
	}{
		{"in full without random", nil, []error{failure, failure, failure}, []time.Duration{200 * time.Millisecond, 400 * time.Millisecond, 800 * time.Millisecond}, false},
		{"a fraction", func() float64 { return 0.5 }, []error{failure, failure}, []time.Duration{100 * time.Millisecond, 200 * time.Millisecond}, false},
		{"bounded", nil, []error{failure, failure, failure, failure, failure}, []time.Duration{200 * time.Millisecond, 400 * time.Millisecond, 800 * time.Millisecond, time.Second, time.Second}, false},
		{"at least what the ERP asks", func() float64 { return 0 }, []error{asked, failure}, []time.Duration{3 * time.Second, 0}, false},
		{"not at all when it asks for too long", nil, []error{tooLong}, nil, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			var slept []time.Duration
			maxDelay := time.Second
			if len(c.fail) == 2 {
				maxDelay = 5 * time.Second
			}
			client := erp.NewClient(newScript(map[erp.Op][]error{erp.OpPush: c.fail}), &erp.Options{
				Attempts: 6, MaxDelay: maxDelay, Random: c.random,
				Sleep: func(_ context.Context, d time.Duration) error { slept = append(slept, d); return nil },
			})
			_, err := client.PushOrder(t.Context(), small("K"))
			require.Equal(t, c.fails, err != nil)
			require.Equal(t, c.want, slept)
		})
	}
}

func TestASleepCutShortAnswersTheLastFailure(t *testing.T) {
	a := newScript(map[erp.Op][]error{erp.OpFind: {erp.NewError(erp.Retryable, erp.OpFind, "503", nil)}})
	c := erp.NewClient(a, &erp.Options{Sleep: func(context.Context, time.Duration) error { return context.Canceled }})
	_, err := c.FindOrder(t.Context(), "K")
	require.ErrorIs(t, err, erp.ErrRetryable)
	require.Equal(t, 1, a.calls(erp.OpFind))
}

func TestTheDefaultSleepEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		a := newScript(map[erp.Op][]error{erp.OpFind: {erp.Unsent(erp.OpFind, nil)}})
		began := time.Now()
		_, err := erp.NewClient(a, &erp.Options{BaseDelay: 5 * time.Second}).FindOrder(ctx, "K")
		require.ErrorIs(t, err, erp.ErrNotSent)
		require.Equal(t, time.Second, time.Since(began))
	})
}

func TestOneAttemptIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newScript(nil)
		a.hook = func(ctx context.Context, _ erp.Op) error { <-ctx.Done(); return ctx.Err() }
		began := time.Now()
		_, err := erp.NewClient(a, nil).PushOrder(t.Context(), small("K"))
		require.ErrorIs(t, err, erp.ErrOutcomeUnknown)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, 30*time.Second, time.Since(began))
		require.Equal(t, 1, a.calls(erp.OpPush), "a write of unknown outcome is not repeated")
	})
}

func TestAForeignErrorOfAWriteIsAnUnknownOutcome(t *testing.T) {
	a := newScript(map[erp.Op][]error{erp.OpPush: {errors.New("EOF")}, erp.OpFind: {errors.New("EOF"), errors.New("EOF")}})
	c := erp.NewClient(a, &erp.Options{Attempts: 2, Sleep: noSleep})
	_, err := c.PushOrder(t.Context(), small("K"))
	require.ErrorIs(t, err, erp.ErrOutcomeUnknown)
	require.Equal(t, fault.UnknownOutcome, fault.KindOf(err))
	_, err = c.FindOrder(t.Context(), "K")
	require.ErrorIs(t, err, erp.ErrRetryable)
}

func noSleep(context.Context, time.Duration) error { return nil }

// onlyPush has one capability.
type onlyPush struct{ *script }

func (onlyPush) Ping()        {}
func (onlyPush) FindOrder()   {}
func (onlyPush) ReviseOrder() {}
func (onlyPush) CancelOrder() {}

// AdvanceOrder is there but answers Unsupported: the ERP's edition lacks it.
func (o onlyPush) AdvanceOrder(ctx context.Context, _ string, _ erp.OrderState) (erp.Receipt, error) {
	_, _ = o.do(ctx, erp.OpAdvance)
	return erp.Receipt{}, erp.NotSupported(erp.OpAdvance)
}

func TestUnsupportedIsAnsweredInOnePlace(t *testing.T) {
	a := newScript(nil)
	c := erp.NewClient(onlyPush{a}, nil)
	require.True(t, c.Supports(erp.OpPush))
	require.True(t, c.Supports(erp.OpAdvance), "not asked yet")
	for _, op := range []erp.Op{erp.OpPing, erp.OpFind, erp.OpRevise, erp.OpCancel, erp.OpAdvance} {
		for range 3 {
			err := every(c)[op](t.Context())
			require.ErrorIs(t, err, erp.ErrUnsupported, op)
			require.Equal(t, fault.Unsupported, fault.KindOf(err))
		}
		require.False(t, c.Supports(op), op)
	}
	require.Equal(t, 1, a.calls(erp.OpAdvance), "asked once, then remembered")
	require.NoError(t, every(c)[erp.OpPush](t.Context()))
	require.False(t, c.Supports("serve_coffee"))
	c.Reset()
	require.True(t, c.Supports(erp.OpAdvance))
	require.False(t, c.Supports(erp.OpFind))
}

func TestAWrongPasswordIsTriedOnce(t *testing.T) {
	a := newScript(map[erp.Op][]error{erp.OpPush: {erp.NewError(erp.Auth, erp.OpPush, "login failed", nil)}})
	c := erp.NewClient(a, nil)
	_, err := c.PushOrder(t.Context(), small("K"))
	require.ErrorIs(t, err, erp.ErrAuth)
	require.NotErrorIs(t, err, erp.ErrStopped)
	require.Equal(t, erp.BreakerStopped, c.Breaker().State)
	for _, op := range ops {
		err := every(c)[op](t.Context())
		require.ErrorIs(t, err, erp.ErrStopped, op)
		require.ErrorIs(t, err, erp.ErrAuth, op)
		require.Equal(t, "erp.stopped", fault.CodeOf(err))
		require.Contains(t, err.Error(), "login failed")
	}
	require.Equal(t, 1, a.calls(erp.OpPush))
	c.Reset()
	require.NoError(t, every(c)[erp.OpPush](t.Context()))
}

func TestADeadContextSendsNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	a := newScript(nil)
	c := erp.NewClient(a, nil)
	for _, op := range ops {
		err := every(c)[op](ctx)
		require.ErrorIs(t, err, erp.ErrNotSent, op)
		require.ErrorIs(t, err, context.Canceled, op)
		require.Zero(t, a.calls(op))
	}
}

func TestTheRateIsKeptOverGoroutines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := erp.NewClient(newScript(nil), &erp.Options{Now: time.Now, Rate: 2, Burst: 3})
		began := time.Now()
		done := make(chan time.Duration, 9)
		for range 9 {
			go func() {
				if c.Ping(t.Context()) == nil {
					done <- time.Since(began)
				}
			}()
		}
		synctest.Wait()
		require.Len(t, done, 3, "the burst")
		time.Sleep(time.Second)
		synctest.Wait()
		require.Len(t, done, 5)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		require.Len(t, done, 9)
	})
}

func TestWaitingForTheRateEndsWithTheContextAndTakesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newScript(nil)
		c := erp.NewClient(a, &erp.Options{Now: time.Now, Rate: 0.1})
		require.NoError(t, c.Ping(t.Context()))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := c.PushOrder(ctx, small("K"))
		require.ErrorIs(t, err, erp.ErrNotSent)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Zero(t, a.calls(erp.OpPush))
		began := time.Now()
		require.NoError(t, c.Ping(t.Context()))
		require.Equal(t, 9*time.Second, time.Since(began), "the place in the queue was given back")
	})
}

func TestInvalidDocumentsAreNotSent(t *testing.T) {
	a := newScript(nil)
	c := erp.NewClient(a, nil)
	bad := small("no spaces")
	bad.Net = dec("1")
	calls := map[string]func() (erp.Receipt, error){
		"push":    func() (erp.Receipt, error) { return c.PushOrder(t.Context(), bad) },
		"ensure":  func() (erp.Receipt, error) { return c.EnsureOrder(t.Context(), bad) },
		"revise":  func() (erp.Receipt, error) { return c.ReviseOrder(t.Context(), " ", bad) },
		"find":    func() (erp.Receipt, error) { return c.FindOrder(t.Context(), "") },
		"cancel":  func() (erp.Receipt, error) { return c.CancelOrder(t.Context(), "", "why") },
		"advance": func() (erp.Receipt, error) { return c.AdvanceOrder(t.Context(), "", "sold") },
		"unknown": func() (erp.Receipt, error) { return c.AdvanceOrder(t.Context(), "1", erp.StateUnknown) },
	}
	want := map[string][]string{
		"push": {"key", "net", "gross"}, "ensure": {"key", "net", "gross"}, "revise": {"id", "key", "net", "gross"},
		"find": {"key"}, "cancel": {"id"}, "advance": {"id", "to"}, "unknown": {"to"},
	}
	for name, call := range calls {
		_, err := call()
		require.ErrorIs(t, err, erp.ErrInvalidDocument, name)
		require.Equal(t, erp.Rejected, erp.ClassOf(err))
		var paths []string
		for _, i := range fault.IssuesOf(err) {
			paths = append(paths, i.Path)
		}
		require.Equal(t, want[name], paths, name)
	}
	for _, op := range ops {
		require.Zero(t, a.calls(op))
	}
}

// oddReceipt answers every call with the same receipt.
type oddReceipt struct {
	*script
	r erp.Receipt
}

func (o oddReceipt) PushOrder(context.Context, erp.Order) (erp.Receipt, error) { return o.r, nil }
func (o oddReceipt) FindOrder(context.Context, string) (erp.Receipt, error)    { return o.r, nil }
func (o oddReceipt) ReviseOrder(context.Context, string, erp.Order) (erp.Receipt, error) {
	return o.r, nil
}
func (o oddReceipt) CancelOrder(context.Context, string, string) (erp.Receipt, error) {
	return o.r, nil
}
func (o oddReceipt) AdvanceOrder(context.Context, string, erp.OrderState) (erp.Receipt, error) {
	return o.r, nil
}

// A receipt that cannot be the answer is a broken contract, so that a look-up
// whose filter the ERP ignored does not bind our order to another one; and
// after a write nobody knows what was done.
func TestImplausibleReceiptsAreRefused(t *testing.T) {
	for _, c := range []struct {
		r     erp.Receipt
		byKey string
		byID  string
	}{
		{erp.Receipt{ID: "1", State: erp.StateDraft}, "", ""},
		{erp.Receipt{ID: "1", State: erp.StateUnknown, Key: "K"}, "", ""},
		{erp.Receipt{}, "no id", "no id"},
		{erp.Receipt{ID: "1"}, "state", "state"},
		{erp.Receipt{ID: "1", State: "sale"}, "state", "state"},
		{erp.Receipt{ID: "2", State: erp.StateDraft}, "", "not \"1\""},
		{erp.Receipt{ID: "1", State: erp.StateDraft, Key: "K2"}, "not \"K\"", ""},
	} {
		client := erp.NewClient(oddReceipt{newScript(nil), c.r}, nil)
		for op, call := range every(client) {
			want := c.byID
			switch op {
			case erp.OpPing:
				want = ""
			case erp.OpPush, erp.OpFind:
				want = c.byKey
			}
			err := call(t.Context())
			if want == "" {
				require.NoError(t, err, "%s %+v", op, c.r)
				continue
			}
			require.ErrorIs(t, err, erp.ErrContract, "%s %+v", op, c.r)
			require.ErrorContains(t, err, want)
			class := erp.Contract
			if op != erp.OpFind {
				class = erp.OutcomeUnknown
			}
			require.Equal(t, class, erp.ClassOf(err), "%s %+v", op, c.r)
		}
	}
}

// On an ERP that cannot be asked, a person looks for what an unreadable answer
// has left.
func TestImplausibleReceiptOfABlindPushIsParked(t *testing.T) {
	for _, park := range []bool{true, false} {
		a := newScript(nil)
		a.desc.Keys = erp.Neither
		if !park {
			a.desc.Keys = erp.NativeIdempotency
		}
		_, err := erp.NewClient(oddReceipt{a, erp.Receipt{}}, nil).EnsureOrder(t.Context(), small("K"))
		var e *erp.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, erp.OutcomeUnknown, e.Class)
		require.Equal(t, park, e.Park)
	}
}

func TestCallTimeoutIsTold(t *testing.T) {
	for given, want := range map[time.Duration]time.Duration{0: 30 * time.Second, time.Minute: time.Minute, -1: 0} {
		require.Equal(t, want, erp.NewClient(newScript(nil), &erp.Options{CallTimeout: given}).CallTimeout())
	}
}
