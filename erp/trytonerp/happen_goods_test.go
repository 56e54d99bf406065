package trytonerp

import (
	"context"
	"fmt"
	"strings"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erptest"
	"github.com/comptoir-go/comptoir/internal/testtryton"
)

// happenGoods makes an article, or goods of it come in; or changes one.
func (h *erpHost) happenGoods(ctx context.Context, stream erp.Stream, id string) (string, error) {
	if id == "" {
		n, err := h.someArticle(ctx)
		if err != nil || stream == erp.Products {
			return fmt.Sprint(n), err
		}
		id = fmt.Sprint(n)
	} else if stream == erp.Products {
		return id, h.people.Write(ctx, "product.product", []int{number(id)}, map[string]any{"description": unique("New")})
	}
	return id, h.found(ctx, number(id))
}

// happenParty makes a customer, or changes where one lives.
func (h *erpHost) happenParty(ctx context.Context, id string) (string, error) {
	if id == "" {
		n, err := h.people.Create(ctx, "party.party", map[string]any{"name": unique("Somebody"), "code": unique("P"),
			"addresses": []any{[]any{"create", []any{map[string]any{"street": "12 rue des Tanneurs", "postal_code": "59000", "city": "Lille"}}}}})
		return fmt.Sprint(n), err
	}
	at, err := h.people.Search(ctx, "party.address", []any{"party", "=", number(id)})
	if err != nil {
		return "", err
	}
	return id, h.people.Write(ctx, "party.address", at, map[string]any{"street": unique("rue")})
}

// happenPrice makes an article, which has its price on the list; or changes the price.
func (h *erpHost) happenPrice(ctx context.Context, id string) (string, error) {
	if id == "" {
		n, err := h.someArticle(ctx)
		if err != nil {
			return "", err
		}
		lists, err := h.people.Search(ctx, "product.price_list", []any{"name", "=", h.o.PriceLists[0]})
		if err != nil || len(lists) != 1 {
			return "", fmt.Errorf("%d price lists: %w", len(lists), err)
		}
		return fmt.Sprintf("%d/%d", n, lists[0]), nil
	}
	article, _, _ := strings.Cut(id, "/")
	templates, err := h.people.Search(ctx, "product.template", []any{"products", "=", number(article)})
	if err != nil {
		return "", err
	}
	h.models.cents++
	return id, h.people.Write(ctx, "product.template", templates, map[string]any{"list_price": testtryton.Decimal(fmt.Sprintf("77.%02d", h.models.cents%100))})
}

// someArticle is one like the kettle.
func (h *erpHost) someArticle(ctx context.Context) (int, error) {
	if h.models.article == nil {
		ids, err := h.people.Search(ctx, "product.template", []any{"code", "=", "KETTLE-1"})
		if err != nil {
			return 0, err
		}
		h.models.article, err = h.like(ctx, "product.template", ids[0], "name", "type", "salable", "list_price", "default_uom", "sale_uom", "account_category")
		if err != nil {
			return 0, err
		}
		h.models.article["products"] = []any{[]any{"create", []any{map[string]any{"suffix_code": ""}}}}
	}
	h.models.article["code"] = unique("A")
	id, err := h.people.Create(ctx, "product.template", h.models.article)
	if err != nil {
		return 0, err
	}
	ids, err := h.people.Search(ctx, "product.product", []any{"template", "=", id})
	if err != nil || len(ids) != 1 {
		return 0, fmt.Errorf("%d articles: %w", len(ids), err)
	}
	return ids[0], nil
}

// found has somebody find one more of an article.
func (h *erpHost) found(ctx context.Context, article int) error {
	if h.models.finding == nil {
		storage, err := h.people.Search(ctx, "stock.location", []any{"code", "=", "STO"})
		if err != nil {
			return err
		}
		lost, err := h.people.Search(ctx, "stock.location", []any{"type", "=", "lost_found"})
		if err != nil {
			return err
		}
		units, err := h.people.Search(ctx, "product.uom", []any{"symbol", "=", "u"})
		if err != nil {
			return err
		}
		h.models.finding = map[string]any{"quantity": 1, "uom": units[0], "from_location": lost[0], "to_location": storage[0]}
	}
	h.models.finding["product"] = article
	id, err := h.people.Create(ctx, "stock.move", h.models.finding)
	if err != nil {
		return err
	}
	return h.people.Press(ctx, "stock.move", "do", id)
}

// remove deletes a document without a trace, where Tryton's people can: no
// invoice that has a number, and no move that is posted.
func (h *erpHost) remove(ctx context.Context, stream erp.Stream, id string) error {
	model := map[erp.Stream]string{erp.Orders: "sale.sale", erp.Messages: "ir.note", erp.Products: "product.product", erp.Prices: "product.product", erp.Parties: "party.party",
		erp.Deliveries: "stock.shipment.out"}[stream]
	if model == "" {
		return erptest.ErrCannot
	}
	id, _, _ = strings.Cut(id, "/") // of a price, its article
	n := number(strings.TrimPrefix(id, model+","))
	if stream == erp.Deliveries {
		if err := h.people.Press(ctx, model, "cancel", n); err != nil {
			return err
		}
	}
	_, err := h.people.Call(ctx, "model."+model+".delete", []int{n})
	return err
}
