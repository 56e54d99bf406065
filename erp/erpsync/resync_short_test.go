package erpsync_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
)

// shortList leaves rows out of its lists, names a product that there is not, and
// takes a while for each page.
type shortList struct {
	whole
	hides map[string]bool // "products/1"
	names string
	slow  func()
	pages int
}

func (l *shortList) ListIDs(ctx context.Context, s erp.Stream, after erp.Cursor, limit int) (erp.Page[string], error) {
	if l.pages++; l.slow != nil {
		l.slow()
	}
	p, err := l.whole.(erp.Lister).ListIDs(ctx, s, after, limit)
	p.Rows = slices.DeleteFunc(p.Rows, func(id string) bool { return l.hides[string(s)+"/"+id] })
	if l.names != "" && s == erp.Products && len(after) == 0 {
		p.Rows = append(p.Rows, l.names)
	}
	return p, err
}

func (l *shortList) hide(streams []erp.Stream, ids ...int) {
	l.hides = map[string]bool{}
	for _, s := range streams {
		for _, id := range ids {
			l.hides[fmt.Sprint(s, "/", id)] = true
		}
	}
}

// listed is stocked, with a list that can be short.
func listed(t *testing.T, up setup, n int) (*world, *shortList) {
	l := &shortList{}
	up.wrap = func(_ *world, in erp.Adapter) erp.Adapter { l.whole = in.(whole); return l }
	return stocked(t, up, n), l
}

var ofArticles = []erp.Stream{erp.Products, erp.Prices, erp.Stocks}

// A list that is short once is not believed, however often it is by other rows.
func TestResyncDoesNotBelieveOneShortList(t *testing.T) {
	w, l := listed(t, setup{}, 20)
	for day := range 10 {
		l.hide(ofArticles, 2*day+1, 2*day+2)
		n, err := w.puller.Resync(w.ctx)
		require.NoError(t, err)
		require.Zero(t, n)
		w.pass(24 * time.Hour)
	}
	for i := range 20 {
		require.Equal(t, full, w.shown(catalog.SKU(sku(i))))
	}

	l.hide(ofArticles, 1)
	for range 3 { // however often within the hour
		n, err := w.puller.Resync(w.ctx)
		require.NoError(t, err)
		require.Zero(t, n)
		w.pass(20 * time.Minute)
	}
	n, err := w.puller.Resync(w.ctx)
	require.NoError(t, err)
	require.Equal(t, 3, n)
}

// What a short list took off the portal comes back when it is listed again, or when
// the row itself comes; what people had taken off stays off, and what is not active.
func TestResyncHealsWhatAShortListTook(t *testing.T) {
	again := func(w *world, i int, active bool) {
		w.books.SaveProduct(erp.Product{SKU: sku(i), Names: map[string]string{"en": "Article"}, Unit: "C62", Active: active})
	}
	for name, c := range map[string]struct {
		before, meanwhile func(w *world)
		short             bool // to the end
		want              string
	}{
		"listed again":                  {want: full},
		"the row comes again":           {meanwhile: func(w *world) { again(w, 0, true) }, short: true, want: "on 0"},
		"the row comes again, inactive": {meanwhile: func(w *world) { again(w, 0, false) }, short: true, want: "off 0"},
		"listed again, and inactive":    {meanwhile: func(w *world) { again(w, 0, false) }, want: "off standard 5 autumn 4 7"},
		"it was off before": {before: func(w *world) {
			p := w.product("A-00")
			p.Online = false
			_, err := w.goods.Save(w.ctx, admin, catalog.SaveInput{Product: p})
			require.NoError(w.t, err)
		}, want: "off standard 5 autumn 4 7"},
	} {
		t.Run(name, func(t *testing.T) {
			w, l := listed(t, setup{}, 40)
			if c.before != nil {
				c.before(w)
			}
			l.hide(ofArticles, 1)
			l.hides["prices/2"] = true
			n, err := w.resyncs()
			require.NoError(t, err)
			require.Equal(t, 4, n)
			require.Equal(t, "off 0", w.shown("A-00"))
			for range 2 { // it is gone, and is told of once
				w.pass(24 * time.Hour)
				n, err = w.puller.Resync(w.ctx)
				require.NoError(t, err)
				require.Zero(t, n)
			}
			if c.meanwhile != nil {
				c.meanwhile(w)
				w.pulls()
			}
			if !c.short {
				l.hides = nil
			}
			n, err = w.puller.Resync(w.ctx)
			require.NoError(t, err)
			require.Zero(t, n)
			w.pulls()
			require.Equal(t, c.want, w.shown("A-00"))
			for i := 1; i < 40; i++ {
				require.Equal(t, full, w.shown(catalog.SKU(sku(i))))
			}
			if c.short {
				return
			}
			l.hide(ofArticles, 1)
			l.hides["prices/2"] = true
			n, err = w.resyncs()
			require.NoError(t, err)
			require.Equal(t, 4, n, "and it can be gone again")
		})
	}
}

