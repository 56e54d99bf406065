package cart

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/uow"
)

// QuickInput asks to put a pasted text into a cart.
type QuickInput struct {
	Cart    ID     `json:"cart"`
	Version int64  `json:"version,omitempty"`
	Key     string `json:"key,omitempty"`
	// Text is read by ParseQuick.
	Text string `json:"text"`
	// TakeGood puts what can be put and reports the rest; otherwise one fault
	// stops everything.
	TakeGood bool `json:"take_good,omitempty"`
}

// QuickResult is what became of a pasted text.
type QuickResult struct {
	Cart Cart `json:"cart"`
	// Taken are the lines that were put, Faults those that were not, each in
	// order of the text.
	Taken  []QuickLine  `json:"taken"`
	Faults []QuickError `json:"faults,omitempty"`
}

// QuickOrder puts pasted `code;qty` text into a cart. Lines of one code are
// added up, and join the cart's line of the same product that has neither
// ticket nor note; quantity rules hold for the sum. What exists for whom is as
// for Put: a code that is not there for the actor is catalog.not_found.
//
// Errors: those of every command of the holder; ErrQuick (Invalid) with an
// issue "line[n]" for every fault of the text, n from 1, the []QuickError as
// its data, and nothing put. With TakeGood faults are in the result instead.
func (s *Service) QuickOrder(ctx context.Context, a access.Actor, in QuickInput) (QuickResult, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (QuickResult, error) { return s.QuickOrderTx(ctx, tx, a, in) })
}

// QuickOrderTx is QuickOrder within the caller's transaction.
func (s *Service) QuickOrderTx(ctx context.Context, tx Tx, a access.Actor, in QuickInput) (QuickResult, error) {
	c, err := s.see(ctx, tx, a, in.Cart)
	if err != nil {
		return QuickResult{}, err
	}
	return uow.Once(ctx, tx.Keys(), scope("quick_order", a), in.Key, in, func() (QuickResult, error) {
		if err := s.mayEdit(a, c, in.Version); err != nil {
			return QuickResult{}, err
		}
		lines, faults := ParseQuick(in.Text)
		groups := groupQuick(lines)
		products, err := tx.Products().BySKU(ctx, skusOf(groups))
		if err != nil {
			return QuickResult{}, err
		}
		out := QuickResult{Faults: faults}
		for _, g := range groups {
			s.putQuick(a, &c, &out, products, g)
		}
		sortQuick(&out)
		if len(out.Faults) > 0 && !in.TakeGood {
			return QuickResult{}, quickError(out.Faults)
		}
		out.Cart = c
		if len(out.Taken) > 0 {
			out.Cart, err = s.saveHeld(ctx, tx, a, c, Filled)
		}
		return out, err
	})
}

// groupQuick puts the lines of one code together, in order of appearance.
func groupQuick(lines []QuickLine) [][]QuickLine {
	var groups [][]QuickLine
	at := make(map[catalog.SKU]int)
	for _, l := range lines {
		i, ok := at[l.SKU]
		if !ok {
			i = len(groups)
			at[l.SKU] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], l)
	}
	return groups
}

func skusOf(groups [][]QuickLine) []catalog.SKU {
	skus := make([]catalog.SKU, len(groups))
	for i, g := range groups {
		skus[i] = g[0].SKU
	}
	return skus
}

// putQuick puts the lines of one code, all or none of them.
func (s *Service) putQuick(a access.Actor, c *Cart, out *QuickResult, products map[catalog.SKU]catalog.Product, g []QuickLine) {
	var is fault.Issues
	sku := g[0].SKU
	p, ok := products[sku]
	if !ok || s.hidden(a, c, p) {
		is.Add("", catalog.ErrNotFound.FaultCode(), "there is no product %q", sku)
		out.refuse(g, is)
		return
	}
	l := Line{Product: p.ID, SKU: p.SKU}
	into := c.twin(l)
	if into >= 0 {
		l.ID, l.Quantity = c.Lines[into].ID, c.Lines[into].Quantity
	}
	sum, err := addUp(l.Quantity, g)
	if err != nil {
		is.AddUnder("", err)
	} else {
		c.checkQuantity(&is, "", p, l.ID, sum)
	}
	checkOrderable(&is, "", p, c.Partner)
	if into < 0 && len(c.Lines) >= s.limits.Lines {
		is.Add("", ErrLimit.FaultCode(), "the cart has at most %d lines", s.limits.Lines)
	}
	if len(is) > 0 {
		out.refuse(g, is)
		return
	}
	if into >= 0 {
		c.Lines[into].Quantity = sum
	} else {
		l.ID, l.Quantity = LineID(s.newID()), sum
		c.Lines = append(c.Lines, l)
	}
	c.Quote = nil
	out.Taken = append(out.Taken, g...)
}

func addUp(q money.Quantity, g []QuickLine) (money.Quantity, error) {
	var err error
	for _, l := range g {
		if q, err = q.Add(l.Quantity); err != nil {
			return q, err
		}
	}
	return q, nil
}

// refuse notes the faults of a code on each of its lines.
func (r *QuickResult) refuse(g []QuickLine, is fault.Issues) {
	for _, l := range g {
		for _, i := range is {
			r.Faults = append(r.Faults, QuickError{Number: l.Number, SKU: l.SKU, Code: i.Code, Message: i.Message})
		}
	}
}

func sortQuick(r *QuickResult) {
	slices.SortStableFunc(r.Taken, func(a, b QuickLine) int { return a.Number - b.Number })
	slices.SortStableFunc(r.Faults, func(a, b QuickError) int { return a.Number - b.Number })
}

func quickError(faults []QuickError) error {
	var is fault.Issues
	for _, f := range faults {
		path := "text"
		if f.Number > 0 {
			path = index("line", f.Number)
		}
		is.Add(path, f.Code, "%s", f.Message)
	}
	return is.Err(ErrQuick.Noting(faults))
}
