package trytonerp

import (
	"context"
	"fmt"
	"strings"

	"github.com/comptoir-go/comptoir/erp"
)

// place is where goods or an invoice go: an address that Tryton has, or the
// values of one that it has not.
type place struct {
	id     *int64
	values map[string]any
}

// address is an address of a party in Tryton.
type address struct {
	ID         int64
	PartyName  string `json:"party_name"`
	Name       string
	Street     string
	PostalCode string `json:"postal_code"`
	City       string
	Country    *struct{ Code string } `json:"country."`
}

var addressFields = []string{"party_name", "name", "street", "postal_code", "city", "country.code"}

// addresses are where the invoice and the goods of an order go. One that the
// order does not say is the one that Tryton suggests; one whose code is the id of
// one of the customer's is that. The code may be a word of our own.
func (a *Adapter) addresses(ctx context.Context, op erp.Op, c *customer, o erp.Order, w *wrong) ([2]place, error) {
	places := [2]place{{id: &c.invoice}, {id: &c.shipment}}
	asked := [2]erp.Address{o.InvoiceTo, o.ShipTo}
	none := erp.Address{}
	if bare(asked[0]) == none && bare(asked[1]) == none {
		return withNull(places), nil
	}
	has, err := a.addressesOf(ctx, op, c.id)
	if err != nil {
		return places, err
	}
	for i, path := range []string{"invoice_to", "ship_to"} {
		if bare(asked[i]) == none {
			continue
		}
		if places[i], err = a.place(ctx, op, c, has, asked[i], path, w); err != nil {
			return places, err
		}
	}
	return withNull(places), nil
}

// bare is the address without whom to ask for by phone and mail.
func bare(at erp.Address) erp.Address {
	at.Phone, at.Email = "", ""
	return at
}

// withNull makes null of an address that there is none of.
func withNull(places [2]place) [2]place {
	for i, p := range places {
		if p.id != nil && *p.id == 0 {
			places[i].id = nil
		}
	}
	return places
}

func (a *Adapter) addressesOf(ctx context.Context, op erp.Op, party int64) ([]address, error) {
	var has []address
	return has, a.searchRead(ctx, op, "party.address", []any{[]any{"party", "=", party}}, addressFields, 0, 0, [][2]string{{"id", "ASC"}}, &has)
}

func (a *Adapter) place(ctx context.Context, op erp.Op, c *customer, has []address, at erp.Address, path string, w *wrong) (place, error) {
	for _, h := range has {
		if at.Code != "" && idText(h.ID) == at.Code || h.is(at, c.name) {
			return place{id: &h.ID}, nil
		}
	}
	if at.Street == "" && at.City == "" {
		w.add(path+".code", "%s has no address %q in Tryton", c.name, at.Code)
		return place{}, nil
	}
	values := map[string]any{"party": c.id, "party_name": named(at, c.name), "name": at.Contact, "street": street(at), "postal_code": at.PostCode, "city": city(at)}
	if at.Country != "" {
		country, err := a.only(ctx, op, "country.country", []any{"code", "=", at.Country})
		if err != nil {
			return place{}, err
		}
		if country == 0 {
			w.add(path+".country", "Tryton has no country %s", at.Country)
		}
		values["country"] = country
	}
	return place{values: values}, nil
}

// is says that it is the address asked for; case and spaces do not count.
func (h address) is(at erp.Address, party string) bool {
	country := ""
	if h.Country != nil {
		country = h.Country.Code
	}
	for _, pair := range [][2]string{{h.PartyName, named(at, party)}, {h.Name, at.Contact}, {h.Street, street(at)}, {h.PostalCode, at.PostCode},
		{h.City, city(at)}, {country, at.Country}} {
		if folded(pair[0]) != folded(pair[1]) {
			return false
		}
	}
	return true
}

func folded(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// named is the name over an address, none where it is the party's own.
func named(at erp.Address, party string) string {
	if folded(at.Name) == folded(party) {
		return ""
	}
	return at.Name
}

func street(at erp.Address) string { return strings.Join(filled(at.Street, at.Street2), "\n") }

func city(at erp.Address) string { return strings.Join(filled(at.City, at.Region), ", ") }

// enter creates the addresses that Tryton does not have yet. One at a time for
// a party: orders that come together share it.
func (a *Adapter) enter(ctx context.Context, op erp.Op, c *customer, places [2]place) ([2]place, error) {
	if places[0].values == nil && places[1].values == nil {
		return places, nil
	}
	unlock, err := a.keys.lock(ctx, op, fmt.Sprint("address ", c.id))
	if err != nil {
		return places, err
	}
	defer unlock()
	for i, p := range places {
		if p.values == nil {
			continue
		}
		id, err := a.entered(ctx, op, p.values)
		if err != nil {
			return places, err
		}
		places[i].id = &id
	}
	return places, nil
}

// entered is the address with these values, created where there is none. It
// counts as a read: an address too many does no harm, and is found next time.
func (a *Adapter) entered(ctx context.Context, op erp.Op, values map[string]any) (int64, error) {
	var domain []any
	for _, field := range []string{"party", "party_name", "name", "street", "postal_code", "city", "country"} {
		if v := values[field]; v != "" {
			domain = append(domain, []any{field, "=", v})
		} else {
			domain = append(domain, []any{"OR", []any{field, "=", nil}, []any{field, "=", ""}})
		}
	}
	ids, err := a.search(ctx, op, "party.address", domain, 0, 1, nil)
	if err == nil && len(ids) == 0 {
		err = a.call(ctx, request{op: op, method: "model.party.address.create", params: []any{[]any{values}}}, &ids)
	}
	if err != nil {
		return 0, err
	}
	if len(ids) == 0 {
		return 0, erp.NewError(erp.Contract, op, "no address was made", nil)
	}
	return ids[0], nil
}
