package erpsync_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/order"
)

// What is given up before the relay has brought the order reaches the ERP all
// the same, after the order.
func TestRestGivenUpBeforeTheOrderArrives(t *testing.T) {
	w := newWorld(t, setup{})
	id := w.placed(3, 2)
	w.validate(id)
	w.cancelsRest(id, 0)
	w.sync()
	require.Equal(t, order.Confirmed, w.get(id).State)
	require.Equal(t, order.NotDelivered, w.get(id).Delivered())
	require.Equal(t, quantity("1"), w.get(id).Lines[0].Goods.Cancelled)
	w.inStep()
}

// An order that was confirmed here and never left has no rest to tell of.
func TestRestOfAnOrderThatNeverLeft(t *testing.T) {
	w := newWorld(t, setup{})
	id := w.placed(3, 2)
	w.validate(id)
	w.cancelsRest(id, 0)
	w.fire(operator, id, order.Confirm)
	w.sync()
	require.Empty(t, w.twins(id))
	require.Zero(t, w.depth().Dead)
}
