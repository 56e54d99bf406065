package erpsync_test

import (
	"cmp"
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/store"
)

// movedPull tells that prices and stock are of another article.
type movedPull struct {
	whole
	moved string
}

func (m *movedPull) PullPrices(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Price], error) {
	p, err := m.whole.PullPrices(ctx, after, limit)
	for i := range p.Rows {
		p.Rows[i].SKU = cmp.Or(m.moved, p.Rows[i].SKU)
	}
	return p, err
}

func (m *movedPull) PullStock(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Stock], error) {
	p, err := m.whole.PullStock(ctx, after, limit)
	for i := range p.Rows {
		p.Rows[i].SKU = cmp.Or(m.moved, p.Rows[i].SKU)
	}
	return p, err
}

// A price and a count that move to an article that is not here leave the place where
// they were, whether they wait for it or are left out, and stand there when it comes.
func TestRowsThatMoveToAnArticleThatIsNotHere(t *testing.T) {
	for name, strangers := range map[string]bool{"wait": true, "are left out": false} {
		t.Run(name, func(t *testing.T) {
			m := &movedPull{}
			up := setup{wrap: func(_ *world, in erp.Adapter) erp.Adapter { m.whole = in.(whole); return m }}
			up.pull.Strangers = strangers
			up.pull.Articles.Create = nil
			w := newWorld(t, up)
			w.books.SetPrice(erp.Price{SKU: oven, List: "hall", Currency: "EUR", Breaks: []erp.PriceBreak{{UnitPrice: dec("5")}}})
			w.books.SetStock(oven, dec("7"), "")
			w.pulls()
			before := w.shown(oven)
			require.Contains(t, before, " hall 5 7")

			m.moved = "NEW-1"
			w.books.SetPrice(erp.Price{SKU: oven, List: "hall", Currency: "EUR", Breaks: []erp.PriceBreak{{UnitPrice: dec("6")}}})
			w.books.SetStock(oven, dec("8"), "")
			w.pulls()
			gone := w.shown(oven)
			require.NotContains(t, gone, "hall")
			require.Regexp(t, " 0$", gone)
			require.Len(t, w.parked(), map[bool]int{true: 2}[strangers])
			for range 2 { // the ERP lists them, which is no reason to read all again
				n, err := w.resyncs()
				require.NoError(t, err)
				require.Zero(t, n)
			}
			w.pulls()
			require.Equal(t, gone, w.shown(oven))

			_, err := w.goods.Save(w.ctx, admin, catalog.SaveInput{Product: catalog.Product{ID: "new", SKU: "NEW-1", Unit: "C62", Tax: "standard",
				Sale: catalog.SaleFree, Names: map[string]string{"en": "New"}, Online: true}})
			require.NoError(t, err)
			if !strangers {
				require.NoError(t, w.puller.Restart(w.ctx, erp.Prices))
				require.NoError(t, w.puller.Restart(w.ctx, erp.Stocks))
			}
			w.pulls()
			require.Equal(t, "on hall 6 8", w.shown("NEW-1"))
			require.Equal(t, gone, w.shown(oven))
			require.Empty(t, w.parked())
		})
	}
}

// What people settle in a schedule is applied by its options.
func TestParkingOfASchedule(t *testing.T) {
	broken := true
	up := setup{}
	up.pull.Articles.List = func(l string) string { return "erp-" + l }
	up.pull.Articles.Create = func(p erp.Product) (catalog.Product, bool) {
		if broken {
			panic(errors.New("no such class"))
		}
		return catalog.Product{ID: catalog.ID("p-" + p.SKU), Tax: "standard", Sale: catalog.SaleFree, Online: true}, true
	}
	w := newWorld(t, up)
	w.books.SaveProduct(erp.Product{SKU: "NEW-1", Names: map[string]string{"en": "New"}, Unit: "C62", Active: true})
	w.books.SetPrice(erp.Price{SKU: "NEW-1", List: "hall", Currency: "EUR", Breaks: []erp.PriceBreak{{UnitPrice: dec("6")}}})
	s := w.schedule("one", nil)
	_, err := s.Step(w.ctx)
	require.NoError(t, err)
	desk := s.Parking(nil)
	parked, _, err := desk.List(w.ctx, admin, "", 10)
	require.NoError(t, err)
	require.Len(t, parked, 2)
	article := parked[1]
	require.Equal(t, string(erp.Products), article.Stream)
	require.Error(t, desk.Retry(w.ctx, admin, article))
	broken = false
	require.NoError(t, desk.Retry(w.ctx, admin, article))
	require.Equal(t, "on erp-hall 6 0", w.shown("NEW-1"))
	require.Empty(t, w.parked())
}

