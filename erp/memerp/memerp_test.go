package memerp_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

type full interface {
	erp.Pinger
	erp.OrderPusher
	erp.OrderFinder
	erp.OrderReviser
	erp.OrderCanceller
	erp.OrderAdvancer
}

func open(t *testing.T, o *memerp.Options) (*memerp.ERP, full) {
	books := memerp.New(o)
	a, ok := books.Adapter().(full)
	require.True(t, ok)
	return books, a
}

// An operation left out is not there for the client either; the others are.
func TestOperationsAreReallyAbsent(t *testing.T) {
	finders := []erp.Op{erp.OpFind, erp.OpFindPayment, erp.OpFindInvoice, erp.OpFindMessage}
	for _, keys := range []memerp.Keys{memerp.UniqueKeys, memerp.IdempotentKeys, memerp.NoKeys} {
		for n, out := range erp.Ops() {
			without := []erp.Op{out, erp.Ops()[(n+1)%len(erp.Ops())]}
			a := memerp.New(&memerp.Options{Keys: keys, Without: without}).Adapter()
			c := erp.NewClient(a, nil)
			for _, op := range erp.Ops() {
				want := !slices.Contains(without, op) && (keys != memerp.NoKeys || !slices.Contains(finders, op))
				require.Equal(t, want, erp.Has(a, op), "%s without %s", op, without)
				require.Equal(t, want, c.Supports(op))
			}
		}
	}
}

func TestDescription(t *testing.T) {
	require.Equal(t, erp.Description{Name: "memerp", Keys: erp.LookupByKey, PriceDigits: 4, QuantityDigits: 4},
		memerp.New(nil).Adapter().Describe())
	require.Equal(t, erp.Description{Name: "x", Keys: erp.NativeIdempotency, PriceDigits: 2, QuantityDigits: 3},
		memerp.New(&memerp.Options{Name: "x", Keys: memerp.IdempotentKeys, PriceDigits: 2, QuantityDigits: 3}).Adapter().Describe())
	require.Equal(t, erp.Neither, memerp.New(&memerp.Options{Keys: memerp.NoKeys}).Adapter().Describe().Keys)
	require.Equal(t, erp.Neither, memerp.New(&memerp.Options{Without: []erp.Op{erp.OpFind}}).Adapter().Describe().Keys)
}

// The state table, by every button in every state.
func TestStates(t *testing.T) {
	push := func(a full) string {
		r, err := a.PushOrder(context.Background(), order("K", 1))
		require.NoError(t, err)
		return r.ID
	}
	into := map[erp.OrderState]func(*memerp.ERP, string){
		erp.StateDraft:     func(*memerp.ERP, string) {},
		erp.StateConfirmed: func(b *memerp.ERP, id string) { require.True(t, b.Confirm(id)) },
		erp.StateDone:      func(b *memerp.ERP, id string) { require.True(t, b.Confirm(id)); require.True(t, b.Finish(id)) },
		erp.StateCancelled: func(b *memerp.ERP, id string) { require.True(t, b.Cancel(id, "r")) },
	}
	press := map[string]func(full, string) (erp.Receipt, error){
		"confirm": func(a full, id string) (erp.Receipt, error) {
			return a.AdvanceOrder(context.Background(), id, erp.StateConfirmed)
		},
		"finish": func(a full, id string) (erp.Receipt, error) {
			return a.AdvanceOrder(context.Background(), id, erp.StateDone)
		},
		"reopen": func(a full, id string) (erp.Receipt, error) {
			return a.AdvanceOrder(context.Background(), id, erp.StateDraft)
		},
		"cancel": func(a full, id string) (erp.Receipt, error) { return a.CancelOrder(context.Background(), id, "why") },
	}
	draft, confirmed, done, cancelled := erp.StateDraft, erp.StateConfirmed, erp.StateDone, erp.StateCancelled
	for _, c := range []struct {
		from   erp.OrderState
		button string
		want   erp.OrderState
		silent bool // nothing changed although it should have
	}{
		{draft, "confirm", confirmed, false}, {draft, "finish", draft, true}, {draft, "reopen", draft, false}, {draft, "cancel", cancelled, false},
		{confirmed, "confirm", confirmed, false}, {confirmed, "finish", done, false}, {confirmed, "reopen", confirmed, true}, {confirmed, "cancel", confirmed, true},
		{done, "confirm", done, true}, {done, "finish", done, false}, {done, "reopen", done, true}, {done, "cancel", done, true},
		{cancelled, "confirm", cancelled, true}, {cancelled, "finish", cancelled, true}, {cancelled, "reopen", cancelled, true}, {cancelled, "cancel", cancelled, false},
	} {
		for _, loud := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/%s/%v", c.from, c.button, loud), func(t *testing.T) {
				books, a := open(t, &memerp.Options{LoudWrongState: loud})
				id := push(a)
				into[c.from](books, id)
				before, _ := books.Order(id)
				r, err := press[c.button](a, id)
				after, ok := books.Order(id)
				require.True(t, ok)
				require.Equal(t, c.want, after.State)
				if c.silent && loud {
					require.ErrorIs(t, err, erp.ErrConflict)
				} else {
					require.NoError(t, err)
					require.Equal(t, c.want, r.State, "the answer tells the state reached")
				}
				require.Equal(t, c.from == c.want, before.Version == after.Version)
			})
		}
	}
}

