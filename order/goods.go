package order

import (
	"slices"
	"strconv"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
)

// The goods ledger of a line follows from what is known, whatever the order in
// which it was learned: the quantity, what was given up here (Goods.Forgone),
// what the ERP said last (Goods.Told), and the deliveries that count. So a
// report that comes twice or late leaves the same ledger.
//
//   - What was shipped counts up to what is not given up here; the rest is
//     excess, and what comes back takes from the excess first.
//   - What the ERP gave up yields to what it shipped after all, and what it
//     has reserved to both: its streams are not synchronous.
//   - Of an order that was rejected or cancelled all is given up that was not
//     shipped, and what is shipped after all counts, as with an ERP's word.
//   - What comes back beyond all that was shipped counts nowhere; it stands on
//     its delivery.

// errLedger is a ledger that no command should have made.
var errLedger = fault.Define(fault.Internal, "order.ledger", "the order's ledgers contradict each other")

// tally is what the deliveries of an order count of one line, in units.
type tally struct{ out, back int64 }

// weigh makes the ledger of a line anew, of an order that is withdrawn or not,
// and returns what was shipped beyond the order, and what came back beyond what
// was shipped.
func (l *Line) weigh(t tally, withdrawn bool) (over, stray int64) {
	g, asked := &l.Goods, l.Quantity.Units()
	told := g.Told.Cancelled.Units()
	if withdrawn {
		told = asked
	}
	own := min(g.Forgone.Units(), asked)
	shipped := min(t.out, asked-own)
	cancelled := max(own, min(told, asked-shipped))
	over = t.out - shipped
	returned := min(max(0, t.back-over), shipped)
	g.Shipped, g.Cancelled, g.Returned = quantity(shipped), quantity(cancelled), quantity(returned)
	g.Reserved = quantity(min(g.Told.Reserved.Units(), asked-shipped-cancelled))
	g.Excess = quantity(max(0, over-t.back))
	return over, max(0, t.back-over-shipped)
}

// Deliverable is what may still be shipped of the line: open or reserved.
func (l Line) Deliverable() money.Quantity {
	return quantity(l.Quantity.Units() - l.Goods.Shipped.Units() - l.Goods.Cancelled.Units())
}

// Returnable is what the customer has of the line and may send back, what the
// ERP delivered beyond the order included.
func (l Line) Returnable() money.Quantity {
	return quantity(l.Goods.Shipped.Units() - l.Goods.Returned.Units() + l.Goods.Excess.Units())
}

// used is the least that the line's quantity may become, after what an ERP did
// with the order before it was validated here.
func (l Line) used() money.Quantity {
	least := max(l.Goods.Shipped.Units(), l.Billed.Invoiced.Units())
	if n := len(l.Billed.Taken); n > 0 {
		least = max(least, l.Billed.Taken[n-1].To)
	}
	return quantity(least)
}

// forgo gives up so much of what is open, and then of what is reserved. The
// quantity is known to be deliverable.
func (l *Line) forgo(q money.Quantity) {
	g := &l.Goods
	g.Forgone = quantity(g.Cancelled.Units() + q.Units())
	g.Cancelled = g.Forgone
	g.Reserved = quantity(min(g.Reserved.Units(), l.Deliverable().Units()))
}

// withdrawn reports whether nothing of the order is wanted that has not left.
func (o *Order) withdrawn() bool { return o.State == Rejected || o.State == Cancelled }

// drop gives up whatever of the lines has not left.
func (o *Order) drop() {
	o.Lines = slices.Clone(o.Lines)
	for i := range o.Lines {
		g := &o.Lines[i].Goods
		g.Cancelled, g.Reserved = quantity(o.Lines[i].Quantity.Units()-g.Shipped.Units()), money.Quantity{}
	}
}

// draw takes so much of a delivery made here from what the ERP has reserved,
// which cannot know of it.
func (l *Line) draw(q money.Quantity) {
	g := &l.Goods
	g.Told.Reserved = quantity(g.Reserved.Units() - min(g.Reserved.Units(), q.Units()))
}

// tell takes what the ERP says of a line now. Where it gives up less than it
// said before, that much is given up here no longer either.
func (l *Line) tell(now Told) {
	g := &l.Goods
	if again := g.Told.Cancelled.Units() - now.Cancelled.Units(); again > 0 {
		g.Forgone = quantity(max(0, g.Forgone.Units()-again))
	}
	g.Told = now
}

// spill is goods of one line beyond the order: shipped beyond what was wanted,
// or back beyond what was shipped. Was is what was known of it before.
type spill struct {
	line    LineID
	kind    DeliveryKind
	was, is money.Quantity
}

