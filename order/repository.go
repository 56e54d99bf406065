package order

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// Repository keeps orders.
type Repository interface {
	// Get returns one order, ErrNotFound if there is none.
	Get(ctx context.Context, id ID) (Order, error)
	// ByRef returns the order of a reference, ErrNotFound if there is none.
	ByRef(ctx context.Context, ref Ref) (Order, error)
	// ByERP returns the order whose twin in the ERP has the id, ErrNotFound if
	// there is none.
	ByERP(ctx context.Context, erpID string) (Order, error)
	// Holds reports whether any order names the blob among its files.
	Holds(ctx context.Context, h blob.Hash) (bool, error)
	// Save inserts an order of Version 0 and replaces one of the version
	// given; it returns the saved value with its new Version. A stale version
	// is uow.ErrVersion, a taken id or Ref ErrExists.
	Save(ctx context.Context, o Order) (Order, error)
	// Delete removes the order at the version given.
	Delete(ctx context.Context, id ID, version int64) error
	// Find lists orders in the order asked for.
	Find(ctx context.Context, q Query) (uow.Page[Header], error)
}

// Query selects orders; empty fields select all. Conditions are joined by
// "and".
type Query struct {
	Partner partner.ID `json:"partner,omitempty"`
	// Consumer is matched against the beginnings of the words of the
	// customer's name and number, case and accents ignored; all must match.
	Consumer string `json:"consumer,omitempty"`
	Ref      Ref    `json:"ref,omitempty"`
	// Note is matched against the beginnings of words like Consumer.
	Note string `json:"note,omitempty"`
	// ERPNumber is the number in the ERP, exact.
	ERPNumber string `json:"erp_number,omitempty"`
	// Invoice is the number of an invoice or credit note on the order, exact.
	Invoice string `json:"invoice,omitempty"`
	// Text is matched like Consumer against reference, customer, title, note,
	// the customer's number, the ERP's and the lines' article numbers.
	Text string `json:"text,omitempty"`
	// States selects any of these; empty leaves finished ones (closed) out
	// unless Done is set, and cancelled and rejected ones unless Cancelled is;
	// All sets both. The service sets All for a query by Ref, ERPNumber,
	// Invoice or Ticket.
	States    []State `json:"states,omitempty"`
	Done      bool    `json:"done,omitempty"`
	Cancelled bool    `json:"cancelled,omitempty"`
	All       bool    `json:"all,omitempty"`
	// Deliveries, Invoicings and Moneys select any of these positions on the
	// axes; Payments any of these states of the last payment.
	Deliveries []Delivered    `json:"deliveries,omitempty"`
	Invoicings []Invoiced     `json:"invoicings,omitempty"`
	Moneys     []Paid         `json:"moneys,omitempty"`
	Payments   []PaymentState `json:"payments,omitempty"`
	// Progress selects by the last progress told, Undefined included.
	Progress []Step `json:"progress,omitempty"`
	Source   string `json:"source,omitempty"`
	Language string `json:"language,omitempty"`
	Follow   *bool  `json:"follow,omitempty"`
	Held     *bool  `json:"held,omitempty"`
	Released *bool  `json:"released,omitempty"`
	// AtLeast and AtMost bound the gross total, both included; they select
	// orders of their currency.
	AtLeast money.Amount `json:"at_least,omitzero"`
	AtMost  money.Amount `json:"at_most,omitzero"`
	// Ticket and SKU select orders with such a line.
	Ticket       cart.TicketID  `json:"ticket,omitempty"`
	SKU          catalog.SKU    `json:"sku,omitempty"`
	CustomerType partner.Type   `json:"customer_type,omitempty"`
	InsertedBy   access.ActorID `json:"inserted_by,omitempty"`
	Direct       *bool          `json:"direct,omitempty"`
	// From (included) and Until (excluded) bound the instant of placing.
	From  time.Time       `json:"from,omitzero"`
	Until time.Time       `json:"until,omitzero"`
	Sort  Sort            `json:"sort,omitempty"`
	Page  uow.PageRequest `json:"page"`
}

// Sort is the order of a list.
type Sort string

// The sorts; the default is the newest first.
const (
	NewestFirst Sort = ""
	OldestFirst Sort = "oldest"
	ByRef       Sort = "ref"
	ByRefDesc   Sort = "ref_desc"
	// By customer number, title, first article and last change; those that
	// are equal by reference.
	ByCustomer     Sort = "customer"
	ByCustomerDesc Sort = "customer_desc"
	ByTitle        Sort = "title"
	ByTitleDesc    Sort = "title_desc"
	ByProduct      Sort = "product"
	ByProductDesc  Sort = "product_desc"
	ByChange       Sort = "change"
	ByChangeDesc   Sort = "change_desc"
)

// Header is an order in a list.
type Header struct {
	ID           ID             `json:"id"`
	Version      int64          `json:"version"`
	Ref          Ref            `json:"ref"`
	State        State          `json:"state"`
	Partner      partner.ID     `json:"partner"`
	Customer     string         `json:"customer"`
	CustomerName string         `json:"customer_name"`
	CustomerType partner.Type   `json:"customer_type"`
	InsertedBy   access.ActorID `json:"inserted_by"`
	PlacedAt     time.Time      `json:"placed_at"`
	Gross        money.Amount   `json:"gross"`
	Lines        int            `json:"lines"`
	// Tickets says that a line is tied to a service ticket.
	Tickets   bool   `json:"tickets,omitempty"`
	Direct    bool   `json:"direct,omitempty"`
	ERPNumber string `json:"erp_number,omitempty"`
	Title     string `json:"title,omitempty"`
	Source    string `json:"source,omitempty"`
	Language  string `json:"language,omitempty"`
	// Product is the first line's article number.
	Product   catalog.SKU `json:"product,omitempty"`
	UpdatedAt time.Time   `json:"updated_at"`
	// The axes, the last progress and the state of the last payment.
	Delivered Delivered    `json:"delivered"`
	Invoiced  Invoiced     `json:"invoiced"`
	Paid      Paid         `json:"paid"`
	Progress  Step         `json:"progress,omitempty"`
	Payment   PaymentState `json:"payment,omitempty"`
	// Invoice is the number of the last invoice or credit note.
	Invoice  string `json:"invoice,omitempty"`
	Follow   bool   `json:"follow,omitempty"`
	Held     bool   `json:"held,omitempty"`
	Released bool   `json:"released,omitempty"`
}

// The errors of the repository.
var (
	ErrNotFound = fault.Define(fault.NotFound, "order.not_found", "no such order")
	ErrExists   = fault.Define(fault.Exists, "order.exists", "an order with this id or reference is already there")
)
