package pricing_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

func plan(steps ...pricing.LadderStep) pricing.RebatePlan {
	return pricing.RebatePlan{Code: "BONUS", Window: year, Ladder: ladder(pricing.WholeLadder, steps...)}
}

func propose(t require.TestingT, l *pricing.Turnovers, in pricing.ProposeInput) pricing.RebateProposal {
	in.Partner = "p1"
	if in.Day.IsZero() {
		in.Day = day("2026-12-31")
	}
	p, err := l.Propose(context.Background(), clerk, in)
	require.NoError(t, err)
	return p
}

// A step that is reached late is due for everything before, and what comes back
// takes the rebate with it.
func TestRebateIsRetroactive(t *testing.T) {
	j := newJournal()
	l := pricing.NewTurnovers(j, nil)
	in := pricing.ProposeInput{Plan: plan(step(100_000, "2"), step(200_000, "5"))}
	record(t, l, j, bill("i1", "2026-02-01", "sku-0", 100_000))
	p := propose(t, l, in)
	require.Equal(t, eur(2_000), p.Due)
	require.Equal(t, eur(100_000), p.Next.Missing)
	require.Equal(t, eur(8_000), p.Next.Saves)

	in.Granted = p.Due
	record(t, l, j, bill("i2", "2026-11-01", "sku-1", 100_000))
	p = propose(t, l, in)
	require.Equal(t, eur(10_000), p.Earned)
	require.Equal(t, eur(8_000), p.Due)
	require.Nil(t, p.Next)
	require.Len(t, p.Shares, 2)
	require.Equal(t, eur(4_000), p.Shares[0].Amount)
	require.Equal(t, "N-i1", p.Shares[0].Document.Number)

	in.Granted = eur(10_000)
	record(t, l, j, creditOf("i1", "c1", "2026-12-01", "sku-0", 60_000))
	p = propose(t, l, in)
	require.Equal(t, eur(140_000), p.Turnover)
	require.Equal(t, eur(2_800), p.Earned)
	require.Equal(t, eur(-7_200), p.Due)
	require.Equal(t, []int64{40_000, 100_000}, []int64{p.Shares[0].Net.Minor(), p.Shares[1].Net.Minor()}, "the credit note goes off its invoice")
	require.Equal(t, []int64{-2_057, -5_143}, []int64{p.Shares[0].Amount.Minor(), p.Shares[1].Amount.Minor()})
	require.Equal(t, []string{
		"BONUS: turnover of p1 from 2026-01-01 to 2026-12-31 is 1400.00 EUR",
		"2 % of 1400.00 EUR is 28.00 EUR",
		"earned 28.00 EUR, granted before 100.00 EUR",
		"to be taken back 72.00 EUR",
		"N-i1 of 2026-02-01: -20.57 EUR on 400.00 EUR",
		"N-i2 of 2026-11-01: -51.43 EUR on 1000.00 EUR",
		"600.00 EUR more reach 5 % from 2000.00 EUR and earn 72.00 EUR more",
	}, p.Text())
}

func TestRebateOfAFamily(t *testing.T) {
	j := newJournal()
	l := pricing.NewTurnovers(j, nil)
	in := pricing.ProposeInput{Plan: plan(step(0, "10"))}
	in.Plan.Family = catalog.Family{Super: "kitchen", Family: "ovens"}
	record(t, l, j, bill("i1", "2026-02-01", "sku-0", 1_000))
	record(t, l, j, bill("i2", "2026-02-01", "sku-1", 1_000))
	p := propose(t, l, in)
	require.Equal(t, eur(1_000), p.Turnover)
	require.Len(t, p.Shares, 1)
	require.Equal(t, "i1", p.Shares[0].Document.ID)
}

// When nothing is left of any invoice, what is to be taken back falls on none.
func TestRebateRest(t *testing.T) {
	j := newJournal()
	l := pricing.NewTurnovers(j, nil)
	record(t, l, j, bill("i1", "2026-02-01", "sku-0", 1_000))
	record(t, l, j, creditOf("i1", "c1", "2026-02-02", "sku-0", 1_000))
	p := propose(t, l, pricing.ProposeInput{Plan: plan(step(0, "10")), Granted: eur(100)})
	require.Empty(t, p.Shares)
	require.Equal(t, eur(-100), p.Due)
	require.Equal(t, p.Due, p.Rest)
	require.Contains(t, p.Text(), "on no invoice: -1.00 EUR")
	require.Contains(t, p.Text(), "no step is reached that earns something")

	p = propose(t, l, pricing.ProposeInput{Plan: plan(step(0, "10"))})
	require.Contains(t, p.Text(), "nothing is due")
}

