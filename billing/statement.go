package billing

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// MaxStatement is the most documents and payments of an account that a
// statement reads.
const MaxStatement = 100_000

// StatementInput asks for the statement of one account.
type StatementInput struct {
	// Partner's account; "" is the actor's own. Buyer narrows it to one legal
	// entity, "" takes all of the partner's.
	Partner  partner.ID             `json:"partner,omitempty"`
	Buyer    partner.CounterpartyID `json:"buyer,omitempty"`
	Seller   SellerID               `json:"seller,omitempty"` // "" is the default
	Currency money.Currency         `json:"currency"`
	// From and Until bound the period, both included. A zero From is the
	// beginning of everything, a zero Until today.
	From  partner.Date `json:"from,omitzero"`
	Until partner.Date `json:"until,omitzero"`
}

// Statement is the account of a customer between two dates, in the books of
// the seller: invoices on the debit side, payments and credit notes on the
// credit side. What the customer owes is above zero. With both parties'
// columns it is the reconciliation act that both sign.
//
// It is counted anew from documents and payments every time. A payment counts
// from the day its money was there to the day it was taken back; what is not
// confirmed, and documents that the ERP voided, do not count. What is matched
// with what is taken as it is known today, and counts from the later of the two
// days on: so at every date
//
//	closing = opening + Σ debit - Σ credit = Σ left of the invoices - credit owed
//
// the closing balance of a period is the opening one of the next, and it does
// not matter in which order things were recorded.
type Statement struct {
	Seller   Seller                 `json:"seller"`
	Partner  partner.ID             `json:"partner"`
	Customer string                 `json:"customer"` // the partner's number
	Name     string                 `json:"name"`     // the legal entity's, or the partner's
	Buyer    partner.CounterpartyID `json:"buyer,omitempty"`
	Currency money.Currency         `json:"currency"`
	From     partner.Date           `json:"from,omitzero"`
	Until    partner.Date           `json:"until"`

	Opening money.Amount   `json:"opening"`
	Rows    []StatementRow `json:"rows"`
	// Turnover is the sum of the rows' columns.
	Turnover Columns      `json:"turnover"`
	Mirrored Columns      `json:"mirrored"` // in the customer's books
	Closing  money.Amount `json:"closing"`

	// Open are the invoices with something left at Until, oldest due first.
	Open   []OpenItem `json:"open,omitempty"`
	Ageing Ageing     `json:"ageing"`
	Credit CreditOwed `json:"credit"`
}

// RowKind says what a row of a statement is.
type RowKind string

// The kinds of rows.
const (
	RowInvoice    RowKind = "invoice"     // debit
	RowCreditNote RowKind = "credit_note" // credit
	RowPayment    RowKind = "payment"     // credit
	RowRefund     RowKind = "refund"      // debit
	RowBounced    RowKind = "bounced"     // debit: a payment was taken back
	RowReturned   RowKind = "returned"    // credit: a refund came back
)

// StatementRow is one row: a document or a movement of money.
type StatementRow struct {
	Date partner.Date `json:"date"`
	Kind RowKind      `json:"kind"`
	// Document or Payment is what it is about, and Number its number.
	Document ID        `json:"document,omitempty"`
	Payment  PaymentID `json:"payment,omitempty"`
	Number   string    `json:"number"`
	// Text is the payment's method and reference.
	Text string `json:"text,omitempty"`
	// Ours are the columns in the seller's books, Mirrored the same row in the
	// customer's. Of a row's two columns one is zero.
	Ours     Columns `json:"ours"`
	Mirrored Columns `json:"mirrored"`
	// Balance is what the customer owes after the row.
	Balance money.Amount `json:"balance"`
}

// Columns are the two sides of a book, both zero or above.
type Columns struct {
	Debit  money.Amount `json:"debit"`
	Credit money.Amount `json:"credit"`
}

// mirror is how the other party books it.
func (c Columns) mirror() Columns { return Columns{Debit: c.Credit, Credit: c.Debit} }

// OpenItem is an invoice with something left.
type OpenItem struct {
	Document ID           `json:"document"`
	Number   string       `json:"number"`
	Issued   partner.Date `json:"issued"`
	Due      partner.Date `json:"due"`
	Left     money.Amount `json:"left"`
	// Days it is overdue, zero or below when it is not.
	Days int `json:"days"`
}

