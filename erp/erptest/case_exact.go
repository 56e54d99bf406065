package erptest

import (
	"errors"
	"math"
	"time"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/money"
)

func exactCases() []testCase {
	return []testCase{
		{"digits", "quantities and prices are kept to the last declared decimal, and one decimal more is refused before it leaves", digits, on(erp.OpPush)},
		{"payment_exact", "the amount of a payment is told to the last digit, be it one that a count of cents by way of a float takes for another", paymentExact,
			on(erp.OpPushPayment, erp.OpPullPayments)},
		{"order_day", "the day of an order is kept, be it the first or last of the year or the last of February", orderDay, on(erp.OpPush)},
		{"payment_day", "the day of a payment is told as it was pushed, be it the first or last of the year or the last of February", paymentDay,
			on(erp.OpPushPayment, erp.OpPullPayments)},
		{"invoice_day", "the day and the due day of an invoice are told as they were pushed, be they the first or last of the year or the last of February", invoiceDay,
			on(erp.OpPushInvoice, erp.OpPullInvoices)},
		{"instants", "when a message was written and stock was counted is told as that instant, in whatever zone", instants,
			on(erp.OpPullMessages, erp.OpPullStock)},
	}
}

func digits(s *scene) {
	s.need(erp.OpPush)
	d := s.client.Describe()
	o := s.order(1, 1).Clone()
	l := &o.Lines[0]
	l.Quantity = tricky(l.Quantity, int32(d.QuantityDigits))
	l.UnitPrice = tricky(l.UnitPrice, int32(d.PriceDigits))
	o, ok := repriced(o, d)
	if !ok {
		s.untried("the harness's order does not fit when its first line has all decimals")
	}
	for _, more := range []func(*erp.OrderLine){
		func(l *erp.OrderLine) { l.Quantity = l.Quantity.Add(decimal.New(1, -int32(d.QuantityDigits)-1)) },
		func(l *erp.OrderLine) { l.UnitPrice = l.UnitPrice.Add(decimal.New(1, -int32(d.PriceDigits)-1)) },
	} {
		long := o.Clone()
		more(&long.Lines[0])
		if _, err := s.client.PushOrder(s.ctx, long); !errors.Is(err, erp.ErrInvalidDocument) {
			s.broken("a decimal too many was answered %s", show(err))
		}
	}
	if n := s.watch.asked(erp.OpPush); n > 0 {
		s.broken("what does not fit left %d times", n)
	}
	r, err := s.client.PushOrder(s.ctx, o)
	s.must("push_order", err)
	if s.Held == nil && r.Totals != nil { // how the ERP rounds what falls between two cents is its own affair
		if d, _ := r.Drift(o); d.Net.Abs().GreaterThan(decimal.New(1, -places(o.Currency))) {
			s.broken("the ERP's net is off by %s", d.Net.StringFixed(4))
		}
		return
	}
	s.eachLine(1, o, func(g, w erp.OrderLine) bool { return g.Quantity.Equal(w.Quantity) && g.UnitPrice.Equal(w.UnitPrice) })
}

// tricky is a number above v that needs all of the decimals, and that comes to
// another one when its smallest units are counted by way of a float: 1.15 is 114
// cents and something. Where none is near, as with one decimal, it is the next that
// needs them all.
func tricky(v decimal.Decimal, digits int32) decimal.Decimal {
	one := decimal.New(1, -digits)
	needs := func(v decimal.Decimal) bool { return digits <= 0 || v.Shift(digits).IntPart()%10 != 0 }
	next := v.Truncate(digits).Add(one)
	if !needs(next) {
		next = next.Add(one)
	}
	for i, t := 0, next; digits > 0 && i < 10_000; i, t = i+1, t.Add(one) {
		if float := t.InexactFloat64() * math.Pow10(int(digits)); int64(float) != t.Shift(digits).IntPart() && needs(t) {
			return t
		}
	}
	return next
}

// places are the decimals of a currency, two for one that is unknown.
func places(code string) int32 {
	c, err := money.ParseCurrency(code)
	if err != nil {
		return 2
	}
	return int32(c.Digits())
}

func paymentExact(s *scene) {
	s.need(erp.OpPushPayment, erp.OpPullPayments)
	want := map[string]decimal.Decimal{}
	for i, v := range []int64{0, 4, 63} {
		p, digits := s.payment(i+1), int32(0)
		for !p.Amount.Equal(p.Amount.Truncate(digits)) { // as many as the ERP surely takes
			digits++
		}
		if digits == 0 && places(p.Currency) > 0 {
			s.skip("a payment in %s has no decimals", p.Currency)
		}
		paying := len(p.Allocations) > 0
		p.Amount, p.Allocations = tricky(decimal.NewFromInt(v), digits), nil
		r, err := s.client.PushPayment(s.ctx, p)
		if paying && erp.ClassOf(err) == erp.Rejected {
			s.skip("the ERP takes no payment that pays no invoice")
		}
		s.must(string(erp.OpPushPayment), err)
		want[r.ID] = p.Amount
	}
	all := newest(s, "", s.client.PullPayments, func(p erp.Payment) erp.Head { return p.Head })
	for id, amount := range want {
		if got := all[id].Amount; !got.Equal(amount) {
			s.broken("a payment of %s is told as of %s", amount.StringFixed(4), got.StringFixed(4))
		}
	}
}

