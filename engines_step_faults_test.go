package comptoir_test

import (
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir"
	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/erp/erptest"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/memsubject"
	"github.com/comptoir-go/comptoir/internal/testpg"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// branch is a tenant with one partner, and what was ordered there.
type branch struct {
	*comptoir.Counter
	number string
	offer  cart.Priced
	ids    []order.ID
}

// drill is two branches on one ERP, and all that goes wrong between them.
type drill struct {
	t        *testing.T
	r        *rand.Rand
	books    *memerp.ERP
	proxy    *erptest.Proxy
	branches []*branch
	workers  []*worker
	job      job
	// server is the store's, nil for one that is embedded.
	server  *testpg.Instance
	lost    atomic.Int64
	kills   int
	downs   int
	revived int
}

// faults counts what has gone wrong so far.
func (d *drill) faults() uint64 {
	n := d.kills + d.downs + int(d.lost.Load())
	for _, c := range d.proxy.Counts().Faults {
		n += c
	}
	return uint64(n)
}

// Two branches keep in step with one ERP by two processes each, while requests
// and answers are cut, doubled, halved and refused, commits lose their answers,
// and the processes are killed, an embedded store with them, as is the server of
// the other one: nothing is lost, nothing is doubled, each branch sees its own,
// and the sums are equal.
func TestRandomFaults(t *testing.T) {
	target := number(t, "COMPTOIR_FAULTS", 100) // on each of two engines
	if os.Getenv("COMPTOIR_SOAK") == "1" {
		target = number(t, "COMPTOIR_FAULTS", 5000)
	}
	seed := number(t, "COMPTOIR_SEED", uint64(time.Now().UnixNano()))
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Logf("COMPTOIR_SEED=%d", seed)
			j := job{Engine: engine, Lossy: 15, Seed: seed}
			var server *testpg.Instance
			if engine == "postgres" {
				server = testpg.Start(t)
				j.Store = server.DSN
			} else {
				j.Store = filepath.Join(t.TempDir(), "c.db")
			}
			d := newDrill(t, j)
			d.server = server
			for turn := 0; d.faults() < target; turn++ {
				d.turn(turn)
			}
			c := d.proxy.Counts()
			d.quiet()
			d.agree()
			t.Logf("claim: two branches, two processes and random faults, on %s: 0 lost, 0 doubled, sums equal", engine)
			t.Logf("count: %d faults (%d kills of a process, %d of the server, %d commits without an answer, of the wire %v), %d orders, %d letters given back",
				d.faults(), d.kills, d.downs, d.lost.Load(), c.Faults, len(d.branches[0].ids)+len(d.branches[1].ids), d.revived)
		})
	}
}

// number is that of a variable, or another when it is not set.
func number(t *testing.T, name string, otherwise uint64) uint64 {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	require.NoError(t, err, name)
	return n
}

func newDrill(t *testing.T, j job) *drill {
	d := &drill{t: t, r: rand.New(rand.NewPCG(j.Seed, 0)), books: memerp.New(&memerp.Options{Now: time.Now})}
	server := httptest.NewServer(memsubject.Serve(d.books))
	t.Cleanup(server.Close)
	var err error
	d.proxy, err = erptest.NewProxy(server.URL+"/rpc", &erptest.ProxyOptions{Seed: j.Seed, RetryAfter: time.Second})
	require.NoError(t, err)
	t.Cleanup(d.proxy.Close)
	j.ERP = d.proxy.URL()
	d.job = j
	st, err := j.open(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, st.Close()) })
	d.branches = []*branch{d.branch(patient{st}, "fr", "FR10002527"), d.branch(patient{st}, "it", "IT10004711")}
	d.proxy.Random(0.12)
	for range 2 {
		d.start()
	}
	t.Cleanup(d.stop)
	return d
}

func (d *drill) branch(st store.Store, t access.Tenant, number string) *branch {
	b := &branch{Counter: stockedAs(d.t, st, t, number), number: number}
	b.offer = offered(d.t, b.Counter, "Kitchen")
	return b
}

// start starts one more worker.
func (d *drill) start() {
	d.job.Seed++
	d.workers = append(d.workers, startWorker(d.t, d.job, &d.lost))
}

func (d *drill) stop() {
	for _, w := range d.workers {
		w.kill()
	}
	d.workers = nil
}

// turn lets people do something on both sides, and now and then kills a process.
func (d *drill) turn(n int) {
	b := d.branches[n%2]
	d.place(b)
	if old := b.ids[d.r.IntN(len(b.ids))]; d.r.IntN(3) == 0 {
		d.change(b, old)
	}
	for _, id := range b.ids[max(0, len(b.ids)-20):] {
		if d.r.IntN(4) == 0 {
			// What the life cycle refuses is no matter here.
			_, _ = b.Orders.Advance(d.t.Context(), clerk, order.AdvanceInput{Order: id, On: order.Validate})
		}
	}
	d.people()
	d.pay(b)
	if n%8 == 7 {
		i := d.r.IntN(len(d.workers))
		d.workers[i].kill()
		d.kills++
		d.workers = slices.Delete(d.workers, i, i+1)
		d.start()
	}
	if d.server != nil && n%32 == 20 { // in the middle of what the processes do
		d.server.Kill()
		d.downs++
		time.Sleep(time.Duration(d.r.IntN(200)) * time.Millisecond)
		require.NoError(d.t, d.server.Restart())
	}
	if n%64 == 63 {
		d.revive()
	}
	time.Sleep(time.Duration(d.r.IntN(60)) * time.Millisecond)
}

