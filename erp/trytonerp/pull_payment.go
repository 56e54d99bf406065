package trytonerp

import (
	"context"
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

// Payments are posted moves on the accounts of what customers owe, other than
// those of the invoices themselves, that pay an invoice of our web shop or come
// from us. What else a move pays is left out.

// shopMark is the key by which a line of a move that we entered bears the mark
// of our web shop.
func shopMark(shop int64) string { return reference("web.shop", shop) }

// PullPayments implements erp.PaymentPuller: what people have booked, too. One
// that was reversed is cancelled. People may put a payment to an invoice long
// after they have booked it: that is told when the invoice is settled by it.
func (a *Adapter) PullPayments(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Payment], error) {
	return pullOf(ctx, a, a.paymentFeed, erp.OpPullPayments, after, limit)
}

func (a *Adapter) paymentFeed(ctx context.Context, op erp.Op) (feed[erp.Payment], error) {
	shop, err := a.shop(ctx, op)
	told := func(at string) []any {
		ours := []any{"OR", ofOurs(shop, at+"origin.", "account.invoice"), ofOurs(shop, at+"lines.invoice_payments."),
			markedBy(at+"lines.description", shopMark(shop))}
		return []any{[]any{at + "state", "=", "posted"}, []any{at + "journal.type", "not in", []string{"revenue", "expense", "write-off", "situation"}},
			[]any{at + "lines.account.type.receivable", "=", true}, ours}
	}
	return feed[erp.Payment]{op: op, spare: spareChanges, several: true, head: func(r *erp.Payment) *erp.Head { return &r.Head },
		sources: []source{
			{model: "account.move", domain: told("")},
			{model: "account.move.line", domain: append(told("move."), []any{"account.type.receivable", "=", true}), subject: "move", of: "account.move"},
		},
		read: func(ctx context.Context, subjects []subject) (map[subject]read[erp.Payment], error) {
			return a.readPayments(ctx, op, shop, idsOf(subjects))
		}}, err
}

// payment is a move that is one.
type payment struct {
	ID      int64
	Number  string `json:"post_number"`
	Text    string `json:"description"`
	Date    day
	Journal struct {
		ID   int64
		Name string
	} `json:"journal."`
	Company struct {
		Currency struct{ Code string } `json:"currency."`
	} `json:"company."`
	stamps
}

// paymentLine is a line of it on the account of a customer, or our mark.
type paymentLine struct {
	ID    int64
	Move  int64
	Party *struct {
		ID   int64
		Code string
	} `json:"party."`
	Text     string `json:"description"`
	Debit    exact
	Credit   exact
	Foreign  exact                  `json:"amount_second_currency"`
	Currency *struct{ Code string } `json:"second_currency."`
	Paid     []int64                `json:"invoice_payments"`
	Origin   ref
	stamps
}

var paymentLineFields = append([]string{"move", "party.code", "description", "debit", "credit", "amount_second_currency", "second_currency.code",
	"invoice_payments", "origin"}, stampFields...)

// invoice is the id of the invoice that the line pays, zero where it pays none:
// the one whose mark we have put there, until it knows of the line.
func (l paymentLine) invoice() int64 {
	if len(l.Paid) > 0 {
		return l.Paid[0]
	}
	return bookingLine{Description: l.Text}.invoice()
}

// amount is what is taken in, below zero what goes out, in the line's currency.
func (l paymentLine) amount() decimal.Decimal {
	if l.Currency != nil {
		return l.Foreign.Neg()
	}
	return l.Credit.Sub(l.Debit.Decimal)
}

// takings are the moves of a page and what belongs to them.
type takings struct {
	moves    []payment
	lines    map[int64][]paymentLine
	marked   map[int64]bool // moves of ours
	ours     map[int64]bool // invoices
	reversed map[int64]bool // lines
}

func (a *Adapter) readPayments(ctx context.Context, op erp.Op, shop int64, ids []int64) (map[subject]read[erp.Payment], error) {
	r, err := a.takings(ctx, op, shop, ids)
	if err != nil {
		return nil, err
	}
	method, err := a.methodOf(ctx, op)
	if err != nil {
		return nil, err
	}
	docs := map[subject]read[erp.Payment]{}
	for _, m := range r.moves {
		d := read[erp.Payment]{at: m.at()}
		parts := map[int64][]paymentLine{}
		for _, l := range r.lines[m.ID] {
			d.at = max(d.at, l.at())
			if l.Party != nil {
				parts[l.Party.ID] = append(parts[l.Party.ID], l)
			}
		}
		for _, party := range slices.Sorted(maps.Keys(parts)) {
			p, ok := r.document(m, parts[party])
			if !ok {
				continue
			}
			if p.Method = method(m); len(d.rows) > 0 {
				p.ID += "/" + idText(party)
			}
			d.rows = append(d.rows, p)
		}
		docs[subject{"account.move", m.ID}] = d
	}
	return docs, nil
}

