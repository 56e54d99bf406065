package comptoir_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
)

// welcome makes a campaign with the code WELCOME10.
func welcome(t *testing.T, k *comptoir.Counter, l pricing.Limits) pricing.Campaign {
	t.Helper()
	c, err := k.Codes.SaveCampaign(t.Context(), boss, pricing.SaveCampaignInput{Campaign: pricing.Campaign{ID: "welcome", Name: "Welcome", Active: true, Limits: l}})
	require.NoError(t, err)
	_, err = k.Codes.AddCode(t.Context(), boss, pricing.AddCodeInput{Campaign: c.ID, Code: "WELCOME10"})
	require.NoError(t, err)
	return c
}

// granting opens the stocked counter with a tariff in which the campaign is worth
// a tenth.
func granting(t *testing.T, st store.Store) *comptoir.Counter {
	t.Helper()
	s := settings()
	var err error
	s.Pricer, err = pricing.Compile(pricing.Tariff{Name: "codes", Taxes: []pricing.TaxRow{{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20)}},
		Rules: []pricing.Rule{{Code: "WELCOME", On: pricing.OnOrder, When: pricing.When{Campaign: "welcome"}, Give: pricing.Effect{Percent: money.RateOf(10)}}}}, nil)
	require.NoError(t, err)
	c, err := comptoir.Open(t.Context(), st, &comptoir.Options{Settings: s})
	require.NoError(t, err)
	k, err := c.For("fr")
	require.NoError(t, err)
	return k
}

// race lets n carts reserve at once and returns those that got a use; every
// other one was refused for one of the reasons.
func race(t *testing.T, k *comptoir.Counter, n int, name string, reasons ...pricing.CodeReason) []pricing.Redemption {
	t.Helper()
	got, errs := make([]pricing.Redemption, n), make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			got[i], errs[i] = k.Codes.Reserve(context.Background(), bruno, pricing.ReserveInput{Code: "welcome 10", Partner: "nord",
				Cart: pricing.CartID(fmt.Sprint(name, i))})
		})
	}
	wg.Wait()
	var won []pricing.Redemption
	for i, err := range errs {
		if err == nil {
			won = append(won, got[i])
			continue
		}
		var no *pricing.CodeRefused
		require.True(t, errors.As(err, &no), "%v", err)
		require.Contains(t, reasons, no.Reason)
	}
	return won
}

// A thousand carts race for a code with ten uses: ten get one, on every engine.
// What is released or ordered is counted to the last, and nothing is stuck.
func TestThousandRaceForTenUses(t *testing.T) {
	const racers, uses = 1000, 10
	for name, open := range engines {
		t.Run(name, func(t *testing.T) {
			st := open(t)
			defer func() { require.NoError(t, st.Close()) }()
			k := stocked(t, st)
			ctx := t.Context()
			c := welcome(t, k, pricing.Limits{Total: uses, PerCode: uses + 5, Period: pricing.PeriodLimit{Kind: pricing.EachYear, Uses: uses + 3}})
			won := race(t, k, racers, "first", pricing.ReservedElsewhere)
			require.Len(t, won, uses)
			require.Equal(t, []int64{0, uses}, counted(t, k, c.ID, pricing.LimitTotal))

			// Half of them let go at once, and as many others race for that.
			var wg sync.WaitGroup
			errs := make([]error, uses)
			for i, r := range won {
				wg.Go(func() {
					if i%2 == 0 {
						_, errs[i] = k.Codes.Release(context.Background(), bruno, pricing.ReleaseInput{Code: r.Text, Cart: r.Cart})
						return
					}
					errs[i] = k.Store.Update(context.Background(), func(ctx context.Context, tx store.Tx) error {
						_, err := k.Codes.ConfirmTx(ctx, tx, bruno.Stamp(), pricing.ConfirmInput{Partner: "nord", Cart: r.Cart,
							Order: pricing.OrderID("o" + r.Cart), Codes: []pricing.UsedCode{r.Used()}})
						return err
					})
				})
			}
			wg.Wait()
			require.NoError(t, errors.Join(errs...))
			require.Equal(t, []int64{uses / 2, 0}, counted(t, k, c.ID, pricing.LimitTotal))
			require.Len(t, race(t, k, 100, "second", pricing.ReservedElsewhere), uses/2)
			require.Equal(t, []int64{uses / 2, uses / 2}, counted(t, k, c.ID, pricing.LimitTotal))
			page, err := k.Codes.FindRedemptions(ctx, boss, pricing.RedemptionQuery{Campaign: c.ID,
				States: []pricing.RedemptionState{pricing.CodeReserved, pricing.CodeConfirmed}})
			require.NoError(t, err)
			require.Len(t, page.Rows, uses)
		})
	}
}

