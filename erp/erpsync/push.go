package erpsync

import (
	"context"
	"errors"
	"fmt"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/order"
)

// The errors of the relay.
var (
	// ErrWork: an event on the relay's topic that is none of its own.
	ErrWork = fault.Define(fault.Invalid, "erpsync.work", "the event is not work for the relay")
	// ErrFrozen: the ERP's order is no draft any more and holds other content.
	ErrFrozen = fault.Define(fault.Precondition, "erpsync.frozen", "the order in the ERP can no longer be revised")
	// ErrStands: the ERP kept an order that should be cancelled.
	ErrStands = fault.Define(fault.Precondition, "erpsync.stands", "the order still stands in the ERP and must be cancelled there")
)

// push brings the ERP to hold exactly one document with the order's content,
// and a validated order to its confirmation.
func (r *Relay) push(ctx context.Context, d event.Delivery, job order.SyncRequested) (result, error) {
	o, err := r.books.Orders.Get(ctx, r.actor, job.Order)
	if errors.Is(err, order.ErrNotFound) {
		return result{note: "the order was deleted"}, nil
	}
	if err != nil {
		return result{}, err
	}
	if skip := r.skip(o, job); skip != "" {
		if o.State == order.Confirmed || o.State == order.Closed {
			return r.over(ctx, d, o, skip) // it arrived, whoever told of it
		}
		return result{note: skip}, nil
	}
	got, o, err := r.bring(ctx, o)
	switch {
	case errors.Is(err, order.ErrNotFound):
		return result{note: "the order was deleted"}, nil
	case errors.Is(err, order.ErrSending):
		// Another relay sends it, or it is not to be sent any more: look anew.
		return result{}, &pending{note: err.Error(), within: r.o.MaxBackoff}
	case err != nil:
		return result{}, err
	}
	sent := o.Revision
	o, err = r.report(ctx, d, o, got)
	if errors.Is(err, order.ErrNotFound) || err == nil && ended(o) {
		// The withdrawal may have been worked already, by a relay that took
		// this delivery for abandoned.
		return r.withdraw(ctx, d, order.SyncRequested{Order: job.Order, Ref: job.Ref, ERPID: got.ID, Sent: job.Revision})
	}
	if err != nil {
		return result{}, err
	}
	if o.Revision > sent {
		return result{note: fmt.Sprintf("revision %d was overtaken by %d", sent, o.Revision)}, nil
	}
	if o.State == order.Validated && got.State == erp.StateDraft && !r.o.HoldConfirm && r.client.Supports(erp.OpAdvance) {
		if got, err = r.client.AdvanceOrder(ctx, got.ID, erp.StateConfirmed); err != nil {
			return result{}, err
		}
		if o, err = r.report(ctx, d, o, got); err != nil {
			return result{}, err
		}
	}
	return r.settled(d, o), nil
}

// ended reports whether the order is to have no twin.
func ended(o order.Order) bool { return o.State == order.Rejected || o.State == order.Cancelled }

// skip says why nothing is to be done, or "".
func (r *Relay) skip(o order.Order, job order.SyncRequested) string {
	switch {
	case o.Revision > job.Revision:
		return fmt.Sprintf("revision %d was overtaken by %d", job.Revision, o.Revision)
	case o.State == order.Awaiting && !r.client.Supports(erp.OpRevise):
		return "the ERP cannot revise drafts: pushed at validation"
	case o.State == order.Confirmed && o.ERP.ID != "" && o.ERP.Number == "":
		return "" // the number is still to come
	case o.State != order.Awaiting && o.State != order.Validated:
		return "nothing to bring in state " + string(o.State)
	}
	return ""
}

