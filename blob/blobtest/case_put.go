package blobtest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/blob"
)

func putCases() []Case {
	return []Case{
		{"put_open", "what was put is read back byte by byte, named by the SHA-256 of its content and with its size", putOpen},
		{"put_twice", "the same content put twice is kept once", putTwice},
		{"put_time", "a blob counts as put at the time of its last Put", putTime},
		{"put_failed", "a reader's error is answered as it is, and nothing of what was read remains", putFailed},
		{"put_cancelled", "a Put whose context ends answers the context's error, and nothing remains", putCancelled},
		{"too_large", "a blob of the limit is taken, one byte more is ErrTooLarge, and nothing of it remains", tooLarge},
		{"endless", "a reader without an end is given up at the limit", endless},
		{"bad_tenant", "what is no tenant is ErrTenant for every call", badTenant},
	}
}

func putOpen(e *env) {
	long := strings.Repeat("0123456789abcdef\n\x00\xff", 20_000)
	for _, content := range []string{"", "a", "plan\n", "\x00", long} {
		s := e.put(own, content)
		if want := blob.HashOf([]byte(content)); s.Hash != want || s.Size != int64(len(content)) {
			e.broken("%d bytes are named %s with size %d, not %s", len(content), s.Hash, s.Size, want)
		}
	}
	for _, content := range []string{"", "a", "plan\n", "\x00", long} {
		e.holds(own, content, true)
	}
}

func putTwice(e *env) {
	first, second := e.put(own, "plan"), e.put(own, "plan")
	e.put(own, "another plan")
	if first.Hash != second.Hash || second.Size != 4 {
		e.broken("the second Put answers %v, the first %v", second, first)
	}
	if n := len(e.all(own, 10)); n != 2 {
		e.broken("two contents are kept %d times", n)
	}
	e.holds(own, "plan", true)
}

func putTime(e *env) {
	e.need("Pass", e.Pass != nil)
	first := e.put(own, "plan")
	e.put(own, "left alone")
	e.Pass(48 * time.Hour)
	second := e.put(own, "plan")
	if got := second.At.Sub(first.At); got < 47*time.Hour || got > 49*time.Hour {
		e.broken("48 hours later a blob is put %s later", got)
	}
	for _, s := range e.all(own, 10) {
		want := first.At
		if s.Hash == first.Hash {
			want = second.At
		}
		if d := s.At.Sub(want).Abs(); d > 2*time.Second { // some file systems keep no more
			e.broken("%s is listed with %s, and was put at %s", s.Hash, s.At, want)
		}
	}
}

func putFailed(e *env) {
	mine := errors.New("the upload broke off")
	_, err := e.Store.Put(e.ctx, own, io.MultiReader(strings.NewReader("half a plan"), failing{mine}))
	if !errors.Is(err, mine) {
		e.broken("the reader's error is answered as %v", err)
	}
	e.holds(own, "half a plan", false)
	e.nothing()
	e.put(own, "half a plan")
	if _, err = e.Store.Put(e.ctx, own, io.MultiReader(strings.NewReader("half a plan"), failing{mine})); !errors.Is(err, mine) {
		e.broken("the reader's error is answered as %v", err)
	}
	e.holds(own, "half a plan", true)
}

func (e *env) nothing() {
	e.Helper()
	if n := len(e.all(own, 10)); n != 0 {
		e.broken("%d blobs remain", n)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func putCancelled(e *env) {
	ctx, cancel := context.WithCancel(e.ctx)
	half := func() io.Reader {
		return io.MultiReader(strings.NewReader("half a plan"), reading(func(p []byte) (int, error) {
			cancel()
			return copy(p, " and the rest"), nil // without an end
		}))
	}
	for _, when := range []string{"while it is read", "before"} {
		if _, err := e.Store.Put(ctx, own, half()); !errors.Is(err, context.Canceled) {
			e.broken("cancelled %s, Put answers %v", when, err)
		}
	}
	e.nothing()
}

type reading func(p []byte) (int, error)

func (r reading) Read(p []byte) (int, error) { return r(p) }

func tooLarge(e *env) {
	e.need("MaxBytes", e.MaxBytes > 0)
	content := bytes.Repeat([]byte("x"), int(e.MaxBytes)+1)
	_, err := e.Store.Put(e.ctx, own, bytes.NewReader(content))
	e.answers("a blob of one byte too many", err, blob.ErrTooLarge)
	e.nothing()
	e.holds(own, string(content), false)
	e.holds(own, string(content[1:]), false)
	e.put(own, string(content[1:]))
	e.holds(own, string(content[1:]), true)
}

func endless(e *env) {
	e.need("MaxBytes", e.MaxBytes > 0)
	read := int64(0)
	_, err := e.Store.Put(e.ctx, own, reading(func(p []byte) (int, error) {
		read += int64(len(p))
		if read > 4*e.MaxBytes+(1<<22) {
			return 0, errors.New("read on and on")
		}
		return len(p), nil
	}))
	e.answers("a reader without an end", err, blob.ErrTooLarge)
	e.nothing()
}

func badTenant(e *env) {
	h := blob.HashOf([]byte("plan"))
	for _, t := range []access.Tenant{"", "../fr", "a/b", `a\b`, "a b", "é", "a\x00", "a\n", access.Tenant(strings.Repeat("a", 65))} {
		_, err := e.Store.Put(e.ctx, t, strings.NewReader("plan"))
		e.answers("Put", err, blob.ErrTenant)
		_, err = e.Store.Open(e.ctx, t, h)
		e.answers("Open", err, blob.ErrTenant)
		_, err = e.Store.List(e.ctx, t, "", 10)
		e.answers("List", err, blob.ErrTenant)
		_, err = e.Store.Remove(e.ctx, t, h, time.Unix(1<<40, 0))
		e.answers("Remove", err, blob.ErrTenant)
	}
}
