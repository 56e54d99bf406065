package pricing

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash/maphash"
	"slices"
	"sync"
	"time"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
)

// EngineOptions tune an Engine; the zero value is the default.
type EngineOptions struct {
	// Validity is how long an offer holds; zero and below mean 24 hours.
	Validity time.Duration
	// Decider decides how a sale between parties is taxed, nil by the tariff's
	// TaxRules. It must be pure: read its case alone, and call nothing.
	Decider TaxDecider
	// Brief leaves QuotedLine.Why empty.
	Brief bool
	// NoSaves leaves out of explanations what hints save, which takes most of the
	// time of Explain.
	NoSaves bool
	// NoBasis leaves Quote.Basis out: the quote cannot be priced again by Requote
	// then. A first order has it all the same where a rule asks for that, so that its
	// revisions can be told from those of others.
	NoBasis bool
}

// Engine is a compiled tariff. It is immutable, Pure, and safe for use by many
// goroutines at once; what a look-up costs does not depend on the rules and
// prices that do not match.
type Engine struct {
	policy  Policy
	seller  partner.Country
	zone    *time.Location
	opts    EngineOptions
	version string
	home    []TaxRow   // of the seller's country
	decider TaxDecider // nil for the table of the EU, which resolve knows
	charges []ChargeRule
	seed    maphash.Seed
	pool    *sync.Pool // of *job
	eras    []era

	lists   []*PriceList // one per record; several records of one code follow each other in time
	listsOf map[string][]int32
	aud     [audiences]map[string][]int32 // lists by whom they are for
	open    []int32                       // lists for everyone

	prices  map[catalog.ID]rowRange
	rows    []priceRow
	rowList []int32          // the list of each row, by the number of its code
	codes   map[string]int32 // numbers of list codes

	rules   []*rule // by rank
	stays   []stay  // of the rules
	lanesOf map[laneKey]*timed
	who     map[whoKey]*bucket
	floors  []floor
	floored []stay // of the floors
	floorOf bucket
	asks    Asks
}

// priceRow is a row of prices with what is asked of it first, so that it is found in
// one place of memory.
type priceRow struct {
	*PriceRow
	list   int32 // the number of the list's code
	stay   stay
	unit   string
	first  catalog.Break
	breaks []catalog.Break // the first among them
}

// step is the break that a quantity reaches, the zero Break for none.
func (r *priceRow) step(q money.Quantity) catalog.Break {
	for i := len(r.breaks) - 1; i > 0; i-- {
		if r.breaks[i].From.Cmp(q) <= 0 {
			return r.breaks[i]
		}
	}
	if r.first.From.Cmp(q) <= 0 {
		return r.first
	}
	return catalog.Break{}
}

// rowRange are the rows of a product; named says that a rule or floor names it.
type rowRange struct {
	from, until int32
	named       bool
}

