package billing

import (
	"context"
	"fmt"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
)

// work is an invoice being put together.
type work struct {
	parts      []*part
	deliveries []order.Delivery
	takes      []take
}

// take is a quantity of one line that goes on the document.
type take struct {
	part     *part
	line     int // its place in the order
	delivery order.DeliveryID
	quantity int64 // ten-thousandths
}

func (w *work) part(id order.ID) *part {
	for _, p := range w.parts {
		if p.o.ID == id {
			return p
		}
	}
	return nil
}

// sources reads what the input names, as far as the actor sees it.
func (s *Service) sources(ctx context.Context, tx Tx, a access.Actor, in IssueInput) (*work, error) {
	w := &work{}
	read := func(id order.ID, hidden error) error {
		if w.part(id) != nil {
			return nil
		}
		o, err := s.orders.GetTx(ctx, tx, a, id)
		if err != nil {
			if hidden != nil && fault.KindOf(err) == fault.NotFound {
				return hidden
			}
			return err
		}
		o.Lines = slices.Clone(o.Lines) // what is taken is marked in it
		w.parts = append(w.parts, &part{o: o})
		return nil
	}
	for _, one := range in.Orders {
		if err := read(one.Order, nil); err != nil {
			return nil, err
		}
	}
	for _, id := range in.Deliveries {
		d, err := tx.Deliveries().Get(ctx, id)
		if err != nil {
			return nil, err
		}
		if err := read(d.Order, order.ErrNoDelivery); err != nil {
			return nil, err
		}
		w.deliveries = append(w.deliveries, d)
	}
	for _, l := range in.Lines {
		if err := read(l.Order, nil); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// together refuses orders that cannot stand on one document.
func (s *Service) together(w *work, asked SellerID) (Seller, error) {
	var is fault.Issues
	first := w.parts[0].o
	seller, _ := s.sellerFor(first, asked)
	for i, p := range w.parts {
		path := fmt.Sprintf("orders[%d]", i)
		other, ok := s.sellerFor(p.o, asked)
		if !ok || other != seller {
			is.Add(path, "seller", "%s is sold by %q", p.o.Ref, other)
		}
		if p.o.Customer.Partner != first.Customer.Partner {
			is.Add(path, "partner", "%s is of partner %s, not %s", p.o.Ref, p.o.Customer.Partner, first.Customer.Partner)
		}
		if b, c := first.Customer.Counterparty, p.o.Customer.Counterparty; b.ID != c.ID || b.VATID != c.VATID {
			is.Add(path, "buyer", "%s is bought by %s %s, not %s %s", p.o.Ref, c.ID, c.VATID, b.ID, b.VATID)
		}
		if p.o.Currency != first.Currency {
			is.Add(path, "currency", "%s is in %s, not %s", p.o.Ref, p.o.Currency, first.Currency)
		}
	}
	found, ok := s.opts.seller(seller)
	if !ok {
		is.Add("seller", "unknown", "there is no seller %q", seller)
	}
	return found, is.Err(ErrMixed)
}

// billable refuses orders that the seller has not accepted.
func (w *work) billable() error {
	var is fault.Issues
	for i, p := range w.parts {
		if !billable(p.o) {
			is.Add(fmt.Sprintf("orders[%d]", i), "state", "%s is %s", p.o.Ref, p.o.State)
		}
	}
	return is.Err(ErrTooEarly)
}

// billable: what was validated may be invoiced; of a cancelled order only what
// was shipped before.
func billable(o order.Order) bool {
	switch o.State {
	case order.Validated, order.Confirmed, order.Closed:
		return true
	case order.Cancelled:
		return slices.ContainsFunc(o.Lines, func(l order.Line) bool { return l.Goods.Shipped.Sign() > 0 })
	}
	return false
}

// header is what a document takes from its orders: of the buyer the state of
// the order placed last, an address of delivery when it is one.
func (w *work) header() Document {
	last := w.parts[0].o
	same := true
	for _, p := range w.parts {
		same = same && p.o.ShipTo == w.parts[0].o.ShipTo
		if p.o.PlacedAt.After(last.PlacedAt) {
			last = p.o
		}
	}
	d := Document{Record: Record{Partner: last.Customer.Partner, Customer: last.Customer.Number, Buyer: last.Customer.Counterparty, Currency: last.Currency}}
	if last.Customer.Code != "" {
		d.Customer = last.Customer.Code
	}
	if same && !last.ShipTo.IsZero() {
		to := last.ShipTo
		d.ShipTo = &to
	}
	return d
}

// supplied is the day of the last delivery: of those named, and of what the
// orders shipped where orders or lines are named.
func (w *work) supplied(ctx context.Context, tx Tx, in IssueInput) (partner.Date, error) {
	of := w.deliveries
	for _, p := range w.parts {
		named := slices.ContainsFunc(in.Orders, func(x OrderVersion) bool { return x.Order == p.o.ID }) ||
			slices.ContainsFunc(in.Lines, func(x IssueLine) bool { return x.Order == p.o.ID })
		if !named {
			continue
		}
		all, err := tx.Deliveries().OfOrder(ctx, p.o.ID)
		if err != nil {
			return partner.Date{}, err
		}
		of = slices.Concat(of, all)
	}
	var last partner.Date
	for _, d := range of {
		if d.Kind == order.Outgoing && d.State == order.Shipped && d.Date.After(last) {
			last = d.Date
		}
	}
	return last, nil
}
