package sample

import (
	"context"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/internal/engine"
)

// orderColumns is how many columns orders had before their later lists, and
// orderTerms what they were searched by.
const (
	orderColumns = 18
	orderTerms   = "sku ticket note customer"
)

// Documents saves orders and partners as they were written before orders had
// deliveries and invoices.
func Documents(ctx context.Context, tx store.Tx) error {
	for i, o := range []order.Order{
		{ID: "o1", Ref: "FR10002526260001", CustomerNo: "BC-2026/17", Note: "Livrer à l'étage", PlacedAt: Start, UpdatedAt: Start,
			Lines: []order.Line{{ID: "1", SKU: "0656_INOX-SP.2", Quantity: money.QuantityOf(2)}, {ID: "2", SKU: "0657", Quantity: money.QuantityOf(1)}}},
		{ID: "o2", Ref: "R2", ERP: order.ERPLink{ID: "17", Number: "SO/0017"}, Lines: []order.Line{{ID: "1", SKU: "0657", Ticket: "T", Quantity: money.QuantityOf(1)}}},
		{ID: "o3", Ref: "R3", UpdatedAt: Start.Add(time.Hour)},
	} {
		o.Customer = order.Customer{Partner: "p1", Number: "FR10002", Name: "Café Noël"}
		o.InsertedBy = access.Stamp{ID: "m"}
		o.Quote = pricing.Quote{Gross: money.FromMinor(int64(1000*i), money.EUR)}
		if _, err := tx.Orders().Save(ctx, o); err != nil {
			return err
		}
	}
	for _, p := range []partner.Partner{
		{ID: "p1", Number: "FR1", Name: "Café"},
		{ID: "p2", Number: "FR2", Counterparties: []partner.Counterparty{{ID: "a", Code: "C7"}, {ID: "b"}, {ID: "c", Code: "C7"}}},
		{ID: "p3"},
	} {
		if _, err := tx.Partners().Save(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// Before makes the write that put a row into the schema of that time. terms
// are all that the row has now.
func Before(t *engine.Table, r engine.Row, terms []engine.Term) engine.Write {
	old := *t
	r.Terms = nil
	for _, x := range terms {
		if t.Name != "orders" && x.Kind == "word" || t.Name == "orders" && strings.Contains(orderTerms, x.Kind) {
			r.Terms = append(r.Terms, x)
		}
	}
	if t.Name == "orders" {
		old.Columns, r.Cols = t.Columns[:orderColumns], r.Cols[:orderColumns:orderColumns]
		if last := orderColumns - 1; r.Cols[last].(time.Time).Year() == 1 { // none was NULL
			r.Cols = append(r.Cols[:last:last], time.Time{})
		}
	}
	return engine.Write{Op: engine.Insert, Table: &old, Row: r}
}
