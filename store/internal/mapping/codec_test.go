package mapping

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/thread"
)

func TestRoundTrip(t *testing.T) {
	roundTrip(t, &partnerCodec)
	roundTrip(t, &productCodec)
	roundTrip(t, &availabilityCodec)
	roundTrip(t, &cartCodec)
	roundTrip(t, &orderCodec)
	roundTrip(t, &deliveryCodec)
	roundTrip(t, &threadCodec)
	roundTrip(t, &invoiceCodec)
	roundTrip(t, &headCodec)
	roundTrip(t, &paymentCodec)
	roundTrip(t, &turnoverCodec)
	roundTrip(t, &cursorCodec)
	roundTrip(t, &parkedCodec)
}

func roundTrip[V any](t *testing.T, c *codec[V]) {
	t.Run(c.table.Kind, func(t *testing.T) {
		for seed := range uint64(50) {
			v := filled[V](seed)
			checkRoundTrip(t, c, v, v)
			checkOwnMemory(t, c, v)
			checkTypes(t, c, v)
		}
		var zero V
		checkRoundTrip(t, c, zero, zero)
		checkRoundTrip(t, c, coarse(filled[V](1), time.Microsecond), coarse(filled[V](1), 0))
	})
}

// checkRoundTrip stores in and wants out, both from copy and from the row.
func checkRoundTrip[V any](t *testing.T, c *codec[V], out, in V) {
	t.Helper()
	c.copy(&in)
	require.Equal(t, out, in)
	r, err := c.row(&in)
	require.NoError(t, err)
	back, err := c.from(r)
	require.NoError(t, err)
	require.Equal(t, out, back)
}

// coarse moves every time off its microsecond, or cuts it.
func coarse[V any](v V, cut time.Duration) V {
	eachTime(reflect.ValueOf(&v).Elem(), func(at *time.Time) {
		if cut == 0 {
			*at = at.Add(777).In(time.FixedZone("X", 3600))
		}
	})
	return v
}

func eachTime(v reflect.Value, fn func(*time.Time)) {
	switch v.Kind() {
	case reflect.Struct:
		if at, ok := v.Addr().Interface().(*time.Time); ok {
			fn(at)
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				eachTime(v.Field(i), fn)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachTime(v.Index(i), fn)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			eachTime(v.Elem(), fn)
		}
	}
}

func checkOwnMemory[V any](t *testing.T, c *codec[V], v V) {
	t.Helper()
	theirs, ours := map[uintptr]string{}, map[uintptr]string{}
	pointers(reflect.ValueOf(v), theirs, "")
	c.copy(&v)
	pointers(reflect.ValueOf(v), ours, "")
	require.Len(t, ours, len(theirs))
	for p, path := range ours {
		require.NotContains(t, theirs, p, "copy shares %s with its source", path)
	}
}

func checkTypes[V any](t *testing.T, c *codec[V], v V) {
	t.Helper()
	r, err := c.row(&v)
	require.NoError(t, err)
	require.Len(t, r.Cols, len(c.table.Columns))
	for i, col := range c.table.Columns {
		var want any
		switch col.Type {
		case engine.Text:
			want = ""
		case engine.Int:
			want = int64(0)
		case engine.Bool:
			want = false
		case engine.Time:
			want = time.Time{}
		}
		require.IsType(t, want, r.Cols[i], col.Name)
	}
	require.Equal(t, c.table.Terms, c.terms != nil)
}

func TestEmptySlicesAreReadAsSaved(t *testing.T) {
	o := order.Order{ID: "o", Lines: []order.Line{}, History: []order.Entry{}}
	o.Quote.Lines, o.Quote.Taxes = nil, nil
	checkRoundTrip(t, &orderCodec, o, o)
	p := partner.Partner{ID: "p", PriceLists: []string{}, Members: []partner.Member{}}
	checkRoundTrip(t, &partnerCodec, partner.Partner{ID: "p"}, p)
	o.ERP.Drift = money.Zero(money.EUR)
	checkRoundTrip(t, &orderCodec, order.Order{ID: "o", Lines: o.Lines, History: o.History}, o)
}

func TestBadTextIsRefusedEverywhere(t *testing.T) {
	badText(t, &partnerCodec)
	badText(t, &productCodec)
	badText(t, &availabilityCodec)
	badText(t, &cartCodec)
	badText(t, &orderCodec)
	badText(t, &deliveryCodec)
	badText(t, &threadCodec)
	badText(t, &invoiceCodec)
	badText(t, &headCodec)
	badText(t, &paymentCodec)
	badText(t, &turnoverCodec)
	badText(t, &cursorCodec)
	badText(t, &parkedCodec)
}

