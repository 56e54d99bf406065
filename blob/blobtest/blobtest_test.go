package blobtest_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/blob/blobtest"
	"github.com/comptoir-go/comptoir/internal/golden"
)

const limit = 1 << 20

// mutant is a store with one thing broken; a nil function is the store's own.
type mutant struct {
	blob.Store
	put    func(ctx context.Context, t access.Tenant, r io.Reader) (blob.Stat, error)
	open   func(ctx context.Context, t access.Tenant, h blob.Hash) (io.ReadCloser, error)
	list   func(ctx context.Context, t access.Tenant, after blob.Hash, limit int) ([]blob.Stat, error)
	remove func(ctx context.Context, t access.Tenant, h blob.Hash, before time.Time) (bool, error)
}

func (m mutant) Put(ctx context.Context, t access.Tenant, r io.Reader) (blob.Stat, error) {
	if m.put != nil {
		return m.put(ctx, t, r)
	}
	return m.Store.Put(ctx, t, r)
}

func (m mutant) Open(ctx context.Context, t access.Tenant, h blob.Hash) (io.ReadCloser, error) {
	if m.open != nil {
		return m.open(ctx, t, h)
	}
	return m.Store.Open(ctx, t, h)
}

func (m mutant) List(ctx context.Context, t access.Tenant, after blob.Hash, limit int) ([]blob.Stat, error) {
	if m.list != nil {
		return m.list(ctx, t, after, limit)
	}
	return m.Store.List(ctx, t, after, limit)
}

func (m mutant) Remove(ctx context.Context, t access.Tenant, h blob.Hash, before time.Time) (bool, error) {
	if m.remove != nil {
		return m.remove(ctx, t, h, before)
	}
	return m.Store.Remove(ctx, t, h, before)
}

