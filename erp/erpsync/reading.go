package erpsync

import (
	"cmp"
	"time"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

// ErrChange refuses a change whose figures or dates cannot be read. Nothing
// was written then.
var ErrChange = fault.Define(fault.Invalid, "erpsync.change", "the ERP's change cannot be read")

// errOpen is why what may be our own waits: it may be the document of a push
// whose answer is missing.
var errOpen = fault.Define(fault.Precondition, "erpsync.open", "it may be a document of ours whose push is not settled yet")

// errTwice is why a second document of ours in the ERP waits.
var errTwice = fault.Define(fault.Precondition, "erpsync.twice", "the ERP holds a document of ours twice")

// second reports whether the document of an id is a second one of ours in the
// ERP, whose first is have. It never takes the place of that: it waits, for
// people to see, until they cancel it there (gone); then it is left.
func second(kind, id, name string, have order.Twin, gone bool) (bool, error) {
	switch {
	case have.ID == "" || have.ID == id || have.State == "cancelled":
		return false, nil
	case gone:
		return true, nil
	}
	return true, &waiting{what: kind + "/" + id, err: errTwice.With("%s %s is document %s there already, and this one; cancel it there", kind, name, have.ID)}
}

// count reads a quantity of the ERP exactly.
func count(is *fault.Issues, path string, d decimal.Decimal) money.Quantity {
	q, err := money.QuantityFromDecimal(trim(d))
	switch {
	case err != nil:
		is.AddUnder(path, err)
	case q.Sign() < 0:
		is.Add(path, "negative", "%s is below zero", q)
	}
	return q
}

// day reads a date of the ERP; "" is none.
func day(is *fault.Issues, path, text string) partner.Date {
	if text == "" {
		return partner.Date{}
	}
	d, err := partner.ParseDate(text)
	if err != nil {
		is.AddUnder(path, err)
	}
	return d
}

// instant reads an RFC 3339 time; "" is none.
func instant(is *fault.Issues, path, text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		is.Add(path, "time", "is no RFC 3339 time")
	}
	return t.UTC()
}

// exact reads an amount of the ERP that has to fit the currency's digits.
func exact(is *fault.Issues, path string, d decimal.Decimal, c money.Currency) money.Amount {
	a, err := money.AmountFromDecimal(d, c, money.HalfAwayFromZero)
	switch {
	case err != nil:
		is.AddUnder(path, err)
		return money.Zero(c)
	case !a.Decimal().Equal(d):
		is.Add(path, "digits", "%s has more digits than %s", d.StringFixed(-d.Exponent()), c.Code())
	}
	return a
}

// reading collects what cannot be read of a document of the ERP.
type reading struct {
	is  fault.Issues
	cur money.Currency
}

func (r *reading) amount(path string, d decimal.Decimal) money.Amount {
	return exact(&r.is, path, d, r.cur)
}

func (r *reading) rate(path string, d decimal.Decimal) money.Rate {
	rate, err := money.RateFromDecimal(trim(d))
	r.is.AddUnder(path+".rate", err)
	return rate
}

// price reads a unit price without rounding it; a base of zero is 1.
func (r *reading) price(path string, d, base decimal.Decimal) money.Price {
	price, err := money.PriceFromDecimal(d, r.cur, money.HalfAwayFromZero)
	r.is.AddUnder(path+".unit_price", err)
	if err == nil && !price.Decimal().Equal(d) {
		r.is.Add(path+".unit_price", "digits", "a price has at most six decimals")
	}
	if q := count(&r.is, path+".price_base", base); err == nil && q.Sign() > 0 {
		price, err = price.PerBase(q)
		r.is.AddUnder(path+".price_base", err)
	}
	return price
}

func (r *reading) line(path string, l erp.InvoiceLine) billing.Line {
	return billing.Line{SKU: catalog.SKU(l.SKU), Name: cmp.Or(l.Text, l.SKU), Unit: l.Unit, Quantity: count(&r.is, path+".quantity", l.Quantity),
		Price: r.price(path, l.UnitPrice, l.PriceBase), Stated: catalog.Net, Net: r.amount(path+".net", l.Net),
		Category: category(l.TaxCategory, l.TaxRate), Rate: r.rate(path, l.TaxRate)}
}

// category is the ERP's, or else what its rate says.
func category(text string, rate decimal.Decimal) pricing.Category {
	switch {
	case text != "":
		return pricing.Category(text)
	case rate.IsPositive():
		return pricing.StandardRated
	}
	return pricing.ZeroRated
}
