package pricing_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

// Whatever is imported later (new prices, corrections that reach back, rules,
// taxes and rules of tax, lists, discounts, actions, floors, charges, another
// policy), every stored quote is priced
// again to its own figures, its own explanation and, under the version that made
// it, its own seal.
func TestLawStoredQuotesAreRepricedForever(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := &history{t: t, now: noon.AddDate(-1, 0, 0)}
		h.begin()
		var stored [][]byte
		for range rapid.IntRange(1, 4).Draw(t, "imports") {
			e := h.compile()
			for range rapid.IntRange(0, 3).Draw(t, "quotes") {
				q, err := e.Quote(t.Context(), h.basket())
				if err != nil {
					continue // no price, no tax, nothing to bear a charge: there is nothing to store
				}
				data, err := json.Marshal(q)
				require.NoError(t, err)
				stored = append(stored, data)
			}
			h.evolve()
		}
		e := h.compile()
		for _, data := range stored {
			var q pricing.Quote
			require.NoError(t, json.Unmarshal(data, &q))
			again, err := e.Requote(t.Context(), q, nil)
			require.NoError(t, err)
			require.Empty(t, pricing.Diff(q, again))
			again.Rules = q.Rules
			again.Seal = again.ComputeSeal()
			require.Equal(t, q.Seal, again.Seal)
			whole, err := json.Marshal(again)
			require.NoError(t, err)
			require.JSONEq(t, string(data), string(whole))
		}
	})
}

// history is a tariff that imports change, record by record, as an import does:
// what is superseded is marked as gone, what replaces it is known from then on.
type history struct {
	t     *rapid.T
	now   time.Time
	tf    pricing.Tariff
	rules int
	names int
}

var (
	historyLists    = []string{"", "own", "vip", "group", "base"} // each falls back to a later one
	historyProducts = []catalog.ID{"hob", "oven", "hood", "sink", "tap"}
	historyFamilies = []catalog.Family{{Super: "Cooking", Family: "Hobs"}, {Super: "Cooking", Family: "Ovens"}, {Super: "Air"}, {Super: "Water"}, {Super: "Water"}}
	historyGroups   = []string{"dealer", "studio"}
)

func (h *history) n(most int, what string) int { return rapid.IntRange(0, most).Draw(h.t, what) }

// begin makes the first records, some of them without an instant of knowledge.
func (h *history) begin() {
	h.tf = pricing.Tariff{Name: "history", Seller: "FR", Policy: rapid.SampledFrom(pricing.Presets()).Draw(h.t, "preset")}
	h.tf.Policy.Lists = rapid.SampledFrom([]pricing.ListStrategy{pricing.FirstList, pricing.MergeLists, pricing.LowestPrice}).Draw(h.t, "strategy")
	for _, class := range []string{"standard", "reduced"} {
		h.tf.Taxes = append(h.tf.Taxes, h.tax(class, pricing.Span{}))
	}
	h.tf.Taxes = append(h.tf.Taxes, h.taxOf("DE", "standard", pricing.Span{}), h.taxOf("DE", "reduced", pricing.Span{}))
	if h.n(1, "ruled") == 1 {
		h.tf.TaxRules = h.taxRules(pricing.Span{})
	}
	for _, code := range historyLists[3:] {
		h.tf.Lists = append(h.tf.Lists, h.list(code, pricing.Span{}))
	}
	for _, p := range historyProducts {
		h.tf.Prices = append(h.tf.Prices, h.price("base", p, pricing.Span{}))
	}
	h.name()
	for range h.n(4, "rules") {
		h.rule()
	}
	h.now = h.now.Add(time.Hour)
}

// span is that of a new record: known from now on, holding for a while that may
// have begun long ago.
func (h *history) span() pricing.Span {
	s := pricing.Span{Known: h.now}
	if h.n(1, "from") == 1 {
		s.From = noon.Add(time.Duration(rapid.IntRange(-100, 100).Draw(h.t, "from day")) * 12 * time.Hour)
		if h.n(1, "until") == 1 {
			s.Until = s.From.Add(time.Duration(rapid.IntRange(1, 200).Draw(h.t, "days")) * 12 * time.Hour)
		}
	}
	return s
}