// A row that the list names and the stream does not tell has the stream read anew
// once, and not every day.
func TestResyncReadsAnewOnce(t *testing.T) {
	up := setup{}
	told := watch(&up)
	w, l := listed(t, up, 20)
	l.hide(ofArticles[:1], 1)
	_, err := w.resyncs()
	require.NoError(t, err)
	w.books.Delete(erp.Products, "1")
	l.hides, l.names = nil, "1"
	for day := range 4 {
		_, err := w.puller.Resync(w.ctx)
		require.NoError(t, err)
		*told = nil
		w.pulls()
		rows := 0
		for _, p := range *told {
			rows += p.Rows
		}
		require.Equal(t, map[bool]int{true: 19}[day == 0], rows, "day %d", day)
		w.pass(24 * time.Hour)
	}
}

// A list of many slow pages is read in turns, between which the streams have
// theirs, and what it finds is the same.
func TestResyncLeavesTheStreamsTheirTurns(t *testing.T) {
	up := setup{}
	up.pull.Limit, up.pull.Pages = 2, 5
	for name, c := range map[string]struct {
		page  time.Duration
		pages int // in a turn
	}{"many pages": {time.Second, 5}, "slow pages": {50 * time.Second, 3}} {
		t.Run(name, func(t *testing.T) {
			w, l := listed(t, up, 40)
			for more := true; more; { // in pages of 2
				n, err := w.puller.Step(w.ctx)
				require.NoError(t, err)
				more = n > 0
			}
			s := w.schedule("one", nil)
			turns := func() (n int) {
				t.Helper()
				for {
					n++
					l.pages = 0
					began := w.clock()
					_, err := s.Step(w.ctx)
					require.NoError(t, err)
					require.LessOrEqual(t, l.pages, c.pages)
					require.Less(t, w.clock().Sub(began), 3*time.Minute)
					if at := stream(t, s, erpsync.Resync); at.Next.After(w.clock()) {
						return n
					}
					w.pass(2 * time.Minute)
				}
			}
			for stream(t, s, erp.Prices).Success.IsZero() {
				_, err := s.Step(w.ctx)
				require.NoError(t, err)
			}
			for stream(t, s, erpsync.Resync).Success.IsZero() {
				_, err := s.Step(w.ctx)
				require.NoError(t, err)
			}
			l.slow = func() { w.pass(c.page) }
			require.True(t, w.books.Delete(erp.Products, "7"))
			w.pass(24 * time.Hour)
			require.Greater(t, turns(), 10)
			require.True(t, w.product("A-06").Online)
			w.pass(24 * time.Hour)
			require.Greater(t, turns(), 10)
			require.False(t, w.product("A-06").Online)
			require.True(t, w.product("A-05").Online)
		})
	}
}

// Two processes that take the turns by turns both get on, and what one has brought
// to its end the other begins anew.
func TestResyncOfTwoProcesses(t *testing.T) {
	up := setup{}
	up.pull.Limit, up.pull.Pages = 5, 3
	w, l := listed(t, up, 20)
	for range 10 {
		w.pulls()
	}
	require.True(t, w.books.Delete(erp.Products, "7"))
	one, two := w.schedule("one", nil), w.schedule("two", nil)
	for i := 0; w.product("A-06").Online; i++ {
		require.Less(t, i, 100)
		s := []*erpsync.Schedule{one, two}[i%2]
		_, err := s.Step(w.ctx)
		require.NoError(t, err)
		if at := stream(t, s, erpsync.Resync); at.Next.After(w.clock()) {
			w.pass(24 * time.Hour)
		}
		w.pass(2 * time.Minute)
	}
	require.Positive(t, l.pages)
}

// What a process had half done when another came to the end is not carried over to
// the next day: a list that is short once then takes nothing off.
func TestResyncOfTwoProcessesDoesNotBelieveOneShortList(t *testing.T) {
	up := setup{}
	up.pull.Limit, up.pull.Pages = 5, 3
	w, l := listed(t, up, 20)
	for range 10 {
		w.pulls()
	}
	one, two := w.schedule("one", nil), w.schedule("two", nil)
	turn := func(s *erpsync.Schedule) bool {
		_, err := s.Step(w.ctx)
		require.NoError(t, err)
		w.pass(time.Minute)
		return stream(t, s, erpsync.Resync).Next.After(w.clock())
	}
	turn(one)
	require.False(t, turn(two), "half done")
	for i := 0; !turn(one); i++ {
		require.Less(t, i, 100)
	}
	w.pass(24 * time.Hour)
	l.hide(ofArticles, 18) // on a page that two has not read yet
	for i := range 30 {
		turn([]*erpsync.Schedule{two, one}[i%2])
	}
	for i := range 20 {
		require.Equal(t, full, w.shown(catalog.SKU(sku(i))))
	}
}

// A negative interval is no comparison at all.
func TestResyncCanBeDeclined(t *testing.T) {
	w, l := listed(t, setup{}, 3)
	s := w.schedule("one", func(o *erpsync.ScheduleOptions) {
		o.Every = map[erp.Stream]time.Duration{erpsync.Resync: -1}
	})
	_, err := s.Step(w.ctx)
	require.NoError(t, err)
	h, err := s.Health(w.ctx)
	require.NoError(t, err)
	require.True(t, h.OK(time.Minute))
	for _, at := range h.Streams {
		require.NotEqual(t, erpsync.Resync, at.Stream)
	}
	require.Zero(t, l.pages)
}
