package memerp_test

import (
	"context"
	"testing"

	"github.com/shopspring/decimal"
	"go.uber.org/goleak"

	"github.com/comptoir-go/comptoir/erp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var bg = context.Background()

func order(key string, revision int) erp.Order {
	return erp.Order{
		Key: key, Revision: revision, Reference: "R" + key, Customer: "C0002", Currency: "EUR", Date: "2026-01-05",
		Lines: []erp.OrderLine{
			{Key: "L1", SKU: "00120", Quantity: decimal.New(int64(revision), 0), UnitPrice: decimal.New(3333, -2), TaxCategory: "S", TaxRate: decimal.New(20, 0)},
			{Key: "L2", SKU: "S-4", Quantity: decimal.New(7, 0), UnitPrice: decimal.New(1250, -2), PriceBase: decimal.New(100, 0), TaxCategory: "S", TaxRate: decimal.New(20, 0)},
			{Key: "L3", SKU: "B-1", Quantity: decimal.New(1, 0), UnitPrice: decimal.New(1000, -2), TaxCategory: "S", TaxRate: decimal.New(55, -1)},
		},
		Discounts: []erp.Discount{{Key: "D1", Amount: decimal.New(-10, -1), TaxCategory: "S", TaxRate: decimal.New(20, 0)}},
	}
}
