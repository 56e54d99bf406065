package order

import (
	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/money"
)

// DeliveryNews is what the events of a delivery say; their subject is
// "delivery/" and its id, their version the delivery's.
type DeliveryNews struct {
	About
	Delivery DeliveryID     `json:"delivery"`
	Number   string         `json:"number"`
	Kind     DeliveryKind   `json:"kind"`
	State    DeliveryState  `json:"state"`
	Lines    []DeliveryLine `json:"lines"`
	Carrier  string         `json:"carrier,omitempty"`
	Tracking string         `json:"tracking,omitempty"`
}

func newsOf(o Order, d Delivery, a access.Actor) DeliveryNews {
	return DeliveryNews{About: about(o, a), Delivery: d.ID, Number: d.Number, Kind: d.Kind, State: d.State, Lines: d.Lines,
		Carrier: d.Carrier, Tracking: d.Tracking}
}

// DeliveryPlanned is the fact that the ERP prepares a delivery or a return.
type DeliveryPlanned struct{ DeliveryNews }

// EventType implements event.Payload.
func (DeliveryPlanned) EventType() (string, int) { return "delivery.planned", 1 }

// DeliveryShipped is the fact that goods left for the customer.
type DeliveryShipped struct{ DeliveryNews }

// EventType implements event.Payload.
func (DeliveryShipped) EventType() (string, int) { return "delivery.shipped", 1 }

// DeliveryReturned is the fact that goods came back.
type DeliveryReturned struct{ DeliveryNews }

// EventType implements event.Payload.
func (DeliveryReturned) EventType() (string, int) { return "delivery.returned", 1 }

// DeliveryCancelled is the fact that a delivery or return no longer counts.
type DeliveryCancelled struct{ DeliveryNews }

// EventType implements event.Payload.
func (DeliveryCancelled) EventType() (string, int) { return "delivery.cancelled", 1 }

// DeliveryChanged is the fact that something else of a delivery changed: its
// carrier, its tracking number, or in the ERP its contents.
type DeliveryChanged struct{ DeliveryNews }

// EventType implements event.Payload.
func (DeliveryChanged) EventType() (string, int) { return "delivery.changed", 1 }

// OverDeliveryNoted is the fact that the ERP shipped more of a line than the
// order wants; somebody has to settle it with the customer.
type OverDeliveryNoted struct {
	About
	Delivery DeliveryID `json:"delivery"`
	Line     LineID     `json:"line"`
	// Excess is all that was shipped beyond the line so far.
	Excess money.Quantity `json:"excess"`
}

// EventType implements event.Payload.
func (OverDeliveryNoted) EventType() (string, int) { return "order.over_delivered", 1 }

// OverReturnNoted is the fact that the ERP took more of a line back than was
// shipped of it; it counts nowhere until that is explained.
type OverReturnNoted struct {
	About
	Delivery DeliveryID `json:"delivery"`
	Line     LineID     `json:"line"`
	// Excess is all that came back beyond what was shipped so far.
	Excess money.Quantity `json:"excess"`
}

// EventType implements event.Payload.
func (OverReturnNoted) EventType() (string, int) { return "order.over_returned", 1 }

// RestCancelled is the fact that what was not yet shipped of some lines will
// not be.
type RestCancelled struct {
	About
	// Lines are what was given up by this step.
	Lines  []LineQuantity `json:"lines"`
	Reason string         `json:"reason"`
}

// EventType implements event.Payload.
func (RestCancelled) EventType() (string, int) { return "order.rest_cancelled", 1 }

// GoodsChanged is the fact that the ERP said something new of what is reserved
// and cancelled; the lines are those that changed, as they are now.
type GoodsChanged struct {
	About
	Lines []LineGoods `json:"lines"`
}

// LineGoods is where the quantity of a line stands.
type LineGoods struct {
	Line      LineID         `json:"line"`
	Open      money.Quantity `json:"open"`
	Reserved  money.Quantity `json:"reserved"`
	Shipped   money.Quantity `json:"shipped"`
	Cancelled money.Quantity `json:"cancelled"`
}

// EventType implements event.Payload.
func (GoodsChanged) EventType() (string, int) { return "order.goods_changed", 1 }

// RestCancelRequested is the relay's work on topic event.ERP: tell the ERP what
// is cancelled. The relay reads the order itself: Goods.Cancelled are totals,
// so that saying it twice changes nothing.
type RestCancelRequested struct {
	Order    ID  `json:"order"`
	Ref      Ref `json:"ref"`
	Revision int `json:"revision"`
}

// EventType implements event.Payload.
func (RestCancelRequested) EventType() (string, int) { return "order.rest_cancel_requested", 1 }
