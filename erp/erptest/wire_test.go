package erptest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erptest"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/internal/memsubject"
)

// An ERP in memory behind HTTP, and an adapter that speaks to it: one call a
// request, reads by GET, writes by POST.

const wireToken = "canary-7f3a91"

// quirks break one thing of the adapter, or of the ERP's server.
type quirks struct {
	cutIsRetryable    bool // a cut connection is called Retryable
	cutIsContract     bool // … or a breach of contract, when there is no such order
	partIsContract    bool // a truncated answer is a breach of contract
	junkIsAbsence     bool // what cannot be read is NotFound
	waitsForever      bool // the body is read without a deadline
	ignoresRetryAfter bool
	followsRedirects  bool
	givesUp           bool // the second failure of a push is called done
	logsToken         bool
	takesTwice        bool // the server takes a request that comes twice for two
}

type wireAdapter struct {
	about erp.Description
	has   map[erp.Op]bool
	base  string
	http  *http.Client
	q     quirks
	calls *atomic.Int64
	log   *slog.Logger
	mu    *sync.Mutex
	fails map[string]int
}

// logbook is what adapters have logged.
type logbook struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// wired is the suite's subject over HTTP, with a proxy before the ERP.
func wired(t *testing.T, o *memerp.Options, q quirks, logs *logbook) erptest.Subject {
	books, s := memsubject.Open(o)
	here := books.Adapter()
	server := newWireServer(books, q.takesTwice)
	t.Cleanup(server.Close)
	proxy, err := erptest.NewProxy(server.URL+"/rpc", &erptest.ProxyOptions{DripEvery: 10 * time.Millisecond})
	require.NoError(t, err)
	t.Cleanup(proxy.Close)
	has := map[erp.Op]bool{}
	for _, op := range erp.Ops() {
		has[op] = erp.Has(here, op)
	}
	s.Proxy = proxy
	s.Reopen = func() erp.Adapter {
		tr := &http.Transport{}
		t.Cleanup(tr.CloseIdleConnections)
		c := &http.Client{Transport: tr}
		if !q.followsRedirects {
			c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		}
		return wireAdapter{here.Describe(), has, proxy.URL(), c, q, new(atomic.Int64), slog.New(slog.NewTextHandler(logs, nil)), new(sync.Mutex), map[string]int{}}
	}
	s.Adapter = s.Reopen()
	held := s.Held
	s.Held = func(ctx context.Context, key string) ([]erptest.Held, error) {
		all, err := held(ctx, key)
		return append(all, server.extra(key)...), err
	}
	return s
}

func (a wireAdapter) Describe() erp.Description { return a.about }
func (a wireAdapter) Has(op erp.Op) bool        { return a.has[op] }

// rpc makes one call.
func rpc[R any](ctx context.Context, a wireAdapter, op erp.Op, args ...any) (R, error) {
	var none, r R
	in, err := json.Marshal(args)
	if err != nil {
		return none, erp.NewError(erp.Contract, op, "", err)
	}
	b, err := a.do(ctx, op, in)
	if err != nil {
		return none, err
	}
	if err := json.Unmarshal(b, &r); err != nil {
		if e := a.unreadable(op, err); !a.q.junkIsAbsence || e.Class != erp.Contract {
			return none, e
		}
		return none, erp.NoSuch(op)
	}
	return r, nil
}

func (a wireAdapter) unreadable(op erp.Op, err error) *erp.Error {
	if e := erp.Lost(op, err); e.Class == erp.OutcomeUnknown {
		return e
	}
	return erp.NewError(erp.Contract, op, "", err)
}

func (a wireAdapter) do(ctx context.Context, op erp.Op, in []byte) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, erp.Unsent(op, err)
	}
	going, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	heads := context.AfterFunc(ctx, stop)
	defer heads()
	method, target, body := http.MethodPost, a.base+"/"+string(op), io.Reader(bytes.NewReader(in))
	if erp.Lost(op, nil).Class != erp.OutcomeUnknown {
		method, target, body = http.MethodGet, target+"?args="+url.QueryEscape(string(in)), nil
	}
	req, err := http.NewRequestWithContext(going, method, target, body)
	if err != nil {
		return nil, erp.Unsent(op, err)
	}
	req.Header.Set("Authorization", "Bearer "+wireToken)
	req.Header.Set("X-Request", strconv.FormatInt(a.calls.Add(1), 10))
	a.log.Info("call", "op", op, "bytes", len(in))
	if a.q.logsToken {
		a.log.Info("call", "headers", req.Header)
	}
	res, err := a.http.Do(req)
	if err != nil {
		return nil, a.cut(ctx, op, in, err)
	}
	defer res.Body.Close()
	if a.q.waitsForever {
		heads()
	}
	b, err := io.ReadAll(res.Body)
	if err != nil && a.q.partIsContract && errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, erp.NewError(erp.Contract, op, "", err)
	} else if err != nil {
		return nil, erp.Lost(op, err)
	}
	if res.StatusCode != http.StatusOK {
		return nil, a.refused(op, res, b)
	}
	return b, nil
}

