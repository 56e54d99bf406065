package catalog_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
)

func found(err error) []string {
	var out []string
	for _, i := range fault.IssuesOf(err) {
		out = append(out, i.Path+" "+i.Code)
	}
	return out
}

func TestValidate(t *testing.T) {
	day := func(d int) time.Time { return noon.AddDate(0, 0, d) }
	one := func(p string) []catalog.Break { return []catalog.Break{{Price: eur(p)}} }
	for _, c := range []struct {
		name string
		edit func(*catalog.Product)
		want []string
	}{
		{"right", func(*catalog.Product) {}, nil},
		{"empty", func(p *catalog.Product) { *p = catalog.Product{} }, []string{"id required", "sku required",
			"names required", "unit unit.shape", "tax required", "sale sale.unknown"}},
		{"SKU of 64 bytes", func(p *catalog.Product) { p.SKU = catalog.SKU(strings.Repeat("é", 32)) }, nil},
		{"SKU long", func(p *catalog.Product) { p.SKU = catalog.SKU(strings.Repeat("é", 32) + "1") }, []string{"sku sku.long"}},
		{"SKU blank inside", func(p *catalog.Product) { p.SKU = "INOX SP" }, nil},
		{"SKU blank at the end", func(p *catalog.Product) { p.SKU = "INOX " }, []string{"sku sku.shape"}},
		{"SKU tab", func(p *catalog.Product) { p.SKU = "A\tB" }, []string{"sku sku.shape"}},
		{"SKU not UTF-8", func(p *catalog.Product) { p.SKU = "A\xff" }, []string{"sku sku.shape"}},
		{"names", func(p *catalog.Product) { p.Names = map[string]string{"f": "x", "en": " ", "de": "a\x00"} },
			[]string{"names.de text.control", "names.en required", "names lang.shape"}},
		{"unit", func(p *catalog.Product) { p.Unit = "pcs" }, []string{"unit unit.shape"}},
		{"family", func(p *catalog.Product) { p.Family = catalog.Family{Family: "f", Sub: "s"} },
			[]string{"family.family family.parent", "family.sub family.parent"}},
		{"sub-family", func(p *catalog.Product) { p.Family = catalog.Family{Super: "x", Sub: "s"} },
			[]string{"family.sub family.parent"}},
		{"tags", func(p *catalog.Product) { p.Tags = []string{"a", "", "a"} }, []string{"tags[1] required", "tags[2] tag.twice"}},
		{"referenced without the sale", func(p *catalog.Product) { p.Referenced = []access.PartnerID{"p1"} },
			[]string{"referenced referenced.sale"}},
		{"referenced", func(p *catalog.Product) {
			p.Sale, p.Referenced = catalog.SaleReferenced, []access.PartnerID{"p1", "p1", ""}
		}, []string{"referenced[1] referenced.twice", "referenced[2] required"}},
		{"breaks", func(p *catalog.Product) {
			p.Prices = []catalog.ListPrice{{Stated: "both"}, {List: "A", Breaks: []catalog.Break{
				{From: qty("1"), Price: eur("1")}, {From: qty("1"), Price: eur("-1")},
				{From: qty("3"), Price: money.MustPrice("1", money.USD)}, {From: qty("2")}}}}
		}, []string{"prices[0].stated price.stated", "prices[0].breaks required", "prices[1].breaks[0].from price.first_break",
			"prices[1].breaks[1].price price.positive", "prices[1].breaks[1].from price.break_order",
			"prices[1].breaks[2].price price.currency", "prices[1].breaks[3].price price.currency",
			"prices[1].breaks[3].price price.positive", "prices[1].breaks[3].from price.break_order"}},
		{"validity", func(p *catalog.Product) {
			p.Prices = []catalog.ListPrice{{Breaks: one("1"), From: day(2), Until: day(2)}}
		}, []string{"prices[0].until price.validity"}},
		{"one after the other", func(p *catalog.Product) {
			p.Prices = []catalog.ListPrice{{Breaks: one("1"), Until: day(2)}, {Breaks: one("2"), From: day(2)}}
		}, nil},
		{"overlap", func(p *catalog.Product) {
			p.Prices = []catalog.ListPrice{{Breaks: one("1"), Until: day(3)}, {Stated: catalog.Net, Breaks: one("2"), From: day(2)}}
		}, []string{"prices[1] price.overlap"}},
		{"no overlap between lists, statements, currencies", func(p *catalog.Product) {
			p.Prices = []catalog.ListPrice{{Breaks: one("1")}, {List: "A", Breaks: one("1")},
				{Stated: catalog.Gross, Breaks: one("1")},
				{Breaks: []catalog.Break{{Price: money.MustPrice("1", money.USD)}}}}
		}, nil},
		{"quantity", func(p *catalog.Product) {
			p.Quantity = catalog.QuantityRule{Step: qty("-1"), Min: qty("5"), Max: qty("4")}
		}, []string{"quantity.step quantity.negative", "quantity.max quantity.order"}},
		{"no quantity left", func(p *catalog.Product) {
			p.Quantity = catalog.QuantityRule{Step: qty("6"), Min: qty("7"), Max: qty("11")}
		}, []string{"quantity quantity.none"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := hinge()
			c.edit(&p)
			err := p.Validate()
			require.Equal(t, c.want, found(err))
			if c.want != nil {
				require.ErrorIs(t, err, catalog.ErrInvalid)
			}
		})
	}
}

