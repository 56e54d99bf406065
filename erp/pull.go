package erp

import "context"

// The operations of both directions; those of orders are in adapter.go.
const (
	OpPullOrders     Op = "pull_orders"
	OpPullDeliveries Op = "pull_deliveries"
	OpPullInvoices   Op = "pull_invoices"
	OpPullPayments   Op = "pull_payments"
	OpPullMessages   Op = "pull_messages"
	OpPullParties    Op = "pull_parties"
	OpPullProducts   Op = "pull_products"
	OpPullPrices     Op = "pull_prices"
	OpPullStock      Op = "pull_stock"
	OpCancelRest     Op = "cancel_rest"
	OpPushPayment    Op = "push_payment"
	OpFindPayment    Op = "find_payment"
	OpPushInvoice    Op = "push_invoice"
	OpFindInvoice    Op = "find_invoice"
	OpPushMessage    Op = "push_message"
	OpFindMessage    Op = "find_message"
)

// A pull answers what changed behind the cursor, oldest change first, at most
// limit rows (1 to 1000). It has no effect on the ERP.

// OrderPuller tells of orders that changed.
type OrderPuller interface {
	PullOrders(ctx context.Context, after Cursor, limit int) (Page[OrderChange], error)
}

// DeliveryPuller tells of deliveries and returns that changed.
type DeliveryPuller interface {
	PullDeliveries(ctx context.Context, after Cursor, limit int) (Page[Delivery], error)
}

// InvoicePuller tells of invoices and credit notes that changed.
type InvoicePuller interface {
	PullInvoices(ctx context.Context, after Cursor, limit int) (Page[Invoice], error)
}

// PaymentPuller tells of payments that changed.
type PaymentPuller interface {
	PullPayments(ctx context.Context, after Cursor, limit int) (Page[Payment], error)
}

// MessagePuller tells of new messages, on orders and their deliveries best of
// those only that came from us: what is said of a document that never comes is
// waited for.
type MessagePuller interface {
	PullMessages(ctx context.Context, after Cursor, limit int) (Page[Message], error)
}

// PartyPuller tells of customers that changed.
type PartyPuller interface {
	PullParties(ctx context.Context, after Cursor, limit int) (Page[Party], error)
}

// ProductPuller tells of articles that changed.
type ProductPuller interface {
	PullProducts(ctx context.Context, after Cursor, limit int) (Page[Product], error)
}

// PricePuller tells of prices that changed, an article and list at a time.
type PricePuller interface {
	PullPrices(ctx context.Context, after Cursor, limit int) (Page[Price], error)
}

// StockPuller tells of stock that changed.
type StockPuller interface {
	PullStock(ctx context.Context, after Cursor, limit int) (Page[Stock], error)
}

// RestCanceller gives up what is not yet shipped of lines of a confirmed
// order. Quantities are the totals given up, so that repeating the call changes
// nothing.
type RestCanceller interface {
	CancelRest(ctx context.Context, id string, lines []LineQuantity) (Receipt, error)
}

// PaymentPusher books a payment. It carries the key; see OrderPusher for
// duplicates and lost answers.
type PaymentPusher interface {
	PushPayment(ctx context.Context, p Payment) (DocReceipt, error)
}

// PaymentFinder finds the payment that carries an external key; NotFound when
// there is none.
type PaymentFinder interface {
	FindPayment(ctx context.Context, key string) (DocReceipt, error)
}

// InvoicePusher books an invoice or credit note that was issued here, number
// and all.
type InvoicePusher interface {
	PushInvoice(ctx context.Context, i Invoice) (DocReceipt, error)
}

// InvoiceFinder finds the invoice that carries an external key; NotFound when
// there is none.
type InvoiceFinder interface {
	FindInvoice(ctx context.Context, key string) (DocReceipt, error)
}

// MessagePusher writes a message on a document.
type MessagePusher interface {
	PushMessage(ctx context.Context, m Message) (DocReceipt, error)
}

// MessageFinder finds the message that carries an external key; NotFound when
// there is none.
type MessageFinder interface {
	FindMessage(ctx context.Context, key string) (DocReceipt, error)
}
