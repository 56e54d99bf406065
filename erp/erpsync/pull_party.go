package erpsync

import (
	"cmp"
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// Parties say which of the ERP's customers become partners, and how. The zero
// value takes none: who keeps partners in the portal alone has none changed.
//
// A party is the partner whose legal entity has its code (see
// partner.Partner.CustomerCode), or else whose number it is. One that is unknown is registered as
// an active dealer of that number with one legal entity, its addresses, and no
// members; one that is unknown and not active is left out. Of a partner that is known the ERP's
// are the legal entity's name, VAT id, invoice address and country, the addresses
// that came from there, and, where that entity is the default one, the partner's
// name. A VAT id that the ERP clears is cleared where it is the ERP's. Whether the
// partner is active follows the ERP when it changes there; what people say here
// stands until then. Members, roles, contracts, agreements, price lists and other
// addresses are never touched.
//
// What partners refuse (a number that is not letters and digits, a VAT id that is
// none, half an address) parks the row for a person. A party whose code was
// changed is another customer: the partner of the old code is no longer active, and
// stays so, also when the code is put back, until people say otherwise, or
// the ERP by archiving the party and taking it back.
// Invoices and payments that come before their customer are left out unless
// PullOptions.Strangers is set.
type Parties struct {
	// Take says which parties are ours, of an ERP that serves several tenants and
	// keeps suppliers and itself among them. nil: none is pulled. One that is taken
	// no more is left as it is; of one that is not, the shape does not matter.
	Take func(erp.Party) bool
	// Change lets an integrator take over more of a party, type and price lists of a
	// new one say; it gets the partner with what the ERP said filled in, and Version 0
	// when it is new.
	Change func(erp.Party, *partner.Partner)
}

// party applies a customer.
func (p *Puller) party(ctx context.Context, tx store.Tx, c erp.Party) error {
	c.Name, c.VATID = strings.TrimSpace(c.Name), vatID(c.VATID)
	is := held{Sequence: c.Sequence, heldKey: heldKey{SKU: c.Code}, Off: !c.Active, VATID: c.VATID}
	return p.fresh(ctx, tx, erp.Parties, c.ID, is, func(was *held, moved bool) (bool, error) {
		if moved {
			was = nil
		}
		return p.saveParty(ctx, tx, c, was)
	})
}

// vatID is a VAT id in its stored form; one that is none stays, to be refused.
func vatID(text string) string {
	if id, err := partner.ParseVATID(text); err == nil {
		return id
	}
	return text
}

func (p *Puller) saveParty(ctx context.Context, tx store.Tx, c erp.Party, was *held) (bool, error) {
	if !p.o.Parties.Take(c) {
		return false, nil
	}
	old, entity, known, err := p.partnerOf(ctx, tx, c.Code)
	if err != nil || !known && !c.Active {
		return false, err
	}
	if !known {
		old = partner.Partner{Number: c.Code, Type: partner.Dealer}
	}
	now := old.Clone() // Change may write into what it holds
	if mainOf(old, c.Code) {
		now.Name = c.Name
		switch off := was != nil && (was.Off || was.TakenOff); {
		case !known || off && c.Active:
			now.Active = true
		case !off && !c.Active:
			now.Active = false
		}
	}
	now.Lang = cmp.Or(now.Lang, c.Lang)
	now.Counterparties = legalEntities(old, entity, c, was)
	if now, err = withAddresses(now, c); err != nil {
		return false, err
	}
	if p.o.Parties.Change != nil {
		p.o.Parties.Change(c, &now)
	}
	if known && reflect.DeepEqual(old, now) {
		return true, nil
	}
	_, err = p.books.Partners.RegisterTx(ctx, tx, p.actor, partner.RegisterInput{Partner: now})
	return true, err
}

// partnerOf finds the partner of a code in the ERP, and its legal entity; known is
// false where there is none.
func (p *Puller) partnerOf(ctx context.Context, tx store.Tx, code string) (who partner.Partner, entity partner.Counterparty, known bool, err error) {
	who, entity, err = p.customer(ctx, tx, code)
	var w *waiting
	if !errors.As(err, &w) {
		return who, entity, err == nil, err
	}
	page, err := tx.Partners().Find(ctx, partner.Query{Number: code, Page: uow.PageRequest{Limit: 1}})
	if err != nil || len(page.Rows) == 0 {
		return who, entity, false, err
	}
	who, err = tx.Partners().Get(ctx, page.Rows[0].ID)
	return who, partner.Counterparty{}, err == nil, err
}

// mainOf reports whether the code is that of the partner's default legal entity,
// or it has none.
func mainOf(p partner.Partner, code string) bool {
	entity, any := p.Counterparty("")
	return !any || p.CustomerCode(entity) == code
}

// legalEntities are the partner's with that of the party as the ERP says.
func legalEntities(p partner.Partner, entity partner.Counterparty, c erp.Party, was *held) []partner.Counterparty {
	if entity.ID == "" {
		entity.ID, entity.Code = partner.CounterpartyID("erp-"+c.ID), c.Code
	}
	entity.Name = c.Name
	if c.VATID != "" || was != nil && was.VATID == entity.VATID {
		entity.VATID = c.VATID
	}
	if places := places(c, func(a erp.PartyAddress) bool { return a.Invoice }); len(places) > 0 {
		entity.Invoice = placed(entity.Invoice, places[0], c)
		entity.Country = cmp.Or(entity.Invoice.Country, entity.Country)
	}
	all := slices.Clone(p.Counterparties)
	if i := slices.IndexFunc(all, func(o partner.Counterparty) bool { return o.ID == entity.ID }); i >= 0 {
		all[i] = entity
		return all
	}
	return append(all, entity)
}

// withAddresses is the partner with the party's addresses of deliveries in place of
// those that the party had. One that somebody entered here, too, is not added.
func withAddresses(now partner.Partner, c erp.Party) (partner.Partner, error) {
	prefix := "erp-" + c.ID + "-"
	listed := map[partner.AddressID]bool{}
	all := slices.Clone(now.Addresses)
	for _, at := range places(c, func(a erp.PartyAddress) bool { return a.Delivery }) {
		id := partner.AddressID(prefix + at.Code)
		listed[id] = true
		if i := slices.IndexFunc(all, func(a partner.Address) bool { return a.ID == id }); i >= 0 {
			all[i] = placed(all[i], at, c)
			continue
		}
		a := placed(partner.Address{ID: id}, at, c)
		if !slices.ContainsFunc(all, func(o partner.Address) bool { return sameplace(o, a) }) {
			all = append(all, a)
		}
	}
	now.Addresses = all
	for _, a := range all {
		if strings.HasPrefix(string(a.ID), prefix) && !listed[a.ID] {
			var err error
			if now, err = now.RemoveAddress(a.ID); err != nil {
				return now, err
			}
		}
	}
	return now, nil
}

// places are the party's addresses for a purpose, all where none is said to be, and
// none that is blank.
func places(c erp.Party, meant func(erp.PartyAddress) bool) []erp.PartyAddress {
	filled := slices.DeleteFunc(slices.Clone(c.Addresses), func(a erp.PartyAddress) bool {
		return strings.TrimSpace(a.Street+a.Street2+a.PostCode+a.City) == ""
	})
	if !slices.ContainsFunc(filled, meant) {
		return filled
	}
	return slices.DeleteFunc(filled, func(a erp.PartyAddress) bool { return !meant(a) })
}

// placed is an address here as the ERP says; what it does not say of phone, province
// and country stays.
func placed(a partner.Address, at erp.PartyAddress, c erp.Party) partner.Address {
	a.Company, a.Contact, a.Street, a.Street2, a.Postcode, a.City = cmp.Or(at.Name, c.Name), at.Contact, at.Street, at.Street2, at.PostCode, at.City
	a.Province = cmp.Or(at.Region, a.Province)
	a.Country = cmp.Or(partner.Country(at.Country), a.Country)
	a.Phone = cmp.Or(at.Phone, c.Phone, a.Phone)
	return a.Normal()
}

func sameplace(a, b partner.Address) bool {
	for _, pair := range [...][2]string{{a.Company, b.Company}, {a.Street, b.Street}, {a.Street2, b.Street2}, {a.Postcode, b.Postcode},
		{a.City, b.City}, {string(a.Country), string(b.Country)}} {
		if !strings.EqualFold(pair[0], pair[1]) {
			return false
		}
	}
	return true
}

// endParty has the partner of a code be active no more, unless it cannot be told
// which one it is. It answers whether it was until then.
func (p *Puller) endParty(ctx context.Context, tx store.Tx, code string) (ended bool, err error) {
	who, _, known, err := p.partnerOf(ctx, tx, code)
	if errors.Is(err, ErrChange) {
		return false, nil
	}
	if err != nil || !known || !who.Active || !mainOf(who, code) {
		return false, err
	}
	who.Active = false
	_, err = p.books.Partners.RegisterTx(ctx, tx, p.actor, partner.RegisterInput{Partner: who})
	return true, err
}
