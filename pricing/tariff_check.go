package pricing

import (
	"cmp"
	"encoding/json"
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
// pricing.tariff) with an issue each. What only a basket can show is for Lint.
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

// sound is check without words.
func (s Span) sound() bool {
	return (s.From.IsZero() || s.Until.IsZero() || s.From.Before(s.Until)) && (s.Gone.IsZero() || !s.Gone.Before(s.Known))
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

func checkPriority(is *fault.Issues, path string, p int) {
	if p < -maxPriority || p > maxPriority {
		is.Add(path+".priority", issueRange, "is within ±%d", maxPriority)
	}
}

func (t *Tariff) checkRules(is *fault.Issues) {
	if len(t.Rules) > maxRules {
		is.Add("rules", issueRange, "at most %d rules, not %d", maxRules, len(t.Rules))
		return
	}
	named := map[string]bool{}
	for i := range t.Discounts {
		named[t.Discounts[i].Name] = true
	}
	byCode := map[string][]int{}
	twins := map[string][]int{} // by rank, goods and conditions
	for i := range t.Rules {
		r, path := &t.Rules[i], indexedPath("rules", i)
		before := len(*is)
		r.check(is, path)
		if r.Discount != "" && !named[r.Discount] {
			is.Add(path+".discount", issueUnknown, "the directory has no discount of exactly the name %q", r.Discount)
		}
		for _, k := range byCode[r.Code] {
			if t.Rules[k].Span.overlaps(r.Span) {
				is.Add(path+".code", issueTwice, "rules[%d] has the code %q at the same time", k, r.Code)
				break
			}
		}
		byCode[r.Code] = append(byCode[r.Code], i)
		if len(*is) > before {
			continue
		}
		key := r.subject()
		clash := func(k int) bool {
			both, ok := t.Rules[k].Span.common(r.Span)
			return ok && slices.ContainsFunc(t.policiesIn(both), func(p *Policy) bool { return orderDecides(p.stacking(r.On), &t.Rules[k], r) })
		}
		if at := slices.IndexFunc(twins[key], clash); at >= 0 {
			is.Add(path, issueAmbiguous, "rules[%d] has the same rank, goods and conditions, and their order decides", twins[key][at])
		}
		twins[key] = append(twins[key], i)
	}
}

// subject is what two rules have in common that always fit together.
func (r *Rule) subject() string {
	same := struct {
		On       Bearer
		Priority int
		Discount string
		Goods    Goods
		When     When
	}{r.On, r.Priority, r.Discount, r.Goods, r.When}
	b, _ := json.Marshal(same) // plain data
	return string(b)
}

func (r *Rule) check(is *fault.Issues, path string) {
	check.Need(is, path+".code", r.Code, maxAdjustmentCode)
	check.Line(is, path+".text", r.Text, maxAdjustmentText)
	if r.On != OnLine && r.On != OnOrder {
		is.Add(path+".on", issueUnknown, "%q is neither line nor order", r.On)
	}
	checkPriority(is, path, r.Priority)
	r.Span.check(is, path)
	r.Goods.check(is, path+".goods")
	r.When.check(is, path+".when")
	r.Give.check(is, path+".give")
	if r.Most != nil && (r.Most.IsNone() || r.Most.Sign() <= 0) {
		is.Add(path+".most", issueRange, "a bound is above zero")
	}
	cur := r.currency()
	foreign := func(field string, c money.Currency) {
		if !c.IsZero() && c != cur {
			is.Add(path+field, issueForeign, "is in %q, the rule in %q", c.Code(), cur.Code())
		}
	}
	if r.Most != nil {
		foreign(".most", r.Most.Currency())
	}
	ranges := map[string]*AmountRange{".when.amount": r.When.Amount, ".when.basket": r.When.Basket}
	if r.When.Turnover != nil {
		ranges[".when.turnover"] = &r.When.Turnover.AmountRange
	}
	for _, field := range []string{".when.amount", ".when.basket", ".when.turnover"} {
		foreign(field, ranges[field].currency())
	}
	if r.Give.Price != nil {
		foreign(".give.price", r.Give.Price.Currency())
	}
	if s := r.Give.Tiers; s != nil {
		for i := range s.Steps {
			foreign(fmt.Sprintf(".give.tiers.steps[%d]", i), s.Steps[i].currency())
		}
	}
}

func (g *AmountRange) check(is *fault.Issues, path string) {
	if g.From == nil && g.Until == nil {
		is.Add(path, issueCondition, "bounds nothing")
	}
	for _, f := range []struct {
		field string
		a     *money.Amount
	}{{"from", g.From}, {"until", g.Until}} {
		if f.a != nil && (f.a.IsNone() || f.a.Sign() < 0) {
			is.Add(path+"."+f.field, issueNegative, "is an amount of zero or above")
		}
	}
	if g.From != nil && g.Until != nil {
		switch c, err := g.From.Cmp(*g.Until); {
		case err != nil:
			is.Add(path+".until", issueForeign, "is in another currency than from")
		case c >= 0:
			is.Add(path+".until", issueRange, "is not above from")
		}
	}
}

func (w *When) check(is *fault.Issues, path string) {
	if w.Hours != nil {
		w.Hours.check(is, path+".hours")
	}
	if q := w.Quantity; q != nil {
		if q.From.Sign() < 0 || q.Until.Sign() < 0 {
			is.Add(path+".quantity", issueQuantity, "is below zero")
		}
		if q.From.IsZero() && q.Until.IsZero() {
			is.Add(path+".quantity", issueCondition, "bounds nothing")
		}
		if !q.Until.IsZero() && q.From.Cmp(q.Until) >= 0 {
			is.Add(path+".quantity.until", issueRange, "is not above from")
		}
	}
	for _, a := range []struct {
		field string
		*AmountRange
	}{{"amount", w.Amount}, {"basket", w.Basket}} {
		if a.AmountRange != nil {
			a.AmountRange.check(is, path+"."+a.field)
		}
	}
	if t := w.Turnover; t != nil {
		t.AmountRange.check(is, path+".turnover")
		if _, err := ParseWindow(t.Window.String()); err != nil {
			is.Add(path+".turnover.window", issueCondition, "%q is no window", t.Window)
		}
	}
	for i := range w.Has {
		h, at := &w.Has[i], indexedPath(path+".has", i)
		if len(h.Sets) == 0 {
			is.Add(at+".sets", issueRequired, "a composition has sets of goods")
		}
		if h.Need < 0 || h.Need > len(h.Sets) {
			is.Add(at+".need", issueRange, "%d of %d sets cannot be asked for", h.Need, len(h.Sets))
		}
		if h.Least.Sign() < 0 {
			is.Add(at+".least", issueQuantity, "is below zero")
		}
		for k := range h.Sets {
			h.Sets[k].check(is, indexedPath(at+".sets", k))
		}
	}
	check.Line(is, path+".attended", w.Attended, 200)
	check.Line(is, path+".campaign", w.Campaign, 200)
}

func (g *Effect) check(is *fault.Issues, path string) {
	n := 0
	for _, set := range []bool{!g.Percent.IsZero(), g.Amount != nil, g.Price != nil, g.Cheapest != nil, g.Item != nil, g.Tiers != nil} {
		if set {
			n++
		}
	}
	if n != 1 {
		is.Add(path, issueEffect, "exactly one effect is given, not %d", n)
	}
	percent := func(field string, p money.Rate) {
		if p.Sign() < 0 || p.Cmp(money.RateOf(100)) > 0 {
			is.Add(path+"."+field, issueRate, "%s %% is not above 0 and at most 100", p)
		}
	}
	percent("percent", g.Percent)
	if g.Amount != nil && (g.Amount.IsNone() || g.Amount.Sign() <= 0) {
		is.Add(path+".amount", issueNoAmount, "an amount off is above zero")
	}
	if g.Per != PerGoods && g.Per != PerUnit && g.Per != PerLine {
		is.Add(path+".per", issueUnknown, "%q is neither unit nor line", g.Per)
	} else if g.Per != PerGoods && g.Amount == nil {
		is.Add(path+".per", issueEffect, "goes with an amount")
	}
	if g.Price != nil && (g.Price.IsNone() || g.Price.Sign() < 0) {
		is.Add(path+".price", issueNegativePrice, "a price is zero or above")
	}
	if c := g.Cheapest; c != nil {
		if c.Of < 1 || c.Free < 1 || c.Free > c.Of || c.Of > 1_000_000 {
			is.Add(path+".cheapest", issueRange, "%d of every %d cannot be given", c.Free, c.Of)
		}
		percent("cheapest.percent", c.Percent)
	}
	if i := g.Item; i != nil {
		check.Need(is, path+".item.product", string(i.Product), 512)
		if i.Quantity.Sign() <= 0 || i.For.Sign() < 0 {
			is.Add(path+".item.quantity", issueQuantity, "a quantity is above zero")
		}
	}
	if g.With != nil {
		if g.Percent.IsZero() && g.Price == nil && g.Per != PerUnit && g.Tiers == nil {
			is.Add(path+".with", issueEffect, "goes with a percent, a price, tiers or an amount per unit")
		}
		g.With.check(is, path+".with")
	}
	if g.Tiers != nil {
		g.Tiers.check(is, path+".tiers")
	}
}

func (s *Tiers) check(is *fault.Issues, path string) {
	switch s.By {
	case ByQuantity, ByAmount:
		if s.Window != (Window{}) {
			is.Add(path+".window", issueTier, "goes with turnover")
		}
	case ByTurnover:
		if _, err := ParseWindow(s.Window.String()); err != nil {
			is.Add(path+".window", issueTier, "%q is no window", s.Window)
		}
	default:
		is.Add(path+".by", issueUnknown, "%q is none of quantity, amount and turnover", s.By)
	}
	if len(s.Steps) == 0 {
		is.Add(path+".steps", issueRequired, "a scale has steps")
	}
	for i := range s.Steps {
		s.checkStep(is, fmt.Sprintf("%s.steps[%d]", path, i), i)
	}
}

func (s *Tiers) checkStep(is *fault.Issues, path string, i int) {
	t := &s.Steps[i]
	if s.By == ByQuantity {
		if t.Amount != nil {
			is.Add(path+".amount", issueTier, "a scale by quantity starts at quantities")
		}
		if t.Quantity.Sign() < 0 {
			is.Add(path+".quantity", issueTier, "is below zero")
		}
		if i > 0 && t.Quantity.Cmp(s.Steps[i-1].Quantity) <= 0 {
			is.Add(path+".quantity", issueTier, "%s overlaps the step before it", t.Quantity)
		}
	} else {
		if !t.Quantity.IsZero() {
			is.Add(path+".quantity", issueTier, "a scale by %s starts at amounts", s.By)
		}
		if t.Amount == nil && i > 0 {
			is.Add(path+".amount", issueTier, "is missing")
		}
		if t.Amount != nil && t.Amount.Sign() < 0 {
			is.Add(path+".amount", issueTier, "is below zero")
		}
		if prev := s.start(i - 1); i > 0 && t.Amount != nil {
			if c, err := t.Amount.Cmp(cmp.Or(prev, money.Zero(t.Amount.Currency()))); err != nil || c <= 0 {
				is.Add(path+".amount", issueTier, "%s overlaps the step before it", t.Amount)
			}
		}
	}
	n := 0
	for _, set := range []bool{t.Off != nil, t.Price != nil, !t.Percent.IsZero()} {
		if set {
			n++
		}
	}
	if n > 1 {
		is.Add(path, issueTier, "a step gives one thing, not %d", n)
	}
	if (t.Off != nil || t.Price != nil) && (s.By != ByQuantity || s.Marginal) {
		is.Add(path, issueTier, "prices and amounts off go with whole scales by quantity")
	}
	if t.Off != nil && (t.Off.IsNone() || t.Off.Sign() <= 0) || t.Price != nil && (t.Price.IsNone() || t.Price.Sign() < 0) {
		is.Add(path, issueNegative, "is below zero, or has no currency")
	}
	if t.Percent.Sign() < 0 || t.Percent.Cmp(money.RateOf(100)) > 0 {
		is.Add(path+".percent", issueRate, "%s %% is not within 0 and 100", t.Percent)
	}
}

// start is the amount at which a step begins, none where it says none.
func (s *Tiers) start(i int) money.Amount {
	if i < 0 || s.Steps[i].Amount == nil {
		return money.Amount{}
	}
	return *s.Steps[i].Amount
}
