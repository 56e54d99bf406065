package partner_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/partner"
)

func TestAddressCheck(t *testing.T) {
	full := works()
	for _, c := range []struct {
		name string
		edit func(*partner.Address)
		need []partner.Need
		want []string
	}{
		{"complete", func(*partner.Address) {}, nil, nil},
		{"all missing", func(a *partner.Address) { *a = partner.Address{} }, []partner.Need{partner.NeedVATID},
			[]string{"company", "street", "postcode", "city", "country", "vat_id"}},
		{"blank is missing", func(a *partner.Address) { a.City = "  " }, nil, []string{"city"}},
		{"country missing", func(a *partner.Address) { a.Country = "" }, nil, []string{"country"}},
		{"country wrong", func(a *partner.Address) { a.Country = "XX" }, nil, []string{"country"}},
		{"VAT id needed", func(*partner.Address) {}, []partner.Need{partner.NeedVATID}, []string{"vat_id"}},
		{"VAT id wrong", func(a *partner.Address) { a.VATID = "FR1" }, nil, []string{"vat_id"}},
		{"no postcodes in Hong Kong", func(a *partner.Address) { a.Country, a.Postcode = "HK", "" }, nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := full
			c.edit(&a)
			err := a.Check(c.need...)
			require.Equal(t, c.want, paths(err))
			if c.want != nil {
				require.ErrorIs(t, err, partner.ErrAddressIncomplete)
				require.Equal(t, fault.Precondition, fault.KindOf(err))
				require.Equal(t, "partner.address_incomplete", fault.CodeOf(err))
			}
		})
	}
}

func TestCounterpartyCheck(t *testing.T) {
	c := vasseur().Counterparties[0]
	require.NoError(t, c.Check(partner.NeedVATID))
	c.VATID, c.Country, c.Invoice = "", "", partner.Address{}
	require.Equal(t, []string{"country", "vat_id", "invoice_address.company", "invoice_address.street",
		"invoice_address.postcode", "invoice_address.city", "invoice_address.country"}, paths(c.Check(partner.NeedVATID)))
}

func TestCounterpartyNumbersAgree(t *testing.T) {
	for _, c := range []struct {
		vat, siren, siret string
		want              []string
	}{
		{"FR83404833048", "404833048", "", nil},
		{"FR83404833048", "303265045", "", []string{"vat_id"}},
		{"", "303265045", "73282932000074", []string{"siret"}},
		{"FR44732829320", "", "73282932000074", nil},
		{"FR83404833048", "", "73282932000074", []string{"vat_id"}}, // the SIREN comes from the SIRET
		{"DE136695976", "303265045", "", nil},                       // registered here, taxed there
		{"x", "1", "2", []string{"vat_id", "siren", "siret", "siret"}},
	} {
		_, err := partner.Partner{}.PutCounterparty(partner.Counterparty{ID: "c", Name: "C", Country: "FR",
			VATID: c.vat, Siren: c.siren, Siret: c.siret})
		require.Equal(t, c.want, paths(err), c)
	}
}

// Whatever is saved and removed in whatever order, exactly one address is the
// default when there is any, and values already handed out do not change.
func TestExactlyOneDefault(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p partner.Partner
		type seen struct {
			p    partner.Partner
			text string
		}
		var all []seen
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			id := partner.AddressID(rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "id"))
			if rapid.Bool().Draw(t, "remove") {
				p, _ = p.RemoveAddress(id)
			} else {
				a := works()
				a.ID, a.Default = id, rapid.Bool().Draw(t, "default")
				was, _ := p.DefaultAddress()
				next, err := p.PutAddress(a)
				require.NoError(t, err)
				p = next
				is, _ := p.DefaultAddress()
				switch {
				case a.Default || was.ID == "":
					require.Equal(t, id, is.ID)
				default:
					require.Equal(t, was.ID, is.ID)
				}
			}
			n := 0
			for _, a := range p.Addresses {
				if a.Default {
					n++
				}
			}
			require.Equal(t, min(1, len(p.Addresses)), n)
			for _, s := range all {
				require.Equal(t, s.text, text(t, s.p))
			}
			all = append(all, seen{p, text(t, p)})
		}
	})
}

func text(t require.TestingT, v any) string {
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return string(b)
}

