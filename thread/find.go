package thread

import (
	"context"
	"errors"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/uow"
)

// FindTx lists threads, the last written first. The partner's side sees its own
// only, without those that are internal throughout and without counts of
// internal messages, whatever the query says. Who does not see invoices has to
// name the kind.
//
// Errors: ErrInvalid for a kind that is missing; uow.ErrPage.
func (b *Book) FindTx(ctx context.Context, tx Tx, a access.Actor, q Query) (uow.Page[Header], error) {
	if err := ctx.Err(); err != nil {
		return uow.Page[Header]{}, err
	}
	whose := access.Owner{}
	if !b.policy.Everywhere(a, access.MessageRead) {
		if a.Partner == "" || q.Partner != "" && q.Partner != a.Partner {
			return uow.EmptyPage[Header](q.Page), nil
		}
		whose.Partner, q.Partner = a.Partner, a.Partner
	}
	if !b.policy.May(a, access.MessageRead, whose) || q.Kind != "" && !b.sees(a, whose, q.Kind) {
		return uow.EmptyPage[Header](q.Page), nil
	}
	if q.Kind == "" && !(b.sees(a, whose, OnOrder) && b.sees(a, whose, OnInvoice)) {
		var is fault.Issues
		is.Add("kind", "required", "name a kind of documents; not all of them are for this actor")
		return uow.Page[Header]{}, is.Err(ErrInvalid)
	}
	insider := b.Insider(a, whose)
	q.Shared = q.Shared || !insider
	page, err := tx.Threads().Find(ctx, q)
	if !insider {
		for i := range page.Rows {
			page.Rows[i].Internal = 0
		}
	}
	return page, err
}

// UnreadTx counts what the actor has not read of each of these threads, at
// most uow.MaxPage; threads that do not exist for it, or at all, are left out.
//
// Errors: ErrInvalid for too many ids.
func (b *Book) UnreadTx(ctx context.Context, tx Tx, a access.Actor, ids ...ID) (map[ID]int, error) {
	if len(ids) > uow.MaxPage {
		var is fault.Issues
		is.Add("threads", "too_many", "%d threads, at most %d", len(ids), uow.MaxPage)
		return nil, is.Err(ErrInvalid)
	}
	out := make(map[ID]int, len(ids))
	for _, id := range ids {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		t, err := tx.Threads().Get(ctx, id)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		owner := access.Owner{Partner: t.Partner}
		if !b.sees(a, owner, t.Doc.Kind) {
			continue
		}
		if seen := b.view(a, owner, t); len(seen.Messages) > 0 {
			out[id] = seen.Unread(a)
		}
	}
	return out, nil
}
