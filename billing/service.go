package billing

import (
	"context"
	"fmt"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/internal/ids"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/uow"
)

// Service issues invoices and credit notes or mirrors the ERP's, takes
// payments and writes statements.
type Service struct {
	run    uow.Runner[Tx]
	orders *order.Service
	opts   Options // filled
	policy *access.Policy
	zone   *time.Location
	now    func() time.Time
	newID  func() string
	// turnovers keeps the ledger of what partners bought.
	turnovers *pricing.Turnovers
}

// NewService makes the service over a store's transactions. The order service
// keeps the ledgers of what is billed. Options that do not fit together are
// ErrSettings (Invalid, billing.settings) with every issue.
func NewService(run uow.Runner[Tx], orders *order.Service, opts *Options) (*Service, error) {
	if opts == nil {
		opts = &Options{}
	}
	o, err := opts.filled()
	if err != nil {
		return nil, err
	}
	s := &Service{run: run, orders: orders, opts: o, policy: o.Policy, zone: o.Zone, now: clock.Or(o.Now)}
	s.newID = ids.Or(o.NewID, s.now)
	s.turnovers = pricing.NewTurnovers(nil, &pricing.TurnoverOptions{Policy: o.Policy, Now: s.now, NewID: s.newID, Zone: o.Zone})
	return s, nil
}

// IssuerOf says who makes the documents of a seller and kind.
func (s *Service) IssuerOf(id SellerID, k Kind) Issuer { return s.opts.issuer(id, k) }

// Sellers returns the legal entities that sell, the default first.
func (s *Service) Sellers() []Seller { return append([]Seller(nil), s.opts.Sellers...) }

// Series returns the series of a seller, those of the options first.
func (s *Service) Series(id SellerID) []Series {
	var out []Series
	for _, one := range s.opts.Series {
		if one.Seller == id {
			out = append(out, one)
		}
	}
	return out
}

// today is the day it is in the tenant's zone.
func (s *Service) today() partner.Date { return partner.DateOf(s.now(), s.zone) }

// sellerOf is who sold an order.
func (s *Service) sellerOf(o order.Order) SellerID {
	if s.opts.SellerOf != nil {
		if id := s.opts.SellerOf(o); id != "" {
			return id
		}
	}
	return s.opts.Sellers[0].ID
}

func owner(d Document) access.Owner { return access.Owner{Partner: d.Partner} }

// see reads a document as the actor sees it: what is not visible is not found.
func (s *Service) see(ctx context.Context, tx Tx, a access.Actor, id ID) (Document, error) {
	d, err := tx.Invoices().Get(ctx, id)
	if err != nil {
		return Document{}, err
	}
	if !s.policy.May(a, access.InvoiceRead, owner(d)) {
		return Document{}, ErrNotFound
	}
	return d, nil
}

// at refuses a version that the caller did not expect; 0 expects any.
func at(d Document, version int64) error {
	if version != 0 && version != d.Version {
		return uow.Conflict(DocKind, string(d.ID), version, d.Version)
	}
	return nil
}

func scope(verb string, a access.Actor) string {
	return fmt.Sprintf("billing.%s/%q/%q", verb, a.Partner, a.ID)
}

// save writes a document and tells the world: facts for everyone. The events
// carry the new version.
func (s *Service) save(ctx context.Context, tx Tx, d Document, facts ...event.Payload) (Document, error) {
	saved, err := tx.Invoices().Save(ctx, d)
	if err != nil {
		return Document{}, err
	}
	return saved, s.tell(ctx, tx, event.Facts, DocKind+"/"+string(saved.ID), saved.Version, facts...)
}

// tell appends events of one version of a subject to a topic.
func (s *Service) tell(ctx context.Context, tx Tx, topic event.Topic, subject string, version int64, what ...event.Payload) error {
	if len(what) == 0 {
		return nil
	}
	b := event.NewBatch(subject, version, s.now(), s.newID)
	for _, p := range what {
		if err := b.Add(p); err != nil {
			return err
		}
	}
	return tx.Outbox().Append(ctx, topic, b.Events()...)
}
