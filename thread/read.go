package thread

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/access"
)

// Message returns the message of an id.
func (t Thread) Message(id MessageID) (Message, bool) {
	if i := t.index(id); i >= 0 {
		return t.Messages[i], true
	}
	return Message{}, false
}

// index is the place of a message, -1 for one that is not there.
func (t Thread) index(id MessageID) int {
	return slices.IndexFunc(t.Messages, func(m Message) bool { return m.ID == id })
}

// Shared is the thread as the partner's side knows it: without internal
// messages, marks on those moved to the last shared message before them, and
// without Version, which counts internal messages too.
func (t Thread) Shared() Thread {
	out := t
	out.Version, out.Messages, out.Read = 0, nil, nil
	before := make([]MessageID, len(t.Messages)) // the last shared one up to here
	var last Message
	for i, m := range t.Messages {
		if !m.Internal {
			out.Messages = append(out.Messages, m)
			last = m
		}
		before[i] = last.ID
	}
	out.UpdatedAt = last.At
	for _, mark := range t.Read {
		if i := t.index(mark.Upto); i >= 0 && before[i] != "" {
			mark.Upto = before[i]
			out.Read = append(out.Read, mark)
		}
	}
	return out
}

// Unread counts the messages that the actor has not read: those behind its
// mark that others wrote. Of a thread as ReadTx answered it.
func (t Thread) Unread(a access.Actor) int {
	owner := access.Owner{Partner: t.Partner}
	mark := t.mark(a, owner)
	n := 0
	for _, m := range t.Messages[t.index(mark.Upto)+1:] {
		if m.By.ID != a.ID || m.Seller != sellers(a, owner) {
			n++
		}
	}
	return n
}

// mark is how far the actor has come; a zero Upto for one who never marked.
func (t Thread) mark(a access.Actor, owner access.Owner) Mark {
	m := Mark{Reader: a.ID}
	if !sellers(a, owner) {
		m.Partner = owner.Partner
	}
	for _, have := range t.Read {
		if have.Reader == m.Reader && have.Partner == m.Partner {
			return have
		}
	}
	return m
}

// view is the thread as the actor knows it.
func (b *Book) view(a access.Actor, owner access.Owner, t Thread) Thread {
	if b.Insider(a, owner) {
		return t
	}
	return t.Shared()
}

// ReadTx returns the thread of a document as the actor knows it; one that
// nobody has written in is empty. The caller has checked that the actor sees
// the document.
//
// Errors: ErrNotFound for whom the correspondence does not exist.
func (b *Book) ReadTx(ctx context.Context, tx Tx, a access.Actor, owner access.Owner, doc Doc) (Thread, error) {
	if err := ctx.Err(); err != nil {
		return Thread{}, err
	}
	if !b.sees(a, owner, doc.Kind) {
		return Thread{}, ErrNotFound
	}
	t, err := b.open(ctx, tx, owner, doc)
	if err != nil {
		return Thread{}, err
	}
	return b.view(a, owner, t), nil
}

// MarkTx notes that the actor has read a thread up to a message, "" for the
// last one. A mark never goes back: to mark an earlier message changes nothing.
//
// Errors: ErrNotFound for whom the correspondence does not exist; ErrNoMessage
// for a message that the actor does not see.
func (b *Book) MarkTx(ctx context.Context, tx Tx, a access.Actor, owner access.Owner, doc Doc, upto MessageID) (Thread, error) {
	if err := ctx.Err(); err != nil {
		return Thread{}, err
	}
	if !b.sees(a, owner, doc.Kind) {
		return Thread{}, ErrNotFound
	}
	t, err := b.open(ctx, tx, owner, doc)
	if err != nil {
		return Thread{}, err
	}
	seen := b.view(a, owner, t)
	if upto == "" && len(seen.Messages) > 0 {
		upto = seen.Messages[len(seen.Messages)-1].ID
	}
	m, ok := seen.Message(upto)
	if !ok && upto != "" {
		return Thread{}, ErrNoMessage
	}
	mark := t.mark(a, owner)
	if t.index(upto) <= t.index(mark.Upto) {
		return seen, nil
	}
	t.Read = slices.DeleteFunc(slices.Clone(t.Read), func(have Mark) bool { return have.Reader == mark.Reader && have.Partner == mark.Partner })
	mark.Upto, mark.At = upto, b.now()
	t.Read = append(t.Read, mark)
	t.Read = t.Read[max(0, len(t.Read)-maxMarks):]
	fact := ReadUpto{Thread: t.ID, Doc: t.Doc, Partner: t.Partner, Message: upto, By: a.ID, Seller: mark.Partner == "", Internal: m.Internal}
	if err := b.save(ctx, tx, t, nil, fact); err != nil {
		return Thread{}, err
	}
	t.Version++
	return b.view(a, owner, t), nil
}
