package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erptest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const token = "example-token"

// TestAdapter holds the adapter to the suite. What it cannot try is listed
// here, so that nothing is skipped without anybody's knowing.
func TestAdapter(t *testing.T) {
	rep := erptest.Run(t, erptest.Harness{New: func(t *testing.T) erptest.Subject { return subject(t, &fake{token: token}) }})
	require.Empty(t, rep.Failed)
	var skipped []string
	for _, s := range rep.Skipped {
		skipped = append(skipped, s.Case+": "+s.Reason)
	}
	for _, s := range []string{
		"push_totals: the ERP computes no totals",
		"blind_park: the adapter declares lookup_by_key",
		"payment_blind: the adapter has lookup_by_key of a payment",
		"payment_told: the adapter has no pull_payments",
		"cancel_rest: the adapter has no cancel_rest",
		"invoice_twice: the adapter has no push_invoice",
		"pull_stock_pages: the adapter has no pull_stock",
	} {
		require.Contains(t, skipped, s)
	}
	for _, s := range rep.Skipped {
		require.NotContains(t, s.Reason, "harness")
	}
}

// subject is a fresh ERP behind a server that faults can happen to.
func subject(t *testing.T, books *fake) erptest.Subject {
	f := &faulty{next: books.handler(), waiting: map[erp.Op]erptest.Fault{}}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	connect := func() erp.Adapter {
		a := NewAdapter(server.URL, token)
		t.Cleanup(a.http.CloseIdleConnections)
		return a
	}
	return erptest.Subject{
		Adapter: connect(), Reopen: connect, Fail: f.fail,
		Confirm: func(_ context.Context, id string) error { return books.open(id) },
		Deliver: func(_ context.Context, id string, lines []erp.LineQuantity) error {
			q := map[string]decimal.Decimal{}
			for _, l := range lines {
				q[l.Key] = l.Quantity
			}
			return books.ship(id, q)
		},
		Held:   books.held,
		Happen: books.happen,
		Count: func(_ context.Context, _ erp.Stream, key string) (int, error) {
			books.mu.Lock()
			defer books.mu.Unlock()
			n := 0
			for _, p := range books.payments {
				if p.Ref == key {
					n++
				}
			}
			return n, nil
		},
	}
}

func (f *fake) held(_ context.Context, key string) ([]erptest.Held, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []erptest.Held
	for _, o := range f.orders {
		if o.Ref != key {
			continue
		}
		doc := &erp.Order{}
		for _, l := range o.Lines {
			if l.SKU != "" {
				doc.Lines = append(doc.Lines, erp.OrderLine{Key: l.Ref, SKU: l.SKU, Text: l.Text, Quantity: num(l.Qty), UnitPrice: num(l.Price)})
			}
		}
		all = append(all, erptest.Held{ID: o.ID, State: state(o.State), Order: doc})
	}
	return all, nil
}

