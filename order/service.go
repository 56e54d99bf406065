package order

import (
	"context"
	"fmt"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/internal/ids"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/thread"
	"github.com/comptoir-go/comptoir/uow"
)

// Tx is what ordering changes atomically: the cart is emptied, the order is
// there, its number is taken and its events are out, or none of it.
type Tx interface {
	cart.Tx
	Orders() Repository
	Deliveries() DeliveryRepository
	Threads() thread.Repository
	Counters() uow.Counters
	// Turnover is read for the facts of carts, and written where what is
	// delivered counts.
	Turnover() pricing.TurnoverRepository
}

// Options tune a Service. The zero value is ready to use.
type Options struct {
	// Policy decides who may do what. Default: access.Default().
	Policy *access.Policy
	// Life is the life cycle. Default: DefaultLife().
	Life *Life
	// Numbering makes references. Default: DefaultPattern.
	Numbering *Numbering
	// Zone is the tenant's time zone, for the year of references. Default: UTC.
	Zone *time.Location
	// Now is the clock. Default: the machine's.
	Now func() time.Time
	// NewID makes ids. Default: UUIDv7.
	NewID func() string
	// WithoutVATID takes orders without a VAT id of the counterparty or the
	// address. Default: one of them has to be there before ordering, and not be
	// known as invalid.
	WithoutVATID bool
	// MaxBulk bounds the orders of one bulk command. Default: 500.
	MaxBulk int
	// Invoice says what of an order is invoiced; it is frozen with the order.
	// Default: OnDelivery.
	Invoice InvoicePolicy
	// Turnover says which documents make turnover. With
	// pricing.TurnoverDelivered deliveries and returns are recorded here, at the
	// order's net with its share of allowances and charges; otherwise package
	// billing records its documents. Set billing.Options.Turnover alike.
	Turnover pricing.TurnoverBasis
	// Blobs, when set, is asked whether what is attached is really there, as
	// Tenant's; see Attach and Post. Default: references are believed.
	Blobs  blob.Store
	Tenant access.Tenant
	// MaxMessages bounds the correspondence on one document. Default: 2000.
	MaxMessages int
}

// Service places orders and leads them to the ERP's confirmation.
type Service struct {
	run     uow.Runner[Tx]
	carts   *cart.Service
	policy  *access.Policy
	life    *Life
	numbers *Numbering
	zone    *time.Location
	now     func() time.Time
	newID   func() string
	noVAT   bool
	maxBulk int
	blobs   blob.Store
	tenant  access.Tenant
	book    *thread.Book
	invoice InvoicePolicy
	// turnovers keeps the ledger of what partners bought; nil where what is
	// invoiced counts.
	turnovers *pricing.Turnovers
}

// NewService makes the service over a store's transactions. The cart service
// brings the rules and the prices of what may be ordered.
func NewService(run uow.Runner[Tx], carts *cart.Service, opts *Options) *Service {
	if opts == nil {
		opts = &Options{}
	}
	s := &Service{run: run, carts: carts, policy: opts.Policy, life: opts.Life, numbers: opts.Numbering,
		zone: opts.Zone, now: clock.Or(opts.Now), noVAT: opts.WithoutVATID, maxBulk: opts.MaxBulk, invoice: opts.Invoice}
	s.newID = ids.Or(opts.NewID, s.now)
	s.blobs, s.tenant = opts.Blobs, opts.Tenant
	if s.policy == nil {
		s.policy = access.Default()
	}
	s.book = thread.NewBook(&thread.Options{Policy: s.policy, Now: s.now, NewID: s.newID, MaxMessages: opts.MaxMessages})
	if s.life == nil {
		s.life = DefaultLife()
	}
	if opts.Turnover == pricing.TurnoverDelivered {
		s.turnovers = pricing.NewTurnovers(nil, &pricing.TurnoverOptions{Policy: s.policy, Now: s.now, NewID: s.newID, Zone: opts.Zone})
	}
	if s.numbers == nil {
		s.numbers = defaultNumbering
	}
	if s.zone == nil {
		s.zone = time.UTC
	}
	if s.maxBulk == 0 {
		s.maxBulk = 500
	}
	if s.invoice == "" {
		s.invoice = OnDelivery
	}
	return s
}

