package testtryton_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/internal/testtryton"
)

// Two servers have the same to begin with and share nothing from then on.
func TestInstancesAreApart(t *testing.T) {
	t.Parallel()
	a, b := testtryton.Start(t, nil), testtryton.Start(t, nil)
	require.NotEqual(t, a.Address, b.Address)
	before, err := b.Search(t.Context(), "sale.sale")
	require.NoError(t, err)
	require.Empty(t, before)
	id := entered(t, a.Client, testtryton.Item{"KETTLE-1", "1"})
	here, err := a.Search(t.Context(), "sale.sale")
	require.NoError(t, err)
	require.Equal(t, []int{id}, here)
	there, err := b.Search(t.Context(), "sale.sale")
	require.NoError(t, err)
	require.Empty(t, there)
}

// A server that was killed answers nobody, and has all it had when it runs again
// at the same address; sessions outlive it.
func TestKillAndRestart(t *testing.T) {
	t.Parallel()
	in := testtryton.Start(t, nil)
	address := in.Address
	id := entered(t, in.Client, testtryton.Item{"KETTLE-1", "1"})
	require.NoError(t, in.Confirm(t.Context(), id))
	before := sale(t, in.Client, id)
	in.Kill()
	in.Kill() // again changes nothing
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	_, err := in.Version(ctx)
	require.Error(t, err)
	require.NoError(t, ctx.Err(), "it was refused, not late")

	require.NoError(t, in.Restart())
	require.Equal(t, before, sale(t, in.Client, id))
	require.Equal(t, address, in.Address)
	connector, err := testtryton.NewClient(in.Address)
	require.NoError(t, err)
	_, err = connector.Deliver(t.Context(), id)
	require.Error(t, err, "an adapter's user ships nothing")
	require.NoError(t, in.Restart(), "one that runs is killed before")
	require.Equal(t, before, sale(t, in.Client, id))
}

// What is asked for beside is in force: one wrong password is one too many, and
// sessions lapse after some seconds, which leaves a busy machine the time to use
// them. The client then logs in again by itself.
func TestStartWithConfiguration(t *testing.T) {
	t.Parallel()
	in := testtryton.Start(t, &testtryton.Options{Config: "[session]\nmax_attempt = 0\nmax_age = 5\n"})
	_, err := in.Call(t.Context(), "model.ir.date.today")
	require.NoError(t, err)
	lapsed := time.After(5100 * time.Millisecond)

	const user = "tryton://connector:"
	wrong, err := testtryton.NewClient(user + "x" + in.Address[len(user):])
	require.NoError(t, err)
	kinds := []string{}
	for range 2 {
		_, err := wrong.Call(t.Context(), "model.ir.date.today")
		var refused *testtryton.Error
		require.True(t, errors.As(err, &refused), "%v", err)
		kinds = append(kinds, refused.Kind)
	}
	require.Equal(t, []string{"HTTP 401", "HTTP 429"}, kinds)

	<-lapsed
	_, err = in.Call(t.Context(), "model.ir.date.today")
	require.NoError(t, err)
}
