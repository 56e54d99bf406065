package trytonerp

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erptest"
)

// happen makes a document of the stream, or changes one, as Tryton's people do,
// in as few calls as it takes.
func (h *erpHost) happen(ctx context.Context, stream erp.Stream, id string) (string, error) {
	fresh := id == ""
	switch stream {
	case erp.Orders:
		if fresh {
			n, err := h.someOrder(ctx, "KETTLE-1")
			return fmt.Sprint(n), err
		}
		return id, h.people.Write(ctx, "sale.sale", []int{number(id)}, map[string]any{"comment": unique("Call")})
	case erp.Deliveries:
		if fresh {
			return h.someDelivery(ctx)
		}
		return id, h.people.Write(ctx, "stock.shipment.out", []int{number(strings.TrimPrefix(id, "stock.shipment.out,"))}, map[string]any{"reference": unique("T")})
	case erp.Invoices:
		if fresh {
			n, err := h.someInvoice(ctx)
			return fmt.Sprint(n), err
		}
		_, err := h.pay(ctx, number(id))
		return id, err
	case erp.Payments:
		if fresh {
			return h.somePayment(ctx)
		}
		return id, h.people.Reverse(ctx, number(id))
	case erp.Messages:
		if fresh {
			return h.someMessage(ctx)
		}
	case erp.Parties:
		return h.happenParty(ctx, id)
	case erp.Products, erp.Stocks:
		return h.happenGoods(ctx, stream, id)
	case erp.Prices:
		return h.happenPrice(ctx, id)
	}
	return "", erptest.ErrCannot
}

// models are what was made once, to make others like it.
type models struct {
	// sales are the values of an order of ours, by the article.
	sales map[string]map[string]any
	// talked is the order that messages are on.
	talked int
	// invoice are the values of an invoice of the article that is a service.
	invoice map[string]any
	// paid is the invoice that payments are of, paying a move that pays one.
	paid   int
	paying map[string]any
	// article are the values of a template, finding those of a move.
	article, finding map[string]any
	// cents are of the price that was given last.
	cents int
}

// someOrder is an order of ours of one piece, or one hour, entered by hand like
// the first, which the adapter has pushed.
func (h *erpHost) someOrder(ctx context.Context, sku string) (int, error) {
	if values, ok := h.models.sales[sku]; ok {
		values["web_id"] = unique("some")
		return h.people.Create(ctx, "sale.sale", values)
	}
	eighty := decimal.NewFromInt(80)
	r, err := h.shared.PushOrder(ctx, erp.Order{Key: unique("some"), Revision: 1, Reference: "Some order", Customer: "C0002", Currency: "EUR", Date: "2026-01-05",
		Lines: []erp.OrderLine{{Key: "L1", SKU: sku, Quantity: decimal.NewFromInt(1), UnitPrice: eighty, TaxCategory: "S", TaxRate: decimal.NewFromInt(20), Net: eighty}},
		Net:   eighty, Tax: decimal.NewFromInt(16), Gross: decimal.NewFromInt(96)})
	if err != nil {
		return 0, err
	}
	head, err := h.like(ctx, "sale.sale", number(r.ID), "company", "party", "currency", "payment_term", "invoice_address", "shipment_address", "sale_date", "web_shop", "lines")
	if err != nil {
		return 0, err
	}
	line, err := h.lineLike(ctx, "sale.line", head["lines"], "note")
	if err != nil {
		return 0, err
	}
	head["lines"] = line
	h.models.sales[sku] = head
	return number(r.ID), nil
}

// like are the values of these fields of a record.
func (h *erpHost) like(ctx context.Context, model string, id int, fields ...string) (map[string]any, error) {
	var rows []map[string]any
	if err := h.people.Read(ctx, &rows, model, []int{id}, fields...); err != nil {
		return nil, err
	}
	delete(rows[0], "id")
	return rows[0], nil
}

// lineLike creates a line like the one there is.
func (h *erpHost) lineLike(ctx context.Context, model string, lines any, more ...string) (any, error) {
	ids, ok := lines.([]any)
	if !ok || len(ids) != 1 {
		return nil, fmt.Errorf("%v is not one line", lines)
	}
	line, err := h.like(ctx, model, number(fmt.Sprint(ids[0])), append([]string{"type", "product", "quantity", "unit", "unit_price", "taxes"}, more...)...)
	if err != nil {
		return nil, err
	}
	line["taxes"] = []any{[]any{"add", line["taxes"]}}
	return []any{[]any{"create", []any{line}}}, nil
}

