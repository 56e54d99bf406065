// Package access says who asks and what they may do.
//
// An Actor is given by the caller, who has authenticated it; every use case
// takes it as an argument. A Policy is a table role × action × own/others,
// deny by default; Default is the library's own, With adds to it. Checks
// stand inside the use cases: what an actor may not see is answered as not
// found, what it sees and may not do as ErrForbidden.
package access
