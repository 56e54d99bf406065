package trytonerp

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/comptoir-go/comptoir/erp"
)

// Customers are Tryton's parties. Addresses, identifiers and ways of contact are
// records of their own, whose changes are the party's.

// somebody is a party as Tryton has it.
type somebody struct {
	ID         int64
	Code       string
	Name       string
	Active     flag
	Lang       *struct{ Code string } `json:"lang."`
	Categories []int64
	stamps
}

var partyFields = append([]string{"code", "name", "active", "lang.code", "categories"}, stampFields...)

// partySources are where parties change.
var partySources = []source{
	{model: "party.party"},
	{model: "party.address", subject: "party", of: "party.party"},
	{model: "party.identifier", subject: "party", of: "party.party"},
	{model: "party.contact_mechanism", subject: "party", of: "party.party"},
}

// PullParties implements erp.PartyPuller: all parties, those of suppliers and of
// the company itself, too; one that is archived is not active. The VAT id is the
// first identifier of the type eu_vat. Addresses that are archived and those
// without a line are left out, phone and mail are the first of their kind, groups
// the names of the party's categories. An address, an identifier or a way of
// contact that is deleted other than on the party leaves no trace: it is seen
// when the party changes next, or is read again.
func (a *Adapter) PullParties(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Party], error) {
	return pullOf(ctx, a, a.partyFeed, erp.OpPullParties, after, limit)
}

func (a *Adapter) partyFeed(_ context.Context, op erp.Op) (feed[erp.Party], error) {
	return feed[erp.Party]{op: op, spare: spareChanges, head: func(r *erp.Party) *erp.Head { return &r.Head }, sources: partySources,
		read: func(ctx context.Context, subjects []subject) (map[subject]read[erp.Party], error) {
			return a.readParties(ctx, op, idsOf(subjects))
		}}, nil
}

func (a *Adapter) readParties(ctx context.Context, op erp.Op, ids []int64) (map[subject]read[erp.Party], error) {
	var all []somebody
	if err := a.allRead(ctx, op, "party.party", []any{[]any{"id", "in", ids}}, partyFields, 0, byID, &all); err != nil {
		return nil, err
	}
	of := []any{[]any{"party", "in", ids}}
	var addresses []partyAddress
	if err := a.allRead(ctx, op, "party.address", of, partyAddressFields, 0, inSequence, &addresses); err != nil {
		return nil, err
	}
	var identifiers []identifier
	if err := a.allRead(ctx, op, "party.identifier", of, identifierFields, 0, inSequence, &identifiers); err != nil {
		return nil, err
	}
	var contacts []contact
	if err := a.allRead(ctx, op, "party.contact_mechanism", of, contactFields, 0, inSequence, &contacts); err != nil {
		return nil, err
	}
	groups, err := a.categories(ctx, op, all)
	if err != nil {
		return nil, err
	}
	at, told := map[int64]int64{}, map[int64]*erp.Party{}
	for _, s := range all {
		p := &erp.Party{Head: erp.Head{ID: idText(s.ID), Number: s.Code}, Code: s.Code, Name: cmp.Or(strings.TrimSpace(s.Name), "["+s.Code+"]"), Active: bool(s.Active)}
		if s.Lang != nil {
			p.Lang = strings.ReplaceAll(s.Lang.Code, "_", "-")
		}
		for _, g := range s.Categories {
			p.Groups = append(p.Groups, groups[g])
		}
		slices.Sort(p.Groups)
		at[s.ID], told[s.ID] = s.at(), p
	}
	for _, d := range addresses {
		at[d.Party] = max(at[d.Party], d.at())
		if p := told[d.Party]; p != nil && bool(d.Active) && d.filled() {
			p.Addresses = append(p.Addresses, d.told())
		}
	}
	for _, i := range identifiers {
		at[i.Party] = max(at[i.Party], i.at())
		if p := told[i.Party]; p != nil && p.VATID == "" && i.Type == "eu_vat" {
			p.VATID = i.Code
		}
	}
	for _, c := range contacts {
		at[c.Party] = max(at[c.Party], c.at())
		if p := told[c.Party]; p != nil && bool(c.Active) {
			c.tell(p)
		}
	}
	docs := map[subject]read[erp.Party]{}
	for id, p := range told {
		docs[subject{"party.party", id}] = read[erp.Party]{at[id], []erp.Party{*p}}
	}
	return docs, nil
}

// inSequence is the order in which people put the parts of a party.
var inSequence = [][2]string{{"sequence", "ASC NULLS FIRST"}, {"id", "ASC"}}

// partyAddress is an address as its party has it.
type partyAddress struct {
	address
	Party             int64
	Active            flag
	Invoice, Delivery flag
	stamps
}

var partyAddressFields = append(append([]string{"party", "active", "invoice", "delivery"}, addressFields...), stampFields...)

// filled says that something stands on the address: a party is made with a blank one.
func (d partyAddress) filled() bool { return strings.TrimSpace(d.Street+d.PostalCode+d.City) != "" }

// told is the address in the form in which orders name it.
func (d partyAddress) told() erp.PartyAddress {
	lines := filled(strings.FieldsFunc(d.Street, func(r rune) bool { return r == '\n' || r == '\r' })...)
	to := erp.PartyAddress{Invoice: bool(d.Invoice), Delivery: bool(d.Delivery), Address: erp.Address{Code: idText(d.ID), Name: d.PartyName, Contact: d.Name,
		PostCode: d.PostalCode, City: d.City}}
	if len(lines) > 0 {
		to.Street, to.Street2 = lines[0], strings.Join(lines[1:], " ")
	}
	if d.Country != nil {
		to.Country = d.Country.Code
	}
	return to
}

// identifier is a number of a party in a register.
type identifier struct {
	Party      int64
	Type, Code string
	stamps
}

var identifierFields = append([]string{"party", "type", "code"}, stampFields...)

// contact is a way to reach a party.
type contact struct {
	Party       int64
	Type, Value string
	Active      flag
	stamps
}

var contactFields = append([]string{"party", "type", "value", "active"}, stampFields...)

func (c contact) tell(p *erp.Party) {
	switch {
	case c.Type == "email" && p.Email == "":
		p.Email = c.Value
	case (c.Type == "phone" || c.Type == "mobile") && p.Phone == "":
		p.Phone = c.Value
	}
}

// categories are the names of the categories of parties, by id.
func (a *Adapter) categories(ctx context.Context, op erp.Op, all []somebody) (map[int64]string, error) {
	var ids []int64
	for _, s := range all {
		ids = append(ids, s.Categories...)
	}
	names := map[int64]string{}
	if len(ids) == 0 {
		return names, nil
	}
	var rows []struct {
		ID   int64
		Name string
	}
	err := a.allRead(ctx, op, "party.category", []any{[]any{"id", "in", ids}}, []string{"name"}, 0, byID, &rows)
	for _, r := range rows {
		names[r.ID] = r.Name
	}
	return names, err
}
