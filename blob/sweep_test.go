package blob_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/blob/fileblob"
)

var later = time.Unix(1<<40, 0)

// Five blobs; the document store goes away after two answers.
func TestASweepThatCannotAskRemovesNothingMore(t *testing.T) {
	files, err := fileblob.Open(t.TempDir(), nil)
	require.NoError(t, err)
	defer files.Close()
	for i := range 5 {
		_, err := files.Put(t.Context(), "fr", strings.NewReader(strings.Repeat("x", i)))
		require.NoError(t, err)
	}
	away, asked := errors.New("the store of documents is away"), 0
	n, err := blob.Sweep(t.Context(), files, "fr", func(context.Context, blob.Hash) (bool, error) {
		if asked++; asked > 2 {
			return false, away
		}
		return false, nil
	}, later)
	require.ErrorIs(t, err, away)
	require.Equal(t, 2, n)
	left, err := files.List(t.Context(), "fr", "", 10)
	require.NoError(t, err)
	require.Len(t, left, 3)

	ctx, cancel := context.WithCancel(t.Context())
	n, err = blob.Sweep(ctx, files, "fr", func(context.Context, blob.Hash) (bool, error) { cancel(); return true, nil }, later)
	require.ErrorIs(t, err, context.Canceled)
	require.Zero(t, n)
	_, err = blob.Sweep(t.Context(), files, "no/tenant", nil, later)
	require.ErrorIs(t, err, blob.ErrTenant)
}

// A document that is saved while the sweep asks is no reason to lose its file:
// it was put again a moment before.
func TestASweepLosesNothingThatWasPutInBetween(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	files, err := fileblob.Open(t.TempDir(), &fileblob.Options{Now: func() time.Time { return now }})
	require.NoError(t, err)
	defer files.Close()
	_, err = files.Put(t.Context(), "fr", strings.NewReader("plan"))
	require.NoError(t, err)
	now = now.AddDate(0, 1, 0)
	n, err := blob.Sweep(t.Context(), files, "fr", func(ctx context.Context, _ blob.Hash) (bool, error) {
		_, err := files.Put(ctx, "fr", strings.NewReader("plan")) // and its document is saved after our question
		return false, err
	}, now.AddDate(0, 0, -2))
	require.NoError(t, err)
	require.Zero(t, n)
	r, err := files.Open(t.Context(), "fr", blob.HashOf([]byte("plan")))
	require.NoError(t, err)
	require.NoError(t, r.Close())
}

func TestASweepAsksOnlyAboutWhatIsOld(t *testing.T) {
	files, err := fileblob.Open(t.TempDir(), nil)
	require.NoError(t, err)
	defer files.Close()
	for i := range 3 {
		_, err := files.Put(t.Context(), "fr", strings.NewReader(fmt.Sprint(i)))
		require.NoError(t, err)
	}
	n, err := blob.Sweep(t.Context(), files, "fr", func(context.Context, blob.Hash) (bool, error) {
		t.Error("asked about a blob that is too young to go")
		return false, nil
	}, time.Unix(0, 0))
	require.NoError(t, err)
	require.Zero(t, n)
}
