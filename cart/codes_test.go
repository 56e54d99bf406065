package cart_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/uow"
)

var hera = access.Actor{ID: "hera", Name: "Hera Voss", Roles: []access.Role{access.Admin}}

// couponed is a kit in memory with a campaign of one use and the codes
// WELCOME10 and SECOND.
func couponed(limits pricing.Limits) *kit {
	run := inMemory()
	var k *kit
	codes := pricing.NewCodes(uow.Narrow(run, func(tx cart.Tx) pricing.CodeTx { return tx }), &pricing.CodeOptions{
		Now: func() time.Time { return k.now() }, NewID: func() string { return k.newID() }})
	k = newKitOn(run, nil, &cart.Options{Codes: codes})
	_, err := codes.SaveCampaign(context.Background(), hera, pricing.SaveCampaignInput{Campaign: pricing.Campaign{
		ID: "welcome", Name: "Welcome", Active: true, Limits: limits, Hold: time.Hour}})
	for _, c := range []string{"WELCOME10", "SECOND"} {
		if err == nil {
			_, err = codes.AddCode(context.Background(), hera, pricing.AddCodeInput{Campaign: "welcome", Code: c})
		}
	}
	if err != nil {
		panic(err)
	}
	return k
}

func ExampleService_EnterCode() {
	s := couponed(pricing.Limits{Total: 1})
	c := s.cart(lind, "Villa Rosa")
	c, err := s.EnterCode(context.Background(), lind, cart.EnterCodeInput{Cart: c.ID, Code: "welcome-10"})
	fmt.Println(c.Codes, err)
	_, err = s.EnterCode(context.Background(), lind, cart.EnterCodeInput{Cart: c.ID, Code: "welcome-11"})
	fmt.Println(err)
	// Output:
	// [{WELCOME10 welcome}] <nil>
	// pricing.code_refused: "WELCOME11" does not apply: unknown
}

func ExampleService_DropCode() {
	s := couponed(pricing.Limits{Total: 1})
	c := s.cart(lind, "Villa Rosa")
	c, _ = s.EnterCode(context.Background(), lind, cart.EnterCodeInput{Cart: c.ID, Code: "WELCOME10"})
	c, err := s.DropCode(context.Background(), lind, cart.DropCodeInput{Cart: c.ID, Code: "welcome 1O"})
	fmt.Println(len(c.Codes), err)
	// Output: 0 <nil>
}

// seen keeps the codes of the baskets that a pricer was handed.
type seen struct {
	pricing.Pricer
	codes *[][]pricing.UsedCode
}

func (seen) Pure() {}

func (p seen) Quote(ctx context.Context, b pricing.Basket) (pricing.Quote, error) {
	*p.codes = append(*p.codes, b.Codes)
	return p.Pricer.Quote(ctx, b)
}

