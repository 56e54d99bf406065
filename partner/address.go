package partner

import (
	"slices"
	"strings"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
)

// ErrAddressIncomplete says that an address must be completed before it can
// be ordered to; its issues name every field.
var ErrAddressIncomplete = fault.Define(fault.Precondition, "partner.address_incomplete", "the address must be completed first")

// Need is something an address must have beyond the postal fields.
type Need uint8

// NeedVATID asks for a VAT id on the address.
const NeedVATID Need = 1

// noPostcode lists the countries whose postal service uses no postcodes
// (Universal Postal Union, postal addressing systems).
const noPostcode = "AE AG AO AW BF BI BJ BS BW BZ CD CF CG CI CK CM DJ DM ER FJ GA GD GM GQ GY HK " +
	"KI KM KN KP ML MO MR MW NR NU QA RW SB SC SL SR ST SY TD TG TK TL TO TV UG VU YE ZW"

// UsesPostcode reports whether addresses in the country have a postcode; true
// when the country is not known.
func (c Country) UsesPostcode() bool {
	return len(c) != 2 || !strings.Contains(noPostcode, string(c))
}

// Check reports whether goods can be sent to the address: company, street,
// postcode (where the country has them), city and country are there, and what
// else is needed. All that is missing or wrong is in the issues of one
// ErrAddressIncomplete (Precondition, partner.address_incomplete).
func (a Address) Check(need ...Need) error {
	var is fault.Issues
	a.check(&is, "")
	if a.Country == "" {
		is.Add("country", "required", "is missing")
	}
	if slices.Contains(need, NeedVATID) && a.VATID == "" {
		is.Add("vat_id", "required", "is missing")
	}
	return is.Err(ErrAddressIncomplete)
}

// IsZero reports whether nothing of the address is filled in; label, id and
// default do not count.
func (a Address) IsZero() bool {
	a.ID, a.Label, a.Default = "", "", false
	return a == Address{}
}

// check notes what keeps an address from being saved. Country and VAT id may
// be missing there, as addresses from elsewhere often lack them.
func (a Address) check(is *fault.Issues, path string) {
	at := func(field string) string { return fault.Join(path, field) }
	check.Need(is, at("company"), a.Company, maxText)
	check.Need(is, at("street"), a.Street, maxText)
	if a.Country.UsesPostcode() {
		check.Need(is, at("postcode"), a.Postcode, maxText)
	} else {
		check.Line(is, at("postcode"), a.Postcode, maxText)
	}
	check.Need(is, at("city"), a.City, maxText)
	if a.Country != "" && !a.Country.Valid() {
		is.Add(at("country"), "country.unknown", "is not a country of ISO 3166-1")
	}
	checkVATID(is, at("vat_id"), a.VATID)
	for _, f := range [...]struct{ field, value string }{
		{"label", a.Label}, {"contact", a.Contact}, {"street2", a.Street2}, {"province", a.Province},
		{"phone", a.Phone}, {"fax", a.Fax},
	} {
		check.Line(is, at(f.field), f.value, maxText)
	}
}

// Normal returns the address in its stored form: texts without blanks at the
// ends, the country by alpha-2, the VAT id in capitals without blanks. A
// country or a VAT id that cannot be read stays as it is, for a check to name.
// It is for addresses that no command of this package has stored, such as a
// one-off address of an order.
func (a Address) Normal() Address {
	for _, f := range [...]*string{&a.Label, &a.Company, &a.Contact, &a.Street, &a.Street2, &a.Postcode, &a.City,
		&a.Province, &a.Phone, &a.Fax, &a.VATID} {
		*f = strings.TrimSpace(*f)
	}
	a.Country = a.Country.normal()
	a.VATID = normalVATID(a.VATID)
	return a
}

// CheckText notes what no document should carry, whether or not the address
// is complete: texts that are not UTF-8, longer than 255 characters or with
// control characters (text.encoding, text.long, text.control), and a country
// that is there and not one of ISO 3166-1 (country.unknown).
func (a Address) CheckText(is *fault.Issues, path string) {
	for _, f := range [...]struct{ field, value string }{
		{"id", string(a.ID)}, {"label", a.Label}, {"company", a.Company}, {"contact", a.Contact},
		{"street", a.Street}, {"street2", a.Street2}, {"postcode", a.Postcode}, {"city", a.City},
		{"province", a.Province}, {"phone", a.Phone}, {"fax", a.Fax}, {"vat_id", a.VATID},
	} {
		check.Line(is, fault.Join(path, f.field), f.value, maxText)
	}
	if a.Country != "" && !a.Country.Valid() {
		is.Add(fault.Join(path, "country"), "country.unknown", "is not a country of ISO 3166-1")
	}
}

func (c Country) normal() Country {
	if p, err := ParseCountry(string(c)); err == nil {
		return p
	}
	return c
}

func normalVATID(id string) string {
	if p, err := ParseVATID(id); err == nil {
		return p
	}
	return id
}

// checkVATID notes an id that is there and not in its verified, stored form.
func checkVATID(is *fault.Issues, path, id string) {
	if id == "" {
		return
	}
	p, err := ParseVATID(id)
	switch {
	case err != nil:
		is.Add(path, "vat_id.invalid", "is not a valid VAT id")
	case p != id:
		is.Add(path, "vat_id.form", "is stored as %s", p)
	}
}

// PutAddress returns the partner with the address saved: added, or replacing
// the one of its id. Exactly one address is the default: the first one saved,
// then whichever was last put as such; putting the default without the mark
// leaves it the default. Errors: ErrInvalid with the address's issues.
func (p Partner) PutAddress(a Address) (Partner, error) {
	a = a.Normal()
	var is fault.Issues
	check.Need(&is, "id", string(a.ID), maxText)
	a.check(&is, "")
	if err := is.Err(ErrInvalid); err != nil {
		return p, err
	}
	if old, ok := p.Address(a.ID); ok && old.Default {
		a.Default = true
	}
	p.Addresses = put(p.Addresses, a, addressID)
	settle(p.Addresses, addressDefault, func(x Address) bool { return a.Default && x.ID == a.ID })
	return p, nil
}

// RemoveAddress returns the partner without the address; when it was the
// default, the first that remains becomes it. Errors: ErrNoAddress.
func (p Partner) RemoveAddress(id AddressID) (Partner, error) {
	i := slices.IndexFunc(p.Addresses, func(a Address) bool { return a.ID == id })
	if i < 0 || id == "" {
		return p, ErrNoAddress
	}
	p.Addresses = slices.Concat(p.Addresses[:i], p.Addresses[i+1:])
	settle(p.Addresses, addressDefault, nil)
	return p, nil
}

// Address returns a saved address by id; "" asks for the default one.
func (p Partner) Address(id AddressID) (Address, bool) {
	if id == "" {
		return p.DefaultAddress()
	}
	return find(p.Addresses, func(a Address) bool { return a.ID == id })
}

// DefaultAddress returns the address goods go to when nothing else is said,
// false when none is saved.
func (p Partner) DefaultAddress() (Address, bool) {
	return find(p.Addresses, func(a Address) bool { return a.Default })
}

func addressID(a Address) AddressID { return a.ID }

func addressDefault(a *Address) *bool { return &a.Default }
