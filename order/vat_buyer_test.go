package order_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

// vatShop sells under the rules of the EU, with the one-stop shop and gaskets
// under the domestic reverse charge; training is exempt.
func vatShop(t *testing.T) *shop {
	t.Helper()
	s := newShop(t, nil)
	rated := func(country partner.Country, class catalog.TaxClass, percent int64) pricing.TaxRow {
		return pricing.TaxRow{Country: country, Class: class, Category: pricing.StandardRated, Rate: money.RateOf(percent)}
	}
	e, err := pricing.Compile(pricing.Tariff{Seller: "FR",
		Taxes: []pricing.TaxRow{rated("FR", "standard", 20), rated("FR", "scrap", 20), rated("DE", "standard", 19), rated("DE", "scrap", 19),
			{Country: "FR", Class: "training", Category: pricing.Exempt}},
		TaxRules: pricing.EUTaxRules(&pricing.EUTaxOptions{OneStopShop: true, ReverseCharge: []pricing.ReverseChargeOf{{Country: "FR", Class: "scrap"}}})}, nil)
	require.NoError(t, err)
	s.pricedBy(e, &order.Options{WithoutVATID: true})
	s.changeProduct("gasket", func(p *catalog.Product) { p.Tax = "scrap" })
	return s
}

// taxed is how the lines of a quote are taxed: "S 20, AE 0".
func taxed(q pricing.Quote) string {
	text := ""
	for _, l := range q.Lines {
		if text != "" {
			text += ", "
		}
		text += string(l.Category) + " " + l.Rate.String()
	}
	return text
}

// Who buys, where the goods go and what is known of the VAT id decide how a cart
// is taxed, and its order, and its order's revisions, alike.
func TestVATOfPartnersAndDestinations(t *testing.T) {
	const french, german = "FR87900123456", "DE136695976"
	for _, c := range []struct {
		name   string
		kind   partner.Type
		id     string
		status partner.VATStatus
		to     partner.Country
		class  catalog.TaxClass // of the oven
		want   string           // oven, gaskets
	}{
		{"domestic, and the reverse charge of a class", partner.Dealer, french, partner.VATUnknown, "FR", "standard", "S 20, AE 0"},
		{"on an id that was found valid", partner.Dealer, french, partner.VATValid, "FR", "standard", "S 20, AE 0"},
		{"not on one that was found invalid", partner.Dealer, french, partner.VATInvalid, "FR", "standard", "S 20, S 20"},
		{"nor without", partner.Dealer, "", partner.VATUnknown, "FR", "standard", "S 20, S 20"},
		{"intra-community", partner.Studio, german, partner.VATValid, "DE", "standard", "K 0, K 0"},
		{"not on an invalid id: a business pays at home", partner.Studio, german, partner.VATInvalid, "DE", "standard", "S 20, S 20"},
		{"a service center is a business too", partner.ServiceCenter, "", partner.VATUnknown, "DE", "standard", "S 20, S 20"},
		{"who is none pays as there", partner.Internal, german, partner.VATInvalid, "DE", "standard", "S 19, S 19"},
		{"unless an id says so", partner.Internal, german, partner.VATUnknown, "DE", "standard", "K 0, K 0"},
		{"a French id does not make it intra-community", partner.Dealer, french, partner.VATValid, "DE", "standard", "S 20, S 20"},
		{"export", partner.Dealer, "", partner.VATUnknown, "CH", "standard", "G 0, G 0"},
		{"export, whatever the id", partner.Dealer, french, partner.VATInvalid, "CH", "standard", "G 0, G 0"},
		{"exempt", partner.Dealer, french, partner.VATUnknown, "FR", "training", "E 0, AE 0"},
		{"exempt everywhere", partner.Dealer, "", partner.VATUnknown, "CH", "training", "E 0, G 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := vatShop(t)
			s.changeProduct("oven", func(p *catalog.Product) { p.Tax = c.class })
			s.changePartner(func(p *partner.Partner) {
				p.Type, p.Counterparties[0].VATID = c.kind, c.id
				if c.status != partner.VATUnknown {
					p.VATChecks = []partner.VATCheck{{VATID: c.id, Status: c.status}}
				}
				p.Addresses = []partner.Address{{ID: "a", Company: "Works", Street: "1 Quai", Postcode: "1000", City: "Town", Country: c.to, Default: true}}
			})
			kart, q := s.offer(buyer)
			require.Equal(t, c.want, taxed(q), "the cart")
			r, err := s.orders.Place(s.ctx, buyer, order.PlaceInput{Cart: kart.ID, Seal: q.Seal})
			require.NoError(t, err)
			o := s.get(r.Order)
			require.Equal(t, c.want, taxed(o.Quote), "the order")
			three := money.QuantityOf(3)
			o, err = s.orders.Revise(s.ctx, buyer, order.ReviseInput{Order: o.ID, Lines: []order.LineChange{{Line: s.lineOf(o, "OV-1"), Quantity: &three}}})
			require.NoError(t, err)
			require.Equal(t, c.want, taxed(o.Quote), "its revision")
		})
	}
}

