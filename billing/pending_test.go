package billing_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
)

// The ERP's payment arrives before its invoice grew to what it pays, and stays
// on it when the invoice shrinks, is voided and comes back.
func TestPaymentOfTheERPStaysWithItsInvoice(t *testing.T) {
	s := newShop(t, settings{bills: mirrors()})
	o := s.sold(buyer, "3 THIRD")
	s.ship(o.ID)
	told := int64(1)
	tell := func(quantity string, void bool) billing.Document {
		in := report(o, "E1", quantity)
		in.Twin.Sequence, in.Void = told, void
		told++
		return s.mirrored(in)
	}
	d := tell("2", false)
	p := s.report(fromERP("7", 1, "119.99", billing.AllocationReport{ERPID: "E1", Amount: eur("119.99")}))
	require.Equal(t, [3]string{"79.99", "0.00", "0.00"}, s.figures(d.ID))
	require.Equal(t, "40.00", s.payment(p.ID).Rest().Text())
	require.NotEmpty(t, p.ERP.Problem)
	s.audit()

	d = tell("3", false)
	require.Equal(t, "119.99", d.Paid.Text(), "the answer is what is stored")
	require.Empty(t, s.payment(p.ID).ERP.Problem)
	require.Empty(t, s.payment(p.ID).Pending)
	require.Equal(t, eur("119.99"), s.get(o.ID).Bills[0].Settled)
	s.audit()

	tell("2", false)
	require.Equal(t, [3]string{"79.99", "0.00", "0.00"}, s.figures(d.ID), "nobody is reminded of what the ERP has been paid")
	require.Equal(t, "40.00", s.payment(p.ID).Rest().Text())
	s.audit()
	tell("2", true)
	require.Equal(t, "119.99", s.payment(p.ID).Rest().Text())
	s.audit()
	tell("3", false)
	require.Equal(t, [3]string{"119.99", "0.00", "0.00"}, s.figures(d.ID))
	s.audit()
}

// A payment that takes the place of one that bounced may arrive before its
// refusal.
func TestPaymentsOfTheERPChangePlaces(t *testing.T) {
	s := newShop(t, settings{bills: mirrors()})
	o := s.sold(buyer, "3 THIRD")
	s.ship(o.ID)
	d := s.mirrored(report(o, "E1", "3"))
	whole := billing.AllocationReport{ERPID: "E1", Amount: eur("119.99")}
	a := fromERP("7", 1, "119.99", whole)
	s.report(a)
	b := s.report(fromERP("8", 1, "119.99", whole))
	require.Equal(t, "119.99", b.Rest().Text())
	s.report(fromERP("8", 1, "119.99", whole)) // the same again
	a.Twin.Sequence, a.State = 2, order.PaymentRefused
	s.report(a)
	require.Equal(t, [3]string{"119.99", "0.00", "0.00"}, s.figures(d.ID))
	require.Equal(t, "0.00", s.payment(b.ID).Rest().Text())
	require.Empty(t, s.payment(b.ID).ERP.Problem)
	s.audit()
}

