package catalog_test

import (
	"context"
	"fmt"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
)

// opened is a service over a store that holds one product, "g1".
func opened() *catalog.Service {
	s := catalog.NewService(newFake(), options())
	if _, err := s.Save(context.Background(), admin, catalog.SaveInput{Product: hinge()}); err != nil {
		panic(err)
	}
	return s
}

func ExampleNewService() {
	// newFake stands for a store's transactions.
	s := catalog.NewService(newFake(), &catalog.Options{Policy: access.Default()})
	_, err := s.Get(context.Background(), admin, "g1")
	fmt.Println(err)
	// Output: catalog.not_found: no such product
}

func ExampleService_Save() {
	s := catalog.NewService(newFake(), options())
	p, err := s.Save(context.Background(), admin, catalog.SaveInput{
		Key: "import-4",
		Product: catalog.Product{SKU: "065612405", Names: map[string]string{"fr": "Charnière"}, Unit: "C62",
			Tax: "standard", Sale: catalog.SaleFree, Online: true},
	})
	fmt.Println(p.ID, p.Version, err)
	// Output: id1 1 <nil>
}

func ExampleService_SaveMany() {
	s := catalog.NewService(newFake(), options())
	wrong := hinge()
	wrong.ID, wrong.SKU, wrong.Unit = "g2", "INOX-SP", "piece"
	_, err := s.SaveMany(context.Background(), admin, catalog.SaveManyInput{Products: []catalog.Product{hinge(), wrong}})
	for _, i := range fault.IssuesOf(err) {
		fmt.Println(i.Path, i.Code)
	}
	// Output: products[1].unit unit.shape
}

func ExampleService_SetAvailability() {
	out, err := opened().SetAvailability(context.Background(), admin, catalog.SetAvailabilityInput{
		Stock: []catalog.Availability{{Product: "g1", OnHand: money.QuantityOf(12), At: noon}},
	})
	fmt.Println(out[0].OnHand, out[0].Age(noon.Add(2*time.Minute)), err)
	// Output: 12 2m0s <nil>
}

func ExampleService_Availability() {
	known, err := opened().Availability(context.Background(), purchaser, []catalog.ID{"g1"})
	fmt.Println(len(known), err)
	// Output: 0 <nil>
}

func ExampleService_Get() {
	p, err := opened().Get(context.Background(), purchaser, "g1")
	name, _ := p.Name("fr-BE")
	fmt.Println(p.SKU, name, err)
	// Output: 065612405 Charnière <nil>
}

func ExampleService_GetBySKU() {
	p, err := opened().GetBySKU(context.Background(), purchaser, "065612405")
	fmt.Println(p.ID, err)
	// Output: g1 <nil>
}

func ExampleService_GetMany() {
	found, err := opened().GetMany(context.Background(), purchaser, []catalog.ID{"g1", "g2"})
	fmt.Println(len(found), found["g1"].SKU, err)
	// Output: 1 065612405 <nil>
}

func ExampleService_Find() {
	page, err := opened().Find(context.Background(), purchaser, catalog.Query{SKUPrefix: "0656"})
	for _, h := range page.Rows {
		fmt.Println(h.SKU)
	}
	fmt.Println(err)
	// Output:
	// 065612405
	// <nil>
}

func ExampleProduct_OrderableBy() {
	p := hinge()
	p.Sale, p.Referenced = catalog.SaleReferenced, []access.PartnerID{"p1"}
	fmt.Println(p.OrderableBy("p1"))
	fmt.Println(fault.IssuesOf(p.OrderableBy("p2"))[0].Code)
	// Output:
	// <nil>
	// not_referenced
}

func ExampleQuantityRule_Check() {
	rule := catalog.QuantityRule{Step: money.QuantityOf(6)}
	for _, i := range fault.IssuesOf(rule.Check(money.QuantityOf(8))) {
		fmt.Println(i)
	}
	fmt.Println("start with", rule.Default())
	// Output:
	// quantity: 8 is not a multiple of 6 (quantity.step)
	// start with 6
}

func ExampleQuantityRule_CheckSum() {
	rule := catalog.QuantityRule{Max: money.QuantityOf(10)}
	fmt.Println(rule.Check(money.QuantityOf(6)), rule.CheckSum(money.QuantityOf(12)) == nil)
	// Output: <nil> false
}

func ExampleSeesAll() {
	fmt.Println(catalog.SeesAll(access.Default(), operator), catalog.SeesAll(access.Default(), purchaser))
	// Output: true false
}

func ExampleFindPrice() {
	lists := []string{"PRO", ""}
	price, step, ok := catalog.FindPrice(hinge().Prices, lists, money.EUR, noon, money.QuantityOf(12))
	fmt.Println(price.List, step.Price, ok)
	price, step, ok = catalog.FindPrice(hinge().Prices, nil, money.EUR, noon, money.QuantityOf(12))
	fmt.Printf("%q %s %v\n", price.List, step.Price, ok)
	// Output:
	// PRO 7.20 EUR true
	// "" 8.90 EUR true
}

func ExampleParseSerial() {
	s, _ := catalog.ParseSerial("6132546712 5376 2133", catalog.SerialLayout{})
	fmt.Println(s.Full(), s.Series(), s.ProductionDate(), s.Progressive())
	s, _ = catalog.ParseSerial("123345", catalog.SerialLayout{})
	fmt.Println(s.Full(), s.Unstructured())
	// Output:
	// 613254671253762133 6132546712 5376 2133
	// 123345 true
}

func ExampleParseServiceIndex() {
	_, err := catalog.ParseServiceIndex("S100")
	fmt.Println(err)
	// Output: catalog.service_index: not a service index (SI and two or three digits)
}

func ExampleParseServiceIndexLenient() {
	x, mended, err := catalog.ParseServiceIndexLenient("S100")
	fmt.Println(x, mended, err)
	// Output: SI00 true <nil>
}
