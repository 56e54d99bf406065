package order_test

import (
	"context"
	"fmt"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
)

// exampleConfirmed leads the order to its confirmation.
func exampleConfirmed() (*order.Service, order.Order) {
	ctx := context.Background()
	orders, receipt := exampleOrder()
	_, err := orders.Advance(ctx, operator, order.AdvanceInput{Order: receipt.Order, On: order.Validate})
	must(err)
	o, err := orders.ReportERP(ctx, access.Machine("relay"), order.Report{Order: receipt.Order, Revision: 1, ID: "42", Number: "S00042", State: "confirmed"})
	must(err)
	return orders, o
}

// One of two gaskets leaves, and then all the rest.
func ExampleService_Ship() {
	ctx := context.Background()
	orders, o := exampleConfirmed()
	gasket := []order.LineQuantity{{Line: o.Lines[1].ID, Quantity: money.QuantityOf(1)}}
	d, err := orders.Ship(ctx, operator, order.ShipInput{Order: o.ID, Lines: gasket, Carrier: "Nordfracht", Tracking: "NF 77"})
	fmt.Println(d.Number, d.State, d.Lines[0].SKU, d.Lines[0].Quantity, err)
	o, err = orders.Get(ctx, buyer, o.ID)
	fmt.Println(o.Delivered(), err)

	d, err = orders.Ship(ctx, operator, order.ShipInput{Order: o.ID})
	fmt.Println(d.Number, len(d.Lines), "lines", err)
	_, err = orders.Ship(ctx, operator, order.ShipInput{Order: o.ID, Lines: gasket})
	fmt.Println(err)
	// Output:
	// FR10002527260001-1 shipped 065612405 1 <nil>
	// partly_delivered <nil>
	// FR10002527260001-2 2 lines <nil>
	// order.over_delivery: more would be delivered than is to be delivered: lines[0].quantity: of 065612405 there is 0, not 1 (too_much)
}

func ExampleService_Return() {
	ctx := context.Background()
	orders, o := exampleConfirmed()
	_, err := orders.Ship(ctx, operator, order.ShipInput{Order: o.ID})
	must(err)
	back, err := orders.Return(ctx, operator, order.ReturnInput{Order: o.ID, Reason: "scratched",
		Lines: []order.LineQuantity{{Line: o.Lines[0].ID, Quantity: money.QuantityOf(1)}}})
	fmt.Println(back.Number, back.Kind, back.Reason, err)
	o, err = orders.Get(ctx, buyer, o.ID)
	fmt.Println("to invoice:", o.Lines[0].ToInvoice(o.Policy), o.Lines[1].ToInvoice(o.Policy), err)
	// Output:
	// FR10002527260001-2 return scratched <nil>
	// to invoice: 0 2 <nil>
}

// What is not yet shipped is given up; the relay tells the ERP.
func ExampleService_CancelRest() {
	ctx := context.Background()
	orders, o := exampleConfirmed()
	_, err := orders.Ship(ctx, operator, order.ShipInput{Order: o.ID, Lines: []order.LineQuantity{{Line: o.Lines[0].ID, Quantity: money.QuantityOf(1)}}})
	must(err)
	o, err = orders.CancelRest(ctx, operator, order.CancelRestInput{Order: o.ID, Reason: "no longer made"})
	fmt.Println(o.Lines[1].Goods.Cancelled, o.Delivered(), err)
	// Output: 2 delivered <nil>
}

func ExampleService_Track() {
	ctx := context.Background()
	orders, o := exampleConfirmed()
	d, err := orders.Ship(ctx, operator, order.ShipInput{Order: o.ID})
	must(err)
	carrier, number := "Nordfracht", "NF 77"
	d, err = orders.Track(ctx, operator, order.TrackInput{Delivery: d.ID, Version: d.Version, Carrier: &carrier, Tracking: &number})
	fmt.Println(d.Carrier, d.Tracking, err)
	// Output: Nordfracht NF 77 <nil>
}

