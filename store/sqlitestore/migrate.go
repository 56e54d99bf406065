package sqlitestore

import (
	"context"
	"embed"
	"io/fs"

	"github.com/comptoir-go/comptoir/store/internal/sqlgen"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations are the numbered .sql files of the schema, forward only, for
// people who run them with a tool of their own. Each is to be run in one
// transaction, and notes itself in the table comptoir_migrations (version,
// name, applied_at in microseconds since 1970), by which Open knows a schema
// whoever made it. They carry goose's annotation for it; to other tools that
// is a comment.
func Migrations() fs.FS {
	sub, err := fs.Sub(files, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return sub
}

// prepare brings the file to the write-ahead log and to the current schema.
func (d *driver) prepare(ctx context.Context) error {
	all, err := sqlgen.Migrations(Migrations())
	if err != nil {
		return err
	}
	return d.migrate(ctx, all)
}

func (d *driver) migrate(ctx context.Context, all []sqlgen.Migration) error {
	for {
		more, err := d.step(ctx, all)
		if err != nil || !more {
			return err
		}
	}
}

// step runs the first pending migration in one transaction; the file's lock
// keeps other processes out, so each is run once.
func (d *driver) step(ctx context.Context, all []sqlgen.Migration) (more bool, err error) {
	s, err := d.beginWrite(ctx)
	if err != nil {
		return false, err
	}
	defer func() {
		if err != nil || !more {
			s.rollback()
		}
		d.writer.put(s)
	}()
	version, err := schemaVersion(ctx, s)
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
	if err := runMigration(ctx, s, pending[0]); err != nil {
		return false, err
	}
	_, err = s.exec(ctx, "commit")
	return err == nil, wrap(err)
}

// schemaVersion answers 0 for a database without migrations.
func schemaVersion(ctx context.Context, s *session) (int, error) {
	var there int
	if _, err := s.row(ctx, []any{&there}, "select count(*) from sqlite_master where type = 'table' and name = 'comptoir_migrations'"); err != nil {
		return 0, wrap(err)
	}
	if there == 0 {
		return 0, nil
	}
	var version int
	_, err := s.row(ctx, []any{&version}, "select coalesce(max(version), 0) from comptoir_migrations")
	return version, wrap(err)
}

// runMigration runs a script that notes its own number.
func runMigration(ctx context.Context, s *session, m sqlgen.Migration) error {
	names, err := taken(ctx, s, m.Objects())
	if err != nil {
		return err
	}
	if len(names) > 0 {
		return sqlgen.Taken(names)
	}
	if _, err := s.conn.ExecContext(context.WithoutCancel(ctx), m.SQL); err != nil {
		return wrap(err)
	}
	version, err := schemaVersion(ctx, s)
	if err == nil && version != m.Version {
		err = ErrSQL.With("migration %s does not note itself", m.Name)
	}
	return err
}

// taken lists the names that the file holds already.
func taken(ctx context.Context, s *session, names []string) ([]string, error) {
	var out []string
	for _, name := range names {
		var found string
		there, err := s.row(ctx, []any{&found}, "select name from sqlite_master where name = ? collate nocase", name)
		if err != nil {
			return nil, wrap(err)
		}
		if there {
			out = append(out, found)
		}
	}
	return out, nil
}
