package billing

import (
	"fmt"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
)

// The errors of payments and statements.
var (
	// ErrLeft refuses to pay, set off or pay back more than there is.
	ErrLeft = fault.Define(fault.Precondition, "billing.left", "that much is not left")
	// ErrUnconfirmed refuses to allocate money that is not there.
	ErrUnconfirmed = fault.Define(fault.Precondition, "billing.unconfirmed", "the payment is not confirmed")
	// ErrMirror refuses to change by hand what the ERP keeps.
	ErrMirror = fault.Define(fault.Precondition, "billing.mirror", "the ERP keeps this payment")
	// ErrAwaits says that a report names a document that has not arrived; see
	// Awaits.
	ErrAwaits = fault.Define(fault.Precondition, "billing.awaits", "a document that the report names is not here yet")
	// ErrStatementTooLong refuses a statement of an account with more than
	// MaxStatement documents and payments.
	ErrStatementTooLong = fault.Define(fault.Precondition, "billing.statement_too_long", "the account has too many documents and payments for one statement")
)

// Awaits says which document a report waits for, so that the change can be
// parked until it is there. Kind Precondition, code billing.awaits.
type Awaits struct {
	// Document is the id in the ERP, or where the report names none the
	// number.
	Document string
}

// Error names the document.
func (e *Awaits) Error() string { return fmt.Sprintf("billing.awaits: %s is not here yet", e.Document) }

// FaultKind implements fault.Faulty.
func (e *Awaits) FaultKind() fault.Kind { return fault.Precondition }

// FaultCode implements fault.Faulty.
func (e *Awaits) FaultCode() string { return "billing.awaits" }

// Unwrap returns ErrAwaits.
func (e *Awaits) Unwrap() error { return ErrAwaits }

// checkAmount notes an amount that is not above zero or of another currency;
// the zero Currency takes any.
func checkAmount(is *fault.Issues, path string, x money.Amount, c money.Currency) {
	switch {
	case x.Sign() <= 0:
		is.Add(path, "amount.sign", "must be above zero")
	case !c.IsZero() && x.Currency() != c:
		is.Add(path, "amount.currency", "is in %s, not in %s", x.Currency(), c)
	}
}
