package trytonerp

import (
	"fmt"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/internal/testtryton"
)

func invoiceHead(r erp.Invoice) erp.Head { return r.Head }

// discounted adds a discount of ours to a draft, as a line without a product.
func discounted(t *testing.T, c *testtryton.Client, sale int, amount testtryton.Decimal) {
	t.Helper()
	taxes, err := c.Search(t.Context(), "account.tax", []any{"name", "=", "VAT 20 %"})
	require.NoError(t, err)
	line := map[string]any{"type": "line", "sequence": 99, "quantity": 1, "unit_price": amount, "description": "Welcome · WELCOME", "note": "comptoir:D1",
		"taxes": []any{[]any{"add", taxes}}}
	require.NoError(t, c.Write(t.Context(), "sale.sale", []int{sale}, map[string]any{"lines": []any{[]any{"create", []any{line}}}}))
}

func posted(t *testing.T, c *testtryton.Client, sale int) []string {
	t.Helper()
	all, err := c.PostInvoices(t.Context(), sale)
	require.NoError(t, err)
	var ids []string
	for _, i := range all {
		ids = append(ids, idText(int64(i.ID)))
	}
	return ids
}

// invoiceTexts are what is on an invoice, and its sums.
func invoiceTexts(i erp.Invoice) (all []string) {
	for _, l := range i.Lines {
		all = append(all, fmt.Sprintf("%s %s %s × %s %s = %s, %s %s", l.Key, l.SKU, text(l.Quantity), text(l.UnitPrice), l.Unit, text(l.Net), l.TaxCategory, text(l.TaxRate)))
	}
	for _, d := range i.Adjustments {
		all = append(all, fmt.Sprintf("%s %s (%s) %s, %s %s", d.Key, d.Text, d.Code, text(d.Amount), d.TaxCategory, text(d.TaxRate)))
	}
	for _, x := range i.Taxes {
		all = append(all, fmt.Sprintf("%s %s of %s = %s", x.Category, text(x.Rate), text(x.Base), text(x.Tax)))
	}
	return append(all, fmt.Sprintf("%s + %s = %s, %s", text(i.Totals.Net), text(i.Totals.Tax), text(i.Totals.Gross), text(*i.Residual)))
}

