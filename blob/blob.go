package blob

import (
	"context"
	"io"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
)

// Hash is the SHA-256 of a blob's content: 64 lower-case hex digits.
type Hash string

// File is a named blob, as documents refer to it.
type File struct {
	Hash Hash  `json:"hash"`
	Size int64 `json:"size"` // bytes
	// Name is what people call it, 1 to 255 characters without a path; Media
	// is a media type such as "application/pdf".
	Name  string `json:"name"`
	Media string `json:"media,omitempty"`
}

// Stat is what a store knows of a blob.
type Stat struct {
	Hash Hash      `json:"hash"`
	Size int64     `json:"size"` // bytes
	At   time.Time `json:"at"`   // when it was put last
}

// Store keeps the blobs of many tenants side by side; what is no tenant is
// ErrTenant for every call. It is safe for concurrent use. Stores are held to
// it by package blobtest.
type Store interface {
	// Put reads r to its end and keeps the content. Content that is there
	// already is kept once and counts as put now. Nothing of a Put that fails
	// can be read. Errors: ErrTooLarge beyond the store's limit; what r
	// or ctx answers.
	Put(ctx context.Context, t access.Tenant, r io.Reader) (Stat, error)
	// Open returns the content; reading it to the end answers ErrDamaged when
	// it is no longer what was put. Errors: ErrNotFound, also for a hash that
	// is none.
	Open(ctx context.Context, t access.Tenant, h Hash) (io.ReadCloser, error)
	// List returns blobs in the order of their hashes, at most limit, behind
	// after ("" starts).
	List(ctx context.Context, t access.Tenant, after Hash, limit int) ([]Stat, error)
	// Remove forgets a blob if it was put last before the instant; otherwise,
	// and for a blob that is not there, it does nothing and answers false.
	Remove(ctx context.Context, t access.Tenant, h Hash, before time.Time) (bool, error)
}

// The errors of blob stores.
var (
	ErrNotFound = fault.Define(fault.NotFound, "blob.not_found", "no such file content")
	ErrTooLarge = fault.Define(fault.Invalid, "blob.too_large", "the file is larger than the store takes")
	ErrDamaged  = fault.Define(fault.Internal, "blob.damaged", "the file's content is not what was stored")
	ErrTenant   = fault.Define(fault.Invalid, "blob.tenant", "a tenant is 1 to 64 bytes of letters, digits, '-', '_' and '.'")
	ErrInvalid  = fault.Define(fault.Invalid, "blob.invalid", "the file reference is not valid")
)
