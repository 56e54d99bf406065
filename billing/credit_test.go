package billing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/uow"
)

// Partial credit notes of an invoice sum to it in every figure, whichever the
// parts, and each is exactly the money of its stretches.
func TestPartialCreditsSumToTheInvoice(t *testing.T) {
	for _, mode := range []billing.TaxMode{billing.TaxCumulative, billing.TaxPerDocument} {
		t.Run(string(mode), func(t *testing.T) {
			opts := here()
			opts.Tax = mode
			s := newShop(t, settings{bills: opts, orders: &order.Options{Invoice: order.OnOrder},
				adjust: []pricing.Adjustment{{Code: "promo", Amount: eur("-7.77")}, {Code: "freight", Amount: eur("4.99")}}})
			a, b := s.sold(buyer, "3 THIRD", "2 BOOK", "7 BOLT"), s.sold(buyer, "2 THIRD", "1 STAMP")
			inv := s.issued(a.ID, b.ID)
			sum := newSums()
			for _, q := range [][]string{{"1"}, {"0.5", "1", "3", "1.25"}, {"", "", "1", "", "1"}, nil} {
				c := s.credited(inv.ID, q...)
				require.Equal(t, inv.ID, c.Corrects.Document)
				require.Equal(t, inv.Number, c.Corrects.Number)
				require.Equal(t, "damaged", c.Reason)
				sum.add(c, 1)
			}
			want := newSums()
			want.add(inv, 1)
			require.Equal(t, want, sum)
			inv = s.doc(inv.ID)
			require.Equal(t, inv.Totals.Payable, inv.SetOff, "what is not paid is set off at once")
			require.True(t, inv.Left().IsZero())
			for i, l := range inv.Lines {
				require.Equal(t, l.Quantity, inv.Credits[i].Quantity)
				require.Equal(t, l.Stretches, inv.Credits[i].Stretches)
			}
			for _, id := range []order.ID{a.ID, b.ID} {
				o := s.get(id)
				require.Equal(t, order.FullyPaid, o.Paid(), "nothing is left to pay")
				for _, l := range o.Lines {
					require.Empty(t, l.Billed.Taken)
					require.Equal(t, l.Billed.Invoiced, l.Billed.Credited)
				}
				for _, box := range o.Boxes {
					require.Empty(t, box.Taken)
				}
			}
		})
	}
}

// With TaxPerDocument a credit note has the VAT of what is credited so far less
// what was credited before, the last one the rest.
func TestCreditTaxPerDocument(t *testing.T) {
	opts := here()
	opts.Tax = billing.TaxPerDocument
	s := newShop(t, settings{bills: opts, orders: &order.Options{Invoice: order.OnOrder}})
	inv := s.issued(s.sold(buyer, "3 THIRD").ID)
	var got []string
	for range 3 {
		got = append(got, s.credited(inv.ID, "1").Totals.Tax.Text())
	}
	require.Equal(t, []string{"6.67", "6.66", "6.67"}, got)
}

