package adapter

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erptest"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

// The flag by which erptest.WriteCertificate writes the page.
var _ = flag.Bool("update", false, "write the certificate")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestAdapter holds the adapter to the suite and writes its certificate. What it
// cannot try must be what the ERP cannot do, so that nothing is skipped without
// anybody's knowing.
func TestAdapter(t *testing.T) {
	rep := erptest.Run(t, erptest.Harness{New: subject, Version: "the ERP of examples/adapter", Secrets: []string{token}, Patience: 50 * time.Millisecond})
	require.Empty(t, rep.Failed)
	require.Empty(t, rep.Untried)
	require.True(t, rep.Proxied)
	for _, s := range rep.Skipped {
		require.NotContains(t, s.Reason, "harness", s.Case)
		require.Regexp(t, `has no (cancel_rest|push_invoice|push_message|pull_(messages|parties|products|prices|stock))$|lookup_by_key`, s.Reason, s.Case)
	}
	erptest.WriteCertificate(t, rep, "../../docs/erp/example.md")
}

// subject is a fresh ERP, what its people do in it, and what goes wrong.
func subject(t *testing.T) erptest.Subject {
	books := memerp.New(&memerp.Options{LoudWrongState: true, QuantityDigits: 3})
	server := httptest.NewServer(serve(books))
	t.Cleanup(server.Close)
	proxy, err := erptest.NewProxy(server.URL, nil) // what goes wrong on the way
	require.NoError(t, err)
	t.Cleanup(proxy.Close)
	connect := func() erp.Adapter {
		a := New(proxy.URL(), token)
		t.Cleanup(a.http.CloseIdleConnections)
		return a
	}
	faults := map[erptest.Fault]memerp.Fault{
		erptest.AnswerLost: memerp.AnswerLost, erptest.RequestLost: memerp.RequestLost, erptest.Refused: memerp.Refuse(erptest.RefusedText),
		erptest.Busy: memerp.Busy, erptest.BadLogin: memerp.BadLogin, erptest.Rival: memerp.Rival, erptest.Slow: memerp.Slow(3 * time.Second),
		erptest.BadField: memerp.Refuse(erptest.RefusedField + ": " + erptest.RefusedText),
	}
	p := people{books}
	return erptest.Subject{
		Adapter: connect(), Reopen: connect, Proxy: proxy,
		Fail: func(op erp.Op, f erptest.Fault) bool {
			fault, ok := faults[f]
			books.Fail(op, 1, fault)
			return ok
		},
		Confirm: func(_ context.Context, id string) error { return done(books.Confirm(id)) },
		Deliver: func(_ context.Context, id string, lines []erp.LineQuantity) error {
			_, ok := books.Pick(id, lines...)
			return p.post(id, ok)
		},
		Return: func(_ context.Context, id string, lines []erp.LineQuantity) error {
			_, ok := books.Return(id, "broken", lines...)
			return p.post(id, ok)
		},
		Happen: p.happen,
		Delete: func(_ context.Context, s erp.Stream, id string) error { return done(books.Delete(s, id)) },
		Held: func(_ context.Context, key string) (held []erptest.Held, err error) {
			for _, d := range books.Orders() {
				if d.Order.Key == key {
					held = append(held, erptest.Held{ID: d.ID, State: d.State, Order: &d.Order})
				}
			}
			return held, nil
		},
		Count: func(_ context.Context, _ erp.Stream, key string) (n int, err error) {
			for _, d := range books.Payments() {
				if d.Key == key {
					n++
				}
			}
			return n, nil
		},
	}
}

// people are those who work in the ERP.
type people struct{ books *memerp.ERP }

func done(ok bool) error {
	if !ok {
		return fmt.Errorf("the ERP does not allow that")
	}
	return nil
}

// post posts what was drafted of an order.
func (p people) post(order string, ok bool) error {
	for _, id := range p.books.Drafts(order) {
		ok = p.books.Post(id) && ok
	}
	return done(ok)
}

// happen makes a document of the stream, or changes the one of the id.
func (p people) happen(ctx context.Context, stream erp.Stream, id string) (string, error) {
	one := decimal.NewFromInt(1)
	payment := erp.Payment{Customer: "C0002", Currency: "EUR", Amount: one}
	if id != "" {
		ok, err := false, error(nil)
		switch stream {
		case erp.Orders:
			ok = p.books.Confirm(id)
		case erp.Deliveries:
			ok = p.books.Ship(id, "DPD", "0815")
		case erp.Invoices:
			payment.Allocations = []erp.PaymentPart{{Invoice: id, Amount: one}}
			_, err = p.books.Pay(payment)
			ok = err == nil
		case erp.Payments:
			ok = p.books.TakeBack(id, erp.PaymentFailed)
		}
		return id, done(ok)
	}
	if stream == erp.Payments {
		return p.books.Pay(payment)
	}
	o := erptest.SampleOrder(fmt.Sprintf("people-%d", len(p.books.Orders())), 1)
	r, err := p.books.Adapter().(erp.OrderPusher).PushOrder(ctx, o)
	if err != nil || stream == erp.Orders {
		return r.ID, err
	}
	p.books.Confirm(r.ID)
	d, ok := p.books.Pick(r.ID)
	if drafts := p.books.Drafts(r.ID); stream == erp.Invoices {
		return drafts[0], p.post(r.ID, ok)
	}
	return d, done(ok)
}

