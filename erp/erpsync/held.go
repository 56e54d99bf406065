package erpsync

import (
	"context"
	"encoding/json"
	"time"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store"
)

// held is what is remembered of a row of a stream whose documents have no room
// for it: the ERP's sequence, and what of ours the row speaks of, by which it is
// taken back when the ERP deletes it. It is the value of a cursor of the row's own.
type held struct {
	Sequence int64 `json:"sequence"`
	heldKey
}

// heldKey is what a row speaks of: an article, or its prices on a list.
type heldKey struct {
	SKU      string    `json:"sku"`
	List     string    `json:"list,omitempty"`
	Currency string    `json:"currency,omitempty"`
	From     time.Time `json:"from,omitzero"`
	Until    time.Time `json:"until,omitzero"`
}

// heldAt reads what is held under a cursor, nil where nothing is.
func heldAt(c event.Cursor) *held {
	var is held
	if len(c.Value) == 0 || json.Unmarshal(c.Value, &is) != nil {
		return nil
	}
	return &is
}

// place names the cursor that tells which row spoke of it last.
func (k heldKey) place(s erp.Stream) string {
	return "held/" + hashed("H", string(s), k.SKU, k.List, k.Currency, k.From.UTC().Format(time.RFC3339Nano), k.Until.UTC().Format(time.RFC3339Nano))
}

// fresh applies a row; what is not above the sequence that is known changes
// nothing. What the row spoke of before, and no more, is taken back first; apply is
// told of it (moved). A row that is left out is not remembered.
func (p *Puller) fresh(ctx context.Context, tx store.Tx, s erp.Stream, h erp.Head, key heldKey, apply func(moved bool) (applied bool, err error)) error {
	at, err := tx.Inbox().Cursor(ctx, string(s)+"/"+h.ID)
	if err != nil {
		return err
	}
	was := heldAt(at)
	if was != nil && h.Sequence <= was.Sequence {
		return nil
	}
	moved := was != nil && was.heldKey != key
	if moved {
		if err := p.end(ctx, tx, s, at.Stream, *was); err != nil {
			return err
		}
	}
	applied, err := apply(moved)
	if err != nil || !applied && !moved {
		return err
	}
	at.Value, at.At = nil, p.o.Now()
	if applied {
		if at.Value, err = json.Marshal(held{h.Sequence, key}); err != nil {
			return err
		}
		if was == nil || moved {
			if err := p.moveTo(ctx, tx, key.place(s), at.Stream); err != nil {
				return err
			}
		}
	}
	return tx.Inbox().Move(ctx, at)
}

// moveTo has the cursor of a place name a row.
func (p *Puller) moveTo(ctx context.Context, tx store.Tx, place, row string) error {
	c, err := tx.Inbox().Cursor(ctx, place)
	if err != nil || string(c.Value) == row {
		return err
	}
	c.Value, c.At = []byte(row), p.o.Now()
	return tx.Inbox().Move(ctx, c)
}
