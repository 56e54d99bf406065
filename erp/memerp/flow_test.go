package memerp_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func lines(pairs ...string) []erp.LineQuantity {
	var all []erp.LineQuantity
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, erp.LineQuantity{Key: pairs[i], Quantity: dec(pairs[i+1])})
	}
	return all
}

// confirmed pushes an order of L1 × n, L2 × 7 and L3 × 1 and confirms it.
func confirmed(t require.TestingT, books *memerp.ERP, key string, n int) string {
	r, err := books.Adapter().(erp.OrderPusher).PushOrder(bg, order(key, n))
	require.NoError(t, err)
	require.True(t, books.Confirm(r.ID))
	return r.ID
}

func goods(books *memerp.ERP, id string) string {
	d, _ := books.Order(id)
	var all []string
	for _, g := range d.Goods {
		all = append(all, strings.Join([]string{g.Ordered.String(), g.Reserved.String(), g.Shipped.String(), g.Cancelled.String(), g.Returned.String()}, "/"))
	}
	return strings.Join(all, " ")
}

func told(d erp.Delivery) string {
	s := d.ID + " " + d.Number + " " + string(d.State)
	if d.BackOrderOf != "" {
		s += " rest of " + d.BackOrderOf
	}
	for _, l := range d.Lines {
		s += " " + l.Key + ":" + l.Quantity.String()
	}
	return s
}

// A partial picking is a delivery that is done and a back order; goods are
// ordered/reserved/shipped/cancelled/returned.
func TestPartialPicking(t *testing.T) {
	books := memerp.New(nil)
	books.SetStock("00120", dec("2"), "2026-02-01")
	id := confirmed(t, books, "K", 3)
	require.Equal(t, "3/2/0/0/0 7/7/0/0/0 1/1/0/0/0", goods(books, id), "what is there is set aside; what nobody counts is there")
	require.Equal(t, []string{"1 OUT/00001 planned L1:3 L2:7 L3:1"}, each(books.Deliveries(), told))

	first, ok := books.Pick(id)
	require.True(t, ok)
	require.Equal(t, "3/0/2/0/0 7/0/7/0/0 1/0/1/0/0", goods(books, id))
	require.Equal(t, []string{"1 OUT/00001 done L1:2 L2:7 L3:1", "2 OUT/00002 planned rest of OUT/00001 L1:1"}, each(books.Deliveries(), told))
	_, ok = books.Pick(id)
	require.False(t, ok, "nothing is set aside")

	require.True(t, books.Ship(first, "DPD", "0815"))
	require.Equal(t, "DPD 0815", books.Deliveries()[0].Carrier+" "+books.Deliveries()[0].Tracking)
	books.SetStock("00120", dec("5"), "")
	require.Equal(t, "3/1/2/0/0 7/0/7/0/0 1/0/1/0/0", goods(books, id), "who waits is served")
	_, ok = books.Pick(id)
	require.True(t, ok)
	require.Len(t, books.Deliveries(), 2, "nothing is left to plan")
	for _, d := range books.Deliveries() {
		require.NoError(t, d.Check())
	}
}

func TestPeopleMayPickMoreThanWasOrdered(t *testing.T) {
	books := memerp.New(nil)
	books.SetStock("00120", dec("1"), "")
	id := confirmed(t, books, "K", 1)
	_, ok := books.Pick(id, lines("L1", "2")...)
	require.True(t, ok)
	require.Equal(t, "1/0/2/0/0 7/7/0/0/0 1/1/0/0/0", goods(books, id))
	require.Equal(t, "2 OUT/00002 planned rest of OUT/00001 L2:7 L3:1", told(books.Deliveries()[1]))
	for _, bad := range [][]erp.LineQuantity{lines("L9", "1"), lines("L2", "0"), lines("L2", "-1"), lines("L2", "1", "L2", "1")} {
		_, ok := books.Pick(id, bad...)
		require.False(t, ok, bad)
	}
	for _, id := range []string{"", "2", "x"} {
		_, ok := books.Pick(id)
		require.False(t, ok)
	}
}

// Who was confirmed first is served first, and what a cancelled order held
// goes to the next.
func TestReservations(t *testing.T) {
	books := memerp.New(nil)
	books.SetStock("00120", dec("3"), "")
	a, b, c := confirmed(t, books, "A", 2), confirmed(t, books, "B", 2), confirmed(t, books, "C", 2)
	reserved := func() string {
		var all []string
		for _, id := range []string{a, b, c} {
			d, _ := books.Order(id)
			all = append(all, d.Goods[0].Reserved.String())
		}
		return strings.Join(all, " ")
	}
	require.Equal(t, "2 1 0", reserved())
	require.True(t, books.Cancel(a, "changed their mind"))
	require.Equal(t, "0 2 1", reserved())
	_, ok := books.Pick(b)
	require.True(t, ok)
	require.Equal(t, "0 0 1", reserved(), "what left is not there to set aside")
	books.SetStock("00120", dec("9"), "")
	require.Equal(t, "0 0 2", reserved())
	require.Equal(t, erp.DeliveryCancelled, books.Deliveries()[0].State)
	require.False(t, books.Cancel(b, "too late"), "something was shipped")
}

