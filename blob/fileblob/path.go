package fileblob

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"runtime"
	"strings"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/blob"
)

const (
	dirMode  = 0o700
	fileMode = 0o600
	// tempDir holds, within a tenant's directory, files on their way in or out.
	tempDir = "tmp"
)

// tenantDir is the name of a tenant's directory: letters in capitals are
// marked, since some file systems do not tell them from small ones.
func tenantDir(t access.Tenant) (string, error) {
	if t == "" || len(t) > 64 {
		return "", blob.ErrTenant
	}
	var b strings.Builder
	b.WriteString("t-")
	for i := range len(t) {
		switch c := t[i]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '-', c == '_', c == '.':
			b.WriteByte(c)
		case 'A' <= c && c <= 'Z':
			b.WriteByte('=')
			b.WriteByte(c | 0x20)
		default:
			return "", blob.ErrTenant
		}
	}
	return b.String(), nil
}

// place is where a blob of a tenant's directory is.
func place(dir string, h blob.Hash) string { return path.Join(dir, string(h[:2]), string(h)) }

// mkdir makes a directory and has it stay: a new one is synced into its parent.
func (s *Store) mkdir(name string) error {
	err := s.root.Mkdir(name, dirMode)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.syncDir(path.Dir(name))
}

// syncDir makes the names in a directory durable.
func (s *Store) syncDir(name string) error {
	if runtime.GOOS == "windows" { // has no such call
		return nil
	}
	d, err := s.root.Open(name)
	if err != nil {
		return err
	}
	err = d.Sync()
	return errors.Join(err, d.Close())
}

// failed is a failure of the file system.
func failed(err error) error {
	if errors.Is(err, os.ErrClosed) {
		return ErrClosed
	}
	return ErrIO.Because(err)
}
