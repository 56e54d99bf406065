package erpsync_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/store"
)

// stocked is a world whose ERP has so many articles, each with a price, a special
// price of next month, and stock, all of which was pulled.
func stocked(t *testing.T, up setup, n int) *world {
	if up.pull.Articles.Create == nil {
		up.pull.Articles.Create = func(p erp.Product) (catalog.Product, bool) {
			return catalog.Product{ID: catalog.ID("p-" + p.SKU), Tax: "standard", Sale: catalog.SaleFree, Online: true}, true
		}
	}
	w := newWorld(t, up)
	for i := range n {
		sku := sku(i)
		w.books.SaveProduct(erp.Product{SKU: sku, Names: map[string]string{"en": "Article " + sku}, Unit: "C62", Active: true})
		w.books.SetPrice(erp.Price{SKU: sku, List: "standard", Currency: "EUR", Breaks: []erp.PriceBreak{{UnitPrice: dec("5")}}})
		w.books.SetPrice(erp.Price{SKU: sku, List: "autumn", Currency: "EUR", From: "2026-12-01T00:00:00Z", Breaks: []erp.PriceBreak{{UnitPrice: dec("4")}}})
		w.books.SetStock(sku, dec("7"), "")
	}
	w.pulls()
	return w
}

func sku(i int) string { return fmt.Sprintf("A-%02d", i) }

// shown is how an article stands on the portal: on line or not, its lists, its
// stock.
func (w *world) shown(sku catalog.SKU) string {
	w.t.Helper()
	p := w.product(sku)
	text := map[bool]string{true: "on", false: "off"}[p.Online]
	for _, l := range p.Prices {
		text += " " + l.List + " " + l.Breaks[0].Price.Decimal().String()
	}
	var stock map[catalog.ID]catalog.Availability
	require.NoError(w.t, w.store.View(w.ctx, func(ctx context.Context, tx store.Tx) (err error) {
		stock, err = tx.Products().Availability(ctx, []catalog.ID{p.ID})
		return err
	}))
	return text + " " + stock[p.ID].OnHand.String()
}

const full = "on standard 5 autumn 4 7"

// resyncs compares, and an hour later again.
func (w *world) resyncs() (int, error) {
	w.t.Helper()
	n, err := w.puller.Resync(w.ctx)
	if err != nil {
		return n, err
	}
	require.Zero(w.t, n, "one comparison is not enough")
	w.pass(time.Hour)
	return w.puller.Resync(w.ctx)
}

// What the ERP deletes without a trace ends here too, and nothing else: neither
// what it still has, nor what was never its own, nor documents.
func TestResyncFindsDeletions(t *testing.T) {
	up := setup{}
	told := watch(&up)
	up.pull.Limit = 3
	w := stocked(t, up, 12)
	id := w.confirmed(1, 1)
	w.pulls()
	n, err := w.puller.Resync(w.ctx)
	require.NoError(t, err)
	require.Zero(t, n)

	own := w.shown(oven)
	require.True(t, w.books.Delete(erp.Products, "1"))
	require.True(t, w.books.Delete(erp.Prices, "3"))
	require.True(t, w.books.Delete(erp.Stocks, "3"))
	require.True(t, w.books.Delete(erp.Orders, w.twin(id).ID))
	before := w.get(id)
	w.pulls()
	require.Equal(t, []string{full, full, full, full}, []string{w.shown("A-00"), w.shown("A-01"), w.shown("A-02"), w.shown("A-03")}, "no stream tells of it")
	*told = nil
	n, err = w.resyncs()
	require.NoError(t, err)
	require.Equal(t, 3, n)
	require.Equal(t, []erpsync.Pulled{{Stream: erp.Products, Gone: 1}, {Stream: erp.Prices, Gone: 1}, {Stream: erp.Stocks, Gone: 1}}, *told)
	require.Equal(t, "off standard 5 autumn 4 7", w.shown("A-00"))
	require.Equal(t, "on autumn 4 7", w.shown("A-01"))
	require.Equal(t, "on standard 5 autumn 4 0", w.shown("A-02"))
	for i := 3; i < 12; i++ {
		require.Equal(t, full, w.shown(catalog.SKU(sku(i))))
	}
	require.Equal(t, own, w.shown(oven))
	require.Equal(t, before, w.get(id))
	n, err = w.puller.Resync(w.ctx)
	require.NoError(t, err)
	require.Zero(t, n, "once")
}

