package trytonerp

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erptest"
	"github.com/comptoir-go/comptoir/internal/testtryton"
)

// erpHost is a Tryton behind a Proxy: what the suite of erptest needs of it.
type erpHost struct {
	people *testtryton.Client
	proxy  *erptest.Proxy
	staged *staged
	o      Options
	shared *Adapter

	models models
}

// hostAt puts a Proxy before the Tryton of the address.
func hostAt(t *testing.T, address string, people *testtryton.Client) *erpHost {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	s := &staged{people: people, to: &http.Transport{DisableCompression: true}}
	// Late is longer than any patience of the suite: on a busy machine a push
	// takes a second until it writes.
	p, err := erptest.NewProxy("http://"+u.Host, &erptest.ProxyOptions{Transport: s, Delay: 30 * time.Second, Match: orders})
	require.NoError(t, err)
	t.Cleanup(p.Close)
	password, _ := u.User.Password()
	h := &erpHost{people: people, proxy: p, staged: s, models: models{sales: map[string]map[string]any{}},
		o: Options{URL: p.URL(), Database: strings.Trim(u.Path, "/"), User: u.User.Username(), Password: password,
			PriceLists: []string{"Dealers"}}}
	h.shared = h.adapter(t)
	return h
}

func (h *erpHost) adapter(t testing.TB) *Adapter {
	t.Helper()
	a, err := New(h.o)
	require.NoError(t, err)
	t.Cleanup(a.Close)
	return a
}

// order is erptest's sample with its first line by the metre, which Tryton
// sells in two decimals.
func order(key string, revision int) erp.Order {
	o := erptest.SampleOrder(key, revision)
	o.Lines[0].SKU, o.Lines[0].Unit = "CABLE", "MTR"
	return o
}

func (h *erpHost) subject(t *testing.T) erptest.Subject {
	return erptest.Subject{
		Adapter: h.shared,
		Reopen:  func() erp.Adapter { return h.adapter(t) },
		Held:    h.heldOrders,
		Confirm: func(ctx context.Context, id string) error { return h.people.Confirm(ctx, number(id)) },
		Fail:    h.staged.fail,
		Proxy:   h.proxy,
		Wire:    wireOf,
		Now:     time.Now,
		Deliver: h.deliver,
		Return:  h.takeBack,
		Count:   h.count,
		Happen:  h.happen,
		Delete:  h.remove,
	}
}

func number(id string) int {
	n, _ := strconv.Atoi(id)
	return n
}

// heldOrders reads the sales of a key as the ERP's people see them. Prices are
// by the one there: the screws of the sample are told by the hundred again.
func (h *erpHost) heldOrders(ctx context.Context, key string) ([]erptest.Held, error) {
	ids, err := h.people.Sales(ctx, key)
	if err != nil {
		return nil, err
	}
	var all []erptest.Held
	for _, id := range ids {
		var heads []struct {
			State string
			Date  day `json:"sale_date"`
			Lines []int
		}
		if err := h.people.Read(ctx, &heads, "sale.sale", []int{id}, "state", "sale_date", "lines"); err != nil {
			return nil, err
		}
		o := erp.Order{Date: string(heads[0].Date)}
		if o.Lines, err = h.heldLines(ctx, heads[0].Lines); err != nil {
			return nil, err
		}
		state := map[string]erp.OrderState{"draft": erp.StateDraft, "quotation": erp.StateDraft, "confirmed": erp.StateConfirmed,
			"processing": erp.StateConfirmed, "done": erp.StateDone, "cancelled": erp.StateCancelled}[heads[0].State]
		all = append(all, erptest.Held{ID: strconv.Itoa(id), State: state, Order: &o})
	}
	return all, nil
}

// heldLine is a line of a sale; a discount has no product.
type heldLine struct {
	Sequence    int
	Note        string
	Description string
	Quantity    quantity
	UnitPrice   exact `json:"unit_price"`
	Product     *struct {
		Code string
	} `json:"product."`
}

