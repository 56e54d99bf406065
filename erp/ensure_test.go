package erp_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

func TestEnsureOrder(t *testing.T) {
	absent := erp.NoSuch(erp.OpFind)
	e := func(c erp.Class, op erp.Op) error { return erp.NewError(c, op, "", nil) }
	for _, c := range []struct {
		name         string
		keys         erp.KeyLookup
		find, push   []error
		want         error
		finds, pushs int
		park         bool
	}{
		{"found at first", erp.LookupByKey, nil, nil, nil, 1, 0, false},
		{"absent, created", erp.LookupByKey, []error{absent}, nil, nil, 1, 1, false},
		{"absent, then a duplicate", erp.LookupByKey, []error{absent}, []error{e(erp.Duplicate, erp.OpPush)}, nil, 2, 1, false},
		{"absent, then a conflict", erp.LookupByKey, []error{absent}, []error{e(erp.Conflict, erp.OpPush)}, nil, 2, 1, false},
		{"a duplicate nobody sees yet", erp.LookupByKey, []error{absent, absent}, []error{e(erp.Duplicate, erp.OpPush)}, erp.ErrRetryable, 2, 1, false},
		{"a conflict over nothing", erp.LookupByKey, []error{absent, absent}, []error{e(erp.Conflict, erp.OpPush)}, erp.ErrConflict, 2, 1, false},
		{"unknown outcome ends the round", erp.LookupByKey, []error{absent}, []error{e(erp.OutcomeUnknown, erp.OpPush)}, erp.ErrOutcomeUnknown, 1, 1, false},
		{"refused", erp.LookupByKey, []error{absent}, []error{e(erp.Rejected, erp.OpPush)}, erp.ErrRejected, 1, 1, false},
		{"no push when the look-up failed", erp.LookupByKey, []error{e(erp.Contract, erp.OpFind)}, nil, erp.ErrContract, 1, 0, false},
		{"native keys are not looked up", erp.NativeIdempotency, nil, nil, nil, 0, 1, false},
		{"native unknown outcome is no matter for a person", erp.NativeIdempotency, nil, []error{e(erp.OutcomeUnknown, erp.OpPush)}, erp.ErrOutcomeUnknown, 0, 1, false},
		{"blind", erp.Neither, nil, nil, nil, 0, 1, false},
		{"blind and unknown is parked", erp.Neither, nil, []error{e(erp.OutcomeUnknown, erp.OpPush)}, erp.ErrOutcomeUnknown, 0, 1, true},
		{"blind and a foreign error is parked", erp.Neither, nil, []error{errors.New("EOF")}, erp.ErrOutcomeUnknown, 0, 1, true},
		{"blind and busy is not parked", erp.Neither, nil, []error{e(erp.Retryable, erp.OpPush)}, erp.ErrRetryable, 0, 1, false},
		{"a finder that turns out to be none", erp.LookupByKey, []error{e(erp.Unsupported, erp.OpFind)}, []error{e(erp.OutcomeUnknown, erp.OpPush)}, erp.ErrOutcomeUnknown, 1, 1, true},
		{"a duplicate without a finder", erp.LookupByKey, []error{e(erp.Unsupported, erp.OpFind)}, []error{e(erp.Duplicate, erp.OpPush)}, erp.ErrDuplicate, 1, 1, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newScript(map[erp.Op][]error{erp.OpFind: c.find, erp.OpPush: c.push})
			a.desc.Keys = c.keys
			got, err := erp.NewClient(a, &erp.Options{Sleep: noSleep}).EnsureOrder(t.Context(), small("K"))
			if c.want == nil {
				require.NoError(t, err)
				require.Equal(t, "1", got.ID)
			} else {
				require.ErrorIs(t, err, c.want)
				require.Empty(t, got)
				var e *erp.Error
				require.ErrorAs(t, err, &e)
				require.Equal(t, c.park, e.Park)
			}
			require.Equal(t, c.finds, a.calls(erp.OpFind), "look-ups")
			require.Equal(t, c.pushs, a.calls(erp.OpPush), "pushes")
		})
	}
}

func TestResumeOrder(t *testing.T) {
	a := newScript(nil)
	a.desc.Keys = erp.Neither
	_, err := erp.NewClient(a, nil).ResumeOrder(t.Context(), small("K"))
	var e *erp.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, erp.OutcomeUnknown, e.Class)
	require.True(t, e.Park)
	require.Zero(t, a.calls(erp.OpPush))

	bad := small("K")
	bad.Revision = 0
	_, err = erp.NewClient(a, nil).ResumeOrder(t.Context(), bad)
	require.ErrorIs(t, err, erp.ErrInvalidDocument)

	for _, keys := range []erp.KeyLookup{erp.LookupByKey, erp.NativeIdempotency} {
		a := newScript(nil)
		a.desc.Keys = keys
		got, err := erp.NewClient(a, nil).ResumeOrder(t.Context(), small("K"))
		require.NoError(t, err)
		require.Equal(t, "1", got.ID)
	}
}

// A look-up that turns out to be missing at the first question leaves a
// resumed push as blind as one declared so: nothing is sent.
func TestResumeLearnsThatItIsBlind(t *testing.T) {
	a := newScript(map[erp.Op][]error{erp.OpFind: {erp.NotSupported(erp.OpFind)}})
	_, err := erp.NewClient(a, nil).ResumeOrder(t.Context(), small("K"))
	var e *erp.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, erp.OutcomeUnknown, e.Class)
	require.True(t, e.Park)
	require.Zero(t, a.calls(erp.OpPush))
}

// Whatever is lost in whatever round, the ERP ends with one document.
func TestRoundsEndWithOneDocument(t *testing.T) {
	faults := []memerp.Fault{memerp.AnswerLost, memerp.RequestLost, memerp.Busy, memerp.NotSent, memerp.Rival}
	for _, keys := range []memerp.Keys{memerp.UniqueKeys, memerp.IdempotentKeys} {
		for _, first := range faults {
			for _, second := range faults {
				for _, look := range faults {
					books := memerp.New(&memerp.Options{Keys: keys})
					books.Fail(erp.OpPush, 1, first)
					books.Fail(erp.OpPush, 1, second)
					books.Fail(erp.OpFind, 1, look)
					c := erp.NewClient(books.Adapter(), &erp.Options{Sleep: noSleep})
					var err error
					for range 4 {
						if _, err = c.EnsureOrder(t.Context(), small("K")); err == nil {
							break
						}
					}
					require.NoError(t, err)
					require.Equal(t, 1, books.Count("K"), "%v %v %v", first, second, look)
				}
			}
		}
	}
}

func TestReconciles(t *testing.T) {
	for keys, want := range map[erp.KeyLookup]bool{erp.Neither: false, erp.LookupByKey: true, erp.NativeIdempotency: true} {
		a := newScript(map[erp.Op][]error{erp.OpFind: {erp.NotSupported(erp.OpFind)}})
		a.desc.Keys = keys
		c := erp.NewClient(a, nil)
		require.Equal(t, want, c.Reconciles(), keys)
		_, err := c.FindOrder(t.Context(), "K")
		require.ErrorIs(t, err, erp.ErrUnsupported)
		require.Equal(t, keys == erp.NativeIdempotency, c.Reconciles(), keys)
	}
}

func TestKeyLookupNames(t *testing.T) {
	require.Equal(t, "neither lookup_by_key native_idempotency",
		erp.Neither.String()+" "+erp.LookupByKey.String()+" "+erp.NativeIdempotency.String())
}
