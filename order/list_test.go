package order_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
)

func eur(text string) money.Amount { return money.MustAmount(text, money.EUR) }

// A18 R1, R2 and A19 R20 to R22: every filter and sort of the follow-up.
func TestFindForTheFollowUp(t *testing.T) {
	s := newShop(t, nil)
	yes, no := true, false
	keep := func(*order.PlaceInput) {}
	first := s.bought(buyer, cart.PutInput{SKU: "OV-1"}, keep)
	second := s.bought(buyer, cart.PutInput{SKU: "065612405"}, keep)
	third := s.bought(stranger, cart.PutInput{SKU: "OV-1"}, keep)
	done := s.inState(order.Closed)
	gone := s.inState(order.Cancelled)

	change := func(o order.Order, fn func(*order.Order)) {
		o = s.get(o.ID)
		fn(&o)
		s.put(o)
	}
	change(first, func(o *order.Order) { o.Title, o.Source, o.Language, o.Follow = "Zebra kitchen", "shop", "fr", true })
	change(second, func(o *order.Order) {
		o.Title, o.Source, o.Language, o.CustomerNo = "Alpha", "portal", "it", "PO-77"
		o.Progress = []order.Progress{{Step: order.WithCarrier}, {Step: "x", Internal: true}}
		o.Released = &order.Release{}
		o.Bills = []order.Bill{{Document: "i", Number: "INV-1", Net: eur("9.45"), Tax: eur("1.89"), Gross: eur("11.34"), Settled: eur("1.00"), Payment: order.PaymentProcessing}}
	})
	change(third, func(o *order.Order) { o.Lines[0].Hold = &order.Hold{Reason: "x"} })
	change(done, func(o *order.Order) {
		o.Bills = []order.Bill{{Document: "j", Number: "INV-2", Net: eur("658.90"), Tax: eur("131.78"), Gross: eur("790.68"), Settled: eur("790.68"), Payment: order.PaymentConfirmed}}
	})
	running := []order.Order{third, second, first}
	for name, c := range map[string]struct {
		q    order.Query
		want []order.Order
	}{
		"finished left out":             {order.Query{}, running},
		"with finished":                 {order.Query{Done: true}, []order.Order{done, third, second, first}},
		"with cancelled":                {order.Query{Cancelled: true}, []order.Order{gone, third, second, first}},
		"with both":                     {order.Query{Done: true, Cancelled: true}, []order.Order{gone, done, third, second, first}},
		"an invoice, whatever became":   {order.Query{Invoice: "INV-2"}, []order.Order{done}},
		"an invoice, exact":             {order.Query{Invoice: "INV"}, nil},
		"text: title":                   {order.Query{Text: "zeb"}, []order.Order{first}},
		"text: customer's number":       {order.Query{Text: "po-77"}, []order.Order{second}},
		"text: article and customer":    {order.Query{Text: "ov nord"}, []order.Order{first}},
		"source":                        {order.Query{Source: "portal"}, []order.Order{second}},
		"language":                      {order.Query{Language: "fr"}, []order.Order{first}},
		"to follow":                     {order.Query{Follow: &yes}, []order.Order{first}},
		"not to follow":                 {order.Query{Follow: &no}, []order.Order{third, second}},
		"held":                          {order.Query{Held: &yes}, []order.Order{third}},
		"released":                      {order.Query{Released: &yes}, []order.Order{second}},
		"progress":                      {order.Query{Progress: []order.Step{order.WithCarrier}}, []order.Order{second}},
		"progress, internal":            {order.Query{Progress: []order.Step{"x"}}, nil},
		"progress, undefined":           {order.Query{Progress: []order.Step{order.Undefined, order.InPreparation}}, []order.Order{third, first}},
		"payment":                       {order.Query{Payments: []order.PaymentState{order.PaymentProcessing}}, []order.Order{second}},
		"paid in part, or not at all":   {order.Query{Moneys: []order.Paid{order.PartlyPaid, order.Unpaid}}, []order.Order{second}},
		"nothing delivered or invoiced": {order.Query{Deliveries: []order.Delivered{order.NotDelivered}, Invoicings: []order.Invoiced{order.NotInvoiced}}, running},
		"amount from":                   {order.Query{AtLeast: eur("768.00")}, []order.Order{third, first}},
		"amount to":                     {order.Query{AtMost: eur("767.99")}, []order.Order{second}},
		"amount from and to, included":  {order.Query{AtLeast: eur("11.34"), AtMost: eur("11.34")}, []order.Order{second}},
		"amount in another currency":    {order.Query{AtLeast: money.MustAmount("0.00", money.MustCurrency("CHF"))}, nil},
		"by title":                      {order.Query{Sort: order.ByTitle}, []order.Order{third, second, first}},
		"by title, descending":          {order.Query{Sort: order.ByTitleDesc}, []order.Order{first, second, third}},
		"by customer":                   {order.Query{Sort: order.ByCustomer}, []order.Order{first, second, third}},
		"by customer, descending":       {order.Query{Sort: order.ByCustomerDesc}, []order.Order{third, second, first}},
		"by product":                    {order.Query{Sort: order.ByProduct}, []order.Order{second, first, third}},
		"by product, descending":        {order.Query{Sort: order.ByProductDesc}, []order.Order{third, first, second}},
		"by change":                     {order.Query{Sort: order.ByChange}, []order.Order{first, second, third}},
		"by change, descending":         {order.Query{Sort: order.ByChangeDesc}, []order.Order{third, second, first}},
	} {
		page, err := s.orders.Find(s.ctx, operator, c.q)
		require.NoError(t, err, name)
		want := []order.Ref{}
		for _, o := range c.want {
			want = append(want, o.Ref)
		}
		require.Equal(t, want, refsOf(page), name)
	}
}

