package storetest

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/fold"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

var orderStates = []order.State{order.Draft, order.Awaiting, order.Validated, order.Confirmed, order.Rejected, order.Cancelled, order.Closed}

func matchOrder(o order.Order, q order.Query) bool {
	return (q.Partner == "" || o.Customer.Partner == q.Partner) &&
		startsWords(q.Consumer, o.Customer.Name, o.Customer.Number) &&
		(q.Ref == "" || o.Ref == q.Ref) &&
		startsWords(q.Note, o.Note) &&
		(q.ERPNumber == "" || o.ERP.Number == q.ERPNumber) &&
		matchState(o.State, q) &&
		(q.Ticket == "" || slices.ContainsFunc(o.Lines, func(l order.Line) bool { return l.Ticket == q.Ticket })) &&
		(q.SKU == "" || slices.ContainsFunc(o.Lines, func(l order.Line) bool { return l.SKU == q.SKU })) &&
		(q.CustomerType == "" || o.Customer.Type == q.CustomerType) &&
		(q.InsertedBy == "" || o.InsertedBy.ID == q.InsertedBy) &&
		(q.Direct == nil || o.Direct == *q.Direct) &&
		(q.From.IsZero() || !o.PlacedAt.Before(q.From)) &&
		(q.Until.IsZero() || o.PlacedAt.Before(q.Until)) &&
		matchProgress(o, q) && matchMoney(o, q) &&
		startsWords(q.Text, slices.Concat([]string{string(o.Ref), o.Customer.Name, o.Customer.Number, o.Title, o.Note,
			o.CustomerNo, o.ERP.Number}, skus(o))...)
}

func skus(o order.Order) (out []string) {
	for _, l := range o.Lines {
		out = append(out, string(l.SKU))
	}
	return out
}

func matchProgress(o order.Order, q order.Query) bool {
	return oneOf(q.Deliveries, o.Delivered()) && oneOf(q.Progress, o.Step()) &&
		(q.Source == "" || o.Source == q.Source) && (q.Language == "" || o.Language == q.Language) &&
		(q.Follow == nil || o.Follow == *q.Follow) && (q.Held == nil || o.Held() == *q.Held) &&
		(q.Released == nil || (o.Released != nil) == *q.Released)
}

func matchMoney(o order.Order, q order.Query) bool {
	for i, bound := range []money.Amount{q.AtLeast, q.AtMost} {
		if bound.IsNone() {
			continue
		}
		c, err := o.Quote.Gross.Cmp(bound)
		if err != nil || i == 0 && c < 0 || i == 1 && c > 0 {
			return false
		}
	}
	return oneOf(q.Invoicings, o.Invoiced()) && oneOf(q.Moneys, o.Paid()) && oneOf(q.Payments, o.Payment()) &&
		(q.Invoice == "" || slices.ContainsFunc(o.Bills, func(b order.Bill) bool { return b.Number == q.Invoice }))
}

// oneOf is a filter by any of several values; none lets everything pass.
func oneOf[T comparable](any []T, v T) bool { return len(any) == 0 || slices.Contains(any, v) }

func matchState(s order.State, q order.Query) bool {
	if len(q.States) > 0 {
		return slices.Contains(q.States, s)
	}
	switch s {
	case order.Closed:
		return q.All || q.Done
	case order.Cancelled, order.Rejected:
		return q.All || q.Cancelled
	}
	return true
}

func compareOrders(a, b order.Order, q order.Query) int {
	byTime := cmp.Or(a.PlacedAt.Compare(b.PlacedAt), cmp.Compare(a.ID, b.ID))
	byRef := cmp.Compare(a.Ref, b.Ref)
	switch q.Sort {
	case order.OldestFirst:
		return byTime
	case order.ByRef:
		return byRef
	case order.ByRefDesc:
		return -byRef
	case order.ByCustomer:
		return cmp.Or(cmp.Compare(a.Customer.Number, b.Customer.Number), byRef)
	case order.ByCustomerDesc:
		return -cmp.Or(cmp.Compare(a.Customer.Number, b.Customer.Number), byRef)
	case order.ByTitle:
		return cmp.Or(cmp.Compare(fold.Text(a.Title), fold.Text(b.Title)), byRef)
	case order.ByTitleDesc:
		return -cmp.Or(cmp.Compare(fold.Text(a.Title), fold.Text(b.Title)), byRef)
	case order.ByProduct:
		return cmp.Or(cmp.Compare(firstSKU(a), firstSKU(b)), byRef)
	case order.ByProductDesc:
		return -cmp.Or(cmp.Compare(firstSKU(a), firstSKU(b)), byRef)
	case order.ByChange:
		return cmp.Or(a.UpdatedAt.Compare(b.UpdatedAt), byRef)
	case order.ByChangeDesc:
		return -cmp.Or(a.UpdatedAt.Compare(b.UpdatedAt), byRef)
	}
	return -byTime
}

