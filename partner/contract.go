package partner

import (
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
)

// PutContract returns the partner with the contract added, or replacing the
// one of its id. Errors: ErrInvalid with all issues, such as a counterparty
// that the partner does not have.
func (p Partner) PutContract(c Contract) (Partner, error) {
	var is fault.Issues
	p.checkContract(&is, "", c)
	if err := is.Err(ErrInvalid); err != nil {
		return p, err
	}
	p.Contracts = put(p.Contracts, c, contractID)
	return p, nil
}

// PutAgreement returns the partner with the agreement added, or replacing the
// one of its id. Errors: ErrInvalid with all issues, such as a contract that
// the partner does not have.
func (p Partner) PutAgreement(a Agreement) (Partner, error) {
	var is fault.Issues
	p.checkAgreement(&is, "", a)
	if err := is.Err(ErrInvalid); err != nil {
		return p, err
	}
	p.Agreements = put(p.Agreements, a, agreementID)
	return p, nil
}

// Contract returns a contract by id.
func (p Partner) Contract(id ContractID) (Contract, bool) {
	return find(p.Contracts, func(c Contract) bool { return c.ID == id })
}

// Agreement returns an agreement by id.
func (p Partner) Agreement(id AgreementID) (Agreement, bool) {
	return find(p.Agreements, func(a Agreement) bool { return a.ID == id })
}

// AgreementsOn returns the agreements in force on a day of the tenant's zone:
// those that cover it themselves and whose contract, where they have one,
// covers it too. The order is the partner's.
func (p Partner) AgreementsOn(d Date) []Agreement {
	var out []Agreement
	for _, a := range p.Agreements {
		if !a.Covers(d) {
			continue
		}
		if c, ok := p.Contract(a.Contract); a.Contract != "" && (!ok || !c.Covers(d)) {
			continue
		}
		out = append(out, a)
	}
	return out
}

// AgreementIDsOn returns the ids of AgreementsOn, as baskets carry them.
func (p Partner) AgreementIDsOn(d Date) []AgreementID {
	var out []AgreementID
	for _, a := range p.AgreementsOn(d) {
		out = append(out, a.ID)
	}
	return out
}

func (p Partner) checkContract(is *fault.Issues, path string, c Contract) {
	check.Need(is, fault.Join(path, "id"), string(c.ID), maxText)
	check.Need(is, fault.Join(path, "number"), c.Number, maxText)
	if _, ok := p.Counterparty(c.Counterparty); c.Counterparty == "" || !ok {
		is.Add(fault.Join(path, "counterparty"), "counterparty.unknown", "is not one of the partner's")
	}
	c.Validity.check(is, path)
}

func (p Partner) checkAgreement(is *fault.Issues, path string, a Agreement) {
	check.Need(is, fault.Join(path, "id"), string(a.ID), maxText)
	check.Need(is, fault.Join(path, "name"), a.Name, maxText)
	if _, ok := p.Contract(a.Contract); a.Contract != "" && !ok {
		is.Add(fault.Join(path, "contract"), "contract.unknown", "is not one of the partner's")
	}
	a.Validity.check(is, path)
}

func contractID(c Contract) ContractID { return c.ID }

func agreementID(a Agreement) AgreementID { return a.ID }
