package pricing

import (
	"cmp"
	"slices"

	"github.com/comptoir-go/comptoir/money"
)

// The two ways a line's amount can be stated, as an index.
const (
	netStated   = 0
	grossStated = 1
)

// part is the lines of one rate that are stated alike.
type part struct {
	lines int
	sum   money.Amount // of the stated line amounts
	share money.Amount // what is apportioned: the tax of nets, the net of grosses
	next  int          // where the part's next weight or share stands
}

func (p *part) add(v money.Amount) error {
	sum, err := p.sum.Add(v)
	if err != nil {
		return err
	}
	p.lines++
	p.sum = sum
	return nil
}

// rateGroup becomes one row of the breakdown, or a part of one: a row of goods
// that leave the country free of tax may hold several rates at home.
type rateGroup struct {
	category Category
	rate     money.Rate
	home     money.Rate // what prices stated gross contain
	parts    [2]part
	ref      string // in explanations: "S 20"
	base     int64  // of an engine: the net of its lines
	due      int64  // and their tax
	with     int64  // and what is stated with its tax, of those that netSum looks at
}

// untaxed reports whether prices stated gross contain a tax that is not due.
func (g *rateGroup) untaxed() bool { return g.home != g.rate }

// group returns the index of the group of a category and rate.
func (s *scratch) group(c Category, rate, home money.Rate, cur money.Currency) int {
	for i := range s.groups {
		if g := &s.groups[i]; g.category == c && g.rate == rate && g.home == home {
			return i
		}
	}
	none := part{sum: money.Zero(cur)}
	g := rateGroup{category: c, rate: rate, home: home, parts: [2]part{none, none}}
	if s.why.on {
		g.ref = string(c) + " " + rate.String()
	}
	s.groups = append(s.groups, g)
	return len(s.groups) - 1
}

// netOf takes the tax out of a gross amount, rounded once. It is the only
// place where gross becomes net: a rate's gross total is converted as a whole
// and stays what was stated (10 × 38.23 is 382.30). The rate is the one that the
// price contains: the seller's at home, wherever the goods go.
func netOf(gross money.Amount, rate money.Rate, r money.Rounding) (money.Amount, error) {
	const all = 1_000_000 // 100 % in units of a rate
	return gross.Part(all, all+rate.Units(), r)
}

// settle makes the breakdown and the totals from the groups, then gives every
// line its share. Within a rate, nets are taxed as one sum (BT-117 is BT-116
// × rate, rounded) and grosses are converted as one sum; the row adds both.
func (p *ListPricer) settle(q *Quote, s *scratch) error {
	cur := q.Currency
	q.Net, q.Tax = money.Zero(cur), money.Zero(cur)
	q.Taxes = make([]Tax, 0, len(s.groups))
	for i := range s.groups {
		row, err := s.groups[i].tax(p.opts.Rounding)
		if err != nil {
			return err
		}
		if err := q.enter(row); err != nil {
			return err
		}
		if q.Net, err = q.Net.Add(row.Base); err != nil {
			return err
		}
		if q.Tax, err = q.Tax.Add(row.Tax); err != nil {
			return err
		}
	}
	var err error
	if q.Gross, err = q.Net.Add(q.Tax); err != nil {
		return err
	}
	if len(q.Taxes) > 1 {
		slices.SortFunc(q.Taxes, func(a, b Tax) int {
			return cmp.Or(cmp.Compare(a.Category.rank(), b.Category.rank()), b.Rate.Cmp(a.Rate))
		})
	}
	if err := s.apportion(p.opts.Apportionment); err != nil {
		return err
	}
	s.deal(q)
	return nil
}

// enter adds a row to the breakdown, to the one of its category and rate where
// there is one.
func (q *Quote) enter(row Tax) error {
	for i := range q.Taxes {
		t := &q.Taxes[i]
		if t.Category != row.Category || t.Rate != row.Rate {
			continue
		}
		var err error
		if t.Base, err = t.Base.Add(row.Base); err != nil {
			return err
		}
		t.Tax, err = t.Tax.Add(row.Tax)
		return err
	}
	q.Taxes = append(q.Taxes, row)
	return nil
}

// tax computes the row of the group and what each part apportions.
func (g *rateGroup) tax(r money.Rounding) (Tax, error) {
	row := Tax{Category: g.category, Rate: g.rate}
	n, gr := &g.parts[netStated], &g.parts[grossStated]
	var err error
	if n.share, err = n.sum.Percent(g.rate, r); err != nil {
		return row, err
	}
	if gr.share, err = netOf(gr.sum, g.home, r); err != nil {
		return row, err
	}
	if row.Base, err = n.sum.Add(gr.share); err != nil {
		return row, err
	}
	if g.untaxed() {
		row.Tax = n.share
		return row, nil
	}
	contained, err := gr.sum.Sub(gr.share)
	if err != nil {
		return row, err
	}
	row.Tax, err = n.share.Add(contained)
	return row, err
}

// apportion fills shares part by part. The weights of a part are its stated
// amounts; a single part needs no sorting.
func (s *scratch) apportion(how money.Apportionment) error {
	n := len(s.values)
	from := 0
	for i := range s.groups {
		for side := range s.groups[i].parts {
			s.groups[i].parts[side].next = from
			from += s.groups[i].parts[side].lines
		}
	}
	weights := s.values
	if n > 0 && s.groups[s.slots[0]/2].parts[s.slots[0]%2].lines < n {
		weights = s.weights
		for i, v := range s.values {
			p := s.part(i)
			weights[p.next] = v
			p.next++
		}
	}
	// Parts are filled in ascending order, so what SplitInto uses behind a part
	// as scratch is free.
	from = 0
	for i := range s.groups {
		for side := range s.groups[i].parts {
			p := &s.groups[i].parts[side]
			until := from + p.lines
			if p.lines > 0 {
				if err := how.SplitInto(s.shares[from:until], p.share.Minor(), weights[from:until]); err != nil {
					return err
				}
			}
			p.next, from = from, until
		}
	}
	return nil
}

func (s *scratch) part(i int) *part { return &s.groups[s.slots[i]>>1].parts[s.slots[i]&1] }

// deal writes the figures of the lines.
func (s *scratch) deal(q *Quote) {
	cur := q.Currency
	none := money.Zero(cur)
	for i := range q.Lines {
		l, p := &q.Lines[i], s.part(i)
		value, share := s.values[i], s.shares[p.next]
		p.next++
		l.Discount = none
		g := &s.groups[s.slots[i]>>1]
		switch {
		case s.slots[i]&1 == netStated:
			l.Net, l.Tax, l.Gross = money.FromMinor(value, cur), money.FromMinor(share, cur), money.FromMinor(value+share, cur)
		case g.untaxed():
			l.Net, l.Tax, l.Gross = money.FromMinor(share, cur), none, money.FromMinor(share, cur)
		default:
			l.Net, l.Tax, l.Gross = money.FromMinor(share, cur), money.FromMinor(value-share, cur), money.FromMinor(value, cur)
		}
		if s.why.on {
			s.why.tax(l, g.ref, g.home, len(q.Lines)-i)
		}
	}
}
