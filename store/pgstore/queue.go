package pgstore

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store/internal/sqlgen"
)

// queue hands out one tenant's events; each call is one round trip, a READ
// COMMITTED transaction of its own.
type queue struct {
	d      *driver
	tenant string
}

// one runs a statement that has to change exactly one row; none is absent.
func (q *queue) one(ctx context.Context, absent error, sql string, args ...any) error {
	return q.d.short(ctx, q.tenant, func(b *pgx.Batch) { b.Queue(sql, args...) }, func(br pgx.BatchResults) error {
		tag, err := br.Exec()
		if err == nil && tag.RowsAffected() == 0 {
			return absent
		}
		return err
	})
}

// rows runs a statement and reads its rows.
func (q *queue) rows(ctx context.Context, each func(rows pgx.Rows) error, sql string, args ...any) error {
	return q.d.short(ctx, q.tenant, func(b *pgx.Batch) { b.Queue(sql, args...) }, func(br pgx.BatchResults) error {
		rows, err := br.Query()
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := each(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

// Claim implements event.Queue.
func (q *queue) Claim(ctx context.Context, c event.Claim) ([]event.Delivery, error) {
	now := q.d.opts.Now()
	until := now.Add(c.Lease).Truncate(time.Microsecond)
	var taken []sqlgen.Claimed
	err := q.rows(ctx, func(rows pgx.Rows) (err error) {
		var turn pgtype.Timestamptz
		d := event.Delivery{Topic: c.Topic, Until: until}
		d.Event, err = readEvent(rows, &d.Token, &d.Attempt, &d.Cause, &turn)
		taken = append(taken, sqlgen.Claimed{Delivery: d, Turn: instant(turn)})
		return err
	}, q.d.outbox.Claim, sqlgen.Postgres.ClaimArgs(q.tenant, c, now, until)...)
	if err != nil {
		return nil, err
	}
	return sqlgen.Deliveries(taken), nil
}

// Done implements event.Queue.
func (q *queue) Done(ctx context.Context, d event.Delivery) error {
	return q.one(ctx, event.ErrLeaseLost, q.d.outbox.Done, q.tenant, string(d.Topic), d.ID, d.Token)
}

// Retry implements event.Queue.
func (q *queue) Retry(ctx context.Context, d event.Delivery, at time.Time, cause string) error {
	return q.one(ctx, event.ErrLeaseLost, q.d.outbox.Retry, at, cause, q.tenant, string(d.Topic), d.ID, d.Token)
}

// Release implements event.Queue.
func (q *queue) Release(ctx context.Context, d event.Delivery, at time.Time, cause string) error {
	return q.one(ctx, event.ErrLeaseLost, q.d.outbox.Release, at, cause, q.tenant, string(d.Topic), d.ID, d.Token)
}

// Bury implements event.Queue.
func (q *queue) Bury(ctx context.Context, d event.Delivery, cause string) error {
	return q.one(ctx, event.ErrLeaseLost, q.d.outbox.Bury, q.d.opts.Now(), cause, q.tenant, string(d.Topic), d.ID, d.Token)
}

// Dead implements event.Queue.
func (q *queue) Dead(ctx context.Context, topic event.Topic, after string, limit int) ([]event.Letter, string, error) {
	sql, args := q.d.outbox.Dead, []any{q.tenant, string(topic)}
	if after != "" {
		buried, id, err := sqlgen.ParseDeadCursor(after)
		if err != nil {
			return nil, "", err
		}
		sql, args = q.d.outbox.DeadAfter, append(args, buried, id)
	}
	var letters []event.Letter
	err := q.rows(ctx, func(rows pgx.Rows) (err error) {
		var (
			l      event.Letter
			buried pgtype.Timestamptz
		)
		l.Event, err = readEvent(rows, &l.Attempts, &l.Cause, &buried)
		l.Buried = instant(buried)
		letters = append(letters, l)
		return err
	}, sql, append(args, int64(limit+1))...)
	if err != nil {
		return nil, "", err
	}
	if len(letters) <= limit {
		return letters, "", nil
	}
	letters = letters[:limit]
	return letters, sqlgen.DeadCursor(letters[limit-1]), nil
}

// Revive implements event.Queue.
func (q *queue) Revive(ctx context.Context, topic event.Topic, id string) error {
	return q.one(ctx, event.ErrNoLetter, q.d.outbox.Revive, q.d.opts.Now(), q.tenant, string(topic), id)
}

// Drop implements event.Queue.
func (q *queue) Drop(ctx context.Context, topic event.Topic, id string) error {
	return q.one(ctx, event.ErrNoLetter, q.d.outbox.Drop, q.tenant, string(topic), id)
}

// Depth implements event.Queue.
func (q *queue) Depth(ctx context.Context, topic event.Topic) (depth event.Depth, err error) {
	var oldest pgtype.Timestamptz
	err = q.rows(ctx, func(rows pgx.Rows) error { return rows.Scan(&depth.Waiting, &depth.Dead, &oldest) },
		q.d.outbox.Depth, q.tenant, string(topic))
	depth.Oldest = instant(oldest)
	return depth, err
}
