package memsubject

import (
	"context"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erptest"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

// people are those who work in the ERP.
type people struct {
	books *memerp.ERP
	// How many were made: article n is SKU-n and party n is C-n, the n-th of its stream.
	articles, parties *int
}

var errNo = errors.New("the ERP's people cannot do that")

func (p people) deliver(order string, lines []erp.LineQuantity) error {
	if _, ok := p.books.Pick(order, lines...); !ok {
		return errNo
	}
	return p.post(order)
}

func (p people) post(order string) error {
	for _, draft := range p.books.Drafts(order) {
		p.books.Post(draft)
	}
	return nil
}

func (p people) count(stream erp.Stream, key string) int {
	n := 0
	add := func(k string) {
		if k == key {
			n++
		}
	}
	switch stream {
	case erp.Payments:
		for _, d := range p.books.Payments() {
			add(d.Key)
		}
	case erp.Invoices:
		for _, d := range p.books.Invoices() {
			add(d.Key)
		}
	case erp.Messages:
		for _, d := range p.books.Messages() {
			add(d.Key)
		}
	}
	return n
}

// happen makes a document of the stream, or changes one.
func (p people) happen(ctx context.Context, stream erp.Stream, id string) (string, error) {
	one := decimal.NewFromInt(1)
	sku := "SKU-" + id
	if article := stream == erp.Products || stream == erp.Prices || stream == erp.Stocks; article && id == "" {
		*p.articles++
		sku = fmt.Sprintf("SKU-%d", *p.articles)
	}
	switch stream {
	case erp.Orders:
		if id != "" {
			return id, yes(p.books.Confirm(id))
		}
		return p.order(ctx, false)
	case erp.Deliveries:
		if id != "" {
			return id, yes(p.books.Ship(id, "DPD", "0815"))
		}
		_, err := p.order(ctx, true)
		d := p.books.Deliveries()
		return d[len(d)-1].ID, err
	case erp.Invoices:
		if id != "" {
			_, err := p.books.Pay(erp.Payment{Customer: "C0002", Currency: "EUR", Amount: one, Allocations: []erp.PaymentPart{{Invoice: id, Amount: one}}})
			return id, err
		}
		order, err := p.order(ctx, true)
		if err != nil {
			return "", err
		}
		if _, ok := p.books.Pick(order); !ok {
			return "", errNo
		}
		drafts := p.books.Drafts(order)
		if len(drafts) == 0 { // the company invoices elsewhere
			return "", erptest.ErrCannot
		}
		return drafts[0], yes(p.books.Post(drafts[0]))
	case erp.Payments:
		if id != "" {
			return id, yes(p.books.TakeBack(id, erp.PaymentFailed))
		}
		return p.books.Pay(erp.Payment{Customer: "C0002", Currency: "EUR", Amount: one})
	case erp.Messages:
		if id != "" {
			return "", erptest.ErrCannot
		}
		order, err := p.order(ctx, false)
		if err != nil {
			return "", err
		}
		id, ok := p.books.Say(erp.Message{Kind: "order", Document: order, Text: "hello"})
		return id, errors.Join(err, yes(ok))
	case erp.Parties:
		code := "C-" + id
		if id == "" {
			*p.parties++
			code = fmt.Sprintf("C-%d", *p.parties)
		}
		return p.books.SaveParty(erp.Party{Code: code, Name: "Customer " + code, Active: true}), nil
	case erp.Products:
		return p.books.SaveProduct(erp.Product{SKU: sku, Active: true}), nil
	case erp.Prices:
		return p.books.SetPrice(erp.Price{SKU: sku, List: "A", Currency: "EUR", Breaks: []erp.PriceBreak{{UnitPrice: one}}}), nil
	case erp.Stocks:
		p.books.SetStock(sku, one, "")
		return sku[len("SKU-"):], nil
	}
	return "", errNo
}

// order enters an order in the ERP.
func (p people) order(ctx context.Context, confirm bool) (string, error) {
	key := fmt.Sprintf("people-%d", len(p.books.Orders()))
	r, err := p.books.Adapter().(erp.OrderPusher).PushOrder(ctx, erptest.SampleOrder(key, 1))
	if err == nil && confirm {
		err = yes(p.books.Confirm(r.ID))
	}
	return r.ID, err
}

func yes(ok bool) error {
	if !ok {
		return errNo
	}
	return nil
}
