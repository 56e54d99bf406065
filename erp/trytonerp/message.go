package trytonerp

import (
	"context"
	"strings"

	"github.com/comptoir-go/comptoir/erp"
)

// Messages are notes on the record. The first line of one of ours is its mark
// and its author: "comptoir:msg-7 Léonie", or "comptoir:msg-8 (internal) Jean".

const internalMark = "(internal)"

// noteText writes a message.
func noteText(m erp.Message) string {
	head := m.Author
	if m.Internal {
		head = strings.TrimSpace(internalMark + " " + m.Author)
	}
	return mark(m.Key, head+"\n"+m.Text)
}

// readNote reads what noteText wrote; a note of somebody else has no key.
func readNote(note string) (m erp.Message) {
	key, text := unmark(note)
	if key == "" {
		m.Text = note
		return m
	}
	m.Key = key
	m.Author, m.Text, _ = strings.Cut(text, "\n")
	if name, ok := strings.CutPrefix(m.Author, internalMark); ok {
		m.Author, m.Internal = strings.TrimSpace(name), true
	}
	return m
}

// The ids of deliveries are references, because returns are of a model of
// their own: "stock.shipment.out,12", with an order behind a slash where the
// shipment has goods of several.
var deliveryModels = []string{"stock.shipment.out", "stock.shipment.out.return"}

// document is the record that a message is on.
func document(op erp.Op, m erp.Message) (model string, id int64, err error) {
	switch m.Kind {
	case "order":
		model = "sale.sale"
	case "invoice":
		model = "account.invoice"
	default:
		shipment, _, _ := strings.Cut(m.Document, "/")
		for _, model := range deliveryModels {
			if id := recordRef(shipment, model); id > 0 && reference(model, id) == shipment {
				return model, id, nil
			}
		}
		return "", 0, erp.NoSuch(op)
	}
	id, err = recordID(op, m.Document)
	return model, id, err
}

// PushMessage implements erp.MessagePusher by a note, which the user may write
// on what he may change. No database keeps two notes of a key apart: only this
// adapter does, for its own, and the caller by his lease.
func (a *Adapter) PushMessage(ctx context.Context, m erp.Message) (erp.DocReceipt, error) {
	op := erp.OpPushMessage
	model, id, err := document(op, m)
	if err != nil {
		return erp.DocReceipt{}, err
	}
	unlock, err := a.keys.lock(ctx, op, "message "+m.Key)
	if err != nil {
		return erp.DocReceipt{}, err
	}
	defer unlock()
	r, err := a.findMessage(ctx, op, m.Key)
	if erp.ClassOf(err) != erp.NotFound {
		return r, err
	}
	var there []struct{ ID int64 }
	if err := a.read(ctx, op, model, []int64{id}, []string{"id"}, &there); err != nil {
		return erp.DocReceipt{}, err
	}
	note := map[string]any{"resource": reference(model, id), "message": noteText(m)}
	var ids []int64
	err = a.call(ctx, request{op: op, method: "model.ir.note.create", params: []any{[]any{note}}, writes: true}, &ids)
	if err != nil {
		return erp.DocReceipt{}, err
	}
	if len(ids) != 1 {
		return erp.DocReceipt{}, erp.Lost(op, nil)
	}
	return erp.DocReceipt{ID: idText(ids[0]), Key: m.Key}, nil
}

// FindMessage implements erp.MessageFinder by the mark of a note.
func (a *Adapter) FindMessage(ctx context.Context, key string) (erp.DocReceipt, error) {
	return a.findMessage(ctx, erp.OpFindMessage, key)
}

func (a *Adapter) findMessage(ctx context.Context, op erp.Op, key string) (erp.DocReceipt, error) {
	var notes []struct {
		ID      int64
		Message string
	}
	err := a.searchRead(ctx, op, "ir.note", []any{markedBy("message", key)}, []string{"message"}, 0, 0, byID, &notes)
	if err != nil {
		return erp.DocReceipt{}, err
	}
	for _, n := range notes {
		if marked(n.Message, key) {
			return erp.DocReceipt{ID: idText(n.ID), Key: key}, nil
		}
	}
	return erp.DocReceipt{}, erp.NoSuch(op)
}
