package pricing_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/uow"
)

// Every stage asks for its parents, and what depends on a refused row says so.
func TestTermsAreWholeOrRefused(t *testing.T) {
	contracts := func(ids ...partner.ContractID) []partner.ContractID { return ids }
	for _, c := range []struct {
		name string
		do   func(f *pricing.TermsFeed)
		want []string
	}{
		{"a missing partner takes its dependants along", func(f *pricing.TermsFeed) { f.Partners = f.Partners[1:] },
			[]string{"contracts[0].partner pricing.no_parent", "counterparties[0].contracts[0] pricing.follows",
				"agreements[0].contract pricing.follows", "actions[0].agreement pricing.follows"}},
		{"a partner that is not valid, likewise", func(f *pricing.TermsFeed) { f.Partners[0].Number = "FR 1" },
			[]string{"partners[0].number number.shape", "contracts[0].partner pricing.follows", "counterparties[0].contracts[0] pricing.follows",
				"agreements[0].contract pricing.follows", "actions[0].agreement pricing.follows"}},
		{"a missing contract", func(f *pricing.TermsFeed) { f.Contracts = f.Contracts[1:] },
			[]string{"counterparties[0].contracts[0] pricing.no_parent", "agreements[0].contract pricing.no_parent", "actions[0].agreement pricing.follows"}},
		{"a contract without counterparty", func(f *pricing.TermsFeed) { f.Counterparties = f.Counterparties[1:] },
			[]string{"contracts[0] pricing.required", "agreements[0].contract pricing.follows", "actions[0].agreement pricing.follows"}},
		{"a counterparty that is not valid", func(f *pricing.TermsFeed) { f.Counterparties[0].VATID = "FR99303265045" },
			[]string{"counterparties[0].vat_id vat_id.invalid", "contracts[0] pricing.follows", "agreements[0].contract pricing.follows",
				"actions[0].agreement pricing.follows"}},
		{"a contract of two counterparties", func(f *pricing.TermsFeed) { f.Counterparties[1].Contracts = contracts("c2", "c1") },
			[]string{"counterparties[1].contracts[1] pricing.shared", "contracts[1] pricing.follows"}},
		{"a counterparty of two partners", func(f *pricing.TermsFeed) {
			f.Counterparties = f.Counterparties[:1]
			f.Counterparties[0].Contracts = contracts("c1", "c2")
		}, []string{"counterparties[0].contracts[1] pricing.elsewhere", "contracts[0] pricing.follows", "contracts[1] pricing.follows",
			"agreements[0].contract pricing.follows", "actions[0].agreement pricing.follows"}},
		{"a counterparty without contract", func(f *pricing.TermsFeed) {
			f.Counterparties = append(f.Counterparties, pricing.FeedCounterparty{ID: "cp3", Name: "Loose"})
		}, []string{"counterparties[2].contracts pricing.required"}},
		{"an agreement of nobody", func(f *pricing.TermsFeed) { f.Agreements[1].Partner = "" },
			[]string{"agreements[1].partner pricing.required", "actions[1].agreement pricing.follows"}},
		{"an agreement whose contract is another's", func(f *pricing.TermsFeed) { f.Agreements[1].Contract = "c1" },
			[]string{"agreements[1].partner pricing.contradiction", "actions[1].agreement pricing.follows"}},
		{"a missing agreement", func(f *pricing.TermsFeed) { f.Agreements = f.Agreements[:1] }, []string{"actions[1].agreement pricing.no_parent"}},
		{"the same id twice", func(f *pricing.TermsFeed) { f.Agreements = append(f.Agreements, f.Agreements[1]) },
			[]string{"agreements[2].id pricing.twice", "actions[1].agreement pricing.follows"}},
		{"names and ids twice in the directory", func(f *pricing.TermsFeed) {
			f.Discounts = append(f.Discounts, pricing.FeedDiscount{ID: "d1", Name: "Сезон"})
		}, []string{"discounts[2].name pricing.twice", "discounts[2].id pricing.twice"}},
		{"a name that is only nearly there", func(f *pricing.TermsFeed) { f.Actions[1].Discount = "Cезон" }, []string{"actions[1].discount pricing.no_parent"}},
		{"an id that is not there, whatever the name", func(f *pricing.TermsFeed) { f.Actions[0].DiscountID = "d9" },
			[]string{"actions[0].discount_id pricing.no_parent"}},
		{"an id and a name that disagree", func(f *pricing.TermsFeed) { f.Actions[0].Discount = "Сезон" }, []string{"actions[0].discount pricing.contradiction"}},
		{"an action of nothing, and for nothing", func(f *pricing.TermsFeed) { f.Actions[1] = pricing.FeedAction{} },
			[]string{"actions[1].agreement pricing.required", "actions[1].discount pricing.required"}},
		{"days in the wrong order", func(f *pricing.TermsFeed) { f.Actions[0].Until = partner.MustDate("2026-02-28") },
			[]string{"actions[0].until pricing.window"}},
		{"the same action twice", func(f *pricing.TermsFeed) { f.Actions = append(f.Actions, f.Actions[0]) }, []string{"actions[2] pricing.twice"}},
		{"all at once", func(f *pricing.TermsFeed) {
			f.Partners[1].Number, f.Discounts[1].Name, f.Actions[1].Discount = "FR1", "", "x"
		},
			[]string{"partners[1].number pricing.twice", "contracts[1].partner pricing.follows", "counterparties[1].contracts[0] pricing.follows",
				"agreements[1].partner pricing.follows", "discounts[1].name required", "actions[1].agreement pricing.follows",
				"actions[1].discount pricing.no_parent"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := termsFeed()
			c.do(&f)
			plan, err := pricing.PlanTerms(pricing.Terms{}, f, noon, nil)
			require.ErrorIs(t, err, pricing.ErrTerms)
			require.Equal(t, c.want, issuesAt(err))
			require.Equal(t, pricing.TermsPlan{}, plan, "nothing is imported in part")
		})
	}
}

