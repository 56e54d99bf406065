package adapter

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

const token = "example-token"

// serve puts an ERP in memory behind HTTP and the words of wire.go. A real
// adapter has the manufacturer's test system instead.
func serve(books *memerp.ERP) http.Handler {
	a := books.Adapter().(interface {
		erp.Pinger
		erp.OrderPusher
		erp.OrderFinder
		erp.OrderReviser
		erp.OrderCanceller
		erp.OrderAdvancer
		erp.PaymentPusher
		erp.PaymentFinder
		erp.OrderPuller
		erp.DeliveryPuller
		erp.InvoicePuller
		erp.PaymentPuller
		erp.Lister
	})
	m := http.NewServeMux()
	m.HandleFunc("GET /ping", answer(func(r *http.Request, _ wireHead) (wireHead, error) { return wireHead{}, a.Ping(r.Context()) }))
	order := func(got erp.Receipt, err error) (wireOrder, error) {
		w := wireOrder{wireHead: wireHead{got.ID, got.Key, got.Number, word(orderStates, got.State), 0}, Revision: got.Revision}
		if w.Change, _ = strconv.ParseInt(got.Version, 10, 64); got.Totals != nil {
			w.Sums = &wireSums{text(got.Totals.Net), text(got.Totals.Tax), text(got.Totals.Gross)}
		}
		return w, err
	}
	m.HandleFunc("POST /orders", answer(func(r *http.Request, w wireOrder) (wireOrder, error) {
		return order(a.PushOrder(r.Context(), w.order()))
	}))
	m.HandleFunc("GET /orders", answer(func(r *http.Request, _ wireOrder) (wireOrder, error) {
		return order(a.FindOrder(r.Context(), r.FormValue("ref")))
	}))
	m.HandleFunc("PUT /orders/{id}", answer(func(r *http.Request, w wireOrder) (wireOrder, error) {
		return order(a.ReviseOrder(r.Context(), r.PathValue("id"), w.order()))
	}))
	m.HandleFunc("POST /orders/{id}/void", answer(func(r *http.Request, w wireOrder) (wireOrder, error) {
		return order(a.CancelOrder(r.Context(), r.PathValue("id"), w.Note))
	}))
	for verb, to := range map[string]erp.OrderState{"open": erp.StateConfirmed, "close": erp.StateDone} {
		m.HandleFunc("POST /orders/{id}/"+verb, answer(func(r *http.Request, _ *wireOrder) (wireOrder, error) {
			return order(a.AdvanceOrder(r.Context(), r.PathValue("id"), to))
		}))
	}
	payment := func(got erp.DocReceipt, err error) (wirePayment, error) {
		w := wirePayment{wireHead: wireHead{got.ID, got.Key, got.Number, word(paymentStates, erp.PaymentState(got.State)), 0}}
		if got.Gross != nil {
			w.Amount = text(*got.Gross)
		}
		return w, err
	}
	m.HandleFunc("POST /payments", answer(func(r *http.Request, w wirePayment) (wirePayment, error) {
		w.State = "posted"
		p, err := w.neutral()
		if err != nil {
			return w, err
		}
		return payment(a.PushPayment(r.Context(), p))
	}))
	m.HandleFunc("GET /payments", answer(func(r *http.Request, _ wirePayment) (wirePayment, error) {
		return payment(a.FindPayment(r.Context(), r.FormValue("ref")))
	}))
	m.HandleFunc("GET /changes/orders", changes(a.PullOrders, func(o erp.OrderChange) wireOrder {
		w, _ := order(erp.Receipt{State: o.State, Revision: o.Revision, Totals: o.Totals}, nil)
		w.wireHead = headToWire(o.Head, w.State)
		for _, l := range o.Lines {
			w.Lines = append(w.Lines, wireLine{Ref: l.Key, Qty: text(*l.Ordered), Reserved: text(l.Reserved), Dropped: text(l.Cancelled)})
		}
		return w
	}))
	m.HandleFunc("GET /changes/deliveries", changes(a.PullDeliveries, func(d erp.Delivery) wireDelivery {
		w := wireDelivery{wireHead: headToWire(d.Head, word(deliveryStates, d.State)), Order: d.Order, Back: d.Return, Day: d.Date,
			Carrier: d.Carrier, Tracking: d.Tracking, RestOf: d.BackOrderOf, Reason: d.Reason}
		for _, l := range d.Lines {
			w.Lines = append(w.Lines, wireLine{Ref: l.Key, SKU: l.SKU, Qty: text(l.Quantity)})
		}
		return w
	}))
	m.HandleFunc("GET /changes/invoices", changes(a.PullInvoices, invoiceToWire))
	m.HandleFunc("GET /changes/payments", changes(a.PullPayments, func(p erp.Payment) wirePayment {
		w := paymentToWire(p)
		w.wireHead = headToWire(p.Head, word(paymentStates, p.State))
		return w
	}))
	m.HandleFunc("GET /ids/{stream}", answer(func(r *http.Request, _ wireHead) (wirePage[string], error) {
		limit, _ := strconv.Atoi(r.FormValue("limit"))
		p, err := a.ListIDs(r.Context(), erp.Stream(r.PathValue("stream")), erp.Cursor(r.FormValue("after")), limit)
		return wirePage[string]{p.Rows, string(p.Next), p.More}, err
	}))
	return m
}