// The credit notes by which a rebate was given are no turnover, whenever they
// were made, and so settle it instead of lowering it.
func TestRebateGrantedByCreditNotes(t *testing.T) {
	j := newJournal()
	l := pricing.NewTurnovers(j, &pricing.TurnoverOptions{Now: ticking()})
	in := pricing.ProposeInput{Plan: plan(step(0, "10"))}
	record(t, l, j, bill("i1", "2026-02-01", "sku-0", 10_000))
	record(t, l, j, creditOf("i1", "r1", "2026-06-30", "", 600))
	record(t, l, j, creditOf("i1", "r2", "2027-01-15", "", 400))
	record(t, l, j, creditOf("i0", "old", "2026-01-15", "", 777))
	p := propose(t, l, in)
	require.Equal(t, eur(8_623), p.Turnover, "a credit note like any other, unless it is named")
	in.GrantedBy, in.Except = []string{"r1", "r2"}, []string{"old"}
	p = propose(t, l, in)
	require.Equal(t, eur(10_000), p.Turnover)
	require.Equal(t, eur(1_000), p.Granted)
	require.True(t, p.Due.IsZero())

	// As it was known before the second.
	in.Known = j.entries[1].Known
	p = propose(t, l, in)
	require.Equal(t, eur(600), p.Granted)

	in.GrantedBy = []string{"r1", "r1"}
	in.Partner = "p1"
	_, err := l.Propose(context.Background(), clerk, in)
	require.Equal(t, []string{"granted_by[1]"}, paths(err))
}

func TestRebatePlanReportsEverything(t *testing.T) {
	err := pricing.RebatePlan{Window: pricing.Window{Kind: "century"}, Family: catalog.Family{Sub: "steam"}, Ladder: ladder("whole")}.Check()
	require.ErrorIs(t, err, pricing.ErrRebate)
	require.Equal(t, []string{"code", "window", "family.sub", "ladder.steps"}, paths(err))
	_, err = pricing.NewTurnovers(newJournal(), nil).Propose(context.Background(), clerk,
		pricing.ProposeInput{Plan: plan(step(0, "10")), Granted: money.FromMinor(1, money.JPY), Except: make([]string, 501)})
	require.Equal(t, []string{"partner", "except", "granted"}, paths(err))
}

func TestRebatePlanFits(t *testing.T) {
	who := partner.Partner{ID: "p1", Groups: []string{"gold"},
		Agreements: []partner.Agreement{{ID: "a1", Validity: partner.Validity{Until: day("2026-04-30")}}, {ID: "a2"}}}
	on := day("2026-05-01")
	for _, c := range []struct {
		plan pricing.RebatePlan
		fits bool
	}{
		{pricing.RebatePlan{}, true},
		{pricing.RebatePlan{Partners: []partner.ID{"p1"}}, true},
		{pricing.RebatePlan{Partners: []partner.ID{"p2"}}, false},
		{pricing.RebatePlan{Partners: []partner.ID{"p2"}, Groups: []string{"gold"}}, true},
		{pricing.RebatePlan{Groups: []string{"silver"}}, false},
		{pricing.RebatePlan{Agreements: []partner.AgreementID{"a1"}}, false},
		{pricing.RebatePlan{Agreements: []partner.AgreementID{"a1", "a2"}}, true},
	} {
		require.Equal(t, c.fits, c.plan.Fits(who, on), "%+v", c.plan)
	}
}

// The rebate depends on the documents, not on the order in which they became
// known, nor on what they were before; and its shares sum to it.
func TestRebateLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var told []pricing.TurnoverInput
		last := map[string]int{}
		for i := range rapid.IntRange(1, 25).Draw(t, "acts") {
			in := anyDocument(t)
			told = append(told, in)
			last[in.Document.ID] = i
		}
		in := pricing.ProposeInput{Plan: pricing.RebatePlan{Code: "LAW", Window: year, Ladder: anyLadder(t)}, Day: day("2026-12-31"),
			Granted: eur(rapid.Int64Range(-200, 5_000).Draw(t, "granted"))}
		if rapid.Bool().Draw(t, "narrow") {
			in.Plan.Family = catalog.Family{Super: "kitchen"}
		}
		j := newJournal()
		l := pricing.NewTurnovers(j, &pricing.TurnoverOptions{Now: ticking()})
		for _, one := range told {
			record(t, l, j, one)
		}
		want := propose(t, l, in)

		// Another order of arrival, in which only the last state of each document
		// stays where the others may come before it, twice or never.
		order := rapid.Permutation(indexes(last)).Draw(t, "order")
		j2 := newJournal()
		l2 := pricing.NewTurnovers(j2, &pricing.TurnoverOptions{Now: ticking()})
		for _, i := range order {
			for k, one := range told[:i] {
				if one.Document.ID == told[i].Document.ID && rapid.Bool().Draw(t, fmt.Sprint("before ", k)) {
					record(t, l2, j2, one)
				}
			}
			record(t, l2, j2, told[i])
		}
		require.Equal(t, want, propose(t, l2, in))

		require.Equal(t, want.Earned.Minor()-want.Granted.Minor(), want.Due.Minor())
		sum := want.Rest.Minor()
		for _, s := range want.Shares {
			sum += s.Amount.Minor()
			require.Equal(t, want.Due.Sign(), s.Amount.Sign())
			require.Positive(t, s.Net.Minor())
		}
		require.Equal(t, want.Due.Minor(), sum)
	})
}

func indexes(m map[string]int) []int {
	var out []int
	for n := range 5 {
		if i, ok := m[fmt.Sprint("i", n)]; ok {
			out = append(out, i)
		}
	}
	return out
}
