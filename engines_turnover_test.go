package comptoir_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// bought is what nord bought this year.
func bought(t *testing.T, k *comptoir.Counter) money.Amount {
	t.Helper()
	sum, err := k.Turnovers.Of(t.Context(), clerk, pricing.TurnoverQuery{Partner: "nord", Currency: money.EUR,
		Window: pricing.Window{Kind: pricing.DaysWindow, Days: 30}})
	require.NoError(t, err)
	return sum
}

// Many goroutines record documents of one partner at once, some of them the same
// document in other states: nothing is lost, nothing counts twice, and the
// entries of a document sum to the state that was recorded last.
func TestTurnoverOfOnePartnerIsRaced(t *testing.T) {
	const racers, each = 16, 5
	for name, open := range engines {
		t.Run(name, func(t *testing.T) {
			st := open(t)
			defer func() { require.NoError(t, st.Close()) }()
			k := stocked(t, st)
			today := partner.DateOf(time.Now(), time.UTC)
			record := func(id string, minor int64) error {
				return k.Store.Update(context.Background(), func(ctx context.Context, tx store.Tx) error {
					net := money.FromMinor(minor, money.EUR)
					_, err := k.Turnovers.RecordTx(ctx, tx, pricing.TurnoverInput{Document: pricing.TurnoverDocument{Kind: pricing.InvoiceTurnover, ID: id},
						Partner: "nord", Day: today, Net: net, Lines: []pricing.TurnoverLine{{SKU: "065612405", Net: net}}})
					return err
				})
			}
			errs := make([]error, racers)
			var wg sync.WaitGroup
			for i := range racers {
				wg.Go(func() {
					for n := range each {
						for _, err := range []error{record(fmt.Sprint("own ", i, " ", n), 1_00), record("shared", int64(1+i*each+n))} {
							if err != nil {
								errs[i] = err
							}
						}
					}
				})
			}
			wg.Wait()
			for _, err := range errs {
				require.NoError(t, err)
			}
			page, err := k.Turnovers.Find(t.Context(), clerk, pricing.TurnoverSearch{Document: "shared", Page: uow.PageRequest{Limit: uow.MaxPage}})
			require.NoError(t, err)
			shared, revisions := int64(0), map[int64]bool{}
			for _, e := range page.Rows {
				shared += e.Net.Minor()
				revisions[e.Revision] = true
			}
			require.GreaterOrEqual(t, shared, int64(1))
			require.LessOrEqual(t, shared, int64(racers*each))
			for n := 1; n <= len(page.Rows); n++ {
				require.True(t, revisions[int64(n)], "revision %d is missing", n)
			}
			require.Equal(t, racers*each*1_00+shared, bought(t, k).Minor())
			require.NoError(t, record("shared", 7_00))
			require.EqualValues(t, racers*each*1_00+7_00, bought(t, k).Minor())
		})
	}
}

// Invoices and credit notes that are made at once: the ledger is the sum of the
// documents.
func TestTurnoverOfInvoicesIsRaced(t *testing.T) {
	const racers = 12
	for name, open := range engines {
		t.Run(name, func(t *testing.T) {
			st := open(t)
			defer func() { require.NoError(t, st.Close()) }()
			k := issuingHere(t, st)
			errs := make([]error, racers)
			var wg sync.WaitGroup
			for i, id := range delivered(t, k, racers) {
				wg.Go(func() {
					var d billing.Document
					d, errs[i] = k.Billing.Issue(context.Background(), clerk, billing.IssueInput{Orders: []billing.OrderVersion{{Order: id}}})
					if errs[i] == nil && i%3 == 0 {
						_, errs[i] = k.Billing.Credit(context.Background(), clerk, billing.CreditInput{Document: d.ID, Reason: "came back",
							Lines: []billing.CreditLine{{Line: "1", Quantity: money.QuantityOf(1)}}})
					}
				})
			}
			wg.Wait()
			for _, err := range errs {
				require.NoError(t, err)
			}
			require.EqualValues(t, racers*18_90-racers/3*9_45, bought(t, k).Minor())
		})
	}
}

