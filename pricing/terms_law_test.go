package pricing_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

// drawFeed makes feeds that are sound, over few ids so that they meet.
func drawFeed(t *rapid.T) pricing.TermsFeed {
	var f pricing.TermsFeed
	for i := range rapid.IntRange(1, 3).Draw(t, "partners") {
		id := fmt.Sprintf("p%d", i)
		f.Partners = append(f.Partners, pricing.FeedPartner{ID: partner.ID(id), Number: "N" + id, Name: rapid.SampledFrom([]string{"A", "B"}).Draw(t, "name")})
		for k := range rapid.IntRange(0, 2).Draw(t, "contracts") {
			c := partner.ContractID(fmt.Sprintf("%s-c%d", id, k))
			f.Contracts = append(f.Contracts, pricing.FeedContract{ID: c, Number: "n", Partner: partner.ID(id), Until: drawDay(t)})
			f.Counterparties = append(f.Counterparties, pricing.FeedCounterparty{ID: partner.CounterpartyID("of-" + string(c)), Name: "x", Country: "FR",
				Contracts: []partner.ContractID{c}})
			f.Agreements = append(f.Agreements, pricing.FeedAgreement{ID: partner.AgreementID("by-" + string(c)), Name: "y", Contract: c})
		}
		f.Agreements = append(f.Agreements, pricing.FeedAgreement{ID: partner.AgreementID("a-" + id), Name: "z", Partner: partner.ID(id)})
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "discounts") {
		// Ids 0 and 1 may be renamed, discount 2 has no id.
		d := pricing.FeedDiscount{ID: fmt.Sprintf("d%d", i), Name: fmt.Sprintf("%d%s", i, rapid.SampledFrom([]string{"", "!", "?"}).Draw(t, "mark"))}
		if i == 2 {
			d.ID = ""
		}
		f.Discounts = append(f.Discounts, d)
		for _, a := range f.Agreements {
			if !rapid.Bool().Draw(t, "granted") {
				continue
			}
			x := pricing.FeedAction{DiscountID: d.ID, Agreement: a.ID, From: drawDay(t), Agent: rapid.SampledFrom([]string{"", "omar"}).Draw(t, "agent")}
			if d.ID == "" || rapid.Bool().Draw(t, "by name too") {
				x.Discount = d.Name
			}
			f.Actions = append(f.Actions, x)
		}
	}
	return f
}

func drawDay(t *rapid.T) partner.Date {
	return rapid.SampledFrom([]partner.Date{{}, partner.MustDate("2026-01-01"), partner.MustDate("2026-06-30")}).Draw(t, "day")
}

func shuffled(t *rapid.T, f pricing.TermsFeed) pricing.TermsFeed {
	return pricing.TermsFeed{
		Partners: shuffle(t, f.Partners), Contracts: shuffle(t, f.Contracts), Counterparties: shuffle(t, f.Counterparties),
		Agreements: shuffle(t, f.Agreements), Discounts: shuffle(t, f.Discounts), Actions: shuffle(t, f.Actions),
	}
}

func shuffle[T any](t *rapid.T, list []T) []T {
	if len(list) == 0 {
		return list
	}
	return rapid.Permutation(slices.Clone(list)).Draw(t, "order")
}

// after is what is there once a plan is carried out.
func after(have pricing.Terms, plan pricing.TermsPlan) pricing.Terms {
	out := pricing.Terms{Partners: slices.Clone(have.Partners), Discounts: plan.Discounts, Actions: plan.Actions}
	for _, p := range plan.Partners {
		p.Version++
		i := slices.IndexFunc(out.Partners, func(x partner.Partner) bool { return x.ID == p.ID })
		if i < 0 {
			out.Partners = append(out.Partners, p)
			continue
		}
		out.Partners[i] = p
	}
	return out
}

func agreementsOf(have pricing.Terms) (out []partner.AgreementID) {
	for _, p := range have.Partners {
		for _, a := range p.Agreements {
			out = append(out, a.ID)
		}
	}
	return out
}

// granted is who has which discount at an instant, as known at another.
func granted(t require.TestingT, have pricing.Terms, valid, known time.Time) []string {
	var names []string
	for _, d := range have.Discounts {
		names = append(names, d.Name)
	}
	b, err := pricing.BindTerms(names, have.Discounts, have.Actions, agreementsOf(have))
	require.NoError(t, err)
	var out []string
	for _, l := range b.Links {
		if l.Covers(valid, known) {
			out = append(out, l.Name+" → "+string(l.Agreement))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// The laws of re-import: a feed changes nothing the second time, the order of
// its rows nothing at all; nothing is deleted; what was known before a feed is
// known of that time for ever; and what is known now is the last feed.
func TestLawsOfTerms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var have pricing.Terms
		type memory struct {
			known time.Time
			had   []string
		}
		var past []memory
		valid := rapid.SampledFrom([]time.Time{noon, noon.AddDate(1, 0, 0), noon.AddDate(-1, 0, 0)}).Draw(t, "valid")
		at := noon
		for range rapid.IntRange(1, 4).Draw(t, "feeds") {
			f := drawFeed(t)
			plan := planned(t, have, f, at)
			require.Equal(t, plan, planned(t, have, shuffled(t, f), at))
			require.GreaterOrEqual(t, len(plan.Actions), len(have.Actions))
			require.GreaterOrEqual(t, len(plan.Discounts), len(have.Discounts))
			for i, was := range have.Actions {
				is := plan.Actions[i]
				if was.Gone.IsZero() {
					is.Gone = time.Time{}
				}
				require.Equal(t, was, is, "but for Gone a record stays as it is")
			}
			have = after(have, plan)

			again := planned(t, have, shuffled(t, f), at.Add(time.Minute))
			require.True(t, again.Report.Unchanged(), "%+v", again.Report)
			require.Empty(t, again.Partners)
			require.Equal(t, have.Discounts, again.Discounts)
			require.Equal(t, have.Actions, again.Actions)

			require.Equal(t, fed(f, valid), granted(t, have, valid, time.Time{}))
			for _, m := range past {
				require.Equal(t, m.had, granted(t, have, valid, m.known))
			}
			past = append(past, memory{at, granted(t, have, valid, at)})
			at = at.Add(time.Duration(rapid.IntRange(1, 3).Draw(t, "later")) * time.Hour)
		}
	})
}

// fed is what a feed grants at an instant: the oracle of granted.
func fed(f pricing.TermsFeed, valid time.Time) []string {
	var out []string
	day, _ := partner.NewDate(valid.Year(), valid.Month(), valid.Day())
	for _, a := range f.Actions {
		if !a.From.IsZero() && day.Before(a.From) || !a.Until.IsZero() && day.After(a.Until) {
			continue
		}
		for _, d := range f.Discounts {
			if a.DiscountID != "" && d.ID == a.DiscountID || a.DiscountID == "" && d.Name == a.Discount {
				out = append(out, d.Name+" → "+string(a.Agreement))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
