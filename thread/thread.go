package thread

import (
	"context"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/uow"
)

// DocKind names threads in stores and conflicts.
const DocKind = "thread"

// The ids of the package.
type (
	// ID names a thread: the kind and id of its document, "order/0192…".
	ID string
	// MessageID names a message within its thread.
	MessageID string
)

// Doc is the document a thread belongs to.
type Doc struct {
	Kind string `json:"kind"` // "order", "delivery", "invoice"
	ID   string `json:"id"`
}

// Thread returns the id of the document's thread.
func (d Doc) Thread() ID { return ID(d.Kind + "/" + d.ID) }

// Doc returns the document of the thread.
func (id ID) Doc() Doc {
	kind, of, _ := strings.Cut(string(id), "/")
	return Doc{Kind: kind, ID: of}
}

// Thread is the correspondence on one document.
type Thread struct {
	ID      ID               `json:"id"`
	Version int64            `json:"version"`
	Doc     Doc              `json:"doc"`
	Partner access.PartnerID `json:"partner"`
	// Messages stand in the order they came in; none is changed or removed.
	Messages []Message `json:"messages"`
	// Read holds how far each reader has come.
	Read      []Mark    `json:"read,omitempty"`
	UpdatedAt time.Time `json:"updated_at"`
}

// Message is one message.
type Message struct {
	ID MessageID    `json:"id"`
	At time.Time    `json:"at"`
	By access.Stamp `json:"by"`
	// Seller says that the seller's side wrote it, the ERP's people included.
	Seller bool `json:"seller,omitempty"`
	// Internal messages are for the seller's side only.
	Internal bool        `json:"internal,omitempty"`
	Text     string      `json:"text"`
	Files    []blob.File `json:"files,omitempty"`
	// ERP is the message's id in the ERP once it is known there.
	ERP string `json:"erp,omitempty"`
	// SentAt is when a push of the message was about to leave that is not
	// acknowledged yet.
	SentAt time.Time `json:"sent_at,omitzero"`
}

// Mark is how far a reader has read.
type Mark struct {
	Reader access.ActorID `json:"reader"`
	// Partner is whose person the reader is, "" on the seller's side.
	Partner access.PartnerID `json:"partner,omitempty"`
	Upto    MessageID        `json:"upto"`
	At      time.Time        `json:"at"`
}

// Repository keeps threads.
type Repository interface {
	// Get returns one thread, ErrNotFound if there is none.
	Get(ctx context.Context, id ID) (Thread, error)
	// Save inserts a thread of Version 0 and replaces one of the version
	// given; a stale version is uow.ErrVersion, a taken id ErrExists.
	Save(ctx context.Context, t Thread) (Thread, error)
	// Find lists threads, the last written first.
	Find(ctx context.Context, q Query) (uow.Page[Header], error)
	// Holds reports whether any message names the blob.
	Holds(ctx context.Context, h blob.Hash) (bool, error)
}

// Query selects threads; empty fields select all.
type Query struct {
	Partner access.PartnerID `json:"partner,omitempty"`
	Kind    string           `json:"kind,omitempty"`
	// Shared leaves out threads that hold internal messages only, and orders
	// the rest by their last shared message.
	Shared bool            `json:"shared,omitempty"`
	Page   uow.PageRequest `json:"page"`
}

// Header is a thread in a list.
type Header struct {
	ID      ID               `json:"id"`
	Doc     Doc              `json:"doc"`
	Partner access.PartnerID `json:"partner"`
	// Shared and Internal count messages; LastAt is the last one's time, of
	// the shared ones when the query asked for those.
	Shared   int       `json:"shared"`
	Internal int       `json:"internal,omitempty"`
	LastAt   time.Time `json:"last_at"`
}

// The errors of the package.
var (
	ErrNotFound = fault.Define(fault.NotFound, "thread.not_found", "no such thread")
	ErrExists   = fault.Define(fault.Exists, "thread.exists", "the document already has a thread")
	// ErrInvalid lists what is wrong with a message.
	ErrInvalid = fault.Define(fault.Invalid, "thread.invalid", "the message is not valid")
	// ErrFull refuses a message beyond the bound of a thread.
	ErrFull = fault.Define(fault.Precondition, "thread.full", "the thread is full")
	// ErrNoMessage: the thread has no such message for the actor.
	ErrNoMessage = fault.Define(fault.NotFound, "thread.no_message", "no such message")
	// ErrTwin: the message is known in the ERP by another id.
	ErrTwin = fault.Define(fault.Conflict, "thread.twin", "the message has another twin in the ERP")
	// ErrSending: another push of the message is still open, or the ERP has it.
	ErrSending = fault.Define(fault.Conflict, "thread.sending", "the message may not leave for the ERP now")
)
