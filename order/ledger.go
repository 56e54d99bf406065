package order

import (
	"github.com/comptoir-go/comptoir/money"
)

// Goods is the goods ledger of a line, in the line's unit. With the quantity
// requested it keeps
//
//	requested = open + reserved + shipped + cancelled
//	returned ≤ shipped
//
// and none of them is ever below zero. Only commands change it.
type Goods struct {
	// Reserved is set aside in the warehouse, as the ERP says.
	Reserved money.Quantity `json:"reserved,omitzero"`
	// Shipped has left; what came back stays in it.
	Shipped   money.Quantity `json:"shipped,omitzero"`
	Cancelled money.Quantity `json:"cancelled,omitzero"`
	// Returned came back.
	Returned money.Quantity `json:"returned,omitzero"`
	// Excess is what the ERP delivered beyond the order and did not take back;
	// it is no part of Shipped.
	Excess money.Quantity `json:"excess,omitzero"`

	// Forgone is the part of Cancelled that was given up here, and Told what
	// the ERP said last. With the deliveries of the order they say what the
	// fields above are, whatever the order in which reports arrive.
	Forgone money.Quantity `json:"forgone,omitzero"`
	Told    Told           `json:"told,omitzero"`
}

// Told is what the ERP said last of a line, totals both, as it said it.
type Told struct {
	Reserved  money.Quantity `json:"reserved,omitzero"`
	Cancelled money.Quantity `json:"cancelled,omitzero"`
}

// Billed is the billing ledger of a line. With what is to be billed (see
// InvoicePolicy) it keeps
//
//	basis = invoiced - credited + to invoice
//
// where to invoice below zero means to credit. Credited is at most Invoiced, but
// for documents of the ERP, whose credit note may be here before its invoice.
type Billed struct {
	Invoiced money.Quantity `json:"invoiced,omitzero"`
	Credited money.Quantity `json:"credited,omitzero"`
	// Taken are the stretches of the line that stand on invoices of our own:
	// see Slice.
	Taken []Stretch `json:"taken,omitempty"`
}

// InvoicePolicy says what of an order is invoiced.
type InvoicePolicy string

// The policies.
const (
	// OnDelivery invoices what was shipped and not returned.
	OnDelivery InvoicePolicy = "delivery"
	// OnOrder invoices what was ordered and neither cancelled nor returned.
	OnOrder InvoicePolicy = "order"
)

// Stretch is a piece of a line, from a position (included) to another
// (excluded), counted in ten-thousandths of the unit; or of a tax box, counted
// in minor units of its base. Documents that take different stretches of one
// whole never overlap, and so their money sums to the whole's exactly.
type Stretch struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

// Box is how much of the base of one tax category and rate stands on invoices
// of our own.
type Box struct {
	Category string     `json:"category"` // pricing.Category
	Rate     money.Rate `json:"rate"`
	Taken    []Stretch  `json:"taken,omitempty"`
}

// Delivered is where an order stands on the delivery axis. It follows from
// the goods ledgers.
type Delivered string

// The delivery axis.
const (
	NotDelivered     Delivered = "not_delivered"
	PartlyDelivered  Delivered = "partly_delivered"
	FullyDelivered   Delivered = "delivered"
	NothingToDeliver Delivered = "nothing" // all of it was cancelled
	OverDelivered    Delivered = "over_delivered"
	AllReturned      Delivered = "returned" // everything shipped came back
)

// Invoiced is where an order stands on the invoice axis. It follows from the
// billing ledgers.
type Invoiced string

// The invoice axis.
const (
	NotInvoiced    Invoiced = "not_invoiced"
	PartlyInvoiced Invoiced = "partly_invoiced" // more is, or will be, to invoice
	FullyInvoiced  Invoiced = "invoiced"
	ToCredit       Invoiced = "to_credit" // more was invoiced than is due
	NothingDue     Invoiced = "nothing"   // nothing is left to invoice, and nothing was
)

// Paid is where an order stands on the money axis. It follows from its Bills.
type Paid string

// The money axis.
const (
	NothingBilled Paid = "nothing" // no invoice asks for money
	Unpaid        Paid = "unpaid"
	PartlyPaid    Paid = "partly_paid"
	FullyPaid     Paid = "paid"
)
