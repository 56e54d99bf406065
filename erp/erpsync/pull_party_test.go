package erpsync_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// taking is a setup that takes all parties.
func taking() setup {
	return setup{pull: erpsync.PullOptions{Parties: erpsync.Parties{Take: func(erp.Party) bool { return true }}}}
}

// south is a customer of the ERP with two addresses.
func south() erp.Party {
	return erp.Party{Code: "C0009", Name: "Sud SAS", VATID: "FR 40 303 265 045", Lang: "fr", Phone: "+33 4", Active: true, Addresses: []erp.PartyAddress{
		{Address: erp.Address{Code: "1", Street: "1 quai", PostCode: "13001", City: "Marseille", Country: "FR"}, Invoice: true},
		{Address: erp.Address{Code: "2", Name: "Dépôt", Contact: "Luc", Street: "2 rue", Street2: "B", PostCode: "13002", City: "Marseille", Country: "FR"}, Delivery: true},
		{Address: erp.Address{Code: "3"}},
	}}
}

// partner is the one of a number.
func (w *world) partner(number string) partner.Partner {
	w.t.Helper()
	p, known := w.partnerIf(number)
	require.True(w.t, known, number)
	return p
}

func (w *world) partnerIf(number string) (p partner.Partner, known bool) {
	w.t.Helper()
	require.NoError(w.t, w.store.View(w.ctx, func(ctx context.Context, tx store.Tx) error {
		page, err := tx.Partners().Find(ctx, partner.Query{Number: number, Page: uow.PageRequest{Limit: 1}})
		if known = len(page.Rows) > 0; err != nil || !known {
			return err
		}
		p, err = tx.Partners().Get(ctx, page.Rows[0].ID)
		return err
	}))
	return p, known
}

// keep saves a partner as an admin does here.
func (w *world) keep(p partner.Partner) partner.Partner {
	w.t.Helper()
	saved, err := w.partners(w.store).Register(w.ctx, admin, partner.RegisterInput{Partner: p})
	require.NoError(w.t, err)
	return saved
}

// A customer that is unknown is registered with its legal entity and addresses, and
// nobody who works there.
func TestPartiesAreRegistered(t *testing.T) {
	w := newWorld(t, taking())
	nord := w.partner("FR10002527")
	w.books.SaveParty(south())
	w.books.SaveParty(erp.Party{Code: "C0010", Name: "Archived"})
	w.pulls()
	got := w.partner("C0009")
	require.NotEmpty(t, got.ID)
	quai := partner.Address{Company: "Sud SAS", Street: "1 quai", Postcode: "13001", City: "Marseille", Country: "FR", Phone: "+33 4"}
	require.Equal(t, partner.Partner{ID: got.ID, Version: 1, Number: "C0009", Name: "Sud SAS", Type: partner.Dealer, Active: true, Lang: "fr",
		Counterparties: []partner.Counterparty{{ID: "erp-1", Name: "Sud SAS", Country: "FR", VATID: "FR40303265045", Invoice: quai, Code: "C0009", Default: true}},
		Addresses: []partner.Address{{ID: "erp-1-2", Company: "Dépôt", Contact: "Luc", Street: "2 rue", Street2: "B", Postcode: "13002", City: "Marseille", Country: "FR",
			Phone: "+33 4", Default: true}},
		CreatedAt: got.CreatedAt, UpdatedAt: got.UpdatedAt}, got)
	_, known := w.partnerIf("C0010")
	require.False(t, known, "one that is archived and unknown is left out")
	require.Equal(t, nord, w.partner("FR10002527"))
	require.Empty(t, w.parked())
}

// Nobody's partners change who did not ask for it, and no others than he asked for.
func TestPartiesAreTakenWhereAsked(t *testing.T) {
	for name, c := range map[string]struct {
		take func(erp.Party) bool
		want string
	}{
		"by default":       {nil, ""},
		"all":              {func(erp.Party) bool { return true }, "C0009 S0001"},
		"of another group": {func(p erp.Party) bool { return len(p.Groups) > 0 && p.Groups[0] == "Suppliers" }, "S0001"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, setup{pull: erpsync.PullOptions{Parties: erpsync.Parties{Take: c.take}}})
			w.books.SaveParty(south())
			w.books.SaveParty(erp.Party{Code: "S0001", Name: "Aciers", Groups: []string{"Suppliers"}, Active: true})
			w.books.SaveParty(erp.Party{Code: "FR10002527", Name: "Another"})
			w.pulls()
			got := ""
			for _, number := range []string{"C0009", "S0001"} {
				if _, known := w.partnerIf(number); known && got == "" {
					got = number
				} else if known {
					got += " " + number
				}
			}
			require.Equal(t, c.want, got)
			require.Equal(t, name == "all", !w.partner("FR10002527").Active)
			require.Equal(t, c.take != nil, len(w.puller.Streams()) == len(erp.Streams()))
		})
	}
}

