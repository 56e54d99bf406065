package order

import (
	"slices"
	"strconv"
	"strings"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// bill puts a document into the billing ledgers, or changes nothing.
func (o *Order) bill(in BillInput) error {
	var is fault.Issues
	in.Bill.check(&is, *o)
	if o.billed(in.Bill.Document) >= 0 {
		is.Add("bill.document", "repeated", "%s has document %s already", o.Ref, in.Bill.Document)
	}
	next := o.ledgers()
	next.move(&is, in, in.Bill.Credit, 1)
	if err := is.Err(ErrInvoicing); err != nil {
		return err
	}
	o.Lines, o.Boxes = next.Lines, next.Boxes
	if in.Bill.Settled.IsNone() {
		in.Bill.Settled = money.Zero(o.Currency)
	}
	o.Bills = append(slices.Clip(o.Bills), in.Bill)
	return nil
}

// unbill takes a document out of the billing ledgers, or changes nothing.
func (o *Order) unbill(in BillInput) error {
	var is fault.Issues
	next := o.ledgers()
	next.move(&is, in, !in.Bill.Credit, -1)
	if err := is.Err(ErrInvoicing); err != nil {
		return err
	}
	o.Lines, o.Boxes = next.Lines, next.Boxes
	o.Bills = slices.DeleteFunc(slices.Clone(o.Bills), func(b Bill) bool { return b.Document == in.Bill.Document })
	return nil
}

// ledgers is a copy of what a document changes.
func (o *Order) ledgers() Order {
	return Order{Lines: slices.Clone(o.Lines), Boxes: slices.Clone(o.Boxes), Quote: o.Quote}
}

// move adds a document to the ledgers (sign 1) or takes it out again (-1);
// back says that its stretches become free by it.
func (o *Order) move(is *fault.Issues, in BillInput, back bool, sign int64) {
	for i, b := range in.Lines {
		path := "lines[" + strconv.Itoa(i) + "]"
		l := o.line(b.Line)
		if l == nil {
			is.Add(path, "unknown", "the order has no line %s", b.Line)
			continue
		}
		if b.Quantity.Sign() < 0 {
			is.Add(path+".quantity", "range", "is below zero")
			continue
		}
		l.count(is, path, b, in, sign)
		if len(b.Stretches) == 0 {
			continue
		}
		if !within(b.Stretches, l.Quantity.Units()) || Length(b.Stretches) != b.Quantity.Units() {
			is.Add(path+".stretches", "range", "are no stretches of %s of the line", b.Quantity)
			continue
		}
		taken, ok := move(l.Billed.Taken, b.Stretches, back)
		if !ok {
			is.Add(path+".stretches", "taken", "%s", takenText(back))
		}
		l.Billed.Taken = taken
	}
	for i, b := range in.Boxes {
		o.moveBox(is, "boxes["+strconv.Itoa(i)+"]", b, back)
	}
}

// count moves the quantities of a line.
func (l *Line) count(is *fault.Issues, path string, b BilledLine, in BillInput, sign int64) {
	side := &l.Billed.Invoiced
	if in.Bill.Credit {
		side = &l.Billed.Credited
	}
	q := b.Quantity
	if sign < 0 {
		q = q.Neg()
	}
	sum, err := side.Add(q)
	if err != nil {
		is.AddUnder(path+".quantity", err)
		return
	}
	*side = sum
	switch g := l.Billed; {
	case sum.Sign() < 0:
		is.Add(path+".quantity", "range", "line %s has not so much to take back", l.ID)
	case g.Credited.Cmp(g.Invoiced) > 0 && !in.Mirror:
		is.Add(path+".quantity", "credited", "of line %s %s would be credited, %s is invoiced", l.ID, g.Credited, g.Invoiced)
	}
}

// moveBox takes stretches of a tax box, or gives them back.
func (o *Order) moveBox(is *fault.Issues, path string, b Box, back bool) {
	if len(b.Taken) == 0 {
		return
	}
	row, ok := o.taxRow(pricing.Category(b.Category), b.Rate)
	if !ok || !within(b.Taken, row.Base.Minor()) {
		is.Add(path, "range", "are no stretches of a tax row %s %s", b.Category, b.Rate)
		return
	}
	i := slices.IndexFunc(o.Boxes, func(x Box) bool { return x.Category == b.Category && x.Rate == b.Rate })
	if i < 0 {
		o.Boxes = append(o.Boxes, Box{Category: b.Category, Rate: b.Rate})
		i = len(o.Boxes) - 1
	}
	if o.Boxes[i].Taken, ok = move(o.Boxes[i].Taken, b.Taken, back); !ok {
		is.Add(path, "taken", "%s", takenText(back))
	}
}

func takenText(back bool) string {
	if back {
		return "some of it stands on no document"
	}
	return "some of it stands on another document"
}

// move adds ascending stretches to those taken, or takes them out; false where
// they overlap, or are not all there. Results are ascending, those that touch
// are one, and share no memory with the arguments.
func move(taken, st []Stretch, back bool) ([]Stretch, bool) {
	if back {
		return cutOut(taken, st)
	}
	all := slices.Concat(taken, st)
	slices.SortFunc(all, func(a, b Stretch) int { return int(min(1, max(-1, a.From-b.From))) })
	for i := 1; i < len(all); i++ {
		if all[i].From < all[i-1].To {
			return slices.Clone(taken), false
		}
	}
	return join(all), true
}

// cutOut takes ascending stretches out of others.
func cutOut(taken, st []Stretch) ([]Stretch, bool) {
	var out []Stretch
	k := 0
	for _, t := range taken {
		for ; k < len(st) && st[k].From >= t.From && st[k].To <= t.To; k++ {
			if st[k].From > t.From {
				out = append(out, Stretch{From: t.From, To: st[k].From})
			}
			t.From = st[k].To
		}
		if t.From < t.To {
			out = append(out, t)
		}
	}
	if k < len(st) {
		return slices.Clone(taken), false
	}
	return out, true
}

// check notes what is wrong with an order's part of a document.
func (b Bill) check(is *fault.Issues, o Order) {
	if b.Document == "" {
		is.Add("bill.document", "required", "names no document")
	}
	gross, err := b.Net.Add(b.Tax)
	switch {
	case b.Gross.Currency() != o.Currency:
		is.Add("bill.gross", "currency", "the order is in %s", o.Currency.Code())
	case err != nil || gross != b.Gross:
		is.Add("bill.gross", "sums", "%s and %s are not %s", b.Net, b.Tax, b.Gross)
	}
	if !b.Settled.IsNone() && !settles(b.Settled, b.Gross) {
		is.Add("bill.settled", "range", "%s is no part of %s", b.Settled, b.Gross)
	}
}

// invoices lists what stands on invoices that are not wholly credited, in
// quantity or in money, and on credit notes whose invoice has not arrived.
func (o Order) invoices() []fsm.Problem {
	var gross int64
	var numbers []string
	ahead := slices.ContainsFunc(o.Lines, func(l Line) bool { return l.net() < 0 })
	for i := range o.Bills {
		b := &o.Bills[i]
		if b.Credit {
			gross -= b.Gross.Minor()
		} else {
			gross += b.Gross.Minor()
		}
		if !b.Credit || ahead {
			numbers = append(numbers, b.Number)
		}
	}
	if gross <= 0 && !slices.ContainsFunc(o.Lines, func(l Line) bool { return l.net() != 0 }) {
		return nil
	}
	return []fsm.Problem{{Path: "bills", Code: ErrInvoiced.FaultCode(), Message: "not wholly credited: " + strings.Join(numbers, ", ")}}
}

// line finds a line, nil for none.
func (o *Order) line(id LineID) *Line {
	for i := range o.Lines {
		if o.Lines[i].ID == id {
			return &o.Lines[i]
		}
	}
	return nil
}
