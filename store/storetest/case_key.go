package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

func keyCases() []Case {
	return []Case{
		{"key/first_result", "the same key and input answer the first result; another input is uow.ErrKeyReused and changes nothing", keyFirstResult},
		{"key/rollback", "a key claimed in a transaction that does not commit is free again", keyRollback},
		{"key/race", "of many commands with one key at once one takes effect and all get its result", keyRace},
		{"key/bounds", "keys are 1 to 255 bytes; scopes and keys are apart from one another", keyBounds},
		{"key/sweep", "a store that is a store.Sweeper forgets exactly the keys first reserved before an instant, in all tenants", keySweep},
	}
}

func counterCases() []Case {
	return []Case{
		{"counter/gapless", "numbers of one series are 1, 2, 3, … without gap or repetition under concurrent transactions of which many roll back", counterGapless},
		{"counter/series", "series are apart, several numbers may be taken in one transaction", counterSeries},
	}
}

func keyFirstResult(e *env) {
	t := e.tenant()
	runs := 0
	order := func(key, input string) (string, error) {
		return uow.Do(e.ctx, t, func(ctx context.Context, tx store.Tx) (string, error) {
			return uow.Once(ctx, tx.Keys(), "order.place", key, input, func() (string, error) {
				runs++
				n, err := tx.Counters().Next(ctx, "s")
				return fmt.Sprintf("order %d of %s", n, input), err
			})
		})
	}
	first, err := order("k1", "cart 1")
	e.must(err)
	for range 3 {
		again, err := order("k1", "cart 1")
		e.must(err)
		e.same(again, first, "result of a repeated command")
	}
	_, err = order("k1", "cart 2")
	e.is(err, uow.ErrKeyReused, "the key with another input")
	other, err := order("k2", "cart 2")
	e.must(err)
	e.same(other, "order 2 of cart 2", "result under another key")
	for range 2 {
		_, err = order("", "cart 3")
		e.must(err)
	}
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		// Within one transaction as well.
		for i := range 3 {
			prior, err := tx.Keys().Reserve(ctx, "scope", "twice", keyInput)
			if err != nil {
				return err
			}
			if i == 0 {
				e.true(prior == nil, "a new claim answers %q", prior)
				if err := tx.Keys().Fulfil(ctx, "scope", "twice", []byte("raw \x00\xff bytes")); err != nil {
					return err
				}
				continue
			}
			e.true(string(prior) == "raw \x00\xff bytes", "the result is %q", prior)
		}
		_, err := tx.Keys().Reserve(ctx, "scope", "twice", [32]byte{9})
		e.is(err, uow.ErrKeyReused, "another input in the same transaction")
		return nil
	})
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		prior, err := tx.Keys().Reserve(ctx, "scope", "twice", keyInput)
		e.true(string(prior) == "raw \x00\xff bytes", "the result is %q in a later transaction", prior)
		return err
	})
	e.true(runs >= 4, "the command ran %d times", runs)
}

func keyRollback(e *env) {
	t := e.tenant()
	for i := range 3 {
		err := t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
			prior, err := tx.Keys().Reserve(ctx, "scope", "key", [32]byte{byte(i)})
			if err != nil {
				return err
			}
			e.true(prior == nil, "claim %d answers %q", i, prior)
			if err := tx.Keys().Fulfil(ctx, "scope", "key", []byte("never")); err != nil {
				return err
			}
			return errUndo
		})
		e.true(errors.Is(err, errUndo), "claim %d: %v", i, err)
	}
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		prior, err := tx.Keys().Reserve(ctx, "scope", "key", keyInput)
		e.true(prior == nil, "the key still answers %q", prior)
		return errors.Join(err, tx.Keys().Fulfil(ctx, "scope", "key", []byte("first")))
	})
}

