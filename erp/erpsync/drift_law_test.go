package erpsync_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/erp/erpsync"
)

// books are both sides, document by document the same.
type books struct{ ours, theirs []erpsync.Holding }

// cents draws an amount.
func cents(t *rapid.T, label string) decimal.Decimal {
	return decimal.New(rapid.Int64Range(1, 999_999).Draw(t, label), -2)
}

// agreeing draws books in which both sides hold the same.
func agreeing(t *rapid.T) books {
	var b books
	for i := range rapid.IntRange(1, 6).Draw(t, "documents") {
		kind := rapid.SampledFrom([]erpsync.DocKind{erpsync.OrderDoc, erpsync.DeliveryDoc, erpsync.InvoiceDoc, erpsync.PaymentDoc}).Draw(t, "kind")
		o := erpsync.Holding{Kind: kind, ID: fmt.Sprint("o", i), Twin: fmt.Sprint("t", i), Key: fmt.Sprint("K", i), Name: fmt.Sprint("N-", i), Due: true,
			State: "open", Agrees: []string{"there-open"}, Own: 3, Heard: 10, Hears: true, Currency: "EUR", Lists: []string{"quantity"}}
		s := erpsync.Holding{Kind: kind, ID: o.Twin, Key: o.Key, Name: o.Name, Due: true, State: "there-open", Agrees: []string{"open"}, Own: 10, Heard: 3, Hears: true,
			Currency: "EUR", Lists: []string{"quantity"}}
		var net, tax decimal.Decimal
		for l := range rapid.IntRange(1, 4).Draw(t, "lines") {
			n, price := decimal.NewFromInt(rapid.Int64Range(1, 9).Draw(t, "quantity")), cents(t, "price")
			line := erpsync.CalcLine{Quantity: n, Price: price, Net: n.Mul(price).Round(2), Category: "S",
				Rate: decimal.New(rapid.SampledFrom([]int64{20, 19, 77}).Draw(t, "rate"), -rapid.Int32Range(0, 1).Draw(t, "digits"))}
			o.Calc = append(o.Calc, line)
			net = net.Add(line.Net)
			figure := erpsync.Figure{Line: fmt.Sprint("L", l), Field: "quantity", Value: n, Content: true}
			o.Figures = append(o.Figures, figure)
			figure.Content = false
			s.Figures = append(s.Figures, figure)
		}
		tax = taxOf(o.Calc, false)
		o.Amount, s.Amount = net.Add(tax), net.Add(tax)
		o.Figures = append(o.Figures, sums(net, tax, true)...)
		s.Figures = append(s.Figures, sums(net, tax, false)...)
		b.ours, b.theirs = append(b.ours, o), append(b.theirs, s)
	}
	return b
}

// taxOf is the tax of lines, for each rate or line by line.
func taxOf(lines []erpsync.CalcLine, byLine bool) (tax decimal.Decimal) {
	rates := map[string]decimal.Decimal{}
	bases := map[string]decimal.Decimal{}
	for i, l := range lines {
		key := l.Rate.StringFixed(4)
		if byLine {
			key += fmt.Sprint(i)
		}
		rates[key], bases[key] = l.Rate, bases[key].Add(l.Net)
	}
	for key, base := range bases {
		tax = tax.Add(base.Mul(rates[key]).Shift(-2).Round(2))
	}
	return tax
}

func sums(net, tax decimal.Decimal, content bool) []erpsync.Figure {
	return []erpsync.Figure{{Field: "net", Value: net, Money: true, Content: content}, {Field: "tax", Value: tax, Money: true, Content: content},
		{Field: "gross", Value: net.Add(tax), Money: true, Content: content}}
}

func clone(hs []erpsync.Holding) []erpsync.Holding {
	out := slices.Clone(hs)
	for i := range out {
		out[i].Figures = slices.Clone(out[i].Figures)
	}
	return out
}

func set(h *erpsync.Holding, line, field string, to func(decimal.Decimal) decimal.Decimal) {
	for i, f := range h.Figures {
		if f.Line == line && f.Field == field {
			h.Figures[i].Value = to(f.Value)
		}
	}
}

