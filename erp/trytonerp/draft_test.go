package trytonerp

import (
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/internal/testtryton"
)

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// What Tryton has no record for, or cannot hold, is said at once, by its path,
// and no sale is made.
func TestOrdersThatCannotBe(t *testing.T) {
	h, ctx := shared(t), t.Context()
	o := order(unique("no"), 1)
	o.Customer, o.Currency, o.ShipTo.Country = "nobody", "USD", "XK"
	o.Lines[0].SKU = "NONE-1"
	o.Lines[1].UnitPrice, o.Lines[1].PriceBase, o.Lines[1].Quantity = dec("1.0001"), dec("7"), dec("2.5")
	o.Lines[2].TaxRate = dec("7.7")
	_, err := h.shared.PushOrder(ctx, o)
	require.Equal(t, erp.Rejected, erp.ClassOf(err))
	for _, text := range []string{
		`lines[0].sku: Tryton sells no product of the code "NONE-1"`,
		"lines[1].quantity: 2.5 has more than 0 decimals, which is what Tryton keeps of the Unit",
		"lines[1].unit_price: 1.0001 per 7 is no price of 4 decimals for one",
		`lines[2].tax_rate: Tryton has no tax of sales for "S 7.7"`,
		`customer: Tryton has no party of the code "nobody"`, "currency: Tryton has no USD",
	} {
		require.ErrorContains(t, err, text)
	}
	o = order(unique("no"), 1)
	o.ShipTo.Country, o.Lines[0].Unit, o.Lines[1].Unit = "XK", "KGM", "PAL"
	_, err = h.shared.PushOrder(ctx, o)
	for _, text := range []string{"lines[0].unit: Tryton sells CABLE by the Meter, not by the Kilogram", `lines[1].unit: Tryton has no unit for "PAL"`,
		"ship_to.country: Tryton has no country XK"} {
		require.ErrorContains(t, err, text)
	}
	ids, err := h.people.Sales(ctx, o.Key)
	require.NoError(t, err)
	require.Empty(t, ids)
}

// A price that one unit cannot have exactly goes where the line comes to the
// same amount.
func TestPricesOfOne(t *testing.T) {
	line := func(quantity, price, base, net string) erp.OrderLine {
		return erp.OrderLine{Quantity: dec(quantity), UnitPrice: dec(price), PriceBase: dec(base), Net: dec(net)}
	}
	for _, c := range []struct {
		l    erp.OrderLine
		want string
	}{
		{line("250", "12.50", "100", "31.25"), "0.125"},
		{line("3", "9.99", "0", "29.97"), "9.99"},
		{line("3", "10.01", "3", "10.01"), "3.3367"},
		{line("3000", "10001", "3000", "10001"), ""},
	} {
		var w wrong
		got := priceOfOne(c.l, "EUR", "lines[0]", &w)
		require.Equal(t, c.want == "", len(w) > 0, "%v", w)
		require.True(t, c.want == "" || got.Equal(dec(c.want)), got)
	}
}

// addressesOfDealer are the ids of the addresses of the samples' customer.
func (h *erpHost) addressesOfDealer(t *testing.T) []int {
	t.Helper()
	ids, err := h.people.Search(t.Context(), "party.address", []any{"party.code", "=", "C0002"})
	require.NoError(t, err)
	return ids
}

