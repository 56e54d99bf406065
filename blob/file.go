package blob

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
)

// NameMax and MediaMax bound a file's name and media type, in characters.
const (
	NameMax  = 255
	MediaMax = 100
)

// HashOf returns the hash of content.
func HashOf(content []byte) Hash {
	sum := sha256.Sum256(content)
	return Hash(hex.EncodeToString(sum[:]))
}

// Valid reports whether h has the shape of a hash: 64 lower-case hex digits.
func (h Hash) Valid() bool {
	if len(h) != 2*sha256.Size {
		return false
	}
	for i := 0; i < len(h); i++ {
		if c := h[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// Check notes under path what keeps a document from naming the file: a hash
// that is none (hash.shape), a size below zero (size.negative), a name that is
// missing, too long, not plain text or a path (required, text.*, name.path), a
// media type that is no short line (text.*). Whether the content is there is
// not asked.
func (f File) Check(is *fault.Issues, path string) {
	at := func(field string) string { return fault.Join(path, field) }
	if !f.Hash.Valid() {
		is.Add(at("hash"), "hash.shape", "is not 64 lower-case hex digits")
	}
	if f.Size < 0 {
		is.Add(at("size"), "size.negative", "is below zero")
	}
	check.Need(is, at("name"), f.Name, NameMax)
	if f.Name == "." || f.Name == ".." || strings.ContainsAny(f.Name, `/\`) {
		is.Add(at("name"), "name.path", "is a path, not the name of a file")
	}
	check.Line(is, at("media"), f.Media, MediaMax)
}
