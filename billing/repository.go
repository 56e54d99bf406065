package billing

import (
	"context"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// Repository keeps invoices and credit notes.
type Repository interface {
	// Get returns one document, ErrNotFound if there is none.
	Get(ctx context.Context, id ID) (Document, error)
	// ByNumber returns the document of a seller's number, ErrNotFound if there
	// is none.
	ByNumber(ctx context.Context, s SellerID, number string) (Document, error)
	// ByERP returns the document whose twin in the ERP has the id, ErrNotFound
	// if there is none.
	ByERP(ctx context.Context, erpID string) (Document, error)
	// Save inserts a document of Version 0 and replaces one of the version
	// given; a stale version is uow.ErrVersion; a taken id, number, place in a
	// chain or twin ErrExists. There is no way to delete one.
	Save(ctx context.Context, d Document) (Document, error)
	// Chain returns the records of a series from a position on, in the order
	// of the chain, at most limit.
	Chain(ctx context.Context, id HeadID, from int64, limit int) ([]Document, error)
	// Find lists documents.
	Find(ctx context.Context, q Query) (uow.Page[Header], error)
}

// Heads keeps where series stand.
type Heads interface {
	// Get returns one head, ErrNoSeries for a series that has no record yet.
	Get(ctx context.Context, id HeadID) (Head, error)
	Save(ctx context.Context, h Head) (Head, error)
}

// Payments keeps payments.
type Payments interface {
	// Get returns one payment, ErrNoPayment if there is none.
	Get(ctx context.Context, id PaymentID) (Payment, error)
	// ByERP returns the payment whose twin in the ERP has the id, ErrNoPayment
	// if there is none.
	ByERP(ctx context.Context, erpID string) (Payment, error)
	// Save inserts a payment of Version 0 and replaces one of the version
	// given; a stale version is uow.ErrVersion, a taken id, number or twin
	// ErrPaymentExists.
	Save(ctx context.Context, p Payment) (Payment, error)
	// Find lists payments, whole.
	Find(ctx context.Context, q PaymentQuery) (uow.Page[Payment], error)
}

// Query selects documents; empty fields select all.
type Query struct {
	Partner partner.ID             `json:"partner,omitempty"`
	Buyer   partner.CounterpartyID `json:"buyer,omitempty"`
	Seller  SellerID               `json:"seller,omitempty"`
	Kind    Kind                   `json:"kind,omitempty"`
	Number  string                 `json:"number,omitempty"`
	// Order selects the documents that bill an order.
	Order order.ID `json:"order,omitempty"`
	// Corrects selects the credit notes on an invoice.
	Corrects ID `json:"corrects,omitempty"`
	// Open selects documents on which something is left to pay, to set off or
	// to pay back.
	Open *bool `json:"open,omitempty"`
	// Payments selects by the state of the last payment.
	Payments []order.PaymentState `json:"payments,omitempty"`
	// From and Until bound the issue date, both included; DueUntil the due
	// date.
	From     partner.Date    `json:"from,omitzero"`
	Until    partner.Date    `json:"until,omitzero"`
	DueUntil partner.Date    `json:"due_until,omitzero"`
	Sort     Sort            `json:"sort,omitempty"`
	Page     uow.PageRequest `json:"page"`
}

// Sort is the order of a list: by issue date, and within a day by the moment
// of recording.
type Sort string

// The sorts; the default is the newest first.
const (
	NewestFirst Sort = ""
	OldestFirst Sort = "oldest"
	ByDue       Sort = "due"
)

// Header is a document in a list.
type Header struct {
	ID       ID                     `json:"id"`
	Version  int64                  `json:"version"`
	Kind     Kind                   `json:"kind"`
	Issuer   Issuer                 `json:"issuer"`
	Number   string                 `json:"number"`
	Seller   SellerID               `json:"seller"`
	Partner  partner.ID             `json:"partner"`
	Customer string                 `json:"customer,omitempty"`
	Buyer    partner.CounterpartyID `json:"buyer,omitempty"`
	Name     string                 `json:"name"` // the buyer's
	Issued   partner.Date           `json:"issued"`
	Due      partner.Date           `json:"due,omitzero"`
	Net      money.Amount           `json:"net"`
	Tax      money.Amount           `json:"tax"`
	Gross    money.Amount           `json:"gross"`
	Payable  money.Amount           `json:"payable"`
	// Left is what is not yet paid, set off or paid back.
	Left     money.Amount       `json:"left"`
	Corrects ID                 `json:"corrects,omitempty"`
	Payment  order.PaymentState `json:"payment,omitempty"`
	Void     bool               `json:"void,omitempty"`
}

// PaymentQuery selects payments; empty fields select all.
type PaymentQuery struct {
	Partner   partner.ID             `json:"partner,omitempty"`
	Buyer     partner.CounterpartyID `json:"buyer,omitempty"`
	Seller    SellerID               `json:"seller,omitempty"`
	Direction Direction              `json:"direction,omitempty"`
	States    []order.PaymentState   `json:"states,omitempty"`
	Method    Method                 `json:"method,omitempty"`
	Number    string                 `json:"number,omitempty"`
	Cheque    string                 `json:"cheque,omitempty"`
	// Document selects the payments allocated to a document, or pending for it.
	Document ID `json:"document,omitempty"`
	// From and Until bound the day of payment, both included.
	From  partner.Date `json:"from,omitzero"`
	Until partner.Date `json:"until,omitzero"`
	// Sort is NewestFirst or OldestFirst, by the day of payment.
	Sort Sort            `json:"sort,omitempty"`
	Page uow.PageRequest `json:"page"`
}

// The errors of the repositories.
var (
	ErrNotFound      = fault.Define(fault.NotFound, "billing.not_found", "no such invoice or credit note")
	ErrExists        = fault.Define(fault.Exists, "billing.exists", "an invoice with this id, number or twin is already there")
	ErrNoSeries      = fault.Define(fault.NotFound, "billing.no_series", "no such series")
	ErrSeriesExists  = fault.Define(fault.Exists, "billing.series_exists", "the series is already there")
	ErrNoPayment     = fault.Define(fault.NotFound, "billing.no_payment", "no such payment")
	ErrPaymentExists = fault.Define(fault.Exists, "billing.payment_exists", "a payment with this id, number or twin is already there")
)

// Tx is what billing changes atomically: documents, payments, the series'
// counters and chains, and the ledgers of the orders.
type Tx interface {
	order.Tx
	Invoices() Repository
	Series() Heads
	Payments() Payments
}
