package memerp

import (
	"context"
	"strconv"

	"github.com/comptoir-go/comptoir/erp"
)

// Delete removes a document of the stream as an administrator does in the
// database: past all rules, and without a trace. No look-up, pull or list of
// the connector finds it any more, its key is free again, and nothing else
// changes. It reports whether there was such a document that is told of. The
// people's own lists (Orders, Payments, …) keep it.
func (e *ERP) Delete(s erp.Stream, id string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, there := range e.ids(s) {
		if there == id {
			if e.gone[s] == nil {
				e.gone[s] = map[string]bool{}
			}
			e.gone[s][id] = true
			return true
		}
	}
	return false
}

// ListIDs implements erp.Lister. The cursor is the last id told: ids count up
// and do not change.
func (a adapter) ListIDs(ctx context.Context, s erp.Stream, after erp.Cursor, limit int) (erp.Page[string], error) {
	e := a.erp
	f, err := e.arrive(ctx, erp.OpListIDs)
	if err != nil {
		return erp.Page[string]{}, err
	}
	told := int64(0)
	if len(after) > 0 {
		if told, err = strconv.ParseInt(string(after), 10, 64); err != nil {
			return erp.Page[string]{}, erp.NewError(erp.Contract, erp.OpListIDs, "This is no cursor of this ERP.", err)
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	p := erp.Page[string]{Next: after}
	for _, id := range e.ids(s) {
		n, _ := strconv.ParseInt(id, 10, 64) // ids are counted, see id
		switch {
		case n <= told:
		case len(p.Rows) == limit:
			p.More = true
		default:
			p.Rows, p.Next = append(p.Rows, id), erp.Cursor(id)
		}
	}
	return leave(f, erp.OpListIDs, p)
}

// ids are those of the stream's documents that are told of, in the order of
// their making. The lock is held.
func (e *ERP) ids(s erp.Stream) []string {
	var all []string
	add := func(id string) {
		if !e.gone[s][id] {
			all = append(all, id)
		}
	}
	switch s {
	case erp.Orders:
		for _, d := range e.docs {
			add(d.ID)
		}
	case erp.Deliveries:
		for _, d := range e.deliveries {
			add(d.ID)
		}
	case erp.Invoices:
		for _, b := range e.bills {
			if !b.draft {
				add(b.doc.ID)
			}
		}
	case erp.Payments:
		for _, p := range e.payments {
			add(p.ID)
		}
	case erp.Messages:
		for _, m := range e.messages {
			add(m.ID)
		}
	case erp.Parties:
		for _, p := range e.parties {
			add(p.ID)
		}
	case erp.Products:
		for _, p := range e.products {
			add(p.ID)
		}
	case erp.Prices:
		for _, p := range e.prices {
			add(p.ID)
		}
	case erp.Stocks:
		for _, s := range e.stocks {
			add(s.id)
		}
	}
	return all
}
