package pgstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/store/internal/engine"
)

// The errors of the package, beside those of store and uow.
var (
	// ErrConnection is a server that cannot be reached or went away; nothing
	// of the transaction remains.
	ErrConnection = fault.Define(fault.Unavailable, "pgstore.connection", "the connection to PostgreSQL was lost or could not be made")
	// ErrLogin is a role that the server does not let in, or a database that it
	// does not have; it is not tried again.
	ErrLogin = fault.Define(fault.Precondition, "pgstore.login", "PostgreSQL does not let the role into the database")
	// ErrResources is a server that is full, read-only or at its limits.
	ErrResources = fault.Define(fault.Unavailable, "pgstore.resources", "PostgreSQL is out of resources or does not take writes")
	// ErrConflict is a transaction that PostgreSQL gave up for another's sake;
	// the store repeats it, a joined transaction is the caller's to repeat.
	ErrConflict = fault.Define(fault.Unavailable, "pgstore.serialization", "the transaction collided with another and may run again")
	// ErrIsolation refuses to join a transaction that is not SERIALIZABLE.
	ErrIsolation = fault.Define(fault.Precondition, "pgstore.isolation", "a joined transaction must be SERIALIZABLE")
	// ErrRole refuses a role that is exempt from row-level security.
	ErrRole = fault.Define(fault.Precondition, "pgstore.role", "the role is a superuser or has BYPASSRLS, so PostgreSQL would not hold the tenants apart")
	// ErrDSN refuses a connection string.
	ErrDSN = fault.Define(fault.Invalid, "pgstore.dsn", "the connection string cannot be read")
	// ErrSQL is any other failure of PostgreSQL: a bug, or a foreign schema.
	ErrSQL = fault.Define(fault.Internal, "pgstore.sql", "PostgreSQL refused a statement")
)

// The codes that are told apart, and the classes (PostgreSQL manual,
// appendix A).
const (
	codeSerialization = "40001"
	codeDeadlock      = "40P01"
	codeUncertain     = "40003" // statement_completion_unknown
	codeUnique        = "23505"
	codeDivision      = "22012"
	codeReadOnly      = "25006"
	codeNoDatabase    = "3D000"

	classLogin        = "28"
	classConnection   = "08"
	classResources    = "53"
	classIntervention = "57"
	classSystem       = "58"
)

// cause is PostgreSQL's answer without its text, which may quote data or SQL;
// errors.As still finds the *pgconn.PgError.
type cause struct{ err *pgconn.PgError }

func (c cause) Error() string {
	if c.err.ConstraintName != "" {
		return fmt.Sprintf("SQLSTATE %s on %s", c.err.Code, c.err.ConstraintName)
	}
	return "SQLSTATE " + c.err.Code
}

func (c cause) Unwrap() error { return c.err }

// wrap gives an error of pgx its kind. Errors without a SQLSTATE name hosts
// and users, so their text is left out.
func wrap(err error) error {
	if err == nil {
		return nil
	}
	var known fault.Faulty
	if errors.As(err, &known) {
		return err
	}
	for _, stop := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, stop) {
			return stop
		}
	}
	e := answer(err)
	if e == nil {
		return ErrConnection
	}
	return kindOf(e).Because(cause{e})
}

func kindOf(e *pgconn.PgError) *fault.Error {
	switch e.Code {
	case codeSerialization, codeDeadlock:
		return ErrConflict
	case codeReadOnly:
		return ErrResources
	case codeNoDatabase:
		return ErrLogin
	}
	switch e.Code[:min(2, len(e.Code))] {
	case classConnection, classIntervention:
		return ErrConnection
	case classLogin:
		return ErrLogin
	case classResources, classSystem:
		return ErrResources
	}
	return ErrSQL
}

// answer is what the server said, nil when it said nothing.
func answer(err error) *pgconn.PgError {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e
	}
	return nil
}

func code(err error) string {
	if e := answer(err); e != nil {
		return e.Code
	}
	return ""
}

// definite reports whether a failed COMMIT certainly did not happen: the
// server refused it in so many words, or nothing ever left.
func definite(err error) bool {
	if e := answer(err); e != nil {
		return e.SeverityUnlocalized == "ERROR" && e.Code != codeUncertain
	}
	return pgconn.SafeToRetry(err)
}

// refused gives the failure of a write its meaning. stale is a version that
// was not there.
func refused(w *engine.Write, err error) (out error, stale bool) {
	switch code(err) {
	case codeUnique:
		if w.Op == engine.Emit {
			return event.ErrExists, false
		}
		if w.Table != nil {
			return w.Table.Exists, false
		}
	case codeDivision:
		return nil, w.Op == engine.Replace || w.Op == engine.Delete
	}
	return wrap(err), false
}
