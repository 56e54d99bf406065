package memstore_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

var (
	allStates = []order.State{order.Draft, order.Awaiting, order.Validated, order.Confirmed, order.Rejected, order.Cancelled, order.Closed}
	noteWords = []string{"urgent", "urge", "fragile", "étage", "ETAGE", "2nd"}
	skus      = []catalog.SKU{"065", "0656", "INOX"}
	tickets   = []cart.TicketID{"", "t1", "t2"}
)

func one[T any](rng *rand.Rand, xs []T) T { return xs[rng.IntN(len(xs))] }

// maybe answers the zero value two times out of three.
func maybe[T any](rng *rand.Rand, x T) T {
	var zero T
	if rng.IntN(3) > 0 {
		return zero
	}
	return x
}

func randomOrder(rng *rand.Rand, i int) order.Order {
	o := order.Order{ID: order.ID(fmt.Sprintf("o%03d", rng.IntN(1000)*1000+i)), Ref: order.Ref(fmt.Sprintf("R%03d", i*7%200)),
		State: one(rng, allStates), Direct: rng.IntN(2) == 0, PlacedAt: time.Unix(rng.Int64N(20), 0).UTC(),
		Note: one(rng, noteWords) + ", " + one(rng, noteWords)}
	o.Customer.Partner = one(rng, []partner.ID{"p1", "p2"})
	o.Customer.Type = one(rng, []partner.Type{partner.Dealer, partner.Studio})
	o.Customer.Name, o.Customer.Number = one(rng, []string{"Café Noël", "Noelle SARL"}), "FR"+string(o.Customer.Partner)
	o.InsertedBy.ID = "u" + o.InsertedBy.ID
	o.ERP.Number = one(rng, []string{"", "E1", "E2"})
	for range rng.IntN(3) {
		o.Lines = append(o.Lines, order.Line{SKU: one(rng, skus), Ticket: one(rng, tickets)})
	}
	return o
}

func randomQuery(rng *rand.Rand) order.Query {
	direct := rng.IntN(2) == 0
	q := order.Query{Partner: maybe(rng, partner.ID("p1")), Ref: maybe(rng, maybe(rng, order.Ref("R007"))), All: rng.IntN(2) == 0,
		ERPNumber: maybe(rng, "E1"), Ticket: maybe(rng, cart.TicketID("t1")), SKU: maybe(rng, one(rng, skus)),
		CustomerType: maybe(rng, partner.Dealer), InsertedBy: maybe(rng, access.ActorID("u")), Direct: maybe(rng, &direct),
		From: maybe(rng, time.Unix(rng.Int64N(20), 0)), Until: maybe(rng, time.Unix(rng.Int64N(20), 1)),
		Note: maybe(rng, one(rng, []string{"urg", "Étag", "frag urgent", "gent"})), Consumer: maybe(rng, one(rng, []string{"noel", "cafe fr", "NOELLE", "x"})),
		Sort: one(rng, []order.Sort{order.NewestFirst, order.OldestFirst, order.ByRef, order.ByRefDesc})}
	for range maybe(rng, 2) {
		q.States = append(q.States, one(rng, allStates))
	}
	q.Page.Limit = 1 + rng.IntN(30)
	return q
}

// meant says what a query means, on the orders themselves. The test's words
// fold by lower case and plain letters for accents.
func meant(q order.Query, o order.Order) bool {
	states := q.States
	if len(states) == 0 {
		states = allStates[:4]
		if q.All {
			states = allStates
		}
	}
	onLine := func(ok func(order.Line) bool) bool { return slices.ContainsFunc(o.Lines, ok) }
	return (q.Partner == "" || q.Partner == o.Customer.Partner) && (q.Ref == "" || q.Ref == o.Ref) &&
		(q.ERPNumber == "" || q.ERPNumber == o.ERP.Number) && slices.Contains(states, o.State) &&
		(q.Ticket == "" || onLine(func(l order.Line) bool { return l.Ticket == q.Ticket })) &&
		(q.SKU == "" || onLine(func(l order.Line) bool { return l.SKU == q.SKU })) &&
		(q.CustomerType == "" || q.CustomerType == o.Customer.Type) && (q.InsertedBy == "" || q.InsertedBy == o.InsertedBy.ID) &&
		(q.Direct == nil || *q.Direct == o.Direct) && (q.From.IsZero() || !o.PlacedAt.Before(q.From)) &&
		(q.Until.IsZero() || o.PlacedAt.Before(q.Until)) && begins(q.Note, o.Note) &&
		begins(q.Consumer, o.Customer.Name+" "+o.Customer.Number)
}

