package fault_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/fault"
)

var (
	errGone  = fault.Define(fault.NotFound, "thing.not_found", "no such thing")
	errInput = fault.Define(fault.Invalid, "thing.invalid", "the thing is not valid")
)

type typed struct{ ID string }

func (e *typed) Error() string       { return "typed " + e.ID }
func (*typed) FaultKind() fault.Kind { return fault.Conflict }
func (*typed) FaultCode() string     { return "thing.typed" }
func wrap(err error) error           { return fmt.Errorf("while testing: %w", err) }
func twice(err error) error          { return wrap(wrap(err)) }
func join(err error) error           { return errors.Join(errors.New("other"), err) }
func nested(err error) error         { return errGone.Because(err) }
func identity(err error) error       { return err }
func wrappers() []func(error) error  { return []func(error) error{identity, wrap, twice, join} }

func TestKindAndCodeSurviveWrapping(t *testing.T) {
	for _, w := range wrappers() {
		require.Equal(t, fault.NotFound, fault.KindOf(w(errGone)))
		require.Equal(t, "thing.not_found", fault.CodeOf(w(errGone)))
		require.ErrorIs(t, w(errGone.With("no %s", "x").Noting(3).Because(errInput)), errGone)
		require.Equal(t, fault.Conflict, fault.KindOf(w(&typed{"a"})))
		require.Equal(t, "thing.typed", fault.CodeOf(w(&typed{"a"})))
	}
	require.NotErrorIs(t, errGone, errInput)
	require.ErrorIs(t, nested(errInput), errInput, "the cause is seen")
	require.Equal(t, fault.NotFound, fault.KindOf(nested(errInput)), "the outer error decides")
}

func TestKindOfOtherErrors(t *testing.T) {
	require.Zero(t, fault.KindOf(nil))
	require.Empty(t, fault.CodeOf(nil))
	require.Equal(t, fault.Internal, fault.KindOf(errors.New("?")))
	require.Equal(t, fault.Unavailable, fault.KindOf(wrap(context.Canceled)))
	require.Equal(t, fault.Unavailable, fault.KindOf(wrap(context.DeadlineExceeded)))
}

func TestEveryKindHasAName(t *testing.T) {
	seen := map[string]bool{}
	for k := fault.Invalid; k <= fault.Internal; k++ {
		require.NotContains(t, k.String(), "kind(")
		require.False(t, seen[k.String()])
		seen[k.String()] = true
	}
	require.Equal(t, "kind(99)", fault.Kind(99).String())
}

func TestErrorsAreImmutable(t *testing.T) {
	before := errGone.Error()
	_ = errGone.With("changed").Because(errInput).Noting("data")
	require.Equal(t, before, errGone.Error())
	require.Nil(t, errGone.Data())
	require.Nil(t, errGone.Unwrap())
}

func TestIssuesAreCollected(t *testing.T) {
	var is fault.Issues
	require.NoError(t, is.Err(errInput))
	is.Add("qty", "positive", "must be above %d", 0)
	is.AddUnder("lines[2]", nil)
	is.AddUnder("lines[2]", is.Err(errInput))
	is.AddUnder("lines[3]", errGone)
	is.AddUnder("lines[4]", errors.New("strange"))
	err := wrap(is.Err(errInput))
	require.Equal(t, []fault.Issue{
		{Path: "qty", Code: "positive", Message: "must be above 0"},
		{Path: "lines[2].qty", Code: "positive", Message: "must be above 0"},
		{Path: "lines[3]", Code: "thing.not_found", Message: "no such thing"},
		{Path: "lines[4]", Code: "internal", Message: "strange"},
	}, fault.IssuesOf(err))
	require.Contains(t, err.Error(), "lines[3]: no such thing (thing.not_found)")

	got := fault.IssuesOf(err)
	got[0].Path = "changed"
	require.Equal(t, "qty", fault.IssuesOf(err)[0].Path, "the slice is the caller's")
	require.Equal(t, 4, len(fault.IssuesOf(errGone.Because(err))), "issues of a cause are found")
	require.Nil(t, fault.IssuesOf(errGone))
	require.Nil(t, fault.IssuesOf(nil))
}

func TestJoin(t *testing.T) {
	for _, c := range [][3]string{{"", "a", "a"}, {"a", "", "a"}, {"a", "b", "a.b"}, {"a", "[1]", "a[1]"}} {
		require.Equal(t, c[2], fault.Join(c[0], c[1]))
	}
}
