package order

import (
	"context"
	"errors"
	"io"
	"strconv"

	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/fault"
)

// verify notes which files are not in the blob store as they are told. Known
// hashes are not asked for, one that is none has been noted already. It calls
// out and stands between transactions.
func (s *Service) verify(ctx context.Context, is *fault.Issues, files []blob.File, known map[blob.Hash]bool) error {
	sizes := make(map[blob.Hash]int64) // -1: not there
	for i, f := range files {
		if known[f.Hash] || !f.Hash.Valid() {
			continue
		}
		size, asked := sizes[f.Hash]
		if !asked {
			var err error
			if size, err = s.measure(ctx, f.Hash); err != nil {
				return err
			}
			sizes[f.Hash] = size
		}
		switch path := "files[" + strconv.Itoa(i) + "]"; {
		case size < 0:
			is.Add(path+".hash", blob.ErrNotFound.FaultCode(), "there is no such content; put it first")
		case size != f.Size:
			is.Add(path+".size", "size.differs", "the content has %d bytes", size)
		}
	}
	return nil
}

// measure reads a content to its end, which the store checks by that, and
// returns its bytes; -1 when it is not there.
func (s *Service) measure(ctx context.Context, h blob.Hash) (n int64, err error) {
	r, err := s.blobs.Open(ctx, s.tenant, h)
	if errors.Is(err, blob.ErrNotFound) {
		return -1, nil
	}
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	return io.Copy(io.Discard, r)
}