// An order is taxed by the legal entity that it has, and by what is known of its
// VAT id; either is told as a price that moved.
func TestReviseTaxesByTheEntityOfTheOrder(t *testing.T) {
	s := vatShop(t)
	o := s.placed(buyer)
	require.Equal(t, "S 20, AE 0", taxed(o.Quote))
	s.changePartner(func(p *partner.Partner) { p.Counterparties[0].VATID = "" })
	quantity := func(n int64) order.ReviseInput {
		q := money.QuantityOf(n)
		return order.ReviseInput{Order: o.ID, Lines: []order.LineChange{{Line: s.lineOf(o, "OV-1"), Quantity: &q}}}
	}
	o, err := s.orders.Revise(s.ctx, buyer, quantity(2))
	require.NoError(t, err)
	require.Equal(t, "S 20, AE 0", taxed(o.Quote), "the order has the id")
	legal := partner.CounterpartyID("legal")
	o = s.accept(order.ReviseInput{Order: o.ID, Counterparty: &legal})
	require.Equal(t, "S 20, S 20", taxed(o.Quote), "as its entity is now")

	s.changePartner(func(p *partner.Partner) { p.Counterparties[0].VATID = "FR87900123456" })
	o = s.accept(order.ReviseInput{Order: o.ID, Counterparty: &legal})
	require.Equal(t, "S 20, AE 0", taxed(o.Quote))
	s.changePartner(func(p *partner.Partner) {
		p.VATChecks = []partner.VATCheck{{VATID: "FR87900123456", Status: partner.VATInvalid}}
	})
	o = s.accept(quantity(3))
	require.Equal(t, "S 20, S 20", taxed(o.Quote), "found invalid")
}

// Naming the entity again asks what is known of its VAT id by now, also where
// nothing else changes.
func TestReviseAsksAgainWhatIsKnownOfTheVATID(t *testing.T) {
	const german = "DE136695976"
	s := vatShop(t)
	s.changePartner(func(p *partner.Partner) {
		p.Type, p.Counterparties[0].VATID = partner.Studio, german
		p.Addresses = []partner.Address{{ID: "a", Company: "Works", Street: "1 Quai", Postcode: "1000", City: "Town", Country: "DE", Default: true}}
	})
	o := s.draft(buyer)
	require.Equal(t, "K 0, K 0", taxed(o.Quote))
	legal := partner.CounterpartyID("legal")
	in := order.ReviseInput{Order: o.ID, Counterparty: &legal, ShipTo: &o.ShipTo}
	same := s.revised(in)
	require.Equal(t, o.Quote, same.Quote)
	s.changePartner(func(p *partner.Partner) {
		p.VATChecks = []partner.VATCheck{{VATID: german, Status: partner.VATInvalid}}
	})
	o = s.accept(in)
	require.Equal(t, "S 20, S 20", taxed(o.Quote))
	revision := o.Revision
	require.Equal(t, revision, s.revised(in).Revision, "once")
}

// What is known of the entity's own id is asked too while that of the delivery address
// stands in for it.
func TestReviseAsksAgainForTheIDThatAnotherStandsInFor(t *testing.T) {
	const french, german = "FR87900123456", "DE136695976"
	s := vatShop(t)
	wrong := partner.VATCheck{VATID: french, Status: partner.VATInvalid}
	s.changePartner(func(p *partner.Partner) {
		p.Counterparties[0].VATID, p.VATChecks = french, []partner.VATCheck{wrong}
		p.Addresses = []partner.Address{{ID: "a", Company: "Works", Street: "1 Quai", Postcode: "1000", City: "Town", Country: "DE", VATID: german, Default: true}}
	})
	o := s.draft(buyer)
	require.Equal(t, "K 0, K 0", taxed(o.Quote), "by the address")
	legal := partner.CounterpartyID("legal")
	in := order.ReviseInput{Order: o.ID, Counterparty: &legal}
	require.Equal(t, o.Revision, s.revised(in).Revision)
	s.changePartner(func(p *partner.Partner) { p.VATChecks = nil })
	o = s.accept(in)
	require.Equal(t, "S 20, S 20", taxed(o.Quote), "by the entity")
	require.Equal(t, o.Revision, s.revised(in).Revision, "once")
	s.changePartner(func(p *partner.Partner) { p.VATChecks = []partner.VATCheck{wrong} })
	o = s.accept(in)
	require.Equal(t, "K 0, K 0", taxed(o.Quote))
	s.changePartner(func(p *partner.Partner) { p.Counterparties[0].VATID = "" })
	o = s.revised(in)
	require.Equal(t, "K 0, K 0", taxed(o.Quote), "by the address, without an id of the entity")
	require.Equal(t, o.Revision, s.revised(in).Revision)
}

