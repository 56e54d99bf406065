package order_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/store"
)

// put stores an order as it is.
func (s *shop) put(o order.Order) order.Order {
	s.t.Helper()
	require.NoError(s.t, s.store.Update(s.ctx, func(ctx context.Context, tx store.Tx) (err error) {
		o, err = tx.Orders().Save(ctx, o)
		return err
	}))
	return o
}

// secretive is a submitted order with everything that the buyer does not see,
// next to what it does.
func (s *shop) secretive() order.Order {
	s.t.Helper()
	o := s.placed(buyer)
	do := func(_ order.Order, err error) { require.NoError(s.t, err) }
	do(s.orders.NoteProgress(s.ctx, operator, order.ProgressInput{Order: o.ID, Step: order.InPreparation}))
	do(s.orders.NoteProgress(s.ctx, operator, order.ProgressInput{Order: o.ID, Step: "waits", Note: "SECRET", Internal: true}))
	do(s.orders.Follow(s.ctx, operator, order.FollowInput{Order: o.ID, Follow: true}))
	do(s.orders.Hold(s.ctx, operator, order.HoldInput{Order: o.ID, Reason: "SECRET"}))
	do(s.orders.Hold(s.ctx, operator, order.HoldInput{Order: o.ID, Lines: []order.LineID{o.Lines[0].ID}, Reason: "SECRET"}))
	do(s.orders.Resume(s.ctx, operator, order.ResumeInput{Order: o.ID, Note: "SECRET"}))
	do(s.orders.Hold(s.ctx, operator, order.HoldInput{Order: o.ID, Reason: "SECRET"}))
	do(s.orders.Attach(s.ctx, operator, order.AttachInput{Order: o.ID, Files: []order.NewFile{file("plan.pdf"), secretFile("SECRET.pdf"), secretFile("SECRET 2.pdf")}}))
	got := s.get(o.ID)
	do(s.orders.Detach(s.ctx, operator, order.DetachInput{Order: o.ID, Files: []order.FileID{got.Files[2].ID}}))
	do(s.orders.Certify(s.ctx, operator, order.CertifyInput{Order: o.ID, Files: []order.FileID{got.Files[1].ID}}))
	return s.get(o.ID)
}

func file(name string) order.NewFile {
	return order.NewFile{File: blob.File{Hash: blob.HashOf([]byte(name)), Size: int64(len(name)), Name: name}}
}

func secretFile(name string) order.NewFile {
	f := file(name)
	f.Internal = true
	return f
}

// Whatever method answers an order, nothing internal reaches the partner's
// side; the seller's side gets all of it.
func TestNothingInternalReachesTheBuyer(t *testing.T) {
	title := "by the back door"
	answers := map[string]func(s *shop, a access.Actor, o order.Order) (order.Order, error){
		"Get": func(s *shop, a access.Actor, o order.Order) (order.Order, error) { return s.orders.Get(s.ctx, a, o.ID) },
		"GetByRef": func(s *shop, a access.Actor, o order.Order) (order.Order, error) {
			return s.orders.GetByRef(s.ctx, a, o.Ref)
		},
		"Advance": func(s *shop, a access.Actor, o order.Order) (order.Order, error) {
			return s.orders.Advance(s.ctx, a, order.AdvanceInput{Order: o.ID, On: order.Recall})
		},
		"Advance, repeated": func(s *shop, a access.Actor, o order.Order) (order.Order, error) {
			in := order.AdvanceInput{Key: "k", Order: o.ID, On: order.Recall}
			_, err := s.orders.Advance(s.ctx, a, in)
			require.NoError(s.t, err)
			return s.orders.Advance(s.ctx, a, in)
		},
		"Revise": func(s *shop, a access.Actor, o order.Order) (order.Order, error) {
			return s.orders.Revise(s.ctx, a, order.ReviseInput{Order: o.ID, Note: &title})
		},
		"Attach": func(s *shop, a access.Actor, o order.Order) (order.Order, error) {
			return s.orders.Attach(s.ctx, a, order.AttachInput{Order: o.ID, Files: []order.NewFile{file("mine.pdf")}})
		},
	}
	for name, answer := range answers {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, nil)
			o := s.secretive()
			got, err := answer(s, buyer, o)
			require.NoError(t, err)
			all, err := json.Marshal(got)
			require.NoError(t, err)
			require.NotContains(t, string(all)+got.Text(""), "SECRET")
			require.NotContains(t, string(all), string(secretFile("SECRET.pdf").Hash))
			require.False(t, got.Held())
			require.False(t, got.Follow)
			require.Len(t, got.Progress, 1)
			require.Equal(t, "plan.pdf", got.Files[0].Name)
			for i := 1; i < len(got.History); i++ {
				require.Equal(t, got.History[i-1].To, got.History[i].From, "the history is still one chain")
			}
			full := s.get(o.ID)
			require.True(t, full.Held())
			require.Len(t, full.Progress, 2, "and the answer was only a view")
			require.Equal(t, full.Shared(), got)
		})
	}
	s := newShop(t, nil)
	o := s.secretive()
	got, err := s.orders.Get(s.ctx, machine, o.ID)
	require.NoError(t, err)
	require.Equal(t, o, got)
	require.Contains(t, got.Text(""), "SECRET")
}

// The view shares no memory that a caller could spoil the order with.
func TestSharedLeavesTheOrderAsItIs(t *testing.T) {
	s := newShop(t, nil)
	o := s.secretive()
	before := s.get(o.ID)
	_ = o.Shared()
	require.Equal(t, before, o)
	plain := s.placed(buyer)
	require.Equal(t, plain, plain.Shared(), "an order without secrets is shown whole")
	require.Equal(t, o.Shared(), o.Shared().Shared())
}
