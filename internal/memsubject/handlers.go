package memsubject

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

// Whole is what the adapter of an ERP in memory can do.
type Whole interface {
	erp.Pinger
	erp.OrderPusher
	erp.OrderFinder
	erp.OrderReviser
	erp.OrderCanceller
	erp.OrderAdvancer
	erp.RestCanceller
	erp.PaymentPusher
	erp.PaymentFinder
	erp.InvoicePusher
	erp.InvoiceFinder
	erp.MessagePusher
	erp.MessageFinder
	erp.OrderPuller
	erp.DeliveryPuller
	erp.InvoicePuller
	erp.PaymentPuller
	erp.MessagePuller
	erp.PartyPuller
	erp.ProductPuller
	erp.PricePuller
	erp.StockPuller
	erp.Lister
}

// Handler answers one operation of a Remote.
type Handler func(ctx context.Context, args []json.RawMessage) (any, error)

func arg[A any](args []json.RawMessage, n int) (a A, err error) {
	if n >= len(args) {
		return a, erp.NewError(erp.Contract, "", "an argument is missing", nil)
	}
	if err := json.Unmarshal(args[n], &a); err != nil {
		return a, erp.NewError(erp.Contract, "", "", err)
	}
	return a, nil
}

func one[A, R any](f func(context.Context, A) (R, error)) Handler {
	return func(ctx context.Context, args []json.RawMessage) (any, error) {
		a, err := arg[A](args, 0)
		if err != nil {
			return nil, err
		}
		return f(ctx, a)
	}
}

func two[A, B, R any](f func(context.Context, A, B) (R, error)) Handler {
	return func(ctx context.Context, args []json.RawMessage) (any, error) {
		a, err1 := arg[A](args, 0)
		b, err2 := arg[B](args, 1)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		return f(ctx, a, b)
	}
}

// Handlers are the operations of an ERP in memory, by name.
func Handlers(books *memerp.ERP) map[erp.Op]Handler {
	a := books.Adapter().(Whole)
	return map[erp.Op]Handler{
		erp.OpPing: func(ctx context.Context, _ []json.RawMessage) (any, error) { return struct{}{}, a.Ping(ctx) },
		erp.OpPush: one(a.PushOrder), erp.OpFind: one(a.FindOrder), erp.OpRevise: two(a.ReviseOrder), erp.OpCancel: two(a.CancelOrder),
		erp.OpAdvance: two(a.AdvanceOrder), erp.OpCancelRest: two(a.CancelRest),
		erp.OpPushPayment: one(a.PushPayment), erp.OpFindPayment: one(a.FindPayment), erp.OpPushInvoice: one(a.PushInvoice),
		erp.OpFindInvoice: one(a.FindInvoice), erp.OpPushMessage: one(a.PushMessage), erp.OpFindMessage: one(a.FindMessage),
		erp.OpPullOrders: two(a.PullOrders), erp.OpPullDeliveries: two(a.PullDeliveries), erp.OpPullInvoices: two(a.PullInvoices),
		erp.OpPullPayments: two(a.PullPayments), erp.OpPullMessages: two(a.PullMessages), erp.OpPullParties: two(a.PullParties), erp.OpPullProducts: two(a.PullProducts),
		erp.OpPullPrices: two(a.PullPrices), erp.OpPullStock: two(a.PullStock),
		erp.OpListIDs: func(ctx context.Context, args []json.RawMessage) (any, error) {
			s, err1 := arg[erp.Stream](args, 0)
			after, err2 := arg[erp.Cursor](args, 1)
			limit, err3 := arg[int](args, 2)
			if err := errors.Join(err1, err2, err3); err != nil {
				return nil, err
			}
			return a.ListIDs(ctx, s, after, limit)
		},
	}
}
