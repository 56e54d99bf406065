package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/shopspring/decimal"
)

// fake is the ERP on the other side, small but honest: keys are unique, only
// drafts are revised, and every write counts up. A real adapter has the
// manufacturer's test system instead.
type fake struct {
	token string

	mu         sync.Mutex
	changes    int64
	orders     []*wireOrder
	deliveries []*wireDelivery
	invoices   []*wireInvoice
	payments   []*wirePayment
}

const today = "2026-01-05"

func (f *fake) handler() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /ping", f.locked(func(r *http.Request) (any, error) { return struct{}{}, nil }))
	m.HandleFunc("POST /orders", f.locked(f.postOrder))
	m.HandleFunc("GET /orders", f.locked(func(r *http.Request) (any, error) {
		return found(f.orders, func(o *wireOrder) bool { return o.Ref == r.FormValue("ref") })
	}))
	m.HandleFunc("PUT /orders/{id}", f.locked(f.putOrder))
	m.HandleFunc("POST /orders/{id}/{verb}", f.locked(f.pressOrder))
	m.HandleFunc("POST /payments", f.locked(f.postPayment))
	m.HandleFunc("GET /payments", f.locked(func(r *http.Request) (any, error) {
		return found(f.payments, func(p *wirePayment) bool { return p.Ref == r.FormValue("ref") })
	}))
	m.HandleFunc("GET /changes/orders", f.locked(func(r *http.Request) (any, error) {
		return changed(r, f.orders, func(o *wireOrder) int64 { return o.Change })
	}))
	m.HandleFunc("GET /changes/deliveries", f.locked(func(r *http.Request) (any, error) {
		return changed(r, f.deliveries, func(d *wireDelivery) int64 { return d.Change })
	}))
	m.HandleFunc("GET /changes/invoices", f.locked(func(r *http.Request) (any, error) {
		return changed(r, f.invoices, func(i *wireInvoice) int64 { return i.Change })
	}))
	return m
}

// status is a refusal.
type status struct {
	code int
	wireError
}

func (s status) Error() string { return s.Text }

func (f *fake) locked(work func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		var out any
		err := error(status{401, wireError{"login", "who are you?"}})
		if r.Header.Get("Authorization") == "Bearer "+f.token {
			out, err = work(r)
		}
		var s status
		if errors.As(err, &s) {
			w.WriteHeader(s.code)
			out = s.wireError
		}
		_ = json.NewEncoder(w).Encode(out)
	}
}

func (f *fake) next() int64 { f.changes++; return f.changes }

func (f *fake) postOrder(r *http.Request) (any, error) {
	o := &wireOrder{}
	if err := json.NewDecoder(r.Body).Decode(o); err != nil {
		return nil, status{400, wireError{"json", err.Error()}}
	}
	if _, err := found(f.orders, func(old *wireOrder) bool { return old.Ref == o.Ref }); err == nil {
		return nil, status{409, wireError{"taken", "The reference is taken."}}
	}
	o.ID, o.State, o.Change = fmt.Sprint(len(f.orders)+1), "draft", f.next()
	f.orders = append(f.orders, o)
	return *o, nil
}

func (f *fake) putOrder(r *http.Request) (any, error) {
	o, err := found(f.orders, func(o *wireOrder) bool { return o.ID == r.PathValue("id") })
	if err != nil {
		return nil, err
	}
	var in wireOrder
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Ref != o.Ref || o.State != "draft" {
		return nil, status{409, wireError{"state", "The order is " + o.State + "."}}
	}
	if in.Revision > o.Revision {
		in.ID, in.State, in.Change = o.ID, o.State, f.next()
		*o = in
	}
	return *o, nil
}

func (f *fake) pressOrder(r *http.Request) (any, error) {
	o, err := found(f.orders, func(o *wireOrder) bool { return o.ID == r.PathValue("id") })
	if err != nil {
		return nil, err
	}
	err = f.press(o, r.PathValue("verb"))
	return *o, err
}

// press is a button. It answers nil when the order is where it leads.
func (f *fake) press(o *wireOrder, verb string) error {
	to := map[string]string{"draft open": "open", "open close": "closed", "draft void": "void"}[o.State+" "+verb]
	if already := map[string]string{"open": "open", "close": "closed", "void": "void"}[verb] == o.State; already {
		return nil
	} else if to == "" {
		return status{409, wireError{"state", "The order is " + o.State + "."}}
	}
	if o.State, o.Change = to, f.next(); to == "open" {
		o.Number = fmt.Sprintf("SO-%d", o.Change)
	}
	return nil
}

func (f *fake) postPayment(r *http.Request) (any, error) {
	p := &wirePayment{}
	if err := json.NewDecoder(r.Body).Decode(p); err != nil {
		return nil, status{400, wireError{"json", err.Error()}}
	}
	if _, err := found(f.payments, func(old *wirePayment) bool { return old.Ref == p.Ref }); err == nil {
		return nil, status{409, wireError{"taken", "The reference is taken."}}
	}
	for _, part := range p.Pays { // all or none: look first
		i, err := found(f.invoices, func(i *wireInvoice) bool { return i.ID == part.Invoice })
		if err != nil || num(part.Amount).GreaterThan(num(i.Open)) {
			return nil, status{422, wireError{"rule", "The invoice " + part.Invoice + " does not owe that much."}}
		}
	}
	for _, part := range p.Pays {
		i, _ := found(f.invoices, func(i *wireInvoice) bool { return i.ID == part.Invoice })
		i.Open, i.Change = num(i.Open).Sub(num(part.Amount)).StringFixed(2), f.next()
	}
	p.ID = fmt.Sprint(len(f.payments) + 1)
	f.payments = append(f.payments, p)
	return *p, nil
}

func found[R any](rows []*R, is func(*R) bool) (*R, error) {
	if i := slices.IndexFunc(rows, is); i >= 0 {
		return rows[i], nil
	}
	return nil, status{404, wireError{"absent", "There is none."}}
}

// changed answers the rows whose last change is behind since, oldest first.
func changed[R any](r *http.Request, rows []*R, change func(*R) int64) (any, error) {
	since, _ := strconv.ParseInt(r.FormValue("since"), 10, 64)
	limit, _ := strconv.Atoi(r.FormValue("limit"))
	var page wirePage[R]
	rows = slices.Clone(rows)
	slices.SortFunc(rows, func(a, b *R) int { return int(change(a) - change(b)) })
	for _, row := range rows {
		if change(row) > since && len(page.Rows) == limit {
			page.More = true
		} else if change(row) > since {
			page.Rows, page.Last = append(page.Rows, *row), change(row)
		}
	}
	return page, nil
}

func num(s string) decimal.Decimal { return decimal.RequireFromString(s) }
