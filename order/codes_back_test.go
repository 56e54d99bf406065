package order_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// codeShop is a shop with one code of one use; the campaign does what policy
// says with uses of orders that are given up.
func codeShop(t *testing.T, policy pricing.CancelPolicy) (*shop, *pricing.Codes) {
	t.Helper()
	tenth, err := pricing.Compile(pricing.Tariff{Name: "codes", Taxes: []pricing.TaxRow{{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20)}},
		Rules: []pricing.Rule{{Code: "ONCE", On: pricing.OnOrder, When: pricing.When{Campaign: "once"}, Give: pricing.Effect{Percent: money.RateOf(10)}}}}, nil)
	require.NoError(t, err)
	return codeShopWith(t, policy, tenth)
}

func codeShopWith(t *testing.T, policy pricing.CancelPolicy, p pricing.Pricer) (*shop, *pricing.Codes) {
	t.Helper()
	s := newShop(t, nil)
	codes := pricing.NewCodes(uow.Narrow(s.store, func(tx store.Tx) pricing.CodeTx { return tx }),
		&pricing.CodeOptions{Now: s.clock, NewID: s.newID})
	_, err := codes.SaveCampaign(s.ctx, admin, pricing.SaveCampaignInput{Campaign: pricing.Campaign{ID: "once", Name: "Once", Active: true,
		OnCancel: policy, Limits: pricing.Limits{Total: 1}}})
	require.NoError(t, err)
	_, err = codes.AddCode(s.ctx, admin, pricing.AddCodeInput{Campaign: "once", Code: "ONLYONE"})
	require.NoError(t, err)
	s.carts = cart.NewService(uow.Narrow(s.store, func(tx store.Tx) cart.Tx { return tx }), p,
		&cart.Options{Now: s.clock, NewID: s.newID, Currency: money.EUR, Codes: codes, Facts: order.NewFacts(s.ledger(), nil)})
	s.orders = order.NewService(uow.Narrow(s.store, func(tx store.Tx) order.Tx { return tx }), s.carts, &order.Options{Now: s.clock, NewID: s.newID})
	return s, codes
}

// withCode orders a cart in which the code was entered.
func (s *shop) withCode(in order.PlaceInput) order.Order { return s.withCodeOf(buyer, in) }

func (s *shop) withCodeOf(a access.Actor, in order.PlaceInput) order.Order {
	s.t.Helper()
	c, _ := s.offer(a)
	_, err := s.carts.EnterCode(s.ctx, a, cart.EnterCodeInput{Cart: c.ID, Code: "only one"})
	require.NoError(s.t, err)
	p, err := s.carts.Recalculate(s.ctx, a, cart.RecalculateInput{Cart: c.ID})
	require.NoError(s.t, err)
	in.Cart, in.Seal = c.ID, p.Quote.Seal
	r, err := s.orders.Place(s.ctx, a, in)
	require.NoError(s.t, err)
	return s.get(r.Order)
}

// Whichever way an order is given up, its use of a code is there again exactly
// when the campaign gives it back; an order that goes on keeps it.
func TestCodesComeBackWithTheOrder(t *testing.T) {
	ways := map[string]struct {
		draft bool
		back  bool
		do    func(s *shop, o order.Order)
	}{
		"withdrawn": {back: true, do: func(s *shop, o order.Order) { s.advance(buyer, o.ID, order.Cancel) }},
		"rejected":  {back: true, do: func(s *shop, o order.Order) { s.advance(operator, o.ID, order.Reject) }},
		"draft cancelled": {draft: true, back: true, do: func(s *shop, o order.Order) {
			s.advance(buyer, o.ID, order.Cancel)
		}},
		"deleted": {back: true, do: func(s *shop, o order.Order) {
			require.NoError(s.t, s.orders.Delete(s.ctx, buyer, order.DeleteInput{Order: o.ID}))
		}},
		"cancelled in the ERP": {back: true, do: func(s *shop, o order.Order) {
			s.advance(operator, o.ID, order.Validate)
			s.report(order.Report{Order: o.ID, Sequence: 1, State: "cancelled"})
			require.Equal(s.t, order.Cancelled, s.get(o.ID).State)
			// What the ERP tells again gives nothing back again.
			s.report(order.Report{Order: o.ID, Sequence: 2, State: "cancelled"})
		}},
		"recalled":  {do: func(s *shop, o order.Order) { s.advance(buyer, o.ID, order.Recall) }},
		"validated": {do: func(s *shop, o order.Order) { s.advance(operator, o.ID, order.Validate) }},
	}
	for name, w := range ways {
		for _, policy := range []pricing.CancelPolicy{pricing.ReturnUse, pricing.KeepUse} {
			t.Run(name+" "+string(policy), func(t *testing.T) {
				s, codes := codeShop(t, policy)
				o := s.withCode(order.PlaceInput{AsDraft: w.draft})
				require.Equal(t, []pricing.UsedCode{{Code: "ONLYONE", Campaign: "once"}}, o.Codes)
				require.EqualValues(t, 1, used(t, s, codes))
				w.do(s, o)
				want := int64(1)
				if w.back && policy == pricing.ReturnUse {
					want = 0
				}
				require.Equal(t, want, used(t, s, codes))
				page, err := codes.FindRedemptions(s.ctx, admin, pricing.RedemptionQuery{Order: pricing.OrderID(o.ID)})
				require.NoError(t, err)
				require.Len(t, page.Rows, 1)
				require.Equal(t, want == 1, page.Rows[0].State == pricing.CodeConfirmed)
			})
		}
	}
}

