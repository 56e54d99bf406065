package billing

import (
	"context"

	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
)

type stretch = order.Stretch

// crediting is a credit note being put together.
type crediting struct {
	s     *Service
	inv   Document
	gives []give
	parts []*part
}

// price makes lines and figures of the credit note: exactly those of the
// stretches that it gives back.
func (w *crediting) price(ctx context.Context, tx Tx, c *Document) error {
	// Where the next order's rows begin on the ruler of the whole invoice.
	ends := map[taxKey]money.Amount{}
	for _, op := range w.inv.Orders {
		o, err := tx.Orders().Get(ctx, op.Order)
		if err != nil {
			return err
		}
		p := &part{o: o}
		if err := w.slices(p); err != nil {
			return err
		}
		if err := p.gather(c.Currency); err != nil {
			return err
		}
		if err := w.tax(p, op, ends); err != nil {
			return err
		}
		if len(p.lines) > 0 {
			w.parts = append(w.parts, p)
		}
	}
	if c.Tax == TaxPerDocument {
		if err := retax(w.parts); err != nil {
			return err
		}
	}
	return assemble(c, w.parts)
}

// slices cuts what is given back of the lines of one order.
func (w *crediting) slices(p *part) error {
	for i := range w.gives {
		g := &w.gives[i]
		if g.line.Order != p.o.ID {
			continue
		}
		_, rest := order.CutTop(g.line.Stretches, order.Length(w.inv.credited(g.line.ID).Stretches))
		g.top, _ = order.CutTop(rest, g.quantity.Units())
		sl, err := p.o.SliceOf(g.line.OrderLine, g.top)
		if err != nil {
			return err
		}
		l := *g.line
		l.Quantity, l.Net, l.Shares, l.Stretches = sl.Quantity, sl.Net, sl.Shares, sl.Stretches
		p.lines = append(p.lines, l)
	}
	return nil
}

// tax gives the rows of one order the tax of the highest stretches that the
// order's part of the invoice has left, and places them on the ruler of the
// whole invoice, behind what was credited there before.
func (w *crediting) tax(p *part, op OrderPart, ends map[taxKey]money.Amount) error {
	for _, box := range op.Boxes {
		key := taxKey{pricing.Category(box.Category), box.Rate}
		before, err := w.credited(p.o, key)
		if err != nil {
			return err
		}
		start, ok := ends[key]
		if !ok {
			start = money.Zero(before.Currency())
		}
		var t tally
		end := start
		t.add(&end, money.FromMinor(order.Length(box.Taken), before.Currency()))
		ends[key] = end
		for i := range p.rows {
			r := &p.rows[i]
			if keyOf(r.Tax) != key {
				continue
			}
			r.from = start
			t.add(&r.from, before)
			_, rest := order.CutTop(box.Taken, before.Minor())
			top, _ := order.CutTop(rest, r.Base.Minor())
			r.box = order.Box{Category: box.Category, Rate: box.Rate, Taken: top}
			if r.whole, err = p.o.TaxOf(r.box); err != nil {
				return err
			}
			r.Tax.Tax = r.whole
		}
		if t.err != nil {
			return t.err
		}
	}
	return nil
}

// credited is the base that credit notes have taken before of one row of an
// order's part.
func (w *crediting) credited(o order.Order, key taxKey) (money.Amount, error) {
	var t tally
	sum := money.Zero(w.inv.Currency)
	for _, l := range w.inv.Lines {
		if l.Order != o.ID || l.Category != key.c || l.Rate != key.r {
			continue
		}
		sl, err := o.SliceOf(l.OrderLine, w.inv.credited(l.ID).Stretches)
		if err != nil {
			return sum, err
		}
		base, err := sl.Base()
		if err != nil {
			return sum, err
		}
		t.add(&sum, base)
	}
	return sum, t.err
}
