package engine

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/store"
)

// Join makes a session over a raw transaction that somebody else owns, so
// that a caller's own statements and ours are atomic together. finish sends
// what is buffered through raw.Commit, which a joined driver does not let
// commit, and ends the session: later calls of tx are uow.ErrDone. After an
// error of tx or finish the owner has to roll back; nothing is run again.
func Join(raw Raw, bind func(*Session) store.Tx) (tx store.Tx, finish func(context.Context) error) {
	s := newSession(raw, true)
	return bind(s), func(ctx context.Context) error {
		if err := s.Writable(ctx); err != nil {
			return err
		}
		writes, failed := s.end()
		if failed != nil {
			return failed
		}
		return raw.Commit(ctx, writes)
	}
}

// CheckTenant refuses what is no tenant, as store.ErrTenant.
func CheckTenant(t access.Tenant) error {
	if !validTenant(string(t)) {
		return store.ErrTenant
	}
	return nil
}
