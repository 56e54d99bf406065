package erpsync

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/money"
)

// Compare holds both sides against each other and names what differs, each with
// its cause, in the order of a report. It is pure: equal sides give nothing, the
// order of the holdings does not matter, and with the sides exchanged it finds
// the same.
//
// Documents meet by the ids that the sides have noted of each other, or else by
// the key that both know. Of those that meet as one, the rest is double, unless
// it has ended. A document that the other side ought to have and has not is
// missing. Of a pair the states, and what both tell, are compared; of one that
// has ended on either side only the states.
func Compare(ours, theirs []Holding) []Difference {
	var c comparison
	c.match(inOrder(ours), inOrder(theirs), true, true)
	return c.sorted()
}

// comparison collects differences, and the pairs that were compared.
type comparison struct {
	found []Difference
	pairs []pairing
}

func (c *comparison) sorted() []Difference {
	for i := range c.found {
		c.found[i].print()
	}
	slices.SortFunc(c.found, Difference.before)
	return c.found
}

// match pairs the holdings and compares them. What is missing on a side is
// looked for only where it would have been read.
func (c *comparison) match(ours, theirs []Holding, readHere, readThere bool) {
	pairs := pairUp(ours, theirs)
	takenOurs, takenTheirs := map[int]bool{}, map[int]bool{}
	for _, p := range pairs {
		o, t := ours[p.ours], theirs[p.theirs]
		switch {
		case p.second == onTheirSide || p.second == 0 && takenOurs[p.ours]:
			if !takenTheirs[p.theirs] && !t.Ended {
				c.double(o, t, onTheirSide)
			}
			takenTheirs[p.theirs] = true
		case p.second == onOurSide || takenTheirs[p.theirs]:
			if !takenOurs[p.ours] && !o.Ended {
				c.double(o, t, onOurSide)
			}
			takenOurs[p.ours] = true
		default:
			takenOurs[p.ours], takenTheirs[p.theirs] = true, true
			c.pair(o, t)
		}
	}
	for i, o := range ours {
		if readThere && !takenOurs[i] && o.Due && !o.Ended {
			c.missing(o, onTheirSide)
		}
	}
	for i, t := range theirs {
		if readHere && !takenTheirs[i] && t.Due && !t.Ended {
			c.missing(t, onOurSide)
		}
	}
}

// side is one of the two.
type side uint8

const (
	onOurSide side = iota + 1
	onTheirSide
)

// link says that two holdings, by their places, are the same document; second
// that the one of that side is another document of the same key, whose first one
// the other side has noted.
type link struct {
	ours, theirs int
	strength     int
	second       side
}

