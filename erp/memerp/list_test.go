package memerp_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

func listed(t *testing.T, books *memerp.ERP, s erp.Stream) (all []string) {
	c := erp.NewClient(books.Adapter(), nil)
	var after erp.Cursor
	for {
		p, err := c.ListIDs(bg, s, after, 2)
		require.NoError(t, err)
		all = append(all, p.Rows...)
		if after = p.Next; !p.More {
			return all
		}
	}
}

// What is deleted is gone for the connector, by every way it has.
func TestDelete(t *testing.T) {
	books, a := open(t, &memerp.Options{Start: 7})
	for _, key := range []string{"K1", "K2", "K3"} {
		_, err := a.PushOrder(bg, order(key, 1))
		require.NoError(t, err)
	}
	require.Equal(t, []string{"8", "9", "10"}, listed(t, books, erp.Orders))
	require.True(t, books.Delete(erp.Orders, "9"))
	require.False(t, books.Delete(erp.Orders, "9"), "it is gone")
	require.False(t, books.Delete(erp.Orders, "99"))
	require.False(t, books.Delete("rumours", "8"))
	require.Equal(t, []string{"8", "10"}, listed(t, books, erp.Orders))
	_, err := a.FindOrder(bg, "K2")
	require.ErrorIs(t, err, erp.ErrNotFound)
	_, err = a.CancelOrder(bg, "9", "")
	require.ErrorIs(t, err, erp.ErrNotFound)
	page, err := erp.NewClient(books.Adapter(), nil).PullOrders(bg, nil, 10)
	require.NoError(t, err)
	require.Len(t, page.Rows, 2)
	again, err := a.PushOrder(bg, order("K2", 1))
	require.NoError(t, err)
	require.Equal(t, "11", again.ID, "the key is free, the id is not")
	require.Len(t, books.Orders(), 4)
}

func TestDeleteOfEachStream(t *testing.T) {
	books := memerp.New(nil)
	books.SetStock("S-4", dec("100"), "")
	id := confirmed(t, books, "K", 1)
	d, _ := books.Pick(id)
	bill := books.Drafts(id)[0]
	require.False(t, books.Delete(erp.Invoices, bill), "a draft is not told of")
	require.True(t, books.Post(bill))
	pay, err := books.Pay(erp.Payment{Customer: "C", Currency: "EUR", Amount: dec("1")})
	require.NoError(t, err)
	say, _ := books.Say(erp.Message{Kind: "delivery", Document: d, Text: "hello"})
	party := books.SaveParty(erp.Party{Code: "C-4"})
	product := books.SaveProduct(erp.Product{SKU: "S-4"})
	price := books.SetPrice(erp.Price{SKU: "S-4", List: "A"})
	for s, id := range map[erp.Stream]string{erp.Orders: id, erp.Deliveries: d, erp.Invoices: bill, erp.Payments: pay, erp.Messages: say,
		erp.Parties: party, erp.Products: product, erp.Prices: price, erp.Stocks: "1"} {
		require.Equal(t, []string{id}, listed(t, books, s), s)
		require.True(t, books.Delete(s, id), s)
		require.Empty(t, listed(t, books, s), s)
	}
	for _, on := range []erp.Message{{Kind: "order", Document: id}, {Kind: "delivery", Document: d}, {Kind: "invoice", Document: bill}} {
		_, ok := books.Say(on)
		require.False(t, ok, on.Kind)
	}
	require.NotEqual(t, party, books.SaveParty(erp.Party{Code: "C-4"}), "a new customer")
	require.NotEqual(t, product, books.SaveProduct(erp.Product{SKU: "S-4"}), "a new article")
	require.NotEqual(t, price, books.SetPrice(erp.Price{SKU: "S-4", List: "A"}))
	books.SetStock("S-4", dec("5"), "")
	require.Equal(t, []string{"2"}, listed(t, books, erp.Stocks))
}
