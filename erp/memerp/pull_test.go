package memerp_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

func products(page erp.Page[erp.Product]) string {
	var all []string
	for _, p := range page.Rows {
		all = append(all, fmt.Sprintf("%s@%d", p.SKU, p.Sequence))
	}
	s := strings.Join(all, " ")
	if page.More {
		s += " more"
	}
	return s + " then " + string(page.Next)
}

func five(o *memerp.Options) (*memerp.ERP, *erp.Client) {
	books := memerp.New(o)
	for _, sku := range []string{"A", "B", "C", "D", "E"} {
		books.SaveProduct(erp.Product{SKU: sku, Active: true})
	}
	return books, erp.NewClient(books.Adapter(), &erp.Options{Attempts: 1})
}

// A document that changes between two pages comes again, and none is skipped.
func TestCursors(t *testing.T) {
	books, c := five(nil)
	page, err := c.PullProducts(bg, nil, 2)
	require.NoError(t, err)
	require.Equal(t, "A@1 B@2 more then 2", products(page))
	books.SaveProduct(erp.Product{SKU: "A", Active: true, Unit: "C62"})
	books.SaveProduct(erp.Product{SKU: "D"})
	page, err = c.PullProducts(bg, page.Next, 2)
	require.NoError(t, err)
	require.Equal(t, "C@3 E@5 more then 5", products(page))
	page, err = c.PullProducts(bg, page.Next, 2)
	require.NoError(t, err)
	require.Equal(t, "A@6 D@7 then 7", products(page))
	page, err = c.PullProducts(bg, page.Next, 2)
	require.NoError(t, err)
	require.Equal(t, " then 7", products(page))
	_, err = c.PullProducts(bg, erp.Cursor("yesterday"), 2)
	require.ErrorIs(t, err, erp.ErrContract)
	require.Equal(t, "1", books.SaveProduct(erp.Product{SKU: "A"}), "an article keeps its id")
}

func TestOverlap(t *testing.T) {
	_, c := five(&memerp.Options{Overlap: 2})
	var got []string
	var after erp.Cursor
	for range 4 {
		page, err := c.PullProducts(bg, after, 3)
		require.NoError(t, err)
		got, after = append(got, products(page)), page.Next
	}
	require.Equal(t, []string{"A@1 B@2 C@3 more then 3", "B@2 C@3 D@4 more then 4", "C@3 D@4 E@5 then 5", "D@4 E@5 then 5"}, got)
}

func TestFaultsOfPulls(t *testing.T) {
	for name, want := range map[string]struct {
		fault memerp.Fault
		page  string
	}{
		"shuffled":  {memerp.Shuffled, "D@4 C@3 B@2 A@1 more then 4"},
		"doubled":   {memerp.Doubled, "A@1 B@2 B@2 A@1 more then 2"},
		"half":      {memerp.HalfPage, "A@1 B@2 more then 2"},
		"lagging":   {memerp.Lagging, " then "},
		"of a push": {memerp.Rival, "A@1 B@2 C@3 D@4 more then 4"},
	} {
		books, c := five(nil)
		books.Fail(erp.OpPullProducts, 1, want.fault)
		page, err := c.PullProducts(bg, nil, 4)
		require.NoError(t, err)
		require.Equal(t, want.page, products(page), name)
	}
	for fault, class := range map[memerp.Fault]erp.Class{memerp.AnswerLost: erp.Retryable, memerp.RequestLost: erp.Retryable,
		memerp.Busy: erp.Retryable, memerp.BadLogin: erp.Auth, memerp.NotSent: erp.NotSent} {
		books, c := five(nil)
		books.Fail(erp.OpPullProducts, 1, fault)
		_, err := c.PullProducts(bg, nil, 4)
		require.Equal(t, class, erp.ClassOf(err))
	}
}

// Whatever goes wrong and whatever changes meanwhile, whoever reads on until
// nothing more waits knows each document as it is.
func TestNothingIsMissed(t *testing.T) {
	faults := []memerp.Fault{memerp.Shuffled, memerp.Doubled, memerp.HalfPage, memerp.Lagging, memerp.Busy, memerp.AnswerLost}
	rapid.Check(t, func(t *rapid.T) {
		books, c := five(&memerp.Options{Overlap: rapid.IntRange(0, 3).Draw(t, "overlap")})
		known, after := map[string]erp.Product{}, erp.Cursor(nil)
		limit := rapid.IntRange(1, 4).Draw(t, "limit")
		read := func() bool {
			page, err := c.PullProducts(bg, after, limit)
			if err != nil {
				return true
			}
			require.LessOrEqual(t, len(page.Rows), limit)
			for _, p := range page.Rows {
				if p.Sequence > known[p.SKU].Sequence {
					known[p.SKU] = p
				}
			}
			after = page.Next
			return page.More
		}
		for step := range rapid.IntRange(0, 20).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "change") {
				sku := rapid.SampledFrom([]string{"A", "B", "C", "D", "E", "F"}).Draw(t, "sku")
				books.SaveProduct(erp.Product{SKU: sku, Unit: fmt.Sprint(step)})
			} else {
				books.Fail(erp.OpPullProducts, 1, rapid.SampledFrom(faults).Draw(t, "fault"))
				read()
			}
		}
		for read() {
		}
		page, err := books.Adapter().(erp.ProductPuller).PullProducts(bg, nil, erp.PullMax)
		require.NoError(t, err)
		require.Len(t, known, len(page.Rows))
		for _, p := range page.Rows {
			require.Equal(t, p, known[p.SKU])
		}
	})
}

