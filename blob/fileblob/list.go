package fileblob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/internal/clock"
)

// List implements blob.Store. The times are those of the files, as exact as
// the file system keeps them. Errors: those of the interface, ErrIO,
// ErrClosed.
func (s *Store) List(ctx context.Context, t access.Tenant, after blob.Hash, limit int) ([]blob.Stat, error) {
	dir, err := tenantDir(t)
	if err != nil {
		return nil, err
	}
	if err := s.tidy(t, dir); err != nil {
		return nil, failed(err)
	}
	var out []blob.Stat
	for i := 0; i < 256 && len(out) < limit; i++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		fan := fmt.Sprintf("%02x", i)
		if fan < string(after[:min(2, len(after))]) {
			continue
		}
		if out, err = s.list(out, path.Join(dir, fan), after, limit); err != nil {
			return nil, failed(err)
		}
	}
	return out, nil
}

// list adds the blobs of one directory, up to limit.
func (s *Store) list(out []blob.Stat, dir string, after blob.Hash, limit int) ([]blob.Stat, error) {
	names, err := s.names(dir)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		h := blob.Hash(name)
		if len(out) >= limit {
			break
		}
		if !h.Valid() || h <= after || name[:2] != path.Base(dir) {
			continue
		}
		st, err := s.root.Lstat(path.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed in between
		}
		if err != nil {
			return nil, err
		}
		if st.Mode().IsRegular() {
			out = append(out, blob.Stat{Hash: h, Size: st.Size(), At: clock.Cut(st.ModTime())})
		}
	}
	return out, nil
}

// names lists a directory in the order of the names; none when it is not there.
func (s *Store) names(dir string) ([]string, error) {
	d, err := s.root.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	names, err := d.Readdirnames(-1)
	slices.Sort(names)
	return names, errors.Join(err, d.Close())
}
