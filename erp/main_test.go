package erp_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"go.uber.org/goleak"

	"github.com/comptoir-go/comptoir/erp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type (
	ctx      = context.Context
	duration = time.Duration
)

var about = erp.Description{Name: "fake", Keys: erp.LookupByKey, PriceDigits: 4, QuantityDigits: 3}

func dec(s string) decimal.Decimal {
	d, err := decimal.NewFromString(s)
	if err != nil {
		panic(err)
	}
	return d
}

// small is a valid order of two lines and a discount.
func small(key string) erp.Order {
	return erp.Order{
		Key: key, Revision: 1, Reference: "FR10002527190474", Customer: "C0002", Currency: "EUR", Date: "2026-01-05",
		Lines: []erp.OrderLine{
			{Key: "L1", SKU: "00120", Quantity: dec("2"), UnitPrice: dec("49.96"), TaxCategory: "S", TaxRate: dec("20"), Net: dec("99.92")},
			{Key: "L2", SKU: "S-4", Quantity: dec("250"), UnitPrice: dec("12.50"), PriceBase: dec("100"), TaxCategory: "S", TaxRate: dec("20"), Net: dec("31.25")},
		},
		Discounts: []erp.Discount{{Key: "D1", Amount: dec("-5.00"), TaxCategory: "S", TaxRate: dec("20")}},
		Net:       dec("126.17"), Tax: dec("25.23"), Gross: dec("151.40"),
	}
}

// script is an adapter that answers each operation from a queue of errors,
// success when the queue is empty, and counts the calls.
type script struct {
	desc erp.Description
	mu   sync.Mutex
	fail map[erp.Op][]error
	n    map[erp.Op]int
	hook func(ctx context.Context, op erp.Op) error
}

func newScript(fail map[erp.Op][]error) *script {
	return &script{desc: about, fail: fail, n: map[erp.Op]int{}}
}

func (s *script) do(ctx context.Context, op erp.Op) (erp.Receipt, error) {
	s.mu.Lock()
	s.n[op]++
	var err error
	if q := s.fail[op]; len(q) > 0 {
		err, s.fail[op] = q[0], q[1:]
	}
	s.mu.Unlock()
	if s.hook != nil && err == nil {
		err = s.hook(ctx, op)
	}
	if err != nil {
		return erp.Receipt{}, err
	}
	return erp.Receipt{ID: "1", State: erp.StateDraft}, nil
}

func (s *script) calls(op erp.Op) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n[op]
}

func (s *script) Describe() erp.Description { return s.desc }
func (s *script) Ping(ctx context.Context) error {
	_, err := s.do(ctx, erp.OpPing)
	return err
}
func (s *script) PushOrder(ctx context.Context, _ erp.Order) (erp.Receipt, error) {
	return s.do(ctx, erp.OpPush)
}
func (s *script) FindOrder(ctx context.Context, _ string) (erp.Receipt, error) {
	return s.do(ctx, erp.OpFind)
}
func (s *script) ReviseOrder(ctx context.Context, _ string, _ erp.Order) (erp.Receipt, error) {
	return s.do(ctx, erp.OpRevise)
}
func (s *script) CancelOrder(ctx context.Context, _, _ string) (erp.Receipt, error) {
	return s.do(ctx, erp.OpCancel)
}
func (s *script) AdvanceOrder(ctx context.Context, _ string, _ erp.OrderState) (erp.Receipt, error) {
	return s.do(ctx, erp.OpAdvance)
}
