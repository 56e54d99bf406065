package cart_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/uow"
)

// dozens gives the studio 10 % from a dozen on, and 20 % from next year on.
func dozens() *pricing.Engine {
	next := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	percent := func(code, rate string, priority int) pricing.Rule {
		return pricing.Rule{Code: code, On: pricing.OnLine, Priority: priority, Give: pricing.Effect{Percent: money.MustRate(rate)}}
	}
	dozen, later := percent("DOZEN", "10", 2), percent("NEXT", "20", 1)
	dozen.When = pricing.When{Partners: []access.PartnerID{"vert"}, Quantity: &pricing.QuantityRange{From: money.QuantityOf(12)}}
	later.From = next
	return get(pricing.Compile(pricing.Tariff{Taxes: []pricing.TaxRow{{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20)}},
		Rules: []pricing.Rule{dozen, later}}, nil))
}

func ExampleService_Offers() {
	s := newKitOn(inMemory(), dozens(), nil)
	page, err := s.Offers(context.Background(), merle, cart.OffersInput{Products: catalog.Query{Page: uow.PageRequest{Limit: 2}}})
	for _, p := range page.Rows {
		for _, o := range p.Offers {
			fmt.Println(p.SKU, "from", o.From, "at", o.Net)
		}
	}
	fmt.Println("more:", page.Next != "", err)
	// Output:
	// 065612405 from 1 at 9.45 EUR
	// 065612405 from 12 at 8.505 EUR
	// CABLE from 1 at 1.10 EUR
	// CABLE from 12 at 0.99 EUR
	// more: true <nil>
}

// A price list is the partner's: of what it may order, page by page, as of an
// instant.
func TestOffersOfAPartner(t *testing.T) {
	ctx := context.Background()
	s := newKitOn(inMemory(), dozens(), &cart.Options{Currency: money.EUR})
	list := func(a access.Actor, in cart.OffersInput) (out []string) {
		t.Helper()
		for {
			page, err := s.Offers(ctx, a, in)
			require.NoError(t, err)
			for _, p := range page.Rows {
				text := string(p.SKU) + " " + p.Refused
				for _, o := range p.Offers {
					text += fmt.Sprintf("%s: %s; ", o.From, o.Net.Text())
				}
				out = append(out, text)
			}
			if in.Products.Page.After = page.Next; page.Next == "" {
				return out
			}
		}
	}
	two := catalog.Query{Page: uow.PageRequest{Limit: 2}}
	vert := []string{"065612405 1: 9.45; 12: 8.505; ", "CABLE 1: 1.10; 12: 0.99; ", "INOX-SP 6: 4.20; 12: 3.78; ", "NOPRICE pricing.no_price"}
	require.Equal(t, vert, list(merle, cart.OffersInput{Products: two}))
	require.Equal(t, vert, list(kern, cart.OffersInput{Partner: "vert", Products: two}))
	require.Equal(t, []string{"065612405 1: 9.45; ", "CABLE 1: 1.10; ", "CUST-1 1: 5.00; ", "INOX-SP 6: 4.20; ", "NOPRICE pricing.no_price"},
		list(roth, cart.OffersInput{}))
	all := list(kern, cart.OffersInput{Partner: "bleu", At: start.AddDate(1, 0, 0)})
	require.Equal(t, "065612405 1: 7.56; ", all[0])
	usd := list(merle, cart.OffersInput{Currency: money.USD})
	require.Equal(t, "065612405 pricing.no_price", usd[0])
}

func TestOffersRefuse(t *testing.T) {
	ctx := context.Background()
	s := newKitOn(inMemory(), dozens(), nil)
	for want, ask := range map[error]struct {
		who access.Actor
		in  cart.OffersInput
	}{
		partner.ErrNotFound: {roth, cart.OffersInput{Partner: "vert"}},
		access.ErrForbidden: {merle, cart.OffersInput{At: start.Add(time.Hour)}},
		uow.ErrPage:         {merle, cart.OffersInput{Products: catalog.Query{Page: uow.PageRequest{Limit: -1}}}},
		cart.ErrInvalid:     {merle, cart.OffersInput{Terms: cart.Terms{Address: "nowhere"}}},
	} {
		_, err := s.Offers(ctx, ask.who, ask.in)
		require.ErrorIs(t, err, want)
	}
	for _, nobody := range []access.Actor{kern, {}} { // sellers have no partner of their own
		_, err := s.Offers(ctx, nobody, cart.OffersInput{})
		require.ErrorIs(t, err, partner.ErrNotFound)
	}
	_, err := newKitOn(inMemory(), nil, nil).Offers(ctx, merle, cart.OffersInput{})
	require.ErrorIs(t, err, cart.ErrOffers)
	require.Equal(t, fault.Unsupported, fault.KindOf(err))
	bare := newKitOn(inMemory(), dozens(), nil)
	bare.Service = cart.NewService(bare.Runner, dozens(), nil)
	_, err = bare.Offers(ctx, merle, cart.OffersInput{})
	require.True(t, errors.Is(err, pricing.ErrBasket), "no currency: %v", err)
}
