package thread_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/thread"
	"github.com/comptoir-go/comptoir/uow"
)

// A21 R65: both sides write on one document, and each message says which side
// it is from.
func TestBothSidesWrite(t *testing.T) {
	d := newDesk(t, nil)
	file := blob.File{Hash: blob.HashOf([]byte("plan")), Size: 4, Name: "plan.pdf"}
	d.said(buyer, "When will it come?")
	m, err := d.post(operator, thread.PostInput{Files: []blob.File{file}})
	require.NoError(t, err, "a file alone is a message")
	require.Equal(t, []blob.File{file}, m.Files)
	for _, a := range []access.Actor{buyer, designer, accountant, operator, admin, machine} {
		got := d.seen(a)
		require.Equal(t, []string{"When will it come?", ""}, texts(got), a.Name)
		require.Equal(t, []bool{false, true}, []bool{got.Messages[0].Seller, got.Messages[1].Seller})
		require.Equal(t, access.PartnerID("nord"), got.Partner)
	}
}

func TestWhoMayReadAndWrite(t *testing.T) {
	d := newDesk(t, nil)
	d.said(buyer, "first")
	nobody := access.Actor{}
	for _, a := range []access.Actor{stranger, nobody, {ID: "x", Partner: "nord"}} {
		_, err := d.read(a)
		require.ErrorIs(t, err, thread.ErrNotFound)
		_, err = d.post(a, thread.PostInput{Text: "hello"})
		require.ErrorIs(t, err, thread.ErrNotFound)
		_, err = d.mark(a, "")
		require.ErrorIs(t, err, thread.ErrNotFound)
		_, err = d.report(a, thread.Incoming{ERP: "1", Text: "x"})
		require.ErrorIs(t, err, thread.ErrNotFound)
	}
	for _, a := range []access.Actor{buyer, designer, accountant} {
		_, err := d.post(a, thread.PostInput{Text: "psst", Internal: true})
		require.ErrorIs(t, err, access.ErrForbidden)
		_, err = d.report(a, thread.Incoming{ERP: "1", Text: "x"})
		require.ErrorIs(t, err, access.ErrForbidden, "only the relay speaks for the ERP")
	}
	_, err := d.report(operator, thread.Incoming{ERP: "1", Text: "x"})
	require.ErrorIs(t, err, access.ErrForbidden)

	mute := access.NewPolicy(access.Grant{Role: access.Purchaser, Scopes: []access.Scope{access.Own}, Actions: []access.Action{access.MessageRead, access.OrderRead}})
	d = newDesk(t, &thread.Options{Policy: mute})
	_, err = d.post(buyer, thread.PostInput{Text: "hello"})
	require.ErrorIs(t, err, access.ErrForbidden)
}

// Whoever works for the seller writes for the seller, even bound to a partner.
func TestASellersPersonIsTheSeller(t *testing.T) {
	d := newDesk(t, nil)
	both := access.Actor{ID: "1", Name: "Both", Partner: "nord", Roles: []access.Role{access.Operator}}
	require.True(t, d.said(both, "x").Seller)
	require.Equal(t, 1, d.seen(buyer).Unread(buyer))
}

// An invoice's correspondence asks for what the invoice itself asks for.
func TestInvoicesHaveTheirOwnReaders(t *testing.T) {
	d := newDesk(t, nil)
	old := doc
	doc = thread.Doc{Kind: thread.OnInvoice, ID: "i-1"}
	defer func() { doc = old }()
	d.said(buyer, "too much")
	require.Len(t, d.seen(accountant).Messages, 1)
	_, err := d.read(designer)
	require.ErrorIs(t, err, thread.ErrNotFound)
	_, err = d.report(machine, thread.Incoming{ERP: "1", Text: "no"})
	require.NoError(t, err)
}

