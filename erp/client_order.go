package erp

import (
	"context"
	"fmt"
	"strings"

	"github.com/comptoir-go/comptoir/fault"
)

// Ping asks whether the ERP answers and accepts our credentials.
func (c *Client) Ping(ctx context.Context) error {
	_, err := call(ctx, c, OpPing, func(ctx context.Context, a Pinger) (struct{}, error) {
		return struct{}{}, a.Ping(ctx)
	})
	return err
}

// PushOrder creates the draft, once: it repeats only what did not leave. Use
// EnsureOrder for exactly one document. A document that does not fit is
// ErrInvalidDocument and is not sent.
func (c *Client) PushOrder(ctx context.Context, o Order) (Receipt, error) {
	if err := o.Check(c.about); err != nil {
		return Receipt{}, err
	}
	return call(ctx, c, OpPush, func(ctx context.Context, a OrderPusher) (Receipt, error) {
		r, err := a.PushOrder(ctx, o.Clone())
		return r, plausible(OpPush, r, "", o.Key, err)
	})
}

// FindOrder returns the ERP's document of one of our keys; NotFound
// (erp.not_found) when it has none.
func (c *Client) FindOrder(ctx context.Context, key string) (Receipt, error) {
	var is fault.Issues
	checkKey(&is, "key", key)
	if err := is.Err(ErrInvalidDocument); err != nil {
		return Receipt{}, err
	}
	return call(ctx, c, OpFind, func(ctx context.Context, a OrderFinder) (Receipt, error) {
		r, err := a.FindOrder(ctx, key)
		return r, plausible(OpFind, r, "", key, err)
	})
}

// ReviseOrder replaces the content of the draft id. Look at the receipt's
// state and revision: an order that is no draft any more stays as it was, and
// the ERP says so by Conflict (erp.conflict) or by the state alone.
func (c *Client) ReviseOrder(ctx context.Context, id string, o Order) (Receipt, error) {
	if err := joinID(id, o.Check(c.about)); err != nil {
		return Receipt{}, err
	}
	return call(ctx, c, OpRevise, func(ctx context.Context, a OrderReviser) (Receipt, error) {
		r, err := a.ReviseOrder(ctx, id, o.Clone())
		return r, plausible(OpRevise, r, id, "", err)
	})
}

// CancelOrder cancels the order id. Only the receipt's state tells whether it
// is cancelled now.
func (c *Client) CancelOrder(ctx context.Context, id, reason string) (Receipt, error) {
	if err := joinID(id, nil); err != nil {
		return Receipt{}, err
	}
	return call(ctx, c, OpCancel, func(ctx context.Context, a OrderCanceller) (Receipt, error) {
		r, err := a.CancelOrder(ctx, id, reason)
		return r, plausible(OpCancel, r, id, "", err)
	})
}

// AdvanceOrder asks the ERP to move the order id on. Only the receipt's state
// tells how far it got: no change and no error is a legal answer of an ERP.
func (c *Client) AdvanceOrder(ctx context.Context, id string, to OrderState) (Receipt, error) {
	var is fault.Issues
	if !to.Valid() || to == StateUnknown {
		is.Add("to", "state.unknown", "%q is no state to ask for", to)
	}
	if err := joinID(id, is.Err(ErrInvalidDocument)); err != nil {
		return Receipt{}, err
	}
	return call(ctx, c, OpAdvance, func(ctx context.Context, a OrderAdvancer) (Receipt, error) {
		r, err := a.AdvanceOrder(ctx, id, to)
		return r, plausible(OpAdvance, r, id, "", err)
	})
}

// joinID adds the check of an ERP id to the issues of err.
func joinID(id string, err error) error {
	var is fault.Issues
	checkID(&is, "id", id)
	is = append(is, fault.IssuesOf(err)...)
	return is.Err(ErrInvalidDocument)
}

func checkID(is *fault.Issues, path, id string) {
	if strings.TrimSpace(id) == "" {
		is.Add(path, "id.missing", "the ERP's id is missing")
	}
}

// plausible refuses a receipt that cannot be the answer: a look-up whose
// filter the ERP ignored must not bind our order to another one. For a read
// that is Contract. A write left, and what it did nobody can read from such an
// answer: that is OutcomeUnknown, because of ErrContract. An empty id or key
// is not compared. An error passes as it is.
func plausible(op Op, r Receipt, id, key string, err error) error {
	if err != nil {
		return err
	}
	text := ""
	switch {
	case r.ID == "":
		text = "the receipt has no id"
	case !r.State.Valid():
		text = fmt.Sprintf("the receipt has the state %q", r.State)
	case id != "" && r.ID != id:
		text = fmt.Sprintf("the receipt is of the document %q, not %q", r.ID, id)
	case key != "" && r.Key != "" && r.Key != key:
		text = fmt.Sprintf("the receipt is of the key %q, not %q", r.Key, key)
	}
	return noAnswer(op, text)
}

// noAnswer is the error of a receipt that cannot be the answer, because of
// text; nil for none.
func noAnswer(op Op, text string) error {
	switch {
	case text == "":
		return nil
	case op.writes():
		return NewError(OutcomeUnknown, op, text, ErrContract)
	}
	return NewError(Contract, op, text, nil)
}
