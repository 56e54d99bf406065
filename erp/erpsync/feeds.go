package erpsync

import (
	"github.com/comptoir-go/comptoir/erp"
)

// makeFeeds joins the streams of the ERP with what takes them.
func (p *Puller) makeFeeds() map[erp.Stream]feed {
	c, out := p.client, map[erp.Stream]feed{}
	if p.books.Partners != nil && p.o.Parties.Take != nil {
		out[erp.Parties] = &stream[erp.Party]{name: erp.Parties, op: erp.OpPullParties, page: c.PullParties, apply: p.party, takes: p.o.Parties.Take,
			head:  func(r erp.Party) erp.Head { return r.Head },
			gives: func(r erp.Party) []string { return []string{"customer/" + r.Code} }}
	}
	if p.books.Catalog != nil {
		out[erp.Products] = &stream[erp.Product]{name: erp.Products, op: erp.OpPullProducts, page: c.PullProducts, apply: p.product,
			head:  func(r erp.Product) erp.Head { return r.Head },
			gives: func(r erp.Product) []string { return []string{"product/" + r.SKU} }}
		out[erp.Prices] = &stream[erp.Price]{name: erp.Prices, op: erp.OpPullPrices, page: c.PullPrices, apply: p.price, leaves: p.leavePrice,
			head: func(r erp.Price) erp.Head { return r.Head }}
		out[erp.Stocks] = &stream[erp.Stock]{name: erp.Stocks, op: erp.OpPullStock, page: c.PullStock, apply: p.stock, leaves: p.leaveStock,
			head: func(r erp.Stock) erp.Head { return r.Head }}
	}
	if p.books.Orders != nil {
		out[erp.Orders] = &stream[erp.OrderChange]{name: erp.Orders, op: erp.OpPullOrders, page: c.PullOrders, apply: p.order,
			head:  func(r erp.OrderChange) erp.Head { return r.Head },
			gives: func(r erp.OrderChange) []string { return []string{"order/" + r.ID} }}
		out[erp.Deliveries] = &stream[erp.Delivery]{name: erp.Deliveries, op: erp.OpPullDeliveries, page: c.PullDeliveries, apply: p.delivery,
			head:  func(r erp.Delivery) erp.Head { return r.Head },
			gives: func(r erp.Delivery) []string { return []string{"delivery/" + r.ID} }}
		out[erp.Messages] = &stream[erp.Message]{name: erp.Messages, op: erp.OpPullMessages, page: c.PullMessages, apply: p.message,
			head: func(r erp.Message) erp.Head { return r.Head }}
	}
	if p.books.Billing != nil {
		out[erp.Invoices] = &stream[erp.Invoice]{name: erp.Invoices, op: erp.OpPullInvoices, page: c.PullInvoices, apply: p.invoice,
			head:  func(r erp.Invoice) erp.Head { return r.Head },
			gives: func(r erp.Invoice) []string { return []string{"invoice/" + r.ID, "invoice/" + r.Number} }}
		out[erp.Payments] = &stream[erp.Payment]{name: erp.Payments, op: erp.OpPullPayments, page: c.PullPayments, apply: p.payment,
			head: func(r erp.Payment) erp.Head { return r.Head }}
	}
	return out
}
