package billing_test

import (
	"context"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

var accountant = access.Actor{ID: "berta", Name: "Berta", Partner: "nord", Roles: []access.Role{access.Accountant}}

func day(text string) partner.Date { return partner.MustDate(text) }

// bought sells, ships and invoices lines.
func (s *shop) bought(lines ...string) billing.Document {
	s.t.Helper()
	o := s.sold(buyer, lines...)
	s.ship(o.ID)
	return s.issued(o.ID)
}

// paid tells of a transfer by the partner "nord" for invoices, as much as
// possible for each.
func (s *shop) paid(amount string, docs ...billing.Document) billing.Payment {
	s.t.Helper()
	in := billing.PayInput{Amount: eur(amount), Method: billing.Transfer, Reference: "ref " + amount}
	for _, d := range docs {
		in.Invoices = append(in.Invoices, billing.PayFor{Document: d.ID})
	}
	p, err := s.bills.Pay(s.ctx, buyer, in)
	require.NoError(s.t, err)
	return p
}

func (s *shop) move(p billing.Payment, on billing.PaymentTrigger) billing.Payment {
	s.t.Helper()
	p, err := s.bills.Advance(s.ctx, operator, billing.PaymentAdvanceInput{Payment: p.ID, On: on, Reason: "because"})
	require.NoError(s.t, err)
	return p
}

// arrived is a payment that is confirmed at once.
func (s *shop) arrived(amount string, docs ...billing.Document) billing.Payment {
	s.t.Helper()
	return s.move(s.paid(amount, docs...), billing.Confirm)
}

func (s *shop) payment(id billing.PaymentID) billing.Payment {
	s.t.Helper()
	p, err := s.bills.GetPayment(s.ctx, operator, id)
	require.NoError(s.t, err)
	return p
}

func (s *shop) statement(in billing.StatementInput) billing.Statement {
	s.t.Helper()
	if in.Partner == "" {
		in.Partner = "nord"
	}
	in.Currency = money.EUR
	st, err := s.bills.Statement(s.ctx, operator, in)
	require.NoError(s.t, err)
	return st
}

// owed is the credit that the partner has now.
func (s *shop) owed() billing.CreditOwed { return s.statement(billing.StatementInput{}).Credit }

// figures are what payments and set-offs left on a document.
func (s *shop) figures(id billing.ID) [3]string {
	s.t.Helper()
	d := s.doc(id)
	return [3]string{d.Paid.Text(), d.SetOff.Text(), d.Left().Text()}
}

// everything reads all documents and payments as they are stored.
func (s *shop) everything() (docs []billing.Document, payments []billing.Payment) {
	s.t.Helper()
	require.NoError(s.t, s.store.View(s.ctx, func(ctx context.Context, tx store.Tx) error {
		docs, payments = nil, nil
		page := uow.PageRequest{Limit: uow.MaxPage}
		hs, err := tx.Invoices().Find(ctx, billing.Query{Page: page})
		if err != nil {
			return err
		}
		for _, h := range hs.Rows {
			d, err := tx.Invoices().Get(ctx, h.ID)
			if err != nil {
				return err
			}
			docs = append(docs, d)
		}
		ps, err := tx.Payments().Find(ctx, billing.PaymentQuery{Page: page})
		payments = ps.Rows
		if err == nil && (hs.Next != "" || ps.Next != "") {
			s.t.Errorf("more than a page")
		}
		return err
	}))
	return docs, payments
}

// audit holds all that is stored against itself: nothing is over-settled,
// documents, payments and orders tell the same story, the statement too.
func (s *shop) audit() {
	s.t.Helper()
	docs, payments := s.everything()
	paid, promised, back := map[billing.ID]int64{}, map[billing.ID]int64{}, map[billing.PaymentID]int64{}
	byID := map[billing.PaymentID]billing.Payment{}
	for _, p := range payments {
		byID[p.ID] = p
	}
	for _, p := range payments {
		sum := int64(0)
		for _, al := range p.Allocations {
			require.Positive(s.t, al.Amount.Sign())
			sum += al.Amount.Minor()
			open := p.State == order.PaymentAwaiting || p.State == order.PaymentProcessing || p.State == order.PaymentError
			switch {
			case al.Document != "" && p.State == order.PaymentConfirmed:
				paid[al.Document] += al.Amount.Minor()
			case al.Document != "" && p.Direction == billing.Refund && open:
				promised[al.Document] += al.Amount.Minor()
			case al.Payment != "" && p.Direction == billing.Refund && (open || p.State == order.PaymentConfirmed):
				back[al.Payment] += al.Amount.Minor()
			}
		}
		require.LessOrEqual(s.t, sum, p.Amount.Minor(), "payment %s", p.Number)
	}
	for _, p := range payments {
		reserved := int64(0)
		for _, al := range p.Allocations {
			if p.Direction == billing.Incoming && al.Payment != "" {
				reserved += al.Amount.Minor()
			}
		}
		require.Equal(s.t, back[p.ID], reserved, "refunds of %s", p.Number)
	}
	uses := map[[2]billing.ID]int64{}
	for _, d := range docs {
		for _, u := range d.Uses {
			uses[[2]billing.ID{d.ID, u.Document}] += u.Amount.Minor()
		}
	}
	for _, d := range docs {
		if d.Void {
			continue
		}
		off := int64(0)
		for _, u := range d.Uses {
			off += u.Amount.Minor()
			require.Equal(s.t, uses[[2]billing.ID{d.ID, u.Document}], uses[[2]billing.ID{u.Document, d.ID}], "both sides of a set-off")
		}
		require.Equal(s.t, paid[d.ID], d.Paid.Minor(), "paid of %s", d.Number)
		require.Equal(s.t, off, d.SetOff.Minor(), "set off of %s", d.Number)
		require.Equal(s.t, promised[d.ID], d.Promised.Minor(), "promised of %s", d.Number)
		require.GreaterOrEqual(s.t, d.Left().Minor(), d.Promised.Minor(), "left of %s", d.Number)
		s.auditOrders(d)
	}
	s.auditStatement()
}

// auditOrders: the orders' parts of what is settled sum to it, each at most
// one cent off its exact share.
func (s *shop) auditOrders(d billing.Document) {
	s.t.Helper()
	settled, sum := d.Paid.Minor()+d.SetOff.Minor(), int64(0)
	for _, part := range d.Orders {
		o := s.get(part.Order)
		found := false
		for _, b := range o.Bills {
			if b.Document != d.ID {
				continue
			}
			found = true
			sum += b.Settled.Minor()
			require.LessOrEqual(s.t, b.Settled.Minor(), b.Gross.Minor())
			exact := b.Settled.Minor()*d.Totals.Gross.Minor() - settled*part.Gross.Minor()
			require.Less(s.t, max(exact, -exact), d.Totals.Gross.Minor(), "share of %s in %s", o.Ref, d.Number)
			if d.Payment != "" {
				require.Equal(s.t, d.Payment, b.Payment)
			}
		}
		require.True(s.t, found, "%s bills %s", d.Number, o.Ref)
	}
	require.Equal(s.t, settled, sum, "settled of %s in its orders", d.Number)
}

// auditStatement: closing = opening + debit - credit = left - owed, at any
// date, and adjacent periods chain.
func (s *shop) auditStatement() {
	s.t.Helper()
	now := partner.DateOf(s.clock(), nil)
	end := now.AddDays(400)
	whole := s.statement(billing.StatementInput{Until: end})
	for _, back := range []int{0, 4, 25} {
		until := now.AddDays(-back)
		st := s.statement(billing.StatementInput{Until: until})
		require.Equal(s.t, st.Closing.Minor(), st.Ageing.Total.Minor()-st.Credit.Owed.Minor(), "until %s", until)
		next := s.statement(billing.StatementInput{From: until.AddDays(1), Until: end})
		require.Equal(s.t, st.Closing, next.Opening, "from %s", until)
		require.Equal(s.t, whole.Closing, next.Closing)
		require.Equal(s.t, len(whole.Rows), len(st.Rows)+len(next.Rows))
		for _, x := range []billing.Statement{st, next} {
			require.Equal(s.t, x.Closing.Minor(), x.Opening.Minor()+x.Turnover.Debit.Minor()-x.Turnover.Credit.Minor())
			g := x.Ageing
			require.Equal(s.t, g.Total.Minor(), g.NotDue.Minor()+g.To30.Minor()+g.To60.Minor()+g.To90.Minor()+g.Over90.Minor())
			for _, o := range x.Open {
				require.Positive(s.t, o.Left.Sign(), "%s is over-settled at %s", o.Number, x.Until)
			}
		}
	}
}