// mutants are broken stores and the cases that each of them fails, and no
// other.
func mutants() map[string]struct {
	make  func(s blob.Store) mutant
	fails []string
} {
	type m = struct {
		make  func(s blob.Store) mutant
		fails []string
	}
	putting := func(change func(s blob.Store, ctx context.Context, t access.Tenant, r io.Reader) (blob.Stat, error)) func(blob.Store) mutant {
		return func(s blob.Store) mutant {
			return mutant{put: func(ctx context.Context, t access.Tenant, r io.Reader) (blob.Stat, error) {
				return change(s, ctx, t, r)
			}}
		}
	}
	return map[string]m{
		"a wrong size": {putting(func(s blob.Store, ctx context.Context, t access.Tenant, r io.Reader) (blob.Stat, error) {
			st, err := s.Put(ctx, t, r)
			st.Size++
			return st, err
		}), []string{"put_open", "put_twice"}},
		"keeps what it got before an error": {putting(func(s blob.Store, ctx context.Context, t access.Tenant, r io.Reader) (blob.Stat, error) {
			var got bytes.Buffer
			if _, err := io.Copy(&got, io.LimitReader(r, limit+1)); err != nil {
				_, _ = s.Put(ctx, t, &got)
				return blob.Stat{}, err
			}
			return s.Put(ctx, t, &got)
		}), []string{"put_failed"}},
		"cuts at the limit": {putting(func(s blob.Store, ctx context.Context, t access.Tenant, r io.Reader) (blob.Stat, error) {
			return s.Put(ctx, t, io.LimitReader(r, limit))
		}), []string{"too_large", "endless"}},
		"reads everything first": {putting(func(s blob.Store, ctx context.Context, t access.Tenant, r io.Reader) (blob.Stat, error) {
			all, err := io.ReadAll(io.LimitReader(r, 64<<20))
			if err != nil {
				return blob.Stat{}, err
			}
			return s.Put(ctx, t, bytes.NewReader(all))
		}), []string{"endless"}},
		"ignores the context": {putting(func(s blob.Store, ctx context.Context, t access.Tenant, r io.Reader) (blob.Stat, error) {
			return s.Put(context.WithoutCancel(ctx), t, r)
		}), []string{"put_cancelled"}},
		"a tenant for all": {func(s blob.Store) mutant {
			return mutant{put: func(ctx context.Context, _ access.Tenant, r io.Reader) (blob.Stat, error) { return s.Put(ctx, "x", r) },
				open: func(ctx context.Context, _ access.Tenant, h blob.Hash) (io.ReadCloser, error) {
					return s.Open(ctx, "x", h)
				},
				list: func(ctx context.Context, _ access.Tenant, after blob.Hash, n int) ([]blob.Stat, error) {
					return s.List(ctx, "x", after, n)
				},
				remove: func(ctx context.Context, _ access.Tenant, h blob.Hash, before time.Time) (bool, error) {
					return s.Remove(ctx, "x", h, before)
				}}
		}, []string{"bad_tenant", "damaged", "list_empty", "sweep", "tenants"}},
		"tenants alike in any case": {func(s blob.Store) mutant {
			small := func(t access.Tenant) access.Tenant { return access.Tenant(strings.ToLower(string(t))) }
			return mutant{
				put: func(ctx context.Context, t access.Tenant, r io.Reader) (blob.Stat, error) {
					return s.Put(ctx, small(t), r)
				},
				open: func(ctx context.Context, t access.Tenant, h blob.Hash) (io.ReadCloser, error) {
					return s.Open(ctx, small(t), h)
				},
				list: func(ctx context.Context, t access.Tenant, after blob.Hash, n int) ([]blob.Stat, error) {
					return s.List(ctx, small(t), after, n)
				}}
		}, []string{"tenants"}},
		"no such file is another error": {func(s blob.Store) mutant {
			return mutant{open: func(ctx context.Context, t access.Tenant, h blob.Hash) (io.ReadCloser, error) {
				r, err := s.Open(ctx, t, h)
				if err == blob.ErrNotFound {
					return nil, os.ErrNotExist
				}
				return r, err
			}}
		}, []string{"not_found", "put_failed", "remove", "sweep", "tenants", "too_large"}},
		"does not look whether it is damaged": {func(s blob.Store) mutant {
			return mutant{open: func(ctx context.Context, t access.Tenant, h blob.Hash) (io.ReadCloser, error) {
				r, err := s.Open(ctx, t, h)
				return unchecked{r}, err
			}}
		}, []string{"damaged"}},
		"refuses content that is there": {putting(func(s blob.Store, ctx context.Context, t access.Tenant, r io.Reader) (blob.Stat, error) {
			all, err := io.ReadAll(io.LimitReader(r, limit+1))
			if err != nil {
				return blob.Stat{}, err
			}
			if old, _ := s.List(ctx, t, "", 1000); slices.ContainsFunc(old, func(st blob.Stat) bool { return st.Hash == blob.HashOf(all) }) {
				return blob.Stat{Hash: blob.HashOf(all), Size: int64(len(all)), At: old[0].At}, nil
			}
			return s.Put(ctx, t, bytes.NewReader(all))
		}), []string{"put_time", "damaged", "remove_refreshed", "sweep", "race_remove"}},
		"one reader at a time, until the end": {func(s blob.Store) mutant {
			var mu sync.Mutex
			reading := map[blob.Hash]bool{}
			return mutant{open: func(ctx context.Context, t access.Tenant, h blob.Hash) (io.ReadCloser, error) {
				mu.Lock()
				defer mu.Unlock()
				if reading[h] {
					return nil, os.ErrPermission
				}
				r, err := s.Open(ctx, t, h)
				reading[h] = err == nil
				return &once{r, func() {
					mu.Lock()
					defer mu.Unlock()
					reading[h] = false
				}}, err
			}}
		}, []string{"close_early"}},
		"refuses what another is putting": {putting(func() func(s blob.Store, ctx context.Context, t access.Tenant, r io.Reader) (blob.Stat, error) {
			var busy atomic.Int64
			return func(s blob.Store, ctx context.Context, t access.Tenant, r io.Reader) (blob.Stat, error) {
				defer busy.Add(-1)
				if busy.Add(1) > 1 {
					return blob.Stat{}, os.ErrExist
				}
				for range 100 {
					runtime.Gosched()
				}
				return s.Put(ctx, t, r)
			}
		}()), []string{"race_put"}},
		"a list out of order": {func(s blob.Store) mutant {
			return mutant{list: func(ctx context.Context, t access.Tenant, after blob.Hash, n int) ([]blob.Stat, error) {
				page, err := s.List(ctx, t, after, n)
				if len(page) > 2 {
					page[0], page[1] = page[1], page[0]
				}
				return page, err
			}}
		}, []string{"list"}},
		"a list that leaves the first of the next page out": {func(s blob.Store) mutant {
			return mutant{list: func(ctx context.Context, t access.Tenant, after blob.Hash, n int) ([]blob.Stat, error) {
				page, err := s.List(ctx, t, after, n)
				if after != "" {
					page = page[min(10, len(page)):]
				}
				return page, err
			}}
		}, []string{"list", "sweep"}},
		"removes whatever its age": {func(s blob.Store) mutant {
			return mutant{remove: func(ctx context.Context, t access.Tenant, h blob.Hash, _ time.Time) (bool, error) {
				return s.Remove(ctx, t, h, time.Unix(1<<40, 0))
			}}
		}, []string{"remove_young", "remove_refreshed", "race_remove"}},
		"says that it removed what is not there": {func(s blob.Store) mutant {
			return mutant{remove: func(ctx context.Context, t access.Tenant, h blob.Hash, before time.Time) (bool, error) {
				_, err := s.Remove(ctx, t, h, before)
				return true, err
			}}
		}, []string{"remove", "remove_young", "remove_refreshed"}},
		"looks at the age too early": {func(s blob.Store) mutant {
			var puts, looked atomic.Int64
			return mutant{
				put: func(ctx context.Context, t access.Tenant, r io.Reader) (blob.Stat, error) {
					defer puts.Add(1)
					for i := 0; i < 10_000 && looked.Load() == 0; i++ {
						runtime.Gosched() // a Remove looks
					}
					return s.Put(ctx, t, r)
				},
				remove: func(ctx context.Context, t access.Tenant, h blob.Hash, before time.Time) (bool, error) {
					page, err := s.List(ctx, t, "", 1000)
					seen := puts.Load()
					looked.Add(1)
					defer looked.Add(-1)
					for i := 0; i < 10_000 && puts.Load() == seen; i++ {
						runtime.Gosched() // a Put comes here
					}
					for _, st := range page {
						if st.Hash == h && st.At.Before(before) {
							return s.Remove(ctx, t, h, time.Unix(1<<40, 0))
						}
					}
					return false, err
				}}
		}, []string{"race_remove"}},
	}
}

