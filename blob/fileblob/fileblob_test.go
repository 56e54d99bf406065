package fileblob_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/blob/blobtest"
	"github.com/comptoir-go/comptoir/blob/fileblob"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock is a clock that stands until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func open(t testing.TB, dir string, c *clock, max int64) *fileblob.Store {
	t.Helper()
	s, err := fileblob.Open(dir, &fileblob.Options{Now: c.Now, MaxBytes: max})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// file is where a blob of tenant fr or de is.
func file(dir string, t access.Tenant, h blob.Hash) string {
	return filepath.Join(dir, "t-"+string(t), string(h[:2]), string(h))
}

func TestConformance(t *testing.T) {
	blobtest.Run(t, blobtest.Harness{Strict: true, New: func(t testing.TB) blobtest.Subject {
		dir, c := t.TempDir(), newClock()
		return blobtest.Subject{Store: open(t, dir, c, 2<<20), MaxBytes: 2 << 20, Pass: c.Pass,
			Damage: func(t access.Tenant, h blob.Hash) error {
				content, err := os.ReadFile(file(dir, t, h))
				if err != nil {
					return err
				}
				content[len(content)/2] ^= 1
				return os.WriteFile(file(dir, t, h), content, 0o600)
			}}
	}})
}

// Content that was cut off or grew is damaged too.
func TestDamagedLength(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, newClock(), 0)
	st := put(t, s, "fr", "a long plan")
	for _, content := range []string{"", "a long pla", "a long plan\n"} {
		require.NoError(t, os.WriteFile(file(dir, "fr", st.Hash), []byte(content), 0o600))
		r, err := s.Open(t.Context(), "fr", st.Hash)
		require.NoError(t, err)
		got, err := io.ReadAll(r)
		require.ErrorIs(t, err, blob.ErrDamaged)
		require.Equal(t, content, string(got))
		_, err = r.Read(make([]byte, 1))
		require.ErrorIs(t, err, blob.ErrDamaged, "it stays so")
		require.NoError(t, r.Close())
	}
}

func put(t testing.TB, s *fileblob.Store, tenant access.Tenant, content string) blob.Stat {
	t.Helper()
	st, err := s.Put(context.Background(), tenant, strings.NewReader(content))
	require.NoError(t, err)
	return st
}

func TestLimits(t *testing.T) {
	c := newClock()
	_, err := open(t, t.TempDir(), c, 0).Put(t.Context(), "fr", bytes.NewReader(make([]byte, fileblob.DefaultMaxBytes+1)))
	require.ErrorIs(t, err, blob.ErrTooLarge)
	require.Contains(t, err.Error(), "26214400 bytes")
	for _, none := range []int64{-1, 1<<63 - 1} {
		st, err := open(t, t.TempDir(), c, none).Put(t.Context(), "fr", bytes.NewReader(make([]byte, fileblob.DefaultMaxBytes+1)))
		require.NoError(t, err)
		require.Equal(t, int64(fileblob.DefaultMaxBytes+1), st.Size)
	}
}

// What is there survives the store; it is readable by its owner only.
func TestReopen(t *testing.T) {
	dir, c := filepath.Join(t.TempDir(), "not", "there", "yet"), newClock()
	first, err := fileblob.Open(dir, nil)
	require.NoError(t, err)
	st := put(t, first, "fr", "plan")
	require.NoError(t, first.Close())
	require.NoError(t, first.Close(), "a second Close does nothing")

	all, err := open(t, dir, c, 0).List(t.Context(), "fr", "", 10)
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.Equal(t, st.Hash, all[0].Hash)
	info, err := os.Stat(file(dir, "fr", st.Hash))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.NoError(t, filepath.Walk(filepath.Join(dir, "t-fr"), func(_ string, i os.FileInfo, err error) error {
		require.Zero(t, i.Mode().Perm()&0o077)
		return err
	}))
}

func TestClosed(t *testing.T) {
	s, err := fileblob.Open(t.TempDir(), nil)
	require.NoError(t, err)
	st := put(t, s, "fr", "plan")
	require.NoError(t, s.Close())
	_, err = s.Put(t.Context(), "fr", strings.NewReader("plan"))
	require.ErrorIs(t, err, fileblob.ErrClosed)
	_, err = s.Open(t.Context(), "fr", st.Hash)
	require.ErrorIs(t, err, fileblob.ErrClosed)
	_, err = s.List(t.Context(), "fr", "", 10)
	require.ErrorIs(t, err, fileblob.ErrClosed)
	_, err = s.Remove(t.Context(), "fr", st.Hash, time.Unix(1<<40, 0))
	require.ErrorIs(t, err, fileblob.ErrClosed)
}

func TestOpenOfNoDirectory(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(name, nil, 0o600))
	_, err := fileblob.Open(name, nil)
	require.ErrorIs(t, err, fileblob.ErrIO)
}