var defaultNumbering = mustNumbering(DefaultPattern)

func mustNumbering(pattern string) *Numbering {
	n, err := NewNumbering(pattern)
	if err != nil {
		panic(err)
	}
	return n
}

// Life returns the life cycle in use, for charts and buttons.
func (s *Service) Life() *Life { return s.life }

// Numbering returns the numbering in use, to read references.
func (s *Service) Numbering() *Numbering { return s.numbers }

func owner(o Order) access.Owner { return access.Owner{Partner: o.Customer.Partner} }

// see reads an order as the actor sees it: what is not visible is not found.
func (s *Service) see(ctx context.Context, tx Tx, a access.Actor, id ID) (Order, error) {
	o, err := tx.Orders().Get(ctx, id)
	if err != nil {
		return Order{}, err
	}
	if !s.policy.May(a, access.OrderRead, owner(o)) {
		return Order{}, ErrNotFound
	}
	return o, nil
}

// at refuses a version that the caller did not expect; 0 expects any.
func at(o Order, version int64) error {
	if version != 0 && version != o.Version {
		return uow.Conflict(DocKind, string(o.ID), version, o.Version)
	}
	return nil
}

func scope(verb string, a access.Actor) string {
	return fmt.Sprintf("order.%s/%q/%q", verb, a.Partner, a.ID)
}

// note appends one step to the history.
func (o *Order) note(at time.Time, by access.Stamp, what string, from State, text string) {
	o.History = append(o.History, Entry{At: at, By: by, What: what, From: from, To: o.State, Note: text})
	o.UpdatedAt = at
}

// save writes the order and tells the world: facts for everyone, and when
// sync is given, work for the relay. The events carry the new version. What
// contradicts itself is not written.
func (s *Service) save(ctx context.Context, tx Tx, o Order, sync *SyncRequested, facts ...event.Payload) (Order, error) {
	if err := o.CheckLedgers(); err != nil {
		return Order{}, err
	}
	saved, err := tx.Orders().Save(ctx, o)
	if err != nil {
		return Order{}, err
	}
	if saved.withdrawn() {
		if err := s.returnCodes(ctx, tx, saved, saved.History[len(saved.History)-1].By.ID); err != nil {
			return Order{}, err
		}
	}
	return saved, s.tell(ctx, tx, saved, sync, facts...)
}

func (s *Service) tell(ctx context.Context, tx Tx, o Order, sync *SyncRequested, facts ...event.Payload) error {
	subject := DocKind + "/" + string(o.ID)
	if err := s.append(ctx, tx, event.Facts, subject, o.Version, facts...); err != nil || sync == nil {
		return err
	}
	return s.append(ctx, tx, event.ERP, subject, o.Version, *sync)
}

// append puts the events of one version of a document into the outbox.
func (s *Service) append(ctx context.Context, tx Tx, topic event.Topic, subject string, version int64, facts ...event.Payload) error {
	if len(facts) == 0 {
		return nil
	}
	b := event.NewBatch(subject, version, s.now(), s.newID)
	for _, f := range facts {
		if err := b.Add(f); err != nil {
			return err
		}
	}
	return tx.Outbox().Append(ctx, topic, b.Events()...)
}

func syncOf(o Order) *SyncRequested {
	return &SyncRequested{Order: o.ID, Ref: o.Ref, Revision: o.Revision}
}

// withdrawal asks the relay to cancel the twin.
func withdrawal(o Order, reason string) *SyncRequested {
	return &SyncRequested{Order: o.ID, Ref: o.Ref, Revision: o.Revision, Withdraw: true, ERPID: o.ERP.ID, Sent: o.ERP.Sent, Reason: reason}
}
