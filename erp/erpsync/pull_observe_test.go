package erpsync_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/store"
)

// shy is a store of which one reading fails.
type shy struct {
	store.Tenanted
	left int
}

var errShy = errors.New("the store is away")

func (s *shy) View(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	if s.left--; s.left == -1 {
		return errShy
	}
	return s.Tenanted.View(ctx, fn)
}

// Run throws the errors of its steps away: each of them was told to Observe.
func TestWhateverFailsIsTold(t *testing.T) {
	w := newWorld(t, setup{})
	w.sync()
	failed := 0
	for n := range 20 {
		var told error
		p := erpsync.NewPuller(tenant, &shy{w.store, n}, w.allBooks(w.store), w.client, &erpsync.PullOptions{Now: w.clock,
			Observe: func(p erpsync.Pulled) { told = errors.Join(told, p.Err) }})
		if _, err := p.Step(w.ctx); err != nil {
			require.ErrorIs(t, err, errShy)
			require.ErrorIs(t, told, errShy, "reading %d", n)
			failed++
		}
	}
	require.Equal(t, len(w.puller.Streams())+2, failed, "every stream, what is parked, what is used of credit notes")
}
