// Package ids makes the default ids: UUIDs of version 7 (RFC 9562), which
// sort by time and so keep the insertion order of keys.
package ids

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"time"

	"github.com/comptoir-go/comptoir/internal/clock"
)

// Or returns newID, or a maker of UUIDv7 when newID is nil.
func Or(newID func() string, now func() time.Time) func() string {
	if newID != nil {
		return newID
	}
	now = clock.Or(now)
	return func() string { return V7(now()) }
}

// V7 makes one UUIDv7: 48 bits of milliseconds, 74 random bits.
func V7(t time.Time) string {
	var u [16]byte
	// crypto/rand.Read never fails since Go 1.24: it ends the program instead.
	_, _ = rand.Read(u[6:])
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(t.UnixMilli()))
	copy(u[:6], ms[2:])
	u[6] = u[6]&0x0f | 0x70
	u[8] = u[8]&0x3f | 0x80
	var s [36]byte
	hex.Encode(s[0:8], u[0:4])
	hex.Encode(s[9:13], u[4:6])
	hex.Encode(s[14:18], u[6:8])
	hex.Encode(s[19:23], u[8:10])
	hex.Encode(s[24:36], u[10:16])
	s[8], s[13], s[18], s[23] = '-', '-', '-', '-'
	return string(s[:])
}
