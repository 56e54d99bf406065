package order_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/uow"
)

// The services of one tenant, wired by hand; the root package does the same.
func ExampleNewService() {
	st := memstore.New(nil)
	defer st.Close()
	shop, err := st.For("fr")
	if err != nil {
		fmt.Println(err)
		return
	}
	carts := cart.NewService(uow.Narrow(shop, func(tx store.Tx) cart.Tx { return tx }), pricing.NewListPricer(pricing.TaxTable{}, nil), nil)
	numbers, err := order.NewNumbering("{yyyy}-{seq:6}")
	if err != nil {
		fmt.Println(err)
		return
	}
	orders := order.NewService(uow.Narrow(shop, func(tx store.Tx) order.Tx { return tx }), carts, &order.Options{Numbering: numbers})
	_, err = orders.Get(context.Background(), buyer, "unknown")
	fmt.Println(err)
	// Output: order.not_found: no such order
}

func ExampleNewNumbering() {
	numbers, err := order.NewNumbering(order.DefaultPattern)
	if err != nil {
		fmt.Println(err)
		return
	}
	ref := numbers.Ref("FR10002527", time.Date(2019, 10, 1, 0, 0, 0, 0, time.UTC), 474)
	parts, err := numbers.Parse(ref, "FR10002527")
	fmt.Println(ref, parts.Year, parts.Seq, err)
	_, err = order.NewNumbering("{customer}{yy}")
	fmt.Println(err)
	// Output:
	// FR10002527190474 2019 474 <nil>
	// order.ref: pattern "{customer}{yy}" needs exactly one {seq:N}
}

// The cart becomes an order once, however often somebody clicks.
func ExampleService_Place() {
	ctx := context.Background()
	carts, orders := exampleShop()
	offer := exampleOffer(carts, "Kitchen")
	in := order.PlaceInput{Cart: offer.Cart.ID, Seal: offer.Quote.Seal, CustomerNo: "PO-77"}
	receipt, err := orders.Place(ctx, buyer, in)
	fmt.Println(receipt.Ref, receipt.State, receipt.Gross, err)

	_, err = orders.Place(ctx, buyer, in)
	var already *cart.AlreadyOrdered
	fmt.Println(errors.As(err, &already), already.Ref)
	// Output:
	// FR10002527260001 awaiting_validation 790.68 EUR <nil>
	// true FR10002527260001
}

func ExampleService_Advance() {
	ctx := context.Background()
	orders, receipt := exampleOrder()
	_, err := orders.Advance(ctx, buyer, order.AdvanceInput{Order: receipt.Order, On: order.Validate})
	fmt.Println(err)
	o, err := orders.Advance(ctx, operator, order.AdvanceInput{Order: receipt.Order, On: order.Validate})
	fmt.Println(o.State, err)
	for _, step := range o.History {
		fmt.Println(step.By.Name, step.What, "->", step.To)
	}
	// Output:
	// access.forbidden: order.validate needs a role that allows it
	// validated <nil>
	// Bruno placed -> awaiting_validation
	// Vera validate -> validated
}

func ExampleService_AdvanceMany() {
	carts, orders := exampleShop()
	a, b := exampleNext(carts, orders, "Kitchen"), exampleNext(carts, orders, "Bar")
	outcomes, err := orders.AdvanceMany(context.Background(), operator, order.Validate, "", []order.Target{{Order: a.Order}, {Order: "unknown"}, {Order: b.Order}})
	for _, o := range outcomes {
		fmt.Println(o.Ref, o.State, o.Err)
	}
	fmt.Println(err)
	// Output:
	// FR10002527260001 validated <nil>
	//   order.not_found: no such order
	// FR10002527260002 validated <nil>
	// <nil>
}

// Allowed answers the buttons of a portal.
func ExampleService_Allowed() {
	orders, receipt := exampleOrder()
	for _, a := range []access.Actor{buyer, operator} {
		options, err := orders.Allowed(context.Background(), a, receipt.Order)
		fmt.Print(a.Name, ":")
		for _, o := range options {
			fmt.Print(" ", o.On)
		}
		fmt.Println("", err)
	}
	// Output:
	// Bruno: cancel recall <nil>
	// Vera: cancel recall validate reject <nil>
}

func ExampleService_Revise() {
	ctx := context.Background()
	orders, receipt := exampleOrder()
	o, err := orders.Get(ctx, buyer, receipt.Order)
	if err != nil {
		fmt.Println(err)
		return
	}
	three := money.QuantityOf(3)
	change := order.ReviseInput{Order: o.ID, Version: o.Version, Lines: []order.LineChange{{Line: o.Lines[1].ID, Quantity: &three}}}
	o, err = orders.Revise(ctx, buyer, change)
	fmt.Println("revision", o.Revision, o.Quote.Gross, err)

	_, err = orders.Revise(ctx, buyer, change)
	fmt.Println(errors.Is(err, uow.ErrVersion))
	// Output:
	// revision 2 802.02 EUR <nil>
	// true
}

func ExampleService_Delete() {
	ctx := context.Background()
	carts, orders := exampleShop()
	receipt := exampleNext(carts, orders, "Kitchen")
	fmt.Println(orders.Delete(ctx, buyer, order.DeleteInput{Order: receipt.Order, Reason: "ordered by mistake"}))
	fmt.Println(orders.Delete(ctx, buyer, order.DeleteInput{Order: receipt.Order}))
	fmt.Println(exampleNext(carts, orders, "Bar").Ref) // a reference is not given again
	// Output:
	// <nil>
	// order.not_found: no such order
	// FR10002527260002
}

func ExampleService_DeleteMany() {
	orders, receipt := exampleOrder()
	outcomes, err := orders.DeleteMany(context.Background(), buyer, "cleaning up", []order.Target{{Order: receipt.Order}, {Order: "unknown"}})
	for _, o := range outcomes {
		fmt.Println(o.Err)
	}
	fmt.Println(err)
	// Output:
	// <nil>
	// order.not_found: no such order
	// <nil>
}

// The relay reports what the ERP said, and the order follows.
func ExampleService_ReportERP() {
	ctx := context.Background()
	orders, receipt := exampleOrder()
	if _, err := orders.Advance(ctx, operator, order.AdvanceInput{Order: receipt.Order, On: order.Validate}); err != nil {
		fmt.Println(err)
		return
	}
	o, err := orders.ReportERP(ctx, access.Machine("relay"), order.Report{Order: receipt.Order, Revision: 1,
		ID: "42", Number: "S00042", State: "confirmed", Gross: money.MustAmount("790.70", money.EUR)})
	fmt.Println(o.State, o.ERP.Number, "drift", o.ERP.Drift, err)
	// Output: confirmed S00042 drift 0.02 EUR <nil>
}
