package pricing_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/pricing"
)

// A field that is there twice is told with its place, beside values that are none,
// and never taken by half.
func TestFieldsThereTwice(t *testing.T) {
	for text, want := range map[string][]string{
		`{"lists":[{"currency":"EUX"},{"currency":"EUY"}]}`:      {"lists[0].currency pricing.json", "lists[1].currency pricing.json"},
		`{"rules":[{"code":"a","code":"b"}]}`:                    {"rules[0].code pricing.twice"},
		`{"rules":[{"code":"a","Co\u0064e":"b"}], "rules" : []}`: {"rules[0].Code pricing.twice", "rules pricing.twice"},
		`{"rules":[{},{"text":"a \"}, {\" b","text":"c","when":{"hours":{"days":["mon","mon"],"days":null}}}],"zone":"UTC","zone":7}`: {
			"zone pricing.json", "rules[1].text pricing.twice", "rules[1].when.hours.days pricing.twice", "zone pricing.twice"},
		`{"prices":[{"breaks":[{"price":"12,50 EUR","price":{"price":"12.50","price":"1","currency":"EUR"}}]}]}`: {
			"prices[0].breaks[0].price pricing.twice", "prices[0].breaks[0].price.price pricing.twice"},
	} {
		tf, err := pricing.ReadTariff(strings.NewReader(text))
		require.ErrorIs(t, err, pricing.ErrTariff, text)
		require.Equal(t, want, issuesAt(err), text)
		require.Equal(t, pricing.Tariff{}, tf)
	}
	_, err := pricing.ReadTariff(strings.NewReader(`{"rules":[{"code":"a","text":"\\"},{"code":"b"}],"name":"code"}`))
	require.NoError(t, err)
}
