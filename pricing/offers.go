package pricing

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
)

// Offerer is a pricer that lists what single products cost a buyer; Engine and
// Live are.
type Offerer interface {
	Offers(ctx context.Context, buyer Basket, products []catalog.Product) ([]ProductOffers, error)
}

// ProductOffers is what one product costs a buyer who buys nothing else: a row
// of his price list.
type ProductOffers struct {
	Product catalog.ID  `json:"product"`
	SKU     catalog.SKU `json:"sku"`
	Unit    string      `json:"unit,omitempty"`
	// Offers are by quantity, ascending; none where there is no price, for the
	// reason that Refused is the code of (pricing.no_price, pricing.no_tax,
	// pricing.conflict, pricing.basket).
	Offers  []Offer `json:"offers,omitempty"`
	Refused string  `json:"refused,omitempty"`
}

// Offer is what a product costs from a quantity on.
type Offer struct {
	From money.Quantity `json:"from"`
	// List has the price, which is Price as Stated says.
	List   string         `json:"list"`
	Price  money.Price    `json:"price"`
	Stated catalog.Stated `json:"stated"`
	// Full and Net are what one unit costs before and after the discounts on the
	// line, without tax, at the quantity From; six decimals, half away from zero.
	Full money.Price `json:"full"`
	Net  money.Price `json:"net"`
	// Category and Rate are the tax that is due on Net.
	Category Category   `json:"category"`
	Rate     money.Rate `json:"rate"`
	// Rules are the codes of the rules that take something off.
	Rules []string `json:"rules,omitempty"`
	// Only says that Net is of exactly From units: one of the rules gives
	// something once, up to its most, or for some of the units (3 for 2).
	Only bool `json:"only,omitempty"`
	// Why explains the quote of From units, nil of an engine that is Brief.
	Why *Node `json:"why,omitempty"`
}

// mostOfferTrials bounds the quotes that are made for one product.
const mostOfferTrials = 400

// Offers lists what products cost a buyer: from the least quantity that may be
// ordered, and from every other on at which another list price holds or another
// rule or step of a scale applies, by quantity or by amount. The buyer's Lines
// are left out: each product is priced alone, so that what depends on other
// goods, on the whole basket and on shipping is not in it; Why says of it what
// is missing. A page of a catalog is what it is made for.
//
// Errors: ErrBasket for the buyer; the error of ctx when it is done.
func (e *Engine) Offers(ctx context.Context, buyer Basket, products []catalog.Product) ([]ProductOffers, error) {
	buyer.Lines = nil
	if buyer.Known.IsZero() {
		buyer.Known = buyer.At
	}
	j := e.pool.Get().(*job)
	err := cmp.Or(ctx.Err(), j.check(&buyer, e.seed))
	e.pool.Put(j)
	if err != nil {
		return nil, err
	}
	lists := e.Lists(buyer)
	out := make([]ProductOffers, len(products))
	for i := range products {
		w := offerWalk{e: e, b: buyer, p: &products[i], step: products[i].Quantity.Step.Units()}
		if w.step <= 0 {
			w.step = oneUnit
		}
		if err := w.walk(ctx, lists); err != nil {
			return nil, err
		}
		out[i] = ProductOffers{Product: w.p.ID, SKU: w.p.SKU, Unit: w.p.Unit, Offers: w.out}
		if len(w.out) == 0 {
			out[i].Refused = w.refused
		}
	}
	return out, nil
}

// Offers implements Offerer; see Engine.Offers.
func (l *Live) Offers(ctx context.Context, buyer Basket, products []catalog.Product) ([]ProductOffers, error) {
	return l.Engine().Offers(ctx, buyer, products)
}

// offerWalk finds the offers of one product.
type offerWalk struct {
	e       *Engine
	b       Basket
	p       *catalog.Product
	step    int64            // of quantities, in their units
	todo    []money.Quantity // to be tried, ascending, above the one at hand
	trials  int
	out     []Offer
	sign    string // of the last offer
	refused string
}

// trial is the quote of one quantity.
type offerTrial struct {
	offer Offer
	sign  string // what decides the price: list price, rules, steps
	more  []money.Quantity
}

func (w *offerWalk) walk(ctx context.Context, lists []string) error {
	at := w.p.Quantity.Default()
	w.add(at, w.breaks(lists))
	last := at
	for {
		t, ok, err := w.try(ctx, at)
		if err != nil {
			return err
		}
		if ok {
			if err := w.take(ctx, last, t); err != nil {
				return err
			}
			w.add(at, t.more)
		}
		if len(w.todo) == 0 || w.trials >= mostOfferTrials {
			return nil
		}
		last, at, w.todo = at, w.todo[0], w.todo[1:]
	}
}

