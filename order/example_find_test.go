package order_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/uow"
)

func ExampleService_Get() {
	ctx := context.Background()
	orders, receipt := exampleOrder()
	o, err := orders.Get(ctx, buyer, receipt.Order)
	fmt.Println(o.Ref, o.Customer.Name, o.ShipTo.City, err)
	_, err = orders.Get(ctx, stranger, receipt.Order) // what one may not see is not there
	fmt.Println(err)
	// Output:
	// FR10002527260001 Studio Nord Lille <nil>
	// order.not_found: no such order
}

func ExampleService_GetByRef() {
	orders, _ := exampleOrder()
	o, err := orders.GetByRef(context.Background(), operator, "FR10002527260001")
	fmt.Println(o.State, len(o.Lines), o.Quote.Net, err)
	// Output: awaiting_validation 2 658.90 EUR <nil>
}

func ExampleService_Find() {
	carts, orders := exampleShop()
	for _, name := range []string{"Kitchen", "Bar", "Spares"} {
		exampleNext(carts, orders, name)
	}
	q := order.Query{Consumer: "nord", Sort: order.ByRef, Page: uow.PageRequest{Limit: 2}}
	for {
		page, err := orders.Find(context.Background(), operator, q)
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, h := range page.Rows {
			fmt.Println(h.Ref, h.CustomerName, h.Lines, h.Gross)
		}
		if page.Next == "" {
			return
		}
		fmt.Println("next page")
		q.Page.After = page.Next
	}
	// Output:
	// FR10002527260001 Studio Nord 2 790.68 EUR
	// FR10002527260002 Studio Nord 2 790.68 EUR
	// next page
	// FR10002527260003 Studio Nord 2 790.68 EUR
}

func ExampleService_ExportCSV() {
	orders, _ := exampleOrder()
	var file strings.Builder
	err := orders.ExportCSV(context.Background(), operator, order.Query{}, &file, &order.CSV{Semicolon: true, DecimalComma: true})
	fmt.Print(strings.ReplaceAll(file.String(), "\r\n", "\n"), err)
	// Output:
	// customer_id;consumer;customer_type;number;date;state;lines;gross;currency;inserted_by;tickets;direct;erp_number;delivered;invoiced;paid;progress;title;source;time;language;invoice;payment
	// FR10002527;Studio Nord;studio;FR10002527260001;2026-11-22;awaiting_validation;2;790,68;EUR;bruno;false;false;;not_delivered;not_invoiced;nothing;;;;10:00;;;
	// <nil>
}