type once struct {
	io.ReadCloser
	end func()
}

func (o *once) Read(p []byte) (int, error) {
	n, err := o.ReadCloser.Read(p)
	if err != nil {
		o.end()
	}
	return n, err
}

type unchecked struct{ io.ReadCloser }

func (u unchecked) Read(p []byte) (int, error) {
	n, err := u.ReadCloser.Read(p)
	if err != nil {
		err = io.EOF
	}
	return n, err
}

// harness is a store in memory, broken by wrap.
func harness(wrap func(blob.Store) mutant) blobtest.Harness {
	return blobtest.Harness{Strict: true, New: func(testing.TB) blobtest.Subject {
		s := newMemory()
		m := wrap(s)
		m.Store = s
		return blobtest.Subject{Store: m, MaxBytes: limit, Pass: s.pass, Damage: s.damage}
	}}
}

// The store that the mutants are made of is a right one.
func TestMemory(t *testing.T) {
	blobtest.Run(t, harness(func(blob.Store) mutant { return mutant{} }))
}

// recorder takes a case's verdict without failing the test it runs in.
type recorder struct {
	testing.TB
	mu     sync.Mutex
	failed bool
	said   strings.Builder
}

func (r *recorder) Helper()             {}
func (r *recorder) Logf(string, ...any) {}
func (r *recorder) FailNow()            { runtime.Goexit() }

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed = true
	fmt.Fprintf(&r.said, format+"\n", args...)
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

func verdict(t *testing.T, c blobtest.Case, h blobtest.Harness) (failed bool, said string) {
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.Check(r, h)
	}()
	<-done
	return r.failed, r.said.String()
}

// Every broken store fails the cases that claim what it breaks, and says the
// claim; and every case catches some store.
func TestMutants(t *testing.T) {
	caught := map[string]bool{}
	for name, m := range mutants() {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, c := range blobtest.Cases() {
				if failed, said := verdict(t, c, harness(m.make)); failed {
					require.Contains(t, said, c.Claim)
					got, caught[c.Name] = append(got, c.Name), true
				}
			}
			require.ElementsMatch(t, m.fails, got)
		})
	}
	for _, c := range blobtest.Cases() {
		require.True(t, caught[c.Name], "no mutant fails %s", c.Name)
	}
}

func TestCasesAreTheClaims(t *testing.T) {
	var b strings.Builder
	seen := map[string]bool{}
	for _, c := range blobtest.Cases() {
		require.False(t, seen[c.Name], c.Name)
		seen[c.Name] = true
		fmt.Fprintf(&b, "%s: %s\n", c.Name, c.Claim)
	}
	golden.Check(t, "testdata/claims.txt", []byte(b.String()))
}

// A hook that is missing fails a strict harness.
func TestMissingHooks(t *testing.T) {
	for _, c := range blobtest.Cases() {
		h := harness(func(blob.Store) mutant { return mutant{} })
		whole := h.New
		h.New = func(t testing.TB) blobtest.Subject { return blobtest.Subject{Store: whole(t).Store} }
		failed, said := verdict(t, c, h)
		needs := slices.Contains([]string{"put_time", "too_large", "endless", "damaged", "remove_refreshed", "sweep", "race_remove"}, c.Name)
		require.Equal(t, needs, failed, c.Name)
		if needs {
			require.Contains(t, said, "the harness has no")
		}
	}
}
