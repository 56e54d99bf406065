package erp

import "context"

// Op names an operation of the port. It stands in errors and is asked of
// Client.Supports.
type Op string

// The operations.
const (
	OpPing    Op = "ping"
	OpPush    Op = "push_order"
	OpFind    Op = "find_order"
	OpRevise  Op = "revise_order"
	OpCancel  Op = "cancel_order"
	OpAdvance Op = "advance_order"
)

// Adapter is any connection to an ERP: all it must do is describe itself.
// What else it can do it says by implementing the capability interfaces of
// this file. An adapter is safe for concurrent use, honours ctx, keeps no
// retry loop of its own, and answers errors of type *Error.
type Adapter interface{ Describer }

// Describer tells what the ERP is and what fits into it.
type Describer interface {
	Describe() Description
}

// Pinger checks that the ERP answers and accepts our credentials.
type Pinger interface {
	Ping(ctx context.Context) error
}

// OrderPusher creates a draft order.
//
// An ERP that keys its documents refuses a second document of one key with
// Duplicate; with NativeIdempotency it answers the first document instead. A
// cut after the request left is OutcomeUnknown, never Retryable.
type OrderPusher interface {
	PushOrder(ctx context.Context, o Order) (Receipt, error)
}

// OrderFinder finds the order that carries an external key, in whatever
// state. It answers NotFound when there is none.
type OrderFinder interface {
	FindOrder(ctx context.Context, key string) (Receipt, error)
}

// OrderReviser replaces the content of a draft. On an order that is no draft
// any more it changes nothing and answers Conflict, or the receipt with the
// state reached where the ERP keeps silent.
type OrderReviser interface {
	ReviseOrder(ctx context.Context, id string, o Order) (Receipt, error)
}

// OrderCanceller cancels an order. The receipt tells the state reached, read
// back after the call: an ERP may ignore the request and answer success.
type OrderCanceller interface {
	CancelOrder(ctx context.Context, id, reason string) (Receipt, error)
}

// OrderAdvancer moves an order on (StateConfirmed, StateDone). The receipt
// tells the state reached, read back after the call: Tryton ignores a button
// pressed in the wrong state and answers success.
type OrderAdvancer interface {
	AdvanceOrder(ctx context.Context, id string, to OrderState) (Receipt, error)
}

// KeyLookup says how an ERP keeps two attempts from making two documents.
type KeyLookup uint8

// The values of KeyLookup.
const (
	// Neither: the ERP knows no key of ours. A push of unknown outcome is for
	// a person to settle.
	Neither KeyLookup = iota
	// LookupByKey: a document can be found by our key (OrderFinder).
	LookupByKey
	// NativeIdempotency: pushing one key twice answers the same document.
	NativeIdempotency
)

// String returns "neither", "lookup_by_key" or "native_idempotency".
func (k KeyLookup) String() string {
	switch k {
	case LookupByKey:
		return "lookup_by_key"
	case NativeIdempotency:
		return "native_idempotency"
	}
	return "neither"
}

// Description is what an adapter declares; it is constant over its life.
type Description struct {
	// Name is short and stable, "tryton"; it stands in errors.
	Name string
	// Keys says what a repeated push does. NativeIdempotency holds for every
	// kind of document that the adapter pushes; for the other values, payments,
	// invoices and messages are looked up where the adapter finds them.
	Keys KeyLookup
	// PriceDigits is how many decimals a unit price may have (Tryton: 4).
	PriceDigits int
	// QuantityDigits is how many decimals a quantity may have.
	QuantityDigits int
	// MaxLines is the most lines and discounts of one order, 0 for no limit.
	MaxLines int
	// BatchSize is the most documents of one call, 0 where a call takes one.
	BatchSize int
}
