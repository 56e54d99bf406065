package pricing_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// Every reason that does not depend on the basket, with the figures behind it.
func TestCodeReasons(t *testing.T) {
	ctx := t.Context()
	until := doors.AddDate(0, 0, 10)
	for _, c := range []struct {
		name string
		in   pricing.Campaign
		do   func(d *desk)
		typ  string
		want pricing.CodeRefused
		kind fault.Kind
	}{
		{name: "unknown", typ: "NOSUCH", want: pricing.CodeRefused{Code: "NOSUCH", Reason: pricing.CodeUnknown}, kind: fault.NotFound},
		{name: "no code at all", typ: "10 % off!", want: pricing.CodeRefused{Code: "10 % off!", Reason: pricing.CodeUnknown}, kind: fault.NotFound},
		{name: "mistyped", in: pricing.Campaign{Prefix: "spring"}, typ: "SPR1NG 234",
			want: pricing.CodeRefused{Code: "SPR1NG234", Reason: pricing.CodeMistyped}},
		{name: "well typed and unknown", in: pricing.Campaign{Prefix: "spring"}, typ: "SPRING 232S",
			want: pricing.CodeRefused{Code: "SPRING232S", Reason: pricing.CodeUnknown}, kind: fault.NotFound},
		{name: "not yet", in: pricing.Campaign{From: until}, want: pricing.CodeRefused{Reason: pricing.CodeNotYet, From: until}},
		{name: "expired", in: pricing.Campaign{Until: until}, do: func(d *desk) { d.later(10 * 24 * time.Hour) },
			want: pricing.CodeRefused{Reason: pricing.CodeExpired, Until: until}},
		{name: "for another partner", in: pricing.Campaign{Partners: []partner.ID{"sud"}}, want: pricing.CodeRefused{Reason: pricing.NotForYou}},
		{name: "for another group", in: pricing.Campaign{Groups: []string{"dealers"}}, do: func(d *desk) { d.register("nord", "studios") },
			want: pricing.CodeRefused{Reason: pricing.NotForYou}},
		{name: "for a group, by a stranger", in: pricing.Campaign{Groups: []string{"dealers"}}, want: pricing.CodeRefused{Reason: pricing.NotForYou}},
		{name: "reserved elsewhere", in: pricing.Campaign{Limits: pricing.Limits{Total: 1}}, do: func(d *desk) { must(d.reserve(sven, "s")) },
			want: pricing.CodeRefused{Reason: pricing.ReservedElsewhere, Until: doors.Add(24 * time.Hour), Limit: pricing.LimitTotal, Max: 1, Held: 1}},
		{name: "used up", in: pricing.Campaign{Limits: pricing.Limits{PerCode: 1}}, do: func(d *desk) { must(d.confirm(sven, "s", "o")) },
			want: pricing.CodeRefused{Reason: pricing.CodeUsedUp, Limit: pricing.LimitCode, Max: 1, Used: 1}},
		{name: "used up by the partner", in: pricing.Campaign{Limits: pricing.Limits{PerPartner: 1}}, do: func(d *desk) { must(d.confirm(nina, "s", "o")) },
			want: pricing.CodeRefused{Reason: pricing.CodeUsedUpPartner, Limit: pricing.LimitPartner, Max: 1, Used: 1}},
		{name: "used up this week", in: pricing.Campaign{Limits: pricing.Limits{Period: pricing.PeriodLimit{Kind: pricing.EachWeek, Uses: 1}}},
			do: func(d *desk) { must(d.confirm(sven, "s", "o")) },
			// Monday 9 March begins at 23:00 UTC the day before, an hour east.
			want: pricing.CodeRefused{Reason: pricing.CodeUsedUpPeriod, Limit: pricing.LimitPeriod, Max: 1, Used: 1,
				Until: time.Date(2026, 3, 8, 23, 0, 0, 0, time.UTC)}},
		{name: "too many in the cart", do: func(d *desk) {
			_, err := d.AddCode(ctx, ada, pricing.AddCodeInput{Campaign: "welcome", Code: "SECOND"})
			must(0, err)
			must(d.Reserve(ctx, nina, pricing.ReserveInput{Code: "SECOND", Partner: "nord", Cart: "mine"}))
		}, want: pricing.CodeRefused{Reason: pricing.TooManyInCart, Max: 1, Held: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk()
			d.campaign(c.in)
			if c.do != nil {
				c.do(d)
			}
			if c.typ == "" {
				c.typ, c.want.Code, c.want.Campaign = "welcome-10", "WELCOME10", "welcome"
			}
			if c.kind == 0 {
				c.kind = fault.Precondition
			}
			in := pricing.ReserveInput{Code: c.typ, Partner: "nord", Cart: "mine"}
			_, err := d.Reserve(ctx, nina, in)
			require.ErrorIs(t, err, pricing.ErrCodeRefused)
			require.Equal(t, c.kind, fault.KindOf(err))
			require.Equal(t, "pricing.code_refused", fault.CodeOf(err))
			require.Contains(t, err.Error(), string(c.want.Reason))
			var no *pricing.CodeRefused
			require.ErrorAs(t, err, &no)
			require.Equal(t, c.want, *no)
			ans, err := d.Explain(ctx, nina, pricing.ExplainInput{Code: c.typ, Partner: "nord", Cart: "mine"})
			require.NoError(t, err)
			require.Equal(t, c.want, *ans.Refused)
			page, err := d.FindRedemptions(ctx, ada, pricing.RedemptionQuery{Cart: "mine", Code: "WE1C0ME10"})
			require.NoError(t, err)
			require.Empty(t, page.Rows, "a refusal writes nothing")
		})
	}
}

