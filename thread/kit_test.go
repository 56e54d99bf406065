package thread_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/thread"
	"github.com/comptoir-go/comptoir/uow"
)

// The people of the tests. Two of them have one id, one on each side.
var (
	buyer      = access.Actor{ID: "1", Name: "Bruno", Partner: "nord", Roles: []access.Role{access.Purchaser}}
	designer   = access.Actor{ID: "odile", Name: "Odile", Partner: "nord", Roles: []access.Role{access.Designer}}
	accountant = access.Actor{ID: "aline", Name: "Aline", Partner: "nord", Roles: []access.Role{access.Accountant}}
	stranger   = access.Actor{ID: "mara", Name: "Mara", Partner: "sud", Roles: []access.Role{access.Purchaser}}
	operator   = access.Actor{ID: "1", Name: "Vera", Roles: []access.Role{access.Operator}}
	admin      = access.Actor{ID: "anna", Name: "Anna", Roles: []access.Role{access.Admin}}
	machine    = access.Machine("relay")

	nord = access.Owner{Partner: "nord"}
	doc  = thread.Doc{Kind: thread.OnOrder, ID: "o-1"}
)

// desk is a store with a Book and a clock that moves a second with each use.
type desk struct {
	t     testing.TB
	ctx   context.Context
	store store.Tenanted
	book  *thread.Book
	ticks atomic.Int64
	ids   atomic.Int64
}

func newDesk(t testing.TB, opts *thread.Options) *desk {
	t.Helper()
	d := &desk{t: t, ctx: context.Background()}
	st := memstore.New(&memstore.Options{Now: d.clock})
	t.Cleanup(func() { require.NoError(t, st.Close()) })
	var err error
	d.store, err = st.For("fr")
	require.NoError(t, err)
	if opts == nil {
		opts = &thread.Options{}
	}
	opts.Now, opts.NewID = d.clock, d.newID
	d.book = thread.NewBook(opts)
	return d
}

func (d *desk) clock() time.Time {
	return time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC).Add(time.Duration(d.ticks.Add(1)) * time.Second)
}

func (d *desk) newID() string { return fmt.Sprintf("%032x", d.ids.Add(1)) }

func run[R any](d *desk, fn func(ctx context.Context, tx store.Tx) (R, error)) (R, error) {
	return uow.Do(d.ctx, d.store, fn)
}

func (d *desk) post(a access.Actor, in thread.PostInput) (thread.Message, error) {
	return run(d, func(ctx context.Context, tx store.Tx) (thread.Message, error) {
		return d.book.PostTx(ctx, tx, a, nord, doc, in)
	})
}

func (d *desk) said(a access.Actor, text string) thread.Message {
	d.t.Helper()
	m, err := d.post(a, thread.PostInput{Text: text})
	require.NoError(d.t, err)
	return m
}

func (d *desk) noted(a access.Actor, text string) thread.Message {
	d.t.Helper()
	m, err := d.post(a, thread.PostInput{Text: text, Internal: true})
	require.NoError(d.t, err)
	return m
}

func (d *desk) read(a access.Actor) (thread.Thread, error) {
	return run(d, func(ctx context.Context, tx store.Tx) (thread.Thread, error) {
		return d.book.ReadTx(ctx, tx, a, nord, doc)
	})
}

func (d *desk) seen(a access.Actor) thread.Thread {
	d.t.Helper()
	t, err := d.read(a)
	require.NoError(d.t, err)
	return t
}

func (d *desk) mark(a access.Actor, upto thread.MessageID) (thread.Thread, error) {
	return run(d, func(ctx context.Context, tx store.Tx) (thread.Thread, error) {
		return d.book.MarkTx(ctx, tx, a, nord, doc, upto)
	})
}

func (d *desk) report(a access.Actor, in thread.Incoming) (thread.Message, error) {
	return run(d, func(ctx context.Context, tx store.Tx) (thread.Message, error) {
		return d.book.ReportTx(ctx, tx, a, nord, doc, in)
	})
}

func (d *desk) twin(a access.Actor, m thread.MessageID, erp string) (thread.Message, error) {
	return run(d, func(ctx context.Context, tx store.Tx) (thread.Message, error) {
		return d.book.TwinTx(ctx, tx, a, doc.Thread(), m, erp)
	})
}

// events drains a topic.
func (d *desk) events(topic event.Topic) []event.Delivery {
	d.t.Helper()
	var out []event.Delivery
	for {
		ds, err := d.store.Queue().Claim(d.ctx, event.Claim{Topic: topic, Limit: 100, Lease: time.Minute})
		require.NoError(d.t, err)
		if len(ds) == 0 {
			return out
		}
		for _, e := range ds {
			require.NoError(d.t, d.store.Queue().Done(d.ctx, e))
		}
		out = append(out, ds...)
	}
}

func texts(t thread.Thread) []string {
	out := []string{}
	for _, m := range t.Messages {
		out = append(out, m.Text)
	}
	return out
}
