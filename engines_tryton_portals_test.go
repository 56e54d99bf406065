package comptoir_test

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
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
	"github.com/comptoir-go/comptoir/store"
)

// portals are two tenants on one Tryton, which two processes keep in step.
type portals struct {
	t     *testing.T
	sides []*trytonSide
	// look tells how each side stands; it keeps nothing in step.
	look []*erpsync.Schedule
	// seen are the processes that were seen at work.
	seen map[string]bool
}

func besideOneTryton(t *testing.T) *portals {
	t.Helper()
	server := testtryton.Start(t, nil)
	j := job{Engine: "sqlite", Store: filepath.Join(t.TempDir(), "c.db"), ERP: server.Address}
	st, err := j.open(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, st.Close()) })
	p := &portals{t: t, seen: map[string]bool{}, look: trytonSchedules(t, st, server.Address, "look")}
	for n, customer := range []string{"C0002", "C0003"} {
		p.sides = append(p.sides, &trytonSide{t: t, server: server, Counter: trytonCounter(t, st, nil, branches[n], customer)})
	}
	for range 2 {
		j.Seed++
		w := startWorker(t, j, &atomic.Int64{})
		t.Cleanup(w.kill)
	}
	return p
}

// trytonSchedules opens all branches over a store, with a client each of the
// Tryton at an address, and schedules for which a minute is a second.
func trytonSchedules(t *testing.T, st store.Store, address, holder string) (out []*erpsync.Schedule) {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	password, _ := u.User.Password()
	for _, b := range branches {
		adapter, err := trytonerp.New(trytonerp.Options{URL: "http://" + u.Host, Database: strings.Trim(u.Path, "/"), User: u.User.Username(), Password: password})
		require.NoError(t, err)
		t.Cleanup(adapter.Close)
		k := openTryton(t, st, nil, b)
		client := k.ERP(adapter, &erp.Options{Attempts: 2, BaseDelay: time.Millisecond, BreakerFailures: 1000})
		out = append(out, k.Schedule(client, &erpsync.ScheduleOptions{Holder: holder, MaxEvery: 4 * time.Second,
			Pull:  erpsync.PullOptions{Every: 2 * time.Second, Streams: []erp.Stream{erp.Orders, erp.Deliveries, erp.Invoices, erp.Payments, erp.Messages}},
			Relay: erpsync.Options{HoldConfirm: true, Backoff: 100 * time.Millisecond, MaxBackoff: time.Second, Poll: time.Second, MaxPoll: time.Second, Idle: 100 * time.Millisecond}}))
	}
	return out
}

// wait lets the processes work until done.
func (p *portals) wait(done func() bool) {
	p.t.Helper()
	for began := time.Now(); !done(); time.Sleep(50 * time.Millisecond) {
		health := p.health()
		require.Less(p.t, time.Since(began), 5*time.Minute, "the portals do not come to it: %+v", health)
	}
}

func (p *portals) health() (out []erpsync.Health) {
	p.t.Helper()
	for _, s := range p.look {
		h, err := s.Health(p.t.Context())
		require.NoError(p.t, err)
		for _, at := range h.Streams {
			if at.Holder != "" {
				p.seen[at.Holder] = true
			}
		}
		out = append(out, h)
	}
	return out
}

// calm reports whether both sides have read every stream since a moment, and
// nothing waits.
func (p *portals) calm(since time.Time) bool {
	for _, h := range p.health() {
		for _, at := range h.Streams {
			if at.Waiting > 0 || at.Stream != erpsync.Outgoing && at.Stream != erpsync.Resync && at.Success.Before(since) {
				return false
			}
		}
		if !h.OK(10 * time.Minute) {
			return false
		}
	}
	return true
}

// Two portals on one Tryton, which two processes of the operating system serve at
// once: every order is there once, each portal sees its own, and both sides hold
// the same.
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
	p.wait(all(func(_ *trytonSide, o order.Order) bool { return o.ERP.State == "draft" }))
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
	p.wait(all(func(_ *trytonSide, o order.Order) bool {
		return o.Delivered() == order.FullyDelivered && o.Invoiced() == order.FullyInvoiced && o.ERP.Number != ""
	}))
	since := time.Now()
	// What is the other's is found out, and both are at work.
	p.wait(func() bool { return p.calm(since) && len(p.seen) == 2 })
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
	}
}
