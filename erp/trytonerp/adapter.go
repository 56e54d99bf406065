package trytonerp

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/comptoir-go/comptoir/erp"
)

// Adapter connects to one database of a Tryton server, as one of its users. It
// is safe for concurrent use.
type Adapter struct {
	o     Options
	wire  *wire
	door  *door
	books *books
	keys  *keyLocks
}

// New makes the adapter; it asks Tryton for nothing yet. Options that cannot be
// used are ErrOptions, all of them at once.
func New(o Options) (*Adapter, error) {
	o, err := o.checked()
	if err != nil {
		return nil, err
	}
	return &Adapter{o: o, wire: newWire(o), door: newDoor(), books: newBooks(*o.CacheFor), keys: newKeyLocks()}, nil
}

// Close gives up the connections that are idle.
func (a *Adapter) Close() { a.wire.close() }

// String says where the adapter works, and as whom.
func (a *Adapter) String() string { return a.o.String() }

// GoString is String: no form of printing shows the password.
func (a *Adapter) GoString() string { return a.o.String() }

// priceDigits is what Tryton keeps of a unit price.
const priceDigits = 4

// Describe says that orders are found by their key, the web id, which is unique
// in the database.
func (a *Adapter) Describe() erp.Description {
	return erp.Description{Name: "tryton", Keys: erp.LookupByKey, PriceDigits: priceDigits, QuantityDigits: *a.o.QuantityDigits}
}

// Ping implements erp.Pinger: it asks for the user's own name.
func (a *Adapter) Ping(ctx context.Context) error {
	var today day
	return a.call(ctx, request{op: erp.OpPing, method: "model.ir.date.today"}, &today)
}

// warningsMax bounds the warnings of one call that are confirmed.
const warningsMax = 8

func (a *Adapter) accepts(w *refusal) bool { return slices.Contains(a.o.Accept, warningKind(w.name)) }

// confirm says yes to a warning, once.
func (a *Adapter) confirm(ctx context.Context, s session, op erp.Op, w *refusal) error {
	yes := map[string]any{"user": s.user, "name": w.name, "always": false}
	_, err := a.send(ctx, s, request{op: op, method: "model.res.user.warning.create", params: []any{[]any{yes}}})
	return err
}

// read decodes the fields of records, a list in no fixed order, to out. A record
// that is gone or that the user may not see is NotFound.
func (a *Adapter) read(ctx context.Context, op erp.Op, model string, ids []int64, fields []string, out any) error {
	err := a.call(ctx, request{op: op, method: "model." + model + ".read", params: []any{ids, fields}}, out)
	return absent(op, err)
}

// searchRead decodes the fields of the records that match the domain to out, in
// the order asked for; limit 0 is without one, order is like {{"id", "ASC"}}.
func (a *Adapter) searchRead(ctx context.Context, op erp.Op, model string, domain []any, fields []string, offset, limit int, order [][2]string, out any) error {
	return a.call(ctx, searching(op, model, "search_read", domain, offset, limit, order, fields), out)
}

// search returns the ids of the records that match the domain.
func (a *Adapter) search(ctx context.Context, op erp.Op, model string, domain []any, offset, limit int, order [][2]string) ([]int64, error) {
	var ids []int64
	return ids, a.call(ctx, searching(op, model, "search", domain, offset, limit, order), &ids)
}

func searching(op erp.Op, model, method string, domain []any, offset, limit int, order [][2]string, more ...any) request {
	if domain == nil {
		domain = []any{}
	}
	var most, by any
	if limit > 0 {
		most = limit
	}
	if len(order) > 0 {
		by = order
	}
	return request{op: op, method: "model." + model + "." + method, params: append([]any{domain, offset, most, by}, more...)}
}

// press presses a button of one record. In a state where people do not see the
// button Tryton answers success and does nothing: the caller reads the state.
func (a *Adapter) press(ctx context.Context, op erp.Op, model, button string, id int64, with map[string]any) error {
	return a.call(ctx, request{op: op, method: "model." + model + "." + button, params: []any{[]int64{id}}, context: with, writes: true}, nil)
}

// recordID reads an id that the adapter gave; any other is of no record.
func recordID(op erp.Op, id string) (int64, error) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n < 1 || strconv.FormatInt(n, 10) != id {
		return 0, erp.NoSuch(op)
	}
	return n, nil
}

func idText(id int64) string { return strconv.FormatInt(id, 10) }

// recordRef reads a Reference, "sale.line,12"; zero for one of another model.
func recordRef(ref, model string) int64 {
	of, id, ok := strings.Cut(ref, ",")
	n, err := strconv.ParseInt(id, 10, 64)
	if !ok || of != model || err != nil {
		return 0
	}
	return n
}

// reference writes a Reference.
func reference(model string, id int64) string { return fmt.Sprintf("%s,%d", model, id) }

// ref is a Reference as Tryton answers it, "model,id", or null.
type ref string

func (r *ref) UnmarshalJSON(b []byte) error {
	if *r = ""; string(b) == "null" {
		return nil
	}
	return json.Unmarshal(b, (*string)(r))
}
