package store

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/thread"
	"github.com/comptoir-go/comptoir/uow"
)

// Tx is everything that is atomic together, within one tenant.
type Tx interface {
	Partners() partner.Repository
	Products() catalog.Repository
	Carts() cart.Repository
	Orders() order.Repository
	Deliveries() order.DeliveryRepository
	Threads() thread.Repository
	Invoices() billing.Repository
	Series() billing.Heads
	Payments() billing.Payments
	Campaigns() pricing.CampaignRepository
	Codes() pricing.CodeRepository
	Redemptions() pricing.RedemptionRepository
	Tallies() pricing.TallyRepository
	Turnover() pricing.TurnoverRepository
	Outbox() event.Outbox
	Inbox() event.Inbox
	Counters() uow.Counters
	Keys() uow.Keys
	uow.Prefetcher
}

// Tenanted is the store of one tenant.
type Tenanted interface {
	uow.Runner[Tx]
	// Queue hands out the tenant's committed events.
	Queue() event.Queue
}

// Store holds many tenants side by side; nothing reaches across.
type Store interface {
	// For returns one tenant's store; the tenant need not exist before. The
	// empty tenant, or one longer than 64 bytes, is ErrTenant.
	For(t access.Tenant) (Tenanted, error)
	// Tenants lists the tenants that have written anything, sorted; relays
	// walk it.
	Tenants(ctx context.Context) ([]access.Tenant, error)
	// Close waits for running transactions and releases the store. Later
	// calls answer ErrClosed; a second Close does nothing.
	Close() error
}

// Sweeper is what a store also is when it can forget old idempotency keys, as
// those of this library can:
//
//	if sw, ok := st.(store.Sweeper); ok {
//		n, err := sw.Sweep(ctx, now.AddDate(0, 0, -30))
//	}
//
// Run it now and then, from one process.
type Sweeper interface {
	// Sweep removes the idempotency keys of all tenants that were first
	// reserved before an instant, and answers how many. A command that comes
	// with such a key again is executed again: keep at least 30 days, and
	// longer than any client may repeat a request. After an error the count is
	// of what was removed before it; another run removes the rest.
	Sweep(ctx context.Context, before time.Time) (int64, error)
}

// MaxText bounds, in bytes, each text that stands in an index: ids, numbers
// and names that are unique, what lists filter or sort by, topics, ids,
// subjects and types of events, series of counters and scopes of keys. It is
// what PostgreSQL can hold of five such texts in one entry. Other text is not
// bounded by a store.
const MaxText = 512

// The errors of stores.
var (
	ErrTenant = fault.Define(fault.Invalid, "store.tenant", "a tenant is 1 to 64 bytes of letters, digits, '-', '_' and '.'")
	ErrClosed = fault.Define(fault.Unavailable, "store.closed", "the store is closed")
	// ErrText refuses text that no engine could hold: invalid UTF-8 or NUL.
	ErrText = fault.Define(fault.Invalid, "store.text", "text must be valid UTF-8 without NUL")
	// ErrLong refuses text that is searched or sorted by and longer than
	// MaxText bytes; its issues name the fields.
	ErrLong = fault.Define(fault.Invalid, "store.long", "text that is searched or sorted by has at most 512 bytes")
)
