package order_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/thread"
	"github.com/comptoir-go/comptoir/uow"
)

func (s *shop) attach(a access.Actor, o order.Order, files ...order.NewFile) order.Order {
	s.t.Helper()
	got, err := s.orders.Attach(s.ctx, a, order.AttachInput{Order: o.ID, Files: files})
	require.NoError(s.t, err)
	return got
}

// A14 O14: several files are stored with the save, all or none.
func TestAttachStoresAllWithTheSaveOrNothing(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	s.events(event.Facts)
	onLine := file("line.pdf")
	onLine.Line, onLine.Note = o.Lines[1].ID, "front side"
	got := s.attach(buyer, o, file("a.pdf"), onLine)
	require.Equal(t, o.Version+1, got.Version)
	require.Len(t, got.Files, 2)
	require.Equal(t, order.File{ID: got.Files[1].ID, File: onLine.File, Line: o.Lines[1].ID, Note: "front side", By: buyer.Stamp(), At: s.clock()}, got.Files[1])
	require.NotEqual(t, got.Files[0].ID, got.Files[1].ID)
	require.True(t, s.attach(operator, o, file("b.pdf")).Files[2].Seller)
	require.Equal(t, []string{"order.attached", "order.attached"}, types(s.events(event.Facts), "order."))

	bad := file("../x")
	bad.Line, bad.Note = "none", "a\a"
	before := s.get(o.ID)
	_, err := s.orders.Attach(s.ctx, buyer, order.AttachInput{Order: o.ID, Files: []order.NewFile{file("fine.pdf"), bad, {}}})
	require.ErrorIs(t, err, order.ErrInvalid)
	require.Equal(t, []string{"files[1].name name.path", "files[1].note text.control", "files[1].line unknown",
		"files[2].hash hash.shape", "files[2].name required"}, issues(err))
	_, err = s.orders.Attach(s.ctx, buyer, order.AttachInput{Order: o.ID})
	require.Equal(t, []string{"files required"}, issues(err))
	require.Equal(t, before, s.get(o.ID))
}

func TestWhoAttachesWhatAndWhen(t *testing.T) {
	s := newShop(t, nil)
	for _, st := range everyState {
		o := s.inState(st)
		over := st == order.Rejected || st == order.Cancelled || st == order.Closed
		for _, a := range []access.Actor{buyer, operator} {
			_, err := s.orders.Attach(s.ctx, a, order.AttachInput{Order: o.ID, Files: []order.NewFile{file("x")}})
			if over {
				require.ErrorIs(t, err, order.ErrPhase, st)
			} else {
				require.NoError(t, err, st)
			}
		}
		_, err := s.orders.Attach(s.ctx, operator, order.AttachInput{Order: o.ID, Files: []order.NewFile{secretFile("x")}})
		require.NoError(t, err, "internal files at any time: %s", st)
	}
	o := s.placed(buyer)
	in := order.AttachInput{Order: o.ID, Files: []order.NewFile{secretFile("x")}}
	_, err := s.orders.Attach(s.ctx, buyer, in)
	require.ErrorIs(t, err, access.ErrForbidden)
	in.Files[0].Internal = false
	for _, a := range []access.Actor{actorOf(access.Accountant), machine} {
		_, err = s.orders.Attach(s.ctx, a, in)
		require.ErrorIs(t, err, access.ErrForbidden)
	}
	_, err = s.orders.Attach(s.ctx, stranger, in)
	require.ErrorIs(t, err, order.ErrNotFound)
	require.Empty(t, s.get(o.ID).Files)

	many := make([]order.NewFile, order.MaxFiles)
	for i := range many {
		many[i] = file(fmt.Sprint(i))
	}
	s.attach(buyer, o, many...)
	_, err = s.orders.Attach(s.ctx, buyer, in)
	require.ErrorIs(t, err, order.ErrFull)
}

