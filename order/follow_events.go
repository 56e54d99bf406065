package order

import (
	"github.com/comptoir-go/comptoir/partner"
)

// Progressed is the fact that a step of the way of the goods was told.
type Progressed struct {
	About
	Step Step `json:"step"`
	// Internal steps are not to be told to the partner's side.
	Internal bool `json:"internal,omitempty"`
}

// EventType implements event.Payload.
func (Progressed) EventType() (string, int) { return "order.progressed", 1 }

// Held is the fact that an order, or the lines named, were put on hold. It is
// not to be told to the partner's side.
type Held struct {
	About
	Lines  []LineID `json:"lines,omitempty"`
	Reason string   `json:"reason"`
}

// EventType implements event.Payload.
func (Held) EventType() (string, int) { return "order.held", 1 }

// Resumed is the fact that an order, or the lines named, were taken off hold.
type Resumed struct {
	About
	Lines []LineID `json:"lines,omitempty"`
}

// EventType implements event.Payload.
func (Resumed) EventType() (string, int) { return "order.resumed", 1 }

// ReleasedToLogistics is the fact that an order was handed to logistics, with
// what they plan by.
type ReleasedToLogistics struct {
	About
	Country partner.Country `json:"country"`
	Lines   int             `json:"lines"`
	Direct  bool            `json:"direct,omitempty"`
}

// EventType implements event.Payload.
func (ReleasedToLogistics) EventType() (string, int) { return "order.released", 1 }

// Followed is the fact that the seller began or ceased to keep an eye on an
// order. It is not to be told to the partner's side.
type Followed struct {
	About
	Follow bool `json:"follow"`
}

// EventType implements event.Payload.
func (Followed) EventType() (string, int) { return "order.followed", 1 }

// FileRef is a file in an event.
type FileRef struct {
	File FileID `json:"file"`
	Name string `json:"name"`
	Line LineID `json:"line,omitempty"`
	// Internal files are not to be told to the partner's side.
	Internal bool `json:"internal,omitempty"`
}

// Attached is the fact that files were attached to an order.
type Attached struct {
	About
	Files []FileRef `json:"files"`
}

// EventType implements event.Payload.
func (Attached) EventType() (string, int) { return "order.attached", 1 }

// Detached is the fact that files were taken off an order.
type Detached struct {
	About
	Files []FileRef `json:"files"`
}

// EventType implements event.Payload.
func (Detached) EventType() (string, int) { return "order.detached", 1 }

// Certified is the fact that production files were released as good to make,
// or that this was taken back.
type Certified struct {
	About
	Files     []FileRef `json:"files"`
	Withdrawn bool      `json:"withdrawn,omitempty"`
}

// EventType implements event.Payload.
func (Certified) EventType() (string, int) { return "order.certified", 1 }
