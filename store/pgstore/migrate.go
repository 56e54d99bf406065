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
// people who run them with a tool of their own. Each is to be run in one
// transaction, and notes itself in the table comptoir_migrations (version,
// name, applied_at), by which Open knows a schema whoever made it. They carry
// goose's annotation for it; to other tools that is a comment.
func Migrations() fs.FS {
	sub, err := fs.Sub(files, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return sub
}

const (
	migrationsThere = `select to_regclass('comptoir_migrations') is not null`
	migrationsLast  = `select coalesce(max(version), 0) from comptoir_migrations`
	objectsThere    = `select relname from pg_class where relnamespace = current_schema()::regnamespace and relname = any($1) order by relname`
)

// maxTries bounds the runs of one migration that PostgreSQL gives up.
const maxTries = 5

// migrate brings the database to the current schema. Many may open it at
// once: each migration first notes its number in its own transaction, where
// the primary key lets one through and makes the others wait and look again.
// Whoever collides with nobody has come upon tables of somebody else.
func (d *driver) migrate(ctx context.Context, all []sqlgen.Migration) error {
	tries, last := 0, -1
	for {
		version, more, err := d.step(ctx, all)
		if err == nil && !more {
			return nil
		}
		if version != last {
			tries, last = 0, version
		}
		if tries++; err != nil {
			err = d.again(ctx, all, version, tries, err)
		} else if tries > maxTries {
			err = ErrSQL.With("migration %s does not note itself", all[version].Name)
		}
		if err != nil {
			return err
		}
	}
}

// again answers nil when a migration that failed is to be looked at anew.
func (d *driver) again(ctx context.Context, all []sqlgen.Migration, version, tries int, cause error) error {
	if !collided(cause) {
		return wrap(cause)
	}
	conn, err := d.acquire(ctx)
	if err != nil {
		return err
	}
	defer d.release(conn, rollback)
	now, err := schemaVersion(ctx, conn.Conn())
	if err != nil {
		return wrap(err)
	}
	if now > version {
		return nil
	}
	rows, err := conn.Query(ctx, objectsThere, all[version].Objects())
	if err != nil {
		return wrap(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	switch {
	case err != nil:
		return wrap(err)
	case len(names) > 0:
		return sqlgen.Taken(names)
	case tries >= maxTries:
		return wrap(cause)
	}
	return nil
}

// collided reports whether another opener may have been faster. Two that make
// the first table at once collide in the catalog, with a duplicate key, a
// duplicate table or the duplicate type of its rows.
func collided(err error) bool {
	switch code(err) {
	case codeUnique, codeSerialization, codeDeadlock, "42P07", "42710":
		return true
	}
	return false
}

// step runs the first pending migration, if there is one, and answers the
// version before it.
func (d *driver) step(ctx context.Context, all []sqlgen.Migration) (version int, more bool, err error) {
	conn, err := d.acquire(ctx)
	if err != nil {
		return 0, false, err
	}
	defer d.release(conn, rollback)
	version, err = schemaVersion(ctx, conn.Conn())
	if err != nil {
		return 0, false, err
	}
	pending, err := sqlgen.Pending(all, version)
	if err != nil || len(pending) == 0 {
		return version, false, err
	}
	if d.opts.NoMigrate {
		return version, false, sqlgen.ErrSchemaOlder.With("the database has schema %d, this release needs %d", version, len(all))
	}
	err = pgx.BeginTxFunc(ctx, conn.Conn(), pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) error {
		// Without parameters pgx sends a script of several statements.
		_, err := tx.Exec(ctx, pending[0].SQL, pgx.QueryExecModeSimpleProtocol)
		return err
	})
	return version, true, err
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