func must[V any](v V, err error) V {
	if err != nil {
		panic(err)
	}
	return v
}

// A campaign that is switched off stops reservations, too.
func TestInactiveCampaignStopsAtOnce(t *testing.T) {
	d := newDesk()
	c := d.campaign(pricing.Campaign{})
	must(d.reserve(nina, "mine"))
	c.Active = false
	_, err := d.SaveCampaign(t.Context(), ada, pricing.SaveCampaignInput{Campaign: c})
	require.NoError(t, err)
	_, err = d.confirm(nina, "mine", "o")
	require.Equal(t, pricing.CodeInactive, why(err))
}

func TestCodesForGroups(t *testing.T) {
	d := newDesk()
	d.campaign(pricing.Campaign{Groups: []string{"studios"}, Partners: []partner.ID{"sud"}})
	d.register("nord", "online", "studios")
	must(d.reserve(nina, "n"))
	must(d.reserve(sven, "s"))
}

// The same cart has the same use, held longer; a use lapses by itself, and its
// cart takes it up again at the order where one is left.
func TestReservationsProlongLapseAndAreTakenUp(t *testing.T) {
	d := newDesk()
	d.campaign(pricing.Campaign{Limits: pricing.Limits{Total: 1}, Hold: time.Hour})
	d.later(30 * time.Second)
	r := must(d.reserve(nina, "mine"))
	require.Equal(t, doors.Add(time.Hour+time.Minute), r.Until, "rounded up to the minute")
	require.Equal(t, r, must(d.reserve(nina, "mine")), "nothing is written within the minute")
	d.later(10 * time.Minute)
	longer := must(d.reserve(nina, "mine"))
	require.Equal(t, r.ID, longer.ID)
	require.Equal(t, r.ReservedAt, longer.ReservedAt)
	require.Equal(t, r.Until.Add(10*time.Minute), longer.Until)

	d.later(2 * time.Hour)
	theirs := must(d.reserve(sven, "theirs"))
	_, err := d.confirm(nina, "mine", "o1")
	require.Equal(t, pricing.ReservedElsewhere, why(err))
	_, err = d.Release(t.Context(), sven, pricing.ReleaseInput{Code: theirs.Text, Cart: "theirs"})
	require.NoError(t, err)
	got := must(d.confirm(nina, "mine", "o1"))
	require.Equal(t, []any{r.ID, pricing.CodeConfirmed, pricing.OrderID("o1"), d.at, d.at},
		[]any{got[0].ID, got[0].State, got[0].Order, got[0].ConfirmedAt, got[0].ReservedAt})
	_, err = d.confirm(sven, "theirs", "o2")
	require.Equal(t, pricing.CodeUsedUp, why(err))
}

