package pricing_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/uow"
)

func ExampleNewCodes() {
	tenant, _ := memstore.New(nil).For("fr")
	codes := pricing.NewCodes(uow.Narrow(tenant, func(tx store.Tx) pricing.CodeTx { return tx }), &pricing.CodeOptions{Zone: time.UTC})
	_, err := codes.GetCampaign(context.Background(), ada, "none")
	fmt.Println(err)
	// Output: pricing.no_campaign: no such campaign
}

func ExampleCodeText() {
	text, err := pricing.CodeText(" spring-7k4m 2q9p ")
	fmt.Println(text, err)
	fmt.Println(pricing.KeyOf("WELCOME10") == pricing.KeyOf("WELC0MEIO"))
	// Output:
	// SPRING7K4M2Q9P <nil>
	// true
}

func ExampleCheckCharacter() {
	c, err := pricing.CheckCharacter("7K4M2Q9P")
	fmt.Println(string(c), err)
	fmt.Println(pricing.Checked("7K4M2Q9P"+string(c)), pricing.Checked("7K4M2Q9B"+string(c)), pricing.Checked("K74M2Q9P"+string(c)))
	// Output:
	// 5 <nil>
	// true false false
}

func ExampleCodes_SaveCampaign() {
	d := newDesk()
	c, err := d.SaveCampaign(context.Background(), ada, pricing.SaveCampaignInput{Campaign: pricing.Campaign{
		ID: "spring", Name: "Spring fair", Prefix: "SPRING", Active: true, Limits: pricing.Limits{Total: 500, PerPartner: 2}}})
	fmt.Println(c.ID, c.Version, c.Hold, c.Limits.PerCart, c.OnCancel, err)
	// Output: spring 1 24h0m0s 1 return <nil>
}

func ExampleCodes_Generate() {
	d := newDesk()
	d.campaign(pricing.Campaign{Prefix: "SPRING"})
	codes, err := d.Generate(context.Background(), ada, pricing.GenerateInput{Key: "fair 2026", Campaign: "welcome", Codes: 3})
	for _, c := range codes {
		fmt.Println(len(c), c[:6], pricing.Checked(c[6:]))
	}
	fmt.Println(err)
	// Output:
	// 15 SPRING true
	// 15 SPRING true
	// 15 SPRING true
	// <nil>
}

func ExampleCodes_AddCode() {
	d := newDesk()
	d.campaign(pricing.Campaign{})
	c, err := d.AddCode(context.Background(), ada, pricing.AddCodeInput{Campaign: "welcome", Code: "Hello-Spring"})
	fmt.Println(c.Text, err)
	_, err = d.AddCode(context.Background(), ada, pricing.AddCodeInput{Campaign: "welcome", Code: "HELL0SPRING"})
	fmt.Println(err)
	// Output:
	// HELLOSPRING <nil>
	// pricing.code_exists: the discount code is already there
}

func ExampleCodes_Reserve() {
	d := newDesk()
	d.campaign(pricing.Campaign{Limits: pricing.Limits{Total: 1}})
	r, err := d.Reserve(context.Background(), nina, pricing.ReserveInput{Code: "welcome-10", Partner: "nord", Cart: "kitchen"})
	fmt.Println(r.Text, r.State, r.Until.Format(time.DateTime), err)

	_, err = d.Reserve(context.Background(), sven, pricing.ReserveInput{Code: "welcome-10", Partner: "sud", Cart: "bath"})
	var no *pricing.CodeRefused
	if errors.As(err, &no) {
		fmt.Println(no.Reason, no.Until.Format(time.DateTime))
	}
	// Output:
	// WELCOME10 reserved 2026-03-03 12:00:00 <nil>
	// reserved_elsewhere 2026-03-03 12:00:00
}

func ExampleCodes_Release() {
	d := newDesk()
	d.campaign(pricing.Campaign{Limits: pricing.Limits{Total: 1}})
	_, _ = d.reserve(nina, "kitchen")
	r, err := d.Release(context.Background(), nina, pricing.ReleaseInput{Code: "WELCOME10", Cart: "kitchen"})
	fmt.Println(r.State, err)
	_, err = d.reserve(sven, "bath")
	fmt.Println(err)
	// Output:
	// released <nil>
	// <nil>
}

func ExampleCodes_ConfirmTx() {
	d := newDesk()
	d.campaign(pricing.Campaign{Limits: pricing.Limits{Total: 1}})
	r, _ := d.reserve(nina, "kitchen")
	err := d.store.Update(context.Background(), func(ctx context.Context, tx store.Tx) error {
		used, err := d.ConfirmTx(ctx, tx, nina.Stamp(), pricing.ConfirmInput{Partner: "nord", Cart: "kitchen", Order: "o1",
			Codes: []pricing.UsedCode{r.Used()}})
		if err == nil {
			fmt.Println(used[0].State, used[0].Order)
		}
		return err
	})
	fmt.Println(err)
	// Output:
	// confirmed o1
	// <nil>
}

func ExampleCodes_Explain() {
	d := newDesk()
	d.campaign(pricing.Campaign{Limits: pricing.Limits{PerPartner: 1}})
	_, _ = d.confirm(nina, "kitchen", "o1")
	ans, err := d.Explain(context.Background(), nina, pricing.ExplainInput{Code: "WELCOME10", Partner: "nord", Cart: "bath"})
	fmt.Println(ans.Refused.Reason, ans.Refused.Used, "of", ans.Refused.Max, err)
	// Output: used_up_partner 1 of 1 <nil>
}

func ExampleCodes_Expire() {
	d := newDesk()
	d.campaign(pricing.Campaign{Hold: time.Hour})
	_, _ = d.reserve(nina, "kitchen")
	d.later(2 * time.Hour)
	n, err := d.Expire(context.Background(), ada, 0)
	fmt.Println(n, err)
	// Output: 1 <nil>
}
