package pricing_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

func euros(text string) *money.Amount {
	a := money.MustAmount(text, money.EUR)
	return &a
}

func perKg(text string) *money.Price {
	p := money.MustPrice(text, money.EUR)
	return &p
}

// ship is a rule of shipping at a fixed amount.
func ship(code, amount string, change ...func(r *pricing.ChargeRule)) pricing.ChargeRule {
	r := pricing.ChargeRule{Code: code, Kind: "shipping", Amount: pricing.ChargeAmount{Fixed: euros(amount)}}
	for _, f := range change {
		f(&r)
	}
	return r
}

func prior(n int) func(r *pricing.ChargeRule) { return func(r *pricing.ChargeRule) { r.Priority = n } }

// parcel is 87.70 of goods, 12.5 kg, to Lille.
func parcel() pricing.ChargeInput {
	return pricing.ChargeInput{Currency: money.EUR, Goods: *euros("87.70"), Weight: money.MustQuantity("12.5"), Country: "FR", Postcode: "59 000",
		Region: "north", Delivery: "DAP", Partner: "p1", Groups: []string{"gold"}, At: noon}
}

// Each condition on its own: it holds, or the rule says what is missing.
func TestConditionsOfCharges(t *testing.T) {
	kg := func(from, until string) *pricing.QuantityRange {
		return &pricing.QuantityRange{From: money.MustQuantity(from), Until: money.MustQuantity(until)}
	}
	for _, c := range []struct {
		name string
		when func(r *pricing.ChargeRule)
		want string // "" applies
	}{
		{"none", func(r *pricing.ChargeRule) {}, ""},
		{"goods from, included", func(r *pricing.ChargeRule) { r.When.Goods = &pricing.AmountRange{From: euros("87.70")} }, ""},
		{"goods from", func(r *pricing.ChargeRule) { r.When.Goods = &pricing.AmountRange{From: euros("100")} }, "12.30 EUR more of goods"},
		{"goods until, excluded", func(r *pricing.ChargeRule) { r.When.Goods = &pricing.AmountRange{Until: euros("87.70")} }, "less goods"},
		{"goods until", func(r *pricing.ChargeRule) { r.When.Goods = &pricing.AmountRange{Until: euros("80")} }, "7.70 EUR of goods is too much"},
		{"weight from, included", func(r *pricing.ChargeRule) { r.When.Weight = kg("12.5", "0") }, ""},
		{"weight from", func(r *pricing.ChargeRule) { r.When.Weight = kg("30", "0") }, "17.5 kg more of weight"},
		{"weight until, excluded", func(r *pricing.ChargeRule) { r.When.Weight = kg("0", "12.5") }, "less weight"},
		{"weight until", func(r *pricing.ChargeRule) { r.When.Weight = kg("0", "10") }, "2.5 kg of weight is too much"},
		{"country", func(r *pricing.ChargeRule) { r.When.To.Countries = []partner.Country{"BE", "FR"} }, ""},
		{"another country", func(r *pricing.ChargeRule) { r.When.To.Countries = []partner.Country{"BE"} }, "another place"},
		{"postcode, however it is written", func(r *pricing.ChargeRule) {
			r.When.To = pricing.ChargePlace{Countries: []partner.Country{"FR"}, Postcodes: []string{"2A", "5-90"}}
		}, ""},
		{"another postcode", func(r *pricing.ChargeRule) {
			r.When.To = pricing.ChargePlace{Countries: []partner.Country{"FR"}, Postcodes: []string{"2A", "20"}}
		}, "another place"},
		{"region", func(r *pricing.ChargeRule) { r.When.To.Regions = []string{"south"} }, "another place"},
		{"delivery", func(r *pricing.ChargeRule) { r.When.Delivery = []string{"pickup"} }, "another delivery"},
		{"partner", func(r *pricing.ChargeRule) { r.When.Partners = []access.PartnerID{"p1"} }, ""},
		{"another partner", func(r *pricing.ChargeRule) { r.When.Partners = []access.PartnerID{"p2"} }, "another buyer"},
		{"group", func(r *pricing.ChargeRule) { r.When.Groups = []string{"silver", "gold"} }, ""},
		{"another group", func(r *pricing.ChargeRule) { r.When.Groups = []string{"silver"} }, "another buyer"},
		{"until, excluded", func(r *pricing.ChargeRule) { r.Until = noon }, "another time"},
		{"not yet", func(r *pricing.ChargeRule) { r.From = noon.Add(1) }, "another time"},
		{"another currency", func(r *pricing.ChargeRule) {
			a := money.MustAmount("5", money.USD)
			r.Amount.Fixed = &a
		}, "another currency"},
		{"all that is missing", func(r *pricing.ChargeRule) {
			r.When = pricing.ChargeWhen{Goods: &pricing.AmountRange{From: euros("100")}, Weight: kg("30", "0"), Delivery: []string{"EXW"}, Groups: []string{"silver"}}
		}, "12.30 EUR more of goods, 17.5 kg more of weight, another delivery, another buyer"},
	} {
		r := ship("A", "9.90", c.when)
		got, err := pricing.ChooseCharges([]pricing.ChargeRule{r}, parcel())
		require.NoError(t, err, c.name)
		if c.want == "" {
			require.Empty(t, got.Others, c.name)
			require.Equal(t, "9.90", got.Chosen[0].Amount.Text(), c.name)
			continue
		}
		require.Empty(t, got.Chosen, c.name)
		var missing []string
		for _, m := range got.Others[0].Missing {
			missing = append(missing, m.String())
		}
		require.Equal(t, c.want, strings.Join(missing, ", "), c.name)
	}
}

