package order

import (
	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
)

// AxesChanged is the fact that an order stands elsewhere on the delivery,
// invoice or money axis; all three as they are now.
type AxesChanged struct {
	About
	Axes
}

// EventType implements event.Payload.
func (AxesChanged) EventType() (string, int) { return "order.axes_changed", 1 }

// BillAdded is the fact that an order stands on an invoice or credit note.
type BillAdded struct {
	About
	Bill Bill `json:"bill"`
}

// EventType implements event.Payload.
func (BillAdded) EventType() (string, int) { return "order.billed", 1 }

// BillRemoved is the fact that a document of the ERP no longer counts.
type BillRemoved struct {
	About
	Bill Bill `json:"bill"`
}

// EventType implements event.Payload.
func (BillRemoved) EventType() (string, int) { return "order.unbilled", 1 }

// BillSettled is the fact that more, or less, of a document is settled.
type BillSettled struct {
	About
	Bill Bill `json:"bill"`
}

// EventType implements event.Payload.
func (BillSettled) EventType() (string, int) { return "order.bill_settled", 1 }

// turned is the news of the axes, none if they are where they were.
func turned(before Axes, o Order, a access.Actor) []event.Payload {
	if now := o.Axes(); now != before {
		return []event.Payload{AxesChanged{About: about(o, a), Axes: now}}
	}
	return nil
}