func used(t *testing.T, s *shop, codes *pricing.Codes) int64 {
	t.Helper()
	all, err := codes.Uses(s.ctx, admin, pricing.UsesInput{Campaign: "once"})
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.Zero(t, all[0].Held)
	return all[0].Used
}

// A reservation that lapsed is ordered as long as nobody else has the use, and
// refused with the reason when somebody has; the cart and its code stay.
func TestCodesThatLapsedBeforeTheOrder(t *testing.T) {
	s, codes := codeShop(t, pricing.ReturnUse)
	c, _ := s.offer(buyer)
	_, err := s.carts.EnterCode(s.ctx, buyer, cart.EnterCodeInput{Cart: c.ID, Code: "ONLYONE"})
	require.NoError(t, err)
	s.pass(25 * time.Hour)
	p, err := s.carts.Recalculate(s.ctx, buyer, cart.RecalculateInput{Cart: c.ID})
	require.NoError(t, err)
	require.Empty(t, p.Refused)

	other := pricing.ReserveInput{Code: "ONLYONE", Partner: "sud", Cart: "theirs"}
	_, err = codes.Reserve(s.ctx, stranger, other)
	require.NoError(t, err, "lapsed, so it is free, swept or not")
	place := func() error {
		_, err := s.orders.Place(s.ctx, buyer, order.PlaceInput{Cart: c.ID, Seal: p.Quote.Seal})
		return err
	}
	var no *pricing.CodeRefused
	require.ErrorAs(t, place(), &no)
	require.Equal(t, pricing.ReservedElsewhere, no.Reason)
	kept, err := s.carts.Get(s.ctx, buyer, c.ID)
	require.NoError(t, err)
	require.Equal(t, p.Cart, kept)

	_, err = codes.Release(s.ctx, stranger, pricing.ReleaseInput{Code: other.Code, Cart: other.Cart})
	require.NoError(t, err)
	n, err := codes.Expire(s.ctx, access.Machine("sweep"), 0)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.NoError(t, place())
	require.EqualValues(t, 1, used(t, s, codes))
	require.NoError(t, s.store.View(s.ctx, func(ctx context.Context, tx store.Tx) error {
		open, err := tx.Redemptions().OfCart(ctx, pricing.CartID(c.ID))
		require.Empty(t, open)
		return err
	}))
}

// A revision after which a code takes nothing off gives its use back, unless the
// campaign keeps it: then the code may be of effect again.
func TestRevisionsGiveCodesBack(t *testing.T) {
	for _, policy := range []pricing.CancelPolicy{pricing.ReturnUse, pricing.KeepUse} {
		t.Run(string(policy), func(t *testing.T) {
			from := money.MustAmount("600", money.EUR)
			engine, err := pricing.Compile(pricing.Tariff{Taxes: []pricing.TaxRow{{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20)}},
				Rules: []pricing.Rule{{Code: "ONCE", On: pricing.OnOrder, When: pricing.When{Campaign: "once", Basket: &pricing.AmountRange{From: &from}},
					Give: pricing.Effect{Percent: money.RateOf(10)}}}}, nil)
			require.NoError(t, err)
			s, codes := codeShopWith(t, policy, engine)
			o := s.withCode(order.PlaceInput{})
			require.True(t, o.Quote.Codes[0].Applied)
			all := o.Codes
			change := func(sku catalog.SKU, n int64) {
				q := money.QuantityOf(n)
				in := order.ReviseInput{Order: o.ID, Lines: []order.LineChange{{Line: s.lineOf(o, sku), Quantity: &q}}}
				_, err := s.orders.Revise(s.ctx, buyer, in)
				var moved *pricing.Moved
				if errors.As(err, &moved) {
					require.EqualValues(t, 1, used(t, s, codes), "nothing is given back before it is accepted")
					in.Seal, in.AsOf = moved.Fresh.Seal, moved.Fresh.At
					_, err = s.orders.Revise(s.ctx, buyer, in)
				}
				require.NoError(t, err)
				o = s.get(o.ID)
			}
			change("065612405", 3)
			require.Equal(t, all, o.Codes)
			require.EqualValues(t, 1, used(t, s, codes))

			in := order.ReviseInput{Order: o.ID, Lines: []order.LineChange{{Line: s.lineOf(o, "OV-1"), Remove: true}}}
			o = s.accept(in)
			require.False(t, o.Quote.Codes[0].Applied)
			require.Equal(t, pricing.MinimumNotReached, o.Quote.Codes[0].Reason)
			require.Equal(t, "28.35 EUR", o.Quote.Net.String())
			if policy == pricing.KeepUse {
				require.Equal(t, all, o.Codes)
				require.EqualValues(t, 1, used(t, s, codes))
				change("065612405", 100)
				require.True(t, o.Quote.Codes[0].Applied)
				return
			}
			require.Empty(t, o.Codes)
			require.Zero(t, used(t, s, codes))
			_, err = codes.Reserve(s.ctx, stranger, pricing.ReserveInput{Code: "ONLYONE", Partner: "sud", Cart: "theirs"})
			require.NoError(t, err, "others may have it")
		})
	}
}
