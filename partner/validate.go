package partner

import (
	"fmt"
	"slices"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
)

// maxNumber bounds customer numbers, in bytes, as order references print them.
const maxNumber = 32

// Validate reports everything that keeps the partner from being saved, as the
// issues of one ErrInvalid (Invalid, partner.invalid). A country or VAT id
// that is missing is no issue here; Address.Check and Counterparty.Check ask
// for them before an order.
func (p Partner) Validate() error {
	var is fault.Issues
	p.checkHead(&is)
	for i, c := range p.Counterparties {
		c.check(&is, indexed("counterparties", i))
	}
	for i, a := range p.Addresses {
		path := indexed("addresses", i)
		check.Need(&is, fault.Join(path, "id"), string(a.ID), maxText)
		a.check(&is, path)
	}
	for i, m := range p.Members {
		m.check(&is, indexed("members", i))
	}
	for i, c := range p.Contracts {
		p.checkContract(&is, indexed("contracts", i), c)
	}
	for i, a := range p.Agreements {
		p.checkAgreement(&is, indexed("agreements", i), a)
	}
	for i, c := range p.VATChecks {
		c.check(&is, indexed("vat_checks", i))
	}
	p.checkIdentity(&is)
	return is.Err(ErrInvalid)
}

func (p Partner) checkHead(is *fault.Issues) {
	check.Need(is, "id", string(p.ID), maxText)
	check.Need(is, "name", p.Name, maxText)
	switch {
	case p.Number == "":
		is.Add("number", "required", "is missing")
	case len(p.Number) > maxNumber || !lettersAndDigits(p.Number):
		is.Add("number", "number.shape", "is not 1 to %d letters and digits", maxNumber)
	}
	if !slices.Contains([]Type{Dealer, Studio, ServiceCenter, Internal}, p.Type) {
		is.Add("type", "type.unknown", "is none of the partner types")
	}
	check.Line(is, "center", string(p.Center), maxText)
	check.Line(is, "region", p.Region, maxText)
	check.Lang(is, "lang", p.Lang)
	for i, l := range p.PriceLists {
		check.Line(is, indexed("price_lists", i), l, maxText)
		if slices.Contains(p.PriceLists[:i], l) {
			is.Add(indexed("price_lists", i), "price_list.twice", "is there twice")
		}
	}
	for i, l := range p.Groups {
		check.Line(is, indexed("groups", i), l, maxText)
		if slices.Contains(p.Groups[:i], l) {
			is.Add(indexed("groups", i), "group.twice", "is there twice")
		}
	}
}

// checkIdentity finds ids that are there twice and defaults that are not
// exactly one.
func (p Partner) checkIdentity(is *fault.Issues) {
	unique(is, "counterparties", p.Counterparties, counterpartyID)
	unique(is, "addresses", p.Addresses, addressID)
	unique(is, "members", p.Members, memberID)
	unique(is, "contracts", p.Contracts, contractID)
	unique(is, "agreements", p.Agreements, agreementID)
	for i, c := range p.VATChecks {
		if slices.ContainsFunc(p.VATChecks[:i], func(o VATCheck) bool { return o.VATID == c.VATID }) {
			is.Add(indexed("vat_checks", i)+".vat_id", "id.twice", "is there twice")
		}
	}
	oneDefault(is, "counterparties", p.Counterparties, counterpartyDefault)
	oneDefault(is, "addresses", p.Addresses, addressDefault)
}

func unique[E any, K comparable](is *fault.Issues, path string, list []E, id func(E) K) {
	seen := make(map[K]struct{}, len(list))
	for i, e := range list {
		if _, ok := seen[id(e)]; ok {
			is.Add(indexed(path, i)+".id", "id.twice", "is there twice")
		}
		seen[id(e)] = struct{}{}
	}
}

func oneDefault[E any](is *fault.Issues, path string, list []E, mark func(*E) *bool) {
	n := 0
	for i := range list {
		if *mark(&list[i]) {
			n++
		}
	}
	if len(list) > 0 && n != 1 {
		is.Add(path, "default.count", "exactly one is the default, not %d", n)
	}
}

func indexed(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

// Clone copies what the partner holds, so that nothing is shared with the
// caller.
func (p Partner) Clone() Partner {
	p.PriceLists = slices.Clone(p.PriceLists)
	p.Groups = slices.Clone(p.Groups)
	p.Counterparties = slices.Clone(p.Counterparties)
	p.Addresses = slices.Clone(p.Addresses)
	p.Members = slices.Clone(p.Members)
	for i := range p.Members {
		p.Members[i].Roles = slices.Clone(p.Members[i].Roles)
	}
	p.Contracts = slices.Clone(p.Contracts)
	p.Agreements = slices.Clone(p.Agreements)
	p.VATChecks = slices.Clone(p.VATChecks)
	return p
}

// normal is a copy in stored form: numbers without blanks, countries by
// alpha-2, a default where none is marked.
func (p Partner) normal() Partner {
	p = p.Clone()
	for i, c := range p.Counterparties {
		p.Counterparties[i] = c.normal()
	}
	for i, a := range p.Addresses {
		p.Addresses[i] = a.Normal()
	}
	for i, c := range p.VATChecks {
		p.VATChecks[i].VATID = normalVATID(c.VATID)
	}
	fillDefault(p.Counterparties, counterpartyDefault)
	fillDefault(p.Addresses, addressDefault)
	return p
}

// fillDefault marks the first when none is; two that are marked stay, for
// Validate to name.
func fillDefault[E any](list []E, mark func(*E) *bool) {
	for i := range list {
		if *mark(&list[i]) {
			return
		}
	}
	if len(list) > 0 {
		*mark(&list[0]) = true
	}
}

// Header returns the partner as lists show it.
func (p Partner) Header() Header {
	return Header{ID: p.ID, Number: p.Number, Name: p.Name, Type: p.Type, Active: p.Active}
}
