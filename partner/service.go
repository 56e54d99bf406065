package partner

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
	Partners() Repository
	Outbox() event.Outbox
	Keys() uow.Keys
}

// Options adjusts a Service; the zero value is the default.
type Options struct {
	// Policy says who may do what; nil means access.Default().
	Policy *access.Policy
	// Now gives the time; nil means the machine's clock. Times are kept in
	// UTC at microseconds.
	Now func() time.Time
	// NewID makes ids of partners, parts and events; nil means UUIDv7.
	NewID func() string
	// MemberRoles are the roles that members may be given; nil means
	// MemberRoles(). Roles of the seller side are refused whatever it says.
	MemberRoles []access.Role
}

// Service is the use cases of partners. It is safe for concurrent use.
//
// Every command exists twice: X runs in a transaction of its own, XTx in one
// of the caller's. The checks come in this order: context, visibility,
// idempotency key, version, permission, the rules of the partner.
type Service struct {
	run    uow.Runner[Tx]
	policy *access.Policy
	now    func() time.Time
	newID  func() string
	roles  []access.Role
}

// NewService makes the use cases over a store. A nil opts is the default.
func NewService(run uow.Runner[Tx], opts *Options) *Service {
	var o Options
	if opts != nil {
		o = *opts
	}
	s := &Service{run: run, policy: o.Policy, now: clock.Or(o.Now), roles: slices.Clone(o.MemberRoles)}
	s.newID = ids.Or(o.NewID, o.Now)
	if s.policy == nil {
		s.policy = access.Default()
	}
	if s.roles == nil {
		s.roles = MemberRoles()
	}
	return s
}

// owner says whose a partner is: its own, and its center's.
func owner(p Partner) access.Owner { return access.Owner{Partner: p.ID, Center: p.Center} }

// scope keeps idempotency keys apart by command and by who asks, so that
// nobody reads the result of another.
func scope(command string, a access.Actor) string {
	return fmt.Sprintf("partner.%s|%q|%q", command, a.Partner, a.ID)
}

// change is one command on a part of an existing partner.
type change struct {
	command string
	action  access.Action
	partner ID
	key     string
	// version is the expected one, 0 for any.
	version int64
	// input is what the idempotency key stands for.
	input any
	what  Part
	// apply changes the partner and names the part.
	apply func(p Partner) (Partner, string, error)
}

// changeTx runs a command in the order of checks that Service promises.
func (s *Service) changeTx(ctx context.Context, tx Tx, actor access.Actor, c change) (Partner, error) {
	p, err := s.visible(ctx, tx, actor, c.partner)
	if err != nil {
		return Partner{}, err
	}
	return uow.Once(ctx, tx.Keys(), scope(c.command, actor), c.key, c.input, func() (Partner, error) {
		if c.version != 0 && c.version != p.Version {
			return Partner{}, uow.Conflict(DocKind, string(p.ID), c.version, p.Version)
		}
		if err := s.policy.Check(actor, c.action, access.PartnerRead, owner(p), ErrNotFound); err != nil {
			return Partner{}, err
		}
		next, ref, err := c.apply(p)
		if err != nil {
			return Partner{}, err
		}
		next.UpdatedAt = s.now()
		return s.save(ctx, tx, next, func(saved Partner) event.Payload {
			return Changed{ID: saved.ID, What: c.what, Ref: ref, By: actor.ID}
		})
	})
}

// visible reads a partner that exists for the actor.
func (s *Service) visible(ctx context.Context, tx Tx, actor access.Actor, id ID) (Partner, error) {
	if err := ctx.Err(); err != nil {
		return Partner{}, err
	}
	p, err := tx.Partners().Get(ctx, id)
	if err != nil {
		return Partner{}, err
	}
	if !s.policy.May(actor, access.PartnerRead, owner(p)) {
		return Partner{}, ErrNotFound
	}
	return p, nil
}

// save keeps the partner and appends its event under the new version.
func (s *Service) save(ctx context.Context, tx Tx, p Partner, fact func(saved Partner) event.Payload) (Partner, error) {
	saved, err := tx.Partners().Save(ctx, p)
	if err != nil {
		return Partner{}, err
	}
	b := event.NewBatch(DocKind+"/"+string(saved.ID), saved.Version, saved.UpdatedAt, s.newID)
	if err := b.Add(fact(saved)); err != nil {
		return Partner{}, err
	}
	return saved, tx.Outbox().Append(ctx, event.Facts, b.Events()...)
}

// orNew returns the id, or a new one when it is empty.
func orNew[K ~string](s *Service, id K) K {
	if id == "" {
		return K(s.newID())
	}
	return id
}

// update runs one command in a transaction of its own.
func update[In any](ctx context.Context, s *Service, actor access.Actor, in In,
	do func(context.Context, Tx, access.Actor, In) (Partner, error),
) (Partner, error) {
	if err := ctx.Err(); err != nil {
		return Partner{}, err
	}
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Partner, error) { return do(ctx, tx, actor, in) })
}
