package pricing_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// in does something within a transaction of the desk's store.
func in[V any](t *testing.T, d *desk, do func(ctx context.Context, tx store.Tx) (V, error)) V {
	t.Helper()
	v, err := uow.Do(t.Context(), d.store, do)
	require.NoError(t, err)
	return v
}

// standing are the codes of Nina's cart that stand, and the reasons of the rest.
func (d *desk) standing(t *testing.T, codes ...string) (yes []string, no []pricing.CodeReason) {
	t.Helper()
	used := make([]pricing.UsedCode, len(codes))
	for i, c := range codes {
		used[i] = pricing.UsedCode{Code: c, Campaign: "welcome"}
	}
	require.NoError(t, d.store.View(t.Context(), func(ctx context.Context, tx store.Tx) error {
		stand, refused, err := d.StandingTx(ctx, tx, "nord", "mine", used)
		for _, u := range stand {
			yes = append(yes, u.Code)
		}
		for _, r := range refused {
			no = append(no, r.Reason)
		}
		return err
	}))
	return yes, no
}

// A limit that is lowered to what is used refuses a reservation that is held,
// whoever asks: the cart, the calculation and the order.
func TestLoweredLimitsRefuseEverywhere(t *testing.T) {
	d := newDesk()
	c := d.campaign(pricing.Campaign{Limits: pricing.Limits{Total: 3}})
	must(d.reserve(nina, "mine"))
	must(d.confirm(sven, "theirs", "o1"))
	c.Limits.Total = 1
	must(d.SaveCampaign(t.Context(), ada, pricing.SaveCampaignInput{Campaign: c}))

	want := pricing.CodeRefused{Code: "WELCOME10", Campaign: "welcome", Reason: pricing.CodeUsedUp, Limit: pricing.LimitTotal, Max: 1, Used: 1, Held: 1}
	_, err := d.reserve(nina, "mine")
	require.Equal(t, &want, err)
	ans := must(d.Explain(t.Context(), nina, pricing.ExplainInput{Code: "WELCOME10", Partner: "nord", Cart: "mine"}))
	require.Equal(t, &want, ans.Refused)
	require.Nil(t, ans.Held)
	yes, no := d.standing(t, "WELCOME10")
	require.Empty(t, yes)
	require.Equal(t, []pricing.CodeReason{pricing.CodeUsedUp}, no)
	_, err = d.confirm(nina, "mine", "o2")
	require.Equal(t, &want, err)

	require.Len(t, must(d.giveBack("o1")), 1)
	yes, _ = d.standing(t, "WELCOME10")
	require.Len(t, yes, 1, "the use that came back is the reservation's")
	must(d.confirm(nina, "mine", "o2"))
}

// Two codes of one cart share the last use of their campaign: one stands, held,
// lapsed or never reserved.
func TestCodesOfACartAreCountedTogether(t *testing.T) {
	d := newDesk()
	c := d.campaign(pricing.Campaign{Limits: pricing.Limits{Total: 2, PerCart: 2}, Hold: time.Hour})
	must(d.AddCode(t.Context(), ada, pricing.AddCodeInput{Campaign: "welcome", Code: "SECOND"}))
	one := func(why string) {
		t.Helper()
		yes, no := d.standing(t, "SECOND", "WELCOME10", "SECOND")
		require.Equal(t, []string{"SECOND"}, yes, why)
		require.Equal(t, []pricing.CodeReason{pricing.CodeUsedUp}, no, why)
	}
	yes, no := d.standing(t, "SECOND", "WELCOME10")
	require.Len(t, yes, 2)
	require.Empty(t, no)
	for _, code := range yes {
		must(d.Reserve(t.Context(), nina, pricing.ReserveInput{Code: code, Partner: "nord", Cart: "mine"}))
	}
	c.Limits.Total = 1
	must(d.SaveCampaign(t.Context(), ada, pricing.SaveCampaignInput{Campaign: c}))
	one("both are held, and the limit was lowered")
	d.later(2 * time.Hour)
	one("both have lapsed")
	must(d.Expire(t.Context(), ada, 0))
	one("both were swept")
}