func TestAmountsOfCharges(t *testing.T) {
	for _, c := range []struct {
		name   string
		amount pricing.ChargeAmount
		off    []pricing.ChargeOff
		want   string // full amount hint
	}{
		{"fixed", pricing.ChargeAmount{Fixed: euros("9.90")}, nil, "9.90 9.90 "},
		{"fixed at zero", pricing.ChargeAmount{Fixed: euros("0")}, nil, "0.00 0.00 "},
		{"per kg", pricing.ChargeAmount{PerKg: perKg("0.333")}, nil, "4.16 4.16 "},
		{"percent of goods", pricing.ChargeAmount{Percent: money.MustRate("2.5")}, nil, "2.19 2.19 "},
		{"their sum", pricing.ChargeAmount{Fixed: euros("1"), PerKg: perKg("0.333"), Percent: money.MustRate("2.5")}, nil, "7.35 7.35 "},
		{"at least", pricing.ChargeAmount{Percent: money.RateOf(1), Min: euros("5")}, nil, "5.00 5.00 "},
		{"at most", pricing.ChargeAmount{PerKg: perKg("2"), Max: euros("20")}, nil, "20.00 20.00 "},
		{"nearly free", pricing.ChargeAmount{Fixed: euros("9.90"), FreeFrom: euros("100")}, nil, "9.90 9.90 12.30 EUR more and shipping is free"},
		{"free at the amount", pricing.ChargeAmount{Fixed: euros("9.90"), FreeFrom: euros("87.70")}, nil, "0.00 0.00 "},
		{"percent off", pricing.ChargeAmount{Fixed: euros("9.90")}, []pricing.ChargeOff{{Percent: money.RateOf(50)}}, "9.90 4.95 "},
		{"never more than it is", pricing.ChargeAmount{Fixed: euros("9.90")}, []pricing.ChargeOff{{Amount: euros("15")}}, "9.90 0.00 "},
		{"nothing more to reach", pricing.ChargeAmount{Fixed: euros("9.90"), FreeFrom: euros("100")}, []pricing.ChargeOff{{Percent: money.RateOf(100)}}, "9.90 0.00 "},
		{"each on what is left", pricing.ChargeAmount{Fixed: euros("10")}, []pricing.ChargeOff{{Amount: euros("2")}, {Percent: money.RateOf(50)}}, "10.00 4.00 "},
		{"a campaign in use", pricing.ChargeAmount{Fixed: euros("10")}, []pricing.ChargeOff{{Amount: euros("2"), Campaign: "welcome"}}, "10.00 8.00 "},
		{"a campaign not in use", pricing.ChargeAmount{Fixed: euros("10")}, []pricing.ChargeOff{{Amount: euros("2"), Campaign: "other"}}, "10.00 10.00 "},
		{"a rule that applied", pricing.ChargeAmount{Fixed: euros("10")}, []pricing.ChargeOff{{Amount: euros("2"), Rule: "SPRING"}}, "10.00 8.00 "},
		{"a rule that did not", pricing.ChargeAmount{Fixed: euros("10")}, []pricing.ChargeOff{{Amount: euros("2"), Rule: "FALL"}}, "10.00 10.00 "},
	} {
		in := parcel()
		in.Campaigns, in.Rules = []string{"welcome"}, []string{"SPRING"}
		got, err := pricing.ChooseCharges([]pricing.ChargeRule{{Code: "A", Kind: "shipping", Amount: c.amount, Off: c.off}}, in)
		require.NoError(t, err, c.name)
		x := got.Chosen[0]
		require.Equal(t, c.want, x.Full.Text()+" "+x.Amount.Text()+" "+x.Hint(), c.name)
		left := x.Full
		for _, cut := range x.Off {
			left, err = left.Sub(cut.Amount)
			require.NoError(t, err)
		}
		require.Equal(t, x.Amount, left, c.name)
	}
}