// What was deleted and is entered again is new to the ERP, and stands whichever
// comes first, its change or the comparison.
func TestResyncLeavesWhatWasEnteredAgain(t *testing.T) {
	for _, first := range []string{"pull", "resync"} {
		t.Run(first, func(t *testing.T) {
			w := stocked(t, setup{}, 20)
			for s, id := range map[erp.Stream]string{erp.Products: "1", erp.Prices: "1", erp.Stocks: "1"} {
				require.True(t, w.books.Delete(s, id))
			}
			w.books.SaveProduct(erp.Product{SKU: sku(0), Names: map[string]string{"en": "Again"}, Unit: "C62", Active: true})
			w.books.SetPrice(erp.Price{SKU: sku(0), List: "standard", Currency: "EUR", Breaks: []erp.PriceBreak{{UnitPrice: dec("6")}}})
			w.books.SetStock(sku(0), dec("9"), "")
			if first == "pull" {
				w.pulls()
			}
			n, err := w.resyncs()
			require.NoError(t, err)
			require.Equal(t, 3, n)
			w.pulls()
			want := "on autumn 4 standard 6 9"
			if first == "resync" { // what was taken off is put back by people
				want = "off autumn 4 standard 6 9"
			}
			require.Equal(t, want, w.shown("A-00"))
		})
	}
}

// A price whose dates were moved does not stay on its old ones, and ends with the
// new ones.
func TestResyncKnowsMovedPrices(t *testing.T) {
	w := stocked(t, setup{}, 20)
	w.books.SetPrice(erp.Price{SKU: sku(0), List: "autumn", Currency: "EUR", From: "2026-12-05T00:00:00Z", Breaks: []erp.PriceBreak{{UnitPrice: dec("3")}}})
	w.pulls()
	require.Equal(t, "on standard 5 autumn 3 7", w.shown("A-00"))
	require.True(t, w.books.Delete(erp.Prices, "2"))
	_, err := w.resyncs()
	require.NoError(t, err)
	require.Equal(t, "on standard 5 7", w.shown("A-00"))
}

// An ERP that lists nothing, or much less than it did, is not believed until a
// person says so.
func TestResyncDoubtsAShortList(t *testing.T) {
	for name, c := range map[string]struct {
		articles, gone int
		share          float64
		doubts         bool
	}{
		"a tenth":                {articles: 20, gone: 2},
		"more than a tenth":      {articles: 20, gone: 3, doubts: true},
		"half where half may be": {articles: 20, gone: 10, share: 0.5},
		"one of few":             {articles: 2, gone: 1},
		"two of few":             {articles: 5, gone: 2, doubts: true},
		"all":                    {articles: 20, gone: 20, share: 1, doubts: true},
		"the only one":           {articles: 1, gone: 1, doubts: true},
		"one of many, always":    {articles: 20, gone: 1, share: -1, doubts: true},
	} {
		t.Run(name, func(t *testing.T) {
			w := stocked(t, setup{pull: erpsync.PullOptions{GoneShare: c.share}}, c.articles)
			for i := range c.gone {
				require.True(t, w.books.Delete(erp.Products, fmt.Sprint(i+1)))
			}
			n, err := w.resyncs()
			if !c.doubts {
				require.NoError(t, err)
				require.Equal(t, c.gone, n)
				return
			}
			require.ErrorIs(t, err, erpsync.ErrManyGone)
			var many interface{ Data() any }
			require.ErrorAs(t, err, &many)
			data := many.Data().(erpsync.ManyGone)
			require.Equal(t, []any{erp.Products, c.articles, c.gone}, []any{data.Stream, data.Known, data.Gone})
			require.Len(t, data.Rows, min(c.gone, 20))
			require.Equal(t, erpsync.GoneRow{ID: "1", SKU: "A-00"}, data.Rows[0])
			require.Zero(t, n)
			require.Equal(t, full, w.shown("A-00"))

			desk := erpsync.NewParking(w.puller, nil)
			_, err = desk.Gone(w.ctx, operator, erp.Products, c.gone)
			require.ErrorIs(t, err, access.ErrForbidden)
			_, err = desk.Gone(w.ctx, admin, erp.Orders, c.gone)
			require.ErrorIs(t, err, erp.ErrUnsupported)
			_, err = desk.Gone(w.ctx, admin, erp.Products, c.gone-1)
			require.ErrorIs(t, err, erpsync.ErrManyGone, "more than the person saw")
			require.Equal(t, full, w.shown("A-00"))
			n, err = desk.Gone(w.ctx, admin, erp.Products, c.gone)
			require.NoError(t, err)
			require.Equal(t, c.gone, n)
			require.Equal(t, "off standard 5 autumn 4 7", w.shown("A-00"))
		})
	}
}

// brokenList fails in the middle of its list.
type brokenList struct {
	erp.Adapter
	erp.ProductPuller
	erp.Lister
	left int
}