// Reservations lapse while others reserve: whenever one looks, no more are live than
// the limit, and at the end, when some were released, some ordered and the others
// lapsed and were swept, every use that was not ordered is free again.
func TestReservationsLapseInARace(t *testing.T) {
	const racers, uses, rounds = 60, 10, 4
	for name, open := range engines {
		t.Run(name, func(t *testing.T) {
			st := open(t)
			defer func() { require.NoError(t, st.Close()) }()
			var passed atomic.Int64 // what the clock gained
			start := time.Now()
			k := stockedWith(t, st, "fr", "FR10002527", func() time.Time { return start.Add(time.Duration(passed.Load())) })
			c := welcome(t, k, pricing.Limits{Total: uses})
			c.Hold = time.Minute
			c, err := k.Codes.SaveCampaign(t.Context(), boss, pricing.SaveCampaignInput{Campaign: c})
			require.NoError(t, err)
			var mu sync.Mutex
			var won []pricing.Redemption
			ordered := 0
			for round := range rounds {
				var wg sync.WaitGroup
				for i := range racers {
					wg.Go(func() {
						if i%6 == 0 { // time flies, and what is past is swept
							passed.Add(int64(40 * time.Second))
							_, err := k.Codes.Expire(context.Background(), boss, 0)
							assert.NoError(t, err)
							return
						}
						r, err := k.Codes.Reserve(context.Background(), bruno, pricing.ReserveInput{Code: "WELCOME10", Partner: "nord",
							Cart: pricing.CartID(fmt.Sprint("cart", round, "-", i))})
						if err != nil {
							assert.ErrorIs(t, err, pricing.ErrCodeRefused)
							return
						}
						if i%3 == 1 {
							_, err := k.Codes.Release(context.Background(), bruno, pricing.ReleaseInput{Code: r.Text, Cart: r.Cart})
							assert.NoError(t, err)
							return
						}
						mu.Lock()
						defer mu.Unlock()
						won = append(won, r)
						n := counted(t, k, c.ID, pricing.LimitTotal)
						assert.LessOrEqual(t, n[0]+n[1], int64(uses))
					})
				}
				wg.Wait()
				if r := won[len(won)-1]; r.Live(start.Add(time.Duration(passed.Load()))) {
					require.NoError(t, k.Store.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
						_, err := k.Codes.ConfirmTx(ctx, tx, bruno.Stamp(), pricing.ConfirmInput{Partner: "nord", Cart: r.Cart,
							Order: pricing.OrderID("o" + r.Cart), Codes: []pricing.UsedCode{r.Used()}})
						return err
					}))
					ordered++
				}
			}
			require.Greater(t, len(won), uses, "lapsed reservations were had by others")
			passed.Add(int64(time.Hour))
			_, err = k.Codes.Expire(t.Context(), boss, 0)
			require.NoError(t, err)
			require.Equal(t, []int64{int64(ordered), 0}, counted(t, k, c.ID, pricing.LimitTotal))
			require.Len(t, race(t, k, 40, "after", pricing.ReservedElsewhere, pricing.CodeUsedUp), uses-ordered, "none is stuck")
			page, err := k.Codes.FindRedemptions(t.Context(), boss, pricing.RedemptionQuery{Campaign: c.ID,
				States: []pricing.RedemptionState{pricing.CodeReserved, pricing.CodeConfirmed}})
			require.NoError(t, err)
			require.Len(t, page.Rows, uses, "those that are ordered or live, and no other is left reserved")
		})
	}
}

