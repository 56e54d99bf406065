package access_test

import (
	"fmt"

	"github.com/comptoir-go/comptoir/access"
)

func ExampleNewPolicy() {
	p := access.NewPolicy(access.Grant{
		Role: access.Designer, Scopes: []access.Scope{access.Own}, Actions: []access.Action{access.CartEdit},
	})
	odile := access.Actor{ID: "odile", Partner: "nord", Roles: []access.Role{access.Designer}}
	fmt.Println(p.May(odile, access.CartEdit, access.Owner{Partner: "nord"}))
	fmt.Println(p.May(odile, access.CartEdit, access.Owner{Partner: "sud"}))
	// Output:
	// true
	// false
}

func ExamplePolicy_With() {
	p := access.Default().With(access.Grant{
		Role: "auditor", Scopes: []access.Scope{access.Own, access.Others}, Actions: []access.Action{access.OrderRead},
	})
	fmt.Print(p.Matrix([]access.Role{access.Operator, "auditor"}, []access.Action{access.OrderRead, access.OrderValidate}))
	// Output:
	// | action | operator | auditor |
	// |---|---|---|
	// | order.read | all | all |
	// | order.validate | all | · |
}
