package pricing_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// evaluate computes an explanation again, in decimals, from prices, quantities
// and what rules took: the totals that it claims must come out. It knows where a
// policy rounds and nothing of the engine.
func evaluate(n pricing.Node, p pricing.Policy, digits int32) error {
	keep := digits // of the figures of lines
	late := p.Level == pricing.RoundDocument || p.Level == pricing.RoundPrecise
	if late {
		keep = 6
	}
	figure := func(s pricing.Node) decimal.Decimal {
		if late {
			return s.Exact.Decimal()
		}
		return s.Amount.Decimal()
	}
	type row struct{ base, tax decimal.Decimal }
	rows := map[string]*row{}
	exact := map[string]bool{} // rows whose tax is rate × base, rounded
	var stated, netted decimal.Decimal
	at := func(ref string) *row {
		if rows[ref] == nil {
			rows[ref], exact[ref] = &row{}, p.Tax == pricing.TaxPerDocument && p.Level != pricing.RoundPrecise
		}
		return rows[ref]
	}
	net, tax := decimal.Zero, decimal.Zero
	claimed := map[string]decimal.Decimal{}
	for _, c := range n.Children {
		switch c.Kind {
		case pricing.NodeLine:
			var value, lineNet, shares, lineTax decimal.Decimal
			var price money.Price
			gross, ref := false, ""
			for _, s := range c.Children {
				switch s.Kind {
				case pricing.NodeList, pricing.NodeBreak:
					price = s.Price
					gross = gross || s.Text == string(catalog.Gross)
				case pricing.NodeValue:
					unit := price.Decimal()
					if p.Level == pricing.RoundUnit {
						unit = round(unit, digits, p.Rounding)
					}
					value = round(unit.Mul(c.Quantity.Decimal()).DivRound(price.Base().Decimal(), 40), keep, p.Rounding)
					if !value.Equal(figure(s)) || s.Ref != p.Rounding.String() {
						return fmt.Errorf("line %s is worth %s, not %s", c.Line, value, figure(s))
					}
				case pricing.NodeRule:
					if s.Verdict == pricing.Applied {
						value = value.Add(figure(s))
					}
				case pricing.NodeNet:
					lineNet = s.Amount.Decimal()
				case pricing.NodeShare:
					shares = shares.Add(s.Amount.Decimal())
				case pricing.NodeTax:
					ref, lineTax = s.Ref, s.Amount.Decimal()
				}
			}
			if !gross {
				stated, netted = stated.Add(value), netted.Add(lineNet)
				if !late && !value.Equal(lineNet) {
					return fmt.Errorf("line %s comes to %s, not %s", c.Line, value, lineNet)
				}
			}
			if sum := lineNet.Add(shares).Add(lineTax); !sum.Equal(c.Amount.Decimal()) {
				return fmt.Errorf("line %s sums to %s, not %s", c.Line, sum, c.Amount)
			}
			r := at(ref)
			r.base, r.tax = r.base.Add(lineNet).Add(shares), r.tax.Add(lineTax)
			exact[ref] = exact[ref] && !gross
		case pricing.NodeTax:
			r := at(c.Ref)
			if base := c.Children[0].Amount.Decimal(); !base.Equal(r.base) || !c.Amount.Decimal().Equal(r.tax) {
				return fmt.Errorf("row %s is %s on %s, its lines make %s on %s", c.Ref, c.Amount, base, r.tax, r.base)
			}
			_, rate, _ := strings.Cut(c.Ref, " ")
			if due := round(r.base.Mul(decimal.RequireFromString(rate)).Shift(-2), digits, p.Rounding); exact[c.Ref] && !due.Equal(r.tax) {
				return fmt.Errorf("row %s: %s is due, not %s", c.Ref, due, r.tax)
			}
			net, tax = net.Add(r.base), tax.Add(r.tax)
		case pricing.NodeTotal:
			claimed[c.Ref] = c.Amount.Decimal()
		}
	}
	if whole := round(stated, digits, p.Rounding); p.Level == pricing.RoundPrecise && !whole.Equal(netted) {
		return fmt.Errorf("the lines come to %s, not %s", whole, netted)
	}
	if !claimed["net"].Equal(net) || !claimed["tax"].Equal(tax) || !claimed["gross"].Equal(net.Add(tax)) || !n.Amount.Decimal().Equal(net.Add(tax)) {
		return fmt.Errorf("the totals %v are not %s + %s", claimed, net, tax)
	}
	return nil
}

// Law 13: the explanation re-evaluates to the total, by every policy.
func TestLawExplanationEvaluates(t *testing.T) {
	rows := table(t).Rows()
	rapid.Check(t, func(t *rapid.T) {
		b := drawBasket(t)
		tf := pricing.Tariff{Seller: "FR", Policy: drawPolicy(t), Taxes: rows}
		tf.Policy.Rounding = money.Rounding(rapid.IntRange(int(money.HalfAwayFromZero), int(money.Ceil)).Draw(t, "rounding"))
		for n := range rapid.IntRange(0, 6).Draw(t, "rules") {
			tf.Rules = append(tf.Rules, drawRule(t, n, b.Currency))
		}
		e := engine(t, tf)
		want, err := e.Quote(t.Context(), b)
		require.NoError(t, err)
		q, tree, err := e.Explain(t.Context(), b)
		require.NoError(t, err)
		require.Equal(t, want, q, "explaining changes nothing")
		require.NoError(t, evaluate(tree, tf.Policy, int32(b.Currency.Digits())))
	})
}

