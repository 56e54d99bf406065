package comptoir_test

import (
	"context"
	"fmt"
	"time"

	"github.com/comptoir-go/comptoir"
	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store/memstore"
)

func settings() comptoir.Settings {
	taxes, err := pricing.NewTaxTable(pricing.TaxRow{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20)})
	if err != nil {
		panic(err)
	}
	return comptoir.Settings{Pricer: pricing.NewListPricer(taxes, nil), Currency: money.EUR}
}

func ExampleOpen() {
	ctx := context.Background()
	st := memstore.New(nil)
	defer st.Close()
	c, err := comptoir.Open(ctx, st, &comptoir.Options{Settings: settings()})
	if err != nil {
		fmt.Println(err)
		return
	}
	fr, err := c.For("fr")
	fmt.Println(fr.Tenant, err)

	_, err = comptoir.Open(ctx, st, &comptoir.Options{Tenants: map[access.Tenant]comptoir.Settings{"it": {Numbering: "{year}"}}})
	for _, i := range fault.IssuesOf(err) {
		fmt.Println(i.Path, i.Code)
	}
	// Output:
	// fr <nil>
	// tenants[it].pricer required
	// tenants[it].numbering order.ref
}

// What happened waits in the queue until somebody is done with it.
func ExampleCounter_facts() {
	ctx := context.Background()
	st := memstore.New(nil)
	defer st.Close()
	c, err := comptoir.Open(ctx, st, &comptoir.Options{Settings: settings()})
	if err != nil {
		fmt.Println(err)
		return
	}
	fr, err := c.For("fr")
	if err != nil {
		fmt.Println(err)
		return
	}
	admin := access.Actor{ID: "anna", Roles: []access.Role{access.Admin}}
	_, err = fr.Partners.Register(ctx, admin, partner.RegisterInput{Partner: partner.Partner{ID: "nord", Number: "FR10002527", Name: "Studio Nord", Type: partner.Studio}})
	fmt.Println(err)

	queue := fr.Store.Queue()
	due, err := queue.Claim(ctx, event.Claim{Topic: event.Facts, Limit: 100, Lease: time.Minute})
	fmt.Println(len(due), err)
	for _, d := range due { // here a portal sends its mails
		fmt.Println(d.Type, d.Subject, queue.Done(ctx, d))
	}
	left, err := queue.Depth(ctx, event.Facts)
	fmt.Println(left.Waiting, err)
	// Output:
	// <nil>
	// 1 <nil>
	// partner.registered partner/nord <nil>
	// 0 <nil>
}

func ExampleCounter_Relay() {
	ctx := context.Background()
	st := memstore.New(nil)
	defer st.Close()
	c, err := comptoir.Open(ctx, st, &comptoir.Options{Settings: settings()})
	if err != nil {
		fmt.Println(err)
		return
	}
	fr, err := c.For("fr")
	if err != nil {
		fmt.Println(err)
		return
	}
	// A portal runs relay.Run in a goroutine per tenant.
	relay := fr.Relay(fr.ERP(memerp.New(nil).Adapter(), nil), nil)
	n, err := relay.Step(ctx)
	fmt.Println(n, err)
	// Output: 0 <nil>
}

func ExampleCounter_Schedule() {
	ctx := context.Background()
	st := memstore.New(nil)
	defer st.Close()
	c, err := comptoir.Open(ctx, st, &comptoir.Options{Settings: settings()})
	if err != nil {
		fmt.Println(err)
		return
	}
	fr, err := c.For("fr")
	if err != nil {
		fmt.Println(err)
		return
	}
	// A portal runs schedule.Run in a goroutine per tenant, and shows Health.
	schedule := fr.Schedule(fr.ERP(memerp.New(nil).Adapter(), nil), nil)
	n, err := schedule.Step(ctx)
	fmt.Println(n, err)
	health, err := schedule.Health(ctx)
	fmt.Println(health.Breaker.State, len(health.Streams), err)
	// Output:
	// 0 <nil>
	// closed 11 <nil>
}
