package store

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// Tx is everything that is atomic together, within one tenant.
type Tx interface {
	Partners() partner.Repository
	Products() catalog.Repository
	Carts() cart.Repository
	Orders() order.Repository
	Outbox() event.Outbox
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

// The errors of stores.
var (
	ErrTenant = fault.Define(fault.Invalid, "store.tenant", "a tenant is 1 to 64 bytes of letters, digits, '-', '_' and '.'")
	ErrClosed = fault.Define(fault.Unavailable, "store.closed", "the store is closed")
	// ErrText refuses text that no engine could hold: invalid UTF-8 or NUL.
	ErrText = fault.Define(fault.Invalid, "store.text", "text must be valid UTF-8 without NUL")
)
