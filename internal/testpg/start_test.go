package testpg_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/internal/testpg"
)

// A server that is killed in the middle of a transaction keeps what was
// committed, and nothing else.
func TestKill(t *testing.T) {
	server := testpg.Start(t)
	ctx := t.Context()
	connect := func() *pgx.Conn {
		conn, err := pgx.Connect(ctx, server.DSN)
		require.NoError(t, err)
		return conn
	}
	conn := connect()
	_, err := conn.Exec(ctx, `create table things (id text)`)
	require.NoError(t, err)
	_, err = conn.Exec(ctx, `insert into things values ('kept')`)
	require.NoError(t, err)
	tx, err := conn.Begin(ctx)
	require.NoError(t, err)
	_, err = tx.Exec(ctx, `insert into things values ('open')`)
	require.NoError(t, err)
	busy := connect()
	asleep := make(chan error)
	go func() {
		_, err := busy.Exec(ctx, `select pg_sleep(600)`)
		asleep <- err
	}()
	time.Sleep(50 * time.Millisecond)

	server.Kill()
	require.Error(t, <-asleep, "those who serve somebody are killed too")
	require.Error(t, tx.Commit(ctx))
	_, err = pgx.Connect(ctx, server.DSN)
	require.Error(t, err)

	require.NoError(t, server.Restart())
	rows, err := connect().Query(ctx, `select id from things`)
	require.NoError(t, err)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Equal(t, []string{"kept"}, ids)
	require.NoError(t, server.Restart(), "over one that runs")
	_, err = connect().Exec(ctx, `insert into things values ('next')`)
	require.NoError(t, err)
}
