package trytonerp

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/erp"
)

// ledger stands in for Tryton's database: documents and their parts, which
// transactions change that come to light when they end, with the time at which
// they began.
type ledger struct {
	rows map[string]map[int64]*ledgerRow // by model and id
	asks int
}

type ledgerRow struct {
	id, of           int64 // of is the document
	created, written int64
	version          int
}

func (r *ledgerRow) at() int64 { return max(r.created, r.written) }

func newLedger() *ledger {
	return &ledger{rows: map[string]map[int64]*ledgerRow{"doc": {}, "part": {}}}
}

// ServeHTTP answers the searches of changesOf.
func (l *ledger) answer(w http.ResponseWriter, _ *http.Request, c asked) {
	l.asks++
	var limit int
	var since []struct{ Since instant }
	domain := string(c.Params[0])
	at := domain[strings.Index(domain, `{"__class__"`):]
	at = at[:strings.Index(at, "}")+1]
	_ = json.Unmarshal([]byte(`[{"since":`+at+`}]`), &since)
	_ = json.Unmarshal(c.Params[2], &limit)
	either, unwritten := strings.Contains(domain, `"OR"`), strings.Contains(domain, `"create_date"`)
	var rows []*ledgerRow
	for _, r := range l.rows[strings.Split(c.Method, ".")[1]] {
		if r.at() > since[0].Since.UnixMicro() && (either || unwritten == (r.written == 0)) {
			rows = append(rows, r)
		}
	}
	slices.SortFunc(rows, func(a, b *ledgerRow) int {
		if strings.HasPrefix(string(c.Params[3]), `[["id"`) {
			return cmp.Compare(a.id, b.id)
		}
		return cmp.Or(cmp.Compare(a.at(), b.at()), cmp.Compare(a.id, b.id))
	})
	out := []map[string]any{}
	for _, r := range rows[:min(len(rows), limit)] {
		row := map[string]any{"id": r.id, "create_date": instant{time.UnixMicro(r.created)}, "write_date": nil, "of": r.of}
		if r.written > 0 {
			row["write_date"] = instant{time.UnixMicro(r.written)}
		}
		out = append(out, row)
	}
	b, _ := json.Marshal(out)
	c.with(w, `"result":`+string(b))
}

// content is what a document is made of.
func (l *ledger) content(doc int64) (text string, at int64) {
	d := l.rows["doc"][doc]
	at, text = d.at(), fmt.Sprint(d.version)
	for _, id := range slices.Sorted(maps.Keys(l.rows["part"])) {
		if p := l.rows["part"][id]; p.of == doc {
			text += fmt.Sprintf(" %d:%d", id, p.version)
			at = max(at, p.at())
		}
	}
	return text, at
}

// names are the documents that a record is: one to three.
func names(doc int64) (all []string) {
	for n := range doc%3 + 1 {
		all = append(all, fmt.Sprintf("%d/%d", doc, n))
	}
	return all
}

// feed tells of the ledger's documents; their content is the key.
func (l *ledger) feed() feed[erp.OrderChange] {
	return feed[erp.OrderChange]{op: erp.OpPullOrders, head: func(r *erp.OrderChange) *erp.Head { return &r.Head },
		sources: []source{{model: "doc"}, {model: "part", subject: "of", of: "doc"}},
		read: func(_ context.Context, subjects []subject) (map[subject]read[erp.OrderChange], error) {
			docs := map[subject]read[erp.OrderChange]{}
			for _, s := range subjects {
				text, at := l.content(s.id)
				d := read[erp.OrderChange]{at: at}
				for n := range names(s.id) {
					d.rows = append(d.rows, erp.OrderChange{Head: erp.Head{ID: names(s.id)[n], Key: text}})
				}
				docs[s] = d
			}
			return docs, nil
		}}
}

// change is one of a transaction that is open.
type ledgerChange struct {
	model   string
	id, of  int64
	version int // that it changes, 0 when it makes the row
}

type transaction struct {
	began, ended int64
	changes      []ledgerChange
}

// commit brings a transaction to light, unless another was faster.
func (l *ledger) commit(x transaction) {
	for _, c := range x.changes {
		if r := l.rows[c.model][c.id]; (r == nil) != (c.version == 0) || r != nil && r.version != c.version {
			return
		}
	}
	for _, c := range x.changes {
		if r := l.rows[c.model][c.id]; r != nil {
			r.written, r.version = x.began, r.version+1
		} else {
			l.rows[c.model][c.id] = &ledgerRow{id: c.id, of: c.of, created: x.began, version: 1}
		}
	}
}

