package pgstore_test

import (
	"context"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/internal/golden"
	"github.com/comptoir-go/comptoir/internal/testpg"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/store/pgstore"
	"github.com/comptoir-go/comptoir/store/storetest"
)

// killDSN names the database that TestWriteUntilKilled writes to.
const killDSN = "COMPTOIR_KILL_DSN"

// schemas remembers which schema a store was opened on.
type schemas struct{ sync.Map }

func (m *schemas) open(t testing.TB, dsn string, o storetest.Options) store.Store {
	t.Helper()
	s, err := pgstore.Open(t.Context(), dsn, &pgstore.Options{Now: o.Now, Wait: o.Wait, MaxConns: 12})
	if err != nil {
		t.Fatal(err)
	}
	m.Store(s, dsn)
	return s
}

func (m *schemas) dsn(t testing.TB, s store.Store) string {
	t.Helper()
	dsn, ok := m.Load(s)
	if !ok {
		t.Fatal("the store was not opened here")
	}
	return dsn.(string)
}

func TestConformance(t *testing.T) {
	m := &schemas{}
	h := storetest.Harness{
		Name: "pgstore",
		Open: func(t testing.TB, o storetest.Options) store.Store { return m.open(t, testpg.Schema(t), o) },
		Oracle: func(_ testing.TB, o storetest.Options) store.Store {
			return memstore.New(&memstore.Options{Now: o.Now})
		},
		Reopen: func(t testing.TB, s store.Store, o storetest.Options) store.Store { return m.open(t, m.dsn(t, s), o) },
		Kill: func(t testing.TB, s store.Store) *exec.Cmd {
			cmd := exec.Command(os.Args[0], "-test.run=^TestWriteUntilKilled$")
			cmd.Env = append(os.Environ(), killDSN+"="+m.dsn(t, s))
			return cmd
		},
		SecondWall: func(t testing.TB, s store.Store, as, other access.Tenant) int {
			return partnersSeen(t, m.dsn(t, s), as, other)
		},
	}
	golden.Check(t, "../storetest/testdata/exceptions-pgstore.golden", []byte(h.ExceptionList()))
	testpg.Server(t)
	storetest.Run(t, h)
}

// partnersSeen reads all partners, naming no tenant, in a session like the
// store's own, and counts those of the other.
func partnersSeen(t testing.TB, dsn string, as, other access.Tenant) (n int) {
	t.Helper()
	ctx := t.Context()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, "select set_config('comptoir.tenant', $1, false)", string(as)); err != nil {
		t.Fatal(err)
	}
	rows, _ := conn.Query(ctx, "select tenant from partners")
	tenants, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range tenants {
		if x == string(other) {
			n++
		}
	}
	return n
}

// TestWriteUntilKilled is the process that the conformance case durable/kill
// starts and kills; without its database there is nothing to do.
func TestWriteUntilKilled(t *testing.T) {
	dsn := os.Getenv(killDSN)
	if dsn == "" {
		t.Skip("runs as a process of its own, started by TestConformance/durable/kill")
	}
	s, err := pgstore.Open(t.Context(), dsn, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	t.Fatal(storetest.WriteUntilKilled(context.Background(), s, os.Stdout))
}