// Of each kind the highest priority wins; the others say by whom they are
// beaten; knowledge counts.
func TestChoosingCharges(t *testing.T) {
	packing := ship("BOX", "2", func(r *pricing.ChargeRule) { r.Kind = "packing" })
	later := noon.Add(time.Hour)
	rules := []pricing.ChargeRule{
		ship("LOW", "20", prior(1)), ship("HIGH", "8", prior(5)), packing,
		ship("FAR", "50", prior(9), func(r *pricing.ChargeRule) { r.When.To.Countries = []partner.Country{"US"} }),
		ship("OLD", "1", prior(7), func(r *pricing.ChargeRule) { r.Gone = later }),
	}
	codes := func(in pricing.ChargeInput) (out []string) {
		got, err := pricing.ChooseCharges(rules, in)
		require.NoError(t, err)
		for _, c := range got.Chosen {
			out = append(out, c.Kind+" "+c.Code)
		}
		for _, o := range got.Others {
			out = append(out, o.Code+" < "+o.BeatenBy)
		}
		return out
	}
	in := parcel()
	require.Equal(t, []string{"packing BOX", "shipping HIGH", "LOW < HIGH", "FAR < "}, codes(in))
	in.Known = noon
	require.Equal(t, []string{"packing BOX", "shipping OLD", "LOW < OLD", "HIGH < OLD", "FAR < "}, codes(in))
	in.Country = "US"
	require.Equal(t, []string{"packing BOX", "shipping FAR", "LOW < FAR", "HIGH < FAR", "OLD < FAR"}, codes(in))
}

// Everything that is wrong is told at once.
func TestBadCharges(t *testing.T) {
	usd := money.MustAmount("5", money.USD)
	_, err := pricing.ChooseCharges([]pricing.ChargeRule{
		{Span: pricing.Span{From: noon, Until: noon}, TaxBy: "most", Priority: 2_000_000_000,
			When: pricing.ChargeWhen{Goods: new(pricing.AmountRange), Weight: new(pricing.QuantityRange)}},
		ship("A", "-1", func(r *pricing.ChargeRule) {
			r.Amount.Min, r.Amount.Max, r.Amount.FreeFrom = euros("5"), euros("4"), &usd
			r.Amount.PerKg, r.Amount.Percent = perKg("-1"), money.RateOf(101)
		}),
		ship("A", "1", func(r *pricing.ChargeRule) {
			r.When.Goods = &pricing.AmountRange{From: euros("5"), Until: euros("5")}
			r.When.Weight = &pricing.QuantityRange{From: money.QuantityOf(-1), Until: money.QuantityOf(-2)}
			r.When.To = pricing.ChargePlace{Postcodes: []string{" - "}}
			r.When.Groups = []string{""}
			r.Off = []pricing.ChargeOff{{}, {Percent: money.RateOf(5), Amount: euros("1"), Campaign: "x", Rule: "y"}}
		}),
	}, pricing.ChargeInput{Currency: money.EUR, Goods: usd, Weight: money.QuantityOf(-1), Country: "EL", Rounding: 99})
	require.ErrorIs(t, err, pricing.ErrCharges)
	require.Equal(t, []string{
		"charges[0].code required", "charges[0].kind required", "charges[0].priority pricing.range", "charges[0].until pricing.window",
		"charges[0].tax_by pricing.unknown", "charges[0].when.goods pricing.condition", "charges[0].when.weight pricing.condition",
		"charges[0].amount pricing.no_amount",
		"charges[1].amount.fixed pricing.negative", "charges[1].amount.per_kg pricing.negative", "charges[1].amount.percent pricing.rate",
		"charges[1].amount.free_from pricing.currency", "charges[1].amount.max pricing.range",
		"charges[2].when.goods.until pricing.range", "charges[2].when.weight.from pricing.negative", "charges[2].when.weight.until pricing.range",
		"charges[2].when.to.postcodes[0] pricing.required", "charges[2].when.to.countries pricing.required", "charges[2].when.groups[0] required",
		"charges[2].off[0] pricing.effect", "charges[2].off[1] pricing.effect", "charges[2].off[1].rule pricing.condition", "charges[2].code pricing.twice",
		"goods pricing.currency", "weight pricing.negative", "country pricing.country", "at pricing.no_instant", "rounding pricing.unknown",
	}, issuesAt(err))
}

