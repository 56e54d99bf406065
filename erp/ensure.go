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
	if err := o.Check(c.about); err != nil {
		return Receipt{}, err
	}
	if c.about.Keys == LookupByKey && c.Supports(OpFind) {
		found, err := c.FindOrder(ctx, o.Key)
		switch ClassOf(err) {
		case NotFound, Unsupported: // Unsupported is learned now; from here on nothing reconciles
		default:
			return found, err
		}
	}
	got, err := c.PushOrder(ctx, o)
	switch ClassOf(err) {
	case Duplicate, Conflict:
		return c.findAfter(ctx, o.Key, err)
	case OutcomeUnknown:
		return Receipt{}, c.parkIfBlind(err)
	}
	return got, err
}

// ResumeOrder is EnsureOrder for a caller who knows that an earlier attempt
// may have left (the process died, the answer was lost). It differs only for
// an ERP with neither keys nor look-up: there it sends nothing and answers
// OutcomeUnknown with Park set, because a second push could be a second
// document.
func (c *Client) ResumeOrder(ctx context.Context, o Order) (Receipt, error) {
	if err := o.Check(c.about); err != nil {
		return Receipt{}, err
	}
	if !c.Reconciles() && c.Supports(OpPush) {
		e := NewError(OutcomeUnknown, OpPush, "", nil)
		e.Park = true
		return Receipt{}, c.name(e)
	}
	return c.EnsureOrder(ctx, o)
}

// findAfter looks up the document whose key the ERP just refused.
func (c *Client) findAfter(ctx context.Context, key string, refusal error) (Receipt, error) {
	if !c.Supports(OpFind) {
		return Receipt{}, refusal
	}
	found, err := c.FindOrder(ctx, key)
	if ClassOf(err) != NotFound {
		return found, err
	}
	if ClassOf(refusal) == Duplicate {
		// The other transaction is not visible yet; the next round finds it.
		e := NewError(Retryable, OpPush, "refused as a duplicate, but not found by key", refusal)
		return Receipt{}, c.name(e)
	}
	return Receipt{}, refusal
}

// Reconciles reports whether a further round settles a push of unknown
// outcome: the ERP answers one key with one document, or finds it by key. If
// not, such a push is for a person (Error.Park).
func (c *Client) Reconciles() bool {
	return c.about.Keys == NativeIdempotency || c.about.Keys == LookupByKey && c.Supports(OpFind)
}

func (c *Client) parkIfBlind(err error) error {
	if c.Reconciles() {
		return err
	}
	e := asError(OpPush, c.about.Name, err)
	e.Park = true
	return e
}
