// Package sqlitestore keeps a store in one SQLite file: durable, embedded, no
// server. It is the default of a shop that runs in one process.
//
//	s, err := sqlitestore.Open(ctx, "/var/lib/shop/comptoir.db", nil)
//
// One connection writes, a pool of read-only connections reads; readers never
// wait for the writer and see a snapshot (write-ahead log). A commit is on the
// disk when Update returns (synchronous=FULL). Several processes may open the
// file on one machine: a writer that waits longer than Options.Wait for
// another gets uow.ErrBusy. The file must not lie on a network share.
//
// A full or read-only disk is ErrDisk, of kind Unavailable; the transaction is
// rolled back and the store works again once there is room.
//
// The schema is kept by numbered migrations that Open runs; Migrations hands
// them out for other tools.
package sqlitestore
