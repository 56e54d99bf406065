package order_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// bought places an order of one article, an hour after the one before.
func (s *shop) bought(a access.Actor, put cart.PutInput, change func(*order.PlaceInput)) order.Order {
	s.t.Helper()
	s.pass(time.Hour)
	c, err := s.carts.Create(s.ctx, a, cart.CreateInput{Name: "Cart " + s.newID()})
	require.NoError(s.t, err)
	put.Cart, put.Quantity = c.ID, money.QuantityOf(1)
	_, err = s.carts.Put(s.ctx, a, put)
	require.NoError(s.t, err)
	p, err := s.carts.Recalculate(s.ctx, a, cart.RecalculateInput{Cart: c.ID})
	require.NoError(s.t, err)
	in := order.PlaceInput{Cart: c.ID, Seal: p.Quote.Seal}
	change(&in)
	r, err := s.orders.Place(s.ctx, a, in)
	require.NoError(s.t, err)
	return s.get(r.Order)
}

func refsOf(page uow.Page[order.Header]) []order.Ref {
	out := []order.Ref{}
	for _, h := range page.Rows {
		out = append(out, h.Ref)
	}
	return out
}

func TestFindByEveryFilter(t *testing.T) {
	s := newShop(t, nil)
	yes, no := true, false
	keep := func(*order.PlaceInput) {}
	first := s.bought(buyer, cart.PutInput{SKU: "OV-1"}, func(in *order.PlaceInput) { in.Note = "Küche, ring twice" })
	ticket := s.bought(buyer, cart.PutInput{SKU: "065612405", Ticket: "125361", Warranty: cart.InWarranty}, keep)
	other := access.Actor{ID: "paul", Partner: "nord", Roles: []access.Role{access.PartnerAdmin}}
	direct := s.bought(other, cart.PutInput{SKU: "OV-1"}, func(in *order.PlaceInput) { in.Direct = true })
	sud := s.bought(stranger, cart.PutInput{SKU: "OV-1"}, keep)
	valid := s.bought(buyer, cart.PutInput{SKU: "OV-1"}, keep)
	s.advance(operator, valid.ID, order.Validate)
	s.report(order.Report{Order: valid.ID, Revision: 1, ID: "1", Number: "S1", State: "draft"})
	ended := s.bought(buyer, cart.PutInput{SKU: "OV-1"}, keep)
	s.advance(buyer, ended.ID, order.Cancel)
	closed := s.bought(buyer, cart.PutInput{SKU: "OV-1"}, keep)
	s.advance(operator, closed.ID, order.Validate)
	s.report(order.Report{Order: closed.ID, Revision: 1, ID: "2", Number: "S2", State: "done"})
	running := []order.Order{valid, sud, direct, ticket, first}

	for name, c := range map[string]struct {
		q    order.Query
		want []order.Order
	}{
		"nothing asked: what is running, newest first": {order.Query{}, running},
		"all":                      {order.Query{All: true}, slices.Concat([]order.Order{closed, ended}, running)},
		"oldest first":             {order.Query{Sort: order.OldestFirst}, []order.Order{first, ticket, direct, sud, valid}},
		"by reference":             {order.Query{Sort: order.ByRef}, []order.Order{first, ticket, direct, valid, sud}},
		"by reference, descending": {order.Query{Sort: order.ByRefDesc}, []order.Order{sud, valid, direct, ticket, first}},
		"states":                   {order.Query{States: []order.State{order.Closed, order.Validated, order.Closed}}, []order.Order{closed, valid}},
		"partner":                  {order.Query{Partner: "sud"}, []order.Order{sud}},
		"consumer, folded":         {order.Query{Consumer: "nord"}, []order.Order{valid, direct, ticket, first}},
		"consumer, any word":       {order.Query{Consumer: "NÖ stu"}, []order.Order{valid, direct, ticket, first}},
		"consumer by number":       {order.Query{Consumer: "fr10015195"}, []order.Order{sud}},
		"consumer, not within":     {order.Query{Consumer: "ord"}, nil},
		"reference":                {order.Query{Ref: ticket.Ref}, []order.Order{ticket}},
		"reference, exact":         {order.Query{Ref: ticket.Ref[:5]}, nil},
		"note":                     {order.Query{Note: "kuche rin"}, []order.Order{first}},
		"number in the ERP":        {order.Query{ERPNumber: "S1"}, []order.Order{valid}},
		"that of an ended order":   {order.Query{ERPNumber: "S2"}, []order.Order{closed}},
		"ticket":                   {order.Query{Ticket: "125361"}, []order.Order{ticket}},
		"article":                  {order.Query{SKU: "065612405"}, []order.Order{ticket}},
		"customer type":            {order.Query{CustomerType: partner.Dealer}, []order.Order{sud}},
		"inserted by":              {order.Query{InsertedBy: "paul"}, []order.Order{direct}},
		"direct":                   {order.Query{Direct: &yes}, []order.Order{direct}},
		"not direct":               {order.Query{Direct: &no}, []order.Order{valid, sud, ticket, first}},
		"from, included":           {order.Query{From: sud.PlacedAt}, []order.Order{valid, sud}},
		"until, excluded":          {order.Query{Until: sud.PlacedAt}, []order.Order{direct, ticket, first}},
		"both":                     {order.Query{From: ticket.PlacedAt, Until: direct.PlacedAt}, []order.Order{ticket}},
		"joined by and":            {order.Query{Partner: "nord", SKU: "OV-1", InsertedBy: buyer.ID, States: []order.State{order.Awaiting}}, []order.Order{first}},
	} {
		page, err := s.orders.Find(s.ctx, operator, c.q)
		require.NoError(t, err, name)
		want := []order.Ref{}
		for _, o := range c.want {
			want = append(want, o.Ref)
		}
		require.Equal(t, want, refsOf(page), name)
	}

	page, err := s.orders.Find(s.ctx, operator, order.Query{Ref: ticket.Ref})
	require.NoError(t, err)
	require.Equal(t, order.Header{ID: ticket.ID, Version: ticket.Version, Ref: ticket.Ref, State: order.Awaiting, Partner: "nord", Customer: "FR10002527",
		CustomerName: "Studio Nörd", CustomerType: partner.Studio, InsertedBy: "bruno", PlacedAt: ticket.PlacedAt, Gross: ticket.Quote.Gross, Lines: 1, Tickets: true,
		Product: "065612405", UpdatedAt: ticket.UpdatedAt, Delivered: order.NotDelivered, Invoiced: order.NotInvoiced, Paid: order.NothingBilled}, page.Rows[0])
}

