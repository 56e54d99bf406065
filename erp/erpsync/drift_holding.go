package erpsync

import (
	"cmp"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/money"
)

// Holding is what one side holds of a document, in the form in which the sides
// are compared. What a side does not tell is left out and not compared.
type Holding struct {
	Kind DocKind
	// ID is the document's id on this side, Twin its id on the other as far as
	// this side knows it, Key the one that both know. Two holdings are one
	// document when a Twin is the other's ID or, while the Twin is not known,
	// when the Keys are equal.
	ID, Twin, Key string
	// Name is what people call it.
	Name string
	// Due says that the other side ought to hold it too; Ended that it is
	// cancelled, void or refused: then neither its lines nor its sums count.
	Due, Ended bool
	// Asks says that this side asks its end of the other.
	Asks bool
	// State is where it stands, and Agrees the states of the other side that
	// go with it; none agree with all.
	State  string
	Agrees []string
	// Own counts the changes of this side's own, 0 where it does not count. Heard
	// is the count of the other side's that it has taken in; it means nothing
	// unless this side Hears at all.
	Own, Heard int64
	Hears      bool
	// Behind says why the other side has not taken in what this one changed, ""
	// when it has. Waits says why a change of this document is parked.
	Behind, Waits string
	// Unread says that the other side has not read so far yet.
	Unread bool
	// Currency is that of its money, "" where the side does not tell.
	Currency string
	// Amount is what the document is about, for one that is missing; Minus says
	// that it counts against the others: credit notes, refunds.
	Amount decimal.Decimal
	Minus  bool
	// Figures are what is compared. Lists name the fields that this side tells
	// of all lines: a line without the figure has zero.
	Figures []Figure
	Lists   []string
	// Calc are the figures that the sums are made of, where they are known, to
	// try other ways of rounding.
	Calc []CalcLine
	// Billed are the sums of the invoices on a wholly invoiced order, nil for
	// one that is not. They are held against its own. Invoices counts them.
	Billed   *Sums
	Invoices int

	// noted is when this side learned of the twin last.
	noted time.Time
}

// Figure is one value of a document or of one of its lines.
type Figure struct {
	Line, Field string
	// Value is a number; Text takes its place where it is none.
	Value decimal.Decimal
	Text  string
	// Money says that it is an amount in the currency.
	Money bool
	// Content says that this side made it what it is, and the other has to
	// follow; else it is a fact that the ERP tells.
	Content bool
	// Wish says that this side asks it of the other: more of it here is not yet
	// pushed.
	Wish bool
}

// Sums are the totals of a document.
type Sums struct{ Net, Tax, Gross decimal.Decimal }

// figures are the sums as they are compared.
func (s Sums) figures(content bool) []Figure {
	return []Figure{{Field: "net", Value: s.Net, Money: true, Content: content}, {Field: "tax", Value: s.Tax, Money: true, Content: content},
		{Field: "gross", Value: s.Gross, Money: true, Content: content}}
}

func (s Sums) equal(t Sums) bool {
	return s.Net.Equal(t.Net) && s.Tax.Equal(t.Tax) && s.Gross.Equal(t.Gross)
}

// sums are the totals that the holding tells, false for one that does not.
func (h Holding) sums() (s Sums, told bool) {
	n := 0
	for _, f := range h.Figures {
		if f.Line != "" {
			continue
		}
		switch f.Field {
		case "net":
			s.Net = f.Value
		case "tax":
			s.Tax = f.Value
		case "gross":
			s.Gross = f.Value
		default:
			continue
		}
		n++
	}
	return s, n == 3
}

func (h Holding) currency(other Holding) money.Currency {
	c, _ := money.ParseCurrency(cmp.Or(h.Currency, other.Currency))
	return c
}

// add sums a figure of a line up with those of the same line and field.
func (h *Holding) add(f Figure) {
	for i := range h.Figures {
		if g := &h.Figures[i]; g.Line == f.Line && g.Field == f.Field {
			g.Value = g.Value.Add(f.Value)
			return
		}
	}
	h.Figures = append(h.Figures, f)
}

// text adds a word, unless it is not told.
func (h *Holding) text(field, text string, content bool) {
	if text != "" {
		h.Figures = append(h.Figures, Figure{Field: field, Text: text, Content: content})
	}
}

// inOrder are the holdings by kind and id.
func inOrder(hs []Holding) []Holding {
	out := slices.Clone(hs)
	slices.SortStableFunc(out, func(a, b Holding) int {
		return cmp.Or(cmp.Compare(rank(a.Kind), rank(b.Kind)), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Key, b.Key), cmp.Compare(a.Twin, b.Twin))
	})
	return out
}

// shown is a figure as people read it: with the currency's digits, or without
// trailing zeros.
func (f Figure) shown(c money.Currency) string {
	if f.Text != "" {
		return f.Text
	}
	d := trim(f.Value)
	digits := max(0, -d.Exponent())
	if f.Money {
		digits = max(digits, int32(c.Digits()))
	}
	return d.StringFixed(digits)
}
