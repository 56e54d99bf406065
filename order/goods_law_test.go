package order_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
)

// history drives one order through goods, bills and reports, and keeps beside
// it what was said, from which the ledgers must follow.
type history struct {
	*shop
	id      order.ID
	lines   []order.LineID
	reports map[string]order.DeliveryReport // the newest of each twin
	past    []order.DeliveryReport          // all that was ever reported
	seq     int64
	told    map[order.LineID]order.LineReport
	own     map[order.LineID]int64 // given up here, in units
	bills   []order.BillInput
	n       int
	before  order.Order
}

func newHistory(t *rapid.T, tb testing.TB) *history {
	h := &history{shop: newShop(tb, &order.Options{Turnover: pricing.TurnoverDelivered}), reports: map[string]order.DeliveryReport{}, told: map[order.LineID]order.LineReport{}, own: map[order.LineID]int64{}}
	o := h.asked(rapid.Int64Range(1, 6).Draw(t, "ovens"), rapid.Int64Range(0, 6).Draw(t, "gaskets"))
	h.id = o.ID
	for _, l := range o.Lines {
		h.lines = append(h.lines, l.ID)
	}
	h.advance(operator, h.id, order.Validate)
	if rapid.IntRange(0, 3).Draw(t, "unconfirmed") > 0 {
		h.advance(machine, h.id, order.Confirm)
	}
	h.events(event.Facts)
	h.before = h.get(h.id)
	return h
}

func quantity(t *rapid.T, name string) money.Quantity {
	if rapid.IntRange(0, 4).Draw(t, name+" fraction") == 0 {
		q, err := money.QuantityFromUnits(rapid.Int64Range(0, 60_000).Draw(t, name))
		if err != nil {
			t.Fatal(err)
		}
		return q
	}
	return pieces(rapid.Int64Range(0, 7).Draw(t, name))
}

func (h *history) some(t *rapid.T) []order.LineQuantity {
	var out []order.LineQuantity
	for _, l := range h.lines {
		if rapid.Bool().Draw(t, "line") {
			out = append(out, order.LineQuantity{Line: l, Quantity: quantity(t, "quantity")})
		}
	}
	return out
}

// expect holds the answer of a command with named lines against what there is.
func (h *history) expect(t *rapid.T, err error, lines []order.LineQuantity, there func(order.Line) money.Quantity, all func(order.Line) money.Quantity, over string) bool {
	want, left := "", false
	for _, l := range h.before.Lines {
		left = left || all(l).Sign() > 0
		for _, n := range lines {
			if n.Line == l.ID && n.Quantity.Cmp(there(l)) > 0 {
				want = over
			}
		}
	}
	if len(lines) == 0 && !left {
		want = "order.nothing_left"
	}
	if slices.ContainsFunc(lines, func(n order.LineQuantity) bool { return n.Quantity.Sign() <= 0 }) {
		want = "order.invalid"
	}
	require.Equal(t, want, fault.CodeOf(err), "%v", err)
	if want != "" {
		require.Equal(t, document(h.t, h.before), document(h.t, h.get(h.id)), "a refusal changes nothing")
	}
	return want == ""
}

// moves reports whether goods may be moved by hand in the order's state.
func (h *history) moves(t *rapid.T, err error) bool {
	if h.before.State == order.Confirmed || h.before.State == order.Validated && h.before.ERP.ID == "" {
		return true
	}
	require.ErrorIs(t, err, order.ErrPhase)
	return false
}

func (h *history) shipSome(t *rapid.T) {
	lines := h.some(t)
	_, err := h.orders.Ship(h.ctx, operator, order.ShipInput{Order: h.id, Lines: lines})
	if h.moves(t, err) {
		h.expect(t, err, lines, order.Line.Deliverable, order.Line.Deliverable, "order.over_delivery")
	}
}

