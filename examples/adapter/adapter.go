package main

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
	erp.OrderPuller
	erp.DeliveryPuller
	erp.InvoicePuller
	erp.PaymentPusher
	erp.PaymentFinder
} = (*Adapter)(nil)

// NewAdapter makes the adapter of the ERP at a URL.
func NewAdapter(base, token string) *Adapter {
	return &Adapter{base: strings.TrimRight(base, "/"), token: token, http: newHTTP()}
}

// Describe says that the ERP keeps our keys, and finds documents by them.
func (a *Adapter) Describe() erp.Description {
	return erp.Description{Name: "example", Keys: erp.LookupByKey, PriceDigits: 4, QuantityDigits: 3}
}

// Ping implements erp.Pinger.
func (a *Adapter) Ping(ctx context.Context) error {
	return a.call(ctx, erp.OpPing, http.MethodGet, "/ping", nil, nil)
}

// PushOrder implements erp.OrderPusher. A key that is taken is refused by the
// ERP, and erp.Client looks the document up.
func (a *Adapter) PushOrder(ctx context.Context, o erp.Order) (erp.Receipt, error) {
	return a.order(ctx, erp.OpPush, http.MethodPost, "/orders", toWire(o))
}

// FindOrder implements erp.OrderFinder.
func (a *Adapter) FindOrder(ctx context.Context, key string) (erp.Receipt, error) {
	return a.order(ctx, erp.OpFind, http.MethodGet, "/orders?ref="+url.QueryEscape(key), nil)
}

// ReviseOrder implements erp.OrderReviser.
func (a *Adapter) ReviseOrder(ctx context.Context, id string, o erp.Order) (erp.Receipt, error) {
	return a.order(ctx, erp.OpRevise, http.MethodPut, "/orders/"+url.PathEscape(id), toWire(o))
}

// CancelOrder implements erp.OrderCanceller.
func (a *Adapter) CancelOrder(ctx context.Context, id, reason string) (erp.Receipt, error) {
	return a.order(ctx, erp.OpCancel, http.MethodPost, "/orders/"+url.PathEscape(id)+"/void", wireOrder{Reason: reason})
}

// AdvanceOrder implements erp.OrderAdvancer.
func (a *Adapter) AdvanceOrder(ctx context.Context, id string, to erp.OrderState) (erp.Receipt, error) {
	verb, ok := map[erp.OrderState]string{erp.StateConfirmed: "open", erp.StateDone: "close"}[to]
	if !ok {
		return erp.Receipt{}, erp.NewError(erp.Conflict, erp.OpAdvance, "orders only go forward", nil)
	}
	return a.order(ctx, erp.OpAdvance, http.MethodPost, "/orders/"+url.PathEscape(id)+"/"+verb, nil)
}

func (a *Adapter) order(ctx context.Context, op erp.Op, method, path string, in any) (erp.Receipt, error) {
	var w wireOrder
	if err := a.call(ctx, op, method, path, in, &w); err != nil {
		return erp.Receipt{}, err
	}
	return w.receipt(), nil
}

// PushPayment implements erp.PaymentPusher.
func (a *Adapter) PushPayment(ctx context.Context, p erp.Payment) (erp.DocReceipt, error) {
	return a.payment(ctx, erp.OpPushPayment, http.MethodPost, "/payments", paymentToWire(p))
}

// FindPayment implements erp.PaymentFinder.
func (a *Adapter) FindPayment(ctx context.Context, key string) (erp.DocReceipt, error) {
	return a.payment(ctx, erp.OpFindPayment, http.MethodGet, "/payments?ref="+url.QueryEscape(key), nil)
}

func (a *Adapter) payment(ctx context.Context, op erp.Op, method, path string, in any) (erp.DocReceipt, error) {
	var w wirePayment
	if err := a.call(ctx, op, method, path, in, &w); err != nil {
		return erp.DocReceipt{}, err
	}
	r, err := w.receipt()
	if err != nil {
		return erp.DocReceipt{}, unreadable(op, method, err)
	}
	return r, nil
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

// pull asks for what changed behind the cursor, which is the change number of
// the row told last. A page without rows keeps it.
func pull[W, R any](ctx context.Context, a *Adapter, op erp.Op, stream string, after erp.Cursor, limit int,
	neutral func(W) (R, error)) (erp.Page[R], error) {
	since, err := int64(0), error(nil)
	if len(after) > 0 {
		if since, err = strconv.ParseInt(string(after), 10, 64); err != nil {
			return erp.Page[R]{}, erp.NewError(erp.Contract, op, "this is no cursor of the adapter", err)
		}
	}
	var w wirePage[W]
	path := "/changes/" + stream + "?since=" + strconv.FormatInt(since, 10) + "&limit=" + strconv.Itoa(limit)
	if err := a.call(ctx, op, http.MethodGet, path, nil, &w); err != nil {
		return erp.Page[R]{}, err
	}
	page := erp.Page[R]{Next: after, More: w.More}
	for _, row := range w.Rows {
		r, err := neutral(row)
		if err != nil {
			return erp.Page[R]{}, erp.NewError(erp.Contract, op, "", err)
		}
		page.Rows = append(page.Rows, r)
	}
	if len(page.Rows) > 0 {
		page.Next = strconv.AppendInt(nil, w.Last, 10)
	}
	return page, nil
}
