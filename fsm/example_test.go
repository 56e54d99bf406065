package fsm_test

import (
	"errors"
	"fmt"

	"github.com/comptoir-go/comptoir/fsm"
)

// A parcel is packed, handed over and delivered.
type (
	parcelState   string
	parcelTrigger string
	parcelRole    string
	parcel        struct{ Weighed, Labelled bool }
)

var parcelDefinition = fsm.Definition[parcelState, parcelTrigger, parcelRole, *parcel]{
	Name:    "parcel",
	States:  []parcelState{"packed", "in_transit", "delivered"},
	Initial: "packed",
	Final:   []parcelState{"delivered"},
	Roles:   []fsm.Role[parcelRole]{{Name: "warehouse", Mark: "W"}, {Name: "carrier", Mark: "C"}},
	Guards: []fsm.Guard[*parcel]{{
		Name: "ready to ship",
		Doc:  "The parcel is weighed and carries a label.",
		Check: func(p *parcel) (why []fsm.Problem) {
			if !p.Weighed {
				why = append(why, fsm.Problem{Path: "weight", Code: "weight.missing", Message: "weigh it"})
			}
			if !p.Labelled {
				why = append(why, fsm.Problem{Path: "label", Code: "label.missing", Message: "print a label"})
			}
			return why
		},
	}},
	Open: []fsm.Row[parcelState, parcelTrigger, parcelRole]{
		{On: "pack", To: "packed", Who: []parcelRole{"warehouse"}, Emits: []string{"parcel.packed"}},
	},
	Rows: []fsm.Row[parcelState, parcelTrigger, parcelRole]{
		{From: "packed", On: "ship", To: "in_transit", Who: []parcelRole{"warehouse", "carrier"},
			Guards: []string{"ready to ship"}, Emits: []string{"parcel.shipped"}},
		{From: "in_transit", On: "deliver", To: "delivered", Who: []parcelRole{"carrier"}, Emits: []string{"parcel.delivered"}},
	},
}

func ExampleNew() {
	broken := parcelDefinition
	broken.Final = nil
	_, err := fsm.New(broken)
	fmt.Println(err)
	// Output: fsm.definition: the life cycle has mistakes: states[2]: no row leaves "delivered", and it is not final (state.dead_end)
}

func ExampleMustNew() {
	table := fsm.MustNew(parcelDefinition)
	fmt.Println(table.Initial(), table.Triggers(), table.Final())
	// Output: packed [ship deliver] [delivered]
}

func ExampleTable_Next() {
	table := fsm.MustNew(parcelDefinition)
	step, err := table.Next("packed", "ship", []parcelRole{"warehouse"}, &parcel{Weighed: true, Labelled: true})
	fmt.Println(step.To, table.Emits(step), err)

	_, err = table.Next("packed", "ship", []parcelRole{"warehouse"}, &parcel{})
	var guard *fsm.GuardError
	if errors.As(err, &guard) {
		for _, p := range guard.Problems {
			fmt.Println(p.Code)
		}
	}
	// Output:
	// in_transit [parcel.shipped] <nil>
	// label.missing
	// weight.missing
}

func ExampleTable_Open() {
	step, err := fsm.MustNew(parcelDefinition).Open("pack", []parcelRole{"warehouse"}, &parcel{})
	fmt.Println(step.To, err)
	// Output: packed <nil>
}

func ExampleTable_Allowed() {
	table := fsm.MustNew(parcelDefinition)
	for _, o := range table.Allowed("packed", []parcelRole{"carrier"}, &parcel{Weighed: true}) {
		fmt.Println(o.On, o.Ready, o.Why)
	}
	// Output: ship false [label: print a label (label.missing)]
}

// A shop lets customers fetch their parcels, and asks drivers for a scan.
func ExampleTable_Extend() {
	table, err := fsm.MustNew(parcelDefinition).Extend(fsm.Extension[parcelState, parcelTrigger, parcelRole, *parcel]{
		Roles: []fsm.Role[parcelRole]{{Name: "customer", Mark: "K"}},
		Rows: []fsm.Row[parcelState, parcelTrigger, parcelRole]{
			{From: "packed", On: "fetch", To: "delivered", Who: []parcelRole{"customer"}},
		},
		Amend: []fsm.Amendment[parcelState, parcelTrigger, parcelRole]{
			{From: "in_transit", On: "deliver", Emits: []string{"parcel.scanned"}},
		},
	})
	fmt.Print(table.Matrix(), err)
	// Output:
	// | from \ on | ship | deliver | fetch |
	// |---|---|---|---|
	// | packed | in_transit WC | · | delivered K |
	// | in_transit | · | delivered C | · |
	// | delivered | · | · | · |
	// <nil>
}

func ExampleTable_Mermaid() {
	fmt.Print(fsm.MustNew(parcelDefinition).Mermaid())
	// Output:
	// stateDiagram-v2
	//     [*] --> packed: pack (W)
	//     packed --> in_transit: ship [ready to ship] (W,C)
	//     in_transit --> delivered: deliver (C)
	//     delivered --> [*]
}

func ExampleTable_DOT() {
	fmt.Print(fsm.MustNew(parcelDefinition).DOT())
	// Output:
	// digraph "parcel" {
	// 	rankdir=LR;
	// 	node [shape=box, style=rounded];
	// 	"[*]" [shape=point];
	// 	"packed";
	// 	"in_transit";
	// 	"delivered" [peripheries=2];
	// 	"[*]" -> "packed" [label="pack (W)"];
	// 	"packed" -> "in_transit" [label="ship [ready to ship] (W,C)"];
	// 	"in_transit" -> "delivered" [label="deliver (C)"];
	// }
}

func ExampleTable_Matrix() {
	fmt.Print(fsm.MustNew(parcelDefinition).Matrix())
	// Output:
	// | from \ on | ship | deliver |
	// |---|---|---|
	// | packed | in_transit WC | · |
	// | in_transit | · | delivered C |
	// | delivered | · | · |
}
