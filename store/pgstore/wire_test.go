package pgstore

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
)

// fate is what happens to the next request on the wire.
type fate int

const (
	pass fate = iota
	// cutAnswer lets the server work and loses what it says.
	cutAnswer
	// dropRequest loses the request.
	dropRequest
	// holdRequest loses it for the client, and delivers it later.
	holdRequest
)

// line stands between the pool and the server: it counts round trips and
// loses messages.
type line struct {
	mu    sync.Mutex
	trips int
	next  fate
	down  bool
	held  *bytes.Buffer
	to    net.Conn
}

func (l *line) config(c *pgxpool.Config) {
	dial := c.ConnConfig.DialFunc
	c.MaxConns = 1
	// The pool pings what has lain idle for a second: on a slow machine that
	// would be a round trip more, and would meet the fate of the next message.
	c.ShouldPing = func(context.Context, pgxpool.ShouldPingParams) bool { return false }
	c.ConnConfig.DialFunc = func(ctx context.Context, network, addr string) (net.Conn, error) {
		l.mu.Lock()
		down := l.down
		l.mu.Unlock()
		if down {
			return nil, errors.New("the network is down")
		}
		conn, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return &wire{Conn: conn, l: l}, nil
	}
}

func (l *line) set(next fate, down bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next, l.down = next, down
}

// count runs fn and answers how many round trips it took.
func (l *line) count(fn func()) int {
	l.mu.Lock()
	l.trips = 0
	l.mu.Unlock()
	fn()
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.trips
}

// deliver sends what was held and waits for the server's answer to end.
func (l *line) deliver(t *testing.T) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := l.to.Write(l.held.Bytes()); err != nil {
		t.Fatal(err)
	}
	if _, err := l.to.Read(make([]byte, 1<<16)); err != nil {
		t.Fatal(err)
	}
	if err := l.to.Close(); err != nil {
		t.Fatal(err)
	}
}

// wire is one connection; a write after a read begins a round trip.
type wire struct {
	net.Conn
	l       *line
	mu      sync.Mutex
	fate    fate
	writing bool
}

func (w *wire) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.l.mu.Lock()
	if !w.writing {
		w.l.trips++
	}
	if w.l.next != pass {
		w.fate, w.l.next = w.l.next, pass
		if w.fate == holdRequest {
			w.l.held, w.l.to = bytes.NewBuffer(bytes.Clone(p)), w.Conn
		}
	}
	w.l.mu.Unlock()
	w.writing = true
	if w.fate == dropRequest || w.fate == holdRequest {
		return len(p), nil
	}
	return w.Conn.Write(p)
}

func (w *wire) Read(p []byte) (int, error) {
	w.mu.Lock()
	f := w.fate
	w.mu.Unlock()
	if f == dropRequest || f == holdRequest {
		return 0, io.EOF
	}
	n, err := w.Conn.Read(p)
	w.mu.Lock()
	defer w.mu.Unlock()
	if err == nil {
		w.writing = false
	}
	if f = w.fate; f == cutAnswer {
		return 0, io.EOF
	}
	return n, err
}

func (w *wire) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fate == holdRequest {
		return nil // deliver closes it
	}
	return w.Conn.Close()
}
