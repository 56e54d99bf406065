// Package event carries facts from a transaction to whoever acts on them.
//
// A use case appends events to the Outbox inside its transaction; when it
// commits they appear in the Queue, and only then. A relay claims a delivery
// with a lease, acts, and answers Done, Retry or Bury. Delivery is at least
// once; within one subject the order is that of (Version, Index); the fencing
// token, not the clock, keeps two workers apart. Consumers de-duplicate by ID.
package event
