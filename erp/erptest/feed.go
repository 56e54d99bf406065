package erptest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"

	"github.com/comptoir-go/comptoir/erp"
)

// feed is a stream as the cases read it.
type feed struct {
	stream erp.Stream
	op     erp.Op
	pull   func(ctx context.Context, c *erp.Client, after erp.Cursor, limit int) (page, error)
}

type page struct {
	rows []told
	next erp.Cursor
	more bool
}

// told is one row: its head, its content, and what its Check says.
type told struct {
	erp.Head
	content string
	check   error
}

type checked interface{ Check() error }

func feeds() []feed {
	return []feed{
		feedOf(erp.Orders, (*erp.Client).PullOrders, func(r erp.OrderChange) erp.Head { return r.Head }),
		feedOf(erp.Deliveries, (*erp.Client).PullDeliveries, func(r erp.Delivery) erp.Head { return r.Head }),
		feedOf(erp.Invoices, (*erp.Client).PullInvoices, func(r erp.Invoice) erp.Head { return r.Head }),
		feedOf(erp.Payments, (*erp.Client).PullPayments, func(r erp.Payment) erp.Head { return r.Head }),
		feedOf(erp.Messages, (*erp.Client).PullMessages, func(r erp.Message) erp.Head { return r.Head }),
		feedOf(erp.Parties, (*erp.Client).PullParties, func(r erp.Party) erp.Head { return r.Head }),
		feedOf(erp.Products, (*erp.Client).PullProducts, func(r erp.Product) erp.Head { return r.Head }),
		feedOf(erp.Prices, (*erp.Client).PullPrices, func(r erp.Price) erp.Head { return r.Head }),
		feedOf(erp.Stocks, (*erp.Client).PullStock, func(r erp.Stock) erp.Head { return r.Head }),
	}
}

func feedOf[R checked](s erp.Stream, pull func(*erp.Client, context.Context, erp.Cursor, int) (erp.Page[R], error), head func(R) erp.Head) feed {
	return feed{s, erp.PullOf(s), func(ctx context.Context, c *erp.Client, after erp.Cursor, limit int) (page, error) {
		got, err := pull(c, ctx, after, limit)
		p := page{next: got.Next, more: got.More}
		for _, r := range got.Rows {
			b, jsonErr := json.Marshal(r)
			p.rows = append(p.rows, told{head(r), string(b), errors.Join(r.Check(), jsonErr)})
		}
		return p, err
	}}
}

// known are the newest rows of a stream, by id.
type known map[string]told

func (k known) learn(rows []told) {
	for _, r := range rows {
		if r.Sequence > k[r.ID].Sequence {
			k[r.ID] = r
		}
	}
}

// read asks for one page, or ends the case.
func (s *scene) read(f feed, c *erp.Client, after erp.Cursor, limit int) page {
	s.Helper()
	p, err := f.pull(s.ctx, c, after, limit)
	s.must(string(f.op), err)
	return p
}

// readOn reads from the cursor until nothing more waits and returns where that
// is. Between is called after each page, nil for nothing.
func (s *scene) readOn(f feed, after erp.Cursor, limit int, into known, between func()) erp.Cursor {
	s.Helper()
	return s.readOnWith(f, s.client, after, limit, into, between)
}

func (s *scene) readOnWith(f feed, c *erp.Client, after erp.Cursor, limit int, into known, between func()) erp.Cursor {
	s.Helper()
	after = bytes.Clone(after)
	for range 100_000 {
		p := s.read(f, c, after, limit)
		into.learn(p.rows)
		after = p.next
		if between != nil {
			between()
		}
		if !p.more {
			return after
		}
	}
	s.broken("the stream of %s has no end", f.stream)
	s.FailNow()
	return nil
}

// end reads the whole stream and returns its end.
func (s *scene) end(f feed) (erp.Cursor, known) {
	s.Helper()
	all := known{}
	return s.readOn(f, nil, 200, all, nil), all
}

// middle is a cursor behind at least one document.
func (s *scene) middle(f feed) erp.Cursor {
	s.Helper()
	after, all := s.end(f)
	if len(all) == 0 {
		s.happen(f, 1)
		after, _ = s.end(f)
	}
	return after
}

// happen has n new documents appear, or skips the case.
func (s *scene) happen(f feed, n int) []string {
	s.Helper()
	s.need(f.op)
	if s.Happen == nil {
		s.untried("the harness has no Happen")
	}
	ids := make([]string, n)
	for i := range ids {
		id, err := s.Happen(s.ctx, f.stream, "")
		if errors.Is(err, ErrCannot) {
			s.untried("the harness cannot make %s", f.stream)
		}
		s.must("the harness's Happen", err)
		ids[i] = id
	}
	return ids
}

// change has the document changed, and reports whether the harness can.
func (s *scene) change(f feed, id string) bool {
	s.Helper()
	got, err := s.Happen(s.ctx, f.stream, id)
	if errors.Is(err, ErrCannot) {
		return false
	}
	s.must("the harness's Happen", err)
	if got != id {
		s.Fatalf("the harness changed %q, not %q", got, id)
	}
	return true
}

// puller is a pull of the client.
type puller[R any] func(context.Context, erp.Cursor, int) (erp.Page[R], error)

// newest reads a stream to its end; a row of the id must be there.
func newest[R any](s *scene, id string, pull puller[R], head func(R) erp.Head) map[string]R {
	s.Helper()
	rows, after := map[string]R{}, erp.Cursor(nil)
	for range 100_000 {
		p, err := pull(s.ctx, after, 200)
		s.must("the pull", err)
		for _, r := range p.Rows {
			h := head(r)
			if old, ok := rows[h.ID]; !ok || head(old).Sequence < h.Sequence {
				rows[h.ID] = r
			}
		}
		if after = p.Next; !p.More {
			break
		}
	}
	if _, ok := rows[id]; id != "" && !ok {
		s.broken("%q is not told", id)
		s.FailNow()
	}
	return rows
}
