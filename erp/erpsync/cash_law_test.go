package erpsync_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
)

// bustle is a world in which people on both sides, faults and crashes do as
// they like.
type bustle struct {
	*world
	ids []order.ID
}

// one draws one of some things, or leaves the act out.
func one[T any](t *rapid.T, from []T) T {
	if len(from) == 0 {
		t.Skip("nothing to do it with")
	}
	return rapid.SampledFrom(from).Draw(t, "which")
}

func (w *bustle) begins(t *rapid.T) {
	if len(w.ids) == 3 {
		t.Skip("a handful is enough")
	}
	w.ids = append(w.ids, w.placed(rapid.Int64Range(1, 5).Draw(t, "ovens"), rapid.Int64Range(1, 5).Draw(t, "gaskets")))
}

// moves lets people here do what the life cycle lets them.
func (w *bustle) moves(t *rapid.T) {
	on := rapid.SampledFrom([]order.Trigger{order.Validate, order.Validate, order.Validate, order.Cancel}).Draw(t, "on")
	id := one(t, w.ids)
	if on == order.Cancel && w.get(id).State != order.Awaiting {
		t.Skip("what is confirmed there is not let go")
	}
	_, _ = w.orders.Advance(w.ctx, admin, order.AdvanceInput{Order: id, On: on, Reason: "because"})
}

func (w *bustle) picks(t *rapid.T) {
	d := one(t, w.books.Orders())
	g := one(t, d.Goods)
	open := g.Ordered.Sub(g.Shipped).Sub(g.Cancelled).IntPart()
	if open < 1 {
		t.Skip("nothing is open")
	}
	n := rapid.Int64Range(1, open).Draw(t, "quantity")
	w.books.Pick(d.ID, erp.LineQuantity{Key: g.Key, Quantity: decimal.NewFromInt(n)})
}

func (w *bustle) returns(t *rapid.T) {
	d := one(t, w.books.Orders())
	g := one(t, d.Goods)
	w.books.Return(d.ID, "damaged", erp.LineQuantity{Key: g.Key, Quantity: dec("1")})
}

func (w *bustle) posts(t *rapid.T) {
	for _, draft := range w.books.Drafts(one(t, w.books.Orders()).ID) {
		w.books.Post(draft)
	}
}

func (w *bustle) counts(t *rapid.T) {
	w.books.SetStock(one(t, []string{oven, gasket}), decimal.NewFromInt(rapid.Int64Range(0, 9).Draw(t, "on hand")), "")
}

// takesMoney books a part of an invoice, or pays a part of a credit note back.
func (w *bustle) takesMoney(t *rapid.T) {
	i := one(t, w.books.Invoices())
	if i.State != erp.InvoicePosted || !i.Residual.IsPositive() {
		t.Skip("nothing is left")
	}
	amount := i.Residual.Mul(decimal.NewFromInt(rapid.Int64Range(1, 4).Draw(t, "quarters"))).Div(dec("4")).Round(2)
	w.paysThere(i, amount)
}

// pays records money here: on account, or for an invoice when both sides agree
// on what is left of it.
func (w *bustle) pays(t *rapid.T) {
	in := billing.PayInput{Amount: money.MustAmount(rapid.SampledFrom([]string{"10.00", "33.33"}).Draw(t, "amount"), money.EUR), Method: billing.Transfer, Partner: "nord"}
	if rapid.Bool().Draw(t, "for an invoice") {
		w.settled()
		docs := slices.DeleteFunc(w.docs(), func(d billing.Document) bool {
			return d.Kind != billing.Invoice || d.Left().Minor() < in.Amount.Minor()
		})
		in.Invoices = []billing.PayFor{{Document: one(t, docs).ID}}
	}
	p, err := w.bills.Pay(w.ctx, buyer, in)
	require.NoError(t, err)
	_, err = w.bills.Advance(w.ctx, operator, billing.PaymentAdvanceInput{Payment: p.ID, On: billing.Confirm})
	require.NoError(t, err)
	if in.Invoices != nil {
		w.settled()
	}
}

func (w *bustle) bounces(t *rapid.T) {
	w.books.TakeBack(one(t, w.books.Payments()).ID, erp.PaymentFailed)
}

func (w *bustle) voids(t *rapid.T) { w.books.Void(one(t, w.books.Invoices()).ID) }

