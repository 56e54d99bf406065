package thread

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/internal/clock"
)

// The bounds of what the ERP tells, in characters.
const (
	maxERP    = 255
	maxAuthor = 255
)

// Incoming is a message as the ERP tells it.
type Incoming struct {
	// ERP is the ERP's id of the message; by it the message is known.
	ERP string `json:"erp"`
	// Message is set when the ERP says that the message is one of ours: then
	// it is linked to that one.
	Message MessageID `json:"message,omitempty"`
	// Author is who wrote it, by name; At when, zero for now.
	Author string    `json:"author,omitempty"`
	At     time.Time `json:"at,omitzero"`
	Text   string    `json:"text"`
	// Internal messages are for the seller's side only.
	Internal bool        `json:"internal,omitempty"`
	Files    []blob.File `json:"files,omitempty"`
}

// ReportTx records a message that the ERP told of, as one of the seller's
// side. A message that is known by its ERP id changes nothing, and neither does
// one of ours that comes back. Messages stand in the order of their arrival.
//
// Errors: ErrNotFound; access.ErrForbidden without order.report, for an invoice
// invoice.report; ErrInvalid with every issue; ErrFull.
func (b *Book) ReportTx(ctx context.Context, tx Tx, a access.Actor, owner access.Owner, doc Doc, in Incoming) (Message, error) {
	if err := b.mayReport(ctx, a, owner, doc.Kind); err != nil {
		return Message{}, err
	}
	t, err := b.open(ctx, tx, owner, doc)
	if err != nil {
		return Message{}, err
	}
	var is fault.Issues
	check.Need(&is, "erp", in.ERP, maxERP)
	if err := is.Err(ErrInvalid); err != nil {
		return Message{}, err
	}
	for _, m := range t.Messages {
		if m.ERP == in.ERP {
			return m, nil
		}
	}
	if m, ours := t.Message(in.Message); ours {
		if m.ERP != "" { // the ERP holds it twice; the first stays its twin
			return m, nil
		}
		return b.link(ctx, tx, t, m, in.ERP)
	}
	check.Line(&is, "author", in.Author, maxAuthor)
	is.AddUnder("", checkText(in.Text, in.Files))
	if err := is.Err(ErrInvalid); err != nil {
		return Message{}, err
	}
	at := clock.Cut(in.At)
	if at.IsZero() {
		at = b.now()
	}
	by := a.Stamp()
	if in.Author != "" {
		by.Name = in.Author
	}
	return b.append(ctx, tx, a, t, Message{ID: MessageID(b.newID()), At: at, By: by, Seller: true, Internal: in.Internal,
		Text: in.Text, Files: in.Files, ERP: in.ERP})
}

func (b *Book) mayReport(ctx context.Context, a access.Actor, owner access.Owner, kind string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !b.sees(a, owner, kind) {
		return ErrNotFound
	}
	if _, report := needs(kind); !b.policy.May(a, report, owner) {
		return access.Denied(report)
	}
	return nil
}

// TwinTx records under which id a message of ours is known in the ERP. To
// record the same again changes nothing.
//
// Errors: ErrNotFound; access.ErrForbidden as ReportTx; ErrNoMessage; ErrInvalid
// for an id that is none; ErrTwin for a message that has another twin.
func (b *Book) TwinTx(ctx context.Context, tx Tx, a access.Actor, id ID, message MessageID, erpID string) (Message, error) {
	t, err := tx.Threads().Get(ctx, id)
	if err != nil {
		return Message{}, err
	}
	if err := b.mayReport(ctx, a, access.Owner{Partner: t.Partner}, t.Doc.Kind); err != nil {
		return Message{}, err
	}
	m, ok := t.Message(message)
	if !ok {
		return Message{}, ErrNoMessage
	}
	var is fault.Issues
	check.Need(&is, "erp", erpID, maxERP)
	if err := is.Err(ErrInvalid); err != nil {
		return Message{}, err
	}
	switch m.ERP {
	case "":
		return b.link(ctx, tx, t, m, erpID)
	case erpID:
		return m, nil
	}
	return Message{}, ErrTwin.With("the message is %s in the ERP", m.ERP)
}

func (b *Book) link(ctx context.Context, tx Tx, t Thread, m Message, erpID string) (Message, error) {
	m.ERP, m.SentAt = erpID, time.Time{}
	return m, b.save(ctx, tx, t.with(m), nil, Linked{Thread: t.ID, Doc: t.Doc, Message: m.ID, ERP: erpID})
}

// with is the thread with another value of one of its messages.
func (t Thread) with(m Message) Thread {
	t.Messages = append([]Message(nil), t.Messages...)
	t.Messages[t.index(m.ID)] = m
	return t
}

// SendingTx notes that a push of a message of ours leaves for the ERP at a
// time, before it does, so that a lost one is noticed; the zero time takes that
// back, since the push is known to have done nothing. It is a claim: of two for
// one push the second is refused. It changes nothing that people see, and
// nobody is told.
//
// Errors: ErrNotFound; access.ErrForbidden as ReportTx; ErrNoMessage;
// ErrSending for a claim while another push is open or the message has a twin.
func (b *Book) SendingTx(ctx context.Context, tx Tx, a access.Actor, id ID, message MessageID, at time.Time) (Message, error) {
	t, err := tx.Threads().Get(ctx, id)
	if err != nil {
		return Message{}, err
	}
	if err := b.mayReport(ctx, a, access.Owner{Partner: t.Partner}, t.Doc.Kind); err != nil {
		return Message{}, err
	}
	m, ok := t.Message(message)
	at = clock.Cut(at)
	switch {
	case !ok:
		return Message{}, ErrNoMessage
	case at.IsZero() && m.SentAt.IsZero():
		return m, nil
	case !at.IsZero() && m.ERP != "":
		return Message{}, ErrSending.With("the message is %s in the ERP", m.ERP)
	case !at.IsZero() && !m.SentAt.IsZero():
		return Message{}, ErrSending.With("it has been leaving since %s", m.SentAt.Format(time.RFC3339))
	}
	m.SentAt = at
	return m, b.save(ctx, tx, t.with(m), nil, nil)
}
