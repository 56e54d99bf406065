package erpsync_test

import (
	"context"
	"fmt"
	"time"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

// The schedule works both ways. In a portal Run does this all day, in as many
// processes as there are.
func ExampleNewSchedule() {
	ctx := context.Background()
	shop, orders, receipt := exampleShop()
	books := memerp.New(nil)
	schedule := erpsync.NewSchedule("fr", shop, erpsync.Books{Orders: orders}, erp.NewClient(books.Adapter(), nil),
		&erpsync.ScheduleOptions{Now: exampleNow, Jitter: -1})

	n, err := schedule.Step(ctx)
	fmt.Println(n, "deliveries and changes", err)
	o, err := orders.Get(ctx, operator, receipt.Order)
	fmt.Println("the ERP's", o.ERP.ID, err)

	health, err := schedule.Health(ctx)
	fmt.Println(health.ERP, health.Breaker.State, health.OK(5*time.Minute), err)
	for _, s := range health.Streams {
		fmt.Println(s.Stream, "waiting", s.Waiting, "lag", s.Lag)
	}
	// Output:
	// 2 deliveries and changes <nil>
	// the ERP's 1 <nil>
	// memerp closed true <nil>
	// outgoing waiting 0 lag 0s
	// orders waiting 0 lag 0s
	// deliveries waiting 0 lag 0s
	// messages waiting 0 lag 0s
	// parked waiting 0 lag 0s
}