// Follow marks and holds are the seller's: the partner's side neither asks for
// them nor is told.
func TestFindKeepsTheSellersMarksToTheSeller(t *testing.T) {
	s := newShop(t, nil)
	s.secretive()
	yes := true
	page, err := s.orders.Find(s.ctx, operator, order.Query{Held: &yes, Follow: &yes})
	require.NoError(t, err)
	require.True(t, page.Rows[0].Held && page.Rows[0].Follow)
	for _, a := range []access.Actor{buyer, designer, actorOf(access.Accountant)} {
		page, err = s.orders.Find(s.ctx, a, order.Query{})
		require.NoError(t, err)
		require.Len(t, page.Rows, 1)
		require.False(t, page.Rows[0].Held || page.Rows[0].Follow)
		require.Equal(t, order.InPreparation, page.Rows[0].Progress)
		_, err = s.orders.Find(s.ctx, a, order.Query{Held: &yes, Follow: &yes})
		require.Equal(t, []string{"follow access.forbidden", "held access.forbidden"}, issues(err))
	}
}

func TestFindRefusesWhatItDoesNotKnow(t *testing.T) {
	s := newShop(t, nil)
	long := strings.Repeat("x", 201)
	_, err := s.orders.Find(s.ctx, operator, order.Query{
		Consumer: long, Text: "a\a", Invoice: long, SKU: "\xff",
		Deliveries: []order.Delivered{order.NotDelivered, "somewhere"}, Invoicings: []order.Invoiced{""}, Moneys: []order.Paid{"rich"},
		Payments: []order.PaymentState{"", "late"}, Progress: make([]order.Step, 51),
		AtLeast: eur("2.00"), AtMost: eur("1.99"),
	})
	require.ErrorIs(t, err, order.ErrInvalid)
	require.Equal(t, []string{"consumer text.long", "invoice text.long", "text text.control", "sku text.encoding",
		"deliveries[1] unknown", "invoicings[0] unknown", "moneys[0] unknown", "payments[1] unknown", "progress too_many", "at_most range"}, issues(err))
	_, err = s.orders.Find(s.ctx, operator, order.Query{AtLeast: eur("1.00"), AtMost: money.MustAmount("5.00", money.MustCurrency("CHF"))})
	require.Equal(t, []string{"at_most currency"}, issues(err))
}
