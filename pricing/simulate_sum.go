package pricing

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
)

// simulation gathers a Simulation, quote by quote.
type simulation struct {
	was, would *Engine
	opts       SimulateOptions
	out        Simulation
	reasons    map[SimulatedReason]int // without their counts
	currencies map[money.Currency]*simulatedSums
	tookWas    []taken
	tookWould  []taken
}

// simulatedSums are the sums of one currency.
type simulatedSums struct {
	total    totals
	list     sums
	partners map[access.PartnerID]*totals
	families map[catalog.Family]*sums
	rules    map[ruleKey]*ruleSums
	largest  []SimulatedQuote
}

// sums are minor units under both tariffs.
type sums struct{ was, would int64 }

type totals struct {
	dearer, cheaper, equal int
	net, tax, gross        sums
}

type ruleSums struct {
	net    sums
	quotes [2]int // under the former and the changed tariff
	last   [2]int // the number of the last quote that was counted
}

// add takes one quote in.
func (s *simulation) add(ctx context.Context, p *Past) error {
	s.out.Read++
	q := &p.Quote
	if q.Basis == nil {
		s.out.NoBasis++
		s.leave(p, SideNone, ErrNoBasis)
		return nil
	}
	b := *q.Basis
	b.Known = s.opts.Known
	if !s.opts.Valid.IsZero() {
		b.At = s.opts.Valid
	}
	var was, would Quote
	var err error
	if was, s.tookWas, err = s.was.measure(ctx, b, s.tookWas[:0]); err != nil {
		return s.failed(ctx, p, SideWas, err)
	}
	if would, s.tookWould, err = s.would.measure(ctx, b, s.tookWould[:0]); err != nil {
		return s.failed(ctx, p, SideWould, err)
	}
	s.out.Priced++
	c := s.currencies[b.Currency]
	if c == nil {
		c = &simulatedSums{partners: map[access.PartnerID]*totals{}, families: map[catalog.Family]*sums{}, rules: map[ruleKey]*ruleSums{}}
		s.currencies[b.Currency] = c
	}
	if !s.sum(c, &b, &was, &would) {
		return money.ErrOverflow
	}
	c.rank(SimulatedQuote{Ref: p.Ref, Partner: b.Partner, At: q.At, Net: shift(was.Net, would.Net), Gross: shift(was.Gross, would.Gross)}, s.opts.Largest)
	return nil
}

// failed leaves out a quote that cannot be priced, but for what ends the
// simulation.
func (s *simulation) failed(ctx context.Context, p *Past, side SimulatedSide, err error) error {
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	s.leave(p, side, err)
	return nil
}

func (s *simulation) leave(p *Past, side SimulatedSide, err error) {
	code := fault.CodeOf(err)
	s.reasons[SimulatedReason{Side: side, Code: code}]++
	if len(s.out.Left) < s.opts.Left {
		q := &p.Quote
		s.out.Left = append(s.out.Left, SimulatedLeft{Ref: p.Ref, Partner: q.Partner, At: q.At, Side: side, Code: code, Reason: reasonText(err), Net: q.Net})
	}
}

// mostReasons is how many issues of one quote are told.
const mostReasons = 3

// reasonText says what is wrong with a quote in one line, whatever its length.
func reasonText(err error) string {
	issues := fault.IssuesOf(err)
	if len(issues) == 0 {
		return err.Error()
	}
	var parts []string
	for _, i := range issues[:min(len(issues), mostReasons)] {
		parts = append(parts, i.Path+": "+i.Message)
	}
	if n := len(issues) - mostReasons; n > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", n))
	}
	return strings.Join(parts, "; ")
}

// sum adds the figures of a quote; false says that one is out of range.
func (s *simulation) sum(c *simulatedSums, b *Basket, was, would *Quote) bool {
	of := c.partners[b.Partner]
	if of == nil {
		of = new(totals)
		c.partners[b.Partner] = of
	}
	ok := of.add(was, would) && c.total.add(was, would)
	for i := range b.Lines {
		f := c.families[b.Lines[i].Family]
		if f == nil {
			f = new(sums)
			c.families[b.Lines[i].Family] = f
		}
		w, v := &was.Lines[i], &would.Lines[i]
		ok = ok && f.add(netWithShares(w), netWithShares(v)) &&
			c.list.add(w.Net.Minor(), v.Net.Minor()) && c.list.add(w.Discount.Minor(), v.Discount.Minor())
	}
	for side, took := range [2][]taken{s.tookWas, s.tookWould} {
		for _, t := range took {
			r := c.rules[t.ruleKey]
			if r == nil {
				r = new(ruleSums)
				c.rules[t.ruleKey] = r
			}
			if r.last[side] != s.out.Read {
				r.last[side] = s.out.Read
				r.quotes[side]++
			}
			if side == 0 {
				ok = ok && r.net.add(t.net, 0)
			} else {
				ok = ok && r.net.add(0, t.net)
			}
		}
	}
	return ok
}

