package billing_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/order"
)

// A19 R24: progress told with the option "generate an invoice"; the step and
// the invoice are one transaction.
func TestProgressGeneratesTheInvoice(t *testing.T) {
	s := newShop(t, settings{orders: &order.Options{Invoice: order.OnOrder}})
	o := s.sold(buyer, "2 OVEN")
	progress := func(ctx context.Context, tx order.Tx) (order.ID, error) {
		in := order.ProgressInput{Key: "p1", Order: o.ID, Step: order.WithCarrier, Note: "two parcels"}
		done, err := s.orders.NoteProgressTx(ctx, tx, operator, in)
		return done.ID, err
	}
	d, made, err := s.bills.AndInvoice(s.ctx, operator, "a1", progress)
	require.NoError(t, err)
	require.True(t, made)
	require.NoError(t, d.Check())
	got := s.get(o.ID)
	require.Equal(t, order.WithCarrier, got.Step())
	require.Equal(t, order.FullyInvoiced, got.Invoiced())
	require.Equal(t, d.ID, got.Bills[0].Document)

	// The same again is the first answer. Under another key the step is done
	// already and nothing is due.
	again, made, err := s.bills.AndInvoice(s.ctx, operator, "a1", progress)
	require.NoError(t, err)
	require.True(t, made)
	require.Equal(t, d, again)
	_, made, err = s.bills.AndInvoice(s.ctx, operator, "", progress)
	require.NoError(t, err)
	require.False(t, made)
	require.Len(t, s.get(o.ID).Progress, 1)
	require.Len(t, s.get(o.ID).Bills, 1)
}

// A call repeated after its answer was lost invoices nothing that became due
// meanwhile: the step's own key does not keep it from that.
func TestRepeatedAndInvoiceMakesNoOtherInvoice(t *testing.T) {
	s := newShop(t, settings{})
	o := s.sold(buyer, "3 OVEN")
	call := func() (billing.Document, bool) {
		d, made, err := s.bills.AndInvoice(s.ctx, operator, "k", func(ctx context.Context, tx order.Tx) (order.ID, error) {
			d, err := s.orders.ShipTx(ctx, tx, operator, order.ShipInput{Key: "k", Order: o.ID, Lines: s.only(o, "1")})
			return d.Order, err
		})
		require.NoError(t, err)
		return d, made
	}
	first, _ := call()
	s.ship(o.ID, "2") // to be invoiced at the end of the month
	again, made := call()
	require.True(t, made)
	require.Equal(t, first, again)
	require.Len(t, s.get(o.ID).Bills, 1)
}

func TestShippingGeneratesTheInvoice(t *testing.T) {
	s := newShop(t, settings{})
	o := s.sold(buyer, "3 OVEN")
	ship := func(q string) func(ctx context.Context, tx order.Tx) (order.ID, error) {
		return func(ctx context.Context, tx order.Tx) (order.ID, error) {
			d, err := s.orders.ShipTx(ctx, tx, operator, order.ShipInput{Order: o.ID, Lines: s.only(o, q)})
			return d.Order, err
		}
	}
	d, made, err := s.bills.AndInvoice(s.ctx, operator, "", ship("2"))
	require.NoError(t, err)
	require.True(t, made)
	require.Equal(t, eur("1280.00"), d.Totals.Net)

	// Nothing became due by a note: the command is done, there is no invoice.
	_, made, err = s.bills.AndInvoice(s.ctx, operator, "", func(ctx context.Context, tx order.Tx) (order.ID, error) {
		done, err := s.orders.NoteProgressTx(ctx, tx, operator, order.ProgressInput{Order: o.ID, Step: order.InPreparation})
		return done.ID, err
	})
	require.NoError(t, err)
	require.False(t, made)
	require.Equal(t, order.InPreparation, s.get(o.ID).Step())

	// What refuses the invoice undoes the step, and the other way round.
	_, _, err = s.bills.AndInvoice(s.ctx, access.Actor{ID: "machine", Roles: []access.Role{access.System}}, "", ship("1"))
	require.ErrorIs(t, err, access.ErrForbidden, "a machine issues nothing")
	require.Equal(t, order.PartlyDelivered, s.get(o.ID).Delivered())
	boom := errors.New("boom")
	_, _, err = s.bills.AndInvoice(s.ctx, operator, "", func(ctx context.Context, tx order.Tx) (order.ID, error) {
		if _, err := ship("1")(ctx, tx); err != nil {
			return "", err
		}
		return o.ID, boom
	})
	require.ErrorIs(t, err, boom)
	require.Equal(t, order.PartlyDelivered, s.get(o.ID).Delivered())
}

// An order that is not validated has nothing to invoice yet.
func TestStepOnAnUnvalidatedOrderMakesNoInvoice(t *testing.T) {
	s := newShop(t, settings{orders: &order.Options{Invoice: order.OnOrder}})
	o := s.placed(buyer, "1 OVEN")
	_, made, err := s.bills.AndInvoice(s.ctx, operator, "", func(context.Context, order.Tx) (order.ID, error) { return o.ID, nil })
	require.NoError(t, err)
	require.False(t, made)
}

// Where the ERP issues, the option is refused and the step with it.
func TestAndInvoiceWhereTheERPIssues(t *testing.T) {
	s := newShop(t, settings{bills: &billing.Options{Sellers: []billing.Seller{acme}}})
	o := s.sold(buyer, "1 OVEN")
	_, _, err := s.bills.AndInvoice(s.ctx, operator, "", func(ctx context.Context, tx order.Tx) (order.ID, error) {
		d, err := s.orders.ShipTx(ctx, tx, operator, order.ShipInput{Order: o.ID})
		return d.Order, err
	})
	require.ErrorIs(t, err, billing.ErrIssuer)
	require.Equal(t, order.NotDelivered, s.get(o.ID).Delivered())
}