func begins(asked, text string) bool {
	plain := strings.NewReplacer("é", "e", "ë", "e", "É", "e", ",", " ")
	words := strings.Fields(strings.ToLower(plain.Replace(text)))
	for _, a := range strings.Fields(strings.ToLower(plain.Replace(asked))) {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, a) }) {
			return false
		}
	}
	return true
}

func inOrder(sort order.Sort, a, b order.Order) int {
	switch byID := cmp.Compare(a.ID, b.ID); sort {
	case order.OldestFirst:
		return cmp.Or(a.PlacedAt.Compare(b.PlacedAt), byID)
	case order.ByRef:
		return cmp.Compare(a.Ref, b.Ref)
	case order.ByRefDesc:
		return cmp.Compare(b.Ref, a.Ref)
	default:
		return cmp.Or(b.PlacedAt.Compare(a.PlacedAt), -byID)
	}
}

// TestRandomOrderQueries compares random lists, read page by page, with the
// meaning of the query written down a second time.
func TestRandomOrderQueries(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	shop := open(t)
	var all []order.Order
	require.NoError(t, shop.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		for i := range 200 {
			o, err := tx.Orders().Save(ctx, randomOrder(rng, i))
			if err != nil {
				return err
			}
			all = append(all, o)
		}
		return nil
	}))
	hits := 0
	for range 500 {
		q := randomQuery(rng)
		want := []order.ID{}
		slices.SortFunc(all, func(a, b order.Order) int { return inOrder(q.Sort, a, b) })
		for _, o := range all {
			if meant(q, o) {
				want = append(want, o.ID)
			}
		}
		hits += len(want)
		require.Equal(t, want, listAll(t, shop, q), "%+v", q)
	}
	require.Greater(t, hits, 1000, "the queries find something")
}

func listAll(t *testing.T, shop store.Tenanted, q order.Query) []order.ID {
	t.Helper()
	got := []order.ID{}
	for {
		page, err := uow.Ask(t.Context(), shop, func(ctx context.Context, tx store.Tx) (uow.Page[order.Header], error) {
			return tx.Orders().Find(ctx, q)
		})
		require.NoError(t, err)
		for _, h := range page.Rows {
			got = append(got, h.ID)
		}
		if page.Next == "" {
			return got
		}
		require.Len(t, page.Rows, q.Page.Limit)
		q.Page.After = page.Next
	}
}

func TestProductAndCartLists(t *testing.T) {
	shop := open(t)
	yes, no := true, false
	require.NoError(t, shop.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		for i, p := range []catalog.Product{
			{SKU: "0651", Names: map[string]string{"fr": "Charnière", "en": "Hinge"}, Online: true, Tags: []string{"new"}, Family: catalog.Family{Super: "a", Family: "b"}},
			{SKU: "0650", Tags: []string{"New"}, Family: catalog.Family{Super: "a"}},
			{SKU: "065x", Online: true},
		} {
			p.ID = catalog.ID(fmt.Sprint(i))
			if _, err := tx.Products().Save(ctx, p); err != nil {
				return err
			}
			c := cart.Cart{ID: cart.ID(fmt.Sprint(i)), Partner: "p", Name: []string{"b", "Été", "a"}[i], Default: i == 2,
				Lines: make([]cart.Line, i)}
			if _, err := tx.Carts().Save(ctx, c); err != nil {
				return err
			}
		}
		return nil
	}))
	require.NoError(t, shop.View(t.Context(), func(ctx context.Context, tx store.Tx) error {
		for want, q := range map[string]catalog.Query{
			"0650 0651 065x": {},
			"0651 065x":      {Online: &yes},
			"0650":           {Online: &no, SKUPrefix: "065"},
			"0650 0651":      {Family: catalog.Family{Super: "a"}},
			"0651":           {Tag: "new"},
			"":               {SKUPrefix: "065X"},
		} {
			page, err := tx.Products().Find(ctx, q)
			require.NoError(t, err)
			var got []string
			for _, h := range page.Rows {
				got = append(got, string(h.SKU))
			}
			require.Equal(t, want, strings.Join(got, " "))
		}
		page, err := tx.Products().Find(ctx, catalog.Query{Tag: "new"})
		require.NoError(t, err)
		require.Equal(t, "Charnière", page.Rows[0].Names["fr"])
		for want, q := range map[string]cart.Query{
			"a b Été": {Partner: "p"},
			"a":       {Partner: "p", Default: &yes},
			"Été":     {Name: "ETE"},
			"":        {Partner: "q"},
		} {
			page, err := tx.Carts().Find(ctx, q)
			require.NoError(t, err)
			var got []string
			for _, h := range page.Rows {
				got = append(got, h.Name)
			}
			require.Equal(t, want, strings.Join(got, " "))
		}
		return nil
	}))
}