func (d *drill) place(b *branch) {
	ctx := d.t.Context()
	r, err := b.Orders.Place(ctx, bruno, order.PlaceInput{Cart: b.offer.Cart.ID, Seal: b.offer.Quote.Seal})
	require.NoError(d.t, err)
	b.ids = append(b.ids, r.Order)
	_, err = b.Carts.Put(ctx, bruno, cart.PutInput{Cart: b.offer.Cart.ID, SKU: "065612405", Quantity: money.QuantityOf(1 + int64(d.r.IntN(9)))})
	require.NoError(d.t, err)
	b.offer, err = b.Carts.Recalculate(ctx, bruno, cart.RecalculateInput{Cart: b.offer.Cart.ID})
	require.NoError(d.t, err)
}

// change asks for another quantity, where that may still be.
func (d *drill) change(b *branch, id order.ID) {
	o, err := b.Orders.Get(d.t.Context(), clerk, id)
	require.NoError(d.t, err)
	q := money.QuantityOf(1 + int64(d.r.IntN(9)))
	_, _ = b.Orders.Revise(d.t.Context(), bruno, order.ReviseInput{Order: id, Lines: []order.LineChange{{Line: o.Lines[0].ID, Quantity: &q}}})
}

// people deliver, invoice and take money in the ERP.
func (d *drill) people() {
	docs := d.books.Orders()
	for _, doc := range docs[max(0, len(docs)-40):] {
		if doc.State != erp.StateConfirmed || d.r.IntN(6) > 0 {
			continue
		}
		if _, ok := d.books.Pick(doc.ID); ok {
			for _, draft := range d.books.Drafts(doc.ID) {
				d.books.Post(draft)
			}
		}
	}
	all := d.books.Invoices()
	for _, i := range all[max(0, len(all)-20):] {
		if left := *i.Residual; paidThere(i.Number) && left.Sign() > 0 && d.r.IntN(4) == 0 {
			_, err := d.books.Pay(erp.Payment{Customer: i.Customer, Amount: left, Currency: "EUR", Method: "transfer",
				Allocations: []erp.PaymentPart{{Invoice: i.ID, Amount: left}}})
			require.NoError(d.t, err)
		}
	}
}

// paidThere shares the invoices between those who pay in the ERP and those who
// pay in the portal.
func paidThere(number string) bool { return number[len(number)-1]%2 == 0 }

// pay records a payment of an invoice in the portal.
func (d *drill) pay(b *branch) {
	for _, doc := range d.invoices(b, 20) {
		if paidThere(doc.Number) || doc.Left().Sign() <= 0 || d.r.IntN(3) > 0 {
			continue
		}
		p, err := b.Billing.Pay(d.t.Context(), bruno, billing.PayInput{Amount: doc.Left(), Method: billing.Transfer, Invoices: []billing.PayFor{{Document: doc.ID}}})
		if err != nil {
			continue // it is on its way already
		}
		_, err = b.Billing.Advance(d.t.Context(), clerk, billing.PaymentAdvanceInput{Payment: p.ID, On: billing.Confirm})
		require.NoError(d.t, err)
	}
}

// invoices are a branch's last so many, newest first; 0 for all.
func (d *drill) invoices(b *branch, most int) (out []billing.Document) {
	for after := ""; ; {
		page, err := b.Billing.Find(d.t.Context(), clerk, billing.Query{Page: uow.PageRequest{After: after, Limit: most}})
		require.NoError(d.t, err)
		for _, h := range page.Rows {
			doc, err := b.Billing.Get(d.t.Context(), clerk, h.ID)
			require.NoError(d.t, err)
			out = append(out, doc)
		}
		if after = page.Next; after == "" || most > 0 {
			return out
		}
	}
}

// revive is the person who gives letters back: an answer that could not be
// understood is for one. Where the server's death broke the connection it is for
// the next time.
func (d *drill) revive() {
	for _, b := range d.branches {
		letters, _, err := b.Letters.List(d.t.Context(), boss, "", 500)
		for _, l := range letters {
			if err = b.Letters.Retry(d.t.Context(), boss, l.ID); err != nil {
				break
			}
			d.revived++
		}
		if fault.KindOf(err) != fault.Unavailable {
			require.NoError(d.t, err)
		}
	}
}

