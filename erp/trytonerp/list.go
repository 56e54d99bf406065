package trytonerp

import (
	"context"
	"encoding/json"

	"github.com/comptoir-go/comptoir/erp"
)

// ListIDs implements erp.Lister: the records of a stream by their ids, and of
// each the documents that it is told as.
func (a *Adapter) ListIDs(ctx context.Context, s erp.Stream, after erp.Cursor, limit int) (erp.Page[string], error) {
	op := erp.OpListIDs
	switch s {
	case erp.Orders:
		return listOf(ctx, a, a.orderFeed, after, limit)
	case erp.Deliveries:
		return listOf(ctx, a, a.deliveryFeed, after, limit)
	case erp.Invoices:
		return listOf(ctx, a, a.invoiceFeed, after, limit)
	case erp.Payments:
		return listOf(ctx, a, a.paymentFeed, after, limit)
	case erp.Messages:
		return listOf(ctx, a, a.messageFeed, after, limit)
	case erp.Parties:
		return listOf(ctx, a, a.partyFeed, after, limit)
	case erp.Products:
		return listOf(ctx, a, a.productFeed, after, limit)
	case erp.Prices:
		return listOf(ctx, a, a.priceFeed, after, limit)
	case erp.Stocks:
		return listOf(ctx, a, a.stockFeed, after, limit)
	}
	return erp.Page[string]{}, erp.NotSupported(op)
}

// listed is how far a list is: in which source, the last record that is through,
// and how many documents of the next are.
type listed struct {
	Source int   `json:"s"`
	Last   int64 `json:"i"`
	Part   int   `json:"p,omitempty"`
}

func listOf[R any](ctx context.Context, a *Adapter, of func(context.Context, erp.Op) (feed[R], error), after erp.Cursor, limit int) (erp.Page[string], error) {
	op, page, at := erp.OpListIDs, erp.Page[string]{Next: after}, listed{}
	f, err := of(ctx, op)
	if err != nil {
		return page, err
	}
	if len(after) > 0 {
		if err := json.Unmarshal(after, &at); err != nil || at.Part < 0 {
			return page, erp.NewError(erp.Contract, op, "this is no cursor of a list", err)
		}
	}
	for ; at.Source < len(f.records()); at = (listed{Source: at.Source + 1}) {
		s := f.records()[at.Source]
		ids, err := a.idsBehind(ctx, op, s, at.Last, limit+1)
		if err != nil {
			return page, err
		}
		if page.More, err = f.list(ctx, s.model, ids, limit, &page.Rows, &at); err != nil {
			return page, err
		}
		if page.More {
			break
		}
	}
	page.Next, err = json.Marshal(at)
	return page, err
}

// list adds the documents of records, and reports whether there are others that
// the page has no room for.
func (f feed[R]) list(ctx context.Context, model string, ids []int64, limit int, all *[]string, at *listed) (more bool, err error) {
	subjects := make([]subject, len(ids))
	for i, id := range ids {
		subjects[i] = subject{model, id}
	}
	docs, err := f.named(ctx, subjects)
	if err != nil {
		return false, err
	}
	for _, s := range subjects {
		names := docs[s]
		names = names[min(at.Part, len(names)):]
		room := limit - len(*all)
		if *all = append(*all, names[:min(room, len(names))]...); len(names) > room {
			at.Part += room
			return true, nil
		}
		at.Last, at.Part = s.id, 0
	}
	return len(ids) > limit, nil
}

// named are the ids of the documents that records are told as.
func (f feed[R]) named(ctx context.Context, subjects []subject) (map[subject][]string, error) {
	names := map[subject][]string{}
	switch {
	case len(subjects) == 0:
	case f.names != nil:
		return f.names(ctx, subjects)
	case f.several:
		docs, err := f.read(ctx, subjects)
		if err != nil {
			return nil, err
		}
		for s, d := range docs {
			for _, r := range d.rows {
				names[s] = append(names[s], f.head(&r).ID)
			}
		}
	default:
		for _, s := range subjects {
			names[s] = []string{idText(s.id)}
		}
	}
	return names, nil
}

// records are the sources that documents are listed by: those whose own records
// they are made of.
func (f feed[R]) records() []source {
	if f.listed != nil {
		return f.listed
	}
	var own []source
	for _, s := range f.sources {
		if s.subject == "" {
			own = append(own, s)
		}
	}
	return own
}