// pairUp finds the links, the strongest first: noted ids, then keys of which
// nothing is noted, standing documents before ended ones, then second documents.
func pairUp(ours, theirs []Holding) []link {
	type name struct {
		kind DocKind
		text string
	}
	byID, byKey, byTwin := map[name][]int{}, map[name][]int{}, map[name][]int{}
	for i, t := range theirs {
		byID[name{t.Kind, t.ID}] = append(byID[name{t.Kind, t.ID}], i)
		if t.Key != "" {
			byKey[name{t.Kind, t.Key}] = append(byKey[name{t.Kind, t.Key}], i)
		}
		if t.Twin != "" {
			byTwin[name{t.Kind, t.Twin}] = append(byTwin[name{t.Kind, t.Twin}], i)
		}
	}
	var out []link
	for i, o := range ours {
		seen := map[int]bool{}
		add := func(j, strength int, second side) {
			if !seen[j] {
				seen[j] = true
				if o.Ended {
					strength++
				}
				if theirs[j].Ended {
					strength++
				}
				out = append(out, link{i, j, strength, second})
			}
		}
		if o.Twin != "" {
			for _, j := range byID[name{o.Kind, o.Twin}] {
				add(j, 0, 0)
			}
		}
		for _, j := range byTwin[name{o.Kind, o.ID}] {
			add(j, 0, 0)
		}
		if o.Key == "" {
			continue
		}
		for _, j := range byKey[name{o.Kind, o.Key}] {
			switch t := theirs[j]; {
			case o.Twin != "" && o.Twin != t.ID:
				add(j, 20, onTheirSide)
			case t.Twin != "" && t.Twin != o.ID:
				add(j, 20, onOurSide)
			default:
				add(j, 10, 0)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b link) int {
		return cmp.Or(cmp.Compare(a.strength, b.strength), cmp.Compare(a.ours, b.ours), cmp.Compare(a.theirs, b.theirs))
	})
	return out
}

// double notes a second document on a side.
func (c *comparison) double(o, t Holding, on side) {
	extra, first := t, o
	d := Difference{Document: o.Kind, ID: o.ID, ERPID: t.ID, Name: cmp.Or(o.Name, t.Name), Fault: Double, Cause: DoubleDocument}
	if on == onOurSide {
		extra, first = o, t
		d.Ours = "a second one"
	} else {
		d.Theirs = "a second one"
	}
	if first.Twin != "" {
		d.Evidence = append(d.Evidence, fmt.Sprintf("%s is document %s on the other side already", cmp.Or(first.Name, first.ID), first.Twin))
	} else {
		d.Evidence = append(d.Evidence, "another document of the same key stands on the other side")
	}
	if extra.Waits != "" {
		d.Evidence = append(d.Evidence, "parked: "+extra.Waits)
	}
	d.Money = amountOf(extra, first, on)
	c.found = append(c.found, d)
}

// missing notes a document that one side has and the other has not.
func (c *comparison) missing(h Holding, on side) {
	d := Difference{Document: h.Kind, Name: h.Name, Cause: LostDocument}
	have := cmp.Or(h.State, "there")
	if on == onTheirSide {
		d.ID, d.ERPID, d.Fault, d.Ours = h.ID, h.Twin, MissingThere, have
		d.Money = amountOf(h, h, onOurSide)
	} else {
		d.ID, d.ERPID, d.Fault, d.Theirs = h.Twin, h.ID, MissingHere, have
		d.Money = amountOf(h, h, onTheirSide)
	}
	switch {
	case h.Waits != "":
		d.Cause, d.Evidence = NotApplied, []string{"parked: " + h.Waits}
	case h.Unread && on == onTheirSide:
		d.Cause, d.Evidence = NotYetPushed, []string{cmp.Or(h.Behind, "no push of it has been acknowledged")}
	case h.Unread:
		d.Cause, d.Evidence = NotYetPulled, []string{"it lies behind the place up to which the stream was read"}
	case h.Twin != "":
		d.Evidence = []string{fmt.Sprintf("it was document %s on the other side, which tells of it no more", h.Twin)}
	default:
		d.Evidence = []string{"the other side was told of it and has not kept it"}
	}
	c.found = append(c.found, d)
}

// amountOf is the amount of a document that one side alone holds, as theirs less
// ours.
func amountOf(h, other Holding, has side) money.Amount {
	cur := h.currency(other)
	if cur.IsZero() || h.Amount.IsZero() {
		return money.Amount{}
	}
	a := amount(h.Amount, cur)
	if has == onOurSide {
		a = a.Neg()
	}
	return a
}

// pair compares one document of both sides.
func (c *comparison) pair(o, t Holding) {
	p := pairing{o: o, t: t, base: Difference{Document: o.Kind, ID: o.ID, ERPID: t.ID, Name: cmp.Or(o.Name, t.Name), Fault: Differs}}
	c.pairs = append(c.pairs, p)
	c.found = append(c.found, p.states()...)
	if !o.Ended && !t.Ended {
		c.found = append(c.found, p.figures()...)
		c.found = append(c.found, p.billed(o, onOurSide)...)
		c.found = append(c.found, p.billed(t, onTheirSide)...)
	}
}

// pairing is a document that both sides hold.
type pairing struct {
	o, t Holding
	base Difference
}

func (p pairing) states() []Difference {
	agree := func(h, other Holding) bool {
		return len(h.Agrees) == 0 || other.State == "" || slices.Contains(h.Agrees, other.State)
	}
	if agree(p.o, p.t) && agree(p.t, p.o) {
		return nil
	}
	d := p.base
	d.Field, d.Ours, d.Theirs = "state", p.o.State, p.t.State
	var wish side // who has ended it may ask the same of the other
	switch {
	case p.o.Ended && p.o.Asks && !p.t.Ended:
		wish = onOurSide
	case p.t.Ended && p.t.Asks && !p.o.Ended:
		wish = onTheirSide
	}
	d.Cause, d.Evidence = p.fact(wish)
	return []Difference{d}
}

// figures compares what both sides tell.
func (p pairing) figures() []Difference {
	type name struct{ line, field string }
	at := func(h Holding) map[name]Figure {
		m := make(map[name]Figure, len(h.Figures))
		for _, f := range h.Figures {
			m[name{f.Line, f.Field}] = f
		}
		return m
	}
	ours, theirs := at(p.o), at(p.t)
	names := map[name]bool{}
	for n := range ours {
		names[n] = true
	}
	for n := range theirs {
		names[n] = true
	}
	cur := p.o.currency(p.t)
	rounding := p.rounding(cur)
	var out []Difference
	for n := range names {
		o, isOurs := ours[n]
		t, isTheirs := theirs[n]
		if !isOurs && (n.line == "" || !slices.Contains(p.o.Lists, n.field)) || !isTheirs && (n.line == "" || !slices.Contains(p.t.Lists, n.field)) {
			continue // not told by one of the sides
		}
		if o.Text == t.Text && o.Value.Equal(t.Value) {
			continue
		}
		if !isOurs {
			o = Figure{Line: n.line, Field: n.field, Money: t.Money}
		}
		if !isTheirs {
			t = Figure{Line: n.line, Field: n.field, Money: o.Money}
		}
		d := p.base
		d.Line, d.Field, d.Ours, d.Theirs = n.line, n.field, o.shown(cur), t.shown(cur)
		if (o.Money || t.Money) && !cur.IsZero() {
			d.Money = amount(t.Value.Sub(o.Value), cur)
		}
		d.Cause, d.Evidence = p.cause(o, t, rounding)
		out = append(out, d)
	}
	return follow(out)
}

// follow gives what follows from goods that were given up the cause of that: who
// gives goods up gives back what was set aside of them.
func follow(found []Difference) []Difference {
	for _, up := range found {
		if up.Field != "cancelled" || !up.Cause.late() {
			continue
		}
		for i, x := range found {
			if x.Line == up.Line && x.Field == "reserved" && x.Cause == ByHand {
				found[i].Cause, found[i].Evidence = up.Cause, up.Evidence
			}
		}
	}
	return found
}

// cause says why a figure differs.
func (p pairing) cause(o, t Figure, rounding string) (Cause, []string) {
	sums := o.Line == "" && (o.Field == "net" || o.Field == "tax" || o.Field == "gross")
	switch {
	case !o.Content && !t.Content:
	case o.Content && (p.o.Behind != "" || p.missed(p.o, p.t)):
		return NotYetPushed, p.behind(p.o)
	case t.Content && (p.t.Behind != "" || p.missed(p.t, p.o)):
		return NotYetPulled, p.behind(p.t)
	case sums && rounding != "":
		return RoundingPolicy, []string{rounding}
	default:
		return ByHand, p.counts("the content was acknowledged, and is another now")
	}
	if sums && rounding != "" {
		return RoundingPolicy, []string{rounding}
	}
	var wish side
	switch {
	case o.Wish && o.Value.GreaterThan(t.Value):
		wish = onOurSide
	case t.Wish && t.Value.GreaterThan(o.Value):
		wish = onTheirSide
	}
	return p.fact(wish)
}

// fact says why a fact differs; wish is the side that asks for it, if any.
func (p pairing) fact(wish side) (Cause, []string) {
	switch {
	case p.t.Waits != "" || p.o.Waits != "":
		return NotApplied, []string{"parked: " + cmp.Or(p.t.Waits, p.o.Waits)}
	case p.missed(p.t, p.o):
		return NotYetPulled, p.counts("the change there has not come here")
	case p.missed(p.o, p.t) || p.o.Behind != "":
		return NotYetPushed, p.behind(p.o)
	case p.t.Behind != "":
		return NotYetPulled, p.behind(p.t)
	case wish == onOurSide:
		return NotYetPushed, p.counts("it was given up here, and still stands there")
	case wish == onTheirSide:
		return NotYetPulled, p.counts("it was given up there, and still stands here")
	case p.t.Own > 0 && p.o.Hears && p.o.Heard > p.t.Own || p.o.Own > 0 && p.t.Hears && p.t.Heard > p.o.Own:
		return LostDocument, p.counts("a change that the other side took in is gone, as after a backup was restored")
	}
	return ByHand, p.counts("nothing is under way between the sides")
}

// missed reports whether the other side has not taken in what a side changed.
func (p pairing) missed(by, other Holding) bool { return other.Hears && by.Own > other.Heard }

// behind says what of a side the other has not taken in.
func (p pairing) behind(of Holding) []string {
	if of.Behind != "" {
		return []string{of.Behind}
	}
	return p.counts("the change has not arrived on the other side")
}

// counts says what the sides have heard of each other.
func (p pairing) counts(text string) []string {
	out := []string{text}
	if p.t.Own > 0 && p.o.Hears {
		out = append(out, fmt.Sprintf("change %d there, %d was taken in here", p.t.Own, p.o.Heard))
	}
	if p.t.Hears {
		out = append(out, fmt.Sprintf("revision %d here, %d was taken in there", p.o.Own, p.t.Heard))
	}
	return out
}

// rounding names the way of rounding by which the sums of the one side become
// those of the other, "" when there is none.
func (p pairing) rounding(cur money.Currency) string {
	o, told := p.o.sums()
	t, also := p.t.sums()
	if !told || !also || o.equal(t) {
		return ""
	}
	return cmp.Or(explain(p.o.Calc, o, t, cur), explain(p.t.Calc, t, o, cur))
}

// billed holds a wholly invoiced order against its invoices.
func (p pairing) billed(h Holding, has side) []Difference {
	s, told := h.sums()
	if h.Billed == nil || !told || s.Gross.Equal(h.Billed.Gross) {
		return nil
	}
	cur := p.o.currency(p.t)
	d := p.base
	d.Field, d.Ours, d.Theirs = "billed", Figure{Value: s.Gross, Money: true}.shown(cur), Figure{Value: h.Billed.Gross, Money: true}.shown(cur)
	diff := h.Billed.Gross.Sub(s.Gross)
	if has == onTheirSide {
		d.Ours, d.Theirs, diff = d.Theirs, d.Ours, diff.Neg()
	}
	if !cur.IsZero() {
		d.Money = amount(diff, cur)
	}
	// Each invoice rounds its lines and its tax, by at most half a unit each.
	room := int64(h.Invoices*len(h.Calc)+1) / 2
	switch {
	case h.Invoices > 1 && within(s.Net, h.Billed.Net, room, cur) && within(s.Tax, h.Billed.Tax, room+1, cur), s.Net.Equal(h.Billed.Net) && within(s.Tax, h.Billed.Tax, room, cur):
		d.Cause, d.Evidence = RoundingPolicy, []string{fmt.Sprintf("all of it is invoiced; %d invoices round for themselves, and the sums are within what that can do", h.Invoices)}
	default:
		d.Cause, d.Evidence = ByHand, []string{"all of it is invoiced, and the invoices come to another sum than the order"}
	}
	return []Difference{d}
}

// within reports whether two numbers are within so many smallest units.
func within(a, b decimal.Decimal, units int64, cur money.Currency) bool {
	return a.Sub(b).Abs().LessThanOrEqual(decimal.New(units, -int32(cur.Digits())))
}
