package order

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/thread"
	"github.com/comptoir-go/comptoir/uow"
)

// MessageReport is a message on an order or a delivery as the ERP tells it.
type MessageReport struct {
	Doc thread.Doc `json:"doc"` // DocOf, DeliveryDocOf
	thread.Incoming
}

// ReportMessage records a message that the ERP told of, any number of times
// with one effect; see thread.Book.ReportTx.
//
// Errors: ErrInvalid for a document of another kind; ErrNotFound or
// ErrNoDelivery; access.ErrForbidden without order.report; thread.ErrInvalid;
// thread.ErrFull.
func (s *Service) ReportMessage(ctx context.Context, a access.Actor, in MessageReport) (thread.Message, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (thread.Message, error) { return s.ReportMessageTx(ctx, tx, a, in) })
}

// ReportMessageTx is ReportMessage inside a transaction of the caller's.
func (s *Service) ReportMessageTx(ctx context.Context, tx Tx, a access.Actor, in MessageReport) (thread.Message, error) {
	of, err := s.docOwner(ctx, tx, a, in.Doc)
	if err != nil {
		return thread.Message{}, err
	}
	return s.book.ReportTx(ctx, tx, a, of, in.Doc, in.Incoming)
}

// ReportMessageTwin records under which id a message of ours, on a document of
// any kind, is known in the ERP; see thread.Book.TwinTx.
//
// Errors: thread.ErrNotFound, thread.ErrNoMessage; access.ErrForbidden;
// thread.ErrInvalid; thread.ErrTwin.
func (s *Service) ReportMessageTwin(ctx context.Context, a access.Actor, id thread.ID, message thread.MessageID, erpID string) (thread.Message, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (thread.Message, error) {
		return s.ReportMessageTwinTx(ctx, tx, a, id, message, erpID)
	})
}

// ReportMessageTwinTx is ReportMessageTwin inside a transaction of the
// caller's.
func (s *Service) ReportMessageTwinTx(ctx context.Context, tx Tx, a access.Actor, id thread.ID, message thread.MessageID, erpID string) (thread.Message, error) {
	return s.book.TwinTx(ctx, tx, a, id, message, erpID)
}

// ReportMessageSending notes that a push of a message of ours, on a document of
// any kind, is about to leave for the ERP, or with the zero time that it did
// nothing; see thread.Book.SendingTx.
//
// Errors: thread.ErrNotFound, thread.ErrNoMessage; access.ErrForbidden;
// thread.ErrSending.
func (s *Service) ReportMessageSending(ctx context.Context, a access.Actor, id thread.ID, message thread.MessageID, at time.Time) (thread.Message, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (thread.Message, error) {
		return s.ReportMessageSendingTx(ctx, tx, a, id, message, at)
	})
}

// ReportMessageSendingTx is ReportMessageSending inside a transaction of the
// caller's.
func (s *Service) ReportMessageSendingTx(ctx context.Context, tx Tx, a access.Actor, id thread.ID, message thread.MessageID, at time.Time) (thread.Message, error) {
	return s.book.SendingTx(ctx, tx, a, id, message, at)
}
