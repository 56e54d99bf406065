package trytonerp

import (
	"context"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/erp"
)

// PullMessages implements erp.MessagePuller: notes on the orders, deliveries and
// invoices of our web shop. What people have noted without our mark is internal,
// as notes are in Tryton.
func (a *Adapter) PullMessages(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Message], error) {
	return pullOf(ctx, a, a.messageFeed, erp.OpPullMessages, after, limit)
}

func (a *Adapter) messageFeed(ctx context.Context, op erp.Op) (feed[erp.Message], error) {
	shop, err := a.shop(ctx, op)
	ours := []any{"OR", ofShop(shop, "resource.web_shop", "sale.sale"), ofOurs(shop, "resource.", "account.invoice")}
	for _, model := range deliveryModels {
		ours = append(ours, alsoReturns(shop, "resource.moves.origin.sale", model, "sale.line"))
	}
	return feed[erp.Message]{op: op, head: func(r *erp.Message) *erp.Head { return &r.Head }, sources: []source{{model: "ir.note", domain: []any{ours}}},
		read: func(ctx context.Context, subjects []subject) (map[subject]read[erp.Message], error) {
			return a.readMessages(ctx, op, ours, idsOf(subjects))
		}}, err
}

func (a *Adapter) readMessages(ctx context.Context, op erp.Op, ours []any, ids []int64) (map[subject]read[erp.Message], error) {
	var rows []struct {
		ID   int64
		On   string                `json:"resource"`
		Text string                `json:"message"`
		By   struct{ Name string } `json:"create_uid."`
		stamps
	}
	fields := append([]string{"resource", "message", "create_uid.name"}, stampFields...)
	if err := a.searchRead(ctx, op, "ir.note", []any{[]any{"id", "in", ids}, ours}, fields, 0, 0, byID, &rows); err != nil {
		return nil, err
	}
	docs := map[subject]read[erp.Message]{}
	for _, r := range rows {
		m := readNote(r.Text)
		if m.Key == "" {
			m.Author, m.Internal = r.By.Name, true
		}
		if strings.TrimSpace(m.Text) == "" {
			continue
		}
		m.ID, m.At = idText(r.ID), r.Created.Format(time.RFC3339Nano)
		m.Kind, m.Document = documentOf(r.On)
		docs[subject{"ir.note", r.ID}] = read[erp.Message]{r.at(), []erp.Message{m}}
	}
	return docs, nil
}

// documentOf is the document of ours that a note is on.
func documentOf(on string) (kind, document string) {
	switch model, id, _ := strings.Cut(on, ","); model {
	case "sale.sale":
		return "order", id
	case "account.invoice":
		return "invoice", id
	}
	return "delivery", on
}
