package comptoir_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir"
	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/blob/fileblob"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/thread"
)

// What an order or a message names stays; what nobody saved goes once it is
// old enough. An order takes no file that is not there.
func TestFilesThatNobodyNamesAreSwept(t *testing.T) {
	ctx, now := t.Context(), time.Now()
	files, err := fileblob.Open(t.TempDir(), nil)
	require.NoError(t, err)
	defer func() { require.NoError(t, files.Close()) }()
	st := memstore.New(nil)
	defer func() { require.NoError(t, st.Close()) }()
	stocked(t, st)
	c, err := comptoir.Open(ctx, st, &comptoir.Options{Settings: settings(), Blobs: files})
	require.NoError(t, err)
	k, err := c.For("fr")
	require.NoError(t, err)
	put := func(text string) blob.File {
		s, err := files.Put(ctx, "fr", strings.NewReader(text))
		require.NoError(t, err)
		return blob.File{Hash: s.Hash, Size: s.Size, Name: text + ".txt", Media: "text/plain"}
	}
	plan, photo, lost := put("plan"), put("photo"), put("lost")
	p := offered(t, k, "Kitchen")
	r, err := k.Orders.Place(ctx, bruno, order.PlaceInput{Cart: p.Cart.ID, Seal: p.Quote.Seal})
	require.NoError(t, err)
	_, err = k.Orders.Attach(ctx, bruno, order.AttachInput{Order: r.Order, Files: []order.NewFile{{File: plan}}})
	require.NoError(t, err)
	_, err = k.Orders.Post(ctx, bruno, order.PostInput{Doc: order.DocOf(r.Order), PostInput: thread.PostInput{Text: "see", Files: []blob.File{photo}}})
	require.NoError(t, err)
	_, err = k.Orders.Attach(ctx, bruno, order.AttachInput{Order: r.Order, Files: []order.NewFile{{File: blob.File{Hash: blob.HashOf([]byte("never put")), Size: 9, Name: "x"}}}})
	require.ErrorIs(t, err, order.ErrInvalid)

	n, err := k.SweepFiles(ctx, now.Add(-time.Hour))
	require.NoError(t, err)
	require.Zero(t, n, "all of it is young")
	n, err = k.SweepFiles(ctx, now.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, 1, n)
	_, err = files.Open(ctx, "fr", lost.Hash)
	require.ErrorIs(t, err, blob.ErrNotFound)
	for _, f := range []blob.File{plan, photo} {
		r, err := files.Open(ctx, "fr", f.Hash)
		require.NoError(t, err)
		require.NoError(t, r.Close())
	}
}
