package pricing

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/money"
)

// TestTextBlock: the texts of explanations are those of package money, and
// what was handed out stays as blocks are replaced.
func TestTextBlock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var block textBlock
		var got, want []string
		for range rapid.IntRange(1, 40).Draw(t, "texts") {
			cur := rapid.SampledFrom([]money.Currency{money.EUR, money.JPY, money.BHD, money.CLF}).Draw(t, "currency")
			micros := rapid.OneOf(rapid.Int64Range(-1<<63+1, 1<<63-1), rapid.Int64Range(-20_000_000, 20_000_000),
				rapid.Map(rapid.Int64Range(-500, 500), func(v int64) int64 { return v * 100_000 })).Draw(t, "micros")
			p, err := money.PriceFromMicros(micros, cur)
			require.NoError(t, err)
			p, err = p.PerBase(money.MustQuantity(rapid.SampledFrom([]string{"1", "100", "0.5"}).Draw(t, "base")))
			require.NoError(t, err)
			block.reserve(0)
			a := money.FromMinor(micros, cur)
			got = append(got, block.price(p), block.amount(a), block.from(p.Base()))
			want = append(want, p.String(), a.String(), "from "+p.Base().String())
		}
		require.Equal(t, want, got)
	})
}
