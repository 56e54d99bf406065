package comptoir_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/erp/trytonerp"
	"github.com/comptoir-go/comptoir/internal/testtryton"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/store/sqlitestore"
)

// portals are two tenants on one Tryton, each with two processes that keep it in
// step: a store, a client and a schedule of their own.
type portals struct {
	sides     []*trytonSide
	schedules [][]*erpsync.Schedule
	ahead     atomic.Int64
}

func besideOneTryton(t *testing.T) *portals {
	t.Helper()
	server := testtryton.Start(t, nil)
	u, err := url.Parse(server.Address)
	require.NoError(t, err)
	password, _ := u.User.Password()
	p := &portals{}
	now := func() time.Time { return time.Now().Add(time.Duration(p.ahead.Load())) }
	file := filepath.Join(t.TempDir(), "c.db")
	for n, side := range []*trytonSide{{}, {}} {
		side.t, side.server, side.killer = t, server, &killer{}
		p.sides = append(p.sides, side)
		var both []*erpsync.Schedule
		for process := range 2 {
			st, err := sqlitestore.Open(t.Context(), file, &sqlitestore.Options{Now: now, Wait: time.Minute})
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, st.Close()) })
			if process == 0 {
				side.Counter = trytonCounter(t, st, now, branches[n], []string{"C0002", "C0003"}[n])
			}
			own := openTryton(t, st, now, branches[n])
			adapter, err := trytonerp.New(trytonerp.Options{URL: "http://" + u.Host, Database: strings.Trim(u.Path, "/"), User: u.User.Username(), Password: password})
			require.NoError(t, err)
			t.Cleanup(adapter.Close)
			side.client = own.ERP(adapter, &erp.Options{Attempts: 2, BaseDelay: time.Millisecond, BreakerFailures: 1000})
			o := &erpsync.ScheduleOptions{Holder: fmt.Sprint(branches[n], " ", process), Relay: erpsync.Options{HoldConfirm: true, Poll: time.Second, MaxPoll: time.Second}}
			both = append(both, own.Schedule(side.client, o))
			side.puller = own.Puller(side.client, nil)
		}
		p.schedules = append(p.schedules, both)
	}
	return p
}

// work lets all four processes work at once until done, their clock running
// ahead. A lease that passed on is no failure: the other process goes on.
func (p *portals) work(t *testing.T, done func() bool) {
	t.Helper()
	for turn := 0; !done(); turn++ {
		require.Less(t, turn, 60, "the portals do not come to it")
		var at sync.WaitGroup
		errs := make([]error, 4)
		for n, both := range p.schedules {
			for m, s := range both {
				at.Go(func() { _, errs[2*n+m] = s.Step(context.Background()) })
			}
		}
		at.Wait()
		for _, err := range errs {
			if !errors.Is(err, erpsync.ErrFenced) {
				require.NoError(t, err)
			}
		}
		p.ahead.Add(int64(3 * time.Minute))
	}
}

// Two portals on one Tryton, with two processes each, all at work at once: every
// order is there once, each portal sees its own, and both sides hold the same.
func TestTwoPortalsOnOneTryton(t *testing.T) {
	t.Parallel()
	p, ctx := besideOneTryton(t), t.Context()
	const each = 2
	ids := make([][]order.ID, 2)
	all := func(is func(s *trytonSide, o order.Order) bool) func() bool {
		return func() bool {
			for n, s := range p.sides {
				for _, id := range ids[n] {
					if !is(s, s.get(id)) {
						return false
					}
				}
			}
			return true
		}
	}
	for n, s := range p.sides {
		for i := range each {
			ids[n] = append(ids[n], s.places(fmt.Sprint("Kitchen ", i)))
		}
	}
	p.work(t, all(func(_ *trytonSide, o order.Order) bool { return o.ERP.State == "draft" }))
	for n, s := range p.sides {
		for _, id := range ids[n] {
			_, err := s.Orders.Advance(ctx, clerk, order.AdvanceInput{Order: id, On: order.Validate})
			require.NoError(t, err)
			sale := s.twin(id).ID
			require.NoError(t, s.server.Confirm(ctx, sale))
			_, err = s.server.Deliver(ctx, sale)
			require.NoError(t, err)
			_, err = s.server.PostInvoices(ctx, sale)
			require.NoError(t, err)
		}
	}
	p.work(t, all(func(_ *trytonSide, o order.Order) bool {
		return o.Delivered() == order.FullyDelivered && o.Invoiced() == order.FullyInvoiced && o.ERP.Number != ""
	}))
	for round := 0; round < 4; round++ { // what is the other's is found out
		once := false
		p.work(t, func() bool { was := once; once = true; return was })
	}
	for n, s := range p.sides {
		for _, id := range ids[n] {
			s.inStep(id)
		}
		page, err := s.Orders.Find(ctx, clerk, order.Query{All: true})
		require.NoError(t, err)
		require.Len(t, page.Rows, each, "each sees its own")
		bills, err := s.Billing.Find(ctx, clerk, billing.Query{})
		require.NoError(t, err)
		require.Len(t, bills.Rows, each)
		h, err := p.schedules[n][0].Health(ctx)
		require.NoError(t, err)
		require.True(t, h.OK(10*time.Minute), "%+v", h)
		for _, at := range h.Streams {
			require.Zero(t, at.Waiting, "%+v", at)
		}
	}
}
