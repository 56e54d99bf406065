package billing_test

import (
	"context"
	"fmt"

	"github.com/comptoir-go/comptoir/pricing"
)

// Each document enters the ledger of turnover with its transaction; one from
// before the ledger was kept is recorded by hand, once.
func ExampleService_RecordTurnover() {
	ctx := context.Background()
	s := newShop(exampleT{}, settings{})
	o := s.sold(buyer, "2 OVEN")
	s.ship(o.ID)
	inv := s.issued(o.ID)
	s.credited(inv.ID, "1")
	page, err := s.ledger().Find(ctx, operator, pricing.TurnoverSearch{Partner: "nord", Oldest: true})
	for _, e := range page.Rows {
		fmt.Println(e.Document.Number, e.Net, e.Parts)
	}
	fmt.Println(err)
	again, err := s.bills.RecordTurnover(ctx, machine, inv.ID)
	fmt.Println(len(again), err)
	// Output:
	// INV-2026-000001 1280.00 EUR [{goods/oven 1280.00 EUR}]
	// CN-2026-000001 -640.00 EUR [{goods/oven -640.00 EUR}]
	// <nil>
	// 0 <nil>
}
