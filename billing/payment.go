package billing

import (
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
)

// PaymentDocKind names payments in stores, subjects and conflicts.
const PaymentDocKind = "payment"

// PaymentID names a payment.
type PaymentID string

// Direction says which way money goes.
type Direction string

// The directions.
const (
	Incoming Direction = "incoming" // from the customer
	Refund   Direction = "refund"   // back to the customer
)

// Method is how a payment is made; sellers may have methods of their own.
type Method string

// The methods of the library.
const (
	Transfer    Method = "transfer"
	Card        Method = "card"
	Cheque      Method = "cheque" // needs its number
	DirectDebit Method = "direct_debit"
	Cash        Method = "cash"
	OtherMethod Method = "other"
)

// Payment is money that a customer pays, or gets back.
type Payment struct {
	ID      PaymentID `json:"id"`
	Version int64     `json:"version"`
	// Number is what people read: "P-2026-000001", or the ERP's.
	Number    string    `json:"number"`
	Direction Direction `json:"direction"`
	Seller    SellerID  `json:"seller"`
	// Partner is who may see it, Buyer the legal entity that pays.
	Partner partner.ID             `json:"partner"`
	Buyer   partner.CounterpartyID `json:"buyer,omitempty"`
	State   order.PaymentState     `json:"state"`
	Method  Method                 `json:"method"`
	// Cheque is the cheque's number; Reference the text on the transfer.
	Cheque    string       `json:"cheque,omitempty"`
	Reference string       `json:"reference,omitempty"`
	Amount    money.Amount `json:"amount"` // above zero
	// Date is the day of payment: when it was made or will be, and from the
	// confirmation on the day the money was there.
	Date partner.Date `json:"date"`
	// Allocations are what it pays, each above zero, together at most Amount.
	// What they leave of a confirmed payment is credit owed to the customer.
	Allocations []Allocation `json:"allocations,omitempty"`
	// Pending is what the ERP says that a confirmed payment of its own pays
	// besides, and the documents have no room for yet: credit owed till then.
	Pending []Allocation `json:"pending,omitempty"`
	Note    string       `json:"note,omitempty"`
	// History holds every step, oldest first, append only.
	History   []PaymentStep `json:"history"`
	ERP       order.Twin    `json:"erp,omitzero"`
	CreatedBy access.Stamp  `json:"created_by"`
	CreatedAt time.Time     `json:"created_at"`
	UpdatedAt time.Time     `json:"updated_at"`
}

// Allocation is the part of a payment that goes to one document: of an
// incoming payment an invoice, of a refund a credit note; or, of a refund, the
// payment whose rest is paid back. A payment whose rest is promised back, or was
// paid back, names the refund in turn.
type Allocation struct {
	Document ID           `json:"document,omitempty"`
	Payment  PaymentID    `json:"payment,omitempty"`
	Number   string       `json:"number"`
	Amount   money.Amount `json:"amount"`
	// On is the day from which it counts: the later of the day of payment and
	// the document's issue date. Before the confirmation an allocation is a
	// wish and counts from no day; what was refused keeps it, for the record.
	On partner.Date `json:"on"`
}

// PaymentStep is one step of a payment.
type PaymentStep struct {
	At   time.Time          `json:"at"`
	By   access.Stamp       `json:"by"`
	What string             `json:"what"`
	From order.PaymentState `json:"from,omitempty"`
	To   order.PaymentState `json:"to"`
	// On is the day from which a step counts that moves money: a
	// confirmation, or the refusal of what was confirmed.
	On   partner.Date `json:"on,omitzero"`
	Note string       `json:"note,omitempty"`
}