func TestBadMessagesNameEverything(t *testing.T) {
	d := newDesk(t, nil)
	_, err := d.post(buyer, thread.PostInput{Text: strings.Repeat("x", thread.MaxText) + "\a", Files: []blob.File{{Hash: "no", Size: -1, Name: "a/b"}}})
	require.ErrorIs(t, err, thread.ErrInvalid)
	var got []string
	for _, i := range fault.IssuesOf(err) {
		got = append(got, i.Path+" "+i.Code)
	}
	require.Equal(t, []string{"text text.long", "text text.control", "files[0].hash hash.shape", "files[0].size size.negative", "files[0].name name.path"}, got)
	_, err = d.post(buyer, thread.PostInput{Text: " \n"})
	require.ErrorIs(t, err, thread.ErrInvalid)
	_, err = d.post(buyer, thread.PostInput{Text: "x", Files: make([]blob.File, thread.MaxFiles+1)})
	require.Equal(t, "too_many", fault.IssuesOf(err)[0].Code)
	_, err = d.post(buyer, thread.PostInput{Text: strings.Repeat("é", thread.MaxText)})
	require.NoError(t, err, "characters are counted, not bytes")
}

func TestAThreadIsBounded(t *testing.T) {
	d := newDesk(t, &thread.Options{MaxMessages: 2})
	d.said(buyer, "1")
	d.said(operator, "2")
	_, err := d.post(buyer, thread.PostInput{Text: "3"})
	require.ErrorIs(t, err, thread.ErrFull)
	_, err = d.report(machine, thread.Incoming{ERP: "1", Text: "4"})
	require.ErrorIs(t, err, thread.ErrFull)
	require.Equal(t, []string{"1", "2"}, texts(d.seen(buyer)))
}

func TestAKeyPostsOnce(t *testing.T) {
	d := newDesk(t, nil)
	in := thread.PostInput{Key: "click", Text: "once"}
	first, err := d.post(buyer, in)
	require.NoError(t, err)
	again, err := d.post(buyer, in)
	require.NoError(t, err)
	require.Equal(t, first, again)
	in.Text = "other"
	_, err = d.post(buyer, in)
	require.ErrorIs(t, err, uow.ErrKeyReused)
	_, err = d.post(operator, in)
	require.NoError(t, err, "keys are each person's own, one id or not")
	require.Len(t, d.seen(buyer).Messages, 2)
}

// Many write at once: each message is there once, each event has a version of
// its own.
func TestManyWriteAtOnce(t *testing.T) {
	const n = 16
	d := newDesk(t, nil)
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			_, err := d.post(buyer, thread.PostInput{Text: "me"})
			require.NoError(t, err)
		})
	}
	wg.Wait()
	require.Len(t, d.seen(operator).Messages, n)
	versions := map[int64]bool{}
	for _, e := range d.events(event.Facts) {
		versions[e.Version] = true
	}
	require.Len(t, versions, n)
}

// Every message that is not from the ERP is work for the relay, internal ones
// too; events hold no text.
func TestEvents(t *testing.T) {
	d := newDesk(t, nil)
	shared := d.said(buyer, "secret words")
	noted := d.noted(operator, "secret words")
	_, err := d.report(machine, thread.Incoming{ERP: "77", Text: "secret words"})
	require.NoError(t, err)
	_, err = d.mark(buyer, "")
	require.NoError(t, err)
	_, err = d.twin(machine, shared.ID, "78")
	require.NoError(t, err)

	var pushed []thread.MessageID
	for _, e := range d.events(event.ERP) {
		require.Equal(t, "message.push_requested", e.Type)
		require.Equal(t, "thread/order/o-1", e.Subject)
		var p thread.PushRequested
		require.NoError(t, json.Unmarshal(e.Data, &p))
		require.Equal(t, doc.Thread(), p.Thread)
		pushed = append(pushed, p.Message)
	}
	require.Equal(t, []thread.MessageID{shared.ID, noted.ID}, pushed)

	var types []string
	var posted []thread.Posted
	for _, e := range d.events(event.Facts) {
		types = append(types, e.Type)
		require.NotContains(t, string(e.Data), "secret")
		if e.Type == "message.posted" {
			var p thread.Posted
			require.NoError(t, json.Unmarshal(e.Data, &p))
			posted = append(posted, p)
		}
	}
	require.Equal(t, []string{"message.posted", "message.posted", "message.posted", "message.read", "message.linked"}, types)
	require.Equal(t, thread.Posted{Thread: doc.Thread(), Doc: doc, Partner: "nord", Message: noted.ID, By: "1", Seller: true, Internal: true}, posted[1])
	require.True(t, posted[2].ERP)
}
