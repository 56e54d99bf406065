package uow_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/uow"
)

// runner counts and runs closures over a number.
type runner struct{ views, updates int }

func (r *runner) View(ctx context.Context, fn func(context.Context, int) error) error {
	r.views++
	return fn(uow.Mark(ctx), 42)
}

func (r *runner) Update(ctx context.Context, fn func(context.Context, int) error) error {
	r.updates++
	return fn(uow.Mark(ctx), 42)
}

func TestNarrowAskAndDo(t *testing.T) {
	r := &runner{}
	n := uow.Narrow(r, func(w int) string { return strings.Repeat("x", w) })
	got, err := uow.Ask(t.Context(), n, func(ctx context.Context, tx string) (int, error) {
		require.True(t, uow.Marked(ctx))
		return len(tx), nil
	})
	require.NoError(t, err)
	require.Equal(t, 42, got)
	got, err = uow.Do(t.Context(), n, func(context.Context, string) (int, error) { return 7, errors.New("no") })
	require.Error(t, err)
	require.Zero(t, got, "a value beside an error is not handed out")
	_, err = uow.Ask(t.Context(), n, func(context.Context, string) (int, error) { return 7, errors.New("no") })
	require.Error(t, err)
	require.Equal(t, runner{views: 2, updates: 1}, *r)
	require.False(t, uow.Marked(t.Context()))
}

func TestConflictCarriesBothVersions(t *testing.T) {
	err := uow.Conflict("cart", "c1", 3, 5)
	require.ErrorIs(t, err, uow.ErrVersion)
	require.Equal(t, fault.Conflict, fault.KindOf(err))
	var f *fault.Error
	require.ErrorAs(t, err, &f)
	require.Equal(t, uow.VersionConflict{Kind: "cart", ID: "c1", Want: 3, Found: 5}, f.Data())
}

// keys is a Keys in a map.
type keys map[string]*entry

type entry struct {
	input  [sha256.Size]byte
	result []byte
}

func (k keys) Reserve(_ context.Context, scope, key string, input [sha256.Size]byte) ([]byte, error) {
	e, ok := k[scope+"\x00"+key]
	if !ok {
		k[scope+"\x00"+key] = &entry{input: input}
		return nil, nil
	}
	if e.input != input {
		return nil, uow.ErrKeyReused
	}
	return e.result, nil
}

func (k keys) Fulfil(_ context.Context, scope, key string, result []byte) error {
	k[scope+"\x00"+key].result = result
	return nil
}

type result struct {
	N int `json:"n"`
}

func TestOnce(t *testing.T) {
	k, ran := keys{}, 0
	do := func(scope, key string, input any) (result, error) {
		return uow.Once(t.Context(), k, scope, key, input, func() (result, error) {
			ran++
			return result{ran}, nil
		})
	}
	first, err := do("a", "k", "in")
	require.NoError(t, err)
	again, err := do("a", "k", "in")
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Equal(t, 1, ran)
	_, err = do("a", "k", "other")
	require.ErrorIs(t, err, uow.ErrKeyReused)
	other, err := do("b", "k", "other")
	require.NoError(t, err)
	require.Equal(t, result{2}, other, "scopes are apart")
	for range 2 {
		_, err = do("a", "", "in")
		require.NoError(t, err)
	}
	require.Equal(t, 4, ran, "without a key it always runs")
	_, err = do("a", strings.Repeat("x", uow.MaxKey+1), "in")
	require.ErrorIs(t, err, uow.ErrKeyLong)
	_, err = do("a", "k2", make(chan int))
	require.Error(t, err)
}

func TestPageSize(t *testing.T) {
	require.Equal(t, uow.DefaultPage, uow.PageRequest{}.Size())
	require.Equal(t, 7, uow.PageRequest{Limit: 7}.Size())
}

func TestEmptyPage(t *testing.T) {
	require.Equal(t, uow.Page[int]{}, uow.EmptyPage[int](uow.PageRequest{After: "x", Limit: 3}))
	require.Equal(t, uow.Page[int]{Total: &uow.Total{}}, uow.EmptyPage[int](uow.PageRequest{Count: true}))
}