func value(h erpsync.Holding, field string) decimal.Decimal {
	for _, f := range h.Figures {
		if f.Line == "" && f.Field == field {
			return f.Value
		}
	}
	return decimal.Zero
}

var unit = decimal.NewFromInt(1)

func oneMore(d decimal.Decimal) decimal.Decimal { return d.Add(unit) }

// faults are what may happen to a pair of documents, and what is to be said
// about it. Those that cannot happen to it answer false.
var faults = map[string]struct {
	fault   erpsync.Fault
	cause   erpsync.Cause
	happens func(b *books, i int) bool
}{
	"lost there": {erpsync.MissingThere, erpsync.LostDocument, func(b *books, i int) bool {
		b.theirs = slices.Delete(b.theirs, i, i+1)
		return true
	}},
	"lost here": {erpsync.MissingHere, erpsync.LostDocument, func(b *books, i int) bool {
		b.ours = slices.Delete(b.ours, i, i+1)
		return true
	}},
	"never pushed": {erpsync.MissingThere, erpsync.NotYetPushed, func(b *books, i int) bool {
		b.ours[i].Twin, b.ours[i].Unread = "", true
		b.theirs = slices.Delete(b.theirs, i, i+1)
		return true
	}},
	"never pulled": {erpsync.MissingHere, erpsync.NotYetPulled, func(b *books, i int) bool {
		b.theirs[i].Unread = true
		b.ours = slices.Delete(b.ours, i, i+1)
		return true
	}},
	"parked": {erpsync.MissingHere, erpsync.NotApplied, func(b *books, i int) bool {
		b.theirs[i].Waits = "no such article"
		b.ours = slices.Delete(b.ours, i, i+1)
		return true
	}},
	"made twice": {erpsync.Double, erpsync.DoubleDocument, func(b *books, i int) bool {
		twice := b.theirs[i]
		twice.ID = "a" + twice.ID
		b.theirs = append(b.theirs, twice)
		return true
	}},
	"made twice before the first is known": {erpsync.Double, erpsync.DoubleDocument, func(b *books, i int) bool {
		b.ours[i].Twin = ""
		twice := b.theirs[i]
		twice.ID = "z" + twice.ID
		b.theirs = append(b.theirs, twice)
		return true
	}},
	"another quantity": {erpsync.Differs, erpsync.ByHand, func(b *books, i int) bool {
		set(&b.theirs[i], "L0", "quantity", oneMore)
		return true
	}},
	"a line is gone": {erpsync.Differs, erpsync.ByHand, func(b *books, i int) bool {
		b.theirs[i].Figures = slices.DeleteFunc(b.theirs[i].Figures, func(f erpsync.Figure) bool { return f.Line == "L0" })
		return true
	}},
	"a line is there besides": {erpsync.Differs, erpsync.ByHand, func(b *books, i int) bool {
		b.theirs[i].Figures = append(b.theirs[i].Figures, erpsync.Figure{Line: "L9", Field: "quantity", Value: unit})
		return true
	}},
	"another price": {erpsync.Differs, erpsync.ByHand, func(b *books, i int) bool {
		set(&b.theirs[i], "", "net", oneMore)
		set(&b.theirs[i], "", "gross", oneMore)
		return true
	}},
	"tax by line": {erpsync.Differs, erpsync.RoundingPolicy, func(b *books, i int) bool {
		tax := taxOf(b.ours[i].Calc, true)
		if tax.Equal(value(b.ours[i], "tax")) {
			return false
		}
		set(&b.theirs[i], "", "tax", func(decimal.Decimal) decimal.Decimal { return tax })
		set(&b.theirs[i], "", "gross", func(decimal.Decimal) decimal.Decimal { return value(b.ours[i], "net").Add(tax) })
		return true
	}},
	"a revision on its way": {erpsync.Differs, erpsync.NotYetPushed, func(b *books, i int) bool {
		b.ours[i].Own++
		set(&b.ours[i], "L0", "quantity", oneMore)
		return true
	}},
	"a state on its way": {erpsync.Differs, erpsync.NotYetPulled, func(b *books, i int) bool {
		b.theirs[i].Own++
		b.theirs[i].State = "there-done"
		return true
	}},
	"another state": {erpsync.Differs, erpsync.ByHand, func(b *books, i int) bool {
		b.theirs[i].State = "there-done"
		return true
	}},
	"a state of before": {erpsync.Differs, erpsync.LostDocument, func(b *books, i int) bool {
		b.theirs[i].Own--
		b.theirs[i].State = "there-draft"
		return true
	}},
}

