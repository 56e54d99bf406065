package cart

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/partner"
)

// What names a change in a ChangedEvent.
type What string

// The changes.
const (
	Renamed      What = "renamed"
	Annotated    What = "annotated"
	Defaulted    What = "defaulted"
	Filled       What = "filled" // lines put, changed, removed, moved in or out
	LineNoted    What = "line_noted"
	Ticketed     What = "ticketed" // a ticket attached or detached
	CodeEntered  What = "code_entered"
	CodeDropped  What = "code_dropped"
	Recalculated What = "recalculated"
)

// CreatedEvent says that a cart was made.
type CreatedEvent struct {
	Cart    ID             `json:"cart"`
	Partner partner.ID     `json:"partner"`
	Name    string         `json:"name"`
	By      access.ActorID `json:"by"`
}

// EventType returns "cart.created", 1.
func (CreatedEvent) EventType() (string, int) { return "cart.created", 1 }

// ChangedEvent says that a cart was changed, and in what.
type ChangedEvent struct {
	Cart    ID             `json:"cart"`
	Partner partner.ID     `json:"partner"`
	What    What           `json:"what"`
	Lines   int            `json:"lines"`
	By      access.ActorID `json:"by"`
}

// EventType returns "cart.changed", 1.
func (ChangedEvent) EventType() (string, int) { return "cart.changed", 1 }

// HandedOverEvent says that the baton moved.
type HandedOverEvent struct {
	Cart    ID             `json:"cart"`
	Partner partner.ID     `json:"partner"`
	From    Baton          `json:"from"`
	To      Baton          `json:"to"`
	By      access.ActorID `json:"by"`
}

// EventType returns "cart.handed_over", 1.
func (HandedOverEvent) EventType() (string, int) { return "cart.handed_over", 1 }

// DeletedEvent says that a cart is gone; it is the last of its subject.
type DeletedEvent struct {
	Cart    ID             `json:"cart"`
	Partner partner.ID     `json:"partner"`
	Name    string         `json:"name"`
	By      access.ActorID `json:"by"`
}

// EventType returns "cart.deleted", 1.
func (DeletedEvent) EventType() (string, int) { return "cart.deleted", 1 }

// OrderedEvent says that a cart became an order and is empty again.
type OrderedEvent struct {
	Cart    ID             `json:"cart"`
	Partner partner.ID     `json:"partner"`
	Order   OrderID        `json:"order"`
	Ref     string         `json:"ref"`
	By      access.ActorID `json:"by"`
}

// EventType returns "cart.ordered", 1.
func (OrderedEvent) EventType() (string, int) { return "cart.ordered", 1 }

// emit appends the events of one saved version of a cart.
func (s *Service) emit(ctx context.Context, tx Tx, c Cart, payloads ...event.Payload) error {
	b := event.NewBatch(DocKind+"/"+string(c.ID), c.Version, c.UpdatedAt, s.newID)
	for _, p := range payloads {
		if err := b.Add(p); err != nil {
			return err
		}
	}
	return tx.Outbox().Append(ctx, event.Facts, b.Events()...)
}
