package testpg_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/internal/testpg"
)

// Two tests never meet in one schema, and nothing stays behind.
func TestSchema(t *testing.T) {
	server := testpg.Server(t)
	ctx := context.Background()
	names := map[string]bool{}
	t.Run("inner", func(t *testing.T) {
		for range 2 {
			conn, err := pgx.Connect(ctx, testpg.Schema(t))
			require.NoError(t, err)
			var name string
			require.NoError(t, conn.QueryRow(ctx, `select current_schema()`).Scan(&name))
			require.False(t, names[name])
			names[name] = true
			_, err = conn.Exec(ctx, `create table things (id text)`)
			require.NoError(t, err)
			require.NoError(t, conn.Close(ctx))
		}
	})
	conn, err := pgx.Connect(ctx, server)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(ctx)) }()
	for name := range names {
		var left int
		require.NoError(t, conn.QueryRow(ctx, `select count(*) from pg_namespace where nspname = $1`, name).Scan(&left))
		require.Zero(t, left)
	}
}

func TestWith(t *testing.T) {
	require.Equal(t, "host=/tmp user=a search_path=s", testpg.With("host=/tmp user=a", "search_path", "s"))
	require.Equal(t, "postgres://h/db?search_path=s", testpg.With("postgres://h/db", "search_path", "s"))
	require.Equal(t, "postgres://h/db?a=b&search_path=s", testpg.With("postgres://h/db?a=b", "search_path", "s"))
}
