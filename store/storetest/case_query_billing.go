package storetest

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// left is what of an invoice is not yet paid, set off or paid back.
func left(d billing.Document) int64 {
	if d.Void {
		return 0
	}
	return d.Totals.Payable.Minor() - d.Paid.Minor() - d.SetOff.Minor()
}

// within reports whether a day lies between two, both included; a row without
// a day lies nowhere but without bounds.
func within(d, from, until partner.Date) bool {
	return (from.IsZero() || !d.Before(from)) && (until.IsZero() || !d.IsZero() && !d.After(until))
}

func queryInvoices(e *env) {
	t := e.tenant()
	r := rand.New(rand.NewPCG(7, 7))
	day := func(r *rand.Rand) partner.Date { return partner.MustDate("2025-12-28").AddDays(r.IntN(16)) }
	s := search[billing.Document, billing.Query, billing.Header]{
		find: func(ctx context.Context, tx store.Tx, q billing.Query) (uow.Page[billing.Header], error) {
			return tx.Invoices().Find(ctx, q)
		},
		page:   func(q *billing.Query) *uow.PageRequest { return &q.Page },
		match:  matchInvoice,
		header: headInvoice,
		less: func(a, b billing.Document, q billing.Query) int {
			recorded := cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
			byDay := cmp.Or(a.Issued.Compare(b.Issued), recorded)
			switch q.Sort {
			case billing.OldestFirst:
				return byDay
			case billing.ByDue:
				return cmp.Or(a.Due.Compare(b.Due), recorded)
			}
			return -byDay
		},
		filters: map[string]func(*rand.Rand, *billing.Query){
			"Partner":  func(r *rand.Rand, q *billing.Query) { q.Partner = pick[partner.ID](r, "p0", "p1", "none") },
			"Buyer":    func(r *rand.Rand, q *billing.Query) { q.Buyer = pick[partner.CounterpartyID](r, "b0", "b1", "B0") },
			"Seller":   func(r *rand.Rand, q *billing.Query) { q.Seller = pick[billing.SellerID](r, "acme", "other", "none") },
			"Kind":     func(r *rand.Rand, q *billing.Query) { q.Kind = pick(r, billing.Invoice, billing.CreditNote, "none") },
			"Number":   func(r *rand.Rand, q *billing.Query) { q.Number = fmt.Sprint("INV-", r.IntN(40)) },
			"Order":    func(r *rand.Rand, q *billing.Query) { q.Order = pick[order.ID](r, "o0", "o1", "o2", "none") },
			"Corrects": func(r *rand.Rand, q *billing.Query) { q.Corrects = pick[billing.ID](r, "i0001", "none") },
			"Open":     func(r *rand.Rand, q *billing.Query) { q.Open = pick(r, new(true), new(false)) },
			"Payments": func(r *rand.Rand, q *billing.Query) {
				q.Payments = pick(r, []order.PaymentState{order.PaymentAwaiting}, []order.PaymentState{order.PaymentConfirmed, ""})
			},
			"From":     func(r *rand.Rand, q *billing.Query) { q.From = day(r) },
			"Until":    func(r *rand.Rand, q *billing.Query) { q.Until = pick(r, day(r), partner.MustDate("9999-12-31")) },
			"DueUntil": func(r *rand.Rand, q *billing.Query) { q.DueUntil = pick(r, day(r), partner.MustDate("9999-12-31")) },
			"Sort": func(r *rand.Rand, q *billing.Query) {
				q.Sort = pick(r, billing.NewestFirst, billing.OldestFirst, billing.ByDue)
			},
		},
	}
	for n := range 72 {
		s.docs = append(s.docs, variedInvoice(r, n, day(r), day(r)))
	}
	plantAll(e, t, kinds()[atInvoices], s.docs)
	s.run(e, t)
}