// Where goods go is an address of the customer's in Tryton: the one that is
// there, entered once when it is not, or the one Tryton suggests.
func TestAddresses(t *testing.T) {
	h, ctx := shared(t), t.Context()
	goTo := func(change func(*erp.Order)) (invoice, shipment int) {
		o := order(unique("to"), 1)
		change(&o)
		r, err := h.shared.PushOrder(ctx, o)
		require.NoError(t, err)
		var rows []struct {
			Invoice  int `json:"invoice_address"`
			Shipment int `json:"shipment_address"`
		}
		require.NoError(t, h.people.Read(ctx, &rows, "sale.sale", []int{number(r.ID)}, "invoice_address", "shipment_address"))
		return rows[0].Invoice, rows[0].Shipment
	}
	before := h.addressesOfDealer(t)
	street := unique("Quai") + " 7"
	to := func(o *erp.Order) {
		o.ShipTo = erp.Address{Name: "Chantier", Contact: "Jean", Street: street, Street2: "Porte B", PostCode: "29200", City: "Brest", Region: "Bretagne", Country: "FR", Phone: "+33 2"}
	}
	invoice, first := goTo(to)
	require.Contains(t, before, invoice, "the customer's own")
	require.NotContains(t, before, first)
	_, again := goTo(func(o *erp.Order) {
		to(o)
		o.ShipTo.Street, o.ShipTo.Phone = strings.ToUpper(street)+" ", ""
	})
	require.Equal(t, first, again)
	require.Len(t, h.addressesOfDealer(t), len(before)+1)
	_, byCode := goTo(func(o *erp.Order) { o.ShipTo = erp.Address{Code: fmt.Sprint(first)} })
	require.Equal(t, first, byCode)
	suggested, shipment := goTo(func(o *erp.Order) { o.InvoiceTo, o.ShipTo = erp.Address{}, erp.Address{} })
	require.Equal(t, []int{invoice, invoice}, []int{suggested, shipment})
	_, err := h.shared.PushOrder(ctx, func() erp.Order {
		o := order(unique("to"), 1)
		o.ShipTo = erp.Address{Code: "999999"}
		return o
	}())
	require.ErrorContains(t, err, `ship_to.code: Cuisines Léonie has no address "999999" in Tryton`)
}

// A quotation is revised, and becomes a draft again; what people have added
// stays, what they do at the same time is not overwritten.
func TestRevisions(t *testing.T) {
	h, ctx := shared(t), t.Context()
	o := order(unique("rev"), 1)
	r, err := h.shared.PushOrder(ctx, o)
	require.NoError(t, err)
	_, err = h.people.Create(ctx, "sale.line", map[string]any{"sale": number(r.ID), "type": "comment", "description": "Call before."})
	require.NoError(t, err)
	require.NoError(t, h.people.Press(ctx, "sale.sale", "quote", number(r.ID)))
	r, err = h.shared.ReviseOrder(ctx, r.ID, order(o.Key, 2))
	require.NoError(t, err)
	require.Equal(t, []any{erp.StateDraft, 2}, []any{r.State, r.Revision})
	s, err := h.people.Sale(ctx, number(r.ID))
	require.NoError(t, err)
	require.Equal(t, "draft", s.State)
	require.Len(t, s.Lines, 5, "three lines, a discount and the people's own")
	require.NotEmpty(t, s.Number, "a number once given stays")

	_, err = h.shared.ReviseOrder(ctx, r.ID, order(o.Key, 1))
	require.Equal(t, erp.Conflict, erp.ClassOf(err))
	_, err = h.shared.ReviseOrder(ctx, r.ID, order(unique("other"), 3))
	require.Equal(t, erp.Conflict, erp.ClassOf(err))

	// Somebody confirms between our look and our write.
	h.staged.before(methods[erp.OpRevise], func() { require.NoError(t, h.people.Confirm(ctx, number(r.ID))) })
	r, err = h.shared.ReviseOrder(ctx, r.ID, order(o.Key, 3))
	if err == nil {
		require.Equal(t, []any{erp.StateConfirmed, 2}, []any{r.State, r.Revision})
	} else {
		require.Equal(t, erp.Conflict, erp.ClassOf(err), "%v", err)
	}
	found, err := h.shared.FindOrder(ctx, o.Key)
	require.NoError(t, err)
	require.Equal(t, []any{erp.StateConfirmed, 2}, []any{found.State, found.Revision})
}

