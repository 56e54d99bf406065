package erpsync

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
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

// fate is what becomes of a parked change that still cannot be applied.
type fate uint8

const (
	stays   fate = iota
	foreign      // it is of somebody else's document, of another tenant in the same ERP say
	late         // it has waited for too long
	owed         // so has this one, and it is money of a customer of ours
)

// leave forgets a parked change that is somebody else's or has waited for too
// long, and hands to a person what is about a customer's money.
func (p *Puller) leave(ctx context.Context, k event.Parked, why error) error {
	if errors.Is(why, errTwice) || errors.Is(why, errOpen) {
		return nil // a document of ours
	}
	is := stays
	err := p.store.View(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		is, err = p.fate(ctx, tx, k)
		return err
	})
	if err != nil || is == stays {
		return err
	}
	return p.store.Update(ctx, func(ctx context.Context, tx store.Tx) error {
		still, there, err := parkedAs(ctx, tx, k)
		if err != nil || !there {
			return err
		}
		is, err := p.fate(ctx, tx, k) // what it waits for may have come since
		if err != nil {
			return err
		}
		switch is {
		case stays:
			return nil
		case owed:
			still.Awaits, still.Cause = forPerson, brief("has waited since "+k.Since.Format(time.DateOnly)+": "+k.Cause, causeMax)
			return tx.Inbox().Park(ctx, still)
		case late:
			b := event.NewBatch("parked/"+k.ID, k.Sequence, p.o.Now(), p.o.NewID)
			_ = b.Add(ChangeDropped{k.ID, erp.Stream(k.Stream), k.Awaits, k.Cause, k.Since}) // texts cannot fail
			err = tx.Outbox().Append(ctx, event.Facts, b.Events()...)
		default:
			err = saidOn(ctx, tx, k)
		}
		if err != nil {
			return err
		}
		return tx.Inbox().Unpark(ctx, k.ID, k.Sequence)
	})
}

// saidOn forgets the messages that wait for a document that is somebody else's.
func saidOn(ctx context.Context, tx store.Tx, k event.Parked) error {
	kind := map[string]string{string(erp.Deliveries): "delivery/", string(erp.Invoices): "invoice/"}[k.Stream]
	var row erp.Head
	if kind == "" || json.Unmarshal(k.Data, &row) != nil {
		return nil
	}
	some, err := tx.Inbox().Awaiting(ctx, kind+row.ID)
	for _, m := range some {
		if m.Stream == string(erp.Messages) {
			err = errors.Join(err, tx.Inbox().Unpark(ctx, m.ID, m.Sequence))
		}
	}
	return err
}

// fate tells what is to become of a parked change. It waits on while what it
// waits for is parked itself, or here by now.
//
// It is somebody else's when it waits for an order, and the stream of orders, which
// tells our keys, was read to its end at least two intervals after it came, and
// still nothing here knows of the order; an invoice only if its customer is not here
// either. Deliveries and invoices are no such sign: an ERP tells of them when they
// are no drafts any more, and of what is written on them before.
func (p *Puller) fate(ctx context.Context, tx store.Tx, k event.Parked) (fate, error) {
	blind := p.client.KeysOf(erp.OpPush) == erp.Neither
	hangs := strings.HasPrefix(k.Awaits, "order/")
	old := p.o.ParkedFor > 0 && p.o.Now().Sub(k.Since) >= p.o.ParkedFor && !(blind && k.Stream == string(erp.Orders))
	passed := hangs && !blind && k.Stream != string(erp.Orders)
	if passed {
		read, err := p.read(ctx, tx, erp.Orders)
		if err != nil {
			return stays, err
		}
		passed = !read.Before(k.Since.Add(2 * p.o.Every))
	}
	if !old && !passed {
		return stays, nil
	}
	if comes, err := p.comes(ctx, tx, k); comes || err != nil {
		return stays, err
	}
	money := k.Stream == string(erp.Invoices) || k.Stream == string(erp.Payments)
	if money {
		stranger, err := p.strange(ctx, tx, k)
		switch {
		case err != nil:
			return stays, err
		case !stranger && old:
			return owed, nil
		case !stranger:
			return stays, nil
		}
	}
	if passed {
		return foreign, nil
	}
	return late, nil
}

// comes reports whether what a parked change waits for is here, or parked itself.
func (p *Puller) comes(ctx context.Context, tx store.Tx, k event.Parked) (bool, error) {
	kind, id, _ := strings.Cut(k.Awaits, "/")
	var err error
	var of erp.Stream
	switch kind {
	case "order":
		of = erp.Orders
		_, err = tx.Orders().ByERP(ctx, id)
	case "delivery":
		of = erp.Deliveries
		_, err = tx.Deliveries().ByERP(ctx, id)
	case "invoice":
		of = erp.Invoices
		var row struct {
			Seller string `json:"seller"` // payments have none
		}
		_ = json.Unmarshal(k.Data, &row)
		if _, err = tx.Invoices().ByERP(ctx, id); fault.KindOf(err) == fault.NotFound {
			_, err = tx.Invoices().ByNumber(ctx, billing.SellerID(row.Seller), id)
		}
	case "product":
		_, err = article(ctx, tx, id)
	case "customer":
		_, _, err = p.customer(ctx, tx, id)
	default:
		return false, nil
	}
	if fault.KindOf(err) != fault.NotFound {
		return err == nil, err
	}
	if of == "" || parkedID(of, id) == k.ID {
		return false, nil
	}
	_, is, err := tx.Inbox().Waits(ctx, parkedID(of, id))
	if is || err != nil || of != erp.Invoices {
		return is, err
	}
	err = eachParked(ctx, tx, erp.Invoices, func(k event.Parked) error { // payments may name it by its number
		var row erp.Invoice
		is = is || json.Unmarshal(k.Data, &row) == nil && row.Number == id
		return nil
	})
	return is, err
}

// eachParked goes through what is parked of a stream.
func eachParked(ctx context.Context, tx store.Tx, s erp.Stream, do func(event.Parked) error) error {
	for after := ""; ; {
		some, next, err := tx.Inbox().Parked(ctx, after, 200)
		if err != nil {
			return err
		}
		for _, k := range some {
			if k.Stream != string(s) {
				continue
			}
			if err := do(k); err != nil {
				return err
			}
		}
		if after = next; next == "" {
			return nil
		}
	}
}

// strange reports whether a parked invoice or payment is none that is here already,
// and of a customer that is not.
func (p *Puller) strange(ctx context.Context, tx store.Tx, k event.Parked) (bool, error) {
	var row struct {
		erp.Head
		Customer string `json:"customer"`
	}
	if json.Unmarshal(k.Data, &row) != nil {
		return false, nil
	}
	var err error
	if k.Stream == string(erp.Payments) {
		_, err = tx.Payments().ByERP(ctx, row.ID)
		for _, id := range idsOf[billing.PaymentID](row.Key) {
			if fault.KindOf(err) == fault.NotFound {
				_, err = tx.Payments().Get(ctx, id)
			}
		}
	} else {
		_, err = tx.Invoices().ByERP(ctx, row.ID)
	}
	if fault.KindOf(err) == fault.NotFound {
		_, _, err = p.customer(ctx, tx, row.Customer)
	}
	var w *waiting
	switch {
	case errors.As(err, &w):
		return true, nil
	case errors.Is(err, ErrChange): // it is one of several
		return false, nil
	}
	return false, err
}