// repriced computes the sums of an order anew, in as many decimals as its
// currency has; false when no number of them makes it fit.
func repriced(o erp.Order, d erp.Description) (erp.Order, bool) {
	for _, digits := range []int32{2, 0, 3} {
		if p := pricedTo(o, digits); p.Check(d) == nil {
			return p, true
		}
	}
	return o, false
}

// days are where calendars and zones go wrong, in the year of the day.
func (s *scene) days(day string) []string {
	s.Helper()
	at, err := time.Parse(time.DateOnly, day)
	s.must("the day of the harness's document", err)
	year := at.Year()
	var all []string
	for _, d := range []time.Time{time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(year, 3, 0, 0, 0, 0, 0, time.UTC), time.Date(year, 12, 31, 0, 0, 0, 0, time.UTC)} {
		all = append(all, d.Format(time.DateOnly))
	}
	return all
}

// eachDay pushes a document of each of the days; one that the ERP's rules
// refuse (a period that is closed, a day to come) is left out.
func (s *scene) eachDay(day string, push func(n int, day string) error) {
	s.Helper()
	landed := 0
	for i, d := range s.days(day) {
		err := push(i+1, d)
		if erp.ClassOf(err) == erp.Rejected {
			continue
		}
		s.must("the push of "+d, err)
		landed++
	}
	if landed == 0 {
		s.skip("the ERP books none of the days")
	}
}

func orderDay(s *scene) {
	s.need(erp.OpPush)
	if s.Held == nil {
		s.untried("the harness has no Held")
	}
	s.eachDay(s.order(1, 1).Date, func(n int, day string) error {
		o := s.order(n, 1)
		o.Date = day
		if _, err := s.client.PushOrder(s.ctx, o); err != nil {
			return err
		}
		held, err := s.Held(s.ctx, s.key(n))
		s.must("the harness's Held", err)
		if len(held) != 1 || held[0].Order == nil || held[0].Order.Date == "" {
			s.untried("the harness's Held reads no day back")
		}
		if got := held[0].Order.Date; got != day {
			s.broken("the ERP holds the day %s, not %s", got, day)
		}
		return nil
	})
}

func paymentDay(s *scene) {
	s.need(erp.OpPushPayment, erp.OpPullPayments)
	want := map[string]string{}
	s.eachDay(s.payment(1).Date, func(n int, day string) error {
		p := s.payment(n)
		p.Date = day
		r, err := s.client.PushPayment(s.ctx, p)
		want[r.ID] = day
		return err
	})
	all := newest(s, "", s.client.PullPayments, func(p erp.Payment) erp.Head { return p.Head })
	for id, day := range want {
		if got := all[id].Date; id != "" && got != day {
			s.broken("the payment %q of %s is told as of %q", id, day, got)
		}
	}
}

func invoiceDay(s *scene) {
	s.need(erp.OpPushInvoice, erp.OpPullInvoices)
	want := map[string]string{}
	s.eachDay(s.invoice(1).Date, func(n int, day string) error {
		i := s.invoice(n)
		i.Date, i.Due = day, day
		r, err := s.client.PushInvoice(s.ctx, i)
		want[r.ID] = day
		return err
	})
	all := newest(s, "", s.client.PullInvoices, func(i erp.Invoice) erp.Head { return i.Head })
	for id, day := range want {
		if got := all[id]; id != "" && (got.Date != day || got.Due != day) {
			s.broken("the invoice %q of %s, due on it, is told as of %q, due %q", id, day, got.Date, got.Due)
		}
	}
}

func instants(s *scene) {
	if !s.client.Supports(erp.OpPullMessages) && !s.client.Supports(erp.OpPullStock) {
		s.skip("the adapter has no %s and has no %s", erp.OpPullMessages, erp.OpPullStock)
	}
	if s.Now == nil || s.Happen == nil {
		s.untried("the harness has no Now or no Happen")
	}
	looked := 0
	s.happened(erp.Messages, &looked, func(id string) string {
		return newest(s, id, s.client.PullMessages, func(m erp.Message) erp.Head { return m.Head })[id].At
	})
	s.happened(erp.Stocks, &looked, func(id string) string {
		return newest(s, id, s.client.PullStock, func(r erp.Stock) erp.Head { return r.Head })[id].At
	})
	if looked == 0 {
		s.skip("the ERP tells of no instants")
	}
}

// happened has a document of the stream appear and checks that its instant is
// told, to the second; one that the ERP does not tell is left out.
func (s *scene) happened(stream erp.Stream, looked *int, at func(id string) string) {
	s.Helper()
	if !s.client.Supports(erp.PullOf(stream)) {
		return
	}
	before := s.Now()
	id, err := s.Happen(s.ctx, stream, "")
	if errors.Is(err, ErrCannot) {
		return
	}
	s.must("the harness's Happen", err)
	after := s.Now()
	told := at(id)
	if told == "" {
		return
	}
	*looked++
	when, err := time.Parse(time.RFC3339, told)
	if err != nil {
		s.broken("%q of %s is no instant: %v", told, stream, err)
	} else if when.Before(before.Add(-time.Second)) || when.After(after.Add(time.Second)) {
		s.broken("%s happened between %s and %s, and is told as of %s", stream, before.Format(time.RFC3339), after.Format(time.RFC3339), told)
	}
}
