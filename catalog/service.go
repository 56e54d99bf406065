package catalog

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/internal/ids"
	"github.com/comptoir-go/comptoir/uow"
)

// Tx is what the use cases need of a transaction; all of it commits together.
type Tx interface {
	Products() Repository
	Outbox() event.Outbox
	Keys() uow.Keys
}

// MaxMany is the largest number of items of SaveMany, SetAvailability and
// GetMany.
const MaxMany = 1000

// Options adjusts a Service; the zero value is the default.
type Options struct {
	// Policy says who may do what; nil means access.Default().
	Policy *access.Policy
	// Now gives the time; nil means the machine's clock. Times are kept in
	// UTC at microseconds.
	Now func() time.Time
	// NewID makes ids of products and events; nil means UUIDv7.
	NewID func() string
}

// Service is the use cases of the catalog. It is safe for concurrent use.
//
// Every command exists twice: X runs in a transaction of its own, XTx in one
// of the caller's. The checks come in this order: context, visibility, the
// number of items, idempotency key, version, permission, the rules of the
// product.
type Service struct {
	run    uow.Runner[Tx]
	policy *access.Policy
	now    func() time.Time
	newID  func() string
}

// NewService makes the use cases over a store. A nil opts is the default.
func NewService(run uow.Runner[Tx], opts *Options) *Service {
	var o Options
	if opts != nil {
		o = *opts
	}
	s := &Service{run: run, policy: o.Policy, now: clock.Or(o.Now), newID: ids.Or(o.NewID, o.Now)}
	if s.policy == nil {
		s.policy = access.Default()
	}
	return s
}

// reads is the first check of every command: whether there is a catalog for
// the actor.
func (s *Service) reads(ctx context.Context, actor access.Actor) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !s.policy.Everywhere(actor, access.CatalogRead) {
		return ErrNotFound
	}
	return nil
}

// mayEdit is the permission of every command: products belong to the seller.
func (s *Service) mayEdit(actor access.Actor) error {
	return s.policy.Check(actor, access.CatalogEdit, access.CatalogRead, access.Owner{}, ErrNotFound)
}

// SeesAll reports whether a policy shows an actor the whole catalog: what is
// offline, blocked or for some customers only, those customers, and the prices
// of every list. Whoever edits the catalog does, and whoever reads every
// partner. Anybody else who reads the catalog sees what its own partner may
// order.
func SeesAll(p *access.Policy, a access.Actor) bool {
	return p.Everywhere(a, access.CatalogRead) &&
		(p.Everywhere(a, access.CatalogEdit) || p.Everywhere(a, access.PartnerRead))
}

// view is what an actor sees of a product, false when it sees nothing. For
// whom SeesAll is false only what it may order exists, and of that neither the
// other customers nor the prices of named lists.
func (s *Service) view(actor access.Actor, p Product) (Product, bool) {
	if !s.policy.Everywhere(actor, access.CatalogRead) {
		return Product{}, false
	}
	if SeesAll(s.policy, actor) {
		return p, true
	}
	if !p.sellableTo(actor.Partner) {
		return Product{}, false
	}
	p.Referenced = slices.DeleteFunc(slices.Clone(p.Referenced), func(id access.PartnerID) bool { return id != actor.Partner })
	p.Prices = slices.DeleteFunc(slices.Clone(p.Prices), func(l ListPrice) bool { return l.List != "" })
	return p, true
}

// scope keeps idempotency keys apart by command and by who asks, so that
// nobody reads the result of another.
func scope(command string, a access.Actor) string {
	return fmt.Sprintf("catalog.%s|%q|%q", command, a.Partner, a.ID)
}

// announce appends one event of a document's version.
func (s *Service) announce(ctx context.Context, tx Tx, subject string, version int64, at time.Time, p event.Payload) error {
	b := event.NewBatch(subject, version, at, s.newID)
	if err := b.Add(p); err != nil {
		return err
	}
	return tx.Outbox().Append(ctx, event.Facts, b.Events()...)
}

// update runs one command in a transaction of its own.
func update[In, Out any](ctx context.Context, s *Service, actor access.Actor, in In,
	do func(context.Context, Tx, access.Actor, In) (Out, error),
) (Out, error) {
	if err := ctx.Err(); err != nil {
		var none Out
		return none, err
	}
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Out, error) { return do(ctx, tx, actor, in) })
}

// ask runs one question on a snapshot of its own.
func ask[In, Out any](ctx context.Context, s *Service, actor access.Actor, in In,
	do func(context.Context, Tx, access.Actor, In) (Out, error),
) (Out, error) {
	if err := ctx.Err(); err != nil {
		var none Out
		return none, err
	}
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (Out, error) { return do(ctx, tx, actor, in) })
}
