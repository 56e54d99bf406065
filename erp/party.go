package erp

import (
	"encoding/json"
	"fmt"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
)

// Party is whom the ERP sells to: one legal entity, as the ERP keeps it. An ERP
// may keep suppliers, carriers and the company itself among them.
type Party struct {
	Head
	// Code is the customer's code, the one of Order.Customer.
	Code string `json:"code"`
	Name string `json:"name"`
	// VATID is the identifier with its prefix, "FR40303265045"; "" where the ERP
	// knows none.
	VATID string `json:"vat_id,omitempty"`
	// Addresses are those in use, the one that the ERP prefers first.
	Addresses []PartyAddress `json:"addresses,omitempty"`
	Email     string         `json:"email,omitempty"`
	Phone     string         `json:"phone,omitempty"`
	// Lang is the language of its documents, a BCP 47 tag.
	Lang string `json:"lang,omitempty"`
	// Groups are the ERP's words for what kind of party it is.
	Groups []string `json:"groups,omitempty"`
	Active bool     `json:"active"`
	// Raw is what else the ERP says, for the integrator's own mapping.
	Raw json.RawMessage `json:"raw,omitempty"`
}

// PartyAddress is an address of a party, its Code unique within the party, and
// what it is for. Where none says so they are for both.
type PartyAddress struct {
	Address
	Invoice  bool `json:"invoice,omitempty"`
	Delivery bool `json:"delivery,omitempty"`
}

// Check validates a party: its code and name, and addresses each with a code of
// its own. Whether a VAT id is one, and an address complete, is another matter.
func (p Party) Check() error {
	var is fault.Issues
	p.Head.check(&is)
	check.Need(&is, "code", p.Code, wordMax)
	check.Need(&is, "name", p.Name, textMax)
	check.Line(&is, "vat_id", p.VATID, wordMax)
	check.Line(&is, "email", p.Email, textMax)
	check.Line(&is, "phone", p.Phone, wordMax)
	check.Lang(&is, "lang", p.Lang)
	for i, g := range p.Groups {
		check.Need(&is, fmt.Sprintf("groups[%d]", i), g, wordMax)
	}
	seen := map[string]bool{}
	for i, a := range p.Addresses {
		a.check(&is, fmt.Sprintf("addresses[%d]", i), seen)
	}
	checkRaw(&is, p.Raw)
	return is.Err(ErrInvalidDocument)
}

func (a PartyAddress) check(is *fault.Issues, path string, seen map[string]bool) {
	check.Need(is, fault.Join(path, "code"), a.Code, wordMax)
	if seen[a.Code] {
		is.Add(fault.Join(path, "code"), "code.repeated", "the code %q stands twice", a.Code)
	}
	seen[a.Code] = true
	for _, f := range [...]struct{ field, value string }{
		{"name", a.Name}, {"contact", a.Contact}, {"street", a.Street}, {"street2", a.Street2}, {"post_code", a.PostCode},
		{"city", a.City}, {"region", a.Region}, {"phone", a.Phone}, {"email", a.Email},
	} {
		check.Line(is, fault.Join(path, f.field), f.value, textMax)
	}
	checkCountry(is, fault.Join(path, "country"), a.Country)
}
