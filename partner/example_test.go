package partner_test

import (
	"context"
	"fmt"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/partner"
)

// opened is a service over a store that holds one partner, "p1".
func opened() *partner.Service {
	s := partner.NewService(newFake(), options())
	if _, err := s.Register(context.Background(), admin, partner.RegisterInput{Partner: vasseur()}); err != nil {
		panic(err)
	}
	return s
}

func ExampleNewService() {
	// newFake stands for a store's transactions.
	s := partner.NewService(newFake(), &partner.Options{Policy: access.Default()})
	_, err := s.Get(context.Background(), admin, "p1")
	fmt.Println(err)
	// Output: partner.not_found: no such partner
}

func ExampleParseCountry() {
	c, err := partner.ParseCountry("fra")
	fmt.Println(c, c.Alpha3(), err)
	_, err = partner.ParseCountry("UK")
	fmt.Println(err)
	// Output:
	// FR FRA <nil>
	// partner.country: the country code is unknown
}

func ExampleParseVATID() {
	id, err := partner.ParseVATID("fr 40 303.265.045")
	fmt.Println(id, err)
	_, err = partner.ParseVATID("FR41303265045")
	fmt.Println(err)
	// Output:
	// FR40303265045 <nil>
	// partner.vat_id: the check digits of the VAT id are wrong
}

func ExampleParseSiren() {
	fmt.Println(partner.ParseSiren("303 265 045"))
	// Output: 303265045 <nil>
}

func ExampleParseSiret() {
	fmt.Println(partner.ParseSiret("732 829 320 00074"))
	// Output: 73282932000074 <nil>
}

func ExampleFrenchVATID() {
	fmt.Println(partner.FrenchVATID("303265045"))
	// Output: FR40303265045 <nil>
}

func ExampleNewDate() {
	d, err := partner.NewDate(2026, 2, 28)
	fmt.Println(d.AddDays(1), err)
	// Output: 2026-03-01 <nil>
}

func ExampleParseDate() {
	d, err := partner.ParseDate("2026-02-30")
	fmt.Println(d.IsZero(), err)
	// Output: true partner.date: not a calendar day of the form YYYY-MM-DD
}

func ExampleAddress_Check() {
	err := partner.Address{Company: "Cuisines Vasseur", Street: "12 rue du Four", City: "Roubaix"}.Check(partner.NeedVATID)
	for _, i := range fault.IssuesOf(err) {
		fmt.Println(i)
	}
	// Output:
	// postcode: is missing (required)
	// country: is missing (required)
	// vat_id: is missing (required)
}

func ExampleService_Register() {
	s := partner.NewService(newFake(), options())
	p, err := s.Register(context.Background(), admin, partner.RegisterInput{
		Key:     "import-17",
		Partner: partner.Partner{Number: "FR10002527", Name: "Cuisines Vasseur", Type: partner.Dealer, Active: true},
	})
	fmt.Println(p.ID, p.Version, err)
	// Output: id1 1 <nil>
}

func ExampleService_SaveAddress() {
	p, err := opened().SaveAddress(context.Background(), purchaser, partner.SaveAddressInput{
		Partner: "p1",
		Address: partner.Address{Company: "Cuisines Vasseur", Street: "12 rue du Four", Postcode: "59100",
			City: "Roubaix", Country: "FRA"},
	})
	a, _ := p.DefaultAddress()
	fmt.Println(a.City, a.Country, p.Version, err)
	// Output: Roubaix FR 2 <nil>
}

func ExampleService_RemoveAddress() {
	_, err := opened().RemoveAddress(context.Background(), purchaser, partner.RemoveAddressInput{Partner: "p1", Address: "works"})
	fmt.Println(err)
	// Output: partner.no_address: the partner has no such address
}

func ExampleService_SaveMember() {
	p, err := opened().SaveMember(context.Background(), chief, partner.SaveMemberInput{
		Partner: "p1",
		Member:  partner.Member{ID: "nils", Name: "Nils Aubry", Roles: []access.Role{access.Designer}, Active: true},
	})
	a, ok := p.Actor("nils")
	fmt.Println(a.Name, a.Partner, a.Roles, ok, err)
	// Output: Nils Aubry p1 [designer] true <nil>
}

func ExampleService_SaveCounterparty() {
	p, err := opened().SaveCounterparty(context.Background(), admin, partner.SaveCounterpartyInput{
		Partner: "p1",
		Counterparty: partner.Counterparty{ID: "be", Name: "Vasseur Belgique", Country: "BE",
			VATID: "BE 0403.019.261"},
	})
	c, _ := p.Counterparty("be")
	fmt.Println(c.VATID, err)
	// Output: BE0403019261 <nil>
}

func ExampleService_RecordVATCheck() {
	p, err := opened().RecordVATCheck(context.Background(), admin, partner.RecordVATCheckInput{
		Partner: "p1",
		Check:   partner.VATCheck{VATID: "BE 0403.019.261", Status: partner.VATInvalid, On: partner.MustDate("2026-03-02")},
	})
	fmt.Println(p.VATStatus("BE0403019261"), err)
	// Output: invalid <nil>
}

func ExampleService_SaveContract() {
	p, err := opened().SaveContract(context.Background(), admin, partner.SaveContractInput{
		Partner: "p1",
		Contract: partner.Contract{ID: "c1", Number: "2026/17", Counterparty: "main",
			Validity: partner.Validity{From: partner.MustDate("2026-01-01")}},
	})
	fmt.Println(p.Contracts[0].From, err)
	// Output: 2026-01-01 <nil>
}

func ExampleService_SaveAgreement() {
	p, err := opened().SaveAgreement(context.Background(), admin, partner.SaveAgreementInput{
		Partner: "p1",
		Agreement: partner.Agreement{ID: "spring", Name: "Spring promotion",
			Validity: partner.Validity{From: partner.MustDate("2026-03-01"), Until: partner.MustDate("2026-05-31")}},
	})
	fmt.Println(p.AgreementIDsOn(partner.MustDate("2026-05-31")), p.AgreementIDsOn(partner.MustDate("2026-06-01")), err)
	// Output: [spring] [] <nil>
}

func ExampleService_Get() {
	s := opened()
	p, _ := s.Get(context.Background(), purchaser, "p1")
	_, err := s.Get(context.Background(), stranger, "p1")
	fmt.Println(p.Name)
	fmt.Println(err)
	// Output:
	// Cuisines Vasseur
	// partner.not_found: no such partner
}

func ExampleService_Find() {
	page, err := opened().Find(context.Background(), operator, partner.Query{Type: partner.Dealer})
	for _, h := range page.Rows {
		fmt.Println(h.Number, h.Name)
	}
	fmt.Println(err)
	// Output:
	// FR10002527 Cuisines Vasseur
	// <nil>
}