func firstSKU(o order.Order) catalog.SKU {
	if len(o.Lines) == 0 {
		return ""
	}
	return o.Lines[0].SKU
}

// orderSorts are all orders of a list of orders.
var orderSorts = []order.Sort{order.NewestFirst, order.OldestFirst, order.ByRef, order.ByRefDesc, order.ByCustomer, order.ByCustomerDesc,
	order.ByTitle, order.ByTitleDesc, order.ByProduct, order.ByProductDesc, order.ByChange, order.ByChangeDesc}

func headOrder(o order.Order) order.Header {
	invoice := ""
	if n := len(o.Bills); n > 0 {
		invoice = o.Bills[n-1].Number
	}
	return order.Header{
		Title: o.Title, Source: o.Source, Language: o.Language, Product: firstSKU(o), UpdatedAt: o.UpdatedAt,
		Delivered: o.Delivered(), Invoiced: o.Invoiced(), Paid: o.Paid(), Progress: o.Step(), Payment: o.Payment(),
		Invoice: invoice, Follow: o.Follow, Held: o.Held(), Released: o.Released != nil,
		ID: o.ID, Version: 1, Ref: o.Ref, State: o.State, Partner: o.Customer.Partner, Customer: o.Customer.Number,
		CustomerName: o.Customer.Name, CustomerType: o.Customer.Type, InsertedBy: o.InsertedBy.ID, PlacedAt: o.PlacedAt,
		Gross: o.Quote.Gross, Lines: len(o.Lines), Direct: o.Direct, ERPNumber: o.ERP.Number,
		Tickets: slices.ContainsFunc(o.Lines, func(l order.Line) bool { return l.Ticket != "" }),
	}
}

