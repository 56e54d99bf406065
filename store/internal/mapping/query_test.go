package mapping

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/golden"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/thread"
	"github.com/comptoir-go/comptoir/uow"
)

var opNames = map[engine.PredOp]string{engine.Eq: "=", engine.In: "in", engine.Prefix: "starts", engine.AtLeast: ">=",
	engine.Below: "<", engine.HasTerm: "has", engine.TermPrefix: "has word"}

// plain prints a select for tables of cases.
func plain(s engine.Select) string {
	var parts []string
	for _, p := range s.Where {
		for i, v := range p.Values {
			if at, ok := v.(time.Time); ok {
				p.Values[i] = at.Format(time.RFC3339Nano)
			}
		}
		parts = append(parts, fmt.Sprintf("%s %s %v", strings.Join(append([]string{p.Column + p.Kind}, p.Also...), "/"), opNames[p.Op], p.Values))
	}
	return strings.Join(parts, "; ") + " by " + sortName(s.Sort)
}

func TestCompile(t *testing.T) {
	yes := true
	day := time.Date(2026, 3, 1, 10, 0, 0, 1500, time.FixedZone("CET", 3600))
	running := "state in [draft awaiting_validation validated confirmed]"
	for _, c := range []struct {
		want string
		got  engine.Select
	}{
		{" by number", must(compilePartners(partner.Query{}))},
		{"number = [FR1]; type = [dealer]; word has word [cafe]; word has word [no] by number",
			must(compilePartners(partner.Query{Number: "FR1", Type: partner.Dealer, Words: " Café-NO "}))},
		{" by number", must(compilePartners(partner.Query{Words: " -- "}))},
		{"sku starts [06]; super = [a]; family = [b]; sub = [c]; tag has [New]; online = [true] by sku",
			must(compileProducts(catalog.Query{SKUPrefix: "06", Family: catalog.Family{Super: "a", Family: "b", Sub: "c"},
				Tag: "New", Online: &yes}))},
		{"audience has [all p:all] by sku", must(compileProducts(catalog.Query{Buyer: new(access.PartnerID("all"))}))},
		{"audience has [all] by sku", must(compileProducts(catalog.Query{Buyer: new(access.PartnerID)}))},
		{"partner = [p]; name_folded = [cafe 2]; is_default = [true] by name_folded",
			must(compileCarts(cart.Query{Partner: "p", Name: "CAFÉ  2", Default: &yes}))},
		{running + " by -placed_at", must(compileOrders(order.Query{}))},
		{" by placed_at", must(compileOrders(order.Query{All: true, Sort: order.OldestFirst}))},
		{"state in [closed draft] by -ref",
			must(compileOrders(order.Query{States: []order.State{order.Closed, order.Draft, order.Closed}, All: true, Sort: order.ByRefDesc}))},
		{"partner = [p]; ref = [R]; erp_number = [E]; customer_type = [dealer]; inserted_by = [u]; direct = [true]; " +
			"placed_at >= [2026-03-01T09:00:00.000002Z]; placed_at < [2026-03-01T09:00:01.000002Z]; ticket has [T]; sku has [S]; " +
			"note has word [vite]; customer has word [noel] by ref",
			must(compileOrders(order.Query{Partner: "p", Ref: "R", ERPNumber: "E", CustomerType: partner.Dealer, InsertedBy: "u",
				Direct: &yes, From: day, Until: day.Add(time.Second), Ticket: "T", SKU: "S", Note: "Vite", Consumer: "Noël",
				All: true, Sort: order.ByRef}))},
		{"state in [draft awaiting_validation validated confirmed closed] by -placed_at", must(compileOrders(order.Query{Done: true}))},
		{"state in [draft awaiting_validation validated confirmed rejected cancelled] by -updated_at,-ref",
			must(compileOrders(order.Query{Cancelled: true, Sort: order.ByChangeDesc}))},
		{" by title_folded,ref", must(compileOrders(order.Query{Done: true, Cancelled: true, Sort: order.ByTitle}))},
		{"delivered in [not_delivered nothing]; invoiced = [to_credit]; paid = [paid]; payment = [refused]; progress in [ shipped]; " +
			"source = [web]; language = [fr]; follow = [true]; held = [true]; released = [true]; currency = [EUR]; gross >= [100]; " +
			"currency = [EUR]; gross < [201]; invoice has [INV-1]; text/note/customer has word [kuche] by product,ref",
			must(compileOrders(order.Query{All: true, Deliveries: []order.Delivered{order.NotDelivered, order.NothingToDeliver},
				Invoicings: []order.Invoiced{order.ToCredit}, Moneys: []order.Paid{order.FullyPaid},
				Payments: []order.PaymentState{order.PaymentRefused}, Progress: []order.Step{order.Undefined, order.WithCarrier},
				Source: "web", Language: "fr", Follow: &yes, Held: &yes, Released: &yes, AtLeast: money.FromMinor(100, money.EUR),
				AtMost: money.FromMinor(200, money.EUR), Invoice: "INV-1", Text: "Küche", Sort: order.ByProduct}))},
		{"currency = [EUR] by -placed_at", must(compileOrders(order.Query{All: true, AtMost: money.FromMinor(math.MaxInt64, money.EUR)}))},
		{"code has [C7] by number", must(compilePartners(partner.Query{Code: "C7"}))},
		{"partner = [p]; order_id = [o]; number = [n]; tracking = [t]; kind = [return]; state = [shipped]; " +
			"created_at >= [2026-03-01T09:00:00.000002Z]; created_at < [2026-03-01T09:00:01.000002Z] by -created_at",
			must(compileDeliveries(order.DeliveryQuery{Partner: "p", Order: "o", Number: "n", Tracking: "t", Kind: order.Return,
				States: []order.DeliveryState{order.Shipped}, From: day, Until: day.Add(time.Second)}))},
		{"partner = [p]; doc_kind = [order] by -last_at", must(compileThreads(thread.Query{Partner: "p", Kind: "order"}))},
		{"shared >= [1] by -shared_at", must(compileThreads(thread.Query{Shared: true}))},
		{"partner = [p]; buyer = [b]; seller = [s]; kind = [invoice]; number = [n]; corrects = [c]; open = [true]; payment = [refused]; " +
			"issued >= [2026-01-31]; issued >= [0]; issued < [2026-03-01]; due >= [0]; due < [2027-01-01]; order has [o] by due,created_at",
			must(compileInvoices(billing.Query{Partner: "p", Buyer: "b", Seller: "s", Kind: billing.Invoice, Number: "n", Corrects: "c",
				Open: &yes, Payments: []order.PaymentState{order.PaymentRefused}, From: partner.MustDate("2026-01-31"),
				Until: partner.MustDate("2026-02-28"), DueUntil: partner.MustDate("2026-12-31"), Order: "o", Sort: billing.ByDue}))},
		{"issued >= [0] by -issued,-created_at", must(compileInvoices(billing.Query{Until: partner.MustDate("9999-12-31")}))},
		{"partner = [p]; buyer = [b]; seller = [s]; direction = [refund]; state = [refused]; method = [card]; number = [n]; cheque = [c]; " +
			"paid_on >= [2026-01-31]; paid_on >= [0]; paid_on < [2026-03-01]; document has [d] by paid_on,created_at",
			must(compilePayments(billing.PaymentQuery{Partner: "p", Buyer: "b", Seller: "s", Direction: billing.Refund,
				States: []order.PaymentState{order.PaymentRefused}, Method: billing.Card, Number: "n", Cheque: "c",
				From: partner.MustDate("2026-01-31"), Until: partner.MustDate("2026-02-28"), Document: "d", Sort: billing.OldestFirst}))},
	} {
		require.Equal(t, c.want, plain(c.got))
	}
}

