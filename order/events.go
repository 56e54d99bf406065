package order

import (
	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
)

// About says which order an event is about and who made it happen.
type About struct {
	Order   ID             `json:"order"`
	Ref     Ref            `json:"ref"`
	Partner partner.ID     `json:"partner"`
	By      access.ActorID `json:"by"`
}

func about(o Order, a access.Actor) About {
	return About{Order: o.ID, Ref: o.Ref, Partner: o.Customer.Partner, By: a.ID}
}

// Placed is the fact that a cart became an order.
type Placed struct {
	About
	Customer string       `json:"customer"`
	State    State        `json:"state"`
	Lines    int          `json:"lines"`
	Net      money.Amount `json:"net"`
	Tax      money.Amount `json:"tax"`
	Gross    money.Amount `json:"gross"`
}

// EventType implements event.Payload.
func (Placed) EventType() (string, int) { return "order.placed", 1 }

// Advanced is the fact that an order reached another state.
type Advanced struct {
	About
	Trigger Trigger `json:"trigger"`
	From    State   `json:"from"`
	To      State   `json:"to"`
	Reason  string  `json:"reason,omitempty"`
}

// EventType implements event.Payload.
func (Advanced) EventType() (string, int) { return "order.advanced", 1 }

// Revised is the fact that an order's content changed before validation.
type Revised struct {
	About
	Revision int          `json:"revision"`
	Gross    money.Amount `json:"gross"`
}

// EventType implements event.Payload.
func (Revised) EventType() (string, int) { return "order.revised", 1 }

// Deleted is the fact that an order was removed before validation.
type Deleted struct {
	About
	Reason string `json:"reason,omitempty"`
}

// EventType implements event.Payload.
func (Deleted) EventType() (string, int) { return "order.deleted", 1 }

// Linked is the fact that the ERP said something new of its twin.
type Linked struct {
	About
	ERPID   string `json:"erp_id,omitempty"`
	Number  string `json:"number,omitempty"`
	State   string `json:"state,omitempty"`
	Problem string `json:"problem,omitempty"`
}

// EventType implements event.Payload.
func (Linked) EventType() (string, int) { return "order.linked", 1 }

// Drifted is the fact that the ERP's total differs from ours.
type Drifted struct {
	About
	Ours money.Amount `json:"ours"`
	ERP  money.Amount `json:"erp"`
}

// EventType implements event.Payload.
func (Drifted) EventType() (string, int) { return "order.drifted", 1 }

// SyncRequested is the relay's work on topic event.ERP: bring the ERP to what
// the order is now. The relay reads the order itself; Revision lets it drop
// work that a later request overtook.
type SyncRequested struct {
	Order    ID  `json:"order"`
	Ref      Ref `json:"ref"`
	Revision int `json:"revision"`
	// Withdraw asks to cancel the twin instead; ERPID is its id when known
	// and Sent the highest revision that may have left, since a deleted order
	// can no longer be read.
	Withdraw bool   `json:"withdraw,omitempty"`
	ERPID    string `json:"erp_id,omitempty"`
	Sent     int    `json:"sent,omitempty"`
	Reason   string `json:"reason,omitempty"`
}

// EventType implements event.Payload.
func (SyncRequested) EventType() (string, int) { return "order.sync_requested", 1 }
