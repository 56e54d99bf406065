package order_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
)

// bill is what a document took.
type bill struct {
	slices []order.Slice
	boxes  []order.Box
	taxes  []money.Amount
}

// split is one order billed and credited at random, with the running sums of
// its documents.
type split struct {
	o     order.Order
	bills []bill
	docs  map[order.LineID][]int64 // net and shares so far
	tax   []int64                  // of each row so far
}

// dress computes the boxes of slices, as a document does: one per row.
func (s *split) dress(t *rapid.T, b *bill, tax func(row pricing.Tax, base money.Amount, i int) (money.Amount, order.Box)) {
	for i, row := range s.o.Quote.Taxes {
		base := money.Zero(s.o.Currency)
		for _, sl := range b.slices {
			if l, _ := s.o.Quote.Line(sl.Line); l.Rate == row.Rate {
				part, err := sl.Base()
				require.NoError(t, err)
				require.GreaterOrEqual(t, part.Sign(), 0, "no base below zero")
				base = plus(t, base, part)
			}
		}
		due, box := tax(row, base, i)
		require.Equal(t, base.Minor(), order.Length(box.Taken))
		b.boxes, b.taxes = append(b.boxes, box), append(b.taxes, due)
	}
}

func (s *split) count(b bill, sign int64) {
	for _, sl := range b.slices {
		sums := s.docs[sl.Line]
		sums[0] += sign * sl.Net.Minor()
		for k, share := range sl.Shares {
			sums[k+1] += sign * share.Minor()
		}
	}
	for i, tax := range b.taxes {
		s.tax[i] += sign * tax.Minor()
	}
}

// invoice takes of every line what part draws.
func (s *split) invoice(t *rapid.T, part func(left int64) int64) {
	var b bill
	for i := range s.o.Lines {
		l := &s.o.Lines[i]
		left := l.Quantity.Units() - order.Length(l.Billed.Taken)
		q, err := money.QuantityFromUnits(part(left))
		require.NoError(t, err)
		sl, err := s.o.NextSlice(l.ID, q)
		require.NoError(t, err)
		require.Equal(t, q, sl.Quantity)
		require.Equal(t, q.Units(), order.Length(sl.Stretches))
		b.slices = append(b.slices, sl)
	}
	s.dress(t, &b, func(row pricing.Tax, base money.Amount, _ int) (money.Amount, order.Box) {
		tax, box, err := s.o.NextTax(row.Category, row.Rate, base)
		require.NoError(t, err)
		return tax, box
	})
	for _, sl := range b.slices {
		taken(&s.o, sl)
	}
	for _, box := range b.boxes {
		boxed(&s.o, box)
	}
	s.count(b, +1)
	s.bills = append(s.bills, b)
}

// credit gives back a part of a document, from the top of what is left of it.
func (s *split) credit(t *rapid.T) {
	inv := &s.bills[rapid.IntRange(0, len(s.bills)-1).Draw(t, "document")]
	var b bill
	for i := range inv.slices {
		was := inv.slices[i]
		n := rapid.Int64Range(0, was.Quantity.Units()).Draw(t, "back")
		top, rest := order.CutTop(was.Stretches, n)
		back, err := s.o.SliceOf(was.Line, top)
		require.NoError(t, err)
		kept, err := s.o.SliceOf(was.Line, rest)
		require.NoError(t, err)
		b.slices, inv.slices[i] = append(b.slices, back), kept
		for k := range s.o.Lines {
			if l := &s.o.Lines[k]; l.ID == was.Line {
				l.Billed.Taken = without(l.Billed.Taken, top)
			}
		}
	}
	s.dress(t, &b, func(row pricing.Tax, base money.Amount, i int) (money.Amount, order.Box) {
		top, rest := order.CutTop(inv.boxes[i].Taken, base.Minor())
		back, kept := inv.boxes[i], inv.boxes[i]
		back.Taken, kept.Taken = top, rest
		tax, err := s.o.TaxOf(back)
		require.NoError(t, err)
		inv.boxes[i] = kept
		for k := range s.o.Boxes {
			if x := &s.o.Boxes[k]; x.Rate == row.Rate {
				x.Taken = without(x.Taken, top)
			}
		}
		return tax, back
	})
	s.count(b, -1)
}

