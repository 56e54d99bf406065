package pgstore

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/store/internal/mapping"
)

const joinChecks = "select current_setting('transaction_isolation'), set_config('comptoir.tenant', $1, true)"

// Joined is a store.Tx inside a transaction of the caller.
type Joined struct {
	store.Tx
	finish func(context.Context) error
}

// Flush sends what Tx has gathered and ends it: a later call is uow.ErrDone.
// The caller commits after it and only when it answers nil; without Flush the
// last writes are not in the transaction. A version that has moved is
// uow.ErrVersion, a taken id the domain's Exists.
func (j *Joined) Flush(ctx context.Context) error { return j.finish(ctx) }

// Join lets a portal write rows of its own in one transaction with ours:
//
//	tx, err := pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.Serializable})
//	j, err := pgstore.Join(ctx, tx, "fr")
//	placed, err := orders.PlaceTx(ctx, j, actor, in) // ours
//	_, err = tx.Exec(ctx, "insert into portal_notes ...")  // theirs
//	err = j.Flush(ctx)
//	err = tx.Commit(ctx)
//
// The transaction must be SERIALIZABLE, else ErrIsolation, and in a database
// that Open has migrated. Join sets its tenant (store.ErrTenant when it is
// none), under which row-level security holds for the rest of it.
//
// What the store does for an Update is the caller's here: nothing is run
// again. SQLSTATE 40001 and 40P01, from any call or from the COMMIT, mean to
// roll back and run everything anew (ErrConflict when it comes through Tx or
// Flush); after a lost answer to the COMMIT it is for the caller to find out
// what happened, for instance by an idempotency key. After any error of Tx or
// Flush the transaction can only be rolled back.
func Join(ctx context.Context, theirs pgx.Tx, tenant access.Tenant) (*Joined, error) {
	if err := engine.CheckTenant(tenant); err != nil {
		return nil, err
	}
	var isolation, set string
	if err := theirs.QueryRow(ctx, joinChecks, string(tenant)).Scan(&isolation, &set); err != nil {
		return nil, wrap(err)
	}
	if isolation != "serializable" {
		return nil, ErrIsolation.With("the transaction is %s", isolation)
	}
	raw := &tx{d: newDriver(nil, (*Options)(nil).filled(), false), tenant: string(tenant), write: true, joined: theirs}
	bound, finish := engine.Join(raw, mapping.Bind)
	return &Joined{Tx: bound, finish: finish}, nil
}
