package fileblob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/blob"
)

// Put implements blob.Store. The file is written again even when its content
// is there, so that a damaged blob is mended by putting it again. The limit is
// Options.MaxBytes; r is read at most one byte beyond it. Errors, beside those
// of the interface: ErrIO, ErrClosed.
func (s *Store) Put(ctx context.Context, t access.Tenant, r io.Reader) (blob.Stat, error) {
	dir, err := tenantDir(t)
	if err != nil {
		return blob.Stat{}, err
	}
	if err := ctx.Err(); err != nil {
		return blob.Stat{}, err
	}
	if err := s.tidy(t, dir); err != nil {
		return blob.Stat{}, failed(err)
	}
	f, temp, err := s.temp(dir)
	if err != nil {
		return blob.Stat{}, failed(err)
	}
	stat, err := s.fill(ctx, f, temp, r)
	if err == nil {
		err = s.settle(dir, temp, stat)
	}
	if err != nil {
		_ = s.root.Remove(temp) // or tidy does, later
		return blob.Stat{}, err
	}
	return stat, nil
}

// temp makes a file on its way. Its name holds the time, for tidy.
func (s *Store) temp(dir string) (*os.File, string, error) {
	for _, d := range []string{dir, path.Join(dir, tempDir)} {
		if err := s.mkdir(d); err != nil {
			return nil, "", err
		}
	}
	for {
		name := path.Join(dir, tempDir, fmt.Sprintf("put-%d-%d-%d", s.now().Unix(), os.Getpid(), s.temps.Add(1)))
		f, err := s.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
		if !errors.Is(err, fs.ErrExist) {
			return f, name, err
		}
	}
}

// fill writes the content, syncs and closes the file.
func (s *Store) fill(ctx context.Context, f *os.File, temp string, r io.Reader) (blob.Stat, error) {
	in := &source{ctx: ctx, r: r, left: s.max}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, sum), in)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	stat := blob.Stat{Hash: blob.Hash(hex.EncodeToString(sum.Sum(nil))), Size: n, At: s.now()}
	if err == nil {
		err = s.root.Chtimes(temp, time.Time{}, stat.At)
	}
	switch {
	case in.failed != nil:
		return stat, in.failed
	case err != nil:
		return stat, failed(err)
	}
	return stat, nil
}

// source reads r up to a limit and until ctx ends, and keeps what failed there
// apart from what fails on our side.
type source struct {
	ctx    context.Context
	r      io.Reader
	left   int64 // below zero from the start: no limit
	read   int64
	failed error
}

func (in *source) Read(p []byte) (int, error) {
	if err := in.ctx.Err(); err != nil {
		in.failed = err
		return 0, err
	}
	if in.left >= 0 && int64(len(p)) > in.left-in.read {
		p = p[:in.left-in.read+1]
	}
	n, err := in.r.Read(p)
	in.read += int64(n)
	if in.left >= 0 && in.read > in.left {
		err = blob.ErrTooLarge.With("the file is larger than %d bytes", in.left)
	}
	if err != nil && err != io.EOF {
		in.failed = err
	}
	return n, err
}

// settle puts a file in its place.
func (s *Store) settle(dir, temp string, stat blob.Stat) error {
	to := place(dir, stat.Hash)
	if err := s.mkdir(path.Dir(to)); err != nil {
		return failed(err)
	}
	s.mu.Lock()
	err := s.root.Rename(temp, to)
	s.mu.Unlock()
	if err == nil {
		err = s.syncDir(path.Dir(to))
	}
	if err != nil {
		return failed(err)
	}
	return nil
}
