package erp

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/comptoir-go/comptoir/fault"
)

// OpListIDs lists what there is of a stream.
const OpListIDs Op = "list_ids"

// Lister tells which documents of a stream there are now. ERPs delete without
// a trace, so that no stream of changes can tell of it; whoever reads all again
// finds deletions by the list:
//
//	the documents known before the list was begun, less those that it names, are gone
//
// A Lister lists every stream that it pulls, and of each what a pull from the
// empty cursor would tell of: no drafts where drafts are not told. The ids are
// those of the rows' Head, in an order of the adapter's own that changes of the
// documents do not disturb (by the id, never by the change or by an offset). A
// document that is there from the first page to the last is named; one that
// comes or goes in between may be. The cursor belongs to this list alone: it is
// no cursor of the stream, and is not kept when the list is through.
type Lister interface {
	ListIDs(ctx context.Context, s Stream, after Cursor, limit int) (Page[string], error)
}

// ListIDs tells at most limit ids (1 to PullMax) of the stream's documents, from
// the empty cursor to the page without More. A stream that is none, a cursor or
// a limit out of bounds is ErrInvalidDocument; one that the adapter does not
// pull is Unsupported (erp.unsupported). It is a read and is repeated as such.
// A page that cannot be the answer is Contract (erp.contract): more ids than
// asked for, an empty one, one twice, or more behind a cursor that does not
// move, is too long or is the beginning.
func (c *Client) ListIDs(ctx context.Context, s Stream, after Cursor, limit int) (Page[string], error) {
	var is fault.Issues
	if PullOf(s) == "" {
		is.Add("stream", "stream.unknown", "%q is no stream", s)
	}
	checkPage(&is, after, limit)
	if err := is.Err(ErrInvalidDocument); err != nil {
		return Page[string]{}, err
	}
	if !c.Supports(PullOf(s)) {
		return Page[string]{}, c.name(NotSupported(OpListIDs))
	}
	return call(ctx, c, OpListIDs, func(ctx context.Context, a Lister) (Page[string], error) {
		p, err := a.ListIDs(ctx, s, bytes.Clone(after), limit)
		if err != nil {
			return Page[string]{}, err
		}
		if text := implausibleList(p, after, limit); text != "" {
			return Page[string]{}, NewError(Contract, OpListIDs, text, nil)
		}
		return p, nil
	})
}

// implausibleList says why a page of a list cannot be the answer, "" when it can.
func implausibleList(p Page[string], after Cursor, limit int) string {
	switch {
	case len(p.Rows) > limit:
		return fmt.Sprintf("the page has %d ids, %d were asked for", len(p.Rows), limit)
	case len(p.Next) > CursorMax:
		return fmt.Sprintf("the cursor has %d bytes, at most %d fit", len(p.Next), CursorMax)
	case p.More && (len(p.Next) == 0 || bytes.Equal(p.Next, after)):
		return "more ids wait behind a cursor that does not move"
	}
	seen := make(map[string]bool, len(p.Rows))
	for i, id := range p.Rows {
		if strings.TrimSpace(id) == "" {
			return fmt.Sprintf("the id %d is empty", i)
		}
		if seen[id] {
			return fmt.Sprintf("the id %q stands twice", id)
		}
		seen[id] = true
	}
	return ""
}