func TestFindPagesToTheEnd(t *testing.T) {
	s := newShop(t, nil)
	const n = 23
	for i := range n {
		s.bought(buyer, cart.PutInput{SKU: "OV-1", Note: fmt.Sprint(i)}, func(*order.PlaceInput) {})
		if i%3 == 0 { // two placed in one instant
			s.pass(-time.Hour)
		}
	}
	for _, sort := range []order.Sort{order.NewestFirst, order.OldestFirst, order.ByRef, order.ByRefDesc} {
		whole, err := s.orders.Find(s.ctx, buyer, order.Query{Sort: sort, Page: uow.PageRequest{Count: true}})
		require.NoError(t, err)
		require.Len(t, whole.Rows, n)
		require.Equal(t, uow.Total{N: n}, *whole.Total)
		for _, size := range []int{1, 4, n, n + 1} {
			var got []order.Ref
			q := order.Query{Sort: sort, Page: uow.PageRequest{Limit: size}}
			for turn := 0; ; turn++ {
				require.Less(t, turn, n+1)
				page, err := s.orders.Find(s.ctx, buyer, q)
				require.NoError(t, err)
				got = append(got, refsOf(page)...)
				if q.Page.After = page.Next; page.Next == "" {
					break
				}
			}
			require.Equal(t, refsOf(whole), got, "pages of %d", size)
		}
	}
}

func TestFindShowsThePartnerSideItsOwn(t *testing.T) {
	s := newShop(t, nil)
	mine, theirs := s.placed(buyer), s.placed(stranger)
	for _, a := range []access.Actor{buyer, designer, actorOf(access.Accountant)} {
		for _, q := range []order.Query{{}, {Partner: "nord"}, {All: true}} {
			page, err := s.orders.Find(s.ctx, a, q)
			require.NoError(t, err)
			require.Equal(t, []order.Ref{mine.Ref}, refsOf(page))
		}
		for _, q := range []order.Query{{Partner: "sud"}, {Ref: theirs.Ref}, {SKU: "none"}} {
			page, err := s.orders.Find(s.ctx, a, q)
			require.NoError(t, err)
			require.Empty(t, page.Rows)
		}
	}
	for _, a := range []access.Actor{{}, {ID: "x", Roles: []access.Role{access.Purchaser}}, {ID: "x", Partner: "nord"}} {
		page, err := s.orders.Find(s.ctx, a, order.Query{All: true})
		require.NoError(t, err)
		require.Empty(t, page.Rows)
	}
	_, err := s.orders.GetByRef(s.ctx, stranger, mine.Ref)
	require.ErrorIs(t, err, order.ErrNotFound)
	got, err := s.orders.GetByRef(s.ctx, buyer, mine.Ref)
	require.NoError(t, err)
	require.Equal(t, mine, got)
	_, err = s.orders.GetByRef(s.ctx, operator, "FR10002527999999")
	require.ErrorIs(t, err, order.ErrNotFound)
}

func TestFindRefusesBadQueries(t *testing.T) {
	s := newShop(t, nil)
	_, err := s.orders.Find(s.ctx, operator, order.Query{States: []order.State{"lost", order.Draft, "found"}, Sort: "random",
		From: startTime, Until: startTime})
	require.ErrorIs(t, err, order.ErrInvalid)
	var paths []string
	for _, i := range fault.IssuesOf(err) {
		paths = append(paths, i.Path)
	}
	require.Equal(t, []string{"states", "states", "sort", "until"}, paths)
	for _, p := range []uow.PageRequest{{Limit: -1}, {Limit: uow.MaxPage + 1}, {After: "no cursor"}} {
		_, err := s.orders.Find(s.ctx, operator, order.Query{Page: p})
		require.ErrorIs(t, err, uow.ErrPage)
	}
}
