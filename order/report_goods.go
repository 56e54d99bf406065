package order

import (
	"context"
	"strconv"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
)

// LineReport is where a line stands in the ERP, totals both.
type LineReport struct {
	Line LineID `json:"line"`
	// Reserved is set aside and not yet shipped.
	Reserved  money.Quantity `json:"reserved"`
	Cancelled money.Quantity `json:"cancelled"`
}

// stale reports whether an older change of the ERP's order arrives late, or the
// last one again.
func (in Report) stale(l ERPLink) bool { return in.Sequence != 0 && in.Sequence <= l.Sequence }

// goods takes what the ERP says of the lines into the ledgers and returns the
// news, none if they stay as they are.
func (s *Service) goods(ctx context.Context, tx Tx, a access.Actor, o *Order, in Report) ([]event.Payload, error) {
	var is fault.Issues
	before, moved := *o, false
	o.Lines = append([]Line(nil), o.Lines...)
	for i, n := range in.Lines {
		path, l := "lines["+strconv.Itoa(i)+"]", o.line(n.Line)
		switch {
		case l == nil && o.ERP.Revision >= o.Revision:
			is.Add(path, "unknown", "the order has no line %s", n.Line)
		case l == nil: // the ERP holds older content
		case n.Reserved.Sign() < 0 || n.Cancelled.Sign() < 0:
			is.Add(path, "range", "reserved %s, cancelled %s", n.Reserved, n.Cancelled)
		case l.Goods.Told != Told{Reserved: n.Reserved, Cancelled: n.Cancelled}:
			l.tell(Told{Reserved: n.Reserved, Cancelled: n.Cancelled})
			moved = true
		}
	}
	if err := is.Err(ErrInvalid); err != nil || !moved {
		return nil, err
	}
	if err := s.recount(ctx, tx, a, o); err != nil {
		return nil, err
	}
	return goodsNews(before, *o, a), nil
}

// recount makes the goods ledgers anew from the order's deliveries, for another
// quantity or another word of the ERP's.
func (s *Service) recount(ctx context.Context, tx Tx, a access.Actor, o *Order) error {
	was, err := tx.Deliveries().OfOrder(ctx, o.ID)
	if err != nil {
		return err
	}
	ds := cloned(was)
	if _, err := o.reweigh(was, ds); err != nil {
		return err
	}
	for k := range ds {
		if err := s.rewrite(ctx, tx, a, *o, was[k], &ds[k]); err != nil {
			return err
		}
	}
	return nil
}

// goodsNews tells of the lines whose ledgers changed.
func goodsNews(before, o Order, a access.Actor) []event.Payload {
	var lines []LineGoods
	for i := range o.Lines {
		l := &o.Lines[i]
		now := LineGoods{Line: l.ID, Open: l.Open(), Reserved: l.Goods.Reserved, Shipped: l.Goods.Shipped, Cancelled: l.Goods.Cancelled}
		was, then := &before.Lines[i], LineGoods{Line: l.ID}
		then.Open, then.Reserved, then.Shipped, then.Cancelled = was.Open(), was.Goods.Reserved, was.Goods.Shipped, was.Goods.Cancelled
		if now != then {
			lines = append(lines, now)
		}
	}
	if lines == nil {
		return nil
	}
	return []event.Payload{GoodsChanged{About: about(o, a), Lines: lines}}
}