// cut is what a connection without an answer means.
func (a wireAdapter) cut(ctx context.Context, op erp.Op, in []byte, err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err // without the URL
	}
	var n *net.OpError
	switch {
	case errors.As(err, &n) && n.Op == "dial":
		return erp.Unsent(op, err)
	case a.q.cutIsRetryable && ctx.Err() == nil:
		return erp.NewError(erp.Retryable, op, "", err)
	case a.q.cutIsContract && op == erp.OpPush && ctx.Err() == nil:
		var args []erp.Order
		if err := json.Unmarshal(in, &args); err == nil {
			if _, err := a.FindOrder(ctx, args[0].Key); erp.ClassOf(err) == erp.NotFound {
				return erp.NewError(erp.Contract, op, "", err)
			}
		}
	}
	return erp.Lost(op, err)
}

type wireFailure struct{ Class, Text string }

func (a wireAdapter) refused(op erp.Op, res *http.Response, body []byte) error {
	var f wireFailure
	_ = json.Unmarshal(body, &f)
	switch code := res.StatusCode; {
	case code == http.StatusTooManyRequests || code == http.StatusServiceUnavailable:
		e := erp.NewError(erp.Retryable, op, f.Text, nil)
		if s, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && !a.q.ignoresRetryAfter {
			e.RetryAfter = time.Duration(s) * time.Second
		}
		return e
	case code == http.StatusUnauthorized:
		return erp.NewError(erp.Auth, op, f.Text, nil)
	case f.Class == "":
		return a.unreadable(op, errors.New(res.Status))
	}
	for c := erp.NotSent; c <= erp.Unsupported; c++ {
		if c.String() == f.Class {
			return erp.NewError(c, op, f.Text, nil)
		}
	}
	return a.unreadable(op, fmt.Errorf("the class %q", f.Class))
}