func TestDetach(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	o = s.attach(buyer, o, file("mine.pdf"), file("certified.pdf"), file("other.pdf"))
	o = s.attach(operator, o, file("theirs.pdf"), secretFile("secret.pdf"))
	id := func(i int) []order.FileID { return []order.FileID{o.Files[i].ID} }
	detach := func(a access.Actor, files ...order.FileID) error {
		_, err := s.orders.Detach(s.ctx, a, order.DetachInput{Order: o.ID, Files: files})
		return err
	}
	_, err := s.orders.Certify(s.ctx, operator, order.CertifyInput{Order: o.ID, Files: id(1)})
	require.NoError(t, err)

	require.Equal(t, []string{"files[0] unknown"}, issues(detach(buyer, id(4)...)), "what one does not see is not there")
	require.Equal(t, []string{"files[1] repeated", "files[2] unknown"}, issues(detach(buyer, o.Files[0].ID, o.Files[0].ID, "none")))
	require.Equal(t, []string{"files required"}, issues(detach(buyer)))
	require.ErrorIs(t, detach(buyer, id(1)...), access.ErrForbidden, "certified")
	require.ErrorIs(t, detach(buyer, o.Files[0].ID, o.Files[3].ID), access.ErrForbidden, "the seller's")
	require.ErrorIs(t, detach(actorOf(access.Accountant), id(0)...), access.ErrForbidden)
	require.Len(t, s.get(o.ID).Files, 5, "nothing of it happened")

	require.NoError(t, detach(designer, id(0)...), "a colleague's, on the same side")
	s.advance(operator, o.ID, order.Validate)
	require.ErrorIs(t, detach(buyer, id(2)...), order.ErrLocked)
	s.advance(machine, o.ID, order.Confirm)
	s.advance(machine, o.ID, order.Close)
	require.NoError(t, detach(operator, o.Files[1].ID, o.Files[2].ID, o.Files[3].ID, o.Files[4].ID))
	got := s.get(o.ID)
	require.Empty(t, got.Files)
	last := got.History[len(got.History)-1]
	require.Equal(t, []any{"detached", "secret.pdf", true}, []any{last.What, last.Note, last.Internal})
}

// A18 R9: production files are certified by the seller's side.
func TestCertify(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	o = s.attach(buyer, o, file("a.pdf"), file("b.pdf"))
	certify := func(a access.Actor, withdraw bool, files ...order.FileID) (order.Order, error) {
		return s.orders.Certify(s.ctx, a, order.CertifyInput{Order: o.ID, Files: files, Withdraw: withdraw})
	}
	_, err := certify(buyer, false, o.Files[0].ID)
	require.ErrorIs(t, err, access.ErrForbidden)
	_, err = certify(operator, false, "none")
	require.Equal(t, []string{"files[0] unknown"}, issues(err))
	first, err := certify(operator, false, o.Files[0].ID)
	require.NoError(t, err)
	require.Equal(t, order.Release{By: operator.Stamp(), At: s.clock()}, *first.Files[0].Certified)
	require.Nil(t, first.Files[1].Certified)
	same, err := certify(admin, false, o.Files[0].ID)
	require.NoError(t, err)
	require.Equal(t, first, same)
	both, err := certify(admin, false, o.Files[0].ID, o.Files[1].ID)
	require.NoError(t, err)
	require.Equal(t, operator.Stamp(), both.Files[0].Certified.By)
	require.Equal(t, admin.Stamp(), both.Files[1].Certified.By)
	back, err := certify(admin, true, o.Files[0].ID, o.Files[1].ID)
	require.NoError(t, err)
	require.Nil(t, back.Files[0].Certified)
	s.advance(operator, o.ID, order.Reject)
	_, err = certify(operator, false, o.Files[0].ID)
	require.ErrorIs(t, err, order.ErrPhase)
}

// shelf is a blob store of one tenant in a map; it counts what is opened and
// says when that happens inside a transaction.
type shelf struct {
	mu       sync.Mutex
	contents map[blob.Hash][]byte
	opened   int
	inside   bool
	err      error
}