// Deliveries of an order are there for whoever sees the order.
func ExampleService_Deliveries() {
	ctx := context.Background()
	orders, o := exampleConfirmed()
	for i := range o.Lines {
		_, err := orders.Ship(ctx, operator, order.ShipInput{Order: o.ID, Lines: []order.LineQuantity{{Line: o.Lines[i].ID, Quantity: money.QuantityOf(1)}}})
		must(err)
	}
	ds, err := orders.Deliveries(ctx, buyer, o.ID)
	for _, d := range ds {
		fmt.Println(d.Number, d.Date, d.Lines[0].Name)
	}
	fmt.Println(err)
	_, err = orders.Deliveries(ctx, stranger, o.ID)
	fmt.Println(err)
	// Output:
	// FR10002527260001-1 2026-11-22 The oven
	// FR10002527260001-2 2026-11-22 The gasket
	// <nil>
	// order.not_found: no such order
}

func ExampleService_GetDelivery() {
	ctx := context.Background()
	orders, o := exampleConfirmed()
	d, err := orders.Ship(ctx, operator, order.ShipInput{Order: o.ID})
	must(err)
	got, err := orders.GetDelivery(ctx, buyer, d.ID)
	fmt.Println(got.Number, got.OrderRef, err)
	_, err = orders.GetDelivery(ctx, stranger, d.ID)
	fmt.Println(err)
	// Output:
	// FR10002527260001-1 FR10002527260001 <nil>
	// order.no_delivery: no such delivery
}

func ExampleService_FindDeliveries() {
	ctx := context.Background()
	orders, o := exampleConfirmed()
	_, err := orders.Ship(ctx, operator, order.ShipInput{Order: o.ID, Tracking: "NF 77"})
	must(err)
	page, err := orders.FindDeliveries(ctx, buyer, order.DeliveryQuery{Tracking: "NF 77"})
	for _, d := range page.Rows {
		fmt.Println(d.Number, d.State, d.Lines, "lines")
	}
	fmt.Println(err)
	// Output:
	// FR10002527260001-1 shipped 2 lines
	// <nil>
}

// The ERP plans a delivery, ships a part of it and more than was ordered of the
// rest; the order's ledger follows, and an older change has no effect.
func ExampleService_ReportDelivery() {
	ctx := context.Background()
	orders, o := exampleConfirmed()
	erp := access.Machine("pull")
	report := func(id string, seq int64, st order.DeliveryState, gaskets int64) {
		d, err := orders.ReportDelivery(ctx, erp, order.DeliveryReport{Order: o.ID, State: st,
			Twin:  order.Twin{ID: id, Number: "OUT/" + id, Sequence: seq},
			Lines: []order.LineQuantity{{Line: o.Lines[1].ID, Quantity: money.QuantityOf(gaskets)}}})
		must(err)
		now, err := orders.Get(ctx, buyer, o.ID)
		must(err)
		g := now.Lines[1].Goods
		fmt.Println(d.Number, d.State, "shipped", g.Shipped, "excess", g.Excess, now.Delivered())
	}
	report("50", 1, order.Planned, 2)
	report("50", 2, order.Shipped, 1)
	report("51", 3, order.Shipped, 2)
	report("50", 1, order.Planned, 2)
	// Output:
	// OUT/50 planned shipped 0 excess 0 not_delivered
	// OUT/50 shipped shipped 1 excess 0 partly_delivered
	// OUT/51 shipped shipped 2 excess 1 over_delivered
	// OUT/50 shipped shipped 2 excess 1 over_delivered
}

func ExampleService_GetByERP() {
	orders, o := exampleConfirmed()
	got, err := orders.GetByERP(context.Background(), operator, "42")
	fmt.Println(got.ID == o.ID, got.ERP.Number, err)
	// Output: true S00042 <nil>
}

// The axes, and what is open and to be invoiced, follow from the ledgers.
func ExampleOrder_Axes() {
	o := order.Order{Policy: order.OnDelivery, Lines: []order.Line{{ID: "1", Quantity: money.QuantityOf(3), Goods: order.Goods{Shipped: money.QuantityOf(2)}}}}
	fmt.Printf("%+v\n", o.Axes())
	fmt.Println("open", o.Lines[0].Open(), "to invoice", o.Lines[0].ToInvoice(o.Policy))
	// Output:
	// {Delivered:partly_delivered Invoiced:not_invoiced Paid:nothing}
	// open 1 to invoice 2
}