// No reservation outlasts its campaign.
func TestReservationsEndWithTheCampaign(t *testing.T) {
	d := newDesk()
	end := doors.Add(90 * time.Second)
	d.campaign(pricing.Campaign{Until: end})
	require.Equal(t, end, must(d.reserve(nina, "mine")).Until)
}

// Two processes whose clocks differ: the one ahead gives a lapsed use to
// another; the one behind still takes the first for live, and has it refused.
func TestClocksThatDifferDoNotSellAUseTwice(t *testing.T) {
	d := newDesk()
	d.campaign(pricing.Campaign{Limits: pricing.Limits{Total: 1, PerPartner: 1}, Hold: time.Hour})
	must(d.reserve(nina, "mine"))
	ahead := pricing.NewCodes(uow.Narrow(d.store, func(tx store.Tx) pricing.CodeTx { return tx }),
		&pricing.CodeOptions{Now: func() time.Time { return doors.Add(2 * time.Hour) }})
	_, err := ahead.Reserve(t.Context(), sven, pricing.ReserveInput{Code: "WELCOME10", Partner: "sud", Cart: "theirs"})
	require.NoError(t, err)
	_, err = d.confirm(nina, "mine", "o1")
	require.Equal(t, pricing.ReservedElsewhere, why(err))
	must(d.confirm(sven, "theirs", "o2"))
	_, err = d.confirm(nina, "mine", "o1")
	require.Equal(t, pricing.CodeUsedUp, why(err))
	_, err = d.Release(t.Context(), nina, pricing.ReleaseInput{Code: "WELCOME10", Cart: "mine"})
	require.NoError(t, err)
	uses := must(d.Uses(t.Context(), ada, pricing.UsesInput{Campaign: "welcome", Partner: "nord"}))
	require.Equal(t, []pricing.LimitUse{{Limit: pricing.LimitTotal, Max: 1, Used: 1}, {Limit: pricing.LimitPartner, Of: "nord", Max: 1}}, uses)
}

// Without a limit nothing is counted: there is no row that all would write.
func TestNoLimitNoTally(t *testing.T) {
	d := newDesk()
	d.campaign(pricing.Campaign{})
	for i := range 5 {
		must(d.reserve(nina, fmt.Sprint(i)))
	}
	must(d.confirm(nina, "1", "o"))
	writes := 0
	err := d.store.View(t.Context(), func(ctx context.Context, tx store.Tx) error {
		for _, id := range []pricing.TallyID{"welcome/0/total/", "welcome/0/code/WE1C0ME10", "welcome/0/partner/nord"} {
			if _, err := tx.Tallies().Get(ctx, id); err == nil {
				writes++
			}
		}
		return nil
	})
	require.NoError(t, err)
	require.Zero(t, writes)
}

// A limit that comes later counts what was used before it, more than a page
// long.
func TestLateLimitsCountWhatWas(t *testing.T) {
	d := newDesk()
	c := d.campaign(pricing.Campaign{})
	const before = uow.MaxPage + 20
	for i := range before {
		cart := fmt.Sprint("c", i)
		must(d.reserve(nina, cart))
		if i%2 == 0 {
			must(d.confirm(nina, cart, "o"+cart))
		}
	}
	c.Limits.Total = before + 1
	must(d.SaveCampaign(t.Context(), ada, pricing.SaveCampaignInput{Campaign: c}))
	require.Equal(t, []pricing.LimitUse{{Limit: pricing.LimitTotal, Max: before + 1, Used: before / 2, Held: before / 2}},
		must(d.Uses(t.Context(), ada, pricing.UsesInput{Campaign: "welcome"})))
	must(d.reserve(nina, "last"))
	_, err := d.reserve(nina, "one more")
	require.Equal(t, pricing.ReservedElsewhere, why(err))
}

