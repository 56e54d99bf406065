package partner

import "github.com/comptoir-go/comptoir/access"

// Registered says that a partner is new. Event "partner.registered", schema 1.
type Registered struct {
	ID     ID             `json:"id"`
	Number string         `json:"number"`
	By     access.ActorID `json:"by"`
}

// EventType implements event.Payload.
func (Registered) EventType() (string, int) { return "partner.registered", 1 }

// Part names what of a partner was changed.
type Part string

// The parts.
const (
	PartAll            Part = "all"
	PartAddress        Part = "address"
	PartAddressRemoved Part = "address_removed"
	PartMember         Part = "member"
	PartCounterparty   Part = "counterparty"
	PartContract       Part = "contract"
	PartAgreement      Part = "agreement"
	PartVATCheck       Part = "vat_check"
)

// Changed says that a part of a partner was saved or removed; read the partner
// for what it is now. Event "partner.changed", schema 1.
type Changed struct {
	ID   ID   `json:"id"`
	What Part `json:"what"`
	// Ref is the id of the part, the VAT id of a check, empty for "all".
	Ref string         `json:"ref,omitempty"`
	By  access.ActorID `json:"by"`
}

// EventType implements event.Payload.
func (Changed) EventType() (string, int) { return "partner.changed", 1 }
