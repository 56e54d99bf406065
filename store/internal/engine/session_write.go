package engine

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/uow"
)

// Save stores a row whose document stood at version want before, 0 for a new
// one. A version known to be stale is uow.ErrVersion, a known id the table's
// Exists, at once; what is not known is checked when the writes are sent. Two
// saves of one document leave as one write. Text too long for an index is
// store.ErrLong.
func (s *Session) Save(ctx context.Context, t *Table, r Row, want int64) error {
	if err := s.enter(ctx, true); err != nil {
		return err
	}
	defer s.mu.Unlock()
	if err := t.long(&r); err != nil {
		return err
	}
	k := docKey{t, r.ID}
	d := s.docs[k]
	if err := stale(t, r.ID, d, want); err != nil {
		return err
	}
	if d == nil {
		d = &doc{pending: nowhere}
		s.docs[k] = d
	}
	if w := s.pending(d); w != nil {
		if w.Op != Delete && s.mergeable(d, r) {
			w.Row = r
			d.row = r
			return nil
		}
		// A document deleted and made anew, or a unique value that another
		// write has to free first: what is pending has to go before.
		if err := s.flush(ctx); err != nil {
			return err
		}
	}
	op := Replace
	if want == 0 {
		op = Insert
	}
	s.put(d, Write{Op: op, Table: t, Row: r, Want: want})
	d.row, d.exists = r, true
	return nil
}

// Delete removes a document that stands at the version given; another version,
// or none at all, is uow.ErrVersion, at once or when the writes are sent.
func (s *Session) Delete(ctx context.Context, t *Table, id string, version int64) error {
	if err := s.enter(ctx, true); err != nil {
		return err
	}
	defer s.mu.Unlock()
	k := docKey{t, id}
	d := s.docs[k]
	if version == 0 || !Storable(id) {
		found := int64(0)
		if d != nil && d.exists {
			found = d.row.Version
		}
		return uow.Conflict(t.Kind, id, version, found)
	}
	if err := stale(t, id, d, version); err != nil {
		return err
	}
	if d == nil {
		d = &doc{pending: nowhere}
		s.docs[k] = d
	}
	if w := s.pending(d); w != nil && w.Op == Replace {
		*w = Write{Op: Delete, Table: t, Row: Row{ID: id}, Want: w.Want}
	} else {
		if w != nil {
			// Whether the insert was right is known only when it is sent.
			if err := s.flush(ctx); err != nil {
				return err
			}
		}
		s.put(d, Write{Op: Delete, Table: t, Row: Row{ID: id}, Want: version})
	}
	d.row, d.exists = Row{}, false
	return nil
}

// stale compares a wanted version with what is known.
func stale(t *Table, id string, d *doc, want int64) error {
	switch {
	case d == nil:
		return nil
	case want == 0 && d.exists:
		return t.Exists
	case want != 0 && !d.exists:
		return uow.Conflict(t.Kind, id, want, 0)
	case want != 0 && d.row.Version != want:
		return uow.Conflict(t.Kind, id, want, d.row.Version)
	}
	return nil
}

// pending returns the write of a document that has not been sent, nil if none.
func (s *Session) pending(d *doc) *Write {
	if d.pending == nowhere || d.flush != s.flushes {
		return nil
	}
	return &s.writes[d.pending]
}

// mergeable reports whether a row may take the place of the pending write of
// its document. It may not when it claims a unique value that a later pending
// write of the table could be the one to free.
func (s *Session) mergeable(d *doc, r Row) bool {
	w := s.writes[d.pending]
	same := true
	for _, set := range w.Table.Unique {
		for _, name := range set {
			i := w.Table.Col(name)
			same = same && w.Row.Cols[i] == r.Cols[i]
		}
	}
	return same || !slices.ContainsFunc(s.writes[d.pending+1:], func(later Write) bool { return later.Table == w.Table })
}

func (s *Session) put(d *doc, w Write) {
	d.pending, d.flush = len(s.writes), s.flushes
	s.writes = append(s.writes, w)
}

// flushFor sends the writes when one of them could change what a select over
// the table answers.
func (s *Session) flushFor(ctx context.Context, t *Table) error {
	for i := range s.writes {
		if s.writes[i].Table == t {
			return s.flush(ctx)
		}
	}
	return nil
}

func (s *Session) flush(ctx context.Context) error {
	ws := s.writes
	s.writes, s.flushes = nil, s.flushes+1
	if err := s.raw.Apply(ctx, ws); err != nil {
		return s.fail(err)
	}
	return nil
}
