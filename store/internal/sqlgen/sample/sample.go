// Package sample makes rows of any table for the tests of the SQL engines.
package sample

import (
	"fmt"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store/internal/engine"
)

// Start is the time of row 0; row n is n seconds later.
var Start = time.Date(2026, 3, 1, 8, 0, 0, 123456000, time.UTC)

// Row makes row n of a table with the given version. Every column differs
// between rows, except that booleans alternate and every fifth time that no
// order sorts by is zero. The document has about size bytes.
func Row(t *engine.Table, n int, version int64, size int) engine.Row {
	r := engine.Row{ID: ID(n), Version: version}
	for i, c := range t.Columns {
		switch c.Type {
		case engine.Text:
			r.Cols = append(r.Cols, fmt.Sprintf("%s %06d é", c.Name, n))
		case engine.Int:
			r.Cols = append(r.Cols, int64(n*100+i))
		case engine.Bool:
			r.Cols = append(r.Cols, n%2 == 0)
		case engine.Time:
			at := Start.Add(time.Duration(n) * time.Second)
			if n%5 == 0 && c.Name == "updated_at" {
				at = time.Time{}
			}
			r.Cols = append(r.Cols, at)
		}
	}
	if t.Terms {
		r.Terms = []engine.Term{{Kind: "k", Value: fmt.Sprintf("v%d", n%7)}, {Kind: "k", Value: "all"},
			{Kind: "own", Value: r.ID}}
	}
	r.Doc = fmt.Appendf(nil, `{"n": %d, "fill": %q}`, n, strings.Repeat("x y ", size/4))
	return r
}

// ID is the id of row n.
func ID(n int) string { return fmt.Sprintf("id-%08d", n) }

// Insert makes the write that inserts row n.
func Insert(t *engine.Table, n int) engine.Write {
	return engine.Write{Op: engine.Insert, Table: t, Row: Row(t, n, 1, 100)}
}

// Emit makes the write that appends event n, of a subject of its own.
func Emit(n int) engine.Write {
	return engine.Write{Op: engine.Emit, Topic: event.Facts, Event: event.Event{ID: fmt.Sprintf("e%08d", n),
		Type: "thing.done", Schema: 1, Subject: fmt.Sprintf("thing/%d", n), Version: 1,
		Time: Start.Add(time.Duration(n) * time.Second), Data: []byte(`{"b": 1, "a": 2}`)}}
}
