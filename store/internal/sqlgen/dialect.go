package sqlgen

import (
	"strconv"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/store/internal/engine"
)

// Dialect is a way of writing SQL.
type Dialect uint8

// The dialects.
const (
	Postgres Dialect = iota + 1
	SQLite
)

// builder writes one statement and gathers its parameters in the order of
// their places.
type builder struct {
	d    Dialect
	sb   strings.Builder
	args []any
}

// put writes SQL; every ? in it takes the next value.
func (b *builder) put(sql string, values ...any) {
	for {
		head, tail, found := strings.Cut(sql, "?")
		b.sb.WriteString(head)
		if !found {
			return
		}
		b.place()
		b.args = append(b.args, b.d.Value(values[0]))
		sql, values = tail, values[1:]
	}
}

func (b *builder) place() {
	if b.d == SQLite {
		b.sb.WriteByte('?')
		return
	}
	b.sb.WriteByte('$')
	b.sb.WriteString(strconv.Itoa(len(b.args) + 1))
}

// Value brings a column's value to what the dialect binds: SQLite has neither
// times (microseconds since 1970 instead) nor booleans (0 and 1); the zero
// time is NULL in both.
func (d Dialect) Value(v any) any {
	switch v := v.(type) {
	case time.Time:
		if v.IsZero() {
			return nil
		}
		return d.Instant(v)
	case bool:
		if d == SQLite {
			if v {
				return int64(1)
			}
			return int64(0)
		}
	}
	return v
}

// Instant binds a time that is never NULL, the zero time included.
func (d Dialect) Instant(t time.Time) any {
	if d == SQLite {
		return t.UnixMicro()
	}
	return t
}

// text fills in the places of a statement without parameters of its own: the
// n-th ? becomes the n-th parameter.
func (d Dialect) text(sql string) string {
	if d == SQLite {
		return sql
	}
	b := builder{d: d}
	for range strings.Count(sql, "?") {
		head, tail, _ := strings.Cut(sql, "?")
		b.sb.WriteString(head)
		b.place()
		b.args = append(b.args, nil)
		sql = tail
	}
	return b.sb.String() + sql
}

// list is a typed slice of a column's values, as PostgreSQL's arrays need it.
func list(typ engine.Type, values []any) any {
	switch typ {
	case engine.Int:
		return typed[int64](values)
	case engine.Bool:
		return typed[bool](values)
	case engine.Time:
		return typed[time.Time](values)
	}
	return typed[string](values)
}

func typed[T any](values []any) []T {
	out := make([]T, len(values))
	for i, v := range values {
		out[i] = v.(T)
	}
	return out
}