func badText[V any](t *testing.T, c *codec[V]) {
	v := filled[V](3)
	n := 0
	eachText(reflect.ValueOf(&v).Elem(), func(field reflect.Value) {
		good := field.String()
		for _, bad := range []string{"a\x00b", "\xff", "\\\x00", "ok \xc3"} {
			field.SetString(bad)
			_, err := c.row(&v)
			require.ErrorIs(t, err, store.ErrText, "%q", bad)
			require.Len(t, fault.IssuesOf(err), 1)
			require.NotEmpty(t, fault.IssuesOf(err)[0].Path)
		}
		field.SetString(good)
		n++
	})
	require.NotZero(t, n)
	_, err := c.row(&v)
	require.NoError(t, err, "the good texts came back")
}

func TestBadTextNamesItsPath(t *testing.T) {
	p := partner.Partner{ID: "p", Name: "\x00", Members: []partner.Member{{}, {Email: "\xfe"}}}
	_, err := partnerCodec.row(&p)
	require.Equal(t, []fault.Issue{
		{Path: "members[1].email", Code: "text", Message: "is not valid UTF-8 without NUL"},
		{Path: "name", Code: "text", Message: "is not valid UTF-8 without NUL"},
	}, fault.IssuesOf(err))
	_, err = productCodec.row(&catalog.Product{Names: map[string]string{"f\x00": "x"}})
	require.Equal(t, "names", fault.IssuesOf(err)[0].Path)
}

func TestBrokenRows(t *testing.T) {
	_, err := cartCodec.from(engine.Row{ID: "c", Doc: []byte(`{"name":1}`)})
	require.Equal(t, "store.broken", fault.CodeOf(err))
	for _, cols := range [][]any{nil, {1, 2, 3}, make([]any, 40)} {
		_, err = orderHeader(engine.Row{ID: "o", Cols: cols})
		require.Equal(t, "store.broken", fault.CodeOf(err))
	}
}

func TestHeaders(t *testing.T) {
	for seed := range uint64(20) {
		p := filled[partner.Partner](seed)
		require.Equal(t, partner.Header{ID: p.ID, Number: p.Number, Name: p.Name, Type: p.Type, Active: p.Active},
			must(partnerHeader(slim(t, &partnerCodec, p))))

		g := filled[catalog.Product](seed)
		require.Equal(t, catalog.Header{ID: g.ID, SKU: g.SKU, Names: g.Names, Unit: g.Unit, Family: g.Family,
			Online: g.Online, Sale: g.Sale}, must(productHeader(slim(t, &productCodec, g))))

		c := filled[cart.Cart](seed)
		require.Equal(t, cart.Header{ID: c.ID, Partner: c.Partner, Name: c.Name, Default: c.Default, Lines: len(c.Lines),
			Holder: c.Baton.Holder, Role: c.Baton.Role, UpdatedAt: c.UpdatedAt}, must(cartHeader(slim(t, &cartCodec, c))))

		o := filled[order.Order](seed)
		require.Equal(t, order.Header{ID: o.ID, Version: o.Version, Ref: o.Ref, State: o.State,
			Partner: o.Customer.Partner, Customer: o.Customer.Number, CustomerName: o.Customer.Name,
			CustomerType: o.Customer.Type, InsertedBy: o.InsertedBy.ID, PlacedAt: o.PlacedAt, Gross: o.Quote.Gross,
			Lines: len(o.Lines), Tickets: true, Direct: o.Direct, ERPNumber: o.ERP.Number,
			Title: o.Title, Source: o.Source, Language: o.Language, Product: o.Lines[0].SKU, UpdatedAt: o.UpdatedAt,
			Delivered: o.Delivered(), Invoiced: o.Invoiced(), Paid: o.Paid(), Progress: o.Step(), Payment: o.Payment(),
			Invoice: o.Bills[len(o.Bills)-1].Number, Follow: o.Follow, Held: true, Released: true},
			must(orderHeader(slim(t, &orderCodec, o))))

		d := filled[order.Delivery](seed)
		require.Equal(t, order.DeliveryHeader{ID: d.ID, Version: d.Version, Order: d.Order, OrderRef: d.OrderRef, Partner: d.Partner,
			Kind: d.Kind, State: d.State, Number: d.Number, Carrier: d.Carrier, Tracking: d.Tracking, Lines: len(d.Lines),
			Date: d.Date, CreatedAt: d.CreatedAt}, must(deliveryHeader(slim(t, &deliveryCodec, d))))

		i := filled[billing.Document](seed)
		oneCurrency(&i)
		require.Equal(t, billing.Header{ID: i.ID, Version: i.Version, Kind: i.Kind, Issuer: i.Issuer, Number: i.Number,
			Seller: i.Seller.ID, Partner: i.Partner, Customer: i.Customer, Buyer: i.Buyer.ID, Name: i.Buyer.Name, Issued: i.Issued,
			Due: i.Due, Net: i.Totals.Net, Tax: i.Totals.Tax, Gross: i.Totals.Gross, Payable: i.Totals.Payable, Left: i.Left(),
			Corrects: i.Corrects.Document, Payment: i.Payment, Void: i.Void}, must(invoiceHeader(slim(t, &invoiceCodec, i))))
	}
	zero := order.Order{}
	require.Equal(t, order.Header{Delivered: zero.Delivered(), Invoiced: zero.Invoiced(), Paid: zero.Paid()},
		must(orderHeader(slim(t, &orderCodec, zero))), "the zero time survives its column")
}