func (h *erpHost) heldLines(ctx context.Context, ids []int) ([]erp.OrderLine, error) {
	var rows []heldLine
	if err := h.people.Read(ctx, &rows, "sale.line", ids, "sequence", "note", "description", "quantity", "unit_price", "product.code"); err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b heldLine) int { return cmp.Compare(a.Sequence, b.Sequence) })
	var lines []erp.OrderLine
	for _, r := range rows {
		if r.Product == nil {
			continue
		}
		key, _, _ := strings.Cut(strings.TrimPrefix(r.Note, "comptoir:"), " ")
		l := erp.OrderLine{Key: key, SKU: r.Product.Code, Text: r.Description, Quantity: r.Quantity.Decimal, UnitPrice: r.UnitPrice.Decimal}
		if l.SKU == "SCREW-4x30" {
			l.UnitPrice = l.UnitPrice.Mul(decimal.NewFromInt(100))
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// methods are the requests that carry an operation out.
var methods = map[erp.Op]string{
	erp.OpPush: "model.sale.sale.create", erp.OpFind: "model.sale.sale.search_read", erp.OpRevise: "model.sale.sale.write",
	erp.OpCancel: "model.sale.sale.cancel", erp.OpAdvance: "model.sale.sale.confirm",
	erp.OpPushPayment: "model.account.move.create", erp.OpFindPayment: "model.account.move.search_read",
	erp.OpPushMessage: "model.ir.note.create", erp.OpFindMessage: "model.ir.note.search_read",
}

func wireOf(op erp.Op) erptest.Match {
	want := methods[op]
	if want == "" {
		return nil
	}
	return func(_ *http.Request, body []byte) bool { return method(body) == want }
}

// orders are the requests that bring an order or look for it.
func orders(_ *http.Request, body []byte) bool {
	m := method(body)
	return m == methods[erp.OpPush] || m == methods[erp.OpFind]
}

func method(body []byte) string {
	var c struct{ Method string }
	_ = json.Unmarshal(body, &c)
	return c.Method
}

// staged carries requests to Tryton and stages what its people or its rules
// would have to do just then: the next request that carries the operation out
// is refused in Tryton's own form, or finds that somebody was there before.
type staged struct {
	people *testtryton.Client
	to     *http.Transport

	mu    sync.Mutex
	op    erp.Op
	fault erptest.Fault
	first map[string]func()
}

// before has something happen before the next request of a method arrives.
func (s *staged) before(method string, happens func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.first = map[string]func(){method: happens}
}

func (s *staged) happening(method string) func() {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.first[method]
	delete(s.first, method)
	return f
}

func (s *staged) fail(op erp.Op, f erptest.Fault) bool {
	switch f {
	case erptest.Refused, erptest.BadField, erptest.BadLogin:
	case erptest.Rival:
		if op != erp.OpPush {
			return false
		}
	default:
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.op, s.fault = op, f
	return methods[op] != ""
}

// CloseIdleConnections gives up what the transport keeps.
func (s *staged) CloseIdleConnections() { s.to.CloseIdleConnections() }

// RoundTrip implements http.RoundTripper.
func (s *staged) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if f := s.happening(method(body)); f != nil {
		f()
	}
	switch f := s.take(method(body)); f {
	case erptest.Refused:
		return said(r, body, fmt.Sprintf(`["UserError",[%q,"",null]]`, erptest.RefusedText)), nil
	case erptest.BadField:
		return said(r, body, fmt.Sprintf(`["UserError",[%q,%q,null]]`, erptest.RefusedText, erptest.RefusedField)), nil
	case erptest.BadLogin:
		return answered(r, http.StatusUnauthorized, ""), nil
	case erptest.Rival:
		if err := s.rival(r.Context(), body); err != nil {
			return nil, err
		}
	}
	return s.to.RoundTrip(r)
}

// take is what the request meets. Credentials are refused from the operation
// on until a login is.
func (s *staged) take(method string) erptest.Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.fault
	if f == erptest.BadLogin {
		if method == "common.db.login" {
			s.fault = ""
		}
		return f
	}
	if f == "" || method != methods[s.op] {
		return ""
	}
	s.fault = ""
	return f
}

// rival enters an order of the key that the request brings.
func (s *staged) rival(ctx context.Context, body []byte) error {
	var call struct{ Params []json.RawMessage }
	if err := json.Unmarshal(body, &call); err != nil {
		return err
	}
	var sales []struct {
		WebID string `json:"web_id"`
	}
	if err := json.Unmarshal(call.Params[0], &sales); err != nil {
		return err
	}
	_, err := s.people.Enter(ctx, testtryton.Draft{Customer: "C0002", WebID: sales[0].WebID, Items: []testtryton.Item{{Code: "KETTLE-1", Quantity: "1"}}})
	return err
}

// said is an error of Tryton's to the call.
func said(r *http.Request, body []byte, words string) *http.Response {
	var c struct{ ID json.RawMessage }
	_ = json.Unmarshal(body, &c)
	return answered(r, http.StatusOK, fmt.Sprintf(`{"id":%s,"error":%s}`, c.ID, words))
}

func answered(r *http.Request, status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body))}
}
