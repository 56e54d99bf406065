package pricing

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/money"
)

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
