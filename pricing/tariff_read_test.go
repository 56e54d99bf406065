package pricing_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/fault"
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

// What a person wrote is told in a person's words: what belongs there, and where a
// file breaks off.
func TestWhatIsSaidOfATariffFile(t *testing.T) {
	const price = `money.syntax: a price is {"price":"12.5","base":"100","currency":"EUR"}`
	for text, want := range map[string]string{
		`{"prices":[{"breaks":[{"price":"12.50 EUR"}]}]}`: `prices[0].breaks[0].price: ` + price + `, and this is of type string`,
		`{"rules":[{"from":"2026-03-01"}]}`:               `rules[0].from: is no instant, such as "2026-03-01T00:00:00+01:00"`,
		`{"rules":[{"give":{"percent":10}}]}`:             `rules[0].give.percent: is of type number, and a text in quotes belongs here`,
		`{"name":7}`:                                      `name: is of type number, and a text in quotes belongs here`,
		`{"lists":[{"merge":"yes"}]}`:                     `lists[0].merge: is of type string, and true or false belongs here`,
		`{"rules":[{"priority":1.5}]}`:                    `rules[0].priority: is of type number, and a whole number belongs here`,
		"{\"name\":\"x\",\n\"rules\":[}":                  `: line 2: invalid character '}' looking for beginning of value`,
		"{\"name\":\"x\",\n\"rules\":[":                   `: it ends before the tariff does`,
		"":                                                `: there is nothing`,
		"{\"name\":\"x\"}\n{}":                            `: there is something behind the tariff, in line 2`,
		"{\"name\":\"x\"}\n\n nonsense":                   `: there is something behind the tariff, in line 3`,
	} {
		_, err := pricing.ReadTariff(strings.NewReader(text))
		is := fault.IssuesOf(err)
		require.Len(t, is, 1, text)
		require.Equal(t, want, is[0].Path+": "+is[0].Message, text)
	}
}

// A misspelt field hides nothing of what else is wrong.
func TestATariffFileOfSixMistakes(t *testing.T) {
	_, err := pricing.ReadTariff(strings.NewReader(`{
		"name": "spring",
		"taxes": [{"country": "FR", "class": "standard", "category": "S", "rate": "20"}],
		"lists": [
			{"code": "dealer", "currency": "EUR", "valid_from": "2026-01-01", "fallback": "public"},
			{"code": "public", "currency": "EUR", "fallback": "dealer"}],
		"prices": [{"list": "studio", "product": "oven", "breaks": [{"price": {"price": "649", "currency": "EUR"}}]}],
		"rules": [
			{"code": "GOLD", "on": "line", "discount": "Gold", "give": {"percent": "120"}},
			{"code": "SPRING", "on": "order", "from": "2026-06-01T00:00:00Z", "until": "2026-03-01T00:00:00Z", "give": {"percent": "5"}}]
	}`))
	require.ErrorIs(t, err, pricing.ErrTariff)
	require.ElementsMatch(t, []string{
		"lists[0].fallback pricing.cycle", "lists[0].valid_from pricing.unknown", "prices[0].list pricing.unknown",
		"rules[0].discount pricing.unknown", "rules[0].give.percent pricing.rate", "rules[1].until pricing.window"}, issuesAt(err))
}
