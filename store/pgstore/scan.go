package pgstore

import (
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store/internal/engine"
)

// cells are the places a row is read into, made once per result.
type cells struct {
	types []engine.Column
	id    string
	ver   int64
	doc   []byte
	texts []pgtype.Text
	ints  []int64
	bools []bool
	times []pgtype.Timestamptz
	dest  []any
}

func newCells(t *engine.Table, docs bool) *cells {
	n := len(t.Columns)
	c := &cells{types: t.Columns, texts: make([]pgtype.Text, n), ints: make([]int64, n), bools: make([]bool, n),
		times: make([]pgtype.Timestamptz, n)}
	c.dest = append(make([]any, 0, n+3), &c.id, &c.ver)
	for i, col := range t.Columns {
		c.dest = append(c.dest, c.place(i, col.Type))
	}
	if docs {
		c.dest = append(c.dest, &c.doc)
	}
	return c
}

func (c *cells) place(i int, typ engine.Type) any {
	switch typ {
	case engine.Int:
		return &c.ints[i]
	case engine.Bool:
		return &c.bools[i]
	case engine.Time:
		return &c.times[i]
	}
	return &c.texts[i]
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
			r.Cols[i] = c.ints[i]
		case engine.Bool:
			r.Cols[i] = c.bools[i]
		case engine.Time:
			r.Cols[i] = instant(c.times[i])
		}
	}
	return r
}

// instant reads a time; NULL is the zero time.
func instant(v pgtype.Timestamptz) time.Time {
	if !v.Valid {
		return time.Time{}
	}
	return v.Time.UTC()
}

func readRows(br pgx.BatchResults, t *engine.Table, docs bool, into []engine.Row) ([]engine.Row, error) {
	rows, err := br.Query()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	c := newCells(t, docs)
	for rows.Next() {
		if err := rows.Scan(c.dest...); err != nil {
			return nil, err
		}
		into = append(into, c.row())
	}
	return into, rows.Err()
}

// readEvent scans the columns of an event and what follows them.
func readEvent(rows pgx.Rows, more ...any) (event.Event, error) {
	var (
		e    event.Event
		at   pgtype.Timestamptz
		data string
	)
	dest := []any{&e.ID, &e.Type, &e.Schema, &e.Subject, &e.Version, &e.Index, &at, &data}
	if err := rows.Scan(append(dest, more...)...); err != nil {
		return event.Event{}, err
	}
	e.Time, e.Data = instant(at), json.RawMessage(data)
	return e, nil
}