// Two that apply with equal priority are a fault, and every such pair is told;
// two of equal conditions before anything is asked. Two of which one does not
// apply are none.
func TestChargesOfEqualRank(t *testing.T) {
	twins := []pricing.ChargeRule{ship("A", "1"), ship("B", "2"), ship("C", "3")}
	require.Equal(t, []string{"charges[1] pricing.ambiguous", "charges[2] pricing.ambiguous"}, issuesAt(pricing.CheckCharges(twins)))
	twins[1].Kind, twins[2].From, twins[0].Until = "packing", noon, noon
	require.NoError(t, pricing.CheckCharges(twins), "of other kinds, and one after the other")

	gold := func(r *pricing.ChargeRule) { r.When.Groups = []string{"gold"} }
	rules := []pricing.ChargeRule{ship("A", "1"), ship("B", "2", gold), ship("C", "3", prior(1))}
	require.NoError(t, pricing.CheckCharges(rules))
	got, err := pricing.ChooseCharges(rules, parcel())
	require.NoError(t, err, "both are beaten")
	require.Equal(t, "C", got.Chosen[0].Code)
	_, err = pricing.ChooseCharges(rules[:2], parcel())
	require.ErrorIs(t, err, pricing.ErrCharges)
	require.Equal(t, []string{"charges[1] pricing.ambiguous"}, issuesAt(err))
	in := parcel()
	in.Groups = nil
	_, err = pricing.ChooseCharges(rules[:2], in)
	require.NoError(t, err)

	most := money.FromMinor(1<<63-1, money.EUR)
	_, err = pricing.ChooseCharges([]pricing.ChargeRule{ship("A", "1", func(r *pricing.ChargeRule) {
		r.Amount.Fixed, r.Amount.PerKg = &most, perKg("9000000000000")
	})}, parcel())
	require.Equal(t, []string{"charges[0] money.overflow"}, issuesAt(err))
}

func TestWhoBearsACharge(t *testing.T) {
	at := func(net, category, rate string) pricing.ChargeLine {
		return pricing.ChargeLine{Net: *euros(net), Category: pricing.Category(category), Rate: money.MustRate(rate)}
	}
	lines := []pricing.ChargeLine{at("10", "S", "20"), at("30", "S", "5.5"), at("0", "S", "20"), at("15", "S", "20"), at("4", "Z", "0")}
	for _, c := range []struct {
		by   pricing.ChargeTax
		want []int
	}{
		{pricing.ByNet, []int{0, 1, 3, 4}}, {pricing.HighestRate, []int{0, 3}}, {pricing.LowestRate, []int{4}}, {pricing.MainRate, []int{1}},
	} {
		got, err := c.by.Bearers(lines)
		require.NoError(t, err)
		require.Equal(t, c.want, got, c.by)
		got, err = c.by.Bearers(lines[2:3])
		require.NoError(t, err)
		require.Empty(t, got, "no line has a net")
	}
	got, err := pricing.MainRate.Bearers([]pricing.ChargeLine{at("10", "S", "5.5"), at("10", "S", "20")})
	require.NoError(t, err)
	require.Equal(t, []int{1}, got, "of equal nets the higher rate")
	_, err = pricing.ByNet.Bearers([]pricing.ChargeLine{at("1", "S", "20"), {Net: money.MustAmount("1", money.USD), Category: "S", Rate: money.RateOf(20)}})
	require.ErrorIs(t, err, money.ErrCurrencyMismatch)
}

