package memerp

import (
	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/money"
)

// How the ERP computes: from quantities and prices, lines rounded to the
// currency's digits, tax on the document, half away from zero.

func digitsOf(currency string) int32 {
	if c, err := money.ParseCurrency(currency); err == nil {
		return int32(c.Digits())
	}
	return 2
}

// net is the amount of a quantity of the line.
func net(l erp.OrderLine, quantity decimal.Decimal, digits int32) decimal.Decimal {
	amount := quantity.Mul(l.UnitPrice)
	if l.PriceBase.IsPositive() {
		return amount.DivRound(l.PriceBase, digits)
	}
	return amount.Round(digits)
}

// taxes collects amounts per category and rate, in the order they come.
type taxes []erp.InvoiceTax

func (x *taxes) add(category string, rate, amount decimal.Decimal) {
	for i, t := range *x {
		if t.Category == category && t.Rate.Equal(rate) {
			(*x)[i].Base = t.Base.Add(amount)
			return
		}
	}
	*x = append(*x, erp.InvoiceTax{Category: category, Rate: rate, Base: amount})
}

func (x taxes) sum(digits int32) ([]erp.InvoiceTax, erp.Totals) {
	var t erp.Totals
	for i := range x {
		x[i].Tax = x[i].Base.Mul(x[i].Rate).Shift(-2).Round(digits)
		t.Net, t.Tax = t.Net.Add(x[i].Base), t.Tax.Add(x[i].Tax)
	}
	t.Gross = t.Net.Add(t.Tax)
	return x, t
}

// part is the share of a whole that belongs to done out of all, rounded; the
// whole when all is done.
func part(whole, done, all decimal.Decimal, digits int32) decimal.Decimal {
	if all.IsZero() || done.GreaterThanOrEqual(all) {
		return whole
	}
	return whole.Mul(done).DivRound(all, digits)
}
