package comptoir

import (
	"math/rand/v2"
	"time"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/internal/clock"
)

// ERP makes the client of this tenant's ERP adapter. Clock and jitter of opts
// default to the counter's clock and to math/rand, so that the circuit breaker
// and the rate limit work; one client per ERP, kept, not one per call.
func (k *Counter) ERP(a erp.Adapter, opts *erp.Options) *erp.Client {
	o := given(opts)
	if o.Now == nil {
		o.Now = clock.Or(k.now)
	}
	if o.Random == nil {
		o.Random = rand.Float64
	}
	return erp.NewClient(a, &o)
}

// Relay makes the relay that carries this tenant's orders, payments, messages
// and invoices of its own to its ERP. Clock and zone of opts default to the
// counter's own.
func (k *Counter) Relay(client *erp.Client, opts *erpsync.Options) *erpsync.Relay {
	o := given(opts)
	k.defaults(&o.Now, nil, &o.Zone)
	return erpsync.NewRelay(k.Tenant, k.Store.Queue(), k.books(), client, &o)
}

// Puller makes the puller that brings what changed in the ERP to this tenant.
// Clock, ids and zone of opts default to the counter's own.
func (k *Counter) Puller(client *erp.Client, opts *erpsync.PullOptions) *erpsync.Puller {
	o := given(opts)
	k.defaults(&o.Now, &o.NewID, &o.Zone)
	return erpsync.NewPuller(k.Tenant, k.Store, k.books(), client, &o)
}

// Drift makes the comparison of this tenant's books with those of its ERP.
// Clock, ids, zone and policy of opts default to the counter's own.
func (k *Counter) Drift(client *erp.Client, opts *erpsync.DriftOptions) *erpsync.Drift {
	o := given(opts)
	k.defaults(&o.Now, &o.NewID, &o.Zone)
	if o.Policy == nil {
		o.Policy = k.policy
	}
	return erpsync.NewDrift(k.Tenant, k.Store, client, &o)
}

// Schedule makes the schedule that keeps this tenant in step with its ERP, both
// ways: in place of Relay and Puller, in as many processes as you like. Clock, ids
// and zone of opts default to the counter's own.
func (k *Counter) Schedule(client *erp.Client, opts *erpsync.ScheduleOptions) *erpsync.Schedule {
	o := given(opts)
	k.defaults(&o.Now, nil, &o.Relay.Zone)
	k.defaults(nil, &o.Pull.NewID, &o.Pull.Zone)
	return erpsync.NewSchedule(k.Tenant, k.Store, k.books(), client, &o)
}

// defaults sets what is left open to the counter's own.
func (k *Counter) defaults(now *func() time.Time, newID *func() string, zone **time.Location) {
	if now != nil && *now == nil {
		*now = k.now
	}
	if newID != nil && *newID == nil {
		*newID = k.newID
	}
	if *zone == nil {
		*zone = k.zone
	}
}

func (k *Counter) books() erpsync.Books {
	return erpsync.Books{Orders: k.Orders, Billing: k.Billing, Catalog: k.Catalog, Partners: k.Partners}
}