// A code that is named twice for one order is used once, in one call and in two.
func TestCodesConfirmedTwice(t *testing.T) {
	d := newDesk()
	d.campaign(pricing.Campaign{Limits: pricing.Limits{Total: 5}})
	must(d.reserve(nina, "mine"))
	u := pricing.UsedCode{Code: "WELCOME10", Campaign: "welcome"}
	confirm := pricing.ConfirmInput{Partner: "nord", Cart: "mine", Order: "o1", Codes: []pricing.UsedCode{u, {Code: "we1come 10"}}}
	got := in(t, d, func(ctx context.Context, tx store.Tx) ([]pricing.Redemption, error) {
		first, err := d.ConfirmTx(ctx, tx, nina.Stamp(), confirm)
		if err != nil {
			return nil, err
		}
		again, err := d.ConfirmTx(ctx, tx, nina.Stamp(), confirm)
		return append(first, again...), err
	})
	require.Len(t, got, 2)
	require.Equal(t, got[0].ID, got[1].ID)
	require.EqualValues(t, 1, must(d.Uses(t.Context(), ada, pricing.UsesInput{Campaign: "welcome"}))[0].Used)
	require.Len(t, must(d.giveBack("o1")), 1)
}

// An order that takes nothing off by one of its codes any more gives back that
// one's use alone.
func TestSomeCodesComeBack(t *testing.T) {
	d := newDesk()
	d.campaign(pricing.Campaign{Limits: pricing.Limits{PerCode: 1, PerCart: 2}})
	must(d.AddCode(t.Context(), ada, pricing.AddCodeInput{Campaign: "welcome", Code: "SECOND"}))
	both := []pricing.UsedCode{{Code: "WELCOME10", Campaign: "welcome"}, {Code: "SECOND", Campaign: "welcome"}}
	in(t, d, func(ctx context.Context, tx store.Tx) ([]pricing.Redemption, error) {
		return d.ConfirmTx(ctx, tx, nina.Stamp(), pricing.ConfirmInput{Partner: "nord", Cart: "mine", Order: "o1", Codes: both})
	})
	for range 2 {
		in(t, d, func(ctx context.Context, tx store.Tx) ([]pricing.Redemption, error) {
			return d.ReturnCodesTx(ctx, tx, "ada", "o1", both[1:])
		})
	}
	_, err := d.reserve(sven, "theirs")
	require.Equal(t, pricing.CodeUsedUp, why(err))
	must(d.Reserve(t.Context(), sven, pricing.ReserveInput{Code: "SECOND", Partner: "sud", Cart: "theirs"}))
}

// A batch of the sweep has at most 100, whatever limit it is given.
func TestExpireTxIsBounded(t *testing.T) {
	d := newDesk()
	d.campaign(pricing.Campaign{Hold: time.Minute})
	for i := range 230 {
		must(d.reserve(nina, fmt.Sprint(i)))
	}
	d.later(time.Hour)
	for _, c := range []struct{ limit, want int }{{7, 7}, {0, 100}, {-1, 100}, {500, 23}} {
		require.Equal(t, c.want, in(t, d, func(ctx context.Context, tx store.Tx) (int, error) { return d.ExpireTx(ctx, tx, ada, c.limit) }))
	}
}

// A draft is the difference to what is recorded: of two made side by side one is
// saved.
func TestTurnoverDraftsAreSavedOneByOne(t *testing.T) {
	d := newDesk()
	ts := pricing.NewTurnovers(uow.Narrow(d.store, func(tx store.Tx) pricing.TurnoverTx { return tx }), &pricing.TurnoverOptions{Now: d.now, NewID: d.newID})
	input := pricing.TurnoverInput{Document: pricing.TurnoverDocument{Kind: pricing.InvoiceTurnover, ID: "i1"}, Partner: "nord",
		Day: partner.DateOf(doors, time.UTC), Net: money.MustAmount("100", money.EUR)}
	_, err := uow.Do(t.Context(), d.store, func(ctx context.Context, tx store.Tx) (int, error) {
		one, err := ts.DraftTx(ctx, tx, input)
		require.NoError(t, err)
		two, err := ts.DraftTx(ctx, tx, input)
		require.NoError(t, err)
		if _, err = one.SaveTx(ctx, tx, "F1"); err == nil {
			_, err = two.SaveTx(ctx, tx, "F1")
		}
		return 0, err
	})
	require.ErrorIs(t, err, pricing.ErrTurnoverExists)
}
