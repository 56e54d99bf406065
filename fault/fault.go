package fault

import (
	"context"
	"errors"
	"fmt"
)

// Kind says what a caller can do about an error; it maps one to one to a
// transport status. The zero Kind belongs to no error.
type Kind uint8

// The kinds, with the HTTP status a transport would use.
const (
	_              Kind = iota
	Invalid             // the input is wrong; mend it (400, 422)
	NotFound            // unknown, or not visible to this actor (404)
	Exists              // a thing with this identity is already there (409)
	Conflict            // somebody else was faster; read again (409, 412)
	Precondition        // right input in the wrong state or configuration (409, 412)
	Forbidden           // visible, but this actor may not do it (403)
	Unavailable         // a passing fault; the same call may work later (503)
	Unsupported         // this engine or adapter cannot do it, ever (501)
	UnknownOutcome      // it may or may not have happened; look before repeating (500)
	Internal            // a bug or a broken store (500)
)

var kindNames = [...]string{"", "invalid", "not_found", "exists", "conflict", "precondition",
	"forbidden", "unavailable", "unsupported", "unknown_outcome", "internal"}

// String returns the kind's stable name, for example "not_found".
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// Faulty is what typed errors outside this package implement, so that KindOf
// and CodeOf see them: cart.AlreadyOrdered, for example.
type Faulty interface {
	error
	// FaultKind is never zero.
	FaultKind() Kind
	// FaultCode is the stable code, "package.reason".
	FaultCode() string
}

// Error is the library's error value. Kind and Code are part of the API, the
// message is not. An Error is immutable; With, Because and Noting copy it.
type Error struct {
	kind   Kind
	code   string
	msg    string
	issues []Issue
	data   any
	cause  error
}

// Define makes the error of one code; packages keep it in a variable and
// compare with errors.Is. docs/errors.md is generated from these calls, so
// kind, code and message are literals.
func Define(kind Kind, code, message string) *Error {
	return &Error{kind: kind, code: code, msg: message}
}

// Error prints the message, the issues and the cause.
func (e *Error) Error() string {
	s := e.code + ": " + e.msg
	if len(e.issues) > 0 {
		s += ": " + Issues(e.issues).String()
	}
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// FaultKind implements Faulty.
func (e *Error) FaultKind() Kind { return e.kind }

// FaultCode implements Faulty.
func (e *Error) FaultCode() string { return e.code }

// Unwrap returns the cause given to Because, nil if there is none.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether target carries the same code, so that
// errors.Is(err, order.ErrNotFound) holds for every copy of it.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.code == e.code
}

// Issues returns what validation found, in the order found; nil for errors
// that are not about input. The slice is the caller's.
func (e *Error) Issues() []Issue { return append([]Issue(nil), e.issues...) }

// Data returns the typed data given to Noting, nil if there is none.
func (e *Error) Data() any { return e.data }

// With copies the error with a message of its own (fmt.Sprintf). Never put a
// secret, SQL or a payload in it.
func (e *Error) With(format string, args ...any) *Error {
	c := *e
	c.msg = fmt.Sprintf(format, args...)
	return &c
}

// Because copies the error with its cause, which errors.Is and errors.As see.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// Noting copies the error with typed data for the caller.
func (e *Error) Noting(data any) *Error {
	c := *e
	c.data = data
	return &c
}

// KindOf returns the kind of the first Faulty in err's tree. A nil error has
// kind zero; context errors are Unavailable; anything else is Internal.
func KindOf(err error) Kind {
	if err == nil {
		return 0
	}
	var f Faulty
	if errors.As(err, &f) {
		return f.FaultKind()
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return Unavailable
	}
	return Internal
}

// CodeOf returns the code of the first Faulty in err's tree, "" if none.
func CodeOf(err error) string {
	var f Faulty
	if errors.As(err, &f) {
		return f.FaultCode()
	}
	return ""
}

// IssuesOf returns the issues of the first Error in err's tree that has any.
func IssuesOf(err error) []Issue {
	for err != nil {
		var e *Error
		if !errors.As(err, &e) {
			return nil
		}
		if len(e.issues) > 0 {
			return e.Issues()
		}
		err = e.cause
	}
	return nil
}
