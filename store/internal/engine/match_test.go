package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/store/internal/engine"
)

var sample = &engine.Table{Name: "samples", Columns: []engine.Column{{Name: "s", Type: engine.Text},
	{Name: "n", Type: engine.Int}, {Name: "b", Type: engine.Bool}, {Name: "t", Type: engine.Time},
	{Name: "e", Type: engine.Text, Sparse: true}}}

func at(sec int64) time.Time { return time.Unix(sec, 0).UTC() }

func TestMatch(t *testing.T) {
	row := engine.Row{ID: "1", Cols: []any{"abc", int64(-5), true, at(10), "erp"},
		Terms: []engine.Term{{Kind: "k", Value: "word"}, {Kind: "other", Value: "x"}}}
	noTime := engine.Row{ID: "2", Cols: []any{"", int64(0), false, time.Time{}, ""}}
	p := func(op engine.PredOp, col string, vs ...any) engine.Pred {
		return engine.Pred{Op: op, Column: col, Values: vs}
	}
	term := func(op engine.PredOp, kind string, vs ...any) engine.Pred {
		return engine.Pred{Op: op, Kind: kind, Values: vs}
	}
	for i, c := range []struct {
		row  engine.Row
		want bool
		all  []engine.Pred
	}{
		{row, true, nil},
		{row, true, []engine.Pred{p(engine.Eq, "s", "abc"), p(engine.Eq, "n", int64(-5)), p(engine.Eq, "b", true), p(engine.Eq, "t", at(10))}},
		{row, false, []engine.Pred{p(engine.Eq, "s", "abc"), p(engine.Eq, "b", false)}},
		{row, false, []engine.Pred{p(engine.Eq, "s", "ABC")}},
		{row, true, []engine.Pred{p(engine.In, "n", int64(1), int64(-5))}},
		{row, false, []engine.Pred{p(engine.In, "n")}},
		{row, true, []engine.Pred{p(engine.Prefix, "s", "ab")}},
		{row, true, []engine.Pred{p(engine.Prefix, "s", "")}},
		{row, false, []engine.Pred{p(engine.Prefix, "s", "b")}},
		{row, true, []engine.Pred{p(engine.AtLeast, "t", at(10)), p(engine.Below, "t", at(11))}},
		{row, false, []engine.Pred{p(engine.AtLeast, "t", at(11))}},
		{row, false, []engine.Pred{p(engine.Below, "t", at(10))}},
		{row, true, []engine.Pred{p(engine.Below, "n", int64(0)), p(engine.AtLeast, "s", "abc"), p(engine.AtLeast, "b", false)}},
		{row, true, []engine.Pred{term(engine.HasTerm, "k", "word"), term(engine.TermPrefix, "k", "wo")}},
		{row, false, []engine.Pred{term(engine.HasTerm, "k", "wo")}},
		{row, false, []engine.Pred{term(engine.HasTerm, "k", "x")}},
		{row, true, []engine.Pred{term(engine.HasTerm, "k", "x", "word")}},
		{row, false, []engine.Pred{term(engine.HasTerm, "k", "x", "wor")}},
		{row, false, []engine.Pred{term(engine.HasTerm, "k")}},
		{row, false, []engine.Pred{term(engine.TermPrefix, "k", "x")}},
		{row, true, []engine.Pred{{Op: engine.TermPrefix, Kind: "none", Also: []string{"other", "k"}, Values: []any{"wo"}}}},
		{row, false, []engine.Pred{{Op: engine.TermPrefix, Kind: "none", Also: []string{"other"}, Values: []any{"wo"}}}},
		// A sparse text is NULL when it is empty.
		{row, true, []engine.Pred{p(engine.Eq, "e", "erp")}},
		{noTime, false, []engine.Pred{p(engine.Eq, "e", "")}},
		{noTime, false, []engine.Pred{p(engine.Below, "e", "z")}},
		{noTime, true, []engine.Pred{p(engine.Eq, "s", "")}},
		// The zero time is NULL on either side.
		{noTime, false, []engine.Pred{p(engine.Eq, "t", time.Time{})}},
		{noTime, false, []engine.Pred{p(engine.Below, "t", at(99))}},
		{row, false, []engine.Pred{p(engine.AtLeast, "t", time.Time{})}},
		{row, true, []engine.Pred{p(engine.In, "t", time.Time{}, at(10))}},
	} {
		require.Equal(t, c.want, engine.Match(sample, c.row, c.all), "case %d", i)
	}
	require.Panics(t, func() { engine.Match(sample, row, []engine.Pred{p(engine.Eq, "none", 1)}) })
}

func TestOrderAndPlace(t *testing.T) {
	row := func(id, s string, n int64) engine.Row {
		return engine.Row{ID: id, Cols: []any{s, n, false, at(0)}, Doc: []byte(id), Terms: []engine.Term{{Kind: "k"}}}
	}
	rows := []engine.Row{row("2", "b", 1), row("1", "b", 1), row("3", "a", 9), row("4", "B", 1), row("5", "b", 0)}
	ids := func(s engine.Select) (got string) {
		s.Table = sample
		for _, r := range engine.Evaluate(rows, s) {
			got += r.ID
			require.Nil(t, r.Terms)
			require.Equal(t, s.Docs, r.Doc != nil)
		}
		return got
	}
	up := engine.Sort{Columns: []string{"s", "n"}}
	down := engine.Sort{Columns: []string{"s", "n"}, Desc: true}
	require.Equal(t, "43512", ids(engine.Select{Sort: up}), "text by bytes, the id last")
	require.Equal(t, "21534", ids(engine.Select{Sort: down, Docs: true}), "the id goes the same way")
	require.Equal(t, "12345", ids(engine.Select{}))
	require.Equal(t, "51", ids(engine.Select{Sort: up, After: []any{"a", int64(9), "3"}, Limit: 2}))
	require.Equal(t, "2", ids(engine.Select{Sort: up, After: []any{"b", int64(1), "1"}}))
	require.Equal(t, "34", ids(engine.Select{Sort: down, After: []any{"a~", int64(0), ""}}), "the place need not exist")
	require.Negative(t, engine.Compare(sample, up, rows[1], rows[0]))
	require.Zero(t, engine.Compare(sample, up, rows[0], rows[0]))
}
