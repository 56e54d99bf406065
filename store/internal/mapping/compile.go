package mapping

import (
	"math"
	"time"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/internal/fold"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/internal/engine"
)

// builder collects the predicates of a query. A filter that was not set adds
// nothing; text that no engine could compare is noted as an issue.
type builder struct {
	sel    engine.Select
	issues fault.Issues
}

func selecting(t *engine.Table, by engine.Sort) *builder {
	return &builder{sel: engine.Select{Table: t, Sort: by}}
}

func (b *builder) done() (engine.Select, error) {
	if err := b.issues.Err(store.ErrText); err != nil {
		return engine.Select{}, err
	}
	return b.sel, nil
}

func (b *builder) add(p engine.Pred) { b.sel.Where = append(b.sel.Where, p) }

func (b *builder) asked(path, value string) bool {
	if !engine.Storable(value) {
		b.issues.Add(path, "text", "is not valid UTF-8 without NUL")
		return false
	}
	return value != ""
}

func (b *builder) text(path, column, value string) {
	if b.asked(path, value) {
		b.add(engine.Pred{Op: engine.Eq, Column: column, Values: []any{value}})
	}
}

func (b *builder) prefix(path, column, value string) {
	if b.asked(path, value) {
		b.add(engine.Pred{Op: engine.Prefix, Column: column, Values: []any{value}})
	}
}

func (b *builder) folded(path, column, value string) {
	if b.asked(path, value) {
		b.add(engine.Pred{Op: engine.Eq, Column: column, Values: []any{fold.Text(value)}})
	}
}

func (b *builder) in(path, column string, values []any) {
	for _, v := range values {
		if s, ok := v.(string); ok {
			b.asked(path, s)
		}
	}
	op := engine.In
	if len(values) == 1 {
		// One value keeps the index's order; a list of values does not.
		op = engine.Eq
	}
	b.add(engine.Pred{Op: op, Column: column, Values: values})
}

// any is in for filters that may be left out.
func (b *builder) any(path, column string, values []any) {
	if len(values) > 0 {
		b.in(path, column, values)
	}
}

// amounts bounds a column of minor units, both bounds included; a bound
// selects rows of its own currency.
func (b *builder) amounts(currency, column string, least, most money.Amount) {
	for i, bound := range []money.Amount{least, most} {
		if bound.IsNone() {
			continue
		}
		b.add(engine.Pred{Op: engine.Eq, Column: currency, Values: []any{bound.Currency().Code()}})
		switch minor := bound.Minor(); {
		case i == 0:
			b.add(engine.Pred{Op: engine.AtLeast, Column: column, Values: []any{minor}})
		case minor < math.MaxInt64:
			b.add(engine.Pred{Op: engine.Below, Column: column, Values: []any{minor + 1}})
		}
	}
}

// since and upto bound a column of days, both included; a row without a day
// is within neither.
func (b *builder) since(column string, d partner.Date) {
	if !d.IsZero() {
		b.add(engine.Pred{Op: engine.AtLeast, Column: column, Values: []any{d.String()}})
	}
}

func (b *builder) upto(column string, d partner.Date) {
	if d.IsZero() {
		return
	}
	b.add(engine.Pred{Op: engine.AtLeast, Column: column, Values: []any{"0"}})
	if next := d.AddDays(1); !next.IsZero() {
		b.add(engine.Pred{Op: engine.Below, Column: column, Values: []any{next.String()}})
	}
}

func (b *builder) flag(column string, value *bool) {
	if value != nil {
		b.add(engine.Pred{Op: engine.Eq, Column: column, Values: []any{*value}})
	}
}

func (b *builder) term(path, kind, value string) {
	if b.asked(path, value) {
		b.hasTerm(kind, value)
	}
}

// hasTerm asks for any of the terms.
func (b *builder) hasTerm(kind string, values ...any) {
	b.add(engine.Pred{Op: engine.HasTerm, Kind: kind, Values: values})
}

// words asks for every word's beginning among the terms of any of the kinds.
func (b *builder) words(path, kind, text string, also ...string) {
	if !b.asked(path, text) {
		return
	}
	for _, w := range fold.Words(text) {
		b.add(engine.Pred{Op: engine.TermPrefix, Kind: kind, Also: also, Values: []any{shorten(w)}})
	}
}

// from and until bound a time column, from included, until excluded.
func (b *builder) from(column string, t time.Time) {
	if !t.IsZero() {
		b.add(engine.Pred{Op: engine.AtLeast, Column: column, Values: []any{ceil(t)}})
	}
}

func (b *builder) until(column string, t time.Time) {
	if !t.IsZero() {
		b.add(engine.Pred{Op: engine.Below, Column: column, Values: []any{ceil(t)}})
	}
}

// ceil is the first stored instant at or after t: against whole microseconds
// both x >= t and x < t ask the same of it as of t.
func ceil(t time.Time) time.Time {
	c := clock.Cut(t)
	if c.Before(t) {
		c = c.Add(time.Microsecond)
	}
	return c
}

// anys makes the values of a predicate.
func anys[T ~string](xs []T) []any {
	out := make([]any, len(xs))
	for i, x := range xs {
		out[i] = string(x)
	}
	return out
}

// distinct drops repetitions, keeping the order.
func distinct[T comparable](xs []T) []T {
	out := make([]T, 0, len(xs))
	seen := make(map[T]struct{}, len(xs))
	for _, x := range xs {
		if _, ok := seen[x]; !ok {
			seen[x] = struct{}{}
			out = append(out, x)
		}
	}
	return out
}

// askable is distinct without what cannot be stored and so cannot be found.
func askable[T ~string](xs []T) []T {
	out := distinct(xs)[:0]
	for _, x := range distinct(xs) {
		if engine.Storable(string(x)) {
			out = append(out, x)
		}
	}
	return out
}
