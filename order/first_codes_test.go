package order_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
)

// A code that a draft does not use, or not any more, is not given to it again when
// it is not the first order: its one use stays with who has it by now.
func TestADraftThatIsNotTheFirstGetsNoCodeBack(t *testing.T) {
	fromNet := func(net string) pricing.When {
		from := money.MustAmount(net, money.EUR)
		return pricing.When{Campaign: "once", Basket: &pricing.AmountRange{From: &from}}
	}
	five := pricing.Effect{Percent: money.RateOf(5)}
	for name, c := range map[string]struct {
		policy  pricing.Policy
		code    pricing.Rule
		dropped bool
		want    string
	}{
		"beaten": {policy: pricing.Policy{Lines: pricing.Stacking{Mode: pricing.BestFor}},
			code: pricing.Rule{Code: "ONCE", On: pricing.OnLine, When: pricing.When{Campaign: "once"}, Give: five}, want: regular},
		"below its minimum":     {code: pricing.Rule{Code: "ONCE", On: pricing.OnOrder, When: fromNet("600"), Give: five}, want: regular},
		"dropped by a revision": {code: pricing.Rule{Code: "ONCE", On: pricing.OnOrder, When: fromNet("580"), Give: five}, dropped: true, want: "640.00"},
	} {
		t.Run(name, func(t *testing.T) {
			c.code.Priority = 1
			e, err := pricing.Compile(pricing.Tariff{Seller: "FR", Policy: c.policy,
				Taxes: []pricing.TaxRow{{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20)}},
				Rules: []pricing.Rule{{Code: "WELCOME", On: pricing.OnLine, When: pricing.When{First: true}, Give: pricing.Effect{Percent: money.RateOf(10)}}, c.code}}, nil)
			require.NoError(t, err)
			s, codes := codeShopWith(t, pricing.ReturnUse, e)
			a := s.withCode(order.PlaceInput{AsDraft: true})
			require.Equal(t, c.dropped, len(a.Codes) == 1)
			if c.dropped {
				a = s.accept(order.ReviseInput{Order: a.ID, Lines: []order.LineChange{{Line: s.lineOf(a, "065612405"), Remove: true}}})
				require.Equal(t, "576.00", a.Quote.Net.Text())
			}
			require.Empty(t, a.Codes)
			require.Zero(t, used(t, s, codes))
			s.pass(time.Minute)
			s.placed(buyer)
			s.placed(stranger) // so that the next one is not his first
			other := s.withCodeOf(stranger, order.PlaceInput{})
			require.Len(t, other.Codes, 1)

			moved := s.submitMoved(a.ID)
			require.Equal(t, c.want, moved.Fresh.Net.Text())
			got, err := s.orders.Advance(s.ctx, buyer, order.AdvanceInput{Order: a.ID, On: order.Submit, Seal: moved.Fresh.Seal})
			require.NoError(t, err)
			require.Empty(t, got.Codes)
			require.Empty(t, got.Quote.Codes)
			require.EqualValues(t, 1, used(t, s, codes))
		})
	}
}
