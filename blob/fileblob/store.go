package fileblob

import (
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/clock"
)

// DefaultMaxBytes is the largest blob unless Options say otherwise: 25 MiB.
const DefaultMaxBytes = 25 << 20

// Options tune a Store. The zero value is ready to use.
type Options struct {
	// MaxBytes is the largest blob, in bytes. Default: DefaultMaxBytes. Below
	// zero there is no limit.
	MaxBytes int64
	// Now is the clock, for the time of the last Put. Default: the machine's.
	Now func() time.Time
}

// The errors of the package, beside those of blob.
var (
	// ErrIO is a directory that cannot be read or written.
	ErrIO = fault.Define(fault.Unavailable, "fileblob.io", "the directory of files cannot be read or written")
	// ErrClosed is a call after Close.
	ErrClosed = fault.Define(fault.Unavailable, "fileblob.closed", "the store of files is closed")
)

// Store is a blob.Store over a directory.
type Store struct {
	root *os.Root
	max  int64
	now  func() time.Time
	// temps counts the names of files on their way.
	temps atomic.Int64

	// mu is held while a file takes its place or leaves it.
	mu sync.Mutex
	// tidied is when a tenant's leftovers were looked at last.
	tidied map[access.Tenant]time.Time
}

var _ blob.Store = (*Store)(nil)

// Open makes a store of a directory, which is created if it is not there.
// Close it in the end. Errors: ErrIO.
func Open(dir string, opts *Options) (*Store, error) {
	if opts == nil {
		opts = &Options{}
	}
	if err := os.MkdirAll(dir, dirMode); err != nil {
		return nil, ErrIO.Because(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, ErrIO.Because(err)
	}
	s := &Store{root: root, max: opts.MaxBytes, now: clock.Or(opts.Now), tidied: make(map[access.Tenant]time.Time)}
	if s.max == 0 {
		s.max = DefaultMaxBytes
	}
	return s, nil
}

// Close releases the directory; what is being read can be read to its end.
// Later calls answer ErrClosed, a second Close does nothing.
func (s *Store) Close() error {
	if err := s.root.Close(); err != nil {
		return failed(err)
	}
	return nil
}