// Whatever the order in which changes of the ERP's invoices and payments
// arrive, each invoice ends paid as the ERP says.
func TestLawPaymentsOfTheERPArriveInAnyOrder(t *testing.T) {
	fewer(t, 5)
	rapid.Check(t, func(rt *rapid.T) {
		s := newShop(rt, settings{bills: mirrors()})
		o := s.sold(buyer, "9 THIRD")
		docs := []string{"E0", "E1"}
		ends := map[string]string{}
		var all []func()
		for _, id := range docs {
			s.mirrored(report(o, id, fmt.Sprint(rapid.IntRange(1, 4).Draw(rt, "first"))))
			for seq := range int64(2) {
				ends[id] = fmt.Sprint(rapid.IntRange(1, 4).Draw(rt, "quantity"))
				in := report(o, id, ends[id])
				in.Twin.Sequence, in.Void = seq+2, seq == 0 && rapid.IntRange(0, 3).Draw(rt, "void") == 0
				all = append(all, func() { s.mirrored(in) })
			}
		}
		left, want := map[string]int64{}, map[string]int64{}
		for _, id := range docs {
			left[id] = report(o, id, ends[id]).Totals.Gross.Minor()
		}
		for p := range rapid.IntRange(1, 3).Draw(rt, "payments") {
			for seq := range int64(2) {
				in := fromERP(fmt.Sprint(p), seq+1, "200.00")
				in.State = rapid.SampledFrom([]order.PaymentState{order.PaymentConfirmed, order.PaymentConfirmed, order.PaymentRefused}).Draw(rt, "state")
				for _, id := range docs {
					most := int64(100_00)
					if seq == 1 { // in the end nothing is over-paid there
						most = min(most, left[id])
					}
					n := rapid.Int64Range(0, most).Draw(rt, "part")
					if n == 0 {
						continue
					}
					in.Allocations = append(in.Allocations, billing.AllocationReport{ERPID: id, Amount: money.FromMinor(n, money.EUR)})
					if seq == 1 && in.State == order.PaymentConfirmed {
						left[id] -= n
						want[id] += n
					}
				}
				all = append(all, func() { s.report(in) })
			}
		}
		for _, tell := range rapid.Permutation(all).Draw(rt, "arrival") {
			tell()
			s.audit()
		}
		for _, id := range docs {
			d, err := s.bills.GetByERP(s.ctx, operator, id)
			require.NoError(rt, err)
			require.Equal(rt, want[id], d.Paid.Minor(), "paid of %s", id)
		}
		_, payments := s.everything()
		for _, p := range payments {
			require.Empty(rt, p.Pending)
			if p.State == order.PaymentConfirmed {
				require.Empty(rt, p.ERP.Problem)
			}
		}
	})
}

// Room that is made here, or by another document, is room for it as well.
func TestPendingPaymentsTakeTheRoomThatIsMade(t *testing.T) {
	s := newShop(t, settings{bills: mirrors()})
	o := s.sold(buyer, "3 THIRD")
	s.ship(o.ID)
	d := s.mirrored(report(o, "E1", "3"))
	whole := billing.AllocationReport{ERPID: "E1", Amount: eur("119.99")}

	// A credit note that the ERP voids later.
	credit := report(o, "C1", "3")
	credit.Kind, credit.Corrects, credit.Reason = billing.CreditNote, "E1", "damaged"
	c := s.mirrored(credit)
	require.Equal(t, eur("119.99"), c.SetOff)
	p := s.report(fromERP("7", 1, "119.99", whole))
	require.Equal(t, [3]string{"0.00", "119.99", "0.00"}, s.figures(d.ID))
	credit.Void, credit.Twin.Sequence = true, 2
	s.mirrored(credit)
	require.Equal(t, [3]string{"119.99", "0.00", "0.00"}, s.figures(d.ID))
	require.Empty(t, s.payment(p.ID).Pending)
	s.audit()

	// A payment recorded here that bounces, and one that is taken back.
	e := s.mirrored(report(o, "E2", "3"))
	bounced := s.arrived("60.00", e)
	taken := s.arrived("59.99", e)
	whole.ERPID = "E2"
	p = s.report(fromERP("8", 1, "119.99", whole))
	require.Equal(t, "119.99", s.payment(p.ID).Rest().Text())
	s.move(bounced, billing.Refuse)
	require.Equal(t, "59.99", s.payment(p.ID).Rest().Text())
	_, err := s.bills.Unallocate(s.ctx, operator, billing.UnallocateInput{Payment: taken.ID, Reason: "the ERP has it"})
	require.NoError(t, err)
	require.Equal(t, "0.00", s.payment(p.ID).Rest().Text())
	require.Equal(t, [3]string{"119.99", "0.00", "0.00"}, s.figures(e.ID))
	s.audit()

	// A refund that was promised here, and that the ERP paid by itself.
	credit.Void, credit.Twin = false, order.Twin{ID: "C2", Sequence: 1}
	credit.Number = "ERP-C2"
	c = s.mirrored(credit)
	promised, err := s.bills.Refund(s.ctx, operator, billing.RefundInput{Document: c.ID, Method: billing.Transfer, Reason: "damaged"})
	require.NoError(t, err)
	back := fromERP("9", 1, "119.99", billing.AllocationReport{ERPID: "C2", Amount: eur("119.99")})
	back.Direction = billing.Refund
	s.report(back)
	require.Equal(t, "119.99", s.doc(c.ID).Left().Text())
	s.move(promised, billing.Cancel)
	require.Equal(t, [3]string{"119.99", "0.00", "0.00"}, s.figures(c.ID))
	s.audit()
}
