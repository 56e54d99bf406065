package sqlgen

import (
	"strings"
	"sync"

	"github.com/comptoir-go/comptoir/store/internal/engine"
)

// Statements are the fixed statements of one table.
type Statements struct {
	// Insert takes InsertArgs.
	Insert string
	// Replace takes ReplaceArgs. In PostgreSQL it fails with a division by
	// zero when it finds no row of the version wanted, so that a COMMIT sent
	// behind it in the same pipeline does not happen; in SQLite it changes no
	// row then.
	Replace string
	// Delete takes id and version wanted behind the tenant, and answers a
	// version that is not there like Replace.
	Delete string
	// Version selects the version of (tenant, id).
	Version string
	// Load selects whole rows: of (tenant, id) as LoadOne; in PostgreSQL of
	// (tenant, ids) as LoadMany.
	LoadOne, LoadMany string
	// TermsInsert adds terms, those that are there already excepted. In
	// PostgreSQL it takes (tenant, id, kinds, values), in SQLite (tenant,
	// kind, value, id).
	TermsInsert string
	// TermsPrune removes the terms of a row that are not in (tenant, id,
	// kinds, values); PostgreSQL only.
	TermsPrune string
	// TermsDelete removes one term (tenant, kind, value, id); SQLite only.
	TermsDelete string
	// TermsClear removes all terms of (tenant, id).
	TermsClear string
	// TermsLoad selects kind and value of (tenant, id); SQLite only.
	TermsLoad string
}

// Cache holds the statements of the tables seen so far. The zero Cache is not
// usable; make one with NewCache.
type Cache struct {
	d      Dialect
	tables sync.Map // *engine.Table to *Statements
}

// NewCache makes an empty cache for one dialect.
func NewCache(d Dialect) *Cache { return &Cache{d: d} }

// Of returns a table's statements.
func (c *Cache) Of(t *engine.Table) *Statements {
	if s, ok := c.tables.Load(t); ok {
		return s.(*Statements)
	}
	s, _ := c.tables.LoadOrStore(t, c.d.statements(t))
	return s.(*Statements)
}

func (d Dialect) statements(t *engine.Table) *Statements {
	terms := t.Name + "_terms"
	key := " where tenant = ? and id = ?"
	s := Statements{
		Insert:  "insert into " + t.Name + " (tenant, id, version" + each(t, ", %") + ", doc) values (?, ?, ?" + each(t, ", ?") + ", ?)",
		Replace: "update " + t.Name + " set version = ?" + each(t, ", % = ?") + ", doc = ?" + key + " and version = ?",
		Delete:  "delete from " + t.Name + key + " and version = ?",
		Version: "select version from " + t.Name + key,
		LoadOne: "select " + columns(t, true) + " from " + t.Name + key,

		TermsInsert: "insert into " + terms + " (tenant, kind, value, id) values (?, ?, ?, ?) on conflict (tenant, kind, value, id) do nothing",
		TermsDelete: "delete from " + terms + " where tenant = ? and kind = ? and value = ? and id = ?",
		TermsClear:  "delete from " + terms + key,
		TermsLoad:   "select kind, value from " + terms + key,
	}
	if d == Postgres {
		s.Replace = orFail(s.Replace)
		s.Delete = orFail(s.Delete)
		s.LoadMany = "select " + columns(t, true) + " from " + t.Name + " where tenant = ? and id = any(?)"
		s.TermsInsert = "insert into " + terms + " (tenant, id, kind, value) select ?, ?, k, v from unnest(?::text[], ?::text[]) as x (k, v)" +
			" on conflict (tenant, kind, value, id) do nothing"
		s.TermsPrune = s.TermsClear + " and (kind, value) not in (select k, v from unnest(?::text[], ?::text[]) as x (k, v))"
	}
	for _, sql := range []*string{&s.Insert, &s.Replace, &s.Delete, &s.Version, &s.LoadOne, &s.LoadMany,
		&s.TermsInsert, &s.TermsPrune, &s.TermsDelete, &s.TermsClear, &s.TermsLoad} {
		*sql = d.text(*sql)
	}
	return &s
}

// orFail makes a write of exactly one row fail when it finds none.
func orFail(sql string) string {
	return "with w as (" + sql + " returning 1) select 1 / count(*) from w"
}

// each repeats a pattern for every column, % standing for its name.
func each(t *engine.Table, pattern string) string {
	var sb strings.Builder
	for _, c := range t.Columns {
		sb.WriteString(strings.ReplaceAll(pattern, "%", c.Name))
	}
	return sb.String()
}

// columns lists what a row is read from: id, version, the typed columns in
// the table's order, and the document last.
func columns(t *engine.Table, docs bool) string {
	s := "id, version" + each(t, ", %")
	if docs {
		s += ", doc"
	}
	return s
}

// InsertArgs are the parameters of Insert; doc is the document in the form
// the engine binds.
func (d Dialect) InsertArgs(tenant string, t *engine.Table, r *engine.Row, doc any) []any {
	args := make([]any, 0, len(r.Cols)+4)
	args = append(args, tenant, r.ID, r.Version)
	return append(d.values(args, t, r), doc)
}

// ReplaceArgs are the parameters of Replace.
func (d Dialect) ReplaceArgs(tenant string, t *engine.Table, r *engine.Row, want int64, doc any) []any {
	args := make([]any, 0, len(r.Cols)+5)
	args = append(args, r.Version)
	return append(d.values(args, t, r), doc, tenant, r.ID, want)
}

func (d Dialect) values(args []any, t *engine.Table, r *engine.Row) []any {
	for i, v := range r.Cols {
		if t.Columns[i].Lacks(v) {
			v = nil
		}
		args = append(args, d.Value(v))
	}
	return args
}
