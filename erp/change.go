package erp

import (
	"encoding/json"

	"github.com/shopspring/decimal"
)

// Cursor is how far a stream of changes was read: bytes of the adapter's own,
// at most CursorMax of them. The empty Cursor is the beginning of everything.
// Whoever reads a page stores its Next with what it did about the rows.
type Cursor []byte

// CursorMax is the longest cursor, in bytes.
const CursorMax = 64 << 10

// Page is one page of changes, or of a Lister's ids. A change that is delivered twice, or after a
// later change of the same document, does no harm: rows are whole documents,
// and Sequence tells which is newer.
type Page[R any] struct {
	Rows []R `json:"rows"`
	// Next continues behind these rows. A page without rows keeps the cursor
	// it was asked with.
	Next Cursor `json:"next"`
	// More says that a further page waits now.
	More bool `json:"more,omitempty"`
}

// Stream names a stream of changes.
type Stream string

// The streams.
const (
	Orders     Stream = "orders"
	Deliveries Stream = "deliveries"
	Invoices   Stream = "invoices"
	Payments   Stream = "payments"
	Messages   Stream = "messages"
	Parties    Stream = "parties"
	Products   Stream = "products"
	Prices     Stream = "prices"
	Stocks     Stream = "stock"
)

// Streams lists them, parents before children.
func Streams() []Stream {
	return []Stream{Parties, Products, Prices, Stocks, Orders, Deliveries, Invoices, Payments, Messages}
}

// Head is what every changed document starts with.
type Head struct {
	// ID is the ERP's own identity of the document, opaque.
	ID string `json:"id"`
	// Key is our external key where the document came from us.
	Key string `json:"key,omitempty"`
	// Number is the human number, empty until the ERP gives one.
	Number string `json:"number,omitempty"`
	// Sequence rises with every change of the document: a counter, or a
	// timestamp as microseconds since 1970. It is above zero.
	Sequence int64 `json:"sequence"`
}

// OrderChange is an order as it stands in the ERP.
type OrderChange struct {
	Head
	State OrderState `json:"state"`
	// Revision is the revision of ours the ERP holds, 0 where it keeps none.
	Revision int     `json:"revision,omitempty"`
	Totals   *Totals `json:"totals,omitempty"`
	// Lines tell what is set aside and what was given up, by our line keys;
	// lines of the ERP's own have none and are left out.
	Lines []LineChange `json:"lines,omitempty"`
}

// LineChange is where one line of an order stands in the ERP; the quantities
// are totals, not differences.
type LineChange struct {
	Key string `json:"key"`
	// Ordered is the line's whole quantity in the ERP, nil where it is not told.
	// The order is not changed by it; who compares the books finds there what
	// people changed by hand.
	Ordered *decimal.Decimal `json:"ordered,omitempty"`
	// Reserved is set aside and not yet shipped.
	Reserved  decimal.Decimal `json:"reserved"`
	Cancelled decimal.Decimal `json:"cancelled"`
}

// DeliveryState is where a delivery stands in the ERP.
type DeliveryState string

// The states of deliveries.
const (
	DeliveryPlanned   DeliveryState = "planned"
	DeliveryDone      DeliveryState = "done"
	DeliveryCancelled DeliveryState = "cancelled"
)

// Delivery is a delivery of one order, or a return to it.
type Delivery struct {
	Head
	// Order is the ERP's id of the order.
	Order  string        `json:"order"`
	Return bool          `json:"return,omitempty"`
	State  DeliveryState `json:"state"`
	// Date is the day it was done, "2006-01-02".
	Date     string `json:"date,omitempty"`
	Carrier  string `json:"carrier,omitempty"`
	Tracking string `json:"tracking,omitempty"`
	// BackOrderOf is the number of the delivery whose rest this is.
	BackOrderOf string         `json:"back_order_of,omitempty"`
	Reason      string         `json:"reason,omitempty"`
	Lines       []DeliveryLine `json:"lines"`
}

// DeliveryLine is how much of an order's line is in a delivery.
type DeliveryLine struct {
	// Key is our key of the order's line.
	Key      string          `json:"key"`
	SKU      string          `json:"sku,omitempty"`
	Quantity decimal.Decimal `json:"quantity"`
}

// InvoiceState is where an invoice stands in the ERP.
type InvoiceState string

// The states of invoices. A draft is not told of: what has no number does not
// exist for the customer.
const (
	InvoicePosted    InvoiceState = "posted"
	InvoiceCancelled InvoiceState = "cancelled"
)

// Invoice is an invoice or credit note that the ERP issued, or, with a Key, one
// of ours that it was told of. Amounts and quantities are positive on credit
// notes too.
type Invoice struct {
	Head
	Credit bool         `json:"credit,omitempty"`
	State  InvoiceState `json:"state"`
	// Customer is the customer's code, Seller the legal seller's where the ERP
	// keeps more than one.
	Customer string `json:"customer"`
	Seller   string `json:"seller,omitempty"`
	Date     string `json:"date"`
	Due      string `json:"due,omitempty"`
	Currency string `json:"currency"`
	// Corrects is the ERP's id of the invoice that a credit note corrects.
	Corrects    string        `json:"corrects,omitempty"`
	Reason      string        `json:"reason,omitempty"`
	Lines       []InvoiceLine `json:"lines"`
	Adjustments []Discount    `json:"adjustments,omitempty"`
	Taxes       []InvoiceTax  `json:"taxes"`
	Totals      Totals        `json:"totals"`
	// Residual is what is left to pay, as the ERP sees it; nil where it does
	// not tell.
	Residual *decimal.Decimal `json:"residual,omitempty"`
}

