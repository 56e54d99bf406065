package catalog

import (
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/money"
)

// ProductSaved says that a product is new or was replaced. Event
// "catalog.product_saved", schema 1, subject "product/<id>".
type ProductSaved struct {
	ID  ID             `json:"id"`
	SKU SKU            `json:"sku"`
	New bool           `json:"new,omitempty"`
	By  access.ActorID `json:"by"`
}

// EventType implements event.Payload.
func (ProductSaved) EventType() (string, int) { return "catalog.product_saved", 1 }

// AvailabilityChanged says that the figure or the next arrival differs from
// what was known; a snapshot that only confirms them is no event. Event
// "catalog.availability_changed", schema 1, subject "availability/<product id>".
type AvailabilityChanged struct {
	Product ID             `json:"product"`
	OnHand  money.Quantity `json:"on_hand"`
	Next    time.Time      `json:"next,omitzero"`
	At      time.Time      `json:"at"`
}

// EventType implements event.Payload.
func (AvailabilityChanged) EventType() (string, int) { return "catalog.availability_changed", 1 }
