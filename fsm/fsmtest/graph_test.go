package fsmtest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/fsm/fsmtest"
)

func TestGraph(t *testing.T) {
	g := fsmtest.GraphOf(fsm.MustNew(lamp()))
	require.Equal(t, map[string]int{"off": 0, "on": 1, "broken": 1}, g.Depths("off"))
	require.Equal(t, map[string]int{"off": 0}, g.By("cat").Depths("off"))
	require.Equal(t, map[string]int{"on": 0, "broken": 1}, g.By("cat").Depths("on"))
	require.Equal(t, map[string]int{"off": 0, "broken": 1}, g.Without("on").Depths("off"))
	ways := g.Paths("off", "broken", 10)
	require.Len(t, ways, 2)
	require.Equal(t, []string{"press", "push"}, []string{ways[0][0].On, ways[0][1].On})
	require.Equal(t, "press", ways[1][0].On)
	require.Empty(t, g.Paths("broken", "on", 10))
	require.Empty(t, g.Paths("off", "off", 10), "no way leads back without visiting a state twice")
	require.Empty(t, g.Paths("off", "broken", 0))
}

func TestProduct(t *testing.T) {
	require.Equal(t, []facts{{A: true}}, fsmtest.Product(facts{A: true}))
	require.Equal(t, []facts{{}, {B: true}, {A: true}, {A: true, B: true}}, both())
	type weight struct{ KG int }
	require.Equal(t, []weight{{1}, {5}, {9}},
		fsmtest.Product(weight{}, fsmtest.Each(func(w *weight, v int) { w.KG = v }, 1, 5, 9)))
}

func TestChartsCompareFiles(t *testing.T) {
	table := fsm.MustNew(lamp())
	dir := t.TempDir()
	fsmtest.Charts(t, dir, "lamp", table, true)
	rec := &recorder{}
	fsmtest.Charts(rec, dir, "lamp", table, false)
	require.Empty(t, rec.failures)

	d := lamp()
	d.Rows[3].To = "off"
	fsmtest.Charts(rec, dir, "lamp", fsm.MustNew(d), false)
	require.Len(t, rec.failures, 3, "all three drawings are out of date")
}
