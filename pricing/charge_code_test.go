package pricing_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

// A code whose worth is a discount on shipping is used by it, or says why not.
func TestCodesOfCharges(t *testing.T) {
	half := pricing.ChargeOff{Percent: money.RateOf(50), Campaign: "freight"}
	coded := func(change ...func(r *pricing.ChargeRule)) pricing.ChargeRule {
		r := ship("PARCEL", "10", change...)
		r.Off = append(r.Off, half)
		return r
	}
	usd := money.MustAmount("5", money.USD)
	for name, c := range map[string]struct {
		charges []pricing.ChargeRule
		applied bool
		reason  pricing.CodeReason
		missing string
		by      string
	}{
		"takes half":    {charges: []pricing.ChargeRule{coded()}, applied: true},
		"has no charge": {charges: []pricing.ChargeRule{ship("PARCEL", "10")}, reason: pricing.NoRule},
		"is beaten":     {charges: []pricing.ChargeRule{coded(), ship("PALLET", "30", prior(1))}, reason: pricing.CodeBeaten, by: "PALLET"},
		"is free already": {charges: []pricing.ChargeRule{coded(func(r *pricing.ChargeRule) { r.Amount.FreeFrom = euros("50") })},
			reason: pricing.ConditionNotMet, missing: "would take nothing off"},
		"lacks goods": {charges: []pricing.ChargeRule{coded(func(r *pricing.ChargeRule) { r.When.Goods = &pricing.AmountRange{From: euros("150")} })},
			reason: pricing.MinimumNotReached, missing: "50.00 EUR more in the basket"},
		"has too much": {charges: []pricing.ChargeRule{coded(func(r *pricing.ChargeRule) { r.When.Goods = &pricing.AmountRange{Until: euros("80")} })},
			reason: pricing.ConditionNotMet, missing: "above its bound"},
		"lacks weight": {charges: []pricing.ChargeRule{coded(func(r *pricing.ChargeRule) {
			r.When.Weight = &pricing.QuantityRange{From: money.QuantityOf(20)}
		})}, reason: pricing.ConditionNotMet, missing: "8 kg more"},
		"goes elsewhere": {charges: []pricing.ChargeRule{coded(func(r *pricing.ChargeRule) { r.When.To.Countries = []partner.Country{"BE"} })},
			reason: pricing.ConditionNotMet, missing: "for other destinations"},
		"goes otherwise": {charges: []pricing.ChargeRule{coded(func(r *pricing.ChargeRule) { r.When.Delivery = []string{"EXW"} })},
			reason: pricing.ConditionNotMet, missing: "for other terms of delivery"},
		"is for others": {charges: []pricing.ChargeRule{coded(func(r *pricing.ChargeRule) { r.When.Groups = []string{"gold"} })},
			reason: pricing.ConditionNotMet, missing: "for other buyers"},
		"is of another currency": {charges: []pricing.ChargeRule{coded(func(r *pricing.ChargeRule) { r.Amount.Fixed = &usd })},
			reason: pricing.ConditionNotMet, missing: "in USD only"},
		"has ended": {charges: []pricing.ChargeRule{coded(func(r *pricing.ChargeRule) { r.Until = noon })}, reason: pricing.NoRule},
		"is not known yet": {charges: []pricing.ChargeRule{coded(func(r *pricing.ChargeRule) { r.Known = noon.Add(time.Hour) })},
			reason: pricing.NoRule},
	} {
		t.Run(name, func(t *testing.T) {
			tf := tariff(t, pricing.EN16931())
			tf.Charges = c.charges
			b := basket(money.EUR, line{"100", "1", "standard", false})
			b.Lines[0].Weight = money.QuantityOf(12)
			b.Codes = []pricing.UsedCode{{Code: "F-1", Campaign: "freight"}}
			o := quote(t, engine(t, tf), b).Codes[0]
			require.Equal(t, c.applied, o.Applied)
			require.Equal(t, c.reason, o.Reason)
			require.Equal(t, c.by, o.By)
			if c.missing == "" {
				require.Nil(t, o.Missing)
			} else {
				require.Equal(t, c.missing, o.Missing.String())
			}
		})
	}
}

// A code with a rule and a discount on shipping is used if either takes
// something; else the rule says why not.
func TestCodesOfRulesAndCharges(t *testing.T) {
	r := off("WELCOME", "10", pricing.OnOrder, 1)
	r.When.Campaign, r.When.Basket = "freight", &pricing.AmountRange{From: euros("150")}
	tf := tariff(t, pricing.EN16931(), r)
	tf.Charges = []pricing.ChargeRule{ship("PARCEL", "10", func(r *pricing.ChargeRule) {
		r.Off = []pricing.ChargeOff{{Amount: euros("4"), Campaign: "freight"}}
	})}
	b := basket(money.EUR, line{"100", "1", "standard", false})
	b.Codes = []pricing.UsedCode{{Code: "F-1", Campaign: "freight"}, {Code: "F-2", Campaign: "freight"}}
	q := quote(t, engine(t, tf), b)
	require.True(t, q.Codes[0].Applied)
	require.Equal(t, "6.00 EUR", q.Adjustments[0].Amount.String())
	require.Equal(t, pricing.CodeBeaten, q.Codes[1].Reason)
	tf.Charges[0].When.Groups = []string{"gold"}
	q = quote(t, engine(t, tf), b)
	require.Equal(t, pricing.MinimumNotReached, q.Codes[0].Reason)
}