// Whatever the ERP tells comes through as it tells it.
func TestNothingIsLostOnTheWay(t *testing.T) {
	books := memerp.New(nil)
	server := httptest.NewServer(serve(books))
	defer server.Close()
	a := New(server.URL, token)
	defer a.http.CloseIdleConnections()
	sent := erptest.SampleOrder("K", 1)
	r, err := a.PushOrder(t.Context(), sent)
	require.NoError(t, err)
	_, drifted := r.Drift(sent)
	require.True(t, r.Totals != nil && !drifted)
	held := books.Orders()[0].Order
	require.Equal(t, []any{sent.ShipTo, sent.Note, sent.CustomerOrderNo, "12.50 100 C62 S 20"},
		[]any{held.ShipTo, held.Note, held.CustomerOrderNo, fmt.Sprintf("%s %s %s %s %s", text(held.Lines[1].UnitPrice), text(held.Lines[1].PriceBase),
			held.Lines[1].Unit, held.Lines[1].TaxCategory, text(held.Lines[1].TaxRate))})

	p, one := people{books}, []erp.LineQuantity{{Key: "L1", Quantity: decimal.NewFromInt(1)}}
	books.Confirm(r.ID)
	d, _ := books.Pick(r.ID, one...)
	books.Ship(d, "DPD", "0815")
	books.Return(r.ID, "broken", one...)
	_, err = books.Adapter().(erp.RestCanceller).CancelRest(t.Context(), r.ID, []erp.LineQuantity{{Key: "L2", Quantity: decimal.NewFromInt(50)}})
	require.NoError(t, err)
	require.NoError(t, p.post(r.ID, true))
	paid := erptest.SamplePayment("P")
	paid.Refund, paid.Method, paid.Cheque = true, "cheque", "0000042"
	_, err = a.PushPayment(t.Context(), paid)
	require.NoError(t, err)
	booked := books.Payments()[0]
	require.Equal(t, []any{true, "cheque", "0000042", paid.Reference}, []any{booked.Refund, booked.Method, booked.Cheque, booked.Reference})

	type puller interface {
		erp.OrderPuller
		erp.DeliveryPuller
		erp.InvoicePuller
		erp.PaymentPuller
	}
	var told [2]string
	for i, side := range []puller{books.Adapter().(puller), a} {
		orders, err1 := side.PullOrders(t.Context(), nil, 100)
		deliveries, err2 := side.PullDeliveries(t.Context(), nil, 100)
		invoices, err3 := side.PullInvoices(t.Context(), nil, 100)
		payments, err4 := side.PullPayments(t.Context(), nil, 100)
		require.NoError(t, errors.Join(err1, err2, err3, err4))
		b, err := json.MarshalIndent([]any{orders, deliveries, invoices, payments}, "", " ")
		require.NoError(t, err)
		told[i] = strings.ReplaceAll(string(b), `"code": "WELCOME",`, "") // this ERP keeps no codes of discounts
	}
	require.JSONEq(t, told[0], told[1])
}

// What a foreign server may answer, and what it means for a read and a write.
func TestWhatServersAnswer(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the token went elsewhere: %s", r.Header.Get("Authorization"))
	}))
	defer elsewhere.Close()
	for name, c := range map[string]struct {
		answer      http.HandlerFunc
		read, write erp.Class
	}{
		"a page for people": {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>Welcome</html>") }, erp.Contract, erp.OutcomeUnknown},
		"half an answer":    {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"id":"1`) }, erp.Contract, erp.OutcomeUnknown},
		"a number that is a bomb": {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"id":"1","amount":"1e999999999"}`) },
			erp.Contract, erp.OutcomeUnknown},
		"a number without an end": {func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"id":"1","amount":"`+strings.Repeat("9", 4<<20)+`"}`)
		}, erp.Contract, erp.OutcomeUnknown},
		"endless": {func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(bytes.Repeat([]byte(" "), 1<<16)); err != nil {
					return
				}
			}
		}, erp.Contract, erp.OutcomeUnknown},
		"a redirect":                      {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) }, erp.Contract, erp.Contract},
		"a broken server":                 {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, erp.Retryable, erp.OutcomeUnknown},
		"a gateway":                       {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(504) }, erp.Retryable, erp.OutcomeUnknown},
		"too many":                        {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "7"); w.WriteHeader(429) }, erp.Retryable, erp.Retryable},
		"too slow for a proxy":            {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(524) }, erp.Retryable, erp.OutcomeUnknown},
		"a proxy that knows no such page": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) }, erp.Contract, erp.Contract},
		"forbidden":                       {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) }, erp.Auth, erp.Auth},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(c.answer)
			defer server.Close()
			a := New(server.URL, "s3cret-token")
			defer a.http.CloseIdleConnections()
			_, read := a.FindPayment(t.Context(), "K")
			_, write := a.PushPayment(t.Context(), erptest.SamplePayment("K"))
			require.Equal(t, []erp.Class{c.read, c.write}, []erp.Class{erp.ClassOf(read), erp.ClassOf(write)}, "%v, %v", read, write)
			for _, err := range []error{read, write} {
				require.NotContains(t, err.Error(), "s3cret")
				require.NotContains(t, err.Error(), server.URL)
			}
		})
	}
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	a := New(server.URL, token)
	_, err := a.PushPayment(t.Context(), erptest.SamplePayment("K"))
	require.Equal(t, erp.NotSent, erp.ClassOf(err), "nobody listens: %v", err)
}