// spans are that of a new record and, where it begins later than now, of what is
// known from now on to hold until then.
func (h *history) spans() []pricing.Span {
	s := h.span()
	if s.From.After(h.now) {
		return []pricing.Span{{Known: s.Known, Until: s.From}, s}
	}
	return []pricing.Span{s}
}

func (h *history) tax(class string, s pricing.Span) pricing.TaxRow { return h.taxOf("FR", class, s) }

// taxRules are those of the EU with some options, as records of a span.
func (h *history) taxRules(s pricing.Span) []pricing.TaxRule {
	opts := pricing.EUTaxOptions{OneStopShop: h.n(1, "one-stop shop") == 1, CheckedOnly: h.n(1, "checked only") == 1}
	if h.n(1, "reverse charge") == 1 {
		opts.ReverseCharge = []pricing.ReverseChargeOf{{Country: "FR", Class: "reduced"}}
	}
	rules := pricing.EUTaxRules(&opts)
	for i := range rules {
		rules[i].Span = s
	}
	return rules
}

func (h *history) taxOf(country partner.Country, class string, s pricing.Span) pricing.TaxRow {
	row := pricing.TaxRow{Country: country, Class: catalog.TaxClass(class), Category: pricing.StandardRated,
		Rate: money.RateOf(int64(1 + h.n(30, "rate"))), From: s.From, Until: s.Until, Known: s.Known}
	if h.n(5, "exempt") == 0 {
		row.Category, row.Rate = pricing.Exempt, money.Rate{}
		row.Exemption = rapid.SampledFrom([]pricing.Exemption{{}, {Code: "VATEX-EU-132-1I", Text: "Training"}}).Draw(h.t, "exemption")
	}
	return row
}

func (h *history) list(code string, s pricing.Span) pricing.PriceList {
	l := pricing.PriceList{Code: code, Currency: money.EUR, Priority: h.n(3, "priority"), Merge: h.n(1, "merge") == 1, Span: s,
		Stated: rapid.SampledFrom([]catalog.Stated{catalog.Net, catalog.Net, catalog.Gross}).Draw(h.t, "stated")}
	l.Merge = l.Merge && l.Stated == catalog.Net // those of a chain that are merged are stated alike
	switch h.n(4, "audience") {
	case 0:
		l.For.Everyone = true
	case 1:
		l.For.Groups = []string{rapid.SampledFrom(historyGroups).Draw(h.t, "group")}
	case 2:
		l.For.Partners = []access.PartnerID{"nord"}
	case 3:
		l.For.Agreements = []partner.AgreementID{"A1"}
	}
	if later := historyLists[slices.Index(historyLists, code)+1:]; len(later) > 0 && h.n(1, "fallback") == 1 {
		to := rapid.SampledFrom(later).Draw(h.t, "to")
		if slices.ContainsFunc(h.tf.Lists, func(l pricing.PriceList) bool { return l.Code == to }) {
			l.Fallback = to
		}
	}
	return l
}

func (h *history) price(list string, p catalog.ID, s pricing.Span) pricing.PriceRow {
	row := pricing.PriceRow{List: list, Product: p, Unit: rapid.SampledFrom([]string{"", "", "C62"}).Draw(h.t, "unit"), Span: s}
	row.Breaks = h.breaks()
	return row
}

func (h *history) breaks() []catalog.Break {
	var out []catalog.Break
	from := int64(h.n(2, "first break"))
	for range 1 + h.n(1, "breaks") {
		p, err := money.PriceFromMicros(drawMicros(h.t), money.EUR)
		require.NoError(h.t, err)
		out = append(out, catalog.Break{From: money.QuantityOf(from), Price: p})
		from += int64(1 + h.n(8, "break"))
	}
	return out
}

