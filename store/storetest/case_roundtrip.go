package storetest

import (
	"context"
	"math"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/thread"
)

func roundTripCases() []Case {
	return []Case{
		{"roundtrip/fields", "every field of every document comes back as it went in, times as UTC cut to microseconds", roundTripFields},
		{"roundtrip/zero", "zero values come back as zero values", roundTripZero},
		{"roundtrip/empty", "what Save returns, nil and empty slices included, is what every later read returns", roundTripEmpty},
		{"roundtrip/extremes", "the largest and smallest numbers, times and long texts come back exactly", roundTripExtremes},
		{"roundtrip/replace", "a replaced document holds nothing of the one before", roundTripReplace},
	}
}

// keep saves v and wants the same from Save, from Get in the same transaction
// and from Get in a later one. want is what a read must answer, version aside.
func (e *env) keep(t store.Tenanted, k kind, v, want any, loose bool) {
	e.Helper()
	compare := difference
	if loose {
		compare = looseDifference
	}
	version := k.version(v) + 1
	saved := wrote(e, t, func(ctx context.Context, tx store.Tx) (any, error) {
		saved, err := k.save(ctx, tx, v)
		if err != nil {
			return nil, err
		}
		again, err := k.get(ctx, tx, k.id(v))
		if err == nil {
			e.same(again, saved, k.name+" read in the transaction that saved it")
		}
		return saved, err
	})
	if d := compare(saved, k.at(want, version)); d != "" {
		e.Fatalf("%s as Save returned it: %s", k.name, d)
	}
	got := read(e, t, func(ctx context.Context, tx store.Tx) (any, error) { return k.get(ctx, tx, k.id(v)) })
	e.same(got, saved, k.name+" read in a later transaction")
}

func roundTripFields(e *env) {
	t := e.tenant()
	for _, k := range kinds() {
		for salt, each := range []int{1, 2, 3} {
			v := k.full(e, salt+1, each)
			e.keep(t, k, v, k.settle(v), false)
		}
	}
}

func roundTripZero(e *env) {
	t := e.tenant()
	e.keepAll(t, []any{
		partner.Partner{ID: "zero"}, catalog.Product{ID: "zero"}, catalog.Availability{Product: "zero"},
		cart.Cart{ID: "zero"}, order.Order{ID: "zero"}, order.Delivery{ID: "zero"}, thread.Thread{ID: "zero"},
		billing.Document{ID: "zero"}, billing.Head{ID: "zero"}, billing.Payment{ID: "zero"}, pricing.TurnoverEntry{ID: "zero"},
		pricing.Campaign{ID: "zero"}, pricing.Code{ID: "zero"}, pricing.Redemption{ID: "zero"}, pricing.Tally{ID: "zero"},
	}, true)
}

// keepAll keeps one document per kind, in the order of kinds.
func (e *env) keepAll(t store.Tenanted, docs []any, loose bool) {
	e.Helper()
	all := kinds()
	e.true(len(docs) == len(all), "the case has %d documents for %d kinds", len(docs), len(all))
	for i, k := range all {
		e.keep(t, k, docs[i], k.settle(docs[i]), loose)
	}
}

func roundTripEmpty(e *env) {
	t := e.tenant()
	for _, k := range kinds() {
		v := k.empty(k.sample(1))
		e.keep(t, k, v, k.settle(v), true)
		v = k.empty(k.full(e, 1, 0))
		e.keep(t, k, v, k.settle(v), true)
	}
}

func roundTripExtremes(e *env) {
	t := e.tenant()
	most, err := money.QuantityFromUnits(math.MaxInt64)
	e.must(err)
	long := strings.Repeat("é漢", 20_000)
	late := time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC)
	early := time.Date(1, 1, 1, 0, 0, 0, 1000, time.UTC)
	old := time.Date(1969, 12, 31, 23, 59, 59, 999_999_000, time.UTC)

	p := samplePartner(1)
	p.Name, p.CreatedAt, p.UpdatedAt = long, early, late
	g := sampleProduct(1)
	g.CreatedAt, g.UpdatedAt = old, late
	g.Names["fr"], g.Quantity.Max, g.Quantity.Min = long, most, most.Neg()
	a := sampleStock(1)
	a.OnHand, a.At, a.Next = most, old, late
	c := sampleCart(1)
	c.Note, c.CreatedAt, c.UpdatedAt = long, early, old
	o := sampleOrder(1)
	o.Note, o.PlacedAt, o.UpdatedAt, o.Revision = long, old, late, math.MaxInt32
	o.Quote.Net = money.FromMinor(math.MaxInt64, euro)
	o.Quote.Gross = money.FromMinor(-math.MaxInt64, euro)
	v := sampleDelivery(1)
	v.Note, v.CreatedAt, v.UpdatedAt, v.Lines[0].Quantity = long, early, old, most
	v.Date, v.ERP.Sequence = partner.MustDate("0001-01-01"), math.MaxInt64
	th := sampleThread(1)
	th.Messages[0].Text, th.Messages[0].At, th.Messages[1].At = long, early, late
	d := sampleInvoice(1)
	d.Note, d.CreatedAt, d.Issued, d.Due = long, old, partner.MustDate("0001-01-01"), partner.MustDate("9999-12-31")
	d.Totals.Gross, d.Totals.Payable = money.FromMinor(-math.MaxInt64, euro), money.FromMinor(math.MaxInt64, euro)
	h := sampleHead(1)
	h.Position, h.Counter, h.Hash = math.MaxInt64, math.MinInt64, long
	y := samplePayment(1)
	y.Note, y.CreatedAt, y.Amount, y.Date = long, early, money.FromMinor(math.MaxInt64, euro), partner.MustDate("9999-12-31")
	k := sampleCampaign(1)
	k.Name, k.From, k.Until, k.CreatedAt, k.Hold, k.Limits.Total = long, early, late, old, math.MaxInt64, math.MaxInt64
	dc := sampleCode(1)
	dc.Text, dc.CreatedAt = long, early
	u := sampleRedemption(1)
	u.Text, u.ReservedAt, u.Until, u.ConfirmedAt, u.EndedAt = long, early, late, old, late
	ta := sampleTally(1)
	ta.Of, ta.Used, ta.Held = long, math.MaxInt64, []pricing.Held{{Until: late, Uses: math.MaxInt64}}
	te := sampleTurnover(1)
	te.Day, te.Known, te.Revision, te.Document.Number = partner.MustDate("0001-01-01"), early, math.MaxInt64, long
	te.Net, te.Parts[0] = money.FromMinor(-math.MaxInt64, euro), pricing.TurnoverPart{Family: long, Net: money.FromMinor(math.MaxInt64, euro)}
	e.keepAll(t, []any{p, g, a, c, o, v, th, d, h, y, te, k, dc, u, ta}, false)

	a.Product, a.OnHand = "debt", most.Neg()
	a.At = early
	e.keep(t, kinds()[2], a, a, false)
	o = sampleOrder(2)
	o.PlacedAt = late
	e.keep(t, kinds()[4], o, o, false)
	o = sampleOrder(3)
	o.PlacedAt = early
	e.keep(t, kinds()[4], o, o, false)
}

func roundTripReplace(e *env) {
	t := e.tenant()
	for _, k := range kinds() {
		full := k.full(e, 1, 3)
		e.keep(t, k, full, k.settle(full), false)
		// The id is the full document's, everything else another's.
		less := k.full(e, 2, 1)
		less = k.at(k.rename(less, k.id(full)), 1)
		e.keep(t, k, less, k.settle(less), false)
	}
}
