// Package uow is the unit of work: how use cases run in transactions that
// span several aggregates, without knowing the store.
//
// A service states what it needs as an interface of repositories (its Tx) and
// runs closures over a Runner of it. What is listed in the Tx is atomic
// together. Engines promise: Update is serializable, View is one snapshot, the
// closure may run again, a transaction begun inside another is ErrNested, a
// transaction used after its closure is ErrDone, and values are copied in and
// out. Commands carry an optional idempotency key; Once keeps the first result
// beside the work it protects.
package uow