// What people do to a draft between our look and our write is for nobody to look
// after, even within one second: the order is revised the next time.
func TestRevisionsOfDraftsThatChange(t *testing.T) {
	h, ctx := shared(t), t.Context()
	for name, change := range map[string]func(id int, lines []int) error{
		"quoted": func(id int, _ []int) error { return h.people.Press(ctx, "sale.sale", "quote", id) },
		"a line is deleted": func(_ int, lines []int) error {
			_, err := h.people.Call(ctx, "model.sale.line.delete", lines[:1])
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := order(unique("rev"), 1)
			r, err := h.shared.PushOrder(ctx, o)
			require.NoError(t, err)
			s, err := h.people.Sale(ctx, number(r.ID))
			require.NoError(t, err)
			h.staged.before(methods[erp.OpRevise], func() { require.NoError(t, change(s.ID, s.Lines)) })
			_, err = h.shared.ReviseOrder(ctx, r.ID, order(o.Key, 2))
			require.Equal(t, erp.Conflict, erp.ClassOf(err), "%v", err)
			r, err = h.shared.ReviseOrder(ctx, r.ID, order(o.Key, 2))
			require.NoError(t, err)
			require.Equal(t, []any{erp.StateDraft, 2}, []any{r.State, r.Revision})
			s, err = h.people.Sale(ctx, s.ID)
			require.NoError(t, err)
			require.Len(t, s.Lines, 4, "three lines and a discount")
			// One that goes before we look at it hinders nobody.
			h.staged.before("model.sale.line.search_read", func() {
				_, err := h.people.Call(ctx, "model.sale.line.delete", s.Lines[:1])
				require.NoError(t, err)
			})
			r, err = h.shared.ReviseOrder(ctx, r.ID, order(o.Key, 3))
			require.NoError(t, err)
			require.Equal(t, 3, r.Revision)
		})
	}
}

// Each change of an order is another version of it, also within one second.
func TestVersionsWithinASecond(t *testing.T) {
	h, ctx := shared(t), t.Context()
	r, err := h.shared.PushOrder(ctx, order(unique("ver"), 1))
	require.NoError(t, err)
	seen := map[string]bool{r.Version: true}
	for n := range 4 {
		require.NoError(t, h.people.Write(ctx, "sale.sale", []int{number(r.ID)}, map[string]any{"comment": fmt.Sprint("Call ", n)}))
		r, err = h.shared.FindOrder(ctx, r.Key)
		require.NoError(t, err)
		seen[r.Version] = true
	}
	require.Len(t, seen, 5)
}

// A cancelled order says why; one that people have confirmed says that it
// stands.
func TestCancelSaysWhy(t *testing.T) {
	h, ctx := shared(t), t.Context()
	r, err := h.shared.PushOrder(ctx, order(unique("can"), 1))
	require.NoError(t, err)
	got, err := h.shared.CancelOrder(ctx, r.ID, "entered twice")
	require.NoError(t, err)
	require.Equal(t, erp.StateCancelled, got.State)
	var rows []struct{ Comment string }
	require.NoError(t, h.people.Read(ctx, &rows, "sale.sale", []int{number(r.ID)}, "comment"))
	require.True(t, strings.HasSuffix(rows[0].Comment, "\nentered twice"), rows[0].Comment)

	r, err = h.shared.PushOrder(ctx, order(unique("can"), 1))
	require.NoError(t, err)
	h.staged.before(methods[erp.OpCancel], func() { require.NoError(t, h.people.Confirm(ctx, number(r.ID))) })
	got, err = h.shared.CancelOrder(ctx, r.ID, "")
	if err == nil {
		require.Equal(t, erp.StateConfirmed, got.State)
	} else {
		require.Equal(t, erp.Conflict, erp.ClassOf(err), "%v", err)
	}
}

// The key of another web shop's order is not ours to find, nor to take.
func TestAnotherShopsKey(t *testing.T) {
	t.Parallel()
	server, ctx := testtryton.Start(t, nil), t.Context()
	h := hostAt(t, server.Address, server.Client)
	key := unique("shop")
	id, err := h.people.Enter(ctx, testtryton.Draft{Customer: "C0002", WebID: key, Items: []testtryton.Item{{Code: "KETTLE-1", Quantity: "1"}}})
	require.NoError(t, err)
	_, err = h.shared.FindOrder(ctx, key)
	require.NoError(t, err)

	ours, err := h.people.Search(ctx, "web.shop")
	require.NoError(t, err)
	var shops []struct {
		Company, Currency int
		Guest             int `json:"guest_party"`
	}
	require.NoError(t, h.people.Read(ctx, &shops, "web.shop", ours, "company", "currency", "guest_party"))
	other, err := h.people.Create(ctx, "web.shop", map[string]any{"name": "Another", "company": shops[0].Company, "currency": shops[0].Currency, "guest_party": shops[0].Guest})
	require.NoError(t, err)
	require.NoError(t, h.people.Write(ctx, "sale.sale", []int{id}, map[string]any{"web_shop": other}))
	_, err = h.adapter(t).FindOrder(ctx, key)
	require.Equal(t, erp.Contract, erp.ClassOf(err), "which shop is ours is to be named now")
	h.o.WebShop = "Connector"
	a := h.adapter(t)
	_, err = a.FindOrder(ctx, key)
	require.Equal(t, erp.NotFound, erp.ClassOf(err))
	_, err = a.PushOrder(ctx, order(key, 1))
	require.Equal(t, erp.Rejected, erp.ClassOf(err), "%v", err)
	require.ErrorContains(t, err, "web ID")
}

