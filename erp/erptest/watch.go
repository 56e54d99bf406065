package erptest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/comptoir-go/comptoir/erp"
)

// findings are what all cases find out together: what the subjects are, and
// where a credential was shown.
type findings struct {
	secrets []string

	mu     sync.Mutex
	report *Report
	leaks  []string
}

func (f *findings) met(s Subject) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.report.met(s)
}

func (f *findings) leaked(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.leaks = append(f.leaks, fmt.Sprintf(format, args...))
}

// watch sees every call of a case: how often each operation was asked, and
// whether an error or an answer shows a credential.
type watch struct {
	*findings
	name string // of the case

	asks  sync.Mutex
	calls map[erp.Op]int
}

func (w *watch) asked(op erp.Op) int {
	w.asks.Lock()
	defer w.asks.Unlock()
	return w.calls[op]
}

func (w *watch) saw(op erp.Op, answer any, err error) {
	w.asks.Lock()
	w.calls[op]++
	w.asks.Unlock()
	if n := w.answered(answer); n > 0 {
		w.leaked("%s, %s: secret %d stands in what it answers", w.name, op, n)
	}
	if err == nil {
		return
	}
	if text, n := w.shown(err); n > 0 {
		w.leaked("%s, %s: secret %d stands in %q", w.name, op, n, text)
	}
}

// shown looks for a secret in an error and in all that it wraps: whoever
// unwraps it may log it. It returns the words without the secret, and which of
// them it is, from 1 on.
func (f *findings) shown(err error) (text string, n int) {
	text = err.Error()
	if n = f.within(text); n > 0 {
		return f.hidden(text), n
	}
	switch u := err.(type) {
	case interface{ Unwrap() error }:
		if under := u.Unwrap(); under != nil {
			return f.shown(under)
		}
	case interface{ Unwrap() []error }:
		for _, under := range u.Unwrap() {
			if text, n = f.shown(under); n > 0 {
				return text, n
			}
		}
	}
	return "", 0
}

// answered is which secret stands in an answer, from 1 on, 0 for none. What is
// answered is stored and told of in events.
func (f *findings) answered(answer any) int {
	if len(f.secrets) == 0 {
		return 0
	}
	text := plain(answer)
	for i, secret := range f.secrets {
		if inner := strings.Trim(plain(secret), `"`); secret != "" && strings.Contains(text, inner) {
			return i + 1
		}
	}
	return 0
}

// plain is a value as JSON, as it stands in an event.
func plain(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // what cannot be written stands in no event
	return strings.TrimSpace(b.String())
}

// within is which secret stands in the text, from 1 on, 0 for none.
func (f *findings) within(text string) int {
	for i, secret := range f.secrets {
		if secret != "" && strings.Contains(text, secret) {
			return i + 1
		}
	}
	return 0
}

// hidden is the text without any secret: the report must not show it either.
func (f *findings) hidden(text string) string {
	for _, secret := range f.secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "***")
		}
	}
	return text
}

// watched is an adapter whose every call is seen.
type watched struct {
	erp.Adapter
	watch *watch
}

// Has implements erp.Partial: watched has all methods, and can what it wraps can.
func (a watched) Has(op erp.Op) bool { return erp.Has(a.Adapter, op) }

// through makes one call of the capability C.
func through[C, R any](a watched, op erp.Op, call func(C) (R, error)) (R, error) {
	able, ok := a.Adapter.(C)
	if !ok {
		var none R
		return none, errors.New("erptest: a case asked for " + string(op) + ", which the adapter has not")
	}
	r, err := call(able)
	a.watch.saw(op, r, err)
	return r, err
}

func (a watched) Ping(ctx context.Context) error {
	_, err := through(a, erp.OpPing, func(c erp.Pinger) (struct{}, error) { return struct{}{}, c.Ping(ctx) })
	return err
}

func (a watched) PushOrder(ctx context.Context, o erp.Order) (erp.Receipt, error) {
	return through(a, erp.OpPush, func(c erp.OrderPusher) (erp.Receipt, error) { return c.PushOrder(ctx, o) })
}

func (a watched) FindOrder(ctx context.Context, key string) (erp.Receipt, error) {
	return through(a, erp.OpFind, func(c erp.OrderFinder) (erp.Receipt, error) { return c.FindOrder(ctx, key) })
}

func (a watched) ReviseOrder(ctx context.Context, id string, o erp.Order) (erp.Receipt, error) {
	return through(a, erp.OpRevise, func(c erp.OrderReviser) (erp.Receipt, error) { return c.ReviseOrder(ctx, id, o) })
}

