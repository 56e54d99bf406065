package order_test

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/uow"
)

var everyState = []order.State{order.Draft, order.Awaiting, order.Validated, order.Confirmed, order.Rejected, order.Cancelled, order.Closed}

func issues(err error) []string {
	var out []string
	for _, i := range fault.IssuesOf(err) {
		out = append(out, i.Path+" "+i.Code)
	}
	return out
}

// A19 R22, R24: progress is told step by step, by name and time, and never
// taken back.
func TestProgressIsAppendOnly(t *testing.T) {
	s := newShop(t, nil)
	o := s.inState(order.Confirmed)
	require.Equal(t, order.Undefined, o.Step())
	for _, in := range []order.ProgressInput{
		{Step: order.InPreparation, Note: "bench 4"},
		{Step: "painting", Internal: true},
		{Step: order.WithCarrier},
		{Step: order.WithCarrier},
	} {
		in.Order = o.ID
		before := s.get(o.ID).Progress
		got, err := s.orders.NoteProgress(s.ctx, operator, in)
		require.NoError(t, err)
		require.Len(t, got.Progress, len(before)+1)
		require.True(t, slices.Equal(before, got.Progress[:len(before)]))
		require.Equal(t, order.Progress{Step: in.Step, At: s.clock(), By: operator.Stamp(), Note: in.Note, Internal: in.Internal}, got.Progress[len(before)])
	}
	require.Equal(t, o.Revision, s.get(o.ID).Revision, "the ERP has nothing to learn")
	mine, err := s.orders.Get(s.ctx, buyer, o.ID)
	require.NoError(t, err)
	require.Len(t, mine.Progress, 3)
	_, err = s.orders.NoteProgress(s.ctx, operator, order.ProgressInput{Order: o.ID, Step: "check", Internal: true})
	require.NoError(t, err)
	require.Equal(t, order.WithCarrier, s.get(o.ID).Step(), "internal steps leave what the buyer was told")
}

func TestProgressRefusals(t *testing.T) {
	s := newShop(t, nil)
	for _, st := range everyState {
		_, err := s.orders.NoteProgress(s.ctx, operator, order.ProgressInput{Order: s.inState(st).ID, Step: "x"})
		if st == order.Draft || st == order.Rejected || st == order.Cancelled {
			require.ErrorIs(t, err, order.ErrPhase, st)
		} else {
			require.NoError(t, err, st)
		}
	}
	o := s.placed(buyer)
	for _, a := range []access.Actor{buyer, designer, actorOf(access.Accountant), machine} {
		_, err := s.orders.NoteProgress(s.ctx, a, order.ProgressInput{Order: o.ID, Step: "x"})
		require.ErrorIs(t, err, access.ErrForbidden, a.ID)
	}
	_, err := s.orders.NoteProgress(s.ctx, stranger, order.ProgressInput{Order: o.ID, Step: "x"})
	require.ErrorIs(t, err, order.ErrNotFound)
	_, err = s.orders.NoteProgress(s.ctx, operator, order.ProgressInput{Order: o.ID, Version: o.Version + 1, Step: "x"})
	require.ErrorIs(t, err, uow.ErrVersion)
	_, err = s.orders.NoteProgress(s.ctx, operator, order.ProgressInput{Order: o.ID, Note: "a\a"})
	require.Equal(t, []string{"step required", "note text.control"}, issues(err))
	_, err = s.orders.NoteProgress(s.ctx, operator, order.ProgressInput{Order: o.ID, Step: order.Step(strings.Repeat("x", 61))})
	require.Equal(t, []string{"step text.long"}, issues(err))

	in := order.ProgressInput{Key: "k", Order: o.ID, Step: "x"}
	for range 2 {
		_, err = s.orders.NoteProgress(s.ctx, operator, in)
		require.NoError(t, err)
	}
	require.Len(t, s.get(o.ID).Progress, 1, "one key, one step")
}

func TestProgressIsBounded(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	o.Progress = make([]order.Progress, order.MaxProgress-1)
	s.put(o)
	_, err := s.orders.NoteProgress(s.ctx, operator, order.ProgressInput{Order: o.ID, Step: "last"})
	require.NoError(t, err)
	_, err = s.orders.NoteProgress(s.ctx, operator, order.ProgressInput{Order: o.ID, Step: "more"})
	require.ErrorIs(t, err, order.ErrFull)
}