// document is what a move has of one customer; ok is false where that is no
// payment of ours, or one that reverses another.
func (r takings) document(m payment, lines []paymentLine) (p erp.Payment, ok bool) {
	p = erp.Payment{Head: erp.Head{ID: idText(m.ID), Number: m.Number}, State: erp.PaymentPosted, Customer: lines[0].Party.Code, Date: string(m.Date),
		Currency: m.Company.Currency.Code}
	p.Key, p.Reference = unmark(m.Text)
	if lines[0].Currency != nil {
		p.Currency = lines[0].Currency.Code
	}
	ok = r.marked[m.ID]
	parts := map[int64]decimal.Decimal{}
	for _, l := range lines {
		if recordRef(string(l.Origin), "account.move.line") != 0 {
			return p, false
		}
		of := l.invoice()
		if of != 0 && !r.ours[of] {
			continue
		}
		if r.reversed[l.ID] {
			p.State = erp.PaymentCancelled
		}
		p.Amount = p.Amount.Add(l.amount())
		if of != 0 {
			parts[of], ok = parts[of].Add(l.amount()), true
		}
	}
	if p.Refund = p.Amount.IsNegative(); p.Refund {
		p.Amount = p.Amount.Neg()
	}
	for _, of := range slices.Sorted(maps.Keys(parts)) {
		part := parts[of]
		if p.Refund {
			part = part.Neg()
		}
		if part.IsPositive() {
			p.Allocations = append(p.Allocations, erp.PaymentPart{Invoice: idText(of), Amount: part})
		}
	}
	return p, ok && p.Amount.IsPositive()
}

func (a *Adapter) takings(ctx context.Context, op erp.Op, shop int64, ids []int64) (takings, error) {
	r := takings{lines: map[int64][]paymentLine{}, marked: map[int64]bool{}, ours: map[int64]bool{}, reversed: map[int64]bool{}}
	fields := append([]string{"post_number", "description", "date", "journal.name", "company.currency.code"}, stampFields...)
	err := a.searchRead(ctx, op, "account.move", []any{[]any{"id", "in", ids}, []any{"state", "=", "posted"}}, fields, 0, 0, byID, &r.moves)
	if err != nil {
		return r, err
	}
	var lines []paymentLine
	of := []any{"move", "in", ids}
	if err := a.searchRead(ctx, op, "account.move.line", []any{of, []any{"account.type.receivable", "=", true}}, paymentLineFields, 0, 0, byID, &lines); err != nil {
		return r, err
	}
	invoices, refs := []int64{}, []string{}
	for _, l := range lines {
		r.lines[l.Move] = append(r.lines[l.Move], l)
		if id := l.invoice(); id != 0 {
			invoices = append(invoices, id)
		}
		refs = append(refs, reference("account.move.line", l.ID))
	}
	ours, err := a.search(ctx, op, "account.invoice", []any{[]any{"id", "in", invoices}, ofOurs(shop, "")}, 0, 0, nil)
	if err != nil {
		return r, err
	}
	for _, id := range ours {
		r.ours[id] = true
	}
	// The lines that reverse others name them, and so does our mark the moves.
	var more []paymentLine
	reversing := []any{[]any{"origin", "in", refs}, []any{"move.state", "=", "posted"}}
	marked := []any{of, markedBy("description", shopMark(shop))}
	err = a.searchRead(ctx, op, "account.move.line", []any{[]any{"OR", reversing, marked}}, []string{"move", "origin", "description"}, 0, 0, byID, &more)
	for _, l := range more {
		if id := recordRef(string(l.Origin), "account.move.line"); id != 0 {
			r.reversed[id] = true
		} else {
			r.marked[l.Move] = true
		}
	}
	return r, err
}

// methodOf finds our word for how a move was paid, or else Tryton's.
func (a *Adapter) methodOf(ctx context.Context, op erp.Op) (func(payment) string, error) {
	all, err := a.means(ctx, op)
	return func(p payment) string {
		for _, m := range all {
			if m.Journal != p.Journal.ID {
				continue
			}
			for _, ours := range slices.Sorted(maps.Keys(a.o.PaymentMethods)) {
				if a.o.PaymentMethods[ours] == m.Name {
					return ours
				}
			}
			return m.Name
		}
		return p.Journal.Name
	}, err
}
