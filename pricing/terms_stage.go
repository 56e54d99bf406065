package pricing

import (
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/partner"
)

// partners is the first stage. A partner that is there keeps what the feed
// leaves empty.
func (p *planner) partners() {
	p.ours, p.work = map[partner.ID]*partner.Partner{}, map[partner.ID]*partner.Partner{}
	numbers := map[string]partner.ID{}
	for i := range p.have.Partners {
		x := &p.have.Partners[i]
		p.ours[x.ID], numbers[x.Number] = x, x.ID
	}
	id := func(r *FeedPartner) string { return string(r.ID) }
	p.partnerRows = newShelf(&p.is, "partners", p.feed.Partners, id)
	fed := map[string]int{}
	for i := range p.feed.Partners {
		r, path := &p.feed.Partners[i], indexedPath("partners", i)
		if p.partnerRows.refused[string(r.ID)] {
			continue
		}
		w := partner.Partner{ID: r.ID, Type: partner.Dealer, Active: true}
		if x := p.ours[r.ID]; x != nil {
			w = *x
		}
		w.Name, w.Number, w.Type = orKeep(r.Name, w.Name), orKeep(r.Number, w.Number), orKeep(r.Type, w.Type)
		if r.Active != nil {
			w.Active = *r.Active
		}
		sound := p.under(path, w.Validate())
		if first, ok := fed[w.Number]; ok && w.Number != "" {
			p.is.Add(path+".number", issueTwice, "partners[%d] has the same number", first)
			sound = false
		} else if owner, ok := numbers[w.Number]; ok && owner != w.ID {
			p.is.Add(path+".number", issueElsewhere, "is the number of partner %q", owner)
			sound = false
		}
		fed[w.Number] = i
		if !sound {
			p.partnerRows.refused[string(r.ID)] = true
			continue
		}
		p.work[r.ID] = &w
	}
}

func orKeep[T ~string](given, there T) T {
	if given == "" {
		return there
	}
	return given
}

// legal is the second stage: contracts belong to partners, counterparties to
// contracts, and a contract has exactly one counterparty.
func (p *planner) legal() {
	contract := func(r *FeedContract) string { return string(r.ID) }
	counterparty := func(r *FeedCounterparty) string { return string(r.ID) }
	p.contractRows = newShelf(&p.is, "contracts", p.feed.Contracts, contract)
	p.counterpartyRows = newShelf(&p.is, "counterparties", p.feed.Counterparties, counterparty)
	for i := range p.feed.Contracts {
		r := &p.feed.Contracts[i]
		if !p.parent(indexedPath("contracts", i)+".partner", &p.partnerRows, string(r.Partner)) {
			p.contractRows.refused[string(r.ID)] = true
		}
	}
	bound := map[partner.ContractID]int{} // the first counterparty row of a contract
	for _, i := range sorted(p.feed.Counterparties, counterparty) {
		r := &p.feed.Counterparties[i]
		if of, ok := p.boundTo(i, bound); !ok || p.counterpartyRows.refused[string(r.ID)] || !p.putCounterparty(i, of) {
			p.counterpartyRows.refused[string(r.ID)] = true
		}
	}
	for _, i := range sorted(p.feed.Contracts, contract) {
		r, path := &p.feed.Contracts[i], indexedPath("contracts", i)
		if p.contractRows.refused[string(r.ID)] {
			continue
		}
		k, ok := bound[r.ID]
		sound := false
		switch {
		case !ok:
			p.is.Add(path, issueRequired, "no counterparty is bound to the contract")
		case p.counterpartyRows.refused[string(p.feed.Counterparties[k].ID)]:
			p.is.Add(path, issueFollows, "counterparties[%d] is refused, and this with it", k)
		default:
			w := p.work[r.Partner]
			next, err := w.PutContract(partner.Contract{ID: r.ID, Number: r.Number, Counterparty: p.feed.Counterparties[k].ID,
				Validity: partner.Validity{From: r.From, Until: r.Until}})
			if sound = p.under(path, err); sound {
				*w = next
			}
		}
		if !sound {
			p.contractRows.refused[string(r.ID)] = true
		}
	}
}

// boundTo looks up the contracts of a counterparty and the one partner of them.
func (p *planner) boundTo(i int, bound map[partner.ContractID]int) (of partner.ID, ok bool) {
	r, path := &p.feed.Counterparties[i], indexedPath("counterparties", i)+".contracts"
	if len(r.Contracts) == 0 {
		p.is.Add(path, issueRequired, "a counterparty is bound to a contract")
		return "", false
	}
	ok = true
	for k, c := range r.Contracts {
		at := indexedPath(path, k)
		if first, twice := bound[c]; twice {
			p.is.Add(at, issueShared, "counterparties[%d] is bound to contract %q already", first, c)
			ok = false
			continue
		}
		bound[c] = i
		if !p.parent(at, &p.contractRows, string(c)) {
			ok = false
			continue
		}
		switch owner := p.feed.Contracts[p.contractRows.at[string(c)]].Partner; {
		case of == "":
			of = owner
		case of != owner:
			p.is.Add(at, issueElsewhere, "is a contract of partner %q, another of this counterparty is of %q", owner, of)
			ok = false
		}
	}
	return of, ok
}

