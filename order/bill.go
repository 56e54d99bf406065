package order

import (
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
)

// BillID names an invoice or credit note; package billing owns them.
type BillID string

// Bill is the order's part of one invoice or credit note.
type Bill struct {
	Document BillID       `json:"document"`
	Number   string       `json:"number"`
	Credit   bool         `json:"credit,omitempty"`
	Issued   partner.Date `json:"issued,omitzero"`
	// Net, Tax and Gross are this order's part, positive on credit notes too.
	Net   money.Amount `json:"net"`
	Tax   money.Amount `json:"tax"`
	Gross money.Amount `json:"gross"`
	// Settled is how much of Gross is paid, set off, or paid back.
	Settled money.Amount `json:"settled"`
	// Payment is the state of the last payment on the document.
	Payment PaymentState `json:"payment,omitempty"`
}

// PaymentState is where a payment stands.
type PaymentState string

// The states of payments; package billing owns their life cycle.
const (
	PaymentAwaiting   PaymentState = "awaiting"        // told of, not yet seen
	PaymentProcessing PaymentState = "processing"      // with the bank
	PaymentRefused    PaymentState = "refused"         // the bank said no
	PaymentConfirmed  PaymentState = "confirmed"       // the money is there
	PaymentCancelled  PaymentState = "cancelled"       // given up
	PaymentError      PaymentState = "technical_error" // may be tried again
)