// bring finds or makes the document and lifts it to the order's revision.
func (r *Relay) bring(ctx context.Context, o order.Order) (erp.Receipt, order.Order, error) {
	doc, err := Document(r.tenant, o, r.o.Zone)
	if err != nil {
		return erp.Receipt{}, o, err
	}
	if o.ERP.ID != "" && o.ERP.Revision >= o.Revision {
		got, err := r.look(ctx, o, doc.Key)
		return got, o, err
	}
	if o.ERP.ID != "" {
		got, err := r.revise(ctx, o.ERP.ID, doc)
		return got, o, err
	}
	had := o.ERP
	got, o, err := r.ensure(ctx, o, doc)
	if err != nil {
		return erp.Receipt{}, o, err
	}
	draft := got.State == erp.StateDraft && r.client.Supports(erp.OpRevise)
	switch {
	case draft && (got.Revision != 0 && got.Revision < doc.Revision || got.Revision == 0 && doc.Revision > 1):
		got, err = r.revise(ctx, got.ID, doc)
	case stale(got, had, doc.Revision):
		err = ErrFrozen.With("the ERP holds an older revision of %s in state %s", o.Ref, got.State)
	}
	return got, o, err
}

// stale reports whether the document that was found or made holds older
// content than the revision. An ERP that keeps no revision of ours holds what
// left last: an earlier push that was open, or else what was made just now.
func stale(got erp.Receipt, had order.ERPLink, revision int) bool {
	if got.Revision != 0 {
		return got.Revision < revision
	}
	return had.Sent > had.Revision && had.Sent < revision
}

func (r *Relay) revise(ctx context.Context, id string, doc erp.Order) (erp.Receipt, error) {
	if !r.client.Supports(erp.OpRevise) {
		return erp.Receipt{}, ErrFrozen
	}
	got, err := r.client.ReviseOrder(ctx, id, doc)
	if err != nil {
		return erp.Receipt{}, err
	}
	if got.Revision != 0 && got.Revision < doc.Revision {
		return erp.Receipt{}, ErrFrozen.With("the ERP stayed at revision %d in state %s", got.Revision, got.State)
	}
	if got.Revision == 0 && got.State != erp.StateDraft {
		return erp.Receipt{}, ErrFrozen.With("the ERP's order is in state %s", got.State)
	}
	return got, nil
}

// look asks how the twin stands; an ERP that cannot be asked stands as it was.
func (r *Relay) look(ctx context.Context, o order.Order, key string) (erp.Receipt, error) {
	if r.client.Supports(erp.OpFind) {
		got, err := r.client.FindOrder(ctx, key)
		if erp.ClassOf(err) != erp.Unsupported {
			return got, err
		}
	}
	return erp.Receipt{ID: o.ERP.ID, Number: o.ERP.Number, State: erp.OrderState(o.ERP.State), Revision: o.ERP.Revision}, nil
}

func (r *Relay) report(ctx context.Context, d event.Delivery, o order.Order, got erp.Receipt) (order.Order, error) {
	in, err := lasting(ctx, r.queue, o, d.Event, order.Report{Revision: o.Revision, ID: got.ID, Number: got.Number, State: string(got.State)})
	if err != nil {
		return o, err
	}
	if got.Totals != nil {
		in.Gross = amount(got.Totals.Gross, o.Currency)
	}
	return r.books.Orders.ReportERP(ctx, r.actor, in)
}

// settled decides whether there is news to wait for. It is waited for without
// end, at intervals that grow with the age of the event.
func (r *Relay) settled(d event.Delivery, o order.Order) result {
	wait := ""
	switch {
	case o.State == order.Validated:
		wait = "waiting for the ERP to confirm"
	case o.State == order.Confirmed && o.ERP.Number == "":
		wait = "waiting for the ERP's number"
	}
	if wait == "" || !r.client.Supports(erp.OpFind) {
		return result{note: "the ERP holds the order: " + o.ERP.State}
	}
	age := r.o.Now().Sub(d.Time)
	return result{note: wait, again: min(max(r.o.Poll, age/10), max(r.o.Poll, r.o.MaxPoll)), free: true}
}