func headToWire(h erp.Head, state string) wireHead {
	return wireHead{h.ID, h.Key, h.Number, state, h.Sequence}
}

// word is the ERP's word for a state of ours.
func word[S comparable](words map[string]S, state S) string {
	for w, s := range words {
		if s == state {
			return w
		}
	}
	return ""
}

func num(s string) decimal.Decimal { return new(numbers).read(s) }

func (w wireOrder) order() erp.Order {
	o := erp.Order{Key: w.Ref, Revision: w.Revision, Customer: w.Customer, CustomerOrderNo: w.PO, Currency: w.Currency, Date: w.Day,
		ShipTo: w.ShipTo, Note: w.Note}
	for _, l := range w.Lines {
		if l.SKU == "" {
			o.Discounts = append(o.Discounts, erp.Discount{Key: l.Ref, Text: l.Text, Amount: num(l.Net), TaxCategory: l.Cat, TaxRate: num(l.VAT)})
			continue
		}
		o.Lines = append(o.Lines, erp.OrderLine{Key: l.Ref, SKU: l.SKU, Text: l.Text, Quantity: num(l.Qty), Unit: l.Unit, UnitPrice: num(l.Price),
			PriceBase: num(l.Per), Net: num(l.Net), TaxCategory: l.Cat, TaxRate: num(l.VAT)})
	}
	return o
}

func invoiceToWire(i erp.Invoice) wireInvoice {
	w := wireInvoice{wireHead: headToWire(i.Head, word(invoiceStates, i.State)), Credit: i.Credit, Corrects: i.Corrects, Reason: i.Reason, Order: i.Lines[0].Order,
		Customer: i.Customer, Currency: i.Currency, Day: i.Date, Due: i.Due, Open: text(*i.Residual),
		Sums: wireSums{text(i.Totals.Net), text(i.Totals.Tax), text(i.Totals.Gross)}}
	for _, l := range i.Lines {
		w.Lines = append(w.Lines, wireLine{Ref: l.Key, SKU: l.SKU, Text: l.Text, Qty: text(l.Quantity), Unit: l.Unit, Price: text(l.UnitPrice),
			Per: text(l.PriceBase), Net: text(l.Net), Cat: l.TaxCategory, VAT: text(l.TaxRate)})
	}
	for _, a := range i.Adjustments {
		w.Lines = append(w.Lines, wireLine{Ref: a.Key, Text: a.Text, Net: text(a.Amount), Cat: a.TaxCategory, VAT: text(a.TaxRate)})
	}
	for _, t := range i.Taxes {
		w.VAT = append(w.VAT, wireVAT{t.Category, text(t.Rate), text(t.Base), text(t.Tax)})
	}
	return w
}

// changes answers a page of a stream in the ERP's words.
func changes[R, W any](pull func(context.Context, erp.Cursor, int) (erp.Page[R], error), wire func(R) W) http.HandlerFunc {
	return answer(func(r *http.Request, _ wireHead) (wirePage[W], error) {
		limit, _ := strconv.Atoi(r.FormValue("limit"))
		page, err := pull(r.Context(), erp.Cursor(r.FormValue("after")), limit)
		w := wirePage[W]{Next: string(page.Next), More: page.More}
		for _, row := range page.Rows {
			w.Rows = append(w.Rows, wire(row))
		}
		return w, err
	})
}

// answer reads the body, asks who it is, and answers, refuses or hangs up.
func answer[I, O any](work func(*http.Request, I) (O, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+token {
			refuse(w, 401, wireError{"login", "who are you?"})
			return
		}
		var in I
		_ = json.NewDecoder(r.Body).Decode(&in)
		out, err := work(r, in)
		var e *erp.Error
		if !errors.As(err, &e) {
			_ = json.NewEncoder(w).Encode(out)
			return
		}
		switch {
		case e.Class == erp.Duplicate:
			refuse(w, 409, wireError{"taken", e.Text})
		case e.Class == erp.Conflict:
			refuse(w, 409, wireError{"state", e.Text})
		case e.Class == erp.NotFound:
			refuse(w, 404, wireError{"absent", "There is none."})
		case e.Class == erp.Rejected:
			refuse(w, 422, wireError{"rule", e.Text})
		case e.Class == erp.Auth:
			refuse(w, 401, wireError{"login", e.Text})
		case e.Class == erp.Retryable && e.Text != "":
			refuse(w, 503, wireError{"busy", e.Text})
		case e.Class == erp.Retryable, e.Class == erp.OutcomeUnknown:
			panic(http.ErrAbortHandler) // the answer is lost
		default:
			refuse(w, 400, wireError{"request", e.Text})
		}
	}
}

func refuse(w http.ResponseWriter, code int, e wireError) {
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(e)
}