func (h *history) takeBack(t *rapid.T) {
	lines := h.some(t)
	_, err := h.orders.Return(h.ctx, operator, order.ReturnInput{Order: h.id, Lines: lines})
	h.expect(t, err, lines, order.Line.Returnable, order.Line.Returnable, "order.over_return")
}

func (h *history) giveUp(t *rapid.T) {
	lines := h.some(t)
	now, err := h.orders.CancelRest(h.ctx, operator, order.CancelRestInput{Order: h.id, Lines: lines, Reason: "because"})
	if !h.moves(t, err) || !h.expect(t, err, lines, order.Line.Deliverable, order.Line.Open, "order.over_cancel") {
		return
	}
	for i, l := range now.Lines {
		if was := h.before.Lines[i].Goods.Cancelled; was != l.Goods.Cancelled {
			h.own[l.ID] = l.Goods.Cancelled.Units()
		}
	}
}

// deliver reports something of the ERP: new, newer, again or late.
func (h *history) deliver(t *rapid.T) {
	if len(h.past) > 0 && rapid.IntRange(0, 2).Draw(t, "again") == 0 {
		h.delivered(rapid.SampledFrom(h.past).Draw(t, "past"))
		return
	}
	h.seq++
	id := fmt.Sprintf("t%d", rapid.IntRange(0, 3).Draw(t, "twin"))
	in := order.DeliveryReport{Order: h.id, Twin: order.Twin{ID: id, Number: "OUT/" + id, Sequence: h.seq}, Lines: h.some(t), Kind: order.Outgoing,
		State: rapid.SampledFrom([]order.DeliveryState{order.Planned, order.Shipped, order.Shipped, order.Shipped, order.Void}).Draw(t, "state")}
	if id == "t3" {
		in.Kind = order.Return
	}
	h.past = append(h.past, in)
	if rapid.IntRange(0, 3).Draw(t, "late") == 0 {
		return // it arrives by the case above, perhaps
	}
	h.delivered(in)
}

// delivered reports and remembers the newest of each twin.
func (h *history) delivered(in order.DeliveryReport) {
	h.shop.delivered(in)
	if in.Twin.Sequence > h.reports[in.Twin.ID].Twin.Sequence {
		h.reports[in.Twin.ID] = in
	}
}

func (h *history) tell(t *rapid.T) {
	h.seq++
	in := order.Report{Order: h.id, Sequence: h.seq}
	for _, l := range h.lines {
		if rapid.Bool().Draw(t, "line") {
			n := order.LineReport{Line: l, Reserved: quantity(t, "reserved"), Cancelled: quantity(t, "cancelled")}
			if less := h.told[l].Cancelled.Units() - n.Cancelled.Units(); less > 0 {
				h.own[l] = max(0, h.own[l]-less)
			}
			in.Lines, h.told[l] = append(in.Lines, n), n
		}
	}
	h.report(in)
	if h.seq > 1 { // an older change is none
		h.report(order.Report{Order: h.id, Sequence: h.seq - 1, Lines: []order.LineReport{{Line: h.lines[0], Reserved: pieces(1)}}})
	}
}

func (h *history) invoice(t *rapid.T) {
	o := h.before
	h.n++
	var n []int64
	for _, l := range o.Lines {
		free := (l.Quantity.Units() - order.Length(l.Billed.Taken)) / 10_000
		n = append(n, rapid.Int64Range(0, free).Draw(t, "invoiced"))
	}
	in := invoice(h.t, o, order.BillID(fmt.Sprint(h.n)), n...)
	_, err := h.bill(in)
	require.NoError(t, err)
	h.bills = append(h.bills, in)
	_, err = h.bill(in)
	require.ErrorIs(t, err, order.ErrInvoicing, "a document counts once")
}