// name adds a discount to the directory and grants it.
func (h *history) name() {
	id := fmt.Sprint("d", h.names)
	h.names++
	h.tf.Discounts = append(h.tf.Discounts, pricing.Discount{ID: id, Name: "Name " + id, Span: pricing.Span{Known: h.now}})
	h.tf.Actions = append(h.tf.Actions, pricing.Action{ID: id, Agreement: "A1", Span: h.span()})
}

// rule adds a rule of a code and a priority of its own.
func (h *history) rule() {
	r := drawRule(h.t, h.rules, money.EUR)
	h.rules++
	h.tf.Rules = append(h.tf.Rules, h.bound(r))
}

// bound gives a rule goods, conditions and a span of this history.
func (h *history) bound(r pricing.Rule) pricing.Rule {
	r.Goods, r.Span = pricing.Goods{}, h.span()
	if r.Give.Item != nil {
		r.Give.Item.Product = "tap"
	}
	switch h.n(3, "goods") {
	case 0:
		r.Goods.Families = []catalog.Family{{Super: "Cooking"}}
	case 1:
		r.Goods.Products = []catalog.ID{rapid.SampledFrom(historyProducts).Draw(h.t, "product")}
	case 2:
		r.Goods.Tags = []string{"new"}
	}
	switch h.n(7, "condition") {
	case 0:
		r.Discount = h.tf.Discounts[h.n(len(h.tf.Discounts)-1, "discount")].Name
	case 1:
		r.When.Groups = []string{rapid.SampledFrom(historyGroups).Draw(h.t, "group")}
	case 2:
		r.When.Campaign = "SPRING"
	case 3:
		r.When.Basket = &pricing.AmountRange{From: euros("50")}
	case 4:
		r.When.First = true
	case 5:
		r.When.Turnover = &pricing.TurnoverIs{Window: pricing.Window{Kind: pricing.YearWindow}, AmountRange: pricing.AmountRange{From: euros("100")}}
	}
	return r
}

func (h *history) compile() *pricing.Engine {
	tf := h.tf // an engine goes on reading the slices that it was made of
	tf.Taxes, tf.Lists, tf.Prices, tf.Rules = slices.Clone(tf.Taxes), slices.Clone(tf.Lists), slices.Clone(tf.Prices), slices.Clone(tf.Rules)
	tf.TaxRules, tf.Policies = slices.Clone(tf.TaxRules), slices.Clone(tf.Policies)
	tf.Discounts, tf.Actions, tf.Floors, tf.Charges = slices.Clone(tf.Discounts), slices.Clone(tf.Actions), slices.Clone(tf.Floors), slices.Clone(tf.Charges)
	e, err := pricing.Compile(tf, nil)
	require.NoError(h.t, err)
	return e
}

