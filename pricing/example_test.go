package pricing_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

func frenchTaxes() pricing.TaxTable {
	table, err := pricing.NewTaxTable(
		pricing.TaxRow{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20)},
		pricing.TaxRow{Country: "FR", Class: "reduced", Category: pricing.StandardRated, Rate: money.MustRate("5.5")},
	)
	if err != nil {
		panic(err)
	}
	return table
}

// ovenParts is an order of two spare parts.
func ovenParts() pricing.Basket {
	price := func(text string) money.Price { return money.MustPrice(text, money.EUR) }
	return pricing.Basket{
		Partner: "dealer-1", Country: "FR", Currency: money.EUR,
		At: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
		Lines: []pricing.Line{
			{ID: "1", Product: "seal", SKU: "065612405", Quantity: money.QuantityOf(12), Tax: "standard", Prices: []catalog.ListPrice{{
				Stated: catalog.Net,
				Breaks: []catalog.Break{{Price: price("9.45")}, {From: money.QuantityOf(10), Price: price("8.90")}},
			}}},
			{ID: "2", Product: "lamp", SKU: "004410", Quantity: money.QuantityOf(10), Tax: "standard", Prices: []catalog.ListPrice{{
				Stated: catalog.Gross,
				Breaks: []catalog.Break{{Price: price("38.23")}},
			}}},
		},
	}
}

func ExampleNewListPricer() {
	pricer := pricing.NewListPricer(frenchTaxes(), &pricing.Options{Validity: 48 * time.Hour, Rules: "spring-2026"})
	quote, err := pricer.Quote(context.Background(), ovenParts())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range quote.Lines {
		fmt.Println(l.SKU, l.Quantity, "×", l.Price, l.Stated, "=", l.Net, "+", l.Tax, "=", l.Gross)
	}
	fmt.Println(quote.Net, "+", quote.Tax, "=", quote.Gross, "until", quote.Until.Format(time.DateOnly))
	// Output:
	// 065612405 12 × 8.90 EUR net = 106.80 EUR + 21.36 EUR = 128.16 EUR
	// 004410 10 × 38.23 EUR gross = 318.58 EUR + 63.72 EUR = 382.30 EUR
	// 425.38 EUR + 85.08 EUR = 510.46 EUR until 2026-03-04
}

func ExampleListPricer_Quote_why() {
	quote, err := pricing.NewListPricer(frenchTaxes(), nil).Quote(context.Background(), ovenParts())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range quote.Lines[0].Why {
		fmt.Printf("%-5s %-19s %s\n", s.Code, s.Ref, s.Value)
	}
	// Output:
	// list                      9.45 EUR
	// break from 10             8.90 EUR
	// round half_away_from_zero 106.80 EUR
	// tax   S 20                21.36 EUR
}

func ExampleListPricer_Quote_missing() {
	basket := ovenParts()
	basket.Lines[0].Prices = nil
	basket.Lines[1].Tax = "luxury"
	_, err := pricing.NewListPricer(frenchTaxes(), nil).Quote(context.Background(), basket)
	fmt.Println(fault.KindOf(err), fault.CodeOf(err))
	for _, i := range fault.IssuesOf(err) {
		fmt.Println(i)
	}
	// Output:
	// precondition pricing.no_price
	// lines[0]: no price of "065612405" in EUR for 12 at 2026-03-02T09:00:00Z (pricing.no_price)
	// lines[1]: no tax rate for class "luxury" sold from "FR" (pricing.no_tax)
}

func ExampleNewTaxTable() {
	_, err := pricing.NewTaxTable(
		pricing.TaxRow{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20)},
		pricing.TaxRow{Country: "FR", Class: "standard", Category: pricing.ZeroRated},
	)
	for _, i := range fault.IssuesOf(err) {
		fmt.Println(i)
	}
	// Output:
	// rows[1]: FR "standard" is already taxed then by rows[0] (pricing.overlap)
}

func ExampleTaxTable_Lookup() {
	for _, p := range []pricing.Parties{
		{Seller: "FR", Buyer: "FR", VATID: "FR40303265045"},
		{Seller: "FR", Buyer: "DE", VATID: "DE136695976"},
		{Seller: "FR", Buyer: "CH"},
	} {
		category, rate, ok := frenchTaxes().Lookup(p, "standard", time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC))
		fmt.Println(p.Buyer, category, rate, ok)
	}
	// Output:
	// FR S 20 true
	// DE K 0 true
	// CH G 0 true
}

func ExampleUnmoved() {
	ctx, pricer, basket := context.Background(), pricing.NewListPricer(frenchTaxes(), &pricing.Options{Brief: true}), ovenParts()
	offered, err := pricer.Quote(ctx, basket)
	if err != nil {
		fmt.Println(err)
		return
	}
	basket.At = basket.At.Add(time.Hour)
	basket.Lines[1].Prices[0].Breaks[0].Price = money.MustPrice("38.50", money.EUR)
	fresh, err := pricer.Quote(ctx, basket)
	if err != nil {
		fmt.Println(err)
		return
	}
	var moved *pricing.Moved
	if errors.As(pricing.Unmoved(offered, fresh), &moved) {
		for _, c := range moved.Changes {
			fmt.Println(c)
		}
	}
	// Output:
	// line 2: list 38.23 EUR → 38.50 EUR
	// line 2: price 38.23 EUR → 38.50 EUR
	// line 2: net 318.58 EUR → 320.83 EUR
	// line 2: tax 63.72 EUR → 64.17 EUR
	// line 2: gross 382.30 EUR → 385.00 EUR
	// breakdown S 20: 425.38 EUR, 85.08 EUR → S 20: 427.63 EUR, 85.53 EUR
	// total_net 425.38 EUR → 427.63 EUR
	// total_tax 85.08 EUR → 85.53 EUR
	// total_gross 510.46 EUR → 513.16 EUR
}

func ExampleQuote_Verify() {
	quote, err := pricing.NewListPricer(frenchTaxes(), nil).Quote(context.Background(), ovenParts())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(quote.Seal), quote.Verify())
	quote.Lines[0].Quantity = money.QuantityOf(120)
	fmt.Println(quote.Verify())
	// Output:
	// 64 <nil>
	// pricing.seal: the quote is not what was offered
}

func ExampleQuote_Check() {
	q := pricing.Quote{Currency: money.EUR, At: time.Unix(0, 0), Until: time.Unix(1, 0),
		Net: money.MustAmount("10", money.EUR), Tax: money.Zero(money.EUR), Gross: money.MustAmount("10", money.EUR)}
	for _, i := range fault.IssuesOf(q.Check()) {
		fmt.Println(i)
	}
	// Output: net: is 10.00 EUR, its parts make 0.00 EUR (pricing.sum)
}
