package engine

import (
	"bytes"
	"context"
	"crypto/sha256"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/uow"
)

// ErrNoClaim is a Fulfil without a claim of this transaction, or a second one.
var ErrNoClaim = fault.Define(fault.Internal, "store.no_claim", "the transaction holds no open claim on this idempotency key")

type claimKey struct{ scope, key string }

// claim is an idempotency key that this session has seen. It is open until
// there is a result.
type claim struct {
	input  [sha256.Size]byte
	result []byte
}

// Reserve implements uow.Keys. A claim whose transaction committed without
// Fulfil promised nobody a result: it stays bound to its input, and the next
// Reserve of the same input takes it over as if it were new.
func (s *Session) Reserve(ctx context.Context, scope, key string, input [sha256.Size]byte) ([]byte, error) {
	if err := s.enter(ctx, true); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	if key == "" || len(key) > uow.MaxKey {
		return nil, uow.ErrKeyLong.With("an idempotency key has 1 to %d bytes", uow.MaxKey)
	}
	if err := checkTexts(named{"scope", scope}, named{"key", key}); err != nil {
		return nil, err
	}
	if err := checkLengths(named{"scope", scope}); err != nil {
		return nil, err
	}
	k := claimKey{scope, key}
	c := s.claims[k]
	if c == nil {
		row, err := s.raw.Reserve(ctx, scope, key, input[:])
		if err != nil {
			return nil, s.fail(err)
		}
		c = &claim{input: input}
		if row != nil {
			copy(c.input[:], row.Input)
			c.result = row.Result
		}
		if s.claims == nil {
			s.claims = make(map[claimKey]*claim)
		}
		s.claims[k] = c
	}
	if c.input != input {
		return nil, uow.ErrKeyReused
	}
	return bytes.Clone(c.result), nil
}

// Fulfil implements uow.Keys. An empty result is kept as JSON null. Without an
// open claim of this transaction it is ErrNoClaim.
func (s *Session) Fulfil(ctx context.Context, scope, key string, result []byte) error {
	if err := s.enter(ctx, true); err != nil {
		return err
	}
	defer s.mu.Unlock()
	c := s.claims[claimKey{scope, key}]
	if c == nil || c.result != nil {
		return ErrNoClaim
	}
	c.result = bytes.Clone(result)
	if len(c.result) == 0 {
		c.result = []byte("null")
	}
	s.writes = append(s.writes, Write{Op: Fulfil, Scope: scope, Key: key, Result: c.result})
	return nil
}
