package fsm_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/fsm"
)

func TestChartWithoutOpeningRows(t *testing.T) {
	def := doorDefinition()
	def.Open = nil
	table := fsm.MustNew(def)
	require.Contains(t, table.Mermaid(), "stateDiagram-v2\n    [*] --> open\n    open --> shut: shut (G,P)\n")
	require.Contains(t, table.DOT(), "\t\"[*]\" -> \"open\";\n")
}

// Long marks are told apart, shared cells name each target once, and roles
// stand in the order of the table, not of the row.
func TestMatrixCells(t *testing.T) {
	def := doorDefinition()
	def.Roles[1].Mark = ""
	def.Rows = append(def.Rows,
		dRow{From: "shut", On: "lock", To: "open", Who: []dRole{"guest"}},
		dRow{From: "open", On: "slam", To: "shut", Who: []dRole{"porter", "guest"}, Guards: []string{"has key"}},
		dRow{From: "open", On: "slam", To: "locked", Who: []dRole{"guest", "porter"}, Guards: []string{"room empty"}},
		dRow{From: "locked", On: "slam", To: "locked", Who: []dRole{"guest"}, Guards: []string{"has key"}},
		dRow{From: "locked", On: "slam", To: "locked", Who: []dRole{"guest"}, Guards: []string{"room empty"}})
	require.Equal(t, `| from \ on | shut | open | lock | unlock | wall_up | slam |
|---|---|---|---|---|---|---|
| open | shut G+porter | · | · | · | · | shut/locked G+porter |
| shut | · | open G+porter | locked porter, open G | · | · | · |
| locked | · | · | · | shut porter | walled porter | locked G |
| walled | · | · | · | · | · | · |
`, fsm.MustNew(def).Matrix())
}
