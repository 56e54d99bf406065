package trytonerp

import (
	"context"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erptest"
	"github.com/comptoir-go/comptoir/internal/testtryton"
)

// happen makes a document of the stream, or changes one, as Tryton's people do.
func (h *erpHost) happen(ctx context.Context, stream erp.Stream, id string) (string, error) {
	fresh := id == ""
	switch stream {
	case erp.Orders:
		if fresh {
			return h.someOrder(ctx, "KETTLE-1")
		}
		return id, h.people.Write(ctx, "sale.sale", []int{number(id)}, map[string]any{"comment": unique("Call")})
	case erp.Deliveries:
		if fresh {
			return h.someDelivery(ctx)
		}
		return id, h.people.Write(ctx, "stock.shipment.out", []int{number(strings.TrimPrefix(id, "stock.shipment.out,"))}, map[string]any{"reference": unique("T")})
	case erp.Invoices:
		if fresh {
			i, err := h.someInvoice(ctx)
			return fmt.Sprint(i.ID), err
		}
		return id, h.people.Pay(ctx, number(id), "0.01", unique("By hand"))
	case erp.Payments:
		if fresh {
			return h.somePayment(ctx)
		}
	case erp.Messages:
		if fresh {
			return h.someMessage(ctx)
		}
	}
	return "", erptest.ErrCannot
}

// someOrder is an order of ours of one piece, or one hour.
func (h *erpHost) someOrder(ctx context.Context, sku string) (string, error) {
	o := erp.Order{Key: unique("some"), Revision: 1, Reference: "Some order", Customer: "C0002", Currency: "EUR", Date: "2026-01-05", Lines: []erp.OrderLine{
		{Key: "L1", SKU: sku, Quantity: decimal.NewFromInt(1), UnitPrice: decimal.NewFromInt(80), TaxCategory: "S", TaxRate: decimal.NewFromInt(20), Net: decimal.NewFromInt(80)}},
		Net: decimal.NewFromInt(80), Tax: decimal.NewFromInt(16), Gross: decimal.NewFromInt(96)}
	r, err := h.shared.PushOrder(ctx, o)
	return r.ID, err
}

func (h *erpHost) someDelivery(ctx context.Context) (string, error) {
	id, err := h.someOrder(ctx, "KETTLE-1")
	if err != nil {
		return "", err
	}
	if err := h.people.Confirm(ctx, number(id)); err != nil {
		return "", err
	}
	s, err := h.people.Sale(ctx, number(id))
	if err != nil || len(s.Shipments) != 1 {
		return "", fmt.Errorf("%d shipments: %w", len(s.Shipments), err)
	}
	return fmt.Sprintf("stock.shipment.out,%d", s.Shipments[0]), nil
}

// someInvoice is of a service, which is invoiced as soon as it is ordered.
func (h *erpHost) someInvoice(ctx context.Context) (testtryton.Invoice, error) {
	id, err := h.someOrder(ctx, "INSTALL")
	if err != nil {
		return testtryton.Invoice{}, err
	}
	if err := h.people.Confirm(ctx, number(id)); err != nil {
		return testtryton.Invoice{}, err
	}
	posted, err := h.people.PostInvoices(ctx, number(id))
	if err != nil || len(posted) != 1 {
		return testtryton.Invoice{}, fmt.Errorf("%d invoices: %w", len(posted), err)
	}
	return posted[0], nil
}

// paysMax is how often one invoice is paid. Tryton's dialog tries all
// combinations of its payments.
const paysMax = 6

func (h *erpHost) somePayment(ctx context.Context) (string, error) {
	if h.pays%paysMax == 0 {
		i, err := h.someInvoice(ctx)
		if err != nil {
			return "", err
		}
		h.pays, h.paid = 0, i.ID
	}
	h.pays++
	text := unique("By hand")
	if err := h.people.Pay(ctx, h.paid, "1.00", text); err != nil {
		return "", err
	}
	ids, err := h.people.Search(ctx, "account.move", []any{"description", "=", text})
	if err != nil || len(ids) != 1 {
		return "", fmt.Errorf("%d payments: %w", len(ids), err)
	}
	return fmt.Sprint(ids[0]), nil
}

func (h *erpHost) someMessage(ctx context.Context) (string, error) {
	id, err := h.someOrder(ctx, "KETTLE-1")
	if err != nil {
		return "", err
	}
	n, err := h.people.Create(ctx, "ir.note", map[string]any{"resource": "sale.sale," + id, "message": unique("Hello")})
	return fmt.Sprint(n), err
}

// remove deletes a document without a trace, where Tryton's people can.
func (h *erpHost) remove(ctx context.Context, stream erp.Stream, id string) error {
	models := map[erp.Stream]string{erp.Orders: "sale.sale", erp.Messages: "ir.note"}
	model, ok := models[stream]
	if !ok {
		return erptest.ErrCannot
	}
	_, err := h.people.Call(ctx, "model."+model+".delete", []int{number(id)})
	return err
}