func (h *history) correct(t *rapid.T) {
	if len(h.bills) == 0 {
		t.Skip("nothing is invoiced")
	}
	i := rapid.IntRange(0, len(h.bills)-1).Draw(t, "bill")
	in := h.bills[i]
	if rapid.Bool().Draw(t, "void") {
		_, err := h.unbill(in)
		require.NoError(t, err)
	} else {
		h.n++
		_, err := h.bill(credit(in, order.BillID(fmt.Sprint(h.n))))
		require.NoError(t, err)
	}
	h.bills = slices.Delete(h.bills, i, i+1)
}

func (h *history) pay(t *rapid.T) {
	if len(h.before.Bills) == 0 {
		t.Skip("nothing is billed")
	}
	b := rapid.SampledFrom(h.before.Bills).Draw(t, "bill")
	minor := rapid.Int64Range(-1, b.Gross.Minor()+1).Draw(t, "settled")
	_, err := h.settle(order.SettleBillInput{Order: h.id, Document: b.Document, Settled: money.FromMinor(minor, money.EUR)})
	if minor < 0 || minor > b.Gross.Minor() {
		require.ErrorIs(t, err, order.ErrInvoicing)
		require.Equal(t, document(h.t, h.before), document(h.t, h.get(h.id)))
		return
	}
	require.NoError(t, err)
}

func (h *history) move(t *rapid.T) {
	in := order.Report{Order: h.id, State: rapid.SampledFrom([]string{"confirmed", "done", "cancelled"}).Draw(t, "state")}
	if rapid.IntRange(0, 2).Draw(t, "twin") > 0 {
		in.ID, in.Revision = "77", 1
	}
	h.report(in)
}

// check holds the order against what its deliveries and bills say.
func (h *history) check(t *rapid.T) {
	o := h.get(h.id)
	defer func() { h.before = o }()
	require.NoError(t, o.CheckLedgers())
	ds, err := h.orders.Deliveries(h.ctx, operator, h.id)
	require.NoError(t, err)
	for _, d := range ds {
		if in, ok := h.reports[d.ERP.ID]; ok {
			require.Equal(t, in.State, d.State)
			require.Equal(t, in.Twin.Sequence, d.ERP.Sequence)
		}
	}
	h.checkGoods(t, o, ds)
	h.checkTurnover(t, o, ds)
	require.Equal(t, h.axes(o, ds), o.Axes())
	h.checkEvents(t, o)
}

// checkGoods counts piece by piece, a ten-thousandth a time where it matters:
// every unit that left is wanted or excess, every one that came back was one of
// those.
func (h *history) checkGoods(t *rapid.T, o order.Order, ds []order.Delivery) {
	for _, l := range o.Lines {
		var left, back, excess, stray int64
		for _, d := range ds {
			for _, x := range d.Lines {
				switch {
				case x.Line != l.ID:
				case d.State != order.Shipped:
					require.True(t, x.Excess.IsZero())
				case d.Kind == order.Return:
					back, stray = back+x.Quantity.Units(), stray+x.Excess.Units()
				default:
					left, excess = left+x.Quantity.Units(), excess+x.Excess.Units()
				}
			}
		}
		g, asked := l.Goods, l.Quantity.Units()
		open, reserved, shipped, cancelled := l.Open().Units(), g.Reserved.Units(), g.Shipped.Units(), g.Cancelled.Units()
		for _, n := range []int64{open, reserved, shipped, cancelled, g.Returned.Units(), g.Excess.Units()} {
			require.GreaterOrEqual(t, n, int64(0))
		}
		require.Equal(t, asked, open+reserved+shipped+cancelled, "requested = open + reserved + shipped + cancelled")
		require.LessOrEqual(t, g.Returned.Units(), shipped)
		require.Equal(t, left, shipped+excess, "what left is wanted or excess")
		require.Equal(t, back, g.Returned.Units()+(excess-g.Excess.Units())+stray, "what came back was one of these")
		require.True(t, g.Excess.IsZero() || g.Returned.IsZero(), "the excess comes back first")
		require.True(t, stray == 0 || shipped == g.Returned.Units() && g.Excess.IsZero(), "only what left can come back")
		require.True(t, excess == 0 || shipped+h.own[l.ID] == asked, "nothing is excess while something is wanted")
		require.GreaterOrEqual(t, cancelled, h.own[l.ID])
		told := h.told[l.ID].Cancelled.Units()
		if o.State == order.Cancelled {
			told = asked
		}
		require.Equal(t, cancelled, max(h.own[l.ID], min(told, asked-shipped)))
		require.LessOrEqual(t, reserved, h.told[l.ID].Reserved.Units())
	}
}

