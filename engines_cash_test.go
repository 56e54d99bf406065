package comptoir_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir"
	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
)

var clerk = access.Actor{ID: "vera", Roles: []access.Role{access.Operator}}

// issuingHere is a counter that makes its own invoices.
func issuingHere(t *testing.T, st store.Store) *comptoir.Counter {
	t.Helper()
	stocked(t, st)
	s := settings()
	s.Billing = madeHere()
	c, err := comptoir.Open(t.Context(), st, &comptoir.Options{Settings: s})
	require.NoError(t, err)
	k, err := c.For("fr")
	require.NoError(t, err)
	return k
}

func madeHere() billing.Options {
	return billing.Options{Issuers: []billing.IssuerRule{{Issuer: billing.Here}},
		Sellers: []billing.Seller{{ID: "maker", Name: "The Maker SAS", VATID: "FR40303265045",
			Address: partner.Address{Company: "The Maker SAS", Street: "18 rue des Fondeurs", Postcode: "13002", City: "Marseille", Country: "FR"}}}}
}

// delivered makes n validated orders of two gaskets each, all of it shipped.
func delivered(t *testing.T, k *comptoir.Counter, n int) []order.ID {
	t.Helper()
	ctx := t.Context()
	p := offered(t, k, "Kitchen")
	var out []order.ID
	for range n {
		r, err := k.Orders.Place(ctx, bruno, order.PlaceInput{Cart: p.Cart.ID, Seal: p.Quote.Seal})
		require.NoError(t, err)
		_, err = k.Orders.Advance(ctx, clerk, order.AdvanceInput{Order: r.Order, On: order.Validate})
		require.NoError(t, err)
		_, err = k.Orders.Ship(ctx, clerk, order.ShipInput{Order: r.Order})
		require.NoError(t, err)
		out = append(out, r.Order)
		_, err = k.Carts.Put(ctx, bruno, cart.PutInput{Cart: p.Cart.ID, SKU: "065612405", Quantity: money.QuantityOf(2)})
		require.NoError(t, err)
		p, err = k.Carts.Recalculate(ctx, bruno, cart.RecalculateInput{Cart: p.Cart.ID})
		require.NoError(t, err)
	}
	return out
}

// A hundred goroutines invoice at once in one series: no number is left out,
// none comes twice, and the chain is whole.
func TestHundredInvoicesAreGaplessAndChained(t *testing.T) {
	const racers = 100
	for name, open := range engines {
		t.Run(name, func(t *testing.T) {
			st := open(t)
			defer func() { require.NoError(t, st.Close()) }()
			k := issuingHere(t, st)
			orders := delivered(t, k, racers)
			docs, errs := make([]billing.Document, racers), make([]error, racers)
			var wg sync.WaitGroup
			for i, id := range orders {
				wg.Go(func() {
					docs[i], errs[i] = k.Billing.Issue(context.Background(), clerk, billing.IssueInput{Orders: []billing.OrderVersion{{Order: id}}})
				})
			}
			wg.Wait()
			numbers := map[string]bool{}
			for i, d := range docs {
				require.NoError(t, errs[i])
				numbers[d.Number] = true
			}
			year := docs[0].Issued.Year()
			for n := 1; n <= racers; n++ {
				require.True(t, numbers[fmt.Sprintf("INV-%d-%06d", year, n)], "number %d is missing", n)
			}
			v, err := k.Billing.Verify(t.Context(), clerk, "maker", billing.InvoiceSeries)
			require.NoError(t, err)
			require.Nil(t, v.Broken)
			require.EqualValues(t, racers, v.Records)
		})
	}
}

// One invoice is paid many times over and credited at once: of the money and
// the credit exactly its amount counts, the rest is credit owed, and nothing
// is settled twice.
func TestPaymentsAndCreditNotesRaceForOneInvoice(t *testing.T) {
	const payers = 12
	for name, open := range engines {
		t.Run(name, func(t *testing.T) {
			st := open(t)
			defer func() { require.NoError(t, st.Close()) }()
			k := issuingHere(t, st)
			ctx := t.Context()
			id := delivered(t, k, 1)[0]
			inv, err := k.Billing.Issue(ctx, clerk, billing.IssueInput{Orders: []billing.OrderVersion{{Order: id}}})
			require.NoError(t, err)
			var waiting []billing.PaymentID
			for range payers {
				p, err := k.Billing.Pay(ctx, bruno, billing.PayInput{Amount: inv.Totals.Payable, Method: billing.Transfer,
					Invoices: []billing.PayFor{{Document: inv.ID}}})
				require.NoError(t, err)
				waiting = append(waiting, p.ID)
			}
			var wg sync.WaitGroup
			errs := make([]error, payers+1)
			for i, p := range waiting {
				wg.Go(func() {
					_, errs[i] = k.Billing.Advance(context.Background(), clerk, billing.PaymentAdvanceInput{Payment: p, On: billing.Confirm})
				})
			}
			wg.Go(func() {
				_, errs[payers] = k.Billing.Credit(context.Background(), clerk, billing.CreditInput{Document: inv.ID, Reason: "came back"})
			})
			wg.Wait()
			for _, err := range errs {
				require.NoError(t, err, fault.CodeOf(err))
			}
			got, err := k.Billing.Get(ctx, clerk, inv.ID)
			require.NoError(t, err)
			require.Zero(t, got.Left().Minor())
			require.Equal(t, inv.Totals.Payable.Minor(), got.Paid.Minor()+got.SetOff.Minor())
			o, err := k.Orders.Get(ctx, clerk, id)
			require.NoError(t, err)
			require.Equal(t, order.FullyPaid, o.Paid())
			s, err := k.Billing.Statement(ctx, clerk, billing.StatementInput{Partner: "nord", Currency: money.EUR})
			require.NoError(t, err)
			require.Equal(t, -payers*inv.Totals.Payable.Minor(), s.Closing.Minor())
			require.Equal(t, payers*inv.Totals.Payable.Minor(), s.Credit.Owed.Minor())
		})
	}
}