func TestName(t *testing.T) {
	names := map[string]string{"fr": "Four", "fr-CA": "Fourneau", "de-AT": "Rohr", "en-GB": "Oven", "pt": "Forno"}
	for _, c := range []struct {
		lang, want string
		ok         bool
	}{
		{"fr", "Four", true}, {"FR", "Four", true}, {"fr-CA", "Fourneau", true}, {"fr-BE", "Four", true},
		{"fr-Latn-CA", "Four", true}, {"de", "Rohr", true}, {"de-CH", "Rohr", true}, {"en", "Oven", true},
		{"nl", "Oven", false}, {"", "Oven", false},
	} {
		got, ok := catalog.Product{Names: names}.Name(c.lang)
		require.Equal(t, c.want, got, c.lang)
		require.Equal(t, c.ok, ok, c.lang)
	}
	got, ok := catalog.Header{Names: map[string]string{"pt": "Forno", "it": "Forno (it)"}}.Name("nl")
	require.Equal(t, "Forno (it)", got)
	require.False(t, ok)
	got, ok = catalog.Product{}.Name("fr")
	require.Empty(t, got)
	require.False(t, ok)
}

func TestFamilyVisible(t *testing.T) {
	for _, c := range []struct {
		f           catalog.Family
		family, sub bool
		ok          bool
	}{
		{catalog.Family{}, false, false, true},
		{catalog.Family{Super: "a"}, true, false, true},
		{catalog.Family{Super: "a", Family: "b"}, true, true, true},
		{catalog.Family{Super: "a", Family: "b", Sub: "c"}, true, true, true},
		{catalog.Family{Family: "b"}, false, false, false},
		{catalog.Family{Super: "a", Sub: "c"}, true, false, false},
	} {
		family, sub := c.f.Visible()
		require.Equal(t, c.family, family, c.f)
		require.Equal(t, c.sub, sub, c.f)
		require.Equal(t, c.ok, c.f.Check() == nil, c.f)
	}
}

func TestOrderableBy(t *testing.T) {
	for _, c := range []struct {
		online bool
		sale   catalog.Sale
		who    access.PartnerID
		want   []string
	}{
		{true, catalog.SaleFree, "p9", nil},
		{true, catalog.SaleFree, "", nil},
		{false, catalog.SaleFree, "p9", []string{"product offline"}},
		{true, catalog.SaleBlocked, "p1", []string{"product blocked"}},
		{true, "", "p1", []string{"product blocked"}},
		{false, catalog.SaleBlocked, "p1", []string{"product offline", "product blocked"}},
		{true, catalog.SaleReferenced, "p1", nil},
		{true, catalog.SaleReferenced, "p9", []string{"product not_referenced"}},
		{true, catalog.SaleReferenced, "", []string{"product not_referenced"}},
	} {
		p := hinge()
		p.Online, p.Sale, p.Referenced = c.online, c.sale, []access.PartnerID{"p1", ""}
		err := p.OrderableBy(c.who)
		require.Equal(t, c.want, found(err), c)
		if c.want != nil {
			require.ErrorIs(t, err, catalog.ErrNotOrderable)
			require.Equal(t, fault.Precondition, fault.KindOf(err))
		}
	}
}

func TestQuantityCheck(t *testing.T) {
	rule := catalog.QuantityRule{Step: qty("0.5"), Min: qty("2"), Max: qty("10")}
	for _, c := range []struct {
		rule catalog.QuantityRule
		q    string
		want []string
	}{
		{rule, "2", nil}, {rule, "2.5", nil}, {rule, "10", nil},
		{rule, "2.25", []string{"quantity quantity.step"}},
		{rule, "1.75", []string{"quantity quantity.step", "quantity quantity.min"}},
		{rule, "10.25", []string{"quantity quantity.step", "quantity quantity.max"}},
		{rule, "0", []string{"quantity quantity.positive"}},
		{rule, "-2", []string{"quantity quantity.positive"}},
		{catalog.QuantityRule{}, "1", nil},
		{catalog.QuantityRule{}, "999999", nil},
		{catalog.QuantityRule{}, "1.5", []string{"quantity quantity.step"}},
	} {
		err := c.rule.Check(qty(c.q))
		require.Equal(t, c.want, found(err), c.q)
		if c.want != nil {
			require.ErrorIs(t, err, catalog.ErrQuantity)
		}
	}
}

func TestQuantityDefault(t *testing.T) {
	for _, c := range []struct{ step, min, max, want string }{
		{"0", "0", "0", "1"}, {"0.5", "0", "0", "1"}, {"0.3", "0", "0", "1.2"}, {"6", "0", "0", "6"},
		{"4", "10", "0", "12"}, {"0.3", "0", "1", "0.9"}, {"6", "0", "5", "0"}, {"0.25", "0", "0.5", "0.5"},
	} {
		r := catalog.QuantityRule{Step: qty(c.step), Min: qty(c.min), Max: qty(c.max)}
		require.Equal(t, c.want, r.Default().String(), c)
	}
}

// The default of a rule that validates is a quantity the rule allows.
func TestDefaultIsAllowed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string, top int64) money.Quantity {
			q, err := money.QuantityFromUnits(rapid.Int64Range(0, top).Draw(t, label))
			require.NoError(t, err)
			return q
		}
		top := rapid.SampledFrom([]int64{5, 100_000, 1<<63 - 1}).Draw(t, "top")
		p := hinge()
		p.Quantity = catalog.QuantityRule{Step: draw("step", top), Min: draw("min", top), Max: draw("max", top)}
		err := p.Validate()
		require.Equal(t, err == nil, p.Quantity.Check(p.Quantity.Default()) == nil, "%v", err)
	})
}

func TestAvailabilityAge(t *testing.T) {
	a := catalog.Availability{At: noon}
	require.Equal(t, 2*time.Minute, a.Age(noon.Add(2*time.Minute)))
	require.Zero(t, a.Age(noon.Add(-time.Second)))
}
