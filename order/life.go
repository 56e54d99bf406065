package order

import (
	"strings"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fsm"
)

// Facts is what the guards of the life cycle read.
type Facts struct {
	// Reason is what the actor says.
	Reason string
	// Gaps is what an order lacks to be submitted: addresses, lines.
	Gaps []fsm.Problem
	// Held is what of the order is on hold.
	Held []fsm.Problem
	// Invoiced are the invoices that are not wholly credited; none when the ERP
	// says that it cancelled the order.
	Invoiced []fsm.Problem
}

// Life is the type of an order's life cycle.
type Life = fsm.Table[State, Trigger, access.Role, Facts]

// ReasonMax is the longest reason, in runes.
const ReasonMax = 2000

// Opening triggers: how an order begins.
const (
	opPlace Trigger = "place"
	opWrite Trigger = "write"
)

var (
	buyers  = []access.Role{access.Purchaser, access.PartnerAdmin, access.Center, access.Operator, access.Admin}
	sellers = []access.Role{access.Operator, access.Admin}
	reports = []access.Role{access.System, access.Operator, access.Admin}
	undoers = []access.Role{access.System, access.Admin}
)

// DefaultLife returns the life cycle of the agreement between buyer and
// seller. Extend it and pass it in Options.Life to add rows, guards or roles.
func DefaultLife() *Life { return defaultLife }

var defaultLife = fsm.MustNew(fsm.Definition[State, Trigger, access.Role, Facts]{
	Name:    "order",
	States:  []State{Draft, Awaiting, Validated, Confirmed, Rejected, Cancelled, Closed},
	Initial: Draft,
	Final:   []State{Rejected, Cancelled, Closed},
	Roles: []fsm.Role[access.Role]{
		{Name: access.Purchaser, Mark: "P"}, {Name: access.PartnerAdmin, Mark: "M"}, {Name: access.Center, Mark: "C"},
		{Name: access.Operator, Mark: "O"}, {Name: access.Admin, Mark: "A"}, {Name: access.System, Mark: "S"},
	},
	Guards: []fsm.Guard[Facts]{
		{Name: "complete", Doc: "addresses, VAT id and lines are there", Check: func(f Facts) []fsm.Problem { return f.Gaps }},
		{Name: "not_held", Doc: "neither the order nor a line of it is on hold", Check: func(f Facts) []fsm.Problem { return f.Held }},
		{Name: "not_invoiced", Doc: "no invoice stands that is not wholly credited", Check: func(f Facts) []fsm.Problem { return f.Invoiced }},
		{Name: "reason", Doc: "a reason of 1 to 2000 characters is given", Check: checkReason},
	},
	Open: []fsm.Row[State, Trigger, access.Role]{
		{On: opWrite, To: Draft, Who: buyers, Emits: []string{"order.placed"}, Doc: "A cart becomes an order that is not yet submitted."},
		{On: opPlace, To: Awaiting, Who: buyers, Guards: []string{"complete"}, Emits: []string{"order.placed"}, Doc: "A cart becomes an order that the seller has to validate."},
	},
	Rows: []fsm.Row[State, Trigger, access.Role]{
		{From: Draft, On: Submit, To: Awaiting, Who: buyers, Guards: []string{"complete"}, Emits: []string{"order.advanced"}, Doc: "The buyer asks for validation."},
		{From: Draft, On: Cancel, To: Cancelled, Who: buyers, Guards: []string{"not_invoiced"}, Emits: []string{"order.advanced"}, Doc: "The buyer gives the draft up."},
		{From: Awaiting, On: Recall, To: Draft, Who: buyers, Emits: []string{"order.advanced"}, Doc: "The buyer takes the order back to change it."},
		{From: Awaiting, On: Validate, To: Validated, Who: sellers, Guards: []string{"complete", "not_held"}, Emits: []string{"order.advanced"}, Doc: "The seller accepts; from here on the order is frozen."},
		{From: Awaiting, On: Reject, To: Rejected, Who: sellers, Guards: []string{"reason"}, Emits: []string{"order.advanced"}, Doc: "The seller refuses, with a reason."},
		{From: Awaiting, On: Cancel, To: Cancelled, Who: buyers, Guards: []string{"not_invoiced"}, Emits: []string{"order.advanced"}, Doc: "The buyer withdraws before validation."},
		{From: Validated, On: Confirm, To: Confirmed, Who: reports, Emits: []string{"order.advanced"}, Doc: "The ERP has confirmed the order."},
		{From: Validated, On: Cancel, To: Cancelled, Who: undoers, Guards: []string{"reason", "not_invoiced"}, Emits: []string{"order.advanced"}, Doc: "The ERP cancelled it, or an admin undoes a validation that the ERP refuses."},
		{From: Confirmed, On: Close, To: Closed, Who: reports, Emits: []string{"order.advanced"}, Doc: "Nothing is left to do."},
		{From: Confirmed, On: Cancel, To: Cancelled, Who: undoers, Guards: []string{"reason", "not_invoiced"}, Emits: []string{"order.advanced"}, Doc: "The ERP cancelled the confirmed order."},
	},
})

func checkReason(f Facts) []fsm.Problem {
	text := strings.TrimSpace(f.Reason)
	switch {
	case text == "":
		return []fsm.Problem{{Path: "reason", Code: "reason.missing", Message: "say why"}}
	case len([]rune(text)) > ReasonMax:
		return []fsm.Problem{{Path: "reason", Code: "reason.too_long", Message: "at most 2000 characters"}}
	}
	return nil
}

// Editable reports whether the order may still be changed or deleted: until
// the seller has validated it.
func (o Order) Editable() bool { return o.State == Draft || o.State == Awaiting }
