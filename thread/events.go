package thread

import "github.com/comptoir-go/comptoir/access"

// Posted is the fact that somebody wrote a message; its text stays in the
// thread.
type Posted struct {
	Thread  ID               `json:"thread"`
	Doc     Doc              `json:"doc"`
	Partner access.PartnerID `json:"partner"`
	Message MessageID        `json:"message"`
	By      access.ActorID   `json:"by"`
	Seller  bool             `json:"seller,omitempty"`
	// Internal messages are not to be told to the partner's side.
	Internal bool `json:"internal,omitempty"`
	// ERP says that the message came from there.
	ERP bool `json:"erp,omitempty"`
}

// EventType implements event.Payload.
func (Posted) EventType() (string, int) { return "message.posted", 1 }

// ReadUpto is the fact that somebody read a thread up to a message.
type ReadUpto struct {
	Thread  ID               `json:"thread"`
	Doc     Doc              `json:"doc"`
	Partner access.PartnerID `json:"partner"`
	Message MessageID        `json:"message"`
	By      access.ActorID   `json:"by"`
	// Seller says that the reader stands on the seller's side.
	Seller bool `json:"seller,omitempty"`
	// Internal says that the message is not for the partner's side.
	Internal bool `json:"internal,omitempty"`
}

// EventType implements event.Payload.
func (ReadUpto) EventType() (string, int) { return "message.read", 1 }

// Linked is the fact that a message of ours is known in the ERP.
type Linked struct {
	Thread  ID        `json:"thread"`
	Doc     Doc       `json:"doc"`
	Message MessageID `json:"message"`
	ERP     string    `json:"erp"`
}

// EventType implements event.Payload.
func (Linked) EventType() (string, int) { return "message.linked", 1 }

// PushRequested is the relay's work on topic event.ERP: bring a message of
// ours to the ERP, internal ones as such. The relay reads the thread itself.
type PushRequested struct {
	Thread  ID        `json:"thread"`
	Message MessageID `json:"message"`
}

// EventType implements event.Payload.
func (PushRequested) EventType() (string, int) { return "message.push_requested", 1 }
