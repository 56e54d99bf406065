package order

import (
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

// DocKind names orders in stores, subjects and conflicts.
const DocKind = "order"

// The ids of the package.
type (
	// ID is the order's own id; people see its Ref.
	ID = cart.OrderID
	// LineID names a line within its order; it never changes and is what the
	// ERP is told.
	LineID = pricing.LineID
	// Ref is the number people read: "FR10002527190474".
	Ref string
)

// Order is what a partner bought: the goods, the frozen calculation and
// where it stands between the two companies and the ERP.
type Order struct {
	ID      ID    `json:"id"`
	Version int64 `json:"version"`
	Ref     Ref   `json:"ref"`
	State   State `json:"state"`

	Customer Customer        `json:"customer"`
	Currency money.Currency  `json:"currency"`
	ShipTo   partner.Address `json:"ship_to"`
	// Delivery are the terms of delivery by code ("EXW"), as of cart.Terms.
	Delivery string `json:"delivery,omitempty"`
	Lines    []Line `json:"lines"`
	// Quote is the calculation frozen with the order; its lines carry the
	// same ids.
	Quote pricing.Quote `json:"quote"`

	// Codes are the discount codes that the order used. When it is cancelled,
	// rejected or deleted, or revised so that one takes nothing off, their
	// campaigns may give the uses back.
	Codes []pricing.UsedCode `json:"codes,omitempty"`

	// Title is what the buyer calls the order, Source the shop or portal that
	// it came through, Language the buyer's at that time (BCP 47).
	Title    string `json:"title,omitempty"`
	Source   string `json:"source,omitempty"`
	Language string `json:"language,omitempty"`
	// CustomerNo is the buyer's own order number.
	CustomerNo string `json:"customer_no,omitempty"`
	Note       string `json:"note,omitempty"`
	// Direct orders are delivered by the maker straight to the customer.
	Direct bool `json:"direct,omitempty"`

	Cart cart.ID `json:"cart,omitempty"`
	// CopyOf is the order that this one was made from.
	CopyOf     ID           `json:"copy_of,omitempty"`
	InsertedBy access.Stamp `json:"inserted_by"`
	PlacedAt   time.Time    `json:"placed_at"`
	UpdatedAt  time.Time    `json:"updated_at"`

	// Revision counts the contents that the ERP has to learn, from 1.
	Revision int     `json:"revision"`
	ERP      ERPLink `json:"erp"`
	// History holds every step, oldest first, append only.
	History []Entry `json:"history"`

	// Hold stops validation, delivery and release of the whole order; lines
	// have their own.
	Hold *Hold `json:"hold,omitempty"`
	// Released is when the order was handed to logistics.
	Released *Release `json:"released,omitempty"`
	// Follow marks an order that the seller keeps an eye on.
	Follow bool `json:"follow,omitempty"`
	// Progress is what both sides are told of the way of the goods, oldest
	// first, append only.
	Progress []Progress `json:"progress,omitempty"`
	Files    []File     `json:"files,omitempty"`

	// Policy says what is invoiced, frozen at placing.
	Policy InvoicePolicy `json:"policy,omitempty"`
	// Bills are the order's parts of invoices and credit notes, oldest first;
	// Boxes the tax that documents of our own have taken so far.
	Bills []Bill `json:"bills,omitempty"`
	Boxes []Box  `json:"boxes,omitempty"`
}

// Customer is who bought, as it was when the order was placed.
type Customer struct {
	Partner partner.ID   `json:"partner"`
	Number  string       `json:"number"`
	Name    string       `json:"name"`
	Type    partner.Type `json:"type"`
	// Counterparty is the legal entity that will be invoiced.
	Counterparty partner.Counterparty `json:"counterparty"`
	// Code is the customer's code in the ERP.
	Code string `json:"code"`
}

// Line is one position; its figures are in the quote's line of the same id.
type Line struct {
	ID       LineID         `json:"id"`
	Product  catalog.ID     `json:"product"`
	SKU      catalog.SKU    `json:"sku"`
	Name     string         `json:"name"`
	Unit     string         `json:"unit"`
	Quantity money.Quantity `json:"quantity"`
	Note     string         `json:"note,omitempty"`
	Ticket   cart.TicketID  `json:"ticket,omitempty"`
	Warranty cart.Warranty  `json:"warranty,omitempty"`

	// Goods is where the quantity stands, Billed what was invoiced of it.
	Goods  Goods  `json:"goods,omitzero"`
	Billed Billed `json:"billed,omitzero"`
	Hold   *Hold  `json:"hold,omitempty"`
}

// ERPLink is what is known of the order's twin in the ERP.
type ERPLink struct {
	// ID is the ERP's own id, "" while there is none; Number its human
	// number, which may come later.
	ID     string `json:"id,omitempty"`
	Number string `json:"number,omitempty"`
	// State is the state the ERP reported last: "draft", "confirmed", ….
	State string `json:"state,omitempty"`
	// Sequence is the ERP's counter of the change applied last; what an older
	// one says of state, total and lines is ignored.
	Sequence int64 `json:"sequence,omitempty"`
	// Sent is the highest revision that may have left; Revision the highest
	// that the ERP acknowledged. Sent above Revision is an open push: it may
	// be under way, lost, or done without our knowing.
	Sent     int `json:"sent,omitempty"`
	Revision int `json:"revision,omitempty"`
	// SentAt is when the open push was about to leave, none without one.
	SentAt time.Time `json:"sent_at,omitzero"`
	// Drift is the ERP's gross total less ours when they differ.
	Drift money.Amount `json:"drift,omitzero"`
	// Problem is the ERP's last refusal, for a person; "" when all is well.
	Problem string    `json:"problem,omitempty"`
	At      time.Time `json:"at,omitzero"`
}

// Entry is one step of an order's history.
type Entry struct {
	At time.Time    `json:"at"`
	By access.Stamp `json:"by"`
	// What is the trigger fired, or what else was done: "placed", "revised",
	// "erp", "held", "released", "detached", ….
	What string `json:"what"`
	From State  `json:"from,omitempty"`
	To   State  `json:"to"`
	Note string `json:"note,omitempty"`
	// Internal steps are for the seller's side only.
	Internal bool `json:"internal,omitempty"`
}
