package storetest

import (
	"context"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"

	"github.com/comptoir-go/comptoir/internal/fold"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// search tests the lists of one repository against a plain reading of the
// query: filter, sort and cut a slice.
type search[V, Q, H any] struct {
	docs   []V
	find   func(ctx context.Context, tx store.Tx, q Q) (uow.Page[H], error)
	page   func(q *Q) *uow.PageRequest
	match  func(v V, q Q) bool
	header func(v V) H
	less   func(a, b V, q Q) int
	// filters sets each field of the query from the data or beside it; a
	// field without one stops the suite.
	filters map[string]func(r *rand.Rand, q *Q)
}

func (s search[V, Q, H]) want(q Q) []H {
	var hit []V
	for _, v := range s.docs {
		if s.match(v, q) {
			hit = append(hit, v)
		}
	}
	slices.SortFunc(hit, func(a, b V) int { return s.less(a, b, q) })
	out := make([]H, len(hit))
	for i, v := range hit {
		out[i] = s.header(v)
	}
	return out
}

// leaves lists the fields of a query; a group of conditions such as Family
// counts by its members.
func leaves(t reflect.Type, prefix string) []string {
	var out []string
	for i := range t.NumField() {
		f := t.Field(i)
		switch {
		case f.Type == reflect.TypeFor[uow.PageRequest]():
		case f.Type.Kind() == reflect.Struct && exported(f.Type):
			out = append(out, leaves(f.Type, prefix+f.Name+".")...)
		default:
			out = append(out, prefix+f.Name)
		}
	}
	return out
}

func (s search[V, Q, H]) run(e *env, t store.Tenanted) {
	e.Helper()
	fields := leaves(reflect.TypeFor[Q](), "")
	for _, f := range fields {
		e.true(s.filters[f] != nil, "the suite does not cover the filter %T.%s", *new(Q), f)
	}
	e.true(len(s.filters) == len(fields), "filters %v are not those of %T", fields, *new(Q))
	seed := e.seed()
	r := rand.New(rand.NewPCG(seed, 1))
	hits := map[string]int{}
	e.view(t, func(ctx context.Context, tx store.Tx) error {
		var none Q
		s.check(e, ctx, tx, none)
		for _, f := range fields {
			for tries := 0; tries < count(6, 60) || hits[f] == 0 && tries < 300; tries++ {
				var q Q
				s.filters[f](r, &q)
				hits[f] += s.check(e, ctx, tx, q)
			}
		}
		for range count(60, 3000) {
			var q Q
			for range 2 + r.IntN(2) {
				s.filters[fields[r.IntN(len(fields))]](r, &q)
			}
			s.check(e, ctx, tx, q)
		}
		return nil
	})
	for _, f := range fields {
		e.true(hits[f] > 0, "no query by %s alone found anything; the case proves nothing about it", f)
	}
}

// check compares one list, whole and in small pages, and answers its length.
func (s search[V, Q, H]) check(e *env, ctx context.Context, tx store.Tx, q Q) int {
	e.Helper()
	want := s.want(q)
	first := true
	for _, limit := range []int{uow.MaxPage, 7} {
		got, err := paged(limit, func(p uow.PageRequest) (uow.Page[H], error) {
			p.Count = first
			*s.page(&q) = p
			out, err := s.find(ctx, tx, q)
			if err == nil && p.Count {
				e.true(out.Total != nil && *out.Total == uow.Total{N: len(want)}, "query %+v: total %+v, want %d", q, out.Total, len(want))
			}
			e.true(err != nil || p.Count || out.Total == nil, "query %+v: a total that was not asked for", q)
			first = false
			return out, err
		})
		if err != nil {
			e.Fatalf("query %+v: %v", q, err)
		}
		if d := looseDifference(got, want); d != "" {
			e.Fatalf("query %+v in pages of %d: %s", q, limit, d)
		}
		if len(want) > 20 && !soaking() {
			break
		}
	}
	return len(want)
}

func pick[T any](r *rand.Rand, xs ...T) T { return xs[r.IntN(len(xs))] }

// startsWords is the meaning of word searches: every word asked for begins
// some word of the texts.
func startsWords(asked string, texts ...string) bool {
	for _, w := range fold.Words(asked) {
		if !slices.ContainsFunc(texts, func(text string) bool {
			return slices.ContainsFunc(fold.Words(text), func(have string) bool { return strings.HasPrefix(have, w) })
		}) {
			return false
		}
	}
	return true
}

var townWords = []string{"Lémaux", "lemaire", "ÉVIER", "Cuisine", "Straße", "Łódź", "ﬁnition", "x1", "2026", "100%", "a_b", "Ωmega"}

func someWords(r *rand.Rand, n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = pick(r, townWords...)
	}
	return strings.Join(words, pick(r, " ", "  ", "-", ", "))
}

// beginnings asks for the beginnings of one or two words.
func beginnings(r *rand.Rand) string {
	out := ""
	for range 1 + r.IntN(2) {
		w := []rune(pick(r, townWords...))
		w = w[:1+r.IntN(len(w))]
		out += " " + pick(r, string(w), strings.ToUpper(string(w)), strings.ToLower(string(w)))
	}
	return out
}