func (a wireAdapter) Ping(ctx context.Context) error {
	_, err := rpc[struct{}](ctx, a, erp.OpPing)
	return err
}
func (a wireAdapter) PushOrder(ctx context.Context, o erp.Order) (erp.Receipt, error) {
	r, err := rpc[erp.Receipt](ctx, a, erp.OpPush, o)
	if c := erp.ClassOf(err); a.q.givesUp && (c == erp.Retryable || c == erp.OutcomeUnknown) {
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.fails[o.Key]++; a.fails[o.Key] > 1 {
			return erp.Receipt{ID: "done-" + o.Key, State: erp.StateDraft}, nil
		}
	}
	return r, err
}
func (a wireAdapter) FindOrder(ctx context.Context, key string) (erp.Receipt, error) {
	return rpc[erp.Receipt](ctx, a, erp.OpFind, key)
}
func (a wireAdapter) ReviseOrder(ctx context.Context, id string, o erp.Order) (erp.Receipt, error) {
	return rpc[erp.Receipt](ctx, a, erp.OpRevise, id, o)
}
func (a wireAdapter) CancelOrder(ctx context.Context, id, reason string) (erp.Receipt, error) {
	return rpc[erp.Receipt](ctx, a, erp.OpCancel, id, reason)
}
func (a wireAdapter) AdvanceOrder(ctx context.Context, id string, to erp.OrderState) (erp.Receipt, error) {
	return rpc[erp.Receipt](ctx, a, erp.OpAdvance, id, to)
}
func (a wireAdapter) CancelRest(ctx context.Context, id string, lines []erp.LineQuantity) (erp.Receipt, error) {
	return rpc[erp.Receipt](ctx, a, erp.OpCancelRest, id, lines)
}
func (a wireAdapter) PushPayment(ctx context.Context, p erp.Payment) (erp.DocReceipt, error) {
	return rpc[erp.DocReceipt](ctx, a, erp.OpPushPayment, p)
}
func (a wireAdapter) FindPayment(ctx context.Context, key string) (erp.DocReceipt, error) {
	return rpc[erp.DocReceipt](ctx, a, erp.OpFindPayment, key)
}
func (a wireAdapter) PushInvoice(ctx context.Context, i erp.Invoice) (erp.DocReceipt, error) {
	return rpc[erp.DocReceipt](ctx, a, erp.OpPushInvoice, i)
}
func (a wireAdapter) FindInvoice(ctx context.Context, key string) (erp.DocReceipt, error) {
	return rpc[erp.DocReceipt](ctx, a, erp.OpFindInvoice, key)
}
func (a wireAdapter) PushMessage(ctx context.Context, m erp.Message) (erp.DocReceipt, error) {
	return rpc[erp.DocReceipt](ctx, a, erp.OpPushMessage, m)
}
func (a wireAdapter) FindMessage(ctx context.Context, key string) (erp.DocReceipt, error) {
	return rpc[erp.DocReceipt](ctx, a, erp.OpFindMessage, key)
}
func (a wireAdapter) PullOrders(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.OrderChange], error) {
	return rpc[erp.Page[erp.OrderChange]](ctx, a, erp.OpPullOrders, after, limit)
}
func (a wireAdapter) PullDeliveries(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Delivery], error) {
	return rpc[erp.Page[erp.Delivery]](ctx, a, erp.OpPullDeliveries, after, limit)
}
func (a wireAdapter) PullInvoices(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Invoice], error) {
	return rpc[erp.Page[erp.Invoice]](ctx, a, erp.OpPullInvoices, after, limit)
}
func (a wireAdapter) PullPayments(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Payment], error) {
	return rpc[erp.Page[erp.Payment]](ctx, a, erp.OpPullPayments, after, limit)
}
func (a wireAdapter) PullMessages(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Message], error) {
	return rpc[erp.Page[erp.Message]](ctx, a, erp.OpPullMessages, after, limit)
}
func (a wireAdapter) PullProducts(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Product], error) {
	return rpc[erp.Page[erp.Product]](ctx, a, erp.OpPullProducts, after, limit)
}
func (a wireAdapter) PullPrices(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Price], error) {
	return rpc[erp.Page[erp.Price]](ctx, a, erp.OpPullPrices, after, limit)
}
func (a wireAdapter) PullStock(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Stock], error) {
	return rpc[erp.Page[erp.Stock]](ctx, a, erp.OpPullStock, after, limit)
}
func (a wireAdapter) ListIDs(ctx context.Context, s erp.Stream, after erp.Cursor, limit int) (erp.Page[string], error) {
	return rpc[erp.Page[string]](ctx, a, erp.OpListIDs, s, after, limit)
}

// wireServer is the ERP's side.
type wireServer struct {
	*httptest.Server
	mu    sync.Mutex
	seen  map[string]bool
	twice map[string]int // by key
}

func (s *wireServer) extra(key string) []erptest.Held {
	s.mu.Lock()
	defer s.mu.Unlock()
	return make([]erptest.Held, s.twice[key])
}

// again reports whether the very request came before and is taken for a
// further order.
func (s *wireServer) again(r *http.Request, op erp.Op, args []json.RawMessage) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := r.Header.Get("X-Request")
	before := s.seen[id]
	s.seen[id] = true
	var o erp.Order
	if !before || op != erp.OpPush || json.Unmarshal(args[0], &o) != nil {
		return false
	}
	s.twice[o.Key]++
	return true
}

type handler func(ctx context.Context, args []json.RawMessage) (any, error)

