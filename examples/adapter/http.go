package adapter

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

// call makes one request, in as its body unless it is nil, and has the JSON
// answer read. It never repeats: erp.Client does, where that is safe.
func call[W, R any](ctx context.Context, a *Adapter, op erp.Op, method, path string, in any, read func(W) (R, error)) (R, error) {
	var none R
	b, err := a.do(ctx, op, method, path, in)
	if err != nil {
		return none, err
	}
	var w W
	if err = json.Unmarshal(b, &w); err == nil {
		var r R
		if r, err = read(w); err == nil {
			return r, nil
		}
	}
	return none, unreadable(op, method, err)
}

func (a *Adapter) do(ctx context.Context, op erp.Op, method, path string, in any) ([]byte, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return nil, erp.NewError(erp.Contract, op, "", err)
	}
	if in == nil {
		body = nil
	}
	req, err := http.NewRequestWithContext(ctx, method, a.base+path, bytes.NewReader(body))
	if err == nil {
		err = ctx.Err()
	}
	if err != nil { // nothing has left yet
		return nil, erp.Unsent(op, err)
	}
	req.Header.Set("Authorization", "Bearer "+a.token)
	req.Header.Set("Content-Type", "application/json")
	res, err := a.http.Do(req)
	if err != nil {
		return nil, notAnswered(op, err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, answerMax+1))
	switch {
	case err != nil:
		return nil, erp.Lost(op, err)
	case res.StatusCode >= 300:
		return nil, refused(op, res, b)
	case len(b) > answerMax:
		return nil, unreadable(op, method, errors.New("the answer is too long"))
	}
	return b, nil
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
	switch code := res.StatusCode; {
	case code == 401 || code == 403:
		class = erp.Auth
	case code == 404 && w.Code != "": // a proxy's 404 does not say that the document is absent
		class = erp.NotFound
	case code == 409 && w.Code == "taken":
		class = erp.Duplicate
	case code == 409:
		class = erp.Conflict
	case code == 422:
		class = erp.Rejected
	case code == 429 || code == 503: // refused before any work
		e := erp.NewError(erp.Retryable, op, w.Text, nil)
		if s, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && s > 0 {
			e.RetryAfter = time.Duration(s) * time.Second
		}
		return e
	case code == 408 || code >= 500: // perhaps after the work
		return erp.Lost(op, errors.New(res.Status))
	}
	return erp.NewError(class, op, w.Text, nil)
}
