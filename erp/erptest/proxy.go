package erptest

import (
	"context"
	"fmt"
	"io"
	"log"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// Match picks the requests that a fault may hit, by method, path, header and
// body. The request's own Body is spent; body is all of it.
type Match func(r *http.Request, body []byte) bool

// ProxyOptions of NewProxy. The zero value of a field means its default.
type ProxyOptions struct {
	// Seed makes the plan of Random: one seed, one plan. Default 0.
	Seed uint64
	// Match is which requests Next without a match, and Random, may hit.
	// Default: any.
	Match Match
	// RetryAfter is what TooMany and Unavailable ask the caller to wait, in
	// whole seconds. Default 7 s.
	RetryAfter time.Duration
	// Delay is how long Late holds an answer back. Default 5 s.
	Delay time.Duration
	// DripEvery is the pause after each byte of Drip. Default 50 ms.
	DripEvery time.Duration
	// Transport carries requests to the ERP. Default: one of its own.
	Transport http.RoundTripper
}

// Proxy stands before an ERP that is spoken to by HTTP, and lets go wrong what
// goes wrong on the way. It listens on the loopback only and without TLS; the
// adapter is given URL in place of the ERP's. It is safe for concurrent use.
type Proxy struct {
	o      ProxyOptions
	target *url.URL
	front  *listener
	stray  *listener
	ctx    context.Context // ends with Close
	cancel context.CancelFunc

	mu      sync.Mutex
	waiting []planned
	rate    float64
	faults  []WireFault
	random  *rand.Rand
	counts  ProxyCounts
}

type planned struct {
	fault WireFault
	match Match
}

// ProxyCounts is what a Proxy has seen so far.
type ProxyCounts struct {
	// Requests came from the adapter, Forwarded went on to the ERP: one that
	// is cut before is none of them, one that is doubled counts twice.
	Requests, Forwarded int
	// Strays followed a redirect away from the ERP.
	Strays int
	// Faults are those that happened, Waiting those of Next that have not.
	Faults  map[WireFault]int
	Waiting int
}

// NewProxy begins to listen before the ERP at target, "http://127.0.0.1:8000"
// or with a path below it; opts may be nil. Close ends it. The error is of the
// address, or of the loopback when it gives no port.
func NewProxy(target string, opts *ProxyOptions) (*Proxy, error) {
	u, err := url.Parse(target)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("erptest: %q is no address of an ERP: http or https and a host", target)
	}
	p := &Proxy{target: u, counts: ProxyCounts{Faults: map[WireFault]int{}}}
	if opts != nil {
		p.o = *opts
	}
	orDuration(&p.o.RetryAfter, 7*time.Second)
	orDuration(&p.o.Delay, 5*time.Second)
	orDuration(&p.o.DripEvery, 50*time.Millisecond)
	if p.o.Transport == nil {
		// What the ERP answers comes through as it is, compressed or not.
		p.o.Transport = &http.Transport{DisableCompression: true, Proxy: nil}
	}
	p.random = rand.New(rand.NewPCG(p.o.Seed, 0))
	p.ctx, p.cancel = context.WithCancel(context.Background())
	if p.front, err = listen(p); err != nil {
		return nil, err
	}
	p.stray, err = listen(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		p.count(func(c *ProxyCounts) { c.Strays++ })
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, "{}")
	}))
	if err != nil {
		p.front.close()
		return nil, err
	}
	return p, nil
}

// URL is where the adapter finds the ERP: the Proxy's address and the path of
// the target.
func (p *Proxy) URL() string { return p.front.url + p.target.Path }

// Next makes one request meet the fault: the first from now on that match
// accepts, or ProxyOptions.Match where match is nil. Several wait in the order
// they were asked for; one request takes the first that accepts it.
func (p *Proxy) Next(f WireFault, match Match) {
	if match == nil {
		match = p.o.Match
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting = append(p.waiting, planned{f, match})
}

// Random makes each request that ProxyOptions.Match accepts meet a fault with
// the probability rate, 0 to 1, by the plan of the seed; 0 ends it. The faults
// are those given, or all that end at once: not Late, Drip and Redirected.
func (p *Proxy) Random(rate float64, faults ...WireFault) {
	if len(faults) == 0 {
		faults = []WireFault{CutBefore, CutAfter, Doubled, TooMany, Unavailable, Truncated, Halved, LoginPage}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rate, p.faults = rate, faults
}

// Heal forgets all faults that have not happened yet.
func (p *Proxy) Heal() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting, p.rate = nil, 0
}

// Counts returns what has happened so far.
func (p *Proxy) Counts() ProxyCounts {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.counts
	c.Faults, c.Waiting = maps.Clone(c.Faults), len(p.waiting)
	return c
}

// Close ends the Proxy and waits for the requests in it; answers that are held
// back are cut. It may be called again.
func (p *Proxy) Close() {
	p.cancel()
	p.front.close()
	p.stray.close()
	if t, ok := p.o.Transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

func (p *Proxy) count(change func(*ProxyCounts)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(&p.counts)
}

// take is the fault that the request meets, "" for none.
func (p *Proxy) take(r *http.Request, body []byte) WireFault {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.counts.Requests++
	f := WireFault("")
	for i, next := range p.waiting {
		if next.match == nil || next.match(r, body) {
			f = next.fault
			p.waiting = append(p.waiting[:i:i], p.waiting[i+1:]...)
			break
		}
	}
	if f == "" && p.rate > 0 && (p.o.Match == nil || p.o.Match(r, body)) && p.random.Float64() < p.rate {
		f = p.faults[p.random.IntN(len(p.faults))]
	}
	if f != "" {
		p.counts.Faults[f]++
	}
	return f
}

func orDuration(v *time.Duration, def time.Duration) {
	if *v <= 0 {
		*v = def
	}
}

// listener is a server on a free port of the loopback.
type listener struct {
	url    string
	server *http.Server
	busy   sync.WaitGroup
}

func listen(h http.Handler) (*listener, error) {
	at, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("erptest: %w", err)
	}
	l := &listener{url: "http://" + at.Addr().String()}
	l.server = &http.Server{ErrorLog: log.New(io.Discard, "", 0), ReadHeaderTimeout: time.Minute,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			l.busy.Add(1)
			defer l.busy.Done()
			h.ServeHTTP(w, r)
		})}
	l.busy.Go(func() { _ = l.server.Serve(at) }) // it ends with close
	return l, nil
}

func (l *listener) close() {
	_ = l.server.Close() // what is under way is cut, as it should be
	l.busy.Wait()
}