// take makes an offer of a trial that differs from the offer before it, from the
// least quantity on from which it does.
func (w *offerWalk) take(ctx context.Context, last money.Quantity, t offerTrial) error {
	if len(w.out) == 0 {
		w.out, w.sign = append(w.out, t.offer), t.sign
		return nil
	}
	if t.sign == w.sign {
		return nil
	}
	low, high := last.Units()/w.step, t.offer.From.Units()/w.step
	for low+1 < high && w.trials < mostOfferTrials {
		mid, err := money.QuantityFromUnits((low + high) / 2 * w.step)
		if err != nil {
			return err
		}
		x, ok, err := w.try(ctx, mid)
		switch {
		case err != nil:
			return err
		case ok && x.sign == t.sign:
			t.offer, high = x.offer, mid.Units()/w.step
		default:
			low = mid.Units() / w.step
		}
	}
	w.sign = t.sign
	if w.out[len(w.out)-1].Net != t.offer.Net {
		w.out = append(w.out, t.offer)
	}
	return nil
}

// add notes quantities to be tried, as far as they may be ordered: rounded up to
// the step, and within what the product allows.
func (w *offerWalk) add(above money.Quantity, more []money.Quantity) {
	for _, q := range more {
		units := q.Units()
		if rest := units % w.step; rest > 0 {
			units += w.step - rest
		}
		q, err := money.QuantityFromUnits(units)
		if err != nil || q.Cmp(above) <= 0 || w.p.Quantity.Check(q) != nil {
			continue
		}
		if at, has := slices.BinarySearchFunc(w.todo, q, money.Quantity.Cmp); !has {
			w.todo = slices.Insert(w.todo, at, q)
		}
	}
}

// breaks are the quantities at which a price of the buyer's lists begins.
func (w *offerWalk) breaks(lists []string) []money.Quantity {
	var out []money.Quantity
	add := func(list string, breaks []catalog.Break) {
		if slices.Contains(lists, list) {
			for i := range breaks {
				out = append(out, breaks[i].From)
			}
		}
	}
	for _, list := range lists {
		code, ok := w.e.codes[list]
		if !ok {
			continue
		}
		rows := w.e.rowsOf(w.e.prices[w.p.ID], code)
		for i := rows.from; i < rows.until; i++ {
			if r := &w.e.rows[i]; r.Covers(w.b.At, w.b.Known) {
				add(list, r.Breaks)
			}
		}
	}
	for i := range w.p.Prices {
		add(w.p.Prices[i].List, w.p.Prices[i].Breaks)
	}
	return out
}

// try prices a quantity; ok is false where it has no price.
func (w *offerWalk) try(ctx context.Context, q money.Quantity) (t offerTrial, ok bool, err error) {
	w.trials++
	if q.Sign() <= 0 { // nothing of it may be ordered
		w.refused = catalog.ErrQuantity.FaultCode()
		return t, false, nil
	}
	b := w.b
	b.Lines = []Line{LineOf("1", *w.p, q)}
	j := w.e.pool.Get().(*job)
	j.trace.on, j.bare, j.goods = true, true, true
	var tree Node
	var failed error
	j.then = func() {
		t, failed = w.look(j, q)
		if !w.e.opts.Brief {
			tree = j.e.tree(j)
		}
	}
	quote, err := w.e.quote(ctx, j, b)
	j.trace.on, j.bare, j.goods, j.then = false, false, false, nil
	w.e.pool.Put(j)
	if err != nil {
		if ctx.Err() != nil {
			return t, false, err
		}
		w.refused = fault.CodeOf(err)
		return t, false, nil
	}
	if failed != nil {
		return t, false, failed
	}
	l := quote.Lines[0]
	t.offer.Price, t.offer.Stated, t.offer.Category, t.offer.Rate = l.List, l.Stated, l.Category, l.Rate
	full, err := l.Net.Add(l.Discount)
	if err != nil {
		return t, false, err
	}
	if t.offer.Full, err = perUnit(full, q); err != nil {
		return t, false, err
	}
	if !w.e.opts.Brief {
		t.offer.Why = &tree
	}
	t.offer.Net, err = perUnit(l.Net, q)
	return t, true, err
}