func TestGenerate(t *testing.T) {
	ctx := t.Context()
	d := newDesk()
	d.campaign(pricing.Campaign{Prefix: "spring", Limits: pricing.Limits{PerCode: 1, PerCart: 20}})
	in := pricing.GenerateInput{Key: "k", Campaign: "welcome", Codes: 200, Length: 6}
	first := must(d.Generate(ctx, ada, in))
	require.Len(t, first, 200)
	require.Equal(t, first, must(d.Generate(ctx, ada, in)), "the same codes for the same key")
	seen := map[pricing.CodeID]bool{}
	for _, text := range first {
		require.Len(t, text, len("SPRING")+6+1)
		require.True(t, strings.HasPrefix(text, "SPRING"))
		require.True(t, pricing.Checked(text[6:]), text)
		require.False(t, seen[pricing.KeyOf(text)], "%s twice", text)
		seen[pricing.KeyOf(text)] = true
	}
	_, err := d.Reserve(ctx, nina, pricing.ReserveInput{Code: first[7], Partner: "nord", Cart: "mine"})
	require.NoError(t, err)
	swapped := []byte(first[8])
	for i := 6; string(swapped) == first[8]; i++ { // the first neighbours that differ
		swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
	}
	_, err = d.Reserve(ctx, nina, pricing.ReserveInput{Code: string(swapped), Partner: "nord", Cart: "mine"})
	require.Equal(t, pricing.CodeMistyped, why(err))
	page := must(d.FindCodes(ctx, ada, pricing.CodeQuery{Campaign: "welcome", Generated: new(true), Page: uow.PageRequest{Limit: 500, Count: true}}))
	require.Equal(t, 200, page.Total.N)

	_, err = d.Generate(ctx, ada, pricing.GenerateInput{Campaign: "welcome", Codes: pricing.MaxGenerate + 1, Length: 5})
	require.Equal(t, []string{"codes", "length"}, paths(err))
	_, err = d.Generate(ctx, ada, pricing.GenerateInput{Campaign: "nowhere", Codes: 1})
	require.ErrorIs(t, err, pricing.ErrNoCampaign)
}

// A source that always draws the same finds no second code, and says so.
func TestGenerateGivesUpWhenCrowded(t *testing.T) {
	d := newDesk()
	d.campaign(pricing.Campaign{Prefix: "S1"})
	stuck := pricing.NewCodes(uow.Narrow(d.store, func(tx store.Tx) pricing.CodeTx { return tx }),
		&pricing.CodeOptions{Now: d.now, Random: func(p []byte) { clear(p) }})
	got := must(stuck.Generate(t.Context(), ada, pricing.GenerateInput{Campaign: "welcome", Codes: 1}))
	require.Len(t, got, 1)
	_, err := stuck.Generate(t.Context(), ada, pricing.GenerateInput{Campaign: "welcome", Codes: 1})
	require.ErrorIs(t, err, pricing.ErrCrowded)
}

// Everything that is wrong with a campaign is told at once.
func TestCampaignIsChecked(t *testing.T) {
	d := newDesk()
	save := func(c pricing.Campaign) error {
		_, err := d.SaveCampaign(t.Context(), ada, pricing.SaveCampaignInput{Campaign: c})
		return err
	}
	err := save(pricing.Campaign{ID: "a/b", Prefix: "X", From: doors, Until: doors, Hold: time.Second, OnCancel: "never",
		Limits:   pricing.Limits{Total: -1, PerCart: 21, Period: pricing.PeriodLimit{Kind: "fortnight"}},
		Partners: []partner.ID{""}, Groups: []string{"a", "b\n"}})
	require.ErrorIs(t, err, pricing.ErrCodeInput)
	require.Equal(t, []string{"id", "name", "prefix", "until", "hold", "on_cancel", "limits.total", "limits.per_cart", "limits.period.kind",
		"limits.period.uses", "partners[0]", "groups[1]"}, paths(err))
	require.Equal(t, []string{"limits.period.kind"}, paths(save(pricing.Campaign{Name: "x", Limits: pricing.Limits{Period: pricing.PeriodLimit{Uses: 1}}})))

	require.NoError(t, save(pricing.Campaign{ID: "a", Name: "A", Prefix: "spr-ing"}))
	require.ErrorIs(t, save(pricing.Campaign{ID: "b", Name: "B", Prefix: "SPR1NG"}), pricing.ErrCampaignExists, "a prefix that is taken, look-alikes aside")
	require.ErrorIs(t, save(pricing.Campaign{ID: "a", Name: "A"}), pricing.ErrCampaignExists)
	a := must(d.GetCampaign(t.Context(), ada, "a"))
	require.Equal(t, []any{"SPRING", 24 * time.Hour, pricing.ReturnUse, int64(1), int64(1)}, []any{a.Prefix, a.Hold, a.OnCancel, a.Limits.PerCart, a.Version})
	a.Version = 7
	require.ErrorIs(t, save(a), uow.ErrVersion)
	a.ID = "gone"
	require.ErrorIs(t, save(a), pricing.ErrNoCampaign)
	_, err = d.AddCode(t.Context(), ada, pricing.AddCodeInput{Campaign: "a", Code: "SOLDE"})
	require.NoError(t, err)
	_, err = d.AddCode(t.Context(), ada, pricing.AddCodeInput{Campaign: "a", Code: "50LDE"})
	require.NoError(t, err, "S and 5 are not taken for one another")
	_, err = d.AddCode(t.Context(), ada, pricing.AddCodeInput{Campaign: "a", Code: "S0IDE"})
	require.ErrorIs(t, err, pricing.ErrCodeExists)
}

