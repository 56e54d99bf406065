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

// Asks says which facts the rules ask for.
func (e *Engine) Asks() Asks {
	a := e.asks
	a.Windows = slices.Clone(a.Windows)
	return a
}

// PurePricer implements Pure.
func (e *Engine) PurePricer() {}

// Version is what quotes carry as Rules.
func (e *Engine) Version() string { return e.version }

func (e *Engine) sharing(q *Quote) (money.Apportionment, money.Rounding) {
	p := e.Policy(AsOf{Valid: q.At, Known: q.Known})
	return p.Apportionment, p.Rounding
}
