package engine

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/uow"
)

// Session is one transaction as the repositories see it: documents read once,
// writes gathered. It may be used by several goroutines, one call at a time,
// until the closure returns; then every call is uow.ErrDone.
type Session struct {
	mu    sync.Mutex
	raw   Raw
	write bool
	done  bool
	// failed is the driver's first error; the transaction is lost with it.
	failed error

	docs   map[docKey]*doc
	writes []Write
	// flushes counts batches sent, so that a doc knows whether its write is
	// still in writes.
	flushes int
	// lane is set in a first run, which keeps out of the way of those in it;
	// taken are the counters that the run took numbers of.
	lane   *lane
	taken  map[string]struct{}
	events map[eventKey]struct{}
	claims map[claimKey]*claim
}

type docKey struct {
	table *Table
	id    string
}

// doc is what the session knows of one document: its row, or that there is
// none.
type doc struct {
	row    Row
	exists bool
	// pending is the index of its write, valid while flush equals the
	// session's flushes; otherwise there is none.
	pending, flush int
	// value is what the mapping made of the row whose Doc begins at of.
	value any
	of    *byte
}

const nowhere = -1

type eventKey struct {
	topic event.Topic
	id    string
}

func newSession(raw Raw, write bool) *Session {
	return &Session{raw: raw, write: write, docs: make(map[docKey]*doc)}
}

// series lists the counters that the run took numbers of, or came to.
func (s *Session) series() []string {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Keys(s.taken))
}

// end closes the session and returns the writes still to be sent and the
// driver's error, if there was one.
func (s *Session) end() ([]Write, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done = true
	return s.writes, s.failed
}

// enter admits one call, which must unlock s.mu when it is over.
func (s *Session) enter(ctx context.Context, write bool) error {
	s.mu.Lock()
	err := s.admit(ctx, write)
	if err != nil {
		s.mu.Unlock()
	}
	return err
}

func (s *Session) admit(ctx context.Context, write bool) error {
	switch {
	case s.done:
		return uow.ErrDone
	case write && !s.write:
		return uow.ErrReadOnly
	case s.failed != nil:
		return s.failed
	}
	return ctx.Err()
}

// fail poisons the session.
func (s *Session) fail(err error) error {
	s.failed = err
	return err
}

// Readable reports why any call would be refused at once: uow.ErrDone, the
// error that poisoned the session or the context's.
func (s *Session) Readable(ctx context.Context) error {
	if err := s.enter(ctx, false); err != nil {
		return err
	}
	s.mu.Unlock()
	return nil
}

// Writable reports why a write would be refused at once: uow.ErrDone,
// uow.ErrReadOnly, the error that poisoned the session or the context's.
func (s *Session) Writable(ctx context.Context) error {
	if err := s.enter(ctx, true); err != nil {
		return err
	}
	s.mu.Unlock()
	return nil
}

// Get reads one row; false when there is none.
func (s *Session) Get(ctx context.Context, t *Table, id string) (Row, bool, error) {
	if err := s.enter(ctx, false); err != nil {
		return Row{}, false, err
	}
	defer s.mu.Unlock()
	if !Storable(id) {
		return Row{}, false, nil
	}
	d := s.docs[docKey{t, id}]
	if d == nil {
		if err := s.load(ctx, []Want{{Table: t, IDs: []string{id}}}); err != nil {
			return Row{}, false, err
		}
		d = s.docs[docKey{t, id}]
	}
	return d.row, d.exists, nil
}

// Value answers what Remember was told of this very row, nil if nothing: a
// document is decoded once a transaction.
func (s *Session) Value(t *Table, r Row) any {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.docs[docKey{t, r.ID}]
	if d == nil || len(r.Doc) == 0 || d.of != &r.Doc[0] {
		return nil
	}
	return d.value
}

// Remember keeps what a row was decoded to, until the row changes. Nobody may
// change the value afterwards.
func (s *Session) Remember(t *Table, r Row, value any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.docs[docKey{t, r.ID}]; d != nil && len(r.Doc) > 0 && len(d.row.Doc) > 0 && &d.row.Doc[0] == &r.Doc[0] {
		d.value, d.of = value, &r.Doc[0]
	}
}

