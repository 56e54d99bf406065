package order_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/order"
)

func TestAdvanceManyAnswersForEachOrder(t *testing.T) {
	s := newShop(t, nil)
	a, b, c := s.placed(buyer), s.inState(order.Validated), s.placed(stranger)
	got, err := s.orders.AdvanceMany(s.ctx, operator, order.Validate, "", []order.Target{{Order: c.ID}, {Order: "nobody's"}, {Order: b.ID}, {Order: a.ID}})
	require.NoError(t, err)
	require.Len(t, got, 4)
	require.Equal(t, order.Outcome{Order: c.ID, Ref: c.Ref, State: order.Validated, Version: c.Version + 1}, got[0])
	require.Equal(t, order.ID("nobody's"), got[1].Order)
	require.ErrorIs(t, got[1].Err, order.ErrNotFound)
	require.ErrorIs(t, got[2].Err, fsm.ErrIllegalTransition)
	require.Equal(t, order.Outcome{Order: a.ID, Ref: a.Ref, State: order.Validated, Version: a.Version + 1}, got[3])
	require.Equal(t, order.Validated, s.get(a.ID).State)

	none, err := s.orders.AdvanceMany(s.ctx, operator, order.Validate, "", nil)
	require.NoError(t, err)
	require.Empty(t, none)
}

func TestAdvanceManyRefusesTheWholeCall(t *testing.T) {
	s := newShop(t, &order.Options{MaxBulk: 3})
	a, b := s.placed(buyer), s.placed(buyer)
	_, err := s.orders.AdvanceMany(s.ctx, operator, order.Validate, "", []order.Target{{Order: a.ID}, {Order: b.ID}, {Order: a.ID}, {Order: "x"}})
	require.ErrorIs(t, err, order.ErrInvalid)
	var codes []string
	for _, i := range fault.IssuesOf(err) {
		codes = append(codes, i.Code)
	}
	require.Equal(t, []string{"too_many", "repeated"}, codes, "all that is wrong is named at once")
	require.Equal(t, order.Awaiting, s.get(b.ID).State, "nothing happened")
	got, err := s.orders.AdvanceMany(s.ctx, operator, order.Validate, "", []order.Target{{Order: a.ID}, {Order: b.ID}, {Order: "x"}})
	require.NoError(t, err)
	require.Len(t, got, 3)
}

func TestAdvanceManyStopsWithItsContext(t *testing.T) {
	s := newShop(t, nil)
	a := s.placed(buyer)
	ctx, cancel := context.WithCancel(s.ctx)
	cancel()
	got, err := s.orders.AdvanceMany(ctx, operator, order.Validate, "", []order.Target{{Order: a.ID}})
	require.NoError(t, err)
	require.ErrorIs(t, got[0].Err, context.Canceled)
	require.Equal(t, order.Awaiting, s.get(a.ID).State)
}

func TestDeleteManyAnswersForEachOrder(t *testing.T) {
	s := newShop(t, nil)
	a, b, c := s.placed(buyer), s.inState(order.Validated), s.placed(stranger)
	got, err := s.orders.DeleteMany(s.ctx, buyer, "cleaning up", []order.Target{{Order: a.ID}, {Order: b.ID}, {Order: c.ID}})
	require.NoError(t, err)
	require.NoError(t, got[0].Err)
	require.ErrorIs(t, got[1].Err, order.ErrLocked)
	require.ErrorIs(t, got[2].Err, order.ErrNotFound)
	_, err = s.orders.Get(s.ctx, operator, a.ID)
	require.ErrorIs(t, err, order.ErrNotFound)
	got, err = s.orders.DeleteMany(s.ctx, access.Actor{}, "", []order.Target{{Order: c.ID}})
	require.NoError(t, err)
	require.ErrorIs(t, got[0].Err, order.ErrNotFound, "the zero actor sees nothing")
}