// perUnit is an amount per one of a quantity.
func perUnit(a money.Amount, q money.Quantity) (money.Price, error) {
	p, err := money.PriceFromAmount(a)
	if err != nil {
		return p, err
	}
	if p, err = p.PerBase(q); err != nil {
		return p, err
	}
	return p.Times(money.QuantityOf(1), money.HalfAwayFromZero)
}

// look reads from the finished job what decides the price, and where something
// else might.
func (w *offerWalk) look(j *job, q money.Quantity) (offerTrial, error) {
	e, f := w.e, &j.prices[0]
	t := offerTrial{offer: Offer{From: q, List: f.list}}
	var sign strings.Builder
	sign.WriteString(f.list + "|" + f.step.Price.String())
	for _, a := range j.trace.takes {
		if r := e.rules[a.rule]; r.On == OnLine {
			t.offer.Rules = append(t.offer.Rules, r.Code)
			t.offer.Only = t.offer.Only || r.uneven()
			sign.WriteString("|" + r.Code)
		}
	}
	for _, m := range j.trace.misses {
		if r := e.rules[m.rule]; m.hint && r.On == OnLine {
			sign.WriteString("|next " + r.Code + " " + m.Gives)
		}
	}
	for k := range j.cands {
		if r := j.cands[k].rule; r.On == OnLine && r.Covers(j.b.At, j.b.Known) {
			t.more = append(t.more, r.quantities()...)
			for _, at := range r.amounts() {
				if more, ok := w.toAmount(j, q, at, r); ok {
					t.more = append(t.more, more)
				}
			}
		}
	}
	t.sign = sign.String()
	return t, nil
}

// uneven reports whether what the rule gives each unit depends on how many there
// are, between the quantities at which it gives something else.
func (r *rule) uneven() bool {
	g := &r.Give
	return r.Most != nil || g.Cheapest != nil || g.Item != nil || g.Amount != nil && g.Per != PerUnit || g.Tiers != nil && g.Tiers.Marginal
}

// quantities are those at which the rule may begin, end or give something else.
func (r *rule) quantities() []money.Quantity {
	var out []money.Quantity
	if q := r.When.Quantity; q != nil {
		out = append(out, q.From, q.Until)
	}
	if t := r.Give.Tiers; t != nil && t.By == ByQuantity {
		for i := range t.Steps {
			out = append(out, t.Steps[i].Quantity)
		}
	}
	if c := r.Give.Cheapest; c != nil {
		out = append(out, money.QuantityOf(int64(c.Of)))
	}
	if i := r.Give.Item; i != nil {
		out = append(out, i.For)
	}
	return out
}

// amounts are those at which the rule may begin, end or give something else.
func (r *rule) amounts() []money.Amount {
	var out []money.Amount
	for _, g := range [...]*AmountRange{r.When.Amount, r.When.Basket} {
		if g != nil && g.From != nil {
			out = append(out, *g.From)
		}
		if g != nil && g.Until != nil {
			out = append(out, *g.Until)
		}
	}
	if r.stepsByAmount() {
		for i := range r.Give.Tiers.Steps {
			out = append(out, r.Give.Tiers.start(i))
		}
	}
	return out
}

func (r *rule) stepsByAmount() bool {
	t := r.Give.Tiers
	return t != nil && t.By == ByAmount && !t.Marginal
}

// toAmount is a quantity at which the product may be worth an amount: at its
// value without discounts, and from there on by what the rule says is missing.
func (w *offerWalk) toAmount(j *job, q money.Quantity, at money.Amount, r *rule) (money.Quantity, bool) {
	if at.Currency() != j.b.Currency {
		return q, false
	}
	net, err := j.net(0, j.base[0])
	if err != nil || net <= 0 {
		return q, false
	}
	goal, err := j.ticks(at)
	if err != nil {
		return q, false
	}
	lack := goal - net
	if lack <= 0 {
		lack = 0
		for _, m := range j.trace.misses {
			if m.rule != r.at || m.What != LackAmount && m.What != LackBasket && (m.What != LackNext || !r.stepsByAmount()) {
				continue
			}
			if lack, err = j.ticks(*m.Amount); err != nil {
				return q, false
			}
		}
		if lack == 0 {
			return q, false
		}
	}
	more, err := j.ticked(q.Units()).Part(lack, net, money.Down)
	if err != nil {
		return q, false
	}
	next, err := money.QuantityFromUnits(q.Units() + max(more.Minor(), w.step))
	return next, err == nil
}