func TestCompileRefuses(t *testing.T) {
	_, err := compileOrders(order.Query{Sort: "price"})
	require.ErrorIs(t, err, uow.ErrPage)
	_, err = compileInvoices(billing.Query{Sort: "price"})
	require.ErrorIs(t, err, uow.ErrPage)
	_, err = compilePayments(billing.PaymentQuery{Sort: billing.ByDue})
	require.ErrorIs(t, err, uow.ErrPage)
	_, err = compileOrders(order.Query{Ref: "\xff", Note: "a\x00", States: []order.State{"\xff"}})
	require.ErrorIs(t, err, store.ErrText)
	var paths []string
	for _, i := range fault.IssuesOf(err) {
		paths = append(paths, i.Path)
	}
	require.Equal(t, []string{"ref", "states", "note"}, paths)
	_, err = compileProducts(catalog.Query{Buyer: new(access.PartnerID("p\x00"))})
	require.ErrorIs(t, err, store.ErrText)
	require.Equal(t, "buyer", fault.IssuesOf(err)[0].Path)
}

// TestEveryFilterHasItsIndex checks that each column that some query filters
// by leads an index, so that none was forgotten when a query grew.
func TestEveryFilterHasItsIndex(t *testing.T) {
	yes := true
	for _, s := range []engine.Select{
		must(compilePartners(partner.Query{Number: "n", Type: "t"})),
		must(compileProducts(catalog.Query{SKUPrefix: "s", Family: catalog.Family{Super: "a"}, Online: &yes})),
		must(compileCarts(cart.Query{Partner: "p", Name: "n"})),
		must(compileOrders(order.Query{Partner: "p", Ref: "r", ERPNumber: "e", CustomerType: "t", InsertedBy: "u",
			From: time.Now(), Until: time.Now()})),
		must(compileDeliveries(order.DeliveryQuery{Partner: "p", Order: "o", Number: "n", Tracking: "t", From: time.Now()})),
		must(compileThreads(thread.Query{Partner: "p"})),
		must(compileInvoices(billing.Query{Partner: "p", Buyer: "b", Seller: "s", Number: "n", Corrects: "c", Open: &yes,
			From: partner.MustDate("2026-01-31")})),
		must(compilePayments(billing.PaymentQuery{Partner: "p", Buyer: "b", Number: "n", From: partner.MustDate("2026-01-31"),
			States: []order.PaymentState{order.PaymentRefused}})),
	} {
		leads := map[string]bool{}
		for _, sets := range [][][]string{s.Table.Unique, s.Table.Indexes} {
			for _, cols := range sets {
				leads[cols[0]] = true
			}
		}
		for _, by := range s.Table.Sorts {
			leads[by.Columns[0]] = true
		}
		for _, p := range s.Where {
			require.True(t, leads[p.Column], "%s.%s is filtered without an index", s.Table.Name, p.Column)
		}
	}
}

