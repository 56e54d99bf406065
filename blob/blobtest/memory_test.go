package blobtest_test

import (
	"bytes"
	"context"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/blob"
)

// memory is the smallest blob.Store that keeps every promise.
type memory struct {
	mu   sync.Mutex
	now  time.Time
	kept map[access.Tenant]map[blob.Hash]kept
}

type kept struct {
	content []byte
	stat    blob.Stat
}

func newMemory() *memory {
	return &memory{now: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC), kept: map[access.Tenant]map[blob.Hash]kept{}}
}

func (m *memory) pass(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = m.now.Add(d)
}

func (m *memory) damage(t access.Tenant, h blob.Hash) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, ok := m.kept[t][h]
	if !ok {
		return blob.ErrNotFound
	}
	k.content = append(bytes.Clone(k.content), 'z')
	m.kept[t][h] = k
	return nil
}

// enter checks a call and takes the lock.
func (m *memory) enter(ctx context.Context, t access.Tenant) (unlock func(), err error) {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
	if t == "" || len(t) > 64 || strings.Trim(string(t), letters) != "" {
		return nil, blob.ErrTenant
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	if m.kept[t] == nil {
		m.kept[t] = map[blob.Hash]kept{}
	}
	return m.mu.Unlock, nil
}

func (m *memory) Put(ctx context.Context, t access.Tenant, r io.Reader) (blob.Stat, error) {
	var content []byte
	for end := false; !end; {
		unlock, err := m.enter(ctx, t)
		if err != nil {
			return blob.Stat{}, err
		}
		unlock()
		chunk := make([]byte, 4096)
		n, err := r.Read(chunk)
		if content = append(content, chunk[:n]...); len(content) > limit {
			return blob.Stat{}, blob.ErrTooLarge
		}
		if end = err == io.EOF; err != nil && !end {
			return blob.Stat{}, err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	st := blob.Stat{Hash: blob.HashOf(content), Size: int64(len(content)), At: m.now}
	m.kept[t][st.Hash] = kept{content, st}
	return st, nil
}

func (m *memory) Open(ctx context.Context, t access.Tenant, h blob.Hash) (io.ReadCloser, error) {
	unlock, err := m.enter(ctx, t)
	if err != nil {
		return nil, err
	}
	defer unlock()
	k, ok := m.kept[t][h]
	if !ok {
		return nil, blob.ErrNotFound
	}
	var end io.Reader = strings.NewReader("")
	if blob.HashOf(k.content) != h {
		end = broken{}
	}
	return io.NopCloser(io.MultiReader(bytes.NewReader(k.content), end)), nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, blob.ErrDamaged }

func (m *memory) List(ctx context.Context, t access.Tenant, after blob.Hash, limit int) ([]blob.Stat, error) {
	unlock, err := m.enter(ctx, t)
	if err != nil {
		return nil, err
	}
	defer unlock()
	var out []blob.Stat
	for _, h := range slices.Sorted(maps.Keys(m.kept[t])) {
		if h > after && len(out) < limit {
			out = append(out, m.kept[t][h].stat)
		}
	}
	return out, nil
}

func (m *memory) Remove(ctx context.Context, t access.Tenant, h blob.Hash, before time.Time) (bool, error) {
	unlock, err := m.enter(ctx, t)
	if err != nil {
		return false, err
	}
	defer unlock()
	k, ok := m.kept[t][h]
	if !ok || !k.stat.At.Before(before) {
		return false, nil
	}
	delete(m.kept[t], h)
	return true, nil
}
