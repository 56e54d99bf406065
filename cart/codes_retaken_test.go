package cart_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/uow"
)

// A calculation made while the code was lost is not what is ordered once the
// code is there again, whatever the pricer.
func TestCodeEnteredAgainAfterItLapsed(t *testing.T) {
	tenant := get(memstore.New(nil).For("t"))
	var k *kit
	codes := pricing.NewCodes(uow.Narrow(tenant, func(tx store.Tx) pricing.CodeTx { return tx }),
		&pricing.CodeOptions{Now: func() time.Time { return k.now() }})
	k = newKitOn(uow.Narrow(tenant, func(tx store.Tx) cart.Tx { return tx }), newRemote(), &cart.Options{Codes: codes})
	chief := access.Actor{ID: "chief", Roles: []access.Role{access.Admin}}
	get(codes.SaveCampaign(bg, chief, pricing.SaveCampaignInput{Campaign: pricing.Campaign{ID: "one", Name: "One", Active: true,
		Hold: time.Hour, Limits: pricing.Limits{Total: 1}}}))
	get(codes.AddCode(bg, chief, pricing.AddCodeInput{Campaign: "one", Code: "LASTONE"}))

	c := k.cart(merle, "A", put(tray, "2"))
	enter := func() cart.Cart {
		return get(k.EnterCode(bg, merle, cart.EnterCodeInput{Cart: c.ID, Code: "last-one"}))
	}
	enter()
	get(k.Recalculate(bg, merle, cart.RecalculateInput{Cart: c.ID}))
	k.later(time.Minute)
	require.NotNil(t, enter().Quote, "held longer, and nothing else")

	k.later(2 * time.Hour)
	other := pricing.ReserveInput{Code: "LASTONE", Partner: "bleu", Cart: "other"}
	get(codes.Reserve(bg, roth, other))
	p := get(k.Recalculate(bg, merle, cart.RecalculateInput{Cart: c.ID}))
	require.Len(t, p.Refused, 1)
	require.Equal(t, pricing.ReservedElsewhere, p.Refused[0].Reason)
	_, err := k.EnterCode(bg, merle, cart.EnterCodeInput{Cart: c.ID, Code: "LASTONE"})
	require.ErrorIs(t, err, pricing.ErrCodeRefused)
	require.NotNil(t, get(k.Get(bg, merle, c.ID)).Quote)

	get(codes.Release(bg, roth, pricing.ReleaseInput{Code: other.Code, Cart: other.Cart}))
	k.later(time.Minute)
	require.Nil(t, enter().Quote)
}