func TestTablesGolden(t *testing.T) {
	typeNames := map[engine.Type]string{engine.Text: "text", engine.Int: "int", engine.Bool: "bool", engine.Time: "time"}
	var b strings.Builder
	for _, table := range Tables() {
		fmt.Fprintf(&b, "%s (%s) terms=%v\n", table.Name, table.Kind, table.Terms)
		for _, c := range table.Columns {
			fmt.Fprintf(&b, "  %s %s%s\n", c.Name, typeNames[c.Type], map[bool]string{true: " sparse"}[c.Sparse])
		}
		fmt.Fprintf(&b, "  unique %v\n", table.Unique)
		for _, s := range table.Sorts {
			fmt.Fprintf(&b, "  sort %s\n", sortName(s))
		}
		fmt.Fprintf(&b, "  indexes %v\n", table.Indexes)
		require.NotNil(t, table.NotFound)
		require.NotNil(t, table.Exists)
	}
	golden.Check(t, "testdata/tables.txt", []byte(b.String()))
}

func sampleSelect() (engine.Select, engine.Row) {
	sel := must(compileOrders(order.Query{Partner: "p"}))
	o := filled[order.Order](4)
	return sel, must(orderCodec.row(&o))
}

func TestCursorRoundTrip(t *testing.T) {
	for seed := range uint64(20) {
		o := filled[order.Order](seed)
		r := must(orderCodec.row(&o))
		for _, by := range orders.Sorts {
			sel := engine.Select{Table: orders, Sort: by}
			after, err := readCursor(sel, writeCursor(sel, r))
			require.NoError(t, err)
			require.Equal(t, []any{r.Cols[orders.Col(by.Columns[0])], r.ID}, after)
		}
	}
	every := &engine.Table{Name: "x", Columns: []engine.Column{{Name: "i", Type: engine.Int}, {Name: "b", Type: engine.Bool}}}
	sel := engine.Select{Table: every, Sort: engine.Sort{Columns: []string{"i", "b"}}}
	after, err := readCursor(sel, writeCursor(sel, engine.Row{ID: "1", Cols: []any{int64(-1 << 62), true}}))
	require.NoError(t, err)
	require.Equal(t, []any{int64(-1 << 62), true, "1"}, after)
}

func TestForeignCursors(t *testing.T) {
	sel, r := sampleSelect()
	text := writeCursor(sel, r)
	for name, other := range map[string]engine.Select{
		"another filter": must(compileOrders(order.Query{Partner: "q"})),
		"another sort":   must(compileOrders(order.Query{Partner: "p", Sort: order.OldestFirst})),
		"another table":  must(compileCarts(cart.Query{Partner: "p"})),
	} {
		_, err := readCursor(other, text)
		require.ErrorIs(t, err, uow.ErrPage, name)
	}
	_, err := readCursor(sel, strings.Repeat("A", maxCursor+4))
	require.ErrorIs(t, err, uow.ErrPage)
	// A value of the wrong type with a right sum.
	c := cursor{Sort: sortName(sel.Sort), Values: []json.RawMessage{[]byte(`"x"`)}, ID: "1"}
	c.Sum = cursorSum(sel, c)
	_, err = readCursor(sel, base64.RawURLEncoding.EncodeToString(must(json.Marshal(c))))
	require.ErrorIs(t, err, uow.ErrPage)
}

func TestDamagedCursors(t *testing.T) {
	sel, r := sampleSelect()
	text := writeCursor(sel, r)
	for i := range text {
		for _, c := range []byte("A9z-_ ") {
			if text[i] == c {
				continue
			}
			damaged := text[:i] + string(c) + text[i+1:]
			if after, err := readCursor(sel, damaged); err == nil {
				require.Equal(t, must(readCursor(sel, text)), after, "a changed cursor was taken")
			} else {
				require.ErrorIs(t, err, uow.ErrPage)
			}
		}
		_, err := readCursor(sel, text[:i])
		require.True(t, i == 0 || fault.KindOf(err) == fault.Invalid)
	}
}

func FuzzCursor(f *testing.F) {
	sel, r := sampleSelect()
	f.Add(writeCursor(sel, r))
	f.Add("e30")
	f.Fuzz(func(t *testing.T, text string) {
		after, err := readCursor(sel, text)
		switch {
		case err != nil:
			require.ErrorIs(t, err, uow.ErrPage)
		case text == "":
			require.Nil(t, after)
		default:
			require.Len(t, after, 2)
			require.IsType(t, time.Time{}, after[0])
			require.IsType(t, "", after[1])
		}
	})
}