func (h *erpHost) confirmed(ctx context.Context, sku string) (int, error) {
	id, err := h.someOrder(ctx, sku)
	for _, button := range []string{"quote", "confirm"} {
		if err == nil {
			err = h.people.Press(ctx, "sale.sale", button, id)
		}
	}
	return id, err
}

func (h *erpHost) someDelivery(ctx context.Context) (string, error) {
	id, err := h.confirmed(ctx, "KETTLE-1")
	if err != nil {
		return "", err
	}
	shipments, err := h.people.Search(ctx, "stock.shipment.out", []any{"moves.origin.sale", "=", id, "sale.line"})
	if err != nil || len(shipments) != 1 {
		return "", fmt.Errorf("%d shipments: %w", len(shipments), err)
	}
	return fmt.Sprintf("stock.shipment.out,%d", shipments[0]), nil
}

// someInvoice is a posted invoice of a service. The first comes from the order,
// the others are made by hand for its line.
func (h *erpHost) someInvoice(ctx context.Context) (int, error) {
	if h.models.invoice != nil {
		id, err := h.people.Create(ctx, "account.invoice", h.models.invoice)
		if err != nil {
			return 0, err
		}
		return id, h.people.Press(ctx, "account.invoice", "post", id)
	}
	sale, err := h.confirmed(ctx, "INSTALL")
	if err != nil {
		return 0, err
	}
	posted, err := h.people.PostInvoices(ctx, sale)
	if err != nil || len(posted) != 1 {
		return 0, fmt.Errorf("%d invoices: %w", len(posted), err)
	}
	head, err := h.like(ctx, "account.invoice", posted[0].ID, "type", "company", "party", "currency", "payment_term", "invoice_address", "invoice_date", "account", "journal", "lines")
	if err != nil {
		return 0, err
	}
	if head["lines"], err = h.lineLike(ctx, "account.invoice.line", head["lines"], "account", "origin", "description"); err != nil {
		return 0, err
	}
	h.models.invoice = head
	return posted[0].ID, nil
}

// pay books a cent for an invoice. The first time it is done by Tryton's dialog,
// which tries all combinations of an invoice's payments; then by moves like it.
func (h *erpHost) pay(ctx context.Context, invoice int) (move int, err error) {
	text := unique("By hand")
	if h.models.paying == nil {
		if err := h.people.Pay(ctx, invoice, "0.01", text); err != nil {
			return 0, err
		}
		ids, err := h.people.Search(ctx, "account.move", []any{"description", "=", text})
		if err != nil || len(ids) != 1 {
			return 0, fmt.Errorf("%d payments: %w", len(ids), err)
		}
		head, err := h.like(ctx, "account.move", ids[0], "company", "journal", "period", "date", "lines")
		if err != nil {
			return 0, err
		}
		var lines []any
		for _, l := range head["lines"].([]any) {
			line, err := h.like(ctx, "account.move.line", number(fmt.Sprint(l)), "account", "party", "debit", "credit")
			if err != nil {
				return 0, err
			}
			lines = append(lines, line)
		}
		head["lines"] = []any{[]any{"create", lines}}
		h.models.paying = head
		return ids[0], nil
	}
	h.models.paying["description"], h.models.paying["origin"] = text, fmt.Sprintf("account.invoice,%d", invoice)
	if move, err = h.people.Create(ctx, "account.move", h.models.paying); err != nil {
		return 0, err
	}
	if err := h.people.Press(ctx, "account.move", "post", move); err != nil {
		return 0, err
	}
	lines, err := h.people.Search(ctx, "account.move.line", []any{"move", "=", move}, []any{"party", "!=", nil})
	if err != nil {
		return 0, err
	}
	return move, h.people.Write(ctx, "account.invoice", []int{invoice}, map[string]any{"payment_lines": []any{[]any{"add", lines}}})
}

func (h *erpHost) somePayment(ctx context.Context) (string, error) {
	if h.models.paid == 0 {
		i, err := h.someInvoice(ctx)
		if err != nil {
			return "", err
		}
		h.models.paid = i
	}
	n, err := h.pay(ctx, h.models.paid)
	return fmt.Sprint(n), err
}

func (h *erpHost) someMessage(ctx context.Context) (string, error) {
	if h.models.talked == 0 {
		id, err := h.someOrder(ctx, "KETTLE-1")
		if err != nil {
			return "", err
		}
		h.models.talked = id
	}
	n, err := h.people.Create(ctx, "ir.note", map[string]any{"resource": fmt.Sprintf("sale.sale,%d", h.models.talked), "message": unique("Hello")})
	return fmt.Sprint(n), err
}

// patience is how long one case may take on a machine that is busy.
const patience = 5 * time.Minute