// A message about a near miss shows which characters differ.
func TestANearMissIsVisible(t *testing.T) {
	f := termsFeed()
	f.Actions[1].Discount = "Cезон" // a Latin C
	_, err := pricing.PlanTerms(pricing.Terms{}, f, noon, nil)
	require.Contains(t, fault.IssuesOf(err)[0].Message, "at 0: U+0043 'C' is not U+0421 'С'")
}

func TestTermsNeedAnInstant(t *testing.T) {
	_, err := pricing.PlanTerms(pricing.Terms{}, termsFeed(), time.Time{}, nil)
	require.Equal(t, []string{"at pricing.no_instant"}, issuesAt(err))
	have := pricing.Terms{Actions: []pricing.Action{{Span: pricing.Span{Known: noon.Add(-time.Hour), Gone: noon.Add(time.Second)}}}}
	_, err = pricing.PlanTerms(have, termsFeed(), noon, nil)
	require.Equal(t, []string{"at pricing.no_instant"}, issuesAt(err))
}

// Days hold from their beginning to their end, in the tenant's zone.
func TestDaysOfActions(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	plan, err := pricing.PlanTerms(pricing.Terms{}, termsFeed(), noon, &pricing.TermsOptions{Zone: paris})
	require.NoError(t, err)
	// Winter time at the beginning, summer time at the end.
	a := plan.Actions[1]
	require.Equal(t, "d1", a.ID)
	require.Equal(t, time.Date(2026, 2, 28, 23, 0, 0, 0, time.UTC), a.From)
	require.Equal(t, time.Date(2026, 3, 31, 22, 0, 0, 0, time.UTC), a.Until)
	require.Equal(t, noon, a.Known)
	require.Equal(t, "omar", a.By)
}

// The plan is written in one transaction, and what is there is kept.
func TestTermsAreSaved(t *testing.T) {
	book := newTermsBook(t)
	have := book.carryOut(t, pricing.Terms{}, planned(t, pricing.Terms{}, termsFeed(), noon))
	require.Len(t, have.Partners, 2)
	p, err := book.partners.Get(t.Context(), termsAdmin, "p1")
	require.NoError(t, err)
	require.Equal(t, have.Partners[0], p)
	c, ok := p.Contract("c1")
	require.True(t, ok)
	require.Equal(t, partner.CounterpartyID("cp1"), c.Counterparty)
	a, ok := p.Agreement("a1")
	require.True(t, ok)
	require.Equal(t, partner.ContractID("c1"), a.Contract)

	// An address that was saved here stays under a feed that has none, and an
	// agreement that was made here is reported and left alone.
	p, err = book.partners.SaveAgreement(t.Context(), termsAdmin, partner.SaveAgreementInput{Partner: "p1", Agreement: partner.Agreement{ID: "own", Name: "Own"}})
	require.NoError(t, err)
	have.Partners[0] = p
	f := termsFeed()
	f.Counterparties[0].Name = "Vasseur SAS"
	plan := planned(t, have, f, noon.Add(time.Hour))
	require.Equal(t, []pricing.PartnerTerms{{Partner: "p1", Counterparties: []partner.CounterpartyID{"cp1"}}}, plan.Changes)
	require.Equal(t, []pricing.AbsentTerm{{Partner: "p1", What: partner.PartAgreement, ID: "own"}}, plan.Report.Absent)
	require.Equal(t, pricing.TermsCount{Changed: 1, Same: 1}, plan.Report.Counterparties)
	stale := plan
	have = book.carryOut(t, have, plan)
	saved, _ := have.Partners[0].Counterparty("cp1")
	require.Equal(t, "Vasseur SAS", saved.Name)
	require.Equal(t, "FR40303265045", saved.VATID)
	_, ok = have.Partners[0].Agreement("own")
	require.True(t, ok)

	_, err = pricing.SaveTerms(t.Context(), book.run, book.partners, termsAdmin, pricing.SaveTermsInput{Plan: stale})
	require.ErrorIs(t, err, uow.ErrVersion)
}

