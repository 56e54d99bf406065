package mapping

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/uow"
)

// errNothing is never seen: a stream without a row stands at its beginning,
// and what is not parked does not wait.
var errNothing = fault.Define(fault.NotFound, "store.nothing", "nothing of that name has come from outside yet")

// inboxCursors keep how far the streams from outside have been applied, by
// stream. Whoever comes second to a new stream has lost like any other.
var inboxCursors = &engine.Table{
	Name: "inbox_cursors",
	Kind: "inbox_cursor",
	Columns: []engine.Column{
		{Name: "applied_at", Type: engine.Time},
		{Name: "changes", Type: engine.Int},
	},
	NotFound: errNothing,
	Exists:   uow.ErrVersion,
}

var cursorCodec = codec[event.Cursor]{
	table: inboxCursors,
	key:   func(c *event.Cursor) (string, *int64) { return c.Stream, &c.Version },
	copy: func(c *event.Cursor) {
		c.At, c.Value = clock.Cut(c.At), some(c.Value)
	},
	cols: func(c *event.Cursor) []any { return []any{c.At, int64(c.Changes)} },
}

var bySince = engine.Sort{Columns: []string{"since"}}

// inboxParked keeps changes that wait, by the identity of what changed.
var inboxParked = &engine.Table{
	Name: "inbox_parked",
	Kind: "inbox_parked",
	Columns: []engine.Column{
		{Name: "stream", Type: engine.Text},
		{Name: "awaits", Type: engine.Text},
		{Name: "sequence", Type: engine.Int},
		{Name: "since", Type: engine.Time},
	},
	Sorts:    []engine.Sort{bySince},
	Indexes:  [][]string{{"awaits", "since"}},
	NotFound: errNothing,
	Exists:   uow.ErrVersion,
}

// parked is a parked change as a document. Its data is kept as text: a column
// of JSON would bring it into another form.
type parked struct {
	ID       string    `json:"id"`
	Version  int64     `json:"version"`
	Stream   string    `json:"stream"`
	Sequence int64     `json:"sequence,omitempty"`
	Awaits   string    `json:"awaits"`
	Data     string    `json:"data"`
	Cause    string    `json:"cause,omitempty"`
	Since    time.Time `json:"since"`
}

var parkedCodec = codec[parked]{
	table: inboxParked,
	key:   func(p *parked) (string, *int64) { return p.ID, &p.Version },
	copy:  func(p *parked) { p.Since = clock.Cut(p.Since) },
	cols:  func(p *parked) []any { return []any{p.Stream, p.Awaits, p.Sequence, sortable(p.Since)} },
}

func (p parked) value() event.Parked {
	return event.Parked{ID: p.ID, Stream: p.Stream, Sequence: p.Sequence, Awaits: p.Awaits,
		Data: json.RawMessage(p.Data), Cause: p.Cause, Since: p.Since}
}

type inbox tx

func (r inbox) Cursor(ctx context.Context, stream string) (event.Cursor, error) {
	c, err := cursorCodec.get(ctx, tx(r), stream)
	if err == errNothing {
		return event.Cursor{Stream: stream}, nil
	}
	return c, err
}

func (r inbox) Cursors(ctx context.Context, prefix, after string, limit int) ([]event.Cursor, error) {
	if err := r.s.Readable(ctx); err != nil {
		return nil, err
	}
	if limit < 1 || limit > uow.MaxPage {
		return nil, uow.ErrPage.With("a page has 1 to %d rows", uow.MaxPage)
	}
	if !engine.Storable(prefix) || !engine.Storable(after) {
		return nil, nil
	}
	// Texts that begin alike stand together, the prefix itself before them.
	found, err := cursorCodec.all(ctx, tx(r), engine.Select{Table: inboxCursors, After: []any{max(prefix, after)}, Limit: limit, Docs: true})
	end := slices.IndexFunc(found, func(c event.Cursor) bool { return !strings.HasPrefix(c.Stream, prefix) })
	if end >= 0 {
		found = found[:end]
	}
	return found, err
}

func (r inbox) Move(ctx context.Context, c event.Cursor) error {
	_, err := cursorCodec.save(ctx, r.s, c)
	return err
}

func (r inbox) Park(ctx context.Context, p event.Parked) error {
	if err := r.s.Writable(ctx); err != nil {
		return err
	}
	if p.ID == "" || p.Stream == "" || p.Awaits == "" {
		return event.ErrParked
	}
	there, err := r.there(ctx, p.ID)
	if err != nil || there.Sequence > p.Sequence {
		return err
	}
	_, err = parkedCodec.save(ctx, r.s, parked{ID: p.ID, Version: there.Version, Stream: p.Stream, Sequence: p.Sequence,
		Awaits: p.Awaits, Data: string(p.Data), Cause: p.Cause, Since: p.Since})
	return err
}

// there is what is parked under an id, of version 0 when nothing is.
func (r inbox) there(ctx context.Context, id string) (parked, error) {
	p, err := parkedCodec.get(ctx, tx(r), id)
	if err == errNothing {
		return parked{}, nil
	}
	return p, err
}

func (r inbox) Unpark(ctx context.Context, id string, upto int64) error {
	if err := r.s.Writable(ctx); err != nil {
		return err
	}
	there, err := r.there(ctx, id)
	if err != nil || there.Version == 0 || there.Sequence > upto {
		return err
	}
	return r.s.Delete(ctx, inboxParked, id, there.Version)
}

func (r inbox) Waits(ctx context.Context, id string) (event.Parked, bool, error) {
	if !engine.Storable(id) {
		return event.Parked{}, false, r.s.Readable(ctx)
	}
	p, err := r.there(ctx, id)
	if err != nil || p.Version == 0 {
		return event.Parked{}, false, err
	}
	return p.value(), true, nil
}

func (r inbox) Awaiting(ctx context.Context, what string) ([]event.Parked, error) {
	if !engine.Storable(what) {
		return nil, r.s.Readable(ctx)
	}
	found, err := parkedCodec.all(ctx, tx(r), engine.Select{Table: inboxParked, Sort: bySince, Docs: true,
		Where: []engine.Pred{{Op: engine.Eq, Column: "awaits", Values: []any{what}}}})
	if err != nil {
		return nil, err
	}
	out := make([]event.Parked, len(found))
	for i, p := range found {
		out[i] = p.value()
	}
	return out, nil
}

func (r inbox) Parked(ctx context.Context, after string, limit int) ([]event.Parked, string, error) {
	sel := engine.Select{Table: inboxParked, Sort: bySince, Docs: true}
	p, err := page(ctx, r.s, sel, nil, uow.PageRequest{After: after, Limit: limit}, func(row engine.Row) (event.Parked, error) {
		v, err := parkedCodec.read(tx(r), row)
		return v.value(), err
	})
	if err != nil {
		return nil, "", err
	}
	return p.Rows, p.Next, nil
}
