package uow

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/comptoir-go/comptoir/fault"
)

// Counters hands out gapless numbers.
type Counters interface {
	// Next takes the next number of a series, from 1. Numbers taken in a
	// transaction that does not commit are taken again. Take them last: the
	// series is locked until the end.
	Next(ctx context.Context, series string) (int64, error)
}

// Ref names one document.
type Ref struct{ Kind, ID string }

// Prefetcher is implemented by transactions that can read several documents
// in one round trip; later Gets of them are answered from memory. It is a
// hint: missing documents are no error.
type Prefetcher interface {
	Prefetch(ctx context.Context, refs ...Ref) error
}

// Keys stores idempotency keys beside the work they protect.
type Keys interface {
	// Reserve claims (scope, key) for an input. It returns nil when the claim
	// is new; otherwise the first result. Another input under the same key is
	// ErrKeyReused.
	Reserve(ctx context.Context, scope, key string, input [sha256.Size]byte) (prior []byte, err error)
	// Fulfil stores the result of a claim made in this transaction.
	Fulfil(ctx context.Context, scope, key string, result []byte) error
}

// The errors of idempotency keys.
var (
	ErrKeyReused = fault.Define(fault.Invalid, "uow.key_reused", "the idempotency key was used before with another input")
	ErrKeyLong   = fault.Define(fault.Invalid, "uow.key_long", "an idempotency key has at most 255 bytes")
)

// MaxKey is the longest idempotency key, in bytes.
const MaxKey = 255

// Once runs fn the first time (scope, key) is seen and returns the stored
// result afterwards, given the same input. The input is compared by the
// SHA-256 of its JSON. With an empty key fn always runs.
func Once[R any](ctx context.Context, keys Keys, scope, key string, input any, fn func() (R, error)) (R, error) {
	var none R
	if key == "" {
		return fn()
	}
	if len(key) > MaxKey {
		return none, ErrKeyLong
	}
	canonical, err := json.Marshal(input)
	if err != nil {
		return none, fmt.Errorf("idempotency input: %w", err)
	}
	prior, err := keys.Reserve(ctx, scope, key, sha256.Sum256(canonical))
	if err != nil {
		return none, err
	}
	if prior != nil {
		var out R
		dec := json.NewDecoder(bytes.NewReader(prior))
		if err := dec.Decode(&out); err != nil {
			return none, fmt.Errorf("stored result: %w", err)
		}
		return out, nil
	}
	out, err := fn()
	if err != nil {
		return none, err
	}
	result, err := json.Marshal(out)
	if err != nil {
		return none, fmt.Errorf("idempotency result: %w", err)
	}
	return out, keys.Fulfil(ctx, scope, key, result)
}
