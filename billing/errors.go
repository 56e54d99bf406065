package billing

import "github.com/comptoir-go/comptoir/fault"

// The errors of invoices and credit notes.
var (
	// ErrInvalid lists what is wrong with a command's input.
	ErrInvalid = fault.Define(fault.Invalid, "billing.invalid", "the input is not valid")
	// ErrIssuer: the documents of a seller and kind have one issuer, and it is
	// the other one.
	ErrIssuer = fault.Define(fault.Precondition, "billing.issuer", "another issuer makes these documents")
	// ErrMixed lists what keeps orders from standing on one document.
	ErrMixed = fault.Define(fault.Precondition, "billing.mixed", "these orders cannot stand on one document")
	// ErrTooEarly names the orders that the seller has not validated.
	ErrTooEarly = fault.Define(fault.Precondition, "billing.too_early", "the order is not validated")
	// ErrNothingDue names the orders, deliveries or documents of which nothing
	// is left to invoice or to credit.
	ErrNothingDue = fault.Define(fault.Precondition, "billing.nothing_due", "nothing is left to invoice or to credit")
	// ErrTooMuch names the lines of which more was asked for than is left.
	ErrTooMuch = fault.Define(fault.Precondition, "billing.too_much", "there is not so much left of the line")
	// ErrNotInvoice: only an invoice that is not void can be credited.
	ErrNotInvoice = fault.Define(fault.Precondition, "billing.not_invoice", "this is no invoice that can be credited")
	// ErrSums lists the rules of EN 16931 that a document's figures break.
	ErrSums = fault.Define(fault.Invalid, "billing.sums", "the figures of the document do not add up")
)