// oneCurrency gives a document's totals its currency.
func oneCurrency(d *billing.Document) {
	for _, a := range []*money.Amount{&d.Totals.Net, &d.Totals.Tax, &d.Totals.Gross, &d.Totals.Payable, &d.Paid, &d.SetOff} {
		*a = money.FromMinor(a.Minor(), d.Currency)
	}
}

// The last message counts for the seller's side, the last shared one for the
// others.
func TestThreadHeaders(t *testing.T) {
	at := func(n int) time.Time { return time.UnixMicro(int64(n)).UTC() }
	th := thread.Thread{ID: "order/1", Doc: thread.Doc{Kind: "order", ID: "1"}, Partner: "p", Messages: []thread.Message{
		{At: at(1)}, {At: at(2)}, {At: at(3), Internal: true}}}
	want := thread.Header{ID: "order/1", Doc: th.Doc, Partner: "p", Shared: 2, Internal: 1, LastAt: at(3)}
	require.Equal(t, want, must(threadHeader(false)(slim(t, &threadCodec, th))))
	want.LastAt = at(2)
	require.Equal(t, want, must(threadHeader(true)(slim(t, &threadCodec, th))))
	th.Messages = nil
	require.Zero(t, must(threadHeader(false)(slim(t, &threadCodec, th))).LastAt)
}

// A document is in a chain only with its place there.
func TestSparseColumns(t *testing.T) {
	value := func(d billing.Document, name string) any {
		return invoiceCols(&d)[invoices.Col(name)]
	}
	d := billing.Document{Record: billing.Record{Seller: billing.Seller{ID: "acme"}, Series: "inv"}}
	require.Equal(t, "", value(d, "head"))
	d.Chain.Position = 7
	require.Equal(t, "acme/inv", value(d, "head"))
	for _, table := range Tables() {
		for _, c := range table.Columns {
			if !c.Sparse {
				continue
			}
			require.Equal(t, engine.Text, c.Type)
			for _, s := range table.Sorts {
				require.NotContains(t, s.Columns, c.Name, "engines order NULL differently")
			}
		}
	}
}

func slim[V any](t *testing.T, c *codec[V], v V) engine.Row {
	t.Helper()
	r, err := c.row(&v)
	require.NoError(t, err)
	return engine.Select{}.Shape(r)
}

func TestOrderTerms(t *testing.T) {
	o := order.Order{Note: "Livrer à l'Étage, LIVRER tôt!", Lines: []order.Line{
		{SKU: "0656", Ticket: "t1"}, {SKU: "0656"}, {SKU: "INOX-SP", Ticket: "t1"}}}
	o.Customer.Name, o.Customer.Number = "Café Noël", "FR10002527"
	o.Ref, o.Title, o.CustomerNo, o.ERP.Number = "R-1", "Küche", "BC/7", "SO001"
	o.Bills = []order.Bill{{Number: "INV-1"}, {Number: "CN-1"}, {Number: "INV-1"}}
	o.Files = []order.File{{File: blob.File{Hash: "ab"}}, {File: blob.File{Hash: "ab"}}}
	want := "[{sku 0656} {ticket t1} {sku INOX-SP} {invoice INV-1} {invoice CN-1} {blob ab}" +
		" {note livrer} {note a} {note l} {note etage} {note tot} {customer cafe} {customer noel} {customer fr10002527}" +
		" {text r} {text 1} {text kuche} {text bc} {text 7} {text so001} {text 0656} {text inox} {text sp}]"
	require.Equal(t, want, fmt.Sprint(orderTerms(&o)))
}

func TestLongWordsCountByTheirBeginning(t *testing.T) {
	word := ""
	for range 40 {
		word += "é日"
	}
	got := shorten(word)
	require.LessOrEqual(t, len(got), maxWord)
	require.Greater(t, len(got), maxWord-3)
	require.True(t, engine.Storable(got))
}
