package erptest_test

import (
	"context"
	"sync"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

// goodsHooks change rows of orders and deliveries; nil leaves them.
type goodsHooks struct {
	order    func(*erp.OrderChange)
	delivery func(*erp.Delivery)
	invoice  func(*erp.Invoice)
	payment  func(*erp.Payment)
	message  func(*erp.Message)
	stock    func(*erp.Stock)
}

func each[R any](p erp.Page[R], change func(*R)) erp.Page[R] {
	if change != nil {
		for i := range p.Rows {
			change(&p.Rows[i])
		}
	}
	return p
}

func (m mutant) CancelRest(ctx context.Context, id string, lines []erp.LineQuantity) (erp.Receipt, error) {
	if m.rest != nil {
		return m.rest(ctx, id, lines)
	}
	return m.whole.CancelRest(ctx, id, lines)
}

func goodsMutants() map[string]breakage {
	return map[string]breakage{
		"orders told as drafts": {caught: []string{"order_told", "order_cancelled"},
			make: func(whole) mutant {
				return mutant{goods: goodsHooks{order: func(o *erp.OrderChange) { o.State = erp.StateDraft }}}
			}},
		"orders told as they were first": {caught: []string{"order_told"},
			make: func(whole) mutant {
				var first sync.Map // states by id
				return mutant{goods: goodsHooks{order: func(o *erp.OrderChange) {
					state, _ := first.LoadOrStore(o.ID, o.State)
					o.State = state.(erp.OrderState)
				}}}
			}},
		"cancelled orders told as drafts": {caught: []string{"order_cancelled"},
			make: func(whole) mutant {
				return mutant{goods: goodsHooks{order: func(o *erp.OrderChange) {
					if o.State == erp.StateCancelled {
						o.State = erp.StateDraft
					}
				}}}
			}},
		"invoices told of another customer": {caught: []string{"invoice_lines", "payment_part"},
			make: func(whole) mutant {
				return mutant{goods: goodsHooks{invoice: func(i *erp.Invoice) { i.Customer = "17" }}}
			}},
		"invoices told in cents": {caught: []string{"invoice_lines", "pull_invoices_shape"},
			make: func(whole) mutant {
				return mutant{goods: goodsHooks{invoice: func(i *erp.Invoice) {
					if i.Key == "" {
						for n, l := range i.Lines {
							i.Lines[n].Net = l.Net.Shift(2)
						}
					}
				}}}
			}},
		"credit notes correct a number": {caught: []string{"credit_told"},
			make: func(whole) mutant {
				return mutant{goods: goodsHooks{invoice: func(i *erp.Invoice) {
					if i.Credit && i.Key == "" {
						i.Corrects = "INV-" + i.Corrects
					}
				}}}
			}},
		"orders told with one more of each line": {caught: []string{"order_lines"},
			make: func(whole) mutant {
				return mutant{goods: goodsHooks{order: func(o *erp.OrderChange) {
					for i, l := range o.Lines {
						more := l.Ordered.Add(decimal.NewFromInt(1))
						o.Lines[i].Ordered = &more
					}
				}}}
			}},
		"orders told without their tax": {caught: []string{"order_lines"},
			make: func(whole) mutant {
				return mutant{goods: goodsHooks{order: func(o *erp.OrderChange) {
					o.Totals = &erp.Totals{Net: o.Totals.Net, Gross: o.Totals.Net}
				}}}
			}},
		"planned deliveries told as done": {caught: []string{"deliver_parts"},
			make: func(whole) mutant {
				return mutant{goods: goodsHooks{delivery: func(d *erp.Delivery) { d.State, d.Date = erp.DeliveryDone, "2026-01-05" }}}
			}},
		"first line told alone": {caught: []string{"deliver_parts"},
			make: func(whole) mutant {
				return mutant{goods: goodsHooks{delivery: func(d *erp.Delivery) {
					d.Lines = d.Lines[:min(1, len(d.Lines))]
				}}}
			}},
		"quantities rounded to whole ones": {caught: []string{"deliver_parts"},
			make: func(whole) mutant {
				return mutant{goods: goodsHooks{delivery: func(d *erp.Delivery) {
					for i := range d.Lines {
						d.Lines[i].Quantity = d.Lines[i].Quantity.Round(0)
					}
				}}}
			}},
		"invoices without their order": {caught: []string{"invoice_lines"},
			make: func(whole) mutant {
				return mutant{goods: goodsHooks{invoice: func(i *erp.Invoice) {
					for n := range i.Lines {
						i.Lines[n].Order = ""
					}
				}}}
			}},
		"invoices by the SKU": {caught: []string{"invoice_lines", "credit_told"},
			make: func(whole) mutant {
				return mutant{goods: goodsHooks{invoice: func(i *erp.Invoice) {
					for n := range i.Lines {
						i.Lines[n].Key = i.Lines[n].SKU
					}
				}}}
			}},
		"returns told as deliveries": {caught: []string{"return_told"},
			make: func(whole) mutant {
				return mutant{goods: goodsHooks{delivery: func(d *erp.Delivery) { d.Return = false }}}
			}},
		"credit notes told as invoices": {caught: []string{"credit_told"},
			make: func(whole) mutant {
				return mutant{goods: goodsHooks{invoice: func(i *erp.Invoice) { i.Credit = i.Credit && i.Key != "" }}}
			}},
		"credit notes in negative amounts": {caught: []string{"credit_told"},
			make: func(whole) mutant {
				return mutant{goods: goodsHooks{invoice: func(i *erp.Invoice) {
					for n := range i.Lines {
						if i.Credit {
							i.Lines[n].Quantity = i.Lines[n].Quantity.Neg()
						}
					}
				}}}
			}},
		"refunds told as received": {caught: []string{"payment_refund"},
			make: func(whole) mutant {
				return mutant{goods: goodsHooks{payment: func(p *erp.Payment) { p.Refund = false }}}
			}},
		"rest given up again and again": {caught: []string{"cancel_rest", "cancel_rest_lost"},
			make: func(w whole) mutant {
				n := int64(0)
				return mutant{rest: func(ctx context.Context, id string, lines []erp.LineQuantity) (erp.Receipt, error) {
					more := append([]erp.LineQuantity(nil), lines...)
					more[0].Quantity = more[0].Quantity.Add(decimal.NewFromInt(n))
					n++
					return w.CancelRest(ctx, id, more)
				}}
			}},
		"rest given up told as a draft": {caught: []string{"cancel_rest"},
			make: func(w whole) mutant {
				return mutant{rest: func(ctx context.Context, id string, lines []erp.LineQuantity) (erp.Receipt, error) {
					r, err := w.CancelRest(ctx, id, lines)
					r.State = erp.StateDraft
					return r, err
				}}
			}},
		"lost rest called done": {caught: []string{"cancel_rest_lost"},
			make: func(w whole) mutant {
				return mutant{rest: func(ctx context.Context, id string, lines []erp.LineQuantity) (erp.Receipt, error) {
					r, err := w.CancelRest(ctx, id, lines)
					if erp.ClassOf(err) == erp.OutcomeUnknown {
						return erp.Receipt{ID: id, State: erp.StateConfirmed}, nil
					}
					return r, err
				}}
			}},
	}
}
