// Package pgstore keeps a store in PostgreSQL 15 or later, through pgx. It is
// the engine of a portal that runs in more than one process.
//
//	s, err := pgstore.Open(ctx, "postgres://shop@db/shop", nil)
//
// Update is one SERIALIZABLE transaction, repeated by the store when
// PostgreSQL reports a serialization failure or a deadlock; View is one
// REPEATABLE READ READ ONLY snapshot, which never fails that way. Statements
// travel in pipelines: BEGIN and the tenant's setting go with the first
// statement, the last writes with the COMMIT, so that a single Get takes one
// round trip before its answer, and placing an order no more than five.
//
// A COMMIT whose answer is lost is looked up: each unit of work writes a key
// of its own, and a second connection finds it, or writes it as void so that
// the first can no longer commit. Only when that fails too, for
// Options.Resolve, is the answer uow.ErrUnknown.
//
// Every statement names its tenant, and row-level security, forced on the
// owner too, holds the tenants apart a second time. Connect as a role that is
// neither superuser nor BYPASSRLS, else Open is ErrRole unless
// Options.AllowBypass waives the second wall. Poolers of transactions work
// with the parameter default_query_exec_mode=exec.
//
// The role owns the tables, which are made in the first schema of its
// search_path, under plain names such as orders and products. A portal with
// tables of its own gives the store a schema of its own:
//
//	create schema comptoir authorization shop;
//	postgres://shop@db/shop?search_path=comptoir
//
// Where one of our names is taken Open is store.schema_taken and changes
// nothing.
//
// Join lets a portal write rows of its own in the same transaction.
//
// The views orders_report and order_lines_report show amounts as numeric, for
// reports; they obey row-level security, so a session sets comptoir.tenant
// first. The schema is kept by numbered migrations that Open runs; Migrations
// hands them out for other tools.
package pgstore
