package mapping

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"time"

	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/uow"
)

// cursor is the place after a row, as its JSON travels in base64url. It is
// opaque but no secret: whoever forges one reads another part of a list that
// they may read anyway.
type cursor struct {
	// Sort names the columns, "-placed_at".
	Sort string `json:"s"`
	// Values are those columns of the row; times are in microseconds since
	// 1970.
	Values []json.RawMessage `json:"v"`
	ID     string            `json:"i"`
	// Sum ties the cursor to its table and filters and shows damage.
	Sum string `json:"h"`
}

var cursorText = base64.RawURLEncoding.Strict()

// maxCursor bounds what is decoded at all.
const maxCursor = 16 << 10

func writeCursor(sel engine.Select, r engine.Row) string {
	c := cursor{Sort: sortName(sel.Sort), ID: r.ID, Values: make([]json.RawMessage, len(sel.Sort.Columns))}
	for i, name := range sel.Sort.Columns {
		c.Values[i] = cursorValue(r.Cols[sel.Table.Col(name)])
	}
	c.Sum = cursorSum(sel, c)
	text, _ := json.Marshal(c) // strings and numbers cannot fail
	return cursorText.EncodeToString(text)
}

func cursorValue(v any) json.RawMessage {
	if t, ok := v.(time.Time); ok {
		v = t.UnixMicro()
	}
	text, _ := json.Marshal(v)
	return text
}

// readCursor returns the values for Select.After, nil for the empty cursor.
// Anything but a cursor of this very list is uow.ErrPage.
func readCursor(sel engine.Select, text string) ([]any, error) {
	if text == "" {
		return nil, nil
	}
	if len(text) > maxCursor {
		return nil, uow.ErrPage.With("the cursor is too long")
	}
	raw, err := cursorText.DecodeString(text)
	if err != nil {
		return nil, uow.ErrPage.With("the cursor is damaged")
	}
	var c cursor
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&c); err != nil || trailing(dec) || !engine.Storable(c.ID) {
		return nil, uow.ErrPage.With("the cursor is damaged")
	}
	if c.Sort != sortName(sel.Sort) || len(c.Values) != len(sel.Sort.Columns) || c.Sum != cursorSum(sel, c) {
		return nil, uow.ErrPage.With("the cursor belongs to another list")
	}
	after := make([]any, 0, len(c.Values)+1)
	for i, name := range sel.Sort.Columns {
		v, ok := parseValue(sel.Table.Columns[sel.Table.Col(name)].Type, c.Values[i])
		if !ok {
			return nil, uow.ErrPage.With("the cursor is damaged")
		}
		after = append(after, v)
	}
	return append(after, c.ID), nil
}

func trailing(dec *json.Decoder) bool {
	_, err := dec.Token()
	return err != io.EOF
}

func parseValue(t engine.Type, raw json.RawMessage) (any, bool) {
	switch t {
	case engine.Text:
		return parsed(raw, engine.Storable)
	case engine.Bool:
		return parsed[bool](raw, nil)
	case engine.Int:
		return parsed[int64](raw, nil)
	default: // engine.Time
		v, ok := parsed[int64](raw, nil)
		if !ok {
			return nil, false
		}
		return time.UnixMicro(v.(int64)).UTC(), true
	}
}

func parsed[T any](raw json.RawMessage, check func(T) bool) (any, bool) {
	var v *T // null stays nil
	if err := json.Unmarshal(raw, &v); err != nil || v == nil || check != nil && !check(*v) {
		return nil, false
	}
	return *v, true
}

func sortName(s engine.Sort) string {
	var b bytes.Buffer
	for i, c := range s.Columns {
		if i > 0 {
			b.WriteByte(',')
		}
		if s.Desc {
			b.WriteByte('-')
		}
		b.WriteString(c)
	}
	return b.String()
}

// cursorSum is eight bytes of a SHA-256 over the table, the filters, the sort
// and the place.
func cursorSum(sel engine.Select, c cursor) string {
	h := sha256.New()
	enc := json.NewEncoder(h)
	// What is encoded are strings, numbers, booleans and times: no errors.
	_ = enc.Encode(sel.Table.Name)
	_ = enc.Encode(sel.Where)
	_ = enc.Encode([]string{c.Sort, c.ID})
	for _, v := range c.Values {
		_, _ = h.Write(append(v, '\n'))
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
