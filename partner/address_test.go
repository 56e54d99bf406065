package partner_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/partner"
)

func TestAddressNormal(t *testing.T) {
	for _, c := range []struct {
		name     string
		in, want partner.Address
	}{
		{"stored form", partner.Address{Company: " Vasseur ", City: "Lille\n", Country: "fra", VATID: " fr 40 303 265 045 "},
			partner.Address{Company: "Vasseur", City: "Lille", Country: "FR", VATID: "FR40303265045"}},
		{"what cannot be read stays", partner.Address{Country: "XX", VATID: "FR 1"}, partner.Address{Country: "XX", VATID: "FR 1"}},
		{"id and default stay", partner.Address{ID: " a ", Default: true}, partner.Address{ID: " a ", Default: true}},
		{"nothing", partner.Address{}, partner.Address{}},
	} {
		require.Equal(t, c.want, c.in.Normal(), c.name)
		require.Equal(t, c.want, c.in.Normal().Normal(), c.name)
	}
}

func TestAddressCheckText(t *testing.T) {
	issues := func(a partner.Address) (out []string) {
		var is fault.Issues
		a.CheckText(&is, "to")
		for _, i := range is {
			out = append(out, i.Path+" "+i.Code)
		}
		return out
	}
	require.Empty(t, issues(partner.Address{}), "an address need not be complete")
	require.Empty(t, issues(works()))
	long := strings.Repeat("é", 256)
	require.Empty(t, issues(partner.Address{Company: long[2:]}))
	all := partner.Address{ID: "a\x00", Label: long, Company: long, Contact: long, Street: long, Street2: long, Postcode: long,
		City: long, Province: long, Country: "ZZ", Phone: "1\n2", Fax: "\xff", VATID: long}
	require.Equal(t, []string{"to.id text.control", "to.label text.long", "to.company text.long", "to.contact text.long",
		"to.street text.long", "to.street2 text.long", "to.postcode text.long", "to.city text.long", "to.province text.long",
		"to.phone text.control", "to.fax text.encoding", "to.vat_id text.long", "to.country country.unknown"}, issues(all))
}
