package pricing_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// alter changes one field of a struct in place to something else.
func alter(t *testing.T, v reflect.Value) {
	t.Helper()
	other := map[reflect.Type]any{
		reflect.TypeFor[money.Currency](): money.CHF,
		reflect.TypeFor[money.Amount]():   money.MustAmount("77.77", money.EUR),
		reflect.TypeFor[money.Price]():    money.MustPrice("77.77", money.EUR),
		reflect.TypeFor[money.Quantity](): money.QuantityOf(77),
		reflect.TypeFor[money.Rate]():     money.RateOf(77),
		reflect.TypeFor[time.Time]():      noon.AddDate(7, 0, 0),
	}
	if o, ok := other[v.Type()]; ok {
		v.Set(reflect.ValueOf(o))
		return
	}
	require.Equal(t, reflect.String, v.Kind(), "say how to alter %s", v.Type())
	v.SetString(v.String() + "x")
}

// TestSealCoversEveryField walks the fields by reflection, so that a field
// added later must be sealed or named here.
func TestSealCoversEveryField(t *testing.T) {
	q := quote(t, pricing.NewListPricer(table(t), nil), basket(money.EUR, line{"9.45", "3", "standard", false}, line{"1.23", "2", "reduced", true}))
	unsealed := map[string]bool{"Seal": true, "Why": true}
	containers := map[string]bool{"Lines": true, "Taxes": true, "Adjustments": true, "Shares": true}
	// What a quote was made of, and what is told beside its figures, is no part of the offer.
	for _, beside := range []string{"Known", "Reasons", "Payable", "Codes", "Conflicts", "Basis"} {
		containers[beside] = true
	}
	changed := 0
	check := func(path string, q pricing.Quote, at func(*pricing.Quote) reflect.Value) {
		typ := at(&q).Type()
		for i := range typ.NumField() {
			name := typ.Field(i).Name
			if containers[name] || name == "Why" {
				continue
			}
			c := q.Clone()
			alter(t, at(&c).Field(i))
			if unsealed[name] {
				require.Equal(t, q.Seal, c.ComputeSeal(), path+name)
				continue
			}
			changed++
			require.NotEqual(t, q.Seal, c.ComputeSeal(), path+name)
			require.ErrorIs(t, c.Verify(), pricing.ErrSeal, path+name)
		}
	}
	check("", q, func(q *pricing.Quote) reflect.Value { return reflect.ValueOf(q).Elem() })
	check("line ", q, func(q *pricing.Quote) reflect.Value { return reflect.ValueOf(&q.Lines[1]).Elem() })
	check("tax ", q, func(q *pricing.Quote) reflect.Value { return reflect.ValueOf(&q.Taxes[1]).Elem() })
	require.Equal(t, 8+13+4, changed)
	adjusted := adjust(t, q, pricing.Adjustment{Code: "WELCOME", Text: "Welcome", Amount: money.MustAmount("-5.00", money.EUR)})
	check("", adjusted, func(q *pricing.Quote) reflect.Value { return reflect.ValueOf(q).Elem() })
	check("line ", adjusted, func(q *pricing.Quote) reflect.Value { return reflect.ValueOf(&q.Lines[1]).Elem() })
	check("adjustment ", adjusted, func(q *pricing.Quote) reflect.Value { return reflect.ValueOf(&q.Adjustments[0]).Elem() })
	require.Equal(t, 8+13+4+8+13+3, changed)
	for name, f := range map[string]func(*pricing.Quote){
		"a share":      func(q *pricing.Quote) { q.Lines[0].Shares[0] = money.MustAmount("-1.00", money.EUR) },
		"no shares":    func(q *pricing.Quote) { q.Lines[0].Shares = nil },
		"a share more": func(q *pricing.Quote) { q.Lines[0].Shares = append(q.Lines[0].Shares, money.Zero(money.EUR)) },
		"shares moved": func(q *pricing.Quote) {
			q.Lines[0].Shares, q.Lines[1].Shares = nil, append(q.Lines[0].Shares, q.Lines[1].Shares...)
		},
		"no adjustments":   func(q *pricing.Quote) { q.Adjustments = nil },
		"text moved along": func(q *pricing.Quote) { q.Adjustments[0].Code, q.Adjustments[0].Text = "WELCOMEWelcome", "" },
	} {
		c := adjusted.Clone()
		f(&c)
		require.ErrorIs(t, c.Verify(), pricing.ErrSeal, name)
	}
	require.NoError(t, adjusted.Verify())

	for name, f := range map[string]func(*pricing.Quote){
		"order of lines": func(q *pricing.Quote) { q.Lines[0], q.Lines[1] = q.Lines[1], q.Lines[0] },
		"a line less":    func(q *pricing.Quote) { q.Lines = q.Lines[:1] },
		"a row less":     func(q *pricing.Quote) { q.Taxes = q.Taxes[:1] },
		"base quantity":  func(q *pricing.Quote) { q.Lines[0].Price, _ = q.Lines[0].Price.PerBase(money.QuantityOf(100)) },
		"text moved along": func(q *pricing.Quote) {
			q.Lines[0].Product, q.Lines[0].SKU = q.Lines[0].Product+catalog.ID(q.Lines[0].SKU), ""
		},
		"currency inside": func(q *pricing.Quote) { q.Net = money.FromMinor(q.Net.Minor(), money.CHF) },
	} {
		c := q.Clone()
		f(&c)
		require.NotEqual(t, q.Seal, c.ComputeSeal(), name)
	}
	c := q.Clone()
	c.Lines[0].Why = nil
	require.NoError(t, c.Verify(), "explanations are not sealed")
	require.Equal(t, fault.Conflict, fault.KindOf(pricing.Quote{}.Verify()), "an unsealed quote")
}