// An order in two deliveries: an invoice of its discount, one of each delivery,
// paid in parts, and a credit note of what came back.
func TestInvoicesAreToldAsTheyArePaid(t *testing.T) {
	t.Parallel()
	in := testtryton.Start(t, nil)
	c, a, ctx := in.Client, connected(t, in.Address, Options{WebShop: "Connector"}), t.Context()
	_, at := pulled(t, a.PullInvoices, nil, invoiceHead)
	told := func() map[string]erp.Invoice {
		rows, next := pulled(t, a.PullInvoices, at, invoiceHead)
		at = next
		for _, r := range rows {
			require.NoError(t, r.Check())
		}
		return rows
	}
	id := keyed(t, c, fresh(t), testtryton.Item{Code: "KETTLE-1", Quantity: "10"}, testtryton.Item{Code: "CABLE", Quantity: "2.5"}, testtryton.Item{Code: "BOOK-1", Quantity: "1"})
	discounted(t, c, id, "-5.00")
	require.NoError(t, c.Confirm(ctx, id))
	require.Empty(t, told(), "drafts are not told")
	allowance := posted(t, c, id)
	require.Len(t, allowance, 1)
	rows := told()
	require.Len(t, rows, 1)
	i := rows[allowance[0]]
	require.True(t, i.Credit)
	require.Equal(t, []string{"  1 × 5  = 5.00, S 20", "S 20 of 5.00 = 1.00", "5.00 + 1.00 = 6.00, 6.00"}, invoiceTexts(i))

	_, err := c.Deliver(ctx, id, testtryton.Item{Code: "KETTLE-1", Quantity: "4"}, testtryton.Item{Code: "CABLE", Quantity: "2.5"})
	require.NoError(t, err)
	first := posted(t, c, id)
	i = told()[first[0]]
	require.Equal(t, []string{"L1 KETTLE-1 4 × 79.92 C62 = 319.68, S 20", "L2 CABLE 2.5 × 1.6575 MTR = 4.14, S 20", "S 20 of 323.82 = 64.76", "323.82 + 64.76 = 388.58, 388.58"}, invoiceTexts(i))
	require.Equal(t, []any{"C0002", "EUR", idText(int64(id)), erp.InvoicePosted, false, ""}, []any{i.Customer, i.Currency, i.Lines[0].Order, i.State, i.Credit, i.Corrects})
	require.NotEmpty(t, i.Number)
	require.Greater(t, i.Due, i.Date)

	require.NoError(t, c.Pay(ctx, numeral(first[0]), "100.00", "first"))
	require.Equal(t, "288.58", text(*told()[first[0]].Residual))
	require.NoError(t, c.Pay(ctx, numeral(first[0]), "288.58", "rest"))
	require.True(t, told()[first[0]].Residual.IsZero())

	_, err = c.Deliver(ctx, id)
	require.NoError(t, err)
	second := posted(t, c, id)
	require.Equal(t, []string{"L1 KETTLE-1 6 × 79.92 C62 = 479.52, S 20", "L3 BOOK-1 1 × 8.5 C62 = 8.50, S 5.5", "S 20 of 479.52 = 95.90", "S 5.5 of 8.50 = 0.47",
		"488.02 + 96.37 = 584.39, 584.39"}, invoiceTexts(told()[second[0]]))

	back, err := c.Return(ctx, id, testtryton.Item{Code: "BOOK-1", Quantity: "1"})
	require.NoError(t, err)
	credit := posted(t, c, back)
	i = told()[credit[0]]
	require.Equal(t, []string{"L3 BOOK-1 1 × 8.5 C62 = 8.50, S 5.5", "S 5.5 of 8.50 = 0.47", "8.50 + 0.47 = 8.97, 8.97"}, invoiceTexts(i))
	require.Equal(t, []any{true, second[0], idText(int64(id))}, []any{i.Credit, i.Corrects, i.Lines[0].Order})
	require.Empty(t, told())

	all, err := a.ListIDs(ctx, erp.Invoices, nil, 1000)
	require.NoError(t, err)
	for _, id := range slices.Concat(allowance, first, second, credit) {
		require.Contains(t, all.Rows, id)
	}
}

// An invoice that a credit note settles stands, and so does that; one that is
// cancelled does not.
func TestInvoiceThatIsCredited(t *testing.T) {
	c, a, ctx := testtryton.Admin(t), connected(t, testtryton.Server(t), Options{WebShop: "Connector"}), t.Context()
	id := keyed(t, c, fresh(t), testtryton.Item{Code: "KETTLE-1", Quantity: "2"})
	discounted(t, c, id, "-5.00")
	require.NoError(t, c.Confirm(ctx, id))
	_, err := c.Deliver(ctx, id)
	require.NoError(t, err)
	ids := posted(t, c, id)
	require.Len(t, ids, 2)
	require.NoError(t, c.Credit(ctx, numeral(ids[1])))
	rows, _ := pulled(t, a.PullInvoices, nil, invoiceHead)
	i := rows[ids[1]]
	require.Equal(t, []any{erp.InvoicePosted, decimal.Zero.Equal(*i.Residual)}, []any{i.State, true})
	for _, r := range rows {
		if r.Corrects == ids[1] {
			require.Equal(t, append(invoiceTexts(i), "C"), append(invoiceTexts(r), "C"))
			require.True(t, r.Credit)
			return
		}
	}
	require.Fail(t, "the credit note is not told")
}

func numeral(id string) int {
	n, _ := recordID("", id)
	return int(n)
}
