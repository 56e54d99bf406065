package billing_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
)

// Whatever the order in which the changes of the ERP's invoices and credit notes
// arrive, and however often, none is refused (one that names an invoice waits for
// it), and the orders end with the effect of the last change of each.
func TestMirrorsArriveInAnyOrder(t *testing.T) {
	fewer(t, 5)
	rapid.Check(t, func(rt *rapid.T) {
		s := newShop(rt, settings{bills: mirrors()})
		o := s.sold(buyer, "9 THIRD", "9 OVEN", "9 GASKET")
		last := map[string]billing.InvoiceReport{}
		var all []billing.InvoiceReport
		for i := range rapid.IntRange(1, 4).Draw(rt, "documents") {
			id := fmt.Sprint("E", i)
			credit, corrects := i > 0 && rapid.Bool().Draw(rt, "credit"), rapid.SampledFrom([]string{"", "E0"}).Draw(rt, "corrects")
			for seq := range rapid.IntRange(1, 4).Draw(rt, "changes") {
				in := report(o, id, fmt.Sprint(rapid.IntRange(0, 9).Draw(rt, "a")), fmt.Sprint(rapid.IntRange(0, 9).Draw(rt, "b")), "1")
				in.Twin.Sequence, in.Void = int64(seq+1), rapid.IntRange(0, 3).Draw(rt, "void") == 0
				if credit {
					in.Kind, in.Corrects = billing.CreditNote, corrects
				}
				last[id] = in
				all = append(all, in)
			}
		}
		again := rapid.SliceOfN(rapid.SampledFrom(all), 0, 5).Draw(rt, "again")
		var parked []billing.InvoiceReport
		for _, in := range rapid.Permutation(slices.Concat(all, again)).Draw(rt, "arrival") {
			_, err := s.bills.ReportInvoice(s.ctx, machine, in)
			if errors.Is(err, billing.ErrAwaits) {
				parked = append(parked, in)
				continue
			}
			require.NoError(rt, err)
			s.audit()
			s.turnoverAgrees()
		}
		for _, in := range parked {
			s.mirrored(in)
		}
		s.audit()
		s.turnoverAgrees()
		got := s.get(o.ID)
		want, back := make([]int64, len(o.Lines)), make([]int64, len(o.Lines))
		bills := 0
		for id, in := range last {
			d, err := s.bills.GetByERP(s.ctx, operator, id)
			require.NoError(rt, err)
			require.Equal(rt, in.Void, d.Void)
			if in.Void {
				continue
			}
			bills++
			require.Equal(rt, in.Totals.Gross, d.Totals.Gross)
			for _, l := range in.Lines {
				at := slices.IndexFunc(o.Lines, func(x order.Line) bool { return x.ID == l.OrderLine })
				if in.Kind == billing.CreditNote {
					back[at] += l.Quantity.Units()
				} else {
					want[at] += l.Quantity.Units()
				}
			}
		}
		require.Len(rt, got.Bills, bills)
		for i, l := range got.Lines {
			require.Equal(rt, want[i], l.Billed.Invoiced.Units())
			require.Equal(rt, back[i], l.Billed.Credited.Units())
		}
	})
}

// The orders' parts of a mirror, and what belongs to no order, sum to its
// totals, whatever these are.
func TestPartsOfAMirrorSumToItsTotals(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newShop(rt, settings{bills: mirrors()})
		a, b := s.sold(buyer, "9 THIRD"), s.sold(buyer, "9 OVEN", "9 BOOK")
		in := report(a, "E1", fmt.Sprint(rapid.IntRange(1, 9).Draw(rt, "a")))
		in.Lines = append(in.Lines, report(b, "E1", fmt.Sprint(rapid.IntRange(1, 9).Draw(rt, "b")), "2").Lines...)
		in.Lines[2].Rate = money.MustRate("5.5")
		amount := func(name string, low, high int64) money.Amount {
			return money.FromMinor(rapid.Int64Range(low, high).Draw(rt, name), money.EUR)
		}
		in.Totals.Net, in.Totals.Tax = amount("net", 0, 1_000_000), amount("tax", 0, 200_000)
		in.Totals.Gross, _ = in.Totals.Net.Add(in.Totals.Tax)
		in.Taxes[0].Tax = amount("row", 0, 200_000)
		in.Taxes = append(in.Taxes, in.Taxes[0])
		in.Taxes[1].Rate = money.MustRate("5.5")
		d := s.mirrored(in)
		var net, tax int64
		for _, p := range d.Orders {
			net, tax = net+p.Net.Minor(), tax+p.Tax.Minor()
			require.Equal(rt, p.Net.Minor()+p.Tax.Minor(), p.Gross.Minor())
		}
		require.Equal(rt, in.Totals.Net.Minor(), net)
		require.Equal(rt, in.Totals.Tax.Minor(), tax)
	})
}
