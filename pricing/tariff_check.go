package pricing

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/money"
)

const maxCode = 64

func indexedPath(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

// Check finds all that is wrong with a tariff: ErrTariff (Invalid,
// pricing.tariff) with an issue each. What only a basket can show is for Lint. Records
// of one subject (of a code, of a product in a list, rules of equal rank, goods and
// conditions) are compared two by two: 8 000 of one take half a second.
func (t Tariff) Check() error {
	t.fill()
	var is fault.Issues
	check.Line(&is, "name", t.Name, maxCode)
	if t.Seller != "" && !t.Seller.Valid() {
		is.Add("seller", issueCountry, "%q is not a country", t.Seller)
	}
	if _, err := time.LoadLocation(t.Zone); err != nil || t.Zone == "Local" {
		is.Add("zone", issueZone, "%q is no IANA time zone", t.Zone)
	}
	t.checkPolicies(&is)
	if len(t.Taxes) == 0 {
		is.Add("taxes", issueRequired, "without tax rows nothing can be priced")
	}
	if len(t.Taxes) > 0 && t.Seller.Valid() && !slices.ContainsFunc(t.Taxes, func(r TaxRow) bool { return r.Country == t.Seller }) {
		is.Add("seller", issueRequired, "no tax row is of %s, so that nothing can be sold from there", t.Seller)
	}
	_, err := NewTaxTable(t.Taxes...)
	for _, i := range fault.IssuesOf(err) {
		is.Add("taxes"+strings.TrimPrefix(i.Path, "rows"), i.Code, "%s", i.Message)
	}
	if _, err := NewRuledTaxes(TaxTable{}, t.TaxRules...); err != nil {
		for _, i := range fault.IssuesOf(err) {
			is.Add("tax_"+i.Path, i.Code, "%s", i.Message)
		}
	}
	t.checkLists(&is)
	t.checkPrices(&is)
	t.checkTerms(&is)
	t.checkRules(&is)
	for i := range t.Floors {
		t.Floors[i].check(&is, indexedPath("floors", i))
	}
	checkCharges(&is, t.Charges)
	rules := map[string]int{} // the first record of each code
	for i := range slices.Backward(t.Rules) {
		rules[t.Rules[i].Code] = i
	}
	for i := range t.Charges {
		c := &t.Charges[i]
		if k, ok := rules[c.Code]; ok {
			is.Add(indexedPath("charges", i)+".code", issueTwice, "rules[%d] has this code", k)
		}
		for n := range c.Off {
			o := &c.Off[n]
			if _, ok := rules[o.Rule]; o.Rule != "" && !ok {
				is.Add(indexedPath(indexedPath("charges", i)+".off", n)+".rule", issueUnknown, "there is no rule %q", o.Rule)
			}
		}
	}
	return is.Err(ErrTariff)
}

func (t *Tariff) checkLists(is *fault.Issues) {
	byCode := map[string][]int{} // their records
	for i := range t.Lists {
		byCode[t.Lists[i].Code] = append(byCode[t.Lists[i].Code], i)
	}
	for i := range t.Lists {
		l, path := &t.Lists[i], indexedPath("lists", i)
		check.Line(is, path+".code", l.Code, maxCode)
		if s := l.Stated.OrNet(); s != catalog.Net && s != catalog.Gross {
			is.Add(path+".stated", issueStated, "%q is neither net nor gross", l.Stated)
		}
		if l.Currency.IsZero() {
			is.Add(path+".currency", issueCurrency, "a list has a currency")
		}
		l.Span.check(is, path)
		checkPriority(is, path, l.Priority)
		for _, k := range byCode[l.Code] {
			if k < i && t.Lists[k].Span.overlaps(l.Span) {
				is.Add(path, issueOverlap, "lists[%d] is the list %q at the same time", k, l.Code)
			}
		}
		// The records of a list are of one currency, so that every row fits whenever
		// it holds.
		if k := byCode[l.Code][0]; !l.Currency.IsZero() && t.Lists[k].Currency != l.Currency {
			is.Add(path+".currency", issueForeign, "is %q, of lists[%d], the list %q too, %q", l.Currency.Code(), k, l.Code, t.Lists[k].Currency.Code())
		}
		if l.Fallback == "" {
			continue
		}
		if records := byCode[l.Fallback]; len(records) == 0 {
			is.Add(path+".fallback", issueUnknown, "there is no list %q", l.Fallback)
		} else if o := t.Lists[records[0]].Currency; o != l.Currency && !o.IsZero() {
			is.Add(path+".fallback", issueForeign, "the list %q is in %q and has no price for this one", l.Fallback, o.Code())
		}
	}
	t.checkFallbacks(is)
	t.checkMerges(is, byCode)
}

// checkMerges finds lists that may be merged, and the next such list of their
// chain of fallbacks stated otherwise, net or gross: its breaks fill no gap.
func (t *Tariff) checkMerges(is *fault.Issues, byCode map[string][]int) {
	for i := range t.Lists {
		l := &t.Lists[i]
		if !l.Merge {
			continue
		}
		seen := map[string]bool{l.Code: true}
		for next := []string{l.Fallback}; len(next) > 0; next = next[1:] {
			if next[0] == "" || seen[next[0]] {
				continue
			}
			seen[next[0]] = true
			for _, k := range byCode[next[0]] {
				o := &t.Lists[k]
				both, meet := l.Span.common(o.Span)
				switch {
				case !meet:
				case !o.Merge:
					next = append(next, o.Fallback)
				case o.Stated.OrNet() != l.Stated.OrNet() && slices.ContainsFunc(t.policiesIn(both), func(p *Policy) bool { return p.Lists == MergeLists }):
					is.Add(indexedPath("lists", i)+".fallback", issueStated, "lists[%d], the list %q, is stated %s, and cannot be merged into this one, stated %s",
						k, o.Code, o.Stated.OrNet(), l.Stated.OrNet())
				}
			}
		}
	}
}

// listAt is the place of the first record of a list, below zero for none.
func (t *Tariff) listAt(code string) int {
	return slices.IndexFunc(t.Lists, func(l PriceList) bool { return l.Code == code })
}

// checkFallbacks finds chains that come back to a list. Every record counts,
// whenever it holds, so that no chain depends on the day.
func (t *Tariff) checkFallbacks(is *fault.Issues) {
	next := map[string][]string{}
	for i := range t.Lists {
		if l := &t.Lists[i]; l.Fallback != "" {
			next[l.Code] = append(next[l.Code], l.Fallback)
		}
	}
	const (
		onPath = 1
		done   = 2
	)
	state := map[string]int{}
	var walk func(code string, chain []string) bool
	walk = func(code string, chain []string) bool {
		switch state[code] {
		case onPath:
			is.Add(indexedPath("lists", t.listAt(code))+".fallback", issueCycle, "the chain comes back: %s", strings.Join(append(chain, code), " → "))
			return false
		case done:
			return true
		}
		state[code] = onPath
		for _, n := range next[code] {
			if !walk(n, append(chain, code)) {
				break
			}
		}
		state[code] = done
		return true
	}
	for i := range t.Lists {
		walk(t.Lists[i].Code, nil)
	}
}

func (t *Tariff) checkPrices(is *fault.Issues) {
	if len(t.Prices) > maxPrices {
		is.Add("prices", issueRange, "at most %d prices, not %d", maxPrices, len(t.Prices))
		return
	}
	type subject struct {
		list    string
		product catalog.ID
		unit    string
	}
	lists := map[string]*PriceList{}
	for i := range slices.Backward(t.Lists) { // the first record of a list counts
		lists[t.Lists[i].Code] = &t.Lists[i]
	}
	seen := make(map[subject]int32, len(t.Prices))
	var twice map[subject][]int // of the few that are there more than once
	for i := range t.Prices {
		r := &t.Prices[i]
		l := lists[r.List]
		if l == nil || r.Product == "" || !r.Span.sound() || !soundBreaks(r.Breaks, l.Currency) {
			t.checkPrice(is, indexedPath("prices", i), r, l)
		}
		k := subject{r.List, r.Product, r.Unit}
		first, ok := seen[k]
		if !ok {
			seen[k] = int32(i)
			continue
		}
		if twice == nil {
			twice = map[subject][]int{}
		}
		if twice[k] == nil {
			twice[k] = []int{int(first)}
		}
		for _, n := range twice[k] {
			if t.Prices[n].Span.overlaps(r.Span) {
				is.Add(indexedPath("prices", i), issueOverlap, "prices[%d] prices %q in list %q at the same time", n, r.Product, r.List)
				break
			}
		}
		twice[k] = append(twice[k], i)
	}
}

func soundBreaks(breaks []catalog.Break, cur money.Currency) bool {
	for i := range breaks {
		b := &breaks[i]
		if b.Price.Currency() != cur || b.Price.Sign() < 0 || b.From.Sign() < 0 || i > 0 && b.From.Cmp(breaks[i-1].From) <= 0 {
			return false
		}
	}
	return len(breaks) > 0
}

func (t *Tariff) checkPrice(is *fault.Issues, path string, r *PriceRow, l *PriceList) {
	if l == nil {
		is.Add(path+".list", issueUnknown, "there is no list %q", r.List)
	}
	check.Need(is, path+".product", string(r.Product), 512)
	r.Span.check(is, path)
	if len(r.Breaks) == 0 {
		is.Add(path+".breaks", issueRequired, "a price has at least one break")
	}
	for i := range r.Breaks {
		b, at := &r.Breaks[i], indexedPath(path+".breaks", i)
		if l != nil && b.Price.Currency() != l.Currency {
			is.Add(at+".price", issueForeign, "is in %q, the list in %q", b.Price.Currency().Code(), l.Currency.Code())
		}
		if b.Price.Sign() < 0 {
			is.Add(at+".price", issueNegativePrice, "%s is below zero", b.Price)
		}
		if b.From.Sign() < 0 {
			is.Add(at+".from", issueBreak, "%s is below zero", b.From)
		}
		if i > 0 && b.From.Cmp(r.Breaks[i-1].From) <= 0 {
			is.Add(at+".from", issueBreak, "%s does not start above the break before it", b.From)
		}
	}
}

func (f *Floor) check(is *fault.Issues, path string) {
	f.Goods.check(is, path+".goods")
	f.Span.check(is, path)
	switch {
	case f.Price != nil && f.Cost != nil:
		is.Add(path, issueMargin, "a floor is a price, or a cost and a margin, not both")
	case f.Price != nil:
		if f.Price.IsNone() || f.Price.Sign() < 0 {
			is.Add(path+".price", issueNegativePrice, "a floor is a price of zero or above")
		}
	case f.Cost == nil:
		is.Add(path, issueRequired, "a floor has a price, or a cost and a margin")
	default:
		if f.Cost.IsNone() || f.Cost.Sign() < 0 {
			is.Add(path+".cost", issueNegativePrice, "a cost is a price of zero or above")
		}
		if f.Margin.Sign() < 0 || f.Margin.Cmp(money.RateOf(100)) >= 0 {
			is.Add(path+".margin", issueMargin, "a margin is 0 to below 100 percent of the price, not %s", f.Margin)
		} else if _, err := leastPrice(*f.Cost, f.Margin); err != nil && !f.Cost.IsNone() {
			is.AddUnder(path, err)
		}
	}
}

func (g *Goods) check(is *fault.Issues, path string) {
	for i, p := range g.Products {
		check.Need(is, indexedPath(path+".products", i), string(p), 512)
	}
	for i, f := range g.Families {
		if f.Super == "" {
			is.Add(indexedPath(path+".families", i), issueRequired, "a family has its first level")
			continue
		}
		is.AddUnder(indexedPath(path+".families", i), f.Check())
	}
	for i, tag := range g.Tags {
		check.Need(is, indexedPath(path+".tags", i), tag, 200)
	}
	if g.Except != nil {
		if g.Except.all() {
			is.Add(path+".except", issueCondition, "excepts everything")
		}
		if g.Except.Except != nil {
			is.Add(path+".except.except", issueCondition, "exceptions have none")
		} else {
			g.Except.check(is, path+".except")
		}
	}
}