// basket asks at an instant that may be past or to come, with what is known up
// to now.
func (h *history) basket() pricing.Basket {
	b := pricing.Basket{Partner: rapid.SampledFrom([]access.PartnerID{"nord", "sud"}).Draw(h.t, "partner"), Country: "FR", Currency: money.EUR,
		At: noon.Add(time.Duration(rapid.IntRange(-100, 100).Draw(h.t, "day")) * 12 * time.Hour), Known: h.now,
		Facts: pricing.Facts{First: h.n(1, "first") == 1}}
	b.Country = rapid.SampledFrom([]partner.Country{"FR", "FR", "DE", "CH"}).Draw(h.t, "country")
	b.VATID = rapid.SampledFrom([]string{"", "FR40303265045", "DE136695976"}).Draw(h.t, "VAT id")
	b.VATStatus = rapid.SampledFrom([]pricing.VATStatus{pricing.VATUnknown, pricing.VATValid, pricing.VATInvalid}).Draw(h.t, "status")
	b.Kind = rapid.SampledFrom([]pricing.BuyerKind{pricing.BuyerByID, pricing.Business, pricing.Consumer}).Draw(h.t, "kind")
	if h.n(1, "agreement") == 1 {
		b.Agreements = []partner.AgreementID{"A1"}
	}
	b.Groups = rapid.SampledFrom([][]string{nil, {"dealer"}, {"studio", "dealer"}}).Draw(h.t, "groups")
	b.Lists = rapid.SampledFrom([][]string{nil, {"own"}, {"own", "vip"}, {"vip", ""}}).Draw(h.t, "lists")
	if h.n(1, "code") == 1 {
		b.Codes = []pricing.UsedCode{{Code: "SPRING1", Campaign: "SPRING"}}
	}
	if h.n(1, "turnover") == 1 {
		b.Turnover = []pricing.WindowTurnover{{Window: "year", Amount: money.MustAmount("250", money.EUR)}}
	}
	for i := range 1 + h.n(3, "lines") {
		k := h.n(len(historyProducts)-1, "product")
		l := pricing.Line{ID: pricing.LineID(fmt.Sprint(i + 1)), Product: historyProducts[k], SKU: catalog.SKU(historyProducts[k]), Family: historyFamilies[k],
			Quantity: money.QuantityOf(int64(1 + h.n(12, "quantity"))), Unit: rapid.SampledFrom([]string{"", "C62", "MTR"}).Draw(h.t, "unit"),
			Tax: rapid.SampledFrom([]catalog.TaxClass{"standard", "reduced"}).Draw(h.t, "class")}
		if h.n(1, "tag") == 1 {
			l.Tags = []string{"new"}
		}
		for _, list := range []string{"own", ""} { // prices that the line carries itself
			if h.n(2, "own price") == 0 {
				l.Prices = append(l.Prices, catalog.ListPrice{List: list, Stated: catalog.Net, Breaks: h.breaks()})
			}
		}
		b.Lines = append(b.Lines, l)
	}
	return b
}

