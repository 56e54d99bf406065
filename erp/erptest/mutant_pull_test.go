package erptest_test

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/comptoir-go/comptoir/erp"
)

// pullHooks break the pulls; a nil function is the ERP's own.
type pullHooks struct {
	// ask changes what is asked for.
	ask func(op erp.Op, after erp.Cursor, limit int) (erp.Cursor, int)
	// answer changes what is answered.
	answer func(op erp.Op, p *twisted)
}

// twisted is a page as a mutant sees it: the heads of its rows, and which of
// them it tells.
type twisted struct {
	after erp.Cursor
	limit int
	heads []*erp.Head
	rows  []int // what is told, by index into heads
	next  erp.Cursor
	more  bool
	err   error
}

func twist[R any](m mutant, op erp.Op, after erp.Cursor, limit int, pull func(erp.Cursor, int) (erp.Page[R], error),
	head func(*R) *erp.Head) (erp.Page[R], error) {
	asked, most := after, limit
	if m.pulls.ask != nil {
		asked, most = m.pulls.ask(op, after, limit)
	}
	p, err := pull(asked, most)
	if m.pulls.answer == nil {
		return p, err
	}
	t := twisted{after: after, limit: limit, next: p.Next, more: p.More, err: err}
	for i := range p.Rows {
		t.heads, t.rows = append(t.heads, head(&p.Rows[i])), append(t.rows, i)
	}
	m.pulls.answer(op, &t)
	out := erp.Page[R]{Next: t.next, More: t.more}
	for _, i := range t.rows {
		out.Rows = append(out.Rows, p.Rows[i])
	}
	return out, t.err
}

func (m mutant) PullOrders(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.OrderChange], error) {
	return twist(m, erp.OpPullOrders, after, limit, func(a erp.Cursor, n int) (erp.Page[erp.OrderChange], error) {
		p, err := m.whole.PullOrders(ctx, a, n)
		return each(p, m.goods.order), err
	}, func(r *erp.OrderChange) *erp.Head { return &r.Head })
}

func (m mutant) PullDeliveries(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Delivery], error) {
	return twist(m, erp.OpPullDeliveries, after, limit, func(a erp.Cursor, n int) (erp.Page[erp.Delivery], error) {
		p, err := m.whole.PullDeliveries(ctx, a, n)
		return each(p, m.goods.delivery), err
	}, func(r *erp.Delivery) *erp.Head { return &r.Head })
}

func (m mutant) PullInvoices(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Invoice], error) {
	return twist(m, erp.OpPullInvoices, after, limit, func(a erp.Cursor, n int) (erp.Page[erp.Invoice], error) {
		p, err := m.whole.PullInvoices(ctx, a, n)
		return each(p, m.goods.invoice), err
	}, func(r *erp.Invoice) *erp.Head { return &r.Head })
}

func (m mutant) PullPayments(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Payment], error) {
	return twist(m, erp.OpPullPayments, after, limit, func(a erp.Cursor, n int) (erp.Page[erp.Payment], error) {
		p, err := m.whole.PullPayments(ctx, a, n)
		return each(p, m.goods.payment), err
	},
		func(r *erp.Payment) *erp.Head { return &r.Head })
}

func (m mutant) PullMessages(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Message], error) {
	return twist(m, erp.OpPullMessages, after, limit, func(a erp.Cursor, n int) (erp.Page[erp.Message], error) {
		p, err := m.whole.PullMessages(ctx, a, n)
		return each(p, m.goods.message), err
	},
		func(r *erp.Message) *erp.Head { return &r.Head })
}

func (m mutant) PullParties(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Party], error) {
	return twist(m, erp.OpPullParties, after, limit, func(a erp.Cursor, n int) (erp.Page[erp.Party], error) { return m.whole.PullParties(ctx, a, n) },
		func(r *erp.Party) *erp.Head { return &r.Head })
}

func (m mutant) PullProducts(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Product], error) {
	return twist(m, erp.OpPullProducts, after, limit, func(a erp.Cursor, n int) (erp.Page[erp.Product], error) { return m.whole.PullProducts(ctx, a, n) },
		func(r *erp.Product) *erp.Head { return &r.Head })
}

func (m mutant) PullPrices(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Price], error) {
	return twist(m, erp.OpPullPrices, after, limit, func(a erp.Cursor, n int) (erp.Page[erp.Price], error) { return m.whole.PullPrices(ctx, a, n) },
		func(r *erp.Price) *erp.Head { return &r.Head })
}

func (m mutant) PullStock(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Stock], error) {
	return twist(m, erp.OpPullStock, after, limit, func(a erp.Cursor, n int) (erp.Page[erp.Stock], error) {
		p, err := m.whole.PullStock(ctx, a, n)
		return each(p, m.goods.stock), err
	},
		func(r *erp.Stock) *erp.Head { return &r.Head })
}

// pulled are the cases of the claim for each stream but those left out.
func pulled(claim string, but ...erp.Stream) []string {
	var all []string
	for _, s := range erp.Streams() {
		if !strings.Contains(streams(but), string(s)) {
			all = append(all, "pull_"+string(s)+"_"+claim)
		}
	}
	return all
}

func streams(all []erp.Stream) string {
	var b strings.Builder
	for _, s := range all {
		b.WriteString(string(s) + " ")
	}
	return b.String()
}

func pulling(h pullHooks) func(whole) mutant {
	return func(whole) mutant { return mutant{pulls: h} }
}

