package billing

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/thread"
	"github.com/comptoir-go/comptoir/uow"
)

// DocOf names an invoice or credit note as a document with a thread.
func DocOf(id ID) thread.Doc { return thread.Doc{Kind: thread.OnInvoice, ID: string(id)} }

// PostInput writes a message on an invoice or credit note.
type PostInput struct {
	Document ID `json:"document"`
	thread.PostInput
}

// Post writes a message on an invoice or credit note, a void one too; the
// relay brings it to the ERP. Whether the files are in the blob store is the
// caller's to know.
//
// Errors: ErrNotFound; those of thread.Book.PostTx.
func (s *Service) Post(ctx context.Context, a access.Actor, in PostInput) (thread.Message, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (thread.Message, error) { return s.PostTx(ctx, tx, a, in) })
}

// PostTx is Post inside a transaction of the caller's.
func (s *Service) PostTx(ctx context.Context, tx Tx, a access.Actor, in PostInput) (thread.Message, error) {
	d, err := s.see(ctx, tx, a, in.Document)
	if err != nil {
		return thread.Message{}, err
	}
	return s.orders.Book().PostTx(ctx, tx, a, owner(d), DocOf(d.ID), in.PostInput)
}

// Thread returns the correspondence on an invoice or credit note as the actor
// knows it; one that nobody wrote on has an empty one.
//
// Errors: ErrNotFound; thread.ErrNotFound without message.read.
func (s *Service) Thread(ctx context.Context, a access.Actor, id ID) (thread.Thread, error) {
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (thread.Thread, error) { return s.ThreadTx(ctx, tx, a, id) })
}

// ThreadTx is Thread inside a transaction of the caller's.
func (s *Service) ThreadTx(ctx context.Context, tx Tx, a access.Actor, id ID) (thread.Thread, error) {
	d, err := s.see(ctx, tx, a, id)
	if err != nil {
		return thread.Thread{}, err
	}
	return s.orders.Book().ReadTx(ctx, tx, a, owner(d), DocOf(d.ID))
}

// MarkRead notes that the actor has read the thread of an invoice or credit
// note up to a message, "" for the last one.
//
// Errors: ErrNotFound; those of thread.Book.MarkTx.
func (s *Service) MarkRead(ctx context.Context, a access.Actor, id ID, upto thread.MessageID) (thread.Thread, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (thread.Thread, error) { return s.MarkReadTx(ctx, tx, a, id, upto) })
}

// MarkReadTx is MarkRead inside a transaction of the caller's.
func (s *Service) MarkReadTx(ctx context.Context, tx Tx, a access.Actor, id ID, upto thread.MessageID) (thread.Thread, error) {
	d, err := s.see(ctx, tx, a, id)
	if err != nil {
		return thread.Thread{}, err
	}
	return s.orders.Book().MarkTx(ctx, tx, a, owner(d), DocOf(d.ID), upto)
}

// ReportMessage records a message on an invoice or credit note that the ERP
// told of; the same message again changes nothing.
//
// Errors: ErrNotFound; those of thread.Book.ReportTx.
func (s *Service) ReportMessage(ctx context.Context, a access.Actor, id ID, in thread.Incoming) (thread.Message, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (thread.Message, error) { return s.ReportMessageTx(ctx, tx, a, id, in) })
}

// ReportMessageTx is ReportMessage inside a transaction of the caller's.
func (s *Service) ReportMessageTx(ctx context.Context, tx Tx, a access.Actor, id ID, in thread.Incoming) (thread.Message, error) {
	d, err := s.see(ctx, tx, a, id)
	if err != nil {
		return thread.Message{}, err
	}
	return s.orders.Book().ReportTx(ctx, tx, a, owner(d), DocOf(d.ID), in)
}
