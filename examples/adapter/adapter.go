package adapter

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/comptoir-go/comptoir/erp"
)

// Adapter connects to the ERP. It holds no state but the connection, so that
// any number of processes may run it. What the ERP has not, it has no method for.
type Adapter struct {
	base, token string
	http        *http.Client
}

var _ interface {
	erp.Describer
	erp.Pinger
	erp.OrderPusher
	erp.OrderFinder
	erp.OrderReviser
	erp.OrderCanceller
	erp.OrderAdvancer
	erp.PaymentPusher
	erp.PaymentFinder
	erp.OrderPuller
	erp.DeliveryPuller
	erp.InvoicePuller
	erp.PaymentPuller
	erp.Lister
} = (*Adapter)(nil)

// New makes the adapter of the ERP at a URL.
func New(base, token string) *Adapter {
	return &Adapter{base: strings.TrimRight(base, "/"), token: token, http: newHTTP()}
}

// Describe says that the ERP keeps our keys, and finds documents by them.
func (a *Adapter) Describe() erp.Description {
	return erp.Description{Name: "example", Keys: erp.LookupByKey, PriceDigits: 4, QuantityDigits: 3}
}

// Ping implements erp.Pinger.
func (a *Adapter) Ping(ctx context.Context) error {
	_, err := call(ctx, a, erp.OpPing, http.MethodGet, "/ping", nil, func(wireHead) (struct{}, error) { return struct{}{}, nil })
	return err
}

// PushOrder implements erp.OrderPusher. A key that is taken is refused by the
// ERP, and erp.Client looks the document up.
func (a *Adapter) PushOrder(ctx context.Context, o erp.Order) (erp.Receipt, error) {
	return call(ctx, a, erp.OpPush, http.MethodPost, "/orders", toWire(o), wireOrder.receipt)
}

// FindOrder implements erp.OrderFinder.
func (a *Adapter) FindOrder(ctx context.Context, key string) (erp.Receipt, error) {
	return call(ctx, a, erp.OpFind, http.MethodGet, "/orders?ref="+url.QueryEscape(key), nil, wireOrder.receipt)
}

// ReviseOrder implements erp.OrderReviser.
func (a *Adapter) ReviseOrder(ctx context.Context, id string, o erp.Order) (erp.Receipt, error) {
	return call(ctx, a, erp.OpRevise, http.MethodPut, "/orders/"+url.PathEscape(id), toWire(o), wireOrder.receipt)
}

// CancelOrder implements erp.OrderCanceller.
func (a *Adapter) CancelOrder(ctx context.Context, id, reason string) (erp.Receipt, error) {
	return call(ctx, a, erp.OpCancel, http.MethodPost, "/orders/"+url.PathEscape(id)+"/void", wireOrder{Note: reason}, wireOrder.receipt)
}

// AdvanceOrder implements erp.OrderAdvancer.
func (a *Adapter) AdvanceOrder(ctx context.Context, id string, to erp.OrderState) (erp.Receipt, error) {
	verb, ok := map[erp.OrderState]string{erp.StateConfirmed: "open", erp.StateDone: "close"}[to]
	if !ok {
		return erp.Receipt{}, erp.NewError(erp.Conflict, erp.OpAdvance, "orders only go forward", nil)
	}
	return call(ctx, a, erp.OpAdvance, http.MethodPost, "/orders/"+url.PathEscape(id)+"/"+verb, nil, wireOrder.receipt)
}

// PushPayment implements erp.PaymentPusher.
func (a *Adapter) PushPayment(ctx context.Context, p erp.Payment) (erp.DocReceipt, error) {
	return call(ctx, a, erp.OpPushPayment, http.MethodPost, "/payments", paymentToWire(p), wirePayment.receipt)
}

// FindPayment implements erp.PaymentFinder.
func (a *Adapter) FindPayment(ctx context.Context, key string) (erp.DocReceipt, error) {
	return call(ctx, a, erp.OpFindPayment, http.MethodGet, "/payments?ref="+url.QueryEscape(key), nil, wirePayment.receipt)
}

// PullOrders implements erp.OrderPuller.
func (a *Adapter) PullOrders(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.OrderChange], error) {
	return pull(ctx, a, erp.OpPullOrders, "orders", after, limit, wireOrder.change)
}

// PullDeliveries implements erp.DeliveryPuller.
func (a *Adapter) PullDeliveries(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Delivery], error) {
	return pull(ctx, a, erp.OpPullDeliveries, "deliveries", after, limit, wireDelivery.neutral)
}

// PullInvoices implements erp.InvoicePuller.
func (a *Adapter) PullInvoices(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Invoice], error) {
	return pull(ctx, a, erp.OpPullInvoices, "invoices", after, limit, wireInvoice.neutral)
}

// PullPayments implements erp.PaymentPuller.
func (a *Adapter) PullPayments(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Payment], error) {
	return pull(ctx, a, erp.OpPullPayments, "payments", after, limit, wirePayment.neutral)
}

// pull asks for what changed behind the cursor, which is the ERP's own word for
// the place. A page without rows keeps it.
func pull[W, R any](ctx context.Context, a *Adapter, op erp.Op, stream string, after erp.Cursor, limit int,
	neutral func(W) (R, error)) (erp.Page[R], error) {
	path := "/changes/" + stream + "?after=" + url.QueryEscape(string(after)) + "&limit=" + strconv.Itoa(limit)
	return call(ctx, a, op, http.MethodGet, path, nil, func(w wirePage[W]) (erp.Page[R], error) {
		page := erp.Page[R]{Next: after, More: w.More}
		for _, row := range w.Rows {
			r, err := neutral(row)
			if err != nil {
				return page, err
			}
			page.Rows, page.Next = append(page.Rows, r), erp.Cursor(w.Next)
		}
		return page, nil
	})
}

// ListIDs implements erp.Lister: the ids of what there is of a stream, in the
// order of the ids. The place behind the last one is the ERP's own word again.
func (a *Adapter) ListIDs(ctx context.Context, s erp.Stream, after erp.Cursor, limit int) (erp.Page[string], error) {
	path := "/ids/" + url.PathEscape(string(s)) + "?after=" + url.QueryEscape(string(after)) + "&limit=" + strconv.Itoa(limit)
	return call(ctx, a, erp.OpListIDs, http.MethodGet, path, nil, func(w wirePage[string]) (erp.Page[string], error) {
		return erp.Page[string]{Rows: w.Rows, Next: erp.Cursor(w.Next), More: w.More}, nil
	})
}