func (b *shelf) put(text string) blob.File {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.contents == nil {
		b.contents = map[blob.Hash][]byte{}
	}
	h := blob.HashOf([]byte(text))
	b.contents[h] = []byte(text)
	return blob.File{Hash: h, Size: int64(len(text)), Name: "x.pdf"}
}

func (b *shelf) Open(ctx context.Context, t access.Tenant, h blob.Hash) (io.ReadCloser, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.opened++
	b.inside = b.inside || uow.Marked(ctx)
	content, ok := b.contents[h]
	switch {
	case b.err != nil:
		return nil, b.err
	case !ok || t != "fr":
		return nil, blob.ErrNotFound
	}
	return io.NopCloser(bytes.NewReader(content)), nil
}

func (b *shelf) Put(context.Context, access.Tenant, io.Reader) (blob.Stat, error) {
	return blob.Stat{}, io.ErrUnexpectedEOF
}
func (b *shelf) List(context.Context, access.Tenant, blob.Hash, int) ([]blob.Stat, error) {
	return nil, io.ErrUnexpectedEOF
}
func (b *shelf) Remove(context.Context, access.Tenant, blob.Hash, time.Time) (bool, error) {
	return false, io.ErrUnexpectedEOF
}

// With a blob store what is named has to be there, whole; it is asked between
// transactions, once for each content, and not for those who may not attach.
func TestFilesAreReallyThere(t *testing.T) {
	b := &shelf{}
	s := newShop(t, &order.Options{Blobs: b, Tenant: "fr"})
	o := s.placed(buyer)
	there, wrong := b.put("there"), b.put("wrong size")
	wrong.Size++
	missing := blob.File{Hash: blob.HashOf([]byte("missing")), Size: 7, Name: "m.pdf"}
	attach := func(a access.Actor, files ...blob.File) error {
		in := order.AttachInput{Order: o.ID}
		for _, f := range files {
			in.Files = append(in.Files, order.NewFile{File: f})
		}
		_, err := s.orders.Attach(s.ctx, a, in)
		return err
	}
	require.Equal(t, []string{"files[3].hash hash.shape", "files[1].hash blob.not_found", "files[2].size size.differs"},
		issues(attach(buyer, there, missing, wrong, blob.File{Hash: "no", Name: "n"})))
	require.Empty(t, s.get(o.ID).Files)
	b.opened = 0
	require.NoError(t, attach(buyer, there, there))
	require.Equal(t, 1, b.opened)
	require.NoError(t, attach(buyer, there), "what the order names is known to be there")
	require.Equal(t, 1, b.opened)
	require.ErrorIs(t, attach(stranger, there), order.ErrNotFound)
	require.ErrorIs(t, attach(actorOf(access.Accountant), b.put("new")), access.ErrForbidden)
	require.Equal(t, 1, b.opened, "nobody probes the store who may not attach")
	require.ErrorIs(t, attach(buyer, slices.Repeat([]blob.File{b.put("too many")}, order.MaxFiles+1)...), order.ErrFull)
	require.Equal(t, 1, b.opened, "nor is it asked for more than fits")
	b.err = blob.ErrDamaged
	require.ErrorIs(t, attach(buyer, b.put("damaged")), blob.ErrDamaged)
	b.err = nil

	post := func(a access.Actor, files ...blob.File) error {
		_, err := s.orders.Post(s.ctx, a, order.PostInput{Doc: order.DocOf(o.ID), PostInput: thread.PostInput{Files: files}})
		return err
	}
	require.Equal(t, []string{"files[0].hash blob.not_found"}, issues(post(buyer, missing)))
	require.ErrorIs(t, post(buyer, missing), thread.ErrInvalid)
	require.NoError(t, post(buyer, there))
	require.ErrorIs(t, post(stranger, missing), order.ErrNotFound)
	require.False(t, b.inside)
	require.NoError(t, s.orders.Delete(s.ctx, buyer, order.DeleteInput{Order: o.ID}))
}
