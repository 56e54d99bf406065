package testtryton

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
)

// Invoice is an invoice as Tryton has it, with a negative total a credit note.
// Number is empty until it is posted. State is draft, validated, posted, paid or
// cancelled.
type Invoice struct {
	ID     int     `json:"id"`
	Number string  `json:"number"`
	State  string  `json:"state"`
	Total  Decimal `json:"total_amount"`
	Due    Decimal `json:"amount_to_pay"`
}

// Invoice reads one invoice.
func (c *Client) Invoice(ctx context.Context, id int) (Invoice, error) {
	var rows []Invoice
	if err := c.Read(ctx, &rows, "account.invoice", []int{id}, "number", "state", "total_amount", "amount_to_pay"); err != nil {
		return Invoice{}, err
	}
	return rows[0], nil
}

// PostInvoices posts the invoices of an order that are drafts, dated today, and
// returns them, oldest first. Deliveries make them.
func (c *Client) PostInvoices(ctx context.Context, sale int) ([]Invoice, error) {
	s, err := c.Sale(ctx, sale)
	if err != nil {
		return nil, err
	}
	date, err := c.today(ctx)
	if err != nil {
		return nil, err
	}
	slices.Sort(s.Invoices)
	var posted []Invoice
	for _, id := range s.Invoices {
		i, err := c.Invoice(ctx, id)
		if err != nil {
			return nil, err
		}
		if i.State != "draft" && i.State != "validated" {
			continue
		}
		if err := c.Write(ctx, "account.invoice", []int{id}, map[string]any{"invoice_date": date}); err != nil {
			return nil, err
		}
		if err := c.Press(ctx, "account.invoice", "post", id); err != nil {
			return nil, err
		}
		if i, err = c.Invoice(ctx, id); err != nil {
			return nil, err
		}
		if err := inState(fmt.Sprintf("the invoice %d", id), i.State, "posted", "paid"); err != nil {
			return nil, err
		}
		posted = append(posted, i)
	}
	return posted, nil
}

// Credit settles an invoice that nothing was paid on with a credit note about
// all of it, which is posted. Tryton calls the invoice cancelled from then on.
func (c *Client) Credit(ctx context.Context, invoice int) (err error) {
	w, err := c.open(ctx, "account.invoice.credit", "account.invoice", invoice)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close(ctx)) }()
	start := map[string]any{"with_refund": true, "with_refund_allowed": true, "invoice_date": nil}
	if _, err := w.execute(ctx, "credit", map[string]any{"start": start}); err != nil {
		return err
	}
	i, err := c.Invoice(ctx, invoice)
	if err != nil {
		return err
	}
	return inState(fmt.Sprintf("the invoice %d", invoice), i.State, "cancelled")
}

// Pay books that so much of an invoice came in by transfer, today. A part leaves
// the rest to be paid; more than is due is refused. The description is the text
// of the payment, by which an adapter finds its own again.
func (c *Client) Pay(ctx context.Context, invoice int, amount Decimal, description string) error {
	before, err := c.Invoice(ctx, invoice)
	if err != nil {
		return err
	}
	due, ok1 := new(big.Rat).SetString(string(before.Due))
	paid, ok2 := new(big.Rat).SetString(string(amount))
	if !ok1 || !ok2 {
		return fmt.Errorf("testtryton: of the invoice %d is due %q, to be paid %q", invoice, before.Due, amount)
	}
	if err := c.transfer(ctx, invoice, amount, description); err != nil {
		return err
	}
	after, err := c.Invoice(ctx, invoice)
	if err != nil {
		return err
	}
	left, ok := new(big.Rat).SetString(string(after.Due))
	if !ok || due.Sub(due, paid).Cmp(left) != 0 {
		return fmt.Errorf("testtryton: of the invoice %d was due %s, %s paid and %s is left", invoice, before.Due, amount, after.Due)
	}
	return nil
}

// Reverse books a move the other way round, as one does with a payment that did
// not come.
func (c *Client) Reverse(ctx context.Context, move int) (err error) {
	w, err := c.open(ctx, "account.move.cancel", "account.move", move)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close(ctx)) }()
	if _, err := w.execute(ctx, "cancel", map[string]any{"default": map[string]any{"description": nil}}); err != nil {
		return err
	}
	made, err := c.Search(ctx, "account.move", []any{"lines.origin.move", "=", move, "account.move.line"})
	if err != nil {
		return err
	}
	if len(made) != 1 {
		return fmt.Errorf("testtryton: the move %d is reversed by %v", move, made)
	}
	return c.Press(ctx, "account.move", "post", made[0])
}

// transfer takes a payment through the wizard. It asks about the rest when the
// amount is not all that is due.
func (c *Client) transfer(ctx context.Context, invoice int, amount Decimal, description string) (err error) {
	method, err := c.one(ctx, "account.invoice.payment.method", "name", "Bank transfer")
	if err != nil {
		return err
	}
	date, err := c.today(ctx)
	if err != nil {
		return err
	}
	w, err := c.open(ctx, "account.invoice.pay", "account.invoice", invoice)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close(ctx)) }()
	v, err := w.execute(ctx, "start", map[string]any{})
	if err != nil {
		return err
	}
	start := v.form()
	start["amount"], start["date"], start["description"], start["payment_method"] = amount, date, description, method
	if v, err = w.execute(ctx, "choice", map[string]any{"start": start}); err != nil || v.View == nil {
		return err
	}
	ask := v.form()
	ask["type"] = "partial"
	_, err = w.execute(ctx, "pay", map[string]any{"start": start, "ask": ask})
	return err
}
