package pricing

import (
	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fsm"
)

// RedemptionState is where the use of a code stands.
type RedemptionState string

// The states.
const (
	CodeReserved  RedemptionState = "reserved"
	CodeConfirmed RedemptionState = "confirmed"
	CodeReleased  RedemptionState = "released"
	CodeLapsed    RedemptionState = "expired"
	CodeReturned  RedemptionState = "returned"
)

// RedemptionTrigger is what happens to a use of a code.
type RedemptionTrigger string

// The triggers. Reserving opens a use, prolongs it, and takes an expired one up
// again.
const (
	ReserveCode RedemptionTrigger = "reserve"
	ConfirmCode RedemptionTrigger = "confirm" // the order is placed
	ReleaseCode RedemptionTrigger = "release" // the cart lets it go
	ExpireCode  RedemptionTrigger = "expire"  // its time is up
	ReturnCode  RedemptionTrigger = "return"  // the order is given up, or takes nothing off by it any more
)

// RedemptionFacts is what the guards of the life cycle read.
type RedemptionFacts struct {
	// Refused is why the code does not apply.
	Refused []fsm.Problem
	// Live says that the reservation's time is not up.
	Live bool
	// Kept says that the campaign keeps uses of orders that are given up.
	Kept bool
}

// RedemptionLife is the type of a redemption's life cycle.
type RedemptionLife = fsm.Table[RedemptionState, RedemptionTrigger, access.Role, RedemptionFacts]

// DefaultRedemptionLife returns the life cycle of the use of a code. Who may do
// what is decided by the permission table; the roles here show its default.
func DefaultRedemptionLife() *RedemptionLife { return redemptionLife }

var (
	fillers = []access.Role{access.Designer, access.Purchaser, access.PartnerAdmin, access.Center, access.Operator, access.Admin}
	givers  = []access.Role{access.Purchaser, access.PartnerAdmin, access.Center, access.Operator, access.Admin, access.System}
	orderer = []access.Role{access.Purchaser, access.PartnerAdmin, access.Center, access.Operator, access.Admin}
	sweeper = []access.Role{access.Admin, access.System}
)

var redemptionLife = fsm.MustNew(fsm.Definition[RedemptionState, RedemptionTrigger, access.Role, RedemptionFacts]{
	Name:    "redemption",
	States:  []RedemptionState{CodeReserved, CodeConfirmed, CodeLapsed, CodeReleased, CodeReturned},
	Initial: CodeReserved,
	Final:   []RedemptionState{CodeReleased, CodeReturned},
	Roles: []fsm.Role[access.Role]{
		{Name: access.Designer, Mark: "D"}, {Name: access.Purchaser, Mark: "P"}, {Name: access.PartnerAdmin, Mark: "M"},
		{Name: access.Center, Mark: "C"}, {Name: access.Operator, Mark: "O"}, {Name: access.Admin, Mark: "A"}, {Name: access.System, Mark: "S"},
	},
	Guards: []fsm.Guard[RedemptionFacts]{
		{Name: "applies", Doc: "the campaign is on and for the buyer, and a use is free", Check: func(f RedemptionFacts) []fsm.Problem { return f.Refused }},
		{Name: "lapsed", Doc: "the time of the reservation is up", Check: func(f RedemptionFacts) []fsm.Problem {
			return unless(!f.Live, "until", "pricing.live", "the reservation still holds")
		}},
		{Name: "given back", Doc: "the campaign gives uses of cancelled orders back", Check: func(f RedemptionFacts) []fsm.Problem {
			return unless(!f.Kept, "campaign", "pricing.kept", "the campaign keeps uses of cancelled orders")
		}},
	},
	Open: []fsm.Row[RedemptionState, RedemptionTrigger, access.Role]{
		{On: ReserveCode, To: CodeReserved, Who: fillers, Guards: []string{"applies"}, Emits: []string{"redemption.reserved"}, Doc: "A cart enters the code; a use is held for it."},
	},
	Rows: []fsm.Row[RedemptionState, RedemptionTrigger, access.Role]{
		{From: CodeReserved, On: ReserveCode, To: CodeReserved, Who: fillers, Guards: []string{"applies"}, Emits: []string{"redemption.reserved"}, Doc: "The same cart enters it again; the use is held longer."},
		{From: CodeReserved, On: ConfirmCode, To: CodeConfirmed, Who: orderer, Guards: []string{"applies"}, Emits: []string{"redemption.confirmed"}, Doc: "The cart is ordered; the use counts."},
		{From: CodeReserved, On: ReleaseCode, To: CodeReleased, Who: fillers, Emits: []string{"redemption.released"}, Doc: "The code leaves the cart, or the cart goes; the use is free."},
		{From: CodeReserved, On: ExpireCode, To: CodeLapsed, Who: sweeper, Guards: []string{"lapsed"}, Emits: []string{"redemption.expired"}, Doc: "The time is up; the use has been free since."},
		{From: CodeLapsed, On: ReserveCode, To: CodeReserved, Who: fillers, Guards: []string{"applies"}, Emits: []string{"redemption.reserved"}, Doc: "The cart takes a use up again."},
		{From: CodeLapsed, On: ConfirmCode, To: CodeConfirmed, Who: orderer, Guards: []string{"applies"}, Emits: []string{"redemption.confirmed"}, Doc: "The cart is ordered late; a use was still free."},
		{From: CodeLapsed, On: ReleaseCode, To: CodeReleased, Who: fillers, Emits: []string{"redemption.released"}, Doc: "The code leaves the cart."},
		{From: CodeConfirmed, On: ReturnCode, To: CodeReturned, Who: givers, Guards: []string{"given back"}, Emits: []string{"redemption.returned"}, Doc: "The order is cancelled, rejected or deleted, or revised so that the code takes nothing off; the use is free again."},
	},
})

func unless(holds bool, path, code, message string) []fsm.Problem {
	if holds {
		return nil
	}
	return []fsm.Problem{{Path: path, Code: code, Message: message}}
}

// everyone are the roles of the table: the permission table has decided before
// a row is asked for.
var everyone = []access.Role{access.Designer, access.Purchaser, access.PartnerAdmin, access.Center, access.Operator, access.Admin, access.System}