func orderFilters(docs []order.Order) map[string]func(*rand.Rand, *order.Query) {
	// A quarter of the instants fall a little beside a stored one.
	instant := func(r *rand.Rand) time.Time {
		at := pick(r, docs...).PlacedAt
		if at.IsZero() {
			at = dawn
		}
		return at.Add(pick[time.Duration](r, 0, 0, 0, 1, -1, time.Microsecond, time.Hour))
	}
	return map[string]func(*rand.Rand, *order.Query){
		"Partner":   func(r *rand.Rand, q *order.Query) { q.Partner = pick[partner.ID](r, "p0", "p1", "p2", "none") },
		"Consumer":  func(r *rand.Rand, q *order.Query) { q.Consumer = pick(r, beginnings(r), "fr1", "FR") },
		"Ref":       func(r *rand.Rand, q *order.Query) { q.Ref = pick(r, docs...).Ref },
		"Note":      func(r *rand.Rand, q *order.Query) { q.Note = beginnings(r) },
		"ERPNumber": func(r *rand.Rand, q *order.Query) { q.ERPNumber = pick(r, "SO1", "SO2", "so1", "none") },
		"States": func(r *rand.Rand, q *order.Query) {
			q.States = pick(r, orderStates[:1], orderStates[3:], []order.State{"none"}, []order.State{order.Closed, order.Closed})
		},
		"Done":      func(r *rand.Rand, q *order.Query) { q.Done = true },
		"Cancelled": func(r *rand.Rand, q *order.Query) { q.Cancelled = true },
		"All":       func(r *rand.Rand, q *order.Query) { q.All = true },
		"Invoice":   func(r *rand.Rand, q *order.Query) { q.Invoice = pick(r, "INV-1", "INV-2", "inv-1") },
		"Text":      func(r *rand.Rand, q *order.Query) { q.Text = pick(r, beginnings(r), "so", "000", "BC 7", "fr1 1") },
		"Deliveries": func(r *rand.Rand, q *order.Query) {
			q.Deliveries = pick(r, []order.Delivered{order.NotDelivered}, []order.Delivered{order.PartlyDelivered, order.OverDelivered, order.PartlyDelivered},
				[]order.Delivered{order.FullyDelivered, order.NothingToDeliver}, []order.Delivered{"none"})
		},
		"Invoicings": func(r *rand.Rand, q *order.Query) {
			q.Invoicings = pick(r, []order.Invoiced{order.NotInvoiced}, []order.Invoiced{order.PartlyInvoiced, order.FullyInvoiced, order.NothingDue},
				[]order.Invoiced{order.ToCredit})
		},
		"Moneys": func(r *rand.Rand, q *order.Query) {
			q.Moneys = pick(r, []order.Paid{order.NothingBilled}, []order.Paid{order.Unpaid, order.PartlyPaid}, []order.Paid{order.FullyPaid})
		},
		"Payments": func(r *rand.Rand, q *order.Query) {
			q.Payments = pick(r, []order.PaymentState{order.PaymentAwaiting}, []order.PaymentState{order.PaymentConfirmed, order.PaymentRefused, ""})
		},
		"Progress": func(r *rand.Rand, q *order.Query) {
			q.Progress = pick(r, []order.Step{order.Undefined}, []order.Step{order.InPreparation, order.WithCarrier}, []order.Step{"packed"})
		},
		"Source":       func(r *rand.Rand, q *order.Query) { q.Source = pick(r, "web", "shop", "Web") },
		"Language":     func(r *rand.Rand, q *order.Query) { q.Language = pick(r, "fr", "de-CH", "FR") },
		"Follow":       func(r *rand.Rand, q *order.Query) { q.Follow = pick(r, new(true), new(false)) },
		"Held":         func(r *rand.Rand, q *order.Query) { q.Held = pick(r, new(true), new(false)) },
		"Released":     func(r *rand.Rand, q *order.Query) { q.Released = pick(r, new(true), new(false)) },
		"AtLeast":      func(r *rand.Rand, q *order.Query) { q.AtLeast = bound(r, docs) },
		"AtMost":       func(r *rand.Rand, q *order.Query) { q.AtMost = bound(r, docs) },
		"Ticket":       func(r *rand.Rand, q *order.Query) { q.Ticket = pick[cart.TicketID](r, "t1", "t2", "T1") },
		"SKU":          func(r *rand.Rand, q *order.Query) { q.SKU = pick[catalog.SKU](r, "0001", "0002", "1", "0001x") },
		"CustomerType": func(r *rand.Rand, q *order.Query) { q.CustomerType = pick(r, partner.Dealer, partner.Studio) },
		"InsertedBy":   func(r *rand.Rand, q *order.Query) { q.InsertedBy = pick[access.ActorID](r, "m1", "m2", "M1") },
		"Direct":       func(r *rand.Rand, q *order.Query) { q.Direct = pick(r, new(true), new(false)) },
		"From":         func(r *rand.Rand, q *order.Query) { q.From = instant(r) },
		"Until":        func(r *rand.Rand, q *order.Query) { q.Until = instant(r) },
		"Sort": func(r *rand.Rand, q *order.Query) {
			q.Sort = pick(r, orderSorts...)
		},
	}
}

// bound is the total of an order or a little beside it.
func bound(r *rand.Rand, docs []order.Order) money.Amount {
	gross := pick(r, docs...).Quote.Gross
	return pick(r, gross, gross, money.FromMinor(gross.Minor()+int64(r.IntN(3)-1), gross.Currency()),
		money.Zero(euro), money.FromMinor(math.MaxInt64, euro))
}