// putCounterparty lays the row over what is there.
func (p *planner) putCounterparty(i int, of partner.ID) bool {
	r, w := &p.feed.Counterparties[i], p.work[of]
	c, _ := w.Counterparty(r.ID)
	c.ID, c.Name, c.Country, c.VATID = r.ID, orKeep(r.Name, c.Name), orKeep(r.Country, c.Country), orKeep(r.VATID, c.VATID)
	c.Siren, c.Siret, c.Code = orKeep(r.Siren, c.Siren), orKeep(r.Siret, c.Siret), orKeep(r.Code, c.Code)
	if r.Invoice != nil {
		c.Invoice = *r.Invoice
	}
	next, err := w.PutCounterparty(c)
	if p.under(indexedPath("counterparties", i), err) {
		*w = next
		return true
	}
	return false
}

// agreements is the third stage. Actions name agreements by id alone, so an id
// is of one partner.
func (p *planner) agreements() {
	id := func(r *FeedAgreement) string { return string(r.ID) }
	p.agreementRows = newShelf(&p.is, "agreements", p.feed.Agreements, id)
	owners := map[partner.AgreementID]partner.ID{}
	for _, o := range sortedIDs(p.ours) {
		for _, a := range p.ours[o].Agreements {
			owners[a.ID] = o
		}
	}
	for _, i := range sorted(p.feed.Agreements, id) {
		r, path := &p.feed.Agreements[i], indexedPath("agreements", i)
		of, ok := p.agreed(path, r)
		if owner, there := owners[r.ID]; ok && there && owner != of {
			p.is.Add(path+".id", issueElsewhere, "is an agreement of partner %q already; give it another id", owner)
			ok = false
		}
		if ok && !p.agreementRows.refused[string(r.ID)] {
			w := p.work[of]
			next, err := w.PutAgreement(partner.Agreement{ID: r.ID, Name: r.Name, Contract: r.Contract,
				Validity: partner.Validity{From: r.From, Until: r.Until}})
			if ok = p.under(path, err); ok {
				*w = next
			}
		}
		if !ok {
			p.agreementRows.refused[string(r.ID)] = true
		}
	}
}

// agreed finds the partner of an agreement, through its contract where it has
// one.
func (p *planner) agreed(path string, r *FeedAgreement) (of partner.ID, ok bool) {
	of, ok = r.Partner, true
	if r.Partner != "" || r.Contract == "" {
		ok = p.parent(path+".partner", &p.partnerRows, string(r.Partner))
	}
	if r.Contract == "" || !p.parent(path+".contract", &p.contractRows, string(r.Contract)) {
		return of, ok && r.Contract == ""
	}
	owner := p.feed.Contracts[p.contractRows.at[string(r.Contract)]].Partner
	if of != "" && of != owner {
		p.is.Add(path+".partner", issueContradiction, "the contract is of partner %q", owner)
		return of, false
	}
	return owner, ok
}

// discounts is the fourth stage.
func (p *planner) discounts() []FeedDiscount {
	names, ids := map[string]int{}, map[string]int{}
	for i := range p.feed.Discounts {
		r, path := &p.feed.Discounts[i], indexedPath("discounts", i)
		check.Need(&p.is, path+".name", r.Name, maxTermText)
		check.Line(&p.is, path+".id", r.ID, maxTermText)
		if first, ok := names[r.Name]; ok && r.Name != "" {
			p.is.Add(path+".name", issueTwice, "discounts[%d] has the same name", first)
		} else {
			names[r.Name] = i
		}
		if first, ok := ids[r.ID]; ok && r.ID != "" {
			p.is.Add(path+".id", issueTwice, "discounts[%d] has the same id", first)
		} else {
			ids[r.ID] = i
		}
	}
	return p.feed.Discounts
}

// actions is the fifth stage.
func (p *planner) actions(discounts []FeedDiscount) []Action {
	dir := make([]Discount, len(discounts))
	for i, r := range discounts {
		dir[i] = Discount{ID: r.ID, Name: r.Name}
	}
	d := directoryOf(dir)
	looks := d.looks()
	out := make([]Action, len(p.feed.Actions))
	met := map[actionKey]int{}
	for i := range p.feed.Actions {
		r, path := &p.feed.Actions[i], indexedPath("actions", i)
		a := Action{ID: r.DiscountID, Name: r.Discount, Agreement: r.Agreement, By: r.Agent}
		a.From, a.Until = p.begin(r.From), p.end(r.Until)
		out[i] = a
		p.parent(path+".agreement", &p.agreementRows, string(r.Agreement))
		check.Line(&p.is, path+".agent", r.Agent, maxTermText)
		if !r.From.IsZero() && !r.Until.IsZero() && r.Until.Before(r.From) {
			p.is.Add(path+".until", issueWindow, "ends before it begins")
		}
		p.granted(path, &a, d, looks)
		if first, ok := met[keyOf(&a)]; ok {
			p.is.Add(path, issueTwice, "actions[%d] says the same", first)
		} else {
			met[keyOf(&a)] = i
		}
	}
	return out
}

// granted notes an action that means no discount of the feed, or one of
// another name.
func (p *planner) granted(path string, a *Action, d directory, looks map[string][]string) {
	found := d.of(a)
	switch {
	case a.ID == "" && a.Name == "":
		p.is.Add(path+".discount", issueRequired, "an action names a discount")
	case len(found) > 0:
		if name := d.list[found[0]].Name; a.ID != "" && a.Name != "" && a.Name != name {
			p.is.Add(path+".discount", issueContradiction, "the id is of the discount %q", name)
		}
	case a.ID != "":
		p.is.Add(path+".discount_id", issueNoParent, "the feed has no discount of the id %q", a.ID)
	default:
		p.is.Add(path+".discount", issueNoParent, "the feed has no discount of exactly the name %q%s", a.Name, lookAlike(a.Name, looks))
	}
}
