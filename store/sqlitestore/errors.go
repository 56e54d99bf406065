package sqlitestore

import (
	"context"
	"errors"
	"fmt"

	"modernc.org/sqlite"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/uow"
)

// The errors of the package, beside those of store and uow.
var (
	// ErrDisk is a file that cannot be opened, read or written: the disk is
	// full, read-only or broken. The store stays usable.
	ErrDisk = fault.Define(fault.Unavailable, "sqlitestore.disk", "the database file cannot be read or written")
	// ErrCorrupt is a file that is no database or a damaged one.
	ErrCorrupt = fault.Define(fault.Internal, "sqlitestore.corrupt", "the file is not a sound SQLite database")
	// ErrPath refuses an empty path or a database in memory.
	ErrPath = fault.Define(fault.Invalid, "sqlitestore.path", "the store needs the path of a file")
	// ErrSQL is any other failure of SQLite: a bug.
	ErrSQL = fault.Define(fault.Internal, "sqlitestore.sql", "SQLite refused a statement")
)

// The primary result codes that are told apart (sqlite.org/rescode.html).
const (
	codeBusy      = 5
	codeLocked    = 6
	codeReadOnly  = 8
	codeInterrupt = 9
	codeIO        = 10
	codeCorrupt   = 11
	codeFull      = 13
	codeCantOpen  = 14
	codeNotADB    = 26

	codePrimaryKey = 1555
	codeUnique     = 2067
)

// cause is SQLite's answer without its text, which may quote SQL or data;
// errors.As still finds the *sqlite.Error.
type cause struct{ err *sqlite.Error }

func (c cause) Error() string { return fmt.Sprintf("SQLite result code %d", c.err.Code()) }
func (c cause) Unwrap() error { return c.err }

// wrap gives an error of the driver its kind.
func wrap(err error) error {
	if err == nil {
		return nil
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		var known fault.Faulty
		if errors.As(err, &known) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		return ErrSQL.Because(err)
	}
	kind := ErrSQL
	switch e.Code() & 0xff {
	case codeBusy, codeLocked:
		kind = uow.ErrBusy
	case codeReadOnly, codeIO, codeFull, codeCantOpen:
		kind = ErrDisk
	case codeCorrupt, codeNotADB:
		kind = ErrCorrupt
	case codeInterrupt:
		return context.Canceled
	}
	return kind.Because(cause{e})
}

func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

func isBusy(err error) bool { return code(err)&0xff == codeBusy }

func isTaken(err error) bool { c := code(err); return c == codeUnique || c == codePrimaryKey }
