package testtryton_test

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/internal/testtryton"
)

func TestNewClientRefuses(t *testing.T) {
	for _, address := range []string{"", "http://a:b@127.0.0.1:1/db", "tryton://a@127.0.0.1:1/db", "tryton://a:b@127.0.0.1:1", "tryton://a:b@127.0.0.1:x/db"} {
		_, err := testtryton.NewClient(address)
		require.Error(t, err, address)
		require.NotContains(t, err.Error(), "a:b", "an address has a password")
	}
}

// Refusals carry what Tryton says, by its kinds.
func TestCallRefused(t *testing.T) {
	c, ctx := testtryton.Admin(t), t.Context()
	refused := func(err error) *testtryton.Error {
		var e *testtryton.Error
		require.True(t, errors.As(err, &e), "%v", err)
		return e
	}
	_, err := c.Call(ctx, "model.sale.sale.no_such_method")
	require.Equal(t, "HTTP 403", refused(err).Kind)
	_, err = c.Search(ctx, "nope")
	require.Equal(t, "'nope'", refused(err).Kind)
	id := entered(t, c, testtryton.Item{"KETTLE-1", "1"})
	err = c.Write(ctx, "sale.sale", []int{id}, map[string]any{"party": nil})
	require.Equal(t, "UserError", refused(err).Kind)
	require.Contains(t, refused(err).Message, `in "Sale" is not valid`)
	require.Equal(t, err.Error(), "tryton: model.sale.sale.write: UserError: "+refused(err).Message)
}

// The user of an adapter can do what an adapter does and no more: order, follow,
// pay; not ship, nor change products or prices.
func TestConnectorsRights(t *testing.T) {
	admin, ctx := testtryton.Admin(t), t.Context()
	c, err := testtryton.NewClient(testtryton.Server(t))
	require.NoError(t, err)
	key := t.Name() + rand.Text()
	id, err := c.Enter(ctx, testtryton.Draft{Customer: "C0003", WebID: key, Items: []testtryton.Item{{"KETTLE-1", "1"}}})
	require.NoError(t, err)
	_, err = c.Enter(ctx, testtryton.Draft{Customer: "C0003", WebID: key, Items: []testtryton.Item{{"KETTLE-1", "1"}}})
	require.ErrorContains(t, err, "The web ID on the sale must be unique.")
	require.NoError(t, c.Confirm(ctx, id))
	shipment, err := admin.Deliver(ctx, id)
	require.NoError(t, err)
	posted, err := admin.PostInvoices(ctx, id)
	require.NoError(t, err)
	require.Equal(t, testtryton.Decimal("95.88"), posted[0].Total, "the price of service centers")
	require.NoError(t, c.Pay(ctx, posted[0].ID, "95.88", "PAY-1"))
	require.Equal(t, "done", sale(t, c, id).State)

	var rows []map[string]any
	require.NoError(t, c.Read(ctx, &rows, "stock.shipment.out", []int{shipment}, "number", "state", "write_date", "outgoing_moves"))
	require.Equal(t, "done", rows[0]["state"])
	for _, model := range []string{"stock.move", "account.invoice.line", "account.move", "account.move.line", "product.template",
		"product.product", "product.price_list.line", "party.party", "party.address", "account.tax", "web.shop"} {
		ids, err := c.Search(ctx, model)
		require.NoError(t, err, model)
		require.NotEmpty(t, ids, model)
		require.NoError(t, c.Read(ctx, &rows, model, ids[:1], "rec_name", "write_date"), model)
	}
	for model, values := range map[string]map[string]any{
		"stock.shipment.out": {"reference": "x"}, "product.template": {"name": "x"}, "product.price_list": {"name": "x"},
	} {
		ids, err := c.Search(ctx, model)
		require.NoError(t, err, model)
		err = c.Write(ctx, model, ids[:1], values)
		require.ErrorContains(t, err, "not allowed", model)
	}
}

// Money is read in its own digits, and never from a float.
func TestDecimal(t *testing.T) {
	for text, want := range map[string]testtryton.Decimal{`{"__class__":"Decimal","decimal":"12.50"}`: "12.50", `null`: ""} {
		var d testtryton.Decimal
		require.NoError(t, json.Unmarshal([]byte(text), &d))
		require.Equal(t, want, d)
		back, err := json.Marshal(d)
		require.NoError(t, err)
		require.JSONEq(t, text, string(back))
	}
	var d testtryton.Decimal
	require.Error(t, json.Unmarshal([]byte(`12.5`), &d))
	require.Error(t, json.Unmarshal([]byte(`{"__class__":"date","year":2026}`), &d))
}
