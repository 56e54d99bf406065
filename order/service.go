package order

import (
	"context"
	"fmt"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/internal/ids"
	"github.com/comptoir-go/comptoir/uow"
)

// Tx is what ordering changes atomically: the cart is emptied, the order is
// there, its number is taken and its events are out, or none of it.
type Tx interface {
	cart.Tx
	Orders() Repository
	Counters() uow.Counters
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
	// address. Default: one of them has to be there before ordering.
	WithoutVATID bool
	// MaxBulk bounds the orders of one bulk command. Default: 500.
	MaxBulk int
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
}

// NewService makes the service over a store's transactions. The cart service
// brings the rules and the prices of what may be ordered.
func NewService(run uow.Runner[Tx], carts *cart.Service, opts *Options) *Service {
	if opts == nil {
		opts = &Options{}
	}
	s := &Service{run: run, carts: carts, policy: opts.Policy, life: opts.Life, numbers: opts.Numbering,
		zone: opts.Zone, now: clock.Or(opts.Now), noVAT: opts.WithoutVATID, maxBulk: opts.MaxBulk}
	s.newID = ids.Or(opts.NewID, s.now)
	if s.policy == nil {
		s.policy = access.Default()
	}
	if s.life == nil {
		s.life = DefaultLife()
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
// sync is given, work for the relay. The events carry the new version.
func (s *Service) save(ctx context.Context, tx Tx, o Order, sync *SyncRequested, facts ...event.Payload) (Order, error) {
	saved, err := tx.Orders().Save(ctx, o)
	if err != nil {
		return Order{}, err
	}
	return saved, s.tell(ctx, tx, saved, sync, facts...)
}

func (s *Service) tell(ctx context.Context, tx Tx, o Order, sync *SyncRequested, facts ...event.Payload) error {
	subject := DocKind + "/" + string(o.ID)
	if len(facts) > 0 {
		b := event.NewBatch(subject, o.Version, s.now(), s.newID)
		for _, f := range facts {
			if err := b.Add(f); err != nil {
				return err
			}
		}
		if err := tx.Outbox().Append(ctx, event.Facts, b.Events()...); err != nil {
			return err
		}
	}
	if sync == nil {
		return nil
	}
	b := event.NewBatch(subject, o.Version, s.now(), s.newID)
	if err := b.Add(*sync); err != nil {
		return err
	}
	return tx.Outbox().Append(ctx, event.ERP, b.Events()...)
}

func syncOf(o Order) *SyncRequested {
	return &SyncRequested{Order: o.ID, Ref: o.Ref, Revision: o.Revision}
}

// withdrawal asks the relay to cancel the twin.
func withdrawal(o Order, reason string) *SyncRequested {
	return &SyncRequested{Order: o.ID, Ref: o.Ref, Revision: o.Revision, Withdraw: true, ERPID: o.ERP.ID, Sent: o.ERP.Sent, Reason: reason}
}
