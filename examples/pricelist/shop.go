package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

var (
	//go:embed testdata/tariff.json
	tariffJSON []byte
	//go:embed testdata/catalog.json
	catalogJSON []byte
	//go:embed testdata/partners.json
	partnersJSON []byte
)

// shop is what prices are made of. A portal with a store takes partners and
// products from its services, and facts from shop.Turnovers and the orders.
type shop struct {
	tariff   pricing.Tariff
	engine   *pricing.Engine
	products []catalog.Product
	partners []partner.Partner
	facts    map[access.PartnerID]pricing.Facts
}

func open() (*shop, error) {
	s := &shop{}
	var err error
	if s.tariff, s.engine, err = compile(nil); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(catalogJSON, &s.products); err != nil {
		return nil, fmt.Errorf("catalog.json: %w", err)
	}
	if err := json.Unmarshal(partnersJSON, &s.partners); err != nil {
		return nil, fmt.Errorf("partners.json: %w", err)
	}
	bought := func(year string) pricing.Facts {
		return pricing.Facts{Turnover: []pricing.WindowTurnover{{Window: "year", Amount: money.MustAmount(year, money.EUR)}}}
	}
	s.facts = map[access.PartnerID]pricing.Facts{
		"atelier-brun":    bought("43120.00"),
		"keuken-delta":    bought("71805.50"),
		"cuisines-ollier": {First: true},
	}
	return s, nil
}

// compile reads the tariff, lets change edit it, and makes an engine of it. An
// engine goes on reading its tariff's slices, so a changed one is read anew.
func compile(change func(*pricing.Tariff) error) (pricing.Tariff, *pricing.Engine, error) {
	t, err := pricing.ReadTariff(bytes.NewReader(tariffJSON))
	if err != nil {
		return t, nil, err
	}
	if change != nil {
		if err := change(&t); err != nil {
			return t, nil, err
		}
	}
	e, err := pricing.Compile(t, nil)
	return t, e, err
}

// basket is an empty basket of a partner: all that prices depend on but the
// goods. Carts make theirs in the same way.
func (s *shop) basket(id access.PartnerID, at time.Time) (pricing.Basket, error) {
	i := slices.IndexFunc(s.partners, func(p partner.Partner) bool { return p.ID == id })
	if i < 0 {
		return pricing.Basket{}, fmt.Errorf("there is no partner %q", id)
	}
	p := s.partners[i]
	b := pricing.Basket{Partner: p.ID, Agreements: p.AgreementIDsOn(partner.DateOf(at, nil)), Currency: money.EUR,
		Lists: p.PriceLists, At: at, Facts: s.facts[id].Clone()}
	b.Groups = p.Groups
	for _, c := range p.Counterparties {
		if c.Default {
			b.Country, b.VATID, b.Postcode = c.Country, c.VATID, c.Invoice.Postcode
		}
	}
	return b, nil
}

// item is so many units of a product.
type item struct {
	product catalog.ID
	units   int64
}

// lines makes lines of a basket, numbered from 1.
func (s *shop) lines(items []item) ([]pricing.Line, error) {
	out := make([]pricing.Line, len(items))
	for i, it := range items {
		at := slices.IndexFunc(s.products, func(p catalog.Product) bool { return p.ID == it.product })
		if at < 0 {
			return nil, fmt.Errorf("there is no product %q", it.product)
		}
		out[i] = pricing.LineOf(pricing.LineID(strconv.Itoa(i+1)), s.products[at], money.QuantityOf(it.units))
	}
	return out, nil
}

// name is a product's name in English.
func (s *shop) name(id catalog.ID) string {
	for _, p := range s.products {
		if p.ID == id {
			text, _ := p.Name("en")
			return text
		}
	}
	return string(id)
}
