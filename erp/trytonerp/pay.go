package trytonerp

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

// A payment is one move, whose description bears our key. One that pays one
// invoice and nothing else goes through Tryton's own dialog, in one transaction.
// Any other is entered as a move with a line for each invoice and one for what
// is on account; the line of an invoice bears the mark of its id. The move is
// posted, and its lines are put to their invoices. Until all of that is done
// the payment is not found, so that whoever ensures it goes on with it.

// booking is a move as far as it is a payment.
type booking struct {
	ID     int64
	Number string `json:"post_number"`
	State  string
	Origin ref
	By     int64 `json:"create_uid"`

	Description string
	Lines       []bookingLine `json:"-"`

	// surplus are moves of ours of the same key that are not posted: other
	// processes have entered them at once.
	surplus []int64
}

// bookingLine is a line of such a move: of an invoice, when it bears the mark of
// one.
type bookingLine struct {
	ID          int64
	Debit       exact
	Description string
	Paid        []int64 `json:"invoice_payments"`
	Closed      *int64  `json:"reconciliation"`

	// unclosed says that nothing is due of the invoice and it does not know.
	unclosed bool
}

// invoiceMark is the mark of an invoice's line. No key of a payment reads like
// it, because the comma is in none.
func invoiceMark(id int64, number string) string {
	return mark(reference("account.invoice", id), number)
}

// invoice is the id of the invoice that the line is for, zero for none.
func (l bookingLine) invoice() int64 {
	key, _ := unmark(l.Description)
	return recordRef(key, "account.invoice")
}

// put says that the invoice has the line.
func (l bookingLine) put() bool { return slices.Contains(l.Paid, l.invoice()) }

// open are the lines whose invoices do not have them yet, or are to be closed.
func (m booking) open() []bookingLine {
	return slices.DeleteFunc(slices.Clone(m.Lines), func(l bookingLine) bool { return l.invoice() == 0 || l.put() && !l.unclosed })
}

func (m booking) done() bool { return m.State == "posted" && len(m.open()) == 0 }

func (m booking) receipt(key string) erp.DocReceipt {
	amount := decimal.Zero
	for _, l := range m.Lines {
		amount = amount.Add(l.Debit.Decimal)
	}
	return erp.DocReceipt{ID: idText(m.ID), Key: key, Number: m.Number, State: string(erp.PaymentPosted), Gross: &amount}
}

// bookingOf is the move of a key, nil where there is none. Of moves that several
// processes have entered it is the one that is posted, else the first. Where there
// are two besides it is Contract: the payment was booked twice, or copied, which a
// person must see. What reverses a move bears its mark and is none.
func (a *Adapter) bookingOf(ctx context.Context, op erp.Op, key string) (*booking, error) {
	var moves []booking
	fields := []string{"post_number", "state", "origin", "create_uid", "description"}
	err := a.searchRead(ctx, op, "account.move", []any{markedBy("description", key)}, fields, 0, 0, byID, &moves)
	moves = slices.DeleteFunc(moves, func(m booking) bool {
		return recordRef(string(m.Origin), "account.move") != 0 || !marked(m.Description, key)
	})
	if err != nil || len(moves) == 0 {
		return nil, err
	}
	var surplus []int64
	if len(moves) > 1 {
		s, err := a.session(ctx, op, 0)
		if err != nil {
			return nil, err
		}
		stays := max(slices.IndexFunc(moves, func(m booking) bool { return m.State == "posted" }), 0)
		first := moves[stays].ID
		moves = slices.DeleteFunc(moves, func(m booking) bool {
			if m.ID == first || m.State == "posted" || m.By != s.user {
				return false
			}
			surplus = append(surplus, m.ID)
			return true
		})
	}
	if len(moves) > 1 {
		return nil, erp.NewError(erp.Contract, op, fmt.Sprintf("the payment %s is booked as the moves %d and %d", key, moves[0].ID, moves[1].ID), nil)
	}
	m := &moves[0]
	m.surplus = surplus
	fields = []string{"debit", "description", "invoice_payments", "reconciliation"}
	if err := a.searchRead(ctx, op, "account.move.line", []any{[]any{"move", "=", m.ID}}, fields, 0, 0, [][2]string{{"id", "ASC"}}, &m.Lines); err != nil {
		return nil, err
	}
	for i, l := range m.Lines {
		if l.Closed == nil && l.put() {
			if m.Lines[i].unclosed, err = a.unclosed(ctx, op, l.invoice()); err != nil {
				return nil, err
			}
		}
	}
	return m, nil
}

