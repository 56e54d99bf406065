package pricing_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// drawRules are rules of those that keep wants.
func drawRules(t *rapid.T, cur money.Currency, keep func(pricing.Rule) bool) (out []pricing.Rule) {
	for n := range rapid.IntRange(0, 6).Draw(t, "rules") {
		if r := drawRule(t, n, cur); keep == nil || keep(r) {
			out = append(out, r)
		}
	}
	return out
}

func drawShipping(t *rapid.T, cur money.Currency) []pricing.ChargeRule {
	if !rapid.Bool().Draw(t, "shipping") {
		return nil
	}
	fixed := money.FromMinor(rapid.Int64Range(1, 5000).Draw(t, "fixed"), cur)
	return []pricing.ChargeRule{{Code: "SHIP", Kind: "shipping", Amount: pricing.ChargeAmount{Fixed: &fixed},
		TaxBy: rapid.SampledFrom([]pricing.ChargeTax{pricing.ByNet, pricing.HighestRate, pricing.LowestRate, pricing.MainRate}).Draw(t, "tax by")}}
}

// perLine reports whether a rule looks at each line by itself.
func perLine(r pricing.Rule) bool {
	g := r.Give
	return r.Most == nil && g.Cheapest == nil && g.Item == nil && (g.Amount == nil || g.Per != pricing.PerGoods) && (g.Tiers == nil || !g.Tiers.Across)
}

// Law 5: a line that costs nothing changes no figure of the others, where no
// rule counts lines or units.
func TestLawEngineZeroLineChangesNothing(t *testing.T) {
	rows := table(t).Rows()
	rapid.Check(t, func(t *rapid.T) {
		b := drawBasket(t)
		tf := pricing.Tariff{Seller: "FR", Policy: drawPolicy(t), Taxes: rows, Charges: drawShipping(t, b.Currency)}
		tf.Rules = drawRules(t, b.Currency, func(r pricing.Rule) bool {
			return r.Give.Cheapest == nil && r.Give.Item == nil && (r.Give.Tiers == nil || !r.Give.Tiers.Across)
		})
		e := engine(t, tf)
		q, err := e.Quote(t.Context(), b)
		more := b.Clone()
		zero := drawLine(t, len(b.Lines), b.Currency)
		zero.Prices = []catalog.ListPrice{{Stated: rapid.SampledFrom([]catalog.Stated{catalog.Net, catalog.Gross}).Draw(t, "stated"),
			Breaks: []catalog.Break{{Price: money.MustPrice("0", b.Currency)}}}}
		at := rapid.IntRange(0, len(b.Lines)).Draw(t, "at")
		more.Lines = append(more.Lines[:at:at], append([]pricing.Line{zero}, more.Lines[at:]...)...)
		with, err2 := e.Quote(t.Context(), more)
		if err != nil {
			require.ErrorIs(t, err, pricing.ErrAdjustment)
			require.Empty(t, b.Lines, "a charge has no line to bear it")
			return
		}
		if len(tf.Charges) > 0 && !slices.ContainsFunc(q.Lines, func(l pricing.QuotedLine) bool { return l.Net.Sign() > 0 || l.Discount.Sign() > 0 }) {
			return // any line may bear the charge then
		}
		require.NoError(t, err2)
		require.Equal(t, []money.Amount{q.Net, q.Tax, q.Gross}, []money.Amount{with.Net, with.Tax, with.Gross})
		require.Equal(t, q.Adjustments, with.Adjustments)
		got := with.Lines[at]
		require.True(t, got.Net.IsZero() && got.Tax.IsZero() && got.Gross.IsZero())
		for _, s := range got.Shares {
			require.True(t, s.IsZero())
		}
		others := append(with.Lines[:at:at], with.Lines[at+1:]...)
		for i := range others {
			others[i].Why = q.Lines[i].Why
		}
		require.Equal(t, q.Lines, others)
	})
}

// Law 6: the order of lines moves no total, under rules that look at each line by
// itself; it moves lines by the units of ties. A percentage of the whole is the
// same amount in any order.
func TestLawEngineOrderOfLines(t *testing.T) {
	rows := table(t).Rows()
	rapid.Check(t, func(t *rapid.T) {
		b := drawBasket(t)
		p := drawPolicy(t)
		tf := pricing.Tariff{Seller: "FR", Policy: p, Taxes: rows}
		tf.Rules = drawRules(t, b.Currency, func(r pricing.Rule) bool { return r.On == pricing.OnLine && perLine(r) })
		e := engine(t, tf)
		q, err := e.Quote(t.Context(), b)
		require.NoError(t, err)
		other := b.Clone()
		other.Lines = rapid.Permutation(other.Lines).Draw(t, "order")
		moved, err := e.Quote(t.Context(), other)
		require.NoError(t, err)
		require.Equal(t, q.Taxes, moved.Taxes)
		require.Equal(t, []money.Amount{q.Net, q.Tax, q.Gross}, []money.Amount{moved.Net, moved.Tax, moved.Gross})
		for _, l := range q.Lines {
			m, ok := moved.Line(l.ID)
			require.True(t, ok)
			require.Equal(t, l.Discount, m.Discount)
			if p.Apportionment.Claims().OrderIndependent {
				for _, d := range []int64{l.Net.Minor() - m.Net.Minor(), l.Tax.Minor() - m.Tax.Minor()} {
					require.LessOrEqual(t, max(d, -d), int64(1), "%s", l.ID)
				}
			}
		}
	})
}

