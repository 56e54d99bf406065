// Package sqlgen compiles the one mapping of the aggregates to SQL, for the
// two SQL engines alike: fixed statements per table, selects with bound
// parameters, the outbox's statements, and the list of migrations.
//
// Two dialects differ in little: the form of a parameter, how a list is
// passed, how a writer locks. Everything that could come from a caller is a
// parameter; names come from engine.Table only, and a column that the table
// does not have is a panic there, never SQL. Each statement names the tenant,
// so that row-level security is a second wall and not the only one.
//
// The SQL stays within what PostgreSQL-compatible distributed engines carry:
// no SERIAL, advisory locks, LISTEN, triggers, savepoints or deferrable
// constraints; ON CONFLICT names its columns; SKIP LOCKED stands in the claim
// of the queue alone; pages are keysets, never OFFSET.
package sqlgen