// TestEvaluateFindsLies keeps the evaluator honest: any figure that is changed is
// found.
func TestEvaluateFindsLies(t *testing.T) {
	_, tree, err := engine(t, tariff(t, pricing.EN16931(), off("L", "7", pricing.OnLine, 2), off("O", "3", pricing.OnOrder, 1))).
		Explain(t.Context(), basket(money.EUR, line{"9.45", "3", "standard", false}, line{"12.34", "2", "reduced", false}))
	require.NoError(t, err)
	require.NoError(t, evaluate(tree, pricing.EN16931(), 2))
	var lie func(*pricing.Node)
	lies := 0
	lie = func(n *pricing.Node) {
		if rule := n.Kind == pricing.NodeRule && n.Line == "" && len(n.Children) == 0; n.Amount != (money.Amount{}) && !rule {
			was := n.Amount
			n.Amount, _ = was.Add(money.MustAmount("0.01", money.EUR))
			require.Error(t, evaluate(tree, pricing.EN16931(), 2), "%s %s", n.Kind, n.Ref)
			n.Amount = was
			lies++
		}
		for i := range n.Children {
			lie(&n.Children[i])
		}
	}
	lie(&tree)
	require.Greater(t, lies, 10)
}

// Every verdict says by whom, or what is missing.
func TestExplanationOfRules(t *testing.T) {
	from := money.MustAmount("500", money.EUR)
	big, named, tiers := off("BIG", "3", pricing.OnOrder, 1), off("OTHER", "50", pricing.OnLine, 9), off("X", "0", pricing.OnLine, 8)
	big.When.Basket = &pricing.AmountRange{From: &from}
	named.Goods.Products = []catalog.ID{"elsewhere"}
	tiers.Code, tiers.Give = "FAMILY", pricing.Effect{Tiers: &pricing.Tiers{By: pricing.ByQuantity, Across: true,
		Steps: []pricing.Tier{{Percent: money.RateOf(10)}, {Quantity: money.QuantityOf(5), Percent: money.RateOf(15)}}}}
	tiers.Stop = true
	late := off("LATE", "5", pricing.OnLine, 7)
	floor := money.MustPrice("92", money.EUR)
	tf := tariff(t, pricing.EN16931(), big, named, tiers, late)
	tf.Floors = []pricing.Floor{{Price: &floor}}
	tf.Charges = []pricing.ChargeRule{{Code: "SHIP", Kind: "shipping", Text: "Shipping", Amount: pricing.ChargeAmount{Fixed: euros("9"), FreeFrom: euros("400")}}}
	_, tree, err := engine(t, tf).Explain(t.Context(), basket(money.EUR, line{"100", "3", "standard", false}), "OTHER")
	require.NoError(t, err)
	require.Equal(t, `quote `+tree.Ref+` 342.00 EUR
  line 1 00001 × 3 342.00 EUR
    list (net) 100.00 EUR
    value half_away_from_zero 300.00 EUR
    rule FAMILY -24.00 EUR
    rule LATE blocked by FAMILY
    net 276.00 EUR
    share SHIP 9.00 EUR
    tax S 20 57.00 EUR
  rule OTHER not met: no such goods in the basket
  rule FAMILY -24.00 EUR; 2 more and it gives 15 %
    capped floor 6.00 EUR
  rule LATE blocked by FAMILY
  rule BIG not met: 224.00 EUR more in the basket and it gives 3 %
  charge SHIP (Shipping) 9.00 EUR; 124.00 EUR more and it gives no charge, saving 9.00 EUR
  tax S 20 57.00 EUR
    base 285.00 EUR
  total net 285.00 EUR
  total tax 57.00 EUR
  total gross 342.00 EUR
`, tree.String())
	data, err := json.Marshal(tree)
	require.NoError(t, err)
	var back pricing.Node
	require.NoError(t, json.Unmarshal(data, &back))
	require.Equal(t, tree, back)
}

func TestExplanationHTMLEscapes(t *testing.T) {
	r := off("A", "10", pricing.OnLine, 1)
	r.Text = `<script>alert("x")</script>`
	_, tree, err := engine(t, tariff(t, pricing.EN16931(), r)).Explain(t.Context(), basket(money.EUR, line{"100", "1", "standard", false}))
	require.NoError(t, err)
	require.NotContains(t, tree.HTML(), "<script>")
	require.Contains(t, tree.HTML(), `<li class="rule applied">rule A (&lt;script&gt;`)
	_, _, err = engine(t, tariff(t, pricing.EN16931())).Explain(t.Context(), pricing.Basket{})
	require.True(t, errors.Is(err, pricing.ErrBasket))
}

// A rule that is beaten is not told as held back besides: it took nothing.
func TestBeatenRulesAreNotCapped(t *testing.T) {
	a, b := off("A", "80", pricing.OnLine, 2), off("B", "50", pricing.OnLine, 1)
	most := money.MustAmount("6", money.EUR)
	a.Most = &most
	p := pricing.Policy{Lines: pricing.Stacking{Mode: pricing.BestFor}}
	_, n, err := engine(t, tariff(t, p, a, b)).Explain(t.Context(), basket(money.EUR, line{"100", "1", "standard", false}))
	require.NoError(t, err)
	told := map[string]pricing.Node{}
	for _, c := range n.Children {
		if c.Kind == pricing.NodeRule {
			told[c.Ref] = c
		}
	}
	require.Equal(t, pricing.Beaten, told["A"].Verdict)
	require.Empty(t, told["A"].Children)
	require.Equal(t, pricing.Applied, told["B"].Verdict)
}