// TestSealIsStable pins the layouts v1 and v2: quotes sealed by an earlier version of the
// library must verify for ever.
func TestSealIsStable(t *testing.T) {
	q := quote(t, pricing.NewListPricer(table(t), nil), basket(money.EUR, line{"9.45", "3", "standard", false}, line{"1.23", "2", "reduced", true}))
	require.Equal(t, "8aa4e28d2aad0c6d770c78c75bb1d61da2c372a225d382b2a83169e90faf6c99", q.Seal)
	q = adjust(t, q, pricing.Adjustment{Code: "WELCOME", Text: "Welcome", Amount: money.MustAmount("-5.00", money.EUR)})
	require.Equal(t, "350961f8accb6500593e4ac70cc3e54da95930f1618942e5b7ca28c1d0ecec47", q.Seal, "layout v2")
}

func TestLawSeal(t *testing.T) {
	p := pricing.NewListPricer(table(t), nil)
	brief := pricing.NewListPricer(table(t), &pricing.Options{Brief: true})
	rapid.Check(t, func(t *rapid.T) {
		b, q := priced(t, p)
		again, err := brief.Quote(t.Context(), b)
		require.NoError(t, err)
		require.Equal(t, q.Seal, again.Seal, "equal quotes, equal seals")
		data, err := json.Marshal(q)
		require.NoError(t, err)
		var back pricing.Quote
		require.NoError(t, json.Unmarshal(data, &back))
		require.Equal(t, q, back)
		require.NoError(t, back.Verify())
		if len(b.Lines) == 0 {
			return
		}
		l := &b.Lines[rapid.IntRange(0, len(b.Lines)-1).Draw(t, "line")]
		l.Quantity, err = l.Quantity.Add(money.QuantityOf(1))
		require.NoError(t, err)
		more, err := p.Quote(t.Context(), b)
		require.NoError(t, err)
		require.NotEqual(t, q.Seal, more.Seal)
	})
}

// TestSealOfManyLines: the seal does not depend on how its input is cut.
func TestSealOfManyLines(t *testing.T) {
	var lines []line
	for range 500 {
		lines = append(lines, line{"1.01", "1", "standard", false})
	}
	q := quote(t, pricing.NewListPricer(table(t), nil), basket(money.EUR, lines...))
	require.NoError(t, q.Verify())
	q.Lines[499].SKU = "other"
	require.ErrorIs(t, q.Verify(), pricing.ErrSeal)
}
