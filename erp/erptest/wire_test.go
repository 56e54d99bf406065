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
	takesFirstTwice   bool // … when it brings the first order of all
}

type wireAdapter struct {
	memsubject.Remote
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
	server := newWireServer(books, q)
	t.Cleanup(server.Close)
	proxy, err := erptest.NewProxy(server.URL+"/rpc", &erptest.ProxyOptions{DripEvery: 30 * time.Millisecond})
	require.NoError(t, err)
	t.Cleanup(proxy.Close)
	s.Proxy = proxy
	s.Reopen = func() erp.Adapter {
		tr := &http.Transport{}
		t.Cleanup(tr.CloseIdleConnections)
		c := &http.Client{Transport: tr}
		if !q.followsRedirects {
			c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		}
		a := wireAdapter{memsubject.NewRemote(here), proxy.URL(), c, q, new(atomic.Int64), slog.New(slog.NewTextHandler(logs, nil)), new(sync.Mutex), map[string]int{}}
		a.Call = func(ctx context.Context, op erp.Op, in []byte) ([]byte, error) { return a.do(ctx, op, in) }
		a.Unreadable = func(op erp.Op, err error) error {
			if e := a.unreadable(op, err); !q.junkIsAbsence || e.Class != erp.Contract {
				return e
			}
			return erp.NoSuch(op)
		}
		return a
	}
	s.Adapter = s.Reopen()
	held := s.Held
	s.Held = func(ctx context.Context, key string) ([]erptest.Held, error) {
		all, err := held(ctx, key)
		return append(all, server.extra(key)...), err
	}
	return s
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

func (a wireAdapter) PushOrder(ctx context.Context, o erp.Order) (erp.Receipt, error) {
	r, err := a.Remote.PushOrder(ctx, o)
	if c := erp.ClassOf(err); a.q.givesUp && (c == erp.Retryable || c == erp.OutcomeUnknown) {
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.fails[o.Key]++; a.fails[o.Key] > 1 {
			return erp.Receipt{ID: "done-" + o.Key, State: erp.StateDraft}, nil
		}
	}
	return r, err
}

// wireServer is the ERP's side.
type wireServer struct {
	*httptest.Server
	q     quirks
	mu    sync.Mutex
	first string // the key of the first order
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
	if op != erp.OpPush || json.Unmarshal(args[0], &o) != nil {
		return false
	}
	if s.first == "" {
		s.first = o.Key
	}
	if !before || !s.q.takesTwice && (!s.q.takesFirstTwice || o.Key != s.first) {
		return false
	}
	s.twice[o.Key]++
	return true
}

func newWireServer(books *memerp.ERP, q quirks) *wireServer {
	s := &wireServer{q: q, seen: map[string]bool{}, twice: map[string]int{}}
	all := memsubject.Handlers(books)
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
		if s.again(r, op, args) {
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
