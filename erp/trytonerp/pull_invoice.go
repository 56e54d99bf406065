package trytonerp

import (
	"context"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

// Invoices of our web shop are those with a line that is of one of our orders,
// of a return of one, or credits such a line. A credit note is an invoice whose
// total is below zero.

// ofOurs is the domain of what has a line of ours; field and models lead to the
// invoice, "" for invoices themselves.
func ofOurs(shop int64, field string, models ...string) []any {
	lines := alsoReturns(shop, field+"lines.origin.sale", append(slices.Clone(models), "sale.line")...)
	credits := alsoReturns(shop, field+"lines.origin.origin.sale", append(slices.Clone(models), "account.invoice.line", "sale.line")...)
	return append(lines, credits[1:]...)
}

// PullInvoices implements erp.InvoicePuller: customer invoices and credit notes
// that have a number. What is left to pay is what is booked: payments that are
// only planned do not count.
func (a *Adapter) PullInvoices(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Invoice], error) {
	return pullOf(ctx, a, a.invoiceFeed, erp.OpPullInvoices, after, limit)
}

func (a *Adapter) invoiceFeed(ctx context.Context, op erp.Op) (feed[erp.Invoice], error) {
	shop, err := a.shop(ctx, op)
	told := []any{[]any{"type", "=", "out"}, []any{"state", "in", []string{"posted", "paid", "cancelled"}}, []any{"number", "!=", nil}, ofOurs(shop, "")}
	// What is left to pay changes where money is booked.
	booked := []any{[]any{"account.type.receivable", "=", true}, ofOurs(shop, "move.origin.", "account.invoice")}
	return feed[erp.Invoice]{op: op, spare: spareChanges, head: func(r *erp.Invoice) *erp.Head { return &r.Head },
		sources: []source{
			{model: "account.invoice", domain: told},
			{model: "account.move.line", domain: booked, subject: "move.origin"},
		},
		read: func(ctx context.Context, subjects []subject) (map[subject]read[erp.Invoice], error) {
			return a.readInvoices(ctx, op, shop, told, idsOf(subjects))
		}}, err
}

// invoice is an invoice as Tryton has it.
type invoice struct {
	ID       int64
	Number   string
	State    string
	Text     string                `json:"description"`
	Date     day                   `json:"invoice_date"`
	Net      exact                 `json:"untaxed_amount"`
	Tax      exact                 `json:"tax_amount"`
	Gross    exact                 `json:"total_amount"`
	Owed     []int64               `json:"lines_to_pay"`
	Paid     []int64               `json:"payment_lines"`
	Party    struct{ Code string } `json:"party."`
	Currency struct {
		ID   int64
		Code string
	} `json:"currency."`
	// Cancels is the move that ends a cancelled invoice: its own reversed, or
	// that of the credit note.
	Cancels struct{ Origin ref } `json:"cancel_move."`
	stamps
}

var invoiceFields = append([]string{"number", "state", "description", "invoice_date", "untaxed_amount", "tax_amount", "total_amount", "lines_to_pay",
	"payment_lines", "party.code", "currency.code", "cancel_move.origin"}, stampFields...)

// state tells what stands: an invoice that a credit note has settled Tryton
// calls cancelled, and both stand.
func (i invoice) state() erp.InvoiceState {
	if own := reference("account.invoice", i.ID); i.State == "cancelled" && (i.Cancels.Origin == "" || string(i.Cancels.Origin) == own) {
		return erp.InvoiceCancelled
	}
	return erp.InvoicePosted
}

// readInvoices reads invoices, all of the page at once.
func (a *Adapter) readInvoices(ctx context.Context, op erp.Op, shop int64, told []any, ids []int64) (map[subject]read[erp.Invoice], error) {
	var rows []invoice
	domain := append([]any{[]any{"id", "in", ids}}, told...)
	if err := a.searchRead(ctx, op, "account.invoice", domain, invoiceFields, 0, 0, byID, &rows); err != nil {
		return nil, err
	}
	lines, err := a.billed(ctx, op, shop, ids)
	if err != nil {
		return nil, err
	}
	taxes, err := a.billedTaxes(ctx, op, ids)
	if err != nil {
		return nil, err
	}
	money, err := a.booked(ctx, op, rows)
	if err != nil {
		return nil, err
	}
	docs := map[subject]read[erp.Invoice]{}
	for _, i := range rows {
		d := i.document(lines.of[i.ID], taxes[i.ID])
		d.Corrects = lines.corrects(i)
		at := i.at()
		for _, l := range money {
			if l.Move.Origin == ref(reference("account.invoice", i.ID)) {
				at = max(at, l.at())
			}
			if slices.Contains(i.Owed, l.ID) && l.Due > day(d.Due) {
				d.Due = string(l.Due)
			}
		}
		left := decimal.Zero
		if i.State == "posted" {
			left = i.left(money)
		}
		if d.Credit {
			left = left.Neg()
		}
		left = decimal.Max(left, decimal.Zero)
		d.Residual = &left
		docs[subject{"account.invoice", i.ID}] = read[erp.Invoice]{at, []erp.Invoice{d}}
	}
	return docs, nil
}