// Links that somebody put into the directory lead nowhere outside it.
func TestLinksCannotLeaveTheDirectory(t *testing.T) {
	for name, plant := range map[string]func(t *testing.T, dir, outside string, h blob.Hash){
		"tenant": func(t *testing.T, dir, outside string, _ blob.Hash) {
			require.NoError(t, os.Symlink(outside, filepath.Join(dir, "t-fr")))
		},
		"fan-out": func(t *testing.T, dir, outside string, h blob.Hash) {
			require.NoError(t, os.Mkdir(filepath.Join(dir, "t-fr"), 0o700))
			require.NoError(t, os.Symlink(filepath.Join(outside, string(h[:2])), filepath.Join(dir, "t-fr", string(h[:2]))))
		},
		"file": func(t *testing.T, dir, outside string, h blob.Hash) {
			require.NoError(t, os.MkdirAll(filepath.Join(dir, "t-fr", string(h[:2])), 0o700))
			require.NoError(t, os.Symlink(filepath.Join(outside, string(h[:2]), string(h)), file(dir, "fr", h)))
		},
		"on the way": func(t *testing.T, dir, outside string, _ blob.Hash) {
			require.NoError(t, os.Mkdir(filepath.Join(dir, "t-fr"), 0o700))
			require.NoError(t, os.Symlink(outside, filepath.Join(dir, "t-fr", "tmp")))
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir, outside := t.TempDir(), t.TempDir()
			h := blob.HashOf([]byte("plan"))
			secret := filepath.Join(outside, string(h[:2]), string(h))
			require.NoError(t, os.Mkdir(filepath.Dir(secret), 0o700))
			require.NoError(t, os.WriteFile(secret, []byte("plan"), 0o600))
			plant(t, dir, outside, h)
			s := open(t, dir, newClock(), 0)
			_, err := s.Open(t.Context(), "fr", h)
			require.Error(t, err)
			listed, err := s.List(t.Context(), "fr", "", 10)
			require.Empty(t, listed, "%v", err)
			_, _ = s.Remove(t.Context(), "fr", h, time.Unix(1<<40, 0))
			_, _ = s.Put(t.Context(), "fr", strings.NewReader("another plan"))
			content, err := os.ReadFile(secret)
			require.NoError(t, err)
			require.Equal(t, "plan", string(content))
			entries, err := os.ReadDir(outside)
			require.NoError(t, err)
			require.Len(t, entries, 1, "nothing was written outside")
		})
	}
}

// leftovers lists what is on its way in a tenant's directory.
func leftovers(t *testing.T, dir string) []string {
	entries, err := os.ReadDir(filepath.Join(dir, "t-fr", "tmp"))
	require.NoError(t, err)
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

// A process that ended in the middle leaves a file; an hour later it goes, by
// the next Put or List. What is on its way out goes back.
func TestLeftovers(t *testing.T) {
	for name, call := range map[string]func(s *fileblob.Store) error{
		"put":  func(s *fileblob.Store) error { _, err := s.Put(t.Context(), "fr", strings.NewReader("x")); return err },
		"list": func(s *fileblob.Store) error { _, err := s.List(t.Context(), "fr", "", 1); return err },
	} {
		t.Run(name, func(t *testing.T) {
			dir, c := t.TempDir(), newClock()
			s := open(t, dir, c, 0)
			st := put(t, s, "fr", "plan")
			put(t, s, "fr", "x")
			require.Empty(t, leftovers(t, dir), "a Put leaves nothing")
			begun := c.Now()
			leave := func(name string, at time.Time) {
				path := filepath.Join(dir, "t-fr", "tmp", name)
				require.NoError(t, os.WriteFile(path, []byte("half a pl"), 0o600))
				require.NoError(t, os.Chtimes(path, at, at))
			}
			leave(fmt.Sprintf("put-%d-1-1", begun.Unix()), begun)
			leave(fmt.Sprintf("put-%d-1-2", begun.Unix()), begun.Add(45*time.Minute)) // still growing
			leave("not ours", begun)
			out := filepath.Join(dir, "t-fr", "tmp", "out-"+string(st.Hash)+"-1-1")
			require.NoError(t, os.Rename(file(dir, "fr", st.Hash), out))

			c.Pass(59 * time.Minute)
			require.NoError(t, call(s))
			require.Len(t, leftovers(t, dir), 4, "too early")
			c.Pass(2 * time.Minute)
			require.NoError(t, call(s))
			require.Equal(t, []string{"not ours", fmt.Sprintf("put-%d-1-2", begun.Unix())}, leftovers(t, dir))
			content, err := os.ReadFile(file(dir, "fr", st.Hash))
			require.NoError(t, err)
			require.Equal(t, "plan", string(content))
			c.Pass(61 * time.Minute)
			require.NoError(t, call(s))
			require.Equal(t, []string{"not ours"}, leftovers(t, dir))
		})
	}
}

// Two stores over one directory are two processes: what one of them has put
// while the other removed it is there in the end.
func TestTwoProcesses(t *testing.T) {
	dir, c := t.TempDir(), newClock()
	a, b := open(t, dir, c, 0), open(t, dir, c, 0)
	for i := range 60 {
		content := fmt.Sprintf("plan %d", i)
		before := put(t, a, "fr", content).At.Add(24 * time.Hour)
		c.Pass(48 * time.Hour)
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				_, err := a.Remove(context.Background(), "fr", blob.HashOf([]byte(content)), before)
				if err != nil {
					t.Errorf("remove: %v", err)
				}
			})
		}
		put(t, b, "fr", content)
		wg.Wait()
		r, err := b.Open(t.Context(), "fr", blob.HashOf([]byte(content)))
		require.NoError(t, err)
		require.NoError(t, r.Close())
	}
	require.Empty(t, leftovers(t, dir))
}