// happen makes documents, or changes them, without the adapter.
func (f *fake) happen(_ context.Context, stream erp.Stream, id string) (string, error) {
	if id != "" {
		return id, f.change(stream, id)
	}
	f.mu.Lock()
	o := toWire(erptest.SampleOrder(fmt.Sprintf("people-%d", len(f.orders)), 1))
	b, err := json.Marshal(o)
	if err != nil {
		return "", err
	}
	made, err := f.postOrder(httptest.NewRequest(http.MethodPost, "/orders", bytes.NewReader(b)))
	f.mu.Unlock()
	if err != nil || stream == erp.Orders {
		return made.(wireOrder).ID, err
	}
	id = made.(wireOrder).ID
	if err := f.open(id); err != nil {
		return "", err
	}
	if err := f.ship(id, map[string]decimal.Decimal{"L1": decimal.NewFromInt(1)}); err != nil {
		return "", err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return fmt.Sprint(len(f.deliveries)), nil // one invoice each
}

func (f *fake) change(stream erp.Stream, id string) error {
	if stream == erp.Orders {
		return f.open(id)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if stream == erp.Deliveries {
		d, err := found(f.deliveries, func(d *wireDelivery) bool { return d.ID == id })
		if err == nil {
			d.Number, d.Change = d.Number+"b", f.next()
		}
		return err
	}
	i, err := found(f.invoices, func(i *wireInvoice) bool { return i.ID == id })
	if err == nil {
		i.Open, i.Change = "0.00", f.next()
	}
	return err
}

// faulty makes the next call of an operation go wrong.
type faulty struct {
	next    http.Handler
	mu      sync.Mutex
	waiting map[erp.Op]erptest.Fault
}

func (f *faulty) fail(op erp.Op, fault erptest.Fault) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.waiting[op] = fault
	return true
}

func operation(r *http.Request) erp.Op {
	switch path := r.URL.Path; {
	case r.Method == http.MethodPost && path == "/orders":
		return erp.OpPush
	case r.Method == http.MethodPut:
		return erp.OpRevise
	case strings.HasSuffix(path, "/void"):
		return erp.OpCancel
	case strings.HasSuffix(path, "/open"), strings.HasSuffix(path, "/close"):
		return erp.OpAdvance
	case r.Method == http.MethodPost && path == "/payments":
		return erp.OpPushPayment
	case strings.HasPrefix(path, "/changes/"):
		return erp.PullOf(erp.Stream(strings.TrimPrefix(path, "/changes/")))
	}
	return ""
}

func (f *faulty) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	op := operation(r)
	f.mu.Lock()
	fault := f.waiting[op]
	delete(f.waiting, op)
	f.mu.Unlock()
	switch fault {
	case erptest.AnswerLost:
		f.next.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	case erptest.RequestLost:
		panic(http.ErrAbortHandler)
	case erptest.Refused:
		refuse(w, http.StatusUnprocessableEntity, wireError{"rule", erptest.RefusedText})
	case erptest.Busy:
		refuse(w, http.StatusServiceUnavailable, wireError{"busy", "Back in a minute."})
	case erptest.BadLogin:
		refuse(w, http.StatusUnauthorized, wireError{"login", "who are you?"})
	case erptest.Rival:
		b, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(b))
		f.next.ServeHTTP(httptest.NewRecorder(), r)
		r.Body = io.NopCloser(bytes.NewReader(b))
		f.next.ServeHTTP(w, r)
	default:
		f.next.ServeHTTP(w, r)
	}
}

func refuse(w http.ResponseWriter, code int, e wireError) {
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(e)
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
		"endless": {func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(bytes.Repeat([]byte(" "), 1<<16)); err != nil {
					return
				}
			}
		}, erp.Contract, erp.OutcomeUnknown},
		"a redirect":      {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) }, erp.Contract, erp.Contract},
		"a broken server": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, erp.Retryable, erp.OutcomeUnknown},
		"a gateway":       {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(504) }, erp.Retryable, erp.OutcomeUnknown},
		"too many":        {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "7"); w.WriteHeader(429) }, erp.Retryable, erp.Retryable},
		"forbidden":       {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) }, erp.Auth, erp.Auth},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(c.answer)
			defer server.Close()
			a := NewAdapter(server.URL, "s3cret-token")
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
	a := NewAdapter(server.URL, token)
	_, err := a.PushPayment(t.Context(), erptest.SamplePayment("K"))
	require.Equal(t, erp.NotSent, erp.ClassOf(err), "nobody listens: %v", err)
}

func TestRun(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out))
	require.Equal(t, `order cart-42 is the ERP's 1, draft
order cart-42 is the ERP's 1, draft
order cart-42 is confirmed now, SO-2
delivery DN-1: 2 of 00120
invoice INV-1: 119.90 EUR
payment pay-7 of 50.00 is the ERP's 1
invoice INV-1: 69.90 left to pay
`, out.String())
}
