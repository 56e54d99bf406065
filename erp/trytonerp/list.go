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
	}
	return erp.Page[string]{}, erp.NotSupported(op)
}

// listed is how far a list is: in which source, and its last id.
type listed struct {
	Source int   `json:"s"`
	Last   int64 `json:"i"`
}

func listOf[R any](ctx context.Context, a *Adapter, of func(context.Context, erp.Op) (feed[R], error), after erp.Cursor, limit int) (erp.Page[string], error) {
	op, page, at := erp.OpListIDs, erp.Page[string]{Next: after}, listed{}
	f, err := of(ctx, op)
	if err != nil {
		return page, err
	}
	if len(after) > 0 {
		if err := json.Unmarshal(after, &at); err != nil {
			return page, erp.NewError(erp.Contract, op, "this is no cursor of a list", err)
		}
	}
	for ; at.Source < len(f.sources); at = (listed{Source: at.Source + 1}) {
		s := f.sources[at.Source]
		if s.subject != "" {
			continue // documents are listed where their own records are
		}
		ids, err := a.search(ctx, op, s.model, append([]any{[]any{"id", ">", at.Last}}, s.domain...), 0, limit+1, byID)
		if err != nil {
			return page, err
		}
		full, err := f.list(ctx, s.model, ids, limit, &page, &at)
		if err != nil {
			return page, err
		}
		if full {
			page.More = true
			page.Next, err = json.Marshal(at)
			return page, err
		}
	}
	page.Next, err = json.Marshal(at)
	return page, err
}

// list adds the documents of records to the page, and reports whether there are
// others that it has no room for.
func (f feed[R]) list(ctx context.Context, model string, ids []int64, limit int, page *erp.Page[string], at *listed) (full bool, err error) {
	subjects := make([]subject, len(ids))
	for i, id := range ids {
		subjects[i] = subject{model, id}
	}
	docs := map[subject]read[R]{}
	if f.several && len(subjects) > 0 {
		if docs, err = f.read(ctx, subjects); err != nil {
			return false, err
		}
	}
	for _, s := range subjects {
		names := []string{idText(s.id)}
		if f.several {
			names = nil
			for _, r := range docs[s].rows {
				names = append(names, f.head(&r).ID)
			}
		}
		if len(page.Rows)+len(names) > limit {
			if len(page.Rows) == 0 {
				return false, errTooSmall(erp.OpListIDs)
			}
			return true, nil
		}
		page.Rows = append(page.Rows, names...)
		at.Last = s.id
	}
	return len(ids) > limit, nil
}
