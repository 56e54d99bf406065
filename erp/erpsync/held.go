package erpsync

import (
	"context"
	"encoding/json"
	"strconv"
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
	// Missing is since when the ERP lists the row no more.
	Missing time.Time `json:"missing,omitzero"`
	// Ended says that what it brought was taken back, and with TakenOff that a product
	// was on line or a partner active until then; the same row is applied again when it
	// comes. Listed says that the ERP lists it nevertheless, for which the stream was
	// read anew.
	Ended    bool `json:"ended,omitempty"`
	TakenOff bool `json:"taken_off,omitempty"`
	Listed   bool `json:"listed,omitempty"`
	// Off and VATID are what it said of a party, so that what people decide here
	// stands until the ERP says something else.
	Off   bool   `json:"off,omitempty"`
	VATID string `json:"vat_id,omitempty"`
}

// heldKey is what a row speaks of: an article, or its prices on a list; or a party,
// by its code in place of the SKU.
type heldKey struct {
	SKU      string    `json:"sku"`
	List     string    `json:"list,omitempty"`
	Currency string    `json:"currency,omitempty"`
	From     time.Time `json:"from,omitzero"`
	Until    time.Time `json:"until,omitzero"`
}

// heldAt reads what is held under a cursor, nil where nothing is. Of a row that was
// remembered by its sequence alone nothing can be taken back: it counts as taken
// back, so that it tells what it speaks of when the ERP lists it.
func heldAt(c event.Cursor) *held {
	if n, err := strconv.ParseInt(string(c.Value), 10, 64); err == nil {
		return &held{Sequence: n, Ended: true}
	}
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
// nothing, unless what the row brought was taken back. What it spoke of before, and
// no more, is taken back first; apply is told of it (moved), and of what was held of
// the row, nil for nothing. A row that is left out is not remembered.
func (p *Puller) fresh(ctx context.Context, tx store.Tx, s erp.Stream, id string, is held, apply func(was *held, moved bool) (applied bool, err error)) error {
	at, err := tx.Inbox().Cursor(ctx, string(s)+"/"+id)
	if err != nil {
		return err
	}
	was := heldAt(at)
	if was != nil && (is.Sequence < was.Sequence || is.Sequence == was.Sequence && !was.Ended) {
		return nil
	}
	moved := was != nil && was.heldKey != is.heldKey
	if moved && !was.Ended {
		if _, err := p.end(ctx, tx, s, at.Stream, *was); err != nil {
			return err
		}
	}
	applied, err := apply(was, moved)
	if err != nil || !applied && !moved {
		return err
	}
	at.Value, at.At = nil, p.o.Now()
	if applied {
		if at.Value, err = json.Marshal(is); err != nil {
			return err
		}
		if was == nil || moved || was.Ended {
			if err := p.moveTo(ctx, tx, is.place(s), at.Stream); err != nil {
				return err
			}
		}
	}
	return tx.Inbox().Move(ctx, at)
}

// leavePlace takes back what a row brought that speaks of something else now, which is
// not here.
func (p *Puller) leavePlace(ctx context.Context, tx store.Tx, s erp.Stream, id string, is held) error {
	at, err := tx.Inbox().Cursor(ctx, string(s)+"/"+id)
	if err != nil {
		return err
	}
	was := heldAt(at)
	if was == nil || was.Ended || is.Sequence <= was.Sequence || was.heldKey == is.heldKey {
		return nil
	}
	if _, err := p.end(ctx, tx, s, at.Stream, *was); err != nil {
		return err
	}
	was.Sequence, was.Ended, was.Listed, was.Missing = is.Sequence, true, true, time.Time{} // what is older stays away
	if at.Value, err = json.Marshal(was); err != nil {
		return err
	}
	at.At = p.o.Now()
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