func pullMutants() map[string]breakage {
	all := func(erp.Op, erp.Cursor, int) (erp.Cursor, int) { return nil, erp.PullMax }
	return map[string]breakage{
		"pages by offset": {caught: append(pulled("pages", erp.Messages), "payment_part"), make: pulling(pullHooks{ask: all, answer: func(_ erp.Op, p *twisted) {
			from, _ := strconv.Atoi(string(p.after))
			from = min(from, len(p.heads))
			to := min(len(p.heads), from+p.limit)
			p.rows, p.more, p.next = p.rows[from:to], to < len(p.heads), p.after
			if to > from {
				p.next = strconv.AppendInt(nil, int64(to), 10)
			}
		}})},
		"last row of a full page forgotten": {caught: append(pulled("pages"), pulled("resume")...), make: pulling(pullHooks{answer: func(_ erp.Op, p *twisted) {
			if len(p.rows) == p.limit && p.limit == 2 {
				p.rows = p.rows[:1]
			}
		}})},
		"last row of a second page forgotten": {caught: pulled("pages"), make: func(whole) mutant {
			var mu sync.Mutex
			pages := map[erp.Op]int{}
			return mutant{pulls: pullHooks{answer: func(op erp.Op, p *twisted) {
				mu.Lock()
				defer mu.Unlock()
				if p.limit != 2 {
					return
				}
				if pages[op]++; pages[op] == 2 && len(p.rows) == 2 {
					p.rows = p.rows[:1]
				}
			}}}
		}},
		"overlap that nobody declared": {caught: append(pulled("once"), pulled("resume")...), overlap: 1},
		"last row told again within a process": {caught: pulled("once"), make: func(whole) mutant {
			var mu sync.Mutex
			mine := map[string]bool{}
			return mutant{pulls: pullHooks{
				ask: func(_ erp.Op, after erp.Cursor, limit int) (erp.Cursor, int) {
					mu.Lock()
					defer mu.Unlock()
					if n, _ := strconv.Atoi(string(after)); n > 1 && limit == 2 && mine[string(after)] {
						return strconv.AppendInt(nil, int64(n-1), 10), limit
					}
					return after, limit
				},
				answer: func(_ erp.Op, p *twisted) {
					mu.Lock()
					defer mu.Unlock()
					mine[string(p.next)] = len(p.after) > 0 // and not what was read from the beginning
				}}}
		}},
		"cursor that counts the calls": {caught: pulled("idle"), declared: 1, make: func(whole) mutant {
			var calls atomic.Int64
			return mutant{pulls: pullHooks{
				ask: func(_ erp.Op, after erp.Cursor, limit int) (erp.Cursor, int) {
					n, _ := strconv.Atoi(strings.TrimRight(string(after), "+"))
					if n < 2 {
						return nil, limit
					}
					return strconv.AppendInt(nil, int64(n-1), 10), limit // the last row once more
				},
				answer: func(_ erp.Op, p *twisted) {
					if p.next = append(p.next, strings.Repeat("+", int(calls.Add(1)))...); len(p.rows) == 0 {
						p.next = p.after
					}
				}}}
		}},
		"cursor kept in the process": {caught: pulled("resume"), make: func(whole) mutant {
			var mu sync.Mutex
			mine := map[string]bool{"": true}
			return mutant{pulls: pullHooks{answer: func(_ erp.Op, p *twisted) {
				mu.Lock()
				defer mu.Unlock()
				if mine[string(p.after)] {
					mine[string(p.next)] = true
				} else { // what a stranger knows is not known here
					p.rows, p.next, p.more = nil, p.after, false
				}
			}}}
		}},
		"cursor of another process taken for the beginning": {caught: pulled("resume"), make: func(whole) mutant {
			var mu sync.Mutex
			mine := map[string]bool{"": true}
			return mutant{pulls: pullHooks{
				ask: func(_ erp.Op, after erp.Cursor, limit int) (erp.Cursor, int) {
					mu.Lock()
					defer mu.Unlock()
					if !mine[string(after)] {
						return nil, limit
					}
					return after, limit
				},
				answer: func(_ erp.Op, p *twisted) {
					mu.Lock()
					defer mu.Unlock()
					mine[string(p.next)] = true
				}}}
		}},
		"beginning that forgets": {caught: pulled("resync"), make: func(whole) mutant {
			var mu sync.Mutex
			begun := map[erp.Op]int{}
			return mutant{pulls: pullHooks{answer: func(op erp.Op, p *twisted) {
				mu.Lock()
				defer mu.Unlock()
				if len(p.after) > 0 {
					return
				}
				if begun[op]++; begun[op] > 1 && len(p.rows) > 2 {
					p.rows = p.rows[len(p.rows)-2:]
				}
			}}}
		}},
		"sequence that stays": {caught: pulled("again", erp.Messages), make: pulling(pullHooks{answer: func(_ erp.Op, p *twisted) {
			for _, h := range p.heads {
				n, _ := strconv.ParseInt(h.ID, 10, 64)
				h.Sequence = n
			}
		}})},
		"number with a line break": {caught: pulled("shape"), make: pulling(pullHooks{answer: func(op erp.Op, p *twisted) {
			for _, h := range p.heads {
				if op != erp.OpPullInvoices || h.Key == "" {
					h.Number += "\nb"
				}
			}
		}})},
		"more rows than asked for": {caught: pulled("shape"), make: pulling(pullHooks{
			ask: func(_ erp.Op, after erp.Cursor, limit int) (erp.Cursor, int) {
				return after, limit + limit%2 // pages of the other claims are even, or longer than the ERP's books
			}})},
		"lost page called empty": {caught: pulled("lost"), make: pulling(pullHooks{answer: func(_ erp.Op, p *twisted) {
			if p.err != nil {
				p.next, p.err = p.after, nil
			}
		}})},
	}
}