func matchInvoice(d billing.Document, q billing.Query) bool {
	return (q.Partner == "" || d.Partner == q.Partner) && (q.Buyer == "" || d.Buyer.ID == q.Buyer) &&
		(q.Seller == "" || d.Seller.ID == q.Seller) && (q.Kind == "" || d.Kind == q.Kind) &&
		(q.Number == "" || d.Number == q.Number) &&
		(q.Order == "" || slices.ContainsFunc(d.Orders, func(p billing.OrderPart) bool { return p.Order == q.Order })) &&
		(q.Corrects == "" || d.Corrects != nil && d.Corrects.Document == q.Corrects) &&
		(q.Open == nil || *q.Open == (left(d) != 0)) && oneOf(q.Payments, d.Payment) &&
		within(d.Issued, q.From, q.Until) && within(d.Due, partner.Date{}, q.DueUntil)
}

func headInvoice(d billing.Document) billing.Header {
	h := billing.Header{ID: d.ID, Version: 1, Kind: d.Kind, Issuer: d.Issuer, Number: d.Number, Seller: d.Seller.ID, Partner: d.Partner,
		Customer: d.Customer, Buyer: d.Buyer.ID, Name: d.Buyer.Name, Issued: d.Issued, Due: d.Due, Net: d.Totals.Net, Tax: d.Totals.Tax,
		Gross: d.Totals.Gross, Payable: d.Totals.Payable, Left: money.FromMinor(left(d), d.Currency), Payment: d.Payment, Void: d.Void}
	if d.Corrects != nil {
		h.Corrects = d.Corrects.Document
	}
	return h
}

func variedInvoice(r *rand.Rand, n int, issued, due partner.Date) billing.Document {
	d := sampleInvoice(n)
	d.Kind, d.Number = pick(r, billing.Invoice, billing.CreditNote), fmt.Sprint("INV-", n/2)
	d.Seller.ID = []billing.SellerID{"acme", "other"}[n%2]
	d.Partner, d.Buyer.ID = partner.ID(fmt.Sprint("p", r.IntN(2))), partner.CounterpartyID(fmt.Sprint("b", r.IntN(2)))
	d.Issued, d.Due = issued, pick(r, due, due, partner.Date{})
	d.CreatedAt = pick(r, dawn, dawn.Add(time.Duration(r.IntN(4))*time.Microsecond), time.Time{})
	// Documents of the ERP stand in no chain, some of our own have no twin.
	if r.IntN(2) == 0 {
		d.Issuer, d.Series, d.Chain = billing.ByERP, "", billing.Chain{}
	} else {
		d.ERP.ID = ""
	}
	d.Orders = slices.DeleteFunc([]billing.OrderPart{{Order: "o0"}, {Order: "o1"}, {Order: "o2"}},
		func(billing.OrderPart) bool { return r.IntN(2) == 0 })
	if r.IntN(3) == 0 {
		d.Corrects = &billing.Reference{Document: "i0001", Number: "INV-0"}
	}
	cur := money.MustCurrency(pick(r, "EUR", "JPY", "KWD"))
	d.Currency = cur
	for i, a := range []*money.Amount{&d.Totals.Net, &d.Totals.Tax, &d.Totals.Gross, &d.Totals.Payable} {
		*a = money.FromMinor(int64(100+i), cur)
	}
	d.Paid, d.SetOff = money.FromMinor(int64(r.IntN(2)*53), cur), money.FromMinor(int64(r.IntN(2)*50), cur)
	d.Payment, d.Void = pick(r, "", order.PaymentAwaiting, order.PaymentConfirmed), r.IntN(5) == 0
	return d
}

