// Package store is the port that engines implement: one transaction over
// every aggregate of a tenant, and the queue of its committed events.
//
// Engines live below it: memstore (tests and demos), sqlitestore (one durable
// file, no server), pgstore (PostgreSQL). storetest is the suite they pass.
package store