// One partner that cannot be saved keeps the others from being saved too.
func TestTermsAreSavedInOneTransaction(t *testing.T) {
	book := newTermsBook(t)
	_, err := book.partners.Register(t.Context(), termsAdmin, partner.RegisterInput{Partner: partner.Partner{ID: "p9", Number: "FR2", Name: "Other", Type: partner.Dealer}})
	require.NoError(t, err)
	plan := planned(t, pricing.Terms{}, termsFeed(), noon) // which does not know p9
	_, err = pricing.SaveTerms(t.Context(), book.run, book.partners, termsAdmin, pricing.SaveTermsInput{Plan: plan})
	require.ErrorIs(t, err, partner.ErrExists)
	_, err = book.partners.Get(t.Context(), termsAdmin, "p1")
	require.ErrorIs(t, err, partner.ErrNotFound)
}

func TestWhoMaySaveTerms(t *testing.T) {
	book := newTermsBook(t)
	in := pricing.SaveTermsInput{Key: "import-7", Plan: planned(t, pricing.Terms{}, termsFeed(), noon)}
	buyer := access.Actor{ID: "paula", Partner: "p1", Roles: []access.Role{access.Purchaser}}
	_, err := pricing.SaveTerms(t.Context(), book.run, book.partners, buyer, in)
	require.ErrorIs(t, err, partner.ErrNotFound)
	first, err := pricing.SaveTerms(t.Context(), book.run, book.partners, termsAdmin, in)
	require.NoError(t, err)
	again, err := pricing.SaveTerms(t.Context(), book.run, book.partners, termsAdmin, in)
	require.NoError(t, err)
	require.Equal(t, first, again)
	in.Plan.Partners[0].Name = "Another"
	_, err = pricing.SaveTerms(t.Context(), book.run, book.partners, termsAdmin, in)
	require.ErrorIs(t, err, uow.ErrKeyReused)
}

// An agreement cannot come to another partner under its id, because actions
// name nothing but the id.
func TestAnAgreementStaysWithItsPartner(t *testing.T) {
	book := newTermsBook(t)
	have := book.carryOut(t, pricing.Terms{}, planned(t, pricing.Terms{}, termsFeed(), noon))
	f := termsFeed()
	f.Agreements[1] = pricing.FeedAgreement{ID: "a2", Name: "Studios", Partner: "p1"}
	_, err := pricing.PlanTerms(have, f, noon, nil)
	require.Equal(t, []string{"agreements[1].id pricing.elsewhere", "actions[1].agreement pricing.follows"}, issuesAt(err))
}

// Where clocks go forward at midnight a day begins at one o'clock.
func TestDaysWithoutMidnight(t *testing.T) {
	for _, c := range []struct{ zone, day, begins, ends string }{
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00", "2018-11-05T00:00:00-02:00"},
		{"America/Sao_Paulo", "2018-11-03", "2018-11-03T00:00:00-03:00", "2018-11-04T01:00:00-02:00"},
		{"Africa/Cairo", "2026-04-24", "2026-04-24T01:00:00+03:00", "2026-04-25T00:00:00+03:00"},
		{"Europe/Paris", "2026-03-29", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"},
	} {
		zone, err := time.LoadLocation(c.zone)
		require.NoError(t, err)
		feed := termsFeed()
		feed.Actions = feed.Actions[:1]
		feed.Actions[0].From, feed.Actions[0].Until = partner.MustDate(c.day), partner.MustDate(c.day)
		plan, err := pricing.PlanTerms(pricing.Terms{}, feed, noon, &pricing.TermsOptions{Zone: zone})
		require.NoError(t, err)
		a := plan.Actions[0]
		require.Equal(t, []string{c.begins, c.ends}, []string{a.From.In(zone).Format(time.RFC3339), a.Until.In(zone).Format(time.RFC3339)}, "%s in %s", c.day, c.zone)
	}
}
