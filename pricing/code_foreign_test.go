package pricing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/uow"
)

// A cart uses what its own partner may use: what somebody else reserved under
// its name is neither taken over nor counted against it.
func TestCodesOfAnotherPartnerInTheCart(t *testing.T) {
	st := memstore.New(nil)
	defer func() { require.NoError(t, st.Close()) }()
	shop, err := st.For("fr")
	require.NoError(t, err)
	codes := pricing.NewCodes(uow.Narrow(shop, func(tx store.Tx) pricing.CodeTx { return tx }), nil)
	chief := access.Actor{ID: "chief", Roles: []access.Role{access.Admin}}
	buyer := func(p partner.ID) access.Actor {
		return access.Actor{ID: "buyer", Partner: p, Roles: []access.Role{access.Purchaser}}
	}
	_, err = codes.SaveCampaign(t.Context(), chief, pricing.SaveCampaignInput{Campaign: pricing.Campaign{ID: "sud", Name: "For Sud", Active: true,
		Partners: []partner.ID{"sud"}}})
	require.NoError(t, err)
	_, err = codes.SaveCampaign(t.Context(), chief, pricing.SaveCampaignInput{Campaign: pricing.Campaign{ID: "all", Name: "For all", Active: true,
		Limits: pricing.Limits{PerPartner: 1}}})
	require.NoError(t, err)
	for text, of := range map[string]pricing.CampaignID{"SUDONLY": "sud", "FIRST": "all", "SECOND": "all"} {
		_, err = codes.AddCode(t.Context(), chief, pricing.AddCodeInput{Campaign: of, Code: text})
		require.NoError(t, err)
	}
	reserve := func(p partner.ID, code string) error {
		_, err := codes.Reserve(t.Context(), buyer(p), pricing.ReserveInput{Code: code, Partner: p, Cart: "nord's"})
		return err
	}
	reason := func(err error) pricing.CodeReason {
		var no *pricing.CodeRefused
		require.ErrorAs(t, err, &no)
		return no.Reason
	}
	require.NoError(t, reserve("sud", "SUDONLY"))
	require.Equal(t, pricing.NotForYou, reason(reserve("nord", "SUDONLY")))
	require.NoError(t, reserve("sud", "FIRST"))
	require.Equal(t, pricing.NotForYou, reason(reserve("nord", "FIRST")))
	require.NoError(t, reserve("nord", "SECOND"), "what Sud holds fills neither Nord's cart nor Nord's limit")

	answer, err := codes.Explain(t.Context(), buyer("nord"), pricing.ExplainInput{Code: "FIRST", Partner: "nord", Cart: "nord's"})
	require.NoError(t, err)
	require.Equal(t, pricing.NotForYou, answer.Refused.Reason)
	_, err = codes.Release(t.Context(), buyer("nord"), pricing.ReleaseInput{Code: "FIRST", Cart: "nord's"})
	require.ErrorIs(t, err, pricing.ErrNoRedemption, "nor does Nord see it")
}