// CreditOwed is what the seller owes the customer.
type CreditOwed struct {
	// Owed is what confirmed payments and credit notes leave, less what was
	// paid back. Below zero the customer owes it without an invoice: what was
	// paid back bounced before.
	Owed money.Amount `json:"owed"`
	// Promised is what open refunds are to pay back of it, as it is known
	// today; Free is the rest, never below zero.
	Promised money.Amount `json:"promised"`
	Free     money.Amount `json:"free"`
}

// Statement writes the statement of an account.
//
// Errors, in the order of the checks: partner.ErrNotFound for a partner that
// the actor does not see or whose books (invoice.read, payment.read) are not
// for him; ErrInvalid with every issue; ErrStatementTooLong (Precondition,
// billing.statement_too_long) above MaxStatement documents and payments;
// ErrInvalid for a seller that is not in the options and a legal entity that the
// partner does not have, of whom no document or payment is here either.
func (s *Service) Statement(ctx context.Context, a access.Actor, in StatementInput) (Statement, error) {
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (Statement, error) { return s.StatementTx(ctx, tx, a, in) })
}

// StatementTx is Statement inside a transaction of the caller's.
func (s *Service) StatementTx(ctx context.Context, tx Tx, a access.Actor, in StatementInput) (Statement, error) {
	if in.Partner == "" {
		in.Partner = a.Partner
	}
	of := access.Owner{Partner: in.Partner}
	who, err := tx.Partners().Get(ctx, in.Partner)
	if err != nil {
		return Statement{}, err
	}
	if !s.policy.May(a, access.InvoiceRead, of) || !s.policy.May(a, access.PaymentRead, of) {
		return Statement{}, partner.ErrNotFound
	}
	st, err := s.headStatement(in, who)
	if err != nil {
		return Statement{}, err
	}
	b, err := readBook(ctx, tx, st)
	if err != nil {
		return Statement{}, err
	}
	if !b.kept {
		if err := s.strangers(st, who); err != nil {
			return Statement{}, err
		}
	}
	if err := st.enter(b.rows()); err != nil {
		return Statement{}, err
	}
	return st, st.match(b, s.zone)
}

// headStatement checks the input and writes the head.
func (s *Service) headStatement(in StatementInput, who partner.Partner) (Statement, error) {
	var is fault.Issues
	if in.Currency.IsZero() {
		is.Add("currency", "required", "is missing")
	}
	if in.Seller == "" {
		in.Seller = s.opts.Sellers[0].ID
	}
	seller, ok := s.opts.seller(in.Seller)
	if !ok {
		seller = Seller{ID: in.Seller}
	}
	if in.Until.IsZero() {
		in.Until = s.today()
	}
	if !in.From.IsZero() && in.Until.Before(in.From) {
		is.Add("until", "range", "is before from")
	}
	st := Statement{Seller: seller, Partner: who.ID, Customer: who.Number, Name: who.Name, Buyer: in.Buyer, Currency: in.Currency, From: in.From, Until: in.Until}
	if c, ok := who.Counterparty(in.Buyer); ok && in.Buyer != "" {
		st.Name = c.Name
	}
	return st, is.Err(ErrInvalid)
}

// strangers refuses an account of somebody who is unknown. Whoever has left may
// still have books.
func (s *Service) strangers(st Statement, who partner.Partner) error {
	var is fault.Issues
	if _, ok := s.opts.seller(st.Seller.ID); !ok {
		is.Add("seller", "unknown", "there is no seller %q", st.Seller.ID)
	}
	if _, ok := who.Counterparty(st.Buyer); !ok && st.Buyer != "" {
		is.Add("buyer", "unknown", "%s has no legal entity %q", who.Number, st.Buyer)
	}
	return is.Err(ErrInvalid)
}

// enter writes the rows of everything up to Until, which come in order, into
// the statement: those before From into the opening balance.
func (st *Statement) enter(rows []StatementRow) error {
	zero := money.Zero(st.Currency)
	st.Opening, st.Closing, st.Turnover = zero, zero, Columns{Debit: zero, Credit: zero}
	st.Rows = []StatementRow{}
	var t tally
	for _, r := range rows {
		if r.Date.After(st.Until) {
			continue
		}
		t.add(&st.Closing, r.Ours.Debit)
		t.sub(&st.Closing, r.Ours.Credit)
		if r.Date.Before(st.From) {
			st.Opening = st.Closing
			continue
		}
		t.add(&st.Turnover.Debit, r.Ours.Debit)
		t.add(&st.Turnover.Credit, r.Ours.Credit)
		r.Mirrored, r.Balance = r.Ours.mirror(), st.Closing
		st.Rows = append(st.Rows, r)
	}
	st.Mirrored = st.Turnover.mirror()
	return t.err
}
