package sqlitestore

import (
	"database/sql"
	"testing"
)

// writerDBConn is the writer's connection, which must be free.
func (d *driver) writerDBConn(t testing.TB) *sql.Conn {
	t.Helper()
	s := <-d.writer.free
	d.writer.free <- s
	return s.conn
}