// Of a partner that is known the ERP's are name, VAT id and addresses; what else
// stands there is the portal's.
func TestPartiesUpdatePartners(t *testing.T) {
	w := newWorld(t, taking())
	w.books.SaveParty(south())
	w.pulls()
	here := w.partner("C0009")
	here.Members = []partner.Member{{ID: "zoe", Name: "Zoé", Roles: []access.Role{access.Purchaser}, Active: true}}
	here.Type, here.PriceLists, here.Groups, here.Region, here.Lang = partner.Studio, []string{"south"}, []string{"gold"}, "PACA", "en"
	here.Contracts = []partner.Contract{{ID: "k", Number: "K-1", Counterparty: "erp-1"}}
	here.Agreements = []partner.Agreement{{ID: "a", Name: "Framework", Contract: "k"}}
	own := partner.Address{ID: "own", Label: "Studio", Company: "Sud SAS", Street: "9 place", Postcode: "13003", City: "Marseille", Country: "FR"}
	here.Addresses[0].Label, here.Addresses[0].Fax = "Depot", "+33 5"
	here.Addresses = append(here.Addresses, own)
	here = w.keep(here)

	w.books.SaveParty(south())
	w.pulls()
	require.Equal(t, here, w.partner("C0009"), "the row says what is there")

	changed := south()
	changed.Name, changed.VATID, changed.Addresses[1].Street = "Sud & Fils", "FR83404833048", "3 rue"
	changed.Addresses[2].Address = erp.Address{Code: "4", Name: "Sud SAS", Street: "9 PLACE", PostCode: "13003", City: "Marseille", Country: "FR"}
	changed.Addresses[2].Delivery = true
	w.books.SaveParty(changed)
	w.pulls()
	want := here
	want.Version++
	want.Name, want.UpdatedAt = "Sud & Fils", w.partner("C0009").UpdatedAt
	entity := here.Counterparties[0]
	entity.Name, entity.VATID, entity.Invoice.Company = "Sud & Fils", "FR83404833048", "Sud & Fils"
	want.Counterparties = []partner.Counterparty{entity}
	depot := here.Addresses[0]
	depot.Street = "3 rue"
	want.Addresses = []partner.Address{depot, own}
	require.Equal(t, want, w.partner("C0009"), "the place that is here already is not added")

	changed.VATID, changed.Addresses = "", changed.Addresses[:1]
	w.books.SaveParty(changed)
	w.pulls()
	got := w.partner("C0009")
	require.Empty(t, got.Counterparties[0].VATID, "the ERP's own is cleared")
	own.ID = "own"
	own.Default = true
	require.Equal(t, append([]partner.Address{own}, got.Addresses[1:]...), got.Addresses)
	require.Equal(t, partner.AddressID("erp-1-1"), got.Addresses[1].ID, "the only address is for both")
	require.Empty(t, w.parked())
}

// The code of a legal entity says which partner is meant, before the number does;
// of one that is not the partner's first the partner's name does not follow.
func TestPartiesAreFoundByTheirCode(t *testing.T) {
	w := newWorld(t, taking())
	nord := w.partner("FR10002527")
	nord.Counterparties[0].Code = "C0002"
	second := nord.Counterparties[0]
	second.ID, second.Code, second.Default, second.VATID = "second", "C0003", false, ""
	nord.Counterparties = append(nord.Counterparties, second)
	nord = w.keep(nord)
	w.books.SaveParty(erp.Party{Code: "C0003", Name: "Nord Services", VATID: "FR40303265045"})
	w.pulls()
	got := w.partner("FR10002527")
	require.Equal(t, []any{"Studio Nord", true, "Nord Services", "FR40303265045"},
		[]any{got.Name, got.Active, got.Counterparties[1].Name, got.Counterparties[1].VATID})
	require.Equal(t, nord.Counterparties[0], got.Counterparties[0])
	w.books.SaveParty(erp.Party{Code: "C0002", Name: "Nord SA", Active: true})
	w.pulls()
	got = w.partner("FR10002527")
	require.Equal(t, []any{"Nord SA", "Nord SA", "FR87900123456"}, []any{got.Name, got.Counterparties[0].Name, got.Counterparties[0].VATID},
		"a VAT id that only the portal knows stays")
	require.Len(t, got.Counterparties, 2)
	_, known := w.partnerIf("C0002")
	require.False(t, known)
	require.True(t, w.books.Delete(erp.Parties, "1"))
	require.Equal(t, 1, w.compared())
	require.Equal(t, got, w.partner("FR10002527"), "the other legal entity goes on")
	require.Empty(t, w.parked())
}