// netWithShares cannot overflow: it is between zero and the quote's net.
func netWithShares(l *QuotedLine) int64 {
	n := l.Net.Minor()
	for _, share := range l.Shares {
		n += share.Minor()
	}
	return n
}

func (t *totals) add(was, would *Quote) bool {
	switch c := cmp.Compare(would.Net.Minor(), was.Net.Minor()); {
	case c > 0:
		t.dearer++
	case c < 0:
		t.cheaper++
	default:
		t.equal++
	}
	return t.net.add(was.Net.Minor(), would.Net.Minor()) && t.tax.add(was.Tax.Minor(), would.Tax.Minor()) &&
		t.gross.add(was.Gross.Minor(), would.Gross.Minor())
}

// add sums what is not below zero, so that a difference is always in range.
func (s *sums) add(was, would int64) bool {
	if was > math.MaxInt64-s.was || would > math.MaxInt64-s.would {
		return false
	}
	s.was += was
	s.would += would
	return true
}

// rank keeps the quotes with the largest changes, the largest first.
func (c *simulatedSums) rank(q SimulatedQuote, most int) {
	if q.Net.Difference.IsZero() {
		return
	}
	at, _ := slices.BinarySearchFunc(c.largest, q, func(a, b SimulatedQuote) int {
		return cmp.Or(compareSize(a.Net, b.Net), cmp.Compare(a.Ref, b.Ref), cmp.Compare(a.Partner, b.Partner), a.At.Compare(b.At))
	})
	if at == most {
		return
	}
	if len(c.largest) == most {
		c.largest = c.largest[:most-1]
	}
	c.largest = slices.Insert(c.largest, at, q)
}

// compareSize puts the larger difference first.
func compareSize(a, b Shift) int {
	return cmp.Compare(b.Difference.Abs().Minor(), a.Difference.Abs().Minor())
}

// shift compares two amounts of one currency that are not below zero.
func shift(was, would money.Amount) Shift {
	return Shift{Was: was, Would: would, Difference: money.FromMinor(would.Minor()-was.Minor(), was.Currency())}
}

func (s sums) in(c money.Currency) Shift {
	return shift(money.FromMinor(s.was, c), money.FromMinor(s.would, c))
}

func (t *totals) in(c money.Currency) SimulatedTotals {
	return SimulatedTotals{Quotes: t.dearer + t.cheaper + t.equal, Dearer: t.dearer, Cheaper: t.cheaper, Equal: t.equal,
		Net: t.net.in(c), Tax: t.tax.in(c), Gross: t.gross.in(c)}
}

// report writes the sums out in an order of their own.
func (s *simulation) report() Simulation {
	for r, n := range s.reasons {
		r.Quotes = n
		s.out.Reasons = append(s.out.Reasons, r)
	}
	slices.SortFunc(s.out.Reasons, func(a, b SimulatedReason) int {
		return cmp.Or(cmp.Compare(b.Quotes, a.Quotes), cmp.Compare(a.Side, b.Side), cmp.Compare(a.Code, b.Code))
	})
	for cur, c := range s.currencies {
		s.out.Currencies = append(s.out.Currencies, c.in(cur))
	}
	slices.SortFunc(s.out.Currencies, func(a, b SimulatedCurrency) int { return cmp.Compare(a.Currency.Code(), b.Currency.Code()) })
	return s.out
}

func (c *simulatedSums) in(cur money.Currency) SimulatedCurrency {
	out := SimulatedCurrency{Currency: cur, Total: c.total.in(cur), List: c.list.in(cur), Largest: c.largest}
	for id, t := range c.partners {
		out.Partners = append(out.Partners, SimulatedPartner{id, t.in(cur)})
	}
	slices.SortFunc(out.Partners, func(a, b SimulatedPartner) int {
		return cmp.Or(compareSize(a.Net, b.Net), cmp.Compare(a.Partner, b.Partner))
	})
	for f, t := range c.families {
		out.Families = append(out.Families, SimulatedFamily{f, t.in(cur)})
	}
	slices.SortFunc(out.Families, func(a, b SimulatedFamily) int {
		return cmp.Or(compareSize(a.Net, b.Net), cmp.Compare(a.Family.Super, b.Family.Super), cmp.Compare(a.Family.Family, b.Family.Family),
			cmp.Compare(a.Family.Sub, b.Family.Sub))
	})
	for k, r := range c.rules {
		out.Rules = append(out.Rules, SimulatedRule{Code: k.code, Charge: k.charge, WasQuotes: r.quotes[0], WouldQuotes: r.quotes[1], Net: r.net.in(cur)})
	}
	slices.SortFunc(out.Rules, func(a, b SimulatedRule) int {
		return cmp.Or(compareSize(a.Net, b.Net), cmp.Compare(a.Code, b.Code), boolRank(a.Charge)-boolRank(b.Charge))
	})
	return out
}

func boolRank(b bool) int {
	if b {
		return 1
	}
	return 0
}