func TestByHand(t *testing.T) {
	books, a := open(t, nil)
	r, err := a.PushOrder(t.Context(), order("K", 1))
	require.NoError(t, err)
	require.False(t, books.Finish(r.ID))
	require.True(t, books.Confirm(r.ID))
	require.True(t, books.Confirm(r.ID))
	require.True(t, books.Cancel(r.ID, "fire"))
	require.False(t, books.Confirm(r.ID))
	d, _ := books.Order(r.ID)
	require.Equal(t, "fire", d.Reason)
	for _, id := range []string{"", "0", "2", "-1", "01", "x"} {
		require.False(t, books.Confirm(id))
		require.False(t, books.Cancel(id, ""))
		_, ok := books.Order(id)
		require.False(t, ok)
	}
}

// Numbers come later than ids, in the order of numbering.
func TestNumbers(t *testing.T) {
	books, a := open(t, nil)
	first, err := a.PushOrder(t.Context(), order("A", 1))
	require.NoError(t, err)
	second, err := a.PushOrder(t.Context(), order("B", 1))
	require.NoError(t, err)
	require.Empty(t, first.Number+second.Number)
	books.Confirm(second.ID)
	books.Confirm(first.ID)
	x, err := a.FindOrder(t.Context(), "A")
	require.NoError(t, err)
	y, err := a.FindOrder(t.Context(), "B")
	require.NoError(t, err)
	require.Equal(t, "1 S00002 2 S00001", x.ID+" "+x.Number+" "+y.ID+" "+y.Number)

	_, a = open(t, &memerp.Options{NumberAfterReads: 3})
	var got []string
	r, err := a.PushOrder(t.Context(), order("A", 1))
	require.NoError(t, err)
	got = append(got, r.Number)
	for range 3 {
		r, err = a.FindOrder(t.Context(), "A")
		require.NoError(t, err)
		got = append(got, r.Number)
	}
	require.Equal(t, []string{"", "", "S00001", "S00001"}, got)
	require.Equal(t, erp.StateDraft, r.State)
}

// A worker confirms later, unless somebody cancels in between.
func TestConfirmByAWorker(t *testing.T) {
	_, a := open(t, &memerp.Options{ConfirmAfterReads: 2})
	r, err := a.PushOrder(t.Context(), order("A", 1))
	require.NoError(t, err)
	var got []erp.OrderState
	for range 2 { // asking again does not put it off
		r, err = a.AdvanceOrder(t.Context(), r.ID, erp.StateConfirmed)
		require.NoError(t, err)
		got = append(got, r.State)
	}
	for range 2 {
		r, err = a.FindOrder(t.Context(), "A")
		require.NoError(t, err)
		got = append(got, r.State)
	}
	require.Equal(t, []erp.OrderState{erp.StateDraft, erp.StateDraft, erp.StateConfirmed, erp.StateConfirmed}, got)
	require.Equal(t, "S00001", r.Number)

	r, err = a.PushOrder(t.Context(), order("B", 1))
	require.NoError(t, err)
	_, err = a.AdvanceOrder(t.Context(), r.ID, erp.StateConfirmed)
	require.NoError(t, err)
	_, err = a.CancelOrder(t.Context(), r.ID, "why")
	require.NoError(t, err)
	for range 3 {
		r, err = a.FindOrder(t.Context(), "B")
		require.NoError(t, err)
	}
	require.Equal(t, erp.StateCancelled, r.State)
}