// A partner follows the ERP when it archives the party or takes it back; in between
// people's word stands.
func TestPartiesBecomeInactive(t *testing.T) {
	w := newWorld(t, taking())
	says := func(active bool) bool {
		p := south()
		p.Active = active
		w.books.SaveParty(p)
		w.pulls()
		return w.partner("C0009").Active
	}
	require.True(t, says(true))
	require.False(t, says(false))
	require.True(t, says(true))
	p := w.partner("C0009")
	p.Active = false
	w.keep(p)
	require.False(t, says(true), "who was banned here stays so")
	require.False(t, says(false))
	p = w.partner("C0009")
	p.Active = true
	w.keep(p)
	require.True(t, says(false), "a person's word")
}

// What partners refuse waits for a person, with the field, and the next row is
// applied; the party's next change takes its place.
func TestPartiesThatAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*erp.Party)
		cause string
	}{
		"a VAT id that is none": {func(p *erp.Party) { p.VATID = "FR00000000000" }, "counterparties[0].vat_id"},
		"half an address":       {func(p *erp.Party) { p.Addresses[0].City = "" }, "counterparties[0].invoice_address.city"},
		"a number with a dash":  {func(p *erp.Party) { p.Code = "C-9" }, "number.shape"},
		"no name":               {func(p *erp.Party) { p.Name = "" }, "name"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, taking())
			bad := south()
			c.spoil(&bad)
			w.books.SaveParty(bad)
			w.books.SaveParty(erp.Party{Code: "C0011", Name: "Est", Active: true})
			w.pulls()
			parked := w.parked()
			require.Len(t, parked, 1)
			require.Equal(t, "person", parked[0].Awaits)
			require.Contains(t, parked[0].Cause, c.cause)
			_, known := w.partnerIf(bad.Code)
			require.False(t, known)
			w.partner("C0011")
			if bad.Code == "C0009" {
				w.books.SaveParty(south())
				w.pulls()
				require.Empty(t, w.parked())
				w.partner("C0009")
			}
		})
	}
}

// An invoice that came before its customer is released by it.
func TestInvoicesWaitForTheirParty(t *testing.T) {
	up := taking()
	up.pull.Strangers = true
	up.pull.Streams = []erp.Stream{erp.Payments, erp.Parties}
	w := newWorld(t, up)
	w.books.SaveParty(south())
	_, err := w.books.Pay(erp.Payment{Customer: "C0009", Currency: "EUR", Amount: dec("5")})
	require.NoError(t, err)
	_, err = w.puller.Pull(w.ctx, erp.Payments)
	require.NoError(t, err)
	require.Equal(t, "customer/C0009", w.parked()[0].Awaits)
	did, err := w.puller.Pull(w.ctx, erp.Parties)
	require.NoError(t, err)
	require.Equal(t, 1, did.Released)
	require.Empty(t, w.parked())
}

// compared compares twice, as far apart as it takes, and answers how many are gone.
func (w *world) compared() int {
	w.t.Helper()
	n, err := w.puller.Resync(w.ctx)
	require.NoError(w.t, err)
	require.Zero(w.t, n)
	w.pass(time.Hour)
	n, err = w.puller.Resync(w.ctx)
	require.NoError(w.t, err)
	return n
}

// What the ERP lists no more is no longer active, unless it was entered again; who
// was never the ERP's stays.
func TestResyncEndsParties(t *testing.T) {
	w := newWorld(t, taking())
	for i := range 20 {
		w.books.SaveParty(erp.Party{Code: fmt.Sprint("C", i), Name: "Customer", Active: true})
	}
	w.pulls()
	require.True(t, w.books.Delete(erp.Parties, "3"))
	require.True(t, w.books.Delete(erp.Parties, "4"))
	w.books.SaveParty(erp.Party{Code: "C3", Name: "Again", Active: true})
	w.pulls()
	require.Equal(t, 2, w.compared())
	for i := range 20 {
		require.Equal(t, i != 2, w.partner(fmt.Sprint("C", i)).Active, i)
	}
	require.True(t, w.partner("FR10002527").Active)
	for i := 5; i < 10; i++ {
		require.True(t, w.books.Delete(erp.Parties, fmt.Sprint(i)))
	}
	_, err := w.puller.Resync(w.ctx)
	require.ErrorIs(t, err, erpsync.ErrManyGone)
	n, err := erpsync.NewParking(w.puller, nil).Gone(w.ctx, admin, erp.Parties, 5)
	require.NoError(t, err)
	require.Equal(t, 5, n)
	require.False(t, w.partner("C4").Active)
}

// renumbered is an adapter whose parties have other codes from a moment on.
type renumbered struct {
	whole
	code string
}

func (r *renumbered) PullParties(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Party], error) {
	page, err := r.whole.PullParties(ctx, after, limit)
	for i := range page.Rows {
		if r.code != "" {
			page.Rows[i].Code = r.code
		}
	}
	return page, err
}

