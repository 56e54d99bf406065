package order

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/uow"
)

// RecordTurnover enters what the deliveries and returns of an order count for
// into the ledger of turnover, as every command that moves goods does in its own
// transaction where Options.Turnover is pricing.TurnoverDelivered. It is for
// orders from before the ledger was kept: what is recorded already adds nothing.
// It answers the entries that were made, none where turnover is what was
// invoiced.
//
// Errors: ErrNotFound; access.ErrForbidden without order.report;
// money.ErrOverflow.
func (s *Service) RecordTurnover(ctx context.Context, a access.Actor, id ID) ([]pricing.TurnoverEntry, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) ([]pricing.TurnoverEntry, error) {
		return s.RecordTurnoverTx(ctx, tx, a, id)
	})
}

// RecordTurnoverTx is RecordTurnover inside a transaction of the caller's.
func (s *Service) RecordTurnoverTx(ctx context.Context, tx Tx, a access.Actor, id ID) ([]pricing.TurnoverEntry, error) {
	o, err := s.see(ctx, tx, a, id)
	if err != nil {
		return nil, err
	}
	if err := s.policy.Check(a, access.OrderReport, access.OrderRead, owner(o), ErrNotFound); err != nil {
		return nil, err
	}
	if s.turnovers == nil {
		return nil, nil
	}
	ds, err := tx.Deliveries().OfOrder(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	return s.recordGoods(ctx, tx, o, make([]Delivery, len(ds)), ds)
}

// recordGoods records the deliveries whose worth is another than it was.
func (s *Service) recordGoods(ctx context.Context, tx Tx, o Order, was, ds []Delivery) ([]pricing.TurnoverEntry, error) {
	if s.turnovers == nil {
		return nil, nil
	}
	before, err := o.worth(was, s.zone)
	if err != nil {
		return nil, err
	}
	after, err := o.worth(ds, s.zone)
	if err != nil {
		return nil, err
	}
	var out []pricing.TurnoverEntry
	for i, in := range after {
		if reflect.DeepEqual(before[i], in) {
			continue
		}
		in.New = ds[i].Version == 0
		made, err := s.turnovers.RecordTx(ctx, tx, in)
		if err != nil {
			return nil, err
		}
		out = append(out, made...)
	}
	return out, nil
}

// worth is what each delivery counts for. Goods are worth their stretch of the
// order's line, see Slice, in the order of the days on which they moved: with
// what is delivered less what came back the mark moves up and down the line, and
// each delivery is worth the way that it moved it. So they sum to what the
// customer has of the line, to the cent, whatever the order in which they became
// known. What was delivered beyond the line's quantity is worth nothing here, and
// what comes back takes from that first; what was given up and delivered all the
// same counts.
func (o *Order) worth(ds []Delivery, zone *time.Location) ([]pricing.TurnoverInput, error) {
	out := make([]pricing.TurnoverInput, len(ds))
	turn := make([]int, 0, len(ds))
	for i := range ds {
		d := &ds[i]
		day := d.Date
		if day.IsZero() {
			day = partner.DateOf(d.CreatedAt, zone)
		}
		out[i] = pricing.TurnoverInput{Document: pricing.TurnoverDocument{Kind: pricing.DeliveryTurnover, ID: string(d.ID), Number: d.Number},
			Partner: o.Customer.Partner, Day: day, Net: money.Zero(o.Currency)}
		if d.State == Shipped {
			turn = append(turn, i)
		}
	}
	slices.SortFunc(turn, func(i, k int) int { return cmp.Or(out[i].Day.Compare(out[k].Day), cmp.Compare(ds[i].ID, ds[k].ID)) })
	at := map[LineID]int64{}
	for _, i := range turn {
		for _, moved := range ds[i].Lines {
			l := o.line(moved.Line)
			if l == nil {
				continue
			}
			n := moved.Quantity.Units()
			if ds[i].Kind == Return {
				n = -n
			}
			net, err := o.way(*l, at[l.ID], at[l.ID]+n)
			if err != nil {
				return nil, err
			}
			at[l.ID] += n
			out[i].Lines = append(out[i].Lines, pricing.TurnoverLine{Product: l.Product, SKU: l.SKU, Net: net})
			if out[i].Net, err = out[i].Net.Add(net); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// way is what lies between two marks of a line, shares of the order's
// adjustments included, below zero for the way down. Marks beyond the line stand
// at its ends.
func (o *Order) way(l Line, from, to int64) (money.Amount, error) {
	most := l.Quantity.Units()
	from, to = min(max(from, 0), most), min(max(to, 0), most)
	if from == to {
		return money.Zero(o.Currency), nil
	}
	sl, err := o.SliceOf(l.ID, []Stretch{{From: min(from, to), To: max(from, to)}})
	if err != nil {
		return money.Amount{}, err
	}
	base, err := sl.Base()
	if to < from {
		base = base.Neg()
	}
	return base, err
}