// Law 9: what is taken off whole is exactly nothing, whatever else was.
func TestLawEngineAllOffIsZero(t *testing.T) {
	rows := table(t).Rows()
	rapid.Check(t, func(t *rapid.T) {
		b := drawBasket(t)
		tf := pricing.Tariff{Seller: "FR", Policy: drawPolicy(t), Taxes: rows}
		for _, r := range drawRules(t, b.Currency, nil) {
			r.Exclusive, r.Stop = false, false
			tf.Rules = append(tf.Rules, r)
		}
		all := off("ALL", "100", rapid.SampledFrom([]pricing.Bearer{pricing.OnLine, pricing.OnOrder}).Draw(t, "on"), 0)
		if rapid.Bool().Draw(t, "first") {
			all.Priority = 1000
		}
		stacking := map[pricing.Bearer]pricing.StackMode{pricing.OnLine: tf.Policy.Lines.Mode, pricing.OnOrder: tf.Policy.Orders.Mode}
		if stacking[all.On] == pricing.Exclusively {
			all.Priority = 1000 // only the first applies
		}
		tf.Rules = append(tf.Rules, all)
		q, err := engine(t, tf).Quote(t.Context(), b)
		require.NoError(t, err)
		require.True(t, q.Net.IsZero() && q.Tax.IsZero() && q.Gross.IsZero(), "%s + %s = %s", q.Net, q.Tax, q.Gross)
		for _, l := range q.Lines {
			left := l.Net.Minor()
			for _, s := range l.Shares {
				left += s.Minor()
			}
			require.True(t, left == 0 && l.Tax.IsZero() && l.Gross.IsZero(), "line %s: %d left, %s tax", l.ID, left, l.Tax)
		}
	})
}

// Law 10: no line falls below zero, nor below the floor of its goods; one whose
// list price is lower already stays at it.
func TestLawEngineFloorsHold(t *testing.T) {
	rows := table(t).Rows()
	rapid.Check(t, func(t *rapid.T) {
		b := drawBasket(t)
		b.Country, b.VATID = "FR", "" // at home a price stated gross stays so
		tf := pricing.Tariff{Seller: "FR", Policy: drawPolicy(t), Taxes: rows, Rules: drawRules(t, b.Currency, nil)}
		floors := map[catalog.ID]money.Price{}
		for _, l := range b.Lines {
			if !rapid.Bool().Draw(t, "floor") {
				continue
			}
			p, err := money.PriceFromMicros(drawMicros(t), b.Currency)
			require.NoError(t, err)
			tf.Floors = append(tf.Floors, pricing.Floor{Goods: pricing.Goods{Products: []catalog.ID{l.Product}}, Price: &p})
			floors[l.Product] = p
		}
		q, err := engine(t, tf).Quote(t.Context(), b)
		require.NoError(t, err)
		tf.Rules = nil
		list, err := engine(t, tf).Quote(t.Context(), b)
		require.NoError(t, err)
		var sum, floor, units int64 // in millionths
		for i, l := range q.Lines {
			left := l.Net.Minor()
			for _, s := range l.Shares {
				left += s.Minor()
			}
			require.GreaterOrEqual(t, left, int64(0))
			price, p := l.List, floors[l.Product]
			if l.Stated == catalog.Gross {
				left = l.Gross.Minor()
				if !p.IsNone() {
					p, err = p.Gross(l.Rate)
					require.NoError(t, err)
				}
			}
			if p.IsNone() {
				p = money.MustPrice("0", b.Currency)
			}
			if precise := tf.Policy.Level == pricing.RoundDocument || tf.Policy.Level == pricing.RoundPrecise; precise {
				least, full := times(t, p, l.Quantity, money.Ceil), times(t, price, l.Quantity, tf.Policy.Rounding)
				sum, floor, units = sum+left*micros(b.Currency), floor+min(least, full), units+micros(b.Currency)
				continue
			}
			least, err := p.Mul(l.Quantity, money.Ceil)
			require.NoError(t, err)
			full := list.Lines[i].Net
			if l.Stated == catalog.Gross {
				full = list.Lines[i].Gross
			}
			require.GreaterOrEqual(t, left, min(least.Minor(), full.Minor()), "line %s, floor %s, %s × %s", l.ID, p, l.Quantity, price)
		}
		require.GreaterOrEqual(t, sum+units, floor, "rounded at the end, within a unit of each line")
	})
}

func times(t require.TestingT, p money.Price, q money.Quantity, r money.Rounding) int64 {
	v, err := p.Times(q, r)
	require.NoError(t, err)
	return v.Micros()
}

// micros is how many millionths a minor unit has.
func micros(cur money.Currency) int64 {
	n := int64(1)
	for range 6 - cur.Digits() {
		n *= 10
	}
	return n
}

// Law 11: pricing twice is pricing once: nothing stays behind from a quote in
// between, nor is lost where the tariff is stored.
func TestLawEnginePricingTwiceIsPricingOnce(t *testing.T) {
	rows := table(t).Rows()
	rapid.Check(t, func(t *rapid.T) {
		b, between := drawBasket(t), drawBasket(t)
		tf := pricing.Tariff{Seller: "FR", Policy: drawPolicy(t), Taxes: rows, Rules: drawRules(t, b.Currency, nil), Charges: drawShipping(t, b.Currency)}
		e := engine(t, tf)
		before := b.Clone()
		q, err := e.Quote(t.Context(), b)
		if err != nil {
			require.ErrorIs(t, err, pricing.ErrAdjustment)
			return
		}
		_, _ = e.Quote(t.Context(), between)
		again, err := e.Quote(t.Context(), b)
		require.NoError(t, err)
		require.Equal(t, q, again)
		require.Equal(t, before, b, "the basket is only read")

		data, err := json.Marshal(tf)
		require.NoError(t, err)
		read, err := pricing.ReadTariff(bytes.NewReader(data))
		require.NoError(t, err)
		other, err := engine(t, read).Quote(t.Context(), b)
		require.NoError(t, err)
		require.Equal(t, q, other)
	})
}
