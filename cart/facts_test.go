package cart_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

// curious prices by list and keeps the baskets that it saw.
type curious struct {
	*pricing.ListPricer
	asks pricing.Asks
	saw  *[]pricing.Facts
}

func (c curious) Asks() pricing.Asks { return c.asks }

func (c curious) Quote(ctx context.Context, b pricing.Basket) (pricing.Quote, error) {
	*c.saw = append(*c.saw, b.Facts)
	return c.ListPricer.Quote(ctx, b)
}

// impure is not pricing.Pure: it is asked between transactions.
type impure struct{ c curious }

func (i impure) Asks() pricing.Asks { return i.c.asks }

func (i impure) Quote(ctx context.Context, b pricing.Basket) (pricing.Quote, error) {
	return i.c.Quote(ctx, b)
}

// told is a source that keeps what it was asked.
type told struct {
	facts pricing.Facts
	fails error
	asked []pricing.Asks
	at    []time.Time
	of    []partner.ID
}

func (s *told) FactsTx(_ context.Context, tx cart.Tx, p partner.Partner, asks pricing.Asks, at time.Time) (pricing.Facts, error) {
	if tx == nil {
		return pricing.Facts{}, errors.New("asked outside a transaction")
	}
	s.asked, s.at, s.of = append(s.asked, asks), append(s.at, at), append(s.of, p.ID)
	return s.facts, s.fails
}

var everything = pricing.Asks{Windows: []pricing.AskedWindow{{Window: pricing.Window{Kind: pricing.YearWindow}}}, First: true, Attended: true}

func facts() pricing.Facts {
	return pricing.Facts{First: true, Attended: []string{"FAIR"}, Groups: []string{"not taken"}, Postcode: "not taken",
		Turnover: []pricing.WindowTurnover{{Window: "year", Amount: money.MustAmount("1200", money.EUR)}}}
}

func (k *kit) filled(t *testing.T) cart.Cart {
	t.Helper()
	c, err := k.Create(context.Background(), merle, cart.CreateInput{Name: "facts"})
	require.NoError(t, err)
	c, err = k.Put(context.Background(), merle, cart.PutInput{Cart: c.ID, SKU: catalog.SKU("065612405"), Quantity: money.QuantityOf(2)})
	require.NoError(t, err)
	return c
}

// pricedEveryWay prices a cart in each of the four ways, the last as of a month
// before.
func (k *kit) pricedEveryWay(t *testing.T) {
	t.Helper()
	ctx, c := context.Background(), k.filled(t)
	_, err := k.Preview(ctx, merle, cart.PreviewInput{Cart: c.ID})
	require.NoError(t, err)
	priced, err := k.Recalculate(ctx, merle, cart.RecalculateInput{Cart: c.ID})
	require.NoError(t, err)
	require.NoError(t, k.Update(ctx, func(ctx context.Context, tx cart.Tx) error {
		ready, err := k.OrderTx(ctx, tx, merle, cart.OrderInput{Cart: c.ID, Seal: priced.Quote.Seal})
		if err != nil {
			return err
		}
		_, err = k.PriceTx(ctx, tx, ready.Cart, ready.Partner, start.AddDate(0, -1, 0))
		return err
	}))
}

// A basket carries what its pricer asks for, on every way of pricing it; groups
// and places stay the cart's own.
func TestFactsOfABasket(t *testing.T) {
	var saw []pricing.Facts
	src := &told{facts: facts()}
	k := newKit(curious{listPricer(), everything, &saw}, &cart.Options{Facts: src})
	k.pricedEveryWay(t)
	require.Len(t, saw, 4)
	for _, f := range saw {
		require.Equal(t, facts().Turnover, f.Turnover)
		require.True(t, f.First)
		require.Equal(t, []string{"FAIR"}, f.Attended)
		require.NotContains(t, f.Groups, "not taken")
		require.NotEqual(t, "not taken", f.Postcode)
	}
	require.Equal(t, []time.Time{start, start, start, start.AddDate(0, -1, 0)}, src.at, "as of the instant that is priced")
	require.Equal(t, []partner.ID{"vert", "vert", "vert", "vert"}, src.of)
	require.Equal(t, everything, src.asked[0])
}

