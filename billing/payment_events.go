package billing

import (
	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
)

// Settled is the fact that nothing is left of an invoice or credit note.
type Settled struct {
	About
	Payable money.Amount `json:"payable"`
}

// EventType implements event.Payload.
func (Settled) EventType() (string, int) { return "invoice.settled", 1 }

// Reopened is the fact that something is left again of a settled document: a
// payment bounced, or was allocated elsewhere.
type Reopened struct {
	About
	Left money.Amount `json:"left"`
}

// EventType implements event.Payload.
func (Reopened) EventType() (string, int) { return "invoice.reopened", 1 }

// OffSet is the fact that a credit note was set off against an invoice.
type OffSet struct {
	About
	Against       ID           `json:"against"`
	AgainstNumber string       `json:"against_number"`
	Amount        money.Amount `json:"amount"`
}

// EventType implements event.Payload.
func (OffSet) EventType() (string, int) { return "invoice.set_off", 1 }

// AboutPayment says which payment an event is about and who made it happen.
type AboutPayment struct {
	Payment   PaymentID      `json:"payment"`
	Number    string         `json:"number"`
	Direction Direction      `json:"direction"`
	Partner   partner.ID     `json:"partner"`
	By        access.ActorID `json:"by"`
}

func aboutPayment(p Payment, a access.Actor) AboutPayment {
	return AboutPayment{Payment: p.ID, Number: p.Number, Direction: p.Direction, Partner: p.Partner, By: a.ID}
}

// PaymentRecorded is the fact that a payment was told of, or a refund
// promised.
type PaymentRecorded struct {
	AboutPayment
	Method Method       `json:"method"`
	Amount money.Amount `json:"amount"`
	Date   partner.Date `json:"date"`
}

// EventType implements event.Payload.
func (PaymentRecorded) EventType() (string, int) { return "payment.recorded", 1 }

// PaymentAdvanced is the fact that a payment reached another state.
type PaymentAdvanced struct {
	AboutPayment
	From   order.PaymentState `json:"from"`
	To     order.PaymentState `json:"to"`
	Amount money.Amount       `json:"amount"`
	// On is the day from which the money counts, or no longer counts.
	On partner.Date `json:"on,omitzero"`
	// Rest is what a confirmed payment leaves as credit owed.
	Rest   money.Amount `json:"rest,omitzero"`
	Reason string       `json:"reason,omitempty"`
}

// EventType implements event.Payload.
func (PaymentAdvanced) EventType() (string, int) { return "payment.advanced", 1 }

// PaymentAllocated is the fact that confirmed money was given to documents, or
// taken from them.
type PaymentAllocated struct {
	AboutPayment
	Allocations []Allocation `json:"allocations"`
	Rest        money.Amount `json:"rest"`
}

// EventType implements event.Payload.
func (PaymentAllocated) EventType() (string, int) { return "payment.allocated", 1 }

// PaymentMirrored is the fact that the ERP told of a payment of its own, for
// the first time or anew.
type PaymentMirrored struct {
	AboutPayment
	State  order.PaymentState `json:"state"`
	Amount money.Amount       `json:"amount"`
	Date   partner.Date       `json:"date"`
	Rest   money.Amount       `json:"rest"`
	ERPID  string             `json:"erp_id"`
}

// EventType implements event.Payload.
func (PaymentMirrored) EventType() (string, int) { return "payment.mirrored", 1 }

// PaymentLinked is the fact that the ERP said something new of a payment's
// twin.
type PaymentLinked struct {
	AboutPayment
	ERPID   string `json:"erp_id,omitempty"`
	ERPNo   string `json:"erp_number,omitempty"`
	State   string `json:"state,omitempty"`
	Problem string `json:"problem,omitempty"`
}

// EventType implements event.Payload.
func (PaymentLinked) EventType() (string, int) { return "payment.linked", 1 }

// PaymentPushRequested is the relay's work on topic event.ERP: book a payment
// that was confirmed here. The relay reads the payment itself.
type PaymentPushRequested struct {
	Payment PaymentID `json:"payment"`
}

// EventType implements event.Payload.
func (PaymentPushRequested) EventType() (string, int) { return "payment.push_requested", 1 }
