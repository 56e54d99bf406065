package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/internal/ids"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
)

// sellers each have a series of their own.
const sellers = 8

// buyers is how many partners have orders that are delivered and paid.
const buyers = 16

var machine = access.Machine("bench")

func sellerID(i int) billing.SellerID { return billing.SellerID(fmt.Sprintf("seller%d", i)) }

// spread scatters operations over the sellers, or gives all to one.
func spread(i, series int) int { return int(uint32(i)*2654435761>>16) % series }

func issuingHere() *billing.Options {
	o := &billing.Options{Issuers: []billing.IssuerRule{{Issuer: billing.Here}}}
	for i := range sellers {
		o.Sellers = append(o.Sellers, billing.Seller{ID: sellerID(i), Name: "Comptoir du Nord SAS", VATID: "FR40303265045", Registration: "303265045",
			Address: partner.Address{Company: "Comptoir du Nord SAS", Street: "1 quai du Port", Postcode: "59140", City: "Dunkerque", Country: "FR"}})
	}
	return o
}

// goods are an order of ten lines that is confirmed, and the delivery of all of
// it, if it has left.
type goods struct {
	order  order.Order
	parcel order.Delivery
}

// confirmed places an order of one partner and leads it to confirmed.
func (s *shop) confirmed(p int) order.ID {
	s.b.Helper()
	c := s.offer(p)
	c.ID, c.Name = cart.ID(ids.V7(time.Now())), fmt.Sprintf("sold %d", s.made.Add(1))
	s.update(func(ctx context.Context, tx store.Tx) error { _, err := tx.Carts().Save(ctx, c); return err })
	r, err := s.place(job{actor: buyerOf(p), in: order.PlaceInput{Cart: c.ID, Seal: c.Quote.Seal}})
	require.NoError(s.b, err)
	_, err = s.orders.Advance(s.ctx, operator, order.AdvanceInput{Order: r.Order, On: order.Validate})
	require.NoError(s.b, err)
	_, err = s.orders.Advance(s.ctx, machine, order.AdvanceInput{Order: r.Order, On: order.Confirm})
	require.NoError(s.b, err)
	return r.Order
}

// delivered is an order of one partner that has left; copies are made of it.
func (s *shop) delivered(p int) goods {
	s.b.Helper()
	if g, ok := s.sent[p]; ok {
		return g
	}
	id := s.confirmed(p)
	d, err := s.orders.Ship(s.ctx, operator, order.ShipInput{Order: id, Carrier: "DHL", Tracking: "00340434161094042557"})
	require.NoError(s.b, err)
	o, err := s.orders.Get(s.ctx, operator, id)
	require.NoError(s.b, err)
	s.sent[p] = goods{order: o, parcel: d}
	return s.sent[p]
}

// copied is the same under other names.
func (s *shop) copied(g goods) goods {
	now := time.Now()
	g.order.ID, g.order.Version = order.ID(ids.V7(now)), 0
	g.order.Ref = order.Ref(fmt.Sprintf("%s-%d", g.order.Ref, s.made.Add(1)))
	g.parcel.ID, g.parcel.Version, g.parcel.Order, g.parcel.OrderRef = order.DeliveryID(ids.V7(now)), 0, g.order.ID, g.order.Ref
	g.parcel.Number = string(g.order.Ref) + "-1"
	return g
}

// deliveries stores n delivered orders that are ready to be invoiced.
func (s *shop) deliveries(n int) []goods {
	s.b.Helper()
	all := make([]goods, n)
	for i := range all {
		all[i] = s.copied(s.delivered(i % buyers))
	}
	for from := 0; from < n; from += saved {
		s.update(func(ctx context.Context, tx store.Tx) error {
			for i := from; i < min(n, from+saved); i++ {
				if _, err := tx.Orders().Save(ctx, all[i].order); err != nil {
					return err
				}
				if _, err := tx.Deliveries().Save(ctx, all[i].parcel); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return all
}

// issueInput asks for the invoice of an order.
func issueInput(o order.Order, seller billing.SellerID) billing.IssueInput {
	return billing.IssueInput{Key: "invoice of " + string(o.ID), Orders: []billing.OrderVersion{{Order: o.ID}}, Seller: seller}
}