// welcoming takes 1.00 off the first order of a buyer, and 2.00 off those of
// somebody who bought something this month.
func welcoming(t *testing.T) *pricing.Engine {
	amount := func(text string) *money.Amount {
		a := money.MustAmount(text, money.EUR)
		return &a
	}
	e, err := pricing.Compile(pricing.Tariff{
		Taxes: []pricing.TaxRow{{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20)}},
		Rules: []pricing.Rule{
			{Code: "WELCOME", On: pricing.OnOrder, Priority: 2, When: pricing.When{First: true}, Give: pricing.Effect{Amount: amount("1.00")}},
			{Code: "LOYAL", On: pricing.OnOrder, Priority: 1, Give: pricing.Effect{Amount: amount("2.00")}, When: pricing.When{Turnover: &pricing.TurnoverIs{
				Window: pricing.Window{Kind: pricing.DaysWindow, Days: 30}, AmountRange: pricing.AmountRange{From: amount("0.01")}}}},
		},
	}, nil)
	require.NoError(t, err)
	return e
}

// Of many carts that were all priced as the first order, one is ordered; the
// others are told what moved. What was then invoiced is in the next price.
func TestFactsOfTheBuyerInThePrice(t *testing.T) {
	const racers = 6
	for name, open := range engines {
		t.Run(name, func(t *testing.T) {
			st := open(t)
			defer func() { require.NoError(t, st.Close()) }()
			stocked(t, st)
			s := settings()
			s.Pricer = welcoming(t)
			s.Invoice = order.OnOrder
			s.Billing = madeHere()
			c, err := comptoir.Open(t.Context(), st, &comptoir.Options{Settings: s})
			require.NoError(t, err)
			k, err := c.For("fr")
			require.NoError(t, err)
			var offers []cart.Priced
			for i := range racers {
				offers = append(offers, offered(t, k, fmt.Sprint("Cart ", i)))
				require.Equal(t, "17.90", offers[i].Quote.Net.Text())
			}
			receipts, errs := make([]order.Receipt, racers), make([]error, racers)
			var wg sync.WaitGroup
			for i, p := range offers {
				wg.Go(func() {
					receipts[i], errs[i] = k.Orders.Place(context.Background(), bruno, order.PlaceInput{Cart: p.Cart.ID, Seal: p.Quote.Seal})
				})
			}
			wg.Wait()
			var won []order.Receipt
			for i, err := range errs {
				if err == nil {
					won = append(won, receipts[i])
					continue
				}
				var moved *pricing.Moved
				require.ErrorAs(t, err, &moved)
				require.Equal(t, "18.90", moved.Fresh.Net.Text())
			}
			require.Len(t, won, 1)
			_, err = k.Orders.Advance(t.Context(), clerk, order.AdvanceInput{Order: won[0].Order, On: order.Validate})
			require.NoError(t, err)
			_, err = k.Billing.Issue(t.Context(), clerk, billing.IssueInput{Orders: []billing.OrderVersion{{Order: won[0].Order}}})
			require.NoError(t, err)
			require.Equal(t, "17.90", bought(t, k).Text())
			require.Equal(t, "16.90", offered(t, k, "Next").Quote.Net.Text())
		})
	}
}

// Of many drafts that were all calculated as the first order, submitted at once,
// one is submitted at that; the others are told what moved, and submitted at it.
func TestDraftsRaceToBeTheFirstOrder(t *testing.T) {
	const racers = 8
	for name, open := range engines {
		t.Run(name, func(t *testing.T) {
			st := open(t)
			defer func() { require.NoError(t, st.Close()) }()
			stocked(t, st)
			s := settings()
			s.Pricer = welcoming(t)
			c, err := comptoir.Open(t.Context(), st, &comptoir.Options{Settings: s})
			require.NoError(t, err)
			k, err := c.For("fr")
			require.NoError(t, err)
			var drafts []order.Receipt
			for i := range racers {
				p := offered(t, k, fmt.Sprint("Cart ", i))
				r, err := k.Orders.Place(t.Context(), bruno, order.PlaceInput{Cart: p.Cart.ID, Seal: p.Quote.Seal, AsDraft: true})
				require.NoError(t, err)
				require.Equal(t, "17.90", r.Net.Text())
				drafts = append(drafts, r)
			}
			errs := make([]error, racers)
			var wg sync.WaitGroup
			for i, d := range drafts {
				wg.Go(func() {
					_, errs[i] = k.Orders.Advance(context.Background(), bruno, order.AdvanceInput{Order: d.Order, On: order.Submit})
				})
			}
			wg.Wait()
			won := 0
			for i, err := range errs {
				if err == nil {
					won++
					continue
				}
				var moved *pricing.Moved
				require.ErrorAs(t, err, &moved)
				o, err := k.Orders.Advance(t.Context(), bruno, order.AdvanceInput{Order: drafts[i].Order, On: order.Submit, Seal: moved.Fresh.Seal})
				require.NoError(t, err)
				require.Equal(t, "18.90", o.Quote.Net.Text())
			}
			require.Equal(t, 1, won)
		})
	}
}
