package cart_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/uow"
)

// ready makes a cart of the purchaser with a calculation to order by.
func (k *kit) ready(puts ...cart.PutInput) (cart.Cart, string) {
	c := k.cart(merle, "A", puts...)
	p := get(k.Recalculate(bg, merle, cart.RecalculateInput{Cart: c.ID}))
	return p.Cart, p.Quote.Seal
}

func TestOrderingEmptiesTheCart(t *testing.T) {
	k := newKit(nil, nil)
	c, seal := k.ready(put(tray, "2"), put(cable, "1.5"))
	get(k.Annotate(bg, merle, cart.AnnotateInput{Cart: c.ID, Note: "before noon"}))
	k.later(time.Hour)
	var ready cart.Ready
	must(k.Update(bg, func(ctx context.Context, tx cart.Tx) (err error) {
		if ready, err = k.OrderTx(ctx, tx, merle, cart.OrderInput{Cart: c.ID, Seal: seal, Version: c.Version + 1}); err != nil {
			return err
		}
		return k.EmptyTx(ctx, tx, ready, cart.Ordered{Order: "o1", Ref: "FR10002527260001", By: merle.Stamp(), At: k.now()})
	}))
	require.Equal(t, "20.55 EUR", ready.Quote.Net.String())
	require.Equal(t, "24.66 EUR", ready.Quote.Gross.String())
	require.Equal(t, seal, ready.Quote.Seal)
	require.Equal(t, "FR10002527", ready.Partner.Number)
	require.Len(t, ready.Products, 2)
	require.Equal(t, "before noon", ready.Cart.Note)

	now := get(k.Get(bg, merle, c.ID))
	require.Empty(t, now.Lines)
	require.Nil(t, now.Quote)
	require.Empty(t, now.Note)
	require.Equal(t, []cart.Ordered{{Order: "o1", Ref: "FR10002527260001", Seal: seal, By: merle.Stamp(), At: k.now()}}, now.Orders)

	err := k.order(merle, cart.OrderInput{Cart: c.ID, Seal: seal, Version: c.Version}, "2")
	var already *cart.AlreadyOrdered
	require.ErrorAs(t, err, &already, "before the stale version")
	require.Equal(t, cart.AlreadyOrdered{Order: "o1", Ref: "FR10002527260001"}, *already)
	require.ErrorIs(t, err, cart.ErrOrdered)
	require.Equal(t, fault.Conflict, fault.KindOf(err))
	require.Equal(t, "cart.already_ordered", fault.CodeOf(err))
	require.ErrorIs(t, k.order(merle, cart.OrderInput{Cart: c.ID}, "2"), cart.ErrEmpty)
}

func TestOrderReadsTwice(t *testing.T) {
	k := newKit(nil, nil)
	c, seal := k.ready(put(tray, "2"), put(cable, "1.5"), put(handle, "6"))
	must(k.order(merle, cart.OrderInput{Cart: c.ID, Seal: seal}, "1"))
	require.Equal(t, 2, k.shop.reads, "the cart, then partner and products together")
}

