package engine

import (
	"context"
	"errors"

	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// ErrInjected is what a fault injector answers, wrapped or not, to be
// retryable on every driver. It has no code: callers of a store never see it
// but as the cause of uow.ErrBusy or uow.ErrUnknown.
var ErrInjected = errors.New("a failure was injected by a test")

// The points at which Inject asks.
const (
	AtBegin        = "begin"
	AtLoad         = "load"
	AtFind         = "find"
	AtCount        = "count"
	AtReserve      = "reserve"
	AtNext         = "next"
	AtApply        = "apply"
	AtCommitBefore = "commit-before"
	AtCommitAfter  = "commit-after"
)

type injectable interface {
	inject(fn func(point string) error) *Store
}

// Inject returns a second handle on an engine's store whose transactions ask
// fn at every statement, for conformance tests. What fn returns happens in
// place of the statement; nil lets it through. An error at AtCommitAfter means
// that the commit took place and its answer was lost for good: the caller gets
// uow.ErrUnknown. Closing either handle closes both. A store that is not built
// on this package cannot be injected: false.
func Inject(s store.Store, fn func(point string) error) (store.Store, bool) {
	i, ok := s.(injectable)
	if !ok {
		return nil, false
	}
	return i.inject(fn), true
}

func (s *Store) inject(fn func(point string) error) *Store {
	c := *s
	c.d = faulty{Driver: s.d, ask: fn}
	return &c
}

type faulty struct {
	Driver
	ask func(point string) error
}

func (f faulty) Begin(ctx context.Context, tenant string, write bool) (Raw, error) {
	if err := f.ask(AtBegin); err != nil {
		return nil, err
	}
	raw, err := f.Driver.Begin(ctx, tenant, write)
	if err != nil {
		return nil, err
	}
	return faultyRaw{Raw: raw, ask: f.ask}, nil
}

func (f faulty) Retryable(err error) bool {
	if errors.Is(err, uow.ErrUnknown) {
		return false
	}
	return errors.Is(err, ErrInjected) || f.Driver.Retryable(err)
}

type faultyRaw struct {
	Raw
	ask func(point string) error
}

func (f faultyRaw) Load(ctx context.Context, wants []Want) ([][]Row, error) {
	if err := f.ask(AtLoad); err != nil {
		return nil, err
	}
	return f.Raw.Load(ctx, wants)
}

func (f faultyRaw) Find(ctx context.Context, s Select) ([]Row, error) {
	if err := f.ask(AtFind); err != nil {
		return nil, err
	}
	return f.Raw.Find(ctx, s)
}

func (f faultyRaw) Count(ctx context.Context, s Select, limit int) (int, error) {
	if err := f.ask(AtCount); err != nil {
		return 0, err
	}
	return f.Raw.Count(ctx, s, limit)
}

func (f faultyRaw) Reserve(ctx context.Context, scope, key string, input []byte) (*KeyRow, error) {
	if err := f.ask(AtReserve); err != nil {
		return nil, err
	}
	return f.Raw.Reserve(ctx, scope, key, input)
}

func (f faultyRaw) Next(ctx context.Context, series string) (int64, error) {
	if err := f.ask(AtNext); err != nil {
		return 0, err
	}
	return f.Raw.Next(ctx, series)
}

func (f faultyRaw) Apply(ctx context.Context, ws []Write) error {
	if err := f.ask(AtApply); err != nil {
		return err
	}
	return f.Raw.Apply(ctx, ws)
}

// Commit rolls back when it is stopped before, so that the raw transaction
// ends all the same.
func (f faultyRaw) Commit(ctx context.Context, ws []Write) error {
	if err := f.ask(AtCommitBefore); err != nil {
		f.Raw.Rollback()
		return err
	}
	if err := f.Raw.Commit(ctx, ws); err != nil {
		return err
	}
	if err := f.ask(AtCommitAfter); err != nil {
		return uow.ErrUnknown.Because(err)
	}
	return nil
}
