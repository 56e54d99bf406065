package sqlgen

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/uow"
)

// DeadCursor names the last dead letter of a page.
func DeadCursor(l event.Letter) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(l.Buried.UnixMicro(), 36) + " " + l.ID))
}

// ParseDeadCursor reads a cursor; a foreign one is uow.ErrPage.
func ParseDeadCursor(s string) (buried time.Time, id string, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return time.Time{}, "", uow.ErrPage
	}
	at, id, found := strings.Cut(string(raw), " ")
	micros, err := strconv.ParseInt(at, 36, 64)
	if err != nil || !found || id == "" {
		return time.Time{}, "", uow.ErrPage
	}
	return time.UnixMicro(micros).UTC(), id, nil
}
