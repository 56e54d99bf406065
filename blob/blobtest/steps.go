package blobtest

import (
	"errors"
	"io"
	"strings"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/fault"
)

// own is the tenant of the cases, other its neighbour.
const (
	own   access.Tenant = "fr"
	other access.Tenant = "de"
)

func (e *env) put(t access.Tenant, content string) blob.Stat {
	e.Helper()
	s, err := e.Store.Put(e.ctx, t, strings.NewReader(content))
	e.must("Put", err)
	return s
}

// read opens a blob and reads it to its end.
func (e *env) read(t access.Tenant, h blob.Hash) (string, error) {
	e.Helper()
	r, err := e.Store.Open(e.ctx, t, h)
	if err != nil {
		return "", err
	}
	content, err := io.ReadAll(r)
	return string(content), errors.Join(err, r.Close())
}

// holds checks that a blob is there whole, or that it is not.
func (e *env) holds(t access.Tenant, content string, want bool) {
	e.Helper()
	got, err := e.read(t, blob.HashOf([]byte(content)))
	switch {
	case want && err != nil:
		e.broken("a blob of %d bytes cannot be read: %v", len(content), err)
	case want && got != content:
		e.broken("a blob of %d bytes is read as %d others", len(content), len(got))
	case !want && !errors.Is(err, blob.ErrNotFound):
		e.broken("a blob of %d bytes should not be there; reading it answers %v", len(content), err)
	}
}

// all lists a tenant's blobs in pages.
func (e *env) all(t access.Tenant, limit int) []blob.Stat {
	e.Helper()
	var out []blob.Stat
	after := blob.Hash("")
	for range 1000 {
		page, err := e.Store.List(e.ctx, t, after, limit)
		e.must("List", err)
		if len(page) > limit {
			e.broken("a page of %d has %d blobs", limit, len(page))
		}
		if len(page) == 0 {
			return out
		}
		out, after = append(out, page...), page[len(page)-1].Hash
	}
	e.broken("the list has no end")
	return out
}

// answers checks an error against one of package blob.
func (e *env) answers(what string, err error, want *fault.Error) {
	e.Helper()
	if !errors.Is(err, want) {
		e.broken("%s answers %v, not %s", what, err, want.FaultCode())
	}
}
