// Package testpg gives tests a place of their own in a real PostgreSQL.
//
// The server is named by COMPTOIR_TEST_DSN; `make test` starts a private one
// through run.sh in this folder. Without it a test skips and says how to run
// it, and in continuous integration (CI=true) it fails: nothing is skipped
// silently.
package testpg

import (
	"context"
	"fmt"
	"hash/fnv"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Env names the variable that holds the server's connection string.
const Env = "COMPTOIR_TEST_DSN"

var serial atomic.Int64

// Server returns the connection string of the test server, or skips the test.
func Server(t testing.TB) string {
	t.Helper()
	dsn := os.Getenv(Env)
	if dsn == "" {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not set; in continuous integration the tests need PostgreSQL (run them with `make test`)", Env)
		}
		t.Skipf("SKIPPED, NOT TESTED: needs PostgreSQL; run `make test`, or set %s to a server of yours", Env)
	}
	return dsn
}

// Schema makes an empty schema for one test and returns a connection string
// whose search_path is that schema. It is dropped when the test ends. A role
// that row-level security does not bind would make tests meaningless, so it
// is refused.
func Schema(t testing.TB) string {
	t.Helper()
	dsn := Server(t)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn := connect(t, ctx, dsn)
	defer func() { _ = conn.Close(ctx) }()
	var exempt bool
	if err := conn.QueryRow(ctx, `select rolsuper or rolbypassrls from pg_roles where rolname = current_user`).Scan(&exempt); err != nil {
		t.Fatalf("testpg: %v", err)
	}
	if exempt {
		t.Fatalf("the role of %s is superuser or bypasses row-level security; name another", Env)
	}
	name := schemaName(t.Name())
	if _, err := conn.Exec(ctx, `create schema `+name); err != nil {
		t.Fatalf("testpg: %v", err)
	}
	t.Cleanup(func() { drop(t, dsn, name) })
	return With(dsn, "search_path", name)
}

// With adds a parameter to a connection string of either form.
func With(dsn, key, value string) string {
	if !strings.Contains(dsn, "://") {
		return dsn + " " + key + "=" + value
	}
	sep := "?"
	if strings.Contains(dsn, "?") {
		sep = "&"
	}
	return dsn + sep + key + "=" + value
}

func connect(t testing.TB, ctx context.Context, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatalf("testpg: %s is set but does not answer: %v", Env, err)
	}
	return conn
}

func drop(t testing.TB, dsn, name string) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn := connect(t, ctx, dsn)
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, `drop schema if exists `+name+` cascade`); err != nil {
		t.Errorf("testpg: %v", err)
	}
}

// schemaName is unlike that of any other test of any process of this run.
func schemaName(test string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(test))
	return fmt.Sprintf("t%08x_%d_%d", h.Sum32(), os.Getpid(), serial.Add(1))
}