// document is the invoice in positive amounts. Lines without a product that are
// of a discount of ours, and those that go against the rest, are adjustments,
// as long as there is another line.
func (i invoice) document(lines []billedLine, taxes []erp.InvoiceTax) erp.Invoice {
	d := erp.Invoice{Head: erp.Head{ID: idText(i.ID), Number: i.Number}, State: i.state(), Customer: i.Party.Code, Date: string(i.Date),
		Currency: i.Currency.Code, Credit: i.Gross.IsNegative(), Taxes: taxes,
		Totals: erp.Totals{Net: i.Net.Decimal, Tax: i.Tax.Decimal, Gross: i.Gross.Decimal}}
	if d.Credit {
		d.Totals = erp.Totals{Net: i.Net.Neg(), Tax: i.Tax.Neg(), Gross: i.Gross.Neg()}
		d.Reason = i.Text
		for n := range taxes {
			taxes[n].Base, taxes[n].Tax = taxes[n].Base.Neg(), taxes[n].Tax.Neg()
		}
	}
	rest := d.Totals.Net
	for _, t := range taxes {
		rest = rest.Sub(t.Base)
	}
	if !rest.IsZero() || len(taxes) == 0 { // of what bears no tax there is no row
		d.Taxes = append(d.Taxes, erp.InvoiceTax{Base: rest})
	}
	var aside []billedLine
	for _, l := range lines {
		if d.Credit {
			l = l.turned()
		}
		if l.discount || l.Net.IsNegative() || l.Quantity.IsNegative() {
			aside = append(aside, l)
			continue
		}
		d.Lines = append(d.Lines, l.document())
	}
	for _, l := range aside {
		if len(d.Lines) > 0 {
			d.Adjustments = append(d.Adjustments, l.adjustment())
		} else {
			d.Lines = append(d.Lines, l.document())
		}
	}
	return d
}

// bookedLine is a line of a move on the account of a customer.
type bookedLine struct {
	ID         int64
	Move       struct{ Origin ref } `json:"move."`
	Debit      exact
	Credit     exact
	Foreign    exact  `json:"amount_second_currency"`
	Currency   *int64 `json:"second_currency"`
	Reconciled *int64 `json:"reconciliation"`
	Due        day    `json:"maturity_date"`
	stamps
}

var bookedFields = append([]string{"move.origin", "debit", "credit", "amount_second_currency", "second_currency", "reconciliation", "maturity_date"}, stampFields...)

// booked are what the invoices have customers owe, and what pays it.
func (a *Adapter) booked(ctx context.Context, op erp.Op, rows []invoice) ([]bookedLine, error) {
	refs, ids := []string{}, []int64{}
	for _, i := range rows {
		refs, ids = append(refs, reference("account.invoice", i.ID)), append(append(ids, i.Owed...), i.Paid...)
	}
	var lines []bookedLine
	domain := []any{[]any{"account.type.receivable", "=", true}, []any{"OR", []any{"move.origin", "in", refs}, []any{"id", "in", ids}}}
	return lines, a.searchRead(ctx, op, "account.move.line", domain, bookedFields, 0, 0, byID, &lines)
}

// left is what is left to pay, below zero what is left of a credit note.
func (i invoice) left(money []bookedLine) decimal.Decimal {
	sum := decimal.Zero
	for _, l := range money {
		if l.Reconciled != nil || !slices.Contains(i.Owed, l.ID) && !slices.Contains(i.Paid, l.ID) {
			continue
		}
		if l.Currency != nil && *l.Currency == i.Currency.ID {
			sum = sum.Add(l.Foreign.Decimal)
		} else {
			sum = sum.Add(l.Debit.Sub(l.Credit.Decimal))
		}
	}
	return sum
}