// checkTurnover: the ledger of turnover holds what the customer has of each line,
// by the day on which it came, and nothing else.
func (h *history) checkTurnover(t *rapid.T, o order.Order, ds []order.Delivery) {
	want := int64(0)
	for _, l := range o.Lines {
		var has int64
		for _, d := range ds {
			for _, x := range d.Lines {
				switch {
				case x.Line != l.ID || d.State != order.Shipped:
				case d.Kind == order.Return:
					has -= x.Quantity.Units()
				default:
					has += x.Quantity.Units()
				}
			}
		}
		if has = min(max(has, 0), l.Quantity.Units()); has > 0 {
			sl, err := o.SliceOf(l.ID, []order.Stretch{{To: has}})
			require.NoError(t, err)
			base, err := sl.Base()
			require.NoError(t, err)
			want += base.Minor()
		}
	}
	require.Equal(t, want, h.turnover(pricing.TurnoverQuery{}).Minor())
}

// axes is where the order stands, from its documents alone.
func (h *history) axes(o order.Order, ds []order.Delivery) order.Axes {
	excess, anything, missing, kept, due := int64(0), false, false, false, false
	ahead, behind, standing := false, false, false
	for _, l := range o.Lines {
		var out, back, billed int64
		for _, d := range ds {
			for _, x := range d.Lines {
				if x.Line != l.ID || d.State != order.Shipped {
					continue
				}
				if d.Kind == order.Return {
					back += x.Quantity.Units()
				} else {
					out += x.Quantity.Units()
				}
			}
		}
		for _, in := range h.bills {
			for _, b := range in.Lines {
				if b.Line == l.ID {
					billed += b.Quantity.Units()
				}
			}
		}
		wanted := l.Quantity.Units() - l.Goods.Cancelled.Units()
		over := max(0, out-wanted)
		stays := min(out, wanted) - min(max(0, back-over), min(out, wanted))
		excess += max(0, over-back)
		anything, missing = anything || min(out, wanted) > 0, missing || out < wanted
		kept, due = kept || stays > 0, due || wanted > 0
		ahead, standing = ahead || billed > stays, standing || billed > 0
		behind = behind || wanted-(min(out, wanted)-stays) > billed
	}
	var a order.Axes
	switch {
	case excess > 0:
		a.Delivered = order.OverDelivered
	case !due:
		a.Delivered = order.NothingToDeliver
	case !anything:
		a.Delivered = order.NotDelivered
	case missing:
		a.Delivered = order.PartlyDelivered
	case kept:
		a.Delivered = order.FullyDelivered
	default:
		a.Delivered = order.AllReturned
	}
	switch {
	case ahead:
		a.Invoiced = order.ToCredit
	case behind && standing:
		a.Invoiced = order.PartlyInvoiced
	case behind:
		a.Invoiced = order.NotInvoiced
	case standing:
		a.Invoiced = order.FullyInvoiced
	default:
		a.Invoiced = order.NothingDue
	}
	a.Paid = order.NothingBilled
	invoices, full, none := 0, 0, 0
	for _, b := range o.Bills {
		if b.Credit {
			continue
		}
		invoices++
		if b.Settled == b.Gross {
			full++
		} else if b.Settled.IsZero() {
			none++
		}
	}
	switch {
	case invoices == 0:
	case full == invoices:
		a.Paid = order.FullyPaid
	case none+full == invoices && !slices.ContainsFunc(o.Bills, func(b order.Bill) bool { return !b.Credit && b.Settled.Sign() > 0 }):
		a.Paid = order.Unpaid
	default:
		a.Paid = order.PartlyPaid
	}
	return a
}

