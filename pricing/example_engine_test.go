package pricing_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

const kitchens = `{
  "name": "kitchens-2026", "seller": "FR",
  "taxes": [{"country": "FR", "class": "standard", "category": "S", "rate": "20"}],
  "lists": [{"code": "dealers", "currency": "EUR", "for": {"groups": ["dealer"]}, "fallback": "public"},
            {"code": "public", "currency": "EUR", "for": {"everyone": true}}],
  "prices": [{"list": "public", "product": "hob", "breaks": [{"from": "0", "price": {"price": "400", "currency": "EUR"}}]},
             {"list": "public", "product": "oven", "breaks": [{"from": "0", "price": {"price": "650", "currency": "EUR"}}]},
             {"list": "dealers", "product": "oven", "breaks": [{"from": "0", "price": {"price": "520", "currency": "EUR"}}]}],
  "discounts": [{"id": "d7", "name": "Spring"}],
  "actions": [{"id": "d7", "agreement": "A1"}],
  "rules": [{"code": "SPRING", "discount": "Spring", "on": "line", "goods": {"products": ["oven"]}, "give": {"percent": "5"}, "priority": 20},
            {"code": "SET", "on": "order", "when": {"has": [{"sets": [{"products": ["oven"]}, {"products": ["hob"]}]}]}, "give": {"percent": "2"}}]
}`

func ExampleCompile() {
	tariff, err := pricing.ReadTariff(strings.NewReader(kitchens))
	if err != nil {
		fmt.Println(err)
		return
	}
	engine, err := pricing.Compile(tariff, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	basket := pricing.Basket{Partner: "nord", Country: "FR", Currency: money.EUR, At: noon,
		Facts: pricing.Facts{Groups: []string{"dealer"}}, Lines: []pricing.Line{
			{ID: "1", Product: "oven", Quantity: money.QuantityOf(2), Tax: "standard"},
			{ID: "2", Product: "hob", Quantity: money.QuantityOf(1), Tax: "standard"},
		}}
	basket.Agreements = append(basket.Agreements, "A1")
	fmt.Printf("lists: %q\n", engine.Lists(basket))
	q, err := engine.Quote(context.Background(), basket)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range q.Lines {
		fmt.Println(l.Product, l.List, "less", l.Discount, "net", l.Net)
		for _, s := range l.Why {
			fmt.Println("  ", s.Code, s.Ref, s.Value)
		}
	}
	fmt.Println("total:", q.Adjustments[0].Amount, q.Net, q.Gross)
	// Output:
	// lists: ["dealers" "public" ""]
	// oven 520.00 EUR less 52.00 EUR net 988.00 EUR
	//    list dealers 520.00 EUR
	//    round half_away_from_zero 1040.00 EUR
	//    rule SPRING -52.00 EUR
	//    adjust SET -19.76 EUR
	//    tax S 20 193.65 EUR
	// hob 400.00 EUR less 0.00 EUR net 400.00 EUR
	//    list public 400.00 EUR
	//    round half_away_from_zero 400.00 EUR
	//    adjust SET -8.00 EUR
	//    tax S 20 78.40 EUR
	// total: -27.76 EUR 1360.24 EUR 1632.29 EUR
}

func ExampleNewLive() {
	tariff, _ := pricing.ReadTariff(strings.NewReader(kitchens))
	engine, _ := pricing.Compile(tariff, nil)
	live := pricing.NewLive(engine)

	next, _ := pricing.ReadTariff(strings.NewReader(kitchens)) // the engine goes on reading the first
	three := next.Rules[1]
	next.Rules[1].Gone = noon // what takes its place is known from then on
	three.Known, three.Give.Percent = noon, money.RateOf(120)
	next.Rules = append(next.Rules, three)
	fmt.Println(errors.Is(live.Swap(next), pricing.ErrTariff), live.Engine() == engine)
	next.Rules[2].Give.Percent = money.RateOf(3)
	fmt.Println(live.Swap(next), live.Engine() == engine)
	// Output:
	// true true
	// <nil> false
}

// A price that was wrong all along is corrected a day later: what was quoted stays as
// it was, and it can be asked what it would have been.
func ExampleEngine_Requote() {
	ctx := context.Background()
	tariff, _ := pricing.ReadTariff(strings.NewReader(kitchens))
	engine, _ := pricing.Compile(tariff, nil)
	stored, _ := engine.Quote(ctx, pricing.Basket{Partner: "nord", Country: "FR", Currency: money.EUR, At: noon,
		Lines: []pricing.Line{{ID: "1", Product: "hob", Quantity: money.QuantityOf(1), Tax: "standard"}}})

	next, _ := pricing.ReadTariff(strings.NewReader(kitchens))
	tomorrow := noon.AddDate(0, 0, 1)
	right := next.Prices[0]
	next.Prices[0].Gone = tomorrow
	right.Known, right.Breaks = tomorrow, []catalog.Break{{Price: money.MustPrice("380", money.EUR)}}
	next.Prices = append(next.Prices, right)
	engine, _ = pricing.Compile(next, nil)

	same, err := engine.Requote(ctx, stored, nil)
	fmt.Println(same.Net, len(pricing.Diff(stored, same)), err)
	corrected, err := engine.Requote(ctx, stored, &pricing.AsOf{Valid: stored.At, Known: tomorrow})
	fmt.Println(corrected.Net, pricing.Diff(stored, corrected)[0], err)
	// Output:
	// 400.00 EUR 0 <nil>
	// 380.00 EUR line 1: list 400.00 EUR → 380.00 EUR <nil>
}

func ExampleEngine_Offers() {
	tariff, _ := pricing.ReadTariff(strings.NewReader(kitchens))
	tariff.Rules = append(tariff.Rules, pricing.Rule{Code: "PALLET", On: pricing.OnLine, Priority: 10, Goods: pricing.Goods{Products: []catalog.ID{"oven"}},
		When: pricing.When{Quantity: &pricing.QuantityRange{From: money.QuantityOf(12)}}, Give: pricing.Effect{Percent: money.RateOf(10)}})
	engine, _ := pricing.Compile(tariff, nil)
	buyer := pricing.Basket{Partner: "nord", Country: "FR", Currency: money.EUR, At: noon, Facts: pricing.Facts{Groups: []string{"dealer"}}}
	buyer.Agreements = append(buyer.Agreements, "A1")
	list, err := engine.Offers(context.Background(), buyer, []catalog.Product{
		{ID: "oven", SKU: "OV-1", Tax: "standard"}, {ID: "hob", SKU: "HO-1", Tax: "standard"}, {ID: "island", SKU: "IS-1", Tax: "standard"}})
	for _, p := range list {
		for _, o := range p.Offers {
			fmt.Println(p.SKU, "from", o.From, o.List, o.Full, "net", o.Net, o.Rules)
		}
		if p.Refused != "" {
			fmt.Println(p.SKU, p.Refused)
		}
	}
	fmt.Println(err)
	// Output:
	// OV-1 from 1 dealers 520.00 EUR net 494.00 EUR [SPRING]
	// OV-1 from 12 dealers 520.00 EUR net 444.60 EUR [SPRING PALLET]
	// HO-1 from 1 public 400.00 EUR net 400.00 EUR []
	// IS-1 pricing.no_price
	// <nil>
}
