package erp

import (
	"context"
	"errors"
	"fmt"

	"github.com/comptoir-go/comptoir/fault"
)

// Class sorts an ERP's failures by what is to be done about them. The zero
// Class belongs to no error.
type Class uint8

// The classes.
const (
	_ Class = iota
	// NotSent: nothing left this machine (no connection, breaker open).
	// Repeat, a write too.
	NotSent
	// Retryable: the ERP or the way to it failed for now, and a write was not
	// done (429, 502, 503, a serialization failure). Back off.
	Retryable
	// OutcomeUnknown: a write left and no answer came. Look up by key first.
	OutcomeUnknown
	// Rejected: a business rule refused it. A person decides; repeat only
	// after the data changed.
	Rejected
	// NeedsConfirmation: the ERP asks a question that policy did not answer.
	NeedsConfirmation
	// Duplicate: the ERP holds a document of this key. Look it up.
	Duplicate
	// Conflict: somebody else was faster, or the state does not allow it. Read again.
	Conflict
	// NotFound: gone, or invisible to us.
	NotFound
	// Auth: wrong credentials or no right. The Client stops until Reset.
	Auth
	// Contract: our request or their schema is wrong. For developers. After a
	// write it does not say that nothing was done.
	Contract
	// Unsupported: this adapter cannot do it, ever.
	Unsupported
)

// What each class is to a caller. errors.Is(err, erp.ErrRejected) holds for
// every *Error of the class.
var (
	ErrNotSent           = fault.Define(fault.Unavailable, "erp.not_sent", "the call did not leave for the ERP")
	ErrRetryable         = fault.Define(fault.Unavailable, "erp.unavailable", "the ERP cannot do it now")
	ErrOutcomeUnknown    = fault.Define(fault.UnknownOutcome, "erp.outcome_unknown", "the ERP may or may not have done it")
	ErrRejected          = fault.Define(fault.Precondition, "erp.rejected", "the ERP refused it")
	ErrNeedsConfirmation = fault.Define(fault.Precondition, "erp.needs_confirmation", "the ERP asks for a confirmation")
	ErrDuplicate         = fault.Define(fault.Exists, "erp.duplicate", "the ERP already holds a document of this key")
	ErrConflict          = fault.Define(fault.Conflict, "erp.conflict", "the document in the ERP has another state or version")
	ErrNotFound          = fault.Define(fault.NotFound, "erp.not_found", "the ERP does not know the document")
	ErrAuth              = fault.Define(fault.Forbidden, "erp.auth", "the ERP did not accept our credentials or rights")
	ErrContract          = fault.Define(fault.Internal, "erp.contract", "the ERP and the adapter do not understand each other")
	ErrUnsupported       = fault.Define(fault.Unsupported, "erp.unsupported", "the adapter cannot do this")
)

// Errors the Client makes before anything is sent.
var (
	// ErrInvalidDocument carries every issue found (fault.IssuesOf).
	ErrInvalidDocument = fault.Define(fault.Invalid, "erp.invalid_document", "the document does not fit the ERP or its sums are wrong")
	// ErrCircuitOpen is an *Error of class NotSent whose RetryAfter is the
	// time until the breaker lets a probe through.
	ErrCircuitOpen = fault.Define(fault.Unavailable, "erp.circuit_open", "the ERP failed repeatedly; calls are held back")
	// ErrStopped is an *Error of class Auth.
	ErrStopped = fault.Define(fault.Forbidden, "erp.stopped", "stopped after the ERP refused our credentials; mend them and Reset")
)

// sentinel returns the class's fault, ErrContract for a class that is none.
func (c Class) sentinel() *fault.Error {
	switch c {
	case NotSent:
		return ErrNotSent
	case Retryable:
		return ErrRetryable
	case OutcomeUnknown:
		return ErrOutcomeUnknown
	case Rejected:
		return ErrRejected
	case NeedsConfirmation:
		return ErrNeedsConfirmation
	case Duplicate:
		return ErrDuplicate
	case Conflict:
		return ErrConflict
	case NotFound:
		return ErrNotFound
	case Auth:
		return ErrAuth
	case Unsupported:
		return ErrUnsupported
	}
	return ErrContract
}

var classNames = [...]string{"", "not_sent", "retryable", "outcome_unknown", "rejected", "needs_confirmation",
	"duplicate", "conflict", "not_found", "auth", "contract", "unsupported"}

// String returns the class's stable name, "outcome_unknown".
func (c Class) String() string {
	if int(c) < len(classNames) {
		return classNames[c]
	}
	return fmt.Sprintf("class(%d)", uint8(c))
}

// ClassOf returns the class of an error of this port; zero for nil. An error
// of another make is classed by its fault kind, input errors as Rejected. A
// context error or an error of no known make is OutcomeUnknown: nobody knows
// what it did, so nobody may repeat it blindly.
func ClassOf(err error) Class {
	if err == nil {
		return 0
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Class
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return OutcomeUnknown
	}
	var f fault.Faulty
	if errors.As(err, &f) {
		return classOfKind(f.FaultKind())
	}
	return OutcomeUnknown
}

func classOfKind(k fault.Kind) Class {
	switch k {
	case fault.Invalid, fault.Precondition:
		return Rejected
	case fault.NotFound:
		return NotFound
	case fault.Exists:
		return Duplicate
	case fault.Conflict:
		return Conflict
	case fault.Forbidden:
		return Auth
	case fault.Unavailable:
		return Retryable
	case fault.Unsupported:
		return Unsupported
	case fault.Internal:
		return Contract
	}
	return OutcomeUnknown
}