// Equal books differ in nothing, whatever the order in which they are told.
func TestDriftOfEqualBooks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := agreeing(t)
		require.Empty(t, erpsync.Compare(b.ours, b.theirs))
		require.Empty(t, erpsync.Compare(b.theirs, b.ours))
	})
}

// Every fault is found with its cause, and nothing besides.
func TestDriftFindsEveryFault(t *testing.T) {
	for name, f := range faults {
		t.Run(name, func(t *testing.T) {
			happened := 0
			rapid.Check(t, func(t *rapid.T) {
				b := agreeing(t)
				i := rapid.IntRange(0, len(b.ours)-1).Draw(t, "document")
				id := b.ours[i].ID
				hurt := books{clone(b.ours), clone(b.theirs)}
				if !f.happens(&hurt, i) {
					return // it cannot happen to this document
				}
				happened++
				found := erpsync.Compare(hurt.ours, hurt.theirs)
				require.NotEmpty(t, found)
				for _, d := range found {
					require.Equal(t, f.fault, d.Fault)
					require.Equal(t, f.cause, d.Cause)
					require.NotEmpty(t, d.Evidence)
					require.NotEmpty(t, d.Fingerprint)
					if f.fault != erpsync.MissingHere {
						require.Equal(t, id, d.ID)
					}
				}
			})
			require.Positive(t, happened)
		})
	}
}

// The order of the documents and of what they tell does not matter.
func TestDriftDoesNotDependOnOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := hurtBooks(t)
		want := erpsync.Compare(b.ours, b.theirs)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		for _, hs := range [][]erpsync.Holding{b.ours, b.theirs} {
			r.Shuffle(len(hs), func(i, j int) { hs[i], hs[j] = hs[j], hs[i] })
			for _, h := range hs {
				r.Shuffle(len(h.Figures), func(i, j int) { h.Figures[i], h.Figures[j] = h.Figures[j], h.Figures[i] })
			}
		}
		require.Equal(t, want, erpsync.Compare(b.ours, b.theirs))
	})
}

// With the sides exchanged the same differs, by the same money the other way
// round; what was not yet pulled is not yet pushed.
func TestDriftIsSymmetric(t *testing.T) {
	exchanged := map[string]string{"missing_here": "missing_there", "missing_there": "missing_here", "not_yet_pulled": "not_yet_pushed", "not_yet_pushed": "not_yet_pulled"}
	other := func(word string) string {
		if to, is := exchanged[word]; is {
			return to
		}
		return word
	}
	rapid.Check(t, func(t *rapid.T) {
		b := hurtBooks(t)
		var one, two []string
		for _, d := range erpsync.Compare(b.ours, b.theirs) {
			one = append(one, fmt.Sprint(d.Document, d.ID, d.ERPID, d.Fault, d.Cause, d.Line, d.Field, d.Ours, d.Theirs, d.Money))
		}
		for _, d := range erpsync.Compare(b.theirs, b.ours) {
			two = append(two, fmt.Sprint(d.Document, d.ERPID, d.ID, other(string(d.Fault)), other(string(d.Cause)), d.Line, d.Field, d.Theirs, d.Ours, d.Money.Neg()))
		}
		slices.Sort(one)
		slices.Sort(two)
		require.Equal(t, one, two)
	})
}

// hurtBooks draws books to some documents of which something has happened.
func hurtBooks(t *rapid.T) books {
	b := agreeing(t)
	names := make([]string, 0, len(faults))
	for name := range faults {
		names = append(names, name)
	}
	slices.Sort(names)
	out := books{}
	for i := range b.ours {
		one := books{clone(b.ours[i : i+1]), clone(b.theirs[i : i+1])}
		if rapid.Bool().Draw(t, "hurt") {
			faults[rapid.SampledFrom(names).Draw(t, "fault")].happens(&one, 0)
		}
		out.ours, out.theirs = append(out.ours, one.ours...), append(out.theirs, one.theirs...)
	}
	return out
}