// The answer does not depend on the order of rules, amounts are never below
// zero, and of each kind there is one.
func TestLawsOfCharges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var rules []pricing.ChargeRule
		for i := range rapid.IntRange(0, 5).Draw(t, "rules") {
			r := ship(fmt.Sprint("R", i), "0", prior(i))
			r.Kind = rapid.SampledFrom([]string{"shipping", "packing"}).Draw(t, "kind")
			fixed := money.FromMinor(rapid.Int64Range(0, 5000).Draw(t, "fixed"), money.EUR)
			r.Amount = pricing.ChargeAmount{Fixed: &fixed, PerKg: perKg("0.07"), Percent: money.RateOf(rapid.Int64Range(0, 100).Draw(t, "percent"))}
			from := money.FromMinor(rapid.Int64Range(0, 20000).Draw(t, "from"), money.EUR)
			switch rapid.IntRange(0, 2).Draw(t, "what") {
			case 0:
				r.When.Goods = &pricing.AmountRange{From: &from}
			case 1:
				r.Amount.FreeFrom = &from
			}
			r.Off = []pricing.ChargeOff{{Amount: &from, Campaign: "a"}, {Percent: money.RateOf(33)}}
			rules = append(rules, r)
		}
		in := parcel()
		in.Goods = money.FromMinor(rapid.Int64Range(0, 20000).Draw(t, "goods"), money.EUR)
		in.Campaigns = rapid.SampledFrom([][]string{nil, {"a"}}).Draw(t, "campaigns")
		got, err := pricing.ChooseCharges(rules, in)
		require.NoError(t, err)
		again, err := pricing.ChooseCharges(shuffle(t, rules), in)
		require.NoError(t, err)
		require.Equal(t, got.Chosen, again.Chosen)
		require.ElementsMatch(t, got.Others, again.Others)
		require.Equal(t, len(rules), len(got.Chosen)+len(got.Others))
		kinds := map[string]bool{}
		for _, c := range got.Chosen {
			require.False(t, kinds[c.Kind])
			kinds[c.Kind] = true
			require.GreaterOrEqual(t, c.Amount.Sign(), 0)
			require.LessOrEqual(t, c.Amount.Minor(), c.Full.Minor())
			// What the hint says is true, to the cent: with it, it is free, and with
			// a cent less it is not.
			if c.Next == nil {
				continue
			}
			for short, free := range map[int64]bool{0: true, 1: false} {
				more := in
				more.Goods = money.FromMinor(in.Goods.Minor()+c.Next.Minor()-short, money.EUR)
				rule := rules[c.Code[1]-'0']
				then, err := pricing.ChooseCharges([]pricing.ChargeRule{rule}, more)
				require.NoError(t, err)
				require.Equal(t, free, then.Chosen[0].Free)
			}
		}
	})
}