// hold checks that what is taken and what is free is the whole, in the net,
// every share and every row of tax, and that the documents sum to what the
// taken stretches say, however it came about.
func (s *split) hold(t *rapid.T) {
	for i, l := range s.o.Lines {
		whole := s.o.Quote.Lines[i]
		have, err := s.o.SliceOf(l.ID, l.Billed.Taken)
		require.NoError(t, err)
		left, err := money.QuantityFromUnits(l.Quantity.Units() - order.Length(l.Billed.Taken))
		require.NoError(t, err)
		free, err := s.o.NextSlice(l.ID, left)
		require.NoError(t, err)
		require.Equal(t, whole.Net, plus(t, have.Net, free.Net))
		require.Equal(t, s.docs[l.ID][0], have.Net.Minor(), "the same stretches have the same money")
		for k, share := range whole.Shares {
			require.Equal(t, share, plus(t, have.Shares[k], free.Shares[k]))
			require.Equal(t, s.docs[l.ID][k+1], have.Shares[k].Minor())
		}
	}
	for i, row := range s.o.Quote.Taxes {
		var box order.Box
		for _, b := range s.o.Boxes {
			if b.Rate == row.Rate {
				box = b
			}
		}
		box.Category, box.Rate = string(row.Category), row.Rate
		have, err := s.o.TaxOf(box)
		require.NoError(t, err)
		require.Equal(t, s.tax[i], have.Minor())
		free, _, err := s.o.NextTax(row.Category, row.Rate, money.FromMinor(row.Base.Minor()-order.Length(box.Taken), s.o.Currency))
		require.NoError(t, err)
		require.Equal(t, row.Tax, plus(t, have, free))
	}
}

// TestLawSlicesSumToTheWhole: over random sequences of taking, giving back
// from the top and taking again.
func TestLawSlicesSumToTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := split{o: drawRuled(t), docs: map[order.LineID][]int64{}}
		for _, l := range s.o.Quote.Lines {
			s.docs[l.ID] = make([]int64, 1+len(l.Shares))
		}
		s.tax = make([]int64, len(s.o.Quote.Taxes))
		for range rapid.IntRange(1, 8).Draw(t, "documents") {
			if len(s.bills) > 0 && rapid.Bool().Draw(t, "credit") {
				s.credit(t)
			} else {
				s.invoice(t, func(left int64) int64 { return rapid.Int64Range(0, left).Draw(t, "part") })
			}
			s.hold(t)
		}
		s.invoice(t, func(left int64) int64 { return left })
		s.hold(t)
		for _, l := range s.o.Quote.Lines {
			require.Equal(t, l.Net.Minor(), s.docs[l.ID][0], "all is taken: the quote's net")
			for k, share := range l.Shares {
				require.Equal(t, share.Minor(), s.docs[l.ID][k+1], "and its shares")
			}
		}
		for i, row := range s.o.Quote.Taxes {
			require.Equal(t, row.Tax.Minor(), s.tax[i], "and its tax")
		}
	})
}

// TestLawTaxOfOneStretchIsWithinAUnit: of its own rate × base, where the row's
// tax is rate × base; else within a unit of that and what deviates.
func TestLawTaxOfOneStretchIsWithinAUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := drawRuled(t)
		row := rapid.SampledFrom(o.Quote.Taxes).Draw(t, "row")
		if row.Base.IsZero() {
			return
		}
		from := rapid.Int64Range(0, row.Base.Minor()-1).Draw(t, "from")
		to := rapid.Int64Range(from+1, row.Base.Minor()).Draw(t, "to")
		tax, err := o.TaxOf(order.Box{Category: string(row.Category), Rate: row.Rate, Taken: []order.Stretch{{From: from, To: to}}})
		require.NoError(t, err)
		alone, err := money.FromMinor(to-from, o.Currency).Percent(row.Rate, money.HalfAwayFromZero)
		require.NoError(t, err)
		full, err := row.Base.Percent(row.Rate, money.HalfAwayFromZero)
		require.NoError(t, err)
		e := money.FromMinor(row.Tax.Minor()-full.Minor(), o.Currency).Abs().Minor()
		require.LessOrEqual(t, money.FromMinor(tax.Minor()-alone.Minor(), o.Currency).Abs().Minor(), 1+e)
	})
}

// TestLawStretchIsWithinAUnitOfItsPart: net and base of one stretch, compared
// with its part of the line computed by itself.
func TestLawStretchIsWithinAUnitOfItsPart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := drawRuled(t)
		l := rapid.SampledFrom(o.Quote.Lines).Draw(t, "line")
		from := rapid.Int64Range(0, l.Quantity.Units()-1).Draw(t, "from")
		to := rapid.Int64Range(from+1, l.Quantity.Units()).Draw(t, "to")
		s, err := o.SliceOf(l.ID, []order.Stretch{{From: from, To: to}})
		require.NoError(t, err)
		within := func(got, whole money.Amount, most int64) {
			alone, err := whole.Part(to-from, l.Quantity.Units(), money.HalfAwayFromZero)
			require.NoError(t, err)
			require.LessOrEqual(t, money.FromMinor(got.Minor()-alone.Minor(), o.Currency).Abs().Minor(), most)
		}
		within(s.Net, l.Net, 1)
		for k := range s.Shares {
			within(s.Shares[k], l.Shares[k], 2)
		}
		base, err := s.Base()
		require.NoError(t, err)
		whole, err := order.Slice{Net: l.Net, Shares: l.Shares}.Base()
		require.NoError(t, err)
		within(base, whole, 1)
	})
}