// GetMany reads the rows that exist among the ids, each once, in the order of
// the ids.
func (s *Session) GetMany(ctx context.Context, t *Table, ids []string) ([]Row, error) {
	if err := s.enter(ctx, false); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	if err := s.load(ctx, s.unread([]Want{{Table: t, IDs: ids}})); err != nil {
		return nil, err
	}
	out := make([]Row, 0, len(ids))
	seen := make(map[string]struct{}, len(ids))
	for _, id := range ids {
		d := s.docs[docKey{t, id}]
		if _, twice := seen[id]; twice || d == nil || !d.exists {
			continue
		}
		seen[id] = struct{}{}
		out = append(out, d.row)
	}
	return out, nil
}

// Prefetch reads documents of several tables in one round trip; missing ones
// are no error.
func (s *Session) Prefetch(ctx context.Context, wants []Want) error {
	if err := s.enter(ctx, false); err != nil {
		return err
	}
	defer s.mu.Unlock()
	return s.load(ctx, s.unread(wants))
}

// unread leaves out what is known already, repeated, or cannot exist.
func (s *Session) unread(wants []Want) []Want {
	var out []Want
	asked := make(map[docKey]struct{})
	for _, w := range wants {
		var ids []string
		for _, id := range w.IDs {
			k := docKey{w.Table, id}
			_, twice := asked[k]
			if twice || s.docs[k] != nil || !Storable(id) {
				continue
			}
			asked[k] = struct{}{}
			ids = append(ids, id)
		}
		if len(ids) > 0 {
			out = append(out, Want{Table: w.Table, IDs: ids})
		}
	}
	return out
}

// load reads rows and remembers them, and those that are missing.
func (s *Session) load(ctx context.Context, wants []Want) error {
	if len(wants) == 0 {
		return nil
	}
	found, err := s.raw.Load(ctx, wants)
	if err != nil {
		return s.fail(err)
	}
	for i, w := range wants {
		for _, r := range found[i] {
			s.docs[docKey{w.Table, r.ID}] = &doc{row: r, exists: true, pending: nowhere}
		}
		for _, id := range w.IDs {
			if k := (docKey{w.Table, id}); s.docs[k] == nil {
				s.docs[k] = &doc{pending: nowhere}
			}
		}
	}
	return nil
}

// Find runs a select that sees the session's own writes.
func (s *Session) Find(ctx context.Context, sel Select) ([]Row, error) {
	if err := s.enter(ctx, false); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	if err := s.flushFor(ctx, sel.Table); err != nil {
		return nil, err
	}
	rows, err := s.raw.Find(ctx, sel)
	if err != nil {
		return nil, s.fail(err)
	}
	if sel.Docs {
		for _, r := range rows {
			if k := (docKey{sel.Table, r.ID}); s.docs[k] == nil {
				s.docs[k] = &doc{row: r, exists: true, pending: nowhere}
			}
		}
	}
	return rows, nil
}

// Count counts the matches of a select, its own writes included, up to limit.
func (s *Session) Count(ctx context.Context, sel Select, limit int) (int, error) {
	if err := s.enter(ctx, false); err != nil {
		return 0, err
	}
	defer s.mu.Unlock()
	if err := s.flushFor(ctx, sel.Table); err != nil {
		return 0, err
	}
	n, err := s.raw.Count(ctx, sel, limit)
	if err != nil {
		return 0, s.fail(err)
	}
	return n, nil
}

// Next implements uow.Counters.
func (s *Session) Next(ctx context.Context, series string) (int64, error) {
	if err := s.enter(ctx, true); err != nil {
		return 0, err
	}
	defer s.mu.Unlock()
	if err := checkTexts(named{"series", series}); err != nil {
		return 0, err
	}
	if err := checkLengths(named{"series", series}); err != nil {
		return 0, err
	}
	if s.lane != nil && s.lane.isHot(series) {
		return 0, s.fail(errLineUp)
	}
	if s.taken == nil {
		s.taken = make(map[string]struct{})
	}
	s.taken[series] = struct{}{}
	n, err := s.raw.Next(ctx, series)
	if err != nil {
		return 0, s.fail(err)
	}
	return n, nil
}

// Storable reports whether every engine can hold a text.
func Storable(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }
