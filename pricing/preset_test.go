package pricing_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// presetCase is an input on which presets differ. The figures of EN16931 are
// given, and those of presets that have others; each preset that is not named has
// the figures of EN16931.
type presetCase struct {
	what   string
	rules  []pricing.Rule
	lines  []line
	lists  bool // two lists of the tariff, the second of which fills gaps of the first
	en     string
	others map[string]string
}

// figures are the total and what is left of each line, as charged.
func figures(q pricing.Quote) string {
	var lines []string
	for _, l := range q.Lines {
		left := l.Net.Minor()
		for _, s := range l.Shares {
			left += s.Minor()
		}
		lines = append(lines, money.FromMinor(left, q.Currency).Text())
	}
	return strings.Join(lines, " ") + " = " + q.Gross.Text()
}

// What each preset does that EN16931 does not, and the other way round, to the
// cent.
func TestPresets(t *testing.T) {
	net := func(price, quantity, class string) line { return line{price, quantity, class, false} }
	cases := []presetCase{
		{what: "tax of each line, or of their sum", lines: []line{net("14.71", "1", "19"), net("10.18", "1", "19")},
			en:     "14.71 10.18 = 29.62",
			others: map[string]string{"Odoo": "14.71 10.18 = 29.61", "Oro": "14.71 10.18 = 29.61", "Sylius": "14.71 10.18 = 29.61", "Solidus": "14.71 10.18 = 29.61"}},
		{what: "two discounts of a line: compounded, added up, or the best",
			rules:  []pricing.Rule{off("A", "20", pricing.OnLine, 2), off("B", "10", pricing.OnLine, 1)},
			lines:  []line{net("100", "1", "zero")},
			en:     "72.00 = 72.00",
			others: map[string]string{"ERPNext": "70.00 = 70.00", "Solidus": "80.00 = 80.00"}},
		{what: "two discounts of the whole",
			rules:  []pricing.Rule{off("A", "10", pricing.OnOrder, 2), off("B", "20", pricing.OnOrder, 1)},
			lines:  []line{net("100", "1", "zero")},
			en:     "72.00 = 72.00",
			others: map[string]string{"ERPNext": "70.00 = 70.00", "Solidus": "80.00 = 80.00"}},
		{what: "half a cent", lines: []line{net("0.125", "1", "zero"), net("0.135", "1", "zero")},
			en:     "0.13 0.14 = 0.27",
			others: map[string]string{"ERPNext": "0.12 0.14 = 0.26"}},
		{what: "which side of a percentage is rounded: 0.995 off, or 8.955 left",
			rules: []pricing.Rule{off("A", "10", pricing.OnLine, 1)}, lines: []line{net("9.95", "1", "zero")},
			en:     "8.95 = 8.95",
			others: map[string]string{"Vendure": "8.96 = 8.96"}},
		{what: "who takes the odd cent of three equal lines",
			rules: []pricing.Rule{amountOff("A", "1.00")}, lines: []line{net("1.00", "1", "zero"), net("1.00", "1", "zero"), net("1.00", "1", "zero")},
			en:     "0.66 0.67 0.67 = 2.00",
			others: map[string]string{"Oro": "0.67 0.67 0.66 = 2.00"}},
		{what: "who takes a single cent",
			rules: []pricing.Rule{amountOff("A", "0.01")}, lines: []line{net("0.30", "1", "zero"), net("0.30", "1", "zero"), net("0.40", "1", "zero")},
			en:     "0.30 0.30 0.39 = 0.99",
			others: map[string]string{"Sylius": "0.29 0.30 0.40 = 0.99", "Solidus": "0.29 0.30 0.40 = 0.99"}},
		{what: "who gives a cent back where each share is rounded",
			rules: []pricing.Rule{amountOff("A", "0.05")}, lines: []line{net("0.30", "1", "zero"), net("0.30", "1", "zero"), net("0.70", "1", "zero"), net("0.70", "1", "zero")},
			en:     "0.29 0.29 0.68 0.69 = 1.95",
			others: map[string]string{"Sylius": "0.30 0.29 0.68 0.68 = 1.95"}},
		{what: "prices of several lists: the first that has one, or gaps filled by others", lists: true,
			lines: []line{{quantity: "5", class: "zero"}, {quantity: "12", class: "zero"}},
			en:    "50.00 120.00 = 170.00", others: map[string]string{"Oro": "50.00 96.00 = 146.00"}},
	}
	differ := map[string]bool{}
	for _, c := range cases {
		for _, p := range pricing.Presets() {
			b := basket(money.EUR)
			tf := tariff(t, p, c.rules...)
			if c.lists {
				tf.Lists, tf.Prices = twoLists()
				b.Lines = basket(money.EUR, line{"0", c.lines[0].quantity, "zero", false}, line{"0", c.lines[1].quantity, "zero", false}).Lines
				for i := range b.Lines {
					b.Lines[i].Prices = nil
				}
			} else {
				b = basket(money.EUR, c.lines...)
			}
			want, ok := c.others[p.Preset]
			if !ok {
				want = c.en
			}
			differ[p.Preset] = differ[p.Preset] || want != c.en
			q := quote(t, engine(t, tf), b)
			require.Equal(t, want, figures(q), "%s: %s", p.Preset, c.what)
			require.NoError(t, q.Check())
		}
	}
	for _, p := range pricing.Presets() {
		require.Equal(t, p.Preset != "EN16931", differ[p.Preset], "%s differs somewhere", p.Preset)
	}
}

