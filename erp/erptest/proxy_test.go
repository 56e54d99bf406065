package erptest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/erp/erptest"
)

// echo answers what it was asked, and counts the requests.
type echo struct {
	*httptest.Server
	asked atomic.Int64
}

func newEcho(t testing.TB) *echo {
	e := &echo{}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := e.asked.Add(1)
		b, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Who", r.Header.Get("X-Who"))
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, "%d %s %s %s", n, r.Method, r.URL.RequestURI(), b)
	}))
	t.Cleanup(e.Close)
	return e
}

func newProxy(t testing.TB, target string, o *erptest.ProxyOptions) *erptest.Proxy {
	p, err := erptest.NewProxy(target, o)
	require.NoError(t, err)
	t.Cleanup(p.Close)
	return p
}

// said is an answer as a caller of one request on a connection of its own gets it.
type said struct {
	status  int
	header  http.Header
	body    string
	err     error // of the request
	bodyErr error
}

func ask(ctx context.Context, method, url, body string) said {
	tr := &http.Transport{DisableKeepAlives: true}
	c := &http.Client{Transport: tr, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	req, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return said{err: err}
	}
	req.Header.Set("X-Who", "me")
	res, err := c.Do(req)
	if err != nil {
		return said{err: err}
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return said{res.StatusCode, res.Header, string(b), nil, err}
}

func TestProxyForwards(t *testing.T) {
	e := newEcho(t)
	p := newProxy(t, e.URL+"/erp", nil)
	require.True(t, strings.HasPrefix(p.URL(), "http://127.0.0.1:"))
	require.True(t, strings.HasSuffix(p.URL(), "/erp"))
	got := ask(t.Context(), "PUT", p.URL()+"/orders?ref=a%20b", "hello")
	require.NoError(t, got.err)
	require.Equal(t, []any{201, "1 PUT /erp/orders?ref=a%20b hello", "me"}, []any{got.status, got.body, got.header.Get("X-Who")})
	require.Equal(t, erptest.ProxyCounts{Requests: 1, Forwarded: 1, Faults: map[erptest.WireFault]int{}}, p.Counts())
	e.Close()
	require.Equal(t, 502, ask(t.Context(), "GET", p.URL(), "").status, "nobody is behind it")
	p.Close()
	p.Close()
	require.Error(t, ask(t.Context(), "GET", p.URL(), "").err)
}

func TestProxyFaults(t *testing.T) {
	e := newEcho(t)
	whole := "POST /orders hello"
	for _, c := range []struct {
		fault     erptest.WireFault
		forwarded int
		check     func(t *testing.T, got said)
	}{
		{erptest.CutBefore, 0, func(t *testing.T, got said) { require.ErrorIs(t, got.err, io.EOF) }},
		{erptest.CutAfter, 1, func(t *testing.T, got said) { require.ErrorIs(t, got.err, io.EOF) }},
		{erptest.Late, 1, func(t *testing.T, got said) { require.Contains(t, got.body, whole) }},
		{erptest.Doubled, 2, func(t *testing.T, got said) { require.Contains(t, got.body, whole) }},
		{erptest.TooMany, 0, func(t *testing.T, got said) {
			require.Equal(t, []any{429, "9"}, []any{got.status, got.header.Get("Retry-After")})
		}},
		{erptest.Unavailable, 0, func(t *testing.T, got said) {
			require.Equal(t, []any{503, "9"}, []any{got.status, got.header.Get("Retry-After")})
		}},
		{erptest.Truncated, 1, func(t *testing.T, got said) {
			require.ErrorIs(t, got.bodyErr, io.ErrUnexpectedEOF)
			require.True(t, got.status == 201 && len(got.body) > 0 && !strings.Contains(got.body, whole))
		}},
		{erptest.Halved, 1, func(t *testing.T, got said) {
			require.NoError(t, got.bodyErr)
			require.True(t, got.status == 201 && len(got.body) > 0 && !strings.Contains(got.body, whole))
		}},
		{erptest.LoginPage, 0, func(t *testing.T, got said) {
			require.Equal(t, 200, got.status)
			require.Contains(t, got.body, "<html>")
		}},
		{erptest.Drip, 1, func(t *testing.T, got said) { require.Contains(t, got.body, whole) }},
		{erptest.Redirected, 0, func(t *testing.T, got said) {
			require.Equal(t, 307, got.status)
			require.Equal(t, 200, ask(t.Context(), "POST", got.header.Get("Location"), "hello").status)
		}},
	} {
		t.Run(string(c.fault), func(t *testing.T) {
			p := newProxy(t, e.URL, &erptest.ProxyOptions{RetryAfter: 9 * time.Second, Delay: 10 * time.Millisecond, DripEvery: time.Millisecond})
			before := int(e.asked.Load())
			p.Next(c.fault, nil)
			require.Equal(t, 1, p.Counts().Waiting)
			c.check(t, ask(t.Context(), "POST", p.URL()+"/orders", "hello"))
			require.Equal(t, c.forwarded, int(e.asked.Load())-before)
			counts := p.Counts()
			require.Equal(t, []any{1, c.forwarded, 0, map[erptest.WireFault]int{c.fault: 1}}, []any{counts.Requests, counts.Forwarded, counts.Waiting, counts.Faults})
			require.Equal(t, c.fault == erptest.Redirected, counts.Strays == 1)
			require.Contains(t, ask(t.Context(), "POST", p.URL()+"/orders", "hello").body, whole, "the next one is well")
		})
	}
}

// Who waits for an answer that is held back may leave, and so may the Proxy.
func TestProxyLetsGo(t *testing.T) {
	e := newEcho(t)
	for _, f := range []erptest.WireFault{erptest.Late, erptest.Drip} {
		p := newProxy(t, e.URL, &erptest.ProxyOptions{Delay: time.Hour, DripEvery: time.Hour})
		waits := func(ctx context.Context, nth int) chan said {
			p.Next(f, nil)
			done := make(chan said, 1)
			go func() { done <- ask(ctx, "POST", p.URL(), "") }()
			require.Eventually(t, func() bool { return p.Counts().Faults[f] == nth }, time.Minute, time.Millisecond)
			return done
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := waits(ctx, 1)
		cancel()
		got := <-done
		require.True(t, got.err != nil || got.bodyErr != nil)
		done = waits(context.WithoutCancel(t.Context()), 2)
		p.Close()
		got = <-done
		require.True(t, got.err != nil || got.bodyErr != nil)
	}
}

func TestProxyHitsWhatItIsTold(t *testing.T) {
	e := newEcho(t)
	p := newProxy(t, e.URL, &erptest.ProxyOptions{Match: func(r *http.Request, _ []byte) bool { return r.Method == "POST" }})
	p.Next(erptest.TooMany, func(_ *http.Request, body []byte) bool { return string(body) == "b" })
	p.Next(erptest.Unavailable, nil)
	for _, c := range []struct {
		method, body string
		status       int
	}{{"PUT", "a", 201}, {"PUT", "b", 429}, {"PUT", "b", 201}, {"POST", "b", 503}, {"POST", "b", 201}} {
		require.Equal(t, c.status, ask(t.Context(), c.method, p.URL(), c.body).status, "%v", c)
	}
	p.Next(erptest.TooMany, nil)
	p.Random(1)
	p.Heal()
	require.Equal(t, 201, ask(t.Context(), "POST", p.URL(), "").status)
	p.Random(1, erptest.TooMany)
	require.Equal(t, 201, ask(t.Context(), "PUT", p.URL(), "").status, "not one of those")
	require.Equal(t, 429, ask(t.Context(), "POST", p.URL(), "").status)
	p.Random(0)
	require.Equal(t, 201, ask(t.Context(), "POST", p.URL(), "").status)
}

// One seed is one plan, and a plan keeps its rate.
func TestProxyRandomIsAPlan(t *testing.T) {
	e := newEcho(t)
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64().Draw(rt, "seed")
		run := func() (all []int) {
			p, err := erptest.NewProxy(e.URL, &erptest.ProxyOptions{Seed: seed})
			require.NoError(rt, err)
			defer p.Close()
			p.Random(0.5, erptest.TooMany, erptest.Unavailable)
			for range 12 {
				all = append(all, ask(t.Context(), "POST", p.URL(), "").status)
			}
			require.Equal(rt, 12-p.Counts().Forwarded, p.Counts().Faults[erptest.TooMany]+p.Counts().Faults[erptest.Unavailable])
			return all
		}
		require.Equal(rt, run(), run())
	})
}

func TestProxyNeedsAnAddress(t *testing.T) {
	for _, target := range []string{"", "localhost:8000", "ftp://host/", "http://", "http://[::1"} {
		_, err := erptest.NewProxy(target, nil)
		require.ErrorContains(t, err, "is no address of an ERP", target)
	}
}

func ExampleNewProxy() {
	erp := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "done") }))
	defer erp.Close()
	proxy, err := erptest.NewProxy(erp.URL, &erptest.ProxyOptions{RetryAfter: 3 * time.Second})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer proxy.Close()
	proxy.Next(erptest.TooMany, func(r *http.Request, _ []byte) bool { return r.Method == http.MethodPost })
	for _, method := range []string{"GET", "POST", "POST"} {
		got := ask(context.Background(), method, proxy.URL()+"/orders", "")
		fmt.Printf("%s %d %q %q\n", method, got.status, got.header.Get("Retry-After"), got.body)
	}
	fmt.Println(proxy.Counts().Requests, "came,", proxy.Counts().Forwarded, "went on")
	// Output:
	// GET 200 "" "done"
	// POST 429 "3" ""
	// POST 200 "" "done"
	// 3 came, 2 went on
}