func TestCodesComeAndGoWithTheCart(t *testing.T) {
	ctx := t.Context()
	s := couponed(pricing.Limits{Total: 1})
	a := s.cart(lind, "A")
	_, err := s.Put(ctx, lind, cart.PutInput{Cart: a.ID, Product: tray, Quantity: money.QuantityOf(1)})
	require.NoError(t, err)
	_, err = s.Recalculate(ctx, lind, cart.RecalculateInput{Cart: a.ID})
	require.NoError(t, err)
	in := cart.EnterCodeInput{Cart: a.ID, Code: "welcome10", Key: "k"}
	c, err := s.EnterCode(ctx, lind, in)
	require.NoError(t, err)
	require.Nil(t, c.Quote, "the calculation was without the code")
	again, err := s.EnterCode(ctx, lind, in)
	require.NoError(t, err)
	require.Equal(t, c, again)

	p, err := s.Recalculate(ctx, lind, cart.RecalculateInput{Cart: a.ID})
	require.NoError(t, err)
	s.later(10 * time.Minute)
	kept, err := s.EnterCode(ctx, lind, cart.EnterCodeInput{Cart: a.ID, Code: "welcome10"})
	require.NoError(t, err)
	require.Equal(t, p.Cart.Quote, kept.Quote, "entered again it is held longer and changes nothing")
	require.Len(t, kept.Codes, 1)

	_, err = s.EnterCode(ctx, lind, cart.EnterCodeInput{Cart: a.ID, Code: "SECOND"})
	require.ErrorIs(t, err, pricing.ErrCodeRefused, "one code of a campaign a cart")
	b := s.cart(lind, "B")
	_, err = s.EnterCode(ctx, lind, cart.EnterCodeInput{Cart: b.ID, Code: "SECOND"})
	require.ErrorIs(t, err, pricing.ErrCodeRefused, "the one use is held")

	_, err = s.DropCode(ctx, lind, cart.DropCodeInput{Cart: a.ID, Code: "SECOND"})
	require.ErrorIs(t, err, cart.ErrCode)
	_, err = s.DropCode(ctx, lind, cart.DropCodeInput{Cart: a.ID, Code: "!"})
	require.ErrorIs(t, err, cart.ErrCode)
	c, err = s.DropCode(ctx, lind, cart.DropCodeInput{Cart: a.ID, Code: "WELCOME10"})
	require.NoError(t, err)
	require.Nil(t, c.Codes)
	require.Nil(t, c.Quote)
	_, err = s.EnterCode(ctx, lind, cart.EnterCodeInput{Cart: b.ID, Code: "SECOND"})
	require.NoError(t, err, "what was dropped is free")
	require.NoError(t, s.Delete(ctx, lind, cart.DeleteInput{Cart: b.ID}))
	_, err = s.EnterCode(ctx, lind, cart.EnterCodeInput{Cart: a.ID, Code: "SECOND"})
	require.NoError(t, err, "and so is what a cart held that is gone")
}

// A code that somebody else used up meanwhile is told with the calculation,
// which is without it, and stops the order until it is dropped.
func TestALostCodeIsToldAndStopsTheOrder(t *testing.T) {
	ctx := t.Context()
	s := couponed(pricing.Limits{Total: 1})
	a, b := s.cart(merle, "A"), s.cart(merle, "B")
	_, err := s.Put(ctx, merle, cart.PutInput{Cart: a.ID, Product: tray, Quantity: money.QuantityOf(1)})
	require.NoError(t, err)
	_, err = s.EnterCode(ctx, merle, cart.EnterCodeInput{Cart: a.ID, Code: "WELCOME10"})
	require.NoError(t, err)
	s.later(2 * time.Hour)
	p, err := s.Recalculate(ctx, merle, cart.RecalculateInput{Cart: a.ID})
	require.NoError(t, err)
	require.Empty(t, p.Refused, "lapsed, and still to be had")
	_, err = s.EnterCode(ctx, merle, cart.EnterCodeInput{Cart: b.ID, Code: "SECOND"})
	require.NoError(t, err)

	p, err = s.Recalculate(ctx, merle, cart.RecalculateInput{Cart: a.ID})
	require.NoError(t, err)
	require.Len(t, p.Refused, 1)
	require.Equal(t, pricing.ReservedElsewhere, p.Refused[0].Reason)
	order := func() error {
		return s.Update(ctx, func(ctx context.Context, tx cart.Tx) error {
			_, err := s.OrderTx(ctx, tx, merle, cart.OrderInput{Cart: a.ID, Seal: p.Quote.Seal})
			return err
		})
	}
	var no *pricing.CodeRefused
	require.ErrorAs(t, order(), &no)
	require.Equal(t, pricing.ReservedElsewhere, no.Reason)
	_, err = s.DropCode(ctx, merle, cart.DropCodeInput{Cart: a.ID, Code: "WELCOME10"})
	require.NoError(t, err)
	p, err = s.Recalculate(ctx, merle, cart.RecalculateInput{Cart: a.ID})
	require.NoError(t, err)
	require.NoError(t, order())
}

