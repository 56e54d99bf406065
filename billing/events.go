package billing

import (
	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
)

// About says which document an event is about and who made it happen.
type About struct {
	Document ID             `json:"document"`
	Kind     Kind           `json:"kind"`
	Number   string         `json:"number"`
	Seller   SellerID       `json:"seller"`
	Partner  partner.ID     `json:"partner"`
	Orders   []order.ID     `json:"orders,omitempty"`
	By       access.ActorID `json:"by"`
}

func about(d Document, a access.Actor) About {
	out := About{Document: d.ID, Kind: d.Kind, Number: d.Number, Seller: d.Seller.ID, Partner: d.Partner, By: a.ID}
	for _, p := range d.Orders {
		out.Orders = append(out.Orders, p.Order)
	}
	return out
}

// Issued is the fact that an invoice was issued here.
type Issued struct {
	About
	Issued partner.Date `json:"issued"`
	Due    partner.Date `json:"due,omitzero"`
	Net    money.Amount `json:"net"`
	Tax    money.Amount `json:"tax"`
	Gross  money.Amount `json:"gross"`
}

// EventType implements event.Payload.
func (Issued) EventType() (string, int) { return "invoice.issued", 1 }

// Credited is the fact that a credit note was issued here. About is the credit
// note, Corrects the invoice.
type Credited struct {
	About
	Corrects Reference    `json:"corrects"`
	Reason   string       `json:"reason"`
	Net      money.Amount `json:"net"`
	Tax      money.Amount `json:"tax"`
	Gross    money.Amount `json:"gross"`
}

// EventType implements event.Payload.
func (Credited) EventType() (string, int) { return "invoice.credited", 1 }

// Mirrored is the fact that the ERP issued a document, or changed one.
type Mirrored struct {
	About
	ERPID   string       `json:"erp_id"`
	Gross   money.Amount `json:"gross"`
	Changed bool         `json:"changed,omitempty"`
	// Problem says which sums of the ERP's do not add up.
	Problem string `json:"problem,omitempty"`
}

// EventType implements event.Payload.
func (Mirrored) EventType() (string, int) { return "invoice.mirrored", 1 }

// Voided is the fact that the ERP cancelled a document.
type Voided struct {
	About
	ERPID string `json:"erp_id"`
}

// EventType implements event.Payload.
func (Voided) EventType() (string, int) { return "invoice.voided", 1 }

// Linked is the fact that the ERP said something new of the twin of a
// document of our own.
type Linked struct {
	About
	ERPID     string `json:"erp_id,omitempty"`
	ERPNumber string `json:"erp_number,omitempty"`
	State     string `json:"state,omitempty"`
	Problem   string `json:"problem,omitempty"`
}

// EventType implements event.Payload.
func (Linked) EventType() (string, int) { return "invoice.linked", 1 }

// InvoicePushRequested is the relay's work on topic event.ERP: book a document
// of our own in the ERP. The relay reads the document itself.
type InvoicePushRequested struct {
	Document ID `json:"document"`
}

// EventType implements event.Payload.
func (InvoicePushRequested) EventType() (string, int) { return "invoice.push_requested", 1 }