// unclosed says that nothing is due of an invoice that is not paid.
func (a *Adapter) unclosed(ctx context.Context, op erp.Op, id int64) (bool, error) {
	now, err := a.bills(ctx, op, []any{"id", "=", id})
	return len(now) == 1 && now[0].State == "posted" && now[0].Due.IsZero(), err
}

// FindPayment implements erp.PaymentFinder by the mark of a move. A payment that
// is not booked to its end is not found.
func (a *Adapter) FindPayment(ctx context.Context, key string) (erp.DocReceipt, error) {
	m, err := a.bookingOf(ctx, erp.OpFindPayment, key)
	if err != nil {
		return erp.DocReceipt{}, err
	}
	if m == nil || !m.done() {
		return erp.DocReceipt{}, erp.NoSuch(erp.OpFindPayment)
	}
	return m.receipt(key), nil
}

// PushPayment implements erp.PaymentPusher. What pays an invoice is at most what
// is due of it, and a payment on account is in the company's currency; any
// other is Rejected. Of processes that push one key at once one books it, and the
// others find that, or OutcomeUnknown is what they know.
func (a *Adapter) PushPayment(ctx context.Context, p erp.Payment) (erp.DocReceipt, error) {
	op := erp.OpPushPayment
	unlock, err := a.keys.lock(ctx, op, "payment "+p.Key)
	if err != nil {
		return erp.DocReceipt{}, err
	}
	defer unlock()
	m, err := a.bookingOf(ctx, op, p.Key)
	if err != nil {
		return erp.DocReceipt{}, err
	}
	if m == nil {
		if m, err = a.bookNew(ctx, op, p); err != nil {
			return erp.DocReceipt{}, err
		}
	}
	was := *m
	err = a.settle(ctx, op, m)
	if erp.ClassOf(err) != erp.Rejected {
		if err != nil {
			return erp.DocReceipt{}, err
		}
		return m.receipt(p.Key), nil
	}
	// It may be refused because another process has done it at the same time.
	now, e := a.bookingOf(ctx, op, p.Key)
	switch {
	case e == nil && now != nil && now.done():
		return now.receipt(p.Key), nil
	case e != nil || now == nil || now.ID != was.ID || now.State != was.State || len(now.open()) < len(was.open()):
		return erp.DocReceipt{}, erp.Lost(op, err)
	}
	return erp.DocReceipt{}, err
}

// bookTries bounds how often a payment is booked whose invoice others change.
const bookTries = 4

// bookNew books a payment that is not there, anew when its invoice was changed
// meanwhile: perhaps by this very payment. It may be refused for that reason, too:
// nothing is due any more.
func (a *Adapter) bookNew(ctx context.Context, op erp.Op, p erp.Payment) (*booking, error) {
	var refused error
	for range bookTries {
		if refused = a.book(ctx, op, p); erp.ClassOf(refused) != erp.Conflict {
			break
		}
	}
	if c := erp.ClassOf(refused); refused != nil && c != erp.Rejected && c != erp.Conflict {
		return nil, refused
	}
	m, err := a.bookingOf(ctx, op, p.Key)
	if err == nil && m == nil && refused != nil {
		return nil, refused
	}
	if err != nil || m == nil {
		return nil, unsettled(op, err)
	}
	return m, nil
}

// book enters a payment unless it is there. It looks once more after the invoices
// were read: whoever pays one from then on changes it.
func (a *Adapter) book(ctx context.Context, op erp.Op, p erp.Payment) error {
	var w wrong
	if p.State != erp.PaymentPosted {
		w.add("state", "only a payment that is posted is booked, not one that is %s", p.State)
	}
	by, err := a.payingBy(ctx, op, p.Method, &w)
	if err != nil {
		return err
	}
	bills, err := a.payable(ctx, op, p, &w)
	if err != nil {
		return err
	}
	if m, err := a.bookingOf(ctx, op, p.Key); err != nil || m != nil {
		return err
	}
	if err := w.error(op); err != nil {
		return err
	}
	if len(bills) == 1 && bills[0].pays.Equal(p.Amount) {
		return a.payInvoice(ctx, op, p, bills[0], by)
	}
	return a.enterMove(ctx, op, p, bills, by)
}

// about is what the description of a payment says behind its mark.
func about(p erp.Payment) string {
	text := []string{p.Number, p.Reference}
	if p.Cheque != "" {
		text = append(text, "cheque "+p.Cheque)
	}
	return strings.Join(strings.Fields(strings.Join(filled(text...), " ")), " ")
}

