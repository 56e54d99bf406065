package billing_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/internal/golden"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
)

func TestDocumentsAsText(t *testing.T) {
	s := newShop(t, settings{orders: &order.Options{Invoice: order.OnOrder},
		adjust: []pricing.Adjustment{{Code: "promo", Text: "Spring", Amount: eur("-10.00")}, {Code: "freight", Amount: eur("5.00")}}})
	a, b := s.sold(buyer, "3 THIRD", "2 BOOK"), s.sold(buyer, "1 OVEN", "10 LAMP")
	inv, err := s.bills.Issue(s.ctx, operator, billing.IssueInput{Orders: []billing.OrderVersion{{Order: a.ID}, {Order: b.ID}}, Note: "Thank you."})
	require.NoError(t, err)
	credit := s.credited(inv.ID, "1", "", "1")
	inv = s.doc(inv.ID)
	for name, text := range map[string]string{"invoice.en": inv.Text("en"), "invoice.fr": inv.Text("fr-CA"), "credit.en": credit.Text(""), "credit.fr": credit.Text("FR")} {
		golden.Check(t, "testdata/"+name+".txt", []byte(text))
		for _, line := range strings.Split(text, "\n") {
			require.LessOrEqual(t, utf8.RuneCountInString(line), 80, "%s: %s", name, line)
		}
	}
	long := inv
	long.Lines[0].Name = strings.Repeat("very\nlong ", 30)
	require.Contains(t, long.Text("en"), "THIRD very long very long very long…", "a long name is cut, on one line")
}
