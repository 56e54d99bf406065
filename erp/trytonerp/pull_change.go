package trytonerp

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/erp"
)

// source is where the documents of a stream change: records of one model.
type source struct {
	model string
	// domain leaves those that are told.
	domain []any
	// subject is the field, dotted perhaps, that names the record whose documents
	// they are: a Reference, or the id of one of the model named in of. "" is
	// the record itself.
	subject, of string
}

// subject is a record that documents of a stream are made of.
type subject struct {
	model string
	id    int64
}

func (u subject) String() string { return reference(u.model, u.id) }

// change is a record of a source as it changed last.
type change struct {
	at      int64 // microseconds since 1970
	source  int
	id      int64
	subject subject
}

func (c change) compare(d change) int {
	return cmp.Or(cmp.Compare(c.at, d.at), cmp.Compare(c.source, d.source), cmp.Compare(c.id, d.id))
}

// stamps are the times of a record.
type stamps struct {
	Created instant `json:"create_date"`
	Written instant `json:"write_date"`
}

var stampFields = []string{"create_date", "write_date"}

// at is when the record changed last; it is made in the same moment at the
// earliest.
func (s stamps) at() int64 { return max(s.Created.UnixMicro(), s.Written.UnixMicro()) }

// changes are those of the sources that the position does not know, in order,
// and of those not told at least the first n. more says that there are others.
func (a *Adapter) changes(ctx context.Context, op erp.Op, sources []source, p position, n int) (all []change, more bool, err error) {
	end := change{at: math.MaxInt64}
	for i, s := range sources {
		some, last, err := a.changesOf(ctx, op, s, p.floor, n+p.count(i))
		if err != nil {
			return nil, false, err
		}
		for _, c := range some {
			if c.source = i; !p.knows(c) {
				all = append(all, c)
			}
		}
		if last != nil {
			last.source = i
			if more = true; last.compare(end) < 0 {
				end = *last
			}
		}
	}
	slices.SortFunc(all, change.compare)
	// What lies behind the end of one source is not all there is.
	if i := slices.IndexFunc(all, func(c change) bool { return c.compare(end) > 0 }); i >= 0 {
		all = all[:i]
	}
	if more && len(all) > 0 {
		all = whole(all, all[len(all)-1].at)
	}
	return all, more, nil
}

// whole leaves out the changes of the time, which may not be all of their
// transaction, unless there are no others: so a transaction is not torn apart
// without need.
func whole(all []change, at int64) []change {
	if i := slices.IndexFunc(all, func(c change) bool { return c.at >= at }); i > 0 {
		return all[:i]
	}
	return all
}

// changesOf are the changes of one source behind the floor: all, in no order,
// when there are less than n, and else at least the first n; then last is the
// one up to which they are complete.
func (a *Adapter) changesOf(ctx context.Context, op erp.Op, s source, floor int64, n int) (all []change, last *change, err error) {
	since := instant{time.UnixMicro(floor)}
	written := []any{"write_date", ">", since}
	created := []any{[]any{"write_date", "=", nil}, []any{"create_date", ">", since}}
	all, err = a.stamped(ctx, op, s, []any{"OR", written, created}, n, [][2]string{{"id", "ASC"}})
	if err != nil || len(all) < n {
		return all, nil, err
	}
	// Tryton sorts by one field: those written once more, and the others.
	all = nil
	for _, kind := range []struct {
		when  []any
		field string
	}{{written, "write_date"}, {created, "create_date"}} {
		some, err := a.stamped(ctx, op, s, kind.when, n, [][2]string{{kind.field, "ASC"}, {"id", "ASC"}})
		if err != nil {
			return nil, nil, err
		}
		if all = append(all, some...); len(some) == n && (last == nil || some[n-1].compare(*last) < 0) {
			last = &some[n-1]
		}
	}
	return all, last, nil
}

// stamped are the changes of the records of a source that match the domain.
func (a *Adapter) stamped(ctx context.Context, op erp.Op, s source, domain []any, n int, order [][2]string) ([]change, error) {
	fields := stampFields
	if s.subject != "" {
		fields = append(slices.Clone(fields), s.subject)
	}
	var rows []json.RawMessage
	if err := a.allRead(ctx, op, s.model, append(slices.Clone(s.domain), domain), fields, n, order, &rows); err != nil {
		return nil, err
	}
	all := make([]change, len(rows))
	for i, row := range rows {
		var at struct {
			ID int64
			stamps
		}
		if err := json.Unmarshal(row, &at); err != nil {
			return nil, unreadable(op, false, err)
		}
		all[i] = change{at: at.at(), id: at.ID, subject: subject{s.model, at.ID}}
		if s.subject != "" {
			u, err := s.subjectOf(row)
			if err != nil {
				return nil, unreadable(op, false, err)
			}
			all[i].subject = u
		}
	}
	return all, nil
}

// subjectOf reads the field that names the subject; the zero subject where it is null.
// Of a dotted name the parts stand in one another, under names with a dot at
// their end.
func (s source) subjectOf(row json.RawMessage) (subject, error) {
	path := strings.Split(s.subject, ".")
	for i, name := range path {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(row, &fields); err != nil {
			return subject{}, err
		}
		if i < len(path)-1 {
			name += "."
		}
		if row = fields[name]; row == nil || string(row) == "null" {
			return subject{}, nil
		}
	}
	if s.of != "" {
		u := subject{model: s.of}
		return u, json.Unmarshal(row, &u.id)
	}
	var r string
	if err := json.Unmarshal(row, &r); err != nil {
		return subject{}, err
	}
	model, _, _ := strings.Cut(r, ",")
	u := subject{model, recordRef(r, model)}
	if u.id == 0 {
		return subject{}, fmt.Errorf("%.60q is no record", r)
	}
	return u, nil
}