// evolve is one import, at an instant that nothing stored knows of.
func (h *history) evolve() {
	h.now = h.now.Add(time.Duration(1+h.n(400, "hours")) * time.Hour)
	tf := &h.tf
	stands := func(s pricing.Span) bool { return s.Gone.IsZero() && s.Known.Before(h.now) }
	for range 1 + h.n(9, "changes") {
		switch h.n(12, "change") {
		case 0, 1: // prices: corrected as they hold, replaced by another window, withdrawn
			i := h.n(len(tf.Prices)-1, "row")
			if !stands(tf.Prices[i].Span) {
				continue
			}
			row := tf.Prices[i]
			tf.Prices[i].Gone, row.Known, row.Breaks = h.now, h.now, h.breaks()
			if h.n(3, "withdrawn") > 0 {
				tf.Prices = append(tf.Prices, row)
			}
		case 2: // a price of a list that had none of the product
			l := tf.Lists[h.n(len(tf.Lists)-1, "list")].Code
			row := h.price(l, rapid.SampledFrom(historyProducts).Draw(h.t, "product"), pricing.Span{Known: h.now})
			if !slices.ContainsFunc(tf.Prices, func(o pricing.PriceRow) bool {
				return o.List == row.List && o.Product == row.Product && o.Unit == row.Unit && o.Gone.IsZero()
			}) {
				tf.Prices = append(tf.Prices, row)
			}
		case 3: // a new list, also of a code under which lines carried prices
			code := rapid.SampledFrom(historyLists).Draw(h.t, "code")
			if !slices.ContainsFunc(tf.Lists, func(l pricing.PriceList) bool { return l.Code == code && l.Gone.IsZero() }) {
				tf.Lists = append(tf.Lists, h.list(code, pricing.Span{Known: h.now}))
			}
		case 4: // a list for others, stated otherwise, or closed
			i := h.n(len(tf.Lists)-1, "list")
			if !stands(tf.Lists[i].Span) {
				continue
			}
			tf.Lists[i].Gone = h.now
			if h.n(3, "closed") > 0 {
				tf.Lists = append(tf.Lists, h.list(tf.Lists[i].Code, h.span()))
			}
		case 5: // a rate that was wrong all along, or ends
			i := h.n(len(tf.Taxes)-1, "tax")
			if row := tf.Taxes[i]; stands(row.Span()) {
				tf.Taxes[i].Gone = h.now
				tf.Taxes = append(tf.Taxes, h.taxOf(row.Country, string(row.Class), pricing.Span{Known: h.now}))
			}
		case 6: // a rule that is changed, its rank and its goods too
			if len(tf.Rules) == 0 {
				continue
			}
			i := h.n(len(tf.Rules)-1, "rule")
			if !stands(tf.Rules[i].Span) {
				continue
			}
			tf.Rules[i].Gone = h.now
			if h.n(3, "dropped") > 0 {
				r := drawRule(h.t, 1000+h.rules, money.EUR)
				h.rules++
				r.Code = tf.Rules[i].Code
				tf.Rules = append(tf.Rules, h.bound(r))
			}
		case 7:
			h.rule()
		case 8: // a discount renamed, granted, taken back
			switch i := h.n(len(tf.Actions)-1, "action"); {
			case h.n(1, "rename") == 0:
				k := h.n(len(tf.Discounts)-1, "discount")
				if stands(tf.Discounts[k].Span) {
					d := tf.Discounts[k]
					tf.Discounts[k].Gone, d.Known, d.Name = h.now, h.now, fmt.Sprint("Name ", h.names)
					h.names++
					tf.Discounts = append(tf.Discounts, d)
				}
			case stands(tf.Actions[i].Span):
				tf.Actions[i].Gone = h.now
			default:
				h.name()
			}
		case 9:
			floor := money.MustPrice(fmt.Sprint(h.n(150, "floor")), money.EUR)
			if n := len(tf.Floors); n > 0 && stands(tf.Floors[n-1].Span) {
				tf.Floors[n-1].Gone = h.now
			}
			tf.Floors = append(tf.Floors, pricing.Floor{Goods: pricing.Goods{Families: []catalog.Family{{Super: "Cooking"}}}, Price: &floor, Span: h.span()})
		case 10:
			n := len(tf.Charges)
			if n > 0 && stands(tf.Charges[n-1].Span) {
				tf.Charges[n-1].Gone = h.now
			}
			if n == 0 || !tf.Charges[n-1].Gone.IsZero() {
				tf.Charges = append(tf.Charges, pricing.ChargeRule{Code: "SHIP", Kind: "shipping", Span: pricing.Span{Known: h.now},
					Amount: pricing.ChargeAmount{Fixed: euros(fmt.Sprint(1 + h.n(40, "shipping"))), FreeFrom: euros("300")}})
			}
		case 11: // another policy, as if it had always been, or for a while
			for i := range tf.Policies {
				if stands(tf.Policies[i].Span) {
					tf.Policies[i].Gone = h.now
				}
			}
			if !slices.ContainsFunc(tf.Policies, func(p pricing.PolicyRecord) bool { return p.Gone.IsZero() }) {
				for _, s := range h.spans() {
					r := pricing.PolicyRecord{Policy: rapid.SampledFrom(pricing.Presets()).Draw(h.t, "new preset"), Span: s}
					tf.Policies = append(tf.Policies, r)
				}
			}
		case 12: // other rules of tax at once, or those of the EU for good
			follow := len(tf.TaxRules) == 0
			for i := range tf.TaxRules {
				if stands(tf.TaxRules[i].Span) {
					tf.TaxRules[i].Gone, follow = h.now, true
				}
			}
			if h.n(2, "rules of tax") > 0 && follow && !slices.ContainsFunc(tf.TaxRules, func(r pricing.TaxRule) bool { return r.Gone.IsZero() }) {
				for _, s := range h.spans() {
					tf.TaxRules = append(tf.TaxRules, h.taxRules(s)...)
				}
			}
		}
	}
}