// A18 R6: what is on hold, as a whole or by one line, is neither validated nor
// released; who asks learns all that waits.
func TestHeldOrdersWait(t *testing.T) {
	for name, lines := range map[string][]int{"the order": nil, "a line": {1}, "two lines": {0, 1}} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, nil)
			o := s.placed(buyer)
			hold := order.HoldInput{Order: o.ID, Reason: "check the drawing"}
			resume := order.ResumeInput{Order: o.ID, Note: "fine"}
			for _, i := range lines {
				hold.Lines = append(hold.Lines, o.Lines[i].ID)
				resume.Lines = append(resume.Lines, o.Lines[i].ID)
			}
			held, err := s.orders.Hold(s.ctx, operator, hold)
			require.NoError(t, err)
			require.True(t, held.Held())
			require.Equal(t, len(lines) == 0, held.Hold != nil)
			for i := range held.Lines {
				require.Equal(t, slices.Contains(lines, i), held.Lines[i].Hold != nil)
			}
			_, err = s.orders.Advance(s.ctx, operator, order.AdvanceInput{Order: o.ID, On: order.Validate})
			var guard *fsm.GuardError
			require.ErrorAs(t, err, &guard)
			require.Len(t, guard.Problems, max(1, len(lines)))
			options, err := s.orders.Allowed(s.ctx, operator, o.ID)
			require.NoError(t, err)
			for _, opt := range options {
				require.Equal(t, opt.On == order.Validate, !opt.Ready, opt.On)
			}
			require.Equal(t, order.Awaiting, s.get(o.ID).State)

			back, err := s.orders.Resume(s.ctx, operator, resume)
			require.NoError(t, err)
			require.False(t, back.Held())
			s.advance(operator, o.ID, order.Validate)

			_, err = s.orders.Hold(s.ctx, operator, hold)
			require.NoError(t, err)
			_, err = s.orders.Release(s.ctx, operator, order.ReleaseInput{Order: o.ID})
			require.ErrorIs(t, err, order.ErrHeld)
			require.Len(t, fault.IssuesOf(err), max(1, len(lines)))
			require.Nil(t, s.get(o.ID).Released)
		})
	}
}

func TestHoldSaysWhyAndIsRepeatable(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	first, err := s.orders.Hold(s.ctx, operator, order.HoldInput{Order: o.ID, Reason: "one"})
	require.NoError(t, err)
	same, err := s.orders.Hold(s.ctx, admin, order.HoldInput{Order: o.ID, Reason: "one"})
	require.NoError(t, err)
	require.Equal(t, first, same, "the same again changes nothing")
	other, err := s.orders.Hold(s.ctx, admin, order.HoldInput{Order: o.ID, Reason: "two"})
	require.NoError(t, err)
	require.Equal(t, order.Hold{Reason: "two", By: admin.Stamp(), At: s.clock()}, *other.Hold)
	line, err := s.orders.Hold(s.ctx, admin, order.HoldInput{Order: o.ID, Lines: []order.LineID{o.Lines[0].ID}, Reason: "line"})
	require.NoError(t, err)
	require.NotNil(t, line.Lines[0].Hold)
	back, err := s.orders.Resume(s.ctx, admin, order.ResumeInput{Order: o.ID})
	require.NoError(t, err)
	require.Nil(t, back.Hold)
	require.NotNil(t, back.Lines[0].Hold, "a line keeps its own")
	again, err := s.orders.Resume(s.ctx, admin, order.ResumeInput{Order: o.ID})
	require.NoError(t, err)
	require.Equal(t, back, again)
}

func TestHoldRefusals(t *testing.T) {
	s := newShop(t, nil)
	for _, st := range everyState {
		o := s.inState(st)
		_, err := s.orders.Hold(s.ctx, operator, order.HoldInput{Order: o.ID, Reason: "x"})
		if st == order.Rejected || st == order.Cancelled || st == order.Closed {
			require.ErrorIs(t, err, order.ErrPhase, st)
		} else {
			require.NoError(t, err, st)
		}
		_, err = s.orders.Resume(s.ctx, operator, order.ResumeInput{Order: o.ID})
		require.NoError(t, err, st)
	}
	o := s.placed(buyer)
	line := o.Lines[0].ID
	_, err := s.orders.Hold(s.ctx, operator, order.HoldInput{Order: o.ID, Lines: []order.LineID{"none", line, line}, Reason: " "})
	require.Equal(t, []string{"reason required", "lines[0] unknown", "lines[2] repeated"}, issues(err))
	_, err = s.orders.Hold(s.ctx, operator, order.HoldInput{Order: o.ID, Reason: strings.Repeat("x", 2001)})
	require.Equal(t, []string{"reason text.long"}, issues(err))
	_, err = s.orders.Resume(s.ctx, operator, order.ResumeInput{Order: o.ID, Lines: []order.LineID{"none"}})
	require.Equal(t, []string{"lines[0] unknown"}, issues(err))
	require.False(t, s.get(o.ID).Held())
	for _, a := range []access.Actor{buyer, actorOf(access.PartnerAdmin), machine} {
		_, err = s.orders.Hold(s.ctx, a, order.HoldInput{Order: o.ID, Reason: "x"})
		require.ErrorIs(t, err, access.ErrForbidden)
		_, err = s.orders.Resume(s.ctx, a, order.ResumeInput{Order: o.ID})
		require.ErrorIs(t, err, access.ErrForbidden)
		_, err = s.orders.Follow(s.ctx, a, order.FollowInput{Order: o.ID, Follow: true})
		require.ErrorIs(t, err, access.ErrForbidden)
	}
}

