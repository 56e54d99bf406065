package erpsync

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store"
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
		page, err := safePage(func() (erp.Page[R], error) { return l.pull(ctx, at, r.d.o.Page) })
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