func TestOrderRefuses(t *testing.T) {
	open := tickets{"7": true}
	k := newKit(nil, &cart.Options{Tickets: open, Limits: cart.Limits{
		MinimumOrder: map[money.Currency]money.Amount{money.EUR: money.FromMinor(1000, money.EUR)}}})
	c, seal := k.ready(put(tray, "2"))
	in := cart.OrderInput{Cart: c.ID, Seal: seal}
	order := func() error { return k.order(merle, in, "1") }

	require.ErrorIs(t, k.order(lind, in, "1"), access.ErrForbidden, "designers do not order")
	require.ErrorIs(t, k.order(costa, in, "1"), cart.ErrNotHolder)
	require.ErrorIs(t, k.order(merle, cart.OrderInput{Cart: c.ID, Seal: seal, Version: c.Version + 1}, "1"), uow.ErrVersion)

	err := k.order(merle, cart.OrderInput{Cart: c.ID, Seal: "another"}, "1")
	require.ErrorIs(t, err, cart.ErrSeal)
	var e *fault.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, seal, e.Data().(*pricing.Quote).Seal)

	k.later(24 * time.Hour)
	require.ErrorIs(t, order(), cart.ErrExpired)
	k.later(-24 * time.Hour)

	k.reprice(tray, "9.90")
	var moved *pricing.Moved
	require.ErrorAs(t, order(), &moved)
	require.Equal(t, "23.76 EUR", moved.Fresh.Gross.String())
	require.NotEmpty(t, moved.Fresh.Seal)
	again := get(k.Recalculate(bg, merle, cart.RecalculateInput{Cart: c.ID}))
	require.NotEmpty(t, again.Changes, "recalculating shows what moved")
	k.reprice(tray, "9.45")
	in.Seal = get(k.Recalculate(bg, merle, cart.RecalculateInput{Cart: c.ID})).Quote.Seal

	k.block(tray, true)
	err = order()
	require.ErrorIs(t, err, cart.ErrLines)
	require.Equal(t, []string{"lines[0].product blocked"}, issues(err))
	k.block(tray, false)

	get(k.Change(bg, merle, cart.ChangeInput{Cart: c.ID, Line: c.Lines[0].ID, Quantity: money.QuantityOf(1)}))
	require.ErrorIs(t, order(), cart.ErrSeal, "the change removed the calculation")
	in.Seal = get(k.Recalculate(bg, merle, cart.RecalculateInput{Cart: c.ID})).Quote.Seal
	err = order()
	require.ErrorIs(t, err, cart.ErrMinimum)
	require.ErrorAs(t, err, &e)
	require.Equal(t, cart.Shortfall{Minimum: money.FromMinor(1000, money.EUR), Net: money.FromMinor(945, money.EUR)}, e.Data())

	get(k.Put(bg, merle, cart.PutInput{Cart: c.ID, Product: tray, Quantity: money.QuantityOf(1), Ticket: "7", Warranty: "in"}))
	in.Seal = get(k.Recalculate(bg, merle, cart.RecalculateInput{Cart: c.ID})).Quote.Seal
	delete(open, "7")
	require.ErrorIs(t, order(), errTicket)
	open["7"] = true

	k.activate("vert", false)
	require.ErrorIs(t, order(), cart.ErrInactive)
	k.activate("vert", true)
	require.NoError(t, order())
}

func (k *kit) block(id catalog.ID, blocked bool) {
	k.change(func(ctx context.Context, tx cart.Tx) error {
		p, err := tx.Products().Get(ctx, id)
		if err != nil {
			return err
		}
		p.Sale = catalog.SaleFree
		if blocked {
			p.Sale = catalog.SaleBlocked
		}
		_, err = tx.Products().Save(ctx, p)
		return err
	})
}

func (k *kit) activate(id partner.ID, active bool) {
	k.change(func(ctx context.Context, tx cart.Tx) error {
		p, err := tx.Partners().Get(ctx, id)
		if err != nil {
			return err
		}
		p.Active = active
		_, err = tx.Partners().Save(ctx, p)
		return err
	})
}

func TestAForgedQuoteIsNotOrdered(t *testing.T) {
	k := newKit(newRemote(), nil)
	c, seal := k.ready(put(tray, "2"))
	k.change(func(ctx context.Context, tx cart.Tx) error {
		c, err := tx.Carts().Get(ctx, c.ID)
		if err != nil {
			return err
		}
		c.Quote.Gross = money.FromMinor(1, money.EUR)
		_, err = tx.Carts().Save(ctx, c)
		return err
	})
	err := k.order(merle, cart.OrderInput{Cart: c.ID, Seal: seal}, "1")
	require.ErrorIs(t, err, cart.ErrSeal)
	require.ErrorIs(t, err, pricing.ErrSeal)
}

