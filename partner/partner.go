package partner

import (
	"time"

	"github.com/comptoir-go/comptoir/access"
)

// DocKind names partners in stores and conflicts.
const DocKind = "partner"

// ID is a partner's own id; actors carry it.
type ID = access.PartnerID

// Type is what a partner is to the seller.
type Type string

// The partner types.
const (
	Dealer        Type = "dealer"
	Studio        Type = "studio" // designers
	ServiceCenter Type = "service_center"
	Internal      Type = "internal"
)

// Partner is a company that buys or repairs: what the seller agreed with it,
// who works there, which legal entities order and where goods go.
type Partner struct {
	ID      ID    `json:"id"`
	Version int64 `json:"version"`
	// Number is the customer number printed in order references
	// ("FR10002527"), letters and digits, unique in the tenant.
	Number string `json:"number"`
	Name   string `json:"name"`
	Type   Type   `json:"type"`
	// Active partners may order; the others only look.
	Active bool `json:"active"`
	// Center is set when the partner is an authorised service center.
	Center access.CenterID `json:"center,omitempty"`
	Region string          `json:"region,omitempty"`
	// Lang is the language of documents, a BCP 47 tag.
	Lang string `json:"lang,omitempty"`
	// PriceLists are the codes of the lists that apply, the first that has a
	// price wins; empty means the seller's default list.
	PriceLists []string `json:"price_lists,omitempty"`
	// Groups are the customer groups that price lists and discounts are made
	// for, by code.
	Groups []string `json:"groups,omitempty"`

	Counterparties []Counterparty `json:"counterparties,omitempty"`
	Addresses      []Address      `json:"addresses,omitempty"`
	Members        []Member       `json:"members,omitempty"`
	Contracts      []Contract     `json:"contracts,omitempty"`
	Agreements     []Agreement    `json:"agreements,omitempty"`
	// VATChecks are the VAT ids that were asked about, each once. Empty ones that are
	// not nil are written as [], so that they clear those that are recorded in JSON too.
	VATChecks []VATCheck `json:"vat_checks,omitzero"`

	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// The ids of what a partner holds; each is unique within its partner.
type (
	CounterpartyID string
	AddressID      string
	MemberID       = access.ActorID
	ContractID     string
	AgreementID    string
)

// Counterparty is a legal entity that orders and is invoiced.
type Counterparty struct {
	ID      CounterpartyID `json:"id"`
	Name    string         `json:"name"`
	Country Country        `json:"country"`
	// VATID is the full identifier with its prefix, no blanks
	// ("FR40303265045"); Siren and Siret are French registry numbers.
	VATID   string  `json:"vat_id,omitempty"`
	Siren   string  `json:"siren,omitempty"`
	Siret   string  `json:"siret,omitempty"`
	Invoice Address `json:"invoice_address"`
	// Code is the customer's code in the ERP; empty means the partner's Number.
	Code    string `json:"code,omitempty"`
	Default bool   `json:"default,omitempty"`
}

// Address is where goods or invoices go.
type Address struct {
	ID       AddressID `json:"id,omitempty"`
	Label    string    `json:"label,omitempty"`
	Company  string    `json:"company"`
	Contact  string    `json:"contact,omitempty"`
	Street   string    `json:"street"`
	Street2  string    `json:"street2,omitempty"`
	Postcode string    `json:"postcode"`
	City     string    `json:"city"`
	Province string    `json:"province,omitempty"`
	Country  Country   `json:"country"`
	Phone    string    `json:"phone,omitempty"`
	Fax      string    `json:"fax,omitempty"`
	VATID    string    `json:"vat_id,omitempty"`
	Default  bool      `json:"default,omitempty"`
}

// Member is a person who works for the partner.
type Member struct {
	ID    MemberID      `json:"id"`
	Name  string        `json:"name"`
	Email string        `json:"email,omitempty"`
	Phone string        `json:"phone,omitempty"`
	Roles []access.Role `json:"roles"`
	Lang  string        `json:"lang,omitempty"`
	// Active members may act.
	Active bool `json:"active"`
}

// Contract is the legal frame under which one counterparty buys.
type Contract struct {
	ID           ContractID     `json:"id"`
	Number       string         `json:"number"`
	Counterparty CounterpartyID `json:"counterparty"`
	Validity
}

// Agreement is a commercial arrangement with the partner; prices and
// discounts refer to it by id.
type Agreement struct {
	ID   AgreementID `json:"id"`
	Name string      `json:"name"`
	// Contract is the frame it belongs to, "" when it stands alone.
	Contract ContractID `json:"contract,omitempty"`
	Validity
}

// Validity is a span of days, both ends included; a zero end is open. Only
// the date counts, in the tenant's zone.
type Validity struct {
	From  Date `json:"from,omitzero"`
	Until Date `json:"until,omitzero"`
}