// begin draws what a transaction changes.
func (l *ledger) begin(t *rapid.T, now int64, fresh *int64) transaction {
	x := transaction{began: now, ended: now + rapid.Int64Range(0, overlap-1).Draw(t, "takes")}
	docs := slices.Sorted(maps.Keys(l.rows["doc"]))
	for range rapid.IntRange(1, 6).Draw(t, "changes") {
		c := ledgerChange{model: "doc"}
		if len(docs) > 0 && rapid.Bool().Draw(t, "part") {
			c.model, c.of = "part", rapid.SampledFrom(docs).Draw(t, "doc")
		}
		if ids := slices.Sorted(maps.Keys(l.rows[c.model])); len(ids) > 0 && rapid.Bool().Draw(t, "old") {
			r := l.rows[c.model][rapid.SampledFrom(ids).Draw(t, "id")]
			c.id, c.of, c.version = r.id, r.of, r.version
		} else {
			*fresh++
			c.id = *fresh
		}
		if !slices.ContainsFunc(x.changes, func(d ledgerChange) bool { return d.id == c.id }) {
			x.changes = append(x.changes, c)
		}
	}
	return x
}

// inProcess spares the network.
type inProcess struct{ http.Handler }

func (h inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result(), nil
}

// reader reads a stream while transactions change it. What he has is in have, as
// of the newest sequence; after is all that he remembers of where he is.
type reader struct {
	pull  func(after erp.Cursor, limit int) (erp.Page[erp.OrderChange], error)
	after erp.Cursor
	have  map[string]erp.Head
}

// read reads a page and reports whether more wait.
func (r *reader) read(t *rapid.T, limit int) bool {
	p, err := r.pull(r.after, limit)
	require.NoError(t, err)
	require.LessOrEqual(t, len(p.Rows), limit)
	require.Equal(t, len(p.Rows) == 0, string(p.Next) == string(r.after), "the cursor moves with rows")
	for _, row := range p.Rows {
		if row.Sequence > r.have[row.ID].Sequence {
			r.have[row.ID] = row.Head
		}
	}
	r.after = p.Next
	return p.More
}

// missesNothing empties the ledger, draws transactions and pages between them,
// and checks that the reader ends with the documents as they are.
func (l *ledger) missesNothing(t *rapid.T, pull func(after erp.Cursor, limit int) (erp.Page[erp.OrderChange], error)) {
	*l = *newLedger()
	r := reader{pull: pull, have: map[string]erp.Head{}}
	now, fresh := int64(1e15), int64(0)
	var open []transaction
	for range rapid.IntRange(0, 10).Draw(t, "before") { // what was there long ago
		now += rapid.Int64Range(overlap, 4*overlap).Draw(t, "pause")
		l.commit(l.begin(t, now, &fresh))
	}
	for range rapid.IntRange(1, 30).Draw(t, "steps") {
		now += rapid.Int64Range(1, overlap).Draw(t, "passes")
		slices.SortFunc(open, func(a, b transaction) int { return cmp.Compare(a.ended, b.ended) })
		for len(open) > 0 && open[0].ended <= now {
			l.commit(open[0])
			open = open[1:]
		}
		switch rapid.IntRange(0, 2).Draw(t, "what") {
		case 0, 1:
			open = append(open, l.begin(t, now, &fresh))
		case 2:
			r.read(t, rapid.IntRange(1, 4).Draw(t, "limit"))
		}
	}
	for _, x := range open {
		l.commit(x)
	}
	for pages := 0; r.read(t, 3); pages++ {
		require.Less(t, pages, 500, "the stream has no end")
	}
	require.False(t, r.read(t, 3))
	for id := range l.rows["doc"] {
		text, at := l.content(id)
		for _, name := range names(id) {
			require.Equal(t, text, r.have[name].Key, "the document %s", name)
			require.GreaterOrEqual(t, r.have[name].Sequence, at)
		}
	}
}

// Whatever transactions do, and wherever the reader is interrupted, he ends with
// the documents as they are.
func TestNothingIsMissed(t *testing.T) {
	t.Parallel()
	l := newLedger()
	a := start(t, &tryton{})
	a.wire.rest.SetTransport(inProcess{&tryton{password: word, answer: l.answer}})
	rapid.Check(t, func(t *rapid.T) {
		l.missesNothing(t, func(after erp.Cursor, limit int) (erp.Page[erp.OrderChange], error) {
			return pull(context.Background(), a, l.feed(), after, limit)
		})
	})
}