func newWireServer(books *memerp.ERP, takesTwice bool) *wireServer {
	s := &wireServer{seen: map[string]bool{}, twice: map[string]int{}}
	all := handlers(books.Adapter().(whole))
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		op := erp.Op(r.URL.Path[len("/rpc/"):])
		in := []byte(r.URL.Query().Get("args"))
		if r.Method == http.MethodPost {
			in, _ = io.ReadAll(r.Body)
		}
		var args []json.RawMessage
		if r.Header.Get("Authorization") != "Bearer "+wireToken || json.Unmarshal(in, &args) != nil || all[op] == nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if takesTwice && s.again(r, op, args) {
			_ = json.NewEncoder(w).Encode(erp.Receipt{ID: "twice", State: erp.StateDraft})
			return
		}
		got, err := all[op](r.Context(), args)
		var e *erp.Error
		if errors.As(err, &e) {
			status := map[erp.Class]int{erp.Retryable: 503, erp.Auth: 401, erp.NotFound: 404}[e.Class]
			if status == 0 {
				status = http.StatusConflict
			}
			w.WriteHeader(status)
			_ = json.NewEncoder(w).Encode(wireFailure{e.Class.String(), e.Text})
			return
		}
		_ = json.NewEncoder(w).Encode(got)
	}))
	return s
}

func arg[A any](args []json.RawMessage, n int) (a A, err error) {
	if n >= len(args) {
		return a, erp.NewError(erp.Contract, "", "an argument is missing", nil)
	}
	if err := json.Unmarshal(args[n], &a); err != nil {
		return a, erp.NewError(erp.Contract, "", "", err)
	}
	return a, nil
}

func one[A, R any](f func(context.Context, A) (R, error)) handler {
	return func(ctx context.Context, args []json.RawMessage) (any, error) {
		a, err := arg[A](args, 0)
		if err != nil {
			return nil, err
		}
		return f(ctx, a)
	}
}

func two[A, B, R any](f func(context.Context, A, B) (R, error)) handler {
	return func(ctx context.Context, args []json.RawMessage) (any, error) {
		a, err1 := arg[A](args, 0)
		b, err2 := arg[B](args, 1)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		return f(ctx, a, b)
	}
}

func handlers(a whole) map[erp.Op]handler {
	return map[erp.Op]handler{
		erp.OpPing: func(ctx context.Context, _ []json.RawMessage) (any, error) { return struct{}{}, a.Ping(ctx) },
		erp.OpPush: one(a.PushOrder), erp.OpFind: one(a.FindOrder), erp.OpRevise: two(a.ReviseOrder), erp.OpCancel: two(a.CancelOrder),
		erp.OpAdvance: two(a.AdvanceOrder), erp.OpCancelRest: two(a.CancelRest),
		erp.OpPushPayment: one(a.PushPayment), erp.OpFindPayment: one(a.FindPayment), erp.OpPushInvoice: one(a.PushInvoice),
		erp.OpFindInvoice: one(a.FindInvoice), erp.OpPushMessage: one(a.PushMessage), erp.OpFindMessage: one(a.FindMessage),
		erp.OpPullOrders: two(a.PullOrders), erp.OpPullDeliveries: two(a.PullDeliveries), erp.OpPullInvoices: two(a.PullInvoices),
		erp.OpPullPayments: two(a.PullPayments), erp.OpPullMessages: two(a.PullMessages), erp.OpPullProducts: two(a.PullProducts),
		erp.OpPullPrices: two(a.PullPrices), erp.OpPullStock: two(a.PullStock),
		erp.OpListIDs: func(ctx context.Context, args []json.RawMessage) (any, error) {
			s, err1 := arg[erp.Stream](args, 0)
			after, err2 := arg[erp.Cursor](args, 1)
			limit, err3 := arg[int](args, 2)
			if err := errors.Join(err1, err2, err3); err != nil {
				return nil, err
			}
			return a.ListIDs(ctx, s, after, limit)
		},
	}
}

// A fault that hits no request proves nothing, and is no success.
func TestAProxyThatHitsNothingFails(t *testing.T) {
	if os.Getenv("ERPTEST_MUTANT") == "blind proxy" {
		h := overTheWire(nil, quirks{})
		open := h.New
		h.New = func(t *testing.T) erptest.Subject {
			s := open(t)
			s.Wire = func(erp.Op) erptest.Match { return func(*http.Request, []byte) bool { return false } }
			return s
		}
		erptest.Run(t, h)
		return
	}
	out := mustFail(t, "TestAProxyThatHitsNothingFails", "blind proxy")
	for _, c := range erptest.Claims() {
		if strings.HasPrefix(c.Case, "wire_") && c.Case != "wire_storm" { // which goes by ProxyOptions.Match
			require.Contains(t, out, "FAIL: TestAProxyThatHitsNothingFails/"+c.Case)
		}
	}
	require.Contains(t, out, "the Proxy sees none that")
}
