package billing

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
)

// account is whose balance a document or a payment counts in: documents and
// payments of two accounts never meet.
type account struct {
	seller   SellerID
	partner  partner.ID
	buyer    partner.CounterpartyID
	currency money.Currency
}

func (d Document) account() account {
	return account{d.Seller.ID, d.Partner, d.Buyer.ID, d.Currency}
}

// Left is what is not yet paid, set off or, of a credit note, paid back. It is
// zero of a document that the ERP voided, and below zero only of a mirror that is
// payable below zero itself.
func (d Document) Left() money.Amount {
	if d.Void {
		return money.Zero(d.Currency)
	}
	return money.FromMinor(d.left(), d.Currency)
}

// left is Left in minor units. Paid and SetOff are never above the payable
// amount, so no sum of them leaves its range.
func (d *Document) left() int64 {
	if d.Void {
		return 0
	}
	return d.Totals.Payable.Minor() - d.Paid.Minor() - d.SetOff.Minor()
}

// free is what of Left is not promised to be paid back.
func (d *Document) free() int64 { return d.left() - d.Promised.Minor() }

// add moves one of a document's figures by minor units.
func (d *Document) add(to *money.Amount, minor int64) {
	*to = money.FromMinor(to.Minor()+minor, d.Currency)
}

// settle writes a document whose Paid, SetOff or Payment changed, brings its
// orders into step and tells when nothing is left, or something is again.
// was is what was left before. It is the one way in which money reaches
// documents and orders.
func (s *Service) settle(ctx context.Context, tx Tx, a access.Actor, d *Document, was int64, facts ...event.Payload) error {
	switch now := d.left(); {
	case now == 0 && was > 0:
		facts = append(facts, Settled{About: about(*d, a), Payable: d.Totals.Payable})
	case now > 0 && was == 0 && d.Version > 0:
		facts = append(facts, Reopened{About: about(*d, a), Left: d.Left()})
	}
	d.UpdatedAt = s.now()
	saved, err := s.save(ctx, tx, *d, facts...)
	if err != nil {
		return err
	}
	*d = saved
	return s.tellOrders(ctx, tx, a, saved)
}

// tellOrders writes into the orders of a document how much of their part is
// settled: what is paid, set off or was prepaid, shared over the orders by
// their gross parts (largest remainder), so that the shares sum to it and none
// is above its part. The orders must have been billed before.
func (s *Service) tellOrders(ctx context.Context, tx Tx, a access.Actor, d Document) error {
	if d.Void { // its orders know it no more
		return nil
	}
	shares, err := d.settled()
	if err != nil {
		return err
	}
	for i, part := range d.Orders {
		in := order.SettleBillInput{Order: part.Order, Document: d.ID, Settled: shares[i], Payment: d.Payment}
		if _, err := s.orders.SettleBillTx(ctx, tx, a, in); err != nil {
			return err
		}
	}
	return nil
}

// settled is each order's share of what is settled. What a mirrored document
// bills to no order takes part in the sharing.
func (d Document) settled() ([]money.Amount, error) {
	gross := d.Totals.Gross.Minor()
	rest := gross
	weights := make([]int64, 0, len(d.Orders)+1)
	for _, part := range d.Orders {
		w := max(part.Gross.Minor(), 0)
		weights = append(weights, w)
		rest -= w
	}
	weights = append(weights, max(rest, 0))
	done := max(0, min(gross, gross-d.left()))
	return money.LargestRemainder.Split(money.FromMinor(done, d.Currency), weights)
}

// later is the day on which two dated things meet: the later one.
func later(a, b partner.Date) partner.Date {
	if a.After(b) {
		return a
	}
	return b
}