func TestKeys(t *testing.T) {
	books, a := open(t, nil)
	_, err := a.PushOrder(t.Context(), order("K", 1))
	require.NoError(t, err)
	_, err = a.PushOrder(t.Context(), order("K", 1))
	require.ErrorIs(t, err, erp.ErrDuplicate)
	require.ErrorContains(t, err, "must be unique")
	require.Equal(t, 1, books.Count("K"))

	books = memerp.New(&memerp.Options{Keys: memerp.NoKeys})
	for i := range 2 {
		r, err := books.Adapter().(erp.OrderPusher).PushOrder(t.Context(), order("K", 1))
		require.NoError(t, err)
		require.Equal(t, fmt.Sprint(i+1), r.ID)
		require.Empty(t, r.Key)
	}
	require.Equal(t, 2, books.Count("K"))
}

// Totals come from prices and quantities: 33.33 + 0.88 (7 × 12.50 per 100,
// 0.875) - 1.00 at 20 %, 10.00 at 5.5 %, the tax on each sum.
func TestTotals(t *testing.T) {
	_, a := open(t, nil)
	r, err := a.PushOrder(t.Context(), order("K", 1))
	require.NoError(t, err)
	show := func(t *erp.Totals) string {
		return t.Net.StringFixed(3) + " " + t.Tax.StringFixed(3) + " " + t.Gross.StringFixed(3)
	}
	require.Equal(t, "43.210 7.190 50.400", show(r.Totals))
	yen := order("Y", 1)
	yen.Currency = "JPY"
	r, err = a.PushOrder(t.Context(), yen)
	require.NoError(t, err)
	require.Equal(t, "43.000 8.000 51.000", show(r.Totals))
}

func TestRevisions(t *testing.T) {
	books, a := open(t, nil)
	r, err := a.PushOrder(t.Context(), order("K", 1))
	require.NoError(t, err)
	for _, c := range []struct {
		key       string
		send, has int
	}{{"K", 3, 3}, {"K", 2, 3}, {"K", 3, 3}, {"other", 4, 3}, {"K", 5, 5}} {
		got, err := a.ReviseOrder(t.Context(), r.ID, order(c.key, c.send))
		require.NoError(t, err)
		require.Equal(t, c.has, got.Revision)
		d, _ := books.Order(r.ID)
		require.Equal(t, c.has, d.Order.Revision)
		require.Equal(t, "K", d.Order.Key)
		require.True(t, d.Order.Lines[0].Quantity.Equal(decimal.New(int64(c.has), 0)))
	}
	books.Confirm(r.ID)
	got, err := a.ReviseOrder(t.Context(), r.ID, order("K", 6))
	require.NoError(t, err)
	require.Equal(t, 5, got.Revision)
	require.Equal(t, erp.StateConfirmed, got.State)
}

func TestTimestamps(t *testing.T) {
	books, a := open(t, nil)
	r, err := a.PushOrder(t.Context(), order("K", 1))
	require.NoError(t, err)
	books.Confirm(r.ID)
	d, _ := books.Order(r.ID)
	require.Equal(t, "2026-01-05T08:00:00Z", d.Created.Format(time.RFC3339))
	require.Equal(t, "2026-01-05T08:00:01Z", d.Written.Format(time.RFC3339))
	require.Equal(t, int64(2), d.Version)

	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	books, a = open(t, &memerp.Options{Now: func() time.Time { return noon }})
	_, err = a.PushOrder(t.Context(), order("K", 1))
	require.NoError(t, err)
	require.Equal(t, noon, books.Orders()[0].Created)
}

