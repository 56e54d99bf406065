package pricing_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

// What would ovens at 560.00 and 7 % instead of 5 % have made of two past
// orders?
func ExampleSimulate() {
	tariff, _ := pricing.ReadTariff(strings.NewReader(kitchens))
	was, _ := pricing.Compile(tariff, nil)
	tariff, _ = pricing.ReadTariff(strings.NewReader(kitchens)) // another one: an engine reads on in its own
	tariff.Name = "kitchens-2027"
	tariff.Prices[2].Breaks[0].Price = money.MustPrice("560", money.EUR)
	tariff.Rules[0].Give.Percent = money.RateOf(7)
	would, _ := pricing.Compile(tariff, nil)

	past := func(yield func(pricing.Past, error) bool) { // as read from a store
		for _, o := range []struct {
			ref, oven, hob string
		}{{"FR-0001", "2", "1"}, {"FR-0002", "1", "4"}} {
			q, err := was.Quote(context.Background(), pricing.Basket{Partner: "nord", Agreements: []partner.AgreementID{"A1"}, Country: "FR", Currency: money.EUR, At: noon,
				Facts: pricing.Facts{Groups: []string{"dealer"}}, Lines: []pricing.Line{
					{ID: "1", Product: "oven", Quantity: money.MustQuantity(o.oven), Tax: "standard", Family: catalog.Family{Super: "Cooking", Family: "Ovens"}},
					{ID: "2", Product: "hob", Quantity: money.MustQuantity(o.hob), Tax: "standard", Family: catalog.Family{Super: "Cooking", Family: "Hobs"}},
				}})
			if !yield(pricing.Past{Ref: o.ref, Quote: q}, err) {
				return
			}
		}
	}
	s, err := pricing.Simulate(context.Background(), was, would, past, &pricing.SimulateOptions{Now: func() time.Time { return noon.AddDate(0, 1, 0) }})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s)
	// Output:
	// kitchens-2026-b9baea57813c → kitchens-2027-198cda1ad1f7
	// prices that hold at the instant of each quote, as known on 2026-04-02T12:00:00Z
	// 2 quotes, 2 priced by both
	//
	// EUR: 2 dearer, 0 cheaper, 0 equal
	//                       was    would  difference
	//   at list prices  3560.00  3680.00     +120.00
	//   net             3412.36  3491.15      +78.79
	//   tax              682.47   698.23      +15.76
	//   gross           4094.83  4189.38      +94.55
	//
	//   partner  quotes  dearer  cheaper      was    would  difference
	//   nord          2       2        0  3412.36  3491.15      +78.79
	//
	//   family             was    would  difference
	//   Cooking/Ovens  1452.36  1531.15      +78.79
	//   Cooking/Hobs   1960.00  1960.00        0.00
	//
	//   rule took  quotes was  would    was   would  difference
	//   SPRING              2      2  78.00  117.60      +39.60
	//   SET                 2      2  69.64   71.25       +1.61
	//
	//   largest changes  partner      was    would  difference
	//   FR-0001             nord  1360.24  1412.77      +52.53
	//   FR-0002             nord  2052.12  2078.38      +26.26
}

func ExamplePastQuotes() {
	tariff, _ := pricing.ReadTariff(strings.NewReader(kitchens))
	engine, _ := pricing.Compile(tariff, nil)
	q, _ := engine.Quote(context.Background(), pricing.Basket{Partner: "nord", Country: "FR", Currency: money.EUR, At: noon,
		Lines: []pricing.Line{{ID: "1", Product: "hob", Quantity: money.QuantityOf(3), Tax: "standard"}}})
	s, err := pricing.Simulate(context.Background(), engine, engine, pricing.PastQuotes(q), nil)
	fmt.Println(s.Priced, s.Currencies[0].Total.Net.Difference, err)
	// Output: 1 0.00 EUR <nil>
}
