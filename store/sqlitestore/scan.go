package sqlitestore

import (
	"database/sql"
	"encoding/json"
	"time"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store/internal/engine"
)

// cells are the places a row is read into, made once per result.
type cells struct {
	types []engine.Column
	id    string
	ver   int64
	doc   []byte
	texts []sql.NullString
	ints  []sql.NullInt64
	dest  []any
}

func newCells(t *engine.Table, docs bool) *cells {
	n := len(t.Columns)
	c := &cells{types: t.Columns, texts: make([]sql.NullString, n), ints: make([]sql.NullInt64, n)}
	c.dest = append(make([]any, 0, n+3), &c.id, &c.ver)
	for i, col := range t.Columns {
		if col.Type == engine.Text {
			c.dest = append(c.dest, &c.texts[i])
		} else {
			c.dest = append(c.dest, &c.ints[i])
		}
	}
	if docs {
		c.dest = append(c.dest, &c.doc)
	}
	return c
}

// row takes the row that was scanned last.
func (c *cells) row() engine.Row {
	r := engine.Row{ID: c.id, Version: c.ver, Cols: make([]any, len(c.types)), Doc: c.doc}
	c.doc = nil
	for i, col := range c.types {
		switch col.Type {
		case engine.Text:
			r.Cols[i] = c.texts[i].String // NULL is the empty text
		case engine.Int:
			r.Cols[i] = c.ints[i].Int64
		case engine.Bool:
			r.Cols[i] = c.ints[i].Int64 != 0
		case engine.Time:
			r.Cols[i] = instant(c.ints[i])
		}
	}
	return r
}

// instant reads a time; NULL is the zero time.
func instant(v sql.NullInt64) time.Time {
	if !v.Valid {
		return time.Time{}
	}
	return time.UnixMicro(v.Int64).UTC()
}

func readRows(rows *sql.Rows, t *engine.Table, docs bool, into []engine.Row) ([]engine.Row, error) {
	defer func() { _ = rows.Close() }()
	c := newCells(t, docs)
	for rows.Next() {
		if err := rows.Scan(c.dest...); err != nil {
			return nil, wrap(err)
		}
		into = append(into, c.row())
	}
	return into, wrap(rows.Err())
}

// readEvent scans the columns of an event and what follows them.
func readEvent(rows *sql.Rows, more ...any) (event.Event, error) {
	var (
		e  event.Event
		at int64
		d  []byte
	)
	dest := []any{&e.ID, &e.Type, &e.Schema, &e.Subject, &e.Version, &e.Index, &at, &d}
	if err := rows.Scan(append(dest, more...)...); err != nil {
		return event.Event{}, wrap(err)
	}
	e.Time, e.Data = time.UnixMicro(at).UTC(), json.RawMessage(d)
	return e, nil
}