// means is a payment method of invoices: the journal and the accounts of money
// that comes in (debit) and goes out (credit).
type means struct {
	ID            int64
	Name          string
	Journal       int64
	Debit, Credit int64
}

// means are the payment methods.
func (a *Adapter) means(ctx context.Context, op erp.Op) ([]means, error) {
	all, ok := known[[]means](a.books, "means")
	if ok {
		return all, nil
	}
	var rows []struct {
		ID      int64
		Name    string
		Journal int64
		Debit   int64 `json:"debit_account"`
		Credit  int64 `json:"credit_account"`
	}
	err := a.searchRead(ctx, op, "account.invoice.payment.method", nil, []string{"name", "journal", "debit_account", "credit_account"}, 0, 0, byID, &rows)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		all = append(all, means(r))
	}
	a.books.note("means", all)
	return all, nil
}

// payingBy is the payment method of a method of ours, by default the only one.
func (a *Adapter) payingBy(ctx context.Context, op erp.Op, method string, w *wrong) (means, error) {
	all, err := a.means(ctx, op)
	if err != nil {
		return means{}, err
	}
	name := a.o.PaymentMethods[method]
	for _, m := range all {
		if name == m.Name || name == "" && len(all) == 1 {
			return m, nil
		}
	}
	if name == "" {
		w.add("method", "Tryton has no payment method, or more than one: name the one for %q (Options.PaymentMethods)", method)
	} else {
		w.add("method", "Tryton has no payment method %q", name)
	}
	return means{}, nil
}

// bill is an invoice and how much a payment pays of it.
type bill struct {
	ID        int64
	Number    string
	State     string
	Party     int64
	Account   int64
	Company   int64
	Currency  int64
	Due       exact  `json:"amount_to_pay"`
	Timestamp string `json:"_timestamp"`

	pays decimal.Decimal
}

var billFields = []string{"number", "state", "party", "account", "company", "currency", "amount_to_pay", "_timestamp"}

// unplanned is the context in which payments that are only planned in Tryton take
// nothing from what is due.
var unplanned = map[string]any{"with_payment": false}

// bills are invoices by a domain.
func (a *Adapter) bills(ctx context.Context, op erp.Op, domain ...any) (all []bill, err error) {
	r := searching(op, "account.invoice", "search_read", domain, 0, 0, byID, billFields)
	r.context = unplanned
	err = a.call(ctx, r, &all)
	return all, err
}

// payable are the invoices that a payment names, which owe that much. A refund
// pays credit notes, which owe it to the customer.
func (a *Adapter) payable(ctx context.Context, op erp.Op, p erp.Payment, w *wrong) ([]bill, error) {
	if len(p.Allocations) == 0 {
		return nil, nil
	}
	currency, err := a.currency(ctx, op, p.Currency)
	if err != nil {
		return nil, err
	}
	c, err := a.customer(ctx, op, p.Customer)
	if err != nil {
		return nil, err
	}
	var bills []bill
	for i, part := range p.Allocations {
		path := fmt.Sprintf("allocations[%d].invoice", i)
		b, err := a.billOf(ctx, op, part)
		if err != nil {
			return nil, err
		}
		due := b.Due.Decimal
		if p.Refund {
			due = due.Neg()
		}
		switch {
		case b.ID == 0:
			w.add(path, "Tryton has no invoice %q of customers", strings.Join(filled(part.Invoice, part.Number), " "))
		case c == nil || b.Party != c.id:
			w.add(path, "the invoice %s is of another customer", b.Number)
		case b.Currency != currency:
			w.add(path, "the invoice %s is of another currency", b.Number)
		case b.State != "posted" || due.LessThan(part.Amount):
			w.add(path, "the invoice %s is %s and %s is due, not %s", b.Number, b.State, text(due), text(part.Amount))
		}
		b.pays = part.Amount
		bills = append(bills, b)
	}
	return bills, nil
}

// billOf finds an invoice of customers by its id or its number; of the zero id
// where there is none.
func (a *Adapter) billOf(ctx context.Context, op erp.Op, part erp.PaymentPart) (bill, error) {
	by := []any{"number", "=", part.Number}
	if part.Invoice != "" {
		id, err := recordID(op, part.Invoice)
		if err != nil {
			return bill{}, nil
		}
		by = []any{"id", "=", id}
	}
	rows, err := a.bills(ctx, op, by, []any{"type", "=", "out"})
	if err != nil || len(rows) == 0 {
		return bill{}, err
	}
	return rows[0], nil
}