// A19 R25: handing over to logistics, once, and not before the order is
// confirmed; validated is enough only where no ERP was told of it.
func TestReleaseOnceAndInTime(t *testing.T) {
	s := newShop(t, nil)
	for _, st := range everyState {
		o := s.inState(st)
		got, err := s.orders.Release(s.ctx, operator, order.ReleaseInput{Order: o.ID})
		if st != order.Validated && st != order.Confirmed {
			require.ErrorIs(t, err, order.ErrPhase, st)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, order.Release{By: operator.Stamp(), At: s.clock()}, *got.Released)
		_, err = s.orders.Release(s.ctx, admin, order.ReleaseInput{Order: o.ID})
		require.ErrorIs(t, err, order.ErrReleased)
	}
	o := s.inState(order.Validated)
	s.report(order.Report{Order: o.ID, Sending: 1})
	_, err := s.orders.Release(s.ctx, operator, order.ReleaseInput{Order: o.ID})
	require.ErrorIs(t, err, order.ErrPhase, "the ERP has the word")
	s.report(order.Report{Order: o.ID, Revision: 1, ID: "7", State: "confirmed"})
	_, err = s.orders.Release(s.ctx, operator, order.ReleaseInput{Order: o.ID})
	require.NoError(t, err)
	for _, a := range []access.Actor{buyer, machine} {
		_, err = s.orders.Release(s.ctx, a, order.ReleaseInput{Order: s.inState(order.Confirmed).ID})
		require.ErrorIs(t, err, access.ErrForbidden)
	}
}

func TestReleaseManyAnswersForEachOrder(t *testing.T) {
	s := newShop(t, &order.Options{MaxBulk: 4})
	ready, early, held := s.inState(order.Confirmed), s.placed(buyer), s.inState(order.Validated)
	_, err := s.orders.Hold(s.ctx, operator, order.HoldInput{Order: held.ID, Reason: "x"})
	require.NoError(t, err)
	s.events(event.Facts)
	got, err := s.orders.ReleaseMany(s.ctx, operator, []order.Target{{Order: early.ID}, {Order: ready.ID, Version: ready.Version}, {Order: held.ID}, {Order: "none"}})
	require.NoError(t, err)
	require.Equal(t, []string{"order.phase", "", "order.held", "order.not_found"}, []string{got[0].Code, got[1].Code, got[2].Code, got[3].Code})
	require.Equal(t, order.Outcome{Order: ready.ID, Ref: ready.Ref, State: order.Confirmed, Version: ready.Version + 1}, got[1])
	facts := s.events(event.Facts)
	require.Len(t, facts, 1)
	require.Equal(t, "order.released", facts[0].Type)
	var f order.ReleasedToLogistics
	require.NoError(t, json.Unmarshal(facts[0].Data, &f))
	require.Equal(t, order.ReleasedToLogistics{About: order.About{Order: ready.ID, Ref: ready.Ref, Partner: "nord", By: "vera"}, Country: "FR", Lines: 2}, f)
	_, err = s.orders.ReleaseMany(s.ctx, operator, []order.Target{{Order: "a"}, {Order: "a"}})
	require.ErrorIs(t, err, order.ErrInvalid)
}

func TestOneReleaseWins(t *testing.T) {
	s := newShop(t, nil)
	o := s.inState(order.Confirmed)
	var wins atomic.Int64
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			_, err := s.orders.Release(s.ctx, operator, order.ReleaseInput{Order: o.ID})
			if err == nil {
				wins.Add(1)
				return
			}
			require.ErrorIs(t, err, order.ErrReleased)
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, wins.Load())
}

func TestFollow(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	s.events(event.Facts)
	on, err := s.orders.Follow(s.ctx, operator, order.FollowInput{Order: o.ID, Follow: true})
	require.NoError(t, err)
	require.True(t, on.Follow)
	same, err := s.orders.Follow(s.ctx, admin, order.FollowInput{Order: o.ID, Follow: true})
	require.NoError(t, err)
	require.Equal(t, on, same)
	off, err := s.orders.Follow(s.ctx, admin, order.FollowInput{Order: o.ID})
	require.NoError(t, err)
	require.False(t, off.Follow)
	require.Equal(t, []string{"order.followed", "order.followed"}, types(s.events(event.Facts), "order."))
}
