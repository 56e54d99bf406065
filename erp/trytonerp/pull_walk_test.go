package trytonerp

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

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
	t.Parallel()
	l := newLedger()
	a := start(t, &tryton{})
	a.wire.rest.SetTransport(inProcess{&tryton{password: word, answer: l.walkAnswer}})
	f := l.feed()
	f.listed = []source{{model: "doc"}}
	rapid.Check(t, func(t *rapid.T) {
		l.missesNothing(t, func(after erp.Cursor, limit int) (erp.Page[erp.OrderChange], error) {
			return pullWalked(context.Background(), a, f, after, limit)
		})
	})
}
