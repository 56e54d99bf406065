package erpsync

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/money"
)

// CalcLine is a line, or with no Quantity an allowance or charge, as sums are
// made of it.
type CalcLine struct {
	// Price is that of Base units; a Base of zero is 1.
	Quantity, Price, Base decimal.Decimal
	// Net is the line's amount as its side has it.
	Net      decimal.Decimal
	Category string
	Rate     decimal.Decimal
}

// roundings are the ways in which software rounds.
var roundings = []struct {
	name  string
	round func(d decimal.Decimal, digits int32) decimal.Decimal
}{
	{"half away from zero", decimal.Decimal.Round},
	{"half to even", decimal.Decimal.RoundBank},
	{"half down", halfDown},
	{"up", decimal.Decimal.RoundUp},
	{"down", decimal.Decimal.RoundDown},
}

// halfDown rounds a half towards zero.
func halfDown(d decimal.Decimal, digits int32) decimal.Decimal {
	half, down := decimal.New(5, -digits-1), d.RoundDown(digits)
	if d.Sub(down).Abs().GreaterThan(half) {
		return d.RoundUp(digits)
	}
	return down
}

// exactDigits is to how many decimals what is not rounded yet is kept.
const exactDigits = 16

// explain names the way of rounding by which lines whose sums are has become
// want, "" when there is none. Where the nets are equal, VAT that is off by no
// more than a smallest unit for each line is rounding too, of a way that is not
// known.
func explain(lines []CalcLine, has, want Sums, cur money.Currency) string {
	if len(lines) == 0 || cur.IsZero() {
		return ""
	}
	digits := int32(cur.Digits())
	for _, r := range roundings {
		for _, nets := range []string{"as told", "line by line", "at the end"} {
			for _, tax := range []string{"for each rate", "line by line"} {
				if computed(lines, digits, r.round, nets, tax).equal(want) {
					return fmt.Sprintf("rounded %s, lines %s, tax %s, the sums are those of the other side", r.name, nets, tax)
				}
			}
		}
	}
	if has.Net.Equal(want.Net) && has.Net.Add(has.Tax).Equal(has.Gross) && want.Net.Add(want.Tax).Equal(want.Gross) && within(has.Tax, want.Tax, int64(len(lines)), cur) {
		return "the nets are equal, and the tax is within what rounding can do"
	}
	return ""
}

// computed are the sums of lines by one way of rounding.
func computed(lines []CalcLine, digits int32, round func(decimal.Decimal, int32) decimal.Decimal, nets, tax string) Sums {
	type row struct {
		category string
		rate     string
	}
	base, rates := map[row]decimal.Decimal{}, map[row]decimal.Decimal{}
	var rows []row
	var s Sums
	for _, l := range lines {
		net := l.Net
		if nets != "as told" && !l.Quantity.IsZero() {
			net = l.Quantity.Mul(l.Price)
			if l.Base.IsPositive() {
				net = net.DivRound(l.Base, exactDigits)
			}
			if nets == "line by line" {
				net = round(net, digits)
			}
		}
		r := row{l.Category, trim(l.Rate).StringFixed(4)}
		if _, known := base[r]; !known {
			rows = append(rows, r)
		}
		base[r], rates[r] = base[r].Add(net), l.Rate
		if tax == "line by line" {
			s.Tax = s.Tax.Add(round(net.Mul(l.Rate).Shift(-2), digits))
		}
	}
	for _, r := range rows {
		s.Net = s.Net.Add(round(base[r], digits))
		if tax == "for each rate" {
			s.Tax = s.Tax.Add(round(base[r].Mul(rates[r]).Shift(-2), digits))
		}
	}
	s.Gross = s.Net.Add(s.Tax)
	return s
}
