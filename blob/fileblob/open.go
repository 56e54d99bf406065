package fileblob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"
	"os"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/blob"
)

// Open implements blob.Store. The content is hashed while it is read; the last
// Read answers blob.ErrDamaged in place of io.EOF when it is not what was put.
// Close it in any case. Errors, beside those of the interface: ErrIO,
// ErrClosed.
func (s *Store) Open(ctx context.Context, t access.Tenant, h blob.Hash) (io.ReadCloser, error) {
	dir, err := tenantDir(t)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !h.Valid() {
		return nil, blob.ErrNotFound
	}
	f, err := s.root.Open(place(dir, h))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, blob.ErrNotFound
	}
	if err != nil {
		return nil, failed(err)
	}
	return &content{f: f, want: h, sum: sha256.New()}, nil
}

// content is a blob that is being read.
type content struct {
	f    *os.File
	want blob.Hash
	sum  hash.Hash
	end  error
}

// Read implements io.Reader.
func (c *content) Read(p []byte) (int, error) {
	if c.end != nil {
		return 0, c.end
	}
	n, err := c.f.Read(p)
	c.sum.Write(p[:n])
	switch {
	case err == io.EOF:
		c.end = err
		if blob.Hash(hex.EncodeToString(c.sum.Sum(nil))) != c.want {
			c.end = blob.ErrDamaged.With("the content of %s is not what was stored", c.want)
		}
	case err != nil:
		c.end = failed(err)
	}
	return n, c.end
}

// Close implements io.Closer.
func (c *content) Close() error {
	if err := c.f.Close(); err != nil {
		return failed(err)
	}
	return nil
}
