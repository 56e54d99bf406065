package thread_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/thread"
)

func TestWhatTheERPTellsTwiceIsThereOnce(t *testing.T) {
	d := newDesk(t, nil)
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.FixedZone("", 3600))
	in := thread.Incoming{ERP: "77", Author: "Plant", At: at, Text: "Leaves on Monday."}
	first, err := d.report(machine, in)
	require.NoError(t, err)
	require.Equal(t, thread.Message{ID: first.ID, At: at.UTC(), By: access.Stamp{ID: "relay", Name: "Plant"}, Seller: true, Text: "Leaves on Monday.", ERP: "77"}, first)
	before := d.seen(admin)
	in.Text = "edited there" // messages do not change
	again, err := d.report(machine, in)
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Equal(t, before, d.seen(admin))
	require.Equal(t, []string{"Leaves on Monday."}, texts(d.seen(buyer)))

	_, err = d.report(machine, thread.Incoming{ERP: "78", Text: "for us", Internal: true})
	require.NoError(t, err)
	require.Len(t, d.seen(buyer).Messages, 1)
	_, err = d.report(machine, thread.Incoming{Text: "no id"})
	require.ErrorIs(t, err, thread.ErrInvalid)
	_, err = d.report(machine, thread.Incoming{ERP: "79"})
	require.ErrorIs(t, err, thread.ErrInvalid)
}

// A message of ours comes back as one, whether or not the relay's own word of
// it was lost.
func TestOurOwnMessageComesBack(t *testing.T) {
	d := newDesk(t, nil)
	known, lost := d.said(buyer, "1"), d.said(buyer, "2")
	_, err := d.twin(machine, known.ID, "77")
	require.NoError(t, err)
	for range 2 {
		m, err := d.report(machine, thread.Incoming{ERP: "77", Text: "1"})
		require.NoError(t, err)
		require.Equal(t, known.ID, m.ID)
		m, err = d.report(machine, thread.Incoming{ERP: "78", Message: lost.ID, Text: "2"})
		require.NoError(t, err)
		require.Equal(t, lost.ID, m.ID)
		require.Equal(t, "78", m.ERP)
	}
	m, err := d.report(machine, thread.Incoming{ERP: "79", Message: lost.ID, Text: "2"})
	require.NoError(t, err)
	require.Equal(t, "78", m.ERP, "held twice there, it is one here")
	require.Equal(t, []string{"1", "2"}, texts(d.seen(buyer)))
	m, err = d.report(machine, thread.Incoming{ERP: "80", Message: "none of ours", Text: "3"})
	require.NoError(t, err)
	require.Equal(t, "80", m.ERP)
	require.Len(t, d.seen(buyer).Messages, 3)
}

func TestATwinIsOne(t *testing.T) {
	d := newDesk(t, nil)
	m := d.said(buyer, "1")
	for range 2 {
		got, err := d.twin(machine, m.ID, "77")
		require.NoError(t, err)
		require.Equal(t, "77", got.ERP)
	}
	_, err := d.twin(machine, m.ID, "78")
	require.ErrorIs(t, err, thread.ErrTwin)
	_, err = d.twin(machine, m.ID, "")
	require.ErrorIs(t, err, thread.ErrInvalid)
	_, err = d.twin(machine, "unknown", "79")
	require.ErrorIs(t, err, thread.ErrNoMessage)
	_, err = d.twin(buyer, m.ID, "77")
	require.ErrorIs(t, err, access.ErrForbidden)
	_, err = d.twin(stranger, m.ID, "77")
	require.ErrorIs(t, err, thread.ErrNotFound)
	require.Equal(t, "77", d.seen(admin).Messages[0].ERP)
}

// A push of a message is a claim: one at a time, none of what the ERP has, and
// taken back when nothing came of it.
func TestAPushIsClaimed(t *testing.T) {
	d := newDesk(t, nil)
	m := d.said(buyer, "1")
	d.events(event.Facts)
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	send := func(a access.Actor, at time.Time) error {
		_, err := run(d, func(ctx context.Context, tx store.Tx) (thread.Message, error) {
			return d.book.SendingTx(ctx, tx, a, doc.Thread(), m.ID, at)
		})
		return err
	}
	require.NoError(t, send(machine, time.Time{}), "nothing to take back")
	require.NoError(t, send(machine, at))
	require.Equal(t, at, d.seen(admin).Messages[0].SentAt)
	require.ErrorIs(t, send(machine, at), thread.ErrSending, "of two in one instant, too")
	require.ErrorIs(t, send(machine, at.Add(time.Hour)), thread.ErrSending)
	require.NoError(t, send(machine, time.Time{}))
	require.NoError(t, send(machine, at))
	_, err := d.twin(machine, m.ID, "77")
	require.NoError(t, err)
	require.Zero(t, d.seen(admin).Messages[0].SentAt, "the twin ends the push")
	require.ErrorIs(t, send(machine, at), thread.ErrSending)
	require.ErrorIs(t, send(buyer, at), access.ErrForbidden)
	require.ErrorIs(t, send(stranger, at), thread.ErrNotFound)
	var types []string
	for _, e := range d.events(event.Facts) {
		types = append(types, e.Type)
	}
	require.Equal(t, []string{"message.linked"}, types, "nobody is told of a push")
	m.ID = "unknown"
	require.ErrorIs(t, send(machine, at), thread.ErrNoMessage)
}
