package trytonerp

import (
	"context"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

// enterMove enters a payment as a move that is not posted yet.
func (a *Adapter) enterMove(ctx context.Context, op erp.Op, p erp.Payment, bills []bill, by means) error {
	var w wrong
	s, err := a.session(ctx, op, 0)
	if err != nil {
		return err
	}
	shop, err := a.shop(ctx, op)
	if err != nil {
		return err
	}
	if err := a.ownCurrency(ctx, op, s.company, p.Currency, &w); err != nil {
		return err
	}
	period, err := a.only(ctx, op, "account.period", []any{"company", "=", s.company}, []any{"type", "=", "standard"}, []any{"state", "=", "open"},
		[]any{"start_date", "<=", day(p.Date)}, []any{"end_date", ">=", day(p.Date)})
	if err != nil {
		return err
	}
	if period == 0 {
		w.add("date", "Tryton has no open period for %s", p.Date)
	}
	party, account, err := a.owing(ctx, op, p.Customer, &w)
	if err != nil {
		return err
	}
	if err := w.error(op); err != nil {
		return err
	}
	text := mark(p.Key, about(p))
	rest := p.Amount
	var lines []any
	for _, b := range bills {
		lines = append(lines, entry(p.Refund, b.Account, party, b.pays, invoiceMark(b.ID, b.Number)))
		rest = rest.Sub(b.pays)
	}
	if rest.IsPositive() {
		lines = append(lines, entry(p.Refund, account, party, rest, text))
	}
	cash := by.Debit
	if p.Refund {
		cash = by.Credit
	}
	lines = append(lines, entry(!p.Refund, cash, nil, p.Amount, mark(shopMark(shop), text)))
	move := map[string]any{"journal": by.Journal, "period": period, "date": day(p.Date), "description": text, "company": s.company,
		"lines": []any{[]any{"create", lines}}}
	return a.call(ctx, request{op: op, method: "model.account.move.create", params: []any{[]any{move}}, writes: true}, nil)
}

// entry is a line of a move: a debit, or a credit.
func entry(debit bool, account int64, party any, amount decimal.Decimal, text string) map[string]any {
	line := map[string]any{"account": account, "party": party, "debit": exact{amount}, "credit": exact{decimal.Zero}, "description": text}
	if !debit {
		line["debit"], line["credit"] = line["credit"], line["debit"]
	}
	return line
}

// ownCurrency notes that a move is in the company's currency.
func (a *Adapter) ownCurrency(ctx context.Context, op erp.Op, company int64, code string, w *wrong) error {
	id, err := a.only(ctx, op, "company.company", []any{"id", "=", company}, []any{"currency.code", "=", code})
	if err == nil && id == 0 {
		w.add("currency", "only a payment of one whole invoice can be in %s, which is not the company's currency", code)
	}
	return err
}

// owing is a customer and the account of what he owes, which is the company's
// where he has none of his own.
func (a *Adapter) owing(ctx context.Context, op erp.Op, code string, w *wrong) (party, account int64, err error) {
	c, err := a.customer(ctx, op, code)
	if err != nil {
		return 0, 0, err
	}
	if c == nil {
		w.add("customer", "Tryton has no party of the code %q", code)
		return 0, 0, nil
	}
	var own []struct {
		Account int64 `json:"account_receivable"`
	}
	if err := a.read(ctx, op, "party.party", []int64{c.id}, []string{"account_receivable"}, &own); err != nil {
		return 0, 0, err
	}
	if len(own) == 1 && own[0].Account != 0 {
		return c.id, own[0].Account, nil
	}
	var all []struct {
		Account int64 `json:"default_account_receivable"`
	}
	if err := a.read(ctx, op, "account.configuration", []int64{1}, []string{"default_account_receivable"}, &all); err != nil {
		return 0, 0, err
	}
	if len(all) == 0 || all[0].Account == 0 {
		w.add("customer", "Tryton has no account of what %s owes", c.name)
		return c.id, 0, nil
	}
	return c.id, all[0].Account, nil
}

// settle posts the move, puts its lines to their invoices and closes those that
// are paid. Each step is made once, however often it is tried.
//
// Before that it voids what other processes have entered of the same key. Who
// entered the last has seen all, and nothing of a move that is posted is voided, so
// that one with its amounts is posted, whoever does it.
func (a *Adapter) settle(ctx context.Context, op erp.Op, m *booking) error {
	for _, id := range m.surplus {
		if err := a.void(ctx, op, id); err != nil {
			return erp.Lost(op, err) // another process was faster: it is looked up again
		}
	}
	if m.State != "posted" {
		if err := a.press(ctx, op, "account.move", "post", m.ID, nil); err != nil {
			return unsettled(op, err)
		}
		var now []booking
		if err := a.read(ctx, op, "account.move", []int64{m.ID}, []string{"post_number", "state", "description"}, &now); err != nil || len(now) != 1 || now[0].State != "posted" {
			return erp.Lost(op, err)
		}
		if key, _ := unmark(now[0].Description); key == "" { // another process has voided it before
			return erp.Lost(op, nil)
		}
		m.State, m.Number = now[0].State, now[0].Number
	}
	for _, l := range m.open() {
		if err := a.put(ctx, op, l); err != nil {
			return unsettled(op, err)
		}
	}
	return nil
}

// void takes the mark and the amounts from a move that is not posted, which an
// accountant may delete: the user of an adapter need not.
func (a *Adapter) void(ctx context.Context, op erp.Op, id int64) error {
	lines, err := a.search(ctx, op, "account.move.line", []any{[]any{"move", "=", id}}, 0, 0, nil)
	if err != nil {
		return err
	}
	nothing := map[string]any{"debit": exact{decimal.Zero}, "credit": exact{decimal.Zero}, "description": ""}
	values := map[string]any{"description": "entered twice, to be deleted", "lines": []any{[]any{"write", lines, nothing}}}
	return a.call(ctx, request{op: op, method: "model.account.move.write", params: []any{[]int64{id}, values}, writes: true}, nil)
}

// unsettled is an error amidst a payment, of which a part is done: it is looked
// up and gone on with, unless only a person can mend what stands against it.
func unsettled(op erp.Op, err error) error {
	switch erp.ClassOf(err) {
	case erp.Rejected, erp.NeedsConfirmation, erp.Auth, erp.Contract:
		return err
	}
	return erp.Lost(op, err)
}

// put puts a line to its invoice, and closes the invoice when nothing is due
// any more.
func (a *Adapter) put(ctx context.Context, op erp.Op, l bookingLine) error {
	id := l.invoice()
	if !l.put() {
		add := map[string]any{"payment_lines": []any{[]any{"add", []int64{l.ID}}}}
		if err := a.call(ctx, request{op: op, method: "model.account.invoice.write", params: []any{[]int64{id}, add}, writes: true}, nil); err != nil {
			return err
		}
	}
	if unclosed, err := a.unclosed(ctx, op, id); err != nil || !unclosed {
		return err
	}
	var now []struct {
		Owed     []int64 `json:"lines_to_pay"`
		Payments []int64 `json:"payment_lines"`
	}
	if err := a.read(ctx, op, "account.invoice", []int64{id}, []string{"lines_to_pay", "payment_lines"}, &now); err != nil || len(now) != 1 {
		return err
	}
	open, err := a.search(ctx, op, "account.move.line", []any{[]any{"id", "in", append(now[0].Owed, now[0].Payments...)}, []any{"reconciliation", "=", nil}}, 0, 0, nil)
	if err != nil || len(open) == 0 {
		return err
	}
	w, err := a.wizard(ctx, op, "account.move.reconcile_lines", "account.move.line", open)
	if err != nil {
		return err
	}
	defer w.end(ctx)
	_, err = w.execute(ctx, "start", map[string]any{}, true)
	return err
}