// twoLists are one with a single price and one that has a break from 10 on.
func twoLists() ([]pricing.PriceList, []pricing.PriceRow) {
	all := pricing.Audience{Everyone: true}
	lists := []pricing.PriceList{{Code: "own", Currency: money.EUR, For: all, Priority: 2, Merge: true}, {Code: "base", Currency: money.EUR, For: all, Priority: 1, Merge: true}}
	var rows []pricing.PriceRow
	for _, p := range []catalog.ID{"product-1", "product-2"} {
		rows = append(rows,
			pricing.PriceRow{List: "own", Product: p, Breaks: []catalog.Break{{Price: money.MustPrice("10", money.EUR)}}},
			pricing.PriceRow{List: "base", Product: p, Breaks: []catalog.Break{{Price: money.MustPrice("11", money.EUR)}, {From: money.QuantityOf(10), Price: money.MustPrice("8", money.EUR)}}})
	}
	return lists, rows
}

// A preset is data: printed, changed by hand, read back and used.
func TestPresetsAreData(t *testing.T) {
	b := basket(money.EUR, line{"100", "1", "zero", false})
	rules := []pricing.Rule{off("A", "20", pricing.OnLine, 2), off("B", "10", pricing.OnLine, 1)}
	for _, p := range pricing.Presets() {
		text, err := json.MarshalIndent(p, "", "  ")
		require.NoError(t, err)
		var back pricing.Policy
		require.NoError(t, json.Unmarshal(text, &back))
		require.Equal(t, p, back)
		named, ok := pricing.PresetNamed(p.Preset)
		require.True(t, ok)
		require.Equal(t, p, named)

		// As part of a tariff's file it gives the same version and the same quote.
		tf := tariff(t, p, rules...)
		file, err := json.Marshal(tf)
		require.NoError(t, err)
		read, err := pricing.ReadTariff(bytes.NewReader(file))
		require.NoError(t, err)
		require.Equal(t, quote(t, engine(t, tf), b).Seal, quote(t, engine(t, read), b).Seal)
	}
	_, ok := pricing.PresetNamed("en16931")
	require.False(t, ok)

	// ERPNext's option "apply discount on rate", changed in the text.
	text, err := json.Marshal(pricing.ERPNext())
	require.NoError(t, err)
	require.Contains(t, string(text), `"lines":{"mode":"additive"}`)
	changed := strings.Replace(string(text), `"lines":{"mode":"additive"}`, `"lines":{"mode":"compounded"}`, 1)
	var onRate pricing.Policy
	require.NoError(t, json.Unmarshal([]byte(changed), &onRate))
	require.Equal(t, "ERPNext", onRate.Preset, "the name has no effect")
	require.Equal(t, "70.00", quote(t, engine(t, tariff(t, pricing.ERPNext(), rules...)), b).Net.Text())
	require.Equal(t, "72.00", quote(t, engine(t, tariff(t, onRate, rules...)), b).Net.Text())

	for _, wrong := range []string{`{"rounding":"half_sideways"}`, `{"apportionment":"fair"}`} {
		require.Error(t, json.Unmarshal([]byte(wrong), &onRate), wrong)
	}
	onRate.Lines.Mode = "sometimes"
	_, err = pricing.Compile(tariff(t, onRate), nil)
	require.ErrorIs(t, err, pricing.ErrTariff)
}

// A file may name a preset and say nothing else. One that names it and says a part is
// refused: what it leaves out would not be the preset's.
func TestPresetsByName(t *testing.T) {
	for _, c := range []struct {
		policy string
		want   pricing.Policy
		bad    []string
	}{
		{`{}`, func() pricing.Policy { p := pricing.EN16931(); p.Preset = ""; return p }(), nil},
		{`{"preset": "EN16931", "tax": "line"}`, func() pricing.Policy { p := pricing.EN16931(); p.Tax = pricing.TaxPerLine; return p }(), nil},
		{`{"preset": "Odoo"}`, pricing.Odoo(), nil},
		{`{"preset": "ERPNext"}`, pricing.ERPNext(), nil},
		{`{"preset": "Solidus", "cash": {"amount": "0.05", "currency": "EUR"}}`, func() pricing.Policy { p := pricing.Solidus(); p.Cash = euros("0.05"); return p }(), nil},
		{`{"preset": "ours", "level": "unit"}`, func() pricing.Policy { p := pricing.EN16931(); p.Preset, p.Level = "ours", pricing.RoundUnit; return p }(), nil},
		{`{"preset": "Odoo", "level": "unit"}`, pricing.Policy{}, []string{"policy.preset pricing.policy"}},
		{`{"preset": "Vendure", "rounding": "half_even"}`, pricing.Policy{}, []string{"policy.preset pricing.policy"}},
		{`{"preset": "odoo"}`, pricing.Policy{}, []string{"policy.preset pricing.policy"}},
	} {
		read, err := pricing.ReadTariff(strings.NewReader(`{"policy": ` + c.policy + `, "taxes": [{"country": "FR", "class": "standard", "category": "S", "rate": "20"}]}`))
		require.NoError(t, err)
		e, err := pricing.Compile(read, nil)
		require.Equal(t, c.bad, issuesAt(err), c.policy)
		_, lintErr := pricing.Lint(t.Context(), read, nil)
		require.Equal(t, c.bad == nil, lintErr == nil, c.policy)
		if c.bad == nil {
			require.Equal(t, c.want, e.Policy(pricing.AsOf{Valid: noon}), c.policy)
		}
	}
}
