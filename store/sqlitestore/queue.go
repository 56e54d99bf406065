package sqlitestore

import (
	"context"
	"database/sql"
	"time"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store/internal/sqlgen"
)

// queue hands out one tenant's events; each call is a transaction of its own.
type queue struct {
	d      *driver
	tenant string
}

// write runs one transaction of the queue.
func (q *queue) write(ctx context.Context, fn func(s *session) error) error {
	s, err := q.d.beginWrite(ctx)
	if err != nil {
		return err
	}
	defer q.d.writer.put(s)
	err = fn(s)
	if err == nil {
		_, err = s.exec(ctx, "commit")
	}
	if err != nil {
		s.rollback()
	}
	return wrap(err)
}

// one runs a statement that has to change exactly one row; none is absent.
func (q *queue) one(ctx context.Context, absent error, text string, args ...any) error {
	return q.write(ctx, func(s *session) error {
		changed, err := s.exec(ctx, text, args...)
		if err == nil && changed == 0 {
			return absent
		}
		return err
	})
}

// ready asks a reader whether there is anything to claim, so that relays with
// nothing to do never hold up the writer.
func (q *queue) ready(ctx context.Context, topic event.Topic, now time.Time) (bool, error) {
	s, err := q.d.readers.get(ctx)
	if err != nil {
		return false, err
	}
	defer q.d.readers.put(s)
	var one int
	found, err := s.row(ctx, []any{&one}, q.d.outbox.Ready,
		sqlgen.SQLite.ReadyArgs(q.tenant, topic, now, 1)...)
	return found, wrap(err)
}

// Claim implements event.Queue.
func (q *queue) Claim(ctx context.Context, c event.Claim) ([]event.Delivery, error) {
	now := q.d.opts.Now()
	until := now.Add(c.Lease).Truncate(time.Microsecond)
	if found, err := q.ready(ctx, c.Topic, now); err != nil || !found {
		return nil, err
	}
	var taken []sqlgen.Claimed
	err := q.write(ctx, func(s *session) error {
		rows, err := s.query(context.WithoutCancel(ctx), q.d.outbox.Claim, sqlgen.SQLite.ClaimArgs(q.tenant, c, now, until)...)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var turn int64
			d := event.Delivery{Topic: c.Topic, Until: until}
			if d.Event, err = readEvent(rows, &d.Token, &d.Attempt, &d.Cause, &turn); err != nil {
				return err
			}
			taken = append(taken, sqlgen.Claimed{Delivery: d, Turn: time.UnixMicro(turn).UTC()})
		}
		return rows.Err()
	})
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
	return q.one(ctx, event.ErrLeaseLost, q.d.outbox.Retry, at.UnixMicro(), cause, q.tenant, string(d.Topic), d.ID, d.Token)
}

// Release implements event.Queue.
func (q *queue) Release(ctx context.Context, d event.Delivery, at time.Time, cause string) error {
	return q.one(ctx, event.ErrLeaseLost, q.d.outbox.Release, at.UnixMicro(), cause, q.tenant, string(d.Topic), d.ID, d.Token)
}

// Bury implements event.Queue.
func (q *queue) Bury(ctx context.Context, d event.Delivery, cause string) error {
	return q.one(ctx, event.ErrLeaseLost, q.d.outbox.Bury, q.d.opts.Now().UnixMicro(), cause, q.tenant, string(d.Topic), d.ID, d.Token)
}

// Dead implements event.Queue.
func (q *queue) Dead(ctx context.Context, topic event.Topic, after string, limit int) ([]event.Letter, string, error) {
	text, args := q.d.outbox.Dead, []any{q.tenant, string(topic)}
	if after != "" {
		buried, id, err := sqlgen.ParseDeadCursor(after)
		if err != nil {
			return nil, "", err
		}
		text, args = q.d.outbox.DeadAfter, append(args, buried.UnixMicro(), id)
	}
	letters, err := q.letters(ctx, text, append(args, int64(limit+1))...)
	if err != nil || len(letters) <= limit {
		return letters, "", err
	}
	letters = letters[:limit]
	return letters, sqlgen.DeadCursor(letters[limit-1]), nil
}

func (q *queue) letters(ctx context.Context, text string, args ...any) ([]event.Letter, error) {
	s, err := q.d.readers.get(ctx)
	if err != nil {
		return nil, err
	}
	defer q.d.readers.put(s)
	rows, err := s.query(ctx, text, args...)
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { _ = rows.Close() }()
	var out []event.Letter
	for rows.Next() {
		var (
			l      event.Letter
			buried int64
		)
		if l.Event, err = readEvent(rows, &l.Attempts, &l.Cause, &buried); err != nil {
			return nil, err
		}
		l.Buried = time.UnixMicro(buried).UTC()
		out = append(out, l)
	}
	return out, wrap(rows.Err())
}

// Revive implements event.Queue.
func (q *queue) Revive(ctx context.Context, topic event.Topic, id string) error {
	return q.one(ctx, event.ErrNoLetter, q.d.outbox.Revive, q.d.opts.Now().UnixMicro(), q.tenant, string(topic), id)
}

// Drop implements event.Queue.
func (q *queue) Drop(ctx context.Context, topic event.Topic, id string) error {
	return q.one(ctx, event.ErrNoLetter, q.d.outbox.Drop, q.tenant, string(topic), id)
}

// Depth implements event.Queue.
func (q *queue) Depth(ctx context.Context, topic event.Topic) (event.Depth, error) {
	s, err := q.d.readers.get(ctx)
	if err != nil {
		return event.Depth{}, err
	}
	defer q.d.readers.put(s)
	var depth event.Depth
	var oldest sql.NullInt64
	_, err = s.row(ctx, []any{&depth.Waiting, &depth.Dead, &oldest}, q.d.outbox.Depth, q.tenant, string(topic))
	depth.Oldest = instant(oldest)
	return depth, wrap(err)
}
