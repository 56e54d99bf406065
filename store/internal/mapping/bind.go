package mapping

import (
	"context"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/thread"
	"github.com/comptoir-go/comptoir/uow"
)

// Bind makes the repositories of one transaction.
func Bind(s *engine.Session) store.Tx { return tx{s: s} }

type tx struct {
	s     *engine.Session
	cache *cache // nil remembers nothing
}

func (t tx) Partners() partner.Repository              { return partnerRepo(t) }
func (t tx) Products() catalog.Repository              { return productRepo(t) }
func (t tx) Carts() cart.Repository                    { return cartRepo(t) }
func (t tx) Orders() order.Repository                  { return orderRepo(t) }
func (t tx) Deliveries() order.DeliveryRepository      { return deliveryRepo(t) }
func (t tx) Threads() thread.Repository                { return threadRepo(t) }
func (t tx) Invoices() billing.Repository              { return invoiceRepo(t) }
func (t tx) Series() billing.Heads                     { return headRepo(t) }
func (t tx) Payments() billing.Payments                { return paymentRepo(t) }
func (t tx) Campaigns() pricing.CampaignRepository     { return campaignRepo(t) }
func (t tx) Codes() pricing.CodeRepository             { return discountRepo(t) }
func (t tx) Redemptions() pricing.RedemptionRepository { return redemptionRepo(t) }
func (t tx) Tallies() pricing.TallyRepository          { return tallyRepo(t) }
func (t tx) Turnover() pricing.TurnoverRepository      { return turnoverRepo(t) }
func (t tx) Outbox() event.Outbox                      { return t.s }
func (t tx) Inbox() event.Inbox                        { return inbox(t) }
func (t tx) Counters() uow.Counters                    { return t.s }
func (t tx) Keys() uow.Keys                            { return t.s }

// Prefetch implements uow.Prefetcher; refs of unknown kinds are left out.
func (t tx) Prefetch(ctx context.Context, refs ...uow.Ref) error {
	var wants []engine.Want
	for _, table := range Tables() {
		var ids []string
		for _, r := range refs {
			if r.Kind == table.Kind {
				ids = append(ids, r.ID)
			}
		}
		if len(ids) > 0 {
			wants = append(wants, engine.Want{Table: table, IDs: ids})
		}
	}
	return t.s.Prefetch(ctx, wants)
}
