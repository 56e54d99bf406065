package sqlgen

import (
	"cmp"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/event"
)

// Outbox are the statements of outbox and queue, the same for every tenant.
// An unfinished event has dead = 0; one that a worker holds has leased = 1.
// due is the end of the lease or the time of the next attempt.
type Outbox struct {
	// Emit takes (tenant, topic, id, type, schema, subject, version, idx, at, data).
	Emit string
	// Claim takes ClaimArgs and answers the event, token, attempt and cause,
	// in no order.
	Claim string
	// Ready takes (tenant, topic, now, limit) and answers a row for each event
	// that Claim would take.
	Ready string
	// Done takes (tenant, topic, id, token).
	Done string
	// Retry takes (due, cause, tenant, topic, id, token).
	Retry string
	// Bury takes (now, cause, tenant, topic, id, token).
	Bury string
	// Dead takes (tenant, topic, limit), DeadAfter (tenant, topic, buried,
	// id, limit); both answer the event, attempt, cause and buried.
	Dead, DeadAfter string
	// Revive and Drop take (tenant, topic, id).
	Revive, Drop string
	// Depth takes (tenant, topic) and answers the waiting and the dead.
	Depth string
}

// ClaimArgs are the parameters of Claim.
func (d Dialect) ClaimArgs(tenant string, c event.Claim, now, until time.Time) []any {
	first := []any{tenant, string(c.Topic), d.Instant(now), int64(c.Limit)}
	if d == SQLite {
		return append([]any{d.Instant(until)}, first...)
	}
	return append(first, d.Instant(until), tenant, string(c.Topic))
}

// EmitArgs are the parameters of Emit.
func (d Dialect) EmitArgs(tenant string, topic event.Topic, e *event.Event) []any {
	return []any{tenant, string(topic), e.ID, e.Type, int64(e.Schema), e.Subject, e.Version, int64(e.Index),
		d.Instant(e.Time), string(e.Data)}
}

// SortDeliveries brings claimed events into the order of the queue.
func SortDeliveries(ds []event.Delivery) {
	slices.SortFunc(ds, func(a, b event.Delivery) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Subject, b.Subject),
			cmp.Compare(a.Version, b.Version), cmp.Compare(a.Index, b.Index), cmp.Compare(a.ID, b.ID))
	})
}

const (
	eventColumns = "id, type, schema, subject, version, idx, at, data"
	// held is the fence: only the newest token of an event that was not given
	// back may finish it.
	held = " where tenant = ? and topic = ? and id = ? and token = ? and leased = 1 and dead = 0"

	// first selects the first unfinished event of each subject, when it is
	// due and free.
	first = " from comptoir_outbox w where tenant = ? and topic = ? and dead = 0 and due <= ?" +
		" and not exists (select 1 from comptoir_outbox e where e.tenant = w.tenant and e.topic = w.topic" +
		" and e.subject = w.subject and e.dead = 0 and (e.version, e.idx, e.id) < (w.version, w.idx, w.id))" +
		" order by at, subject, version, idx, id limit ?"
	lease = " set token = token + 1, attempt = attempt + 1, leased = 1, due = ?"
)

// Outbox returns the statements.
func (d Dialect) Outbox() Outbox {
	const table = "comptoir_outbox"
	// Earlier than any time, the default of due.
	always := "'-infinity'"
	claim := "with w as materialized (select id" + first + " for update skip locked)" +
		" update " + table + " set token = token + 1, attempt = attempt + 1, leased = 1, due = ?" +
		" where tenant = ? and topic = ? and id in (select id from w) returning " + eventColumns + ", token, attempt, cause"
	if d == SQLite {
		always = "-9223372036854775808"
		claim = "update " + table + lease + " where rowid in (select rowid" + first + ") returning " +
			eventColumns + ", token, attempt, cause"
	}
	letters := "select " + eventColumns + ", attempt, cause, buried from " + table + " where tenant = ? and topic = ? and dead = 1"
	o := Outbox{
		Emit: "insert into " + table + " (tenant, topic, " + eventColumns + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",

		Claim: claim,
		Ready: "select 1" + first,
		Done:  "delete from " + table + held,
		Retry: "update " + table + " set leased = 0, due = ?, cause = ?" + held,
		Bury:  "update " + table + " set leased = 0, dead = 1, buried = ?, cause = ?" + held,

		Dead:      letters + " order by buried, id limit ?",
		DeadAfter: letters + " and (buried, id) > (?, ?) order by buried, id limit ?",
		Revive: "update " + table + " set dead = 0, attempt = 0, cause = '', buried = null, due = " + always +
			" where tenant = ? and topic = ? and id = ? and dead = 1",
		Drop:  "delete from " + table + " where tenant = ? and topic = ? and id = ? and dead = 1",
		Depth: "select count(*) - coalesce(sum(dead), 0), coalesce(sum(dead), 0) from " + table + " where tenant = ? and topic = ?",
	}
	for _, sql := range []*string{&o.Emit, &o.Claim, &o.Ready, &o.Done, &o.Retry, &o.Bury, &o.Dead, &o.DeadAfter, &o.Revive, &o.Drop, &o.Depth} {
		*sql = d.text(*sql)
	}
	return o
}