func keyRace(e *env) {
	t := e.tenant()
	for round := range count(2, 20) {
		var effects atomic.Int64
		results := make([]string, 50)
		errs := crowd(len(results), func(i int) error {
			return patient(func() error {
				ran := false
				out, err := uow.Do(e.ctx, t, func(ctx context.Context, tx store.Tx) (string, error) {
					ran = false
					return uow.Once(ctx, tx.Keys(), "order.place", fmt.Sprint("k", round), "cart", func() (string, error) {
						ran = true
						ev := sampleEvent(fmt.Sprintf("order/%d/%d", round, i), 1)
						if err := tx.Outbox().Append(ctx, event.Facts, ev); err != nil {
							return "", err
						}
						n, err := tx.Counters().Next(ctx, "s")
						return fmt.Sprintf("%d by %d", n, i), err
					})
				})
				if err == nil && ran {
					effects.Add(1)
				}
				results[i] = out
				return err
			})
		})
		e.must(errors.Join(errs...))
		e.true(effects.Load() == 1, "%d commands took effect, want 1", effects.Load())
		for i, r := range results {
			e.true(r == results[0], "command %d got %q, command 0 %q", i, r, results[0])
		}
		e.true(strings.HasPrefix(results[0], fmt.Sprint(round+1, " by ")), "the result is %q", results[0])
		e.depth(t, event.Facts, event.Depth{Waiting: int64(round + 1)})
	}
}

func keyBounds(e *env) {
	t := e.tenant()
	reserve := func(scope, key string) ([]byte, error) {
		return uow.Do(e.ctx, t, func(ctx context.Context, tx store.Tx) ([]byte, error) {
			prior, err := tx.Keys().Reserve(ctx, scope, key, keyInput)
			if err != nil || prior != nil {
				return prior, err
			}
			return nil, tx.Keys().Fulfil(ctx, scope, key, []byte(scope+"|"+key))
		})
	}
	long := strings.Repeat("é", uow.MaxKey/2)
	pairs := [][2]string{{"a", "bc"}, {"ab", "c"}, {"", "abc"}, {"A", "bc"}, {"scope é", long}, {"scope", long + "x"}}
	for range 2 {
		for i, p := range pairs {
			prior, err := reserve(p[0], p[1])
			e.must(err)
			e.true(prior == nil || string(prior) == p[0]+"|"+p[1], "pair %d answers %q", i, prior)
		}
	}
	for _, key := range []string{"", long + "xy", strings.Repeat("k", 10_000)} {
		_, err := reserve("scope", key)
		e.is(err, uow.ErrKeyLong, fmt.Sprintf("a key of %d bytes", len(key)))
	}
}

func counterGapless(e *env) {
	t := e.tenant()
	var mu sync.Mutex
	var got []int64
	each := count(2, 20)
	seed := e.seed()
	errs := crowd(100, func(i int) error {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		for j := range each {
			var n int64
			undo := r.IntN(3) == 0
			err := patient(func() error {
				return t.Update(e.ctx, func(ctx context.Context, tx store.Tx) (err error) {
					ev := sampleEvent(fmt.Sprintf("order/%d/%d", i, j), 1)
					if err := tx.Outbox().Append(ctx, event.Facts, ev); err != nil {
						return err
					}
					if n, err = tx.Counters().Next(ctx, "s"); err != nil {
						return err
					}
					if undo {
						return errUndo
					}
					return nil
				})
			})
			switch {
			case undo && errors.Is(err, errUndo):
			case err != nil:
				return err
			default:
				mu.Lock()
				got = append(got, n)
				mu.Unlock()
			}
		}
		return nil
	})
	e.must(errors.Join(errs...))
	slices.Sort(got)
	for i, n := range got {
		e.true(n == int64(i+1), "number %d of %d is %d: a gap or a repetition", i+1, len(got), n)
	}
	e.depth(t, event.Facts, event.Depth{Waiting: int64(len(got))})
}

func counterSeries(e *env) {
	t := e.tenant()
	series := []string{"a", "A", "", "a ", "invoice/2026", "é", strings.Repeat("s", 200)}
	for round := range 2 {
		e.update(t, func(ctx context.Context, tx store.Tx) error {
			for _, s := range series {
				for i := range 3 {
					n, err := tx.Counters().Next(ctx, s)
					if err != nil {
						return err
					}
					e.true(n == int64(3*round+i+1), "series %q: got %d, want %d", s, n, 3*round+i+1)
				}
			}
			return nil
		})
	}
}
