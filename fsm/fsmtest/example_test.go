package fsmtest_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/fsm/fsmtest"
)

// gate opens for a guard with a badge and closes for anyone.
func gate() *fsm.Table[string, string, string, bool] {
	return fsm.MustNew(fsm.Definition[string, string, string, bool]{
		Name: "gate", States: []string{"closed", "open"}, Initial: "closed",
		Roles: []fsm.Role[string]{{Name: "guard", Mark: "G"}, {Name: "visitor", Mark: "V"}},
		Guards: []fsm.Guard[bool]{{Name: "badge shown", Doc: "A valid badge was read.", Check: func(badge bool) []fsm.Problem {
			if badge {
				return nil
			}
			return []fsm.Problem{{Path: "badge", Code: "badge.missing", Message: "show a badge"}}
		}}},
		Rows: []fsm.Row[string, string, string]{
			{From: "closed", On: "open", To: "open", Who: []string{"guard"}, Guards: []string{"badge shown"}, Emits: []string{"gate.opened"}, Doc: "Somebody comes in."},
			{From: "open", On: "close", To: "closed", Who: []string{"guard", "visitor"}},
		},
	})
}

// In a test, pass its t; the figures hold the size of the table.
func ExampleExhaust() {
	var t testing.TB // given by the test
	figures := fsmtest.Exhaust(quiet{t}, gate(), fsmtest.Spec[string, bool]{Facts: []bool{false, true}})
	fmt.Println(figures.LegalPairs, "of", figures.Pairs, "pairs,", figures.LegalTriples, "of", figures.Triples, "triples")
	// Output: 2 of 4 pairs, 3 of 8 triples
}

// quiet stands in for a test outside of one.
type quiet struct{ testing.TB }

func (quiet) Helper()                           {}
func (quiet) Errorf(format string, args ...any) { fmt.Printf(format+"\n", args...) }

func ExampleProduct() {
	type facts struct {
		Paid  bool
		Parts int
	}
	for _, f := range fsmtest.Product(facts{},
		fsmtest.Bool(func(f *facts, v bool) { f.Paid = v }),
		fsmtest.Each(func(f *facts, v int) { f.Parts = v }, 0, 2),
	) {
		fmt.Printf("%+v\n", f)
	}
	// Output:
	// {Paid:false Parts:0}
	// {Paid:false Parts:2}
	// {Paid:true Parts:0}
	// {Paid:true Parts:2}
}

func ExampleGraphOf() {
	alone := fsmtest.GraphOf(gate()).By("visitor")
	fmt.Println(slices.Sorted(maps.Keys(alone.Depths("closed"))), slices.Sorted(maps.Keys(alone.Depths("open"))))
	// Output: [closed] [closed open]
}

func ExamplePage() {
	fmt.Print(fsmtest.Page(gate()))
	// Output:
	// # gate
	//
	// ```mermaid
	// stateDiagram-v2
	//     [*] --> closed
	//     closed --> open: open [badge shown] (G)
	//     open --> closed: close (G,V)
	// ```
	//
	// | from \ on | open | close |
	// |---|---|---|
	// | closed | open G | · |
	// | open | · | closed GV |
	//
	// Roles: G guard, V visitor.
	//
	// | guard | asks |
	// |---|---|
	// | badge shown | A valid badge was read. |
	//
	// | from | on | to | events | meaning |
	// |---|---|---|---|---|
	// | closed | open | open | gate.opened | Somebody comes in. |
	// | open | close | closed |  |  |
}
