package testtryton_test

import (
	"crypto/rand"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/internal/testtryton"
)

func sale(t *testing.T, c *testtryton.Client, id int) testtryton.Sale {
	t.Helper()
	s, err := c.Sale(t.Context(), id)
	require.NoError(t, err)
	return s
}

// entered is an order of the shared server that is a draft.
func entered(t *testing.T, c *testtryton.Client, items ...testtryton.Item) int {
	t.Helper()
	id, err := c.Enter(t.Context(), testtryton.Draft{Customer: "C0002", Items: items})
	require.NoError(t, err)
	return id
}

// From the quote to the money: delivered in two parts, an invoice for each, and
// the first of them paid in two parts.
func TestOrderToCash(t *testing.T) {
	c, ctx := testtryton.Admin(t), t.Context()
	key := t.Name() + rand.Text()
	id, err := c.Enter(ctx, testtryton.Draft{Customer: "C0002", WebID: key, Reference: "PO-4711",
		Items: []testtryton.Item{{"FRIDGE-1", "2"}, {"KETTLE-1", "10"}, {"BOOK-1", "1"}}})
	require.NoError(t, err)
	same, err := c.Sales(ctx, key)
	require.NoError(t, err)
	require.Equal(t, []int{id}, same)

	// 2 × 1062.50 + 10 × 79.92 at 20 %, and a book of 8.50 at 5.5 %.
	s := sale(t, c, id)
	require.Equal(t, testtryton.Sale{ID: id, WebID: key, Reference: "PO-4711", State: "draft", Shipped: "none", Invoiced: "none",
		Total: "3518.01", Lines: s.Lines, Shipments: []int{}, Returns: []int{}, Invoices: []int{}}, s)
	require.Len(t, s.Lines, 3)

	require.NoError(t, c.Confirm(ctx, id))
	s = sale(t, c, id)
	require.NotEmpty(t, s.Number)
	require.Equal(t, []string{"processing", "waiting", "none"}, []string{s.State, s.Shipped, s.Invoiced})
	require.Len(t, s.Shipments, 1)
	require.ErrorContains(t, c.Cancel(ctx, id), "is in state processing, not cancelled")

	// A part of it, and nothing of the book.
	first, err := c.Deliver(ctx, id, testtryton.Item{"FRIDGE-1", "1"}, testtryton.Item{"KETTLE-1", "4"})
	require.NoError(t, err)
	s = sale(t, c, id)
	require.Equal(t, []string{"processing", "waiting", "waiting"}, []string{s.State, s.Shipped, s.Invoiced})
	require.Len(t, s.Shipments, 2, "the back order")
	posted, err := c.PostInvoices(ctx, id)
	require.NoError(t, err)
	require.Len(t, posted, 1)
	require.NotEmpty(t, posted[0].Number)
	require.Equal(t, testtryton.Decimal("1658.62"), posted[0].Total) // (1062.50 + 4 × 79.92) × 1.2
	require.Equal(t, posted[0].Total, posted[0].Due)

	require.NoError(t, c.Pay(ctx, posted[0].ID, "500.00", "PAY-1"))
	i, err := c.Invoice(ctx, posted[0].ID)
	require.NoError(t, err)
	require.Equal(t, []any{"posted", testtryton.Decimal("1158.62")}, []any{i.State, i.Due})
	require.Error(t, c.Pay(ctx, i.ID, "1158.63", "PAY-X"), "more than is due")
	require.NoError(t, c.Pay(ctx, i.ID, "1158.62", "PAY-2"))
	i, err = c.Invoice(ctx, i.ID)
	require.NoError(t, err)
	require.Equal(t, "paid", i.State)

	_, err = c.Deliver(ctx, id, testtryton.Item{"BOOK-1", "2"})
	require.ErrorContains(t, err, "1 too little of BOOK-1")
	second, err := c.Deliver(ctx, id)
	require.NoError(t, err)
	require.NotEqual(t, first, second)
	posted, err = c.PostInvoices(ctx, id)
	require.NoError(t, err)
	require.Len(t, posted, 1)
	require.Equal(t, testtryton.Decimal("1859.39"), posted[0].Total)
	require.Equal(t, []string{"processing", "sent", "waiting"}, []string{sale(t, c, id).State, sale(t, c, id).Shipped, sale(t, c, id).Invoiced})
	require.NoError(t, c.Pay(ctx, posted[0].ID, posted[0].Due, "PAY-3"))
	s = sale(t, c, id)
	require.Equal(t, []string{"done", "sent", "paid"}, []string{s.State, s.Shipped, s.Invoiced})
	_, err = c.Deliver(ctx, id)
	require.ErrorContains(t, err, "has no open shipment")
}

// A part of what was delivered comes back and is credited.
func TestReturn(t *testing.T) {
	c, ctx := testtryton.Admin(t), t.Context()
	id := entered(t, c, testtryton.Item{"KETTLE-1", "4"}, testtryton.Item{"BOOK-2", "1"})
	require.NoError(t, c.Confirm(ctx, id))
	_, err := c.Deliver(ctx, id)
	require.NoError(t, err)
	_, err = c.PostInvoices(ctx, id)
	require.NoError(t, err)

	back, err := c.Return(ctx, id, testtryton.Item{"KETTLE-1", "1"})
	require.NoError(t, err)
	s := sale(t, c, back)
	require.Equal(t, []string{"processing", "sent"}, []string{s.State, s.Shipped})
	require.Len(t, s.Lines, 1)
	require.Len(t, s.Returns, 1)
	credit, err := c.PostInvoices(ctx, back)
	require.NoError(t, err)
	require.Len(t, credit, 1)
	require.Equal(t, testtryton.Decimal("-101.90"), credit[0].Total) // 84.915 × 1.2

	_, err = c.Return(ctx, id, testtryton.Item{"KETTLE-1", "5"})
	require.ErrorContains(t, err, "1 too little of KETTLE-1")
	whole, err := c.Return(ctx, id)
	require.NoError(t, err)
	require.Len(t, sale(t, c, whole).Lines, 2)
}

// A draft can be cancelled, and then neither confirmed nor delivered: Tryton
// ignores the buttons, the client says so.
func TestCancel(t *testing.T) {
	c, ctx := testtryton.Admin(t), t.Context()
	id := entered(t, c, testtryton.Item{"KETTLE-1", "1"})
	require.NoError(t, c.Cancel(ctx, id))
	require.Equal(t, "cancelled", sale(t, c, id).State)
	require.NoError(t, c.Press(ctx, "sale.sale", "confirm", id))
	require.EqualError(t, c.Confirm(ctx, id), fmt.Sprintf("testtryton: the sale %d is in state cancelled, not processing or done", id))
	_, err := c.Deliver(ctx, id)
	require.ErrorContains(t, err, "in state cancelled has no open shipment")
}

// Of a product in two colours and of goods by the metre.
func TestEnterVariants(t *testing.T) {
	c := testtryton.Admin(t)
	id := entered(t, c, testtryton.Item{"TOASTER-RED", "1"}, testtryton.Item{"TOASTER-BLACK", "2"}, testtryton.Item{"CABLE", "2.5"}, testtryton.Item{"INSTALL", "1.5"})
	require.NoError(t, c.Confirm(t.Context(), id))
	_, err := c.Deliver(t.Context(), id, testtryton.Item{"TOASTER-BLACK", "1"}, testtryton.Item{"CABLE", "1.25"})
	require.NoError(t, err)
	_, err = c.Enter(t.Context(), testtryton.Draft{Customer: "nobody"})
	require.ErrorContains(t, err, "code nobody is not of one record")
}