// Of an answer only what was asked for is taken, and who asks for nothing costs
// nothing.
func TestFactsAreTakenAsAsked(t *testing.T) {
	ctx := context.Background()
	for _, c := range []struct {
		asks  pricing.Asks
		asked int
		want  pricing.Facts
	}{
		{pricing.Asks{}, 0, pricing.Facts{}},
		{pricing.Asks{First: true}, 1, pricing.Facts{First: true}},
		{pricing.Asks{Attended: true}, 1, pricing.Facts{Attended: []string{"FAIR"}}},
		{pricing.Asks{Windows: everything.Windows}, 1, pricing.Facts{Turnover: facts().Turnover}},
	} {
		var saw []pricing.Facts
		src := &told{facts: facts()}
		k := newKit(curious{listPricer(), c.asks, &saw}, &cart.Options{Facts: src})
		_, err := k.Preview(ctx, merle, cart.PreviewInput{Cart: k.filled(t).ID})
		require.NoError(t, err)
		require.Len(t, src.asked, c.asked)
		require.Len(t, saw, 1)
		require.Equal(t, c.want, pricing.Facts{First: saw[0].First, Attended: saw[0].Attended, Turnover: saw[0].Turnover})
	}
	// A pricer that is not Asking.
	src := &told{facts: facts()}
	k := newKit(nil, &cart.Options{Facts: src})
	_, err := k.Preview(ctx, merle, cart.PreviewInput{Cart: k.filled(t).ID})
	require.NoError(t, err)
	require.Empty(t, src.asked)
}

// A pricer that is asked between transactions gets the facts read before; at the
// order, where it is not asked again, nothing is read for it.
func TestFactsOfAnImpurePricer(t *testing.T) {
	ctx := context.Background()
	var saw []pricing.Facts
	src := &told{facts: facts()}
	k := newKit(impure{curious{listPricer(), everything, &saw}}, &cart.Options{Facts: src})
	c := k.filled(t)
	priced, err := k.Recalculate(ctx, merle, cart.RecalculateInput{Cart: c.ID})
	require.NoError(t, err)
	require.True(t, saw[0].First)
	require.NoError(t, k.Update(ctx, func(ctx context.Context, tx cart.Tx) error {
		_, err := k.OrderTx(ctx, tx, merle, cart.OrderInput{Cart: c.ID, Seal: priced.Quote.Seal})
		return err
	}))
	require.Len(t, src.asked, 1)
}

func TestFactsThatFail(t *testing.T) {
	var saw []pricing.Facts
	src := &told{fails: money.ErrOverflow}
	k := newKit(curious{listPricer(), everything, &saw}, &cart.Options{Facts: src})
	_, err := k.Preview(context.Background(), merle, cart.PreviewInput{Cart: k.filled(t).ID})
	require.ErrorIs(t, err, money.ErrOverflow)
	require.Empty(t, saw)
}

// WithAdjustments asks what the pricer below it asks.
func TestFactsThroughAdjustments(t *testing.T) {
	var saw []pricing.Facts
	below := curious{listPricer(), everything, &saw}
	rule := func(pricing.Quote) ([]pricing.Adjustment, error) { return nil, nil }
	k := newKit(pricing.WithAdjustments(below, rule), &cart.Options{Facts: &told{facts: facts()}})
	_, err := k.Preview(context.Background(), merle, cart.PreviewInput{Cart: k.filled(t).ID})
	require.NoError(t, err)
	require.True(t, saw[0].First)
	require.True(t, pricing.WithAdjustments(listPricer(), rule).(pricing.Asking).Asks().IsZero())
}

// changing has other rules each time that it is asked for those in use: rules
// n ask for a window of n days.
type changing struct {
	*pricing.ListPricer
	made *[]*numbered
}

func (c changing) Now() pricing.Pricer {
	n := &numbered{ListPricer: c.ListPricer, days: len(*c.made) + 1}
	*c.made = append(*c.made, n)
	return n
}

func (changing) Quote(context.Context, pricing.Basket) (pricing.Quote, error) {
	return pricing.Quote{}, errors.New("asked the rules of the moment, not those that the facts were read for")
}

type numbered struct {
	*pricing.ListPricer
	days, asked, quoted int
}

func (n *numbered) Asks() pricing.Asks {
	n.asked++
	return pricing.Asks{Windows: []pricing.AskedWindow{{Window: pricing.Window{Kind: pricing.DaysWindow, Days: n.days}}}}
}

func (n *numbered) Quote(ctx context.Context, b pricing.Basket) (pricing.Quote, error) {
	n.quoted++
	return n.ListPricer.Quote(ctx, b)
}

// The rules that say which facts they need are those that price, however often
// rules are exchanged in between.
func TestFactsAreThoseOfTheRulesThatPrice(t *testing.T) {
	var made []*numbered
	src := &told{facts: facts()}
	k := newKit(changing{listPricer(), &made}, &cart.Options{Facts: src})
	k.pricedEveryWay(t)
	require.Len(t, made, 4)
	for i, n := range made {
		require.Equal(t, 1, n.asked)
		require.Equal(t, 1, n.quoted)
		require.Equal(t, n.days, src.asked[i].Windows[0].Window.Days)
	}
}
