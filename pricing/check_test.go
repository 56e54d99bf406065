package pricing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// An id that two lines have is found, whether ids stand in order or not.
func TestLineIDsTwice(t *testing.T) {
	p := pricing.NewListPricer(table(t), nil)
	for _, c := range []struct{ ids, want []string }{
		{[]string{"a", "b", "c", "d"}, nil},
		{[]string{"10", "9", "8", "7"}, nil},
		{[]string{"a", "b", "d", "c"}, nil},
		{[]string{"a", "a", "b", "c"}, []string{"lines[1].id pricing.line_twice"}},
		{[]string{"a", "b", "c", "c"}, []string{"lines[3].id pricing.line_twice"}},
		{[]string{"b", "c", "d", "b"}, []string{"lines[3].id pricing.line_twice"}},
		{[]string{"d", "c", "d", "c"}, []string{"lines[2].id pricing.line_twice", "lines[3].id pricing.line_twice"}},
		{[]string{"", "a", "b", "b"}, []string{"lines[0].id pricing.no_line_id", "lines[3].id pricing.line_twice"}},
	} {
		var lines []line
		for range c.ids {
			lines = append(lines, line{"1", "1", "standard", false})
		}
		b := basket(money.EUR, lines...)
		for i, id := range c.ids {
			b.Lines[i].ID = pricing.LineID(id)
		}
		_, err := p.Quote(t.Context(), b)
		require.Equal(t, c.want, issuesAt(err), c.ids)
	}
}