// An article was taken out of sale and another took its code, or was deleted: an
// order by the id that is remembered is refused, and goes by the one of now.
func TestOrderOfAnArticleThatWasReplaced(t *testing.T) {
	h, ctx := shared(t), t.Context()
	for _, way := range []string{"replaced", "withdrawn"} {
		t.Run(way, func(t *testing.T) {
			made := func() (product int, code string) {
				id, err := h.someArticle(ctx)
				require.NoError(t, err)
				var rows []struct{ Code string }
				require.NoError(t, h.people.Read(ctx, &rows, "product.product", []int{id}, "code"))
				return id, rows[0].Code
			}
			template := func(product int) int {
				var rows []struct{ Template int }
				require.NoError(t, h.people.Read(ctx, &rows, "product.product", []int{product}, "template"))
				return rows[0].Template
			}
			first, code := made()
			sells := func(key string) (erp.Receipt, error) {
				o := order(key, 1)
				o.Lines[1].SKU = code
				return h.shared.PushOrder(ctx, o)
			}
			sold := order(unique("first"), 1)
			sold.Lines[1].SKU = code
			other := h.adapter(t) // remembers by itself
			held, err := other.PushOrder(ctx, sold)
			require.NoError(t, err)
			_, err = sells(unique("first"))
			require.NoError(t, err)
			require.NoError(t, h.people.Write(ctx, "product.template", []int{template(first)}, map[string]any{"salable": false}))
			if way == "withdrawn" {
				_, err = sells(unique("second"))
				require.Equal(t, erp.Rejected, erp.ClassOf(err))
				require.ErrorContains(t, err, fmt.Sprintf("lines[1].sku: Tryton sells no product of the code %q", code))
				return
			}
			require.NoError(t, h.people.Write(ctx, "product.template", []int{template(first)}, map[string]any{"code": code + "-old"}))
			second, _ := made()
			require.NoError(t, h.people.Write(ctx, "product.template", []int{template(second)}, map[string]any{"code": code}))
			r, err := sells(unique("second"))
			require.NoError(t, err)
			sold.Revision = 2
			held, err = other.ReviseOrder(ctx, held.ID, sold)
			require.NoError(t, err)
			require.Equal(t, 2, held.Revision)
			for _, sale := range []string{r.ID, held.ID} {
				lines, err := h.people.Search(ctx, "sale.line", []any{"sale", "=", number(sale)}, []any{"product", "=", second})
				require.NoError(t, err)
				require.Len(t, lines, 1)
			}
		})
	}
}

// Of two revisions of a draft at once the one that is written first stays, and
// the other is told so, though both are written within one second.
func TestRevisionsAtOnce(t *testing.T) {
	h, ctx := shared(t), t.Context()
	rival := h.adapter(t)
	require.NoError(t, rival.Ping(ctx))
	for _, c := range []struct{ theirs, ours int }{{3, 2}, {2, 3}, {2, 2}} {
		o := order(unique("rev"), 1)
		r, err := h.shared.PushOrder(ctx, o)
		require.NoError(t, err)
		h.staged.before(methods[erp.OpRevise], func() {
			_, err := rival.ReviseOrder(ctx, r.ID, order(o.Key, c.theirs))
			require.NoError(t, err)
		})
		_, err = h.shared.ReviseOrder(ctx, r.ID, order(o.Key, c.ours))
		if err != nil || c.theirs != c.ours { // who brings the same may be told at once that it is there
			require.Equal(t, erp.Conflict, erp.ClassOf(err), "%v", err)
		}
		held, err := h.heldOrders(ctx, o.Key)
		require.NoError(t, err)
		require.Len(t, held[0].Order.Lines, len(o.Lines))
		found, err := h.shared.FindOrder(ctx, o.Key)
		require.NoError(t, err)
		require.Equal(t, c.theirs, found.Revision)
	}
}
