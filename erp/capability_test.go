package erp_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

// some has two capabilities by its methods and takes one back.
type some struct{ without []erp.Op }

func (some) Describe() erp.Description { return about }
func (s some) Has(op erp.Op) bool      { return !slices.Contains(s.without, op) }
func (some) Ping(ctx ctx) error        { return nil }
func (some) FindPayment(ctx ctx, _ string) (erp.DocReceipt, error) {
	return erp.DocReceipt{ID: "1"}, nil
}

func TestHas(t *testing.T) {
	for _, op := range erp.Ops() {
		require.Equal(t, op == erp.OpPing || op == erp.OpFindPayment, erp.Has(some{}, op), op)
		require.Equal(t, op == erp.OpPing, erp.Has(some{[]erp.Op{erp.OpFindPayment}}, op), op)
		require.True(t, erp.Has(memerp.New(nil).Adapter(), op), op)
		require.True(t, erp.Has(erp.NewClient(newScript(nil), nil), op), "the client has every interface: %s", op)
	}
	require.False(t, erp.Has(memerp.New(nil).Adapter(), "make_coffee"))
	_, err := erp.NewClient(some{[]erp.Op{erp.OpFindPayment}}, nil).FindPayment(t.Context(), "K")
	require.ErrorIs(t, err, erp.ErrUnsupported)
}

// Each operation once, and a read is a read: a lost answer of it is Retryable.
func TestOps(t *testing.T) {
	reading := []erp.Op{erp.OpPing, erp.OpFind, erp.OpFindPayment, erp.OpFindInvoice, erp.OpFindMessage, erp.OpListIDs}
	for _, s := range erp.Streams() {
		require.NotEmpty(t, erp.PullOf(s))
		reading = append(reading, erp.PullOf(s))
	}
	require.Empty(t, erp.PullOf("rumours"))
	seen := map[erp.Op]bool{}
	for _, op := range erp.Ops() {
		require.False(t, seen[op], op)
		seen[op] = true
		want := erp.OutcomeUnknown
		if slices.Contains(reading, op) {
			want = erp.Retryable
		}
		require.Equal(t, want, erp.Lost(op, nil).Class, op)
	}
	require.Len(t, seen, 23)
	require.Equal(t, erp.OutcomeUnknown, erp.Lost("make_coffee", nil).Class, "who knows")
}
