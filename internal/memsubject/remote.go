package memsubject

import (
	"context"
	"encoding/json"

	"github.com/comptoir-go/comptoir/erp"
)

// Remote is an adapter to an ERP in memory that is somewhere else: each call is
// an operation with its arguments as JSON.
type Remote struct {
	about erp.Description
	has   map[erp.Op]bool
	// Call carries a call there and its answer back.
	Call func(ctx context.Context, op erp.Op, args []byte) ([]byte, error)
	// Unreadable is the error of an answer that is not what was asked for.
	Unreadable func(op erp.Op, err error) error
}

// NewRemote makes the adapter of another process for an ERP that is here. Call
// and Unreadable are left to set.
func NewRemote(here erp.Adapter) Remote {
	r := Remote{about: here.Describe(), has: map[erp.Op]bool{}}
	for _, op := range erp.Ops() {
		r.has[op] = erp.Has(here, op)
	}
	return r
}

// Describe implements erp.Describer.
func (a Remote) Describe() erp.Description { return a.about }

// Has implements erp.Partial.
func (a Remote) Has(op erp.Op) bool { return a.has[op] }

// rpc makes one call.
func rpc[R any](ctx context.Context, a Remote, op erp.Op, args ...any) (R, error) {
	var none, r R
	in, err := json.Marshal(args)
	if err != nil {
		return none, erp.NewError(erp.Contract, op, "", err)
	}
	b, err := a.Call(ctx, op, in)
	if err != nil {
		return none, err
	}
	if err := json.Unmarshal(b, &r); err != nil {
		return none, a.Unreadable(op, err)
	}
	return r, nil
}

// Ping implements its capability of package erp.
func (a Remote) Ping(ctx context.Context) error {
	_, err := rpc[struct{}](ctx, a, erp.OpPing)
	return err
}

// PushOrder implements its capability of package erp.
func (a Remote) PushOrder(ctx context.Context, o erp.Order) (erp.Receipt, error) {
	return rpc[erp.Receipt](ctx, a, erp.OpPush, o)
}

// FindOrder implements its capability of package erp.
func (a Remote) FindOrder(ctx context.Context, key string) (erp.Receipt, error) {
	return rpc[erp.Receipt](ctx, a, erp.OpFind, key)
}

// ReviseOrder implements its capability of package erp.
func (a Remote) ReviseOrder(ctx context.Context, id string, o erp.Order) (erp.Receipt, error) {
	return rpc[erp.Receipt](ctx, a, erp.OpRevise, id, o)
}

// CancelOrder implements its capability of package erp.
func (a Remote) CancelOrder(ctx context.Context, id, reason string) (erp.Receipt, error) {
	return rpc[erp.Receipt](ctx, a, erp.OpCancel, id, reason)
}

// AdvanceOrder implements its capability of package erp.
func (a Remote) AdvanceOrder(ctx context.Context, id string, to erp.OrderState) (erp.Receipt, error) {
	return rpc[erp.Receipt](ctx, a, erp.OpAdvance, id, to)
}

// CancelRest implements its capability of package erp.
func (a Remote) CancelRest(ctx context.Context, id string, lines []erp.LineQuantity) (erp.Receipt, error) {
	return rpc[erp.Receipt](ctx, a, erp.OpCancelRest, id, lines)
}

// PushPayment implements its capability of package erp.
func (a Remote) PushPayment(ctx context.Context, p erp.Payment) (erp.DocReceipt, error) {
	return rpc[erp.DocReceipt](ctx, a, erp.OpPushPayment, p)
}

// FindPayment implements its capability of package erp.
func (a Remote) FindPayment(ctx context.Context, key string) (erp.DocReceipt, error) {
	return rpc[erp.DocReceipt](ctx, a, erp.OpFindPayment, key)
}

// PushInvoice implements its capability of package erp.
func (a Remote) PushInvoice(ctx context.Context, i erp.Invoice) (erp.DocReceipt, error) {
	return rpc[erp.DocReceipt](ctx, a, erp.OpPushInvoice, i)
}

// FindInvoice implements its capability of package erp.
func (a Remote) FindInvoice(ctx context.Context, key string) (erp.DocReceipt, error) {
	return rpc[erp.DocReceipt](ctx, a, erp.OpFindInvoice, key)
}

// PushMessage implements its capability of package erp.
func (a Remote) PushMessage(ctx context.Context, m erp.Message) (erp.DocReceipt, error) {
	return rpc[erp.DocReceipt](ctx, a, erp.OpPushMessage, m)
}

// FindMessage implements its capability of package erp.
func (a Remote) FindMessage(ctx context.Context, key string) (erp.DocReceipt, error) {
	return rpc[erp.DocReceipt](ctx, a, erp.OpFindMessage, key)
}

// PullOrders implements its capability of package erp.
func (a Remote) PullOrders(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.OrderChange], error) {
	return rpc[erp.Page[erp.OrderChange]](ctx, a, erp.OpPullOrders, after, limit)
}

// PullDeliveries implements its capability of package erp.
func (a Remote) PullDeliveries(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Delivery], error) {
	return rpc[erp.Page[erp.Delivery]](ctx, a, erp.OpPullDeliveries, after, limit)
}

// PullInvoices implements its capability of package erp.
func (a Remote) PullInvoices(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Invoice], error) {
	return rpc[erp.Page[erp.Invoice]](ctx, a, erp.OpPullInvoices, after, limit)
}

// PullPayments implements its capability of package erp.
func (a Remote) PullPayments(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Payment], error) {
	return rpc[erp.Page[erp.Payment]](ctx, a, erp.OpPullPayments, after, limit)
}

// PullMessages implements its capability of package erp.
func (a Remote) PullMessages(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Message], error) {
	return rpc[erp.Page[erp.Message]](ctx, a, erp.OpPullMessages, after, limit)
}

// PullParties implements its capability of package erp.
func (a Remote) PullParties(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Party], error) {
	return rpc[erp.Page[erp.Party]](ctx, a, erp.OpPullParties, after, limit)
}

// PullProducts implements its capability of package erp.
func (a Remote) PullProducts(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Product], error) {
	return rpc[erp.Page[erp.Product]](ctx, a, erp.OpPullProducts, after, limit)
}

// PullPrices implements its capability of package erp.
func (a Remote) PullPrices(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Price], error) {
	return rpc[erp.Page[erp.Price]](ctx, a, erp.OpPullPrices, after, limit)
}

// PullStock implements its capability of package erp.
func (a Remote) PullStock(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Stock], error) {
	return rpc[erp.Page[erp.Stock]](ctx, a, erp.OpPullStock, after, limit)
}

// ListIDs implements its capability of package erp.
func (a Remote) ListIDs(ctx context.Context, s erp.Stream, after erp.Cursor, limit int) (erp.Page[string], error) {
	return rpc[erp.Page[string]](ctx, a, erp.OpListIDs, s, after, limit)
}
