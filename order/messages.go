package order

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/thread"
	"github.com/comptoir-go/comptoir/uow"
)

// Book returns the rules of correspondence in use, for packages whose
// documents have threads too.
func (s *Service) Book() *thread.Book { return s.book }

// DocOf names an order as a document with a thread.
func DocOf(id ID) thread.Doc { return thread.Doc{Kind: thread.OnOrder, ID: string(id)} }

// DeliveryDocOf names a delivery as a document with a thread.
func DeliveryDocOf(id DeliveryID) thread.Doc {
	return thread.Doc{Kind: thread.OnDelivery, ID: string(id)}
}

// docOwner says whose an order or a delivery is, if the actor sees it.
func (s *Service) docOwner(ctx context.Context, tx Tx, a access.Actor, doc thread.Doc) (access.Owner, error) {
	if err := ctx.Err(); err != nil {
		return access.Owner{}, err
	}
	switch doc.Kind {
	case thread.OnOrder:
		o, err := s.see(ctx, tx, a, ID(doc.ID))
		return owner(o), err
	case thread.OnDelivery:
		d, err := tx.Deliveries().Get(ctx, DeliveryID(doc.ID))
		if err != nil {
			return access.Owner{}, err
		}
		of := access.Owner{Partner: d.Partner}
		if !s.policy.May(a, access.OrderRead, of) {
			return access.Owner{}, ErrNoDelivery
		}
		return of, nil
	}
	var is fault.Issues
	is.Add("doc.kind", "unknown", "%q is neither an order nor a delivery", doc.Kind)
	return access.Owner{}, is.Err(ErrInvalid)
}

// PostInput writes a message on an order or a delivery.
type PostInput struct {
	Doc thread.Doc `json:"doc"` // DocOf, DeliveryDocOf
	thread.PostInput
}

// Post writes a message on an order or a delivery, whatever became of it; the
// relay brings it to the ERP. Where Options.Blobs is set, the files are checked
// as by Attach.
//
// Errors: ErrInvalid for a document of another kind; ErrNotFound or
// ErrNoDelivery; those of thread.Book.PostTx; thread.ErrInvalid for files that
// are not there.
func (s *Service) Post(ctx context.Context, a access.Actor, in PostInput) (thread.Message, error) {
	if s.blobs != nil && len(in.Files) > 0 {
		if err := s.verifyPost(ctx, a, in); err != nil {
			return thread.Message{}, err
		}
	}
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (thread.Message, error) { return s.PostTx(ctx, tx, a, in) })
}

// PostTx is Post inside a transaction of the caller's; the blob store is not
// asked.
func (s *Service) PostTx(ctx context.Context, tx Tx, a access.Actor, in PostInput) (thread.Message, error) {
	of, err := s.docOwner(ctx, tx, a, in.Doc)
	if err != nil {
		return thread.Message{}, err
	}
	return s.book.PostTx(ctx, tx, a, of, in.Doc, in.PostInput)
}

// verifyPost checks a message's files against the blob store, between
// transactions; files of the thread's earlier messages are known to be there.
func (s *Service) verifyPost(ctx context.Context, a access.Actor, in PostInput) error {
	t, err := s.Thread(ctx, a, in.Doc)
	if err != nil {
		return err
	}
	if !s.policy.May(a, access.MessagePost, access.Owner{Partner: t.Partner}) {
		return access.Denied(access.MessagePost)
	}
	known := make(map[blob.Hash]bool)
	for _, m := range t.Messages {
		for _, f := range m.Files {
			known[f.Hash] = true
		}
	}
	var is fault.Issues
	if len(in.Files) <= thread.MaxFiles {
		if err := s.verify(ctx, &is, in.Files, known); err != nil {
			return err
		}
	}
	return is.Err(thread.ErrInvalid)
}

// Thread returns the correspondence on an order or a delivery as the actor
// knows it: internal messages only for those who may read them. A document that
// nobody wrote on has an empty one; Thread.Unread counts what is new.
//
// Errors: ErrInvalid for a document of another kind; ErrNotFound or
// ErrNoDelivery; thread.ErrNotFound without message.read.
func (s *Service) Thread(ctx context.Context, a access.Actor, doc thread.Doc) (thread.Thread, error) {
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (thread.Thread, error) { return s.ThreadTx(ctx, tx, a, doc) })
}

// ThreadTx is Thread inside a transaction of the caller's.
func (s *Service) ThreadTx(ctx context.Context, tx Tx, a access.Actor, doc thread.Doc) (thread.Thread, error) {
	of, err := s.docOwner(ctx, tx, a, doc)
	if err != nil {
		return thread.Thread{}, err
	}
	return s.book.ReadTx(ctx, tx, a, of, doc)
}

// MarkRead notes that the actor has read a thread up to a message, "" for the
// last; a mark never goes back.
//
// Errors: those of Thread; thread.ErrNoMessage.
func (s *Service) MarkRead(ctx context.Context, a access.Actor, doc thread.Doc, upto thread.MessageID) (thread.Thread, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (thread.Thread, error) { return s.MarkReadTx(ctx, tx, a, doc, upto) })
}

// MarkReadTx is MarkRead inside a transaction of the caller's.
func (s *Service) MarkReadTx(ctx context.Context, tx Tx, a access.Actor, doc thread.Doc, upto thread.MessageID) (thread.Thread, error) {
	of, err := s.docOwner(ctx, tx, a, doc)
	if err != nil {
		return thread.Thread{}, err
	}
	return s.book.MarkTx(ctx, tx, a, of, doc, upto)
}

// FindThreads lists threads, those of invoices too, the last written first; as
// thread.Book.FindTx does.
func (s *Service) FindThreads(ctx context.Context, a access.Actor, q thread.Query) (uow.Page[thread.Header], error) {
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (uow.Page[thread.Header], error) {
		return s.FindThreadsTx(ctx, tx, a, q)
	})
}

// FindThreadsTx is FindThreads inside a transaction of the caller's.
func (s *Service) FindThreadsTx(ctx context.Context, tx Tx, a access.Actor, q thread.Query) (uow.Page[thread.Header], error) {
	return s.book.FindTx(ctx, tx, a, q)
}

// Unread counts what the actor has not read of each of these threads, of a
// page of FindThreads for example; see thread.Book.UnreadTx.
func (s *Service) Unread(ctx context.Context, a access.Actor, ids ...thread.ID) (map[thread.ID]int, error) {
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (map[thread.ID]int, error) {
		return s.book.UnreadTx(ctx, tx, a, ids...)
	})
}
