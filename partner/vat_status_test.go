package partner_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/partner"
)

// The last answer for an id counts, however the id was written.
func TestVATChecks(t *testing.T) {
	p := partner.Partner{}
	for _, c := range []partner.VATCheck{{VATID: "fr 40 303 265 045", Status: partner.VATValid}, {VATID: "DE136695976", Status: partner.VATValid},
		{VATID: "FR40303265045", Status: partner.VATInvalid, On: partner.MustDate("2026-03-02")}} {
		var err error
		p, err = p.PutVATCheck(c)
		require.NoError(t, err)
	}
	require.Len(t, p.VATChecks, 2)
	require.Equal(t, partner.VATInvalid, p.VATStatus("FR40303265045"))
	require.Equal(t, partner.VATValid, p.VATStatus("DE136695976"))
	require.Equal(t, partner.VATUnknown, p.VATStatus("ATU12345675"))

	at := func(err error) (out []string) {
		for _, i := range fault.IssuesOf(err) {
			out = append(out, i.Path+" "+i.Code)
		}
		return out
	}
	_, err := p.PutVATCheck(partner.VATCheck{Status: "perhaps"})
	require.Equal(t, []string{"vat_id required", "status vat_status.unknown"}, at(err))
	whole := partner.Partner{ID: "nord", Number: "FR1", Name: "Nord", Type: partner.Dealer, VATChecks: []partner.VATCheck{
		{VATID: "FR40303265045", Status: partner.VATValid}, {VATID: "FR1", Status: partner.VATValid}, {VATID: "FR40303265045", Status: partner.VATInvalid}}}
	require.Equal(t, []string{"vat_checks[1].vat_id vat_id.invalid", "vat_checks[2].vat_id id.twice"}, at(whole.Validate()))
}

// What is known of VAT ids outlives a feed that tells of the partner and knows
// nothing of them; one that has answers of its own replaces them.
func TestRegisterKeepsVATChecks(t *testing.T) {
	_, s, p := registered(t)
	in := partner.RecordVATCheckInput{Partner: p.ID, Key: "vies 1", Check: partner.VATCheck{VATID: "be 0403.019.261", Status: partner.VATInvalid, On: partner.MustDate("2026-03-02")}}
	p, err := s.RecordVATCheck(ctx, admin, in)
	require.NoError(t, err)
	known := []partner.VATCheck{{VATID: "BE0403019261", Status: partner.VATInvalid, On: partner.MustDate("2026-03-02")}}
	require.Equal(t, known, p.VATChecks)
	again, err := s.RecordVATCheck(ctx, admin, in)
	require.NoError(t, err)
	require.Equal(t, p.Version, again.Version)

	fed := vasseur()
	fed.ID, fed.Version = p.ID, p.Version
	p, err = s.Register(ctx, admin, partner.RegisterInput{Partner: fed})
	require.NoError(t, err)
	require.Equal(t, known, p.VATChecks)
	fed.Version, fed.VATChecks = p.Version, []partner.VATCheck{{VATID: "DE136695976", Status: partner.VATValid}}
	p, err = s.Register(ctx, admin, partner.RegisterInput{Partner: fed})
	require.NoError(t, err)
	require.Equal(t, fed.VATChecks, p.VATChecks)
	fed.Version, fed.VATChecks = p.Version, []partner.VATCheck{}
	sent, err := json.Marshal(partner.RegisterInput{Partner: fed})
	require.NoError(t, err)
	var arrived partner.RegisterInput
	require.NoError(t, json.Unmarshal(sent, &arrived))
	p, err = s.Register(ctx, admin, arrived)
	require.NoError(t, err)
	require.Empty(t, p.VATChecks, "the last is cleared, through JSON too")
	fed.VATChecks = nil
	sent, err = json.Marshal(fed)
	require.NoError(t, err)
	require.NotContains(t, string(sent), "vat_checks")
}