// checkEvents: whenever an axis turned it was told once, with where it stands,
// and no version of the order is older than what was told of it.
func (h *history) checkEvents(t *rapid.T, o order.Order) {
	facts := h.events(event.Facts)
	var last order.Axes
	for _, d := range facts {
		if d.Type == "order.axes_changed" {
			last = one[order.AxesChanged](h.shop, []event.Delivery{d}).Axes
		}
		require.LessOrEqual(t, d.Time.Sub(h.clock()), time.Duration(0))
	}
	if o.Axes() != h.before.Axes() {
		require.Equal(t, o.Axes(), last)
	} else if last != (order.Axes{}) {
		require.Equal(t, o.Axes(), last, "there and back within one step")
	}
	if document(h.t, o) != document(h.t, h.before) && o.ERP == h.before.ERP {
		require.NotEmpty(t, facts, "what changed was told")
	}
}

// Random histories of goods, bills and reports: after every step the ledgers
// hold and agree with the documents.
func TestLawLedgersFollowTheDocuments(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := newHistory(rt, t)
		rt.Repeat(map[string]func(*rapid.T){
			"":         h.check,
			"ship":     h.shipSome,
			"ship2":    h.shipSome,
			"return":   h.takeBack,
			"cancel":   h.giveUp,
			"deliver":  h.deliver,
			"deliver2": h.deliver,
			"deliver3": h.deliver,
			"tell":     h.tell,
			"invoice":  h.invoice,
			"correct":  h.correct,
			"pay":      h.pay,
			"move":     h.move,
		})
	})
}

// Whatever the order in which an ERP's changes arrive, however often: the
// ledgers end the same.
func TestLawReportsInAnyOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := newHistory(rt, t)
		twin := newShop(t, nil)
		var ovens, gaskets int64
		for i, l := range h.before.Lines {
			if n := l.Quantity.Units() / 10_000; i == 0 {
				ovens = n
			} else {
				gaskets = n
			}
		}
		other := twin.sold(ovens, gaskets)
		lines := make(map[order.LineID]order.LineID)
		for i, l := range other.Lines {
			lines[h.lines[i]] = l.ID
		}
		n := rapid.IntRange(1, 8).Draw(rt, "changes")
		for range n {
			h.deliver(rt)
		}
		told := order.Report{Order: h.id, Sequence: 1}
		for _, l := range h.lines {
			told.Lines = append(told.Lines, order.LineReport{Line: l, Reserved: quantity(rt, "reserved"), Cancelled: quantity(rt, "cancelled")})
		}
		h.report(told)
		for _, in := range h.past { // those that were late
			h.delivered(in)
		}

		all := append(slices.Clone(h.past), rapid.SliceOfN(rapid.SampledFrom(h.past), 0, 3).Draw(rt, "twice")...)
		all = append(all, order.DeliveryReport{}) // the order's own change
		for _, in := range rapid.Permutation(all).Draw(rt, "order") {
			if in.State == "" {
				change := told
				change.Order, change.Lines = other.ID, slices.Clone(told.Lines)
				for i := range change.Lines {
					change.Lines[i].Line = lines[change.Lines[i].Line]
				}
				twin.report(change)
				continue
			}
			in.Order, in.Lines = other.ID, slices.Clone(in.Lines)
			for i := range in.Lines {
				in.Lines[i].Line = lines[in.Lines[i].Line]
			}
			twin.delivered(in)
		}
		ours, theirs := h.get(h.id), twin.get(other.ID)
		for i := range ours.Lines {
			require.Equal(rt, ours.Lines[i].Goods, theirs.Lines[i].Goods)
		}
		require.Equal(rt, ours.Axes(), theirs.Axes())
	})
}
