package sqlgen

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/store/internal/engine"
)

var things = &engine.Table{Name: "things", Terms: true,
	Columns: []engine.Column{{Name: "code", Type: engine.Text}}}

// Values of terms are parameters however many there are, and one value keeps
// the plain comparison.
func TestTermsAreParameters(t *testing.T) {
	const evil = "x' or '1'='1"
	for _, c := range []struct {
		d      Dialect
		values []any
		where  string
		args   []any
	}{
		{SQLite, []any{evil}, "value = ?", []any{evil}},
		{SQLite, []any{evil, "b", "c"}, "value in (?, ?, ?)", []any{evil, "b", "c"}},
		{SQLite, nil, "value in ()", nil},
		{Postgres, []any{evil}, "value = $4", []any{evil}},
		{Postgres, []any{evil, "b"}, "value = any($4)", []any{[]string{evil, "b"}}},
		{Postgres, nil, "value = any($4)", []any{[]string{}}},
	} {
		q := c.d.Count("t", engine.Select{Table: things, Where: []engine.Pred{
			{Op: engine.HasTerm, Kind: "k", Values: c.values}, {Op: engine.Eq, Column: "code", Values: []any{"z"}}}}, 9)
		require.Contains(t, q.SQL, " and "+c.where+") and code = ")
		require.NotContains(t, q.SQL, "'")
		require.Equal(t, append(append([]any{"t", "t", "k"}, c.args...), "z", int64(9)), q.Args)
	}
}