func variedOrder(r *rand.Rand, n int) order.Order {
	o := sampleOrder(n)
	o.Ref = order.Ref(oddNumber(n))
	o.State = pick(r, orderStates...)
	o.Customer.Partner = partner.ID(fmt.Sprint("p", r.IntN(3)))
	o.Customer.Name, o.Customer.Number = someWords(r, 1+r.IntN(2)), fmt.Sprint("FR", r.IntN(20))
	o.Customer.Type = pick(r, partner.Dealer, partner.Studio)
	o.Note = someWords(r, r.IntN(3))
	o.ERP.Number = pick(r, "", "SO1", "SO2")
	o.InsertedBy.ID = pick[access.ActorID](r, "m1", "m2")
	o.Direct = r.IntN(2) == 0
	// Several orders of one instant, instants a microsecond apart, some before
	// 1970 and some of no instant, which come before all others.
	o.PlacedAt = pick(r, dawn, dawn.Add(time.Microsecond), dawn.AddDate(0, 0, n), dawn.AddDate(-70, 0, n), time.Time{})
	cur := money.MustCurrency(pick(r, "EUR", "JPY", "KWD"))
	o.Quote.Gross = money.FromMinor(int64(r.IntN(2000)-1000), cur)
	o.Title, o.CustomerNo = pick(r, "", someWords(r, 1), strings.ToUpper(someWords(r, 1))), pick(r, "", "BC/7")
	o.Source, o.Language = pick(r, "", "web", "shop"), pick(r, "fr", "de-CH")
	o.UpdatedAt = pick(r, dawn, dawn.AddDate(0, 0, r.IntN(3)), time.Time{})
	o.Follow, o.Policy = r.IntN(4) == 0, pick(r, order.OnDelivery, order.OnOrder)
	if r.IntN(3) == 0 {
		o.Hold = &order.Hold{Reason: "credit", At: dawn}
	}
	if r.IntN(3) == 0 {
		o.Released = &order.Release{At: dawn}
	}
	for range r.IntN(3) {
		o.Progress = append(o.Progress, order.Progress{Step: pick(r, order.InPreparation, order.WithCarrier, "packed"), At: dawn, Internal: r.IntN(3) == 0})
	}
	for range r.IntN(3) {
		o.Bills = append(o.Bills, order.Bill{Number: pick(r, "INV-1", "INV-2"), Credit: r.IntN(4) == 0, Gross: money.FromMinor(10, euro),
			Settled: money.FromMinor(int64(5*r.IntN(3)), euro), Payment: pick(r, "", order.PaymentAwaiting, order.PaymentConfirmed)})
	}
	o.Lines = o.Lines[:0]
	for i := range r.IntN(4) {
		o.Lines = append(o.Lines, order.Line{ID: order.LineID(fmt.Sprint(i)), SKU: pick[catalog.SKU](r, "0001", "0002", "1"),
			Ticket: pick[cart.TicketID](r, "", "", "t1", "t2"), Quantity: quantity(1), Goods: pick(r, order.Goods{},
				order.Goods{Shipped: quantity(1)}, order.Goods{Cancelled: quantity(1)}, order.Goods{Shipped: quantity(1), Excess: quantity(2)}),
			Billed: pick(r, order.Billed{}, order.Billed{Invoiced: quantity(1)})})
	}
	return o
}

func queryOrders(e *env) {
	t := e.tenant()
	r := rand.New(rand.NewPCG(4, 4))
	s := search[order.Order, order.Query, order.Header]{
		find: func(ctx context.Context, tx store.Tx, q order.Query) (uow.Page[order.Header], error) {
			return tx.Orders().Find(ctx, q)
		},
		page:   func(q *order.Query) *uow.PageRequest { return &q.Page },
		match:  matchOrder,
		header: headOrder,
		less:   compareOrders,
	}
	for n := range 96 {
		o := variedOrder(r, n)
		s.docs = append(s.docs, o)
	}
	plantAll(e, t, kinds()[4], s.docs)
	s.filters = orderFilters(s.docs)
	s.run(e, t)
}

func queryUnknownSort(e *env) {
	t := e.tenant()
	for _, sort := range []order.Sort{"no such sort", "placed_at; drop table orders", "oldest "} {
		err := t.View(e.ctx, func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Orders().Find(ctx, order.Query{Sort: sort})
			return err
		})
		e.kind(err, fault.Invalid, "an unknown sort")
	}
}