func TestRemoveAddress(t *testing.T) {
	p := vasseur()
	_, err := p.RemoveAddress("")
	require.ErrorIs(t, err, partner.ErrNoAddress)
	a := works()
	a.ID = "x"
	p, err = p.PutAddress(a)
	require.NoError(t, err)
	_, err = p.RemoveAddress("y")
	require.ErrorIs(t, err, partner.ErrNoAddress)
	p, err = p.RemoveAddress("x")
	require.NoError(t, err)
	_, ok := p.Address("")
	require.False(t, ok)
}

func TestAgreementsOn(t *testing.T) {
	p := vasseur()
	var err error
	day := partner.MustDate
	p, err = p.PutContract(partner.Contract{ID: "c1", Number: "1", Counterparty: "main",
		Validity: partner.Validity{From: day("2026-01-01"), Until: day("2026-06-30")}})
	require.NoError(t, err)
	for _, a := range []partner.Agreement{
		{ID: "frame", Name: "Under the contract", Contract: "c1"},
		{ID: "spring", Name: "Spring", Validity: partner.Validity{From: day("2026-03-01"), Until: day("2026-05-31")}},
		{ID: "late", Name: "Outlives its contract", Contract: "c1", Validity: partner.Validity{From: day("2026-05-01")}},
	} {
		p, err = p.PutAgreement(a)
		require.NoError(t, err)
	}
	for on, want := range map[string][]partner.AgreementID{
		"2025-12-31": nil, "2026-01-01": {"frame"}, "2026-04-01": {"frame", "spring"},
		"2026-05-31": {"frame", "spring", "late"}, "2026-07-01": nil,
	} {
		require.Equal(t, want, p.AgreementIDsOn(day(on)), on)
	}
	_, err = p.PutContract(partner.Contract{ID: "c2", Number: "2", Counterparty: "main",
		Validity: partner.Validity{From: day("2026-02-01"), Until: day("2026-01-01")}})
	require.Equal(t, []string{"until"}, paths(err))
	got, ok := p.Agreement("late")
	require.True(t, ok)
	require.Equal(t, "Outlives its contract", got.Name)
}

func TestActor(t *testing.T) {
	p := vasseur()
	p.Center = "sc1"
	p, err := p.PutMember(partner.Member{ID: "rene", Name: "René Baur", Lang: "de", Active: true,
		Roles: []access.Role{access.Center}})
	require.NoError(t, err)
	a, ok := p.Actor("rene")
	require.True(t, ok)
	require.Equal(t, access.Actor{ID: "rene", Name: "René Baur", Company: "Cuisines Vasseur", Partner: "p1",
		Center: "sc1", Roles: []access.Role{access.Center}, Lang: "de"}, a)
	a, _ = p.Actor("paula")
	require.Empty(t, a.Center)
	require.Equal(t, "fr", a.Lang)
	p.Members[0].Active = false
	_, ok = p.Actor("paula")
	require.False(t, ok)
	_, ok = p.Actor("nobody")
	require.False(t, ok)
}

func TestValidateFindsEverything(t *testing.T) {
	require.NoError(t, vasseur().Validate())
	bad := partner.Partner{
		ID: "", Number: "FR-1", Name: " ", Type: "shop", Lang: "f", Region: "a\x00b",
		PriceLists:     []string{"A", "A"},
		Counterparties: []partner.Counterparty{{ID: "c", Name: "C"}, {ID: "c", Name: "C", Country: "XX"}},
		Addresses:      []partner.Address{{}},
		Members:        []partner.Member{{ID: "m", Name: "M", Email: "m at x", Roles: []access.Role{access.Admin}}},
		Contracts:      []partner.Contract{{ID: "k", Number: "1", Counterparty: "z"}},
		Agreements:     []partner.Agreement{{ID: "a", Name: "A", Contract: "z"}},
	}
	err := bad.Validate()
	require.ErrorIs(t, err, partner.ErrInvalid)
	require.Equal(t, []string{
		"id", "name", "number", "type", "region", "lang", "price_lists[1]",
		"counterparties[1].country",
		"addresses[0].id", "addresses[0].company", "addresses[0].street", "addresses[0].postcode", "addresses[0].city",
		"members[0].email", "members[0].roles[0]",
		"contracts[0].counterparty", "agreements[0].contract",
		"counterparties[1].id", "counterparties", "addresses",
	}, paths(err))
}

func TestCustomerCode(t *testing.T) {
	p := vasseur()
	require.Equal(t, "FR10002527", p.CustomerCode(p.Counterparties[0]))
	require.Equal(t, "K7", p.CustomerCode(partner.Counterparty{Code: "K7"}))
}
