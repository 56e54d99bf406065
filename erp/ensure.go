package erp

import "context"

// EnsureOrder brings the ERP to hold exactly one document of the order's key
// and returns it. Call it as often as it takes; each call is one round:
//
//  1. Where the ERP finds documents by key, look first. The look-up is one
//     cheap read, and it makes the round right whatever happened before,
//     without any memory of earlier attempts.
//  2. Create. An ERP with NativeIdempotency starts here.
//  3. When the ERP refuses the key as Duplicate, or answers Conflict, somebody
//     else created it in between: look again and return that document.
//
// A push of unknown outcome returns at once with OutcomeUnknown
// (erp.outcome_unknown); the next call reconciles in step 1. On an ERP that
// has neither keys nor look-up nothing can reconcile: the error has Park set
// and a person must look.
//
// The document found may be an older revision, or cancelled: the receipt
// tells, and the caller decides.
func (c *Client) EnsureOrder(ctx context.Context, o Order) (Receipt, error) {
	return c.orderRound(o).ensure(ctx)
}

// ResumeOrder is EnsureOrder for a caller who knows that an earlier attempt
// may have left (the process died, the answer was lost). It differs only for
// an ERP with neither keys nor look-up: there it sends nothing and answers
// OutcomeUnknown with Park set, because a second push could be a second
// document.
func (c *Client) ResumeOrder(ctx context.Context, o Order) (Receipt, error) {
	return c.orderRound(o).resume(ctx)
}

// EnsurePayment brings the ERP to hold exactly one payment of the payment's
// key, in rounds as EnsureOrder's.
func (c *Client) EnsurePayment(ctx context.Context, p Payment) (DocReceipt, error) {
	return c.paymentRound(p).ensure(ctx)
}

// ResumePayment is to EnsurePayment what ResumeOrder is to EnsureOrder.
func (c *Client) ResumePayment(ctx context.Context, p Payment) (DocReceipt, error) {
	return c.paymentRound(p).resume(ctx)
}

// EnsureInvoice brings the ERP to hold exactly one invoice of the invoice's
// key, in rounds as EnsureOrder's.
func (c *Client) EnsureInvoice(ctx context.Context, i Invoice) (DocReceipt, error) {
	return c.invoiceRound(i).ensure(ctx)
}

// ResumeInvoice is to EnsureInvoice what ResumeOrder is to EnsureOrder.
func (c *Client) ResumeInvoice(ctx context.Context, i Invoice) (DocReceipt, error) {
	return c.invoiceRound(i).resume(ctx)
}

// EnsureMessage brings the ERP to hold exactly one message of the message's
// key, in rounds as EnsureOrder's.
func (c *Client) EnsureMessage(ctx context.Context, m Message) (DocReceipt, error) {
	return c.messageRound(m).ensure(ctx)
}

// ResumeMessage is to EnsureMessage what ResumeOrder is to EnsureOrder.
func (c *Client) ResumeMessage(ctx context.Context, m Message) (DocReceipt, error) {
	return c.messageRound(m).resume(ctx)
}

// Reconciles reports whether a further round settles a push of an order whose
// outcome is unknown: the ERP answers one key with one document, or finds it by
// key. If not, such a push is for a person (Error.Park).
func (c *Client) Reconciles() bool { return c.KeysOf(OpPush) != Neither }

// KeysOf says how the ERP keeps two attempts of a push (OpPush, OpPushPayment,
// OpPushInvoice, OpPushMessage) apart, as far as is known now. It is Neither
// for any other operation, and then the outcome of a lost push is for a person.
func (c *Client) KeysOf(push Op) KeyLookup {
	find, ok := map[Op]Op{OpPush: OpFind, OpPushPayment: OpFindPayment, OpPushInvoice: OpFindInvoice, OpPushMessage: OpFindMessage}[push]
	switch {
	case !ok:
		return Neither
	case c.about.Keys == NativeIdempotency:
		return NativeIdempotency
	case push == OpPush && c.about.Keys == Neither, !c.Supports(find):
		return Neither
	}
	return LookupByKey
}

func (c *Client) orderRound(o Order) round[Receipt] {
	return round[Receipt]{c: c, push: OpPush, find: OpFind,
		check: func() error { return o.Check(c.about) },
		send:  func(ctx context.Context) (Receipt, error) { return c.PushOrder(ctx, o) },
		look:  func(ctx context.Context) (Receipt, error) { return c.FindOrder(ctx, o.Key) }}
}

func (c *Client) paymentRound(p Payment) round[DocReceipt] {
	return round[DocReceipt]{c: c, push: OpPushPayment, find: OpFindPayment, check: p.sendable,
		send: func(ctx context.Context) (DocReceipt, error) { return c.PushPayment(ctx, p) },
		look: func(ctx context.Context) (DocReceipt, error) { return c.FindPayment(ctx, p.Key) }}
}

func (c *Client) invoiceRound(i Invoice) round[DocReceipt] {
	return round[DocReceipt]{c: c, push: OpPushInvoice, find: OpFindInvoice,
		check: func() error { return i.sendable(c.about) },
		send:  func(ctx context.Context) (DocReceipt, error) { return c.PushInvoice(ctx, i) },
		look:  func(ctx context.Context) (DocReceipt, error) { return c.FindInvoice(ctx, i.Key) }}
}

func (c *Client) messageRound(m Message) round[DocReceipt] {
	return round[DocReceipt]{c: c, push: OpPushMessage, find: OpFindMessage, check: m.sendable,
		send: func(ctx context.Context) (DocReceipt, error) { return c.PushMessage(ctx, m) },
		look: func(ctx context.Context) (DocReceipt, error) { return c.FindMessage(ctx, m.Key) }}
}
