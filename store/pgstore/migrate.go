package pgstore

import (
	"context"
	"embed"
	"io/fs"

	"github.com/jackc/pgx/v5"

	"github.com/comptoir-go/comptoir/store/internal/sqlgen"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations are the numbered .sql files of the schema, forward only, for
// people who run them with a tool of their own. Each is one transaction;
// Open notes what it has run in the table comptoir_migrations (version, name,
// applied_at).
func Migrations() fs.FS {
	sub, err := fs.Sub(files, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return sub
}

const (
	migrationsThere = `select to_regclass('comptoir_migrations') is not null`
	migrationsTable = `create table if not exists comptoir_migrations (
	version    bigint not null primary key,
	name       text collate "C" not null,
	applied_at timestamptz not null
)`
	migrationsLast = `select coalesce(max(version), 0) from comptoir_migrations`
	migrationNote  = `insert into comptoir_migrations (version, name, applied_at) values ($1, $2, $3)`
)

// maxCollisions bounds how often another opener may be faster, far beyond
// what the number of migrations and of openers can bring about.
const maxCollisions = 1000

// migrate brings the database to the current schema. Many may open it at
// once: each migration first notes its number in its own transaction, where
// the primary key lets one through and makes the others wait and look again.
func (d *driver) migrate(ctx context.Context, all []sqlgen.Migration) error {
	for range maxCollisions {
		more, err := d.step(ctx, all)
		if err == nil && !more {
			return nil
		}
		if err != nil && !collided(err) {
			return wrap(err)
		}
	}
	return ErrConflict
}

// collided reports whether another opener was faster. Two that make the table
// at once collide in the catalog, with a duplicate key, a duplicate table or
// the duplicate type of its rows.
func collided(err error) bool {
	switch code(err) {
	case codeUnique, codeSerialization, codeDeadlock, "42P07", "42710":
		return true
	}
	return false
}

// step runs the first pending migration, if there is one.
func (d *driver) step(ctx context.Context, all []sqlgen.Migration) (more bool, err error) {
	conn, err := d.acquire(ctx)
	if err != nil {
		return false, err
	}
	defer d.release(conn, rollback)
	version, err := schemaVersion(ctx, conn.Conn())
	if err != nil {
		return false, err
	}
	pending, err := sqlgen.Pending(all, version)
	if err != nil || len(pending) == 0 {
		return false, err
	}
	if d.opts.NoMigrate {
		return false, sqlgen.ErrSchemaOlder.With("the database has schema %d, this release needs %d", version, len(all))
	}
	if version == 0 {
		if _, err := conn.Exec(ctx, migrationsTable); err != nil {
			return false, err
		}
	}
	m := pending[0]
	err = pgx.BeginTxFunc(ctx, conn.Conn(), pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, migrationNote, m.Version, m.Name, d.opts.Now()); err != nil {
			return err
		}
		// Without parameters pgx sends a script of several statements.
		_, err := tx.Exec(ctx, m.SQL, pgx.QueryExecModeSimpleProtocol)
		return err
	})
	return true, err
}

// schemaVersion answers 0 for a database without migrations.
func schemaVersion(ctx context.Context, conn *pgx.Conn) (version int, err error) {
	var there bool
	if err := conn.QueryRow(ctx, migrationsThere).Scan(&there); err != nil || !there {
		return 0, err
	}
	err = conn.QueryRow(ctx, migrationsLast).Scan(&version)
	return version, err
}
