package erpsync_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
)

// billedThere is a world in which an order of two ovens is delivered and its invoice
// posted, not pulled yet; theirs is another order.
func billedThere(t *testing.T) (w *world, a *tampered, theirs order.ID) {
	up, a := tamper(setup{})
	w = newWorld(t, up)
	theirs = w.confirmed(1, 1)
	id := w.confirmed(2, 1)
	w.picks(w.twin(id).ID, w.of(id, 0, "2"))
	w.posts(id)
	return w, a, theirs
}

// An invoice over an order of ours and goods of the ERP's own: a discount on the
// whole of it is not the order's alone.
func TestDiscountOfAMixedInvoice(t *testing.T) {
	w, a, _ := billedThere(t)
	a.invoice = func(i *erp.Invoice) { // 2 × 640.00 of ours, 1280.00 of theirs, 256.00 off
		i.Lines = append(i.Lines, erp.InvoiceLine{Text: "Fitting", Quantity: dec("1"), UnitPrice: dec("1280"), Net: dec("1280"), TaxCategory: "S", TaxRate: dec("20")})
		i.Adjustments = []erp.Discount{{Code: "FAIR", Amount: dec("-256"), TaxCategory: "S", TaxRate: dec("20")}}
		i.Taxes = []erp.InvoiceTax{{Category: "S", Rate: dec("20"), Base: dec("2304"), Tax: dec("460.80")}}
		i.Totals = erp.Totals{Net: dec("2304"), Tax: dec("460.80"), Gross: dec("2764.80")}
		i.Residual = nil
	}
	w.pulls()
	d := w.docs()[0]
	require.Empty(t, d.ERP.Problem)
	require.Equal(t, []string{"1152.00", "230.40", "1382.40"}, []string{d.Orders[0].Net.Text(), d.Orders[0].Tax.Text(), d.Orders[0].Gross.Text()})
}

// An invoice over orders of two partners would show each the other's: it is for
// a person.
func TestInvoiceOverOrdersOfTwoPartners(t *testing.T) {
	w, a, theirs := billedThere(t)
	w.customer("sud", "X-88")
	require.NoError(t, w.store.Update(w.ctx, func(ctx context.Context, tx store.Tx) error {
		o, err := tx.Orders().Get(ctx, theirs)
		if err != nil {
			return err
		}
		o.Customer.Partner = "sud"
		_, err = tx.Orders().Save(ctx, o)
		return err
	}))
	a.invoice = func(i *erp.Invoice) {
		i.Lines = append(i.Lines, erp.InvoiceLine{Order: w.twin(theirs).ID, Key: w.key(theirs, 0), Text: "Oven", Quantity: dec("1"), UnitPrice: dec("640"),
			Net: dec("640"), TaxCategory: "S", TaxRate: dec("20")})
		i.Taxes = []erp.InvoiceTax{{Category: "S", Rate: dec("20"), Base: dec("1920"), Tax: dec("384")}}
		i.Totals = erp.Totals{Net: dec("1920"), Tax: dec("384"), Gross: dec("2304")}
		i.Residual = nil
	}
	w.pulls()
	for _, d := range w.docs() {
		for _, part := range d.Orders {
			require.Equal(t, d.Partner, w.get(part.Order).Customer.Partner)
		}
		require.Equal(t, partner.ID("nord"), d.Partner)
	}
	require.Len(t, w.parked(), 1)
	require.Equal(t, "person", w.parked()[0].Awaits)
}