// So it is with the type of customer, which says who is a business.
func TestReviseTaxesByTheTypeOfTheOrder(t *testing.T) {
	s := vatShop(t)
	s.changePartner(func(p *partner.Partner) {
		p.Counterparties[0].VATID = ""
		p.Addresses = []partner.Address{{ID: "a", Company: "Works", Street: "1 Quai", Postcode: "1000", City: "Town", Country: "DE", Default: true}}
	})
	o := s.placed(buyer)
	require.Equal(t, "S 20, S 20", taxed(o.Quote), "a business, at home")
	s.changePartner(func(p *partner.Partner) { p.Type = partner.Internal })
	two := money.QuantityOf(2)
	o, err := s.orders.Revise(s.ctx, buyer, order.ReviseInput{Order: o.ID, Lines: []order.LineChange{{Line: s.lineOf(o, "OV-1"), Quantity: &two}}})
	require.NoError(t, err)
	require.Equal(t, "S 20, S 20", taxed(o.Quote), "as it was ordered")
	legal := partner.CounterpartyID("legal")
	o = s.accept(order.ReviseInput{Order: o.ID, Counterparty: &legal})
	require.Equal(t, "S 19, S 19", taxed(o.Quote), "as it is now")
	require.Equal(t, partner.Internal, o.Customer.Type)
}

// The id of a delivery address stands in for one that is missing or was found
// invalid, if it was not found so itself.
func TestVATIDOfTheAddress(t *testing.T) {
	const french, german = "FR87900123456", "DE136695976"
	for _, c := range []struct {
		entity           string
		entitys, address partner.VATStatus
		want             string
	}{
		{"", "", partner.VATValid, "K 0, K 0"},
		{"", "", partner.VATInvalid, "S 20, S 20"},
		{french, partner.VATValid, partner.VATValid, "S 20, S 20"},
		{french, partner.VATUnknown, partner.VATValid, "S 20, S 20"},
		{french, partner.VATInvalid, partner.VATValid, "K 0, K 0"},
		{french, partner.VATInvalid, partner.VATInvalid, "S 20, S 20"},
	} {
		s := vatShop(t)
		s.changePartner(func(p *partner.Partner) {
			p.Counterparties[0].VATID = c.entity
			p.VATChecks = []partner.VATCheck{{VATID: german, Status: c.address}}
			if c.entitys != partner.VATUnknown {
				p.VATChecks = append(p.VATChecks, partner.VATCheck{VATID: c.entity, Status: c.entitys})
			}
		})
		kart, _ := s.offer(buyer)
		p, err := s.carts.Recalculate(s.ctx, buyer, cart.RecalculateInput{Cart: kart.ID, Terms: &cart.Terms{ShipTo: &partner.Address{Country: "DE", VATID: german}}})
		require.NoError(t, err)
		require.Equal(t, c.want, taxed(p.Quote), c)
	}
}

// Where a VAT id has to be there one that was found invalid is none: the order is
// neither placed nor submitted, revised or validated by it.
func TestOrdersNeedAVATIDThatCounts(t *testing.T) {
	const french, german = "FR87900123456", "DE136695976"
	found := func(p *partner.Partner, checks ...partner.VATCheck) { p.VATChecks = checks }
	wrong := partner.VATCheck{VATID: french, Status: partner.VATInvalid}
	s := newShop(t, nil)
	kart, q := s.offer(buyer)
	draft, waiting := s.draft(buyer), s.placed(buyer)
	s.changePartner(func(p *partner.Partner) { found(p, wrong) })
	note := "by the back door"
	lacks := func(err error) {
		t.Helper()
		var guard *fsm.GuardError
		issues := fault.IssuesOf(err)
		if errors.As(err, &guard) {
			issues = guard.Problems
		}
		require.Len(t, issues, 1, "%v", err)
		require.Equal(t, "counterparty.vat_id vat_id.invalid", issues[0].Path+" "+issues[0].Code)
	}
	_, err := s.orders.Place(s.ctx, buyer, order.PlaceInput{Cart: kart.ID, Seal: q.Seal})
	lacks(err)
	_, err = s.orders.Advance(s.ctx, buyer, order.AdvanceInput{Order: draft.ID, On: order.Submit})
	lacks(err)
	_, err = s.orders.Advance(s.ctx, operator, order.AdvanceInput{Order: waiting.ID, On: order.Validate})
	lacks(err)
	_, err = s.orders.Revise(s.ctx, buyer, order.ReviseInput{Order: waiting.ID, Note: &note})
	lacks(err)
	options, err := s.orders.Allowed(s.ctx, operator, waiting.ID)
	require.NoError(t, err)
	for _, opt := range options {
		require.Equal(t, opt.On != order.Validate, len(opt.Why) == 0, opt.On)
	}

	to := waiting.ShipTo
	to.VATID = german
	_, err = s.orders.Revise(s.ctx, buyer, order.ReviseInput{Order: waiting.ID, ShipTo: &to})
	require.NoError(t, err, "the address has one")
	s.changePartner(func(p *partner.Partner) { found(p, wrong, partner.VATCheck{VATID: german, Status: partner.VATInvalid}) })
	_, err = s.orders.Advance(s.ctx, operator, order.AdvanceInput{Order: waiting.ID, On: order.Validate})
	lacks(err)
	s.changePartner(func(p *partner.Partner) { found(p) })
	s.advance(buyer, draft.ID, order.Submit)
	s.advance(operator, waiting.ID, order.Validate)
}