func TestCreditChecksInOrder(t *testing.T) {
	s := newShop(t, settings{orders: &order.Options{Invoice: order.OnOrder}})
	o := s.sold(buyer, "3 THIRD", "1 OVEN")
	inv := s.issued(o.ID)
	credit := func(a access.Actor, in billing.CreditInput) error {
		in.Document = inv.ID
		_, err := s.bills.Credit(s.ctx, a, in)
		return err
	}
	require.ErrorIs(t, credit(stranger, billing.CreditInput{}), billing.ErrNotFound)
	require.ErrorIs(t, credit(operator, billing.CreditInput{Version: 9}), uow.ErrVersion)
	require.ErrorIs(t, credit(buyer, billing.CreditInput{}), access.ErrForbidden)
	err := credit(operator, billing.CreditInput{Series: "x", Issued: partner.MustDate("2026-11-21"), Reason: " ", Lines: []billing.CreditLine{
		{Line: "1"}, {Line: "9", Quantity: money.QuantityOf(1)}, {Line: "2", Quantity: money.QuantityOf(1)}, {Line: "2", Quantity: money.QuantityOf(1)}}})
	require.ErrorIs(t, err, billing.ErrInvalid)
	require.Equal(t, []string{"reason required", "series unknown", "issued range", "lines[0].quantity positive", "lines[1].line unknown", "lines[3].line repeated"}, issuesOf(err))
	err = credit(operator, billing.CreditInput{Reason: "x", Lines: []billing.CreditLine{{Line: "1", Quantity: money.MustQuantity("3.5")}}})
	require.ErrorIs(t, err, billing.ErrTooMuch)
	require.Equal(t, []string{"lines[0].quantity too_much"}, issuesOf(err))

	in := billing.CreditInput{Key: "k", Document: inv.ID, Version: inv.Version, Reason: "x", Lines: []billing.CreditLine{{Line: "1", Quantity: money.QuantityOf(2)}}}
	first, err := s.bills.Credit(s.ctx, operator, in)
	require.NoError(t, err)
	again, err := s.bills.Credit(s.ctx, operator, in)
	require.NoError(t, err)
	require.Equal(t, first.ID, again.ID)
	require.Equal(t, "1", first.Lines[0].ID, "the line keeps the id that it has on the invoice")
	_, err = s.bills.Credit(s.ctx, operator, billing.CreditInput{Document: first.ID, Reason: "x"})
	require.ErrorIs(t, err, billing.ErrNotInvoice)
	s.credited(inv.ID)
	require.ErrorIs(t, credit(operator, billing.CreditInput{Reason: "x"}), billing.ErrNothingDue)
}

// A19 R24: once the invoice exists the order can be neither deleted nor
// cancelled by hand; wholly credited it can be cancelled again.
func TestInvoicedOrdersStay(t *testing.T) {
	s := newShop(t, settings{orders: &order.Options{Invoice: order.OnOrder}})
	admin := access.Actor{ID: "anna", Roles: []access.Role{access.Admin}}
	o := s.sold(buyer, "1 OVEN")
	inv := s.issued(o.ID)
	cancel := func() error {
		_, err := s.orders.Advance(s.ctx, admin, order.AdvanceInput{Order: o.ID, On: order.Cancel, Reason: "fire"})
		return err
	}
	require.ErrorContains(t, cancel(), "invoice")
	require.Equal(t, order.Confirmed, s.get(o.ID).State)
	require.ErrorIs(t, s.orders.Delete(s.ctx, admin, order.DeleteInput{Order: o.ID}), order.ErrLocked)
	s.credited(inv.ID)
	require.NoError(t, cancel())
}

// A paid invoice has nothing left to set off: the credit note is owed.
func TestCreditOnAPaidInvoiceIsOwed(t *testing.T) {
	s := newShop(t, settings{orders: &order.Options{Invoice: order.OnOrder}})
	inv := s.issued(s.sold(buyer, "1 OVEN").ID)
	p, err := s.bills.Pay(s.ctx, operator, billing.PayInput{Amount: eur("700.00"), Method: billing.Transfer, Invoices: []billing.PayFor{{Document: inv.ID}}})
	require.NoError(t, err)
	_, err = s.bills.Advance(s.ctx, operator, billing.PaymentAdvanceInput{Payment: p.ID, On: billing.Confirm})
	require.NoError(t, err)
	c := s.credited(inv.ID, "0.5")
	require.Equal(t, eur("384.00"), c.Totals.Payable)
	require.Equal(t, eur("68.00"), c.SetOff, "what the invoice still had left")
	require.Equal(t, eur("316.00"), c.Left())
	require.Equal(t, eur("700.00"), s.doc(inv.ID).Paid)
	require.True(t, s.doc(inv.ID).Left().IsZero())
}
