package order_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/thread"
)

// exampleValidated is an order that the seller has validated.
func exampleValidated() (*order.Service, order.Receipt) {
	orders, receipt := exampleOrder()
	_, err := orders.Advance(context.Background(), operator, order.AdvanceInput{Order: receipt.Order, On: order.Validate})
	must(err)
	return orders, receipt
}

// What is internal does not exist for the buyer.
func ExampleService_NoteProgress() {
	ctx := context.Background()
	orders, receipt := exampleValidated()
	for _, in := range []order.ProgressInput{
		{Order: receipt.Order, Step: order.InPreparation},
		{Order: receipt.Order, Step: "glass cut twice", Internal: true},
	} {
		_, err := orders.NoteProgress(ctx, operator, in)
		must(err)
	}
	for _, a := range []access.Actor{operator, buyer} {
		o, err := orders.Get(ctx, a, receipt.Order)
		fmt.Println(a.Name, len(o.Progress), o.Step(), err)
	}
	// Output:
	// Vera 2 in_preparation <nil>
	// Bruno 1 in_preparation <nil>
}

func ExampleService_Follow() {
	orders, receipt := exampleOrder()
	o, err := orders.Follow(context.Background(), operator, order.FollowInput{Order: receipt.Order, Follow: true})
	fmt.Println(o.Follow, err)
	// Output: true <nil>
}

// What is on hold is not validated, and the seller learns why.
func ExampleService_Hold() {
	ctx := context.Background()
	orders, receipt := exampleOrder()
	_, err := orders.Hold(ctx, operator, order.HoldInput{Order: receipt.Order, Reason: "drawing to be checked"})
	fmt.Println(err)
	_, err = orders.Advance(ctx, operator, order.AdvanceInput{Order: receipt.Order, On: order.Validate})
	fmt.Println(err)
	// Output:
	// <nil>
	// fsm.guard: validate in awaiting_validation is not possible yet: hold: the order is on hold: drawing to be checked (hold.order)
}

func ExampleService_Resume() {
	ctx := context.Background()
	orders, receipt := exampleOrder()
	o, err := orders.Hold(ctx, operator, order.HoldInput{Order: receipt.Order, Reason: "drawing to be checked"})
	must(err)
	fmt.Println(o.Held())
	o, err = orders.Resume(ctx, operator, order.ResumeInput{Order: receipt.Order})
	fmt.Println(o.Held(), err)
	// Output:
	// true
	// false <nil>
}

func ExampleService_Release() {
	ctx := context.Background()
	orders, receipt := exampleValidated()
	o, err := orders.Release(ctx, operator, order.ReleaseInput{Order: receipt.Order})
	fmt.Println(o.Released.By.Name, err)
	_, err = orders.Release(ctx, operator, order.ReleaseInput{Order: receipt.Order})
	fmt.Println(err)
	// Output:
	// Vera <nil>
	// order.already_released: the order was handed to logistics already
}

func ExampleService_ReleaseMany() {
	orders, receipt := exampleValidated()
	outcomes, err := orders.ReleaseMany(context.Background(), operator, []order.Target{{Order: receipt.Order}, {Order: "unknown"}})
	for _, o := range outcomes {
		fmt.Println(o.Ref, o.Err)
	}
	fmt.Println(err)
	// Output:
	// FR10002527260001 <nil>
	//  order.not_found: no such order
	// <nil>
}

var examplePlan = order.NewFile{File: blob.File{Hash: blob.HashOf([]byte("plan")), Size: 4, Name: "plan.pdf", Media: "application/pdf"}}

// First the bytes go to the blob store, then the order names them.
func ExampleService_Attach() {
	orders, receipt := exampleOrder()
	o, err := orders.Attach(context.Background(), buyer, order.AttachInput{Order: receipt.Order, Files: []order.NewFile{examplePlan}})
	fmt.Println(o.Files[0].Name, o.Files[0].By.Name, err)
	// Output: plan.pdf Bruno <nil>
}

func ExampleService_Detach() {
	ctx := context.Background()
	orders, receipt := exampleOrder()
	o, err := orders.Attach(ctx, buyer, order.AttachInput{Order: receipt.Order, Files: []order.NewFile{examplePlan}})
	must(err)
	o, err = orders.Detach(ctx, buyer, order.DetachInput{Order: receipt.Order, Files: []order.FileID{o.Files[0].ID}})
	fmt.Println(len(o.Files), err)
	// Output: 0 <nil>
}

// A certified file is good to make; the buyer no longer takes it off.
func ExampleService_Certify() {
	ctx := context.Background()
	orders, receipt := exampleOrder()
	o, err := orders.Attach(ctx, buyer, order.AttachInput{Order: receipt.Order, Files: []order.NewFile{examplePlan}})
	must(err)
	plan := []order.FileID{o.Files[0].ID}
	o, err = orders.Certify(ctx, operator, order.CertifyInput{Order: receipt.Order, Files: plan})
	fmt.Println(o.Files[0].Certified.By.Name, err)
	_, err = orders.Detach(ctx, buyer, order.DetachInput{Order: receipt.Order, Files: plan})
	fmt.Println(err)
	// Output:
	// Vera <nil>
	// access.forbidden: plan.pdf is the seller's to take off
}

