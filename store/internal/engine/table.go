package engine

import (
	"slices"

	"github.com/comptoir-go/comptoir/fault"
)

// Type is a column's type.
type Type uint8

// The column types, the same on every engine.
const (
	Text Type = iota + 1 // binary collation
	Int
	Bool
	Time // microseconds; the zero time is NULL
)

// Column is one typed column besides tenant, id, version and doc.
type Column struct {
	Name string
	Type Type
	// Path is where a document has the value when that is not under Name.
	Path string
	// Sparse texts are NULL when they are empty: many rows may lack the value
	// that is unique among those that have it, and no predicate finds "". No
	// sort goes by a sparse column.
	Sparse bool
}

// Table is how one kind of aggregate is stored. Tables are values made once
// and never changed.
type Table struct {
	// Name is the SQL name; the side table is Name + "_terms".
	Name string
	// Kind names the aggregate in refs and conflicts.
	Kind    string
	Columns []Column
	// Unique lists sets of column names that are unique within a tenant.
	Unique [][]string
	// Sorts are the declared orders; each has its index (tenant, columns, id).
	Sorts []Sort
	// Indexes lists further column sets that filters need; each is an index
	// (tenant, columns, id) beside those of Unique and Sorts.
	Indexes [][]string
	// Terms says that rows have search terms.
	Terms bool
	// NotFound and Exists are the domain's errors.
	NotFound, Exists *fault.Error
}

// Col returns the index of a column by name; it panics on a wrong name, which
// is a mistake in a mapping.
func (t *Table) Col(name string) int {
	for i, c := range t.Columns {
		if c.Name == name {
			return i
		}
	}
	panic("engine: table " + t.Name + " has no column " + name)
}

// long reports the texts of a row that stand in an index and are longer than
// any index can hold.
func (t *Table) long(r *Row) error {
	texts := []named{{"id", r.ID}}
	for i, c := range t.Columns {
		if c.Type == Text && t.indexed(c.Name) {
			path := c.Path
			if path == "" {
				path = c.Name
			}
			texts = append(texts, named{path, r.Cols[i].(string)})
		}
	}
	for _, x := range r.Terms {
		texts = append(texts, named{x.Kind, x.Value})
	}
	return checkLengths(texts...)
}

func (t *Table) indexed(column string) bool {
	has := func(set []string) bool { return slices.Contains(set, column) }
	return slices.ContainsFunc(t.Unique, has) || slices.ContainsFunc(t.Indexes, has) ||
		slices.ContainsFunc(t.Sorts, func(s Sort) bool { return has(s.Columns) })
}

// Sort is an order of rows; the id, in the same direction as the last column,
// always ends it.
type Sort struct {
	Columns []string
	Desc    bool
}

// Select is a conjunction of predicates with a keyset order.
type Select struct {
	Table *Table
	Where []Pred
	Sort  Sort
	// After holds the values of Sort.Columns and the id of the last row of
	// the page before; nil starts at the beginning.
	After []any
	Limit int
	// Docs asks for whole rows.
	Docs bool
}

// PredOp is a comparison.
type PredOp uint8

// The comparisons. Text compares by bytes.
const (
	Eq         PredOp = iota + 1 // column = Values[0]
	In                           // column is one of Values
	Prefix                       // text column starts with Values[0]
	AtLeast                      // column >= Values[0]
	Below                        // column < Values[0]
	HasTerm                      // the row has the term (Kind, v) for one of Values
	TermPrefix                   // the row has a term of Kind starting with Values[0]
)

// Pred is one predicate over a column, or over the terms of a Kind.
type Pred struct {
	Op     PredOp
	Column string
	Kind   string
	// Also are further kinds in which the term may be.
	Also   []string `json:",omitempty"`
	Values []any
}
