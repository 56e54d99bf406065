package erptest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"time"
)

// WireFault is something that goes wrong between an adapter and its ERP.
type WireFault string

// The faults of the wire. What an adapter may conclude from them is not the
// same as what happened: it never sees the difference of CutBefore and CutAfter.
const (
	// CutBefore: the request never reaches the ERP, and the connection is cut.
	CutBefore WireFault = "cut before"
	// CutAfter: the ERP has done it, and the connection is cut without an answer.
	CutAfter WireFault = "cut after"
	// Late: the ERP has done it, and the answer comes after ProxyOptions.Delay.
	Late WireFault = "late"
	// Doubled: the ERP gets the request twice, the second after it has answered
	// the first, and the second answer comes back.
	Doubled WireFault = "doubled"
	// TooMany: 429 with Retry-After; nothing reaches the ERP.
	TooMany WireFault = "too many requests"
	// Unavailable: 503 with Retry-After; nothing reaches the ERP.
	Unavailable WireFault = "unavailable"
	// Truncated: the ERP has done it, and the connection is cut in the middle
	// of the answer.
	Truncated WireFault = "truncated"
	// Halved: the ERP has done it, and the answer is the first half, with a
	// length that says it is all.
	Halved WireFault = "halved"
	// LoginPage: 200 and a page for people; nothing reaches the ERP.
	LoginPage WireFault = "login page"
	// Drip: the ERP has done it, and its answer comes a byte at a time.
	Drip WireFault = "drip"
	// Redirected: 307 to a place that is not the ERP and counts who comes
	// (ProxyCounts.Strays); nothing reaches the ERP.
	Redirected WireFault = "redirected"
)

// loginPage is what a session that has ended looks like.
const loginPage = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><form action=\"/login\"></form></body></html>\n"

// requestMax bounds the body of a request, in bytes.
const requestMax = 64 << 20

// answer is what the ERP answered.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// ServeHTTP implements http.Handler: it forwards the request, or has it meet
// its fault.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, requestMax))
	if err != nil {
		cut()
	}
	switch f := p.take(r, body); f {
	case "":
		p.pass(w, p.forward(r.Context(), r, body))
	case CutBefore:
		cut()
	case TooMany, Unavailable:
		status := http.StatusTooManyRequests
		if f == Unavailable {
			status = http.StatusServiceUnavailable
		}
		w.Header().Set("Retry-After", strconv.FormatInt(int64(p.o.RetryAfter/time.Second), 10))
		w.WriteHeader(status)
	case LoginPage:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, loginPage)
	case Redirected:
		http.Redirect(w, r, p.stray.url+r.URL.RequestURI(), http.StatusTemporaryRedirect)
	default: // the ERP does it, whatever becomes of the caller
		a := p.forward(p.ctx, r, body)
		if f == Doubled {
			a = p.forward(p.ctx, r, body)
		}
		if p.ctx.Err() != nil { // closed in the meantime
			cut()
		}
		p.spoil(w, r, f, a)
	}
}

// spoil brings back the answer as the fault leaves it.
func (p *Proxy) spoil(w http.ResponseWriter, r *http.Request, f WireFault, a answer) {
	switch f {
	case CutAfter:
		cut()
	case Late:
		p.wait(r.Context(), p.o.Delay)
	case Halved:
		a.body = a.body[:len(a.body)/2]
	case Truncated:
		a.head(w)
		_, _ = w.Write(a.body[:len(a.body)/2])
		flush(w)
		cut()
	case Drip:
		a.head(w)
		for i := range a.body {
			if _, err := w.Write(a.body[i : i+1]); err != nil {
				cut()
			}
			flush(w)
			p.wait(r.Context(), p.o.DripEvery)
		}
		return
	}
	p.pass(w, a)
}

// pass brings the answer back whole.
func (p *Proxy) pass(w http.ResponseWriter, a answer) {
	a.head(w)
	_, _ = w.Write(a.body) // who does not listen has left
}

// head writes status and header; a body is announced with the length it has.
func (a answer) head(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	if len(a.body) > 0 {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	} else {
		w.Header().Del("Content-Length")
	}
	w.WriteHeader(a.status)
}

// forward asks the ERP. One that does not answer is a 502 of the Proxy's.
func (p *Proxy) forward(ctx context.Context, r *http.Request, body []byte) answer {
	p.count(func(c *ProxyCounts) { c.Forwarded++ })
	u := *r.URL
	u.Scheme, u.Host = p.target.Scheme, p.target.Host
	req, err := http.NewRequestWithContext(ctx, r.Method, u.String(), bytes.NewReader(body))
	if err != nil {
		return answer{status: http.StatusBadGateway}
	}
	req.Header = ours(r.Header)
	res, err := p.o.Transport.RoundTrip(req)
	if err != nil {
		return answer{status: http.StatusBadGateway}
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return answer{status: http.StatusBadGateway}
	}
	return answer{res.StatusCode, ours(res.Header), b}
}

// ours leaves out what belongs to one connection alone.
func ours(h http.Header) http.Header {
	h = h.Clone()
	for _, name := range []string{"Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Te", "Trailer", "Transfer-Encoding", "Upgrade"} {
		h.Del(name)
	}
	return h
}

// wait waits, or cuts the connection when the caller leaves or the Proxy ends.
func (p *Proxy) wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-p.ctx.Done():
	case <-t.C:
		return
	}
	cut()
}

// cut ends the request and its connection without a further byte.
func cut() { panic(http.ErrAbortHandler) }

func flush(w http.ResponseWriter) {
	if err := http.NewResponseController(w).Flush(); err != nil {
		cut()
	}
}
