// Package engine is what all stores have in common. A store brings a Driver,
// raw transactions over rows; New puts upon it everything that store.Store
// promises beyond rows:
//
//   - tenants are checked, a closed store answers store.ErrClosed;
//   - a transaction begun inside another is uow.ErrNested, one used after its
//     closure is uow.ErrDone, a write in a View is uow.ErrReadOnly;
//   - a closure that panics, or ends its goroutine, is rolled back and the
//     panic goes on; a cancelled context is rolled back;
//   - what Driver.Retryable names runs again, with full jitter and bounds, and
//     ends in uow.ErrBusy;
//   - a Session reads every document once, answers what was written from
//     memory, checks versions early, merges the writes of a document and sends
//     them together with the commit, or before a Find that could see them;
//   - idempotency keys, outbox and queue calls are checked before they reach
//     the driver.
//
// Rows are untyped here; package mapping turns aggregates into rows. Match,
// Compare and Evaluate say what a Select means, in plain Go; drivers are
// tested against them.
//
// A driver's error poisons its session: the database has given the transaction
// up, so every later call answers the same error and the transaction is rolled
// back, whatever the closure returns.
package engine