// The kinds of audience, as an index.
const (
	toPartner = iota
	toAgreement
	toGroup
	audiences
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

// Compile checks a tariff and makes an engine of it. The engine goes on reading
// the tariff's slices: do not change them afterwards.
//
// Errors: ErrTariff (Invalid, pricing.tariff) with every issue, at paths such as
// "rules[3].give.tiers.steps[1].percent".
func Compile(t Tariff, opts *EngineOptions) (*Engine, error) {
	t.fill()
	if err := t.Check(); err != nil {
		return nil, err
	}
	e := &Engine{policy: t.Policy, seller: t.Seller, seed: maphash.MakeSeed()}
	if opts != nil {
		e.opts = *opts
	}
	if e.opts.Validity <= 0 {
		e.opts.Validity = DefaultValidity
	}
	e.zone, _ = time.LoadLocation(t.Zone) // "" is UTC; Check has loaded it
	taxes, _ := NewTaxTable(t.Taxes...)   // Check has made it
	if e.seller == "" {
		e.seller = taxes.first
	}
	e.home = taxes.of(e.seller)
	e.charges = t.Charges
	if e.decider = e.opts.Decider; e.decider == nil && len(t.TaxRules) > 0 {
		ruled, err := NewRuledTaxes(taxes, t.TaxRules...)
		if err != nil {
			return nil, err
		}
		e.decider = ruled
	}
	e.version = t.version()
	e.compileLists(t)
	e.compileRules(t)
	e.compileFloors(t)
	e.markNamed()
	slots := len(e.rules)
	e.pool = &sync.Pool{New: func() any { return &job{slot: make([]int32, slots), held: free} }}
	for i := range t.Policies {
		of := *e
		of.policy = t.Policies[i].Policy
		e.eras = append(e.eras, era{t.Policies[i].Span, &of})
	}
	return e, nil
}

// version is the name with a digest of all that decides prices.
func (t *Tariff) version() string {
	h := sha256.New()
	_ = json.NewEncoder(h).Encode(t) // a hash takes everything, and what was checked can be written
	return cmp.Or(t.Name, "tariff") + "-" + hex.EncodeToString(h.Sum(nil)[:6])
}

func (e *Engine) compileLists(t Tariff) {
	e.codes, e.listsOf = map[string]int32{}, map[string][]int32{}
	for k := range e.aud {
		e.aud[k] = map[string][]int32{}
	}
	for i := range t.Lists {
		l := &t.Lists[i]
		at := int32(len(e.lists))
		e.lists = append(e.lists, l)
		e.listsOf[l.Code] = append(e.listsOf[l.Code], at)
		e.code(l.Code)
		if l.For.Everyone {
			e.open = append(e.open, at)
		}
		index(e.aud[toPartner], l.For.Partners, at)
		index(e.aud[toAgreement], l.For.Agreements, at)
		index(e.aud[toGroup], l.For.Groups, at)
	}
	rank := func(a, b int32) int {
		x, y := e.lists[a], e.lists[b]
		return cmp.Or(cmp.Compare(y.Priority, x.Priority), cmp.Compare(x.Code, y.Code))
	}
	slices.SortStableFunc(e.open, rank)

	e.compilePrices(t.Prices)
}

// compilePrices puts the rows of each product together, those of one list in the
// order of the tariff.
func (e *Engine) compilePrices(rows []PriceRow) {
	number := make(map[catalog.ID]int32, len(rows))
	order, keys := make([]int32, len(rows)), make([]uint64, len(rows))
	for i := range rows {
		product, ok := number[rows[i].Product]
		if !ok {
			product = int32(len(number))
			number[rows[i].Product] = product
		}
		order[i], keys[i] = int32(i), uint64(uint32(product))<<32|uint64(uint32(e.codes[rows[i].List]))
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(keys[a], keys[b]) })
	e.rows, e.rowList = make([]priceRow, len(rows)), make([]int32, len(rows))
	e.prices = make(map[catalog.ID]rowRange, len(number))
	for k := 0; k < len(order); {
		product, r := rows[order[k]].Product, rowRange{from: int32(k)}
		for ; k < len(order) && rows[order[k]].Product == product; k++ {
			row, list := &rows[order[k]], int32(uint32(keys[order[k]]))
			e.rows[k] = priceRow{PriceRow: row, list: list, stay: stayOf(row.Span), unit: row.Unit, first: row.Breaks[0], breaks: row.Breaks}
			e.rowList[k] = list
		}
		r.until = int32(k)
		e.prices[product] = r
	}
}

// markNamed notes which products rules and floors name, so that the others need no
// look-up in any of their buckets.
func (e *Engine) markNamed() {
	mark := func(b *bucket) {
		for p := range b.products {
			r := e.prices[p]
			r.named = true
			e.prices[p] = r
		}
	}
	for _, b := range e.who {
		mark(b)
	}
	mark(&e.floorOf)
}

// code numbers the codes of lists.
func (e *Engine) code(c string) {
	if _, ok := e.codes[c]; !ok {
		e.codes[c] = int32(len(e.codes))
	}
}

func index[K ~string](m map[string][]int32, keys []K, at int32) {
	for _, k := range keys {
		m[string(k)] = append(m[string(k)], at)
	}
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

// Asks says which facts the rules ask for.
func (e *Engine) Asks() Asks {
	a := e.asks
	a.Windows = slices.Clone(a.Windows)
	return a
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

// PurePricer implements Pure.
func (e *Engine) PurePricer() {}

// Version is what quotes carry as Rules.
func (e *Engine) Version() string { return e.version }

func (e *Engine) sharing(q *Quote) (money.Apportionment, money.Rounding) {
	p := e.Policy(AsOf{Valid: q.At, Known: q.Known})
	return p.Apportionment, p.Rounding
}
