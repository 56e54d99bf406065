package comptoir

import (
	"cmp"
	"context"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// Settings is what one tenant may have of its own. Zero fields take the
// defaults named in the services' options.
type Settings struct {
	// Pricer prices carts; it is required.
	Pricer pricing.Pricer
	// Currency is what new carts are in; without it each has to name its own.
	Currency money.Currency
	// Lists are the price lists of partners that have none of their own.
	Lists []string
	// Zone is the tenant's time zone. Default: UTC.
	Zone *time.Location
	// Numbering is the pattern of order references. Default:
	// order.DefaultPattern.
	Numbering string
	// Limits bound carts.
	Limits cart.Limits
	// Tickets answers whether a service ticket is open; without it lines
	// cannot be tied to tickets.
	Tickets cart.TicketOpen
	// Life is the life cycle of orders. Default: order.DefaultLife().
	Life *order.Life
	// WithoutVATID lets buyers order without a VAT id.
	WithoutVATID bool
	// Attended answers the events that a partner takes part in, for pricers that
	// ask; see order.FactsOptions. Default: none.
	Attended func(ctx context.Context, tx cart.Tx, p partner.Partner, at time.Time) ([]string, error)
	// Invoice says what of an order is invoiced. Default: order.OnDelivery.
	Invoice order.InvoicePolicy
	// Billing tunes invoices and payments: sellers, issuers, series of
	// numbers, how VAT is rounded. Its Policy, Now, NewID and Zone are the
	// counter's. The zero value mirrors what the ERP invoices.
	Billing billing.Options
}

// Options wire a Comptoir.
type Options struct {
	// Settings hold for every tenant that Tenants does not name.
	Settings Settings
	Tenants  map[access.Tenant]Settings
	// Policy decides who may do what. Default: access.Default().
	Policy *access.Policy
	// Now is the clock. Default: the machine's.
	Now func() time.Time
	// NewID makes ids. Default: UUIDv7.
	NewID func() string
	// Blobs keeps attached files; with it an order takes no file that is not
	// there.
	Blobs blob.Store
}

// ErrSettings lists what is wrong with Options.
var ErrSettings = fault.Define(fault.Invalid, "comptoir.settings", "the settings are not valid")

// Comptoir is the trade counter of every tenant of one store.
type Comptoir struct {
	store   store.Store
	o       Options
	numbers map[string]*order.Numbering
}

// Open wires the services over a store. It checks the options, with every
// issue in ErrSettings, and that the store answers. The store stays the
// caller's to close.
func Open(ctx context.Context, st store.Store, opts *Options) (*Comptoir, error) {
	c := &Comptoir{store: st, o: given(opts), numbers: map[string]*order.Numbering{}}
	if c.o.Policy == nil {
		c.o.Policy = access.Default()
	}
	var is fault.Issues
	if st == nil {
		is.Add("store", "required", "a store is needed")
	}
	if c.o.Settings.Pricer != nil || len(c.o.Tenants) == 0 {
		c.check(&is, "settings", c.o.Settings)
	}
	for t, s := range c.o.Tenants {
		c.check(&is, "tenants["+string(t)+"]", s)
	}
	if err := is.Err(ErrSettings); err != nil {
		return nil, err
	}
	if _, err := st.Tenants(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Comptoir) check(is *fault.Issues, path string, s Settings) {
	if s.Pricer == nil {
		is.Add(path+".pricer", "required", "a pricer is needed")
	}
	n, err := order.NewNumbering(s.Numbering)
	is.AddUnder(path+".numbering", err)
	c.numbers[s.Numbering] = n
	if s.Invoice != "" && s.Invoice != order.OnDelivery && s.Invoice != order.OnOrder {
		is.Add(path+".invoice", "unknown", "%q is no invoice policy", s.Invoice)
	}
	_, err = billing.NewService(nil, nil, c.billing(s))
	is.AddUnder(path+".billing", err)
}

// billing completes the options of a tenant's billing.
func (c *Comptoir) billing(s Settings) *billing.Options {
	o := s.Billing
	o.Policy, o.Now, o.NewID, o.Zone = c.o.Policy, c.o.Now, c.o.NewID, s.Zone
	return &o
}

// Counter is the trade counter of one tenant.
type Counter struct {
	Tenant   access.Tenant
	Partners *partner.Service
	Catalog  *catalog.Service
	Carts    *cart.Service
	// Codes keeps discount codes: campaigns, and who used them.
	Codes   *pricing.Codes
	Orders  *order.Service
	Billing *billing.Service
	// Turnovers is the ledger of what partners bought, as Settings.Billing.
	// Turnover counts it; carts get their facts from it.
	Turnovers *pricing.Turnovers
	// Letters settles what the ERP relay could not.
	Letters *erpsync.Letters
	// Store runs transactions of the caller's own around the …Tx commands.
	Store store.Tenanted

	now    func() time.Time
	newID  func() string
	policy *access.Policy
	zone   *time.Location
	blobs  blob.Store
}

// For returns one tenant's counter. Making one is cheap; keep it or make it
// per request. Errors: store.ErrTenant; ErrSettings for a tenant that has no
// settings.
func (c *Comptoir) For(t access.Tenant) (*Counter, error) {
	st, err := c.store.For(t)
	if err != nil {
		return nil, err
	}
	s, ok := c.o.Tenants[t]
	if !ok {
		s = c.o.Settings
	}
	if s.Pricer == nil {
		var is fault.Issues
		is.Add("tenants["+string(t)+"]", "required", "the tenant has no settings")
		return nil, is.Err(ErrSettings)
	}
	k := &Counter{Tenant: t, Store: st, now: c.o.Now, newID: c.o.NewID, policy: c.o.Policy, zone: s.Zone, blobs: c.o.Blobs}
	k.Partners = partner.NewService(uow.Narrow(st, func(tx store.Tx) partner.Tx { return tx }),
		&partner.Options{Policy: c.o.Policy, Now: c.o.Now, NewID: c.o.NewID})
	k.Catalog = catalog.NewService(uow.Narrow(st, func(tx store.Tx) catalog.Tx { return tx }),
		&catalog.Options{Policy: c.o.Policy, Now: c.o.Now, NewID: c.o.NewID})
	k.Codes = pricing.NewCodes(uow.Narrow(st, func(tx store.Tx) pricing.CodeTx { return tx }),
		&pricing.CodeOptions{Policy: c.o.Policy, Now: c.o.Now, NewID: c.o.NewID, Zone: s.Zone})
	basis := cmp.Or(s.Billing.Turnover, pricing.TurnoverInvoiced)
	k.Turnovers = pricing.NewTurnovers(uow.Narrow(st, func(tx store.Tx) pricing.TurnoverTx { return tx }),
		&pricing.TurnoverOptions{Policy: c.o.Policy, Now: c.o.Now, NewID: c.o.NewID, Zone: s.Zone, Basis: basis})
	facts := order.NewFacts(k.Turnovers, &order.FactsOptions{Zone: s.Zone, Attended: s.Attended})
	k.Carts = cart.NewService(uow.Narrow(st, func(tx store.Tx) cart.Tx { return tx }), s.Pricer,
		&cart.Options{Policy: c.o.Policy, Now: c.o.Now, NewID: c.o.NewID, Limits: s.Limits, Tickets: s.Tickets, Codes: k.Codes,
			Facts: facts, Currency: s.Currency, Lists: s.Lists, Zone: s.Zone})
	k.Orders = order.NewService(uow.Narrow(st, func(tx store.Tx) order.Tx { return tx }), k.Carts,
		&order.Options{Policy: c.o.Policy, Now: c.o.Now, NewID: c.o.NewID, Life: s.Life, Numbering: c.numbers[s.Numbering],
			Zone: s.Zone, WithoutVATID: s.WithoutVATID, Invoice: s.Invoice, Turnover: basis, Blobs: c.o.Blobs, Tenant: t})
	k.Billing, err = billing.NewService(uow.Narrow(st, func(tx store.Tx) billing.Tx { return tx }), k.Orders, c.billing(s))
	if err != nil {
		return nil, err
	}
	k.Letters = erpsync.NewLetters(st.Queue(), k.books(), c.o.Policy)
	return k, nil
}

// Tenants lists the tenants that have written anything, sorted; run a Schedule
// for each.
func (c *Comptoir) Tenants(ctx context.Context) ([]access.Tenant, error) { return c.store.Tenants(ctx) }

// given are options, the zero ones for nil.
func given[O any](opts *O) (o O) {
	if opts != nil {
		o = *opts
	}
	return o
}
