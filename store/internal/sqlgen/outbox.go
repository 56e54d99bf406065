package sqlgen

import (
	"cmp"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/event"
)

// Outbox are the statements of outbox and queue, the same for every tenant.
// An unfinished event has dead = 0; one that a worker holds has leased = 1.
// due is the end of the lease or the time of the next attempt; turn is what
// due was before the last claim.
type Outbox struct {
	// Emit takes EmitArgs.
	Emit string
	// Claim takes ClaimArgs and answers the event, token, attempt, cause and
	// turn, in no order.
	Claim string
	// Ready takes ReadyArgs and answers a row for each event that Claim would
	// take.
	Ready string
	// Done takes (tenant, topic, id, token).
	Done string
	// Retry takes (due, cause, tenant, topic, id, token), and so does Release.
	Retry, Release string
	// Bury takes (now, cause, tenant, topic, id, token).
	Bury string
	// Dead takes (tenant, topic, limit), DeadAfter (tenant, topic, buried,
	// id, limit); both answer the event, attempt, cause and buried.
	Dead, DeadAfter string
	// Revive takes (now, tenant, topic, id), Drop (tenant, topic, id).
	Revive, Drop string
	// Depth takes (tenant, topic) and answers the waiting, the dead, and the
	// time of the oldest that waits, NULL when none does.
	Depth string
}

// ReadyArgs are the parameters of Ready.
func (d Dialect) ReadyArgs(tenant string, topic event.Topic, now time.Time, limit int) []any {
	return []any{tenant, string(topic), d.Instant(now), d.Instant(now), int64(limit)}
}

// ClaimArgs are the parameters of Claim.
func (d Dialect) ClaimArgs(tenant string, c event.Claim, now, until time.Time) []any {
	first := d.ReadyArgs(tenant, c.Topic, now, c.Limit)
	if d == SQLite {
		return append([]any{d.Instant(until)}, first...)
	}
	return append(first, d.Instant(until), tenant, string(c.Topic))
}

// EmitArgs are the parameters of Emit.
func (d Dialect) EmitArgs(tenant string, topic event.Topic, e *event.Event, due time.Time) []any {
	return []any{tenant, string(topic), e.ID, e.Type, int64(e.Schema), e.Subject, e.Version, int64(e.Index),
		d.Instant(e.Time), string(e.Data), d.Instant(due)}
}

// Claimed is a delivery as a claim answers it.
type Claimed struct {
	event.Delivery
	// Turn is since when the event was due.
	Turn time.Time
}

// Deliveries brings claimed events into the order of the queue.
func Deliveries(cs []Claimed) []event.Delivery {
	slices.SortFunc(cs, func(a, b Claimed) int {
		return cmp.Or(a.Turn.Compare(b.Turn), a.Time.Compare(b.Time), cmp.Compare(a.Subject, b.Subject),
			cmp.Compare(a.Version, b.Version), cmp.Compare(a.Index, b.Index), cmp.Compare(a.ID, b.ID))
	})
	var out []event.Delivery
	for _, c := range cs {
		out = append(out, c.Delivery)
	}
	return out
}

const (
	eventColumns = "id, type, schema, subject, version, idx, at, data"
	// held is the fence: only the newest token of an event that was not given
	// back may finish it.
	held = " where tenant = ? and topic = ? and id = ? and token = ? and leased = 1 and dead = 0"

	// first selects the first unfinished event of each subject, when it is
	// due and no event of the subject is leased.
	first = " from comptoir_outbox w where tenant = ? and topic = ? and dead = 0 and due <= ?" +
		" and not exists (select 1 from comptoir_outbox e where e.tenant = w.tenant and e.topic = w.topic" +
		" and e.subject = w.subject and e.dead = 0 and (e.version, e.idx, e.id) < (w.version, w.idx, w.id))" +
		" and not exists (select 1 from comptoir_outbox l where l.tenant = w.tenant and l.topic = w.topic" +
		" and l.subject = w.subject and l.leased = 1 and l.due > ?)" +
		" order by due, at, subject, version, idx, id limit ?"
	lease   = " set token = token + 1, attempt = attempt + 1, leased = 1, turn = due, due = ?"
	claimed = " returning " + eventColumns + ", token, attempt, cause, turn"
)

// Outbox returns the statements.
func (d Dialect) Outbox() Outbox {
	const table = "comptoir_outbox"
	claim := "with w as materialized (select id" + first + " for update skip locked)" +
		" update " + table + lease + " where tenant = ? and topic = ? and id in (select id from w)" + claimed
	if d == SQLite {
		claim = "update " + table + lease + " where rowid in (select rowid" + first + ")" + claimed
	}
	letters := "select " + eventColumns + ", attempt, cause, buried from " + table + " where tenant = ? and topic = ? and dead = 1"
	o := Outbox{
		Emit: "insert into " + table + " (tenant, topic, " + eventColumns + ", due) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",

		Claim:   claim,
		Ready:   "select 1" + first,
		Done:    "delete from " + table + held,
		Retry:   "update " + table + " set leased = 0, due = ?, cause = ?" + held,
		Release: "update " + table + " set leased = 0, attempt = attempt - 1, due = ?, cause = ?" + held,
		Bury:    "update " + table + " set leased = 0, dead = 1, buried = ?, cause = ?" + held,

		Dead:      letters + " order by buried, id limit ?",
		DeadAfter: letters + " and (buried, id) > (?, ?) order by buried, id limit ?",
		Revive: "update " + table + " set dead = 0, attempt = 0, cause = '', buried = null, due = ?" +
			" where tenant = ? and topic = ? and id = ? and dead = 1",
		Drop:  "delete from " + table + " where tenant = ? and topic = ? and id = ? and dead = 1",
		Depth: "select count(*) - coalesce(sum(dead), 0), coalesce(sum(dead), 0), min(case when dead = 0 then at end) from " + table + " where tenant = ? and topic = ?",
	}
	for _, sql := range []*string{&o.Emit, &o.Claim, &o.Ready, &o.Done, &o.Retry, &o.Release, &o.Bury, &o.Dead, &o.DeadAfter, &o.Revive, &o.Drop, &o.Depth} {
		*sql = d.text(*sql)
	}
	return o
}