// Whoever ends an order by hand gives up what is open of it.
func TestFinishEndsTheRest(t *testing.T) {
	books := memerp.New(nil)
	books.SetStock("00120", dec("3"), "")
	a, b := confirmed(t, books, "A", 3), confirmed(t, books, "B", 3)
	books.Pick(a, lines("L1", "1")...)
	require.Equal(t, "3/0/0/0/0 7/7/0/0/0 1/1/0/0/0", goods(books, b))
	require.True(t, books.Finish(a))
	require.Equal(t, "3/0/1/0/0 7/0/0/0/0 1/0/0/0/0", goods(books, a))
	require.Equal(t, "3/2/0/0/0 7/7/0/0/0 1/1/0/0/0", goods(books, b), "the next one gets it")
	require.Equal(t, "3 OUT/00003 cancelled rest of OUT/00001 L1:2 L2:7 L3:1", told(books.Deliveries()[2]))
}

func TestCancelRest(t *testing.T) {
	books, a := open(t, nil)
	rest := books.Adapter().(erp.RestCanceller)
	id := confirmed(t, books, "K", 5)
	books.Pick(id, lines("L1", "2", "L2", "7", "L3", "1")...)
	for range 2 { // totals: the second call changes nothing
		r, err := rest.CancelRest(bg, id, lines("L1", "1"))
		require.NoError(t, err)
		require.Equal(t, erp.StateConfirmed, r.State)
		require.Equal(t, "5/2/2/1/0 7/0/7/0/0 1/0/1/0/0", goods(books, id))
	}
	require.Equal(t, "2 OUT/00002 planned rest of OUT/00001 L1:2", told(books.Deliveries()[1]))
	before, _ := books.Order(id)
	_, err := rest.CancelRest(bg, id, lines("L1", "4"))
	require.NoError(t, err)
	after, _ := books.Order(id)
	require.Equal(t, before.Version, after.Version, "more than is open is ignored")
	_, err = rest.CancelRest(bg, id, lines("L1", "3"))
	require.NoError(t, err)
	require.Equal(t, erp.DeliveryCancelled, books.Deliveries()[1].State)
	for _, draft := range books.Drafts(id) {
		require.True(t, books.Post(draft))
	}
	r, err := a.FindOrder(bg, "K")
	require.NoError(t, err)
	require.Equal(t, erp.StateDone, r.State)

	books, _ = open(t, &memerp.Options{LoudWrongState: true})
	id = confirmed(t, books, "K", 1)
	rest = books.Adapter().(erp.RestCanceller)
	_, err = rest.CancelRest(bg, id, lines("L1", "2"))
	require.ErrorIs(t, err, erp.ErrConflict)
	_, err = rest.CancelRest(bg, "9", lines("L1", "2"))
	require.ErrorIs(t, err, erp.ErrNotFound)
	got, err := rest.CancelRest(bg, id, lines("L1", "1", "L2", "7", "L3", "1"))
	require.NoError(t, err)
	require.Equal(t, erp.StateCancelled, got.State, "nothing is left of it")
}

// Whatever is picked, given up and returned in whatever order, the goods of
// each line add up, deliveries sum to them, and nothing is set aside twice.
func TestGoodsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		books := memerp.New(nil)
		onHand := decimal.NewFromInt(rapid.Int64Range(0, 12).Draw(t, "stock"))
		books.SetStock("00120", onHand, "")
		ids := []string{confirmed(t, books, "A", 4), confirmed(t, books, "B", 3)}
		for range rapid.IntRange(1, 14).Draw(t, "steps") {
			id := rapid.SampledFrom(ids).Draw(t, "order")
			before := gone(books)
			some := lines(rapid.SampledFrom([]string{"L1", "L2", "L3"}).Draw(t, "line"), rapid.SampledFrom([]string{"1", "2", "0.5"}).Draw(t, "quantity"))
			switch rapid.IntRange(0, 7).Draw(t, "what") {
			case 0:
				books.Pick(id)
			case 1:
				books.Pick(id, some...)
			case 2:
				books.Return(id, "broken", some...)
			case 3:
				_, err := books.Adapter().(erp.RestCanceller).CancelRest(bg, id, some)
				require.NoError(t, err)
			case 4:
				onHand = decimal.NewFromInt(rapid.Int64Range(0, 9).Draw(t, "count"))
				books.SetStock("00120", onHand, "")
			case 5:
				for _, d := range books.Drafts(id) {
					books.Post(d)
				}
			case 6:
				books.Cancel(id, "no more")
			case 7:
				if rapid.IntRange(0, 3).Draw(t, "seldom") == 0 {
					books.Finish(id)
				}
			}
			onHand = onHand.Sub(gone(books).Sub(before))
			checkGoods(t, books, onHand)
		}
	})
}

