package memstore_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
)

// tenLines is an order as shops place them.
func tenLines(id order.ID) order.Order {
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	o := order.Order{ID: id, Ref: order.Ref(id), State: order.Draft, Currency: money.EUR, PlacedAt: at, UpdatedAt: at,
		Note: "deliver before noon", History: []order.Entry{{At: at, What: "placed"}}}
	o.Quote.Gross = money.FromMinor(120_000, money.EUR)
	for i := range 10 {
		line := pricing.LineID(fmt.Sprint(i))
		q := money.QuantityOf(2)
		o.Lines = append(o.Lines, order.Line{ID: line, Product: "p", SKU: "065612405", Name: "Hinge", Unit: "C62", Quantity: q})
		o.Quote.Lines = append(o.Quote.Lines, pricing.QuotedLine{ID: line, Quantity: q, Net: money.FromMinor(10_000, money.EUR),
			Gross: money.FromMinor(12_000, money.EUR), Why: []pricing.Step{{Code: "list", Value: "50.00 EUR"}}})
	}
	return o
}

func BenchmarkOrderInsert(b *testing.B) {
	shop := open(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		o := tenLines(order.ID(fmt.Sprint(i)))
		require.NoError(b, shop.Update(b.Context(), func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Orders().Save(ctx, o)
			return err
		}))
	}
}

func BenchmarkOrderGet(b *testing.B) {
	shop := open(b)
	require.NoError(b, shop.Update(b.Context(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Orders().Save(ctx, tenLines("1"))
		return err
	}))
	b.ReportAllocs()
	for b.Loop() {
		require.NoError(b, shop.View(b.Context(), func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Orders().Get(ctx, "1")
			return err
		}))
	}
}

func BenchmarkEmptyUpdate(b *testing.B) {
	shop := open(b)
	b.ReportAllocs()
	for b.Loop() {
		require.NoError(b, shop.Update(b.Context(), func(context.Context, store.Tx) error { return nil }))
	}
}

func BenchmarkOrderPage(b *testing.B) {
	shop := open(b)
	require.NoError(b, shop.Update(b.Context(), func(ctx context.Context, tx store.Tx) error {
		for i := range 20_000 {
			o := order.Order{ID: order.ID(fmt.Sprint(i)), Ref: order.Ref(fmt.Sprint(i)), State: order.Draft,
				PlacedAt: time.Unix(int64(i), 0)}
			if _, err := tx.Orders().Save(ctx, o); err != nil {
				return err
			}
		}
		return nil
	}))
	b.ReportAllocs()
	for b.Loop() {
		require.NoError(b, shop.View(b.Context(), func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Orders().Find(ctx, order.Query{})
			return err
		}))
	}
}
