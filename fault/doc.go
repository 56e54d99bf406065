// Package fault is the one shape of Comptoir's errors: a kind that says what
// a caller can do about it, a stable code, the issues of a validation, and
// typed data where it helps.
//
// Branch on the kind, name the code in an API, show the message to a person:
//
//	switch fault.KindOf(err) {
//	case fault.Invalid:  // 422, fault.IssuesOf(err) lists every field
//	case fault.NotFound: // 404
//	case fault.Conflict: // 409: read again
//	}
//
// errors.Is compares codes, so a copy made by With, Because or Noting still
// equals the package's variable. Errors of another shape that carry data
// (cart.AlreadyOrdered) implement Faulty.
package fault
