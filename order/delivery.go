package order

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// DeliveryDocKind names deliveries in stores, subjects and conflicts.
const DeliveryDocKind = "delivery"

// DeliveryID names a delivery.
type DeliveryID string

// DeliveryKind says which way the goods go.
type DeliveryKind string

// The kinds of deliveries.
const (
	Outgoing DeliveryKind = "delivery"
	Return   DeliveryKind = "return"
)

// DeliveryState is where a delivery stands.
type DeliveryState string

// The states of a delivery.
const (
	// Planned waits in the warehouse, as the ERP says: a back order begins so.
	Planned DeliveryState = "planned"
	// Shipped has left, or for a return has arrived; only now it counts in
	// the goods ledger.
	Shipped DeliveryState = "shipped"
	// Void was cancelled.
	Void DeliveryState = "cancelled"
)

// Delivery is goods on their way to the customer, or back. It belongs to one
// order, whose goods ledger is the sum of its deliveries.
type Delivery struct {
	ID       DeliveryID    `json:"id"`
	Version  int64         `json:"version"`
	Order    ID            `json:"order"`
	OrderRef Ref           `json:"order_ref"`
	Partner  partner.ID    `json:"partner"`
	Kind     DeliveryKind  `json:"kind"`
	State    DeliveryState `json:"state"`
	// Number is the order's reference with a counter, or the ERP's number.
	Number string         `json:"number"`
	Lines  []DeliveryLine `json:"lines"`
	// Carrier and Tracking say who carries it and under which number.
	Carrier  string `json:"carrier,omitempty"`
	Tracking string `json:"tracking,omitempty"`
	// BackOrderOf is the number of the delivery whose rest this one is.
	BackOrderOf string `json:"back_order_of,omitempty"`
	// Reason is why goods came back.
	Reason string `json:"reason,omitempty"`
	Note   string `json:"note,omitempty"`
	// Date is the day the goods left or came back.
	Date      partner.Date `json:"date,omitzero"`
	ERP       Twin         `json:"erp,omitzero"`
	CreatedBy access.Stamp `json:"created_by"`
	CreatedAt time.Time    `json:"created_at"`
	UpdatedAt time.Time    `json:"updated_at"`
}

// DeliveryLine is how much of one line of the order is in a delivery.
type DeliveryLine struct {
	Line     LineID         `json:"line"`
	SKU      catalog.SKU    `json:"sku"`
	Name     string         `json:"name,omitempty"`
	Unit     string         `json:"unit,omitempty"`
	Quantity money.Quantity `json:"quantity"`
	// Excess is the part of Quantity beyond what was ordered, on a return
	// beyond what was shipped; the ERP alone can bring it about.
	Excess money.Quantity `json:"excess,omitzero"`
}

// Twin is what is known of a document's counterpart in the ERP.
type Twin struct {
	ID     string `json:"id,omitempty"`
	Number string `json:"number,omitempty"`
	State  string `json:"state,omitempty"`
	// Sequence is the ERP's counter of the change applied last; an older
	// change is ignored.
	Sequence int64 `json:"sequence,omitempty"`
	// SentAt is when a push was about to leave that is not acknowledged yet.
	SentAt time.Time `json:"sent_at,omitzero"`
	// Problem is the ERP's last refusal, for a person.
	Problem string    `json:"problem,omitempty"`
	At      time.Time `json:"at,omitzero"`
}

// DeliveryRepository keeps deliveries.
type DeliveryRepository interface {
	// Get returns one delivery, ErrNoDelivery if there is none.
	Get(ctx context.Context, id DeliveryID) (Delivery, error)
	// ByERP returns the delivery whose twin in the ERP has the id,
	// ErrNoDelivery if there is none.
	ByERP(ctx context.Context, erpID string) (Delivery, error)
	// Save inserts a delivery of Version 0 and replaces one of the version
	// given; a stale version is uow.ErrVersion, a taken id ErrDeliveryExists.
	Save(ctx context.Context, d Delivery) (Delivery, error)
	// OfOrder returns the deliveries of an order, oldest first, at most 1000.
	OfOrder(ctx context.Context, id ID) ([]Delivery, error)
	// Find lists deliveries, the newest first.
	Find(ctx context.Context, q DeliveryQuery) (uow.Page[DeliveryHeader], error)
}

// DeliveryQuery selects deliveries; empty fields select all.
type DeliveryQuery struct {
	Partner  partner.ID      `json:"partner,omitempty"`
	Order    ID              `json:"order,omitempty"`
	Number   string          `json:"number,omitempty"`
	Tracking string          `json:"tracking,omitempty"`
	Kind     DeliveryKind    `json:"kind,omitempty"`
	States   []DeliveryState `json:"states,omitempty"`
	// From (included) and Until (excluded) bound the instant of recording.
	From  time.Time       `json:"from,omitzero"`
	Until time.Time       `json:"until,omitzero"`
	Page  uow.PageRequest `json:"page"`
}

// DeliveryHeader is a delivery in a list.
type DeliveryHeader struct {
	ID        DeliveryID    `json:"id"`
	Version   int64         `json:"version"`
	Order     ID            `json:"order"`
	OrderRef  Ref           `json:"order_ref"`
	Partner   partner.ID    `json:"partner"`
	Kind      DeliveryKind  `json:"kind"`
	State     DeliveryState `json:"state"`
	Number    string        `json:"number"`
	Carrier   string        `json:"carrier,omitempty"`
	Tracking  string        `json:"tracking,omitempty"`
	Lines     int           `json:"lines"`
	Date      partner.Date  `json:"date,omitzero"`
	CreatedAt time.Time     `json:"created_at"`
}

// The errors of deliveries in stores.
var (
	ErrNoDelivery     = fault.Define(fault.NotFound, "order.no_delivery", "no such delivery")
	ErrDeliveryExists = fault.Define(fault.Exists, "order.delivery_exists", "a delivery with this id or twin is already there")
)
