package erpsync

import (
	"context"
	"errors"
	"strconv"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// payment applies a payment.
func (p *Puller) payment(ctx context.Context, tx store.Tx, c erp.Payment) error {
	in, err := paymentReport(c)
	if err != nil {
		return err
	}
	ours, err := p.ourPayment(ctx, tx, c, in)
	if err != nil {
		return err
	}
	if is, err := second("payment", c.ID, ours.Number, ours.ERP, c.State == erp.PaymentCancelled || c.State == erp.PaymentFailed); is {
		return err
	}
	if ours.ID != "" {
		in.Payment, in.Partner, in.Buyer = ours.ID, ours.Partner, ours.Buyer
	} else {
		who, entity, err := p.customer(ctx, tx, c.Customer)
		if err != nil {
			return err
		}
		in.Partner, in.Buyer = who.ID, entity.ID
	}
	_, err = p.books.Billing.ReportPaymentTx(ctx, tx, p.actor, in)
	return awaitsDocument(err)
}

func paymentReport(c erp.Payment) (billing.PaymentReport, error) {
	cur, err := money.ParseCurrency(c.Currency)
	if err != nil {
		return billing.PaymentReport{}, ErrChange.Because(err)
	}
	r := reading{cur: cur}
	in := billing.PaymentReport{
		Twin:      order.Twin{ID: c.ID, Number: c.Number, State: string(c.State), Sequence: c.Sequence},
		Direction: billing.Incoming, Method: billing.Method(c.Method), Cheque: c.Cheque, Reference: c.Reference,
		Amount: r.amount("amount", c.Amount), Date: day(&r.is, "date", c.Date), State: order.PaymentAwaiting,
	}
	if c.Refund {
		in.Direction = billing.Refund
	}
	switch c.State {
	case erp.PaymentPosted:
		in.State = order.PaymentConfirmed
	case erp.PaymentFailed:
		in.State = order.PaymentRefused
	case erp.PaymentCancelled:
		in.State = order.PaymentCancelled
	}
	for i, al := range c.Allocations {
		in.Allocations = append(in.Allocations, billing.AllocationReport{ERPID: al.Invoice, Number: al.Number,
			Amount: r.amount("allocations["+strconv.Itoa(i)+"]", al.Amount)})
	}
	return in, r.is.Err(ErrChange)
}

// ourPayment is the payment of ours that a change is about, a zero one for a
// payment of the ERP's own. One that comes back before the relay has noted its
// twin is known by its key; under a key that does not tell it is looked for
// among all, under none among the pushes that are open, so that no money counts
// twice.
func (p *Puller) ourPayment(ctx context.Context, tx store.Tx, c erp.Payment, in billing.PaymentReport) (billing.Payment, error) {
	ours, err := tx.Payments().ByERP(ctx, c.ID)
	if !errors.Is(err, billing.ErrNoPayment) {
		if ours.Mirror() {
			return billing.Payment{}, err
		}
		return ours, err
	}
	for _, id := range idsOf[billing.PaymentID](c.Key) {
		if ours, err := tx.Payments().Get(ctx, id); !errors.Is(err, billing.ErrNoPayment) {
			return ours, err
		}
	}
	blind := c.Key == "" && p.client.Supports(erp.OpPushPayment) && p.client.KeysOf(erp.OpPushPayment) == erp.Neither
	if !blind && !hashedKey(c.Key) {
		return billing.Payment{}, nil
	}
	who, _, err := p.customer(ctx, tx, c.Customer)
	if err != nil {
		return billing.Payment{}, err
	}
	return p.among(ctx, tx, who.ID, func(ours billing.Payment) (bool, error) {
		switch {
		case c.Key != "":
			return Key(p.tenant, ours.ID) == c.Key, nil
		case ours.ERP.ID == "" && !ours.ERP.SentAt.IsZero() && ours.Direction == in.Direction && ours.Amount == in.Amount:
			return false, &waiting{what: "payment/" + string(ours.ID), err: errOpen}
		}
		return false, nil
	})
}

// among goes through the partner's payments and answers the one that is
// chosen, if any.
func (p *Puller) among(ctx context.Context, tx store.Tx, of partner.ID, chosen func(billing.Payment) (bool, error)) (billing.Payment, error) {
	q := billing.PaymentQuery{Partner: of, Page: uow.PageRequest{Limit: 200}}
	for {
		page, err := tx.Payments().Find(ctx, q)
		if err != nil {
			return billing.Payment{}, err
		}
		for _, ours := range page.Rows {
			if is, err := chosen(ours); is || err != nil {
				return ours, err
			}
		}
		if q.Page.After = page.Next; page.Next == "" {
			return billing.Payment{}, nil
		}
	}
}
