package sqlitestore

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/fault"
)

// What cannot be opened says why, and gives its connections back.
func TestOpenRefusals(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text")
	require.NoError(t, os.WriteFile(text, []byte("this is certainly not a database, it only looks like a file of text"), 0o600))
	for path, want := range map[string]error{
		"":                                 ErrPath,
		":memory:":                         ErrPath,
		filepath.Join(dir, "none", "x.db"): ErrDisk,
		dir:                                ErrDisk,
		text:                               ErrCorrupt,
	} {
		_, err := Open(ctx, path, nil)
		require.ErrorIs(t, err, want, path)
		require.ErrorContains(t, err, path+": ")
		require.NotContains(t, err.Error(), "pragma")
	}
	_, err := Open(ctx, dir, nil)
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
}

// The promises about durability are settings, and settings can be read.
func TestSettings(t *testing.T) {
	d := openTest(t, Options{})
	s := <-d.writer.free
	defer func() { d.writer.free <- s }()
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "query_only": "0"} {
		var got string
		require.NoError(t, s.conn.QueryRowContext(ctx, "pragma "+pragma).Scan(&got))
		require.Equal(t, want, got, pragma)
	}
	require.Equal(t, []string{"1"}, lines(t, d, "pragma query_only"))
	require.Equal(t, []string{"wal"}, lines(t, d, "pragma journal_mode"))
}