// quiet ends all trouble and waits until both sides are at rest.
func (d *drill) quiet() {
	d.proxy.Heal()
	d.stop()
	d.job.Lossy = 0
	d.start()
	healed := time.Now()
	own, err := d.job.open(d.t.Context())
	require.NoError(d.t, err)
	defer func() { require.NoError(d.t, own.Close()) }()
	look, err := schedules(d.t.Context(), own, d.job.ERP, "look")
	require.NoError(d.t, err)
	calm := func(s *erpsync.Schedule, since time.Time) (string, bool) {
		h, err := s.Health(d.t.Context())
		require.NoError(d.t, err)
		for _, at := range h.Streams {
			if at.Waiting > 0 || at.Dead > 0 || at.Stream != erpsync.Outgoing && at.Success.Before(since) {
				return fmt.Sprintf("%+v", at), false
			}
		}
		return "", true
	}
	for _, s := range look {
		// Streams are read once more after all has gone out.
		for since, round := healed, 0; round < 2; {
			what, ok := calm(s, since)
			if ok {
				since, round = time.Now(), round+1
				continue
			}
			require.Less(d.t, time.Since(healed), 4*time.Minute, "%s: %s", d.job.Engine, what)
			d.revive()
			time.Sleep(20 * time.Millisecond)
		}
	}
	d.stop()
}

// agree compares both sides.
func (d *drill) agree() {
	t, ctx := d.t, d.t.Context()
	there := map[string][]memerp.Document{}
	for _, doc := range d.books.Orders() {
		there[doc.Order.Key] = append(there[doc.Order.Key], doc)
	}
	ours := 0
	for _, b := range d.branches {
		ours += len(b.ids)
		for _, id := range b.ids {
			o, err := b.Orders.Get(ctx, clerk, id)
			require.NoError(t, err)
			twins := there[erpsync.Key(b.Tenant, id)]
			require.Len(t, twins, 1, "%s: one document there", o.Ref)
			doc := twins[0]
			require.Equal(t, doc.ID, o.ERP.ID)
			require.Equal(t, b.number, doc.Order.Customer)
			require.Equal(t, o.Revision, doc.Order.Revision, o.Ref)
			require.True(t, o.Quote.Gross.Decimal().Equal(doc.Totals.Gross), "%s is %s here, %s there", o.Ref, o.Quote.Gross, doc.Totals.Gross)
			require.True(t, o.Lines[0].Goods.Shipped.Decimal().Equal(doc.Goods[0].Shipped), "%s: shipped", o.Ref)
			require.Equal(t, o.State == order.Awaiting, doc.State == erp.StateDraft, "%s is %s here, %s there", o.Ref, o.State, doc.State)
			require.Empty(t, o.ERP.Problem, "%s is %s, %+v", o.Ref, o.State, o.ERP)
		}
		require.Equal(t, len(b.ids), d.count(b), "each branch sees its own")
		depth, err := b.Store.Queue().Depth(ctx, event.ERP)
		require.NoError(t, err)
		require.Zero(t, depth)
		d.sameMoney(b)
	}
	require.Len(t, there, ours)
	require.Len(t, d.books.Orders(), ours)
}

// count counts all orders of a branch.
func (d *drill) count(b *branch) (n int) {
	for after := ""; ; {
		page, err := b.Orders.Find(d.t.Context(), clerk, order.Query{All: true, Page: uow.PageRequest{After: after, Limit: 500}})
		require.NoError(d.t, err)
		n += len(page.Rows)
		if after = page.Next; after == "" {
			return n
		}
	}
}

// sameMoney compares a branch's invoices and payments with the ERP's of its
// customer.
func (d *drill) sameMoney(b *branch) {
	t := d.t
	type sums struct {
		invoices, payments int
		gross, left, paid  string
	}
	var here, there sums
	gross, left, paid := decimal.Zero, decimal.Zero, decimal.Zero
	for _, doc := range d.invoices(b, 0) {
		here.invoices++
		gross, left = gross.Add(doc.Totals.Gross.Decimal()), left.Add(doc.Left().Decimal())
	}
	for after := ""; ; {
		page, err := b.Billing.FindPayments(t.Context(), clerk, billing.PaymentQuery{Page: uow.PageRequest{After: after, Limit: 500}})
		require.NoError(t, err)
		for _, p := range page.Rows {
			require.Equal(t, order.PaymentConfirmed, p.State)
			require.Empty(t, p.ERP.Problem, "%s is %+v", p.Number, p.ERP)
			here.payments++
			paid = paid.Add(p.Amount.Decimal())
		}
		if after = page.Next; after == "" {
			break
		}
	}
	here.gross, here.left, here.paid = gross.StringFixed(2), left.StringFixed(2), paid.StringFixed(2)
	gross, left, paid = decimal.Zero, decimal.Zero, decimal.Zero
	for _, i := range d.books.Invoices() {
		if i.Customer == b.number {
			there.invoices++
			gross, left = gross.Add(i.Totals.Gross), left.Add(*i.Residual)
		}
	}
	for _, p := range d.books.Payments() {
		if p.Customer == b.number {
			there.payments++
			paid = paid.Add(p.Amount)
		}
	}
	there.gross, there.left, there.paid = gross.StringFixed(2), left.StringFixed(2), paid.StringFixed(2)
	require.Equal(t, there, here)
	t.Logf("%s: %+v", b.Tenant, here)
}
