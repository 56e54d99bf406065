package bench

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
)

var (
	sqliteValues = values[any]{
		text:    func(s string) any { return s },
		number:  func(n int64) any { return n },
		truth:   func(yes bool) any { return map[bool]int64{true: 1}[yes] },
		instant: func(t time.Time) any { return t.UnixMicro() },
		said:    func(v any) string { s, _ := v.(string); return s },
	}
	postgresValues = values[*string]{
		text:    func(s string) *string { return &s },
		number:  func(n int64) *string { s := strconv.FormatInt(n, 10); return &s },
		truth:   func(yes bool) *string { s := strconv.FormatBool(yes); return &s },
		instant: func(t time.Time) *string { s := t.Format(time.RFC3339Nano); return &s },
		said:    func(v *string) string { return *v },
	}
)

// sqliteIssuer invoices by hand in SQLite.
type sqliteIssuer struct {
	r    *rawSQLite
	plan *issuePlan[any]
}

func newSQLiteIssuer(b testing.TB, bed *bed, r *rawSQLite) *sqliteIssuer {
	exec := func(text string, args ...any) {
		_, err := r.db.Exec(text, args...)
		require.NoError(b, err)
	}
	p := newIssuePlan(b, bed, sqliteValues, r.mark, "", r.read, exec)
	for _, text := range p.texts() {
		_, err := r.cached(text)
		require.NoError(b, err, text)
	}
	return &sqliteIssuer{r: r, plan: p}
}

func (s *sqliteIssuer) issue(g goods, series int) error {
	tx, err := s.r.db.Begin()
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	var place int64
	var previous string
	if err := tx.Stmt(s.r.stmt[s.plan.askText]).QueryRow(s.plan.tenant(), rawHead(series)).Scan(&place, &previous); err != nil {
		return err
	}
	err = s.plan.each(g, series, place, previous, func(text string, args []any) error {
		_, err := tx.Stmt(s.r.stmt[text]).Exec(args...)
		return err
	})
	if err != nil {
		return err
	}
	return tx.Commit()
}

// postgresIssuer invoices by hand in PostgreSQL, each statement a round trip.
type postgresIssuer struct {
	r    *rawPostgres
	plan *issuePlan[*string]
}

func newPostgresIssuer(b testing.TB, bed *bed, r *rawPostgres) *postgresIssuer {
	exec := func(text string, args ...any) { r.exec(b, text, args...) }
	return &postgresIssuer{r: r, plan: newIssuePlan(b, bed, postgresValues, r.mark, " for update", r.read, exec)}
}

func (s *postgresIssuer) serializable(g goods, series int) error {
	return s.again("begin isolation level serializable", g, series)
}

func (s *postgresIssuer) committed(g goods, series int) error {
	return s.again("begin isolation level read committed", g, series)
}

// again tries until nothing refuses to serialize.
func (s *postgresIssuer) again(begin string, g goods, series int) error {
	for {
		err := s.once(begin, g, series)
		if refused := new(pgconn.PgError); !errors.As(err, &refused) || refused.Code != "40001" {
			return err
		}
	}
}

func (s *postgresIssuer) once(begin string, g goods, series int) error {
	return s.r.transact(begin, func(do func(text string, args []any) error, ask func(text string, args []any, to ...any) error) error {
		var place int64
		var previous string
		if err := ask(s.plan.askText, []any{s.plan.tenant(), rawHead(series)}, &place, &previous); err != nil {
			return err
		}
		return s.plan.each(g, series, place, previous, do)
	})
}