// givesUp gives one of a line up while both sides agree on what is left, also
// where only a person can bring them to agree: an ERP that keeps silent about
// what it refuses would otherwise keep what was given up here, see doc.go.
func (w *bustle) givesUp(t *rapid.T) {
	w.settled()
	w.person()
	o := w.get(one(t, w.ids))
	l := one(t, o.Lines)
	_, err := w.orders.CancelRest(w.ctx, operator, order.CancelRestInput{Order: o.ID, Reason: "no more needed",
		Lines: []order.LineQuantity{{Line: l.ID, Quantity: quantity("1")}}})
	if err == nil {
		w.settled()
	}
}

func (w *bustle) talks(t *rapid.T) {
	if rapid.Bool().Draw(t, "here") {
		w.writes(buyer, one(t, w.ids), "Message "+w.newID())
		return
	}
	w.books.Say(erp.Message{Kind: "order", Document: one(t, w.books.Orders()).ID, Text: "Answer " + w.newID()})
}

func (w *bustle) works(t *rapid.T) {
	if rapid.Bool().Draw(t, "relay") {
		w.step()
	} else {
		_, _ = w.puller.Step(w.ctx) // it may meet a fault
	}
	w.pass(time.Duration(rapid.IntRange(0, 120).Draw(t, "seconds")) * time.Second)
}

var (
	cuts  = []memerp.Fault{memerp.NotSent, memerp.RequestLost, memerp.AnswerLost, memerp.AnswerLost, memerp.Busy, memerp.Slow(time.Second)}
	pulls = []memerp.Fault{memerp.Shuffled, memerp.Doubled, memerp.HalfPage, memerp.Lagging}
)

func (w *bustle) fails(t *rapid.T) {
	op := rapid.SampledFrom(allOps).Draw(t, "op")
	faults := cuts
	if strings.HasPrefix(string(op), "pull") {
		faults = slices.Concat(cuts, pulls)
	}
	w.books.Fail(op, rapid.IntRange(1, 3).Draw(t, "times"), rapid.SampledFrom(faults).Draw(t, "fault"))
}

// dies lets the process die within one of its calls of the ERP.
func (w *bustle) dies(t *rapid.T) {
	ctx, cancel := context.WithCancel(w.ctx)
	defer cancel()
	after := rapid.Bool().Draw(t, "after the work")
	for _, op := range allOps {
		w.books.Fail(op, 1, memerp.Slow(time.Second))
	}
	w.atERP = func(ctx context.Context) error {
		cancel()
		if after {
			return nil
		}
		return ctx.Err()
	}
	if rapid.Bool().Draw(t, "relay") {
		_, _ = w.relay.Step(ctx)
	} else {
		_, _ = w.puller.Step(ctx)
	}
	w.atERP = nil
	w.relay, w.puller = w.newRelay(), w.newPuller()
	w.pass(2 * time.Minute)
}

// check is what has to hold at any time: never a second document of ours.
func (w *bustle) check(t *rapid.T) {
	seen := map[string]bool{}
	once := func(key string) {
		require.False(t, key != "" && seen[key], "a second document of %s", key)
		seen[key] = true
	}
	for _, d := range w.books.Orders() {
		once(d.Order.Key)
	}
	for _, p := range w.books.Payments() {
		once(p.Key)
	}
	for _, m := range w.books.Messages() {
		once(m.Key)
	}
}

// Whatever people do on both sides, whatever is lost on the way: once it is
// quiet, nothing is lost, nothing doubled, quantities and sums are equal.
func TestLawBothSidesAgree(t *testing.T) {
	for _, mode := range []string{"unique keys", "idempotent keys", "no keys", "short ids"} {
		t.Run(mode, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				w := &bustle{world: newWorld(t, modes[mode])}
				rt.Repeat(map[string]func(*rapid.T){
					"": w.check, "begins": w.begins, "moves": w.moves, "moves on": w.moves, "picks": w.picks, "picks more": w.picks, "returns": w.returns,
					"posts": w.posts, "posts more": w.posts, "counts": w.counts, "takes money": w.takesMoney, "pays": w.pays, "bounces": w.bounces,
					"voids": w.voids, "gives up": w.givesUp, "talks": w.talks, "works": w.works, "works on": w.works, "fails": w.fails, "dies": w.dies,
				})
				w.books.Heal()
				w.settled()
				w.person()
				w.check(rt)
				w.inStep()
				require.Empty(rt, w.letters())
				require.Empty(rt, w.parked())
				require.Zero(rt, w.depth())
			})
		})
	}
}