// The pricer is handed the codes that stand; the order uses those of which the
// calculation does not say that they took nothing off, and releases the others.
func TestTheOrderUsesWhatApplied(t *testing.T) {
	ctx := t.Context()
	run := inMemory()
	var k *kit
	codes := pricing.NewCodes(uow.Narrow(run, func(tx cart.Tx) pricing.CodeTx { return tx }),
		&pricing.CodeOptions{Now: func() time.Time { return k.now() }})
	var handed [][]pricing.UsedCode
	k = newKitOn(run, seen{judged{listPricer()}, &handed}, &cart.Options{Codes: codes})
	for _, id := range []pricing.CampaignID{"GOOD", "IDLE"} {
		_, err := codes.SaveCampaign(ctx, hera, pricing.SaveCampaignInput{Campaign: pricing.Campaign{ID: id, Name: "x", Active: true, Limits: pricing.Limits{Total: 1}}})
		require.NoError(t, err)
		_, err = codes.AddCode(ctx, hera, pricing.AddCodeInput{Campaign: id, Code: string(id)})
		require.NoError(t, err)
	}
	c := k.cart(merle, "A")
	_, err := k.Put(ctx, merle, cart.PutInput{Cart: c.ID, Product: tray, Quantity: money.QuantityOf(1)})
	require.NoError(t, err)
	for _, code := range []string{"good", "idle"} {
		_, err = k.EnterCode(ctx, merle, cart.EnterCodeInput{Cart: c.ID, Code: code})
		require.NoError(t, err)
	}
	p, err := k.Recalculate(ctx, merle, cart.RecalculateInput{Cart: c.ID})
	require.NoError(t, err)
	both := []pricing.UsedCode{{Code: "GOOD", Campaign: "GOOD"}, {Code: "IDLE", Campaign: "IDLE"}}
	require.Equal(t, [][]pricing.UsedCode{both}, handed)
	err = k.Update(ctx, func(ctx context.Context, tx cart.Tx) error {
		r, err := k.OrderTx(ctx, tx, merle, cart.OrderInput{Cart: c.ID, Seal: p.Quote.Seal})
		if err != nil {
			return err
		}
		require.Equal(t, both[:1], r.Codes)
		return k.EmptyTx(ctx, tx, r, cart.Ordered{Order: "o1", Ref: "R1", By: merle.Stamp(), At: k.now()})
	})
	require.NoError(t, err)
	for id, want := range map[pricing.CampaignID]pricing.RedemptionState{"GOOD": pricing.CodeConfirmed, "IDLE": pricing.CodeReleased} {
		page, err := codes.FindRedemptions(ctx, hera, pricing.RedemptionQuery{Campaign: id})
		require.NoError(t, err)
		require.Len(t, page.Rows, 1)
		require.Equal(t, want, page.Rows[0].State)
	}
	got, err := k.Get(ctx, merle, c.ID)
	require.NoError(t, err)
	require.Empty(t, got.Codes)
}

// judged says of the code IDLE that it was beaten.
type judged struct{ pricing.Pricer }

func (j judged) Quote(ctx context.Context, b pricing.Basket) (pricing.Quote, error) {
	q, err := j.Pricer.Quote(ctx, b)
	q.Codes = nil
	for _, u := range b.Codes {
		q.Codes = append(q.Codes, pricing.CodeOutcome{UsedCode: u, Applied: u.Code != "IDLE"})
	}
	return q, err
}

func TestWithoutAKeeperOfCodes(t *testing.T) {
	k := newKit(nil, nil)
	c := k.cart(lind, "A")
	_, err := k.EnterCode(t.Context(), lind, cart.EnterCodeInput{Cart: c.ID, Code: "WELCOME10"})
	require.ErrorIs(t, err, cart.ErrCodes)
	_, err = k.DropCode(t.Context(), lind, cart.DropCodeInput{Cart: c.ID, Code: "WELCOME10"})
	require.ErrorIs(t, err, cart.ErrCodes)
	require.Nil(t, k.Codes())
}

// Only the holder enters codes.
func TestCodesAreTheHoldersToEnter(t *testing.T) {
	s := couponed(pricing.Limits{})
	c := s.cart(lind, "A")
	_, err := s.EnterCode(t.Context(), merle, cart.EnterCodeInput{Cart: c.ID, Code: "WELCOME10"})
	require.ErrorIs(t, err, cart.ErrNotHolder)
	_, err = s.EnterCode(t.Context(), roth, cart.EnterCodeInput{Cart: c.ID, Code: "WELCOME10"})
	require.ErrorIs(t, err, cart.ErrNotFound)
}
