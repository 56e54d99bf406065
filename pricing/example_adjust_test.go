package pricing_test

import (
	"context"
	"fmt"

	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// An allowance and a charge on an order that was priced before.
func ExampleAdjust() {
	quote, err := pricing.NewListPricer(frenchTaxes(), nil).Quote(context.Background(), ovenParts())
	if err != nil {
		fmt.Println(err)
		return
	}
	quote, err = pricing.Adjust(quote, []pricing.Adjustment{
		{Code: "WELCOME", Text: "Welcome", Amount: money.MustAmount("-25.00", money.EUR)},
		{Code: "FREIGHT", Text: "Freight", Amount: money.MustAmount("9.90", money.EUR)},
	}, money.LargestRemainder, money.HalfAwayFromZero)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range quote.Lines {
		fmt.Println(l.SKU, l.Net, l.Shares, "+", l.Tax, "=", l.Gross)
	}
	for _, s := range quote.Lines[0].Why[3:] {
		fmt.Println(" ", s.Code, s.Ref, s.Value)
	}
	fmt.Println(quote.Net, "+", quote.Tax, "=", quote.Gross)
	// Output:
	// 065612405 106.80 EUR [-6.28 EUR 2.49 EUR] + 20.60 EUR = 123.61 EUR
	// 004410 318.58 EUR [-18.72 EUR 7.41 EUR] + 61.46 EUR = 368.73 EUR
	//   tax S 20 21.36 EUR
	//   adjust WELCOME -6.28 EUR
	//   adjust FREIGHT 2.49 EUR
	//   tax S 20 20.60 EUR
	// 410.28 EUR + 82.06 EUR = 492.34 EUR
}

// Five percent off from 400.00 net on; the pricer stays one that may be asked
// inside a transaction.
func ExampleWithAdjustments() {
	least := money.MustAmount("400.00", money.EUR)
	pricer := pricing.WithAdjustments(pricing.NewListPricer(frenchTaxes(), nil), func(q pricing.Quote) ([]pricing.Adjustment, error) {
		if small, err := q.Net.Cmp(least); err != nil || small < 0 {
			return nil, err
		}
		off, err := q.Net.Percent(money.RateOf(5), money.HalfAwayFromZero)
		return []pricing.Adjustment{{Code: "5%", Text: "5 % from 400.00 on", Amount: off.Neg()}}, err
	})
	quote, err := pricer.Quote(context.Background(), ovenParts())
	if err != nil {
		fmt.Println(err)
		return
	}
	_, pure := pricer.(pricing.Pure)
	fmt.Println(quote.Adjustments[0].Code, quote.Adjustments[0].Amount, "net", quote.Net, "pure", pure)
	// Output:
	// 5% -21.27 EUR net 404.11 EUR pure true
}
