package order_test

import (
	"fmt"

	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
)

// Three pieces for 100.00 net, less an allowance of 10.00 on the order: what
// one of them bears, then the two others, then what is given back for one.
func ExampleOrder_NextSlice() {
	eur := func(text string) money.Amount { return money.MustAmount(text, money.EUR) }
	twenty := money.RateOf(20)
	o := order.Order{
		Lines: []order.Line{{ID: "1", Quantity: money.QuantityOf(3)}},
		Quote: pricing.Quote{
			Lines: []pricing.QuotedLine{{ID: "1", Quantity: money.QuantityOf(3), Net: eur("100.00"), Shares: []money.Amount{eur("-10.00")},
				Category: pricing.StandardRated, Rate: twenty}},
			Taxes: []pricing.Tax{{Category: pricing.StandardRated, Rate: twenty, Base: eur("90.00"), Tax: eur("18.00")}},
		},
	}
	var last order.Slice
	for _, quantity := range []int64{1, 2} {
		s, err := o.NextSlice("1", money.QuantityOf(quantity))
		if err != nil {
			fmt.Println(err)
			return
		}
		base, _ := s.Base()
		tax, box, err := o.NextTax(pricing.StandardRated, twenty, base)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(s.Quantity, "pieces:", s.Net, s.Shares[0], "tax", tax)
		o.Lines[0].Billed.Taken = append(o.Lines[0].Billed.Taken, s.Stretches...)
		o.Boxes = append(o.Boxes, box)
		last = s
	}
	top, _ := order.CutTop(last.Stretches, money.QuantityOf(1).Units())
	back, _ := o.SliceOf("1", top)
	fmt.Println("one back:", back.Net, back.Shares[0])
	// Output:
	// 1 pieces: 33.33 EUR -3.33 EUR tax 6.00 EUR
	// 2 pieces: 66.67 EUR -6.67 EUR tax 12.00 EUR
	// one back: 33.33 EUR -3.33 EUR
}
