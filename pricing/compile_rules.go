package pricing

import (
	"cmp"
	"slices"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/partner"
)

// rule is a compiled Rule.
type rule struct {
	*Rule
	at     int32 // its rank: the place in Engine.rules
	source int   // its place in Tariff.Rules
	goods  *goodsSet
	with   *goodsSet
	has    [][]*goodsSet
	hours  *hours
	links  []link
	window string // of the turnover condition
	family string
	tierWindow,
	tierFamily string
}

// laneKey is a lane of rules of one bearer.
type laneKey struct {
	on   Bearer
	lane string
}

// link is an agreement that a discount name was granted to, and when.
type link struct {
	agreement partner.AgreementID
	Span
}

// whoKey is the part of a basket that a rule is found by.
type whoKey struct {
	kind byte
	id   string
}

// The kinds of keys, the most selective first.
const (
	byCampaign byte = iota
	byAgreement
	byPartner
	byGroup
	byAnyone
)

// bucket holds the rules of one key by the goods that they are about.
type bucket struct {
	every    timed
	products map[catalog.ID]*timed
	families map[catalog.Family]*timed
	levels   [3]bool // which levels families are given at
	tags     map[string]*timed
}

func (e *Engine) compileRules(t Tariff) {
	links := t.links()
	for i := range t.Rules {
		r := &t.Rules[i]
		c := &rule{Rule: r, source: i, goods: compileGoods(&r.Goods), with: compileGoods(r.Give.With), hours: compileHours(r.When.Hours)}
		for _, h := range r.When.Has {
			var sets []*goodsSet
			for k := range h.Sets {
				sets = append(sets, compileGoods(&h.Sets[k]))
			}
			c.has = append(c.has, sets)
		}
		if r.Discount != "" {
			c.links = links[r.Discount]
		}
		if w := r.When.Turnover; w != nil {
			c.window, c.family = w.Window.String(), w.Family.String()
			e.ask(w.Window, c.family)
		}
		if s := r.Give.Tiers; s != nil && s.By == ByTurnover {
			c.tierWindow, c.tierFamily = s.Window.String(), s.Family.String()
			e.ask(s.Window, c.tierFamily)
		}
		e.asks.First = e.asks.First || r.When.First
		e.asks.Attended = e.asks.Attended || r.When.Attended != ""
		e.rules = append(e.rules, c)
	}
	slices.SortStableFunc(e.rules, func(a, b *rule) int {
		return cmp.Or(cmp.Compare(b.Priority, a.Priority), cmp.Compare(a.Code, b.Code))
	})
	e.who, e.lanesOf, e.stays = map[whoKey]*bucket{}, map[laneKey]*timed{}, make([]stay, len(e.rules))
	for i, r := range e.rules {
		r.at, e.stays[i] = int32(i), stayOf(r.Span)
		if r.Lane != "" {
			timedOf(e.lanesOf, laneKey{r.On, r.Lane}, r.at)
		}
		for _, k := range r.keys() {
			b := e.who[k]
			if b == nil {
				b = new(bucket)
				e.who[k] = b
			}
			b.add(&r.Rule.Goods, r.at)
		}
	}
	for _, b := range e.who {
		b.sort(e.stays)
	}
	for _, l := range e.lanesOf {
		slices.SortStableFunc(l.at, func(a, b int32) int { // of equal priority as find wants them
			return cmp.Or(cmp.Compare(e.rules[b].Priority, e.rules[a].Priority), e.stays[a].begins(&e.stays[b]))
		})
		l.grow(e.stays)
	}
}

func (e *Engine) ask(w Window, family string) {
	a := AskedWindow{Window: w, Family: family}
	if !slices.Contains(e.asks.Windows, a) {
		e.asks.Windows = append(e.asks.Windows, a)
	}
}

// keys are what the rule is found by: the most selective of its conditions.
func (r *rule) keys() []whoKey {
	w := &r.When
	switch {
	case w.Campaign != "":
		return []whoKey{{byCampaign, w.Campaign}}
	case r.Discount != "":
		var ids []partner.AgreementID
		for _, l := range r.links {
			if !slices.Contains(ids, l.agreement) {
				ids = append(ids, l.agreement)
			}
		}
		return keysOf(byAgreement, ids)
	case len(w.Agreements) > 0:
		return keysOf(byAgreement, w.Agreements)
	case len(w.Partners) > 0:
		return keysOf(byPartner, w.Partners)
	case len(w.Groups) > 0:
		return keysOf(byGroup, w.Groups)
	}
	return []whoKey{{kind: byAnyone}}
}

func keysOf[K ~string](kind byte, ids []K) []whoKey {
	out := make([]whoKey, len(ids))
	for i, id := range ids {
		out[i] = whoKey{kind, string(id)}
	}
	return out
}

func (b *bucket) add(g *Goods, at int32) {
	if b.products == nil {
		b.products, b.families, b.tags = map[catalog.ID]*timed{}, map[catalog.Family]*timed{}, map[string]*timed{}
	}
	if g.all() {
		b.every.at = append(b.every.at, at)
		return
	}
	for _, p := range g.Products {
		timedOf(b.products, p, at)
	}
	for _, f := range g.Families {
		timedOf(b.families, f, at)
		switch {
		case f.Sub != "":
			b.levels[2] = true
		case f.Family != "":
			b.levels[1] = true
		default:
			b.levels[0] = true
		}
	}
	for _, tag := range g.Tags {
		timedOf(b.tags, tag, at)
	}
}

// timedOf adds a record to those of a key.
func timedOf[K comparable](m map[K]*timed, k K, at int32) {
	t := m[k]
	if t == nil {
		t = new(timed)
		m[k] = t
	}
	t.at = append(t.at, at)
}

// sort makes it ready to be asked; stays are those of what was added.
func (b *bucket) sort(stays []stay) {
	b.every.byBegin(stays)
	for _, t := range b.products {
		t.byBegin(stays)
	}
	for _, t := range b.families {
		t.byBegin(stays)
	}
	for _, t := range b.tags {
		t.byBegin(stays)
	}
}

// named appends everything that names goods of the line's and holds; product says
// whether its product may be named.
func (b *bucket) named(dst []int32, l *Line, product bool, stays []stay, n instant) []int32 {
	add := func(t *timed) {
		if t != nil {
			dst = t.find(dst, stays, n)
		}
	}
	if product && len(b.products) > 0 {
		add(b.products[l.Product])
	}
	if f := l.Family; f.Super != "" {
		if b.levels[0] {
			add(b.families[catalog.Family{Super: f.Super}])
		}
		if b.levels[1] && f.Family != "" {
			add(b.families[catalog.Family{Super: f.Super, Family: f.Family}])
		}
		if b.levels[2] && f.Sub != "" {
			add(b.families[f])
		}
	}
	if len(b.tags) > 0 {
		for _, tag := range l.Tags {
			add(b.tags[tag])
		}
	}
	return dst
}

// buyerKeys lists the keys of a basket.
func buyerKeys(dst []whoKey, b *Basket) []whoKey {
	dst = append(dst, whoKey{kind: byAnyone}, whoKey{byPartner, string(b.Partner)})
	for _, a := range b.Agreements {
		dst = append(dst, whoKey{byAgreement, string(a)})
	}
	for _, g := range b.Groups {
		dst = append(dst, whoKey{byGroup, g})
	}
	for i, c := range b.Codes {
		if !slices.ContainsFunc(b.Codes[:i], func(x UsedCode) bool { return x.Campaign == c.Campaign }) {
			dst = append(dst, whoKey{byCampaign, c.Campaign})
		}
	}
	return dst
}
