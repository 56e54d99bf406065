package mapping

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/internal/engine"
)

func TestRoundTrip(t *testing.T) {
	roundTrip(t, &partnerCodec)
	roundTrip(t, &productCodec)
	roundTrip(t, &availabilityCodec)
	roundTrip(t, &cartCodec)
	roundTrip(t, &orderCodec)
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
	for _, cols := range [][]any{nil, {1, 2, 3}, make([]any, 18)} {
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
			Lines: len(o.Lines), Tickets: true, Direct: o.Direct, ERPNumber: o.ERP.Number},
			must(orderHeader(slim(t, &orderCodec, o))))
	}
	require.Equal(t, order.Header{}, must(orderHeader(slim(t, &orderCodec, order.Order{}))), "the zero time survives its column")
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
	want := "[{sku 0656} {ticket t1} {sku INOX-SP} {note livrer} {note a} {note l} {note etage} {note tot}" +
		" {customer cafe} {customer noel} {customer fr10002527}]"
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
	require.True(t, clean(got))
}
