package trytonerp

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/erp"
)

var idBehind = regexp.MustCompile(`\["id","(?:>|\\u003e)",(\d+)\]`)

// walkAnswer answers the searches of a walk, too.
func (l *ledger) walkAnswer(w http.ResponseWriter, r *http.Request, c asked) {
	domain := string(c.Params[0])
	model := strings.Split(c.Method, ".")[1]
	var limit int
	_ = json.Unmarshal(c.Params[2], &limit)
	if m := idBehind.FindStringSubmatch(domain); m != nil {
		n, _ := strconv.ParseInt(m[1], 10, 64)
		out := []map[string]any{}
		var ids []int64
		for id := range l.rows[model] {
			if id > n {
				ids = append(ids, id)
			}
		}
		slices.Sort(ids)
		for _, id := range ids[:min(limit, len(ids))] {
			out = append(out, map[string]any{"id": id})
		}
		b, _ := json.Marshal(out)
		c.with(w, `"result":`+string(b))
		return
	}
	if strings.Contains(domain, `"!=",null`) {
		var best *ledgerRow
		for _, row := range l.rows[model] {
			if best == nil || row.at() > best.at() {
				best = row
			}
		}
		out := []map[string]any{}
		if best != nil {
			out = append(out, map[string]any{"id": best.id, "create_date": instant{time.UnixMicro(best.at())}, "write_date": nil, "of": best.of})
		}
		b, _ := json.Marshal(out)
		c.with(w, `"result":`+string(b))
		return
	}
	l.answer(w, r, c)
}

// A walk that is interrupted anywhere, while transactions change what it goes
// through, ends with the documents as they are.
func TestWalkMissesNothing(t *testing.T) {
	l := newLedger()
	a := start(t, &tryton{})
	a.wire.rest.SetTransport(inProcess{&tryton{password: word, answer: l.walkAnswer}})
	rapid.Check(t, func(t *rapid.T) {
		*l = *newLedger()
		now, fresh := int64(1e15), int64(0)
		var open []transaction
		var after erp.Cursor
		have := map[string]erp.Head{}
		f := l.feed()
		f.listed = []source{{model: "doc"}}
		read := func(limit int) bool {
			p, err := pullWalked(context.Background(), a, f, after, limit)
			require.NoError(t, err)
			require.Equal(t, len(p.Rows) == 0, string(p.Next) == string(after), "the cursor moves with rows")
			for _, r := range p.Rows {
				if r.Sequence > have[r.ID].Sequence {
					have[r.ID] = r.Head
				}
			}
			after = p.Next
			return p.More
		}
		for range rapid.IntRange(1, 35).Draw(t, "steps") {
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
				read(rapid.IntRange(1, 4).Draw(t, "limit"))
			}
		}
		for _, x := range open {
			l.commit(x)
		}
		for range 500 {
			if !read(3) {
				break
			}
		}
		require.False(t, read(3))
		for id := range l.rows["doc"] {
			text, _ := l.content(id)
			for _, name := range names(id) {
				require.Equal(t, text, have[name].Key, "the document %s", name)
			}
		}
	})
}
