package erp_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/fault"
)

func TestEveryClassHasItsKindCodeAndError(t *testing.T) {
	for _, c := range []struct {
		class erp.Class
		name  string
		kind  fault.Kind
		code  string
		is    error
	}{
		{erp.NotSent, "not_sent", fault.Unavailable, "erp.not_sent", erp.ErrNotSent},
		{erp.Retryable, "retryable", fault.Unavailable, "erp.unavailable", erp.ErrRetryable},
		{erp.OutcomeUnknown, "outcome_unknown", fault.UnknownOutcome, "erp.outcome_unknown", erp.ErrOutcomeUnknown},
		{erp.Rejected, "rejected", fault.Precondition, "erp.rejected", erp.ErrRejected},
		{erp.NeedsConfirmation, "needs_confirmation", fault.Precondition, "erp.needs_confirmation", erp.ErrNeedsConfirmation},
		{erp.Duplicate, "duplicate", fault.Exists, "erp.duplicate", erp.ErrDuplicate},
		{erp.Conflict, "conflict", fault.Conflict, "erp.conflict", erp.ErrConflict},
		{erp.NotFound, "not_found", fault.NotFound, "erp.not_found", erp.ErrNotFound},
		{erp.Auth, "auth", fault.Forbidden, "erp.auth", erp.ErrAuth},
		{erp.Contract, "contract", fault.Internal, "erp.contract", erp.ErrContract},
		{erp.Unsupported, "unsupported", fault.Unsupported, "erp.unsupported", erp.ErrUnsupported},
		{erp.Class(77), "class(77)", fault.Internal, "erp.contract", erp.ErrContract},
	} {
		err := fmt.Errorf("relay: %w", erp.NewError(c.class, erp.OpPush, "words", errors.New("cause")))
		require.Equal(t, c.name, c.class.String())
		require.Equal(t, c.kind, fault.KindOf(err), c.name)
		require.Equal(t, c.code, fault.CodeOf(err), c.name)
		require.ErrorIs(t, err, c.is, c.name)
		require.Equal(t, c.class, erp.ClassOf(err), c.name)
		require.Equal(t, "relay: "+c.code+": push_order: words: cause", err.Error())
	}
	require.NotErrorIs(t, erp.Reject(erp.OpPush, "no"), erp.ErrConflict)
	require.NotErrorIs(t, erp.Reject(erp.OpPush, "no"), context.Canceled)
}

func TestClassOfErrorsOfAnotherMake(t *testing.T) {
	for _, c := range []struct {
		err  error
		want erp.Class
	}{
		{nil, 0},
		{context.Canceled, erp.OutcomeUnknown},
		{fmt.Errorf("post: %w", context.DeadlineExceeded), erp.OutcomeUnknown},
		{errors.New("EOF"), erp.OutcomeUnknown},
		{fault.Define(fault.Invalid, "x.invalid", ""), erp.Rejected},
		{fault.Define(fault.Precondition, "x.pre", ""), erp.Rejected},
		{fault.Define(fault.NotFound, "x.nf", ""), erp.NotFound},
		{fault.Define(fault.Exists, "x.ex", ""), erp.Duplicate},
		{fault.Define(fault.Conflict, "x.co", ""), erp.Conflict},
		{fault.Define(fault.Forbidden, "x.fo", ""), erp.Auth},
		{fault.Define(fault.Unavailable, "x.un", ""), erp.Retryable},
		{fault.Define(fault.Unsupported, "x.us", ""), erp.Unsupported},
		{fault.Define(fault.UnknownOutcome, "x.uo", ""), erp.OutcomeUnknown},
		{fault.Define(fault.Internal, "x.in", ""), erp.Contract},
	} {
		require.Equal(t, c.want, erp.ClassOf(c.err), "%v", c.err)
	}
}

func TestLostDependsOnWhatItDid(t *testing.T) {
	for _, op := range []erp.Op{erp.OpPush, erp.OpRevise, erp.OpCancel, erp.OpAdvance, "some_new_write"} {
		require.ErrorIs(t, erp.Lost(op, nil), erp.ErrOutcomeUnknown, op)
	}
	for _, op := range []erp.Op{erp.OpFind, erp.OpPing} {
		require.ErrorIs(t, erp.Lost(op, nil), erp.ErrRetryable, op)
	}
}

func TestRedact(t *testing.T) {
	for in, want := range map[string]string{
		"":                                 "",
		"The credit limit is exceeded.":    "The credit limit is exceeded.",
		"two\nlines\t\x00and\x1b[31m more": "two lines and [31m more",
		`Post "https://sync:hunter2@erp.example/db": EOF`: `Post "https://***@erp.example/db": EOF`,
		"Authorization: Bearer abc.def-ghi":               "Authorization: Bearer ***",
		"Authorization: Session c3luYzo1OmFiYw==":         "Authorization: Session ***",
		`{"login":"sync","password":"hunter2","db":1}`:    `{"login":"sync","password":***,"db":1}`,
		"api_key=12345&x=1":                               "api_key=***&x=1",
		"pwd: hunter2, host: h":                           "pwd: ***, host: h",
		"session_id='a b'":                                "session_id=***",
		`{"password": "a\"b c","x":1}`:                    `{"password": ***,"x":1}`,
		"<login>u</login><password>hunter 2</password>ok": "<login>u</login><password>***</password>ok",
		"bad \xff byte":                                   "bad byte",
		"sent bearer 0123456789abcdef0123":                "sent bearer ***",
		"Session expired, token revoked.":                 "Session expired, token revoked.",
		"The token of the machine is worn out.":           "The token of the machine is worn out.",
	} {
		require.Equal(t, want, erp.Redact(in))
	}
	long := erp.Redact(strings.Repeat("é", 2*erp.TextMax))
	require.Equal(t, erp.TextMax+1, utf8.RuneCountInString(long))
	require.True(t, strings.HasSuffix(long, "…"))
}

// Neither the text nor the cause of an error brings a secret into a log.
func TestErrorsHideSecrets(t *testing.T) {
	cause := errors.New(`Post "http://u:hunter2@h/": password=hunter2`)
	err := erp.NewError(erp.Rejected, erp.OpPush, "password=hunter2", cause)
	require.NotContains(t, err.Error(), "hunter2")
	require.NotContains(t, err.Text, "hunter2")
	require.ErrorIs(t, err, cause)

	raw := &erp.Error{Class: erp.Rejected, Op: erp.OpPush, Text: "password=hunter2"}
	a := newScript(map[erp.Op][]error{erp.OpPush: {raw}})
	_, got := erp.NewClient(a, nil).PushOrder(t.Context(), small("K"))
	require.NotContains(t, got.Error(), "hunter2", "the client redacts what an adapter did not")
}

func FuzzRedact(f *testing.F) {
	f.Add("password=hunter2")
	f.Add("https://a:b@c/\xff\n")
	f.Fuzz(func(t *testing.T, s string) {
		got := erp.Redact(s)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > erp.TextMax+1 || strings.ContainsAny(got, "\n\r\x00") {
			t.Fatalf("%q", got)
		}
		if again := erp.Redact(got); utf8.RuneCountInString(got) <= erp.TextMax && again != got {
			t.Fatalf("not stable: %q then %q", got, again)
		}
	})
}
