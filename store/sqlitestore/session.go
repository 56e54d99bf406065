package sqlitestore

import (
	"context"
	"database/sql"
	"time"

	"github.com/comptoir-go/comptoir/uow"
)

// session is one connection with its prepared statements, used by one
// transaction at a time.
type session struct {
	db    *sql.DB
	conn  *sql.Conn // nil until the first use and after reset
	stmts map[string]*sql.Stmt
}

// maxStmts bounds a connection's prepared statements; beyond it all are
// prepared anew, which only selects with ever new shapes can bring about.
const maxStmts = 500

func (s *session) stmt(ctx context.Context, text string) (*sql.Stmt, error) {
	if st, ok := s.stmts[text]; ok {
		return st, nil
	}
	if s.conn == nil {
		conn, err := s.db.Conn(ctx)
		if err != nil {
			return nil, wrap(err)
		}
		s.conn, s.stmts = conn, make(map[string]*sql.Stmt)
	}
	if len(s.stmts) >= maxStmts {
		for _, st := range s.stmts {
			_ = st.Close()
		}
		clear(s.stmts)
	}
	st, err := s.conn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	s.stmts[text] = st
	return st, nil
}

// exec runs a statement and answers how many rows it changed. It is short and
// not interrupted: an interrupted write would take its transaction with it.
func (s *session) exec(ctx context.Context, text string, args ...any) (int64, error) {
	ctx = context.WithoutCancel(ctx)
	st, err := s.stmt(ctx, text)
	if err != nil {
		return 0, err
	}
	res, err := st.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// query runs a select or a write that returns rows.
func (s *session) query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	st, err := s.stmt(ctx, text)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, args...)
}

// row runs a select of at most one row and reports whether there was one.
func (s *session) row(ctx context.Context, dest []any, text string, args ...any) (bool, error) {
	rows, err := s.query(context.WithoutCancel(ctx), text, args...)
	if err != nil {
		return false, err
	}
	defer func() { _ = rows.Close() }()
	if !rows.Next() {
		return false, rows.Err()
	}
	if err := rows.Scan(dest...); err != nil {
		return false, err
	}
	return true, rows.Close()
}

// rollback ends whatever is open. SQLite may have rolled back by itself; a
// connection on which it fails otherwise is given up.
func (s *session) rollback() {
	if s.conn == nil {
		return
	}
	if _, err := s.exec(context.Background(), "rollback"); err != nil && code(err) != codeError {
		s.reset()
	}
}

// codeError is SQLITE_ERROR, the answer to a rollback without a transaction.
const codeError = 1

func (s *session) reset() {
	for _, st := range s.stmts {
		_ = st.Close()
	}
	if s.conn != nil {
		_ = s.conn.Close()
	}
	s.conn, s.stmts = nil, nil
}

// pool hands out sessions one at a time.
type pool struct {
	free chan *session
	wait time.Duration
}

func newPool(db *sql.DB, size int, wait time.Duration) *pool {
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	p := &pool{free: make(chan *session, size), wait: wait}
	for range size {
		p.free <- &session{db: db}
	}
	return p
}

// get waits for a session no longer than the pool's bound, else uow.ErrBusy.
func (p *pool) get(ctx context.Context) (*session, error) {
	select {
	case s := <-p.free:
		return s, nil
	default:
	}
	timer := time.NewTimer(p.wait)
	defer timer.Stop()
	select {
	case s := <-p.free:
		return s, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-timer.C:
		return nil, uow.ErrBusy
	}
}

func (p *pool) put(s *session) { p.free <- s }

// close ends the sessions, which are all free by then.
func (p *pool) close() {
	for range cap(p.free) {
		(<-p.free).reset()
	}
}