func (b *brokenList) ListIDs(ctx context.Context, s erp.Stream, after erp.Cursor, limit int) (erp.Page[string], error) {
	if b.left--; b.left < 0 {
		return erp.Page[string]{}, erp.NewError(erp.Rejected, erp.OpListIDs, "no more today", nil)
	}
	return b.Lister.ListIDs(ctx, s, after, limit)
}

// A list that breaks off marks nothing.
func TestResyncOfAListThatBreaksOff(t *testing.T) {
	b := &brokenList{}
	up := setup{wrap: func(_ *world, a erp.Adapter) erp.Adapter {
		b.Adapter, b.ProductPuller, b.Lister = a, a.(erp.ProductPuller), a.(erp.Lister)
		return b
	}}
	up.pull.Limit = 5
	w := stocked(t, up, 20)
	require.True(t, w.books.Delete(erp.Products, "1"))
	for b.left = range 4 {
		pages := b.left
		n, err := w.puller.Resync(w.ctx)
		require.Equal(t, erp.Rejected, erp.ClassOf(err), "after %d pages", pages)
		require.Zero(t, n)
		require.True(t, w.product("A-00").Online)
		b.left = pages
	}
	for want := range 2 {
		b.left = 4
		n, err := w.puller.Resync(w.ctx)
		require.NoError(t, err)
		require.Equal(t, want, n)
		w.pass(time.Hour)
	}
}

// A row that the books refuse to end is told of, by its id, and does not keep the
// others, those of the same transaction among them, from ending.
func TestResyncOfARowThatTheBooksRefuse(t *testing.T) {
	w := stocked(t, setup{}, 40)
	old := w.product("A-01")
	old.Tags = []string{"new", "new"} // of a time before the rule
	require.NoError(t, w.store.Update(w.ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Products().Save(ctx, old)
		return err
	}))
	for _, id := range []string{"1", "2", "3"} {
		require.True(t, w.books.Delete(erp.Products, id))
	}
	n, err := w.resyncs()
	require.ErrorIs(t, err, catalog.ErrInvalid)
	require.ErrorContains(t, err, "products: 2: ")
	require.Equal(t, 2, n)
	require.Equal(t, []bool{false, true, false}, []bool{w.product("A-00").Online, w.product("A-01").Online, w.product("A-02").Online})
	old = w.product("A-01")
	old.Tags = nil
	_, err = w.goods.Save(w.ctx, admin, catalog.SaveInput{Product: old})
	require.NoError(t, err)
	n, err = w.puller.Resync(w.ctx)
	require.NoError(t, err)
	require.Equal(t, 1, n)
}

// A schedule compares once a day. What fails is tried again sooner, but what waits
// for a person is not; his word has it compared at once.
func TestScheduleResyncs(t *testing.T) {
	w := stocked(t, setup{}, 20)
	s := w.schedule("one", nil)
	step := func() (err error) { _, err = s.Step(w.ctx); return err }
	require.NoError(t, step())
	at := stream(t, s, erpsync.Resync)
	require.Equal(t, w.clock(), at.Success)
	require.Equal(t, w.clock().Add(24*time.Hour), at.Next)
	require.Zero(t, at.Lag)

	require.True(t, w.books.Delete(erp.Products, "1"))
	w.pass(23 * time.Hour)
	require.NoError(t, step())
	require.Equal(t, full, w.shown("A-00"))
	w.pass(time.Hour)
	require.NoError(t, step())
	require.Equal(t, full, w.shown("A-00"), "one comparison is not enough")
	w.pass(24 * time.Hour)
	require.NoError(t, step())
	require.Equal(t, "off standard 5 autumn 4 7", w.shown("A-00"))

	for i := 2; i < 8; i++ {
		require.True(t, w.books.Delete(erp.Products, fmt.Sprint(i)))
	}
	w.pass(24 * time.Hour)
	require.ErrorIs(t, step(), erpsync.ErrManyGone)
	at = stream(t, s, erpsync.Resync)
	require.Equal(t, w.clock().Add(24*time.Hour), at.Next)
	require.Contains(t, at.Cause, "erpsync.many_gone")
	h, err := s.Health(w.ctx)
	require.NoError(t, err)
	require.False(t, h.OK(time.Hour))
	n, err := erpsync.NewParking(w.puller, nil).Gone(w.ctx, admin, erp.Products, 6)
	require.NoError(t, err)
	require.Equal(t, 6, n)
	require.NoError(t, step())
	require.Zero(t, stream(t, s, erpsync.Resync).Failures)

	w.pass(24*time.Hour + time.Minute)
	w.books.Fail(erp.OpListIDs, 20, memerp.Refuse("no more today"))
	require.Error(t, step())
	require.Equal(t, w.clock().Add(15*time.Minute), stream(t, s, erpsync.Resync).Next)
}