// A price that cannot leave the place where it was, because the books refuse the
// article there, waits for a person, and the rows behind it are applied.
func TestRowsThatCannotLeaveTheirPlace(t *testing.T) {
	for name, strangers := range map[string]bool{"wait": true, "are left out": false} {
		t.Run(name, func(t *testing.T) {
			m := &movedPull{}
			up := setup{wrap: func(_ *world, in erp.Adapter) erp.Adapter { m.whole = in.(whole); return m }}
			up.pull.Strangers = strangers
			w := newWorld(t, up)
			w.books.SetPrice(erp.Price{SKU: oven, List: "hall", Currency: "EUR", Breaks: []erp.PriceBreak{{UnitPrice: dec("5")}}})
			w.pulls()
			old := w.product(oven)
			old.Tags = []string{"new", "new"} // of a time before the rule
			require.NoError(t, w.store.Update(w.ctx, func(ctx context.Context, tx store.Tx) error {
				_, err := tx.Products().Save(ctx, old)
				return err
			}))
			m.moved = "NEW-1"
			w.books.SetPrice(erp.Price{SKU: oven, List: "hall", Currency: "EUR", Breaks: []erp.PriceBreak{{UnitPrice: dec("6")}}})
			for range 2 {
				_, err := w.puller.Step(w.ctx)
				require.NoError(t, err)
			}
			parked := w.parked()
			require.Len(t, parked, 1)
			require.Equal(t, "person", parked[0].Awaits)
			require.Contains(t, parked[0].Cause, "tags[1]")
			before, desk := w.shown(oven), erpsync.NewParking(w.puller, nil)
			require.Error(t, desk.Retry(w.ctx, admin, parked[0]), "nothing has changed")
			require.Equal(t, before, w.shown(oven))
			require.Equal(t, parked, w.parked())

			old = w.product(oven)
			old.Tags = nil
			_, err := w.goods.Save(w.ctx, admin, catalog.SaveInput{Product: old})
			require.NoError(t, err)
			err = desk.Retry(w.ctx, admin, parked[0])
			require.NotContains(t, w.shown(oven), "hall", "the place is left now")
			if strangers {
				require.Equal(t, fault.NotFound, fault.KindOf(err), "it still waits")
				require.Equal(t, "product/NEW-1", w.parked()[0].Awaits)
			} else {
				require.NoError(t, err)
				require.Empty(t, w.parked())
			}

			m.moved = ""
			w.books.SetPrice(erp.Price{SKU: oven, List: "yard", Currency: "EUR", Breaks: []erp.PriceBreak{{UnitPrice: dec("6")}}})
			did, err := w.puller.Pull(w.ctx, erp.Prices)
			require.NoError(t, err)
			require.Equal(t, 1, did.Rows, "the stream goes on")
		})
	}
}

// What was parked of a row is forgotten when the row comes again and is left out: it
// is older.
func TestAParkedRowThatIsLeftOutLater(t *testing.T) {
	m := &movedPull{}
	w := newWorld(t, setup{wrap: func(_ *world, in erp.Adapter) erp.Adapter { m.whole = in.(whole); return m }})
	price := func(amount string) {
		w.books.SetPrice(erp.Price{SKU: oven, List: "hall", Currency: "EUR", Breaks: []erp.PriceBreak{{UnitPrice: dec(amount)}}})
	}
	price("5")
	w.pulls()
	m.moved = "NEW-1"
	price("0.0000001") // more decimals than a price has
	w.pulls()
	require.Empty(t, w.parked())
	require.NotContains(t, w.shown(oven), "hall", "it is of another article, whatever it says of that")
	m.moved = ""
	price("0.0000002")
	w.pulls()
	require.Len(t, w.parked(), 1)
	m.moved = "NEW-1"
	price("6")
	w.pulls()
	require.Empty(t, w.parked())
	require.NotContains(t, w.shown(oven), "hall")
}

// An integrator's function that fails for a row that is left out, or waits, parks that
// row for a person, and no more.
func TestAListThatCannotBeNamed(t *testing.T) {
	for name, strangers := range map[string]bool{"waits": true, "is left out": false} {
		t.Run(name, func(t *testing.T) {
			up := setup{}
			up.pull.Strangers = strangers
			up.pull.Articles.List = func(l string) string {
				if l == "secret" {
					panic(errors.New("no such list"))
				}
				return l
			}
			w := newWorld(t, up)
			w.books.SetPrice(erp.Price{SKU: "NEW-1", List: "secret", Currency: "EUR", Breaks: []erp.PriceBreak{{UnitPrice: dec("5")}}})
			w.books.SetPrice(erp.Price{SKU: oven, List: "hall", Currency: "EUR", Breaks: []erp.PriceBreak{{UnitPrice: dec("5")}}})
			w.pulls()
			require.Contains(t, w.shown(oven), "hall 5")
			parked := w.parked()
			require.Len(t, parked, 1)
			require.Equal(t, "person", parked[0].Awaits)
			require.Contains(t, parked[0].Cause, "no such list")
			require.ErrorIs(t, erpsync.NewParking(w.puller, nil).Retry(w.ctx, admin, parked[0]), erpsync.ErrBroken)
		})
	}
}

// A row that comes late, of before it moved to an article that is not here, does not
// bring back what it left.
func TestARowOfBeforeItMovedComesLate(t *testing.T) {
	for name, strangers := range map[string]bool{"waits": true, "is left out": false} {
		t.Run(name, func(t *testing.T) {
			m := &latePull{}
			up := setup{wrap: func(_ *world, in erp.Adapter) erp.Adapter { m.whole = in.(whole); return m }}
			up.pull.Strangers = strangers
			w := newWorld(t, up)
			price := func(list, amount string) {
				w.books.SetPrice(erp.Price{SKU: oven, List: list, Currency: "EUR", Breaks: []erp.PriceBreak{{UnitPrice: dec(amount)}}})
				w.pulls()
			}
			price("hall", "5")
			old := m.told[len(m.told)-1]
			m.moved = "NEW-1"
			price("hall", "6")
			require.NotContains(t, w.shown(oven), "hall")
			m.moved, m.late = "", []erp.Price{old}
			price("yard", "7")
			require.Contains(t, w.shown(oven), "yard 7")
			require.NotContains(t, w.shown(oven), "hall")
		})
	}
}

// latePull is movedPull that tells old rows before the next.
type latePull struct {
	movedPull
	told, late []erp.Price
}

func (l *latePull) PullPrices(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Price], error) {
	p, err := l.movedPull.PullPrices(ctx, after, limit)
	if len(p.Rows) > 0 {
		p.Rows, l.late = append(l.late, p.Rows...), nil
		l.told = append(l.told, p.Rows...)
	}
	return p, err
}
