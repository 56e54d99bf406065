package billing

import (
	"cmp"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
)

// Ageing is what invoices had left at a date, by how long they were overdue
// then: days after the due date, which itself is not overdue. An invoice
// without a due date was due on its issue date.
type Ageing struct {
	NotDue money.Amount `json:"not_due"`
	To30   money.Amount `json:"to_30"` // 1 to 30 days
	To60   money.Amount `json:"to_60"` // 31 to 60 days
	To90   money.Amount `json:"to_90"` // 61 to 90 days
	Over90 money.Amount `json:"over_90"`
	Total  money.Amount `json:"total"`
}

// bucket is where an invoice counts that is so many days overdue.
func (g *Ageing) bucket(days int) *money.Amount {
	switch {
	case days <= 0:
		return &g.NotDue
	case days <= 30:
		return &g.To30
	case days <= 60:
		return &g.To60
	case days <= 90:
		return &g.To90
	}
	return &g.Over90
}

// match counts what every invoice and the credit had left at Until: a part of
// a payment or credit note counts from the later of the two days on, and of a
// payment only while its money is there.
func (st *Statement) match(b *book, zone *time.Location) error {
	zero := money.Zero(st.Currency)
	st.Ageing = Ageing{NotDue: zero, To30: zero, To60: zero, To90: zero, Over90: zero, Total: zero}
	st.Credit = CreditOwed{Owed: zero, Promised: zero, Free: zero}
	left := make(map[ID]int64, len(b.docs))
	for _, h := range b.docs {
		left[h.ID] = h.Payable.Minor()
	}
	var t tally
	for i := range b.payments {
		st.countPayment(&t, &b.payments[i], left, zone)
	}
	for _, h := range b.docs {
		for _, u := range b.uses[h.ID] {
			if _, counts := left[u.Document]; counts && !u.On.After(st.Until) {
				left[h.ID] -= u.Amount.Minor()
			}
		}
	}
	for _, h := range b.docs {
		n := money.FromMinor(left[h.ID], st.Currency)
		switch {
		case h.Kind == CreditNote:
			t.add(&st.Credit.Owed, n)
		case n.Sign() != 0:
			st.count(&t, h, n)
		}
	}
	st.Credit.Free = st.Credit.Owed
	t.sub(&st.Credit.Free, st.Credit.Promised)
	if st.Credit.Free.Sign() < 0 {
		st.Credit.Free = zero
	}
	slices.SortStableFunc(st.Open, func(x, y OpenItem) int {
		return cmp.Or(x.Due.Compare(y.Due), cmp.Compare(x.Number, y.Number))
	})
	return t.err
}

// countPayment takes from invoices what a payment that was there at Until gave
// them, and counts the rest as owed; a refund that was paid is owed no more.
func (st *Statement) countPayment(t *tally, p *Payment, left map[ID]int64, zone *time.Location) {
	if p.Direction == Refund {
		if p.on(st.Until) {
			t.sub(&st.Credit.Owed, p.Amount)
		}
		if p.open() && !partner.DateOf(p.CreatedAt, zone).After(st.Until) {
			t.add(&st.Credit.Promised, p.Amount)
		}
		return
	}
	if !p.on(st.Until) {
		return
	}
	rest := p.Amount.Minor()
	for _, al := range p.Allocations {
		if _, counts := left[al.Document]; counts && p.State == order.PaymentConfirmed && !al.On.After(st.Until) {
			left[al.Document] -= al.Amount.Minor()
			rest -= al.Amount.Minor()
		}
	}
	t.add(&st.Credit.Owed, money.FromMinor(rest, st.Currency))
}

// count enters what is left of an invoice.
func (st *Statement) count(t *tally, h Header, n money.Amount) {
	due := h.Due
	if due.IsZero() {
		due = h.Issued
	}
	days := daysFrom(due, st.Until)
	st.Open = append(st.Open, OpenItem{Document: h.ID, Number: h.Number, Issued: h.Issued, Due: due, Left: n, Days: days})
	t.add(st.Ageing.bucket(days), n)
	t.add(&st.Ageing.Total, n)
}

// daysFrom counts the days from one to another, below zero backwards.
func daysFrom(a, b partner.Date) int {
	utc := func(d partner.Date) time.Time { return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, time.UTC) }
	return int(utc(b).Sub(utc(a)) / (24 * time.Hour))
}
