package fileblob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/internal/clock"
)

// leftAfter is the age from which a file on its way is a leftover.
const leftAfter = time.Hour

// Remove implements blob.Store. Between processes, too, a blob that is put
// while it is being removed stays; an Open in that moment may miss it. Errors:
// those of the interface, ErrIO, ErrClosed.
func (s *Store) Remove(ctx context.Context, t access.Tenant, h blob.Hash, before time.Time) (bool, error) {
	dir, err := tenantDir(t)
	if err != nil {
		return false, err
	}
	if err := ctx.Err(); err != nil {
		return false, err
	}
	if !h.Valid() {
		return false, nil
	}
	gone, err := s.remove(dir, h, before)
	if err != nil {
		return false, failed(err)
	}
	return gone, nil
}

// remove takes the file out of its place first and looks at its time there,
// where no other process renames a newer one over it; then it goes back or is
// deleted. In this process the lock keeps everyone else out.
func (s *Store) remove(dir string, h blob.Hash, before time.Time) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := place(dir, h)
	if old, err := s.older(at, before); !old {
		return false, err
	}
	if err := s.mkdir(path.Join(dir, tempDir)); err != nil {
		return false, err
	}
	out := path.Join(dir, tempDir, fmt.Sprintf("out-%s-%d-%d", h, os.Getpid(), s.temps.Add(1)))
	if err := s.root.Rename(at, out); err != nil {
		return false, unlessGone(err)
	}
	old, err := s.older(out, before)
	if err != nil || !old {
		return false, errors.Join(err, unlessGone(s.root.Rename(out, at)))
	}
	if err := s.root.Remove(out); err != nil {
		return false, unlessGone(err)
	}
	return true, nil
}

// older reports whether a file is there and was put before an instant.
func (s *Store) older(name string, before time.Time) (bool, error) {
	st, err := s.root.Lstat(name)
	if err != nil {
		return false, unlessGone(err)
	}
	return clock.Cut(st.ModTime()).Before(before), nil
}

func unlessGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// tidy looks for what a process left behind that ended in the middle: a file
// on its way in is removed, one on its way out goes back to its place, to be
// removed by the next sweep. Once an hour for each tenant is enough.
func (s *Store) tidy(t access.Tenant, dir string) error {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if last, ok := s.tidied[t]; ok && now.Sub(last) < leftAfter {
		return nil
	}
	s.tidied[t] = now
	names, err := s.names(path.Join(dir, tempDir))
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := s.tidyOne(dir, name, now); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) tidyOne(dir, name string, now time.Time) error {
	from := path.Join(dir, tempDir, name)
	kind, rest, _ := strings.Cut(name, "-")
	mark, _, _ := strings.Cut(rest, "-")
	switch {
	case kind == "put":
		begun, err := strconv.ParseInt(mark, 10, 64)
		if err != nil || now.Sub(time.Unix(begun, 0)) < leftAfter {
			return nil
		}
		// An upload that still grows has a young file.
		old, err := s.older(from, now.Add(-leftAfter))
		if err != nil || !old {
			return err
		}
		return unlessGone(s.root.Remove(from))
	case kind == "out" && blob.Hash(mark).Valid():
		to := place(dir, blob.Hash(mark))
		if _, err := s.root.Lstat(to); err == nil {
			return unlessGone(s.root.Remove(from))
		}
		return unlessGone(s.root.Rename(from, to))
	}
	return nil
}