// gone is what of the counted article left and did not come back.
func gone(books *memerp.ERP) decimal.Decimal {
	sum := decimal.Zero
	for _, d := range books.Orders() {
		sum = sum.Add(d.Goods[0].Shipped).Sub(d.Goods[0].Returned)
	}
	return sum
}

func checkGoods(t require.TestingT, books *memerp.ERP, onHand decimal.Decimal) {
	reserved := decimal.Zero
	for _, d := range books.Orders() {
		out, back, billed := map[string]decimal.Decimal{}, map[string]decimal.Decimal{}, map[string]decimal.Decimal{}
		waiting := 0
		for _, v := range books.Deliveries() {
			require.NoError(t, v.Check())
			if v.Order == d.ID && v.State == erp.DeliveryPlanned {
				waiting++
			}
			for _, l := range v.Lines {
				if v.Order == d.ID && v.State == erp.DeliveryDone && !v.Return {
					out[l.Key] = out[l.Key].Add(l.Quantity)
				} else if v.Order == d.ID && v.Return {
					back[l.Key] = back[l.Key].Add(l.Quantity)
				}
			}
		}
		require.LessOrEqual(t, waiting, 1)
		require.True(t, waiting == 0 || d.State == erp.StateConfirmed)
		for _, i := range books.Invoices() {
			require.NoError(t, i.Check())
			for _, l := range i.Lines {
				if l.Order == d.ID && !i.Credit {
					billed[l.Key] = billed[l.Key].Add(l.Quantity)
				}
			}
		}
		for _, g := range d.Goods {
			open := decimal.Max(decimal.Zero, g.Ordered.Sub(g.Shipped).Sub(g.Cancelled))
			require.False(t, g.Reserved.IsNegative() || g.Reserved.GreaterThan(open), "%+v", g)
			require.True(t, g.Reserved.IsZero() || d.State == erp.StateConfirmed, "%s: %+v", d.State, g)
			require.False(t, g.Returned.GreaterThan(g.Shipped), "%+v", g)
			require.True(t, out[g.Key].Equal(g.Shipped), "%+v", g)
			require.True(t, back[g.Key].Equal(g.Returned), "%+v", g)
			if len(books.Drafts(d.ID)) == 0 {
				require.True(t, billed[g.Key].Equal(g.Shipped), "%+v", g)
			}
			if g.SKU == "00120" {
				reserved = reserved.Add(g.Reserved)
			}
		}
	}
	page, err := books.Adapter().(erp.StockPuller).PullStock(bg, nil, 10)
	require.NoError(t, err)
	require.Len(t, page.Rows, 1)
	require.NoError(t, page.Rows[0].Check())
	require.True(t, page.Rows[0].Available.Equal(onHand.Sub(reserved)))
}

func each[R any](rows []R, show func(R) string) []string {
	var all []string
	for _, r := range rows {
		all = append(all, show(r))
	}
	return all
}

// People change an order by hand, and nobody asks the portal.
func TestPeopleEditOrders(t *testing.T) {
	books := memerp.New(nil)
	books.SetStock("00120", dec("4"), "")
	id := confirmed(t, books, "K", 3)
	before, _ := books.Order(id)
	require.True(t, books.Edit(id, func(o *erp.Order) {
		o.Key, o.Revision = "another", 7
		o.Lines[0].Quantity, o.Lines[1].UnitPrice = dec("5"), o.Lines[1].UnitPrice.Add(dec("1"))
		o.Lines = o.Lines[:2]
	}))
	after, _ := books.Order(id)
	require.Equal(t, "5/4/0/0/0 7/7/0/0/0", goods(books, id), "what is there is set aside anew")
	require.Equal(t, []any{"K", before.Order.Revision, before.Number}, []any{after.Order.Key, after.Order.Revision, after.Number})
	require.False(t, after.Totals.Gross.Equal(before.Totals.Gross))
	require.Greater(t, after.Version, before.Version)
	require.Equal(t, []string{"1 OUT/00001 planned L1:5 L2:7"}, each(books.Deliveries(), told))
	_, ok := books.Pick(id)
	require.True(t, ok)
	require.False(t, books.Edit(id, func(*erp.Order) {}), "goods have left")
	require.False(t, books.Edit("99", func(*erp.Order) {}))
}