// What is not the actor's does not exist, or is forbidden.
func TestCodesPermissions(t *testing.T) {
	ctx := t.Context()
	d := newDesk()
	c := d.campaign(pricing.Campaign{})
	must(d.reserve(nina, "mine"))
	must(d.reserve(sven, "theirs"))
	op := access.Actor{ID: "olga", Roles: []access.Role{access.Operator}}
	for who, want := range map[*access.Actor]error{&nina: pricing.ErrNoCampaign, &ben: pricing.ErrNoCampaign, &op: access.ErrForbidden} {
		_, err := d.SaveCampaign(ctx, *who, pricing.SaveCampaignInput{Campaign: c})
		require.ErrorIs(t, err, want)
		_, err = d.Generate(ctx, *who, pricing.GenerateInput{Campaign: "welcome", Codes: 1})
		require.ErrorIs(t, err, want)
		_, err = d.AddCode(ctx, *who, pricing.AddCodeInput{Campaign: "welcome", Code: "X10"})
		require.ErrorIs(t, err, want)
		_, err = d.Expire(ctx, *who, 0)
		require.ErrorIs(t, err, want)
	}
	_, err := d.GetCampaign(ctx, nina, "welcome")
	require.ErrorIs(t, err, pricing.ErrNoCampaign)
	_, err = d.Uses(ctx, nina, pricing.UsesInput{Campaign: "welcome"})
	require.ErrorIs(t, err, pricing.ErrNoCampaign)
	require.Empty(t, must(d.FindCampaigns(ctx, nina, pricing.CampaignQuery{})).Rows)
	require.Empty(t, must(d.FindCodes(ctx, nina, pricing.CodeQuery{})).Rows)
	require.Len(t, must(d.FindCampaigns(ctx, op, pricing.CampaignQuery{})).Rows, 1)
	require.Len(t, must(d.FindRedemptions(ctx, op, pricing.RedemptionQuery{})).Rows, 2)
	require.Len(t, must(d.FindRedemptions(ctx, ben, pricing.RedemptionQuery{})).Rows, 1)
	require.Empty(t, must(d.FindRedemptions(ctx, ben, pricing.RedemptionQuery{Partner: "sud"})).Rows)
	_, err = d.Reserve(ctx, ben, pricing.ReserveInput{Code: "WELCOME10", Partner: "nord", Cart: "x"})
	require.ErrorIs(t, err, access.ErrForbidden)
	_, err = d.Reserve(ctx, nina, pricing.ReserveInput{Code: "WELCOME10", Partner: "sud", Cart: "x"})
	require.ErrorIs(t, err, access.ErrForbidden)
	_, err = d.Explain(ctx, ben, pricing.ExplainInput{Code: "WELCOME10", Partner: "nord", Cart: "x"})
	require.ErrorIs(t, err, access.ErrForbidden)
	_, err = d.Release(ctx, nina, pricing.ReleaseInput{Code: "WELCOME10", Cart: "theirs"})
	require.ErrorIs(t, err, pricing.ErrNoRedemption)
	_, err = d.Release(ctx, ben, pricing.ReleaseInput{Code: "WELCOME10", Cart: "mine"})
	require.ErrorIs(t, err, access.ErrForbidden)
	_, err = d.Reserve(ctx, nina, pricing.ReserveInput{Code: "WELCOME10"})
	require.Equal(t, []string{"partner", "cart"}, paths(err))
}

