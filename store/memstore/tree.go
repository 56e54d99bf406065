package memstore

import (
	"encoding/binary"
	"slices"
	"strings"
	"time"

	"github.com/tidwall/btree"

	"github.com/comptoir-go/comptoir/store/internal/engine"
)

// tree is a copy-on-write map in key order. An open tree shares its nodes with
// the one it was opened from until it is first edited.
type tree[V any] struct {
	m     *btree.Map[string, V]
	owned bool
}

func newTree[V any]() tree[V] { return tree[V]{m: new(btree.Map[string, V])} }

// open returns the tree for another transaction. Only the tenant's writer
// edits what it opened, so published trees never change.
func (t tree[V]) open() tree[V] { return tree[V]{m: t.m} }

func (t *tree[V]) edit() *btree.Map[string, V] {
	if !t.owned {
		t.m, t.owned = t.m.Copy(), true
	}
	return t.m
}

// data is all rows of a tenant.
type data struct {
	tables   []tableData
	keys     tree[keyRow]
	counters tree[int64]
}

// tableData is one table: its rows by id, and per index the rows by key.
type tableData struct {
	rows   tree[*engine.Row]
	unique []tree[*engine.Row]
	sorts  []tree[*engine.Row]
}

// open makes an editable view for one transaction.
func (d *data) open() *data {
	o := &data{tables: make([]tableData, len(d.tables)), keys: d.keys.open(), counters: d.counters.open()}
	for i, t := range d.tables {
		o.tables[i] = tableData{rows: t.rows.open(), unique: openAll(t.unique), sorts: openAll(t.sorts)}
	}
	return o
}

func openAll(ts []tree[*engine.Row]) []tree[*engine.Row] {
	out := make([]tree[*engine.Row], len(ts))
	for i, t := range ts {
		out[i] = t.open()
	}
	return out
}

// shape is where a table stands in data, and its indexes as column positions.
type shape struct {
	at     int
	table  *engine.Table
	unique [][]int
	sorts  [][]int
}

type shapes map[*engine.Table]*shape

func shapesOf(tables []*engine.Table) shapes {
	all := make(shapes, len(tables))
	for i, t := range tables {
		s := &shape{at: i, table: t}
		for _, cols := range t.Unique {
			s.unique = append(s.unique, positions(t, cols))
		}
		for _, by := range t.Sorts {
			if s.sort(by) < 0 {
				s.sorts = append(s.sorts, positions(t, by.Columns))
			}
		}
		all[t] = s
	}
	return all
}

// lacks reports whether a row has no value in one of the columns: a unique
// index does not hold it then.
func (s *shape) lacks(row *engine.Row, cols []int) bool {
	return slices.ContainsFunc(cols, func(c int) bool { return s.table.Columns[c].Lacks(row.Cols[c]) })
}

func positions(t *engine.Table, cols []string) []int {
	out := make([]int, len(cols))
	for i, c := range cols {
		out[i] = t.Col(c)
	}
	return out
}

// sort returns the index that serves a sort in either direction, -1 if none.
func (s *shape) sort(by engine.Sort) int {
	want := positions(s.table, by.Columns)
	return slices.IndexFunc(s.sorts, func(have []int) bool { return slices.Equal(have, want) })
}

func (all shapes) empty() *data {
	d := &data{tables: make([]tableData, len(all)), keys: newTree[keyRow](), counters: newTree[int64]()}
	for _, s := range all {
		t := &d.tables[s.at]
		t.rows = newTree[*engine.Row]()
		for range s.unique {
			t.unique = append(t.unique, newTree[*engine.Row]())
		}
		for range s.sorts {
			t.sorts = append(t.sorts, newTree[*engine.Row]())
		}
	}
	return d
}

// rowKey encodes columns so that byte order is column order.
func rowKey(r *engine.Row, cols []int) string {
	var b strings.Builder
	for _, c := range cols {
		writeKey(&b, r.Cols[c])
	}
	return b.String()
}

// writeKey appends one value; stored text has no NUL, which ends it.
func writeKey(b *strings.Builder, v any) {
	switch v := v.(type) {
	case string:
		b.WriteString(v)
		b.WriteByte(0)
	case int64:
		writeInt(b, v)
	case bool:
		if v {
			b.WriteByte(1)
		} else {
			b.WriteByte(0)
		}
	case time.Time:
		writeInt(b, v.UnixMicro())
	default:
		panic("memstore: a value of no column type")
	}
}

func writeInt(b *strings.Builder, v int64) {
	var raw [8]byte
	binary.BigEndian.PutUint64(raw[:], uint64(v)^1<<63)
	b.Write(raw[:])
}
