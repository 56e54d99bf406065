package partner

import (
	"slices"
	"strings"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
)

// PutCounterparty returns the partner with the legal entity added, or
// replacing the one of its id. A SIREN that is missing is taken from the
// SIRET. Exactly one counterparty is the default, as for addresses. Errors:
// ErrInvalid with all issues: bad check digits, a SIRET that does not start
// with the SIREN, a French VAT id that does not hold it.
func (p Partner) PutCounterparty(c Counterparty) (Partner, error) {
	c = c.normal()
	var is fault.Issues
	c.check(&is, "")
	if err := is.Err(ErrInvalid); err != nil {
		return p, err
	}
	if old, ok := p.Counterparty(c.ID); ok && old.Default {
		c.Default = true
	}
	p.Counterparties = put(p.Counterparties, c, counterpartyID)
	settle(p.Counterparties, counterpartyDefault, func(x Counterparty) bool { return c.Default && x.ID == c.ID })
	return p, nil
}

// Counterparty returns a legal entity by id; "" asks for the default one.
func (p Partner) Counterparty(id CounterpartyID) (Counterparty, bool) {
	return find(p.Counterparties, func(c Counterparty) bool {
		return id == "" && c.Default || id != "" && c.ID == id
	})
}

// CustomerCode returns the code of the customer in the ERP: the
// counterparty's own, else the partner's Number.
func (p Partner) CustomerCode(c Counterparty) string {
	if c.Code != "" {
		return c.Code
	}
	return p.Number
}

// Check reports whether the entity can order and be invoiced: it has a name,
// a country, a complete invoice address and what else is needed. All that is
// missing or wrong is in the issues of one ErrAddressIncomplete
// (Precondition, partner.address_incomplete).
func (c Counterparty) Check(need ...Need) error {
	var is fault.Issues
	check.Need(&is, "name", c.Name, maxText)
	switch {
	case c.Country == "":
		is.Add("country", "required", "is missing")
	case !c.Country.Valid():
		is.Add("country", "country.unknown", "is not a country of ISO 3166-1")
	}
	c.checkNumbers(&is, "")
	if slices.Contains(need, NeedVATID) && c.VATID == "" {
		is.Add("vat_id", "required", "is missing")
	}
	is.AddUnder("invoice_address", c.Invoice.Check())
	return is.Err(ErrAddressIncomplete)
}

// normal brings country and numbers to their stored form where they can be
// read.
func (c Counterparty) normal() Counterparty {
	c.Country = c.Country.normal()
	c.VATID = normalVATID(c.VATID)
	c.Invoice = c.Invoice.Normal()
	if s, err := ParseSiret(c.Siret); err == nil {
		c.Siret = s
		if c.Siren == "" {
			c.Siren = s[:9]
		}
	}
	if s, err := ParseSiren(c.Siren); err == nil {
		c.Siren = s
	}
	return c
}

func (c Counterparty) check(is *fault.Issues, path string) {
	at := func(field string) string { return fault.Join(path, field) }
	check.Need(is, at("id"), string(c.ID), maxText)
	check.Need(is, at("name"), c.Name, maxText)
	if c.Country != "" && !c.Country.Valid() {
		is.Add(at("country"), "country.unknown", "is not a country of ISO 3166-1")
	}
	c.checkNumbers(is, path)
	check.Line(is, at("code"), c.Code, maxText)
	if !c.Invoice.IsZero() {
		c.Invoice.check(is, at("invoice_address"))
	}
}

// checkNumbers verifies the registry numbers, each and against one another.
func (c Counterparty) checkNumbers(is *fault.Issues, path string) {
	at := func(field string) string { return fault.Join(path, field) }
	checkVATID(is, at("vat_id"), c.VATID)
	if c.Siren != "" && !inForm(c.Siren, ParseSiren) {
		is.Add(at("siren"), "siren.invalid", "is not nine digits with a right check digit")
	}
	if c.Siret != "" {
		if !inForm(c.Siret, ParseSiret) {
			is.Add(at("siret"), "siret.invalid", "is not fourteen digits with a right check digit")
		}
		if c.Siren != "" && !strings.HasPrefix(c.Siret, c.Siren) {
			is.Add(at("siret"), "siret.siren", "does not start with the SIREN")
		}
	}
	// Ids of Monaco carry 000 in place of a SIREN's beginning.
	french := strings.HasPrefix(c.VATID, "FR") && len(c.VATID) == 13 && c.VATID[4:7] != "000"
	if c.Siren != "" && french && c.VATID[4:] != c.Siren {
		is.Add(at("vat_id"), "vat_id.siren", "does not hold the SIREN")
	}
}

// inForm reports whether a number is already as its parser returns it.
func inForm(s string, parse func(string) (string, error)) bool {
	p, err := parse(s)
	return err == nil && p == s
}

func counterpartyID(c Counterparty) CounterpartyID { return c.ID }

func counterpartyDefault(c *Counterparty) *bool { return &c.Default }
