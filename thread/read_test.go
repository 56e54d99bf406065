package thread_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/thread"
	"github.com/comptoir-go/comptoir/uow"
)

// Internal messages leave no trace on the partner's side: not in messages,
// times, versions or marks.
func TestInternalMessagesLeaveNoTrace(t *testing.T) {
	d := newDesk(t, nil)
	first := d.said(buyer, "shared 1")
	_, err := d.mark(buyer, "")
	require.NoError(t, err)
	before := d.seen(buyer)
	d.noted(operator, "internal")
	_, err = d.mark(operator, "")
	require.NoError(t, err)
	after := d.seen(buyer)
	require.Len(t, after.Read, 2, "the seller's mark shows")
	require.Equal(t, first.ID, after.Read[1].Upto, "as far as the buyer can know")
	after.Read = after.Read[:1]
	require.Equal(t, before, after)
	require.Equal(t, []string{"shared 1", "internal"}, texts(d.seen(admin)))

	d = newDesk(t, nil)
	d.noted(operator, "internal")
	_, err = d.mark(operator, "")
	require.NoError(t, err)
	require.Equal(t, thread.Thread{ID: doc.Thread(), Doc: doc, Partner: "nord"}, d.seen(buyer), "a thread with nothing in it, as if there were none")
	got, err := d.mark(buyer, "")
	require.NoError(t, err)
	require.Empty(t, got.Read)
}

func TestUnreadAndMarks(t *testing.T) {
	d := newDesk(t, nil)
	m1 := d.said(operator, "1")
	m2 := d.said(operator, "2")
	secret := d.noted(operator, "internal")
	d.said(buyer, "3")
	require.Equal(t, 2, d.seen(buyer).Unread(buyer), "one's own and internal ones do not count")
	require.Equal(t, 3, d.seen(designer).Unread(designer))
	require.Equal(t, 1, d.seen(operator).Unread(operator), "the buyer of the same id is somebody else")
	require.Equal(t, 4, d.seen(admin).Unread(admin))

	got, err := d.mark(buyer, m1.ID)
	require.NoError(t, err)
	require.Equal(t, 1, got.Unread(buyer))
	require.Equal(t, 1, d.seen(operator).Unread(operator), "a mark is its reader's")
	_, err = d.mark(buyer, secret.ID)
	require.ErrorIs(t, err, thread.ErrNoMessage)
	_, err = d.mark(buyer, "unknown")
	require.ErrorIs(t, err, thread.ErrNoMessage)
	got, err = d.mark(buyer, "")
	require.NoError(t, err)
	require.Zero(t, got.Unread(buyer))
	full := d.seen(admin)
	got, err = d.mark(buyer, m2.ID)
	require.NoError(t, err)
	require.Zero(t, got.Unread(buyer), "a mark never goes back")
	require.Equal(t, full, d.seen(admin), "and nothing was written")
	d.said(operator, "4")
	require.Equal(t, 1, d.seen(buyer).Unread(buyer))
}

// A thread remembers a bounded number of readers, those that read last.
func TestMarksAreBounded(t *testing.T) {
	d := newDesk(t, nil)
	d.said(operator, "1")
	for i := range 502 {
		a := buyer
		a.ID = access.ActorID(fmt.Sprint("reader-", i))
		_, err := d.mark(a, "")
		require.NoError(t, err)
	}
	got := d.seen(admin)
	require.Len(t, got.Read, 500)
	require.Equal(t, access.ActorID("reader-2"), got.Read[0].Reader)
}

