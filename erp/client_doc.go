package erp

import (
	"context"
	"fmt"

	"github.com/comptoir-go/comptoir/fault"
)

// CancelRest gives up what is not yet shipped of lines of the order id; the
// quantities are the totals given up, above zero, each line once. Only what the
// orders' stream tells of the lines says what was given up: an ERP may keep
// silent about a line that has been shipped in the meantime.
func (c *Client) CancelRest(ctx context.Context, id string, lines []LineQuantity) (Receipt, error) {
	var is fault.Issues
	checkID(&is, "id", id)
	checkLines(&is, lines, c.about.QuantityDigits)
	if err := is.Err(ErrInvalidDocument); err != nil {
		return Receipt{}, err
	}
	return call(ctx, c, OpCancelRest, func(ctx context.Context, a RestCanceller) (Receipt, error) {
		r, err := a.CancelRest(ctx, id, append([]LineQuantity(nil), lines...))
		return r, plausible(OpCancelRest, r, id, "", err)
	})
}

// PushPayment books the payment, once: it repeats only what did not leave. Use
// EnsurePayment for exactly one. A payment that does not fit is
// ErrInvalidDocument and is not sent: it needs a key, has neither the ERP's id nor its sequence,
// and is checked as Payment.Check does.
func (c *Client) PushPayment(ctx context.Context, p Payment) (DocReceipt, error) {
	if err := p.sendable(); err != nil {
		return DocReceipt{}, err
	}
	return call(ctx, c, OpPushPayment, func(ctx context.Context, a PaymentPusher) (DocReceipt, error) {
		r, err := a.PushPayment(ctx, p.Clone())
		return r, plausibleDoc(OpPushPayment, r, p.Key, err)
	})
}

// FindPayment returns the ERP's payment of one of our keys; NotFound
// (erp.not_found) when it has none.
func (c *Client) FindPayment(ctx context.Context, key string) (DocReceipt, error) {
	return findDoc(ctx, c, OpFindPayment, key, PaymentFinder.FindPayment)
}

// PushInvoice books an invoice or credit note of ours, once; see PushPayment.
// It needs a number too, and fits the ERP's digits and lines.
func (c *Client) PushInvoice(ctx context.Context, i Invoice) (DocReceipt, error) {
	if err := i.sendable(c.about); err != nil {
		return DocReceipt{}, err
	}
	return call(ctx, c, OpPushInvoice, func(ctx context.Context, a InvoicePusher) (DocReceipt, error) {
		r, err := a.PushInvoice(ctx, i.Clone())
		return r, plausibleDoc(OpPushInvoice, r, i.Key, err)
	})
}

// FindInvoice returns the ERP's invoice of one of our keys; NotFound
// (erp.not_found) when it has none.
func (c *Client) FindInvoice(ctx context.Context, key string) (DocReceipt, error) {
	return findDoc(ctx, c, OpFindInvoice, key, InvoiceFinder.FindInvoice)
}

// PushMessage writes a message on a document, once; see PushPayment.
func (c *Client) PushMessage(ctx context.Context, m Message) (DocReceipt, error) {
	if err := m.sendable(); err != nil {
		return DocReceipt{}, err
	}
	return call(ctx, c, OpPushMessage, func(ctx context.Context, a MessagePusher) (DocReceipt, error) {
		r, err := a.PushMessage(ctx, m)
		return r, plausibleDoc(OpPushMessage, r, m.Key, err)
	})
}

// FindMessage returns the ERP's message of one of our keys; NotFound
// (erp.not_found) when it has none.
func (c *Client) FindMessage(ctx context.Context, key string) (DocReceipt, error) {
	return findDoc(ctx, c, OpFindMessage, key, MessageFinder.FindMessage)
}

func findDoc[C any](ctx context.Context, c *Client, op Op, key string,
	ask func(C, context.Context, string) (DocReceipt, error)) (DocReceipt, error) {
	var is fault.Issues
	checkKey(&is, "key", key)
	if err := is.Err(ErrInvalidDocument); err != nil {
		return DocReceipt{}, err
	}
	return call(ctx, c, op, func(ctx context.Context, a C) (DocReceipt, error) {
		r, err := ask(a, ctx, key)
		return r, plausibleDoc(op, r, key, err)
	})
}

// plausibleDoc is plausible for receipts of other documents than orders.
func plausibleDoc(op Op, r DocReceipt, key string, err error) error {
	if err != nil {
		return err
	}
	text := ""
	switch {
	case r.ID == "":
		text = "the receipt has no id"
	case r.Key != "" && r.Key != key:
		text = fmt.Sprintf("the receipt is of the key %q, not %q", r.Key, key)
	case r.Gross != nil && !bounded(*r.Gross):
		text = "the receipt's amount is no figure"
	}
	return noAnswer(op, text)
}
