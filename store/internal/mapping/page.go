package mapping

import (
	"context"

	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/uow"
)

// page answers one page of any list. compiled is the error of compiling sel,
// passed on here so that repositories stay one line.
func page[H any](ctx context.Context, s *engine.Session, sel engine.Select, compiled error,
	req uow.PageRequest, header func(engine.Row) (H, error)) (uow.Page[H], error) {
	if err := s.Readable(ctx); err != nil {
		return uow.Page[H]{}, err
	}
	if compiled != nil {
		return uow.Page[H]{}, compiled
	}
	if req.Limit < 0 || req.Limit > uow.MaxPage {
		return uow.Page[H]{}, uow.ErrPage.With("a page has 1 to %d rows", uow.MaxPage)
	}
	after, err := readCursor(sel, req.After)
	if err != nil {
		return uow.Page[H]{}, err
	}
	sel.After = after
	sel.Limit = req.Size() + 1 // one more tells whether there is a next page
	rows, err := s.Find(ctx, sel)
	if err != nil {
		return uow.Page[H]{}, err
	}
	out := uow.Page[H]{Rows: make([]H, 0, len(rows))}
	if len(rows) > req.Size() {
		rows = rows[:req.Size()]
		out.Next = writeCursor(sel, rows[len(rows)-1])
	}
	for _, r := range rows {
		h, err := header(r)
		if err != nil {
			return uow.Page[H]{}, err
		}
		out.Rows = append(out.Rows, h)
	}
	if req.Count {
		if out.Total, err = total(ctx, s, sel); err != nil {
			return uow.Page[H]{}, err
		}
	}
	return out, nil
}

func total(ctx context.Context, s *engine.Session, sel engine.Select) (*uow.Total, error) {
	n, err := s.Count(ctx, sel, uow.MaxCount+1)
	if err != nil {
		return nil, err
	}
	if n > uow.MaxCount {
		return &uow.Total{N: uow.MaxCount, AtLeast: true}, nil
	}
	return &uow.Total{N: n}, nil
}