// InvoiceLine is one line of an invoice.
type InvoiceLine struct {
	// Order is the ERP's id of the order and Key our key of its line, both
	// empty for a line that belongs to none.
	Order       string          `json:"order,omitempty"`
	Key         string          `json:"key,omitempty"`
	SKU         string          `json:"sku,omitempty"`
	Text        string          `json:"text,omitempty"`
	Unit        string          `json:"unit,omitempty"`
	Quantity    decimal.Decimal `json:"quantity"`
	UnitPrice   decimal.Decimal `json:"unit_price"`
	PriceBase   decimal.Decimal `json:"price_base"` // zero means 1
	Net         decimal.Decimal `json:"net"`
	TaxCategory string          `json:"tax_category,omitempty"`
	TaxRate     decimal.Decimal `json:"tax_rate"`
}

// InvoiceTax is one row of an invoice's tax breakdown.
type InvoiceTax struct {
	Category string          `json:"category,omitempty"`
	Rate     decimal.Decimal `json:"rate"`
	Base     decimal.Decimal `json:"base"`
	Tax      decimal.Decimal `json:"tax"`
}

// PaymentState is where a payment stands in the ERP.
type PaymentState string

// The states of payments.
const (
	PaymentDraft     PaymentState = "draft"
	PaymentPosted    PaymentState = "posted"
	PaymentFailed    PaymentState = "failed"
	PaymentCancelled PaymentState = "cancelled"
)

// Payment is money received, or with Refund paid back: with a Key one of ours.
// An ERP that books no refunds refuses one (Reject); none is ever booked as
// money received.
type Payment struct {
	Head
	Refund   bool            `json:"refund,omitempty"`
	State    PaymentState    `json:"state"`
	Customer string          `json:"customer"`
	Date     string          `json:"date"`
	Amount   decimal.Decimal `json:"amount"` // above zero
	Currency string          `json:"currency"`
	// Method is one of ours ("transfer", "cheque", …) or the ERP's own name.
	Method    string `json:"method,omitempty"`
	Cheque    string `json:"cheque,omitempty"`
	Reference string `json:"reference,omitempty"`
	// Allocations say which invoices it pays; what they leave is on account.
	Allocations []PaymentPart `json:"allocations,omitempty"`
}

// PaymentPart is the part of a payment for one invoice.
type PaymentPart struct {
	// Invoice is the ERP's id, Number its number; one of them is enough.
	Invoice string          `json:"invoice,omitempty"`
	Number  string          `json:"number,omitempty"`
	Amount  decimal.Decimal `json:"amount"`
}

// Message is a message on a document.
type Message struct {
	Head
	// Kind is "order", "delivery" or "invoice", Document the ERP's id of it.
	Kind     string `json:"kind"`
	Document string `json:"document"`
	Author   string `json:"author,omitempty"`
	Text     string `json:"text"`
	// At is RFC 3339.
	At string `json:"at,omitempty"`
	// Internal messages are not for the customer.
	Internal bool `json:"internal,omitempty"`
}

// Product is an article as the ERP keeps it.
type Product struct {
	Head
	SKU string `json:"sku"`
	// Names are by BCP 47 language tag; "" is the ERP's own language.
	Names map[string]string `json:"names,omitempty"`
	Unit  string            `json:"unit,omitempty"`
	// TaxClass is the seller's word for its tax; "" keeps what is known.
	TaxClass string `json:"tax_class,omitempty"`
	Active   bool   `json:"active"`
	// Raw is what else the ERP says, for the integrator's own mapping.
	Raw json.RawMessage `json:"raw,omitempty"`
}

// Price is all prices of one article on one list.
type Price struct {
	Head
	SKU      string `json:"sku"`
	List     string `json:"list"`
	Currency string `json:"currency"`
	// Gross says that the prices contain tax.
	Gross bool `json:"gross,omitempty"`
	// From (included) and Until (excluded) bound the validity, RFC 3339; ""
	// is open.
	From  string `json:"from,omitempty"`
	Until string `json:"until,omitempty"`
	// Breaks hold from their quantity on; none means that the list has no
	// price for the article any more.
	Breaks []PriceBreak `json:"breaks,omitempty"`
}

// PriceBreak is a price from a quantity on.
type PriceBreak struct {
	From      decimal.Decimal `json:"from"`
	UnitPrice decimal.Decimal `json:"unit_price"`
	PriceBase decimal.Decimal `json:"price_base"` // zero means 1
}

// Stock is how much of an article can be had.
type Stock struct {
	Head
	SKU       string          `json:"sku"`
	Available decimal.Decimal `json:"available"`
	// Expected is the day more is expected, "2006-01-02", "" unknown.
	Expected string `json:"expected,omitempty"`
	// At is when it was counted, RFC 3339.
	At string `json:"at,omitempty"`
}
