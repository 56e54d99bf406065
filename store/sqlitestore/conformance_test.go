package sqlitestore_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/comptoir-go/comptoir/internal/golden"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/store/sqlitestore"
	"github.com/comptoir-go/comptoir/store/storetest"
)

// killFile names the file that TestWriteUntilKilled writes to.
const killFile = "COMPTOIR_KILL_FILE"

// files remembers which file a store was opened on.
type files struct{ sync.Map }

func (f *files) open(t testing.TB, path string, o storetest.Options) store.Store {
	t.Helper()
	s, err := sqlitestore.Open(t.Context(), path, &sqlitestore.Options{Now: o.Now, Wait: o.Wait})
	if err != nil {
		t.Fatal(err)
	}
	f.Store(s, path)
	return s
}

func (f *files) path(t testing.TB, s store.Store) string {
	t.Helper()
	path, ok := f.Load(s)
	if !ok {
		t.Fatal("the store was not opened here")
	}
	return path.(string)
}

func TestConformance(t *testing.T) {
	f := &files{}
	h := storetest.Harness{
		Name: "sqlitestore",
		Open: func(t testing.TB, o storetest.Options) store.Store {
			return f.open(t, filepath.Join(t.TempDir(), "shop.db"), o)
		},
		Oracle: func(_ testing.TB, o storetest.Options) store.Store {
			return memstore.New(&memstore.Options{Now: o.Now})
		},
		Reopen: func(t testing.TB, s store.Store, o storetest.Options) store.Store { return f.open(t, f.path(t, s), o) },
		Kill: func(t testing.TB, s store.Store) *exec.Cmd {
			cmd := exec.Command(os.Args[0], "-test.run=^TestWriteUntilKilled$")
			cmd.Env = append(os.Environ(), killFile+"="+f.path(t, s))
			return cmd
		},
		Exceptions: map[string]string{
			"tenant/second_wall": "SQLite has no row-level security, and the file belongs to one process",
		},
	}
	golden.Check(t, "../storetest/testdata/exceptions-sqlitestore.golden", []byte(h.ExceptionList()))
	storetest.Run(t, h)
}

// TestWriteUntilKilled is the process that the conformance case durable/kill
// starts and kills; without its file there is nothing to do.
func TestWriteUntilKilled(t *testing.T) {
	path := os.Getenv(killFile)
	if path == "" {
		t.Skip("runs as a process of its own, started by TestConformance/durable/kill")
	}
	s, err := sqlitestore.Open(t.Context(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	t.Fatal(storetest.WriteUntilKilled(context.Background(), s, os.Stdout))
}
