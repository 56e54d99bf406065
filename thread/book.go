package thread

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/internal/ids"
	"github.com/comptoir-go/comptoir/uow"
)

// The bounds of a message.
const (
	// MaxText is the longest text, in characters.
	MaxText = 20_000
	// MaxFiles is how many files one message may name.
	MaxFiles = 20
	// maxMarks is how many readers a thread remembers; beyond it whoever read
	// longest ago is forgotten.
	maxMarks = 500
)

// Tx is what correspondence reads and writes in one transaction.
type Tx interface {
	Threads() Repository
	Keys() uow.Keys
	Outbox() event.Outbox
}

// Options tune a Book. The zero value is ready to use.
type Options struct {
	// Policy decides who may do what. Default: access.Default().
	Policy *access.Policy
	// Now is the clock. Default: the machine's.
	Now func() time.Time
	// NewID makes ids of messages and events. Default: UUIDv7.
	NewID func() string
	// MaxMessages bounds one thread. Default: 2000.
	MaxMessages int
}

// Book holds the rules of correspondence. It is safe for concurrent use.
type Book struct {
	policy *access.Policy
	now    func() time.Time
	newID  func() string
	most   int
}

// NewBook makes a Book.
func NewBook(opts *Options) *Book {
	var o Options
	if opts != nil {
		o = *opts
	}
	b := &Book{policy: o.Policy, now: clock.Or(o.Now), most: o.MaxMessages}
	b.newID = ids.Or(o.NewID, b.now)
	if b.policy == nil {
		b.policy = access.Default()
	}
	if b.most <= 0 {
		b.most = 2000
	}
	return b
}

// The kinds of documents that the library has threads on.
const (
	OnOrder    = "order"
	OnDelivery = "delivery"
	OnInvoice  = "invoice"
)

// needs is what a kind of document asks of its readers, and of whoever records
// what the ERP says; a kind of an integrator's is as an order.
func needs(kind string) (read, report access.Action) {
	if kind == OnInvoice {
		return access.InvoiceRead, access.InvoiceReport
	}
	return access.OrderRead, access.OrderReport
}

// sees reports whether a thread of the kind and owner exists for the actor.
func (b *Book) sees(a access.Actor, owner access.Owner, kind string) bool {
	read, _ := needs(kind)
	return b.policy.May(a, access.MessageRead, owner) && b.policy.May(a, read, owner)
}

// Insider reports whether internal messages exist for the actor.
func (b *Book) Insider(a access.Actor, owner access.Owner) bool {
	return b.policy.May(a, access.MessageInternal, owner)
}

// sellers reports whether the actor stands on the seller's side of the
// document: of two people with one id, one on each side, neither is the other.
func sellers(a access.Actor, owner access.Owner) bool { return a.Seller() || !a.Owns(owner) }

// open reads the document's thread; one that nobody has written in is new.
func (b *Book) open(ctx context.Context, tx Tx, owner access.Owner, doc Doc) (Thread, error) {
	t, err := tx.Threads().Get(ctx, doc.Thread())
	if errors.Is(err, ErrNotFound) {
		return Thread{ID: doc.Thread(), Doc: doc, Partner: owner.Partner}, nil
	}
	return t, err
}

// PostInput asks to write a message.
type PostInput struct {
	Key string `json:"key,omitempty"`
	// Text has 1 to MaxText characters; it may be empty beside files.
	Text string `json:"text"`
	// Internal messages are for the seller's side only.
	Internal bool        `json:"internal,omitempty"`
	Files    []blob.File `json:"files,omitempty"`
}

// PostTx writes a message in the thread of a document, which its first message
// opens. The caller has checked that the actor sees the document; owner says
// whose it is. The message goes to the ERP by the relay.
//
// Errors, in order of the checks: ErrNotFound for whom the correspondence does
// not exist; uow.ErrKeyReused; access.ErrForbidden without message.post, and
// for an internal message without message.internal; ErrInvalid with every
// issue; ErrFull.
func (b *Book) PostTx(ctx context.Context, tx Tx, a access.Actor, owner access.Owner, doc Doc, in PostInput) (Message, error) {
	if err := ctx.Err(); err != nil {
		return Message{}, err
	}
	if !b.sees(a, owner, doc.Kind) {
		return Message{}, ErrNotFound
	}
	input := struct {
		Thread ID
		PostInput
	}{doc.Thread(), in}
	return uow.Once(ctx, tx.Keys(), fmt.Sprintf("thread.post/%q/%q", a.Partner, a.ID), in.Key, input, func() (Message, error) {
		if !b.policy.May(a, access.MessagePost, owner) {
			return Message{}, access.Denied(access.MessagePost)
		}
		if in.Internal && !b.Insider(a, owner) {
			return Message{}, access.Denied(access.MessageInternal)
		}
		if err := checkText(in.Text, in.Files); err != nil {
			return Message{}, err
		}
		t, err := b.open(ctx, tx, owner, doc)
		if err != nil {
			return Message{}, err
		}
		m := Message{ID: MessageID(b.newID()), At: b.now(), By: a.Stamp(), Seller: sellers(a, owner),
			Internal: in.Internal, Text: in.Text, Files: in.Files}
		return b.append(ctx, tx, a, t, m)
	})
}

func checkText(text string, files []blob.File) error {
	var is fault.Issues
	check.Note(&is, "text", text, MaxText)
	if strings.TrimSpace(text) == "" && len(files) == 0 {
		is.Add("text", "required", "write something, or attach a file")
	}
	if len(files) > MaxFiles {
		is.Add("files", "too_many", "%d files, at most %d", len(files), MaxFiles)
	}
	for i, f := range files {
		f.Check(&is, "files["+strconv.Itoa(i)+"]")
	}
	return is.Err(ErrInvalid)
}

// append adds a message and tells of it, the relay too unless it is from the
// ERP already.
func (b *Book) append(ctx context.Context, tx Tx, a access.Actor, t Thread, m Message) (Message, error) {
	if len(t.Messages) >= b.most {
		return Message{}, ErrFull.With("at most %d messages fit in one thread", b.most)
	}
	t.Messages = append(t.Messages[:len(t.Messages):len(t.Messages)], m)
	fact := Posted{Thread: t.ID, Doc: t.Doc, Partner: t.Partner, Message: m.ID, By: a.ID, Seller: m.Seller, Internal: m.Internal, ERP: m.ERP != ""}
	var push event.Payload
	if m.ERP == "" {
		push = PushRequested{Thread: t.ID, Message: m.ID}
	}
	return m, b.save(ctx, tx, t, push, fact)
}

// save writes the thread and tells of it: the fact for everyone, the push for
// the relay.
func (b *Book) save(ctx context.Context, tx Tx, t Thread, push, fact event.Payload) error {
	t.UpdatedAt = b.now()
	saved, err := tx.Threads().Save(ctx, t)
	if err != nil {
		return err
	}
	for _, out := range []struct {
		topic event.Topic
		what  event.Payload
	}{{event.Facts, fact}, {event.ERP, push}} {
		if out.what == nil {
			continue
		}
		batch := event.NewBatch(DocKind+"/"+string(saved.ID), saved.Version, saved.UpdatedAt, b.newID)
		if err := batch.Add(out.what); err != nil {
			return err
		}
		if err := tx.Outbox().Append(ctx, out.topic, batch.Events()...); err != nil {
			return err
		}
	}
	return nil
}