func TestFindShowsEachSideItsOwn(t *testing.T) {
	d := newDesk(t, nil)
	at := func(a access.Actor, of access.Owner, doc thread.Doc, internal bool) {
		t.Helper()
		_, err := run(d, func(ctx context.Context, tx store.Tx) (thread.Message, error) {
			return d.book.PostTx(ctx, tx, a, of, doc, thread.PostInput{Text: "x", Internal: internal})
		})
		require.NoError(t, err)
	}
	o, del, inv, secret := thread.Doc{Kind: "order", ID: "1"}, thread.Doc{Kind: "delivery", ID: "1"}, thread.Doc{Kind: "invoice", ID: "1"}, thread.Doc{Kind: "order", ID: "2"}
	other := thread.Doc{Kind: "order", ID: "3"}
	at(buyer, nord, o, false)
	at(operator, nord, o, true)
	at(operator, nord, del, false)
	at(buyer, nord, inv, false)
	at(operator, nord, secret, true)
	at(stranger, access.Owner{Partner: "sud"}, other, false)

	find := func(a access.Actor, q thread.Query) (uow.Page[thread.Header], error) {
		return uow.Ask(d.ctx, d.store, func(ctx context.Context, tx store.Tx) (uow.Page[thread.Header], error) {
			return d.book.FindTx(ctx, tx, a, q)
		})
	}
	for name, c := range map[string]struct {
		a    access.Actor
		q    thread.Query
		want []thread.Doc
	}{
		"the seller, all":               {operator, thread.Query{}, []thread.Doc{other, secret, inv, del, o}},
		"the seller, what is shared":    {operator, thread.Query{Shared: true}, []thread.Doc{other, inv, del, o}},
		"the seller, of one":            {operator, thread.Query{Partner: "sud"}, []thread.Doc{other}},
		"the buyer, all of its own":     {buyer, thread.Query{}, []thread.Doc{inv, del, o}},
		"the buyer, one kind":           {buyer, thread.Query{Kind: "order"}, []thread.Doc{o}},
		"the buyer, another's":          {buyer, thread.Query{Partner: "sud"}, nil},
		"the designer, no invoices":     {designer, thread.Query{Kind: "invoice"}, nil},
		"the designer, deliveries":      {designer, thread.Query{Kind: "delivery"}, []thread.Doc{del}},
		"nobody":                        {access.Actor{}, thread.Query{}, nil},
		"somebody without a permission": {access.Actor{ID: "x", Partner: "nord"}, thread.Query{}, nil},
	} {
		page, err := find(c.a, c.q)
		require.NoError(t, err, name)
		var got []thread.Doc
		for _, h := range page.Rows {
			got = append(got, h.Doc)
			if c.a.Partner != "" {
				require.Zero(t, h.Internal, name)
			}
		}
		require.Equal(t, c.want, got, name)
	}
	_, err := find(designer, thread.Query{})
	require.ErrorIs(t, err, thread.ErrInvalid, "who does not see every kind names one")
	page, err := find(operator, thread.Query{Partner: "nord", Kind: "order"})
	require.NoError(t, err)
	require.Equal(t, []int{0, 1, 1, 1}, []int{page.Rows[0].Shared, page.Rows[0].Internal, page.Rows[1].Shared, page.Rows[1].Internal})

	unread := func(a access.Actor, ids ...thread.ID) (map[thread.ID]int, error) {
		return uow.Ask(d.ctx, d.store, func(ctx context.Context, tx store.Tx) (map[thread.ID]int, error) {
			return d.book.UnreadTx(ctx, tx, a, ids...)
		})
	}
	all := []thread.ID{o.Thread(), del.Thread(), inv.Thread(), secret.Thread(), other.Thread(), "order/none"}
	got, err := unread(designer, all...)
	require.NoError(t, err)
	require.Equal(t, map[thread.ID]int{o.Thread(): 1, del.Thread(): 1}, got)
	got, err = unread(admin, all...)
	require.NoError(t, err)
	require.Equal(t, map[thread.ID]int{o.Thread(): 2, del.Thread(): 1, inv.Thread(): 1, secret.Thread(): 1, other.Thread(): 1}, got)
	_, err = unread(admin, make([]thread.ID, uow.MaxPage+1)...)
	require.ErrorIs(t, err, thread.ErrInvalid)
}

// Random histories against the least model: a list of messages and, for each
// reader, how many of those it saw.
func TestLawOfThreads(t *testing.T) {
	readers := []access.Actor{buyer, designer, operator, admin}
	rapid.Check(t, func(rt *rapid.T) {
		d := newDesk(t, nil)
		type said struct {
			by       int
			internal bool
			id       thread.MessageID
		}
		var all []said
		upto := make([]int, len(readers)) // messages seen, internal ones counted
		visible := func(r int, m said) bool { return r >= 2 || !m.internal }
		rt.Repeat(map[string]func(*rapid.T){
			"post": func(rt *rapid.T) {
				by := rapid.IntRange(0, 3).Draw(rt, "by")
				internal := by >= 2 && rapid.Bool().Draw(rt, "internal")
				m, err := d.post(readers[by], thread.PostInput{Text: "x", Internal: internal})
				require.NoError(rt, err)
				all = append(all, said{by, internal, m.ID})
			},
			"mark": func(rt *rapid.T) {
				if len(all) == 0 {
					rt.Skip()
				}
				r, n := rapid.IntRange(0, 3).Draw(rt, "reader"), rapid.IntRange(0, len(all)-1).Draw(rt, "upto")
				_, err := d.mark(readers[r], all[n].id)
				if !visible(r, all[n]) {
					require.ErrorIs(rt, err, thread.ErrNoMessage)
					return
				}
				require.NoError(rt, err)
				upto[r] = max(upto[r], n+1)
			},
			"": func(rt *rapid.T) {
				for r, a := range readers {
					want, seen := 0, []thread.MessageID{}
					for i, m := range all {
						if visible(r, m) {
							seen = append(seen, m.id)
							if i >= upto[r] && m.by != r {
								want++
							}
						}
					}
					got := d.seen(a)
					ids := []thread.MessageID{}
					for _, m := range got.Messages {
						ids = append(ids, m.ID)
					}
					require.Equal(rt, seen, ids)
					require.Equal(rt, want, got.Unread(a))
				}
			},
		})
	})
}