func TestInspectionSharesNothing(t *testing.T) {
	books, a := open(t, nil)
	o := order("K", 1)
	r, err := a.PushOrder(t.Context(), o)
	require.NoError(t, err)
	o.Lines[0].SKU = "x"
	books.Orders()[0].Order.Lines[0].SKU = "y"
	d, _ := books.Order(r.ID)
	d.Order.Lines[0].SKU = "z"
	r.Totals.Net = decimal.Zero
	d, _ = books.Order(r.ID)
	require.Equal(t, "00120", d.Order.Lines[0].SKU)
	require.False(t, d.Totals.Net.IsZero())
}

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		fault memerp.Fault
		class erp.Class
		docs  int
	}{
		{memerp.NotSent, erp.NotSent, 0},
		{memerp.RequestLost, erp.OutcomeUnknown, 0},
		{memerp.AnswerLost, erp.OutcomeUnknown, 1},
		{memerp.Busy, erp.Retryable, 0},
		{memerp.BadLogin, erp.Auth, 0},
		{memerp.Rival, erp.Duplicate, 1},
		{memerp.Refuse("no"), erp.Rejected, 0},
		{memerp.Ask("sure?"), erp.NeedsConfirmation, 0},
		{memerp.Slow(0), 0, 1},
		{memerp.Drift(decimal.New(1, 0)), 0, 1},
	} {
		books, a := open(t, nil)
		books.Fail(erp.OpPush, 1, c.fault)
		_, err := a.PushOrder(t.Context(), order("K", 1))
		require.Equal(t, c.class, erp.ClassOf(err), "%v", err)
		require.Equal(t, c.docs, books.Count("K"))
		require.Equal(t, 1, books.Calls(erp.OpPush))
		_, err = a.PushOrder(t.Context(), order("next", 1))
		require.NoError(t, err, "one call only")
	}
}

func TestFaultsHappenInOrderPerOperation(t *testing.T) {
	books, a := open(t, nil)
	books.Fail(erp.OpPush, 2, memerp.Refuse("no"))
	books.Fail(erp.OpPush, 1, memerp.Busy)
	books.Fail(erp.OpFind, 1, memerp.AnswerLost)
	_, err := a.FindOrder(t.Context(), "K")
	require.ErrorIs(t, err, erp.ErrNotFound, "there was no answer to lose")
	for _, want := range []error{erp.ErrRejected, erp.ErrRejected, erp.ErrRetryable, nil} {
		_, err := a.PushOrder(t.Context(), order("K", 1))
		require.ErrorIs(t, err, want)
	}
	books.Fail(erp.OpPing, 1, memerp.AnswerLost)
	require.ErrorIs(t, a.Ping(t.Context()), erp.ErrRetryable)
	books.Fail(erp.OpPing, 3, memerp.BadLogin)
	books.Heal()
	require.NoError(t, a.Ping(t.Context()))
}

func TestDriftOfARevision(t *testing.T) {
	books, a := open(t, nil)
	r, err := a.PushOrder(t.Context(), order("K", 1))
	require.NoError(t, err)
	books.Fail(erp.OpRevise, 1, memerp.Drift(decimal.New(1, 0)))
	got, err := a.ReviseOrder(t.Context(), r.ID, order("K", 2))
	require.NoError(t, err)
	require.Equal(t, "77.54", got.Totals.Net.StringFixed(2)) // 43.21 + 33.33 + 1.00
}

func TestSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		books, a := open(t, nil)
		books.Fail(erp.OpPush, 2, memerp.Slow(3*time.Second))
		began := time.Now()
		_, err := a.PushOrder(t.Context(), order("A", 1))
		require.NoError(t, err)
		require.Equal(t, 3*time.Second, time.Since(began))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = a.PushOrder(ctx, order("B", 1))
		require.ErrorIs(t, err, erp.ErrOutcomeUnknown)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Zero(t, books.Count("B"))
	})
}

func TestManyAtOnce(t *testing.T) {
	books, a := open(t, nil)
	books.Fail(erp.OpPush, 20, memerp.Busy)
	var wg sync.WaitGroup
	for g := range 16 {
		wg.Go(func() {
			for i := range 20 {
				key := fmt.Sprintf("K-%d", (g+i)%30)
				r, err := a.PushOrder(t.Context(), order(key, 1))
				if err == nil {
					_, _ = a.ReviseOrder(t.Context(), r.ID, order(key, 2))
					books.Confirm(r.ID)
				}
				_, _ = a.FindOrder(t.Context(), key)
				_ = books.Orders()
			}
		})
	}
	wg.Wait()
	numbers := map[string]bool{}
	for _, d := range books.Orders() {
		require.Equal(t, 1, books.Count(d.Order.Key))
		require.Equal(t, 2, d.Order.Revision)
		numbers[d.Number] = true
	}
	require.Len(t, numbers, len(books.Orders()))
}
