package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/comptoir-go/comptoir/erp"
)

// answerMax bounds what is read of an answer.
const answerMax = 8 << 20

// newHTTP is the HTTP client of the adapter: bounded in time, and no redirects,
// which would carry the token to whoever the ERP names.
func newHTTP() *http.Client {
	return &http.Client{
		Timeout:       30 * time.Second,
		Transport:     http.DefaultTransport.(*http.Transport).Clone(),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// call makes one request and reads the JSON answer into out, nil for none. It
// never repeats: erp.Client does, where that is safe.
func (a *Adapter) call(ctx context.Context, op erp.Op, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return erp.NewError(erp.Contract, op, "", err)
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, a.base+path, body)
	if err != nil {
		return erp.Unsent(op, err)
	}
	req.Header.Set("Authorization", "Bearer "+a.token)
	req.Header.Set("Content-Type", "application/json")
	if err := ctx.Err(); err != nil { // nothing has left yet
		return erp.Unsent(op, err)
	}
	res, err := a.http.Do(req)
	if err != nil {
		return notAnswered(op, err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, answerMax+1))
	switch {
	case err != nil:
		return erp.Lost(op, err)
	case res.StatusCode >= 300:
		return refused(op, res, b)
	case len(b) > answerMax:
		return unreadable(op, method, errors.New("the answer is too long"))
	case out == nil:
		return nil
	}
	if err := json.Unmarshal(b, out); err != nil {
		return unreadable(op, method, err)
	}
	return nil
}

// notAnswered tells a request that did not leave from one whose answer is lost.
// The URL is left out of the error: it holds keys of other people's documents.
func notAnswered(op erp.Op, err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	var n *net.OpError
	if errors.As(err, &n) && n.Op == "dial" {
		return erp.Unsent(op, err)
	}
	return erp.Lost(op, err)
}

// unreadable is an answer that says nothing: the request was taken, and what
// came of a write nobody knows.
func unreadable(op erp.Op, method string, err error) error {
	if method == http.MethodGet {
		return erp.NewError(erp.Contract, op, "", err)
	}
	return erp.Lost(op, err)
}

// refused turns a status into the class that says what to do.
func refused(op erp.Op, res *http.Response, body []byte) error {
	var w wireError
	_ = json.Unmarshal(body, &w) // a proxy's page is no JSON: then the status alone counts
	class := erp.Contract
	switch res.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		class = erp.Auth
	case http.StatusNotFound:
		class = erp.NotFound
	case http.StatusConflict:
		if class = erp.Conflict; w.Code == "taken" {
			class = erp.Duplicate
		}
	case http.StatusUnprocessableEntity:
		class = erp.Rejected
	case http.StatusTooManyRequests, http.StatusServiceUnavailable: // refused before any work
		e := erp.NewError(erp.Retryable, op, w.Text, nil)
		if s, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && s > 0 {
			e.RetryAfter = time.Duration(s) * time.Second
		}
		return e
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout: // perhaps after the work
		return erp.Lost(op, errors.New(res.Status))
	}
	return erp.NewError(class, op, w.Text, nil)
}
