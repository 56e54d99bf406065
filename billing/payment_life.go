package billing

import (
	"strings"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/order"
)

// PaymentTrigger is what somebody does to a payment.
type PaymentTrigger string

// The triggers.
const (
	Process PaymentTrigger = "process" // hand it to the bank
	Confirm PaymentTrigger = "confirm" // the money is there; of a refund, it has left
	Refuse  PaymentTrigger = "refuse"  // the bank said no, or took it back
	Fail    PaymentTrigger = "fail"    // a technical error, may be tried again
	Cancel  PaymentTrigger = "cancel"  // give it up
)

// Opening triggers: how a payment begins.
const (
	opRecord  PaymentTrigger = "record"
	opPromise PaymentTrigger = "promise"
)

// PaymentFacts is what the guards of the life cycle read.
type PaymentFacts struct {
	Direction Direction
	// Reason is what the actor says.
	Reason string
	// Cheque is what the payment lacks as a cheque: its number.
	Cheque []fsm.Problem
	// Source is why what a refund pays back is not there any more.
	Source []fsm.Problem
}

// PaymentLife is the type of a payment's life cycle.
type PaymentLife = fsm.Table[order.PaymentState, PaymentTrigger, access.Role, PaymentFacts]

// DefaultPaymentLife returns the life cycle of payments and refunds. Payments
// that the ERP keeps follow the ERP, not this table.
func DefaultPaymentLife() *PaymentLife { return paymentLife }

var (
	payers   = []access.Role{access.Purchaser, access.Accountant, access.PartnerAdmin, access.Center}
	cashiers = []access.Role{access.Operator, access.Admin, access.System}
	clerks   = []access.Role{access.Operator, access.Admin}

	told  = []string{"payment.recorded"}
	moved = []string{"payment.advanced"}
	ready = []string{"cheque", "source"}
)

var paymentLife = fsm.MustNew(fsm.Definition[order.PaymentState, PaymentTrigger, access.Role, PaymentFacts]{
	Name: "payment",
	States: []order.PaymentState{order.PaymentAwaiting, order.PaymentProcessing, order.PaymentError, order.PaymentConfirmed,
		order.PaymentRefused, order.PaymentCancelled},
	Initial: order.PaymentAwaiting,
	Final:   []order.PaymentState{order.PaymentRefused, order.PaymentCancelled},
	Roles: []fsm.Role[access.Role]{
		{Name: access.Purchaser, Mark: "P"}, {Name: access.Accountant, Mark: "B"}, {Name: access.PartnerAdmin, Mark: "M"},
		{Name: access.Center, Mark: "C"}, {Name: access.Operator, Mark: "O"}, {Name: access.Admin, Mark: "A"}, {Name: access.System, Mark: "S"},
	},
	Guards: []fsm.Guard[PaymentFacts]{
		{Name: "incoming", Doc: "the money comes from the customer", Check: checkIncoming},
		{Name: "cheque", Doc: "a cheque has its number", Check: func(f PaymentFacts) []fsm.Problem { return f.Cheque }},
		{Name: "source", Doc: "what a refund pays back is still there", Check: func(f PaymentFacts) []fsm.Problem { return f.Source }},
		{Name: "reason", Doc: "a reason of 1 to 2000 characters is given", Check: checkReason},
	},
	Open: []fsm.Row[order.PaymentState, PaymentTrigger, access.Role]{
		{On: opRecord, To: order.PaymentAwaiting, Who: append(append([]access.Role(nil), payers...), clerks...), Emits: told, Doc: "Somebody tells of a payment."},
		{On: opPromise, To: order.PaymentAwaiting, Who: clerks, Emits: told, Doc: "The seller promises a refund; the credit is reserved."},
	},
	Rows: []fsm.Row[order.PaymentState, PaymentTrigger, access.Role]{
		{From: order.PaymentAwaiting, On: Process, To: order.PaymentProcessing, Who: cashiers, Guards: ready, Emits: moved, Doc: "The bank has it."},
		{From: order.PaymentAwaiting, On: Confirm, To: order.PaymentConfirmed, Who: cashiers, Guards: ready, Emits: moved, Doc: "The money is there; it settles what it was for."},
		{From: order.PaymentAwaiting, On: Refuse, To: order.PaymentRefused, Who: cashiers, Guards: []string{"reason"}, Emits: moved, Doc: "The bank or the seller says no."},
		{From: order.PaymentAwaiting, On: Fail, To: order.PaymentError, Who: cashiers, Guards: []string{"reason"}, Emits: moved, Doc: "It could not be handed over."},
		{From: order.PaymentAwaiting, On: Cancel, To: order.PaymentCancelled, Who: payers, Guards: []string{"incoming"}, Emits: moved, Doc: "The customer gives his payment up."},
		{From: order.PaymentAwaiting, On: Cancel, To: order.PaymentCancelled, Who: clerks, Emits: moved, Doc: "The seller gives it up; a promised credit is free again."},
		{From: order.PaymentProcessing, On: Confirm, To: order.PaymentConfirmed, Who: cashiers, Guards: ready, Emits: moved, Doc: "The money is there; it settles what it was for."},
		{From: order.PaymentProcessing, On: Refuse, To: order.PaymentRefused, Who: cashiers, Guards: []string{"reason"}, Emits: moved, Doc: "The bank says no."},
		{From: order.PaymentProcessing, On: Fail, To: order.PaymentError, Who: cashiers, Guards: []string{"reason"}, Emits: moved, Doc: "Something broke on the way."},
		{From: order.PaymentProcessing, On: Cancel, To: order.PaymentCancelled, Who: clerks, Emits: moved, Doc: "It was called back in time."},
		{From: order.PaymentError, On: Process, To: order.PaymentProcessing, Who: cashiers, Guards: ready, Emits: moved, Doc: "It is tried again."},
		{From: order.PaymentError, On: Confirm, To: order.PaymentConfirmed, Who: cashiers, Guards: ready, Emits: moved, Doc: "The money came all the same."},
		{From: order.PaymentError, On: Cancel, To: order.PaymentCancelled, Who: clerks, Emits: moved, Doc: "It is not tried again."},
		{From: order.PaymentConfirmed, On: Refuse, To: order.PaymentRefused, Who: cashiers, Guards: []string{"reason"}, Emits: moved, Doc: "It bounced; what it settled is open again."},
	},
})

func checkIncoming(f PaymentFacts) []fsm.Problem {
	if f.Direction == Incoming {
		return nil
	}
	return []fsm.Problem{{Path: "direction", Code: "billing.refund", Message: "a refund is the seller's to give up"}}
}

func checkReason(f PaymentFacts) []fsm.Problem {
	text := strings.TrimSpace(f.Reason)
	switch {
	case text == "":
		return []fsm.Problem{{Path: "reason", Code: "reason.missing", Message: "say why"}}
	case len([]rune(text)) > order.ReasonMax:
		return []fsm.Problem{{Path: "reason", Code: "reason.too_long", Message: "at most 2000 characters"}}
	}
	return nil
}

// PaymentActionOf is the permission that a trigger needs. Machines, which
// report what banks say, may settle with payment.report as well.
func PaymentActionOf(t PaymentTrigger) access.Action {
	switch t {
	case opRecord, Cancel:
		return access.PaymentRecord
	}
	return access.PaymentSettle
}
