package fault_test

import (
	"fmt"

	"github.com/comptoir-go/comptoir/fault"
)

var errOrder = fault.Define(fault.Invalid, "order.invalid", "the order is not valid")

func ExampleDefine() {
	err := errOrder.With("the order of %s is not valid", "May")
	fmt.Println(fault.KindOf(err), fault.CodeOf(err))
	// Output: invalid order.invalid
}

func ExampleIssues() {
	var is fault.Issues
	is.Add("lines[0].quantity", "quantity.step", "comes in tens")
	is.Add("note", "too_long", "has %d characters, at most %d", 2400, 2000)
	for _, i := range fault.IssuesOf(is.Err(errOrder)) {
		fmt.Println(i)
	}
	// Output:
	// lines[0].quantity: comes in tens (quantity.step)
	// note: has 2400 characters, at most 2000 (too_long)
}