// A party of another code is another customer.
func TestPartiesThatAreRenumbered(t *testing.T) {
	r, up := &renumbered{}, taking()
	up.wrap = func(_ *world, a erp.Adapter) erp.Adapter { r.whole = a.(whole); return r }
	w := newWorld(t, up)
	w.books.SaveParty(south())
	w.pulls()
	r.code = "C0099"
	w.books.SaveParty(south())
	w.pulls()
	require.Equal(t, []bool{false, true}, []bool{w.partner("C0009").Active, w.partner("C0099").Active})
}

// An order that goes to an address of the ERP's names what stands there.
func TestOrdersGoToThePartysAddress(t *testing.T) {
	up := taking()
	up.pull.Parties.Change = func(c erp.Party, p *partner.Partner) {
		if p.Version == 0 {
			p.Type = partner.Studio
		}
		p.Region = c.Addresses[0].City
	}
	w := newWorld(t, up)
	w.books.SaveParty(erp.Party{Code: "FR10002527", Name: "Nord SARL", Active: true, Addresses: south().Addresses[:2]})
	w.books.SaveParty(south())
	w.pulls()
	require.Equal(t, []any{partner.Studio, "Marseille"}, []any{w.partner("C0009").Type, w.partner("C0009").Region})
	id := w.place()
	w.validate(id)
	w.settle()
	sent := w.books.Orders()[0].Order
	require.Equal(t, "1 quai", sent.InvoiceTo.Street)
	require.Equal(t, []string{"Dépôt", "Luc", "2 rue", "B", "13002"}, []string{sent.ShipTo.Name, sent.ShipTo.Contact, sent.ShipTo.Street, sent.ShipTo.Street2, sent.ShipTo.PostCode})
	require.Equal(t, order.Confirmed, w.get(id).State)
}

// What a change writes into a list that the partner had is kept, as what it sets is.
func TestPartiesChangeWhatIsThere(t *testing.T) {
	up, list := taking(), "south"
	up.pull.Parties.Change = func(_ erp.Party, p *partner.Partner) {
		if p.Version == 0 {
			p.PriceLists = []string{list}
			p.Members = []partner.Member{{ID: "zoe", Name: "Zoé", Roles: []access.Role{access.Purchaser}, Active: true}}
			return
		}
		p.PriceLists[0] = list
		p.Members[0].Roles[0] = access.Accountant
	}
	w := newWorld(t, up)
	w.books.SaveParty(south())
	w.pulls()
	require.Equal(t, []string{"south"}, w.partner("C0009").PriceLists)
	list = "east"
	w.books.SaveParty(south())
	w.pulls()
	got := w.partner("C0009")
	require.Equal(t, []string{"east"}, got.PriceLists)
	require.Equal(t, []access.Role{access.Accountant}, got.Members[0].Roles)
}

// A party that is none of ours is nobody's work, whatever is wrong with it.
func TestPartiesThatAreNotOursAreNotParked(t *testing.T) {
	up := setup{}
	up.pull.Parties.Take = func(p erp.Party) bool { return !slices.Contains(p.Groups, "Suppliers") }
	w := newWorld(t, up)
	w.books.SaveParty(erp.Party{Code: "S0001", Groups: []string{"Suppliers"}, Active: true})
	w.books.SaveParty(erp.Party{Code: "C0012", Active: true})
	w.books.SaveParty(south())
	w.pulls()
	require.Equal(t, []any{1, "parties/2"}, []any{len(w.parked()), w.parked()[0].ID})
	w.partner("C0009")
}

// hiding is an adapter whose list leaves out an id.
type hiding struct {
	whole
	id string
}

func (h *hiding) ListIDs(ctx context.Context, s erp.Stream, after erp.Cursor, limit int) (erp.Page[string], error) {
	page, err := h.whole.ListIDs(ctx, s, after, limit)
	page.Rows = slices.DeleteFunc(page.Rows, func(id string) bool { return id == h.id })
	return page, err
}

// A party that is listed again is active again, unless it was not before.
func TestPartiesThatAreListedAgain(t *testing.T) {
	for _, active := range []bool{true, false} {
		h, up := &hiding{}, taking()
		up.wrap = func(_ *world, a erp.Adapter) erp.Adapter { h.whole = a.(whole); return h }
		w := newWorld(t, up)
		w.books.SaveParty(south())
		w.books.SaveParty(erp.Party{Code: "C0011", Name: "Est", Active: true})
		w.pulls()
		p := w.partner("C0009")
		p.Active = active
		w.keep(p)
		h.id = "1"
		require.Equal(t, 1, w.compared())
		require.False(t, w.partner("C0009").Active)
		h.id = ""
		_, err := w.puller.Resync(w.ctx)
		require.NoError(t, err)
		w.pulls()
		require.Equal(t, active, w.partner("C0009").Active)
	}
}
