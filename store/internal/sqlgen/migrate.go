package sqlgen

import (
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"

	"github.com/comptoir-go/comptoir/fault"
)

// ErrSchemaNewer refuses a database that a later release has migrated.
var ErrSchemaNewer = fault.Define(fault.Precondition, "store.schema_newer", "the database has a newer schema than this release knows")

// ErrSchemaOlder refuses a database with migrations to do when the store was
// told not to do them.
var ErrSchemaOlder = fault.Define(fault.Precondition, "store.schema_older", "the database lacks migrations, and the store was told not to run them")

// ErrSchemaTaken refuses a schema in which something else has a name that the
// store needs.
var ErrSchemaTaken = fault.Define(fault.Precondition, "store.schema_taken", "the database has tables of these names that are not the store's")

// Taken is ErrSchemaTaken naming what is there already.
func Taken(names []string) error {
	return ErrSchemaTaken.With("the schema already holds %s; give the store a schema or a database of its own", strings.Join(names, ", "))
}

// Migration is one numbered step of a schema.
type Migration struct {
	// Version counts from 1 without gaps.
	Version int
	// Name is the file's name.
	Name string
	SQL  string
}

var created = regexp.MustCompile(`(?m)^create (?:unique )?(?:table|view|index) (\w+) (?:\(|on|with)`)

// Objects lists the tables, views and indexes that a migration makes, other
// than the table of migrations.
func (m Migration) Objects() []string {
	var names []string
	for _, found := range created.FindAllStringSubmatch(m.SQL, -1) {
		names = append(names, found[1])
	}
	return names
}

// Migrations reads the .sql files of a folder, named "0001_tables.sql". A
// number that is missing, taken twice or out of order is an error.
func Migrations(dir fs.FS) ([]Migration, error) {
	names, err := fs.Glob(dir, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	out := make([]Migration, 0, len(names))
	for i, name := range names {
		number, _, _ := strings.Cut(name, "_")
		version, err := strconv.Atoi(number)
		if err != nil || len(number) != 4 || version != i+1 {
			return nil, fmt.Errorf("migration %s: expected number %04d", name, i+1)
		}
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", name, err)
		}
		out = append(out, Migration{Version: version, Name: name, SQL: string(text)})
	}
	return out, nil
}

// Pending returns the migrations beyond a database's version, or
// ErrSchemaNewer.
func Pending(all []Migration, version int) ([]Migration, error) {
	if version > len(all) {
		return nil, ErrSchemaNewer.With("the database has schema %d, this release knows %d", version, len(all))
	}
	return all[version:], nil
}