func (a watched) CancelOrder(ctx context.Context, id, reason string) (erp.Receipt, error) {
	return through(a, erp.OpCancel, func(c erp.OrderCanceller) (erp.Receipt, error) { return c.CancelOrder(ctx, id, reason) })
}

func (a watched) AdvanceOrder(ctx context.Context, id string, to erp.OrderState) (erp.Receipt, error) {
	return through(a, erp.OpAdvance, func(c erp.OrderAdvancer) (erp.Receipt, error) { return c.AdvanceOrder(ctx, id, to) })
}

func (a watched) CancelRest(ctx context.Context, id string, lines []erp.LineQuantity) (erp.Receipt, error) {
	return through(a, erp.OpCancelRest, func(c erp.RestCanceller) (erp.Receipt, error) { return c.CancelRest(ctx, id, lines) })
}

func (a watched) PushPayment(ctx context.Context, p erp.Payment) (erp.DocReceipt, error) {
	return through(a, erp.OpPushPayment, func(c erp.PaymentPusher) (erp.DocReceipt, error) { return c.PushPayment(ctx, p) })
}

func (a watched) FindPayment(ctx context.Context, key string) (erp.DocReceipt, error) {
	return through(a, erp.OpFindPayment, func(c erp.PaymentFinder) (erp.DocReceipt, error) { return c.FindPayment(ctx, key) })
}

func (a watched) PushInvoice(ctx context.Context, i erp.Invoice) (erp.DocReceipt, error) {
	return through(a, erp.OpPushInvoice, func(c erp.InvoicePusher) (erp.DocReceipt, error) { return c.PushInvoice(ctx, i) })
}

func (a watched) FindInvoice(ctx context.Context, key string) (erp.DocReceipt, error) {
	return through(a, erp.OpFindInvoice, func(c erp.InvoiceFinder) (erp.DocReceipt, error) { return c.FindInvoice(ctx, key) })
}

func (a watched) PushMessage(ctx context.Context, m erp.Message) (erp.DocReceipt, error) {
	return through(a, erp.OpPushMessage, func(c erp.MessagePusher) (erp.DocReceipt, error) { return c.PushMessage(ctx, m) })
}

func (a watched) FindMessage(ctx context.Context, key string) (erp.DocReceipt, error) {
	return through(a, erp.OpFindMessage, func(c erp.MessageFinder) (erp.DocReceipt, error) { return c.FindMessage(ctx, key) })
}

func (a watched) PullOrders(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.OrderChange], error) {
	return through(a, erp.OpPullOrders, func(c erp.OrderPuller) (erp.Page[erp.OrderChange], error) { return c.PullOrders(ctx, after, limit) })
}

func (a watched) PullDeliveries(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Delivery], error) {
	return through(a, erp.OpPullDeliveries, func(c erp.DeliveryPuller) (erp.Page[erp.Delivery], error) { return c.PullDeliveries(ctx, after, limit) })
}

func (a watched) PullInvoices(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Invoice], error) {
	return through(a, erp.OpPullInvoices, func(c erp.InvoicePuller) (erp.Page[erp.Invoice], error) { return c.PullInvoices(ctx, after, limit) })
}

func (a watched) PullPayments(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Payment], error) {
	return through(a, erp.OpPullPayments, func(c erp.PaymentPuller) (erp.Page[erp.Payment], error) { return c.PullPayments(ctx, after, limit) })
}

func (a watched) PullMessages(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Message], error) {
	return through(a, erp.OpPullMessages, func(c erp.MessagePuller) (erp.Page[erp.Message], error) { return c.PullMessages(ctx, after, limit) })
}

func (a watched) PullParties(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Party], error) {
	return through(a, erp.OpPullParties, func(c erp.PartyPuller) (erp.Page[erp.Party], error) { return c.PullParties(ctx, after, limit) })
}

func (a watched) PullProducts(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Product], error) {
	return through(a, erp.OpPullProducts, func(c erp.ProductPuller) (erp.Page[erp.Product], error) { return c.PullProducts(ctx, after, limit) })
}

func (a watched) PullPrices(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Price], error) {
	return through(a, erp.OpPullPrices, func(c erp.PricePuller) (erp.Page[erp.Price], error) { return c.PullPrices(ctx, after, limit) })
}

func (a watched) PullStock(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Stock], error) {
	return through(a, erp.OpPullStock, func(c erp.StockPuller) (erp.Page[erp.Stock], error) { return c.PullStock(ctx, after, limit) })
}

func (a watched) ListIDs(ctx context.Context, s erp.Stream, after erp.Cursor, limit int) (erp.Page[string], error) {
	return through(a, erp.OpListIDs, func(c erp.Lister) (erp.Page[string], error) { return c.ListIDs(ctx, s, after, limit) })
}