// Both sides write on an order; internal messages stay with the seller.
func ExampleService_Post() {
	ctx := context.Background()
	orders, receipt := exampleOrder()
	doc := order.DocOf(receipt.Order)
	_, err := orders.Post(ctx, buyer, order.PostInput{Doc: doc, PostInput: thread.PostInput{Text: "When will it come?"}})
	must(err)
	_, err = orders.Post(ctx, operator, order.PostInput{Doc: doc, PostInput: thread.PostInput{Text: "Ask the plant", Internal: true}})
	must(err)
	_, err = orders.Post(ctx, operator, order.PostInput{Doc: doc, PostInput: thread.PostInput{Text: "On Monday."}})
	must(err)
	t, err := orders.Thread(ctx, buyer, doc)
	for _, m := range t.Messages {
		fmt.Println(m.By.Name+":", m.Text)
	}
	fmt.Println(t.Unread(buyer), "unread", err)
	// Output:
	// Bruno: When will it come?
	// Vera: On Monday.
	// 1 unread <nil>
}

func ExampleService_Thread() {
	ctx := context.Background()
	orders, receipt := exampleOrder()
	t, err := orders.Thread(ctx, buyer, order.DocOf(receipt.Order))
	fmt.Println(len(t.Messages), err)
	_, err = orders.Thread(ctx, stranger, order.DocOf(receipt.Order))
	fmt.Println(err)
	// Output:
	// 0 <nil>
	// order.not_found: no such order
}

func ExampleService_MarkRead() {
	ctx := context.Background()
	orders, receipt := exampleOrder()
	doc := order.DocOf(receipt.Order)
	_, err := orders.Post(ctx, operator, order.PostInput{Doc: doc, PostInput: thread.PostInput{Text: "On Monday."}})
	must(err)
	before, err := orders.Unread(ctx, buyer, doc.Thread())
	must(err)
	t, err := orders.MarkRead(ctx, buyer, doc, "")
	fmt.Println(before[doc.Thread()], t.Unread(buyer), err)
	// Output: 1 0 <nil>
}

func ExampleService_FindThreads() {
	ctx := context.Background()
	orders, receipt := exampleOrder()
	_, err := orders.Post(ctx, operator, order.PostInput{Doc: order.DocOf(receipt.Order), PostInput: thread.PostInput{Text: "On Monday."}})
	must(err)
	page, err := orders.FindThreads(ctx, buyer, thread.Query{})
	for _, h := range page.Rows {
		fmt.Println(h.Doc.Kind, h.Shared)
	}
	fmt.Println(err)
	// Output:
	// order 1
	// <nil>
}

// What the ERP tells twice has one effect.
func ExampleService_ReportMessage() {
	ctx := context.Background()
	orders, receipt := exampleOrder()
	in := order.MessageReport{Doc: order.DocOf(receipt.Order), Incoming: thread.Incoming{ERP: "mail/17", Author: "Plant", Text: "Leaves on Monday."}}
	for range 2 {
		_, err := orders.ReportMessage(ctx, machine, in)
		must(err)
	}
	t, err := orders.Thread(ctx, buyer, in.Doc)
	fmt.Println(len(t.Messages), t.Messages[0].By.Name, err)
	// Output: 1 Plant <nil>
}

func ExampleService_ReportMessageTwin() {
	ctx := context.Background()
	orders, receipt := exampleOrder()
	doc := order.DocOf(receipt.Order)
	m, err := orders.Post(ctx, buyer, order.PostInput{Doc: doc, PostInput: thread.PostInput{Text: "When will it come?"}})
	must(err)
	m, err = orders.ReportMessageTwin(ctx, machine, doc.Thread(), m.ID, "mail/18")
	fmt.Println(m.ERP, err)
	// Output: mail/18 <nil>
}

// A push is noted before it leaves; of two the second is refused.
func ExampleService_ReportMessageSending() {
	ctx := context.Background()
	orders, receipt := exampleOrder()
	doc := order.DocOf(receipt.Order)
	m, err := orders.Post(ctx, buyer, order.PostInput{Doc: doc, PostInput: thread.PostInput{Text: "When will it come?"}})
	must(err)
	for range 2 {
		_, err = orders.ReportMessageSending(ctx, machine, doc.Thread(), m.ID, startTime)
		fmt.Println(err)
	}
	// Output:
	// <nil>
	// thread.sending: it has been leaving since 2026-11-22T10:00:00Z
}

// An order becomes a cart again, at the prices of today.
func ExampleService_Again() {
	orders, receipt := exampleOrder()
	again, err := orders.Again(context.Background(), buyer, order.AgainInput{Order: receipt.Order, How: order.Reorder})
	fmt.Println(again.Cart.Name, len(again.Cart.Lines), len(again.Left), err)
	// Output: FR10002527260001 2 0 <nil>
}

func ExampleOrder_Text() {
	orders, receipt := exampleOrder()
	o, err := orders.Get(context.Background(), buyer, receipt.Order)
	must(err)
	_, totals, _ := strings.Cut(o.Text("fr"), "HT  TVA %\n")
	fmt.Print(totals)
	// Output:
	// 1  OV-1       The oven            1                                      640.00  640.00     20
	// 2  065612405  The gasket          2                                        9.45   18.90     20
	//
	// HT                   658.90
	// TVA S 20 % / 658.90  131.78
	// Total TTC EUR        790.68
}