func TestOneOfManyGetsTheOrder(t *testing.T) {
	for name, run := range stores() {
		t.Run(name, func(t *testing.T) { raceForOneOrder(t, newKitOn(run, nil, nil)) })
	}
}

// stores are where the tests that matter for a store run.
func stores() map[string]uow.Runner[cart.Tx] {
	return map[string]uow.Runner[cart.Tx]{"shop": newShop(), "memstore": inMemory()}
}

func inMemory() uow.Runner[cart.Tx] {
	tenant := get(memstore.New(nil).For("t"))
	return uow.Narrow(tenant, func(tx store.Tx) cart.Tx { return tx })
}

func raceForOneOrder(t *testing.T, k *kit) {
	c, seal := k.ready(put(tray, "2"))
	const racers = 100
	var wg sync.WaitGroup
	var mu sync.Mutex
	won, lost := 0, 0
	for range racers {
		wg.Go(func() {
			err := k.order(merle, cart.OrderInput{Cart: c.ID, Seal: seal}, "1")
			var already *cart.AlreadyOrdered
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won++
			case errors.As(err, &already) && already.Ref == "1":
				lost++
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	require.Equal(t, 1, won)
	require.Equal(t, racers-1, lost)
	require.Len(t, get(k.Get(bg, merle, c.ID)).Orders, 1)
}

func TestPreviewStoresNothing(t *testing.T) {
	k := newKit(nil, nil)
	c := k.cart(lind, "A", put(tray, "2"))
	p := get(k.Preview(bg, berg, cart.PreviewInput{Cart: c.ID}))
	require.Equal(t, p, get(uow.Ask(bg, k.Runner, func(ctx context.Context, tx cart.Tx) (cart.Priced, error) {
		return k.PreviewTx(ctx, tx, berg, cart.PreviewInput{Cart: c.ID})
	})))
	require.Equal(t, "22.68 EUR", p.Quote.Gross.String())
	require.NoError(t, p.Quote.Verify())
	require.Nil(t, p.Changes)
	require.Equal(t, c, get(k.Get(bg, lind, c.ID)))
	_, err := k.Recalculate(bg, berg, cart.RecalculateInput{Cart: c.ID})
	require.ErrorIs(t, err, access.ErrForbidden)
	_, err = k.Preview(bg, berg, cart.PreviewInput{Cart: c.ID, Version: 99})
	require.ErrorIs(t, err, uow.ErrVersion)

	get(k.Recalculate(bg, lind, cart.RecalculateInput{Cart: c.ID}))
	k.reprice(tray, "9.90")
	require.NotEmpty(t, get(k.Preview(bg, berg, cart.PreviewInput{Cart: c.ID})).Changes)

	empty := k.cart(lind, "B")
	_, err = k.Preview(bg, lind, cart.PreviewInput{Cart: empty.ID})
	require.ErrorIs(t, err, cart.ErrEmpty)
	gift := k.cart(lind, "C", put(free, "1"))
	_, err = k.Recalculate(bg, lind, cart.RecalculateInput{Cart: gift.ID})
	require.ErrorIs(t, err, pricing.ErrNoPrice)
}

func TestPricingListsEveryLineThatCannotBeOrdered(t *testing.T) {
	k := newKit(nil, nil)
	c := k.cart(lind, "A", put(tray, "2"), put(handle, "6"), put(cable, "1"))
	k.block(tray, true)
	k.drop(cable)
	_, err := k.Preview(bg, lind, cart.PreviewInput{Cart: c.ID})
	require.ErrorIs(t, err, cart.ErrLines)
	require.Equal(t, []string{"lines[0].product blocked", "lines[2] catalog.not_found"}, issues(err))
}

func TestPriceTxPricesACartThatIsNotStored(t *testing.T) {
	k := newKit(nil, &cart.Options{Limits: cart.Limits{Lines: 1}})
	c := cart.Cart{Partner: "vert", Currency: money.EUR, Lines: []cart.Line{{ID: "1", Product: tray, Quantity: money.QuantityOf(3)}}}
	price := func(c cart.Cart) (q pricing.Quote, err error) {
		err = k.View(bg, func(ctx context.Context, tx cart.Tx) error {
			p, err := tx.Partners().Get(ctx, c.Partner)
			if err != nil {
				return err
			}
			q, err = k.PriceTx(ctx, tx, c, p, start.Add(-time.Hour+time.Nanosecond))
			return err
		})
		return q, err
	}
	q := get(price(c))
	require.Equal(t, start.Add(-time.Hour), q.At)
	require.Equal(t, "28.35 EUR", q.Net.String())
	c.Lines = append(c.Lines, cart.Line{ID: "2", Product: handle, Quantity: money.QuantityOf(5)})
	_, err := price(c)
	require.Equal(t, []string{"lines cart.limit", "lines[1].quantity quantity.step", "lines[1].quantity quantity.min"}, issues(err))
}

func TestARemotePricerIsAskedBetweenTransactions(t *testing.T) {
	r := newRemote()
	k := newKit(r, nil)
	c := k.cart(merle, "A", put(tray, "2"))
	in := cart.RecalculateInput{Cart: c.ID, Key: "k"}
	p := get(k.Recalculate(bg, merle, in))
	require.NoError(t, p.Quote.Verify(), "the cart seals what others answer")
	require.Equal(t, p, get(k.Recalculate(bg, merle, in)))

	_, err := k.inTx(k.RecalculateTx, c.ID)
	require.ErrorIs(t, err, cart.ErrPricer)

	err = k.View(bg, func(ctx context.Context, tx cart.Tx) error {
		_, err := k.PreviewTx(ctx, tx, merle, cart.PreviewInput{Cart: c.ID})
		return err
	})
	require.ErrorIs(t, err, cart.ErrPricer)

	k.reprice(tray, "12.00")
	asked := r.asked
	require.NoError(t, k.order(merle, cart.OrderInput{Cart: c.ID, Seal: p.Quote.Seal}, "1"), "seal and validity decide")
	require.Equal(t, asked, r.asked)
	require.Equal(t, p, get(k.Recalculate(bg, merle, in)), "the key answers, although the cart is empty now")
	in.Key = ""
	_, err = k.Recalculate(bg, merle, in)
	require.ErrorIs(t, err, cart.ErrEmpty)
}

func (k *kit) inTx(fn func(context.Context, cart.Tx, access.Actor, cart.RecalculateInput) (cart.Priced, error), id cart.ID) (cart.Priced, error) {
	return uow.Do(bg, k.Runner, func(ctx context.Context, tx cart.Tx) (cart.Priced, error) {
		return fn(ctx, tx, merle, cart.RecalculateInput{Cart: id})
	})
}

func TestARemoteAnswerToAnotherCartIsNotKept(t *testing.T) {
	r := newRemote()
	k := newKit(r, nil)
	c := k.cart(merle, "A", put(tray, "2"))
	r.before = func() {
		r.before = nil
		in := put(tray, "1")
		in.Cart = c.ID
		get(k.Put(bg, merle, in))
	}
	_, err := k.Recalculate(bg, merle, cart.RecalculateInput{Cart: c.ID})
	require.ErrorIs(t, err, uow.ErrVersion)
	require.Nil(t, get(k.Get(bg, merle, c.ID)).Quote)
}

type wrong struct{ pricing.Pricer }

func (w wrong) Quote(ctx context.Context, b pricing.Basket) (pricing.Quote, error) {
	q, err := w.Pricer.Quote(ctx, b)
	q.Lines[0].Quantity = money.QuantityOf(99)
	return q, err
}

func TestAQuoteOfOtherLinesIsRefused(t *testing.T) {
	k := newKit(wrong{listPricer()}, nil)
	c := k.cart(merle, "A", put(tray, "2"))
	_, err := k.Recalculate(bg, merle, cart.RecalculateInput{Cart: c.ID})
	require.ErrorIs(t, err, cart.ErrQuote)
	require.Equal(t, fault.Internal, fault.KindOf(err))
}

// broken is a pricer whose figures do not agree.
type broken struct {
	pricing.Pricer
	edit func(q *pricing.Quote)
}

func (p broken) Quote(ctx context.Context, b pricing.Basket) (pricing.Quote, error) {
	q, err := p.Pricer.Quote(ctx, b)
	p.edit(&q)
	return q, err
}

func TestAQuoteThatDoesNotAddUpIsRefused(t *testing.T) {
	for name, edit := range map[string]func(q *pricing.Quote){
		"total":    func(q *pricing.Quote) { q.Gross = money.FromMinor(1, money.EUR) },
		"currency": func(q *pricing.Quote) { q.Lines[0].Net = money.FromMinor(1890, money.CHF) },
		"negative": func(q *pricing.Quote) { q.Lines[0].Tax = money.FromMinor(-1, money.EUR) },
		"over":     func(q *pricing.Quote) { q.Until = q.At },
	} {
		k := newKit(broken{listPricer(), edit}, nil)
		c := k.cart(merle, "A", put(tray, "2"))
		_, err := k.Recalculate(bg, merle, cart.RecalculateInput{Cart: c.ID})
		require.ErrorIs(t, err, cart.ErrQuote, name)
		require.ErrorIs(t, err, pricing.ErrQuote, name)
		require.Equal(t, "cart.quote", fault.CodeOf(err))
		require.Nil(t, get(k.Get(bg, merle, c.ID)).Quote)
	}
}

// What a pricer does with a basket is its own affair.
func TestAPricerCannotChangeTheListsOfOthers(t *testing.T) {
	pricer := &asked{Pricer: listPricer()}
	k := newKit(pricer, &cart.Options{Lists: []string{"", "std"}})
	c := k.cart(merle, "A", put(tray, "2"))
	for range 2 {
		get(k.Preview(bg, merle, cart.PreviewInput{Cart: c.ID}))
		require.Equal(t, []string{"", "std"}, pricer.basket.Lists)
		pricer.basket.Lists[0] = "vip"
	}
}

func TestTheVATIDThatCounts(t *testing.T) {
	pricer := &asked{Pricer: listPricer()}
	k := newKit(pricer, nil)
	c := k.cart(merle, "A", put(tray, "2"))
	identify := func(id string) {
		k.change(func(ctx context.Context, tx cart.Tx) error {
			p, err := tx.Partners().Get(ctx, "vert")
			if err != nil {
				return err
			}
			p.Counterparties[0].VATID = id
			p.Addresses = append(p.Addresses[:1:1], partner.Address{ID: "berlin", Country: "DE", VATID: "DE136695976"})
			_, err = tx.Partners().Save(ctx, p)
			return err
		})
	}
	for _, tc := range []struct {
		entity string
		terms  cart.Terms
		want   string
	}{
		{"", cart.Terms{ShipTo: &partner.Address{Country: "DE", VATID: "DE136695976"}}, "DE DE136695976"},
		{"", cart.Terms{ShipTo: &partner.Address{Country: "DEU", VATID: " de 136 695 976 "}}, "DE DE136695976"},
		{"", cart.Terms{Address: "berlin"}, "DE DE136695976"},
		{"FR40303265045", cart.Terms{Address: "berlin"}, "DE FR40303265045"},
		{"", cart.Terms{ShipTo: &partner.Address{Country: "AT", VATID: "DE136695976"}}, "AT "},
		{"", cart.Terms{ShipTo: &partner.Address{Country: "DE", VATID: "DE136695975"}}, "DE "},
		{"", cart.Terms{ShipTo: &partner.Address{VATID: "FR40303265045"}}, "FR FR40303265045"},
		{"", cart.Terms{ShipTo: &partner.Address{Country: "GR", VATID: "EL123456789"}}, "GR EL123456789"},
		{"", cart.Terms{ShipTo: &partner.Address{Country: "MC", VATID: "FR40303265045"}}, "MC FR40303265045"},
		{"", cart.Terms{ShipTo: &partner.Address{Country: "GB", VATID: "XIGD001"}}, "GB XIGD001"},
		{"", cart.Terms{ShipTo: &partner.Address{Country: "DE"}}, "DE "},
	} {
		identify(tc.entity)
		get(k.Preview(bg, merle, cart.PreviewInput{Cart: c.ID, Terms: &tc.terms}))
		require.Equal(t, tc.want, string(pricer.basket.Country)+" "+pricer.basket.VATID, "%+v", tc)
	}
}

func TestTermsAreTakenInStoredForm(t *testing.T) {
	k := newKit(nil, nil)
	c := k.cart(merle, "A", put(tray, "2"))
	to := partner.Address{Company: " Atelier ", Country: "ita", VATID: "it 0015 4382 0026"}
	in := cart.RecalculateInput{Cart: c.ID, Key: "k", Terms: &cart.Terms{ShipTo: &to}}
	first := get(k.Recalculate(bg, merle, in))
	want := to.Normal()
	require.Equal(t, &want, first.Cart.Terms.ShipTo)
	require.Equal(t, partner.Country("IT"), want.Country)
	require.Equal(t, partner.Country("ita"), to.Country, "the input stays as it was")
	in.Terms = &cart.Terms{ShipTo: &want}
	require.Equal(t, first, get(k.Recalculate(bg, merle, in)), "the same terms, written otherwise")

	bad := &cart.Terms{ShipTo: &partner.Address{Company: strings.Repeat("x", 256), City: "Lille\n\x00", Country: "XX"}}
	fields := []string{"terms.ship_to.company text.long", "terms.ship_to.city text.control", "terms.ship_to.country country.unknown"}
	_, err := k.Recalculate(bg, merle, cart.RecalculateInput{Cart: c.ID, Terms: bad})
	require.ErrorIs(t, err, cart.ErrInvalid)
	require.Equal(t, fields, issues(err))
	_, err = k.Preview(bg, berg, cart.PreviewInput{Cart: c.ID, Terms: bad})
	require.Equal(t, fields, issues(err))
	_, err = k.Recalculate(bg, merle, cart.RecalculateInput{Cart: c.ID, Key: "k2", Terms: bad})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	require.Equal(t, first.Cart, get(k.Get(bg, merle, c.ID)))
}

func TestTaxFollowsTheTerms(t *testing.T) {
	pricer := &asked{Pricer: listPricer()}
	k := newKit(pricer, nil)
	c := k.cart(merle, "A", put(tray, "2"))
	side := func(terms *cart.Terms) string {
		_, err := k.Recalculate(bg, merle, cart.RecalculateInput{Cart: c.ID, Terms: terms})
		if err != nil {
			return fault.CodeOf(err)
		}
		b := pricer.basket
		return string(b.Country) + " " + b.VATID
	}
	home := side(nil)
	require.NotEmpty(t, home)
	require.Equal(t, "cart.invalid", side(&cart.Terms{Counterparty: "nobody"}))
	require.Contains(t, side(&cart.Terms{ShipTo: &partner.Address{Country: "IT"}}), "IT ")
	require.Contains(t, side(nil), "IT ", "terms stay with the cart")
	require.Equal(t, home, side(&cart.Terms{}), "the zero terms are the defaults again")
}

// asked keeps the last basket.
type asked struct {
	pricing.Pricer
	basket pricing.Basket
}

func (a *asked) Quote(ctx context.Context, b pricing.Basket) (pricing.Quote, error) {
	a.basket = b
	return a.Pricer.Quote(ctx, b)
}
