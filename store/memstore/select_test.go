package memstore

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/uow"
)

// things is a table with every column type and few distinct values, so that
// random selects hit and collide.
var things = &engine.Table{
	Name: "things", Kind: "thing",
	Columns: []engine.Column{{Name: "code", Type: engine.Text}, {Name: "n", Type: engine.Int},
		{Name: "on", Type: engine.Bool}, {Name: "at", Type: engine.Time}, {Name: "word", Type: engine.Text}},
	Unique: [][]string{{"code"}, {"n", "word"}},
	Sorts: []engine.Sort{{Columns: []string{"code"}}, {Columns: []string{"n"}, Desc: true}, {Columns: []string{"n"}},
		{Columns: []string{"on", "word"}}},
	Terms:    true,
	NotFound: fault.Define(fault.NotFound, "thing.not_found", "no such thing"),
	Exists:   fault.Define(fault.Exists, "thing.exists", "there is one"),
}

func newDriver() *driver {
	return &driver{shapes: shapesOf([]*engine.Table{things}), now: clock.Or(nil), wait: time.Second,
		tenants: make(map[string]*tenant)}
}

func begin(t *testing.T, d *driver, write bool) *raw {
	t.Helper()
	r, err := d.Begin(t.Context(), "t", write)
	require.NoError(t, err)
	return r.(*raw)
}

var someWords = []string{"", "a", "ab", "abc", "b", "ä", "z\x01"}

func randomRow(rng *rand.Rand, id string, version int64) engine.Row {
	at := time.UnixMicro(rng.Int64N(4)).UTC()
	if rng.IntN(4) == 0 {
		at = time.Time{}
	}
	r := engine.Row{ID: id, Version: version, Doc: []byte(id),
		Cols: []any{fmt.Sprintf("c%d", rng.IntN(60)), rng.Int64N(7) - 3, rng.IntN(2) == 0, at, someWords[rng.IntN(len(someWords))]}}
	for range rng.IntN(3) {
		r.Terms = append(r.Terms, engine.Term{Kind: "k", Value: someWords[rng.IntN(len(someWords))]})
	}
	return r
}

func randomPred(rng *rand.Rand) engine.Pred {
	like := randomRow(rng, "x", 1)
	col := rng.IntN(len(things.Columns))
	p := engine.Pred{Op: engine.PredOp(1 + rng.IntN(7)), Column: things.Columns[col].Name, Values: []any{like.Cols[col]}}
	switch p.Op {
	case engine.In:
		for range rng.IntN(4) {
			p.Values = append(p.Values, randomRow(rng, "x", 1).Cols[col])
		}
	case engine.Prefix:
		p.Column, p.Values = "word", []any{like.Cols[4]}
	case engine.HasTerm, engine.TermPrefix:
		p.Column, p.Kind, p.Values = "", "k", []any{like.Cols[4]}
		for p.Op == engine.HasTerm && rng.IntN(2) == 0 {
			p.Values = append(p.Values, someWords[rng.IntN(len(someWords))])
		}
	}
	return p
}

func randomSelect(rng *rand.Rand, rows []engine.Row) engine.Select {
	s := engine.Select{Table: things, Limit: rng.IntN(6), Docs: rng.IntN(2) == 0}
	sorts := append(slices.Clone(things.Sorts), engine.Sort{Columns: []string{"word", "n"}, Desc: true}, engine.Sort{})
	s.Sort = sorts[rng.IntN(len(sorts))]
	for range rng.IntN(4) {
		s.Where = append(s.Where, randomPred(rng))
	}
	if rng.IntN(2) == 0 {
		r := randomRow(rng, fmt.Sprint(rng.IntN(30)), 1)
		if len(rows) > 0 && rng.IntN(2) == 0 {
			r = rows[rng.IntN(len(rows))]
		}
		for _, c := range s.Sort.Columns {
			s.After = append(s.After, r.Cols[things.Col(c)])
		}
		s.After = append(s.After, r.ID)
	}
	return s
}

// TestRandomWritesAndSelects drives trees and indexes with random writes, some
// rolled back, and compares all that can be read with a plain map.
func TestRandomWritesAndSelects(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	d, model := newDriver(), map[string]engine.Row{}
	for round := range 400 {
		old := begin(t, d, false)
		before := selectAll(t, old)
		r := begin(t, d, true)
		next := map[string]engine.Row{}
		for k, v := range model {
			next[k] = v
		}
		failed := false
		for range 1 + rng.IntN(6) {
			w := randomWrite(rng, next)
			want := apply(next, w)
			err := r.Apply(t.Context(), []engine.Write{w})
			require.Equal(t, fault.CodeOf(want), fault.CodeOf(err))
			if failed = err != nil; failed {
				break
			}
		}
		for range 8 {
			s := randomSelect(rng, before)
			checkSelect(t, r, next, s, failed)
		}
		if failed || rng.IntN(4) == 0 {
			r.Rollback()
		} else {
			require.NoError(t, r.Commit(t.Context(), nil))
			model = next
		}
		require.Equal(t, before, selectAll(t, old), "a snapshot changed in round %d", round)
		old.Rollback()
	}
	require.NotEmpty(t, model)
}

