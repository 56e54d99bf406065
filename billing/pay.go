package billing

import (
	"context"
	"fmt"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// PayInput tells of a payment that was made, or will be.
type PayInput struct {
	// Key makes the call repeatable: the same key gives the first payment.
	Key string `json:"key,omitempty"`
	// Partner pays. "" is the actor's own, else that of the first invoice.
	Partner partner.ID `json:"partner,omitempty"`
	// Buyer is the legal entity that pays, Seller who is paid. "" are those of
	// the first invoice, else the partner's default and the default seller.
	Buyer  partner.CounterpartyID `json:"buyer,omitempty"`
	Seller SellerID               `json:"seller,omitempty"`
	Amount money.Amount           `json:"amount"` // above zero
	Method Method                 `json:"method"` // 1 to 40 characters
	// Cheque is the number of the cheque, at most 40 characters, for the method
	// Cheque and for it alone. Reference is the text on the transfer, at most
	// 140 characters; Note is for people, at most 2000.
	Cheque    string `json:"cheque,omitempty"`
	Reference string `json:"reference,omitempty"`
	Note      string `json:"note,omitempty"`
	// Date is the day of payment, at most a year ahead; zero is today.
	Date partner.Date `json:"date,omitzero"`
	// Invoices are what it is for, in the order in which they are served. What
	// they leave of the amount stays credit owed once it is confirmed.
	Invoices []PayFor `json:"invoices,omitempty"`
}

// PayFor is the part of a payment that goes to one invoice.
type PayFor struct {
	Document ID `json:"document"`
	// Amount is above zero and at most what is left of the invoice; none means
	// as much as both have left.
	Amount money.Amount `json:"amount,omitzero"`
}

// The longest texts of a payment, in characters, and the most allocations.
const (
	maxMethod      = 40
	maxCheque      = 40
	maxReference   = 140
	maxPaymentNote = 2000
	maxAllocations = 500
)

// Pay records a payment, told of by the customer or by the seller, in the
// state awaiting. It settles nothing until it is confirmed (Advance): several
// open payments may be meant for one invoice, and whichever is confirmed first
// is served first.
//
// Errors, in the order of the checks: ErrNotFound for an invoice and
// partner.ErrNotFound for a partner that the actor does not see;
// uow.ErrKeyReused; access.ErrForbidden without payment.record; ErrInvalid with
// every issue, among them billing.cheque_number for a cheque without its number.
func (s *Service) Pay(ctx context.Context, a access.Actor, in PayInput) (Payment, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Payment, error) { return s.PayTx(ctx, tx, a, in) })
}

// PayTx is Pay inside a transaction of the caller's. An error means that the
// transaction has to be abandoned.
func (s *Service) PayTx(ctx context.Context, tx Tx, a access.Actor, in PayInput) (Payment, error) {
	docs, err := s.seeAll(ctx, tx, a, in.Invoices)
	if err != nil {
		return Payment{}, err
	}
	p := in.payment(a, docs)
	who, err := tx.Partners().Get(ctx, p.Partner)
	if err != nil {
		return Payment{}, err
	}
	if !s.policy.May(a, access.PaymentRead, p.owner()) {
		return Payment{}, partner.ErrNotFound
	}
	return uow.Once(ctx, tx.Keys(), scope("pay", a), in.Key, in, func() (Payment, error) {
		if !s.policy.May(a, access.PaymentRecord, p.owner()) {
			return Payment{}, access.Denied(access.PaymentRecord)
		}
		if err := s.complete(&p, in, who, docs); err != nil {
			return Payment{}, err
		}
		return s.record(ctx, tx, a, p, opRecord, "recorded")
	})
}

// seeAll reads the documents that a payment is for.
func (s *Service) seeAll(ctx context.Context, tx Tx, a access.Actor, parts []PayFor) ([]Document, error) {
	if len(parts) > maxAllocations {
		var is fault.Issues
		is.Add("invoices", "too_many", "%d invoices, at most %d", len(parts), maxAllocations)
		return nil, is.Err(ErrInvalid)
	}
	refs := make([]uow.Ref, len(parts))
	for i, part := range parts {
		refs[i] = uow.Ref{Kind: DocKind, ID: string(part.Document)}
	}
	if err := tx.Prefetch(ctx, refs...); err != nil {
		return nil, err
	}
	docs := make([]Document, len(parts))
	for i, part := range parts {
		d, err := s.see(ctx, tx, a, part.Document)
		if err != nil {
			return nil, err
		}
		docs[i] = d
	}
	return docs, nil
}

// payment is what the input says, with what it leaves open taken from the
// actor and the first invoice.
func (in PayInput) payment(a access.Actor, docs []Document) Payment {
	p := Payment{Direction: Incoming, Seller: in.Seller, Partner: in.Partner, Buyer: in.Buyer, Method: in.Method,
		Cheque: in.Cheque, Reference: in.Reference, Amount: in.Amount, Date: in.Date, Note: in.Note}
	if p.Partner == "" {
		p.Partner = a.Partner
	}
	if len(docs) > 0 {
		d := docs[0]
		if p.Partner == "" {
			p.Partner = d.Partner
		}
		if p.Buyer == "" {
			p.Buyer = d.Buyer.ID
		}
		if p.Seller == "" {
			p.Seller = d.Seller.ID
		}
	}
	return p
}