// counted are the confirmed and the held uses of a limit.
func counted(t *testing.T, k *comptoir.Counter, id pricing.CampaignID, l pricing.LimitKind) []int64 {
	t.Helper()
	all, err := k.Codes.Uses(t.Context(), boss, pricing.UsesInput{Campaign: id, Code: "WELCOME10", Partner: "nord"})
	require.NoError(t, err)
	for _, u := range all {
		if u.Limit == l {
			return []int64{u.Used, u.Held}
		}
	}
	t.Fatalf("no limit %s", l)
	return nil
}

// The limit of the partner and that of the campaign hold at once.
func TestLimitsHoldTogetherInARace(t *testing.T) {
	for name, open := range engines {
		t.Run(name, func(t *testing.T) {
			st := open(t)
			defer func() { require.NoError(t, st.Close()) }()
			k := stocked(t, st)
			welcome(t, k, pricing.Limits{Total: 7, PerPartner: 4})
			partners := []pricing.Redemption{}
			var mu sync.Mutex
			var wg sync.WaitGroup
			for i := range 60 {
				wg.Go(func() {
					of := "p" + string(rune('a'+i%3))
					r, err := k.Codes.Reserve(context.Background(), clerk, pricing.ReserveInput{Code: "WELCOME10", Partner: partner.ID(of), Cart: pricing.CartID(fmt.Sprint(i))})
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						partners = append(partners, r)
						return
					}
					if !errors.Is(err, pricing.ErrCodeRefused) {
						t.Errorf("%v", err)
					}
				})
			}
			wg.Wait()
			require.Len(t, partners, 7)
			per := map[string]int{}
			for _, r := range partners {
				per[string(r.Partner)]++
				require.LessOrEqual(t, per[string(r.Partner)], 4)
			}
		})
	}
}

