package pricing_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/uow"
)

const springFeed = `{
	"partners": [{"id": "p1", "number": "FR1", "name": "Cuisines Vasseur"}],
	"contracts": [{"id": "c1", "number": "2026/17", "partner": "p1"}],
	"counterparties": [{"id": "cp1", "name": "Vasseur SARL", "country": "FR", "contracts": ["c1"]}],
	"agreements": [{"id": "a1", "name": "Spring", "contract": "c1"}],
	"discounts": [{"id": "17", "name": "Partner 10 %"}],
	"actions": [{"discount_id": "17", "agreement": "a1", "until": "2026-06-30", "agent": "omar"}]
}`

func ExampleReadTerms() {
	_, err := pricing.ReadTerms(strings.NewReader(`{"contracts": [{"id": 7, "from": "2026-02-30"}], "rebates": [],
		"partners": [], "counterparties": [], "agreements": [], "discounts": []}`))
	for _, i := range fault.IssuesOf(err) {
		fmt.Println(i.Path, i.Code)
	}
	// Output:
	// contracts[0].id pricing.json
	// contracts[0].from pricing.json
	// rebates pricing.json
	// actions pricing.required
}

func ExamplePlanTerms() {
	feed, _ := pricing.ReadTerms(strings.NewReader(springFeed))
	monday := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	plan, err := pricing.PlanTerms(pricing.Terms{}, feed, monday, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(plan.Report.Partners.New, "partner,", plan.Report.Actions.New, "action, until", plan.Actions[0].Until.Format(time.RFC3339))

	feed.Partners = nil
	_, err = pricing.PlanTerms(pricing.Terms{}, feed, monday, nil)
	for _, i := range fault.IssuesOf(err) {
		fmt.Println(i)
	}
	// Output:
	// 1 partner, 1 action, until 2026-07-01T00:00:00Z
	// contracts[0].partner: the feed has no "p1" in partners (pricing.no_parent)
	// counterparties[0].contracts[0]: contracts[0] is refused, and this with it (pricing.follows)
	// agreements[0].contract: contracts[0] is refused, and this with it (pricing.follows)
	// actions[0].agreement: agreements[0] is refused, and this with it (pricing.follows)
}

func ExampleSaveTerms() {
	st := memstore.New(nil)
	defer st.Close()
	shop, _ := st.For("fr")
	run := uow.Narrow(shop, func(tx store.Tx) partner.Tx { return tx })
	admin := access.Actor{ID: "adele", Roles: []access.Role{access.Admin}}

	feed, _ := pricing.ReadTerms(strings.NewReader(springFeed))
	plan, _ := pricing.PlanTerms(pricing.Terms{}, feed, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), nil)
	saved, err := pricing.SaveTerms(context.Background(), run, partner.NewService(run, nil), admin, pricing.SaveTermsInput{Plan: plan})
	if err != nil {
		fmt.Println(err)
		return
	}
	tariff := pricing.Tariff{Name: "2026-03", Discounts: saved.Discounts, Actions: saved.Actions}
	p := saved.Partners[0]
	fmt.Println(p.Number, p.Contracts[0].Number, p.Agreements[0].Name, tariff.Discounts[0].Name)
	// Output: FR1 2026/17 Spring Partner 10 %
}

func ExampleBindTerms() {
	directory := []pricing.Discount{{Name: "CЕЗОН"}, {Name: "Partner 10 %"}}
	actions := []pricing.Action{{Name: "Partner 10 %", Agreement: "a1"}, {Name: "CЕЗОН", Agreement: "a1"}}
	b, err := pricing.BindTerms([]string{"Partner 10 %", "СЕЗОН"}, directory, actions, []partner.AgreementID{"a1"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range b.Links {
		fmt.Println(l.Name, "is bound to", l.Agreement)
	}
	for _, m := range b.NearMisses {
		fmt.Println(m.Path, "is not bound:", m.Differ[0])
	}
	// Output:
	// Partner 10 % is bound to a1
	// names[1] is not bound: at 0: U+0421 'С' is not U+0043 'C'
}
