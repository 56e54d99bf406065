package billing

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
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
		return o.Policy == order.OnDelivery && o.Delivered() != order.NotDelivered
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

// take decides how much of which line goes on the document: deliveries first,
// then single lines, then what the orders have left.
func (w *work) take(ctx context.Context, tx Tx, in IssueInput) error {
	left := map[*part][]int64{}
	for _, p := range w.parts {
		for _, l := range p.o.Lines {
			left[p] = append(left[p], max(l.ToInvoice(p.o.Policy).Units(), 0))
		}
	}
	var none, much, bad fault.Issues
	for i, d := range w.deliveries {
		p := w.part(d.Order)
		n, err := w.takeDelivery(ctx, tx, p, d, left[p])
		if err != nil {
			return err
		}
		switch {
		case d.Kind != order.Outgoing:
			none.Add(fmt.Sprintf("deliveries[%d]", i), "return", "%s is a return", d.Number)
		case d.State != order.Shipped:
			none.Add(fmt.Sprintf("deliveries[%d]", i), "state", "%s is %s", d.Number, d.State)
		case n == 0:
			none.Add(fmt.Sprintf("deliveries[%d]", i), "nothing_due", "nothing is left to invoice of %s", d.Number)
		}
	}
	for i, l := range in.Lines {
		path := fmt.Sprintf("lines[%d]", i)
		p := w.part(l.Order)
		k := slices.IndexFunc(p.o.Lines, func(x order.Line) bool { return x.ID == l.Line })
		switch {
		case k < 0:
			bad.Add(path+".line", "unknown", "%s has no line %s", p.o.Ref, l.Line)
		case l.Quantity.Sign() <= 0:
			bad.Add(path+".quantity", "positive", "must be above 0")
		case l.Quantity.Units() > left[p][k]:
			rest, _ := money.QuantityFromUnits(left[p][k])
			much.Add(path+".quantity", "too_much", "%s is left to invoice of line %s of %s, not %s", rest, l.Line, p.o.Ref, l.Quantity)
		default:
			w.put(p, k, "", l.Quantity.Units(), left[p])
		}
	}
	for i, one := range in.Orders {
		p := w.part(one.Order)
		n := int64(0)
		for k, q := range left[p] {
			n += q
			w.put(p, k, "", q, left[p])
		}
		if n == 0 && !slices.ContainsFunc(w.takes, func(t take) bool { return t.part == p }) {
			none.Add(fmt.Sprintf("orders[%d]", i), "nothing_due", "nothing is left to invoice of %s", p.o.Ref)
		}
	}
	return cmp.Or(bad.Err(ErrInvalid), none.Err(ErrNothingDue), much.Err(ErrTooMuch))
}

// takeDelivery takes what is not yet invoiced of a delivery.
func (w *work) takeDelivery(ctx context.Context, tx Tx, p *part, d order.Delivery, left []int64) (int64, error) {
	if d.Kind != order.Outgoing || d.State != order.Shipped {
		return 0, nil
	}
	billed, err := deliveryBilled(ctx, tx, p.o, d.ID)
	if err != nil {
		return 0, err
	}
	taken := int64(0)
	for _, l := range d.Lines {
		k := slices.IndexFunc(p.o.Lines, func(x order.Line) bool { return x.ID == l.Line })
		if k < 0 {
			continue
		}
		q := min(l.Quantity.Units()-l.Excess.Units()-billed[l.Line], left[k])
		w.put(p, k, d.ID, q, left)
		taken += max(q, 0)
	}
	return taken, nil
}

// deliveryBilled is what stands on invoices of a delivery and was not
// credited, in ten-thousandths.
func deliveryBilled(ctx context.Context, tx Tx, o order.Order, id order.DeliveryID) (map[order.LineID]int64, error) {
	out := map[order.LineID]int64{}
	for _, b := range o.Bills {
		if b.Credit {
			continue
		}
		inv, err := tx.Invoices().Get(ctx, b.Document)
		if err != nil {
			return nil, err
		}
		for _, l := range inv.Lines {
			if l.Delivery == id {
				out[l.OrderLine] += l.Quantity.Units() - inv.credited(l.ID).Quantity.Units()
			}
		}
	}
	return out, nil
}

// put adds to what is taken, and takes it off what is left.
func (w *work) put(p *part, line int, delivery order.DeliveryID, q int64, left []int64) {
	if q <= 0 {
		return
	}
	left[line] -= q
	for i := range w.takes {
		if t := &w.takes[i]; t.part == p && t.line == line && t.delivery == delivery {
			t.quantity += q
			return
		}
	}
	w.takes = append(w.takes, take{part: p, line: line, delivery: delivery, quantity: q})
}

// price makes the lines from the slices of the orders, and the figures of the
// document from them.
func (w *work) price(d *Document) error {
	slices.SortStableFunc(w.takes, func(a, b take) int {
		return cmp.Or(cmp.Compare(slices.Index(w.parts, a.part), slices.Index(w.parts, b.part)), cmp.Compare(a.line, b.line))
	})
	for _, t := range w.takes {
		if err := t.slice(); err != nil {
			return err
		}
	}
	for _, p := range w.parts {
		if err := p.gather(d.Currency); err != nil {
			return err
		}
		for i := range p.rows {
			r := &p.rows[i]
			tax, box, err := p.o.NextTax(r.Category, r.Rate, r.Base)
			if err != nil {
				return err
			}
			r.Tax.Tax, r.whole, r.box = tax, tax, box
		}
	}
	if d.Tax == TaxPerDocument {
		if err := lineUp(w.parts); err != nil {
			return err
		}
		if err := retax(w.parts); err != nil {
			return err
		}
	}
	return assemble(d, w.parts)
}

// slice appends the line of a take to its part and marks its stretches.
func (t take) slice() error {
	o := &t.part.o
	ol := &o.Lines[t.line]
	q, err := money.QuantityFromUnits(t.quantity)
	if err != nil {
		return err
	}
	sl, err := o.NextSlice(ol.ID, q)
	if err != nil {
		return err
	}
	priced, _ := o.Quote.Line(ol.ID)
	ol.Billed.Taken = join(ol.Billed.Taken, sl.Stretches)
	l := lineOf(o.ID, *ol, priced, sl)
	l.Delivery = t.delivery
	t.part.lines = append(t.part.lines, l)
	return nil
}

// lineOf is a line of a document: a slice of an order's line.
func lineOf(o order.ID, ol order.Line, priced pricing.QuotedLine, sl order.Slice) Line {
	return Line{Order: o, OrderLine: ol.ID, SKU: ol.SKU, Name: ol.Name, Unit: ol.Unit, Quantity: sl.Quantity,
		Price: priced.Price, Stated: priced.Stated, Net: sl.Net, Shares: sl.Shares,
		Category: priced.Category, Rate: priced.Rate, Stretches: sl.Stretches}
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
