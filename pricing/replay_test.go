package pricing_test

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// Replay evaluates the explanation of a quote on its own, in decimals, and
// reports where it does not give the quote's figures.
func Replay(q pricing.Quote) error {
	sums := map[string]*replayed{}
	for _, l := range q.Lines {
		if err := replayLine(q, l, sums); err != nil {
			return fmt.Errorf("line %s: %w", l.ID, err)
		}
	}
	net, tax := decimal.Zero, decimal.Zero
	for _, row := range q.Taxes {
		s := sums[string(row.Category)+" "+row.Rate.String()]
		if s == nil {
			return fmt.Errorf("no line explains the row %v", row)
		}
		digits := int32(q.Currency.Digits())
		whole := decimal.NewFromInt(100)
		rate := row.Rate.Decimal()
		contained := s.gross.Sub(s.gross.Mul(whole).DivRound(whole.Add(rate), 40).Round(digits))
		wantTax := s.net.Mul(rate).Mul(decimal.New(1, -2)).Round(digits).Add(contained)
		wantBase := s.net.Add(s.gross).Sub(contained)
		for home, u := range s.untaxed {
			rate, err := decimal.NewFromString(home)
			if err != nil {
				return err
			}
			if without := u.gross.Mul(whole).DivRound(whole.Add(rate), 40).Round(digits); !without.Equal(u.net) {
				return fmt.Errorf("%s without %s %% is %s, the lines share %s", u.gross, home, without, u.net)
			}
			wantBase = wantBase.Add(u.net)
		}
		if !s.tax.Equal(wantTax) {
			return fmt.Errorf("row %v: replayed tax %s before adjustments, lines' tax %s", row, wantTax, s.tax)
		}
		if len(q.Adjustments) > 0 { // the row's tax less rate × base stays, but for taxes below zero
			beyond := wantTax.Sub(percent(wantBase, rate, digits))
			wantBase = wantBase.Add(s.shares)
			if wantTax = percent(wantBase, rate, digits).Add(beyond); wantBase.IsZero() || wantTax.IsNegative() {
				wantTax = decimal.Zero
			}
		}
		if !row.Base.Decimal().Equal(wantBase) || !row.Tax.Decimal().Equal(wantTax) || !s.due.Equal(wantTax) {
			return fmt.Errorf("row %v: replayed base %s, tax %s, lines' tax %s", row, wantBase, wantTax, s.due)
		}
		net, tax = net.Add(wantBase), tax.Add(wantTax)
	}
	if !q.Net.Decimal().Equal(net) || !q.Tax.Decimal().Equal(tax) || !q.Gross.Decimal().Equal(net.Add(tax)) {
		return fmt.Errorf("totals: replayed %s + %s", net, tax)
	}
	return nil
}

func percent(base, rate decimal.Decimal, digits int32) decimal.Decimal {
	return base.Mul(rate).Shift(-2).Round(digits)
}

// replayed is what the lines of one rate add up to, net- and gross-stated, and
// apart those whose gross contains a rate at home that is not due.
type replayed struct {
	net, gross, tax decimal.Decimal
	shares, due     decimal.Decimal // of adjustments, and the tax with them
	untaxed         map[string]*replayed
}

func replayLine(q pricing.Quote, l pricing.QuotedLine, sums map[string]*replayed) error {
	var unit, base, value, tax, shares, due decimal.Decimal
	adjusted := 0
	ref, home := "", ""
	var without decimal.Decimal
	for _, s := range l.Why {
		figure, per, err := readFigure(s.Value, q.Currency)
		if err != nil {
			return err
		}
		switch s.Code {
		case pricing.StepList:
			unit, base = figure, per
		case pricing.StepBreak:
			from, err := decimal.NewFromString(strings.TrimPrefix(s.Ref, "from "))
			if err != nil || from.GreaterThan(l.Quantity.Decimal()) {
				return fmt.Errorf("the break %q does not apply", s.Ref)
			}
			unit, base = figure, per
		case pricing.StepRound:
			if s.Ref != money.HalfAwayFromZero.String() {
				return fmt.Errorf("rounding %q", s.Ref)
			}
			value = unit.Mul(l.Quantity.Decimal()).DivRound(base, 40).Round(int32(q.Currency.Digits()))
			if !value.Equal(figure) {
				return fmt.Errorf("rounded %s, said %s", value, figure)
			}
		case pricing.StepUntax:
			home, without = s.Ref, figure
		case pricing.StepAdjust:
			if adjusted == len(q.Adjustments) || s.Ref != q.Adjustments[adjusted].Code || !figure.Equal(l.Shares[adjusted].Decimal()) {
				return fmt.Errorf("share %s of %s", s.Value, s.Ref)
			}
			shares = shares.Add(figure)
			adjusted++
		case pricing.StepTax:
			if ref == "" {
				ref, tax = s.Ref, figure
			}
			due = figure
		default:
			return fmt.Errorf("step %q", s.Code)
		}
	}
	if !l.Price.Decimal().Equal(unit) || !l.Price.Base().Decimal().Equal(base) {
		return fmt.Errorf("price %s, replayed %s / %s", l.Price, unit, base)
	}
	s := sums[ref]
	if s == nil {
		s = &replayed{untaxed: map[string]*replayed{}}
		sums[ref] = s
	}
	s.tax, s.shares, s.due = s.tax.Add(tax), s.shares.Add(shares), s.due.Add(due)
	if adjusted != len(q.Adjustments) {
		return fmt.Errorf("%d shares explained, not %d", adjusted, len(q.Adjustments))
	}
	net := value
	switch {
	case home != "":
		net = without
		u := s.untaxed[home]
		if u == nil {
			u = &replayed{}
			s.untaxed[home] = u
		}
		u.gross, u.net = u.gross.Add(value), u.net.Add(without)
	case l.Stated == catalog.Gross:
		net = value.Sub(tax)
		s.gross = s.gross.Add(value)
	default:
		s.net = s.net.Add(value)
	}
	if gross := net.Add(shares).Add(due); !l.Net.Decimal().Equal(net) || !l.Tax.Decimal().Equal(due) || !l.Gross.Decimal().Equal(gross) {
		return fmt.Errorf("replayed %s + %s + %s = %s, quoted %s + %s = %s", net, shares, due, gross, l.Net, l.Tax, l.Gross)
	}
	return nil
}

// readFigure reads "12.50 EUR" and "12.50 EUR / 100".
func readFigure(text string, cur money.Currency) (figure, base decimal.Decimal, err error) {
	number, per, found := strings.Cut(text, " / ")
	base = decimal.NewFromInt(1)
	if found {
		if base, err = decimal.NewFromString(per); err != nil {
			return figure, base, err
		}
	}
	number, unit, _ := strings.Cut(number, " ")
	if unit != cur.Code() {
		return figure, base, fmt.Errorf("%q is not in %s", text, cur)
	}
	figure, err = decimal.NewFromString(number)
	return figure, base, err
}