// A use goes the whole way: entered, ordered, cancelled, and there again.
func TestACodeGoesWithItsOrder(t *testing.T) {
	for name, open := range engines {
		t.Run(name, func(t *testing.T) {
			st := open(t)
			defer func() { require.NoError(t, st.Close()) }()
			stocked(t, st)
			k := granting(t, st)
			ctx := t.Context()
			c := welcome(t, k, pricing.Limits{Total: 1})
			p := offered(t, k, "Kitchen")
			got, err := k.Carts.EnterCode(ctx, bruno, cart.EnterCodeInput{Cart: p.Cart.ID, Code: "welcome-1O"})
			require.NoError(t, err)
			require.Equal(t, []pricing.UsedCode{{Code: "WELCOME10", Campaign: "welcome"}}, got.Codes)
			require.Nil(t, got.Quote)
			other := offered(t, k, "Bath")
			_, err = k.Carts.EnterCode(ctx, bruno, cart.EnterCodeInput{Cart: other.Cart.ID, Code: "WELCOME10"})
			var no *pricing.CodeRefused
			require.ErrorAs(t, err, &no)
			require.Equal(t, pricing.ReservedElsewhere, no.Reason)
			require.True(t, no.Until.After(time.Now()))

			q, err := k.Carts.Recalculate(ctx, bruno, cart.RecalculateInput{Cart: p.Cart.ID})
			require.NoError(t, err)
			require.Empty(t, q.Refused)
			r, err := k.Orders.Place(ctx, bruno, order.PlaceInput{Cart: p.Cart.ID, Seal: q.Quote.Seal})
			require.NoError(t, err)
			o, err := k.Orders.Get(ctx, bruno, r.Order)
			require.NoError(t, err)
			require.Equal(t, got.Codes, o.Codes)
			require.Equal(t, []int64{1, 0}, counted(t, k, c.ID, pricing.LimitTotal))
			emptied, err := k.Carts.Get(ctx, bruno, p.Cart.ID)
			require.NoError(t, err)
			require.Empty(t, emptied.Codes)
			_, err = k.Carts.EnterCode(ctx, bruno, cart.EnterCodeInput{Cart: other.Cart.ID, Code: "WELCOME10"})
			require.ErrorAs(t, err, &no)
			require.Equal(t, pricing.CodeUsedUp, no.Reason)

			_, err = k.Orders.Advance(ctx, bruno, order.AdvanceInput{Order: r.Order, On: order.Cancel, Reason: "not any more"})
			require.NoError(t, err)
			require.Equal(t, []int64{0, 0}, counted(t, k, c.ID, pricing.LimitTotal))
			_, err = k.Carts.EnterCode(ctx, bruno, cart.EnterCodeInput{Cart: other.Cart.ID, Code: "WELCOME10"})
			require.NoError(t, err)
			require.NoError(t, k.Carts.Delete(ctx, bruno, cart.DeleteInput{Cart: other.Cart.ID}))
			require.Equal(t, []int64{0, 0}, counted(t, k, c.ID, pricing.LimitTotal))

			// An order that is deleted gives its use back, too.
			_, err = k.Carts.Put(ctx, bruno, cart.PutInput{Cart: p.Cart.ID, SKU: "065612405", Quantity: money.QuantityOf(2)})
			require.NoError(t, err)
			_, err = k.Carts.EnterCode(ctx, bruno, cart.EnterCodeInput{Cart: p.Cart.ID, Code: "WELCOME10"})
			require.NoError(t, err)
			q, err = k.Carts.Recalculate(ctx, bruno, cart.RecalculateInput{Cart: p.Cart.ID})
			require.NoError(t, err)
			r, err = k.Orders.Place(ctx, bruno, order.PlaceInput{Cart: p.Cart.ID, Seal: q.Quote.Seal})
			require.NoError(t, err)
			require.Equal(t, []int64{1, 0}, counted(t, k, c.ID, pricing.LimitTotal))
			require.NoError(t, k.Orders.Delete(ctx, bruno, order.DeleteInput{Order: r.Order}))
			require.Equal(t, []int64{0, 0}, counted(t, k, c.ID, pricing.LimitTotal))
		})
	}
}

// Where the pricer knows no rules the code is told to be without effect, and its
// use stays.
func TestACodeWithoutRulesIsNotUsedUp(t *testing.T) {
	st := engines["memory"](t)
	defer func() { require.NoError(t, st.Close()) }()
	k := stocked(t, st)
	c := welcome(t, k, pricing.Limits{Total: 1})
	p := offered(t, k, "Kitchen")
	_, err := k.Carts.EnterCode(t.Context(), bruno, cart.EnterCodeInput{Cart: p.Cart.ID, Code: "WELCOME10"})
	require.NoError(t, err)
	require.Equal(t, []int64{0, 1}, counted(t, k, c.ID, pricing.LimitTotal))
	q, err := k.Carts.Recalculate(t.Context(), bruno, cart.RecalculateInput{Cart: p.Cart.ID})
	require.NoError(t, err)
	require.Equal(t, []pricing.CodeOutcome{{UsedCode: pricing.UsedCode{Code: "WELCOME10", Campaign: "welcome"}, Reason: pricing.NoRule}}, q.Quote.Codes)
	r, err := k.Orders.Place(t.Context(), bruno, order.PlaceInput{Cart: p.Cart.ID, Seal: q.Quote.Seal})
	require.NoError(t, err)
	o, err := k.Orders.Get(t.Context(), bruno, r.Order)
	require.NoError(t, err)
	require.Empty(t, o.Codes)
	require.Equal(t, []int64{0, 0}, counted(t, k, c.ID, pricing.LimitTotal))
}
