package erp

import (
	"errors"
	"time"

	"github.com/comptoir-go/comptoir/fault"
)

// Error is a failed call of the port. It implements fault.Faulty: kind and
// code follow from the class (ErrRejected and its siblings).
type Error struct {
	// Class says what to do.
	Class Class
	// Op is the operation that failed.
	Op Op
	// Adapter is the name out of the Description; the Client fills it in.
	Adapter string
	// Text is the ERP's own words, redacted and at most TextMax runes, for
	// the person who must decide. Empty when it said nothing.
	Text string
	// RetryAfter is how long the ERP asks us to wait; 0 when it did not say.
	RetryAfter time.Duration
	// Park is true when no later attempt can settle it by itself: a person
	// must look into the ERP. Set with OutcomeUnknown on an ERP that has
	// neither keys nor look-up.
	Park bool

	code  *fault.Error // narrower than the class's, nil for the class's own
	cause error
}

// NewError makes an error. The ERP's text is redacted and cut; cause may be nil
// and is found by errors.Is and errors.As, but its words are redacted too.
func NewError(c Class, op Op, text string, cause error) *Error {
	return &Error{Class: c, Op: op, Text: Redact(text), cause: cause}
}

// Reject makes an error of class Rejected with the ERP's words.
func Reject(op Op, text string) *Error { return NewError(Rejected, op, text, nil) }

// Unsent makes an error of class NotSent.
func Unsent(op Op, cause error) *Error { return NewError(NotSent, op, "", cause) }

// Lost makes an error of class OutcomeUnknown for a write, and of class
// Retryable for a read: a read whose answer got lost changed nothing.
func Lost(op Op, cause error) *Error {
	if op.writes() {
		return NewError(OutcomeUnknown, op, "", cause)
	}
	return NewError(Retryable, op, "", cause)
}

// NoSuch makes an error of class NotFound.
func NoSuch(op Op) *Error { return NewError(NotFound, op, "", nil) }

// NotSupported makes an error of class Unsupported.
func NotSupported(op Op) *Error { return NewError(Unsupported, op, "", nil) }

// Error prints code, adapter, operation, the ERP's words and the cause.
func (e *Error) Error() string {
	s := e.FaultCode() + ": "
	if e.Adapter != "" {
		s += e.Adapter + " "
	}
	s += string(e.Op)
	if e.Text != "" {
		s += ": " + e.Text
	}
	if e.cause != nil {
		s += ": " + Redact(e.cause.Error())
	}
	return s
}

// FaultKind implements fault.Faulty.
func (e *Error) FaultKind() fault.Kind { return e.sentinel().FaultKind() }

// FaultCode implements fault.Faulty.
func (e *Error) FaultCode() string { return e.sentinel().FaultCode() }

// Unwrap returns the cause, nil if there is none.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether target is the class's error or the narrower one:
// a call held back by the breaker is both ErrCircuitOpen and ErrNotSent.
func (e *Error) Is(target error) bool {
	t, ok := target.(*fault.Error)
	return ok && (t.FaultCode() == e.FaultCode() || t.FaultCode() == e.Class.sentinel().FaultCode())
}

func (e *Error) sentinel() *fault.Error {
	if e.code != nil {
		return e.code
	}
	return e.Class.sentinel()
}

// asError returns err as an *Error of its own for op: foreign errors are
// classed by ClassOf, except that a read cannot have an unknown outcome.
func asError(op Op, adapter string, err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		c := *e
		c.Op, c.Adapter, c.Text = op, adapter, Redact(e.Text)
		e = &c
	} else {
		e = NewError(ClassOf(err), op, "", err)
		e.Adapter = adapter
	}
	if e.Class == 0 {
		e.Class = Contract
	}
	if e.Class == OutcomeUnknown && !op.writes() {
		e.Class = Retryable
	}
	return e
}