// Every stream tells rows that pass their check, keyed where they came from us.
func TestEveryStream(t *testing.T) {
	for _, keys := range []memerp.Keys{memerp.UniqueKeys, memerp.NoKeys} {
		books := memerp.New(&memerp.Options{Keys: keys})
		c := erp.NewClient(books.Adapter(), nil)
		books.SaveProduct(erp.Product{SKU: "00120", Active: true})
		was, err := c.PullProducts(bg, nil, 9)
		require.NoError(t, err)
		books.SetPrice(erp.Price{SKU: "00120", List: "A", Currency: "EUR", Breaks: []erp.PriceBreak{{UnitPrice: dec("33.33")}}})
		now, err := c.PullProducts(bg, was.Next, 9)
		require.NoError(t, err)
		require.Len(t, now.Rows, 1, "a price moves its article")
		books.SetStock("00120", dec("5"), "2026-02-01")
		id := confirmed(t, books, "K", 1)
		books.Pick(id)
		postAll(t, books, id)
		p := pay("1.00", erp.PaymentPart{Invoice: "1", Amount: dec("1.00")})
		p.Key, p.Date, p.State = "P", "2026-01-05", erp.PaymentDraft
		_, err = c.PushPayment(bg, p)
		require.NoError(t, err)
		_, ok := books.Say(erp.Message{Kind: "delivery", Document: "1", Text: "on its way"})
		require.True(t, ok)
		_, ok = books.Say(erp.Message{Kind: "invoice", Document: "2", Text: "nowhere"})
		require.False(t, ok)
		_, err = c.PushMessage(bg, erp.Message{Head: erp.Head{Key: "M"}, Kind: "order", Document: "7", Text: "?"})
		require.ErrorIs(t, err, erp.ErrNotFound)
		_, err = c.PushMessage(bg, erp.Message{Head: erp.Head{Key: "M"}, Kind: "order", Document: id, Text: "thanks"})
		require.NoError(t, err)
		require.Len(t, books.Messages(), 2)

		o, err := c.PullOrders(bg, nil, 9)
		require.NoError(t, err)
		d, err := c.PullDeliveries(bg, nil, 9)
		require.NoError(t, err)
		i, err := c.PullInvoices(bg, nil, 9)
		require.NoError(t, err)
		y, err := c.PullPayments(bg, nil, 9)
		require.NoError(t, err)
		m, err := c.PullMessages(bg, nil, 9)
		require.NoError(t, err)
		r, err := c.PullPrices(bg, nil, 9)
		require.NoError(t, err)
		s, err := c.PullStock(bg, nil, 9)
		require.NoError(t, err)
		for _, err := range []error{o.Rows[0].Check(), d.Rows[0].Check(), i.Rows[0].Check(), y.Rows[0].Check(), m.Rows[0].Check(),
			r.Rows[0].Check(), s.Rows[0].Check(), now.Rows[0].Check()} {
			require.NoError(t, err)
		}
		want := "K P M"
		if keys == memerp.NoKeys {
			want = "  "
		}
		require.Equal(t, want, o.Rows[0].Key+" "+y.Rows[0].Key+" "+m.Rows[1].Key)
		require.Equal(t, "4", s.Rows[0].Available.String())
	}
}

// A customer keeps its id, and what is told of it shares nothing with the books.
func TestParties(t *testing.T) {
	books := memerp.New(nil)
	c := erp.NewClient(books.Adapter(), nil)
	home := erp.Address{Code: "1", Street: "12 rue des Tanneurs", PostCode: "59000", City: "Lille", Country: "FR"}
	id := books.SaveParty(erp.Party{Code: "C0009", Name: "Sud", Active: true, Groups: []string{"Dealers"}, Addresses: []erp.PartyAddress{{Address: home, Invoice: true}}})
	first, err := c.PullParties(bg, nil, 9)
	require.NoError(t, err)
	require.Len(t, first.Rows, 1)
	require.NoError(t, first.Rows[0].Check())
	require.Equal(t, "C0009", first.Rows[0].Number)
	first.Rows[0].Addresses[0].City, first.Rows[0].Groups[0] = "Paris", "Friends"
	require.Equal(t, id, books.SaveParty(erp.Party{Code: "C0009", Name: "Sud", Groups: []string{"Dealers"}, Addresses: []erp.PartyAddress{{Address: home}}}))
	next, err := c.PullParties(bg, first.Next, 9)
	require.NoError(t, err)
	require.Len(t, next.Rows, 1)
	require.Greater(t, next.Rows[0].Sequence, first.Rows[0].Sequence)
	require.Equal(t, []any{false, "Lille", "Dealers"}, []any{next.Rows[0].Active, next.Rows[0].Addresses[0].City, next.Rows[0].Groups[0]})
	books.Fail(erp.OpPullParties, 1, memerp.BadLogin)
	_, err = c.PullParties(bg, nil, 9)
	require.Equal(t, erp.Auth, erp.ClassOf(err))
}
