package erpsync

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// reckoning is one run of a Drift.
type reckoning struct {
	d     *Drift
	x     theirs
	began time.Time
	last  DriftReport
	// room is how many differences that were not known may still be kept; those
	// that are known come first when the report is made.
	room  int
	known map[string]bool
	// still are the fingerprints of known differences that were found again.
	still  map[string]bool
	listed map[document][]Difference
	more   int
	unread []DocKind
	sums   map[sumOf]*DriftSum
}

type sumOf struct {
	kind DocKind
	code string
}

// document is what differences are grouped by: one of the ERP's by its id there,
// else one of ours.
type document struct {
	kind   DocKind
	there  bool
	number string
}

func documentOf(x Difference) document {
	if x.ERPID != "" && x.Fault != MissingThere {
		return document{x.Document, true, x.ERPID}
	}
	return document{x.Document, false, x.ID}
}

// parkedMax is of how many parked changes the causes are kept.
const parkedMax = 10_000

func newReckoning(ctx context.Context, d *Drift, last DriftReport) (*reckoning, error) {
	r := &reckoning{d: d, began: d.o.Now(), last: last, room: d.o.Limit, known: map[string]bool{}, still: map[string]bool{},
		listed: map[document][]Difference{}, sums: map[sumOf]*DriftSum{},
		x: theirs{ours: ours{tenant: d.tenant, client: d.client, zone: d.o.Zone}, shared: d.o.Shared, waits: map[string]string{}, known: map[string]bool{}}}
	for _, x := range last.Differences {
		r.known[x.Fingerprint] = true
	}
	for after := ""; ; {
		var some []event.Parked
		err := d.store.View(ctx, func(ctx context.Context, tx store.Tx) (err error) {
			some, after, err = tx.Inbox().Parked(ctx, after, 200)
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, k := range some {
			r.x.waits[k.ID] = k.Cause
		}
		if after == "" || len(r.x.waits) >= parkedMax {
			return r, nil
		}
	}
}

// compare reads one kind of documents of both sides.
func (r *reckoning) compare(ctx context.Context, k DocKind) error {
	c := r.d.client
	switch k {
	case OrderDoc:
		return sweep(ctx, r, ledger[erp.OrderChange]{k, erp.Orders, c.PullOrders, r.x.order, r.orders})
	case DeliveryDoc:
		return sweep(ctx, r, ledger[erp.Delivery]{k, erp.Deliveries, c.PullDeliveries, r.x.delivery, r.deliveries})
	case InvoiceDoc:
		return sweep(ctx, r, ledger[erp.Invoice]{k, erp.Invoices, c.PullInvoices, r.x.invoice, r.invoices})
	}
	return sweep(ctx, r, ledger[erp.Payment]{k, erp.Payments, c.PullPayments, r.x.payment, r.payments})
}

// ledger is one kind of documents: how the ERP's are read and ours are listed.
type ledger[R any] struct {
	kind   DocKind
	stream erp.Stream
	pull   func(ctx context.Context, after erp.Cursor, limit int) (erp.Page[R], error)
	meet   func(ctx context.Context, tx store.Tx, row R) (theirs Holding, ours *Holding, err error)
	list   func(ctx context.Context, tx store.Tx, after string) ([]Holding, string, error)
}

// sweep reads the ERP's documents page by page and compares each with ours, and
// then ours, to find those that it has not told of.
func sweep[R any](ctx context.Context, r *reckoning, l ledger[R]) error {
	if !r.d.client.Supports(erp.PullOf(l.stream)) {
		r.unread = append(r.unread, l.kind)
		return nil
	}
	first := newSeen(r.d.o.IDs)
	met := map[string]meeting{}
	if err := readTheirs(ctx, r, l, first, met, true); err != nil {
		return err
	}
	if err := readOurs(ctx, r, l, first, met, true); err != nil {
		return err
	}
	for left := first.left; len(left) > 0; left = left[1:] {
		part := left[0]
		part.docs = map[uint64]counted{}
		if err := readTheirs(ctx, r, l, &part, nil, false); err != nil {
			return err
		}
		if err := readOurs(ctx, r, l, &part, nil, false); err != nil {
			return err
		}
		left = append(left, part.left...)
	}
	return nil
}

// meeting is which document of the ERP met one of ours, by its key alone.
type meeting struct {
	id    string
	ended bool
}

// readTheirs reads all that the ERP has. The first time it compares, and notes in
// met the documents of ours that were met by their key alone.
func readTheirs[R any](ctx context.Context, r *reckoning, l ledger[R], s *seen, met map[string]meeting, first bool) error {
	var at erp.Cursor
	orphans := map[string]Difference{} // by the ERP's id
	for {
		page, err := l.pull(ctx, at, r.d.o.Page)
		if err != nil {
			return err
		}
		var here, there []Holding
		err = r.d.store.View(ctx, func(ctx context.Context, tx store.Tx) error {
			here, there = nil, nil
			got := map[string]bool{}
			for _, row := range page.Rows {
				t, o, err := l.meet(ctx, tx, row)
				if err != nil {
					return err
				}
				there = append(there, t)
				if o != nil && !got[o.ID] {
					got[o.ID] = true
					here = append(here, *o)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		there = newest(there)
		for _, t := range there {
			s.add(t.ID, r.counts(t, here))
			delete(orphans, t.ID)
			if first {
				r.drop(document{l.kind, true, t.ID})
			}
		}
		if first {
			var c comparison
			c.match(inOrder(r.recall(here, there, met)), inOrder(there), true, false)
			for _, x := range c.sorted() {
				if x.Fault == MissingHere && x.Cause == LostDocument && len(orphans) < r.d.o.Limit {
					orphans[x.ERPID] = x
					continue
				}
				r.list(x)
			}
			r.note(c.pairs, here, met)
		}
		if at = page.Next; !page.More {
			break
		}
	}
	r.total(l.kind, s)
	if len(orphans) == 0 {
		return nil
	}
	return settleOrphans(ctx, r, l, orphans)
}

// recall gives documents of ours that were met by their key alone on an earlier
// page the twin that they met there, so that another one of the key is a second
// one. One that has ended gives way to one that stands.
func (r *reckoning) recall(here, there []Holding, met map[string]meeting) []Holding {
	here = slices.Clone(here)
	for i, o := range here {
		m, is := met[o.ID]
		if o.Twin != "" || !is {
			continue
		}
		stands := func(t Holding) bool { return t.Kind == o.Kind && t.Key == o.Key && !t.Ended }
		if m.ended && slices.ContainsFunc(there, stands) {
			r.drop(document{o.Kind, true, m.id})
			continue
		}
		here[i].Twin = m.id
	}
	return here
}

// note keeps in met whom documents of ours met whose twin is not noted.
func (r *reckoning) note(pairs []pairing, here []Holding, met map[string]meeting) {
	for _, o := range here {
		if _, is := met[o.ID]; o.Twin == "" && !is && len(met) < r.d.o.IDs {
			met[o.ID] = meeting{}
		}
	}
	for _, p := range pairs {
		if _, is := met[p.o.ID]; is {
			met[p.o.ID] = meeting{p.t.ID, p.t.Ended}
		}
	}
}

// newest leaves of rows that tell of one document the last.
func newest(hs []Holding) []Holding {
	last := map[string]int{}
	for i, h := range hs {
		last[h.ID] = i
	}
	var out []Holding
	for i, h := range hs {
		if last[h.ID] == i {
			out = append(out, h)
		}
	}
	return out
}

// pendingMax bounds how many changes that are not pulled yet are looked at.
const pendingMax = 20_000

// settleOrphans lists the documents of the ERP that are not here: those behind
// the place up to which the stream was read are merely not pulled yet.
func settleOrphans[R any](ctx context.Context, r *reckoning, l ledger[R], orphans map[string]Difference) error {
	var at event.Cursor
	err := r.d.store.View(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		at, err = tx.Inbox().Cursor(ctx, string(l.stream))
		return err
	})
	if err != nil {
		return err
	}
	late := func(id string, t Holding) {
		if _, is := orphans[id]; is {
			t.Unread = true
			var c comparison
			c.match(nil, []Holding{t}, true, false)
			for _, x := range c.sorted() {
				orphans[id] = x
			}
		}
	}
	cursor := erp.Cursor(at.Value)
	for n := 0; n < pendingMax; {
		page, err := l.pull(ctx, cursor, r.d.o.Page)
		if err != nil {
			return err
		}
		err = r.d.store.View(ctx, func(ctx context.Context, tx store.Tx) error {
			for _, row := range page.Rows {
				t, o, err := l.meet(ctx, tx, row)
				if err != nil {
					return err
				}
				if o != nil { // it has come meanwhile
					delete(orphans, t.ID)
				}
				late(t.ID, t)
			}
			return nil
		})
		if err != nil {
			return err
		}
		n += len(page.Rows)
		if cursor = page.Next; !page.More {
			break
		}
	}
	for _, id := range slices.Sorted(maps.Keys(orphans)) {
		r.list(orphans[id])
	}
	return nil
}

// readOurs goes through our documents for those of which the ERP has not told.
// Those whose twin was noted while the ERP was read are left.
func readOurs[R any](ctx context.Context, r *reckoning, l ledger[R], s *seen, met map[string]meeting, first bool) error {
	for after := ""; ; {
		var page []Holding
		err := r.d.store.View(ctx, func(ctx context.Context, tx store.Tx) (err error) {
			page, after, err = l.list(ctx, tx, after)
			return err
		})
		if err != nil {
			return err
		}
		var gone []Holding
		for _, h := range page {
			if first {
				r.count(h)
			}
			_, is := met[h.ID]
			switch {
			case h.noted.After(r.began):
			case h.Twin == "" && first && !is, h.Twin != "" && s.covers(h.Twin) && !s.has(h.Twin):
				gone = append(gone, h)
			}
		}
		var c comparison
		c.match(inOrder(gone), nil, false, true)
		for _, x := range c.sorted() {
			r.list(x)
		}
		if after == "" {
			return nil
		}
	}
}

// list keeps a difference for the report, if there is room.
func (r *reckoning) list(x Difference) {
	doc := documentOf(x)
	switch {
	case r.known[x.Fingerprint]:
		r.still[x.Fingerprint] = true
	case r.room <= 0:
		r.more++
		return
	default:
		r.room--
	}
	r.listed[doc] = append(r.listed[doc], x)
}

// drop forgets what was found of a document of which the ERP tells again.
func (r *reckoning) drop(doc document) {
	for _, x := range r.listed[doc] {
		if r.known[x.Fingerprint] {
			delete(r.still, x.Fingerprint)
		} else {
			r.room++
		}
	}
	delete(r.listed, doc)
}

func (r *reckoning) report() DriftReport {
	out := DriftReport{From: r.began, Until: r.d.o.Now(), Unread: r.unread, More: r.more}
	var news []Difference
	for _, xs := range r.listed {
		for _, x := range xs {
			if r.known[x.Fingerprint] {
				out.Differences = append(out.Differences, x)
			} else {
				news = append(news, x)
			}
		}
	}
	room := r.d.o.Limit - len(out.Differences)
	for _, x := range r.last.Differences {
		if slices.Contains(r.unread, x.Document) { // it stays in the report
			room--
		}
	}
	slices.SortFunc(news, Difference.before)
	room = min(max(room, 0), len(news))
	out.More += len(news) - room
	out.Differences = append(out.Differences, news[:room]...)
	slices.SortFunc(out.Differences, Difference.before)
	for _, s := range r.sums {
		out.Sums = append(out.Sums, *s)
	}
	slices.SortFunc(out.Sums, func(a, b DriftSum) int { return a.before(b) })
	return out
}

// counts is what a document of the ERP adds to its sums: it is ours, or ought to
// be.
func (r *reckoning) counts(t Holding, here []Holding) counted {
	c := counted{code: t.Currency, amount: t.Amount.Mul(sign(t.Minus)), counts: t.Due && !t.Ended}
	for _, o := range here {
		if o.Twin == t.ID || o.Twin == "" && o.Key != "" && o.Key == t.Key {
			c.counts = !t.Ended
			if c.code == "" {
				c.code = o.Currency
			}
		}
	}
	return c
}

func (r *reckoning) sum(k DocKind, code string) *DriftSum {
	at := sumOf{k, code}
	if r.sums[at] == nil {
		r.sums[at] = &DriftSum{Document: k, Currency: code}
	}
	return r.sums[at]
}

// total adds what was seen to the ERP's sums.
func (r *reckoning) total(k DocKind, s *seen) {
	sums := map[string]decimal.Decimal{}
	for _, c := range s.docs {
		if c.counts {
			r.sum(k, c.code).There++
			sums[c.code] = sums[c.code].Add(c.amount)
		}
	}
	for code, sum := range sums {
		plus(&r.sum(k, code).Theirs, sum, code)
	}
}

// count adds a document to our sums.
func (r *reckoning) count(h Holding) {
	if h.Due && !h.Ended {
		s := r.sum(h.Kind, h.Currency)
		s.Here++
		plus(&s.Ours, h.Amount.Mul(sign(h.Minus)), h.Currency)
	}
}

// plus adds to a sum; one beyond the range of money stays as it is.
func plus(to *money.Amount, d decimal.Decimal, code string) {
	a, ok := total(d, code)
	if !ok {
		return
	}
	if to.IsNone() {
		*to = money.Zero(a.Currency())
	}
	if sum, err := to.Add(a); err == nil {
		*to = sum
	}
}

// Our documents, a page at a time.

func (r *reckoning) orders(ctx context.Context, tx store.Tx, after string) ([]Holding, string, error) {
	page, err := tx.Orders().Find(ctx, order.Query{All: true, Sort: order.OldestFirst, Page: uow.PageRequest{After: after, Limit: r.d.o.Page}})
	if err != nil {
		return nil, "", err
	}
	refs := make([]uow.Ref, len(page.Rows))
	for i, h := range page.Rows {
		refs[i] = uow.Ref{Kind: order.DocKind, ID: string(h.ID)}
	}
	out := make([]Holding, len(page.Rows))
	if err := tx.Prefetch(ctx, refs...); err != nil {
		return nil, "", err
	}
	for i, h := range page.Rows {
		o, err := tx.Orders().Get(ctx, h.ID)
		if err == nil {
			out[i], err = r.x.ours.order(o)
		}
		if err != nil {
			return nil, "", err
		}
	}
	return out, page.Next, nil
}

func (r *reckoning) deliveries(ctx context.Context, tx store.Tx, after string) ([]Holding, string, error) {
	page, err := tx.Deliveries().Find(ctx, order.DeliveryQuery{Page: uow.PageRequest{After: after, Limit: r.d.o.Page}})
	if err != nil {
		return nil, "", err
	}
	refs := make([]uow.Ref, len(page.Rows))
	for i, h := range page.Rows {
		refs[i] = uow.Ref{Kind: order.DeliveryDocKind, ID: string(h.ID)}
	}
	out := make([]Holding, len(page.Rows))
	if err := tx.Prefetch(ctx, refs...); err != nil {
		return nil, "", err
	}
	for i, h := range page.Rows {
		d, err := tx.Deliveries().Get(ctx, h.ID)
		if err != nil {
			return nil, "", err
		}
		out[i] = r.x.ours.delivery(d)
	}
	return out, page.Next, nil
}

func (r *reckoning) invoices(ctx context.Context, tx store.Tx, after string) ([]Holding, string, error) {
	page, err := tx.Invoices().Find(ctx, billing.Query{Sort: billing.OldestFirst, Page: uow.PageRequest{After: after, Limit: r.d.o.Page}})
	if err != nil {
		return nil, "", err
	}
	refs := make([]uow.Ref, len(page.Rows))
	for i, h := range page.Rows {
		refs[i] = uow.Ref{Kind: billing.DocKind, ID: string(h.ID)}
	}
	out := make([]Holding, len(page.Rows))
	if err := tx.Prefetch(ctx, refs...); err != nil {
		return nil, "", err
	}
	for i, h := range page.Rows {
		d, err := tx.Invoices().Get(ctx, h.ID)
		if err != nil {
			return nil, "", err
		}
		out[i] = r.x.ours.invoice(d)
	}
	return out, page.Next, nil
}

func (r *reckoning) payments(ctx context.Context, tx store.Tx, after string) ([]Holding, string, error) {
	page, err := tx.Payments().Find(ctx, billing.PaymentQuery{Sort: billing.OldestFirst, Page: uow.PageRequest{After: after, Limit: r.d.o.Page}})
	if err != nil {
		return nil, "", err
	}
	out := make([]Holding, len(page.Rows))
	for i, p := range page.Rows {
		out[i] = r.x.ours.payment(p)
	}
	return out, page.Next, nil
}
