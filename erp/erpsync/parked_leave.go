package erpsync

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store"
)

// parkedFor is the default of PullOptions.ParkedFor.
const parkedFor = 90 * 24 * time.Hour

// ChangeDropped is the fact that a change of the ERP has waited for too long and
// was forgotten; its subject is "parked/" and its id, its version the ERP's
// sequence. When it is wanted after all, Puller.Restart brings it again.
type ChangeDropped struct {
	// ID is the change's, "deliveries/17", Stream that it came by.
	ID     string     `json:"id"`
	Stream erp.Stream `json:"stream"`
	// Awaits is what did not come, "order/4711" with the id in the ERP.
	Awaits string `json:"awaits"`
	// Cause says why it waited, for people, Since since when.
	Cause string    `json:"cause,omitempty"`
	Since time.Time `json:"since"`
}

// EventType implements event.Payload.
func (ChangeDropped) EventType() (string, int) { return "erp.change_dropped", 1 }

// leave forgets a parked change that waits for somebody else's document, of
// another tenant in the same ERP say, or that has waited for too long.
func (p *Puller) leave(ctx context.Context, k event.Parked, why error) error {
	if errors.Is(why, errTwice) || errors.Is(why, errOpen) {
		return nil // a document of ours
	}
	theirs, late := false, false
	err := p.store.View(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		theirs, late, err = p.fate(ctx, tx, k)
		return err
	})
	if err != nil || !theirs && !late {
		return err
	}
	return p.store.Update(ctx, func(ctx context.Context, tx store.Tx) error {
		if _, is, err := parkedAs(ctx, tx, k); err != nil || !is {
			return err
		}
		if !theirs {
			b := event.NewBatch("parked/"+k.ID, k.Sequence, p.o.Now(), p.o.NewID)
			_ = b.Add(ChangeDropped{k.ID, erp.Stream(k.Stream), k.Awaits, k.Cause, k.Since}) // texts cannot fail
			if err := tx.Outbox().Append(ctx, event.Facts, b.Events()...); err != nil {
				return err
			}
		}
		return tx.Inbox().Unpark(ctx, k.ID, k.Sequence)
	})
}

// fate reports whether a parked change is of somebody else's document, and whether
// it has waited for too long. As long as the document itself is parked neither is
// so.
//
// A document is none of ours when its stream was read to its end at least two
// intervals after the change came, and still nothing here knows of it: an order,
// whose stream tells our keys, for deliveries, messages, and invoices of customers
// that are not here; a delivery or an invoice for messages. Where its stream is
// not pulled, or that of orders tells no keys, all waits on.
func (p *Puller) fate(ctx context.Context, tx store.Tx, k event.Parked) (theirs, late bool, err error) {
	kind, id, _ := strings.Cut(k.Awaits, "/")
	of, doc := map[string]erp.Stream{"order": erp.Orders, "delivery": erp.Deliveries, "invoice": erp.Invoices}[kind]
	blind := of == erp.Orders && p.client.KeysOf(erp.OpPush) == erp.Neither
	if doc && parkedID(of, id) != k.ID {
		if _, is, err := tx.Inbox().Waits(ctx, parkedID(of, id)); is || err != nil {
			return false, false, err
		}
	}
	late = p.o.ParkedFor > 0 && p.o.Now().Sub(k.Since) >= p.o.ParkedFor && (!blind || k.Stream != string(erp.Orders))
	if !doc || blind || of != erp.Orders && k.Stream != string(erp.Messages) || k.Stream == string(erp.Orders) {
		return false, late, nil
	}
	read, err := p.read(ctx, tx, of)
	if err != nil || read.Before(k.Since.Add(2*p.o.Every)) {
		return false, late, err
	}
	theirs, err = p.strange(ctx, tx, k)
	return theirs, late, err
}

// strange reports whether a parked change, if it is an invoice, is of a customer
// that is not here.
func (p *Puller) strange(ctx context.Context, tx store.Tx, k event.Parked) (bool, error) {
	if k.Stream != string(erp.Invoices) {
		return true, nil
	}
	var c erp.Invoice
	if err := json.Unmarshal(k.Data, &c); err != nil {
		return false, nil
	}
	_, _, err := p.customer(ctx, tx, c.Customer)
	var w *waiting
	if errors.As(err, &w) {
		return true, nil
	}
	return false, err
}