// A repeated call has the first result; what happened is told once, in order.
func TestCodesKeysAndEvents(t *testing.T) {
	ctx := t.Context()
	d := newDesk()
	d.campaign(pricing.Campaign{Hold: time.Hour})
	in := pricing.ReserveInput{Key: "k", Code: "WELCOME10", Partner: "nord", Cart: "mine"}
	r := must(d.Reserve(ctx, nina, in))
	require.Equal(t, r, must(d.Reserve(ctx, nina, in)))
	out := pricing.ReleaseInput{Key: "k2", Code: "WELCOME10", Cart: "mine"}
	gone := must(d.Release(ctx, nina, out))
	require.Equal(t, pricing.CodeReleased, gone.State)
	require.Equal(t, gone, must(d.Release(ctx, nina, out)))
	must(d.reserve(nina, "late"))
	d.later(2 * time.Hour)
	require.Equal(t, 1, must(d.Expire(ctx, ada, 5)))
	require.Zero(t, must(d.Expire(ctx, ada, 5)))
	must(d.confirm(nina, "late", "o1"))
	require.Len(t, must(d.giveBack("o1")), 1)
	require.Empty(t, must(d.giveBack("o1")))

	var types []string
	for {
		ds, err := d.store.Queue().Claim(ctx, event.Claim{Topic: event.Facts, Limit: 100, Lease: time.Minute})
		require.NoError(t, err)
		if len(ds) == 0 {
			break
		}
		for _, e := range ds {
			types = append(types, e.Event.Type)
			require.NoError(t, d.store.Queue().Done(ctx, e))
		}
	}
	require.ElementsMatch(t, []string{"campaign.saved", "code.added", "redemption.reserved", "redemption.released",
		"redemption.reserved", "redemption.expired", "redemption.confirmed", "redemption.returned"}, types)
}

// Sweeping goes in batches and stops at the limit it is given.
func TestExpireIsBounded(t *testing.T) {
	d := newDesk()
	d.campaign(pricing.Campaign{Hold: time.Minute})
	for i := range 250 {
		must(d.reserve(nina, fmt.Sprint(i)))
	}
	d.later(time.Hour)
	require.Equal(t, 120, must(d.Expire(t.Context(), ada, 120)))
	require.Equal(t, 130, must(d.Expire(t.Context(), ada, 0)))
}

// What a campaign keeps stays used when the order goes.
func TestKeptUses(t *testing.T) {
	d := newDesk()
	d.campaign(pricing.Campaign{Limits: pricing.Limits{Total: 1}, OnCancel: pricing.KeepUse})
	must(d.confirm(nina, "mine", "o1"))
	require.Empty(t, must(d.giveBack("o1")))
	_, err := d.reserve(sven, "theirs")
	require.Equal(t, pricing.CodeUsedUp, why(err))
}

// The codes of a cart that stand, and why the others do not, without a write.
func TestStanding(t *testing.T) {
	d := newDesk()
	d.campaign(pricing.Campaign{Limits: pricing.Limits{Total: 1}, Hold: time.Hour})
	r := must(d.reserve(nina, "mine"))
	standing := func() ([]pricing.UsedCode, []*pricing.CodeRefused) {
		var yes []pricing.UsedCode
		var no []*pricing.CodeRefused
		require.NoError(t, d.store.View(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
			yes, no, err = d.StandingTx(ctx, tx, "nord", "mine", []pricing.UsedCode{r.Used(), {Code: "GONE", Campaign: "x"}})
			return err
		}))
		return yes, no
	}
	yes, no := standing()
	require.Equal(t, []pricing.UsedCode{{Code: "WELCOME10", Campaign: "welcome"}}, yes)
	require.Equal(t, pricing.CodeUnknown, no[0].Reason)
	d.later(2 * time.Hour)
	yes, _ = standing()
	require.Len(t, yes, 1, "lapsed and still free")
	must(d.reserve(sven, "theirs"))
	yes, no = standing()
	require.Empty(t, yes)
	require.Equal(t, pricing.ReservedElsewhere, no[0].Reason)
}
