package partner

import (
	"slices"

	"github.com/comptoir-go/comptoir/fault"
)

// VATStatus says what is known of a VAT id.
type VATStatus string

// The states of a VAT id.
const (
	// VATUnknown: nobody has asked; the id counts.
	VATUnknown VATStatus = ""
	VATValid   VATStatus = "valid"
	// VATInvalid: the id counts as none.
	VATInvalid VATStatus = "invalid"
)

// VATCheck is what VIES, or who else was asked, said of a VAT id.
type VATCheck struct {
	VATID  string    `json:"vat_id"`
	Status VATStatus `json:"status"` // valid or invalid
	// On is the day of the answer, as far as it is known: a record for the reader, by
	// which nothing is decided. An answer holds until another replaces it or Register
	// clears it; who wants answers to lapse asks again, or clears them, by this day.
	On Date `json:"on,omitzero"`
}

// PutVATCheck returns the partner with the answer added, or in place of the one
// for its id. Errors: ErrInvalid with all issues.
func (p Partner) PutVATCheck(c VATCheck) (Partner, error) {
	c.VATID = normalVATID(c.VATID)
	var is fault.Issues
	c.check(&is, "")
	if err := is.Err(ErrInvalid); err != nil {
		return p, err
	}
	p.VATChecks = put(p.VATChecks, c, vatCheckID)
	return p, nil
}

// VATStatus returns what is known of a VAT id in its stored form.
func (p Partner) VATStatus(id string) VATStatus {
	i := slices.IndexFunc(p.VATChecks, func(c VATCheck) bool { return c.VATID == id })
	if i < 0 {
		return VATUnknown
	}
	return p.VATChecks[i].Status
}

func (c VATCheck) check(is *fault.Issues, path string) {
	if c.VATID == "" {
		is.Add(fault.Join(path, "vat_id"), "required", "is missing")
	}
	checkVATID(is, fault.Join(path, "vat_id"), c.VATID)
	if c.Status != VATValid && c.Status != VATInvalid {
		is.Add(fault.Join(path, "status"), "vat_status.unknown", "%q is neither valid nor invalid", c.Status)
	}
}

func vatCheckID(c VATCheck) string { return c.VATID }
