package erpsync

import (
	"context"
	"errors"
	"strings"
	"unicode"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store"
)

// forPerson marks what waits for a person: nothing that arrives releases it.
const forPerson = "person"

// rota is how many parked changes a step tries again besides those whose
// parent it brought.
const rota = 100

// The longest identity and cause of a parked change, in characters.
const (
	idMax    = 200
	causeMax = 2000
)

// brief is a text that every store carries: valid, of limited length, without
// control characters but line breaks and tabs.
func brief(text string, most int) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "�"))
	for i := range text {
		if most == 0 {
			return text[:i]
		}
		most--
	}
	return text
}

// arrived applies what waited for these things, and what waited for that.
func (p *Puller) arrived(ctx context.Context, whats []string) (released int, err error) {
	for len(whats) > 0 {
		waits, err := p.awaiting(ctx, whats)
		if err != nil {
			return released, err
		}
		whats = nil
		for _, k := range waits {
			gave, done, err := p.release(ctx, k)
			if err != nil {
				return released, err
			}
			if done {
				released++
				whats = append(whats, gave...)
			}
		}
	}
	return released, nil
}

// awaiting reads what waits for these things.
func (p *Puller) awaiting(ctx context.Context, whats []string) (out []event.Parked, err error) {
	err = p.store.View(ctx, func(ctx context.Context, tx store.Tx) error {
		out = nil
		one, _, err := tx.Inbox().Parked(ctx, "", 1)
		if err != nil || len(one) == 0 { // as a rule nothing is parked at all
			return err
		}
		for _, what := range whats {
			some, err := tx.Inbox().Awaiting(ctx, what)
			if err != nil {
				return err
			}
			out = append(out, some...)
		}
		return nil
	})
	return out, err
}

// release tries a parked change again, in a transaction of its own, and
// reports whether it was applied, and what may be waited for as. One that is
// refused now waits for a person.
func (p *Puller) release(ctx context.Context, k event.Parked) (gave []string, done bool, err error) {
	f, ok := p.feeds[erp.Stream(k.Stream)]
	if !ok {
		return nil, false, nil
	}
	err = p.store.Update(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		gave, err = p.unpark(ctx, tx, f, k)
		return err
	})
	switch {
	case err == nil:
		return gave, true, nil
	case errors.Is(err, ErrNotParked): // somebody else was faster
		return nil, false, nil
	case !parks(err):
		return nil, false, err
	case awaited(err) == k.Awaits:
		return nil, false, p.leave(ctx, k, err)
	}
	return nil, false, p.store.Update(ctx, func(ctx context.Context, tx store.Tx) error {
		still, is, fail := parkedAs(ctx, tx, k)
		if fail != nil || !is {
			return fail
		}
		still.Awaits, still.Cause = awaited(err), brief(err.Error(), causeMax)
		return tx.Inbox().Park(ctx, still)
	})
}

// unpark applies a parked change, if it is still there.
func (p *Puller) unpark(ctx context.Context, tx store.Tx, f feed, k event.Parked) ([]string, error) {
	still, is, err := parkedAs(ctx, tx, k)
	if err != nil {
		return nil, err
	}
	if !is {
		return nil, ErrNotParked
	}
	gave, err := f.again(ctx, tx, still.Data)
	if err != nil {
		return nil, err
	}
	return gave, tx.Inbox().Unpark(ctx, still.ID, still.Sequence)
}

// parkedAs reads a parked change as it is now, if it is still the same one.
func parkedAs(ctx context.Context, tx store.Tx, k event.Parked) (event.Parked, bool, error) {
	still, is, err := tx.Inbox().Waits(ctx, k.ID)
	if !is || err != nil || still.Sequence != k.Sequence || still.Awaits != k.Awaits {
		return event.Parked{}, false, err
	}
	return still, true, nil
}

// retryParked goes through what is parked, some at every step: a parent may
// have arrived by another way than the stream.
func (p *Puller) retryParked(ctx context.Context) (did Pulled) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var some []event.Parked
	err := p.store.View(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		some, p.seen, err = tx.Inbox().Parked(ctx, p.seen, rota)
		return err
	})
	if err != nil {
		p.seen = ""
		return Pulled{Err: err}
	}
	for _, k := range some {
		if k.Awaits == forPerson {
			continue
		}
		gave, done, fail := p.release(ctx, k)
		if done {
			did.Released++
			more, also := p.arrived(ctx, gave)
			did.Released += more
			fail = errors.Join(fail, also)
		}
		did.Err = errors.Join(did.Err, fail)
		if ctx.Err() != nil {
			break
		}
	}
	return did
}