func randomWrite(rng *rand.Rand, rows map[string]engine.Row) engine.Write {
	id := fmt.Sprint(rng.IntN(30))
	w := engine.Write{Op: engine.Op(1 + rng.IntN(3)), Table: things, Want: rows[id].Version, Row: randomRow(rng, id, rows[id].Version+1)}
	if rng.IntN(20) == 0 {
		w.Want++
	}
	if _, found := rows[id]; !found && rng.IntN(5) > 0 {
		w.Op = engine.Insert
	} else if found && w.Op == engine.Insert && rng.IntN(5) > 0 {
		w.Op = engine.Replace
	}
	return w
}

// apply is what a write means.
func apply(rows map[string]engine.Row, w engine.Write) error {
	old, found := rows[w.Row.ID]
	if w.Op == engine.Insert && found {
		return things.Exists
	}
	if w.Op != engine.Insert && (!found || old.Version != w.Want) {
		return uow.Conflict("thing", w.Row.ID, w.Want, old.Version)
	}
	if w.Op == engine.Delete {
		delete(rows, w.Row.ID)
		return nil
	}
	for id, r := range rows {
		if id != w.Row.ID && (r.Cols[0] == w.Row.Cols[0] || r.Cols[1] == w.Row.Cols[1] && r.Cols[4] == w.Row.Cols[4]) {
			return things.Exists
		}
	}
	rows[w.Row.ID] = w.Row
	return nil
}

func checkSelect(t *testing.T, r *raw, model map[string]engine.Row, s engine.Select, failed bool) {
	t.Helper()
	if failed {
		return
	}
	var all []engine.Row
	for _, row := range model {
		all = append(all, row)
	}
	got, err := r.Find(t.Context(), s)
	require.NoError(t, err)
	require.Equal(t, engine.Evaluate(all, s), orNil(got), "%+v", s)

	matches := len(engine.Evaluate(all, engine.Select{Table: things, Where: s.Where}))
	n, err := r.Count(t.Context(), s, 3)
	require.NoError(t, err)
	require.Equal(t, min(matches, 3), n)
}

func orNil(rows []engine.Row) []engine.Row {
	if len(rows) == 0 {
		return nil
	}
	return rows
}

func selectAll(t *testing.T, r *raw) []engine.Row {
	t.Helper()
	rows, err := r.Find(t.Context(), engine.Select{Table: things, Sort: things.Sorts[0], Docs: true})
	require.NoError(t, err)
	return rows
}

func TestKeysAndCounters(t *testing.T) {
	d := newDriver()
	r := begin(t, d, true)
	row, err := r.Reserve(t.Context(), "s", "k", []byte("in"))
	require.NoError(t, err)
	require.Nil(t, row)
	for want := range int64(3) {
		n, err := r.Next(t.Context(), "invoices")
		require.NoError(t, err)
		require.Equal(t, want+1, n)
	}
	require.NoError(t, r.Commit(t.Context(), []engine.Write{{Op: engine.Fulfil, Scope: "s", Key: "k", Result: []byte("out")}}))

	r = begin(t, d, true)
	row, err = r.Reserve(t.Context(), "s", "k", []byte("other"))
	require.NoError(t, err)
	require.Equal(t, &engine.KeyRow{Input: []byte("in"), Result: []byte("out")}, row)
	n, err := r.Next(t.Context(), "invoices")
	require.NoError(t, err)
	require.EqualValues(t, 4, n)
	r.Rollback()
	r = begin(t, d, true)
	n, err = r.Next(t.Context(), "invoices")
	require.NoError(t, err)
	require.EqualValues(t, 4, n, "a number rolled back is taken again")
	r.Rollback()
}

func TestEventIDsAreTakenOnce(t *testing.T) {
	d := newDriver()
	emit := func(topic event.Topic, id string) engine.Write {
		return engine.Write{Op: engine.Emit, Topic: topic, Event: event.Event{ID: id, Subject: "s"}}
	}
	r := begin(t, d, true)
	require.NoError(t, r.Apply(t.Context(), []engine.Write{emit("a", "1")}))
	require.ErrorIs(t, r.Apply(t.Context(), []engine.Write{emit("a", "1")}), event.ErrExists)
	r.Rollback()
	r = begin(t, d, true)
	require.NoError(t, r.Commit(t.Context(), []engine.Write{emit("a", "1"), emit("b", "1")}))
	r = begin(t, d, true)
	require.ErrorIs(t, r.Commit(t.Context(), []engine.Write{emit("a", "1")}), event.ErrExists)
}

func TestCommitMindsTheContext(t *testing.T) {
	d := newDriver()
	r := begin(t, d, true)
	_, err := r.Next(t.Context(), "n")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, r.Commit(ctx, nil), context.Canceled)
	names, err := d.Tenants(t.Context())
	require.NoError(t, err)
	require.Empty(t, names)
	begin(t, d, true).Rollback() // the writer's place is free
}
