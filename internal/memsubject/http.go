package memsubject

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"path"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

// failure is an error on its way.
type failure struct{ Class, Text string }

// Serve answers the calls of Dial for an ERP in memory.
func Serve(books *memerp.ERP) http.Handler {
	all := Handlers(books)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := all[erp.Op(path.Base(r.URL.Path))]
		var args []json.RawMessage
		if h == nil || json.NewDecoder(r.Body).Decode(&args) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		got, err := h(r.Context(), args)
		var e *erp.Error
		if errors.As(err, &e) {
			w.WriteHeader(http.StatusConflict)
			got = failure{e.Class.String(), e.Text}
		}
		_ = json.NewEncoder(w).Encode(got) // who does not listen has left
	})
}

// Dial makes an adapter that calls the ERP that is served at an address, one
// like here.
func Dial(at string, here erp.Adapter, c *http.Client) erp.Adapter {
	r := NewRemote(here)
	r.Unreadable = func(op erp.Op, err error) error {
		if e := erp.Lost(op, err); e.Class == erp.OutcomeUnknown {
			return e
		}
		return erp.NewError(erp.Contract, op, "", err)
	}
	r.Call = func(ctx context.Context, op erp.Op, args []byte) ([]byte, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, at+"/"+string(op), bytes.NewReader(args))
		if err != nil {
			return nil, erp.Unsent(op, err)
		}
		res, err := c.Do(req)
		if err != nil {
			var n *net.OpError
			if errors.As(err, &n) && n.Op == "dial" {
				return nil, erp.Unsent(op, err)
			}
			return nil, erp.Lost(op, err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			return nil, erp.Lost(op, err)
		}
		switch res.StatusCode {
		case http.StatusOK:
			return b, nil
		case http.StatusTooManyRequests, http.StatusServiceUnavailable:
			return nil, erp.NewError(erp.Retryable, op, "", nil)
		}
		var f failure
		if json.Unmarshal(b, &f) == nil {
			for c := erp.NotSent; c <= erp.Unsupported; c++ {
				if c.String() == f.Class {
					return nil, erp.NewError(c, op, f.Text, nil)
				}
			}
		}
		return nil, r.Unreadable(op, errors.New(res.Status))
	}
	return r
}