// complete fills in the defaults and checks everything at once.
func (s *Service) complete(p *Payment, in PayInput, who partner.Partner, docs []Document) error {
	var is fault.Issues
	if buyer, ok := who.Counterparty(p.Buyer); ok {
		p.Buyer = buyer.ID
	} else if len(docs) == 0 {
		is.Add("buyer", "unknown", "%s has no legal entity %q", who.Number, p.Buyer)
	}
	if p.Seller == "" {
		p.Seller = s.opts.Sellers[0].ID
	}
	if _, ok := s.opts.seller(p.Seller); !ok && len(docs) == 0 {
		is.Add("seller", "unknown", "there is no seller %q", p.Seller)
	}
	if p.Date.IsZero() {
		p.Date = s.today()
	}
	p.check(&is, s.today(), money.Currency{})
	p.wish(&is, in.Invoices, docs)
	return is.Err(ErrInvalid)
}

// check notes what is wrong with the payment itself; the zero Currency takes
// any.
func (p Payment) check(is *fault.Issues, today partner.Date, c money.Currency) {
	checkAmount(is, "amount", p.Amount, c)
	check.Need(is, "method", string(p.Method), maxMethod)
	check.Line(is, "cheque", p.Cheque, maxCheque)
	if p.Method != Cheque && p.Cheque != "" {
		is.Add("cheque", "billing.cheque_number", "only a cheque has a number")
	}
	if p.Direction == Incoming {
		*is = append(*is, p.chequeGap()...)
	}
	check.Line(is, "reference", p.Reference, maxReference)
	check.Note(is, "note", p.Note, maxPaymentNote)
	if p.Date.After(today.AddDays(366)) {
		is.Add("date", "date.far", "lies more than a year ahead")
	}
}

// wish turns the parts that are asked for into allocations, each at most what
// its invoice and the payment have left, and notes those that do not fit.
func (p *Payment) wish(is *fault.Issues, parts []PayFor, docs []Document) {
	rest := p.Amount.Minor()
	seen := map[ID]bool{}
	for i, d := range docs {
		path := fmt.Sprintf("invoices[%d]", i)
		if !p.payable(is, path, d, seen) || p.Amount.Sign() <= 0 {
			continue
		}
		if n := portion(is, path+".amount", parts[i].Amount, d, rest); n > 0 {
			rest -= n
			p.allot(&d, n)
		}
	}
}

// payable notes why a document cannot be paid by the payment.
func (p *Payment) payable(is *fault.Issues, path string, d Document, seen map[ID]bool) bool {
	n := len(*is)
	switch {
	case seen[d.ID]:
		is.Add(path+".document", "repeated", "%s is named twice", d.Number)
	case d.Kind != Invoice:
		is.Add(path+".document", "kind", "%s is no invoice", d.Number)
	case d.Void:
		is.Add(path+".document", "void", "%s was cancelled", d.Number)
	case !p.Amount.IsNone() && !p.fits(d):
		is.Add(path+".document", "account", "%s is not of the payment's seller, partner, buyer and currency", d.Number)
	}
	seen[d.ID] = true
	return len(*is) == n
}

// record numbers and saves a new payment and tells of it. The number comes
// last: its counter is locked from here to the commit.
func (s *Service) record(ctx context.Context, tx Tx, a access.Actor, p Payment, on PaymentTrigger, what string) (Payment, error) {
	step, err := paymentLife.Open(on, a.Roles, PaymentFacts{Direction: p.Direction})
	if err != nil {
		return Payment{}, err
	}
	p.ID, p.State = PaymentID(s.newID()), step.To
	if p.Direction == Incoming {
		if err := s.mark(ctx, tx, a, p); err != nil {
			return Payment{}, err
		}
	}
	return s.enlist(ctx, tx, a, p, what)
}

// enlist gives a new payment its number, its first step and its stamps, saves
// it and tells of it.
func (s *Service) enlist(ctx context.Context, tx Tx, a access.Actor, p Payment, what string) (Payment, error) {
	p.CreatedBy, p.CreatedAt = a.Stamp(), s.now()
	s.note(&p, a, what, "", partner.Date{}, "")
	series, day := s.opts.paymentSeries(), s.today()
	counter := "payments"
	if span := series.period(day); span != "" {
		counter += "/" + span
	}
	for taken := true; taken; {
		n, err := tx.Counters().Next(ctx, counter)
		if err != nil {
			return Payment{}, err
		}
		if p.Number, err = series.Number(day, n); err != nil {
			return Payment{}, err
		}
		if taken, err = numbered(ctx, tx, p); err != nil {
			return Payment{}, err
		}
	}
	return s.savePayment(ctx, tx, p, PaymentRecorded{AboutPayment: aboutPayment(p, a), Method: p.Method, Amount: p.Amount, Date: p.Date})
}