// The weight is that of exact arithmetic, rounded up once.
func TestTotalWeight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var lines []pricing.Line
		sum := new(big.Int)
		for range rapid.IntRange(0, 5).Draw(t, "lines") {
			w, q := rapid.Int64Range(0, 1<<40).Draw(t, "weight"), rapid.Int64Range(1, 1<<40).Draw(t, "quantity")
			weight, _ := money.QuantityFromUnits(w)
			quantity, _ := money.QuantityFromUnits(q)
			lines = append(lines, pricing.Line{Weight: weight, Quantity: quantity})
			sum.Add(sum, new(big.Int).Mul(big.NewInt(w), big.NewInt(q)))
		}
		want, rest := new(big.Int).DivMod(sum, big.NewInt(10_000), new(big.Int))
		if rest.Sign() > 0 {
			want.Add(want, big.NewInt(1))
		}
		got, err := pricing.TotalWeight(lines)
		if !want.IsInt64() {
			require.ErrorIs(t, err, money.ErrOverflow)
			return
		}
		require.NoError(t, err)
		require.Equal(t, want.Int64(), got.Units())
	})
	huge, _ := money.QuantityFromUnits(1<<63 - 1)
	_, err := pricing.TotalWeight([]pricing.Line{{Weight: huge, Quantity: huge}, {Weight: huge, Quantity: huge}, {Weight: huge, Quantity: huge},
		{Weight: huge, Quantity: huge}, {Weight: huge, Quantity: huge}})
	require.ErrorIs(t, err, money.ErrOverflow)
	one := pricing.Line{Weight: huge, Quantity: money.QuantityOf(1)}
	got, err := pricing.TotalWeight([]pricing.Line{one})
	require.NoError(t, err)
	require.Equal(t, huge, got)
}

// FuzzCharges: whatever the amounts, charges are chosen or refused with issues,
// and are never below zero.
func FuzzCharges(f *testing.F) {
	f.Add(int64(990), int64(70000), int64(25000), int64(0), int64(8770), int64(125000), "59000", uint8(0))
	f.Add(int64(-1), int64(1<<62), int64(1_000_000), int64(1<<62), int64(1<<62), int64(1<<62), "", uint8(5))
	f.Fuzz(func(t *testing.T, fixed, micros, percent, least, goods, weight int64, postcode string, setup uint8) {
		a, m := money.FromMinor(fixed, money.EUR), money.FromMinor(least, money.EUR)
		price, _ := money.PriceFromMicros(micros, money.EUR)
		rate, _ := money.RateFromUnits(percent)
		kg, _ := money.QuantityFromUnits(weight)
		r := pricing.ChargeRule{Code: "A", Kind: "shipping", Amount: pricing.ChargeAmount{Fixed: &a, PerKg: &price, Percent: rate, FreeFrom: &m},
			When: pricing.ChargeWhen{To: pricing.ChargePlace{Countries: []partner.Country{"FR"}, Postcodes: []string{postcode}}},
			Off:  []pricing.ChargeOff{{Amount: &m, Campaign: "c"}, {Percent: rate}}}
		in := pricing.ChargeInput{Currency: money.EUR, Goods: money.FromMinor(goods, money.EUR), Weight: kg, Country: "FR", Postcode: postcode,
			At: noon, Rounding: money.Rounding(setup & 7), Campaigns: []string{"c"}}
		got, err := pricing.ChooseCharges([]pricing.ChargeRule{r}, in)
		if err != nil {
			require.ErrorIs(t, err, pricing.ErrCharges)
			require.NotEmpty(t, issuesAt(err))
			return
		}
		require.Len(t, got.Chosen, 1, "the postcode begins with itself")
		require.GreaterOrEqual(t, got.Chosen[0].Amount.Sign(), 0)
	})
}

func ExampleChooseCharges() {
	pickup := ship("PICKUP", "0", prior(9), func(r *pricing.ChargeRule) { r.When.Delivery = []string{"EXW"} })
	parcels := ship("PARCEL", "4.50", func(r *pricing.ChargeRule) {
		r.Amount.PerKg, r.Amount.FreeFrom = perKg("0.35"), euros("100")
		r.Off = []pricing.ChargeOff{{Percent: money.RateOf(50), Campaign: "welcome"}}
	})
	in := parcel()
	in.Campaigns = []string{"welcome"}
	got, err := pricing.ChooseCharges([]pricing.ChargeRule{pickup, parcels}, in)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range got.Chosen {
		fmt.Println(c.Kind, c.Code, c.Full, "less", c.Off[0].Campaign, c.Off[0].Amount, "is", c.Amount)
		fmt.Println(c.Hint())
	}
	fmt.Println(got.Others[0].Code, "needs", got.Others[0].Missing[0])
	// Output:
	// shipping PARCEL 8.88 EUR less welcome 4.44 EUR is 4.44 EUR
	// 12.30 EUR more and shipping is free
	// PICKUP needs another delivery
}