// reweigh makes the goods ledgers anew from the order's deliveries, oldest
// first, and writes into these which of them brought the excess: the latest.
// It returns what spills otherwise than it did over the deliveries as they
// were. Errors: money.ErrOverflow.
func (o *Order) reweigh(were, ds []Delivery) ([]spill, error) {
	o.Lines = slices.Clone(o.Lines)
	var out []spill
	for i := range o.Lines {
		l := &o.Lines[i]
		t, err := count(ds, l.ID)
		if err != nil {
			return nil, err
		}
		was, is := spilt(were, l.ID), tally{}
		is.out, is.back = l.weigh(t, o.withdrawn())
		mark(ds, l.ID, Outgoing, is.out)
		mark(ds, l.ID, Return, is.back)
		if was.out != is.out {
			out = append(out, spill{l.ID, Outgoing, quantity(was.out), quantity(is.out)})
		}
		if was.back != is.back {
			out = append(out, spill{l.ID, Return, quantity(was.back), quantity(is.back)})
		}
	}
	return out, nil
}

// count sums what deliveries count of a line.
func count(ds []Delivery, id LineID) (tally, error) {
	var out, back money.Quantity
	for i := range ds {
		side := &out
		if ds[i].Kind == Return {
			side = &back
		}
		for _, l := range ds[i].Lines {
			if l.Line != id || ds[i].State != Shipped {
				continue
			}
			sum, err := side.Add(l.Quantity)
			if err != nil {
				return tally{}, err
			}
			*side = sum
		}
	}
	return tally{out.Units(), back.Units()}, nil
}

// spilt sums what is known of a line's excess.
func spilt(ds []Delivery, id LineID) (t tally) {
	for i := range ds {
		for _, l := range ds[i].Lines {
			switch {
			case l.Line != id:
			case ds[i].Kind == Return:
				t.back += l.Excess.Units()
			default:
				t.out += l.Excess.Units()
			}
		}
	}
	return t
}

// mark says which deliveries of a kind brought so much excess of a line.
func mark(ds []Delivery, id LineID, kind DeliveryKind, excess int64) {
	for i := len(ds) - 1; i >= 0; i-- {
		if ds[i].Kind != kind {
			continue
		}
		for k := range ds[i].Lines {
			l := &ds[i].Lines[k]
			if l.Line != id {
				continue
			}
			part := int64(0)
			if ds[i].State == Shipped {
				part = min(excess, l.Quantity.Units())
			}
			excess -= part
			l.Excess = quantity(part)
		}
	}
}

// CheckLedgers tells whether the ledgers hold what Goods and Billed promise,
// and whether stretches lie apart and within their whole. No command breaks
// them; nothing is saved that does.
//
// Errors: Internal, order.ledger with every issue.
func (o Order) CheckLedgers() error {
	var is fault.Issues
	for i := range o.Lines {
		l := &o.Lines[i]
		path, g, b := "lines["+strconv.Itoa(i)+"]", l.Goods, l.Billed
		left := l.Quantity.Units()
		for _, part := range []money.Quantity{g.Reserved, g.Shipped, g.Cancelled} {
			if part.Sign() < 0 || part.Units() > left {
				is.Add(path+".goods", "sum", "of %s: reserved %s, shipped %s, cancelled %s", l.Quantity, g.Reserved, g.Shipped, g.Cancelled)
				break
			}
			left -= part.Units()
		}
		if g.Returned.Sign() < 0 || g.Returned.Cmp(g.Shipped) > 0 {
			is.Add(path+".goods.returned", "range", "%s of %s shipped", g.Returned, g.Shipped)
		}
		if g.Excess.Sign() < 0 || g.Forgone.Sign() < 0 || g.Forgone.Cmp(g.Cancelled) > 0 || g.Told.Reserved.Sign() < 0 || g.Told.Cancelled.Sign() < 0 {
			is.Add(path+".goods", "range", "excess %s, forgone %s, told %s and %s", g.Excess, g.Forgone, g.Told.Reserved, g.Told.Cancelled)
		}
		if b.Credited.Sign() < 0 || b.Invoiced.Sign() < 0 {
			is.Add(path+".billed", "range", "invoiced %s, credited %s", b.Invoiced, b.Credited)
		}
		if !within(b.Taken, l.Quantity.Units()) {
			is.Add(path+".billed.taken", "range", "are no stretches of the line")
		}
	}
	for i, b := range o.Boxes {
		if !within(b.Taken, 1<<62) {
			is.Add("boxes["+strconv.Itoa(i)+"]", "range", "are no stretches")
		}
	}
	for i, b := range o.Bills {
		if o.billed(b.Document) != i {
			is.Add("bills["+strconv.Itoa(i)+"]", "repeated", "%s stands there twice", b.Document)
		}
	}
	return is.Err(errLedger)
}