func queryPayments(e *env) {
	t := e.tenant()
	r := rand.New(rand.NewPCG(8, 8))
	day := func(r *rand.Rand) partner.Date { return partner.MustDate("2025-12-28").AddDays(r.IntN(16)) }
	s := search[billing.Payment, billing.PaymentQuery, billing.Payment]{
		find: func(ctx context.Context, tx store.Tx, q billing.PaymentQuery) (uow.Page[billing.Payment], error) {
			return tx.Payments().Find(ctx, q)
		},
		page: func(q *billing.PaymentQuery) *uow.PageRequest { return &q.Page },
		match: func(p billing.Payment, q billing.PaymentQuery) bool {
			return (q.Partner == "" || p.Partner == q.Partner) && (q.Buyer == "" || p.Buyer == q.Buyer) &&
				(q.Seller == "" || p.Seller == q.Seller) && (q.Direction == "" || p.Direction == q.Direction) &&
				oneOf(q.States, p.State) && (q.Method == "" || p.Method == q.Method) && (q.Number == "" || p.Number == q.Number) &&
				(q.Cheque == "" || p.Cheque == q.Cheque) && within(p.Date, q.From, q.Until) &&
				(q.Document == "" || slices.ContainsFunc(p.Allocations, func(a billing.Allocation) bool { return a.Document == q.Document }))
		},
		header: func(p billing.Payment) billing.Payment { p.Version = 1; return p },
		less: func(a, b billing.Payment, q billing.PaymentQuery) int {
			byDay := cmp.Or(a.Date.Compare(b.Date), a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
			if q.Sort == billing.OldestFirst {
				return byDay
			}
			return -byDay
		},
		filters: map[string]func(*rand.Rand, *billing.PaymentQuery){
			"Partner": func(r *rand.Rand, q *billing.PaymentQuery) { q.Partner = pick[partner.ID](r, "p0", "p1", "none") },
			"Buyer": func(r *rand.Rand, q *billing.PaymentQuery) {
				q.Buyer = pick[partner.CounterpartyID](r, "b0", "b1", "B0")
			},
			"Seller":    func(r *rand.Rand, q *billing.PaymentQuery) { q.Seller = pick[billing.SellerID](r, "acme", "other") },
			"Direction": func(r *rand.Rand, q *billing.PaymentQuery) { q.Direction = pick(r, billing.Incoming, billing.Refund) },
			"States": func(r *rand.Rand, q *billing.PaymentQuery) {
				q.States = pick(r, []order.PaymentState{order.PaymentAwaiting}, []order.PaymentState{order.PaymentConfirmed, order.PaymentRefused})
			},
			"Method":   func(r *rand.Rand, q *billing.PaymentQuery) { q.Method = pick(r, billing.Cheque, billing.Card, "none") },
			"Number":   func(r *rand.Rand, q *billing.PaymentQuery) { q.Number = samplePayment(r.IntN(80)).Number },
			"Cheque":   func(r *rand.Rand, q *billing.PaymentQuery) { q.Cheque = pick(r, "0001", "0002", "1") },
			"Document": func(r *rand.Rand, q *billing.PaymentQuery) { q.Document = pick[billing.ID](r, "i1", "i2", "none") },
			"From":     func(r *rand.Rand, q *billing.PaymentQuery) { q.From = day(r) },
			"Until":    func(r *rand.Rand, q *billing.PaymentQuery) { q.Until = day(r) },
			"Sort": func(r *rand.Rand, q *billing.PaymentQuery) {
				q.Sort = pick(r, billing.NewestFirst, billing.OldestFirst)
			},
		},
	}
	for n := range 60 {
		p := samplePayment(n)
		p.Partner, p.Buyer = partner.ID(fmt.Sprint("p", r.IntN(2))), partner.CounterpartyID(fmt.Sprint("b", r.IntN(2)))
		p.Seller, p.Direction = pick[billing.SellerID](r, "acme", "other"), pick(r, billing.Incoming, billing.Refund)
		p.State = pick(r, order.PaymentAwaiting, order.PaymentConfirmed, order.PaymentRefused)
		p.Method, p.Cheque = pick(r, billing.Cheque, billing.Card), pick(r, "", "0001", "0002")
		p.Date, p.CreatedAt = day(r), pick(r, dawn, time.Time{}, dawn.Add(time.Duration(n)))
		p.CreatedAt, p.ERP.ID = cut(p.CreatedAt), pick(r, "", p.ERP.ID)
		p.Allocations = slices.DeleteFunc([]billing.Allocation{{Document: "i1"}, {Document: "i2"}, {Payment: "y1"}},
			func(billing.Allocation) bool { return r.IntN(2) == 0 })
		s.docs = append(s.docs, p)
	}
	plantAll(e, t, kinds()[atPayments], s.docs)
	s.run(e, t)
}
