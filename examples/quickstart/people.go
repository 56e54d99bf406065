package main

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

// people are those who work in the company's ERP: the warehouse and the
// bookkeeper. What they do there, the portal learns by the pull. Orders and
// invoices go by the ERP's ids.
type people interface {
	// count counts an article in the warehouse.
	count(ctx context.Context, sku catalog.SKU, n int64) error
	// answer writes a message on an order.
	answer(ctx context.Context, order, text string) error
	// ship ships goods of an order and posts the invoice of them.
	ship(ctx context.Context, order string, goods []goods, carrier, tracking string) error
	// pay books a cheque for an invoice.
	pay(ctx context.Context, inv billing.Document, cheque string) error
	// takeBack takes goods back and posts the credit note of them.
	takeBack(ctx context.Context, order string, goods []goods, reason string) error
	// sums is what their books say of an order.
	sums(ctx context.Context, order string) (sums, error)
}

// goods are so much of an article.
type goods struct {
	SKU      catalog.SKU     `json:"sku"`
	Quantity decimal.Decimal `json:"quantity"`
}

// sums are an order's total, what is invoiced of it less what is credited, and
// what of that is left to pay.
type sums struct{ ordered, invoiced, left decimal.Decimal }

func (s sums) equal(t sums) bool {
	return s.ordered.Equal(t.ordered) && s.invoiced.Equal(t.invoiced) && s.left.Equal(t.left)
}

func (s sums) String() string {
	return fmt.Sprintf("ordered %s, invoiced %s, left to pay %s", s.ordered.StringFixed(2), s.invoiced.StringFixed(2), s.left.StringFixed(2))
}

// memPeople work in an ERP in memory.
type memPeople struct{ books *memerp.ERP }

func (p memPeople) count(_ context.Context, sku catalog.SKU, n int64) error {
	p.books.SetStock(string(sku), decimal.NewFromInt(n), "")
	return nil
}

func (p memPeople) answer(_ context.Context, order, text string) error {
	p.books.Say(erp.Message{Kind: "order", Document: order, Author: "Warehouse", Text: text})
	return nil
}

// lines are goods by the keys of the order's lines.
func (p memPeople) lines(order string, want []goods) ([]erp.LineQuantity, error) {
	doc, ok := p.books.Order(order)
	if !ok {
		return nil, fmt.Errorf("there is no order %s", order)
	}
	var out []erp.LineQuantity
	for _, w := range want {
		for _, g := range doc.Goods {
			if g.SKU == string(w.SKU) {
				out = append(out, erp.LineQuantity{Key: g.Key, Quantity: w.Quantity})
			}
		}
	}
	return out, nil
}

func (p memPeople) ship(_ context.Context, order string, goods []goods, carrier, tracking string) error {
	lines, err := p.lines(order, goods)
	if err != nil {
		return err
	}
	id, ok := p.books.Pick(order, lines...)
	if !ok {
		return fmt.Errorf("nothing of order %s can be picked", order)
	}
	p.books.Ship(id, carrier, tracking)
	p.post(order)
	return nil
}

// post gives the drafts their numbers.
func (p memPeople) post(order string) {
	for _, draft := range p.books.Drafts(order) {
		p.books.Post(draft)
	}
}

func (p memPeople) pay(_ context.Context, inv billing.Document, cheque string) error {
	amount := inv.Totals.Payable.Decimal()
	_, err := p.books.Pay(erp.Payment{Customer: inv.Customer, Amount: amount, Currency: inv.Currency.Code(), Method: "cheque", Cheque: cheque,
		Allocations: []erp.PaymentPart{{Invoice: inv.ERP.ID, Amount: amount}}})
	return err
}

func (p memPeople) takeBack(_ context.Context, order string, goods []goods, reason string) error {
	lines, err := p.lines(order, goods)
	if err != nil {
		return err
	}
	if _, ok := p.books.Return(order, reason, lines...); !ok {
		return fmt.Errorf("the return of order %s was not taken", order)
	}
	p.post(order)
	return nil
}

func (p memPeople) sums(_ context.Context, order string) (sums, error) {
	doc, ok := p.books.Order(order)
	if !ok {
		return sums{}, fmt.Errorf("there is no order %s", order)
	}
	s := sums{ordered: doc.Totals.Gross}
	for _, i := range p.books.Invoices() {
		if i.State != erp.InvoicePosted || len(i.Lines) == 0 || i.Lines[0].Order != order {
			continue
		}
		sign := decimal.NewFromInt(1)
		if i.Credit {
			sign = sign.Neg()
		}
		s.invoiced, s.left = s.invoiced.Add(i.Totals.Gross.Mul(sign)), s.left.Add(i.Residual.Mul(sign))
	}
	return s, nil
}
