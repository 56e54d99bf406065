package memerp

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

// What is in the warehouse. Functions without a word about it are called with
// the lock held.

// stock is what the ERP keeps of one article.
type stock struct {
	sku      string
	onHand   decimal.Decimal
	reserved decimal.Decimal
	expected string
	written  int64
	at       time.Time
	id       string
}

// SetStock counts an article: so much is on hand. From now on it is kept; an
// article that was never counted is always there. Waiting orders get what has
// become free, those confirmed first before the others. Expected is the day
// more comes, "2006-01-02", or "".
func (e *ERP) SetStock(sku string, onHand decimal.Decimal, expected string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.stockOf(sku)
	if s == nil {
		s = &stock{sku: sku, id: e.id(len(e.stocks))}
		e.stocks = append(e.stocks, s)
		for _, d := range e.docs { // what was promised while nobody counted
			for _, g := range d.Goods {
				if g.SKU == sku {
					s.reserved = s.reserved.Add(g.Reserved)
				}
			}
		}
	}
	s.onHand, s.expected = onHand, expected
	e.serve(s)
	e.moved(s)
}

func (e *ERP) stockOf(sku string) *stock {
	for _, s := range e.stocks {
		if s.sku == sku && !e.gone[erp.Stocks][s.id] {
			return s
		}
	}
	return nil
}

// moved notes a change of the stock.
func (e *ERP) moved(s *stock) { s.written, s.at = e.next(), e.today() }

func (s stock) row() erp.Stock {
	return erp.Stock{Head: erp.Head{ID: s.id, Sequence: s.written}, SKU: s.sku, Available: s.onHand.Sub(s.reserved),
		Expected: s.expected, At: s.at.UTC().Format(time.RFC3339)}
}

// setAside keeps up to want of the article and answers how much.
func (e *ERP) setAside(sku string, want decimal.Decimal) decimal.Decimal {
	s := e.stockOf(sku)
	if s == nil || !want.IsPositive() {
		return want
	}
	got := decimal.Max(decimal.Zero, decimal.Min(want, s.onHand.Sub(s.reserved)))
	if got.IsPositive() {
		s.reserved = s.reserved.Add(got)
		e.moved(s)
	}
	return got
}

// reserve sets aside what there is for the order's lines and reports whether
// that is more than before.
func (e *ERP) reserve(d *Document) bool {
	more := false
	for i := range d.Goods {
		g := &d.Goods[i]
		if got := e.setAside(g.SKU, g.open().Sub(g.Reserved)); got.IsPositive() {
			g.Reserved, more = g.Reserved.Add(got), true
		}
	}
	return more
}

// serve gives waiting orders what has become free.
func (e *ERP) serve(s *stock) {
	for {
		var first *Document
		for _, d := range e.docs {
			if d.State == erp.StateConfirmed && d.waits(s.sku) && (first == nil || d.turn < first.turn) {
				first = d
			}
		}
		if first == nil || !e.reserve(first) {
			return
		}
		e.touch(first)
	}
}

func (d *Document) waits(sku string) bool {
	for _, g := range d.Goods {
		if g.SKU == sku && g.Reserved.LessThan(g.open()) {
			return true
		}
	}
	return false
}

// unreserve gives back up to quantity of what was set aside for the line; who
// waits for it is served by carry or serveAll.
func (e *ERP) unreserve(g *Goods, quantity decimal.Decimal) {
	back := decimal.Min(g.Reserved, quantity)
	if !back.IsPositive() {
		return
	}
	g.Reserved = g.Reserved.Sub(back)
	if s := e.stockOf(g.SKU); s != nil {
		s.reserved = s.reserved.Sub(back)
		e.moved(s)
	}
}

// serveAll gives waiting orders what the order's articles have free.
func (e *ERP) serveAll(d *Document) {
	for _, g := range d.Goods {
		if s := e.stockOf(g.SKU); s != nil {
			e.serve(s)
		}
	}
}

// release gives back all that was set aside for an order that is over.
func (e *ERP) release(d *Document) {
	for i := range d.Goods {
		e.unreserve(&d.Goods[i], d.Goods[i].Reserved)
	}
	e.serveAll(d)
}

// carry moves goods out of the warehouse, or with a negative quantity in.
func (e *ERP) carry(sku string, quantity decimal.Decimal) {
	if s := e.stockOf(sku); s != nil {
		s.onHand = s.onHand.Sub(quantity)
		e.serve(s)
		e.moved(s)
	}
}

func (d *Document) anyShipped() bool {
	for _, g := range d.Goods {
		if g.Shipped.IsPositive() {
			return true
		}
	}
	return false
}

func (d *Document) anyOpen() bool {
	for _, g := range d.Goods {
		if g.open().IsPositive() {
			return true
		}
	}
	return false
}

func (d *Document) goods(key string) *Goods {
	for i := range d.Goods {
		if d.Goods[i].Key == key {
			return &d.Goods[i]
		}
	}
	return nil
}
