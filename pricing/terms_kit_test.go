package pricing_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/uow"
)

var termsAdmin = access.Actor{ID: "adele", Roles: []access.Role{access.Admin}}

// termsFeed is two partners with all that hangs on them.
func termsFeed() pricing.TermsFeed {
	return pricing.TermsFeed{
		Partners: []pricing.FeedPartner{{ID: "p1", Name: "Vasseur", Number: "FR1"}, {ID: "p2", Name: "Studio Lindt", Number: "FR2", Type: partner.Studio}},
		Contracts: []pricing.FeedContract{{ID: "c1", Number: "2026/17", Partner: "p1"},
			{ID: "c2", Number: "2026/18", Partner: "p2", From: partner.MustDate("2026-01-01")}},
		Counterparties: []pricing.FeedCounterparty{
			{ID: "cp1", Name: "Vasseur SARL", Country: "FR", VATID: "FR40303265045", Contracts: []partner.ContractID{"c1"}},
			{ID: "cp2", Name: "Lindt GmbH", Country: "DE", Contracts: []partner.ContractID{"c2"}}},
		Agreements: []pricing.FeedAgreement{{ID: "a1", Name: "Spring", Contract: "c1"}, {ID: "a2", Name: "Studios", Partner: "p2"}},
		Discounts:  []pricing.FeedDiscount{{ID: "d1", Name: "Partner 10 %"}, {Name: "Сезон"}},
		Actions: []pricing.FeedAction{
			{DiscountID: "d1", Discount: "Partner 10 %", Agreement: "a1", From: partner.MustDate("2026-03-01"), Until: partner.MustDate("2026-03-31"), Agent: "omar"},
			{Discount: "Сезон", Agreement: "a2"}},
	}
}

func planned(t require.TestingT, have pricing.Terms, feed pricing.TermsFeed, at time.Time) pricing.TermsPlan {
	plan, err := pricing.PlanTerms(have, feed, at, nil)
	require.NoError(t, err)
	return plan
}

// termsBook keeps partners in a store.
type termsBook struct {
	run      uow.Runner[partner.Tx]
	partners *partner.Service
}

func newTermsBook(t testing.TB) termsBook {
	st := memstore.New(nil)
	t.Cleanup(func() { _ = st.Close() })
	shop, err := st.For("fr")
	require.NoError(t, err)
	run := uow.Narrow(shop, func(tx store.Tx) partner.Tx { return tx })
	return termsBook{run, partner.NewService(run, &partner.Options{Now: func() time.Time { return noon }})}
}

// carry out returns the terms as they are afterwards.
func (b termsBook) carryOut(t testing.TB, have pricing.Terms, plan pricing.TermsPlan) pricing.Terms {
	got, err := pricing.SaveTerms(t.Context(), b.run, b.partners, termsAdmin, pricing.SaveTermsInput{Plan: plan})
	require.NoError(t, err)
	saved := map[partner.ID]bool{}
	for _, p := range got.Partners {
		saved[p.ID] = true
	}
	for _, p := range have.Partners {
		if !saved[p.ID] {
			got.Partners = append(got.Partners, p)
		}
	}
	return got
}

// issuesAt are the issues of an error, "path code" each.
func issuesAt(err error) []string {
	var out []string
	for _, i := range fault.IssuesOf(err) {
		out = append(out, i.Path+" "+i.Code)
	}
	return out
}

// money100 is a basket's arguments: one line of 100.00.
func money100() (money.Currency, line) { return money.EUR, line{"100", "1", "standard", false} }

func isBlank(s string) bool { return strings.TrimSpace(s) == "" }
